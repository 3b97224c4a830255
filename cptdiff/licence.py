"""How much of the publisher's wording may be passed on (`--descriptors`)."""

from enum import StrEnum
from typing import Final


class Descriptors(StrEnum):
    """Which descriptors the outputs show: AMA's licence forbids passing on CPT's wording."""

    FULL = "full"
    SHORT = "short"
    NONE = "none"

    @property
    def told(self) -> str:
        """The sentence for readers who would miss the wording; empty where nothing is withheld."""
        return _TOLD[self]


_TOLD: Final = {
    Descriptors.FULL: "",
    Descriptors.SHORT: "All descriptors but the short ones are left out of all outputs,"
    " as was asked (--descriptors short)",
    Descriptors.NONE: "Descriptors are left out of all outputs, as was asked (--descriptors none)",
}
