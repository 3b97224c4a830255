"""Excluded rows that somebody has accepted: lines of quarantine.csv with who, when and why."""

import csv
import hashlib
import io
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Final, NamedTuple

from cptdiff.errors import Refused
from cptdiff.reading import decode, open_bundle

_NEEDED: Final = ("fault", "raw", "date", "who")
_FIX: Final = "use quarantine.csv of a run folder, with columns date, who and why"


class Acceptance(NamedTuple):
    """Who accepted that a row is excluded, since when and why.

    `member` and `line` are where it stood; `fingerprint` pins the row and what is wrong with it.
    """

    member: str
    line: str
    fault: str
    fingerprint: str
    date: str
    who: str
    why: str


def read_acceptances(path: Path) -> tuple[Acceptance, ...]:
    """Return the accepted rows in a CSV file.

    Raise `Refused` where a column is missing (E163) or a line cannot be used (E333).
    """
    bundle = open_bundle(path)
    name = bundle.archive.name
    if not bundle.single:
        raise Refused("E102", name, "is not a file", "give the CSV file itself")
    text = decode(name, bundle.members[0].read(), ansi=False).data.decode()
    rows = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    try:
        return tuple(_read_rows(name, rows))
    except csv.Error as error:
        place, wrong = f"{name}:{rows.line_num}", f"quotes are broken ({error})"
        raise Refused("E153", place, wrong, "export it again") from error


def _read_rows(name: str, rows: "csv.DictReader[str]") -> Iterator[Acceptance]:
    rows.fieldnames = [column.strip().lower() for column in rows.fieldnames or ()]
    missing = [column for column in _NEEDED if column not in rows.fieldnames]
    if missing:
        raise Refused("E163", name, f"has no column {', '.join(missing)}", _FIX)
    for row in rows:
        cells = {column: str(row.get(column) or "").strip() for column in rows.fieldnames}
        if any(cells.values()):
            yield _make_acceptance(f"{name}:{rows.line_num}", cells, str(row.get("raw") or ""))


def _make_acceptance(place: str, cells: dict[str, str], raw: str) -> Acceptance:
    empty = [column for column in ("fault", "date", "who") if not cells[column]]
    if empty:
        fix = "fill it in, or delete the line if nobody accepts it"
        raise Refused("E333", place, f"has no {' and no '.join(empty)}", fix)
    try:
        date.fromisoformat(cells["date"])
    except ValueError:
        wrong = f"{cells['date']} is not a date"
        raise Refused("E333", place, wrong, "write it as 2027-02-01") from None
    known = {name: cells.get(name, "") for name in Acceptance._fields if name != "fingerprint"}
    return Acceptance(**known, fingerprint=fingerprint_row(cells["fault"], raw))


def fingerprint_row(fault: str, raw: str) -> str:
    """Return what pins an excluded row: the slug of its fault, and its text.

    Apostrophes, which reports put before what a spreadsheet runs as a formula, and the kind of line
    ends do not count: a file that went through a spreadsheet is good enough.
    """
    text = "\n".join(raw.replace("'", "").splitlines()).strip()
    whole = f"{fault.partition(':')[0].strip()}\x1f{text}"
    return f"x{hashlib.blake2b(whole.encode(), digest_size=8).hexdigest()[:11]}"
