"""What cptdiff mends in codes only when a user asks for it."""

from enum import StrEnum


class Repair(StrEnum):
    """A repair by its name on the command line."""

    LEADING_ZEROS = "leading-zeros"
