"""A workbook's visible sheets, read in a process of its own (reliability.md, rows 53-61)."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple, TypeVar

from cptdiff.contained import contained
from cptdiff.errors import Refused
from cptdiff.releases.sources import OLE, ZIP, content
from cptdiff.releases.table import HEADER_ROWS

# The stream that holds a workbook with a password, as the directory of such a file names it.
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
_STATES: Final = {"veryHidden": "very hidden"}
Found = TypeVar("Found")


class Row(NamedTuple):
    """A row that holds anything: its number in the sheet, what each cell is, and its text.

    `kinds` has a letter for each cell: " " nothing, s text, n number, 0 number shown with zeros,
    d date, b truth, = result of a formula, ? formula that was never calculated, ! error.
    """

    number: int
    kinds: str
    cells: list[str]


@dataclass
class Sheet:
    """A visible sheet. `counted` are its rows by the second counter, which shares no parser."""

    name: str
    rows: list[Row] = field(default_factory=list)
    hidden: list[int] = field(default_factory=list)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    counted: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class Book:
    """A workbook: its visible sheets, the state of every sheet by name, what else is told."""

    place: str
    sheets: tuple[Sheet, ...]
    states: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]

    def headed(
        self, wanted: str, header: Callable[[list[str]], Found | None]
    ) -> tuple[Sheet, int, Found]:
        """The one sheet with a header, the header's index among its rows, and what it says.

        `header` finds it in a row, `wanted` names its columns. Raises
        `Refused` (E211) where no sheet has one, or two have.
        """
        found = [(sheet, *place) for sheet in self.sheets for place in _places(sheet, header)]
        if len(found) == 1:
            return found[0]
        names = ", ".join(f"{name} ({state})" for name, state in self.states)
        many = f"{len(found)} visible sheets have" if found else "no visible sheet has"
        wrong = f"{many} a header with {wanted} in the first {HEADER_ROWS} rows"
        fix = "leave one visible sheet with the table"
        raise Refused("E211", self.place, wrong, fix, f"; sheets: {names}")


def _places(sheet: Sheet, header: Callable[[list[str]], Found | None]) -> list[tuple[int, Found]]:
    rows = enumerate(sheet.rows[:HEADER_ROWS])
    return [(at, said) for at, row in rows if (said := header(row.cells)) is not None][:1]


def book(place: str, data: bytes) -> Book:
    """The workbook in `data`.

    Raises `Refused`: no .xlsx E130, password E182, bomb E213 or E171, entities E214, broken E215.
    """
    _is_book(place, data)
    lines = contained("cptdiff.contained.workbook", place, data).split(b"\n")[:-1]
    told, *said = map(json.loads, lines)
    sheets: list[Sheet] = []
    states: list[tuple[str, str]] = []
    for line in said:
        if isinstance(line, list):
            sheets[-1].rows.append(Row(*line))
        elif "sheet" in line:
            states.append((line["sheet"], _STATES.get(line["state"], line["state"])))
            if line["state"] == "visible":
                sheets.append(Sheet(line["sheet"]))
        else:
            sheets[-1].hidden, sheets[-1].merged = line["hidden"], line["merged"]
            sheets[-1].counted = line["counted"]
    return Book(place, tuple(sheets), tuple(states), tuple(_told(place, told, states)))


def sheets(place: str, data: bytes) -> Iterator[tuple[str, list[tuple[int, list[str]]]]]:
    """The visible sheets: name, and the rows that hold anything (number from 1, cells)."""
    for sheet in book(place, data).sheets:
        yield sheet.name, [(row.number, row.cells) for row in sheet.rows]


def _told(place: str, told: dict[str, Any], states: Sequence[tuple[str, str]]) -> Iterator[str]:
    if told["macros"]:
        yield f"{place}: contains macros, not run"
    if told["links"]:
        yield f"{place}: is linked with other workbooks, which are not read"
    unseen = [f"{name} ({state})" for name, state in states if state != "visible"]
    if unseen:
        yield f"{place}: sheets that are hidden and not read: {', '.join(unseen)}"


def _is_book(place: str, data: bytes) -> None:
    if data.startswith(ZIP):
        return
    if data.startswith(OLE) and _ENCRYPTED in data:
        raise Refused("E182", place, "is password-protected", "save it without a password")
    if data.startswith(OLE):
        fix = "use the publisher's text file, or save it as .xlsx"
        raise Refused("E130", place, "is an old Excel workbook (.xls)", fix)
    what = content(data) or "no workbook"
    raise Refused("E130", place, f"content is {what}, its name says xlsx", "save it as .xlsx")
