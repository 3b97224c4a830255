"""Whether words that only moved still mean the same."""

from collections.abc import Sequence
from typing import Final

from cptdiff.judgement.revision.kinds import guard, is_sign
from cptdiff.judgement.revision.lexicon import BOUNDARIES
from cptdiff.judgement.revision.words import APART, COMMA, Word

# What joins the members of a list.
JOINING: Final = frozenset({"and", "or", "and/or", "/"})
# Signs of one thing, or of two in any order.
_EITHER_WAY: Final = frozenset("+\u00b1\u00b0")


def crosses(previous: Sequence[Word], current: Sequence[Word]) -> bool:
    """Whether a moved word has crossed one that gives it its meaning, such as "without".

    Both hold the same words. Members of a list may change places, and words within a clause.
    """
    texts = [[word.text for word in side] for side in (previous, current)]
    guarded = [[text for text in side if guard(text)] for side in texts]
    if guarded[0] == guarded[1] and _clauses(texts[0]) == _clauses(texts[1]):
        return False
    joined = [[text for text in side if text in JOINING] for side in texts]
    return joined[0] != joined[1] or _members(previous) != _members(current)


def _clauses(text: Sequence[str]) -> list[list[str]]:
    """The words between boundaries, in no order; the boundaries in theirs."""
    found: list[list[str]] = [[]]
    for word in text:
        if word in BOUNDARIES or word in JOINING or (is_sign(word) and word not in _EITHER_WAY):
            found += [[word], []]
        else:
            found[-1].append(word)
    return [sorted(clause) for clause in found]


def _members(text: Sequence[Word]) -> list[list[list[str]]]:
    """Between brackets the members of lists parted by commas, and, or: these in no order."""
    found: list[list[list[str]]] = [[[]]]
    for word in text:
        if word.after == APART:
            found.append([[]])
        if word.text in JOINING or word.after == COMMA:
            found[-1].append([])
        if word.text not in JOINING:
            found[-1][-1].append(word.text)
    return [sorted(member for member in run if member) for run in found]
