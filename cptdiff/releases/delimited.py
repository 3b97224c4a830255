"""The publishers' delimited files: a preamble, a header found by name, ragged rows padded."""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import polars as pl

from cptdiff.errors import Refused
from cptdiff.formats.layout import Delimited, FixedWidth
from cptdiff.releases.table import Table, faulty, none_faulty
from cptdiff.releases.text import Lines, Text, line_count, lines_of, sorted_out

_HEADER_LINES: Final = 1000
_LONG = "has more cells than the header", "compare the line with the header"


def delimited(text: Text, layout: Delimited) -> Table:
    """Rows of cells; quotes are plain text unless the layout says otherwise."""
    if layout.quoted:
        return _quoted(text, layout)
    if layout.fields:
        lines = sorted_out(text, FixedWidth(layout.row, ()))
        rows, prose = _with_spoiled(lines, layout)
        table = _split(rows, layout, layout.fields)
        odd = faulty(prose, "does not look like an entry", "compare it with its neighbours")
        notes = (f"{text.place}: {layout.assumed}",) if layout.assumed else ()
        return Table(
            table[0],
            pl.concat([odd, table[1]]),
            lines.candidates,
            text.encoding,
            lines.preamble,
            notes,
        )
    return _under_header(text, layout)


def _with_spoiled(lines: Lines, layout: Delimited) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The lines of data, with those whose cells are whole and whose code alone is odd; the rest."""
    cell = rf"^[^{layout.separator}]+{layout.separator}[^{layout.separator}]"
    is_row = lines.odd["text"].str.contains(cell)
    if not is_row.any():
        return lines.data, lines.odd
    spoiled = lines.odd.filter(is_row).select(lines.data.columns)
    return pl.concat([lines.data, spoiled]).sort("line"), lines.odd.filter(~is_row)


def header_fields(
    cells: Sequence[str], known: Mapping[str, str], required: Sequence[str]
) -> tuple[str, ...] | None:
    """The field of every cell ("" for a column that is not known), if `cells` is the header."""
    fields = tuple(known.get(re.sub(r"[^0-9a-z]", "", cell.lower()), "") for cell in cells)
    return fields if set(required) <= set(fields) else None


def single(place: str, fields: tuple[str, ...]) -> tuple[str, ...]:
    """`fields`, or `Refused` where a header names one twice."""
    doubled = sorted({name for name in fields if name and fields.count(name) > 1})
    if doubled:
        wrong = f"column {', '.join(doubled)} is doubled"
        raise Refused("E162", place, wrong, "name each column once")
    return fields


def _under_header(text: Text, layout: Delimited) -> Table:
    lines = lines_of(text)
    head = lines.head(_HEADER_LINES).iter_rows()
    line, fields = _header(text, ((n, row.split(layout.separator)) for n, row in head), layout)
    body, above = lines.slice(line), lines["text"].head(line - 1)
    rows = body.filter(pl.col("text").str.strip_chars() != "")
    frame, faults = _split(rows, layout, fields)
    read = line_count(text) - line - (body.height - rows.height)
    return Table(frame, faults, read, text.encoding, "\n".join(above))


def _split(
    lines: pl.DataFrame, layout: Delimited, fields: Sequence[str]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Rows as line, kind and fields, missing cells at the end empty; rows with too many apart."""
    text = pl.col("text").str.strip_chars_end(layout.separator)
    counts = lines.select(text.str.count_matches(layout.separator, literal=True)).to_series()
    is_wide = counts >= len(fields)
    wide = lines.filter(is_wide) if is_wide.any() else None
    code = text.str.split(layout.separator).list.get(fields.index("code"), null_on_oob=True)
    cells = text.str.split_exact(layout.separator, len(fields) - 1)
    found = [
        cells.struct.field(f"field_{n}").fill_null("").alias(name)
        for n, name in enumerate(fields)
        if name
    ]
    narrow = lines if wide is None else lines.filter(~is_wide)
    frame = narrow.select("line", pl.lit(layout.kind).alias("kind"), *found)
    if wide is None:
        return frame, none_faulty()
    return frame, faulty(wide.with_columns(code.alias("code"), kind=pl.lit(layout.kind)), *_LONG)


def _quoted(text: Text, layout: Delimited) -> Table:
    rows = _csv_rows(text, layout.separator)
    header, fields = _header(text, ((n, cells) for n, (_, cells) in enumerate(rows)), layout)
    body = [(line, cells) for line, cells in rows[header + 1 :] if any(map(str.strip, cells))]
    at = fields.index("code")
    wide = [
        (n, layout.separator.join(row), layout.kind, row[at])
        for n, row in body if any(row[len(fields) :])
    ]  # fmt: skip
    data = [(n, [*row, *[""] * len(fields)][: len(fields)]) for n, row in body
            if not any(row[len(fields) :])]  # fmt: skip
    frame = pl.DataFrame(
        {"line": [n for n, _ in data], "kind": ["code"] * len(data)}
        | {name: [row[i] for _, row in data] for i, name in enumerate(fields) if name}
    )
    schema = {"line": pl.Int64, "text": pl.String, "kind": pl.String, "code": pl.String}
    faults = faulty(pl.DataFrame(wide, schema, orient="row"), *_LONG)
    prose = "\n".join(" ".join(cells) for _, cells in rows[:header])
    return Table(frame, faults, len(body), text.encoding, prose)


def _csv_rows(text: Text, separator: str) -> list[tuple[int, list[str]]]:
    reader = csv.reader(
        io.StringIO(text.data.decode(), newline=""), delimiter=separator, strict=True
    )
    try:
        return [(reader.line_num, row) for row in reader]
    except csv.Error as error:
        place = f"{text.place}:{reader.line_num}"
        raise Refused("E153", place, f"quotes are broken ({error})", "export it again") from error


def _header(
    text: Text, rows: Iterable[tuple[int, list[str]]], layout: Delimited
) -> tuple[int, tuple[str, ...]]:
    """The number of the header among `rows`, and its fields."""
    for number, cells in rows:
        fields = header_fields(cells, layout.header, layout.required)
        if fields:
            return number, single(text.place, fields)
    names = ", ".join(layout.header)
    wrong = f"no header with {' and '.join(layout.required)} among the columns ({names})"
    raise Refused("E160", text.place, wrong, "check that it is the publisher's own file")
