"""How a text comes in the three lengths of CPT."""

from collections.abc import Sequence
from typing import NamedTuple

MEDIUM_WIDTH = 48
SHORT_WIDTH = 28
# Words that a short text leaves out.
FILLERS = frozenset(
    (
        "a",
        "an",
        "and",
        "as",
        "at",
        "by",
        "for",
        "from",
        "in",
        "includes",
        "of",
        "or",
        "per",
        "the",
        "to",
        "with",
    )
)


class Words(NamedTuple):
    """One text in the three lengths that CPT has."""

    long: str
    medium: str
    short: str

    def then(self, own: "Words | None") -> "Words":
        """Return the full text of a child: this common portion, `;`, its own portion."""
        if own is None:
            return self
        return Words(
            f"{self.long}; {own.long}",
            f"{self.medium} {own.medium}",
            f"{self.short} {own.short}",
        )


def upper(text: str) -> str:
    """Return text in upper case, all of it still in Windows-1252 (the micro sign stays)."""
    return "µ".join(part.upper() for part in text.split("µ"))


def squeeze(words: Sequence[str], width: int) -> str:
    """Return words with blanks between them, all cut to one length until they fit in width."""
    length = max(map(len, words))
    while len(" ".join(words)) > width:
        length -= 1
        words = [_cut(word, length) for word in words]
    return " ".join(words)


def _cut(word: str, length: int) -> str:
    bare = word.rstrip(",")
    return bare[:length] + word[len(bare) :]


def listed(text: str) -> tuple[str, ...]:
    """Return the words of text."""
    return tuple(text.split())
