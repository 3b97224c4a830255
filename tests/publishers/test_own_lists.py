"""Real chargemasters, read without an option: where the codes stand, and which lines are touched.

The truth comes from openpyxl and from the raw text of the releases, without cptdiff.
"""

import csv
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import openpyxl
import pytest
from oracles_hcpcs import Entries, Entry
from publisher_pairs import HCPCS, RELEASES, Bundle

from cptdiff.__main__ import run as run_command

LISTS = RELEASES.parent / "lists" / "chargemasters"
# By file and sheet the row of the header, and the columns of codes from 1; seen by eye.
PLACES = {
    "106034002_CDM_All_2018.xlsx": {"AB 1045 FORM": (4, [2]), "CDM NORTH VALLEY ": (3, [2])},
    "106190500_CDM_2018.xlsx": {"Ancillary FY19": (5, [3]), "Pharmacy FY18 MED IDs": (5, [3])},
    "106190587_CDM_All_2018.xlsx": {"AB 1045 FORM - 2018": (7, [2]), "CDM - 2018": (1, [4, 5])},
    "106196404_CDM2_2018.xlsx": {"Sheet1": (7, [1])},
    "106220733_CDM_2018.xlsx": {"Sheet1": (5, [4])},
    "106234038_CDM_2018.xlsx": {"HMH June 2018 CDM": (5, [3])},
    "106301155_CDM_2018.xlsx": {"Chargemaster": (5, [3])},
    "106380868_CDM_All_2018.xlsx": {"Top 25": (1, [3]), "2018 Chargemaster": (1, [2])},
    "106420522_CDM_All_2018.xlsx": {
        "AB 1045 Common 25": (6, [2]),
        "6-1-18  Chargemaster": (5, [3]),
    },
}
DAYS = ("20180101", "20190101")
CODE = re.compile(r"(?<![A-Z0-9])([A-V][0-9]{4})(?:[A-Z0-9]{2})*(?![A-Z0-9])")
Found = set[tuple[str, int, str, str]]


@pytest.fixture(scope="module")
def lists() -> Path:
    if not LISTS.is_dir():
        pytest.skip(f"the chargemasters are not here: {LISTS}")
    return LISTS


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory, lists: Path) -> Path:
    assert lists.is_dir()
    folder = tmp_path_factory.mktemp("lists") / "run"
    pair = [str(bundle.path()) for bundle in HCPCS]
    assert run_command(["diff", *pair, "-o", str(folder), "--quiet"]) in {0, 3}
    return folder


@pytest.fixture(scope="module")
def releases(read_hcpcs: Callable[[Bundle], Entries]) -> tuple[Entries, Entries]:
    previous, current = (read_hcpcs(bundle) for bundle in HCPCS)
    return previous, current


def judge(code: str, releases: tuple[Entries, Entries]) -> str:
    """What the raw text of both releases says of a code; nothing where it is valid in both."""
    entries: list[Entry | None] = [release.get(("code", code)) for release in releases]
    before, now = (
        entry is not None and entry.valid_on(day) for entry, day in zip(entries, DAYS, strict=True)
    )
    if before and now:
        return ""
    if before or now:
        return "deleted" if before else "not-yet-valid"
    return "unknown" if entries == [None, None] else "gone"


def list_cells(path: Path) -> Iterator[tuple[str, int, str]]:
    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    for sheet, (header, columns) in PLACES[path.name].items():
        for number, row in enumerate(book[sheet].iter_rows(values_only=True), 1):
            for column in columns if number > header else ():
                value = row[column - 1] if column <= len(row) else None
                if value is not None and str(value).strip():
                    yield sheet, number, str(value).strip().upper()


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return [*csv.DictReader(lines)]


@pytest.mark.filterwarnings("ignore:Cannot parse header or footer")
@pytest.mark.parametrize("name", PLACES)
def test_a_chargemaster_is_read_without_an_option_and_every_touched_line_is_found(
    name: str, lists: Path, run: Path, releases: tuple[Entries, Entries], tmp_path: Path
) -> None:
    words = ["impact", str(run), "--list", str(lists / name), "-o", str(tmp_path / "out")]
    assert run_command([*words, "--quiet"]) in {0, 3}
    listed = {row["sheet"]: row for row in rows(tmp_path / "out" / "lists.csv")}
    assert {sheet: int(row["header_line"]) for sheet, row in listed.items()} == {
        sheet: header for sheet, (header, _) in PLACES[name].items()
    }
    for row in listed.values():
        parts = [int(row[part]) for part in ("blank", "understood", "set_aside")]
        assert sum(parts) == int(row["cells"])
    aside = (
        {(row["member"], int(row["line"])) for row in rows(tmp_path / "out" / "quarantine.csv")}
        if (tmp_path / "out" / "quarantine.csv").exists()
        else set()
    )
    truth: Found = set()
    for sheet, line, text in list_cells(lists / name):
        for code in CODE.findall(text):
            status = judge(code, releases)
            if status and not code.startswith("D") and (sheet, line) not in aside:
                truth.add((sheet, line, code, status))
    asked = {"deleted", "not-yet-valid", "unknown", "ended-before", "transient"}
    names = {"ended-before": "gone", "transient": "gone"}
    found = {
        (row["sheet"], int(row["line"]), row["code"], names.get(row["status"], row["status"]))
        for row in rows(tmp_path / "out" / "impact.csv")
        if row["part"] == "code" and row["status"] in asked
    }
    assert found == truth


def test_a_chargemaster_without_codes_is_named(
    lists: Path, run: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = lists / "106370782_CDM1_2018.xlsx"
    assert run_command(["impact", str(run), "--list", str(path)]) == 2
    assert "106370782_CDM1_2018.xlsx[Sheet1]: has no column with codes" in capsys.readouterr().err


@pytest.mark.parametrize("form", ["V2.0.0_Tall", "V2.0.0_Wide", "V3.0.0_Tall", "V3.0.0_Wide"])
def test_an_example_of_price_transparency_is_read_without_an_option(
    form: str, lists: Path, run: Path, tmp_path: Path
) -> None:
    path = lists.parent / "price_transparency" / f"{form}_CSV_Format_Example.csv"
    words = ["impact", str(run), "--list", str(path), "-o", str(tmp_path / "out"), "--quiet"]
    assert run_command(words) == 0
    (listed,) = rows(tmp_path / "out" / "lists.csv")
    names = listed["columns"].replace(" ", "").split(";")
    assert (listed["header_line"], listed["set_aside"]) == ("3", "0")
    assert names == ["code|1", "code|2", "modifiers"]
