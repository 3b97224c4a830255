"""ICD-10-CM releases of two years: real titles where a code is real, invented changes."""

from collections.abc import Iterator
from pathlib import Path

from archive import fake_pdf, write_zip
from icd10_addenda import codes_addenda, order_addenda
from icd10_rows import (
    BILLABLE,
    HEADER,
    Decisions,
    Pair,
    Row,
    abbreviate,
    codes_text,
    make_pair,
    order_text,
    truth,
)
from icd10cm_titles import TITLES
from truth import Truth, pair
from words import listed

NAMES = ("icd10cm-2026.zip", "icd10cm-2027.zip")
ORDER_NAMES = ("icd10cm_order_2026.txt", "icd10cm_order_2027.txt")
# Category and how it branches: s single, f four characters, v five, x seven with an extension.
TREE = {
    "A00": "f", "B20": "s", "C7A": "f", "D50": "f", "E08": "v", "F10": "f", "G43": "f", "H40": "f",
    "I10": "s", "I21": "v", "J20": "v", "J4B": "f", "K6A": "f", "K6B": "f", "L89": "f", "M1A": "v",
    "M79": "f", "N18": "f", "O48": "f", "QA0": "f", "R07": "f", "R68": "f", "S72": "x", "T36": "x",
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
        "H405": (
            "Glaucoma secondary to other eye disorders, any eye",
            "Glaucoma secondary to other eye disorders, any eye or both",
        ),
        "B20": (
            "Human immunodeficiency virus disease, any stage",
            "Human immunodeficiency virus [HIV] disease, any stage",
        ),
        "I10": ("Essential (primary) hypertension", "Essential (primary) hypertension"),
        "R074": ("Chest pain lasting 20 minutes", "Chest pain lasting 20 minutes or longer"),
        "A001": ("Cholera due to V. cholerae 01, eltor, classic", TITLES["A001"]),
        "W003": (
            "Fall from low ladder due to ice and snow",
            "Fall from ladder due to ice and snow, less than 2 meters",
        ),
        "Z6801": ("BMI 20.0-20.9, adult", "Body mass index [BMI] 20.0-20.9, adult"),
        "O48": ("Late pregnancy", "Late pregnancy"),
    },
)
# What some of these rows said before; the others say what their title says.
EARLIER = {
    "B20": (
        "Human immunodeficiency virus disease, all stages",
        "Human immunodeficiency virus [HIV] disease, all stages",
    ),
    "I10": ("Essential (primary) hypertention", "Essential (primary) hypertention"),
    "O48": ("Late pregnancies", "Late pregnancies"),
    "A001": ("Cholera due to V. cholerae 01, eltor", TITLES["A001"]),
    "W003": (
        "Fall from low ladder due to ice and snow",
        "Fall from ladder due to ice and snow, less than 1 meter",
    ),
    "Z6801": ("Body mass index 20.0-20.9, adult", "Body mass index [BMI] 20.0-20.9, adult"),
    "R074": ("Chest pain lasting 15 minutes", "Chest pain lasting 15 minutes or longer"),
    # Two blanks, as a publisher's file has now and then.
    "G435": (
        "Persistent migraine aura without cerebral infarction",
        "Persistent migraine aura without  cerebral infarction",
    ),
}
_ENCOUNTERS = {"A": "initial encounter", "D": "subsequent encounter", "S": "sequela"}
_WHERE = {"S": "unspecified femur", "T": "intent undetermined"}


def write_icd10cm(folder: Path) -> Truth:
    """Write both releases and return what differs."""
    releases = make_pair((_earlier(row) for row in _rows()), DECISIONS)
    write_zip(folder / NAMES[0], _members_2026(releases))
    write_zip(folder / NAMES[1], _members_2027(releases))
    return {**pair(NAMES[0], NAMES[1:]), **truth(releases)}


def _earlier(row: Row) -> Row:
    return Row(row.code, row.flag, *EARLIER[row.code]) if row.code in EARLIER else row


def _rows() -> Iterator[Row]:
    for category, shape in TREE.items():
        yield _row(category, BILLABLE if shape == "s" else HEADER, TITLES[category])
        if shape != "s":
            for digit in "01234569":
                yield from _branch(f"{category}{digit}", shape)


def _branch(code: str, shape: str) -> Iterator[Row]:
    title = TITLES[code]
    if shape == "v" and code[-1] in "01":
        yield _row(code, HEADER, title)
        yield from (_row(f"{code}{n}", BILLABLE, TITLES[f"{code}{n}"]) for n in "019")
    elif shape == "x" and code[-1] in "012":
        title_there = f"{title}, {_WHERE[code[0]]}"
        yield _row(code, HEADER, title)
        yield _row(f"{code}XX", HEADER, title_there)
        for letter, encounter in _ENCOUNTERS.items():
            yield _row(f"{code}XX{letter}", BILLABLE, f"{title_there}, {encounter}")
    else:
        yield _row(code, BILLABLE, title)
        further = [
            child for child in ("G4350", "G4351", "G4359", "H4050", "H4059") if code in child
        ]
        yield from (_row(child, BILLABLE, TITLES[child]) for child in further)


def _row(code: str, flag: str, title: str) -> Row:
    return Row(code, flag, abbreviate(title), title)


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
