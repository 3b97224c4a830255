"""The publishers' delimited files: a preamble, a header found by name, ragged rows padded."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

import polars as pl

from cptdiff.codesets.layout import Delimited, FixedWidth, Workbook
from cptdiff.errors import Refused
from cptdiff.model import Note, make_notes
from cptdiff.reading.ledger import Ledger, count_inner_ends, make_table
from cptdiff.reading.lines import BLANK, Lines, sort_lines, split_lines
from cptdiff.reading.rows import (
    FAULTS,
    MARK,
    VOID,
    Row,
    Table,
    find_odd_lines,
    find_oddity,
    is_suspicious,
    make_faults,
    make_no_faults,
    make_odd_faults,
    read_quoted,
    refuse_stray_quotes,
    replace_quoted,
)
from cptdiff.reading.text import Text, describe_line_ends

_HEADER_LINES: Final = 1000
_LONG = "E152: has more cells than the header", "compare it with the header"


def read_delimited(text: Text, layout: Delimited) -> Table:
    """Rows of cells; quotes are plain text unless the layout says otherwise."""
    if layout.quoted:
        return _read_with_quotes(text, layout)
    if not layout.fields:
        return _read_under_header(text, layout)
    lines = sort_lines(text, FixedWidth(layout.row, ()))
    rows, prose = _rescue_rows(lines, layout)
    frame, faults, padded = _split(text, rows, layout, layout.fields)
    odd = make_odd_faults(
        prose, "E150: does not look like an entry", "compare it with the lines around it"
    )
    notes = make_notes("reading", filter(None, (layout.assumed,)), text.place)
    faults = pl.concat([odd, faults])
    ledger = Ledger(lines.blank, lines.above, frame.height, faults.height)
    return make_table(text, frame, faults, ledger, preamble=lines.preamble, notes=(*notes, *padded))


def _rescue_rows(lines: Lines, layout: Delimited) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The lines of data, with those whose cells are whole and whose code alone is odd; the rest."""
    cell = rf"^[^{layout.separator}]+{layout.separator}[^{layout.separator}]"
    is_row = lines.odd["text"].str.contains(cell) & ~find_odd_lines(lines.odd["text"])
    if not is_row.any():
        return lines.data, lines.odd
    spoiled = lines.odd.filter(is_row).select(lines.data.columns)
    return pl.concat([lines.data, spoiled]).sort("line"), lines.odd.filter(~is_row)


def find_fields(
    cells: Sequence[str], known: Mapping[str, str], required: Sequence[str]
) -> tuple[str, ...] | None:
    """The field of every cell ("" for a column that is not known), if `cells` is the header.

    `known` are names as `strip_name` leaves them.
    """
    fields = tuple(known.get(strip_name(cell), "") for cell in cells)
    return fields if set(required) <= set(fields) else None


def strip_name(name: str) -> str:
    """The letters and digits of a column's name, in lower case."""
    return re.sub(r"[^0-9a-z]", "", name.lower())


def find_missing_columns(
    rows: Iterable[Sequence[str]], layout: Delimited | Workbook
) -> tuple[str, ...]:
    """The columns that the row which is most like a header lacks; none where no row is like one."""
    known = {strip_name(name): field for name, field in layout.header.items()}
    fields = (
        {known.get(strip_name(cell), "") for cell in row} - {""} for row in rows if len(row) > 1
    )
    likest = max(fields, key=len, default=set())
    lacking = [field for field in layout.required if likest and field not in likest]
    return _name_columns(layout, lacking)


def _name_columns(layout: Delimited | Workbook, fields: Sequence[str]) -> tuple[str, ...]:
    """What the publisher calls the columns of `fields`."""
    names = {field: name for name, field in layout.header.items()}
    return tuple(names[field] for field in fields)


def refuse_column(place: str, names: Sequence[str]) -> Refused:
    """The refusal of a file whose header lacks the columns `names`."""
    wrong = f"its header has no column {' and no column '.join(names)}"
    return Refused("E160", place, wrong, "check that it is the publisher's own file, unchanged")


def refuse_repeats(place: str, fields: tuple[str, ...]) -> tuple[str, ...]:
    """`fields`, or `Refused` where a header names one twice."""
    doubled = sorted({name for name in fields if name and fields.count(name) > 1})
    if doubled:
        wrong = f"two columns have the same name: {', '.join(doubled)}"
        raise Refused("E162", place, wrong, "give each column its own name")
    return fields


def _read_under_header(text: Text, layout: Delimited) -> Table:
    lines = split_lines(text)
    head = lines.head(_HEADER_LINES).iter_rows()
    line, fields = _find_header(text, ((n, row.split(layout.separator)) for n, row in head), layout)
    body, above = lines.slice(line), lines["text"].head(line - 1)
    rows = body.filter(pl.col("text").str.strip_chars(BLANK) != "")
    blank = body.height - rows.height
    odd = make_no_faults()
    if is_suspicious(text.data):
        is_odd = find_odd_lines(rows["text"])
        odd, rows = (
            make_odd_faults(_add_codes(rows.filter(is_odd), layout, fields), "", ""),
            rows.filter(~is_odd),
        )
    frame, faults, notes = _split(text, rows, layout, fields)
    faults = pl.concat([odd, faults])
    ledger = Ledger(blank, line, frame.height, faults.height)
    return make_table(text, frame, faults, ledger, preamble="\n".join(above), notes=notes)


