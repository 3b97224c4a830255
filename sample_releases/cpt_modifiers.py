"""Invented modifiers of two years, and the two files that list them."""

import textwrap
from dataclasses import dataclass, replace

from archive import crlf
from dice import Dice
from words import PARTS

MAIN = "Modifiers"
ANESTHESIA = "Anesthesia Physical Status"
ASC = "CPT Level I Modifiers"
CATEGORY_2 = "Category II Modifiers"
LEVEL_2 = "Level II (HCPCS/National) Modifiers"
ADDED, DELETED, REVISED = ("94", "XS"), ("QN",), ("24",)

_MAIN_CODES = (
    "22 23 24 25 26 27 32 33 47 50 51 52 53 54 55 56 57 58 59 62 63 66 76 77 78 79 80 81 82 90 91 "
    "92 93 94 95 96 97 99"
)
_ASC_CODES = "25 27 50 52 58 59 73 74 76 77 78 79 91"
_LEVEL_2_CODES = "E1 E2 E3 E4 FA F1 F2 LC LD LM LT QM QN RC RT TA T1 XS"
_S = "\N{RIGHT SINGLE QUOTATION MARK}s"
_MOODS = (
    "Stubborn",
    "Doubled",
    "Unusually Noisy",
    "Second",
    "Staged",
    "Interrupted",
    "Shared",
    "Left-Handed",
    "Remote",
    "Reduced",
    "Separate but Equally Loud",
    "Repeated",
    f"Assistant{_S}",
    "Mandated",
    "Multiple",
)
_PROSE = (
    "When the {part} resists longer than {number} minutes, say so by adding this mark to the line.",
    f"The keeper{_S} ledger must show why the {{part}} was touched on the same day.",
    "Not to be added when the {part} is merely dusty (see also the café rules, part {number}).",
    "It is meant for benches with {number} or more stools; a “borrowed” stool counts as one.",
    "Note: a {part} that hums is handled under the rules for humming parts, not under this one.",
    "The mark changes no price; it explains why the {part} went round twice.",
)
_INTRODUCTION = (
    "This list shows the marks of the invented bench code. Each mark tells that a",
    "service was altered in some way without becoming another service.",
)


@dataclass(frozen=True)
class Modifier:
    """One modifier in one of the lists of Appendix A."""

    section: str
    code: str
    name: str
    text: str
    effective: str = "20100101"

    @property
    def level(self) -> str:
        """Return which level of the code set the modifier belongs to."""
        return "II" if self.section == LEVEL_2 else "I"

    @property
    def line(self) -> str:
        """Return the modifier as Appendix A tells it, in one line."""
        told = f"{self.name}: {self.text}" if self.text else self.name
        return told if self.section == ANESTHESIA else f"{self.code} {told}"


def plan_modifiers(seed: str) -> tuple[list[Modifier], list[Modifier]]:
    """Return the modifiers of the previous and of the current release."""
    dice = Dice(seed)
    everything = [
        *_prose_list(dice, MAIN, _MAIN_CODES),
        *_physical_status(),
        *_prose_list(dice, ASC, _ASC_CODES),
        *_category_2(),
        *(_side(dice, code) for code in _LEVEL_2_CODES.split()),
    ]
    previous = [modifier for modifier in everything if modifier.code not in ADDED]
    current = [_as_of_2027(modifier) for modifier in everything if modifier.code not in DELETED]
    return previous, current


def _prose_list(dice: Dice, section: str, codes: str) -> list[Modifier]:
    return [_prose(dice, section, code) for code in codes.split()]


def _prose(dice: Dice, section: str, code: str) -> Modifier:
    part = dice.pick(PARTS)
    told = [
        sentence.format(part=part, number=2 + dice.below(80)) for sentence in dice.draw(_PROSE, 3)
    ]
    name = f"{dice.pick(_MOODS)} {part.title()} Handled by the Same Keeper or Another"
    where = " (outdoor benches)" if section == ASC else ""
    return Modifier(section, code, f"{name}{where}", " ".join(told))


def _physical_status() -> list[Modifier]:
    states = ("silent", "humming", "rattling", "smoking", "glowing", "dismantled")
    return [
        Modifier(
            ANESTHESIA, f"P{number}", f"Physical Status Modifier P{number}", f"A {state} machine"
        )
        for number, state in enumerate(states, 1)
    ]


def _category_2() -> list[Modifier]:
    causes = {"1P": "rust", "2P": "reluctance", "3P": "power cuts", "8P": "reasons not given"}
    return [
        Modifier(CATEGORY_2, code, "Tally Left Out", f"not counted due to {cause}")
        for code, cause in causes.items()
    ]


def _side(dice: Dice, code: str) -> Modifier:
    return Modifier(LEVEL_2, code, f"{dice.pick(PARTS).title()} on shelf {code}", "")


def _as_of_2027(modifier: Modifier) -> Modifier:
    if modifier.code in ADDED:
        return replace(modifier, effective="20270101")
    if modifier.code in REVISED:
        text = f"{modifier.text} From this year on, the second keeper signs as well."
        return replace(modifier, text=text, effective="20270101")
    return modifier


def modul_text(preamble: list[str], modifiers: list[Modifier]) -> str:
    """Return Appendix A as prose."""
    lines = [*preamble, "Appendix A", "", MAIN, "", *_INTRODUCTION, ""]
    section = MAIN
    for modifier in modifiers:
        if modifier.section != section:
            section = modifier.section
            lines += _heading(section)
        lines += [*textwrap.wrap(modifier.line, 76, break_on_hyphens=False), ""]
    return crlf(lines)


def _heading(section: str) -> list[str]:
    if section == ANESTHESIA:
        return [section, MAIN, "", "The six states of a machine are told by these marks.", ""]
    if section == ASC:
        return ["Modifiers for Benches Out of Doors", "", section, ""]
    return [section, ""]


def modifiers_table(prose: list[str], modifiers: list[Modifier]) -> str:
    """Return the tab-separated list of the current format."""
    header = (
        "ConceptID\tModifier Code\tLevel I/II\tModifier Descriptor Effective\tModifier Name\t"
        "Modifier Description\tSection (Main Section)"
    )
    rows = [
        "\t".join(
            (str(1_900_001 + number), m.code, m.level, m.effective, m.name, m.text, m.section)
        )
        for number, m in enumerate(modifiers)
    ]
    return crlf([*prose, header, *rows])
