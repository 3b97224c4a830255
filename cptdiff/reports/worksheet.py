"""worksheet.xlsx: the lines that people decide on, with room for what they decide."""

import io
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final, NamedTuple

import polars as pl
from xlsxwriter import Workbook

from cptdiff.errors import escape_controls
from cptdiff.reports.cells import (
    REVIEW,
    compare_plain,
    make_styles,
    set_up_print,
    write_head,
    write_row,
)
from cptdiff.reports.xlsx import DAY, Table, fill_table, fit_table
from cptdiff.vocabulary import AUTHOR

__all__ = ["SHEET", "Sheets", "render_worksheet", "write_head"]
# The name of the sheet with the lines, and of the one that says how to fill it in.
SHEET: Final = "Worksheet"
_HELP: Final = "How to"
_FILLED: Final = MappingProxyType({**REVIEW, "new_code": 14, "note": 30})
_WIDTH: Final = 100
_FROZEN: Final = 1


class Sheets(NamedTuple):
    """A worksheet: its title, its lines, the file that has them whole, and what may be decided.

    `help` are the lines of the sheet that explains it. The names of the `own` columns, which are
    the user's, stand as they are. The `hidden` ones are for programs, or tell nothing. `statuses`
    are explained.
    """

    title: str
    lines: pl.DataFrame
    file: str
    decisions: Mapping[str, str]
    help: Sequence[str]
    own: Sequence[str] = ()
    hidden: Sequence[str] = ()
    statuses: Mapping[str, str] = MappingProxyType({})


def render_worksheet(sheets: Sheets) -> bytes:
    """Return the workbook; the same bytes from the same lines."""
    table = Table(
        SHEET, sheets.file, sheets.lines, "", _FROZEN, amounts=("exposure",), filled=_FILLED,
        decisions=tuple(sheets.decisions), is_for_rows=True, own=tuple(sheets.own),
        hidden=tuple(sheets.hidden),
    )  # fmt: skip
    fit, sentences = fit_table(table)
    buffer = io.BytesIO()
    with Workbook(buffer, {"in_memory": True}) as book:
        title = escape_controls(sheets.title)
        book.set_properties({"title": title, "author": AUTHOR, "created": DAY})
        looks = make_styles(book, is_for_rows=True)
        page = book.add_worksheet(SHEET)
        fill_table(page, fit, looks, compare_plain)
        aid = book.add_worksheet(_HELP)
        lines = [("title", [sheets.title]), *(("text", [one]) for one in sheets.help)]
        lines += [("head", ["Decision", "It means"])]
        lines += [("text", [word, told]) for word, told in sheets.decisions.items()]
        lines += [("head", ["Status", "It means"])]
        lines += [("text", [word, told]) for word, told in sheets.statuses.items()]
        lines += [("text", [one]) for one in sentences]
        for at, (look, cells) in enumerate(lines):
            write_row(aid, at, [(look, text) for text in cells], looks)
        aid.set_column(0, 1, _WIDTH)
        for sheet in book.worksheets():
            set_up_print(sheet, sheets.title, "")
    return buffer.getvalue()
