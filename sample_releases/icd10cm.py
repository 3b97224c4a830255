"""Invented ICD-10-CM releases of two years."""

from collections.abc import Iterator
from pathlib import Path

from archive import fake_pdf, write_zip
from dice import Dice
from icd10_addenda import codes_addenda, order_addenda
from icd10_rows import (
    BILLABLE,
    HEADER,
    Decisions,
    Pair,
    Row,
    codes_text,
    make_pair,
    order_text,
    truth,
)
from truth import Truth, pair
from words import PARTS, SITES, listed

NAMES = ("icd10cm-2026.zip", "icd10cm-2027.zip")
ORDER_NAMES = ("icd10cm_order_2026.txt", "icd10cm_order_2027.txt")
# Category and how it branches: s single, f four characters, v five, x seven with an extension.
TREE = {
    "A00": "f", "B20": "s", "C7A": "f", "D50": "f", "E08": "v", "F10": "f", "G43": "f", "H40": "f",
    "I10": "s", "I21": "v", "J20": "v", "J4B": "f", "K6A": "f", "K6B": "f", "L89": "f", "M1A": "v",
    "M79": "f", "N18": "f", "O9A": "f", "QA0": "f", "R07": "f", "R68": "f", "S72": "x", "T36": "x",
    "U07": "f", "V00": "f", "W00": "f", "Y92": "s", "Z3A": "f", "Z68": "v",
}  # fmt: skip
DECISIONS = Decisions(
    added=frozenset(
        listed(
            "A005 C7A5 D505 QA05 U075 Z3A5 K6B K6B0 K6B1 K6B2 K6B3 K6B4 K6B5 K6B6 K6B9 "
            "G4350 G4351 G4359 H4050 H4059"
        )
    ),
    deleted=frozenset(listed("F105 L895 N185 Y92 M1A00 M1A01 M1A09")),
    demoted=frozenset(("G435", "H405")),
    promoted=frozenset(("M1A0",)),
    texts={
        "H405": ("Squeak of hinge, more than one", "Squeak of hinge, more than one hinge"),
        "B20": ("Common rust, any grade", "Common rust of the machine, any grade"),
        "I10": ("Idle hum", "Idle hum (day or night)"),
        "R074": ("Rattle lasting 20 minutes", "Rattle lasting 20 minutes or longer"),
        "A001": ("Tarsal flange damp, brief", "Damp of tarsal flange, seen before noon"),
        "W003": ("Fall of shim from low shelf", "Fall of shim from shelf, less than 2 m"),
        "Z6801": ("Shelf idx 20.0-20.9, adult", "Shelf index 20.0-20.9, adult shelf"),
        "O9A": ("Oily states of gaskets", "Oily states of gaskets, not elsewhere told"),
    },
)
# What some of these rows said before; the others say what was invented for them.
EARLIER = {
    "B20": ("Common rust, all grades", "Common rust of the machine, all grades"),
    "I10": ("Idle humm", "Idle humm (day or night)"),
    "O9A": ("Oily states of gasket", "Oily states of gasket, not elsewhere told"),
    "H405": ("Squeak of hinge", "Squeak of hinge"),
    "H4050": ("Squeak of hinges, left door", "Squeak of hinges of the left door"),
    "H4059": ("Squeak of hinges, door unsp", "Squeak of hinges, door not told"),
    "G4350": ("Blurred glow, lamp off", "Blurred glow of nasal lamp, lamp off"),
    "G4351": ("Blurred glow, lamp on", "Blurred glow of nasal lamp, lamp on"),
    "G4359": ("Blurred glow, unsp", "Blurred glow of nasal lamp, not told"),
    "A001": ("Tarsal flange damp", "Damp of tarsal flange, seen before noon"),
    "W003": ("Fall of shim from low shelf", "Fall of shim from shelf, less than 1 m"),
    "Z6801": ("Shelf index 20.0-20.9, adult", "Shelf index 20.0-20.9, adult shelf"),
    "R074": ("Rattle lasting 15 minutes", "Rattle lasting 15 minutes or longer"),
    "G435": ("Blurred glow of nasal lamp", "Blurred glow of nasal lamp,  any colour"),
}
_AILMENTS = listed("Rust Creak Wobble Dent Squeak Damp Glare Jam Hum Drip Warp Sag Chill Crack")
_RATTLES = {"A": "first rattle", "D": "further rattle", "S": "echo"}


