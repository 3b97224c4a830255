"""Lists with a header: workbooks and delimited text, their columns found by name."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import polars as pl

from cptdiff.errors import Refused
from cptdiff.formats.published import LISTED
from cptdiff.releases.delimited import header_fields
from cptdiff.releases.sheets import sheets
from cptdiff.releases.sources import ZIP
from cptdiff.releases.text import decoded

_HEADER_ROWS: Final = 50
_NAMES_SHOWN: Final = 12
_REQUIRED: Final = ("code", "action")
_OPTIONAL: Final = ("date", "note", "kind")
_SEPARATORS: Final = ",\t;|"


@dataclass(frozen=True)
class Cells:
    """Rows of cells, and the header's fields ("" for a column that is not known)."""

    fields: tuple[str, ...]
    rows: tuple[tuple[int, list[str]], ...]


def is_workbook(data: bytes) -> bool:
    """Whether `data` is an .xlsx workbook (a zip)."""
    return data.startswith(ZIP)


def is_table(place: str, data: bytes) -> bool:
    """Whether `data` is a workbook, or text whose header parts its columns by a mark."""
    return is_workbook(data) or bool(_separator(decoded(place, data, ansi=True).data.decode()))


def tables(place: str, data: bytes) -> Iterator[Cells]:
    """The visible sheets, or the one text, that have a code and a change column.

    Raises `Refused` (E163) with the names found where there is none.
    """
    seen: list[str] = []
    found = False
    for rows in _grids(place, data):
        cells = _headed(rows)
        if cells:
            found = True
            yield cells
        elif rows and not seen:
            seen = [cell.strip() for cell in rows[0][1] if cell.strip()][:_NAMES_SHOWN]
    if not found:
        wrong = "no header with a column for the code and one for the change"
        quoted = f"; the first row has {', '.join(seen)}" if seen else ""
        raise Refused("E163", place, wrong, "name the columns code and change", quoted)


def columns(cells: Cells) -> pl.DataFrame:
    """The known columns as text: line, code, action, date, note, kind; one not there is empty."""
    fields = cells.fields
    at = {name: fields.index(name) for name in (*_REQUIRED, *_OPTIONAL) if name in fields}
    data = {
        name: [
            (row[at[name]] if name in at and at[name] < len(row) else "") for _, row in cells.rows
        ]
        for name in (*_REQUIRED, *_OPTIONAL)
    }
    schema = {"line": pl.Int64} | dict.fromkeys(data, pl.String)
    return pl.DataFrame({"line": [line for line, _ in cells.rows], **data}, schema)


def _headed(rows: list[tuple[int, list[str]]]) -> Cells | None:
    for at, (_, cells) in enumerate(rows[:_HEADER_ROWS]):
        fields = header_fields(cells, LISTED, _REQUIRED)
        if fields:
            return Cells(_preferred(cells, fields), tuple(rows[at + 1 :]))
    return None


def _preferred(cells: list[str], fields: tuple[str, ...]) -> tuple[str, ...]:
    """`fields`, each once: of several columns for one the name that stands first in `LISTED`."""
    order = list(LISTED)
    bare = [re.sub(r"[^0-9a-z]", "", cell.lower()) for cell in cells]
    best = {
        field: min((order.index(bare[at]), at) for at, name in enumerate(fields) if name == field)
        for field in fields
        if field
    }
    return tuple(name if name and best[name][1] == at else "" for at, name in enumerate(fields))


def _grids(place: str, data: bytes) -> Iterator[list[tuple[int, list[str]]]]:
    if is_workbook(data):
        yield from (rows for _, rows in sheets(place, data))
        return
    text = decoded(place, data, ansi=True).data.decode()
    mark = _separator(text) or _SEPARATORS[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
    try:
        yield [(reader.line_num, row) for row in reader if any(map(str.strip, row))]
    except csv.Error as error:
        wrong = f"quotes are broken ({error})"
        raise Refused("E153", f"{place}:{reader.line_num}", wrong, "export it again") from error


def _separator(text: str) -> str:
    """The one under which a header is found; empty where there is none."""
    head = text.splitlines()[:_HEADER_ROWS]
    found = (
        mark
        for mark in _SEPARATORS
        if any(header_fields(row, LISTED, _REQUIRED) for row in csv.reader(head, delimiter=mark))
    )
    return next(found, "")
