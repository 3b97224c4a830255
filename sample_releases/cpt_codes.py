"""Invent the codes: where they lie and what family they belong to."""

from collections.abc import Iterator
from dataclasses import dataclass

from cpt_odd import FAMILY, FAMILY_BEFORE
from cpt_ranges import BANDS, EM, Band
from dice import Dice
from words import DETAILS, LABORATORY, PARTS, SITES, STUFFS, SUFFIXES, VERBS, Words, phrase

FIRST_CONCEPT = 1_000_101


@dataclass(frozen=True)
class Slot:
    """A code number with the family it belongs to and its own portion."""

    code: str
    section: str
    common: Words
    own: Words | None
    family: int
    concept: int

    @property
    def words(self) -> Words:
        """The full text."""
        return self.common.then(self.own)


class Phrases:
    """Common portions, each given out once."""

    def __init__(self, dice: Dice) -> None:
        self._dice = dice
        self._given: set[str] = set()

    def fresh(self, section: str) -> Words:
        """Return a common portion that no family has yet."""
        things = STUFFS if section in LABORATORY else PARTS
        while True:
            verb, site = self._dice.pick(VERBS[section]), self._dice.pick(SITES)
            words = phrase(verb, site, self._dice.pick(things), self._dice.pick(DETAILS))
            if words.short not in self._given:
                self._given.add(words.short)
                return words


def invent_slots(dice: Dice, phrases: Phrases) -> list[Slot]:
    """Return every code of both releases, ascending as strings."""
    slots: list[Slot] = []
    for band in BANDS:
        slots += _fill(band, dice, phrases, len(slots))
    slots += _parley_family(len(slots))
    return sorted(slots, key=lambda slot: slot.code)


def _fill(band: Band, dice: Dice, phrases: Phrases, already: int) -> Iterator[Slot]:
    place = 0
    while place < band.taken:
        common, owns = phrases.fresh(band.section), _children(dice, band.taken - place)
        for offset, own in enumerate(owns):
            code = _code(band, place, offset)
            index = already + place + offset
            yield Slot(code, band.section, common, own, already + place, FIRST_CONCEPT + index)
        place += len(owns)


def _code(band: Band, place: int, offset: int) -> str:
    width = band.high - band.low + 1
    number = band.low + place * width // band.taken + offset * max(1, width // band.taken // 2)
    return f"{number:04}{band.letter}" if band.letter else f"{number:05}"


def _children(dice: Dice, room: int) -> list[Words | None]:
    owns: list[Words | None] = [*dice.pick(SUFFIXES)]
    if dice.below(3) == 0:
        owns[0] = None
    if dice.below(3) == 0:
        owns += [own for own in dice.pick(SUFFIXES) if own not in owns]
    return owns[: min(room, 1 + dice.below(2 * len(owns)))]


def _parley_family(already: int) -> Iterator[Slot]:
    for offset, own in enumerate(FAMILY):
        index = already + offset
        yield Slot(f"{99202 + offset}", EM, FAMILY_BEFORE, own, already, FIRST_CONCEPT + index)
