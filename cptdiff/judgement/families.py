"""Edits made alike in the codes of one family: one edit, n codes (formats.md 4.3).

The common portion of a CPT descriptor stands before its first semicolon and is repeated in every
code of the family. In the other code sets codes that begin alike share their words: an ICD-10
title is repeated in the titles below its category.
"""

from typing import Final

import polars as pl

from cptdiff.model import DESCRIPTORS
from cptdiff.vocabulary import CodeSet

FAMILIES: Final = pl.Schema({"family": pl.String(), "codes": pl.Int64()})
_CATEGORY: Final = 3


def families(graded: pl.DataFrame, code_set: CodeSet) -> pl.DataFrame:
    """`graded` entries (kind, code) whose deciding edit was made alike in two codes or more.

    Returns kind, code and `FAMILIES`; `family` is its lowest code, `codes` how many there are.
    """
    worded = graded.filter(pl.col("role") == "wording")
    if code_set is CodeSet.TABLE:
        worded = worded.clear()
    # Where the longest descriptor is on one side only a shorter one has its say beside it.
    longest = worded.sort(pl.col("field").cast(pl.Enum(DESCRIPTORS)), maintain_order=True).unique(
        ("kind", "code"), keep="first", maintain_order=True
    )
    return _named((_in_common_portion if code_set is CodeSet.CPT else _in_category)(longest))


def _in_common_portion(worded: pl.DataFrame) -> pl.DataFrame:
    """Texts whose common portion changed, by both wordings of it."""
    before, after = (
        pl.col(name).str.extract(r"^([^;]*);").alias(f"{name}_portion")
        for name in ("previous", "current")
    )
    portions = worded.with_columns(before, after).filter(
        pl.col("previous_portion") != pl.col("current_portion")
    )
    return portions.with_columns(
        pl.lit("").alias("key"), previous="previous_portion", current="current_portion"
    )


def _in_category(worded: pl.DataFrame) -> pl.DataFrame:
    """Edits, by category: the same words gone and the same words new."""
    return worded.with_columns(
        pl.col("code").str.head(_CATEGORY).alias("key"),
        *(
            pl.col(cut).str.strip_chars(" ,;").alias(name)
            for name, cut in (("previous", "before"), ("current", "after"))
        ),
    )


def _named(edits: pl.DataFrame) -> pl.DataFrame:
    edit = ["key", "previous", "current"]
    groups = (
        edits.select("kind", "code", *edit)
        .sort("code")
        .group_by(edit, maintain_order=True)
        .agg(
            "kind",
            "code",
            pl.col("code").first().alias("family"),
            pl.len().cast(pl.Int64).alias("codes"),
        )
        .filter(pl.col("codes") > 1)
    )
    return groups.explode("kind", "code").select("kind", "code", *FAMILIES).sort("kind", "code")