def write_icd10cm(folder: Path) -> Truth:
    """Write both releases and return what differs."""
    dice = Dice("cptdiff sample ICD-10-CM")
    releases = make_pair((_earlier(row) for row in _rows(dice)), DECISIONS)
    write_zip(folder / NAMES[0], _members_2026(releases))
    write_zip(folder / NAMES[1], _members_2027(releases))
    return {**pair(NAMES[0], NAMES[1:]), **truth(releases)}


def _earlier(row: Row) -> Row:
    return Row(row.code, row.flag, *EARLIER[row.code]) if row.code in EARLIER else row


def _rows(dice: Dice) -> Iterator[Row]:
    pairs = [(ailment, part) for ailment in _AILMENTS for part in PARTS]
    drawn = dice.draw(pairs, len(TREE))
    for (category, shape), (ailment, part) in zip(TREE.items(), drawn, strict=True):
        title = f"{ailment} of {part}"
        yield _row(category, BILLABLE if shape == "s" else HEADER, title)
        if shape == "s":
            continue
        for digit, site in zip("01234569", dice.draw(SITES, 8), strict=True):
            yield from _branch(f"{category}{digit}", shape, f"{ailment} of {site} {part}")


def _branch(code: str, shape: str, title: str) -> Iterator[Row]:
    if shape == "v" and code[-1] in "01":
        yield _row(code, HEADER, title)
        for digit, grade in (("0", "grade unknown"), ("1", "mild"), ("9", "severe")):
            yield _row(f"{code}{digit}", BILLABLE, f"{title}, {grade}")
    elif shape == "x" and code[-1] in "012":
        yield _row(code, HEADER, title)
        yield _row(f"{code}XX"[:6], HEADER, f"{title}, any shelf")
        for letter, rattle in _RATTLES.items():
            yield _row(f"{code}XX{letter}", BILLABLE, f"{title}, any shelf, {rattle}")
    elif code in ("G435", "H405"):
        yield _row(code, BILLABLE, title)
        yield from (_row(f"{code}{n}", BILLABLE, f"{title}, row {n}") for n in _rows_of(code))
    else:
        yield _row(code, BILLABLE, title)


def _rows_of(code: str) -> str:
    return "019" if code == "G435" else "09"


def _row(code: str, flag: str, title: str) -> Row:
    return Row(code, flag, title.replace("grade unknown", "unsp"), title)


def _members_2026(releases: Pair) -> dict[str, bytes]:
    rows, folder = list(releases.previous.values()), "Code Descriptions/"
    return {
        f"{folder}{ORDER_NAMES[0]}": order_text(rows),
        f"{folder}icd10cm_codes_2026.txt": codes_text(rows),
        f"{folder}icd10OrderFiles.pdf": fake_pdf("order file"),
    }


def _members_2027(releases: Pair) -> dict[str, bytes]:
    rows = list(releases.current.values())
    return {
        "icd10cm-order-2027.txt": order_text(rows),
        "icd10cm-codes-2027.txt": codes_text(rows),
        "icd10cm-order-addenda-2027.txt": order_addenda(releases, ORDER_NAMES, flagged=True),
        "icd10cm-codes-addenda-2027.txt": codes_addenda(
            releases, ("icd10cm_codes_2026.txt", "icd10cm_codes_2027.txt")
        ),
        "icd10OrderFiles.pdf": fake_pdf("order file"),
    }
