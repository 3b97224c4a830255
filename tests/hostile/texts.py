"""Hostile text, as tables of a user's own and as publishers' files."""

from typing import Final

from tests.hostile.case import Case

CASES: Final = (
    Case(22, "a short row", "t.csv", "code,name\nA1,First thing\nA2\n", 3, ("A2",), (2, 1, 0, 1)),
    Case(27, "a quote that is never closed", "t.csv", 'code,name\nA1,"x\nA2,y\n', 2, ("E120",)),
)
