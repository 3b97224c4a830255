"""The words that one wording lost and the other gained, once all likenesses are explained."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from rapidfuzz.distance import Indel

from cptdiff.judgement.revision.kinds import digits, guard, has_digit, is_weighty
from cptdiff.judgement.revision.lexicon import BOUNDARIES, FUNCTION
from cptdiff.judgement.revision.likeness import (
    is_inflected,
    is_initials,
    is_plural,
    is_respelled,
    is_slip,
)
from cptdiff.judgement.revision.words import BRACKET, EXAMPLE, RATIO, Word

# Signs that stand for these words between two things.
_SLASH: Final = frozenset({"or", "and/or", "per"})
_SPOKEN: Final = {"/": _SLASH, RATIO: _SLASH, "+": frozenset({"and", "plus"})}
_ONE_STEM: Final = ("includ", "exclud")

Run = tuple[list[Word], list[Word]]


@dataclass
class Residue:
    """`lost` and `gained` words; how many of substance were kept; what explained the others.

    `likenesses` are plural, respelled, grammar, abbreviated; `slips` are pairs "old new" that may
    be one word misspelled.
    """

    lost: list[Word] = field(default_factory=list)
    gained: list[Word] = field(default_factory=list)
    kept: int = 0
    likenesses: set[str] = field(default_factory=set)
    slips: list[str] = field(default_factory=list)


def residue(previous: Sequence[Word], current: Sequence[Word], near: str) -> Residue:
    """What is left over of the two; `near` are the words right before them."""
    found = Residue()
    found.kept = sum(is_weighty(word) for word in _kept(previous, current))
    ahead = near.split()
    texts = [word.text for word in current]
    for gone, new, at in _runs(previous, current):
        if not (gone and new) and _spells_out(gone or new, current if gone else previous):
            found.likenesses.add("abbreviated")
        else:
            _explain(gone, new, [*ahead, *texts[:at]], found)
    return found


def _steps(previous: Sequence[Word], current: Sequence[Word]) -> list[tuple[str, slice, slice]]:
    """An example is not the thing itself: a word keeps its place only among its like."""
    placed = [[(word.text, word.place == EXAMPLE) for word in side] for side in (previous, current)]
    return [
        (step.tag, slice(step.src_start, step.src_end), slice(step.dest_start, step.dest_end))
        for step in Indel.opcodes(*placed)
    ]


def _kept(previous: Sequence[Word], current: Sequence[Word]) -> Iterator[str]:
    for tag, before, _ in _steps(previous, current):
        if tag == "equal":
            yield from (word.text for word in previous[before])


def _runs(
    previous: Sequence[Word], current: Sequence[Word]
) -> Iterator[tuple[list[Word], list[Word], int]]:
    """Runs of words that differ, with where they begin in `current`."""
    pending: Run = ([], [])
    at = 0
    for tag, before, after in _steps(previous, current):
        if tag == "equal":
            yield *pending, at
            pending, at = ([], []), after.stop
        else:
            pending[0].extend(previous[before])
            pending[1].extend(current[after])
    yield *pending, at


def _explain(gone: list[Word], new: list[Word], ahead: Sequence[str], found: Residue) -> None:
    """Take one run of differing words apart; what no likeness explains is lost or gained."""
    texts = [[word.text for word in run] for run in (gone, new)]
    if "".join(texts[0]) == "".join(texts[1]) and digits(texts[0]) == digits(texts[1]):
        return
    if any(len(one) == 1 and is_initials(one[0], other) for one, other in (texts, texts[::-1])):
        found.likenesses.add("abbreviated")
        return
    for run in (gone, new):
        if len(run) == 1 and run[0].place == BRACKET and _stands_for(run[0].text, ahead):
            run.clear()
            found.likenesses.add("abbreviated")
    pairs = _paired(gone, new)
    alike = [pair for pair in pairs if _is_one(pair[0].text, pair[1].text, found)]
    matched = {id(word) for pair in alike for word in pair}
    found.lost.extend(word for word in gone if id(word) not in matched)
    found.gained.extend(word for word in new if id(word) not in matched)


def _spells_out(run: Sequence[Word], other: Sequence[Word]) -> bool:
    """Whether a run that `other` lacks is what an abbreviation stands for that it has."""
    spelled = [word.text for word in run]
    short = (word.text for word in other if word.text not in BOUNDARIES)
    return any(is_initials(text, spelled) for text in short)


def _stands_for(short: str, ahead: Sequence[str]) -> bool:
    """Whether the words right before a bracket have these initials."""
    most = min(len(ahead), 2 * len(short))
    return any(is_initials(short, ahead[-n:]) for n in range(2, most + 1))


def _paired(gone: Sequence[Word], new: Sequence[Word]) -> list[tuple[Word, Word]]:
    """The words of one run but function words, pairwise where both sides have as many."""
    sides = [[word for word in run if word.text not in FUNCTION] for run in (gone, new)]
    if len(sides[0]) == len(sides[1]):
        return list(zip(*sides, strict=True))
    plurals = ((one, other) for one in sides[0] for other in sides[1])
    return [pair for pair in plurals if is_plural(pair[0].text, pair[1].text)][:1]


def _is_one(one: str, other: str, found: Residue) -> bool:
    """Whether two words are one; how, is noted."""
    if one == other:
        return True
    if one in _SPOKEN.get(other, ()) or other in _SPOKEN.get(one, ()):
        found.likenesses.add("abbreviated")
    elif has_digit(one + other) or guard(one) != guard(other):
        return False
    elif is_plural(one, other):
        found.likenesses.add("plural")
    elif is_respelled(one, other):
        found.likenesses.add("respelled")
    elif any(one.startswith(stem) and other.startswith(stem) for stem in _ONE_STEM):
        found.likenesses.add("grammar")
    elif guard(one):
        return False
    elif is_slip(one, other):
        found.slips.append(f"{one} {other}")
    elif is_inflected(one, other):
        found.likenesses.add("grammar")
    else:
        return False
    return True
