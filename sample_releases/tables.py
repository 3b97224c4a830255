"""A user's own price list of two years, as CSV."""

import csv
import io
from pathlib import Path

from truth import Truth, changes, pair

NAMES = ("table-2026.csv", "table-2027.csv")
COLUMNS = ("code", "description", "price", "department")
ROWS = 30
_DEPARTMENTS = ("Bench, front", "Bench, back", "Paint shop", "Stores")
_ODD = {
    "00104": ('Widget collar, 2" wide', "12.50", "Stores"),
    "00107": ('"Singing" sprocket, tuned', "80.00", "Bench, front"),
    "00110": ("=1+1 gears", "9.90", "Stores"),
    "00113": ("Wax & rinse <24 hours; café finish", "15.00", "Paint shop"),
    "00116": ("Two-line\nlabel", "1.00", "Stores"),
}
ADDED = {
    "00901": ('Felt pad, 3" x 4"', "4.25", "Stores"),
    "00904": ("Keyhole lamp, <small>", "31.00", "Bench, back"),
    "W-7": ("Night watch, kettle", "55.00", "Bench, front"),
}
DELETED = ("00122", "00158")
REVISED = {
    "00104": ('Widget collar, 3" wide', "12.50", "Stores"),
    "00125": ("Polishing of item 8", "20.5", "Stores"),
    "00131": ("Polishing of item 10, with waxing", "25.00", "Paint shop"),
    "00140": ("Polishing of item 13", "32.50", "Stores"),
    "00149": ("", "40.00", "Bench, front"),
}


def write_tables(folder: Path) -> Truth:
    """Write both tables and return what differs."""
    previous = {f"{100 + 3 * n + 1:05}": _row(n) for n in range(ROWS)} | _ODD
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
        f"Polishing of item {number}",
        f"{2.5 * number:.2f}",
        _DEPARTMENTS[number % len(_DEPARTMENTS)],
    )


def _csv(rows: dict[str, tuple[str, str, str]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows((code, *row) for code, row in rows.items())
    return text.getvalue().encode()
