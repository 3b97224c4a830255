from collections.abc import Callable
from typing import NamedTuple

import pytest
from oracles import CHANGES, Sets
from publisher_pairs import PAIRS
from publisher_runs import Run


class Figures(NamedTuple):
    added: int
    deleted: int
    revised: int
    attributes_only: int = 0
    transient: int = 0


FIGURES = {
    "ICD-10-CM 2018 to 2019": {"code": Figures(279, 51, 143), "header": Figures(89, 0, 29)},
    "ICD-10-CM 2024 to 2025": {"code": Figures(252, 36, 13), "header": Figures(72, 0, 1)},
    "ICD-10-PCS 2018 to 2019": {"code": Figures(392, 216, 8), "header": Figures(4, 0, 1)},
    "HCPCS 2018 to 2019": {
        "code": Figures(221, 32, 118, 52, 16),
        "modifier": Figures(7, 4, 3),
    },
}
NONE = Figures(0, 0, 0)
# Entries in the two files, ended ones too.
ROWS = {
    "ICD-10-CM 2018 to 2019": (94_127, 94_444),
    "ICD-10-CM 2024 to 2025": (97_296, 97_584),
    "ICD-10-PCS 2018 to 2019": (79_578, 79_758),
    "HCPCS 2018 to 2019": (6_559, 6_800),
}
CASES = [(pair, kind) for pair in PAIRS for kind in ("code", "header", "modifier")]
pairs = pytest.mark.parametrize("pair", PAIRS)
cases = pytest.mark.parametrize(("pair", "kind"), CASES)


def expected(pair: str, kind: str) -> Figures:
    return FIGURES[pair].get(kind, NONE)


def count(sets: Sets, kind: str) -> Figures:
    return Figures(*(sum(1 for found, _ in sets[change] if found == kind) for change in CHANGES))


@cases
def test_the_changes_number_as_many_as_expected(
    changed: Callable[[str], Sets], pair: str, kind: str
) -> None:
    assert count(changed(pair), kind) == expected(pair, kind)


@cases
def test_the_summary_counts_the_same(compared: Callable[[str], Run], pair: str, kind: str) -> None:
    counts = compared(pair).summary()["counts"].get(kind, {})
    assert Figures(*(counts.get(change, 0) for change in CHANGES)) == expected(pair, kind)


@pairs
def test_cptdiff_names_the_very_entries_that_the_rule_names(
    compared: Callable[[str], Run], by_the_rule: Callable[[str], Sets], pair: str
) -> None:
    assert compared(pair).sets() == by_the_rule(pair)


@pairs
def test_every_row_that_was_read_is_accounted_for(
    compared: Callable[[str], Run], pair: str
) -> None:
    for side, rows in compared(pair).summary()["rows"].items():
        parts = rows["kept"] + rows["collapsed"] + rows["quarantined"]
        assert rows["read"] == parts, side


@pairs
def test_all_rows_of_the_releases_are_read_and_kept(
    compared: Callable[[str], Run], pair: str
) -> None:
    rows = compared(pair).summary()["rows"]
    for side, read in zip(("previous", "current"), ROWS[pair], strict=True):
        whole = {"read": read, "kept": read, "collapsed": 0, "quarantined": 0}
        assert {name: rows[side][name] for name in whole} == whole, side


@pairs
def test_the_summary_tells_the_effective_dates(compared: Callable[[str], Run], pair: str) -> None:
    summary = compared(pair).summary()
    for side in ("previous", "current"):
        assert summary[side]["effective_date"] == getattr(PAIRS[pair], side).effective
        assert summary[side]["name"] == getattr(PAIRS[pair], side).name
