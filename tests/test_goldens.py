"""The reports are, byte for byte, those in tests/goldens; `make accept` writes these anew.

Each golden opens as it is. A workbook has none: its bytes depend on the version of zlib, and its
values are those of the CSV files. The manifest has none: it names versions and digests.
"""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from importlib.metadata import version
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from cptdiff.vocabulary import CHANGES, KINDS
from tests.golden_releases import PAIRS

Run = Callable[..., CompletedProcess[str]]
Reports = Mapping[str, bytes]
Written = Callable[[str], Reports]

GOLDENS = Path(__file__).parent / "goldens"
ACCEPT = os.environ.get("ACCEPT") == "true"
REASONS = {
    "", "absent", "terminated", "became-header", "became-code", "reinstated", "attributes-only",
}  # fmt: skip
WITHOUT = {"changes.xlsx", "manifest.json"}
OUR_VERSION = f"cptdiff {version('cptdiff')}".encode()


@pytest.fixture
def written(cptdiff: Run, tmp_path: Path) -> Written:
    """Compare the releases of a code set; give all reports, the terminal's among them."""

    def run(code_set: str) -> Reports:
        words = PAIRS[code_set].words(tmp_path)
        done = cptdiff("diff", *words, "-o", tmp_path / "run")
        assert (done.returncode, done.stderr.count("\n")) == (3, 1)
        assert re.match("cptdiff: exit code 3: .+ excluded", done.stderr)
        found = {path.name: path.read_bytes() for path in (tmp_path / "run").iterdir()}
        found["terminal.txt"] = done.stdout.encode()
        # The manifest names the versions of the libraries.
        found["summary.txt"] = re.sub(rb"[0-9a-f]{64}", b"DIGEST", found["summary.txt"])
        return {
            name: data.replace(OUR_VERSION, b"cptdiff VERSION")
            for name, data in found.items() if name not in WITHOUT
        }  # fmt: skip

    return run


def accepted(code_set: str) -> Reports:
    return {path.name: path.read_bytes() for path in sorted((GOLDENS / code_set).glob("*"))}


def accept(code_set: str, found: Reports) -> None:
    folder = GOLDENS / code_set
    folder.mkdir(parents=True, exist_ok=True)
    for name in accepted(code_set):
        (folder / name).unlink()
    for name, data in found.items():
        (folder / name).write_bytes(data)


def differences(golden: Reports, found: Reports) -> list[str]:
    """Say for each report that is not as accepted the first line in which it differs."""
    return [
        _difference(name, golden.get(name), found.get(name))
        for name in sorted({*golden, *found})
        if golden.get(name) != found.get(name)
    ]


def _difference(name: str, golden: bytes | None, found: bytes | None) -> str:
    if golden is None:
        return f"{name}: has no golden (make accept writes one)"
    if found is None:
        return f"{name}: is a golden of no report (make accept removes it)"
    sides = [data.split(b"\n") for data in (golden, found)]
    number = next(
        (at for at, (one, other) in enumerate(zip(*sides, strict=False)) if one != other),
        min(map(len, sides)),
    )
    lines = [side[number].decode() if number < len(side) else None for side in sides]
    return f"{name}, line {number + 1}: {lines[0]!r} was accepted, {lines[1]!r} was written"


@pytest.mark.parametrize("code_set", PAIRS)
def test_the_reports_are_as_accepted(code_set: str, written: Written) -> None:
    found = written(code_set)
    if ACCEPT:
        accept(code_set, found)
    told = differences(accepted(code_set), found)
    assert not told, f"goldens/{code_set}:\n" + "\n".join(told)


def test_every_golden_is_of_a_code_set() -> None:
    assert {path.name for path in GOLDENS.iterdir()} == {*PAIRS}


def test_a_golden_that_lacks_is_left_over_or_differs_is_told_with_the_line() -> None:
    golden = {"a.csv": b"1\n2\n3\n", "b.csv": b"1\n", "gone.csv": b"", "same.csv": b"1"}
    found = {"a.csv": b"1\n4\n3\n", "b.csv": b"1\n2\n", "new.csv": b"", "same.csv": b"1"}
    assert differences(golden, found) == [
        "a.csv, line 2: '2' was accepted, '4' was written",
        "b.csv, line 2: '' was accepted, '2' was written",
        "gone.csv: is a golden of no report (make accept removes it)",
        "new.csv: has no golden (make accept writes one)",
    ]


def test_the_goldens_show_every_kind_of_change_and_reason(
    rows: Callable[[Path], list[dict[str, str]]],
) -> None:
    shown = [row for code_set in PAIRS for row in rows(GOLDENS / code_set / "changes.csv")]
    assert {row["kind"] for row in shown} == set(KINDS)
    assert {row["change"] for row in shown} == set(CHANGES)
    assert {row["reason"] for row in shown} == REASONS


def test_a_run_folder_has_the_same_bytes_wherever_and_however_it_is_made(
    samples: Path, root: Path, tmp_path: Path
) -> None:
    surroundings = (
        {"TZ": "UTC", "LC_ALL": "C", "PYTHONHASHSEED": "1", "POLARS_MAX_THREADS": "1"},
        {"TZ": "Pacific/Auckland", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "2",
         "POLARS_MAX_THREADS": "4"},
    )  # fmt: skip
    pair = [samples / f"cpt-{year}-legacy.zip" for year in (2026, 2027)]
    found = []
    for number, surrounding in enumerate(surroundings):
        place = tmp_path / str(number)
        place.mkdir()
        done = subprocess.run(
            [sys.executable, "-m", "cptdiff", "diff", *pair, "-o", "run"],
            cwd=place,
            env=os.environ | surrounding | {"PYTHONPATH": str(root)},
            capture_output=True,
            check=True,
        )
        files = {path.name: path.read_bytes() for path in sorted((place / "run").iterdir())}
        found.append((done.stdout, done.stderr, files))
    assert len(found[0][2]) > 5
    assert found[0] == found[1]
