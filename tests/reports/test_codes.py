"""codes.csv: where each code of either release is valid, so that nobody has to read both again."""

import csv
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

Run = Callable[..., CompletedProcess[str]]


def rows(path: Path) -> list[dict[str, str]]:
    return [*csv.DictReader(path.read_text("utf-8").splitlines())]


def test_codes_csv_has_each_code_once_with_its_state_in_both_releases(
    cptdiff: Run, samples: Path, tmp_path: Path
) -> None:
    pair = [samples / f"hcpcs-{year}-january.zip" for year in (2026, 2027)]
    cptdiff("diff", *pair, "-o", tmp_path / "run")
    found = rows(tmp_path / "run" / "codes.csv")
    keys = [(row["kind"], row["code"]) for row in found]
    assert keys == sorted(set(keys))
    states = Counter((row["kind"], row["previous"], row["current"]) for row in found)
    changes = Counter((r["kind"], r["change"]) for r in rows(tmp_path / "run" / "changes.csv"))
    gone = states["code", "valid", "ended"] + states["code", "valid", ""]
    new = states["code", "", "valid"] + states["code", "ended", "valid"]
    assert (new, gone) == (changes["code", "added"], changes["code", "deleted"])
    assert states["code", "", "ended"] >= changes["code", "transient"] > 0
    assert states["code", "ended", "ended"] > 0
    days = {row["last_valid_date"] != "" for row in found if row["current"] == "ended"}
    assert days == {True}
    valid = {row["last_valid_date"] for row in found if row["current"] == "valid"}
    assert valid == {""}


def test_codes_csv_is_written_alone_too_and_has_no_wording(
    cptdiff: Run, samples: Path, tmp_path: Path
) -> None:
    pair = [samples / f"cpt-{year}-legacy.zip" for year in (2026, 2027)]
    assert cptdiff("diff", *pair, "-o", tmp_path / "codes.csv").returncode == 0
    assert [*rows(tmp_path / "codes.csv")[0]] == [
        "code_set", "kind", "code", "previous", "current", "last_valid_date",
    ]  # fmt: skip


def test_a_run_folder_of_tables_has_no_codes_csv(
    cptdiff: Run, samples: Path, tmp_path: Path
) -> None:
    pair = [samples / f"table-{year}.csv" for year in (2026, 2027)]
    cptdiff("diff", *pair, "--code-set", "table", "-o", tmp_path / "run")
    assert (tmp_path / "run" / "changes.csv").exists()
    assert not (tmp_path / "run" / "codes.csv").exists()
