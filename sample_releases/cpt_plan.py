"""What a decided pair of CPT releases holds."""

from dataclasses import dataclass, field

from cpt_codes import Slot
from cpt_ranges import CATEGORY_2, PLA
from dice import Dice
from words import Words

_CONSUMER_LESS = 3


@dataclass(frozen=True)
class Entry:
    """One code as one release has it."""

    slot: Slot
    words: Words
    consumer: str
    effective: str

    @property
    def code(self) -> str:
        """The code, as text."""
        return self.slot.code


@dataclass
class Plan:
    """Both releases and the truth about their difference."""

    previous: dict[str, Entry] = field(default_factory=dict)
    current: dict[str, Entry] = field(default_factory=dict)
    added: list[str] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    revised: dict[str, str] = field(default_factory=dict)
    consumer_only: list[str] = field(default_factory=list)
    converted: list[tuple[str, str]] = field(default_factory=list)
    renumbered: list[tuple[str, str]] = field(default_factory=list)


def first_entry(slot: Slot) -> Entry:
    """Return the entry as it stands before any change."""
    date = f"20{5 + slot.family * 7 % 20:02}0101"
    return Entry(slot, slot.words, _plain(slot), date)


def _plain(slot: Slot) -> str:
    silent = slot.section == PLA and slot.family % _CONSUMER_LESS == 0
    if silent or slot.section == CATEGORY_2:
        return ""
    what = slot.common.long.partition(",")[0]
    return f"Plain summary: {what[0].lower()}{what[1:]}"


def tier_text(level: int, dice: Dice) -> Words:
    """Return a text of well over a thousand characters, as for a panel of many markers."""
    jobs = ("listed variants", "copy number", "all coding regions", "rare variant", "repeat length")
    letters = "BCDFGHKLMPRSTVWZ"
    markers = [
        f"{''.join(dice.draw(letters, 3))}{dice.below(90) + 1} (inherited trait {number}) "
        f"({dice.pick(jobs)})"
        for number in range(1, 48 + level)
    ]
    return Words(
        f"Gene marker tier {level} (eg, {', '.join(markers)})",
        f"GENE MARKER TIER {level}",
        f"GENE MARKER TIER {level}",
    )


def one_example_more(words: Words) -> Words:
    """Return a long text with one more example at the end of its list."""
    return words._replace(long=f"{words.long[:-1]}, QUX7 (inherited trait 99) (rare variant))")
