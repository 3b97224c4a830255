"""What became of each line of a text: a ledger that must add up to the line ends in the bytes.

Readers state how many lines are blank, preamble, part of an entry, set aside, or no entries
(`apart`: totals and notes), each taken from what they return. The count of line ends shares no code
with them: what a reader loses or doubles is missed here (E199).
"""

from typing import Any, NamedTuple

import polars as pl

from cptdiff.errors import Refused
from cptdiff.reading.rows import Table
from cptdiff.reading.text import Text


class Ledger(NamedTuple):
    """How many lines of a text have each fate."""

    blank: int
    preamble: int
    entries: int
    aside: int
    apart: int = 0


def make_table(
    text: Text,
    frame: pl.DataFrame,
    faults: pl.DataFrame,
    ledger: Ledger,
    **more: Any,  # noqa: ANN401 - what else a `Table` has
) -> Table:
    """Return the rows of `text`. Raise `Refused` (E199) where lines are lost or doubled."""
    lines = text.line_count
    if sum(ledger) != lines:
        apart = f" {ledger.apart:,} as totals and notes," if ledger.apart else ""
        wrong = (
            f"has {lines:,} lines, but {ledger.blank:,} were read as blank, {ledger.preamble:,} as"
            f" preamble,{apart} {ledger.entries:,} as entries and {ledger.aside:,} were excluded"
        )
        raise Refused("E199", text.place, wrong, "report this bug with the first lines of the file")
    return Table(frame, faults, frame.height + faults.height, text.encoding, **more)


def count_lines(data: bytes) -> int:
    """Return how many lines end in LF, CRLF or a CR alone, and the last one without an end."""
    return Text("", data, "").line_count


def count_inner_ends(text: Text, cells: pl.DataFrame) -> int:
    """Return how many line ends stand inside the `cells` of `text`, where quotes allow it."""
    if b'"' not in text.data:
        return 0
    ends = _count_mark(cells, "\n")
    if text.has_lone_returns:
        ends += _count_mark(cells, "\r") - _count_mark(cells, "\r\n")
    return ends


def _count_mark(cells: pl.DataFrame, mark: str) -> int:
    found = pl.selectors.string().str.count_matches(mark, literal=True).sum()
    return sum(cells.select(found).row(0))
