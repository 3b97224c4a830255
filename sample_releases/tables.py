"""A user's own price list of two years, as CSV."""

import csv
import io
from pathlib import Path

from truth import Truth, changes, pair

NAMES = ("table-2026.csv", "table-2027.csv")
COLUMNS = ("code", "description", "price", "department")
_DEPARTMENTS = ("Surgery, day", "Surgery, main", "Laboratory", "Supplies")
_ITEMS = (
    "Room fee, recovery", "", "", "", "", "", "Culture swab", "Dressing tray", "Knee brace",
    "Sterile drape", "Blood gas panel", "Catheter tray", "Operating room, first hour",
    "Operating room, next 30 minutes", "Rapid strep test", "Walking boot", "Nail repair kit",
    "Biopsy needle", "Tissue stain", "Wrist splint", "Minor procedure room", "Implant, small plate",
    "Cell count", "Crutches, pair", "Wound closure strip", "Endoscope reprocessing",
    "Cross-match", "Elastic bandage", "Infusion pump, per day", "Anesthesia supplies",
)  # fmt: skip
_ODD = {
    "00104": ('Cervical collar, 2" foam', "12.50", "Supplies"),
    "00107": ('"Trigger" splint, finger', "80.00", "Surgery, day"),
    "00110": ("=1+1 gauze", "9.90", "Supplies"),
    "00113": ("Cleanse & dress <24 hours; café-au-lait", "15.00", "Laboratory"),
    "00116": ("Two-line\nlabel", "1.00", "Supplies"),
}
ADDED = {
    "00901": ('Foam dressing, 3" x 4"', "4.25", "Supplies"),
    "00904": ("Exam light, <small>", "31.00", "Surgery, main"),
    "OBS-7": ("Overnight observation", "55.00", "Surgery, day"),
}
DELETED = ("00122", "00158")
REVISED = {
    "00104": ('Cervical collar, 3" foam', "12.50", "Supplies"),
    "00125": (_ITEMS[8], "20.5", "Supplies"),
    "00131": (f"{_ITEMS[10]}, with report", "25.00", "Laboratory"),
    "00140": (_ITEMS[13], "32.50", "Supplies"),
    "00149": ("", "40.00", "Surgery, day"),
}


def write_tables(folder: Path) -> Truth:
    """Write both tables and return what differs."""
    previous = {f"{100 + 3 * n + 1:05}": _row(n) for n in range(len(_ITEMS))} | _ODD
    kept = {code: row for code, row in previous.items() if code not in DELETED}
    current = {**kept, **REVISED, **ADDED}
    for name, rows in zip(NAMES, (previous, current), strict=True):
        (folder / name).write_bytes(_csv(rows))
    return {
        **pair(NAMES[0], NAMES[1:]),
        "changes": {"code": changes(ADDED, DELETED, REVISED)},
        "entries": {"previous": {"code": len(previous)}, "current": {"code": len(current)}},
    }


def _row(number: int) -> tuple[str, str, str]:
    return (
        _ITEMS[number],
        f"{2.5 * number:.2f}",
        _DEPARTMENTS[number % len(_DEPARTMENTS)],
    )


def _csv(rows: dict[str, tuple[str, str, str]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows((code, *row) for code, row in rows.items())
    return text.getvalue().encode()
