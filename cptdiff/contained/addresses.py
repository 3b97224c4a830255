"""Where cells stand: A14, A1:C3 (ECMA-376 part 1, 18.18.7 and 18.18.62)."""

from functools import cache

Range = tuple[int, int, int, int]
_DIGITS = "0123456789"
_LONGEST = 7


def address(said: str) -> tuple[int, int]:
    """The row and column, from 1. Raises ValueError."""
    name = said.rstrip(_DIGITS)
    row = said[len(name) :]
    if not row or len(row) > _LONGEST:
        raise ValueError(said)
    return int(row), column_of(name)


def rectangle(said: str) -> Range:
    """The first row and column, the last row and column. Raises ValueError."""
    first, _, last = said.partition(":")
    return (*address(first), *address(last or first))


@cache
def column_of(name: str) -> int:
    """The column's number: A is 1, AA is 27. Raises ValueError."""
    if not (name.isascii() and name.isalpha() and name.isupper() and len(name) <= len("XFD")):
        raise ValueError(name)
    column = 0
    for letter in name:
        column = 26 * column + ord(letter) - 64
    return column


def letters(column: int) -> str:
    """The column's name: 1 is A, 27 is AA."""
    name = ""
    while column:
        column, at = divmod(column - 1, 26)
        name = chr(65 + at) + name
    return name
