"""HCPCS Level II releases of two years: real wording where a code is real, invented changes."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from archive import crlf, write_zip
from dice import Dice
from hcpcs_events import EDITS, ENDED_BEFORE, MODIFIERS, NEW, NEW_ENDED, Ending, Event
from hcpcs_records import Item, records
from hcpcs_texts import TEXTS
from truth import Truth, changes, pair
from words import FILLERS, squeeze

DATES = ("20260101", "20270101")
NAMES = ("hcpcs-2026-january.zip", "hcpcs-2027-january.zip")
SHORT_WIDTH = 28
_SHORT_WORDS = 5


def write_hcpcs(folder: Path) -> Truth:
    """Write both releases and return what differs."""
    dice = Dice("cptdiff sample HCPCS")
    items = {code: _item(dice, code, *texts) for code, texts in TEXTS.items()}
    previous, current = _apply(items)
    write_zip(folder / NAMES[0], _members(2026, previous))
    write_zip(folder / NAMES[1], _members(2027, current))
    return _truth(previous, current)


def _item(dice: Dice, code: str, long: str, short: str = "") -> Item:
    if code in MODIFIERS:
        return Item(code, long, short or _shorten(long))
    year = 2005 + dice.below(20)
    return Item(
        code,
        long,
        short or _shorten(long),
        price=dice.pick(("00", "32", "53")),
        coverage=dice.pick("CDIM"),
        betos=dice.pick(("D1E", "O1F", "I2D", "P5E")),
        added=f"{year}0101",
        acted=f"{year}0101",
        note=dice.pick(("", "", "0001", "0002")),
    )


def _shorten(long: str) -> str:
    words = [word.strip(",;()") for word in long.split() if word not in FILLERS]
    return squeeze(words[:_SHORT_WORDS], SHORT_WIDTH)


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
        "SOCIETY OF INVENTED CODES",
        f"{year} ALPHANUMERIC SAMPLE",
        "",
        "Nothing here is real.",
    ]
    notes = [
        "   PROCESSING NOTES",
        "",
        " 0001--BILL WITH THE DRUG.  *",
        " 0002--ONE UNIT PER DAY.  *",
    ]
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
        f"*Discontinued codes stay in this list for four years.\u00a0{tabs}",
        tabs,
        f"\u00a0\u00a0A code in this list promises nobody coverage or payment.\u00a0{tabs}",
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
