"""A worksheet goes through LibreOffice: opened, typed into, saved; what came back is the same."""

import csv
import io
import subprocess
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import openpyxl
import pytest

from tests.spreadsheets.calc import SOFFICE
from tests.spreadsheets.typing import type_into

Run = Callable[..., CompletedProcess[str]]
LISTED = [
    ["Charge Code", "Dept", "HCPCS"], ["00123", "Lab", "A0248"], ["1E10", "Lab", "J3748 LT"],
    ["1/2", "Lab", "G0322-59"], ["0004", "Lab", "K0507"], ["=1+1", "Lab", "A0359"],
]  # fmt: skip
TYPED = {
    "00123": {"Decision": " Keep", "Reviewer": "Ann", "Date": "1/8/2027", "Note": "1/2"},
    "1E10": {"Decision": "recode", "New code": "J3637", "Date": "2027-01-09", "Note": "00123"},
    "1/2": {"Decision": "no action", "Note": "1E10"},
}
ADDED = {"Charge or item": "0009", "Code": "00100", "Decision": "new line", "New code": "00123",
         "Note": "1E10"}  # fmt: skip
# The options of LibreOffice's CSV: comma, quotes, UTF-8, values as shown, the first sheet.
SHEET = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,1"


@pytest.fixture(scope="module")
def returned(
    samples: Path, calc_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Path]:
    """Write a worksheet and let somebody fill it in, with a row of their own below."""
    from cptdiff.__main__ import run  # noqa: PLC0415

    home = tmp_path_factory.mktemp("worksheets")
    text = io.StringIO()
    csv.writer(text).writerows(LISTED)
    (home / "cdm.csv").write_text(text.getvalue(), "utf-8")
    pair = ":".join(str(samples / f"hcpcs-{year}-january.zip") for year in (2026, 2027))
    sent = home / "worksheet.xlsx"
    assert run(["impact", pair, "--list", str(home / "cdm.csv"), "-o", str(sent), "--quiet"]) == 0
    page = openpyxl.load_workbook(sent)["Worksheet"]
    at = {cell.value: cell.column_letter for cell in page[1]}
    items = {str(page[f"{at['Charge or item']}{row}"].value): row
             for row in range(2, page.max_row + 1)}  # fmt: skip
    assert {*items} == {row[0] for row in LISTED[1:]}
    cells = {f"{at[head]}{items[item]}": text
             for item, typed in TYPED.items() for head, text in typed.items()}  # fmt: skip
    cells |= {f"{at[head]}{page.max_row + 3}": text for head, text in ADDED.items()}
    back = home / "back.xlsx"
    type_into(sent, back, calc_folder, cells)
    return sent, back


def merge(cptdiff: Run, *files: Path, code: int = 3) -> tuple[dict[str, dict[str, str]], str]:
    merged = files[0].with_name("merged.csv")
    done = cptdiff("worksheet", "merge", *files, "-o", merged)
    assert done.returncode == code, done.stderr
    rows = csv.DictReader(io.StringIO(merged.read_text("utf-8"), newline=""))
    return {row["line_id"].removeprefix("'"): row for row in rows}, done.stderr


def test_codes_zeros_and_decisions_survive_calc(returned: tuple[Path, Path], cptdiff: Run) -> None:
    sent, back = returned
    before, _ = merge(cptdiff, sent, code=0)
    found, told = merge(cptdiff, back)
    names = ("decision", "new_code", "reviewer", "date", "note")
    assert {item: tuple(found[item][name] for name in names) for item in found} == {
        "00123": ("keep", "", "Ann", "2027-01-08", "1/2"),
        "1E10": ("recode", "J3637", "", "2027-01-09", "00123"),
        "1/2": ("no action", "", "", "", "1E10"),
        "0004": ("", "", "", "", ""),
        "=1+1": ("", "", "", "", ""),
        "0009": ("new line", "00123", "", "", "1E10"),
    }
    reviewed = {*names, "review_status", "source"}
    for item, row in before.items():
        assert {name: cell for name, cell in found[item].items() if name not in reviewed} == {
            name: cell for name, cell in row.items() if name not in reviewed
        }
    assert found["0009"]["code"] == "00100"
    # Only that code of the row of their own is in no release that the worksheet knows.
    assert "1 new code was not looked up (00123)" in told
    assert "error[" not in told


def test_the_sheet_saved_as_csv_by_calc_is_the_same_worksheet(
    returned: tuple[Path, Path], calc_folder: Path, cptdiff: Run
) -> None:
    _, back = returned
    profile = f"-env:UserInstallation={(calc_folder / 'profile').as_uri()}"
    command = [str(SOFFICE), profile, "--headless", "--convert-to", SHEET, "--outdir"]
    subprocess.run([*command, str(back.parent), str(back)], capture_output=True, timeout=600,
                   check=True)  # fmt: skip
    (saved,) = back.parent.glob("back*.csv")
    assert merge(cptdiff, saved)[0].keys() == merge(cptdiff, back)[0].keys()
    from_text, from_book = merge(cptdiff, saved)[0], merge(cptdiff, back)[0]
    for item, row in from_book.items():
        assert from_text[item] | {"source": ""} == row | {"source": ""}
