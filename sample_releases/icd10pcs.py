"""Invented ICD-10-PCS releases of two years."""

from collections.abc import Iterator
from pathlib import Path

from archive import fake_pdf, write_zip
from icd10_addenda import order_addenda
from icd10_rows import BILLABLE, HEADER, Decisions, Row, make_pair, order_text, truth
from truth import Truth, pair

NAMES = ("icd10pcs-2026.zip", "icd10pcs-2027.zip")
ORDER_NAMES = ("icd10pcs_order_2026.txt", "icd10pcs_order_2027.txt")
FOLDER_2027 = "Zip File 5 2027 ICD-10-PCS Order File (Long and Abbreviated Titles)/"
TABLES = {
    "001": ("Attic Machine", "Polishing"),
    "0BH": ("Bellows", "Waxing"),
    "0W1": ("Outer Casing", "Rerouting"),
    "3E0": ("Oil Rooms", "Oiling"),
    "B24": ("Clockwork", "Glowgraphy"),
    "F07": ("Practice Bench", "Stretching"),
    "X2R": ("Newest Clockwork", "Splicing"),
    "XV6": ("Newest Casing", "Dusting"),
}
SITES = {
    "0": ("Tarsal Widget", "Tars Widget"),
    "6": ("Nasal Grommet", "Nas Grommet"),
    "H": ("Upper Sprocket", "Up Sprocket"),
    "P": ("Lower Flange", "Low Flange"),
}
WAYS = {"0": "Open Hatch", "3": "Keyhole", "4": "Lamp and Keyhole"}
SLEEVES = {"7": ("Felt Sleeve", "Felt"), "J": ("Brass Sleeve", "Brass"), "Z": ("No Sleeve", "None")}
NEW_TABLE = "XV6"
_TEXTS = {
    "001007Z": (
        "Polish Tars Widget w Felt, Both, Open",
        "Polishing of Both Tarsal Widgets with Felt Sleeve, Open Hatch",
    ),
    "0BH63JZ": (
        "Wax Nas Grommet w Brass, Left, Keyhole",
        "Waxing of Left Nasal Grommet with Brass Sleeve, Keyhole",
    ),
    "3E0P4ZZ": ("Oil Low Flange, Lamp", "Oiling of Lower Flange without Sleeve, Lamp and Keyhole"),
}
_SHORT_ONLY = ("0W100JZ", "0W103JZ", "0W104JZ", "B24H0ZZ")
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
    for table, (system, act) in TABLES.items():
        yield Row(table, HEADER, f"{system}, {act}", f"{system}, {act}")
        for site, (long_site, short_site) in SITES.items():
            for way, way_name in WAYS.items():
                for sleeve, (long_sleeve, short_sleeve) in SLEEVES.items():
                    yield Row(
                        f"{table}{site}{way}{sleeve}Z",
                        BILLABLE,
                        f"{act} {short_site} w {short_sleeve}, {way_name}",
                        f"{act} of {long_site} with {long_sleeve}, {way_name}",
                    )


def _decisions(rows: list[Row]) -> Decisions:
    by_code = {row.code: row for row in rows}
    short = {c: (by_code[c].short.replace(" w ", " with "), by_code[c].long) for c in _SHORT_ONLY}
    long = {c: (by_code[c].short, f"{by_code[c].long}, Any Day") for c in _LONG_ONLY}
    header = (f"{by_code[_HEADER].short} Anew", f"{by_code[_HEADER].long} Anew")
    return Decisions(
        added=_ADDED | {code for code in by_code if code.startswith(NEW_TABLE)},
        deleted=_DELETED,
        texts={**_TEXTS, **short, **long, _HEADER: header},
    )
