"""A range of codes and where it belongs."""

from typing import Final, NamedTuple

EM: Final = "Evaluation and Management"
PROCEDURES: Final = "Procedures"
ANCILLARY: Final = "Ancillary services"


class Range(NamedTuple):
    """Codes from `start` to `end`, both included, and where they belong."""

    start: str
    end: str
    category: str
    section: str
    subsection: str
    group: str


def listed(section: str, group: str, ranges: str, category: str = "Category I") -> list[Range]:
    """The lines `START-END Title` of one section; `!` before a title puts it among ancillaries."""
    found = []
    for line in ranges.strip().splitlines():
        codes, _, title = line.strip().partition(" ")
        start, _, end = codes.partition("-")
        own = ANCILLARY if title.startswith("!") else group
        found.append(Range(start, end or start, category, section, title.lstrip("!"), own))
    return found
