"""Number formats of a workbook that show a number as a code, with its leading zeros."""

import re
from functools import cache
from typing import Final

# The parts of a format (ECMA-376 part 1, 18.8.31): words in quotes, a letter as it is, a blank as
# wide as a letter, a letter that fills the cell, a color or condition, any other sign.
_PART: Final = re.compile(r'"([^"]*)"|\\(.)|_.|\*.|\[([^\]]*)\]|(.)', re.DOTALL)
# Signs that stand for themselves. Those of amounts are not among them: . , % $ E
_SIGNS: Final = frozenset("-/ ()+:")
# What a section says of one digit.
_DIGIT: Final = "0"
# Formats have a section each for numbers above, below and equal to 0.
_SECTION_OF_ZERO: Final = 2


def show_digits(code: str, digits: str) -> str:
    """Return a whole number as the format `code` shows it, if that shows leading zeros.

    00000 shows 100 as 00100, 00000-0000 shows 303301234 as 30330-1234, 0000"U" shows 1 as 0001U.
    Empty for any other format, such as that of an amount: 0.00 or #,##0.
    """
    sections = _read_sections(code)
    is_zero = not digits.strip("0") and len(sections) > _SECTION_OF_ZERO
    section = sections[_SECTION_OF_ZERO if is_zero else 0]
    if section is None:
        return ""
    width = section.count(None)
    padded = digits.zfill(width)
    # The first place takes all digits that there is no place for.
    first = len(padded) - width + 1
    places = iter([padded[:first], *padded[first:]])
    return "".join(next(places) if part is None else part for part in section).strip()


@cache
def _read_sections(code: str) -> tuple[tuple[str | None, ...] | None, ...]:
    """By section the words and, as None, the digits; None for one that shows no leading zeros."""
    sections: list[list[str | None] | None] = [[]]
    for words, letter, bracket, sign in _PART.findall(code):
        if sign == ";":
            sections.append([])
            continue
        section = sections[-1]
        is_color = bracket.isalpha() or bracket.startswith("$-")
        if (
            section is None
            or (bracket and not is_color)
            or (sign and sign not in _SIGNS | {_DIGIT})
        ):
            sections[-1] = None
        else:
            section.append(None if sign == _DIGIT else words + letter + sign)
    return tuple(
        tuple(section) if section is not None and section.count(None) > 1 else None
        for section in sections
    )
