"""A user's table as text: separators, quotes, line breaks (contract.md, "Plain tables")."""

from dataclasses import replace
from typing import Final

import polars as pl

from cptdiff.model import OWN
from cptdiff.releases import counting
from cptdiff.releases.oddities import MARK, MAX_FIELD
from cptdiff.releases.own import Columns, Header, key_places, keyed, squared
from cptdiff.releases.own_header import header_of
from cptdiff.releases.own_rows import is_trailer, odd_rows, strays, whole
from cptdiff.releases.quoting import LINE_END, Row, quoted_rows
from cptdiff.releases.stray_quotes import refuse_stray_quotes
from cptdiff.releases.table import Table, none_faulty
from cptdiff.releases.text import Text, line_ends

_ODD: Final = (b'"', b"\0", b"\x1a", MARK.encode())


def own_text(text: Text, columns: Columns) -> Table:
    """Rows of line, kind, code and the user's columns; what is no row of it is a fault."""
    header, told = header_of(text, columns)
    blank = counting.BLANK.replace(header.separator.encode(), b"")
    read = counting.quoted(text.data, header.line, header.separator, blank)
    counting.capped(text.place, read)
    plain = _plain(text, header, columns)
    if plain is None:
        frame, faults, notes = _exact(text, header, columns, blank)
    else:
        frame, faults, notes = plain, none_faulty(), ()
    found, trimmed = keyed(frame, header.names, columns, text.place)
    told = (*told, *notes, *trimmed)
    return Table(found, faults, read, text.encoding, "", told, header.separator)


def _exact(
    text: Text, header: Header, columns: Columns, blank: bytes
) -> tuple[pl.DataFrame, pl.DataFrame, tuple[str, ...]]:
    """The rows to the letter, those that are set aside, and what is told of lines."""
    rows, voids = quoted_rows(text, header.separator, header.line, blank)
    keys = key_places(header.names, columns)
    refuse_stray_quotes(text.place, _as_row(header), rows, header.separator, keys)
    odd = strays(rows, header, columns) | odd_rows(text, rows)
    whole(text, rows, header, odd)
    notes = line_ends(replace(text, data=counting.unwrapped(text.data, header.separator)))
    if voids:
        notes += (f"{text.place}: blank lines skipped: {voids:,}",)
    return *squared(rows, header, columns, odd), notes


def _as_row(header: Header) -> Row:
    """The header as a row, with the line that it begins on."""
    further = len(LINE_END.findall("".join(header.names).encode()))
    return header.line - further, [*header.names]


def _plain(text: Text, header: Header, columns: Columns) -> pl.DataFrame | None:
    """The rows by Polars' own reader where it cannot differ from the exact one, else None.

    Polars fills up short rows and drops empty cells that are too many, both in silence: a file
    that has either, a blank line or anything else out of the ordinary is left to the exact reader.
    """
    if any(odd in text.data for odd in _ODD) or not _begins_alike(text, header):
        return None
    frame = pl.read_csv(
        text.data, has_header=False, skip_lines=header.line, separator=header.separator,
        quote_char=None, infer_schema=False, empty_string_is_null=False,
        row_index_name="line", row_index_offset=header.line + 1,
        truncate_ragged_lines=True, raise_if_empty=False,
    )  # fmt: skip
    if frame.width != len(header.names) + 1 or not frame.height:
        return None
    if not _accounted(text, header, frame) and not _even(text, header):
        return None
    names = [OWN + name for name in header.names]
    named = frame.rename(dict(zip(frame.columns[1:], names, strict=True)))
    return None if _strays(named, header, columns, len(text.data)) else named


def _begins_alike(text: Text, header: Header) -> bool:
    """Whether lines end in one way, and the first row has the header's number of cells.

    Polars makes a column for each cell of the first row, be they millions.
    """
    start, returns = _start(text, header), text.data.count(b"\r")
    first = text.data[start : text.data.find(b"\n", start) + 1 or len(text.data)]
    is_wide = first.count(header.separator.encode()) != len(header.names) - 1
    return not (is_wide or text.has_lone_returns) and returns in {0, text.data.count(b"\n")}


def _strays(frame: pl.DataFrame, header: Header, columns: Columns, size: int) -> bool:
    """Whether any row may be none: header, trailer, blank, or of a field beyond measure."""
    key = frame[OWN + header.names[key_places(header.names, columns)[0]]]
    name = header.names[key_places(header.names, columns)[0]]
    bare = key.str.strip_chars()
    if (bare.str.to_lowercase() == name.lower()).any() or is_trailer(bare[-1] or frame.row(-1)[1]):
        return True
    if len(header.names) == 1 and (bare == "").any():
        return True
    longest = frame.select(pl.max_horizontal(pl.exclude("line").str.len_bytes().max())).item()
    return size > MAX_FIELD and longest > MAX_FIELD


def _accounted(text: Text, header: Header, frame: pl.DataFrame) -> bool:
    """Whether every byte below the header is a cell's, a separator's or a line end's.

    With a last cell in every row, so that none is short, that proves that none is too long.
    """
    cells = frame.drop("line")
    if (cells.to_series(-1) == "").any():
        return False
    start = _start(text, header)
    held = cells.select(pl.sum_horizontal(pl.all().str.len_bytes().sum())).item()
    ends = 2 if text.data.endswith(b"\r\n") else 1
    missing = 0 if text.data.endswith(b"\n") else ends
    between = frame.height * (len(header.names) - 1 + ends) - missing
    return bool(held + between == len(text.data) - start)


def _start(text: Text, header: Header) -> int:
    """Where the first byte below the header stands, or the end."""
    start = 0
    for _ in range(header.line):
        start = text.data.find(b"\n", start) + 1 or len(text.data)
    return start


def _even(text: Text, header: Header) -> bool:
    """Whether every line below the header has the header's number of separators, none blank."""
    cells = pl.col("text").str.count_matches(header.separator, literal=True)
    lines = pl.scan_lines(text.data, name="text").slice(header.line)
    odd = (cells != len(header.names) - 1) | (pl.col("text") == "")
    return not lines.select(odd.any()).collect().item()
