"""An invented chargemaster: 5,000 lines with the dirt of real ones, and which of them are touched.

Its codes are those of the CPT and HCPCS samples of 2026. What becomes of each code is decided by
`plan_cpt` and by `hcpcs_events`; nothing here looks at a comparison.
"""

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import hcpcs_events as events
from chargemaster_cells import ASIDE, BLANK, DRUGS, FORMS, NO_CODES, UNKNOWN, Cell
from cpt import plan_cpt
from cpt_modifiers import REVISED as REVISED_MODIFIERS
from cpt_plan import Plan
from cpt_ranges import (
    ANESTHESIA,
    CATEGORY_2,
    CATEGORY_3,
    EM,
    LAB,
    MEDICINE,
    PLA,
    RADIOLOGY,
    SURGERY,
)
from dice import Dice
from hcpcs_texts import TEXTS
from truth import Truth
from words import squeeze

NAME = "chargemaster-2026.csv"
LINES = 5_000
DEPARTMENTS = {
    "310": "Radiology", "320": "Laboratory", "330": "Pathology", "340": "Operating Room",
    "350": "Anesthesia", "360": "Emergency", "370": "Cardiology", "380": "Rehabilitation",
    "390": "Pharmacy", "400": "Supplies", "410": "Clinic", "420": "Nursing Units",
}  # fmt: skip
HEADER = (
    "Charge Number", "Dept", "Department Name", "Charge Description", "CPT/HCPCS\nCode", "Rev Code",
    "Price", "Annual Volume",
)  # fmt: skip
# Above the header, as reports of other systems have it.
TITLE: tuple[list[str], ...] = (
    ["Invented Valley Hospital"],
    ["Charge Description Master, fiscal year 2026"],
    [],
)
_BY_SECTION = {
    ANESTHESIA: ("350",), EM: ("360", "410"), SURGERY: ("340", "360", "410"), RADIOLOGY: ("310",),
    LAB: ("320", "330"), MEDICINE: ("370", "380", "410"), CATEGORY_3: ("340",), PLA: ("330",),
}  # fmt: skip
_BY_LETTER = {"J": ("390",), "Q": ("390",), "A": ("400",), "E": ("400",), "L": ("400",)}
_REVENUE = {"310": "0320", "320": "0300", "330": "0310", "340": "0360", "350": "0370",
            "360": "0450", "370": "0480", "380": "0420", "390": "0250", "400": "0270",
            "410": "0510", "420": "0120"}  # fmt: skip
# How many codes of each status are listed, and on how many lines each stands at most.
_SHARES = {
    "cpt": {"deleted": 24, "revised": 36, "attributes-only": 6, "not-yet-valid": 3},
    "hcpcs": {"deleted": 4, "revised": 6, "attributes-only": 3, "not-yet-valid": 2,
              "ended-before": 3, "transient": 1},
}  # fmt: skip
_MOST_LINES = 4
_UNCHANGED = 3_300
_WIDTH = 34


class Line(NamedTuple):
    """A line: its department, what it says, its cell, and what touches it (code, part, status)."""

    department: str
    text: str
    cell: Cell
    touched: tuple[tuple[str, str, str], ...] = ()


class Codes(NamedTuple):
    """The codes of 2026 that are the same in 2027, and all others by code set and status."""

    same: Sequence[str]
    others: Mapping[str, Mapping[str, Sequence[str]]]
    texts: Mapping[str, str]
    homes: Mapping[str, Sequence[str]]


def write_chargemaster(folder: Path) -> Truth:
    """Write the list, and return which of its lines are touched, and what became of its cells."""
    dice = Dice("cptdiff sample chargemaster")
    codes = _gather_codes(plan_cpt("cptdiff sample CPT"))
    found = [*_list_touched(dice, codes), *_list_same(dice, codes), *_list_odd(dice)]
    rest = LINES - len(found)
    found += [_leave_blank(dice) for _ in range(rest)]
    lines = sorted(dice.draw(found, len(found)), key=lambda line: line.department)
    rows, truth = [], []
    numbers = dict.fromkeys(DEPARTMENTS, 0)
    # The header takes two lines of the file.
    for at, line in enumerate(lines, len(TITLE) + 3):
        numbers[line.department] += 1
        charge = f"{line.department}{numbers[line.department]:05}"
        row, cents = _write_line(dice, charge, line)
        rows.append(row)
        truth.append((at, charge, cents, line))
    (folder / NAME).write_bytes(_pack(rows))
    return _tell(truth)


def _gather_codes(plan: Plan) -> Codes:
    told = {code: event.told for code, event in events.EDITS.items()}
    hcpcs = {
        status: [code for code, word in told.items() if word == kind and len(code) > len("LT")]
        for status, kind in (("deleted", "deleted"), ("revised", "revised"),
                             ("attributes-only", "attributes"))
    }  # fmt: skip
    hcpcs["not-yet-valid"] = [code for code in events.NEW if len(code) > len("LT")]
    hcpcs["ended-before"] = [code for code in events.ENDED_BEFORE if len(code) > len("LT")]
    hcpcs["transient"] = [*events.NEW_ENDED]
    cpt = {"deleted": plan.deleted, "revised": [*plan.revised],
           "attributes-only": plan.consumer_only, "not-yet-valid": plan.added}  # fmt: skip
    entries = {
        code: entry for code, entry in {**plan.current, **plan.previous}.items()
        if entry.slot.section != CATEGORY_2
    }  # fmt: skip
    changed = {code for codes in (*cpt.values(), *hcpcs.values()) for code in codes}
    same = [code for code in entries if code not in changed]
    same += [code for code in TEXTS if len(code) > len("LT") and code not in changed | {*told}]
    texts = {code: entry.words.medium for code, entry in entries.items()}
    texts |= {
        code: squeeze([*long.upper().split()[:5]], _WIDTH) for code, (long, *_) in TEXTS.items()
    }
    homes: dict[str, Sequence[str]] = {
        code: _BY_SECTION[entry.slot.section] for code, entry in entries.items()
    }
    homes |= {code: _BY_LETTER.get(code[0], ("410",)) for code in TEXTS}
    others = {
        name: {status: [code for code in sorted(codes) if code in homes]
               for status, codes in of.items()}
        for name, of in (("cpt", cpt), ("hcpcs", hcpcs))
    }  # fmt: skip
    return Codes(sorted(same), others, texts, homes)


