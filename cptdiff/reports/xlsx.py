"""changes.xlsx: the tables as a workbook for people, every cell text, ready to filter and print."""

import io
from datetime import UTC, datetime
from functools import cache
from typing import Final

from xlsxwriter import Workbook

from cptdiff.errors import printable
from cptdiff.presentation import Presentation
from cptdiff.reports.overview import title
from cptdiff.reports.xlsx_cells import marked, styles
from cptdiff.reports.xlsx_sheet import Sheet, set_up
from cptdiff.reports.xlsx_summary import fill_summary, sources
from cptdiff.reports.xlsx_tables import Table, fill, fitted
from cptdiff.results import ENTRY_COLUMNS, FIELD_COLUMNS, Results

# No clock: the day that xlsxwriter gives to the parts of the file too.
_DAY: Final = datetime(1980, 1, 1, tzinfo=UTC)


def render(results: Results, presentation: Presentation) -> bytes:
    """The workbook; the same bytes from the same results."""
    fits = [fitted(table) for table in _tables(results)]
    told = [sentence for _, sentences in fits for sentence in sentences]
    buffer = io.BytesIO()
    # In memory: no temporary file.
    with Workbook(buffer, {"in_memory": True}) as book:
        book.set_properties({"title": printable(title(results)), "created": _DAY})
        looks = styles(book)
        fill_summary(book.add_worksheet("Summary", Sheet), results, presentation, told, looks)
        # The deciding wordings stand in two sheets.
        compared = cache(marked)
        for table, _ in fits:
            fill(book.add_worksheet(table.sheet, Sheet), table, looks, compared)
        for sheet in book.worksheets():
            set_up(sheet, title(results), presentation.notice)
    if not all(sheet.whole for sheet in book.worksheets()):
        raise RuntimeError("this xlsxwriter leaves out rows of the workbook")
    return buffer.getvalue()


def _tables(results: Results) -> tuple[Table, ...]:
    changes, fields = results.entries.select(ENTRY_COLUMNS), results.fields.select(FIELD_COLUMNS)
    looked = results.has_crosswalk
    none = "No code was deleted." if looked else "For a table no replacements are looked for."
    return (
        Table("Changes", "changes.csv", changes, results.none_shown, frozen=3),
        Table("Fields", "fields.csv", fields, "No field was revised.", frozen=3),
        Table("Crosswalk", "crosswalk.csv", results.crosswalk, none, frozen=3),
        Table("Set aside", "quarantine.csv", results.quarantine, "No row was set aside."),
        Table("Sources", "manifest.json", sources(results), ""),
    )
