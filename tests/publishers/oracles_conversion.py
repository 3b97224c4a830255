"""NCHS's conversion table, read in plain Python without cptdiff."""

import csv
import re
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import NamedTuple, TypeAlias

from oracles import Addenda, Entries

Official: TypeAlias = dict[str, frozenset[str]]  # by deleted code, its official replacements

# A category has a digit in second or third place; "-" and a code end a range, a bare "-" opens one.
CODE = r"[A-Z](?:\d[0-9A-Z]|[A-Z]\d)(?:\.[0-9A-Z]{1,4})?"
NAMED = re.compile(rf"({CODE})(?:-({CODE})|\.?(-))?")


class Row(NamedTuple):
    """One line: a new code, the day that it came in force, and what it was before."""

    code: str
    since: date
    previous: str


def read_table(path: Path) -> list[Row]:
    """Read the table; a year stands for its 1 October."""
    with path.open(encoding="utf-8", newline="") as lines:
        return [
            Row(undotted(line["current_code"]), day(line["effective_year"]), line["previous_codes"])
            for line in csv.DictReader(lines)
        ]


def day(cell: str) -> date:
    """Read a year or a moment."""
    return date.fromisoformat(cell[:10]) if len(cell) > 4 else date(int(cell), 10, 1)


def undotted(code: str) -> str:
    """Spell a code as the order files do."""
    return code.strip().replace(".", "")


def official(table: Iterable[Row], deleted: frozenset[str], since: date, until: date) -> Official:
    """Say what officially replaces each deleted code after `since` and not after `until`."""
    found: dict[str, set[str]] = {}
    for row in table:
        if since < row.since <= until:
            for old in set(named(row.previous, deleted)):
                found.setdefault(old, set()).add(row.code)
    return {old: frozenset(new) for old, new in found.items()}


def named(cell: str, deleted: frozenset[str]) -> Iterator[str]:
    """Name the deleted codes that a cell holds, those of its ranges too."""
    for first, last, open_end in NAMED.findall(cell):
        start, end = undotted(first), undotted(last)
        if open_end:
            yield from (code for code in deleted if code.startswith(start))
        elif last:
            yield from (code for code in deleted if within(code, start, end))
        elif start in deleted:
            yield start


def within(code: str, start: str, end: str) -> bool:
    """Say whether a range holds a code: of its length, or of any in a range of categories."""
    return start <= code and code[: len(end)] <= end and (len(end) == 3 or len(code) == len(end))


def billable(entries: Entries) -> frozenset[str]:
    """Name the codes that may be billed."""
    return frozenset(code for kind, code in entries if kind == "code")


def before(current: Entries, addenda: Addenda) -> Entries:
    """Undo a year's addenda: the release of the year before."""
    new = addenda.blocks["added"].keys() | addenda.blocks["to"].keys()
    kept = {key: wording for key, wording in current.items() if key not in new}
    return kept | addenda.blocks["deleted"] | addenda.blocks["from"]


def order_file(entries: Entries) -> str:
    """Write an order file."""
    lines = [
        f"{number:05} {code:<7} {kind == 'code':d} {wording.short:<60} {wording.long}\r\n"
        for number, ((kind, code), wording) in enumerate(sorted(entries.items()), 1)
    ]
    return "".join(lines)
