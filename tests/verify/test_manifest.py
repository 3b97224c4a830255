"""manifest.json and summary.txt: no clock but the stamp, what was in force, a paragraph to mail."""

import hashlib
import json
import time
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

from tests.reports.conftest import PAIRS

Run = Callable[..., CompletedProcess[str]]
Tables = tuple[str, ...]


def read(folder: Path) -> dict[str, Any]:
    statement: dict[str, Any] = json.loads((folder / "manifest.json").read_bytes())
    return statement


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture(autouse=True)
def _no_epoch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)


def test_another_time_and_time_zone_give_the_same_bytes(
    cptdiff: Run, tables: Tables, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = []
    for number, (zone, now) in enumerate((("UTC", 0.0), ("Asia/Tokyo", 4e9), ("", 1.8e9))):
        monkeypatch.setenv("TZ", zone)
        time.tzset()
        monkeypatch.setattr(time, "time", lambda now=now: now)
        folder = tmp_path / str(number) / "run"
        folder.parent.mkdir()
        assert cptdiff("diff", *tables, "-o", folder).returncode == 0
        found.append(bytes_of(folder))
    monkeypatch.undo()
    time.tzset()
    assert found[0] == found[1] == found[2]
    assert json.loads(found[0]["manifest.json"])["predicate"]["stamp"] is None


@pytest.mark.parametrize(
    ("given", "stamp"),
    [
        ("2027-01-05T08:30:00Z", "2027-01-05T08:30:00Z"),
        ("2027-01-05T08:30:00.999+02:00", "2027-01-05T06:30:00Z"),
        ("2027-01-05T08:30", "2027-01-05T08:30:00Z"),
        ("2027-01-05", "2027-01-05T00:00:00Z"),
        ("1799136000", "2027-01-05T08:00:00Z"),
        ("0", "1970-01-01T00:00:00Z"),
    ],
)
def test_a_stamp_is_told_in_utc(
    cptdiff: Run, tables: Tables, tmp_path: Path, given: str, stamp: str
) -> None:
    assert cptdiff("diff", *tables, "--stamp", given, "-o", tmp_path / "run").returncode == 0
    assert read(tmp_path / "run")["predicate"]["stamp"] == stamp
    text = (tmp_path / "run" / "summary.txt").read_text("utf-8")
    assert f"Stamp: {stamp}." in " ".join(text.split())
    assert cptdiff("verify", tmp_path / "run", "--against", *tables[:2]).returncode == 0


def test_the_environment_gives_a_stamp_that_a_flag_replaces(
    cptdiff: Run, tables: Tables, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1799136000")
    cptdiff("diff", *tables, "-o", tmp_path / "one")
    cptdiff("diff", *tables, "--stamp", "2026-02-03", "-o", tmp_path / "two")
    stamps = [read(tmp_path / name)["predicate"]["stamp"] for name in ("one", "two")]
    assert stamps == ["2027-01-05T08:00:00Z", "2026-02-03T00:00:00Z"]


@pytest.mark.parametrize("given", ["yesterday", "-1", "9" * 30, "2027-13-01", "٣"])
def test_what_is_no_time_is_refused(
    cptdiff: Run, tables: Tables, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: str
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", given)
    done = cptdiff("diff", *tables, "-o", tmp_path / "run")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert "--stamp or SOURCE_DATE_EPOCH: " in done.stderr
    assert not (tmp_path / "run").exists()


def test_the_manifest_says_where_each_option_comes_from_and_what_became_of_rows(
    cptdiff: Run, tables: Tables, tmp_path: Path
) -> None:
    Path(tables[1]).write_text("code,description\nA1,x\nA1,x\nA3,y,more\n", "utf-8")
    words = ("--allow", "deleted-share", "--limit", "deleted-share=10", "--descriptors", "full")
    assert cptdiff("diff", *tables, *words, "-o", tmp_path / "run").returncode == 3
    run = read(tmp_path / "run")["predicate"]
    flags = {"allowed", "code_set", "descriptors", "limits"}
    assert {name for name, origin in run["origins"].items() if origin == "flag"} == flags
    assert set(run["origins"]) == set(run["options"])
    (source,) = run["inputs"]["current"]["read"]
    rows = {"read": 3, "kept": 1, "collapsed": 1, "quarantined": 1}
    assert (source["rows"], run["rows"]["current"], source["sheet"]) == (rows, rows, None)
    assert cptdiff("verify", tmp_path / "run", "--against", *tables[:2]).returncode == 0


def test_a_workbook_is_named_with_its_sheet(
    cptdiff: Run,
    as_file: Callable[[str, list[list[str]]], bytes],
    tables: Tables,
    tmp_path: Path,
) -> None:
    book = tmp_path / "book [2].xlsx"
    book.write_bytes(as_file("x.xlsx", [["code", "description"], ["A1", "First thing"]]))
    words = ("--code-set", "table", "--allow", "deleted-share", "--allow", "not-whole")
    done = cptdiff("diff", tables[0], book, *words, "-o", tmp_path / "run")
    assert done.returncode in {0, 3}, done.stderr
    (source,) = read(tmp_path / "run")["predicate"]["inputs"]["current"]["read"]
    assert (source["member"], source["sheet"]) == ("book [2].xlsx", "Sheet1")
    assert cptdiff("verify", tmp_path / "run", "--against", tables[0], book).returncode == 0


def test_the_paragraph_tells_what_was_compared_found_and_written(
    cptdiff: Run, tables: Tables, tmp_path: Path
) -> None:
    Path(tables[1]).write_text("code,description\nA1,x\nA3,Third thing,more\n", "utf-8")
    words = ("--allow", "deleted-share", "--only", "added")
    assert cptdiff("diff", *tables, *words, "-o", tmp_path / "run").returncode == 3
    text = (tmp_path / "run" / "summary.txt").read_text("utf-8")
    digest = hashlib.sha256((tmp_path / "run" / "manifest.json").read_bytes()).hexdigest()
    assert "\n\n" not in text
    assert all(len(line) <= 78 for line in text.splitlines())
    flat = " ".join(text.split())
    assert flat.startswith(
        "previous.csv to current.csv: 0 added, 1 deleted, 1 revised. 2 need a decision. Showing 0"
        " of 2 changes (filter: added). "
    )
    assert "Rows excluded: 1; quarantine.csv lists them." in flat
    assert "quarantine.csv, report.html, summary.json, summary.md, manifest.json" in flat
    assert flat.endswith(f"SHA-256 of manifest.json: {digest}")
    assert "Third thing" not in text


def test_the_paragraph_says_how_many_of_all_changes_need_a_coder(
    cptdiff: Run, samples: Path, tmp_path: Path
) -> None:
    both = [samples / name for name in PAIRS["cpt"]]
    cptdiff("diff", *both, "--only", "added", "-o", tmp_path / "run")
    review = json.loads((tmp_path / "run" / "summary.json").read_bytes())["review"]
    assert 0 < review["decisions"] < review["entries"]
    flat = " ".join((tmp_path / "run" / "summary.txt").read_text("utf-8").split())
    assert f" {review['entries']} need a coder ({review['decisions']} decisions). Showing " in flat
    assert cptdiff("verify", tmp_path / "run").returncode == 0


def test_no_change_is_told_in_the_paragraph(
    cptdiff: Run, same: tuple[str, ...], tmp_path: Path
) -> None:
    cptdiff("diff", *same, "-o", tmp_path / "run")
    text = (tmp_path / "run" / "summary.txt").read_text("utf-8")
    assert text.startswith("previous.csv to turned.csv: No changes: 3 entries compared.")
