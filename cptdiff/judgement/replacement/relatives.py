"""The code that a coder would have used before a new one came (NCHS's "previous code")."""

from typing import Final

import polars as pl

from cptdiff.judgement.replacement.case import Case
from cptdiff.judgement.replacement.facets import clash

# A demoted neighbour is likelier the one that was divided than a code that was left alone.
_FOR_DELETED: Final = 0.1
# Scores this near the best are no worse than it.
_AS_GOOD: Final = 0.02
_PAIRS: Final = pl.Schema(
    {
        "code": pl.String(),
        "replacement": pl.String(),
        "score": pl.Float64(),
        "confidence": pl.String(),
        "note": pl.String(),
    }
)


def relatives(case: Case, deleted: pl.DataFrame, added: pl.DataFrame) -> pl.DataFrame:
    """ICD-10-CM pairs (code, replacement, score, confidence, note) among neighbours in the tree.

    For each added code that no deleted one leads to by its spelling: the codes of previous below
    the nearest header above it, the likeliest by its words; told where that one was deleted.
    """
    if not (deleted.height and added.height):
        return pl.DataFrame(schema=_PAIRS)
    likely = _likeliest(_neighbours(case, deleted, added))
    return likely.filter("gone").select(
        "code",
        "replacement",
        pl.col("score") / 2,  # below what the spelling ties together
        pl.lit("candidate").alias("confidence"),
        pl.lit("new beside it").alias("note"),
    )


def _neighbours(case: Case, deleted: pl.DataFrame, added: pl.DataFrame) -> pl.DataFrame:
    """Pairs of an added code and previous's codes below the nearest header with any that fit."""
    category = pl.col("code").str.head(3).alias("category")
    reshaped = deleted.select(category.unique()).to_series()
    old = case.previous_of(reshaped).with_columns(
        category, gone=pl.col("code").is_in(deleted["code"].implode())
    )
    new = added.with_columns(category, pl.col("code").alias("replacement")).drop("kind", "code")
    silent = (pl.col("extension") == "") | (pl.col("extension new") == "")
    alike = silent | (pl.col("extension") == pl.col("extension new"))
    pairs = old.join(new, on="category", suffix=" new").filter(alike, ~clash(" new"))
    shared = pl.max_horizontal(
        pl.when(pl.col("code").str.head(n) == pl.col("replacement").str.head(n)).then(n)
        for n in range(3, 7)
    )
    near = pairs.with_columns(shared.alias("shared"))
    nearest = near.filter(pl.col("shared") == pl.col("shared").max().over("replacement"))
    return nearest.filter(pl.col("gone").any().over("replacement"))


def _likeliest(pairs: pl.DataFrame) -> pl.DataFrame:
    from rapidfuzz import fuzz  # noqa: PLC0415 - start-up stays light

    both = zip(pairs["words"], pairs["words new"], strict=True)
    likeness = [fuzz.token_set_ratio(old, new) for old, new in both]
    score = pl.Series("score", likeness, pl.Float64) / 100
    weighed = pairs.with_columns(score).with_columns(
        weight=pl.col("score") + pl.col("gone").cast(pl.Float64) * _FOR_DELETED
    )
    best = pl.col("weight").max().over("replacement")
    return weighed.filter(pl.col("weight") >= best - _AS_GOOD)
