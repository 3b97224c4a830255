"""How wide the columns of a sheet are, how high its rows, and the paper that bears it."""

import math
from collections.abc import Sequence
from typing import Final

import polars as pl

from cptdiff.reports.xlsx_cells import LINES

# In characters; what is longer wraps. A head has room for its filter's arrow.
_USUAL: Final = {
    "previous": 50, "current": 50, "previous_descriptor": 45, "current_descriptor": 45,
    "why": 50, "raw": 50, "fix": 40, "fault": 40, "note": 50, "member": 45, "file": 35,
    "sha256": 34, "section": 14, "class": 14, "classes": 14, "fields": 14, "replacements": 24,
}  # fmt: skip
_WIDE: Final = 16
_ARROW: Final = 2
# A text that no row has room for makes its column wider, as far as two fit on a screen.
_WIDEST: Final = 100
# A small letter takes less than the digit in which a column is measured, and the rest of the line
# before a long word the more; a capital takes more.
_CAPITAL: Final = 0.3
# At each cell's sides, in characters.
_MARGIN: Final = 0.71
# Letter, Legal and Tabloid, across (ECMA-376 part 1, 18.3.1.63): as many characters of 11 points
# as stand between the margins where the print makes 8 points of them.
_PAPERS: Final = ((1, 192), (5, 248), (3, 305))


def width(values: pl.Series) -> int:
    """As wide as the longest value, at least the head, at most what a page bears."""
    longest = values.to_frame().select(_room(values.name).max()).item() or 0
    needed = max(math.ceil(longest), len(values.name) + _ARROW) + 1
    # As wide as lets the longest stand in the highest row.
    high = min(int(longest / LINES) + 1, _WIDEST)
    return min(needed, max(_USUAL.get(values.name, _WIDE), high))


def lines(frame: pl.DataFrame, widths: Sequence[int]) -> pl.Series:
    """How many lines the highest cell of each row has, about."""
    return frame.select(
        pl.max_horizontal(
            (_room(name) / wide).cast(pl.Int64) + pl.col(name).str.count_matches("\n") + 1
            for name, wide in zip(frame.columns, widths, strict=True)
        )
    ).to_series()


def _room(name: str) -> pl.Expr:
    """How wide the text of a column is on one line, about."""
    text = pl.col(name).str
    return text.len_chars() + _CAPITAL * text.count_matches(r"\p{Lu}")


def hidden(frame: pl.DataFrame) -> set[str]:
    """The columns that tell nothing: the code set, and the kind where all are codes."""
    if not frame.height:
        return set()
    codes = "kind" in frame.columns and bool((frame["kind"] == "code").all())
    return {"code_set", "kind"} if codes else {"code_set"}


def paper(widths: Sequence[int]) -> int:
    """The smallest paper, as Excel numbers them, that bears `widths` at 8 points; or the widest."""
    all_ = sum(widths) + _MARGIN * len(widths)
    return next((number for number, most in _PAPERS if all_ <= most), _PAPERS[-1][0])
