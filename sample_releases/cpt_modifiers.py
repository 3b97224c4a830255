"""Invented modifiers of two years, and the two files that list them."""

import textwrap
from dataclasses import dataclass, replace

from archive import crlf
from dice import Dice
from words import listed

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
_S = "\N{RIGHT SINGLE QUOTATION MARK}s"
_KINDS = (
    "Harder Than Usual",
    "Shorter Than Planned",
    "Stopped Early",
    "Done Twice",
    "Planned in Stages",
    "Shared Between Two Teams",
    "Done on Both Sides",
    "Done by Video",
    "Required by a Third Party",
    "Apart From the Main Service",
    "With an Assistant",
    f"Within Another Service{_S} Aftercare",
)
_THINGS = listed("operation visit scan test injection treatment study dressing")
_PROSE = (
    "When the {thing} takes more than {number} extra minutes, add this mark and say why.",
    f"The clinician{_S} record must show why the {{thing}} was needed on the same day.",
    "Do not add it when the {thing} was merely late (see also the naïve reader, page {number}).",
    "Add it for a {thing} with {number} or more “unusual” steps; a repeated step counts once.",
    "Note: a {thing} that was never begun has a mark of its own and does not take this one.",
    "The mark sets no price; it explains how the {thing} differed.",
)
_INTRODUCTION = (
    "This list shows the marks of the invented procedure codes. Each mark tells that a",
    "service was altered in some way without becoming another service.",
)
_LEVEL_2_NAMES = {
    "E1": "Upper left, eyelid", "E2": "Lower left, eyelid", "E3": "Upper right, eyelid",
    "E4": "Lower right, eyelid", "FA": "Left hand, thumb", "F1": "Left hand, second digit",
    "F2": "Left hand, third digit", "LC": "Left circumflex coronary artery",
    "LD": "Left anterior descending coronary artery", "LM": "Left main coronary artery",
    "LT": "Left side", "QM": "Ambulance service provided under arrangement by a provider",
    "QN": "Ambulance service furnished directly by a provider", "RC": "Right coronary artery",
    "RT": "Right side", "TA": "Left foot, great toe", "T1": "Left foot, second digit",
    "XS": "Separate structure",
}  # fmt: skip


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
        *(Modifier(LEVEL_2, code, name, "") for code, name in _LEVEL_2_NAMES.items()),
    ]
    previous = [modifier for modifier in everything if modifier.code not in ADDED]
    current = [_as_of_2027(modifier) for modifier in everything if modifier.code not in DELETED]
    return previous, current


def _prose_list(dice: Dice, section: str, codes: str) -> list[Modifier]:
    return [_prose(dice, section, code) for code in codes.split()]


def _prose(dice: Dice, section: str, code: str) -> Modifier:
    thing = dice.pick(_THINGS)
    told = [
        sentence.format(thing=thing, number=2 + dice.below(8)) for sentence in dice.draw(_PROSE, 3)
    ]
    name = f"{thing.title()} {dice.pick(_KINDS)}, by the Same Clinician or Another"
    where = " (day surgery)" if section == ASC else ""
    return Modifier(section, code, f"{name}{where}", " ".join(told))


def _physical_status() -> list[Modifier]:
    states = (
        "in good health",
        "with a mild illness",
        "with a serious illness",
        "with an illness that endangers life",
        "in a critical state",
        "whose organs are given to others",
    )
    return [
        Modifier(
            ANESTHESIA, f"P{number}", f"Physical Status Modifier P{number}", f"A person {state}"
        )
        for number, state in enumerate(states, 1)
    ]


def _category_2() -> list[Modifier]:
    causes = {
        "1P": "the state of health",
        "2P": "the wish of the person",
        "3P": "lack of access",
        "8P": "reasons not given",
    }
    return [
        Modifier(CATEGORY_2, code, "Measure Left Out", f"not counted due to {cause}")
        for code, cause in causes.items()
    ]


def _as_of_2027(modifier: Modifier) -> Modifier:
    if modifier.code in ADDED:
        return replace(modifier, effective="20270101")
    if modifier.code in REVISED:
        text = f"{modifier.text} From this year on, the second clinician signs as well."
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
        return [
            section,
            MAIN,
            "",
            "These marks tell the six states of a person before anesthesia.",
            "",
        ]
    if section == ASC:
        return ["Modifiers for Day Surgery", "", section, ""]
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
