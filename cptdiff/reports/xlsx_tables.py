"""The sheets that hold a table: one row for each row of the CSV file of the same content.

Lists have a blank behind each semicolon, which the CSV files have not: a cell breaks its lines at
blanks only, and would break elsewhere in the middle of a code.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Final

import polars as pl

from cptdiff.reports.xlsx_cells import LIMIT, LINES, PLAIN, Content, fitting, plain, row
from cptdiff.reports.xlsx_layout import hidden, lines, paper, width
from cptdiff.reports.xlsx_sheet import Sheet
from cptdiff.vocabulary import SEVERITIES

# Of a sheet, its head row among them ("Excel specifications and limits").
ROWS: Final = 1_048_576

# The columns with the two wordings of a revision.
_WORDINGS: Final = (("previous", "current"), ("previous_descriptor", "current_descriptor"))
# How many rows are named of those that are too high.
_FEW: Final = 5
# The columns that hold lists.
_LISTS: Final = ("classes", "class", "fields", "replacements")

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
    frame = _spaced(table.frame.select(pl.all().cast(pl.String).fill_null("")))
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
    fit = replace(table, frame=shown.with_columns(cut))
    return fit, told + _too_high(fit)


def _spaced(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(
        pl.col(name).str.replace_all(";", "; ", literal=True)
        for name in _LISTS
        if name in frame.columns
    )


def _too_high(table: Table) -> list[str]:
    """Whose text ends below what a row shows, by the number of the row."""
    high = lines(table.frame, [*map(width, table.frame)]) > LINES
    at = [str(row + 2) for row in high.arg_true().head(_FEW + 1)]
    if not at:
        return []
    many, number = high.sum(), ", ".join(at[:_FEW]) + (", ..." if len(at) > _FEW else "")
    rows = f"row {number} is" if many == 1 else f"{many:,} rows ({number}) are"
    told = (
        f"In the sheet {table.sheet} {rows} higher than a sheet can show: a change may be below"
        f" what is in sight; {table.file} has the whole text."
    )
    return [told]


def fill(sheet: Sheet, table: Table, looks: dict[str, int], compared: Compared) -> None:
    """The head row and the rows; revisions as `compared` marks them, severities coloured."""
    frame = table.frame
    widths = {column.name: width(column) for column in frame}
    rows = [row(0, [("head", plain(name)) for name in frame.columns], looks)]
    heights = lines(frame, [*widths.values()])
    for at, (contents, high) in enumerate(zip(_contents(frame, compared), heights, strict=True), 1):
        rows.append(row(at, contents, looks, high))
    if not frame.height:
        rows.append(row(1, [("remark", plain(table.none))], looks))
    sheet.fill(rows, frame.width)
    unseen = hidden(frame)
    for at, (name, wide) in enumerate(widths.items()):
        sheet.set_column(at, at, wide, None, {"hidden": name in unseen})
    sheet.set_paper(paper([wide for name, wide in widths.items() if name not in unseen]))
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
