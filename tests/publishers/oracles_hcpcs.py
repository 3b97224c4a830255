"""HCPCS Level II files, text and workbook, read in plain Python without cptdiff."""

import warnings
from collections.abc import Iterator
from io import BytesIO
from typing import NamedTuple, TypeAlias

import openpyxl
from oracles import Key, Sets


class Entry(NamedTuple):
    """One procedure or modifier; dates are YYYYMMDD or empty."""

    long: str
    short: str
    attributes: tuple[str, ...]
    added: str
    terminated: str
    action: str

    def wording(self) -> tuple[str, str]:
        """Give the text that makes a revision when it changes."""
        return self.long, self.short

    def valid_on(self, date: str) -> bool:
        """Say whether it may be billed: the termination date is the last day."""
        return not self.terminated.strip("0") or self.terminated >= date


Entries: TypeAlias = dict[Key, Entry]
KIND = {"3": "code", "4": "code", "7": "modifier", "8": "modifier"}
CONTINUES = {"4", "8"}


def read_text(text: str) -> Entries:
    """Read the 320-column file; each piece of a long text is joined with one blank."""
    entries: Entries = {}
    for line in text.split("\r\n"):
        record = line.ljust(320)
        mark = record[10]
        if mark not in KIND or not record[5:10].isdigit():
            continue  # the disclaimer, or an empty line
        key = (KIND[mark], record[:5].strip())
        piece = record[11:91].rstrip(" ")
        if mark in CONTINUES:
            entries[key] = entries[key]._replace(long=f"{entries[key].long} {piece}")
            continue
        assert key not in entries, f"{key} stands twice"
        dates = (record[268:276].strip(), record[284:292].strip())
        short = record[91:119].rstrip(" ")
        entries[key] = Entry(piece, short, (record[119:268],), *dates, record[292])
    return entries


def read_workbook(content: bytes) -> tuple[Entries, list[Key]]:
    """Read the workbook twin, and name the entries that have continuation rows."""
    entries: Entries = {}
    continued: list[Key] = []
    for row in _rows(content):
        key = (KIND[row[2]], row[0].strip())
        if row[2] in CONTINUES:
            entries[key] = entries[key]._replace(long=f"{entries[key].long} {row[3]}")
            continued.append(key)
            continue
        assert key not in entries, f"{key} stands twice"
        entries[key] = Entry(row[3], row[4], tuple(row[5:44]), row[44], row[46], row[47])
    return entries, continued


def _rows(content: bytes) -> Iterator[list[str]]:
    """Give the rows below the header, which stands below the disclaimer."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl on the publisher's page footers
        book = openpyxl.load_workbook(BytesIO(content), read_only=True)
        rows = [
            ["" if cell is None else str(cell).strip(" ") for cell in row]
            for row in book.worksheets[0].iter_rows(values_only=True)
        ]
        book.close()
    header = next(number for number, row in enumerate(rows) if row[0] == "HCPC")
    yield from rows[header + 1 :]


def compare(previous: Entries, current: Entries, dates: tuple[str, str]) -> Sets:
    """Say what changed between two dates: an entry counts where it is valid."""
    before, after = (date.replace("-", "") for date in dates)
    old = {key for key, entry in previous.items() if entry.valid_on(before)}
    new = {key for key, entry in current.items() if entry.valid_on(after)}
    both = old & new
    revised = {key for key in both if previous[key].wording() != current[key].wording()}
    attributes = {key for key in both if previous[key].attributes != current[key].attributes}
    came_and_went = {key for key in current.keys() - new - old if current[key].added > before}
    return {
        "added": frozenset(new - old),
        "deleted": frozenset(old - new),
        "revised": frozenset(revised),
        "revised_attributes_only": frozenset(attributes - revised),
        "transient": frozenset(came_and_went),
    }


def with_action(entries: Entries, actions: str) -> frozenset[Key]:
    """List the entries that the publisher marks with one of these letters."""
    return frozenset(key for key, entry in entries.items() if entry.action in actions)
