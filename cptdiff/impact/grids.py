"""A file of the user's as tables of text, one for each sheet, read by the readers of releases.

A row is kept or set aside, none is lost: the readers count the rows apart from what they return.
"""

import csv
import io
import json
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from typing import Any, Final, NamedTuple

import polars as pl

from cptdiff.errors import Refused
from cptdiff.impact.cells import PROCEDURE
from cptdiff.impact.headers import Header, Row, Wanted, find_header, is_code
from cptdiff.isolated import run_isolated
from cptdiff.model import OWN, Note
from cptdiff.reading import (
    FAULTS,
    Columns,
    Text,
    decode,
    find_line,
    read_own_text,
    strip_packing,
)
from cptdiff.reading.workbooks import Sheet, open_book

TEXTS: Final = (".csv", ".tsv", ".tab", ".txt", ".psv", ".prn")
BOOKS: Final = (".xlsx", ".xlsm", ".xls")
SUFFIXES: Final = (*TEXTS, *BOOKS, ".parquet", ".json")
_SEPARATORS: Final = ",\t;|"
# So much of a text shows its header and what its columns hold.
_HEAD: Final = 1024 * 1024
_SLUG: Final = "E165"
# So many rows show what columns there are where none holds codes.
_SHOWN: Final = 50
# Cells of a code column that cannot be trusted: line, the column's place, why.
DOUBTS: Final = pl.Schema({"line": pl.UInt32, "at": pl.Int64, "why": pl.String})


@dataclass(frozen=True, eq=False, repr=False)
class Grid:
    """A table with codes: `frame` has line and a column of text for each of `names` (`OWN`).

    `header` is the line of the header's last row, 0 without one, and `systems` what the columns
    hold that are called after codes. `faults` (`FAULTS`) are rows that are set aside, `doubts`
    (`DOUBTS`) cells.
    """

    sheet: str
    names: tuple[str, ...]
    frame: pl.DataFrame
    header: int
    systems: dict[int, str]
    faults: pl.DataFrame = field(default_factory=FAULTS.to_frame)
    doubts: pl.DataFrame = field(default_factory=DOUBTS.to_frame)
    notes: tuple[Note, ...] = ()


class Seen(NamedTuple):
    """A table without codes: its sheet, and the names that its columns seem to have."""

    sheet: str
    names: tuple[str, ...]


class Look(NamedTuple):
    """What is looked for: the user's columns and sheets, the codes of the releases."""

    wanted: Wanted = Wanted()
    sheets: tuple[str, ...] = ()
    known: Collection[str] = frozenset()


def find_suffix(path: str) -> str:
    """Return the suffix of a file, of a packed one that of what is in it."""
    return PurePosixPath(strip_packing(path)).suffix.lower()


def read_grids(place: str, path: str, data: bytes, look: Look) -> Iterator[Grid | Seen]:
    """Yield each table of a file; what has no column of codes as `Seen`.

    Raise `Refused` for what cannot be read.
    """
    suffix = find_suffix(path)
    if suffix in BOOKS:
        yield from _read_book(place, data, look)
    elif suffix == ".parquet":
        answer = run_isolated("cptdiff.isolated.parquet", place, data, "[]")
        yield _take_frame(pl.read_ipc(io.BytesIO(answer.split(b"\n", 2)[2])), look)
    elif suffix == ".json":
        yield _take_frame(_read_records(place, data), look)
    else:
        yield _read_text(place, data, look)


def _read_text(place: str, data: bytes, look: Look) -> Grid | Seen:
    """The rows of a text below its header, by the reader of a user's own tables."""
    text = decode(place, data, ansi=True)
    tops = [(one, _read_top(text, one)) for one in _SEPARATORS]
    found = [
        (header, rows, one) for one, rows in tops
        if (header := find_header(rows, look.wanted, look.known, is_square=True))
    ]  # fmt: skip
    if not found:
        return Seen("", max((tuple(cells) for _, rows in tops for _, cells in rows[:_SHOWN]),
                            key=len, default=()))  # fmt: skip
    header, rows, separator = max(found, key=lambda one: (one[0].line > 0, len(one[0].names)))
    # The reader gets plain names: those of a list may be doubled, missing or on two rows.
    plain = [f"c{at}" for at in range(len(header.names))]
    first = f"{separator.join(plain)}\n".encode()
    body = replace(text, data=first + text.data[find_line(text.data, header.line) :])
    key = plain[_choose_key(header, rows)]
    table = read_own_text(body, Columns((key,)))
    shift = pl.col("line").cast(pl.Int64) + header.line - 1
    frame = _name_columns(table.frame, header, plain, key).with_columns(shift.cast(pl.UInt32))
    faults = table.faults.with_columns(shift)
    return Grid(
        "", header.names, frame, header.line, header.systems,
        faults.filter(~_find_strays(faults, separator)),
        notes=tuple(note for note in table.notes if "separated by" not in str(note)),
    )  # fmt: skip


def _find_strays(faults: pl.DataFrame, separator: str) -> pl.Series:
    """Which faults are a heading, total or note without a code: rows as others without one."""
    cells = [raw.split(separator) for raw in faults["raw"]]
    has_code = [any(is_code(one, PROCEDURE) for one in row) for row in cells]
    return faults["fault"].str.starts_with(_SLUG) & ~pl.Series(has_code, dtype=pl.Boolean)


