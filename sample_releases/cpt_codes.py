"""Invent the codes: where they lie and what family they belong to."""

from collections.abc import Iterator
from dataclasses import dataclass

from cpt_ancillary import LABORATORY_AREAS, RADIOLOGY_AREAS
from cpt_medicine import ANESTHESIA_AREAS, LETTER_AREAS, MEDICINE_AREAS, VISIT_AREAS
from cpt_odd import FAMILY, FAMILY_BEFORE
from cpt_ranges import ANESTHESIA, BANDS, EM, LAB, MEDICINE, RADIOLOGY, SURGERY, Band
from cpt_surgery import SURGERY_AREAS
from cpt_words import OWNS, Area, common
from dice import Dice
from words import Words

_AREAS = {
    EM: VISIT_AREAS,
    ANESTHESIA: ANESTHESIA_AREAS,
    SURGERY: SURGERY_AREAS,
    RADIOLOGY: RADIOLOGY_AREAS,
    LAB: LABORATORY_AREAS,
    MEDICINE: MEDICINE_AREAS,
}

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

    def fresh(self, area: Area) -> Words:
        """Return a common portion of area that no family has yet."""
        while True:
            act, site = self._dice.pick(area.acts), self._dice.pick(area.sites)
            words = common(act, site, self._dice.pick(area.details))
            if words.long not in self._given:
                self._given.add(words.long)
                return words


def find_areas(section: str, code: str) -> list[Area]:
    """Return the areas of section from which code may come: all with the last `first` before it."""
    known = LETTER_AREAS[section] if code[-1].isalpha() else _AREAS[section]
    last = max(area.first for area in known if area.first <= code)
    return [area for area in known if area.first == last]


def invent_slots(dice: Dice, phrases: Phrases) -> list[Slot]:
    """Return every code of both releases, ascending as strings."""
    slots: list[Slot] = []
    for band in BANDS:
        slots += _fill(band, dice, phrases, len(slots))
    slots += _office_family(len(slots))
    return sorted(slots, key=lambda slot: slot.code)


def _fill(band: Band, dice: Dice, phrases: Phrases, already: int) -> Iterator[Slot]:
    place = 0
    while place < band.taken:
        area = dice.pick(find_areas(band.section, _code(band, place, 0)))
        words, owns = phrases.fresh(area), _children(dice, area, band.taken - place)
        for offset, own in enumerate(owns):
            code = _code(band, place, offset)
            index = already + place + offset
            yield Slot(code, band.section, words, own, already + place, FIRST_CONCEPT + index)
        place += len(owns)


def _code(band: Band, place: int, offset: int) -> str:
    width = band.high - band.low + 1
    number = band.low + place * width // band.taken + offset * max(1, width // band.taken // 2)
    return f"{number:04}{band.letter}" if band.letter else f"{number:05}"


def _children(dice: Dice, area: Area, room: int) -> list[Words | None]:
    owns: list[Words | None] = [*OWNS[dice.pick(area.owns)]]
    if dice.below(3) == 0:
        owns[0] = None
    if dice.below(3) == 0:
        owns += [own for own in OWNS[dice.pick(area.owns)] if own not in owns]
    return owns[: min(room, 1 + dice.below(2 * len(owns)))]


def _office_family(already: int) -> Iterator[Slot]:
    for offset, own in enumerate(FAMILY):
        index = already + offset
        yield Slot(f"{99202 + offset}", EM, FAMILY_BEFORE, own, already, FIRST_CONCEPT + index)
