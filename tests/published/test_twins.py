"""CMS's lists as tab text, printed and as a workbook say the same; a readable twin stands in."""

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from cptdiff import CodeSet, CptdiffError
from cptdiff.lists import read_published
from cptdiff.model import PublishedList
from cptdiff.pipeline import load_release as load

HCPCS = CodeSet.HCPCS
Make = Callable[..., Path]
Read = Callable[[str, bytes | str, CodeSet], PublishedList]
AsFile = Callable[[str, list[list[str]]], bytes]
SHARED = Path(__file__).parents[3] / "shared" / "cases" / "releases" / "corrections-tabs"


def tabbed(grid: list[list[str]]) -> str:
    """As a spreadsheet saves it: cells with a comma or a quote in quotes, CR LF."""
    cells = (
        [
            f'"{cell.replace(chr(34), chr(34) * 2)}"' if {",", '"'} & {*cell} else cell
            for cell in row
        ]
        for row in grid
    )
    return "".join("\t".join(row) + "\r\n" for row in cells)


CORRECTIONS = [
    ["", "2026 HCPCS CORRECTIONS", "", "", ""],
    ["", "", "", "", ""],
    ["CODE", "ACTION", "EFF DATE", "SHORT DESC", "LONG DESC"],
    ["A0001", "ADD ", "01/01/2026", "Widget, add-on", 'Widget of 2"; add-on'],
    ["A0002", "Revise Long & Short Desc", "01/01/2026", "", ""],
    ["E1", "Terminate code", "01/01/2026", "", ""],
]
CORRECTED = [
    ("code", "A0001", "added", "", "2026-01-01"),
    ("code", "A0002", "revised", "long", "2026-01-01"),
    ("code", "A0002", "revised", "short", "2026-01-01"),
    ("modifier", "E1", "deleted", "", "2026-01-01"),
]
REPORT = [
    ["HCPC/MOD", "TYPE OF CHANGE", "SHORT DESCRIPTION"],
    ["A0001", "ADD", "Widget"],
    ["A0002", "No Change", "Polish, grind"],
    ["E1", "Discontinued", "Bore"],
]
CHANGED = [("code", "A0001", "added"), ("code", "A0002", "none"), ("modifier", "E1", "deleted")]


def rows(found: PublishedList, *columns: str) -> list[tuple[str, ...]]:
    return [tuple(map(str, row)) for row in found.changes.select(columns).iter_rows()]


@pytest.mark.parametrize("name", ["corrections_2026.txt", "corrections_2026.xlsx"])
def test_corrections_as_tab_text_say_what_their_workbook_says(
    read: Read, as_file: AsFile, name: str
) -> None:
    data = as_file(name, CORRECTIONS) if name.endswith("xlsx") else tabbed(CORRECTIONS)
    found = read(name, data, HCPCS)
    assert rows(found, "kind", "code", "change", "field", "date") == CORRECTED
    assert (found.form, found.whole) == ("corrections", False)


@pytest.mark.parametrize("head", ["HCPC/MOD", "HCPCS/MOD", "HCPC", "HCPC Modifier", "HCPC Code"])
@pytest.mark.parametrize("form", ["prn", "txt", "xlsx"])
def test_a_transaction_report_is_read_whatever_its_code_column_is_called(
    read: Read, as_file: AsFile, form: str, head: str
) -> None:
    grid = [[head, *REPORT[0][1:]], *REPORT[1:]]
    printed = "".join("   ".join(f"{cell:<18}" for cell in row) + "\r\n" for row in grid)
    texts = {"prn": printed, "txt": tabbed(grid)}
    data = texts.get(form) or as_file("b.xlsx", grid)
    found = read(f"HCPC2026_Trans_Alpha.{form}", data, HCPCS)
    assert rows(found, "kind", "code", "change") == CHANGED


@pytest.mark.parametrize("text", [tabbed(REPORT), "HCPC/MOD   TYPE OF CHANGE\nA0001      ADD\n"])
def test_a_report_under_another_name_is_known_by_its_header(read: Read, text: str) -> None:
    assert read("anything.txt", text, HCPCS).form == "transactions"


TORN = 'CODE\tACTION\r\nA0001\t"ADD\r\n'
NAMES = ("HCPC17_Corrections.txt", "HCPC17_Corrections.xlsx")


@pytest.mark.parametrize("torn", NAMES)
@pytest.mark.parametrize("names", [NAMES, ("Corrections_tab.txt", "Corrections_book.xlsx")])
def test_the_readable_twin_stands_in_for_the_one_that_cannot_be_read(
    make: Make, as_file: AsFile, tmp_path: Path, torn: str, names: tuple[str, str]
) -> None:
    text, book = tabbed(CORRECTIONS).encode(), as_file("b.xlsx", CORRECTIONS)
    is_text = torn.endswith(".txt")
    files = {names[0]: TORN.encode() if is_text else text, names[1]: book if is_text else book[:99]}
    with zipfile.ZipFile(tmp_path / "corrections.zip", "w") as packed:
        for name, data in files.items():
            packed.writestr(name, data)
    bad, good = names if is_text else names[::-1]
    for path in (make(tmp_path / "folder", files), tmp_path / "corrections.zip"):
        found = read_published(path, HCPCS)
        assert [one.name for one in found.lists] == [good]
        assert rows(found.lists[0], "kind", "code", "change", "field", "date") == CORRECTED
        (note,) = map(str, found.notes)
        assert note.startswith(f"{bad} could not be read as a list (its twin {good} is used): ")


def test_a_list_that_cannot_be_read_and_has_no_twin_is_refused(
    make: Make, as_file: AsFile, tmp_path: Path
) -> None:
    book = as_file("b.xlsx", CORRECTIONS)
    files = {"V1_Corrections.txt": TORN, "V2_Corrections.xlsx": book, "V2_Corrections.txt": TORN}
    with pytest.raises(CptdiffError, match="V1_Corrections"):
        read_published(make(tmp_path / "folder", files), HCPCS)


@pytest.mark.parametrize(
    ("text", "used"),
    [(TORN, "HCPC2027_Corrections.xlsx"), (tabbed(CORRECTIONS), "HCPC2027_Corrections.txt")],
)
def test_beside_a_release_the_text_is_taken_and_else_its_workbook(
    make: Make, as_file: AsFile, tmp_path: Path, text: str, used: str
) -> None:
    files = {
        "HCPC2027_JAN_ANWEB.txt": f"A0001001003{'Polish':<281}N\r\n",
        "HCPC2027_Corrections.txt": text,
        "HCPC2027_Corrections.xlsx": as_file("b.xlsx", CORRECTIONS),
    }
    stated = load(make(tmp_path / "r", files)).stated
    assert [one.name for one in stated.lists] == [used]
    assert len(stated.notes) == (used.endswith("xlsx"))


def test_the_tab_text_of_the_shared_case_is_read() -> None:
    if not SHARED.is_dir():
        pytest.skip(f"the shared cases are not here: {SHARED}")
    (found,) = read_published(SHARED / "corrections_2026_alpha.txt", HCPCS).lists
    assert rows(found, "code", "change") == [("A0990", "added"), ("G0991", "deleted")]
