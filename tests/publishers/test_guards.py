from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from publisher_pairs import (
    CM_2018,
    CM_2019,
    CM_2024,
    CM_2025,
    HCPCS,
    ICD_PAIRS,
    PAIRS,
    PCS_2018,
    Bundle,
    Pair,
)  # fmt: skip
from publisher_runs import cptdiff

from cptdiff import Changes, Release
from cptdiff.comparison import compare as diff
from cptdiff.judgement.guards import find_alarms
from cptdiff.pipeline import load_release as load
from cptdiff.sections import list_ranges

Loaded = Callable[[Bundle], Release]
Write = Callable[[list[str]], Release]
JUMPS = {
    "ICD-10-CM 2018 to 2025": Pair(CM_2018, CM_2025),
    "ICD-10-CM 2019 to 2024": Pair(CM_2019, CM_2024),
}
PCS = ICD_PAIRS["ICD-10-PCS 2018 to 2019"]
SHORT, LONG = slice(16, 76), slice(77, None)


@pytest.fixture(scope="module")
def loaded() -> Loaded:
    """Load a release once."""
    return cache(lambda bundle: load(bundle.path()))


@pytest.fixture
def written(tmp_path: Path) -> Write:
    """Load an order file of ICD-10-PCS 2019 that somebody has spoiled."""

    def write(lines: list[str]) -> Release:
        path = tmp_path / "icd10pcs_order_2019.txt"
        path.write_bytes("".join(f"{line}\r\n" for line in lines).encode("cp1252"))
        return load(path)

    return write


def names(changes: Changes) -> list[str]:
    return [one.name for one in find_alarms(changes, {}, list_ranges(changes.current.code_set))]


@pytest.mark.parametrize("pair", [*PAIRS.values(), *JUMPS.values()], ids=[*PAIRS, *JUMPS])
def test_no_guard_doubts_two_real_releases(loaded: Loaded, pair: Pair) -> None:
    assert names(diff(loaded(pair.previous), loaded(pair.current))) == []


@pytest.mark.parametrize("pair", PAIRS.values(), ids=PAIRS)
def test_a_swapped_pair_is_doubted(loaded: Loaded, pair: Pair) -> None:
    assert names(diff(loaded(pair.current), loaded(pair.previous)))[0] == "swapped"


def test_a_swapped_pair_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    pair = [HCPCS.current.path(), HCPCS.previous.path()]
    run = cptdiff("diff", *pair, "-o", tmp_path / "run")
    assert run.exit_code == 2
    assert "error[E301]" in run.err
    assert "--allow swapped" in run.err
    assert not (tmp_path / "run").exists()
    assert cptdiff("diff", *pair, "--allow", "swapped").exit_code == 3


def test_diagnoses_against_procedures_are_refused() -> None:
    run = cptdiff("diff", CM_2018.path(), PCS_2018.path(), "--allow", "code-set")
    assert run.exit_code == 2
    assert "error[E303]" in run.err


def cut(lines: list[str]) -> list[str]:
    return lines[: len(lines) * 4 // 5]


def without_headers(lines: list[str]) -> list[str]:
    return [line for line in lines if line[14] == "1"]


def without_imaging(lines: list[str]) -> list[str]:
    return [line for line in lines if line[6] != "B"]


def capitals(lines: list[str]) -> list[str]:
    return [line.upper() for line in lines]


def short_for_long(lines: list[str]) -> list[str]:
    return [f"{line[: LONG.start]}{line[SHORT].rstrip()}" for line in lines]


def cut_at_fifty(lines: list[str]) -> list[str]:
    return [line[: LONG.start + 50].rstrip() for line in lines]


@pytest.mark.parametrize(
    ("spoil", "doubted"),
    [
        (cut, ["not-whole", "deleted-share"]),
        (without_headers, ["not-whole", "missing-kind"]),
        (without_imaging, ["not-whole", "deleted-share"]),
        (capitals, ["case", "revised-share"]),
        (short_for_long, ["descriptor-length", "revised-share"]),
        (cut_at_fifty, ["descriptor-length", "revised-share"]),
    ],
)
def test_a_spoiled_release_is_doubted(
    loaded: Loaded, written: Write, spoil: Callable[[list[str]], list[str]], doubted: list[str]
) -> None:
    spoiled = written(spoil(PCS.current.text().splitlines()))
    assert names(diff(loaded(PCS.previous), spoiled)) == doubted


def test_a_quarter_later_is_not_doubted(loaded: Loaded, tmp_path: Path) -> None:
    january = loaded(HCPCS.current)
    ended = set(january.entries["code"].gather_every(50))
    lines = HCPCS.current.text().splitlines()
    path = tmp_path / "HCPC2019_APR_ANWEB.txt"
    left = "".join(f"{line}\r\n" for line in lines if line[:5].strip() not in ended)
    path.write_bytes(left.encode("cp1252"))
    changes = diff(january, load(path))
    assert changes.deleted.height == len(ended)
    assert names(changes) == []
