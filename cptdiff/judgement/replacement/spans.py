"""Ranges of ICD-10 codes in a conversion table, spelled out (NCHS's own shorthand)."""

from typing import Final

import polars as pl

from cptdiff.stated import LINKS

_SPAN: Final = r"^([^-]+)-([^-]*)$"
_CATEGORY: Final = 3
_SEVENTH: Final = 6


def spelled_out(links: pl.DataFrame, codes: pl.DataFrame) -> pl.DataFrame:
    """`links` (`LINKS`), each of a range once for each of `codes` (code) that the range holds.

    H02.101-H02.106 holds codes of that length, and S06.890A-S06.899A only those with an A;
    T15-T19 holds whole categories, and R11- all below it.
    """
    is_span = pl.col("code").str.contains("-", literal=True)
    spans = links.filter(is_span).with_columns(
        pl.col("code").str.extract(_SPAN, 1).alias("first"),
        pl.col("code").str.extract(_SPAN, 2).alias("last"),
    )
    open_ = pl.when(pl.col("last") == "").then("first").otherwise("last").alias("last")
    held = spans.drop("code").with_columns(open_).join(codes, how="cross").filter(_holds())
    return (
        pl.concat([links.filter(~is_span), held.select(links.columns)]).unique().sort(LINKS.names())
    )


def _holds() -> pl.Expr:
    first, last, code = pl.col("first"), pl.col("last"), pl.col("code")
    width = last.str.len_chars()
    between = (first <= code) & (code.str.head(width) <= last)
    all_below = (width <= _CATEGORY) | (first == last)
    seventh = first.str.slice(_SEVENTH, 1)
    one_seventh = (seventh != "") & (seventh == last.str.slice(_SEVENTH, 1))
    of_it = ~one_seventh | (code.str.slice(_SEVENTH, 1) == seventh)
    return between & of_it & (all_below | (code.str.len_chars() == width))
