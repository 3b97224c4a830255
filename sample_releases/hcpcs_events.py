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
    "J3637": "20270101",
    "J3674": "20270101",
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
    "J3748": _ends("20260630", "20260701", "J3637"),
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
    "B0322": _says(
        "C",
        {"long": "Enteral formula, ready to hang, 300 ml"},
        {"long": "Enteral formula, ready to hang, 350 ml"},
    ),
    "E0322": _says(
        "C",
        {"long": "Rollator with padded seat, with brake"},
        {"long": "Rollator with padded seat, without brake"},
    ),
    "L0322": _says(
        "C",
        {
            "long": "Lumbar orthosis, rigid back panel with two straps, a metal stay and a soft "
            "lining, prefabricated, trimmed and fitted to the patient by an orthotist, each"
        },
        {
            "long": "Lumbar orthosis, rigid back panel with two straps, a metal stay and a soft "
            "lining, prefabricated, off-the-shelf, handed out by the supplier, each"
        },
    ),
    "Q0322": _says(
        "C",
        {"long": "Skin substitute, gel (per gram)", "short": "Skin sub gel per gram"},
        {"long": "Skin substitute, gel, per 10 grams", "short": "Skin sub gel per 10 gm"},
    ),
    "G0322": _says(
        "B",
        {
            "long": "Collection of physiologic data at home by remote monitoring; 15 minutes",
            "coverage": "C",
        },
        {
            "long": "Collection of physiologic data at home by remote monitoring; 20 minutes",
            "coverage": "D",
        },
    ),
    "S0322": _says(
        "B",
        {
            "long": "Follow-up call to caregiver of program member",
            "short": "Follow-up call caregiver",
            "coverage": "I",
        },
        {
            "long": "Follow-up call to caregivers of program member",
            "short": "Follow-up call caregivers",
            "coverage": "M",
        },
    ),
    "H0322": _says("S", {"short": "Psysoc rehab grp"}, {"short": "Psysoc rehab grp, per hour"}),
    "T0322": _says("S", {"short": "Lft hand splint fit"}, {"short": "Rt hand splint fit"}),
    "V0322": _says("S", {"short": "Tint photochromic"}, {"short": "Tint, photochromic"}),
    "A0359": _says("P", {"price": "32"}, {"price": "53"}),
    "J3859": _says("P", {"price": "53"}, {"price": "00"}),
    "K0359": _says("T", {"betos": "D1E"}, {"betos": "D1F"}),
    "R0359": _says("T", {"betos": "I2D"}, {"betos": "I4B"}),
    "M0359": _says("F", {"coverage": "C"}, {"coverage": "S"}),
    "P0359": _says("F", {"coverage": "I"}, {"coverage": "D"}),
    "GA": _says(
        "C",
        {"long": "Waiver of liability statement issued as required by payer policy, 1 case"},
        {"long": "Waiver of liability statement issued as required by payer policy, 2 cases"},
    ),
    "GQ": _says("F", {"coverage": "C"}, {"coverage": "D"}),
    # Unchanged: a no-break space, and a piece that fills its 80 columns.
    "JW": Event(
        "",
        {},
        {
            "long": "Drug amount discarded from a single-use vial by the nurse since no other "
            "patient in the clinic was due the drug on that same day"
        },
    ),
    "B0396": Event("", {}, {"long": 'Gastrostomy\u00a0pad, 12\u00a0mm, "soft" side to skin, each'}),
    "E0396": Event(
        "",
        {},
        {
            "long": "Turntable for transfer from bed to chair, padded, with safety rim and "
            "brake, use left or right"
        },
    ),
}
