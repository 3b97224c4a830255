"""The section's code for what no other code names: where a service goes that lost its own."""

from typing import Final

import polars as pl

from cptdiff.judgement.replacement.case import KEY, Case, found, nothing, worded
from cptdiff.sections import PLACES
from cptdiff.vocabulary import CodeSet

_UNLISTED: Final = {
    CodeSet.CPT: r"^unlisted\b",
    CodeSet.HCPCS: r"^unlisted\b|, miscellaneous$",
}
# Sections of HCPCS are whole letters: only a neighbour by its first characters is of one kind.
_NEIGHBOURS: Final = {CodeSet.CPT: 0, CodeSet.HCPCS: 2}


def unlisted(case: Case, open_: pl.DataFrame) -> pl.DataFrame:
    """`FOUND`: current's unlisted code of the narrowest place that holds the deleted code.

    Of several the next one by number, for a subsection's unlisted code stands at its end.
    """
    if case.code_set not in _UNLISTED:
        return nothing()
    entries = worded(case.changes.current.entries, case.changes.current)
    named = entries.filter(pl.col("text").str.contains(_UNLISTED[case.code_set]))
    there = case.placed(named.select(KEY)).rename({"code": "replacement"})
    lost = case.deleted.join(open_, on=KEY, how="semi").filter(pl.col("section") != "")
    first = _NEIGHBOURS[case.code_set]
    pairs = lost.join(there, on=("kind", "category", "section"), suffix=" new").filter(
        pl.col("code").str.head(first) == pl.col("replacement").str.head(first)
    )
    narrow = pl.sum_horizontal(
        pl.col(name) == pl.col(f"{name} new") for name in PLACES if name not in _WIDE
    )
    behind = pl.col("replacement") < pl.col("code")
    nearest = pairs.with_columns(narrow.alias("narrow"), behind.alias("behind"), _distance())
    best = nearest.sort(*KEY, "narrow", "behind", "distance", "replacement",
                        descending=[False, False, True, False, False, False])  # fmt: skip
    return found(best.unique(KEY, keep="first", maintain_order=True))


_WIDE: Final = ("category", "section")


def _distance() -> pl.Expr:
    one, other = (
        pl.col(name).str.extract(r"([0-9]+)").cast(pl.Int64) for name in ("replacement", "code")
    )
    return (one - other).abs().alias("distance")
