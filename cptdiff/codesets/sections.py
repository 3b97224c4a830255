"""Where codes belong: sections as ranges of codes."""

from collections.abc import Mapping
from typing import Final, NamedTuple

# The group of what a section has besides procedures.
ANCILLARY: Final = "Ancillary services"


class Range(NamedTuple):
    """Codes from `start` to `end`, both included, and where they belong."""

    start: str
    end: str
    category: str
    section: str
    subsection: str
    group: str


def parse_ranges(
    section: str, group: str, ranges: str, category: str = "Category I"
) -> list[Range]:
    """Parse the lines `START-END Title` of a section; `!` puts a title among ancillary services."""
    found = []
    for line in ranges.strip().splitlines():
        codes, _, title = line.strip().partition(" ")
        start, _, end = codes.partition("-")
        own = ANCILLARY if title.startswith("!") else group
        found.append(Range(start, end or start, category, section, title.lstrip("!"), own))
    return found


def list_letters(titles: Mapping[str, str], end: str) -> tuple[Range, ...]:
    """The sections of codes by their first character; `end` is the rest of the last code."""
    return tuple(Range(first, first + end, "", title, "", "") for first, title in titles.items())
