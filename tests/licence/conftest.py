"""The sample pairs with their wording, and the outputs of a comparison."""

import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from cptdiff.pipeline import load_release as load
from cptdiff.reading import Reading
from cptdiff.vocabulary import CodeSet

sys.path.append(str(Path(__file__).parents[2]))  # the test modules here share a module

from tests.licence.wording import Runs, read, wording

Run = Callable[..., CompletedProcess[str]]
Outputs = Callable[..., dict[str, str]]

PAIRS = {
    "cpt legacy": ("cpt-2026-legacy.zip", "cpt-2027-legacy.zip"),
    "cpt current": ("cpt-2026-legacy.zip", "cpt-2027-current-format.zip"),
    "hcpcs": ("hcpcs-2026-january.zip", "hcpcs-2027-january.zip"),
    "icd10cm": ("icd10cm-2026.zip", "icd10cm-2027.zip"),
    "icd10pcs": ("icd10pcs-2026.zip", "icd10pcs-2027.zip"),
    "table": ("table-2026.csv", "table-2027.csv"),
}


@pytest.fixture(params=PAIRS)
def pair(request: pytest.FixtureRequest, samples: Path) -> tuple[str, ...]:
    """Give the words that compare two samples."""
    name: str = request.param
    options = ("--code-set", "table") if name == "table" else ()
    return (*(str(samples / file) for file in PAIRS[name]), *options)


@pytest.fixture(scope="session")
def withheld() -> Callable[[tuple[str, ...], str], Runs]:
    """Tell the wording of a pair that may not stand in the outputs."""

    @cache
    def of(pair: tuple[str, ...], descriptors: str) -> Runs:
        how = Reading(CodeSet.TABLE if "table" in pair else None)
        every, short = (
            frozenset[str]().union(*both)
            for both in zip(*(wording(load(path, how)) for path in pair[:2]), strict=True)
        )
        return every - short if descriptors == "short" else every

    return of


@pytest.fixture(scope="session")
def known() -> dict[tuple[str, ...], dict[str, str]]:
    """Remember the outputs of comparisons."""
    return {}


@pytest.fixture
def outputs(cptdiff: Run, tmp_path: Path, known: dict[tuple[str, ...], dict[str, str]]) -> Outputs:
    """Compare, and read all that was written and said."""

    def compare(*words: str) -> dict[str, str]:
        if words in known:
            return known[words]
        folder = tmp_path / f"run {len([*tmp_path.iterdir()])}"
        done = cptdiff("diff", *words, "-o", folder)
        assert done.returncode in {0, 3}, done.stderr
        files = {path.name: read(path) for path in sorted(folder.iterdir())}
        known[words] = files | {
            # Wrapped lines read on.
            "stdout": " ".join(done.stdout.split()),
            "stderr": done.stderr,
        }
        return known[words]

    return compare
