"""What kind of word a word is."""

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

from cptdiff.judgement.revision.lexicon import (
    AGES,
    COMPARATORS,
    LOGIC,
    NEGATIONS,
    SIDES,
    WEIGHTLESS,
)

_GUARDS: Final = (
    ("negation", NEGATIONS),
    ("side", SIDES),
    ("age", AGES),
    ("comparator", COMPARATORS),
    ("logic", LOGIC),
)
# The combining class of marks that go through what they stand on.
_OVERLAY: Final = 1
# A list's "or", a unit and a number's name are no signs of how things relate.
_PLAIN_SIGNS: Final = frozenset("/%#")


def guard(word: str) -> str:
    """The list that guards `word`: negation, side, age, comparator, logic, number; or none.

    A guarded word is no slip of another and no form of it.
    """
    for name, listed in _GUARDS:
        if word in listed:
            return name
    if is_struck(word):
        return "negation"
    if has_digit(word):
        return "number"
    return "comparator" if is_sign(word) else ""


def is_struck(word: str) -> bool:
    """Whether a stroke goes through `word`, which denies it: \u2260; or it is the sign of "not"."""
    parts = "" if word.isascii() else unicodedata.normalize("NFD", word)
    return any(unicodedata.combining(part) == _OVERLAY for part in parts) or word == "\u00ac"


def is_sign(word: str) -> bool:
    """Whether `word` is a sign that tells how things relate or what they are counted in."""
    return not (word[0].isalnum() or has_digit(word) or word in _PLAIN_SIGNS)


def is_weighty(word: str) -> bool:
    """Whether a word tells what the code names."""
    if is_sign(word) and word not in COMPARATORS:
        return False
    return word not in WEIGHTLESS and not has_digit(word)


def has_digit(word: str) -> bool:
    """Whether a digit stands anywhere in `word`."""
    return any(character.isdigit() for character in word)


def digits(words: Iterable[str]) -> list[str]:
    """The runs of digits in `words`: B 12 and B12 have the same, 1 23 and 123 have not."""
    return [run for word in words for run in re.findall(r"\d+", word)]
