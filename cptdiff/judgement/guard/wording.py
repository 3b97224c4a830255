"""Guards for another source of the wording: upper case, or the short descriptors for the long."""

from collections.abc import Callable
from typing import Final

import polars as pl

from cptdiff.judgement.guard.doubted import FEW, Doubt, Doubted
from cptdiff.model import DESCRIPTORS

# Another source rewords far more than a year's revisions do: the default of revised-share.
_MANY: Final = 0.3
_NEARLY_ALL: Final = 0.95

_UPPER: Final = r"\p{Lu}"
_LOWER: Final = r"\p{Ll}"


def unlike_case(doubted: Doubted, _limit: float) -> Doubt | None:
    """One release in capitals where the other has small letters too (workflow.md, finding 5)."""

    def capitals(revised: pl.DataFrame, one: str, other: str) -> int:
        large = pl.col(one).str.contains(_UPPER) & ~pl.col(one).str.contains(_LOWER)
        return revised.filter(large & pl.col(other).str.contains(_LOWER)).height

    return _of_one_side(doubted, "in capitals", "not", capitals)


def unlike_length(doubted: Doubted, _limit: float) -> Doubt | None:
    """Nearly all texts of one release shorter than half of the other's: short or cut ones."""

    def shorter(revised: pl.DataFrame, one: str, other: str) -> int:
        longest = pl.col(one).str.len_chars().quantile(_NEARLY_ALL)
        apart = longest < pl.col(other).str.len_chars().median()
        return revised.height if revised.select(apart).item() else 0

    return _of_one_side(doubted, "short or cut", "whole", shorter)


def _of_one_side(
    doubted: Doubted, like: str, unlike: str, count: Callable[[pl.DataFrame, str, str], int]
) -> Doubt | None:
    """The first descriptor of which enough entries are `like` on one side and not on the other."""
    changes = doubted.changes
    whole = doubted.before.height
    names = {"previous": changes.previous.name, "current": changes.current.name}
    for field in DESCRIPTORS:
        revised = changes.revised.filter(pl.col("field") == field)
        if revised.height <= whole * _MANY:
            continue
        for one, other in (("previous", "current"), ("current", "previous")):
            many = count(revised, one, other)
            if many >= FEW and many > whole * _MANY:
                entries = f"({many:,} of {whole:,} entries)"
                sides = f"{like} in {names[one]}, {unlike} in {names[other]}"
                return Doubt(f"{field} descriptors are {sides} {entries}")
    return None
