"""The tables for machines: RFC 4180, UTF-8, LF, sorted, guarded against spreadsheet formulas."""

import io
from typing import Final

import polars as pl

from cptdiff.presentation import Presentation
from cptdiff.results import ENTRY_COLUMNS, FIELD_COLUMNS, Results

# OWASP ASVS 5.0 1.2.10 (reliability.md, section 1): an apostrophe before what a spreadsheet
# would run, blanks and invisible characters in front of it included.
_FORMULA: Final = "^[\\s\u00a0\u200b\ufeff]*[=+\\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r\n\x00]"


def changes(results: Results, presentation: Presentation) -> bytes:
    """changes.csv: one row for each changed entry."""
    return _written(presentation, results.entries.select(ENTRY_COLUMNS))


def fields(results: Results, presentation: Presentation) -> bytes:
    """fields.csv: one row for each changed field of a revised entry."""
    return _written(presentation, results.fields.select(FIELD_COLUMNS))


def crosswalk(results: Results, presentation: Presentation) -> bytes:
    """crosswalk.csv: one row for each replacement of a deleted entry."""
    return _written(presentation, results.crosswalk)


def reconciliation(results: Results, presentation: Presentation) -> bytes:
    """reconciliation.csv: one row for each disagreement with the publisher's own list."""
    return _written(presentation, results.reconciliation)


def quarantine(results: Results, presentation: Presentation) -> bytes:
    """quarantine.csv: one row for each input row that was set aside."""
    return _written(presentation, results.quarantine)


def _written(presentation: Presentation, frame: pl.DataFrame) -> bytes:
    text = pl.selectors.string()
    guarded = pl.when(text.str.contains(_FORMULA)).then(pl.lit("'") + text).otherwise(text)
    buffer = io.BytesIO()
    frame.with_columns(guarded.name.keep()).write_csv(buffer, include_bom=presentation.bom)
    return buffer.getvalue()
