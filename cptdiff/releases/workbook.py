"""Workbooks: cells as typed, to exact text (formats.md 2.1, 7.3; reliability.md rows 53-58)."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from datetime import datetime, time
from typing import TYPE_CHECKING, Final
from xml.etree.ElementTree import ParseError

import polars as pl

from cptdiff.errors import Refused
from cptdiff.formats.layout import Workbook
from cptdiff.releases.delimited import header_fields, single
from cptdiff.releases.table import Table, faulty, none_faulty

if TYPE_CHECKING:
    from openpyxl.cell.read_only import ReadOnlyCell

_HEADER_ROWS: Final = 50
Row = tuple[int, list[str]]


def workbook(place: str, data: bytes, layout: Workbook) -> Table:
    """The rows below the header: line, kind, code and the layout's fields."""
    for _, rows in sheets(place, data):
        for at, (_, cells) in enumerate(rows[:_HEADER_ROWS]):
            fields = header_fields(cells, layout.header, layout.required)
            if fields:
                return _table(rows[:at], rows[at + 1 :], single(place, fields), layout)
    names = ", ".join(layout.required)
    wrong = f"no visible sheet has a header with {names} in its first {_HEADER_ROWS} rows"
    raise Refused("E211", place, wrong, "check that it is the publisher's own workbook")


def sheets(place: str, data: bytes) -> Iterator[tuple[str, list[Row]]]:
    """The visible sheets: name, and the rows that hold anything (number from 1, cells)."""
    try:
        yield from _visible(data)
    except (zipfile.BadZipFile, zlib.error, ParseError, KeyError, ValueError, OSError) as error:
        raise Refused("E215", place, "is no whole .xlsx workbook", "save it as .xlsx") from error


def _visible(data: bytes) -> Iterator[tuple[str, list[Row]]]:
    import openpyxl  # noqa: PLC0415 - 0.1 s, for workbooks only

    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    for sheet in book.worksheets:
        if sheet.sheet_state == "visible":
            sheet.reset_dimensions()
            rows = ((n, [_text(c) for c in row]) for n, row in enumerate(sheet.iter_rows(), 1))
            yield sheet.title, [(n, cells) for n, cells in rows if any(cells)]


def _text(cell: "ReadOnlyCell") -> str:
    """A cell's value as its user sees the code: 100 under the format 00000 is 00100."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat()
    if isinstance(value, int | float) and value == int(value):
        width = len(cell.number_format) if re.fullmatch("0+", cell.number_format or "") else 0
        return str(int(value)).zfill(width)
    return str(value)


def used(cells: Sequence[str]) -> int:
    """How many cells from the left hold anything."""
    return max((at for at, cell in enumerate(cells, 1) if cell), default=0)


def _table(above: list[Row], below: list[Row], fields: tuple[str, ...], layout: Workbook) -> Table:
    narrow = [(n, cells) for n, cells in below if used(cells) <= len(fields)]
    columns = {
        name: [(cells[i] if i < len(cells) else "") for _, cells in narrow]
        for i, name in enumerate(fields)
        if name
    }
    schema = {"line": pl.UInt32} | dict.fromkeys(columns, pl.String)
    frame = pl.DataFrame({"line": [n for n, _ in narrow], **columns}, schema)
    if "kind" not in columns:
        frame = frame.with_columns(pl.lit("code").alias("kind"))
    whole, stray = _records(frame, layout) if layout.kinds else (frame, none_faulty())
    at = fields.index("code")
    wide = [
        (n, "|".join(cells), "code", cells[at]) for n, cells in below if used(cells) > len(fields)
    ]
    named = {"line": pl.Int64, "text": pl.String, "kind": pl.String, "code": pl.String}
    rows = pl.DataFrame(wide, named, orient="row")
    faults = faulty(rows, "has more cells than the header", "compare the row with the header")
    if stray.height:
        odd = "is no record of its own and carries on none", "compare it with its neighbours"
        faults = pl.concat([faults, faulty(stray, *odd)])
    preamble = "\n".join(" ".join(cells) for _, cells in above)
    read = len(below) - (frame.height - whole.height - stray.height)
    return Table(whole, faults, read, "workbook", preamble)


def _records(frame: pl.DataFrame, layout: Workbook) -> tuple[pl.DataFrame, pl.DataFrame]:
    """HCPCS rows: further records right below their own code carry on its text (7.3).

    Returns the entries, and the rows that are neither an entry nor its continuation.
    """
    stripped = pl.col("code").str.strip_chars(" ")
    further = [record for record in layout.kinds if record not in layout.first]
    carried_on = pl.col("kind").is_in(further) & (stripped == stripped.shift(1))
    numbered = frame.with_columns((~carried_on.fill_null(value=False)).cum_sum().alias("entry"))
    joined = numbered.group_by("entry", maintain_order=True).agg(
        pl.exclude("long").first(), pl.col("long").str.strip_chars_end(" ").str.join(" ")
    )
    first = pl.col("kind").is_in(layout.first)
    whole = (
        joined.filter(first)
        .drop("entry")
        .with_columns(
            pl.col("kind").replace_strict(dict(layout.kinds), default="", return_dtype=pl.String),
            stripped,
            pl.selectors.string().exclude("kind", "code").str.strip_chars_end(" "),
        )
    )
    rest = joined.filter(~first).select(
        pl.col("line").cast(pl.Int64),
        pl.concat_str("code", "kind", "long", separator="|").alias("text"),
        pl.lit("code").alias("kind"),
        stripped.alias("code"),
    )
    return whole, rest
