"""Word-level differences: what a reader sees marked between two wordings."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import groupby
from operator import attrgetter
from typing import Final, NamedTuple

from rapidfuzz.distance import Indel, Postfix, Prefix

SAME: Final = "same"
DELETED: Final = "deleted"
INSERTED: Final = "inserted"

# A number with its unit is read as one thing: 2.5 cm, not 2, a stop, 5 and cm.
_UNIT: Final = (
    r"(?:%|(?:mg|mcg|µg|ug|g|kg|ml|cc|l|mm|cm|m|sq|iu|mci|kv|minutes?|mins?|hours?|hrs?|days?"
    r"|weeks?|months?|years?|yrs?|units?|inch(?:es)?|feet|degrees?|percent)\b)"
)
_NUMBER: Final = rf"\d+(?:[.,/]\d+)*(?:[ -]?{_UNIT})?"
_TOKEN: Final = re.compile(
    rf"{_NUMBER}|[^\W\d_]+(?:['\u2019][^\W\d_]+)*|\s+|.", re.IGNORECASE | re.DOTALL
)
# No character has a mark as its category beyond these, but for selectors of a glyph.
_MARKED_PLANES: Final = range(0x300, 0x1F000)
_SELECTORS: Final = "\U000e0100-\U000e01ef"
_JOINERS: Final = "\u200c\u200d"
_FIRST_FLAG: Final = "\U0001f1e6"
# Between two changed words these alone are no anchor for the eye.
_SEAM: Final = re.compile(r"[\s,;:/-]*")
_ROUGHLY: Final = ("~", "\u223c")


class Piece(NamedTuple):
    """A run of text that is the same in both wordings, or in one alone."""

    role: str
    text: str


def split_tokens(text: str) -> list[str]:
    """Words, numbers with their units, punctuation and blanks; joined they are `text`.

    A letter and its accents are never parted, nor a sign and the stroke through it.
    """
    return (_match_all_letters() if is_composed(text) else _TOKEN).findall(text)


def is_composed(text: str) -> bool:
    """Whether `text` has a letter or sign of several characters: an accent apart, a flag."""
    return not text.isascii() and any(
        is_mark(character) or character in _JOINERS or character >= _FIRST_FLAG
        for character in text
    )


@cache
def list_marks() -> str:
    """All characters that change the one before them, for a class of an expression."""
    return "".join(filter(is_mark, map(chr, _MARKED_PLANES))) + _SELECTORS


def is_mark(character: str) -> bool:
    """Whether `character` belongs to the one before it: an accent, a stroke through it."""
    return unicodedata.category(character).startswith("M")


@cache
def _match_all_letters() -> re.Pattern[str]:
    """`_TOKEN` for composed text. Looking for all marks takes time that few runs need."""
    marks = rf"(?:[{list_marks()}{_JOINERS}\U0001f3fb-\U0001f3ff]|(?<=\u200d)[^\w\s])*"
    letters = rf"(?:[^\W\d_]{marks})+"
    flag = r"[\U0001f1e6-\U0001f1ff]{2}"
    return re.compile(
        rf"(?:{_NUMBER}|{letters}(?:['\u2019]{letters})*|\s+|{flag}|.){marks}",
        re.IGNORECASE | re.DOTALL,
    )


def merge_pieces(previous: str, current: str) -> tuple[Piece, ...]:
    """The two wordings as one run of pieces, deleted before inserted.

    The same and the deleted pieces joined give `previous`, the same and the inserted `current`.
    """
    start, length = count_common(previous, current)
    before = previous[start : len(previous) - length]
    after = current[start : len(current) - length]
    # One word for another, or words on one side only, need no alignment.
    plain = not (before and after) or (before.isalpha() and after.isalpha())
    runs = [("", before, after)] if plain else _join_runs(split_tokens(before), split_tokens(after))
    middle = _list_pieces(runs)
    tail = previous[len(previous) - length :]
    found = [Piece(SAME, previous[:start]), *middle, Piece(SAME, tail)]
    return tuple(_merge_roles(piece for piece in found if piece.text))


def count_common(previous: str, current: str) -> tuple[int, int]:
    """How many characters stand alike at the start and at the end, whole tokens only."""
    start = Prefix.similarity(previous, current)
    if start < len(previous) or start < len(current):
        start = previous.rfind(" ", 0, start) + 1
        if start > 1 and previous[start - 2].isdigit():
            start = previous.rfind(" ", 0, start - 1) + 1
        while start and _is_one_mark(previous[start : start + 1], current[start : start + 1]):
            start = previous.rfind(" ", 0, start - 1) + 1
    room = min(len(previous), len(current)) - start
    length = min(Postfix.similarity(previous, current), room)
    if length < room or len(previous) != len(current):
        length = _cut_tail(previous, current, length)
    return start, length


def _is_one_mark(*characters: str) -> bool:
    return any(one > "\x7f" and is_mark(one) for one in characters)


def _cut_tail(previous: str, current: str, length: int) -> int:
    """`length` cut down to the next blank; what stands behind a changed number or ~ is left to it.

    That is the number's unit, and the number that ~ makes a rough one.
    """
    at = previous.find(" ", len(previous) - length)
    ahead = (previous[at - 1 : at], current[at - len(previous) - 1 : at - len(previous)])
    if at > 0 and any(character.isdigit() or character in _ROUGHLY for character in ahead):
        at = previous.find(" ", at + 1)
    return len(previous) - at if at >= 0 else 0


def _merge_roles(found: Iterable[Piece]) -> Iterator[Piece]:
    """Return the pieces with adjacent ones of one role joined."""
    for role, run in groupby(found, key=attrgetter("role")):
        yield Piece(role, "".join(piece.text for piece in run))


def _join_runs(before: Sequence[str], after: Sequence[str]) -> list[tuple[str, str, str]]:
    """Runs of same, deleted and inserted text; what parts two changes without a word joins them."""
    runs: list[tuple[str, str, str]] = []
    for same, gone, new in _find_runs(before, after):
        if runs and not runs[-1][0] and not (gone or new) and _SEAM.fullmatch(same):
            runs[-1] = ("", runs[-1][1] + same, runs[-1][2] + same)
        elif runs and not same and not runs[-1][0]:
            runs[-1] = ("", runs[-1][1] + gone, runs[-1][2] + new)
        else:
            runs.append((same, gone, new))
    return runs


def _find_runs(before: Sequence[str], after: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    """Runs in turn: text of both, or what the one lost and the other gained."""
    for step in Indel.opcodes(before, after):
        gone = "".join(before[step.src_start : step.src_end])
        if step.tag == "equal":
            yield gone, "", ""
        else:
            yield "", gone, "".join(after[step.dest_start : step.dest_end])


def _list_pieces(runs: Iterable[tuple[str, str, str]]) -> Iterator[Piece]:
    for same, gone, new in runs:
        # A seam that was drawn into a run may stand at its end on both sides: it is the same.
        tail = _find_shared_tail(gone, new)
        parts = (
            Piece(SAME, same),
            Piece(DELETED, gone.removesuffix(tail) if tail else gone),
            Piece(INSERTED, new.removesuffix(tail) if tail else new),
            Piece(SAME, tail),
        )
        yield from (piece for piece in parts if piece.text)


def _find_shared_tail(gone: str, new: str) -> str:
    """The blanks and punctuation at the end of both."""
    length = 0
    while length < min(len(gone), len(new)) and gone[-1 - length] == new[-1 - length]:
        if not _SEAM.fullmatch(gone[-1 - length]):
            break
        length += 1
    return gone[len(gone) - length :]
