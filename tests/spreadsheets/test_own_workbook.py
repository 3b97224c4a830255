"""Our own workbook, read again: each of its sheets is a table, and says what the CSV says."""

import csv
import subprocess
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

import cptdiff as library
from tests.spreadsheets.calc import SOFFICE

Run = Callable[..., CompletedProcess[str]]
# The columns that both have, by their heads on the sheet. A list has a blank between its items
# there, and what a spreadsheet might take for a formula needs no guard.
SAME = {
    "Code set": "code_set", "Kind": "kind", "Code": "code", "Change": "change", "Reason": "reason",
    "Section": "section", "Severity": "severity", "Classes": "classes", "Changed fields": "fields",
    "Previous wording": "previous_descriptor", "Current wording": "current_descriptor",
    "Effective date": "effective_date", "Replacements": "replacements", "Same edit as": "family",
    "Last valid date": "last_valid_date",
}  # fmt: skip
LISTS = ("Classes", "Changed fields", "Replacements")
# The options of LibreOffice's CSV: comma, quotes, UTF-8, values as shown, the second sheet.
CHANGES = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,2"


@pytest.fixture(scope="session")
def run_folder(samples: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Compare the CPT samples into a run folder."""
    pair = [samples / f"cpt-{year}-legacy.zip" for year in (2026, 2027)]
    return library.diff(*pair).write(tmp_path_factory.mktemp("own") / "run")


def unify(row: dict[str, str]) -> dict[str, str]:
    """Name and write the cells of a sheet's row as changes.csv does."""
    lists = {head: row[head].replace("; ", ";") for head in LISTS}
    return {name: (row | lists)[head] for head, name in SAME.items()}


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def unguard(row: dict[str, str]) -> dict[str, str]:
    return {name: text.removeprefix("'") for name, text in row.items() if name in SAME.values()}


def test_a_sheet_saved_by_libreoffice_equals_the_csv(run_folder: Path, calc_folder: Path) -> None:
    book = run_folder / "changes.xlsx"
    command = [
        str(SOFFICE),
        f"-env:UserInstallation={(calc_folder / 'profile').as_uri()}",
        "--headless",
    ]
    subprocess.run(
        [*command, "--convert-to", CHANGES, "--outdir", str(calc_folder), str(book)],
        capture_output=True, timeout=600, check=True,
    )  # fmt: skip
    saved = read(calc_folder / "changes-Changes.csv")
    wanted = [unguard(row) for row in read(run_folder / "changes.csv")]
    assert len(wanted) > 100
    assert [unify(row) for row in saved] == wanted


@pytest.mark.parametrize(
    ("sheet", "key", "file"),
    [
        ("Changes", ["code"], "changes.csv"),
        ("Fields", ["code", "field"], "fields.csv"),
        ("Crosswalk", ["code", "replacement", "rank", "basis"], "crosswalk.csv"),
    ],
)
def test_each_sheet_of_our_own_workbook_is_a_table(
    run_folder: Path, sheet: str, key: list[str], file: str
) -> None:
    read_again = library.load(run_folder / "changes.xlsx", code_set="table", sheet=sheet, key=key)
    rows = library.load(run_folder / file, code_set="table", key=key)
    assert read_again.entries["code"].to_list() == rows.entries["code"].to_list()
    assert read_again.set_aside.height == rows.set_aside.height == 0


def test_two_sheets_of_our_own_workbook_name_the_option(run_folder: Path, cptdiff: Run) -> None:
    done = cptdiff("inspect", run_folder / "changes.xlsx", "--code-set", "table")
    assert done.returncode == 2
    assert "5 visible sheets have a header with code" in done.stderr
    assert done.stderr.endswith("Fix: name one with --sheet\n")
