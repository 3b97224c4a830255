"""Publishers' workbooks: one visible sheet with the header (formats.md 2.1, 7.3)."""

from collections.abc import Callable, Iterable, Sequence

import polars as pl

from cptdiff.formats.layout import Workbook
from cptdiff.releases.cells import Columns, sorted_out, told
from cptdiff.releases.delimited import bare, header_fields, missing_columns, no_column, single
from cptdiff.releases.sheets import Book, Row, book
from cptdiff.releases.table import FAULTS, HEADER_ROWS, Table, faulty, none_faulty


def workbook(place: str, data: bytes, layout: Workbook) -> Table:
    """The rows below the header: line, kind, code and the layout's fields."""
    found = book(place, data)
    known = {bare(name): field for name, field in layout.header.items()}

    def fields_of(cells: list[str]) -> tuple[str, ...] | None:
        return header_fields(cells, known, layout.required)

    _check_columns(found, fields_of, layout)
    sheet, at, fields = found.headed(", ".join(layout.required), fields_of)
    place = f"{place}[{sheet.name}]"
    fields = single(place, fields)
    columns = Columns({i: name for i, name in enumerate(fields) if name}, (fields.index("code"),))
    rows = sheet.rows[at + 1 :]
    body, faults = sorted_out(rows, sheet, columns)
    frame, wide = _squared(body, fields, columns)
    whole, stray = _records(frame, layout) if layout.kinds else (frame, none_faulty())
    if stray.height:
        odd = "E157: is no record of its own and carries on none", "compare it with its neighbours"
        wide = pl.concat([wide, faulty(stray, *odd)])
    header = sheet.rows[at].number
    counted = sum(number > header for number in sheet.counted)
    aside = {*faults["line"], *wide["line"]}
    further = _further((row for row in rows if row.number not in aside), fields, layout)
    return Table(
        whole,
        pl.concat([faults, wide]),
        counted - further,
        "workbook",
        "\n".join(" ".join(row.cells) for row in sheet.rows[:at]),
        (*found.notes, *told(place, body, sheet, columns)),
        sheet=sheet.name,
    )


def _check_columns(
    found: Book, fields_of: Callable[[list[str]], tuple[str, ...] | None], layout: Workbook
) -> None:
    """Refuse a workbook that has a header, but not all of its columns."""
    tops = [(sheet, [row.cells for row in sheet.rows[:HEADER_ROWS]]) for sheet in found.sheets]
    if any(fields_of(cells) for _, rows in tops for cells in rows):
        return
    for sheet, rows in tops:
        names = missing_columns(rows, layout)
        if names:
            raise no_column(f"{found.place}[{sheet.name}]", names)


def _further(rows: Iterable[Row], fields: tuple[str, ...], layout: Workbook) -> int:
    """How many rows carry on the one above, counted apart from `_records` (the row law)."""
    if not layout.kinds:
        return 0
    code, kind = fields.index("code"), fields.index("kind")
    further, before, count = {*layout.kinds} - {*layout.first}, None, 0
    for row in rows:
        this = row.cells[code].strip(" ") if code < len(row.cells) else ""
        count += this == before and row.cells[kind : kind + 1] in ([one] for one in further)
        before = this
    return count


def used(cells: Sequence[str]) -> int:
    """How many cells from the left hold anything."""
    return max((at for at, cell in enumerate(cells, 1) if cell), default=0)


def _squared(
    rows: list[Row], fields: tuple[str, ...], columns: Columns
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The rows as a frame, missing cells empty; those wider than the header as `FAULTS`."""
    narrow = [row for row in rows if used(row.cells) <= len(fields)]
    found = {
        name: [(row.cells[i] if i < len(row.cells) else "") for row in narrow]
        for i, name in columns.names.items()
    }
    schema = {"line": pl.UInt32} | dict.fromkeys(found, pl.String)
    frame = pl.DataFrame({"line": [row.number for row in narrow], **found}, schema)
    if "kind" not in found:
        frame = frame.with_columns(pl.lit("code").alias("kind"))
    faults = [
        (row.number, "code", columns.code(row), "",
         f"E152: has {used(row.cells)} cells, the header has {len(fields)}",
         "\t".join(row.cells), "compare the row with the header")
        for row in rows if used(row.cells) > len(fields)
    ]  # fmt: skip
    return frame, pl.DataFrame(faults, FAULTS, orient="row")


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
        pl.concat_str("code", "kind", "long", separator="\t").alias("text"),
        pl.lit("code").alias("kind"),
        stripped.alias("code"),
    )
    return whole, rest
