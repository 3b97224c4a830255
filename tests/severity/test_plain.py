"""Plain edits are graded plain, and near misses of them are not; both ways, by kind."""

import sys
from pathlib import Path

import polars as pl
import pytest

sys.path.append(str(Path(__file__).parent))  # the tables stand beside this file

import near
import plain
from plain import Pair

from cptdiff.judgement.classes import CLASSES
from cptdiff.judgement.edits import mark_revisions
from cptdiff.judgement.severity import classify

MILD = {"info", "low"}
GRAVE = {"high", "critical"}


def list_grades(pairs: list[Pair]) -> dict[Pair, str]:
    """Return the severity of each of `pairs`, and of its way back."""
    both = [*pairs, *(pair[::-1] for pair in pairs)]
    columns = {"previous": [one for one, _ in both], "current": [other for _, other in both]}
    rows = pl.DataFrame(columns).with_columns(role=pl.lit("wording"), name=pl.lit("long"))
    found = classify(mark_revisions(rows), CLASSES)
    return dict(zip(both, found["severity"].to_list(), strict=True))


@pytest.mark.parametrize("kind", plain.KINDS)
def test_a_plain_edit_is_info_or_low_either_way(kind: str) -> None:
    grades = list_grades(plain.KINDS[kind])
    assert {pair: grade for pair, grade in grades.items() if grade not in MILD} == {}


@pytest.mark.parametrize("kind", near.KINDS)
def test_a_near_miss_is_high_or_critical_either_way(kind: str) -> None:
    grades = list_grades(near.KINDS[kind])
    assert {pair: grade for pair, grade in grades.items() if grade not in GRAVE} == {}


def test_both_tables_are_long() -> None:
    for table in (plain.KINDS, near.KINDS):
        assert len({pair for pairs in table.values() for pair in pairs}) >= 80


# What changes a number, a side, an age or a negation beside a plain edit.
SIGNS = [
    ("5 mg", "6 mg"), ("left", "right"), ("", "bilateral"), ("adult", "child"), ("", "not"),
    ("with oil", "without oil"), ("at least 5", "at most 5"), ("-2", "2"), ("", "each"),
    ("and oil", "or oil"), ("brass", "steel"), ("(eg, brass)", "(ie, brass)"),
]  # fmt: skip


@pytest.mark.parametrize("kind", plain.KINDS)
def test_a_change_of_meaning_beside_a_plain_edit_stays_grave(kind: str) -> None:
    pairs = [
        (f"{one}; {gone}", f"{other}; {new}")
        for one, other in plain.KINDS[kind]
        for gone, new in SIGNS
    ]
    assert {pair: grade for pair, grade in list_grades(pairs).items() if grade not in GRAVE} == {}
