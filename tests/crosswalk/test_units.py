"""A replacement that is billed by another unit is said to be."""

import pytest

from cptdiff.judgement.measures import describe_unit_change

SAME = [
    ("Injection, widgetol, 10 mg", "Injection, widgetol, 10 mg"),
    ("Injection, widgetol, 1 mci", "Injection, widgetol, 1 millicurie"),
    ("Injection, widgetol, 1 g", "Injection, widgetol, 1,000 mg"),
    ("Injection, widgetol, 10 i.u.", "Injection, widgetol, 10 units"),
    ("Injection, widgetol and waxase, 10 mg", "Injection, widgetol 10 mg and waxase"),
    ("Injection, 1 mg widgetol and 2.5 mg oil", "Injection, 2.5 mg oil and 1 mg widgetol"),
    ("Widgetol, 100 mg, per study dose", "Widgetol, 100 mg"),
    ("Widgetol (from 5 mg vials), 1 mg", "Widgetol (from 9 mg vials), 1 mg"),
    ("Widgetol, 10 mg", "Widgetol"),
    ("Widgetol", "Widgetol, per dose"),
    ("Oiling of hinge, 30 minutes", "Oiling of hinge, 60 minutes"),
    ("Oil 5% in water, 500 ml", "Oil 10% in water, 500 ml"),
    ("Oil, 5 mg/ml strength, 10 mg", "Oil, 2 mg/ml strength, 10 mg"),
    ("", "Widgetol, 10 mg"),
]
OTHER = [
    ("Widgetol, powder, 10 mg", "Widgetol for use, 1 mg", "from 10 mg to 1 mg"),
    ("Widgetol, per dose", "Widgetol, 1 mg", "from per dose to 1 mg"),
    ("Widgetol, per study dose", "Widgetol, 0.5 ml", "from per study dose to 0.5 ml"),
    ("Widgetol, 1 mg", "Widgetol, 1 mcg", "from 1 mg to 1 mcg"),
    ("Widgetol, 1 mg and oil 2 mg", "Widgetol, 1 mg", "from 1 mg and 2 mg to 1 mg"),
    ("Widgetol, .25 mg", "Widgetol, 2.5 MG", "from .25 mg to 2.5 MG"),
    ("Widgetol, 100 units", "Widgetol, 1 mg", "from 100 units to 1 mg"),
]


@pytest.mark.parametrize(("previous", "current"), SAME)
def test_the_same_amount_and_an_amount_of_one_alone_are_no_other_unit(
    previous: str, current: str
) -> None:
    assert describe_unit_change(previous, current) == ""
    assert describe_unit_change(current, previous) == ""


@pytest.mark.parametrize(("previous", "current", "told"), OTHER)
def test_another_amount_is_told(previous: str, current: str, told: str) -> None:
    assert describe_unit_change(previous, current) == f"unit changes {told}"
    assert describe_unit_change(current, previous)