def _list_touched(dice: Dice, codes: Codes) -> Iterator[Line]:
    """Lines with codes that changed, that ended before or that neither release has."""
    for name, shares in _SHARES.items():
        for status, many in shares.items():
            for code in dice.draw(codes.others[name][status], many):
                for _ in range(1 + dice.below(_MOST_LINES)):
                    cell, text = _dress(dice, code), codes.texts[code]
                    home = dice.pick(codes.homes[code])
                    yield Line(home, text, cell, ((code, "code", status),))
    for code in UNKNOWN:
        yield Line("410", "OLD CHARGE", Cell(code), ((code, "code", "unknown"),))
    # Modifiers are judged too: one of CPT was revised, one of HCPCS was deleted, one had ended.
    for modifier, status in ((REVISED_MODIFIERS[0], "revised"), ("BA", "deleted"),
                             ("U1", "ended-before")):  # fmt: skip
        for code in dice.draw(codes.same, 3):
            cell = Cell(f"{code}{dice.pick(('', '-', ' '))}{modifier}")
            home = dice.pick(codes.homes[code])
            yield Line(home, codes.texts[code], cell, ((modifier, "modifier", status),))


def _list_same(dice: Dice, codes: Codes) -> Iterator[Line]:
    """Lines with codes that are the same in both releases, alone or several in a cell."""
    for number in range(_UNCHANGED):
        code = dice.pick(codes.same)
        cell = _dress(dice, code)
        if number % 60 == 0:
            cell = Cell(dice.pick((", ", " / ", "; ", " or ")).join((code, dice.pick(codes.same))))
        yield Line(dice.pick(codes.homes[code]), codes.texts[code], cell)
    for text, several in (("THERAPY SERIES", codes.same[40:43]), ("PANEL", codes.same[900:903])):
        yield Line("380", text, Cell(f"{several[0]}-{several[-1]}"))


def _dress(dice: Dice, code: str) -> Cell:
    """A code as people write it: most as it is, some with modifiers, blanks, small letters."""
    form: Callable[[str], str] = dice.pick(FORMS)
    return Cell(form(code))


def _list_odd(dice: Dice) -> Iterator[Line]:
    """Lines with drug codes, dental and local codes, and cells that nobody can understand."""
    for number, text in enumerate(DRUGS):
        yield Line("390", f"DRUG {number + 1:03}", Cell(text))
    for text in NO_CODES:
        yield Line(dice.pick(("410", "420")), "LOCAL CHARGE", Cell(text))
    for text in ASIDE:
        yield Line(dice.pick(("310", "340", "410")), "CHARGE TO CHECK", Cell(text, "aside"))


def _leave_blank(dice: Dice) -> Line:
    home = dice.pick(("390", "400", "400", "420"))
    text = f"{dice.pick(('ROOM', 'TRAY', 'KIT', 'GOWN', 'PUMP', 'FILTER'))} {dice.below(900) + 100}"
    return Line(home, text, Cell(dice.pick(BLANK), "blank"))


def _write_line(dice: Dice, charge: str, line: Line) -> tuple[list[str], int | None]:
    """The cells of a line, and its price times its volume in cents; None without a volume."""
    cents = 500 + 25 * dice.below(6_000)
    price = f"{cents / 100:.2f}"
    if dice.below(20) == 0:
        price = f"${cents / 100:,.2f}"
    volume = "" if dice.below(15) == 0 else str(dice.below(90))
    home = line.department
    row = [
        charge,
        home,
        DEPARTMENTS[home],
        line.text,
        line.cell.text,
        _REVENUE[home],
        price,
        volume,
    ]
    return row, cents * int(volume) if volume else None


def _pack(rows: Sequence[Sequence[str]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerows([*TITLE, HEADER, *rows])
    return text.getvalue().encode()


def _tell(truth: Sequence[tuple[int, str, int | None, Line]]) -> Truth:
    fates = [line.cell.fate for *_, line in truth]
    touched = [
        [charge, DEPARTMENTS[line.department], *one]
        for _, charge, _, line in truth for one in line.touched
    ]  # fmt: skip
    sums = [cents for _, _, cents, line in truth if line.touched and cents is not None]
    return {
        "list": NAME,
        "lines": len(truth),
        "cells": {fate: fates.count(fate) for fate in ("blank", "understood", "aside")},
        "aside": [[at, line.cell.text] for at, *_, line in truth if line.cell.fate == "aside"],
        "exposure": f"{sum(sums) / 100:.2f}",
        "touched": touched,
    }
