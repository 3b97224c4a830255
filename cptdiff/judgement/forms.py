"""Words that are forms of one another, and words that changed places."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final

from rapidfuzz.distance import OSA, Levenshtein, Prefix

from cptdiff.judgement.lexicon import (
    AFFIXES,
    BOUNDARIES,
    CONFUSABLE,
    ENDINGS,
    FUNCTION,
    INNER_PARTS,
)
from cptdiff.judgement.words import APART, COMMA, Word, find_control, is_sign

# What joins the members of a list.
JOINING: Final = frozenset({"and", "or", "and/or", "/"})
# Signs of one thing, or of two in any order.
_EITHER_WAY: Final = frozenset("+\u00b1\u00b0")


def crosses(previous: Sequence[Word], current: Sequence[Word]) -> bool:
    """Whether a moved word has crossed one that gives it its meaning, such as "without".

    Both hold the same words. Members of a list may change places, and words within a clause.
    """
    texts = [[word.text for word in side] for side in (previous, current)]
    controls = [[text for text in side if find_control(text)] for side in texts]
    if controls[0] == controls[1] and _split_clauses(texts[0]) == _split_clauses(texts[1]):
        return False
    joined = [[text for text in side if text in JOINING] for side in texts]
    return joined[0] != joined[1] or _split_members(previous) != _split_members(current)


def _split_clauses(text: Sequence[str]) -> list[list[str]]:
    """The words between boundaries, in no order; the boundaries in theirs."""
    found: list[list[str]] = [[]]
    for word in text:
        if word in BOUNDARIES or word in JOINING or (is_sign(word) and word not in _EITHER_WAY):
            found += [[word], []]
        else:
            found[-1].append(word)
    return [sorted(clause) for clause in found]


def _split_members(text: Sequence[Word]) -> list[list[list[str]]]:
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


_IRREGULAR: Final = {
    "feet": "foot", "teeth": "tooth", "geese": "goose", "mice": "mouse", "criteria": "criterion",
    "phenomena": "phenomenon", "media": "medium", "bacteria": "bacterium", "atria": "atrium",
    "septa": "septum", "indices": "index", "matrices": "matrix", "appendices": "appendix",
    "vertices": "vertex", "cortices": "cortex", "calices": "calyx", "phalanges": "phalanx",
    "larynges": "larynx", "foramina": "foramen", "lumina": "lumen", "stomata": "stoma",
}  # fmt: skip
_BRITISH: Final = (
    ("ae", "e"), ("oe", "e"), ("our", "or"), ("yse", "yze"), ("ise", "ize"), ("isation", "ization"),
    ("re", "er"), ("ll", "l"), ("ph", "f"), ("mme", "m"), ("ogue", "og"), ("ence", "ense"),
)  # fmt: skip
# The endings that one verb or adjective takes in turn.
_INFLECTIONS: Final = ("ing", "ed", "es", "s", "e", "")
_SHORT: Final = 5
# Combining classes from here on: below, above and beside a letter.
_ACCENTS: Final = 200
_ANGSTROM: Final = re.compile(r"(?<![^\W\d_])[\u00c5\u00e5](?!\w)")


def is_plural(one: str, other: str) -> bool:
    """Whether the two are singular and plural of one word."""
    return one != other and bool(_list_singulars(one) & _list_singulars(other))


def _list_singulars(word: str) -> set[str]:
    found = {word, _IRREGULAR.get(word, word)}
    for ending, singular in (("ies", "y"), ("es", ""), ("es", "is"), ("s", ""), ("ae", "a"),
                             ("i", "us"), ("ves", "f"), ("men", "man"), ("a", "um")):  # fmt: skip
        if word.endswith(ending) and len(word) - len(ending) >= 2 and not word.endswith("ss"):  # noqa: PLR2004 - a stem
            found.add(word.removesuffix(ending) + singular)
    return found


def is_inflected(one: str, other: str) -> bool:
    """Whether the two are forms of one verb: inserted, inserting, inserts."""
    stems = [
        {word.removesuffix(ending) for ending in _INFLECTIONS if word.endswith(ending)}
        for word in (one, other)
    ]
    return any(len(stem) >= _SHORT - 1 for stem in stems[0] & stems[1])


def is_respelled(one: str, other: str) -> bool:
    """Whether the two are one word with and without accents, or British and American."""
    if strip_accents(one) == strip_accents(other):
        return True
    return any(one.replace(*pair) == other or other.replace(*pair) == one for pair in _BRITISH)


def strip_accents(text: str) -> str:
    """`text` without the accents of its letters; an ångström, Å, is no ampere."""
    if text.isascii():
        return text
    return "\u00c5".join(_strip_marks(part) for part in _ANGSTROM.split(text))


def _strip_marks(text: str) -> str:
    kept: list[str] = []
    on_letter = False
    for character in unicodedata.normalize("NFD", text):
        height = unicodedata.combining(character)
        if not height:
            on_letter = character.isalpha()
        # Lower ones strike a letter through, voice it or stand for a vowel.
        if not (on_letter and height >= _ACCENTS):
            kept.append(character)
    return "".join(kept)


def is_slip(one: str, other: str) -> bool:
    """Whether one may be the other misspelled, by the letters alone: both may be words.

    Known pairs (ileum, ilium), prefixes (hyper, hypo) and endings (-otomy, -ostomy) are no slips.
    """
    if min(len(one), len(other)) < _SHORT or one[0] != other[0]:
        return False
    return _is_near(one, other) and not _are_two_things(one, other)


def _is_near(one: str, other: str) -> bool:
    return OSA.distance(one, other, score_cutoff=1) <= 1


# How long a name is that hardly another is but one letter apart from, and its telling ends.
_LONG_NAME: Final = 10
_NAME: Final = 8
_BEGINNING: Final = 3
_ENDING: Final = 4
# Endings before which a part tells what a drug is made of and acts on.
_BUILT: Final = ("mab", "cept", "nib", "virsen", "leucel", "parvovec", "tide")
_BUILT_ENDING: Final = 9
_EITHER_ENDING: Final = (("in", "ine"), ("or", "er"))
_VOWELS: Final = frozenset("aeiouy")


def is_typing_slip(one: str, other: str) -> bool:
    """Whether a long name has two letters swapped, one doubled, or an ending of two forms."""
    if _has_either_ending(one, other):
        return True
    if min(len(one), len(other)) < _NAME or not _is_near(one, other):
        return False
    if len(one) == len(other):
        return sorted(one) == sorted(other)
    return _squeeze(one) == _squeeze(other)


def _has_either_ending(one: str, other: str) -> bool:
    """Whether the two differ in an ending that is written both ways: -in and -ine, -or and -er."""
    return min(len(one), len(other)) > _SHORT + 1 and any(
        one.endswith(a) and other.endswith(b) and one.removesuffix(a) == other.removesuffix(b)
        for pair in _EITHER_ENDING
        for a, b in (pair, pair[::-1])
    )


def _squeeze(word: str) -> str:
    """Return `word` with each doubled letter once."""
    return "".join(letter for letter, _ in groupby(word))


def is_inner_slip(one: str, other: str) -> bool:
    """Whether one letter within a very long name is missing, too many, or another vowel.

    Beginnings and endings tell drugs apart: there no letter is a trifle.
    """
    if min(len(one), len(other)) < _LONG_NAME:
        return False
    steps = Levenshtein.editops(one, other)
    if len(steps) != 1:
        return False
    (step,) = steps
    at = step.src_pos
    if step.tag == "replace" and not {one[at], other[step.dest_pos]} <= _VOWELS:
        return False
    ending = _BUILT_ENDING if one.endswith(_BUILT) or other.endswith(_BUILT) else _ENDING
    return _BEGINNING <= at < len(one) - ending


def _are_two_things(one: str, other: str) -> bool:
    if any(pair <= {one, other} or _is_inflected_pair(pair, one, other) for pair in CONFUSABLE):
        return True
    if _swaps_beginning(AFFIXES, one, other):
        return True
    if any(one.replace(*pair) == other or other.replace(*pair) == one for pair in INNER_PARTS):
        return True
    endings = [ending[::-1] for ending in ENDINGS]
    return _swaps_beginning(endings, one[::-1], other[::-1]) and not _has_either_ending(one, other)


def _is_inflected_pair(pair: frozenset[str], one: str, other: str) -> bool:
    """As the pair, with one and the same ending more: ureters, urethras."""
    return any(
        {one.removesuffix(end), other.removesuffix(end)} == pair for end in ("s", "al", "es")
    )


def _swaps_beginning(beginnings: Sequence[str], one: str, other: str) -> bool:
    """Whether the two differ in nothing but which of `beginnings` they have, if any."""
    rests = [
        {word: ""} | {word.removeprefix(part): part for part in beginnings if word.startswith(part)}
        for word in (one, other)
    ]
    return any(rests[0][rest] != rests[1][rest] for rest in rests[0].keys() & rests[1].keys())


def is_initials(short: str, long: Sequence[str]) -> bool:
    """Whether `short` is made of the first letters of `long`, small words counted or not."""
    if len(short) < 2 or len(long) < 2 or short.isdigit() or not short.isalnum():  # noqa: PLR2004 - two letters
        return False
    weighty = [word for word in long if word not in FUNCTION and word not in {"and", "or", "for"}]
    return short in {"".join(word[0] for word in run) for run in (long, weighty)}


# What a stem takes where it ends a name, and before the o that joins it to the next.
_STEM_ENDINGS: Final = frozenset(
    ("", "al", "ar", "ic", "ac", "ary", "eal", "ial", "ean", "an", "oid", "ous", "ual", "e", "a",
     "um", "us", "on", "is")
)  # fmt: skip
_STEM_LINKS: Final = frozenset(("", "i", "e"))
_STEM: Final = 3
# Where the order is a direction, or two orders name two things.
_DIRECTED: Final = frozenset(
    ("anter", "poster", "medi", "later", "dors", "ventr", "palm", "plant", "proxim", "dist",
     "infer", "super", "crani", "caud", "cephal", "rostr", "arteri", "ven", "atri", "ventricul",
     "dextr", "sinistr", "sens", "sensor", "mot")
)  # fmt: skip


def is_turned(one: str, other: str) -> bool:
    """Whether two names are made of the same two stems, in turned order: tibiofibular."""
    halves = list(_split_halves(other))
    return any(
        _is_stem(first, last_of_other, _STEM_LINKS) and _is_stem(first_of_other, last, _STEM_LINKS)
        for first, last in _split_halves(one)
        for first_of_other, last_of_other in halves
    )


def _split_halves(word: str) -> Iterator[tuple[str, str]]:
    """Yield what stands before and behind each o that may join two stems."""
    for at in range(_STEM, len(word) - _STEM):
        if word[at] == "o":
            yield word[:at], word[at + 1 :].lstrip("-")


def _is_stem(first: str, last: str, links: frozenset[str]) -> bool:
    """Whether a first half and a last one have the same stem, which tells no direction."""
    stem = first[: Prefix.similarity(first, last)]
    return (
        len(stem) >= _STEM
        and stem not in _DIRECTED
        and first[len(stem) :] in links
        and last[len(stem) :] in _STEM_ENDINGS
    )
