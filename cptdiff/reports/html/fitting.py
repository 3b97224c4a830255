"""A page that browsers can open: above a cap it holds the gravest changes."""

from collections.abc import Callable, Mapping
from typing import Any, Final

import polars as pl

from cptdiff.vocabulary import SEVERITIES

# Changes, and bytes of the whole page: so much opens and answers at once in Chromium.
MOST: Final = 40_000
LARGEST: Final = 24_000_000

_RANKS: Final = {severity: rank for rank, severity in enumerate(SEVERITIES)}
_SAMPLE: Final = 500


def gravest(entries: pl.DataFrame) -> pl.DataFrame:
    """`entries` by severity, the gravest first; what has no severity comes last."""
    rank = pl.col("severity").replace_strict(_RANKS, default=-1, return_dtype=pl.Int8)
    return entries.sort(rank, descending=True, maintain_order=True)


def how_many_fit(ranked: pl.DataFrame, size: Callable[[Mapping[str, Any]], int]) -> int:
    """How many of the first of `ranked` a page has room for, by the `size` of a sample in bytes."""
    if ranked.height <= _SAMPLE:
        return ranked.height
    step, taken = ranked.height // _SAMPLE, 0
    for at, row in enumerate(ranked.head(MOST).gather_every(step).iter_rows(named=True)):
        taken += size(row) * step
        if taken > LARGEST:
            return at * step
    return min(ranked.height, MOST)
