"""A publisher's file without one of its columns: E160 where it is needed, never a bug."""

import re
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from cptdiff.codesets import list_formats
from cptdiff.codesets.layout import Delimited, Format, Workbook
from cptdiff.vocabulary import CodeSet

Make = Callable[..., Path]
Cptdiff = Callable[..., CompletedProcess[str]]
AsFile = Callable[[str, list[list[str]]], bytes]
HEADED = {
    form.name: form
    for form in list_formats()
    if isinstance(form.layout, Delimited | Workbook) and form.layout.header
}
# Of PRICE1 to PRICE4 and the like the first stands for all.
CASES = [
    (name, column)
    for name, form in HEADED.items()
    if isinstance(form.layout, Delimited | Workbook)
    for column in form.layout.header
    if not re.search(r"[2-9]$", column)
]
NEEDED = {
    "cpt-consolidated": {"CPT Code"},
    "cpt-consolidated-csv": {"CPT Code"},
    "cpt-consolidated-xlsx": {"CPT Code"},
    "cpt-modifiers": {"Modifier Code", "Modifier Name", "Modifier Description"},
    "cpt-consumer": {"CPT Code", "Consumer Friendly Descriptor"},
    "cpt-clinician": {"CPT Code", "Clinician Descriptor Id", "Clinician Descriptor"},
    "hcpcs-anweb-xlsx": {"HCPC", "RECID", "LONG DESCRIPTION", "TERM DT"},
}
VALUES = {"kind": "3", "sequence": "00100", "action": "N", "level": "Level I"}


def grid(form: Format, left_out: str) -> list[list[str]]:
    """A header without one column, and four entries."""
    assert isinstance(form.layout, Delimited | Workbook)
    header = {name: f for name, f in form.layout.header.items() if name != left_out}
    codes = {"modifiers": "{:02}"}.get(form.content) or (
        "{:05}" if form.code_set is CodeSet.CPT else "A{:04}"
    )
    rows = [
        [
            codes.format(n) if field == "code"
            else "20200101" if field == "add_date" else "" if field.endswith("_date")
            else VALUES.get(field, f"Polish {field} {n}")
            for field in header.values()
        ]
        for n in range(22, 26)
    ]  # fmt: skip
    return [[*header], *rows]


def content(form: Format, as_file: AsFile, left_out: str = "") -> bytes:
    rows = grid(form, left_out)
    if isinstance(form.layout, Workbook):
        return as_file("book.xlsx", rows)
    assert isinstance(form.layout, Delimited)
    return "".join(form.layout.separator.join(row) + "\r\n" for row in rows).encode()


@pytest.fixture
def pack(make: Make, as_file: AsFile, tmp_path: Path) -> Callable[[str, str, str], Path]:
    """Write a release of one file, of the form that is named, without a column."""

    def write(side: str, name: str, left_out: str) -> Path:
        form = HEADED[name]
        return make(tmp_path / side, {form.example: content(form, as_file, left_out)})

    return write


@pytest.mark.parametrize("case", CASES, ids=" ".join)
def test_a_file_without_a_column_is_refused_by_its_name_or_compared(
    pack: Callable[[str, str, str], Path], cptdiff: Cptdiff, case: tuple[str, str]
) -> None:  # fmt: skip
    name, column = case
    folders = pack("previous", name, ""), pack("current", name, column)
    dates = ("--previous-date", "2026-01-01", "--current-date", "2027-01-01")
    done = cptdiff("diff", *folders, *dates)
    if column in NEEDED[name]:
        assert done.returncode == 2
        assert done.stderr.startswith("cptdiff: error[E160]: ")
        assert f"its header has no column {column}. Fix: " in done.stderr
    else:
        assert (done.returncode, done.stderr) == (0, "")


def test_several_missing_columns_are_all_named(
    make: Make, cptdiff: Cptdiff, tmp_path: Path
) -> None:
    text = "ConceptID\tModifier Code\tLevel I/II\n1\t22\tLevel I\n"
    path = make(tmp_path / "previous" / "Modifiers.txt", text)
    done = cptdiff("diff", path, make(tmp_path / "current" / "Modifiers.txt", text + "\n"))
    assert "no column Modifier Name and no column Modifier Description. Fix" in done.stderr


def test_a_file_without_any_header_is_told_the_columns(
    make: Make, cptdiff: Cptdiff, tmp_path: Path
) -> None:
    path = make(tmp_path / "previous" / "Modifiers.txt", "Prose\twithout\tcolumns\n" * 3)
    done = cptdiff("diff", path, make(tmp_path / "current" / "Modifiers.txt", "x\ty\n"))
    assert "error[E160]" in done.stderr
    assert "no header with the columns Modifier Code, Modifier Name" in done.stderr
