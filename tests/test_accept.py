"""An excluded row that somebody has accepted no longer sets exit code 3, as long as it is the same.

The files are invented.
"""

import csv
import io
import json
from collections.abc import Callable, Iterable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from cptdiff import CptdiffError, diff
from tests.conftest import Content

Make = Callable[[Path, Content], Path]
Run = Callable[..., CompletedProcess[str]]
OWN = ("--code-set", "table")
HEAD = "code,name,price\n"
BEFORE = HEAD + "A001,Oak peg,4.00\nA002,Elm peg,5.00\nA003,=Ash,peg,7.00\n"
NOW = HEAD + "A001,Oak peg,4.00\nA002,Elm peg,6.00\nA003,=Ash,peg,7.00\n"
WHO = {"date": "2027-01-08", "who": "A. Coder", "why": "a comma that stays"}


@pytest.fixture
def pair(make: Make, tmp_path: Path) -> tuple[Path, Path]:
    """Make two tables with the same broken row."""
    return make(tmp_path / "old.csv", BEFORE), make(tmp_path / "new.csv", NOW)


def rows(path: Path) -> list[dict[str, str]]:
    return [*csv.DictReader(io.StringIO(path.read_text("utf-8-sig"), newline=""))]


def write(path: Path, lines: Iterable[dict[str, str]]) -> Path:
    """Write lines of quarantine.csv with who accepts them."""
    found = [{**line, **WHO} for line in lines]
    text = io.StringIO()
    table = csv.DictWriter(text, [*found[0]], lineterminator="\r\n")
    table.writeheader()
    table.writerows(found)
    path.write_text(text.getvalue(), "utf-8-sig", newline="")
    return path


@pytest.fixture
def accepted(cptdiff: Run, pair: tuple[Path, Path], tmp_path: Path) -> Path:
    """Accept what a run excluded, by its quarantine.csv."""
    done = cptdiff("diff", *pair, *OWN, "-o", tmp_path / "first")
    assert done.returncode == 3
    return write(tmp_path / "accepted.csv", rows(tmp_path / "first" / "quarantine.csv"))


def test_an_accepted_row_that_is_the_same_sets_no_exit_code_and_is_listed(
    cptdiff: Run, pair: tuple[Path, Path], accepted: Path, tmp_path: Path
) -> None:
    done = cptdiff("diff", *pair, *OWN, "--accept", accepted, "-o", tmp_path / "run")
    assert (done.returncode, done.stderr.count("excluded")) == (0, 0)
    found = rows(tmp_path / "run" / "accepted.csv")
    assert [(one["side"], one["member"], one["line"], one["status"]) for one in found] == [
        ("current", "new.csv", "4", "accepted"), ("previous", "old.csv", "4", "accepted"),
    ]  # fmt: skip
    assert len(rows(tmp_path / "run" / "quarantine.csv")) == 2
    summary = json.loads((tmp_path / "run" / "summary.json").read_text("utf-8"))
    assert summary["accepted"] == {"accepted": 2, "void": 0, "elsewhere": 0}
    told = " ".join(done.stdout.split())
    assert "2 excluded rows are accepted." in told
    assert "Accepted rows: 2 accepted" in told
    for name in ("report.html", "summary.md"):
        assert "Accepted rows: 2 accepted" in (tmp_path / "run" / name).read_text("utf-8")


def test_inspect_knows_accepted_rows(cptdiff: Run, pair: tuple[Path, Path], accepted: Path) -> None:
    assert cptdiff("inspect", pair[1], *OWN).returncode == 3
    done = cptdiff("inspect", pair[1], *OWN, "--accept", accepted)
    assert done.returncode == 0, done.stderr
    assert "excluded rows: 1\n  1 excluded row is accepted.\n" in done.stdout
    assert "cells, the header has 3 (accepted by A. Coder, 2027-01-08)\n" in done.stdout
    pair[1].write_text(NOW.replace("peg,7.00", "peg,8.00"), "utf-8")
    assert cptdiff("inspect", pair[1], *OWN, "--accept", accepted).returncode == 3


