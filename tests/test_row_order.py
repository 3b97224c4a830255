"""A release has its rows in one order, by kind and code, in whatever order the files have them."""

import random
from collections.abc import Callable, Mapping
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from cptdiff import CodeSet, Release
from cptdiff.pipeline import load_release as load
from cptdiff.reading import Columns, Reading

Make = Callable[..., Path]
Process = Callable[..., CompletedProcess[str]]
FRAMES = ("entries", "ended", "set_aside_codes", "gaps")


NUMBERS = range(100, 160)
LONG = [f"{n:05}\tPolish {n}" for n in NUMBERS] + ["0001U\tGrind", "0042T\tBend", "4000F\tBore"]
SHORT = [f"{n:05} POLISH {n}" for n in NUMBERS if n % 7]
ICD = [
    f"{n:05} {code:<7} {flag} {code + ' words':<60} {code} words"
    for n, (flag, code) in enumerate([("0", f"A{x:02}") for x in range(9)]
                                     + [("1", f"A{x:02}1") for x in range(30)], 1)
]  # fmt: skip
HCPCS = [
    f"{code:>5}00100{kind}{'Polish ' + code:<257}{'20200101':<16}{ended:<8}N"
    for kind, code, ended in [("7", "E1", ""), ("7", "A2", "20200630"), ("3", "A0001", ""),
                              ("3", "Q0001", "20200630"), ("3", "B0001", ""), ("3", "J0002", "")]
]  # fmt: skip
MODIFIERS = ["ConceptID\tModifier Code\tLevel I/II\tModifier Name\tModifier Description\tSection"]
CONSOLIDATED = ["Concept Id\tCPT Code\tLong\tMedium\tShort\tConsumer"]
TABLE = ["b,a,text"] + [f"{n % 7},{n},words {n}" for n in NUMBERS]
# Files, how many of their lines are no rows, how they are read.
RELEASES: dict[str, tuple[Mapping[str, list[str]], int, Reading | None]] = {
    "CPT legacy": ({"LONGULT.txt": LONG, "SHORTU.txt": SHORT}, 0, None),
    "CPT current format": (
        {
            "ConsolidatedCodeList.txt":
                CONSOLIDATED + [f"{n}\t{n:05}\tPolish\tPOLISH\tP\tShine" for n in NUMBERS],
            "Modifiers.txt":
                MODIFIERS + [f"{n}\t{n}\tLevel I\tPolish\tPolish it\tx" for n in range(22, 60)],
        }, 1, None,
    ),
    "HCPCS": ({"HCPC2026_JAN_ANWEB.txt": HCPCS}, 0, None),
    "ICD-10-CM": ({"icd10cm_order_2026.txt": ICD}, 0, None),
    "a table": (
        {"mine.csv": TABLE}, 1, Reading(CodeSet.TABLE, columns=Columns(("a", "b"), ())),
    ),
}  # fmt: skip


def written(make: Make, folder: Path, name: str, seed: int) -> Path:
    """The release with its rows shuffled."""
    files, heads, reading = RELEASES[name]
    mixed = {}
    for file, lines in files.items():
        rows = lines[heads:]
        random.Random(seed).shuffle(rows)  # noqa: S311 - no secret
        mixed[file] = "".join(f"{line}\r\n" for line in [*lines[:heads], *rows])
    path = make(folder, mixed)
    return path / next(iter(files)) if reading else path


def read(path: Path, name: str) -> Release:
    return load(path, RELEASES[name][2])


@pytest.mark.parametrize("name", RELEASES)
def test_the_rows_of_a_release_are_in_one_order(make: Make, tmp_path: Path, name: str) -> None:
    releases = [read(written(make, tmp_path / f"{seed}", name, seed), name) for seed in range(4)]
    for release in releases:
        assert release.entries.height > 3
        for frame in (release.entries, release.ended):
            assert frame.equals(frame.sort("kind", "code"))
        for attribute in FRAMES:
            found, first = (getattr(one, attribute) for one in (release, releases[0]))
            assert found.equals(first), attribute


SCRIPT = """
import hashlib, sys
from cptdiff.pipeline import load_release as load
release = load(sys.argv[1])
for frame in (release.entries, release.ended, release.gaps):
    print(hashlib.sha256(frame.write_csv().encode()).hexdigest())
"""


def test_neither_threads_nor_hash_seed_change_the_order(
    make: Make, tmp_path: Path, process: Process
) -> None:
    paths = [written(make, tmp_path / f"{seed}", "CPT legacy", seed) for seed in range(2)]
    found = {
        process("-c", SCRIPT, path, POLARS_MAX_THREADS=threads, PYTHONHASHSEED=seed).stdout
        for path in paths
        for threads, seed in (("1", "1"), ("4", "2"))
    }
    assert len(found) == 1
    assert len(found.pop().splitlines()) == 3
