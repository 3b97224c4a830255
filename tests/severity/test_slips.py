"""One letter of a long name: a slip of the pen, or another thing."""

import polars as pl
import pytest

from cptdiff.judgement.classes import CLASSES
from cptdiff.judgement.edits import Vocabulary, mark_revisions
from cptdiff.judgement.severity import classify

GRAVE = {"high", "critical"}


def list_grades(pair: tuple[str, str], vocabulary: Vocabulary | None = None) -> set[str]:
    """Return the severities of `pair` and of its way back."""
    rows = pl.DataFrame({"previous": pair, "current": pair[::-1]}).with_columns(
        role=pl.lit("wording"), name=pl.lit("long")
    )
    return set(classify(mark_revisions(rows, vocabulary), CLASSES)["severity"].to_list())


MISSING = ("Injection, springopamide, 1 mg", "Injection, springpamide, 1 mg")
SWAPPED = ("Injection, sprinogpamide, 1 mg", "Injection, springopamide, 1 mg")
BOTH = (pl.Series(["Springpamide tablet", "Springopamide tablet"]),)


def test_a_letter_within_a_long_name_of_a_drug_is_a_slip() -> None:
    assert list_grades(MISSING) == {"low"}


@pytest.mark.parametrize("known", [Vocabulary(previous=BOTH), Vocabulary(current=BOTH)])
def test_two_names_that_a_release_has_are_two_drugs(known: Vocabulary) -> None:
    assert list_grades(MISSING, known) <= GRAVE


def test_two_letters_swapped_are_a_slip_even_beside_the_right_name() -> None:
    known = Vocabulary(previous=(pl.Series(["Springopamide tablet"]),))
    rows = pl.DataFrame({"previous": SWAPPED[:1], "current": SWAPPED[1:]}).with_columns(
        role=pl.lit("wording"), name=pl.lit("long")
    )
    assert classify(mark_revisions(rows, known), CLASSES)["severity"].to_list() == ["low"]


@pytest.mark.parametrize(
    "pair",
    [
        ("Owner compliant with polish", "Owner complaint with polish"),
        ("Vagotomy of widget", "Vasotomy of widget"),
        ("Oil of hydroxymethylwidget", "Oil of hydroxyethylwidget"),
        ("Injection, gaugolimumab, 10 mg", "Injection, gaugolumumab, 10 mg"),
    ],
)
def test_names_of_two_things_are_no_slip(pair: tuple[str, str]) -> None:
    assert list_grades(pair) <= GRAVE
