"""A file of the user's as tables of text, one for each sheet, read by the readers of releases.

A row is kept or set aside, none is lost: the readers count the rows apart from what they return.
"""

import csv
import io
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from typing import Final, NamedTuple

import polars as pl

from cptdiff.columns import fold_name
from cptdiff.errors import Refused
from cptdiff.impact.cells import MODIFIER, PROCEDURE
from cptdiff.impact.documents import read_documents
from cptdiff.impact.forms import PASTED, find_form
from cptdiff.impact.headers import Header, Row, Wanted, find_header, is_code, looks_sure
from cptdiff.isolated import run_isolated
from cptdiff.model import OWN, Note
from cptdiff.reading import (
    FAULTS,
    Columns,
    Text,
    TextHeader,
    decode,
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
# Why rows are no lines of their own, as lists.csv says it: an item again, for another payer; a code
# that the list excludes; the line had ended before the release.
REPEATED: Final = "rows_repeated"
EXCLUDED: Final = "rows_not_included"
OVER: Final = "rows_ended"
LEFT_OUT: Final = (REPEATED, EXCLUDED, OVER)
# So many rows of a table show its header.
_TOP: Final = 2000
# So many rows show what columns there are where none holds codes.
_SHOWN: Final = 50
# Codes that are pasted: what may stand between them, the size of the text and of a line, and how
# many of the words are codes, or are sure to be some. Of few lines nobody can tell a table.
_BETWEEN: Final = r"[\s,;|]+"
_MOST_PASTED: Final = 256 * 1024
_MOST_WORDS: Final = 1000
_FEWEST: Final = 2
_FEW: Final = 3
_MOSTLY: Final = 0.8
_SURE: Final = 0.3
# Cells of a code column that cannot be trusted: line, the column's place, why.
DOUBTS: Final = pl.Schema({"line": pl.UInt32, "at": pl.Int64, "why": pl.String})


@dataclass(frozen=True, eq=False, repr=False)
class Grid:
    """A table with codes: `frame` has line and a column of text for each of `names` (`OWN`).

    `header` is the line of the header's last row, 0 without one, and `systems` what the columns
    hold that are called after codes. `faults` (`FAULTS`) are rows that are set aside, `doubts`
    (`DOUBTS`) cells. `left_out` counts rows that are no lines, by `LEFT_OUT`.
    """

    sheet: str
    names: tuple[str, ...]
    frame: pl.DataFrame
    header: int
    systems: dict[int, str]
    faults: pl.DataFrame = field(default_factory=FAULTS.to_frame)
    doubts: pl.DataFrame = field(default_factory=DOUBTS.to_frame)
    left_out: Mapping[str, int] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()


class Seen(NamedTuple):
    """A table without codes: its sheet, and the names that its columns seem to have."""

    sheet: str
    names: tuple[str, ...]


class Look(NamedTuple):
    """What is looked for: the user's columns and sheets, the codes of the releases.

    Lines that ended before `day` are not looked at. `asked` are other columns that the user names.
    """

    wanted: Wanted = Wanted()
    sheets: tuple[str, ...] = ()
    known: Collection[str] = frozenset()
    day: str = ""
    asked: tuple[str, ...] = ()


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
        texts = pl.read_ipc(io.BytesIO(answer.split(b"\n", 2)[2]))
        named = texts.rename({name: OWN + name for name in texts.columns})
        yield _take_frame(named.with_row_index("line", 1), look)
    elif suffix == ".json" or _is_json(suffix, data):
        for one in read_documents(place, data):
            grid = _take_frame(one.frame, look, one.sheet)
            if isinstance(grid, Grid):
                grid = replace(grid, faults=one.faults, left_out={REPEATED: one.repeated})
            yield grid
    else:
        grid = _read_text(place, data, look)
        del data
        yield grid


def _read_text(place: str, data: bytes, look: Look) -> Grid | Seen:
    """The rows of a text below its header, by the reader of a user's own tables."""
    text = decode(place, data, ansi=True)
    if not look.wanted.codes and (pasted := _read_pasted(text.data, look.known)):
        return pasted
    tops = [(one, _read_top(text, one)) for one in _find_separators(text)]
    found = [
        (header, rows, one) for one, rows in tops
        if (header := find_header(rows, look.wanted, look.known, is_square=True))
    ]  # fmt: skip
    if not found:
        return Seen("", max((tuple(cells) for _, rows in tops for _, cells in rows[:_SHOWN]),
                            key=len, default=()))  # fmt: skip
    header, rows, separator = max(found, key=lambda one: (one[0].line > 0, len(one[0].names)))
    # The reader gets plain names: those of a list may be doubled, missing or on two rows.
    plain = tuple(f"c{at}" for at in range(len(header.names)))
    key = plain[_choose_key(header, rows)]
    unread = {plain[at] for at in _find_unread(header.names, look)} - {key}
    table = read_own_text(
        text, Columns((key,)), TextHeader(header.line, separator, plain, stated=True), unread
    )
    there = [at for at, one in enumerate(plain) if one == key or OWN + one in table.frame.columns]
    narrow = _narrow_header(header, there)
    return Grid(
        "", narrow.names,
        _name_columns(table.frame, narrow, [plain[at] for at in there], key), header.line,
        narrow.systems, table.faults.filter(~_find_strays(table.faults, separator)),
        notes=tuple(note for note in table.notes if "separated by" not in str(note)),
    )  # fmt: skip


def _find_unread(names: Sequence[str], look: Look) -> list[int]:
    """The places of columns that nothing is made of, by the form of the list."""
    form = None if look.wanted.codes else find_form(names)
    if form is None:
        return []
    asked = {fold_name(name) for name in look.asked}
    unread = set(form.find_columns(names, form.unread))
    return [at for at, name in enumerate(names) if name in unread and fold_name(name) not in asked]


def _narrow_header(header: Header, there: Sequence[int]) -> Header:
    """The header of the columns whose places are `there`."""
    names = tuple(header.names[at] for at in there)
    systems = {there.index(at): system for at, system in header.systems.items() if at in there}
    return header._replace(names=names, systems=systems)


def _find_separators(text: Text) -> list[str]:
    """Those that the first rows hold; a comma where there is none."""
    head = text.data[:_HEAD]
    return [one for one in _SEPARATORS if one.encode() in head] or [_SEPARATORS[0]]


def _read_pasted(data: bytes, known: Collection[str]) -> Grid | None:
    """Codes as people paste them, several on a line; None for anything else, such as a table.

    Each code of a line, with the modifiers after it, is a cell.
    """
    if len(data) > _MOST_PASTED:
        return None
    lines = [re.split(_BETWEEN, line.strip()) for line in data.decode().splitlines()]
    filled = [[word for word in words if word] for words in lines]
    if not _are_pasted([words for words in filled if words], known):
        return None
    rows = [[*_group_words(words, known)] for words in filled]
    width = max(map(len, rows))
    names = [name for n in range(1, width + 1) for name in (f"code {n}", f"code {n}|type")]
    cells = [[part for cell in row for part in cell] for row in rows]
    columns = {
        OWN + name: [row[at] if at < len(row) else "" for row in cells]
        for at, name in enumerate(names)
    }
    schema = dict.fromkeys(columns, pl.String)
    frame = pl.DataFrame(columns, schema).with_row_index("line", 1)
    return Grid("", tuple(names), frame.filter(map(bool, rows)), 0, PASTED.find_systems(names))


def _are_pasted(lines: Sequence[Sequence[str]], known: Collection[str]) -> bool:
    """Whether there are several codes on a line and little else, which are no columns of a table.

    In a table without a header, numbers in a column of their own may be prices or charge numbers.
    """
    words = [word for line in lines for word in line]
    if not lines or not _FEWEST <= max(map(len, lines)) <= _MOST_WORDS:
        return False
    if not any(looks_sure(word, known) or is_code(word, PROCEDURE) for word in lines[0]):
        return False  # a header
    codes = sum(looks_sure(word, known) or is_code(word, PROCEDURE) for word in words)
    marks = sum(is_code(word, MODIFIER) for word in words)
    columns = [words]
    if len(lines) > _FEW and len({*map(len, lines)}) == 1:
        columns += [[*column] for column in zip(*lines, strict=True)]
    sure = (sum(looks_sure(one, known) for one in column) / len(column) for column in columns)
    return codes > marks and codes + marks >= _MOSTLY * len(words) and min(sure) >= _SURE


def _group_words(words: Sequence[str], known: Collection[str]) -> Iterator[tuple[str, str]]:
    """The cells of a line, each with the name of its code set where that is ICD-10."""
    cells: list[list[str]] = []
    for word in words:
        if cells and is_code(word, MODIFIER):
            cells[-1].append(word)
        else:
            cells.append([word])
    for cell in cells:
        is_other = looks_sure(cell[0], known) and not is_code(cell[0], PROCEDURE)
        yield " ".join(cell), "icd-10" if is_other else ""


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


def _is_json(suffix: str, data: bytes) -> bool:
    """Whether a file whose name does not tell it is JSON: it begins as a list or an object."""
    return suffix not in TEXTS and data[:_HEAD].lstrip()[:1] in {b"[", b"{"}


def _take_frame(frame: pl.DataFrame, look: Look, sheet: str = "") -> Grid | Seen:
    """A table whose columns have their names already (`OWN`), beside the line."""
    texts = frame.drop("line")
    names = tuple(name.removeprefix(OWN) for name in texts.columns)
    rows: list[Row] = [(0, names)]
    rows += [(line, cells) for line, cells in enumerate(texts.head(_TOP).iter_rows(), 1)]
    header = find_header(rows, look.wanted, look.known)
    if header is None:
        return Seen(sheet, names)
    return Grid(sheet, names, frame, 0, header.systems)
