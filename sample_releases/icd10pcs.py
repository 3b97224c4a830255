"""ICD-10-PCS releases of two years: real tables, invented codes in them."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from archive import fake_pdf, write_zip
from icd10_addenda import order_addenda
from icd10_rows import (
    BILLABLE,
    HEADER,
    Decisions,
    Row,
    abbreviate,
    make_pair,
    order_text,
    truth,
)
from truth import Truth, pair

NAMES = ("icd10pcs-2026.zip", "icd10pcs-2027.zip")
ORDER_NAMES = ("icd10pcs_order_2026.txt", "icd10pcs_order_2027.txt")
FOLDER_2027 = "Zip File 5 2027 ICD-10-PCS Order File (Long and Abbreviated Titles)/"
_OPEN = {
    "0": "Open Approach", "3": "Percutaneous Approach", "4": "Percutaneous Endoscopic Approach",
}  # fmt: skip
_DEVICES = {"7": " with Autologous Tissue Substitute", "J": " with Synthetic Substitute", "Z": ""}


class Table(NamedTuple):
    """A table: its title, the pattern of its titles, and the values of three characters."""

    title: str
    pattern: str
    sites: tuple[str, str, str, str]
    ways: Mapping[str, str] = MappingProxyType(_OPEN)
    aids: Mapping[str, str] = MappingProxyType(_DEVICES)


TABLES = {
    "001": Table(
        "Central Nervous System and Cranial Nerves, Bypass",
        "Bypass {site} to Peritoneal Cavity{aid}, {way}",
        ("Cerebral Ventricle", "Cerebral Cistern", "Spinal Canal", "Spinal Cyst"),
    ),
    "0BH": Table(
        "Respiratory System, Insertion",
        "Insertion of Airway Stent into {site}{aid}, {way}",
        ("Trachea", "Right Lower Lobe Bronchus", "Left Pleura", "Left Lung"),
    ),
    "0W1": Table(
        "Anatomical Regions, General, Bypass",
        "Bypass {site} to Cutaneous{aid}, {way}",
        ("Cranial Cavity", "Right Pleural Cavity", "Pelvic Cavity", "Abdominal Wall"),
    ),
    "3E0": Table(
        "Administration, Physiological Systems and Anatomical Regions, Introduction",
        "Introduction of {aid} into {site}, {way}",
        ("Skin and Mucous Membranes", "Central Artery", "Lower GI", "Female Reproductive"),
        aids={
            "7": "Electrolytic and Water Balance Substance",
            "J": "Hormone Gel",
            "Z": "Other Substance",
        },
    ),
    "B24": Table(
        "Imaging, Heart, Ultrasonography",
        "Ultrasonography of {site}{aid}, {way}",
        ("Single Coronary Artery", "Right and Left Heart", "Aortic Root", "Pericardium"),
        {"0": "Intraoperative", "3": "Intravascular", "4": "Transesophageal"},
        {"7": " using Stress Protocol", "J": " using Other Contrast", "Z": ""},
    ),
    "F07": Table(
        "Rehabilitation, Motor Treatment",
        "{way} of {site}{aid}",
        (
            "Neurological System - Head and Neck",
            "Circulatory System - Lower Back",
            "Integumentary System - Whole Body",
            "Musculoskeletal System - Hand",
        ),
        {
            "0": "Range of Motion and Joint Mobility Treatment",
            "3": "Motor Function Treatment",
            "4": "Group Balance Treatment",
        },
        {"7": " using Assistive Equipment", "J": " using Prosthesis", "Z": ""},
    ),
    "X2R": Table(
        "New Technology, Cardiovascular System, Replacement",
        "Replacement of {site}{aid}, {way}",
        ("Thoracic Aorta", "Aortic Valve", "Mitral Valve", "Pulmonary Vein"),
    ),
    "XV6": Table(
        "New Technology, Male Reproductive System, Restriction",
        "Restriction of {site}{aid}, {way}",
        ("Right Vas Deferens", "Left Vas Deferens", "Prostate", "Right Seminal Vesicle"),
    ),
}
VALUES = "06HP"
NEW_TABLE = "XV6"
_TEXTS = {
    "001007Z": (
        "Bypass Cereb Vents to Periton Cav w Autol Sub, Both, Open",
        (
            "Bypass Both Cerebral Ventricles to Peritoneal Cavity with Autologous Tissue "
            "Substitute, Open Approach"
        ),
    ),
    "0BH63JZ": (
        "Insert of Airway Stent into L Low Lobe Bronc w Synth Sub",
        (
            "Insertion of Airway Stent into Left Lower Lobe Bronchus with Synthetic "
            "Substitute, Percutaneous Approach"
        ),
    ),
    "3E0P4ZZ": (
        "Introduction of Other Subst w/o Carrier into Fem Repro",
        (
            "Introduction of Other Substance without Carrier into Female Reproductive, "
            "Percutaneous Endoscopic Approach"
        ),
    ),
}
_SHORT_ONLY = {
    "0W100JZ": (" w ", " with "),
    "0W103JZ": (" w ", " with "),
    "0W104JZ": (" w ", " with "),
    "B24H0ZZ": ("Intraoperative", "Intraop"),
}
_LONG_ONLY = ("F07P37Z",)
_HEADER = "X2R"
_DELETED = frozenset(("0BHH0JZ", "0BHH3JZ", "0BHH4JZ", "F07037Z"))
_ADDED = frozenset(
    f"{table}{tail}" for table in ("001", "B24") for tail in ("P37Z", "P3JZ", "P3ZZ")
)


def write_icd10pcs(folder: Path) -> Truth:
    """Write both releases and return what differs."""
    rows = list(_rows())
    releases = make_pair(rows, _decisions(rows))
    previous, current = releases.previous.values(), releases.current.values()
    pdf = fake_pdf("order file")
    members_2026 = {ORDER_NAMES[0]: order_text(previous), "icd10pcsOrderFile.pdf": pdf}
    members_2027 = {
        ORDER_NAMES[1]: order_text(current),
        "order_addenda_2027.txt": order_addenda(releases, ORDER_NAMES, flagged=False),
        "icd10pcsOrderFile.pdf": pdf,
    }
    write_zip(folder / NAMES[0], members_2026)
    write_zip(folder / NAMES[1], {f"{FOLDER_2027}{n}": data for n, data in members_2027.items()})
    return {**pair(NAMES[0], NAMES[1:]), **truth(releases)}


def _rows() -> Iterator[Row]:
    for name, table in TABLES.items():
        yield Row(name, HEADER, abbreviate(table.title), table.title)
        for value, site in zip(VALUES, table.sites, strict=True):
            for way, way_name in table.ways.items():
                for aid, aid_name in table.aids.items():
                    long = table.pattern.format(site=site, way=way_name, aid=aid_name)
                    yield Row(f"{name}{value}{way}{aid}Z", BILLABLE, abbreviate(long), long)


def _decisions(rows: list[Row]) -> Decisions:
    by_code = {row.code: row for row in rows}
    short = {c: (by_code[c].short.replace(*w), by_code[c].long) for c, w in _SHORT_ONLY.items()}
    long = {c: (by_code[c].short, f"{by_code[c].long}, Any Setting") for c in _LONG_ONLY}
    header = (
        by_code[_HEADER].short.replace("Replacement", "Repl or Repair"),
        f"{by_code[_HEADER].long} or Repair",
    )
    return Decisions(
        added=_ADDED | {code for code in by_code if code.startswith(NEW_TABLE)},
        deleted=_DELETED,
        texts={**_TEXTS, **short, **long, _HEADER: header},
    )
