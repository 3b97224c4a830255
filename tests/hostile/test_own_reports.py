"""A report that lies in an input folder is never taken for input."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.hostile.case import Run

Make = Callable[..., Path]
BEFORE = "code,text\nA1,One\nA2,Two\n"
AFTER = "code,text\nA1,Once\nA4,Four\n"
# What names of inputs, and of reports beside them, may be.
REPORTS = (
    "changes.csv",
    "2027.csv",
    "2027.parquet",
    "2027.xlsx",
    "run",
    "fields.csv",
    "crosswalk.csv",
)


@pytest.fixture
def folders(make: Make, tmp_path: Path) -> tuple[Path, Path]:
    """Write two tables, each in a folder of its own."""
    before = make(tmp_path / "2026", {"prices.csv": BEFORE})
    return before, make(tmp_path / "2027", {"prices.csv": AFTER})


@pytest.mark.parametrize("name", REPORTS)
@pytest.mark.parametrize("more", [(), ("--excel",)])
def test_a_report_beside_the_input_is_passed_over(
    cptdiff: Run, folders: tuple[Path, Path], tmp_path: Path, name: str, more: tuple[str, ...]
) -> None:
    words = ("diff", *folders, "--code-set", "table", "--quiet", *more)
    sound, again = tmp_path / "sound.json", tmp_path / "again.json"
    assert cptdiff(*words, "-o", sound).returncode == 0
    done = cptdiff(*words, "-o", folders[1] / name)
    assert (done.returncode, done.stderr) == (0, "")
    done = cptdiff(*words, "-o", again)
    assert (done.returncode, done.stderr) == (0, "")
    assert again.read_bytes() == sound.read_bytes()
    told = cptdiff("inspect", folders[1], "--code-set", "table").stdout
    what = "run folder" if name == "run" else "report"
    assert f"{name}: a cptdiff {what}, not an input" in told


def test_rows_that_were_excluded_are_no_input(
    cptdiff: Run, make: Make, folders: tuple[Path, Path]
) -> None:
    make(folders[1] / "prices.csv", AFTER + "A5,Five,more\n")
    words = ("diff", *folders, "--code-set", "table", "--quiet")
    for _ in range(2):
        assert cptdiff(*words, "-o", folders[1] / "quarantine.csv").returncode in {2, 3}
        (folders[1] / "quarantine.csv").rename(folders[1] / "rest.csv")
        assert cptdiff(*words).returncode == 3
        (folders[1] / "rest.csv").unlink()


def test_a_table_that_only_looks_alike_is_read(
    cptdiff: Run, make: Make, folders: tuple[Path, Path]
) -> None:
    for folder in folders:
        (folder / "prices.csv").unlink()
        make(folder / "changes.csv", "kind,code,text\nx,A1,One\n")
        make(folder / "manifest.json", "{}")
    done = cptdiff("diff", *folders, "--code-set", "table", "--quiet")
    assert (done.returncode, done.stderr) == (0, "")


def test_a_workbook_that_is_damaged_is_told_by_who_reads_it(
    cptdiff: Run, make: Make, folders: tuple[Path, Path]
) -> None:
    make(folders[1] / "prices.xlsx", b"PK\x03\x04 and no more")
    (folders[1] / "prices.csv").unlink()
    done = cptdiff("diff", *folders, "--code-set", "table")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "prices.xlsx" in done.stderr
