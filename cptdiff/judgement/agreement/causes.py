"""Why our changes and a publisher's list differ: the fixed list of causes (issue 3, part E)."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Cause:
    """A name that reconciliation.csv uses, and its sentence, to which the evidence is added."""

    name: str
    sentence: str


WHITE_SPACE: Final = Cause("white-space", "only white space differs")
BECAME: Final = Cause("became-header", "a billable code became a header, or a header a code")
PASSING: Final = Cause("added-and-discontinued", "added and discontinued between the two releases")
CORRECTED: Final = Cause("corrected", "corrected after a release was published")
MID_YEAR: Final = Cause(
    "mid-year", "the list and the two releases do not span the same time (mid-year change)"
)
SHORT_ONLY: Final = Cause("short-only", "only a short or medium title differs")
ATTRIBUTES: Final = Cause("attributes", "only attributes differ, no descriptor")
UNEXPLAINED: Final = Cause("unexplained", "no cause was found in the files")

CAUSES: Final = (
    WHITE_SPACE, BECAME, PASSING, CORRECTED, MID_YEAR, SHORT_ONLY, ATTRIBUTES, UNEXPLAINED,
)  # fmt: skip
