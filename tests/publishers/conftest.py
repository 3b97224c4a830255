"""The real releases, read by the oracles and compared by cptdiff, each once a session."""

import sys
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parent))  # the test modules here share the oracles

import oracles
import oracles_hcpcs
from oracles import Entries, Sets
from publisher_pairs import HCPCS, PAIRS, RELEASES, Bundle
from publisher_runs import Run, diff

Extract = Callable[[Bundle, str], Path]


@pytest.fixture(scope="session", autouse=True)
def releases() -> Path:
    """Skip what cannot run: the publishers' files are no part of the project."""
    if not RELEASES.is_dir():
        pytest.skip(f"the publishers' releases are not here: {RELEASES}")
    return RELEASES


@pytest.fixture(scope="session")
def read_order() -> Callable[[Bundle], Entries]:
    """Read an ICD-10 order file with the oracle."""
    return cache(lambda bundle: oracles.read_entries(bundle.text()))


@pytest.fixture(scope="session")
def read_hcpcs() -> Callable[[Bundle], oracles_hcpcs.Entries]:
    """Read a HCPCS text file with the oracle."""
    return cache(lambda bundle: oracles_hcpcs.read_text(bundle.text()))


@pytest.fixture(scope="session")
def by_the_rule(
    read_order: Callable[[Bundle], Entries],
    read_hcpcs: Callable[[Bundle], oracles_hcpcs.Entries],
) -> Callable[[str], Sets]:
    """Say what the oracles find changed in a pair."""

    def changed(name: str) -> Sets:
        pair = PAIRS[name]
        if pair != HCPCS:
            return oracles.compare(read_order(pair.previous), read_order(pair.current))
        dates = (pair.previous.effective, pair.current.effective)
        previous, current = map(read_hcpcs, pair)
        return oracles_hcpcs.compare(previous, current, dates)

    return cache(changed)


@pytest.fixture(scope="session")
def compared(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Run]:
    """Compare a pair with cptdiff, the zips as they were shipped."""

    def run(name: str) -> Run:
        previous, current = PAIRS[name]
        return diff(previous.path(), current.path(), tmp_path_factory.mktemp("diff") / "run")

    return cache(run)


@pytest.fixture(scope="session", params=["by the rule", "by cptdiff"])
def changed(
    request: pytest.FixtureRequest,
    by_the_rule: Callable[[str], Sets],
    compared: Callable[[str], Run],
) -> Callable[[str], Sets]:
    """Say what changed in a pair: first as the oracle sees it, then as cptdiff does."""
    return by_the_rule if request.param == "by the rule" else lambda name: compared(name).sets()


@pytest.fixture(scope="session")
def extract(tmp_path_factory: pytest.TempPathFactory) -> Extract:
    """Take a member out of its zip, for those who keep the bare file."""

    def member(bundle: Bundle, name: str) -> Path:
        with zipfile.ZipFile(bundle.path()) as archive:
            return Path(archive.extract(name, tmp_path_factory.mktemp("member")))

    return cache(member)
