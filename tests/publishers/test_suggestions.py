"""Suggested codes, measured on real releases: what was really added to the families of lists."""

import pytest
from publisher_pairs import PAIRS

from cptdiff.impact.facts import read_facts
from tests.impact.suggested import measure_suggestions


@pytest.mark.parametrize("name", PAIRS)
def test_nine_in_ten_suggestions_are_right_and_nine_in_ten_new_codes_suggested(name: str) -> None:
    facts = read_facts([":".join(str(bundle.path()) for bundle in PAIRS[name])])
    whole = measure_suggestions(facts, 3)
    assert whole.added > 400
    assert whole.precision >= 0.9, whole
    assert whole.recall >= 0.9, whole
    # Lists that hold six in ten codes of their families get fewer, but no worse suggestions.
    part = measure_suggestions(facts, 3, kept=0.6)
    assert part.precision >= 0.9, part
    assert part.recall >= 0.7, part