def test_a_row_that_changed_is_told_and_its_acceptance_is_void(
    cptdiff: Run, pair: tuple[Path, Path], accepted: Path, tmp_path: Path
) -> None:
    pair[1].write_text(NOW.replace("peg,7.00", "peg,8.00"), "utf-8")
    pair[0].write_text(BEFORE.replace("peg,7.00", "peg,8.00"), "utf-8")
    done = cptdiff("diff", *pair, *OWN, "--accept", accepted, "-o", tmp_path / "run")
    assert done.returncode == 3
    assert "2 rows were excluded" in done.stderr
    assert "1 acceptance is void, because the row is not the same any more" in " ".join(
        done.stdout.split()
    )
    assert {one["status"] for one in rows(tmp_path / "run" / "accepted.csv")} == {"void"}


def test_a_row_with_another_fault_is_not_accepted(
    cptdiff: Run, pair: tuple[Path, Path], accepted: Path
) -> None:
    text = accepted.read_text("utf-8-sig").replace("E152", "E151")
    accepted.write_text(text, "utf-8")
    done = cptdiff("diff", *pair, *OWN, "--accept", accepted)
    assert done.returncode == 3


def test_one_more_excluded_row_still_sets_the_exit_code(
    cptdiff: Run, pair: tuple[Path, Path], accepted: Path
) -> None:
    pair[1].write_text(NOW + "A004,Yew,peg,9.00\n", "utf-8")
    done = cptdiff("diff", *pair, *OWN, "--accept", accepted)
    assert (done.returncode, "1 row was excluded" in done.stderr) == (3, True)


def test_what_is_not_excluded_here_is_elsewhere(
    cptdiff: Run, pair: tuple[Path, Path], accepted: Path, tmp_path: Path
) -> None:
    for path in pair:
        path.write_text(path.read_text("utf-8").replace(",=Ash,", ",Ash "), "utf-8")
    done = cptdiff("diff", *pair, *OWN, "--accept", accepted, "-o", tmp_path / "run")
    assert done.returncode == 0
    assert {one["status"] for one in rows(tmp_path / "run" / "accepted.csv")} == {"elsewhere"}


@pytest.mark.usefixtures("accepted")
def test_a_job_keeps_its_accepted_rows_in_a_file(
    cptdiff: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    text = (
        "[jobs.fees]\nprevious = 'old.csv'\ncurrent = 'new.csv'\ncode_set = 'table'\n"
        "output = 'runs/{job}'\naccept = 'accepted.csv'\n"
    )
    (tmp_path / "cptdiff.toml").write_text(text, "utf-8")
    done = cptdiff("run")
    assert done.returncode == 0, done.stderr
    (tmp_path / "cptdiff.toml").write_text(text.replace("accept =", "#"), "utf-8")
    assert cptdiff("run").returncode == 3


def test_a_run_folder_with_accepted_rows_is_verified(
    cptdiff: Run, pair: tuple[Path, Path], accepted: Path, tmp_path: Path
) -> None:
    cptdiff("diff", *pair, *OWN, "--accept", accepted, "-o", tmp_path / "run")
    assert cptdiff("verify", tmp_path / "run", "--against", *pair).returncode == 0


BROKEN = {
    "no date": ("fault,raw,date,who\nE152: x,a,,me\n", "E333", "has no date"),
    "nobody": ("fault,raw,date,who\nE152: x,a,2027-01-08,\n", "E333", "has no who"),
    "another date": ("fault,raw,date,who\nE152: x,a,1/8/2027,me\n", "E333", "is not a date"),
    "no column": ("fault,date,who\nE152: x,2027-01-08,me\n", "E163", "has no column raw"),
    "broken quotes": ('fault,raw,date,who\nE152: x,"a" b,2027-01-08,me\n', "E153", "quotes"),
}


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_a_file_that_cannot_be_used_is_refused_with_its_line(
    broken: tuple[str, str, str], cptdiff: Run, pair: tuple[Path, Path], tmp_path: Path
) -> None:
    text, slug, told = broken
    path = tmp_path / "mine.csv"
    path.write_text(text, "utf-8")
    done = cptdiff("diff", *pair, *OWN, "--accept", path)
    assert (done.returncode, slug in done.stderr, told in done.stderr) == (2, True, True)
    with pytest.raises(CptdiffError, match=slug):
        diff(*pair, code_set="table", accept=path)
