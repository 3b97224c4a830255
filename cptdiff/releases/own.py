"""Tables of the user's own: text, workbook or Parquet (contract.md, "Plain tables")."""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from cptdiff.errors import Refused
from cptdiff.model import OWN
from cptdiff.releases.table import FAULTS, Table, none_faulty
from cptdiff.releases.text import Text
from cptdiff.releases.workbook import sheets

_SEPARATORS: Final = (",", "\t", ";", "|")
_HEADER_LINES: Final = 50


@dataclass(frozen=True)
class Columns:
    """What the user named: the key's columns, and the fields to compare (none: all others)."""

    keys: tuple[str, ...] = ("code",)
    fields: tuple[str, ...] = ()


@dataclass(frozen=True)
class Header:
    """Where a table's header stands, and its column names, trimmed."""

    line: int
    separator: str
    names: tuple[str, ...]


def own_text(text: Text, columns: Columns) -> Table:
    """Rows of line, kind, code and the user's columns; rows of another width are faults."""
    header = _header(text, columns)
    if b'"' not in text.data and b"\x00" not in text.data:
        frame = _unquoted(text, header)
        if frame is not None:
            keyed, notes = _keyed(frame, header.names, columns, text.place)
            return Table(keyed, none_faulty(), _plain_rows(text, header), text.encoding, "", notes)
    rows = _csv_rows(text, header)
    frame, faults = _squared(rows, header)
    keyed, notes = _keyed(frame, header.names, columns, text.place)
    return Table(keyed, faults, _quoted_rows(text, header), text.encoding, "", notes)


def own_workbook(place: str, data: bytes, columns: Columns) -> Table:
    """The first visible sheet whose first 50 rows hold a header with the key."""
    for _, rows in sheets(place, data):
        for at, (line, cells) in enumerate(rows[:_HEADER_LINES]):
            names = tuple(cell.strip() for cell in cells)
            if _has_keys(names, columns):
                while names and not names[-1]:
                    names = names[:-1]
                header = Header(line, "|", _sound(place, names))
                body = [(n, (row + [""] * len(names))[: max(len(names), _used(row))])
                        for n, row in rows[at + 1 :]]  # fmt: skip
                frame, faults = _squared(body, header)
                keyed, notes = _keyed(frame, names, columns, place)
                return Table(keyed, faults, len(body), "workbook", "", notes)
    raise _keyless(place, columns, ())


def own_parquet(place: str, data: bytes, columns: Columns) -> Table:
    """Every column as text; null is empty."""
    try:
        frame = pl.read_parquet(io.BytesIO(data))
    except pl.exceptions.PolarsError as error:
        raise Refused("E215", place, "is no whole Parquet file", "write it again") from error
    names = _sound(place, tuple(name.strip() for name in frame.columns))
    if not _has_keys(names, columns):
        raise _keyless(place, columns, names)
    frame = frame.rename(dict(zip(frame.columns, names, strict=True)))
    frame = frame.select(pl.all().cast(pl.String).fill_null("")).with_row_index("line", 1)
    renamed = frame.rename({name: OWN + name for name in names})
    keyed, notes = _keyed(renamed, names, columns, place)
    return Table(keyed, none_faulty(), frame.height, "Parquet", "", notes)


def _header(text: Text, columns: Columns) -> Header:
    head = text.data[: 1024 * 1024].decode(errors="ignore").split("\n")[:_HEADER_LINES]
    for number, line in enumerate(head, 1):
        for separator in _SEPARATORS:
            cells = next(csv.reader([line.rstrip("\r")], delimiter=separator), [])
            names = tuple(cell.strip() for cell in cells)
            if _has_keys(names, columns):
                return Header(number, separator, _sound(text.place, names))
    seen = next((line.strip() for line in head if line.strip()), "")
    raise _keyless(text.place, columns, re.split(r"[,\t;|]", seen))


def _has_keys(names: Sequence[str], columns: Columns) -> bool:
    return {key.strip().casefold() for key in columns.keys} <= {name.casefold() for name in names}


def _sound(place: str, names: tuple[str, ...]) -> tuple[str, ...]:
    folded = [name.casefold() for name in names]
    doubled = sorted({name for name in names if folded.count(name.casefold()) > 1})
    if doubled or "" in names:
        wrong = (
            f"column {', '.join(doubled)} is doubled" if any(doubled) else "a column has no name"
        )
        fix = f"name each column once; found: {', '.join(names)}"
        raise Refused("E162", place, wrong, fix)
    return names


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
        raise Refused("E153", place, wrong, 'double each " inside a quoted field') from error
    return rows


def _quoted_rows(text: Text, header: Header) -> int:
    """Lines with anything in them, once line breaks inside quoted fields are gone."""
    mark = re.escape(header.separator.encode())
    quoted = rb"(?:(?<=[\n" + mark + rb'])|\A)"(?:[^"]|"")*"'
    body = text.data.split(b"\n", header.line)[-1] if header.line else text.data
    bare = re.sub(quoted, b"_", b"\n" + body)
    return sum(1 for line in bare.split(b"\n") if line.strip(b"\r"))


def _squared(
    rows: Sequence[tuple[int, list[str]]], header: Header
) -> tuple[pl.DataFrame, pl.DataFrame]:
    width = len(header.names)
    square = [(line, *cells) for line, cells in rows if len(cells) == width]
    schema = {"line": pl.UInt32} | {OWN + name: pl.String for name in header.names}
    faults = [
        (line, "", f"has {len(cells)} cells, the header has {width}",
         header.separator.join(cells), "quote a cell that holds the separator")
        for line, cells in rows if len(cells) != width
    ]  # fmt: skip
    frame = pl.DataFrame(square, schema, orient="row")
    return frame, pl.DataFrame(faults, FAULTS, orient="row")


def _keyed(
    frame: pl.DataFrame, names: Sequence[str], columns: Columns, place: str
) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """`frame` with kind and code, its fields those that the user named, or all but the key."""
    by_folded = {name.casefold(): name for name in names}
    keys = [by_folded[key.strip().casefold()] for key in columns.keys]
    missing = [name for name in columns.fields if name.strip().casefold() not in by_folded]
    if missing:
        fix = f"choose among {', '.join(names)}"
        raise Refused("E163", place, f"no column {', '.join(missing)}", fix)
    named = [by_folded[name.strip().casefold()] for name in columns.fields]
    fields = named or [name for name in names if name not in keys]
    parts = [pl.col(OWN + key).str.strip_chars() for key in keys]
    padded = frame.select(
        pl.any_horizontal(pl.col(OWN + key) != part for key, part in zip(keys, parts, strict=True))
    ).to_series().sum()  # fmt: skip
    notes = (
        (f"{place}: {padded:,} keys had blanks around them, which were trimmed",) if padded else ()
    )
    code = parts[0] if len(parts) == 1 else pl.concat_str(
        [part.str.replace_all(r"([\\|])", r"\$1") for part in parts], separator="|"
    )  # fmt: skip
    return frame.select(
        "line", pl.lit("code").alias("kind"), code.alias("code"), *(OWN + name for name in fields)
    ), notes


def _used(cells: Sequence[str]) -> int:
    return max((at for at, cell in enumerate(cells, 1) if cell), default=0)


def _keyless(place: str, columns: Columns, seen: Sequence[str]) -> Refused:
    found = f"; columns found: {', '.join(name.strip() for name in seen[:20])}" if seen else ""
    wrong = f"no header with the key column {' and '.join(columns.keys)}{found}"
    return Refused("E163", place, wrong, "name the key with --key COLUMN")
