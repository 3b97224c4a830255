"""How much of the publisher's wording may be passed on (`--descriptors`)."""

from enum import StrEnum


class Descriptors(StrEnum):
    """Which descriptors the outputs show: AMA's licence forbids passing on CPT's wording."""

    FULL = "full"
    SHORT = "short"
    NONE = "none"