def _choose_key(header: Header, rows: Sequence[Row]) -> int:
    """A column without empty cells in the first rows: where keys are empty, reading is slow."""
    below = [cells for line, cells in rows if line > header.line]
    full = (
        at for at in range(len(header.names))
        if all(at < len(cells) and cells[at].strip() for cells in below)
    )  # fmt: skip
    return next(full, min(header.systems, default=0))


def _name_columns(
    frame: pl.DataFrame, header: Header, plain: Sequence[str], key: str
) -> pl.DataFrame:
    """The line and all columns by their own names; the reader has the key as code, trimmed."""
    return frame.select(
        "line",
        *(
            pl.col("code" if one == key else OWN + one).alias(OWN + name)
            for one, name in zip(plain, header.names, strict=True)
        ),
    )


def _read_top(text: Text, separator: str) -> list[Row]:
    """The first rows, with the line that each ends on, if cells are parted by `separator`."""
    head = text.data[:_HEAD].decode(errors="ignore")
    reader = csv.reader(io.StringIO(head, newline=""), delimiter=separator)
    rows: list[Row] = []
    with suppress(csv.Error):
        rows.extend((reader.line_num, cells) for cells in reader)
    return rows[:-1] if len(text.data) > _HEAD else rows


def _read_book(place: str, data: bytes, look: Look) -> Iterator[Grid | Seen]:
    book = open_book(place, data, may_be_old=True)
    for sheet in book.sheets:
        if not look.sheets or sheet.name in look.sheets:
            yield _read_sheet(place, sheet, look, book.notes)


def _read_sheet(place: str, sheet: Sheet, look: Look, notes: tuple[Note, ...]) -> Grid | Seen:
    rows: list[Row] = [(row.number, row.cells) for row in sheet.rows]
    header = find_header(rows, look.wanted, look.known)
    if header is None:
        widest = max((cells for _, cells in rows[:_SHOWN]), key=len, default=[])
        return Seen(sheet.name, tuple(widest))
    body = [row for row in sheet.rows if row.number > header.line]
    counted = sum(number > header.line for number in sheet.row_numbers)
    if counted != len(body):
        wrong = f"has {counted:,} rows below its header, but {len(body):,} were read"
        fix = "report this bug with the first rows of the sheet"
        raise Refused("E199", f"{place}[{sheet.name}]", wrong, fix)
    width = len(header.names)
    columns = {
        OWN + name: [row.cells[at] if at < len(row.cells) else "" for row in body]
        for at, name in enumerate(header.names[:width])
    }
    schema = {"line": pl.UInt32} | dict.fromkeys(columns, pl.String)
    frame = pl.DataFrame({"line": [row.number for row in body], **columns}, schema)
    doubts = [*_list_doubts(sheet, header)]
    return Grid(
        sheet.name, header.names, frame, header.line, header.systems,
        doubts=pl.DataFrame(doubts, DOUBTS, orient="row"), notes=notes,
    )  # fmt: skip


def _list_doubts(sheet: Sheet, header: Header) -> Iterator[tuple[int, int, str]]:
    """Cells that hold an error or no value, and those that a merged cell above covers."""
    for row in sheet.rows:
        if row.number <= header.line or ("!" not in row.kinds and "?" not in row.kinds):
            continue
        for at, kind in enumerate(row.kinds):
            if kind == "!" and row.cells[at] != "#N/A":
                yield row.number, at, "contains an error instead of a value"
            elif kind == "?":
                yield row.number, at, "is a formula that was never calculated"
    rows = {row.number: row.cells for row in sheet.rows} if sheet.merged else {}
    for top, left, bottom, right in sheet.merged:
        cells = rows.get(top, [])
        if left == right and top > header.line and any(cells[left - 1 : left]):
            for number in rows.keys() & range(top + 1, bottom + 1):
                yield number, left - 1, f"is merged with the cell in row {top}"


def _take_frame(texts: pl.DataFrame, look: Look) -> Grid | Seen:
    """A table whose columns have their names already; its rows count from 1."""
    names = tuple(texts.columns)
    rows: list[Row] = [(0, names)]
    rows += [(line, cells) for line, cells in enumerate(texts.head(2000).iter_rows(), 1)]
    header = find_header(rows, look.wanted, look.known)
    if header is None:
        return Seen("", names)
    named = texts.rename({name: OWN + name for name in names}).with_row_index("line", 1)
    return Grid("", names, named, 0, header.systems)


def _read_records(place: str, data: bytes) -> pl.DataFrame:
    """The one list of objects in a JSON file, a column for each of their names."""
    fix = "save the list as CSV, or as a JSON array of objects with plain values"
    try:
        content: Any = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise Refused("E130", place, "is not valid JSON", fix) from error
    found = [content] if isinstance(content, list) else []
    if isinstance(content, dict):
        found = [one for one in content.values() if isinstance(one, list) and _are_objects(one)]
    if len(found) != 1 or not _are_objects(found[0]):
        raise Refused("E130", place, "does not contain one list of objects", fix)
    names = dict.fromkeys(name for one in found[0] for name in one)
    columns = {name: [_write_value(one.get(name)) for one in found[0]] for name in names}
    return pl.DataFrame(columns, dict.fromkeys(columns, pl.String))


def _are_objects(values: Sequence[Any]) -> bool:
    return len(values) > 0 and all(isinstance(one, dict) for one in values)


def _write_value(value: Any) -> str:  # noqa: ANN401 - any value of JSON
    if value is None or isinstance(value, str):
        return value or ""
    return json.dumps(value, ensure_ascii=False)
