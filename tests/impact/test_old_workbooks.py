"""Workbooks in the old format (.xls), which one in nine chargemasters has."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest
import xlsxwriter

from tests.impact.conftest import read_rows
from tests.spreadsheets.calc import SOFFICE

Run = Callable[..., CompletedProcess[str]]
Rows = list[dict[str, str]]
Runs = Callable[[str], Path]
Pick = Callable[[str, str], list[str]]


@pytest.fixture(scope="module")
def gone(pick: Pick) -> list[str]:
    return pick("hcpcs", "deleted")[:3]


@pytest.fixture(scope="module")
def old(gone: list[str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Save a workbook as .xls: two sheets, one hidden; formats, an error, merged cells."""
    if not SOFFICE.exists():
        without = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        without(f"{SOFFICE} is not here: apt-get install libreoffice-calc")
    home = tmp_path_factory.mktemp("old")
    with xlsxwriter.Workbook(home / "cdm.xlsx") as book:
        page, hidden = book.add_worksheet("Lines"), book.add_worksheet("Hidden")
        zeros = book.add_format({"num_format": "00000"})
        page.write_row(0, 0, ["Made-up Hospital"])
        page.write_row(2, 0, ["Charge #", "CPT/HCPCS", "Price"])
        for row in range(3, 10):
            page.write_number(row, 0, row + 1000)
        page.write_string(3, 1, gone[0])
        page.write_number(4, 1, 12345)
        page.write_number(5, 1, 123, zeros)
        page.write_formula(6, 1, "=1/0", None, "#DIV/0!")
        page.merge_range(7, 1, 8, 1, gone[1])
        page.write_string(9, 1, f"{gone[2]}LT")
        hidden.write_row(0, 0, ["CPT"])
        hidden.write_row(1, 0, [gone[0]])
        hidden.hide()
    profile = f"-env:UserInstallation={(home / 'profile').as_uri()}"
    words = [str(SOFFICE), profile, "--headless", "--convert-to", "xls", "--outdir", str(home)]
    subprocess.run([*words, str(home / "cdm.xlsx")], capture_output=True, timeout=600, check=True)
    return home / "cdm.xls"


def test_an_old_workbook_is_read_as_the_same_in_the_new_format(
    old: Path, gone: list[str], runs: Runs, impact: Callable[..., Rows], tmp_path: Path
) -> None:
    found = {
        suffix: impact(runs("hcpcs"), "--list", old.with_suffix(suffix), code=3, name=suffix[1:])
        for suffix in (".xls", ".xlsx")
    }
    for rows in found.values():
        assert [(row["sheet"], row["line"], row["line_id"], row["code"]) for row in rows] == [
            ("Lines", "4", "1003", gone[0]),
            ("Lines", "8", "1007", gone[1]),
            ("Lines", "10", "1009", gone[2]),
        ]
    for name in ("lists.csv", "quarantine.csv"):
        both = [read_rows(tmp_path / suffix / name) for suffix in ("xls", "xlsx")]
        for row in (row for rows in both for row in rows):
            row.pop("list", None), row.pop("source", None)
        assert both[0] == both[1]
    aside = [(row["line"], row["fault"]) for row in read_rows(tmp_path / "xls" / "quarantine.csv")]
    assert aside == [
        ("7", "E372: contains an error instead of a value"),
        ("9", "E372: is merged with the cell in row 8"),
    ]


def test_an_old_workbook_that_is_damaged_is_refused(
    old: Path, runs: Runs, cptdiff: Run, tmp_path: Path
) -> None:
    data = old.read_bytes()
    for name, content in (("cut.xls", data[: len(data) // 3]), ("empty.xls", data[:600])):
        (tmp_path / name).write_bytes(content)
        done = cptdiff("impact", runs("hcpcs"), "--list", tmp_path / name)
        assert done.returncode == 2
        assert f"error[E215]: {name}: " in done.stderr
