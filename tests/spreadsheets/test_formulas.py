"""No report holds a formula that a spreadsheet would run."""

import csv
import re
import unicodedata
import zipfile
from pathlib import Path

import pytest

from tests.spreadsheets.calc import SETTINGS, opened
from tests.spreadsheets.formulas import BROKEN, SHORT

# What begins a formula in some spreadsheet, full and half in width.
SIGNS = "=+-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b"
AT_LEAST = 5
CELL = re.compile(r"<c [^>]*>")


def begins_formula(text: str) -> bool:
    """Tell whether anything but marks that nobody sees stands before a formula's sign."""
    shown = text.lstrip("".join(c for c in set(text) if unicodedata.category(c)[0] in "CZ"))
    return shown[:1] != "" and shown[0] in SIGNS


def test_the_formulas_are_many_and_no_two_are_alike() -> None:
    assert len({*SHORT, *BROKEN}) == len(SHORT) + len(BROKEN) >= 42


@pytest.mark.parametrize("setting", SETTINGS)
def test_calc_runs_no_formula_of_a_csv_but_those_of_an_unguarded_one(
    setting: str, reports: list[Path], unguarded: Path, calc_folder: Path
) -> None:
    tables = [path for path in reports if path.suffix == ".csv"]
    found = opened([*tables, unguarded], calc_folder, SETTINGS[setting])
    control = found.pop(unguarded.name)
    assert len(control.formulas) >= AT_LEAST
    assert len(found) >= 6
    assert {name: sheets.formulas for name, sheets in found.items() if sheets.formulas} == {}


def test_no_cell_of_a_csv_begins_a_formula(reports: list[Path], unguarded: Path) -> None:
    def formulas(path: Path) -> list[str]:
        with path.open(encoding="utf-8", newline="") as lines:
            return [cell for row in csv.reader(lines) for cell in row if begins_formula(cell)]

    assert formulas(unguarded)
    assert {path.name: formulas(path) for path in reports if path.suffix == ".csv"} == {
        path.name: [] for path in reports if path.suffix == ".csv"
    }


def test_every_cell_of_a_workbook_is_text_or_a_whole_number(reports: list[Path]) -> None:
    for path in workbooks(reports):
        with zipfile.ZipFile(path) as book:
            sheets = [name for name in book.namelist() if name.startswith("xl/worksheets/sheet")]
            text = "".join(book.read(name).decode() for name in sheets)
        cells = CELL.findall(text)
        filled = [cell for cell in cells if not cell.endswith("/>")]
        assert filled
        plain = [cell for cell in filled if not re.search(r't="(s|inlineStr)"', cell)]
        assert len(plain) == len(re.findall(r"<c [^>]*(?<!/)><v>\d+</v></c>", text)) - (
            len(filled) - len(plain)
        )
        assert "<f>" not in text


def test_calc_takes_every_cell_of_a_workbook_for_text_or_a_number(
    reports: list[Path], calc_folder: Path
) -> None:
    for sheets in opened(workbooks(reports), calc_folder).values():
        assert sheets.formulas == []
        assert sheets.types == {"string", "float"}


def test_calc_shows_the_codes_of_a_workbook_as_they_are(
    reports: list[Path], calc_folder: Path
) -> None:
    (book,) = (path for path in workbooks(reports) if path.name.startswith("tables"))
    shown = opened([book], calc_folder)[book.name].texts
    assert {"00100", "1E005", "001E5", "2026-01-02"} <= {*shown}


def workbooks(reports: list[Path]) -> list[Path]:
    """Give the workbooks; a version without that report skips."""
    found = [path for path in reports if path.suffix == ".xlsx"]
    if not found:
        pytest.skip("there is no report changes.xlsx yet")
    return found
