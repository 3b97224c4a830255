"""The table of wordings, and the classes' own examples."""

import sys
from pathlib import Path

import polars as pl
import pytest

sys.path.append(str(Path(__file__).parent))  # the tables stand beside this file

from grave import CLOSED, LOGIC, REWORDED, SCOPE, THRESHOLD
from mild import INFO, LOW, MEDIUM, Triple

from cptdiff.judgement.classes import CLASSES
from cptdiff.judgement.edits import mark_revisions
from cptdiff.judgement.severity import classify
from cptdiff.vocabulary import SEVERITIES

TRIPLES = [*INFO, *LOW, *MEDIUM, *THRESHOLD, *LOGIC, *SCOPE, *CLOSED, *REWORDED]
# To repeat a word is more than to drop the repetition.
BOTH_WAYS = [
    (one, other, grade) for one, other, classes, grade in TRIPLES if "redundant" not in classes
]
WORDED = [row for row in CLASSES if row.examples]
EXAMPLES = [(row.name, *pair) for row in WORDED for pair in row.examples]


def graded(previous: str, current: str) -> tuple[set[str], str]:
    columns = {"previous": [previous], "current": [current], "role": ["wording"], "name": ["long"]}
    (row,) = classify(mark_revisions(pl.DataFrame(columns)), CLASSES).iter_rows(named=True)
    return set(row["classes"]), row["severity"]


@pytest.mark.parametrize(("previous", "current", "classes", "severity"), TRIPLES)
def test_a_revision_is_graded_as_a_coder_would(
    previous: str, current: str, classes: str, severity: str
) -> None:
    found, grade = graded(previous, current)
    assert grade == severity, found
    # A rewritten text has words of many classes: what counts is that it is found out.
    assert (found >= {classes}) if severity == "critical" else found == set(classes.split(";"))


@pytest.mark.parametrize(("previous", "current", "severity"), BOTH_WAYS)
def test_the_way_back_is_as_grave(previous: str, current: str, severity: str) -> None:
    assert graded(current, previous)[1] == severity


@pytest.mark.parametrize(("name", "previous", "current"), EXAMPLES)
def test_a_class_fits_its_own_examples(name: str, previous: str, current: str) -> None:
    assert name in graded(previous, current)[0]


def test_the_table_is_long_and_covers_every_class() -> None:
    assert len(TRIPLES) >= 60
    classes = {name for triple in TRIPLES for name in triple[2].split(";")}
    assert classes == {row.name for row in WORDED}


def test_every_class_has_a_severity_and_its_reason_promises_nothing() -> None:
    for row in CLASSES:
        assert row.severity in SEVERITIES
        assert "no clinical impact" not in row.reason.lower()


def guarded(triples: list[Triple]) -> list[tuple[str, str]]:
    return [(previous, current) for previous, current, _, _ in triples]


@pytest.mark.parametrize(("previous", "current"), guarded([*THRESHOLD, *LOGIC]))
def test_a_number_side_or_negation_is_never_low_beside_trifles(previous: str, current: str) -> None:
    for trifle in ("{}, widgets", "The {}", "({})"):
        other = trifle.replace("widgets", "widget")
        severity = graded(trifle.format(previous), other.format(current))[1]
        assert SEVERITIES.index(severity) >= SEVERITIES.index("high")
