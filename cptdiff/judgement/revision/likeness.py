"""When two words are one: forms of a word, slips of the pen, initials."""

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

from rapidfuzz.distance import OSA

from cptdiff.judgement.revision.lexicon import AFFIXES, CONFUSABLE, ENDINGS, FUNCTION

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
    return one != other and bool(_singulars(one) & _singulars(other))


def _singulars(word: str) -> set[str]:
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
    if unaccented(one) == unaccented(other):
        return True
    return any(one.replace(*pair) == other or other.replace(*pair) == one for pair in _BRITISH)


def unaccented(text: str) -> str:
    """`text` without the accents of its letters; an ångström, Å, is no ampere."""
    return "\u00c5".join(_stripped(part) for part in _ANGSTROM.split(text))


def _stripped(text: str) -> str:
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
    return _near(one, other) and not _two_things(one, other)


def _near(one: str, other: str) -> bool:
    return OSA.distance(one, other, score_cutoff=1) <= 1


def _two_things(one: str, other: str) -> bool:
    if any(pair <= {one, other} or _inflected_pair(pair, one, other) for pair in CONFUSABLE):
        return True
    return _swapped(AFFIXES, one, other) or _swapped(
        [ending[::-1] for ending in ENDINGS], one[::-1], other[::-1]
    )


def _inflected_pair(pair: frozenset[str], one: str, other: str) -> bool:
    """As the pair, with one and the same ending more: ureters, urethras."""
    return any(
        {one.removesuffix(end), other.removesuffix(end)} == pair for end in ("s", "al", "es")
    )


def _swapped(beginnings: Sequence[str], one: str, other: str) -> bool:
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
