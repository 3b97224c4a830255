"""One reader for each layout class."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final, NamedTuple

import polars as pl

from cptdiff.codesets.layout import (
    Columnar,
    Continued,
    Delimited,
    FixedWidth,
    Layout,
    Own,
    Prose,
    Workbook,
    Xml,
)
from cptdiff.errors import Refused
from cptdiff.isolated import cap_rows
from cptdiff.model import Note
from cptdiff.reading.delimited import read_delimited
from cptdiff.reading.fixed import read_continued, read_fixed
from cptdiff.reading.headers import Columns
from cptdiff.reading.identify import Use
from cptdiff.reading.parts import Piece, Span, Whole
from cptdiff.reading.prose import read_prose
from cptdiff.reading.rows import Table
from cptdiff.reading.selection import list_names
from cptdiff.reading.tables import read_own_text
from cptdiff.reading.text import (
    TWICE,
    Text,
    decode,
    describe_line_ends,
    is_encoded_twice,
    unify_line_ends,
)
from cptdiff.reading.xml import read_xml


class Asked(NamedTuple):
    """What the user named of one file: columns; encoding and sheet, or empty."""

    columns: Columns = Columns()
    encoding: str = ""
    sheet: str = ""


def read_table(use: Use, place: str, data: bytes, asked: Asked) -> Table:
    """The rows of one member, by its format's layout. Raises `Refused` where it has none."""
    layout, columns, encoding = use.format.layout, asked.columns, asked.encoding
    if encoding and not isinstance(layout, Own):
        raise _refuse_encoding(place)
    if asked.sheet and not isinstance(layout, Workbook):
        wrong = f"{place} is not a workbook"
        raise Refused("E001", "--sheet", wrong, _OTHER_SIDE.format("--sheet"))
    if columns.quotes and not isinstance(layout, Own):
        wrong = f"{place} is not a table in a text file, and has no quotes around its cells"
        raise Refused("E001", "--quotes", wrong, _OTHER_SIDE.format("--quotes"))
    match layout:
        case Columnar() | Workbook() if columns.headless:
            wrong = f"{place} is not a table in a text file"
            fix = "give the workbook a first row that names the columns, or save it as CSV"
            raise Refused("E001", "--no-header or --columns", wrong, fix)
        case Columnar() | Workbook():
            table = _read_binary(layout, place, data, asked)
        case Own():
            table = _read_own(place, data, columns, encoding)
        case _:
            text = decode(place, data, ansi=use.format.ansi)
            table = _read_published(layout, text)
            if not text.data.endswith((b"\r", b"\n")) and table.frame.height:
                table = replace(table, unended=table.frame["code"][-1])
    if not table.frame.height and not table.faults.height:
        raise Refused("E111", place, "has no rows", "get the file again")
    cap_rows(place, table.read)
    return table


_OF_HEADERS: Final = frozenset({"header", "separator"})


def _read_own(place: str, data: bytes, columns: Columns, encoding: str) -> Table:
    """The rows of a user's text, or of a publisher's table, which may be Windows-1252."""
    from cptdiff.reading.presets import settle_text  # noqa: PLC0415 - for tables only

    columns, preset = settle_text(place, data, columns)
    text = decode(place, data, ansi=preset is not None, encoding=encoding)
    table = _add_notes(text, read_own_text(text, columns))
    # Where a publisher puts the header of a table of theirs, nobody has to check.
    notes = tuple(note for note in table.notes if preset is None or note.kind not in _OF_HEADERS)
    return replace(table, keys=columns.keys, preset=preset, notes=notes)


def _read_binary(layout: Columnar | Workbook, place: str, data: bytes, asked: Asked) -> Table:
    """The rows of what a child process reads; its readers are imported when they are used."""
    if isinstance(layout, Columnar):
        from cptdiff.reading.parquet import read_own_parquet  # noqa: PLC0415

        return read_own_parquet(place, data, asked.columns)
    from cptdiff.reading.workbooks import read_own_workbook, read_workbook  # noqa: PLC0415

    if not layout.required:
        return read_own_workbook(place, data, asked.columns, asked.sheet)
    return read_workbook(place, data, layout, asked.sheet)


def read_binary_parts(
    use: Use, place: str, parts: Sequence[Piece], asked: Asked
) -> tuple[Table, Whole]:
    """The rows of a table in several Parquet files, and where each of them stands.

    Raise `Refused` (E184) for several workbooks: they are no parts.
    """
    from cptdiff.reading.parquet import read_parquet_parts  # noqa: PLC0415 - as above

    if not isinstance(use.format.layout, Columnar):
        wrong = f"contains {len(parts):,} workbooks: {list_names([part.path for part in parts])}"
        raise Refused("E184", place, wrong, "name one with --member")
    table, firsts = read_parquet_parts(place, parts, asked.columns)
    spans = (Span(part.path, first, 1 - first) for part, first in zip(parts, firsts, strict=True))
    if not table.frame.height:
        raise Refused("E111", place, "has no rows", "get the files again")
    return table, Whole(b"".join(part.data for part in parts), tuple(spans))


_OTHER_SIDE: Final = (
    "leave out {0}, or give it for the other file only: previous=NAME or current=NAME"
)


def _refuse_encoding(place: str) -> Refused:
    """The refusal of an encoding for what is no text table."""
    wrong = f"{place} is not a table in a text file, so cptdiff knows its encoding"
    return Refused("E001", "--encoding", wrong, _OTHER_SIDE.format("--encoding"))


def _read_published(layout: Layout, text: Text) -> Table:
    """A publisher's text. What may break lines inside quotes looks at line ends by itself."""
    if isinstance(layout, Delimited) and layout.quoted:
        return _add_notes(text, read_delimited(text, layout))
    table = _read_layout(layout, unify_line_ends(text))
    return _add_notes(replace(text, notes=(*text.notes, *describe_line_ends(text))), table)


def _read_layout(layout: Layout, text: Text) -> Table:
    match layout:
        case FixedWidth():
            return read_fixed(text, layout)
        case Continued():
            return read_continued(text, layout)
        case Delimited():
            return read_delimited(text, layout)
        case Prose():
            return read_prose(text, layout)
        case Xml():
            return read_xml(text, layout)
        case _:
            raise TypeError(layout)


def _add_notes(text: Text, table: Table) -> Table:
    """Return `table` with the notes about its text, one about letters encoded twice among them."""
    notes = (*text.notes, *table.notes)
    if is_encoded_twice(text.data):
        cells = table.frame.select(pl.selectors.string().str.contains(TWICE))
        number = sum(int(column.sum()) for column in cells)
        if number:
            many = f"fields that look encoded twice, left as they are: {number:,}"
            notes += (Note("reading", many, text.place),)
    return replace(table, notes=notes)
