"""What no row of text may hold: NULs, a mark in mid-file, a field beyond measure (14, 17, 34)."""

from collections.abc import Sequence
from typing import Final

import polars as pl

from cptdiff.releases.table import faulty

MAX_FIELD: Final = 1024 * 1024
MARK: Final = "\ufeff"
_AGAIN: Final = "get the file again"


def suspicious(data: bytes) -> bool:
    """Whether a row of `data` may be odd: a look at the bytes, for the sound case's sake."""
    return b"\0" in data or MARK.encode() in data or len(data) > MAX_FIELD


def oddity(cells: Sequence[str]) -> tuple[str, str] | None:
    """The fault of a row and what to do, if it is odd."""
    if any("\0" in cell for cell in cells):
        return "E155: holds a NUL", _AGAIN
    if cells and cells[0].startswith(MARK):
        return "E143: begins with a byte order mark: two files joined?", "give each file alone"
    if any(len(cell) > MAX_FIELD for cell in cells):
        return f"E154: a cell has more than {MAX_FIELD:,} characters", _AGAIN
    return None


def odd_lines(lines: pl.Series) -> pl.Series:
    """Which of `lines` are odd."""
    return (
        lines.str.contains("\0", literal=True)
        | lines.str.starts_with(MARK)
        | (lines.str.len_chars() > MAX_FIELD)
    )


def odd_faults(lines: pl.DataFrame, fault: str, fix: str) -> pl.DataFrame:
    """`lines` (line, text) as `FAULTS`: what is odd of each, else `fault` and `fix`."""
    told = [oddity([text]) or (fault, fix) for text in lines["text"]]
    return faulty(lines, fault, fix).with_columns(
        pl.Series("fault", [what for what, _ in told], pl.String),
        pl.Series("fix", [what for _, what in told], pl.String),
    )
