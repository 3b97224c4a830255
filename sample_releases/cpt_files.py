"""Pack the CPT releases as they arrive, and tell the truth about them."""

from collections.abc import Iterable
from pathlib import Path

import cpt_texts as texts
from archive import fake_pdf, write_zip
from cpt import plan_cpt
from cpt_modifiers import (
    ADDED,
    DELETED,
    REVISED,
    Modifier,
    modifiers_table,
    modul_text,
    plan_modifiers,
)
from cpt_plan import Entry, Plan
from cpt_ranges import CHANGES, PLA
from truth import Truth, changes, pair

PLA_FOLDER = "Proprietary Laboratory Analyses (PLA) Codes"
CURRENT_FOLDER = "2027 CPT Standard Annual Update/Current Format/Primary Data Files"
BOM = "utf-8-sig"
NAMES = ("cpt-2026-legacy.zip", "cpt-2027-legacy.zip", "cpt-2027-current-format.zip")


def write_cpt(folder: Path) -> Truth:
    """Write the three CPT releases and return what differs."""
    plan = plan_cpt("cptdiff sample CPT")
    previous, current = plan_modifiers("cptdiff sample modifiers")
    old, new = sorted_entries(plan.previous), sorted_entries(plan.current)
    legacy_2026 = _legacy(2026, 32, old, previous, "cp1252")
    legacy_2027 = _legacy(2027, 33, new, current, BOM)
    write_zip(folder / NAMES[0], legacy_2026)
    write_zip(folder / NAMES[1], {_other_case(name): data for name, data in legacy_2027.items()})
    write_zip(folder / NAMES[2], _current(new, current))
    return _truth(plan, previous, current)


def sorted_entries(entries: dict[str, Entry]) -> list[Entry]:
    """Return entries ascending by code, as strings."""
    return [entries[code] for code in sorted(entries)]


def _legacy(
    year: int, length: int, entries: list[Entry], modifiers: list[Modifier], encoding: str
) -> dict[str, bytes]:
    notice, padded = texts.preamble(year, length), encoding == "cp1252"
    codes = [entry for entry in entries if entry.slot.section != PLA]
    pla = [entry for entry in entries if entry.slot.section == PLA]
    members = {
        "LONGULT.txt": texts.tab_text(notice, codes, capitals=False),
        "LONGUT.txt": texts.tab_text(notice, codes, capitals=True),
        "LONGULF.txt": texts.fixed_text(notice, codes, capitals=False),
        "LONGUF.txt": texts.fixed_text(notice, codes, capitals=True),
        "MEDU.txt": texts.medium_text(notice, codes, padded=padded),
        "SHORTU.txt": texts.short_text(notice, codes, padded=padded),
        "Consumer Friendly Descriptors/ConsumerDescriptor.txt": texts.consumer_text(entries),
        "Clinician Descriptors/ClinicianDescriptor.txt": texts.clinician_text([], entries),
        f"{PLA_FOLDER}/CPTPLATab.txt": texts.pla_tab(pla),
    }
    return {
        **{name: text.encode(encoding) for name, text in members.items()},
        "MODUL.txt": modul_text(notice, modifiers).encode("cp1252"),
        f"{PLA_FOLDER}/CPTPLA": texts.pla_xml(pla).encode("utf-8"),
        f"CPT {year} README.pdf": fake_pdf(f"CPT {year} README"),
    }


def _other_case(name: str) -> str:
    """Return name in a wrapper folder, its base name in another case."""
    folder, slash, base = name.rpartition("/")
    stem, dot, ending = base.partition(".")
    return f"CPT 2027 Data Files/standard/{folder}{slash}{stem.lower()}{dot}{ending.upper()}"


def _current(entries: list[Entry], modifiers: list[Modifier]) -> dict[str, bytes]:
    prose = [*texts.preamble(2027, 12)]
    members = {
        "ConsolidatedCodeList.txt": texts.consolidated_text(prose, entries),
        "Modifiers.txt": modifiers_table(prose, modifiers),
        "ClinicianDescriptor.txt": texts.clinician_text(prose, entries),
    }
    return {f"{CURRENT_FOLDER}/{name}": text.encode(BOM) for name, text in members.items()}


def _truth(plan: Plan, previous: list[Modifier], current: list[Modifier]) -> Truth:
    return {
        **pair(NAMES[0], NAMES[1:]),
        "changes": {
            "code": changes(plan.added, plan.deleted, plan.revised, plan.consumer_only),
            "modifier": changes(ADDED, DELETED, REVISED),
        },
        "entries": {
            "previous": {"code": len(plan.previous), "modifier": _codes(previous)},
            "current": {"code": len(plan.current), "modifier": _codes(current)},
        },
        "by_section": {section: list(_counts(plan, section)) for section in CHANGES},
        "converted": [list(codes) for codes in sorted(plan.converted)],
        "renumbered": [list(codes) for codes in sorted(plan.renumbered)],
        "revision_kinds": dict(sorted(plan.revised.items())),
    }


def _codes(modifiers: list[Modifier]) -> int:
    return len({modifier.code for modifier in modifiers})


def _counts(plan: Plan, section: str) -> tuple[int, int, int]:
    everything = {**plan.previous, **plan.current}

    def counts(codes: Iterable[str]) -> int:
        return sum(everything[code].slot.section == section for code in codes)

    return counts(plan.added), counts(plan.deleted), counts(plan.revised)
