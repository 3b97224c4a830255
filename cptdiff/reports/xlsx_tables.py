"""The sheets that hold a table: one row for each row of the CSV file of the same content."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from cptdiff.grades import SEVERITIES
from cptdiff.reports.xlsx_cells import LIMIT, PLAIN, Content, fitting, plain, row
from cptdiff.reports.xlsx_sheet import Sheet

# Of a sheet, its head row among them ("Excel specifications and limits").
ROWS: Final = 1_048_576

# The columns with the two wordings of a revision.
_WORDINGS: Final = (("previous", "current"), ("previous_descriptor", "current_descriptor"))
# In characters; what is longer wraps. A head has room for its filter's arrow.
_WIDEST: Final = {
    "previous": 50, "current": 50, "previous_descriptor": 45, "current_descriptor": 45,
    "why": 50, "raw": 50, "fix": 40, "fault": 40, "note": 50, "member": 45, "file": 35,
    "sha256": 34, "section": 20, "class": 24, "classes": 24, "fields": 18,
}  # fmt: skip
_WIDE: Final = 16
_ARROW: Final = 2

# Two wordings in, their cells out (`xlsx_cells.marked`).
Compared = Callable[[str, str], tuple[Content, Content]]


@dataclass(frozen=True, eq=False)
class Table:
    """What a sheet shows: a frame of text, the file that has it whole, words where it is empty.

    `frozen` is how many columns stay in sight.
    """

    sheet: str
    file: str
    frame: pl.DataFrame
    none: str
    frozen: int = 0


def fitted(table: Table) -> tuple[Table, list[str]]:
    """`table` as a sheet can hold it, and what it cannot, in sentences."""
    frame = table.frame.select(pl.all().cast(pl.String).fill_null(""))
    shown = frame.head(ROWS - 1)
    told = []
    if shown.height < frame.height:
        told.append(
            f"The sheet {table.sheet} holds the first {shown.height:,} of {frame.height:,} rows,"
            f" as many as a sheet can; {table.file} has all."
        )
    # A character has at least as many bytes as UTF-16 units.
    long = [
        name
        for name in shown.columns
        if (shown[name].str.len_bytes().max() or 0) > LIMIT  # type: ignore[operator]
    ]
    whole = shown.select(long)
    cut = whole.select(
        pl.all().map_elements(lambda text: fitting(text, table.file), return_dtype=pl.String)
    )
    number = sum((whole[name] != cut[name]).sum() for name in long)
    if number:
        cells = "1 cell is" if number == 1 else f"{number:,} cells are"
        told.append(
            f"In the sheet {table.sheet} {cells} cut, since a cell holds at most {LIMIT:,}"
            f" characters; {table.file} has them whole."
        )
    return Table(table.sheet, table.file, shown.with_columns(cut), table.none, table.frozen), told


def fill(sheet: Sheet, table: Table, looks: dict[str, int], compared: Compared) -> None:
    """The head row and the rows; revisions as `compared` marks them, severities coloured."""
    frame = table.frame
    widths = [_width(column) for column in frame]
    rows = [row(0, [("head", plain(name)) for name in frame.columns], looks)]
    lines = frame.select(_lines(frame.columns, widths)).to_series()
    for at, (contents, high) in enumerate(zip(_contents(frame, compared), lines, strict=True), 1):
        rows.append(row(at, contents, looks, high))
    if not frame.height:
        rows.append(row(1, [("remark", plain(table.none))], looks))
    sheet.fill(rows, frame.width)
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    sheet.autofilter(0, 0, frame.height, frame.width - 1)
    sheet.freeze_panes(1, table.frozen)
    sheet.repeat_rows(0)


def _contents(frame: pl.DataFrame, compared: Compared) -> Iterator[list[Content]]:
    """The cells of each row."""
    columns = {name: column for column, name in enumerate(frame.columns)}
    change, severity = columns.get("change"), columns.get("severity")
    wordings = next(
        ([columns[name] for name in pair] for pair in _WORDINGS if pair[0] in columns), []
    )
    for texts in frame.iter_rows():
        contents = [(PLAIN, plain(text)) for text in texts]
        if severity is not None and texts[severity] in SEVERITIES:
            contents[severity] = (texts[severity], contents[severity][1])
        # Every row of Fields has two wordings to compare; of Changes the revised ones have.
        if wordings and (change is None or texts[change] == "revised"):
            both = compared(*(texts[column] for column in wordings))
            for column, content in zip(wordings, both, strict=True):
                contents[column] = content
        yield contents


def _width(values: pl.Series) -> int:
    """As wide as the longest value, at least the head, at most what a page bears."""
    longest = values.str.len_chars().max()
    needed = max(longest if isinstance(longest, int) else 0, len(values.name) + _ARROW)
    return min(needed + 1, _WIDEST.get(values.name, _WIDE))


def _lines(names: Sequence[str], widths: Sequence[int]) -> pl.Expr:
    """How many lines the highest cell of each row has, about."""
    return pl.max_horizontal(
        pl.col(name).str.len_chars() // width + pl.col(name).str.count_matches("\n") + 1
        for name, width in zip(names, widths, strict=True)
    )
