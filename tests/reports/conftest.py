"""Results to render: the samples, and small tables of which every value is given."""

import csv
import io
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

import pytest

from cptdiff.comparison import compare
from cptdiff.pipeline import load_release as load
from cptdiff.reading import Reading
from cptdiff.results import Results, make_results
from cptdiff.vocabulary import CodeSet

Make = Callable[..., Path]

PAIRS = {
    "cpt": ("cpt-2026-legacy.zip", "cpt-2027-legacy.zip"),
    "cpt-current": ("cpt-2026-legacy.zip", "cpt-2027-current-format.zip"),
    "hcpcs": ("hcpcs-2026-january.zip", "hcpcs-2027-january.zip"),
    "icd10cm": ("icd10cm-2026.zip", "icd10cm-2027.zip"),
    "icd10pcs": ("icd10pcs-2026.zip", "icd10pcs-2027.zip"),
    "table": ("table-2026.csv", "table-2027.csv"),
}


@pytest.fixture(scope="session")
def sample(samples: Path) -> Callable[[str], Results]:
    """Compare a pair of samples, once in a session."""

    def found(pair: str) -> Results:
        how = Reading(code_set=CodeSet.TABLE) if pair == "table" else Reading()
        return make_results(compare(*(load(samples / name, how) for name in PAIRS[pair])))

    return cache(found)


@pytest.fixture
def texts(make: Make, tmp_path: Path) -> Callable[[Mapping[str, str], Mapping[str, str]], Results]:
    """Compare two tables of codes and their texts."""

    def found(*sides: Mapping[str, str]) -> Results:
        releases = []
        for name, side in zip(("previous", "current"), sides, strict=True):
            lines = io.StringIO()
            csv.writer(lines).writerows([("code", "text"), *side.items()])
            path = make(tmp_path / f"{name}.csv", lines.getvalue())
            releases.append(load(path, Reading(code_set=CodeSet.TABLE)))
        return make_results(compare(*releases))

    return found
