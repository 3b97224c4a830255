"""What kind of word a word is."""

import re
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


def guard(word: str) -> str:
    """The list that guards `word`: negation, side, age, comparator, logic, number; or none.

    A guarded word is no slip of another and no form of it.
    """
    for name, listed in _GUARDS:
        if word in listed:
            return name
    return "number" if has_digit(word) else ""


def is_weighty(word: str) -> bool:
    """Whether a word tells what the code names."""
    return word not in WEIGHTLESS and not has_digit(word)


def has_digit(word: str) -> bool:
    """Whether a digit stands anywhere in `word`."""
    return any(character.isdigit() for character in word)


def digits(words: Iterable[str]) -> list[str]:
    """The runs of digits in `words`: B 12 and B12 have the same, 1 23 and 123 have not."""
    return [run for word in words for run in re.findall(r"\d+", word)]
