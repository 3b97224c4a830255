"""The causes for which a list and the releases differ."""

from typing import Final, NamedTuple


class Cause(NamedTuple):
    """A name that reconciliation.csv uses, and its sentence, to which the evidence is added."""

    name: str
    sentence: str


WHITE_SPACE: Final = Cause("white-space", "only spacing differs")
BECAME: Final = Cause("became-header", "a billable code became a category, or the reverse")
PASSING: Final = Cause("added-and-discontinued", "added and discontinued between the two releases")
CORRECTED: Final = Cause("corrected", "corrected after the release was published")
MID_YEAR: Final = Cause(
    "mid-year", "the list and the two releases cover different periods (mid-year change)"
)
SHORT_ONLY: Final = Cause("short-only", "only a short or medium title differs")
ATTRIBUTES: Final = Cause("attributes", "wording unchanged, only other data changed")
UNEXPLAINED: Final = Cause("unexplained", "the files do not explain it")

CAUSES: Final = (
    WHITE_SPACE, BECAME, PASSING, CORRECTED, MID_YEAR, SHORT_ONLY, ATTRIBUTES, UNEXPLAINED,
)  # fmt: skip
