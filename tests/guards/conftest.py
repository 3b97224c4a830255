"""What the tests of guards share."""

import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from cptdiff import Changes, CodeSet
from cptdiff.comparison import compare as diff
from cptdiff.judgement.guards import find_alarms
from cptdiff.pipeline import load_release as load
from cptdiff.reading import Reading
from cptdiff.sections import list_ranges

sys.path.append(str(Path(__file__).parents[2]))  # the test modules here share modules

from tests.guards.made import Files

Compare = Callable[[Files, Files], Changes]


@pytest.fixture
def compare(tmp_path: Path) -> Compare:
    """Compare two releases of 2026 and 2027."""

    def run(previous: Files, current: Files) -> Changes:
        how = Reading(CodeSet.TABLE) if "list.csv" in previous else None
        releases = []
        for year, side, files in ((2026, "previous", previous), (2027, "current", current)):
            for name, text in files.items():
                path = tmp_path / side / name.format(year=year)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(text.encode())
            releases.append(load(tmp_path / side, how))
        return diff(*releases)

    return run


@pytest.fixture
def doubts(compare: Compare) -> Callable[..., str]:
    """Name the guards that doubt a comparison."""

    def run(previous: Files, current: Files, limits: Mapping[str, float] | None = None) -> str:
        changes = compare(previous, current)
        known = list_ranges(changes.current.code_set)
        return " ".join(one.name for one in find_alarms(changes, limits or {}, known))

    return run
