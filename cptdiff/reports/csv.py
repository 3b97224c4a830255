"""The CSV files, guarded against formulas."""

import io

import polars as pl

from cptdiff.options import Presentation
from cptdiff.register import list_codes
from cptdiff.reports.overview import guard_formulas
from cptdiff.results import COMPUTED, ENTRY_COLUMNS, FIELD_COLUMNS, Results


def render_changes(results: Results, presentation: Presentation) -> bytes:
    """changes.csv: one row for each changed entry."""
    return _write(presentation, results.entries.select(ENTRY_COLUMNS))


def render_fields(results: Results, presentation: Presentation) -> bytes:
    """fields.csv: one row for each changed field of a revised entry."""
    return _write(presentation, results.fields.select(FIELD_COLUMNS))


def render_codes(results: Results, presentation: Presentation) -> bytes:
    """codes.csv: one row for each code of either release, changed or not."""
    return _write(presentation, list_codes(results.changes))


def render_crosswalk(results: Results, presentation: Presentation) -> bytes:
    """crosswalk.csv: one row for each replacement of a deleted entry."""
    return _write(presentation, results.crosswalk)


def render_reconciliation(results: Results, presentation: Presentation) -> bytes:
    """reconciliation.csv: one row for each disagreement with the publisher's own list."""
    return _write(presentation, results.reconciliation)


def render_since(results: Results, presentation: Presentation) -> bytes:
    """since.csv: one row for each change that is new, withdrawn or changed since another run."""
    return _write(presentation, results.known.since)


def render_acknowledged(results: Results, presentation: Presentation) -> bytes:
    """acknowledged.csv: one row for each acknowledgement."""
    return _write(presentation, results.known.acknowledged)


def render_accepted(results: Results, presentation: Presentation) -> bytes:
    """accepted.csv: one row for each excluded row that was accepted, or said to be."""
    return _write(presentation, results.accepted.rows)


def render_quarantine(results: Results, presentation: Presentation) -> bytes:
    """quarantine.csv: one row for each input row that was excluded."""
    return _write(presentation, results.quarantine)


def _write(presentation: Presentation, frame: pl.DataFrame) -> bytes:
    buffer = io.BytesIO()
    # What was computed is a number: a minus sign begins no formula.
    computed = frame.select(name for name in COMPUTED if name in frame.columns)
    guard_formulas(frame).with_columns(computed).write_csv(buffer, include_bom=presentation.bom)
    return buffer.getvalue()
