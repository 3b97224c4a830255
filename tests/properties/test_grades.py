"""Severity on random wordings: each difference has a class, a number or side is never low."""

from collections import Counter

import polars as pl
from hypothesis import assume, given
from hypothesis import strategies as st

from cptdiff.judgement.classes import CLASSES
from cptdiff.judgement.edits import mark_revisions
from cptdiff.judgement.severity import classify

PLAIN = "polish widget hinge with oil nylon the of and or eg cm minutes ( ) (eg , ; - / B & ' ."
GUARDED = "1 3 12 13 2.5 25 30 left right bilateral without not adult child"
WORDINGS = st.lists(st.sampled_from(f"{PLAIN} {GUARDED}".split()), min_size=1, max_size=7)


def graded(previous: str, current: str) -> tuple[list[str], str]:
    columns = {"previous": [previous], "current": [current], "role": ["wording"], "name": ["long"]}
    (row,) = classify(mark_revisions(pl.DataFrame(columns)), CLASSES).iter_rows(named=True)
    return row["classes"], row["severity"]


@given(WORDINGS, WORDINGS, st.sampled_from(["", " ", "  "]))
def test_every_difference_has_a_class(before: list[str], after: list[str], blank: str) -> None:
    previous, current = " ".join(before), blank.join(after)
    assume(previous != current)
    assert graded(previous, current)[0]


@given(WORDINGS, WORDINGS)
def test_a_number_side_age_or_negation_is_never_below_high(
    before: list[str], after: list[str]
) -> None:
    told = [Counter(word for word in side if word in GUARDED.split()) for side in (before, after)]
    assume(told[0] != told[1])
    assert graded(" ".join(before), " ".join(after))[1] in {"high", "critical"}
