"""What kind of difference there is between two wordings, as plain marks for the classes."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from cptdiff.judgement.revision.kinds import digits, guard, has_digit, is_weighty
from cptdiff.judgement.revision.lexicon import DENIALS, FUNCTION, GUARDED, REDUNDANT
from cptdiff.judgement.revision.likeness import unaccented
from cptdiff.judgement.revision.order import JOINING, crosses
from cptdiff.judgement.revision.residue import Residue, residue
from cptdiff.judgement.revision.words import (
    BRACKET,
    CHARGE,
    EXAMPLE,
    OPEN,
    Word,
    bare,
    optional_plural,
    plain,
    words,
)

_SPACED: Final = (*((f" {sign}", sign) for sign in ",;:.)]"), ("( ", "("), ("[ ", "["))


class Edit(NamedTuple):
    """The differing middle of two wordings, and what stands before it.

    `place` tells whether the middle begins inside brackets or an example list; `near` are the last
    words before it where it opens a bracket, for initials.
    """

    previous: str
    current: str
    place: str = OPEN
    near: str = ""


@dataclass
class Marks:
    """What was found; each name is a column that the classes' expressions read.

    `same` is the first normalisation after which both are equal. `slips` are pairs that may be one
    word misspelled. `lone` is the only word that was lost, for those who know the rest.
    `lost`, `gained` and `kept` count the middle's words of substance.
    """

    same: str = ""
    number: bool = False
    comparator: bool = False
    negation: bool = False
    side: bool = False
    age: bool = False
    logic: bool = False
    crossed: bool = False
    reordered: bool = False
    plural: bool = False
    respelled: bool = False
    grammar: bool = False
    redundant: bool = False
    abbreviated: bool = False
    scope: bool = False
    example: bool = False
    bracket: bool = False
    slips: list[str] = field(default_factory=list)
    lone: str = ""
    lost: int = 0
    gained: int = 0
    kept: int = 0


def marks(edit: Edit) -> Marks:
    """What kind of difference `edit` is."""
    before, after = plain(edit.previous), plain(edit.current)
    previous, current = words(before, edit.place), words(after, edit.place)
    same = _same(edit, before, after)
    if same:
        return Marks(same=same, bracket=_optional(previous) != _optional(current))
    if [word.text for word in previous] == [word.text for word in current]:
        return Marks(same="abbreviation")
    if _unspaced(unaccented(before)) == _unspaced(unaccented(after)):
        return Marks(respelled=True)
    left = residue(previous, current, edit.near)
    if not (left.lost or left.gained or left.likenesses or left.slips):
        return Marks(same="punctuation")
    found = Marks(kept=left.kept, slips=left.slips)
    for likeness in left.likenesses:
        setattr(found, likeness, True)
    _weigh(left, previous, current, found)
    return found


def _optional(side: Sequence[Word]) -> list[Word]:
    """Words that make an entry narrower unless they stand in brackets: (acute)."""
    return [word for word in side if word.text in GUARDED]


def _same(edit: Edit, before: str, after: str) -> str:
    """The first of the normalisations of workflow.md c2 after which the two are one."""
    stages = (
        ("white-space", (edit.previous, edit.current), _unspaced),
        ("encoding", (before, after), lambda text: _unspaced(text).replace(CHARGE, "-")),
        ("case", (before, after), lambda text: _unspaced(text).casefold()),
        ("punctuation", (before, after), bare),
    )
    for name, (one, other), form in stages:
        if form(one) == form(other):
            return name
    return "punctuation" if _is_compound(before, after) else ""


def _is_compound(before: str, after: str) -> bool:
    """Whether the two differ only in where words part: post surgery, post-surgery, postsurgery."""
    if optional_plural(before) or optional_plural(after):
        return False
    sides = [bare(text) for text in (before, after)]
    return "".join(sides[0]) == "".join(sides[1]) and digits(sides[0]) == digits(sides[1])


def _unspaced(text: str) -> str:
    spaced = " ".join(text.split())
    for apart, close in _SPACED:
        spaced = spaced.replace(apart, close)
    return spaced


def _weigh(left: Residue, previous: Sequence[Word], current: Sequence[Word], found: Marks) -> None:
    """Mark what the words left over are; those on both sides have only moved."""
    moved = Counter(w[:2] for w in left.lost) & Counter(w[:2] for w in left.gained)
    lost, gained = _without(left.lost, moved), _without(left.gained, moved)
    if moved:
        skipped = {word.text for word in (*lost, *gained)}
        found.reordered = True
        found.crossed = crosses(
            *([w for w in side if w.text not in skipped] for side in (previous, current))
        )
    for word in (*lost, *gained):
        _mark(word, found)
    found.logic |= _closed(lost, gained)
    found.negation |= any(_negated(one.text, other.text) for one in lost for other in gained)
    heavy = [[w.text for w in side if is_weighty(w.text)] for side in (lost, gained)]
    found.lost, found.gained = map(len, heavy)
    if (found.lost, found.gained) == (1, 0):
        found.lone = heavy[0][0]


def _closed(lost: Sequence[Word], gained: Sequence[Word]) -> bool:
    """Whether examples became the thing itself or the reverse: eg to ie, or "eg" alone dropped."""
    sides = [{(word.text, word.place == EXAMPLE) for word in side} for side in (lost, gained)]
    if any((text, not is_example) in sides[1] for text, is_example in sides[0]):
        return True
    examples = [{text for text, is_example in side if is_example} for side in sides]
    return {"eg"} in examples


def _negated(one: str, other: str) -> bool:
    """Whether one of the two is the other with a prefix that denies it: nondisplaced."""
    return any(prefix + one == other or prefix + other == one for prefix in DENIALS)


def _without(listed: Iterable[Word], moved: Counter[tuple[str, str]]) -> list[Word]:
    left = Counter(moved)
    kept = []
    for word in listed:
        if left[word[:2]] > 0:
            left[word[:2]] -= 1
        else:
            kept.append(word)
    return kept


def _mark(word: Word, found: Marks) -> None:
    """Mark what it means that `word` was lost or gained."""
    text, guarded = word.text, guard(word.text)
    if text in FUNCTION:
        found.grammar = True
    elif word.place == EXAMPLE and (text in JOINING or text == "eg"):
        found.example = True
    elif text == "/":
        found.abbreviated = True
    elif word.unit or has_digit(text):
        found.number = True
    elif guarded:
        setattr(found, guarded, True)
    elif text in REDUNDANT:
        found.redundant = True
    elif word.place == EXAMPLE:
        found.example = True
    elif word.place == BRACKET and text not in GUARDED and not text.startswith("non"):
        found.bracket = True
    else:
        found.scope = True
