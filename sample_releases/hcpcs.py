"""Invented HCPCS Level II releases of two years."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from archive import crlf, write_zip
from dice import Dice
from hcpcs_events import EDITS, ENDED_BEFORE, MODIFIERS, NEW, NEW_ENDED, Ending, Event
from hcpcs_records import Item, records
from truth import Truth, changes, pair
from words import PARTS, SITES, STUFFS, brief

LETTERS = "ABCEGHJKLMPQRSTUV"
PER_LETTER = 12
DATES = ("20260101", "20270101")
NAMES = ("hcpcs-2026-january.zip", "hcpcs-2027-january.zip")
_HIRE = (
    "Hire of {mood} {part}, including {stuff}, delivery, setting up, a spin test, one spare key "
    "and the keeper's handbook for the {site} {part}, per month, when ordered by the keeper"
)
_FORMS = (
    "{mood} {site} {part}, each",
    "{mood} {part} with {stuff}, per 10 grams",
    "{mood} {site} {part}, any size, with {stuff} lining",
    _HIRE,
)
_MOODS = ("folding", "sterile", "spare", "padded", "wheeled", "reusable", "left-hand", "brass")


def write_hcpcs(folder: Path) -> Truth:
    """Write both releases and return what differs."""
    dice = Dice("cptdiff sample HCPCS")
    items = {item.code: item for item in (*_procedures(dice), *_modifiers(dice))}
    previous, current = _apply(items)
    write_zip(folder / NAMES[0], _members(2026, previous))
    write_zip(folder / NAMES[1], _members(2027, current))
    return _truth(previous, current)


def _procedures(dice: Dice) -> list[Item]:
    codes = [f"{letter}{100 + 37 * n:04}" for letter in LETTERS for n in range(PER_LETTER)]
    return [_invent(dice, code) for code in codes]


def _modifiers(dice: Dice) -> list[Item]:
    return [
        Item(code, f"{dice.pick(_MOODS).title()} {dice.pick(PARTS)} on row {code}", f"Row {code}")
        for code in MODIFIERS
    ]


def _invent(dice: Dice, code: str) -> Item:
    mood, site, part = dice.pick(_MOODS), dice.pick(SITES), dice.pick(PARTS)
    stuff = dice.pick(STUFFS)
    long = dice.pick(_FORMS).format(mood=mood, site=site, part=part, stuff=stuff)
    short = f"{brief(mood, 6)} {brief(site, 5)} {brief(part, 6)} {brief(stuff, 6)}".capitalize()
    year = 2005 + dice.below(20)
    return Item(
        code,
        long[0].upper() + long[1:],
        short,
        price=dice.pick(("00", "32", "53")),
        coverage=dice.pick("CDIM"),
        betos=dice.pick(("D1E", "O1F", "I2D", "P5E")),
        added=f"{year}0101",
        acted=f"{year}0101",
        note=dice.pick(("", "", "0001", "0002")),
    )


def _apply(items: Mapping[str, Item]) -> tuple[dict[str, Item], dict[str, Item]]:
    previous, current = dict(items), dict(items)
    for code, end in ENDED_BEFORE.items():
        previous[code] = current[code] = _end(items[code], end)
    for code, edit in EDITS.items():
        previous[code], current[code] = _edited(items[code], edit)
    for code, start in NEW.items():
        del previous[code]
        current[code] = replace(items[code], added=start, acted=start, action="A")
    for code, (start, ending) in NEW_ENDED.items():
        del previous[code]
        current[code] = replace(_end(items[code], ending), added=start)
    return previous, {code: item for code, item in current.items() if item.action != "-"}


def _end(item: Item, end: Ending) -> Item:
    return replace(item, ended=end.last_day, acted=end.acted, action="D", successor=end.successor)


def _edited(item: Item, event: Event) -> tuple[Item, Item]:
    old = replace(item, **event.before)
    return old, replace(old, **event.after)


def _members(year: int, items: Mapping[str, Item]) -> dict[str, bytes]:
    ordered = sorted(items.values(), key=lambda item: (not item.is_modifier, item.code))
    lines = records(ordered, trimmed=year == int(DATES[0][:4]))
    lines = [*lines, ""] if year == int(DATES[0][:4]) else [*_disclaimer(), *lines]
    readme = [
        "SOCIETY OF INVENTED WIDGETS",
        f"{year} ALPHANUMERIC SAMPLE",
        "",
        "Nothing here is real.",
    ]
    notes = ["   PROCESSING NOTES", "", " 0001--KEEP DRY.  *", " 0002--A0100 IS A WIDGET.  *"]
    return {
        f"HCPC{year}_JAN_ANWEB.txt": crlf(lines).encode("cp1252"),
        f"HCPC{year}_README.txt": crlf(readme).encode("ascii"),
        f"proc_notes_{year}.txt": crlf(notes).encode("ascii"),
    }


def _disclaimer() -> list[str]:
    tabs = "\t" * 40
    return [
        f"***Disclaimers{tabs}",
        tabs,
        f"*Discontinued widgets stay in this list for four years.\u00a0{tabs}",
        tabs,
        f"\u00a0\u00a0The list promises nobody a widget, nor the price of one.\u00a0{tabs}",
        "",
        "",
    ]


def _truth(previous: Mapping[str, Item], current: Mapping[str, Item]) -> Truth:
    kinds = {"code": 5, "modifier": 2}
    releases = {"previous": (previous, DATES[0]), "current": (current, DATES[1])}
    return {
        **pair(NAMES[0], NAMES[1:]),
        "changes": {kind: _changes(width) for kind, width in kinds.items()},
        "entries": {
            side: {
                kind: sum(len(i.code) == width and i.valid_on(date) for i in items.values())
                for kind, width in kinds.items()
            }
            for side, (items, date) in releases.items()
        },
        "rows": {
            side: {kind: sum(len(code) == width for code in items) for kind, width in kinds.items()}
            for side, (items, _) in releases.items()
        },
        "reasons": {code: event.reason for code, event in EDITS.items() if event.reason},
    }


def _changes(width: int) -> dict[str, list[str]]:
    told = {code: event.told for code, event in EDITS.items() if len(code) == width}

    def of(kind: str) -> list[str]:
        return [code for code, word in told.items() if word == kind]

    return changes(
        [*of("added"), *(code for code in NEW if len(code) == width)],
        of("deleted"),
        of("revised"),
        of("attributes"),
        [code for code in NEW_ENDED if len(code) == width],
    )
