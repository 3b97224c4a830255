"""--descriptors short: the short descriptors stand in for the longer ones."""

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

Make = Callable[..., Path]
Rows = Callable[[Path], list[dict[str, str]]]
Run = Callable[..., CompletedProcess[str]]

SHORT = ("short", "Short Descriptor", "SHORT_DESC", "short-description", "ShortName")
OTHER = ("long", "description", "shortage", "medium", "Shorts", "price1", "note on short")


def compared(run: Run, make: Make, folder: Path, names: tuple[str, ...], level: str) -> None:
    head = ",".join(("code", *names))
    for side in ("before", "after"):
        cells = ",".join(f"{side} of {name}" for name in names)
        make(folder / f"{side}.csv", f"{head}\nA1,{cells}\n")
    sides = (folder / "before.csv", folder / "after.csv")
    words = ("--code-set", "table", "--descriptors", level, "-o", folder / "run")
    assert run("diff", *sides, *words).returncode == 0


@pytest.mark.parametrize("name", SHORT)
def test_a_users_short_column_stays(
    cptdiff: Run, make: Make, rows: Rows, tmp_path: Path, name: str
) -> None:
    compared(cptdiff, make, tmp_path, (name, "long"), "short")
    fields = {row["field"]: row for row in rows(tmp_path / "run" / "fields.csv")}
    assert fields[name]["previous"] == f"before of {name}"
    assert fields[name]["why"].endswith("]")
    assert (fields["long"]["previous"], fields["long"]["current"]) == ("", "")
    (entry,) = rows(tmp_path / "run" / "changes.csv")
    assert entry["current_descriptor"] == f"after of {name}"


@pytest.mark.parametrize("case", [(name, how) for name in OTHER for how in ("short", "none")])
def test_a_users_other_columns_go(
    cptdiff: Run, make: Make, rows: Rows, tmp_path: Path, case: tuple[str, str]
) -> None:
    name, level = case
    compared(cptdiff, make, tmp_path, (name,), level)
    (field,) = rows(tmp_path / "run" / "fields.csv")
    assert (field["field"], field["previous"], field["current"]) == (name, "", "")
    assert "before" not in field["why"]
    assert field["severity"]


TOLD = {
    "none": "All values except the keys are left out of all outputs (--descriptors none); keys are"
    " shown as they are, even if they contain words.",
    "short": "All values except the keys and the short descriptors are left out of all outputs"
    " (--descriptors short); keys are shown as they are, even if they contain words.",
}


@pytest.mark.parametrize("level", TOLD)
def test_of_a_table_it_is_told_that_all_values_go_and_that_keys_stay(
    cptdiff: Run, make: Make, tmp_path: Path, level: str
) -> None:
    compared(cptdiff, make, tmp_path, ("price",), level)
    notes = json.loads((tmp_path / "run" / "summary.json").read_bytes())["notes"]
    assert notes[0] == TOLD[level]


def test_a_code_is_shown_by_its_short_descriptor(
    cptdiff: Run, make: Make, rows: Rows, tmp_path: Path
) -> None:
    for side, year in (("Sealing", 2026), ("Glueing", 2027)):
        files = {
            "LONGULT.txt": f"00100\t{side} of oak hatch with wax\r\n",
            "MEDU.txt": f"00100 {side} of oak hatch\r\n".upper(),
            "SHORTU.txt": f"00100 {side} hatch\r\n".upper(),
        }
        make(tmp_path / f"CPT {year}", files)
    sides = (tmp_path / "CPT 2026", tmp_path / "CPT 2027")
    cptdiff("diff", *sides, "--descriptors", "short", "-o", tmp_path / "run")
    (entry,) = rows(tmp_path / "run" / "changes.csv")
    shown = (entry["previous_descriptor"], entry["current_descriptor"])
    assert shown == ("SEALING HATCH", "GLUEING HATCH")
    told = {row["field"]: row["current"] for row in rows(tmp_path / "run" / "fields.csv")}
    assert told == {"long": "", "medium": "", "short": "GLUEING HATCH"}


def test_attributes_hold_no_wording(
    cptdiff: Run, rows: Rows, samples: Path, tmp_path: Path
) -> None:
    pair = (samples / "hcpcs-2026-january.zip", samples / "hcpcs-2027-january.zip")
    cptdiff("diff", *pair, "--descriptors", "none", "-o", tmp_path / "run")
    told = {row["field"]: row["current"] for row in rows(tmp_path / "run" / "fields.csv")}
    assert told["price1"]
    assert told["long"] == told["short"] == ""
