"""Headers, blank rows and notes of tables as publishers ship them."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter

from cptdiff import CptdiffError, diff, load
from cptdiff.__main__ import run

Make = Callable[[Path, str], Path]
STACKED = (
    ",,Made-up schedule,,,,\nMADE UP 01/01/2026,,,,,,\n,,,INSIDE,,OUTSIDE,\n"
    ",,STATUS,PE,NA,PE,NA\nITEM,MOD,,RVU,IND,RVU,IND\n"
)


def names(path: Path, *keys: str, **options: object) -> list[str]:
    release = load(path, code_set="table", key=keys, **options)  # type: ignore[arg-type]
    return [name.removeprefix("=") for name in release.carries["code"]]


def book(path: Path, rows: list[list[str]]) -> Path:
    data = io.BytesIO()
    with xlsxwriter.Workbook(data) as made:
        sheet = made.add_worksheet()
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)
    path.write_bytes(data.getvalue())
    return path


def test_a_column_without_a_name_and_values_is_left_out(tmp_path: Path, make: Make) -> None:
    path = make(tmp_path / "a.csv", "code,name,,\nA,x,,\nB,y, ,\n")
    assert names(path, "code") == ["name"]
    release = load(path, code_set="table", key="code")
    told = [str(note) for note in release.notes]
    assert told == ["a.csv: 2 columns without a name and without values left out"]
    assert release.rows.kept == 2


def test_a_column_without_a_name_that_holds_something_is_named_by_its_place(
    tmp_path: Path, make: Make
) -> None:
    before = make(tmp_path / "a.csv", "code,,name\nA,,x\nB,,y\n")
    after = make(tmp_path / "b.csv", "code,,name\nA,*,x\nB,,y\n")
    found = diff(before, after, code_set="table")
    assert found.summary["columns"]["added"] == ["column B"]
    both = make(tmp_path / "c.csv", "code,,name\nA,+,x\nB,,y\n")
    (row,) = diff(after, both, code_set="table").fields.to_dicts()
    assert (row["field"], row["class"]) == ("column B", "value")


def test_a_header_over_several_rows_tells_columns_of_one_name_apart(
    tmp_path: Path, make: Make
) -> None:
    wanted = ["STATUS", "INSIDE PE RVU", "INSIDE NA IND", "OUTSIDE PE RVU", "OUTSIDE NA IND"]
    row = "99,,A,1.10,,0.50,\n"
    path = make(tmp_path / "a.csv", STACKED + row)
    assert names(path, "ITEM", "MOD") == wanted
    rows = [line.split(",") for line in (STACKED + row).splitlines()]
    assert names(book(tmp_path / "a.xlsx", rows), "ITEM", "MOD") == wanted


def test_names_that_the_rows_above_do_not_tell_apart_are_numbered(
    tmp_path: Path, make: Make
) -> None:
    path = make(tmp_path / "a.csv", "x,NA,y,NA\ncode,IND,name,IND\nA,1,x,2\n")
    assert names(path, "code") == ["NA IND", "name", "NA IND (2)"]


def test_a_name_that_occurs_twice_is_refused_only_where_it_is_asked_for(
    tmp_path: Path, make: Make
) -> None:
    path = make(tmp_path / "a.csv", "code,name,x,X\nA,n,1,2\n")
    assert names(path, "code", fields="name") == ["name"]
    assert names(path, "code") == ["name", "x", "X (2)"]
    for options in ({"key": "x"}, {"key": "code", "fields": "x"}):
        with pytest.raises(CptdiffError, match=r"E162.*same name: X, x"):
            load(path, code_set="table", **options)  # type: ignore[arg-type]


def test_a_line_break_in_a_name_is_a_blank(tmp_path: Path, make: Make) -> None:
    path = make(tmp_path / "a.csv", 'Notice,,\n"ITEM/\nCODE","Two\u00a0 words",c\nA,1,2\n')
    for key in ("ITEM/CODE", "item/ code", "ITEM / CODE"):
        assert names(path, key) == ["Two words", "c"]


@pytest.mark.parametrize("options", [("--no-header",), ("--columns", "code,group")], ids=str)
def test_a_table_without_a_header_is_compared(
    options: tuple[str, ...], tmp_path: Path, make: Make, capsys: pytest.CaptureFixture[str]
) -> None:
    before = make(tmp_path / "a.txt", "W1\tx1\t\nW2\tx2\t\nW3\tx3\t\n")
    after = make(tmp_path / "b.txt", "W1\tx1\t\nW2\ty2\t\nW4\tx4\t\n")
    assert run(["diff", str(before), str(after), "--code-set", "table", *options]) == 0
    assert "Codes 1 1 1" in " ".join(capsys.readouterr().out.split())


def test_columns_without_a_header_may_be_a_key_and_a_field(tmp_path: Path, make: Make) -> None:
    before = make(tmp_path / "a.csv", "x;W1;5\nx;W2;6\n")
    after = make(tmp_path / "b.csv", "y;W1;5\nx;W2;7\n")
    found = diff(before, after, code_set="table", no_header=True, key="2", fields="3")
    assert found.revised["code"].to_list() == ["W2"]
    with pytest.raises(CptdiffError, match=r"E163.*has no column 9"):
        diff(before, after, code_set="table", no_header=True, key="9")


def test_a_first_line_of_data_is_never_taken_for_a_header(tmp_path: Path, make: Make) -> None:
    path = make(tmp_path / "a.csv", "0016070,same\n0016071,x\n")
    for key in ("0016070", "code"):
        with pytest.raises(CptdiffError, match=r"E161.*looks like data.*no_header.*column_names="):
            load(path, code_set="table", key=key)


def test_a_missing_key_is_answered_with_the_header_and_the_nearest_name(
    tmp_path: Path, make: Make
) -> None:
    path = make(tmp_path / "a.csv", "A title\n\nItem code,Name,Price\nA,x,1\n")
    with pytest.raises(CptdiffError, match=r"found: Item code, Name, Price.*use key=.Item code"):
        load(path, code_set="table", key="Itemcodes")


def test_rows_of_separators_only_are_blank_lines(tmp_path: Path, make: Make) -> None:
    path = make(tmp_path / "a.csv", "code,name,x\nA,n,1\n,,\n , ,\nB,m,2\n,,,,,\n")
    release = load(path, code_set="table")
    assert (release.rows.read, release.rows.kept) == (2, 2)
    assert "a.csv: blank lines skipped: 3" in map(str, release.notes)


NOTES = {
    "a footnote": ("*Rate is a made-up one", ("code",)),
    "notes": ("NOTE 1: made up\nNOTE 2: made up too", ("code",)),
    "a sentence": ("This list is made up entirely", ("code",)),
    "an empty second key": ("*Rate is made up", ("code", "mod")),
    "a key that is not first": ("made up", ("mod",)),
    "a note and a total": ("Total\nNote: made up", ("code",)),
}  # fmt: skip


@pytest.mark.parametrize(("text", "keys"), NOTES.values(), ids=NOTES)
def test_notes_under_a_table_are_no_entries(
    text: str, keys: tuple[str, ...], tmp_path: Path, make: Make
) -> None:
    lines = "".join(f"{line},,\n" for line in text.splitlines())
    path = make(tmp_path / "a.csv", f"code,mod,x\nA,1,5\nB,2,6\n{lines}")
    release = load(path, code_set="table", key=keys)
    assert release.rows.kept == 2
    assert all(fault.startswith("E165: is a ") for fault in release.set_aside["fault"])


def test_a_last_row_of_a_code_without_values_is_an_entry(tmp_path: Path, make: Make) -> None:
    for keys in (("code",), ("code", "mod")):
        path = make(tmp_path / "a.csv", "code,mod,x\nA,1,5\nC,,\n")
        release = load(path, code_set="table", key=keys)
        assert (release.rows.kept, release.rows.quarantined) == (2, 0)


def test_a_last_row_of_words_is_an_entry_where_keys_are_words(tmp_path: Path, make: Make) -> None:
    text = "name,x\nPolish the very old widget,5\nOil the old brass hinge,\n"
    path = make(tmp_path / "a.csv", text)
    assert load(path, code_set="table", key="name").rows.kept == 2