def _split(
    text: Text, lines: pl.DataFrame, layout: Delimited, fields: Sequence[str]
) -> tuple[pl.DataFrame, pl.DataFrame, tuple[Note, ...]]:
    """Rows as line, kind and fields, rows with too many cells apart, and what is told.

    Cells that are missing at the end are empty.
    """
    mark, width = layout.separator, len(fields)
    # One more than there are columns: what stands there is too much.
    cells = lines["text"].str.strip_chars_end(mark).str.split_exact(mark, width).struct.unnest()
    named = (pl.nth(n).fill_null("").alias(name) for n, name in enumerate(fields) if name)
    frame = lines.select("line", kind=pl.lit(layout.kind)).hstack(cells.select(named))
    is_short, is_wide = cells.to_series(width - 1).is_null(), cells.to_series(width).is_not_null()
    if is_short.any():
        is_short &= lines["text"].str.count_matches(mark, literal=True) < width - 1
    notes = _describe_padded(text, is_short, lines["line"][-1]) if lines.height else ()
    if not is_wide.any():
        return frame, make_no_faults(), notes
    wide = _add_codes(lines.filter(is_wide), layout, fields)
    return frame.filter(~is_wide), make_faults(wide, *_LONG), notes


def _add_codes(lines: pl.DataFrame, layout: Delimited, fields: Sequence[str]) -> pl.DataFrame:
    """`lines` that are set aside, with kind and code as far as they can be told."""
    cells = pl.col("text").str.strip_prefix(MARK).str.split(layout.separator)
    code = cells.list.get(fields.index("code"), null_on_oob=True).fill_null("")
    return lines.with_columns(code.alias("code"), kind=pl.lit(layout.kind))


def _describe_padded(text: Text, short: pl.Series, last: int) -> tuple[Note, ...]:
    """Return the note about rows that were filled up. Refuse a lone one at the end: a cut file."""
    number = int(short.sum())
    if not number:
        return ()
    if number == 1 < short.len() and short[-1] and not text.data.endswith((b"\r", b"\n")):
        wrong = f"the file seems to be cut off in its last line; size {len(text.data):,} bytes"
        raise Refused("E121", f"{text.place}:{last}", wrong, "get the file again")
    many = f"rows that lack cells at their end, which count as empty: {number:,}"
    return (Note("reading", many, text.place),)


def _read_with_quotes(text: Text, layout: Delimited) -> Table:
    rows, blank, _ = read_quoted(text, layout.separator, 0, VOID + layout.separator.encode())
    header, fields = _find_header(text, ((n, cells) for n, (_, cells) in enumerate(rows)), layout)
    body, width = rows[header + 1 :], len(fields)
    refuse_stray_quotes(text.place, rows[header], body, layout.separator, [fields.index("code")])
    odd = {n: _LONG for n, (_, cells) in enumerate(body) if any(cells[width:])}
    if is_suspicious(text.data):
        odd |= {n: why for n, (_, cells) in enumerate(body) if (why := find_oddity(cells))}
    whole = [row for n, row in enumerate(body) if n not in odd]
    frame = _square_rows(whole, layout, fields)
    aside = [(body[n], odd[n]) for n in sorted(odd)]
    faults = pl.DataFrame(
        [(line, layout.kind, _read_cell(cells, fields.index("code")), "", fault,
          layout.separator.join(cells), fix) for (line, cells), (fault, fix) in aside],
        FAULTS, orient="row",
    )  # fmt: skip
    short = pl.Series([len(cells) < width for _, cells in body], dtype=pl.Boolean)
    notes = _describe_padded(text, short, body[-1][0]) if body else ()
    notes += describe_line_ends(replace(text, data=replace_quoted(text.data, layout.separator)))
    ledger = Ledger(
        blank,
        header + 1 + count_inner_ends(text, _join_cells(rows[: header + 1])),
        frame.height + count_inner_ends(text, _join_cells(whole)),
        faults.height + count_inner_ends(text, faults.select("raw")),
    )
    prose = "\n".join(" ".join(cells) for _, cells in rows[:header])
    return make_table(
        text, frame, faults, ledger, preamble=prose, notes=notes, separator=layout.separator
    )


def _join_cells(rows: Sequence[Row]) -> pl.DataFrame:
    """Return all cells of each row as one text."""
    return pl.DataFrame({"text": [" ".join(cells) for _, cells in rows]}, {"text": pl.String})


def _square_rows(rows: Sequence[Row], layout: Delimited, fields: Sequence[str]) -> pl.DataFrame:
    """`rows` as line, kind and fields; cells that are missing at the end are empty."""
    columns = {
        name: [cells[at] if at < len(cells) else "" for _, cells in rows]
        for at, name in enumerate(fields)
        if name
    }
    return pl.DataFrame(
        {"line": [line for line, _ in rows], "kind": [layout.kind] * len(rows)} | columns,
        {"line": pl.UInt32, "kind": pl.String} | dict.fromkeys(columns, pl.String),
    )


def _read_cell(cells: Sequence[str], at: int) -> str:
    return cells[at].strip() if at < len(cells) else ""


def _find_header(
    text: Text, rows: Iterable[tuple[int, list[str]]], layout: Delimited
) -> tuple[int, tuple[str, ...]]:
    """The number of the header among `rows`, and its fields."""
    known = {strip_name(name): field for name, field in layout.header.items()}
    above = []
    for number, cells in rows:
        fields = find_fields(cells, known, layout.required)
        if fields:
            return number, refuse_repeats(text.place, fields)
        above.append(cells)
    names = find_missing_columns(above, layout)
    if names:
        raise refuse_column(text.place, names)
    wrong = f"no header with the columns {', '.join(_name_columns(layout, layout.required))}"
    raise Refused("E160", text.place, wrong, "check that it is the publisher's own file")
