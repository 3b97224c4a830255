"""What kind of number an edit moved, and how far."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from cptdiff.judgement.words import Word, has_digit

# What months and years measure: a time, or an age.
YEARS: Final = "years"
NUMBER: Final = "number"
# What is no amount: another code, and a word with a digit in it.
REFERENCE: Final = "reference"
NAME: Final = "name"
# Each unit with what it measures, and how many of the smallest it has. Units of one kind convert.
_UNITS: Final = {
    "mcg": ("dose", 1e-6), "mg": ("dose", 1e-3), "g": ("dose", 1.0), "kg": ("weight", 1e3),
    "pound": ("weight", 453.6), "ounce": ("weight", 28.35),
    "iu": ("dose in units", 1.0), "unit": ("dose in units", 1.0), "meq": ("dose in meq", 1.0),
    "mci": ("radiation dose", 1.0), "uci": ("radiation dose", 1e-3), "gy": ("dose in gray", 1.0),
    "ml": ("volume", 1.0), "dl": ("volume", 100.0), "l": ("volume", 1e3),
    "pint": ("volume", 473.2), "quart": ("volume", 946.4), "gallon": ("volume", 3785.0),
    "mm": ("size", 0.1), "cm": ("size", 1.0), "inch": ("size", 2.54),
    "foot": ("size", 30.48), "yard": ("size", 91.44), "km": ("distance", 1.0),
    "mile": ("distance", 1.609), "french": ("size in French", 1.0), "gauge": ("gauge", 1.0),
    "second": ("time", 1.0), "minute": ("time", 60.0), "hour": ("time", 3600.0),
    "day": ("time", 86_400.0), "week": ("time", 604_800.0), "month": (YEARS, 2_629_800.0),
    "year": (YEARS, 31_557_600.0), "%": ("share", 1.0), "percentile": ("share", 1.0),
    "view": ("count", 1.0), "dose": ("count", 1.0),
}  # fmt: skip
# What two units of different names measure alike.
_ALIKE: Final = {"weight": "dose", YEARS: "time"}
_VALUE: Final = re.compile(r"-?\d+(?:\.\d+)?")
# Behind such words a number and the next one have the same unit: 15 to 29 minutes.
_JOINS: Final = frozenset({"to", "or", "and", "through"})
# A code of CPT or HCPCS: a name, and no amount.
_CODE: Final = re.compile(r"[a-v]\d{4}|\d{5}|\d{4}[aftmu]")


class Amount(NamedTuple):
    """A value in the smallest unit of what is measured; `text` where it is a name, not a value."""

    measure: str
    value: float
    text: str = ""


class Move(NamedTuple):
    """What kind of number moved, and how.

    `step` is moved, replaced (by one of another kind), added or removed; `ratio` is current's value
    in terms of previous's, 0 where they do not compare.
    """

    measure: str = ""
    step: str = ""
    ratio: float = 0.0


def compare_amounts(previous: Sequence[Word], current: Sequence[Word]) -> Move:
    """Return the move of the amount that went farthest, of those that only one text has."""
    before, after = Counter(_list_amounts(previous)), Counter(_list_amounts(current))
    lost, gained = list((before - after).elements()), list((after - before).elements())
    moves = sorted(_pair_amounts(lost, gained), key=_measure_distance, reverse=True)
    if moves:
        return moves[0]
    named = sorted((*lost, *gained), key=lambda one: bool(one.text))
    if not named:
        return Move()
    step = "replaced" if lost and gained else "removed" if lost else "added"
    return Move(named[0].measure, step)


# The units by which drugs are billed, and how descriptors spell them.
_BILLED: Final = {
    "microgram": "mcg", "mcg": "mcg", "milligram": "mg", "mg": "mg",
    "gram": "g", "gm": "g", "g": "g", "i.u.": "iu", "iu": "iu", "unit": "unit", "meq": "meq",
    "millicurie": "mci", "mci": "mci", "microcurie": "uci", "uci": "uci",
    "milliliter": "ml", "ml": "ml", "cc": "ml",
}  # fmt: skip
_BILLED_AMOUNT: Final = re.compile(
    rf"(?i)(?<![\w.,])(\d[\d,]*(?:\.\d+)?|\.\d+)\s*-?\s*({'|'.join(map(re.escape, _BILLED))})"
    r"s?(?![\w%/])"
)
_PER_DOSE: Final = re.compile(r"(?i)\bper (?:\w+ )?dose\b")
_IN_PARENTHESES: Final = re.compile(r"\([^()]*\)")


def describe_unit_change(previous: str, current: str) -> str:
    """As in "unit changes from 10 mg to 1 mg"; empty where it is the same, or one has none.

    The unit is every amount of a drug in a descriptor; without any, "per dose" is one.
    """
    before, after = _list_billed(previous), _list_billed(current)
    if not before or not after or Counter(before.values()) == Counter(after.values()):
        return ""
    return f"unit changes from {' and '.join(before)} to {' and '.join(after)}"


def _list_billed(descriptor: str) -> dict[str, tuple[str, float]]:
    """The amounts of drugs in a descriptor as they stand there, each with measure and value."""
    bare = _IN_PARENTHESES.sub(" ", descriptor)
    found = {}
    for amount in _BILLED_AMOUNT.finditer(bare):
        measure, factor = _UNITS[_BILLED[amount[2].lower()]]
        found[amount[0]] = measure, round(float(amount[1].replace(",", "")) * factor, 9)
    dose = None if found else _PER_DOSE.search(bare)
    return {dose[0]: ("count", 1.0)} if dose else found


def _pair_amounts(lost: Sequence[Amount], gained: list[Amount]) -> Iterator[Move]:
    """Yield the move of each amount to the first like one: of the same units rather."""
    left = list(gained)
    for one in lost:
        alike = [it for it in left if _name_kind(it) == _name_kind(one) and not one.text]
        if alike:
            other = next((it for it in alike if it.measure == one.measure), alike[0])
            left.remove(other)
            if one.value > 0 and other.value > 0:
                yield Move(one.measure, "moved", other.value / one.value)


def _name_kind(amount: Amount) -> str:
    return _ALIKE.get(amount.measure, amount.measure)


def _measure_distance(move: Move) -> float:
    return max(move.ratio, 1 / move.ratio)


def _list_amounts(words: Sequence[Word]) -> Iterator[Amount]:
    """Yield the amounts of a text; a unit whose number is elsewhere is one of it."""
    for at, word in enumerate(words):
        text = word.text
        if _VALUE.fullmatch(text) and not _CODE.fullmatch(text):
            measure, factor = _UNITS.get(_find_unit(words, at), (NUMBER, 1.0))
            yield Amount(measure, float(text) * factor)
        elif has_digit(text):
            yield Amount(REFERENCE if _CODE.fullmatch(text) else NAME, 0.0, text)
        elif text in _UNITS and not any(
            has_digit(near.text) for near in words[max(at - 2, 0) : at]
        ):
            yield Amount(*_UNITS[text])


def _find_unit(words: Sequence[Word], at: int) -> str:
    """Return the unit of the number at `at`: right behind it, or behind those it is joined to."""
    while at + 1 < len(words):
        text = words[at + 1].text
        if words[at + 1].unit or text in _UNITS:
            return text
        is_joined = text in _JOINS and at + 2 < len(words)
        if not is_joined or not _VALUE.fullmatch(words[at + 2].text):
            return ""
        at += 2
    return ""
