"""Whether the codes of a publisher's file stand under another name than theirs (row 32)."""

import polars as pl

from cptdiff.codesets import CodeSet
from cptdiff.errors import Refused
from cptdiff.formats import GRAMMAR
from cptdiff.releases.table import Table

_SAMPLE = 100


def not_swapped(place: str, table: Table, code_set: CodeSet) -> None:
    """Refuse a file without one code in its column of codes, where another column is full of them.

    Of a user's own table nothing says what a key looks like.
    """
    frame, grammar = table.frame, "|".join(GRAMMAR.get(code_set, {}).values())
    if (
        not grammar
        or _codes(frame.head(_SAMPLE), grammar)["code"]
        or _codes(frame, grammar)["code"]
    ):
        return
    counts = _codes(frame, grammar)
    name = max(sorted(counts), key=lambda name: counts[name])
    if 2 * counts[name] > frame.height:
        wrong = (
            f"0 of {frame.height:,} values in the column of codes are codes,"
            f" in that of {name.replace('_', ' ')} {counts[name]:,} are"
        )
        raise Refused("E164", place, wrong, "put each column under its own name")


def _codes(frame: pl.DataFrame, grammar: str) -> dict[str, int]:
    """How many values of each column of text are codes."""
    is_code = (
        pl.selectors.string().exclude("kind").str.to_uppercase().str.contains(rf"\A(?:{grammar})\z")
    )
    return frame.select(is_code.sum()).row(0, named=True)
