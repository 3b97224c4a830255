"""How a deleted code and its replacements relate (workflow.md c3)."""

from typing import Final

import polars as pl

from cptdiff.judgement.replacement.case import KEY

# What the basis alone says; elsewhere the numbers on both sides do.
_BY_BASIS: Final = {"identical-text": "same", "similar-text": "possible", "unlisted": "unlisted"}
_CATEGORY_III: Final = r"^[0-9]{4}T$"
_CATEGORY_I: Final = r"^[0-9]{5}$"


def related_as(rows: pl.DataFrame) -> pl.DataFrame:
    """`rows` (kind, code, replacement, basis) with relation.

    none, same, possible, unlisted, converted (Category III to I), split (1:n), merged (n:1) or
    replaced-by.
    """
    known = pl.col("basis").replace_strict(_BY_BASIS, default=None, return_dtype=pl.String)
    counted = known.is_null() & (pl.col("replacement") != "")
    successors = counted.sum().over(KEY)
    ancestors = counted.sum().over("kind", "replacement")
    conversion = (pl.col("basis") == "conversion") | (
        pl.col("code").str.contains(_CATEGORY_III) & pl.col("replacement").str.contains(_CATEGORY_I)
    )
    relation = (
        pl.when(pl.col("replacement") == "").then(pl.lit("none"))
        .when(known.is_not_null()).then(known)
        .when(conversion).then(pl.lit("converted"))
        .when(successors > 1).then(pl.lit("split"))
        .when(ancestors > 1).then(pl.lit("merged"))
        .otherwise(pl.lit("replaced-by"))
    )  # fmt: skip
    return rows.with_columns(relation.alias("relation"))
