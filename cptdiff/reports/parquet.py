"""changes.parquet and fields.parquet: the columns of the CSV files, with the exact values."""

import io
from typing import Final

import polars as pl

from cptdiff.options import Presentation
from cptdiff.results import ENTRY_COLUMNS, FIELD_COLUMNS, Results
from cptdiff.vocabulary import REPORT_KEY

_DAYS: Final = ("effective_date", "last_valid_date")


def render_changes(results: Results, presentation: Presentation) -> bytes:
    """changes.parquet: one row for each changed entry; days are dates, null where there is none."""
    days = [pl.col(name).str.to_date("%Y-%m-%d", strict=False) for name in _DAYS]
    return _write(presentation, results.entries.select(ENTRY_COLUMNS).with_columns(days))


def render_fields(results: Results, presentation: Presentation) -> bytes:
    """fields.parquet: one row for each changed field of a revised entry."""
    return _write(presentation, results.fields.select(FIELD_COLUMNS))


def _write(presentation: Presentation, frame: pl.DataFrame) -> bytes:
    """The frame as Parquet, marked as a report of ours."""
    buffer = io.BytesIO()
    marks = {REPORT_KEY: "1", "notice": presentation.notice}
    frame.with_columns(pl.col("kind").cast(pl.String)).write_parquet(buffer, metadata=marks)
    return buffer.getvalue()
