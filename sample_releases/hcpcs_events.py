"""What happens to which HCPCS code between January 2026 and January 2027."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from words import listed

MODIFIERS = listed("A1 A2 A3 AQ BA E1 GA GB GC GQ JW JZ KX LT QA QB RT SA TC U1 X1")


class Ending(NamedTuple):
    """How a code ended: its last valid day, when that was decided, what replaces it."""

    last_day: str
    acted: str
    successor: str = ""


class Event(NamedTuple):
    """What one code has before and after, and what that counts as."""

    told: str
    after: Mapping[str, Any]
    before: Mapping[str, Any] = MappingProxyType({})
    reason: str = ""


def _ends(last_day: str, acted: str, successor: str = "") -> Event:
    after = {"ended": last_day, "acted": acted, "action": "D", "successor": successor}
    if last_day < "20270101":
        return Event("deleted", after, reason="terminated")
    return Event("attributes" if successor else "", after)


def _says(action: str, before: dict[str, str], after: dict[str, str]) -> Event:
    told = "revised" if {"long", "short"} & set(after) else "attributes"
    return Event(told, {**after, "action": action, "acted": "20270101"}, before)


# Ended already before the previous release: no change, whatever the diff of rows says.
ENDED_BEFORE = {
    "A0507": Ending("20241231", "20250101", "A0470"),
    "C0507": Ending("20230630", "20230701"),
    "K0507": Ending("20251231", "20260101", "K0100"),
    "S0507": Ending("20250331", "20250401"),
    "U1": Ending("20241231", "20250101"),
}
# First seen in the current release: the date from which they are valid.
NEW = {
    "A0137": "20260401",
    "C0137": "20260401",
    "C0174": "20260701",
    "E0137": "20261001",
    "G0137": "20270101",
    "G0174": "20270101",
    "J0137": "20270101",
    "J0174": "20270101",
    "L0137": "20270101",
    "M0137": "20270101",
    "Q0137": "20270101",
    "V0137": "20270401",
    "X1": "20270101",
    "GB": "20270101",
}
# Added and ended within the year: valid at neither date.
NEW_ENDED = {
    "C0211": ("20260401", Ending("20260930", "20261001")),
    "C0248": ("20260401", Ending("20260930", "20261001", "C0174")),
    "Q0211": ("20260401", Ending("20260930", "20261001", "Q0137")),
}
EDITS = {
    "A0248": _ends("20261231", "20270101", "A0137"),
    "C0285": _ends("20260331", "20260401"),
    "E0248": _ends("20261231", "20270101", "E0137"),
    "J0248": _ends("20260630", "20260701", "J0137"),
    "K0248": _ends("20260101", "20260102"),
    "T0248": _ends("20261231", "20270101"),
    "H0248": Event("deleted", {"action": "-"}, reason="absent"),
    "BA": _ends("20261231", "20270101"),
    # The end is near, but the code is still valid on the day of the release; naming a
    # successor already changes an attribute.
    "L0248": _ends("20270101", "20270102"),
    "M0248": _ends("20270331", "20270401", "M0137"),
    "P0248": _ends("20271231", "20280101"),
    "R0248": Event(
        "added",
        {"ended": "", "acted": "20270101", "action": "R", "successor": ""},
        {"ended": "20241231", "acted": "20250101", "action": "D", "successor": "R0285"},
        "reinstated",
    ),
    "B0322": _says("C", {"long": "Grommet feed, 300 ml"}, {"long": "Grommet feed, 350 ml"}),
    "E0322": _says(
        "C",
        {"long": "Wheeled bobbin rest, with brake"},
        {"long": "Wheeled bobbin rest, without brake"},
    ),
    "L0322": _says(
        "C",
        {
            "long": "Brace for nuchal dowel, prefabricated, with two straps, a brass buckle, a "
            "felt lining and a spare key, cut to size on the bench by the keeper, each side"
        },
        {
            "long": "Brace for nuchal dowel, prefabricated, with two straps, a brass buckle, a "
            "felt lining and a spare key, off the shelf, handed out by the keeper, each side"
        },
    ),
    "Q0322": _says(
        "C",
        {"long": "Wax, drip (per gram)", "short": "Wax drip per gram"},
        {"long": "Wax, drip, per 10 grams", "short": "Wax drip per 10 gm"},
    ),
    "G0322": _says(
        "B",
        {"long": "Widget parley at home; 15 minutes", "coverage": "C"},
        {"long": "Widget parley at home; 20 minutes", "coverage": "D"},
    ),
    "S0322": _says(
        "B",
        {"long": "Night watch of a kettle", "short": "Night watch kettle", "coverage": "I"},
        {"long": "Night watch of kettles", "short": "Night watch kettles", "coverage": "M"},
    ),
    "H0322": _says("S", {"short": "Mood hour"}, {"short": "Mood hour, per bench"}),
    "T0322": _says("S", {"short": "Lft shelf brush"}, {"short": "Rt shelf brush"}),
    "V0322": _says("S", {"short": "Lens dust 2 pc"}, {"short": "Lens dust, 2 pc"}),
    "A0359": _says("P", {"price": "32"}, {"price": "53"}),
    "J0359": _says("P", {"price": "53"}, {"price": "00"}),
    "K0359": _says("T", {"betos": "D1E"}, {"betos": "D1F"}),
    "R0359": _says("T", {"betos": "I2D"}, {"betos": "I4B"}),
    "M0359": _says("F", {"coverage": "C"}, {"coverage": "S"}),
    "P0359": _says("F", {"coverage": "I"}, {"coverage": "D"}),
    "GA": _says("C", {"long": "Ledger signed, 1 keeper"}, {"long": "Ledger signed, 2 keepers"}),
    "GQ": _says("F", {"coverage": "C"}, {"coverage": "D"}),
    # Unchanged: a no-break space, and a piece that fills its 80 columns.
    "JW": Event(
        "",
        {},
        {
            "long": "Part of a widget drum poured away by the keeper because no other machine on "
            "the bench could use it up on the same day"
        },
    ),
    "B0396": Event("", {}, {"long": 'Felt\u00a0pad, 12\u00a0mm, "soft" side up, each'}),
    "E0396": Event(
        "",
        {},
        {
            "long": "Rotating cotter stand for the workbench with four drawers and a small "
            "lamp, left or right hand"
        },
    ),
}
