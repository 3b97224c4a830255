"""A user's table as text: separators, quotes, line breaks (contract.md, "Plain tables")."""

import csv
import io
import re
from typing import Final

import polars as pl

from cptdiff.errors import Refused
from cptdiff.model import OWN
from cptdiff.releases.own import (
    HEADER_LINES,
    Columns,
    Header,
    has_keys,
    keyed,
    keyless,
    sound,
    squared,
)
from cptdiff.releases.table import Table, none_faulty
from cptdiff.releases.text import Text, lone_returns

_LINE_END: Final = rb"\r\n|\r|\n"
_SEPARATORS: Final = (",", "\t", ";", "|")


def own_text(text: Text, columns: Columns) -> Table:
    """Rows of line, kind, code and the user's columns; rows of another width are faults."""
    header = _header(text, columns)
    if b'"' not in text.data and not lone_returns(text):
        frame = _unquoted(text, header)
        if frame is not None:
            rows_with_key, notes = keyed(frame, header.names, columns, text.place)
            read = _plain_rows(text, header)
            return Table(rows_with_key, none_faulty(), read, text.encoding, "", notes)
    rows = _csv_rows(text, header)
    frame, faults = squared(rows, header, columns)
    rows_with_key, notes = keyed(frame, header.names, columns, text.place)
    read = _quoted_rows(text, header)
    return Table(rows_with_key, faults, read, text.encoding, "", notes)


def _header(text: Text, columns: Columns) -> Header:
    head = re.split(_LINE_END, text.data[: 1024 * 1024], maxsplit=HEADER_LINES)[:HEADER_LINES]
    lines = [line.decode(errors="ignore") for line in head]
    for number, line in enumerate(lines, 1):
        for separator in _SEPARATORS:
            cells = _cells(line, separator)
            names = tuple(cell.strip() for cell in cells)
            if has_keys(names, columns):
                return Header(number, separator, sound(text.place, names))
    seen = next((line.strip() for line in lines if line.strip()), "")
    raise keyless(text.place, columns, re.split(r"[,\t;|]", seen))


def _cells(line: str, separator: str) -> list[str]:
    """The cells of a line that may be a header; none where it cannot be one."""
    try:
        return next(csv.reader([line], delimiter=separator), [])
    except csv.Error:
        return []


def _unquoted(text: Text, header: Header) -> pl.DataFrame | None:
    """The rows by Polars' own reader where it cannot differ from the exact one, else None.

    Polars fills up short rows and drops empty cells that are too many, both in silence: a file
    that has either, or a blank line, is left to the exact reader.
    """
    frame = pl.read_csv(
        text.data, has_header=False, skip_lines=header.line, separator=header.separator,
        quote_char=None, infer_schema=False, empty_string_is_null=False,
        row_index_name="line", row_index_offset=header.line + 1,
        truncate_ragged_lines=True, raise_if_empty=False,
    )  # fmt: skip
    if frame.width != len(header.names) + 1:
        return None
    if not _accounted(text, header, frame) and not _even(text, header):
        return None
    return frame.rename(dict(zip(frame.columns[1:], map(_named, header.names), strict=True)))


def _accounted(text: Text, header: Header, frame: pl.DataFrame) -> bool:
    """Whether every byte below the header is a cell's, a separator's or a line end's.

    With a last cell in every row, so that none is short, that proves that none is too long.
    """
    cells = frame.drop("line")
    if (cells.to_series(-1) == "").any():
        return False
    start = 0
    for _ in range(header.line):
        start = text.data.index(b"\n", start) + 1
    held = cells.select(pl.sum_horizontal(pl.all().str.len_bytes().sum())).item()
    ends = 2 if text.data.endswith(b"\r\n") else 1
    missing = 0 if text.data.endswith(b"\n") else ends
    between = frame.height * (len(header.names) - 1 + ends) - missing
    return bool(held + between == len(text.data) - start)


def _even(text: Text, header: Header) -> bool:
    """Whether every line below the header has the header's number of separators, none blank."""
    cells = pl.col("text").str.count_matches(header.separator, literal=True)
    lines = pl.scan_lines(text.data, name="text").slice(header.line)
    odd = (cells != len(header.names) - 1) | (pl.col("text") == "")
    return not lines.select(odd.any()).collect().item()


def _named(column: str) -> str:
    return OWN + column


def _plain_rows(text: Text, header: Header) -> int:
    unended = not text.data.endswith(b"\n")
    return text.data.count(b"\n") + unended - header.line


def _csv_rows(text: Text, header: Header) -> list[tuple[int, list[str]]]:
    source = io.StringIO(text.data.decode(), newline="")
    for _ in range(header.line):
        source.readline()
    reader = csv.reader(source, delimiter=header.separator, strict=True)
    rows, line = [], header.line + 1
    try:
        for cells in reader:
            if cells:
                rows.append((line, cells))
            line = header.line + reader.line_num + 1
    except csv.Error as error:
        place, wrong = f"{text.place}:{line}", f"a quoted field is broken ({error})"
        slug = "E120" if "unexpected end" in str(error) else "E153"
        raise Refused(slug, place, wrong, 'double each " inside a quoted field') from error
    return rows


def _quoted_rows(text: Text, header: Header) -> int:
    """Lines with anything in them, once line breaks inside quoted fields are gone."""
    mark = re.escape(header.separator.encode())
    quoted = rb"(?:(?<=[\r\n" + mark + rb'])|\A)"(?:[^"]|"")*"'
    body = re.split(_LINE_END, text.data, maxsplit=header.line)[-1]
    bare = re.sub(quoted, b"_", b"\n" + body)
    return sum(map(bool, re.split(_LINE_END, bare)))
