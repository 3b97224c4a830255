"""What an ICD-10 code's own spelling says about its successors (formats.md 8.4, 8.5, 9)."""

from itertools import combinations
from typing import Final

import polars as pl

from cptdiff.judgement.replacement.case import Case, found, nothing
from cptdiff.judgement.replacement.facets import clash
from cptdiff.judgement.replacement.relatives import relatives
from cptdiff.model import KIND
from cptdiff.vocabulary import CodeSet

# Where ICD-10-CM may have a placeholder X, counted from 0.
_PLACEHOLDERS: Final = (3, 4, 5)
_WIDTH: Final = 7
_CATEGORY: Final = 3
# PCS's axes that may be divided: body part, device, qualifier. Another approach is another act.
_PCS_AXES: Final = (3, 5, 6)


def hierarchy(case: Case, open_: pl.DataFrame) -> pl.DataFrame:
    """`FOUND`: added codes that took a deleted code's place in the tree."""
    deleted, added = (
        frame.filter(pl.col("kind") == "code") for frame in (case.deleted, case.added)
    )
    if case.code_set is CodeSet.ICD10PCS:
        pairs = _one_axis_apart(deleted, added)
    elif case.code_set is CodeSet.ICD10CM:
        pairs = _family(case, deleted, added)
    else:
        return nothing()
    rows = pairs.with_columns(pl.lit("code").cast(KIND).alias("kind"))
    return found(rows.join(open_, on=("kind", "code"), how="semi"))


def related(deleted: pl.DataFrame, added: pl.DataFrame) -> pl.DataFrame:
    """ICD-10-CM pairs (code, replacement) that the spelling alone ties together.

    New children of a code that became a header (A04.7 to A04.71); codes that fill a placeholder
    X, the seventh character kept (T81.4XXA to T81.40XA); a header that became a code in the place
    of its children (H81.41 to H81.4).
    """
    new = added.select(pl.col("code").alias("replacement"), "extension", stem=_stem())
    children = _heads(new.with_columns(pl.col("replacement").alias("whole")), "whole").join(
        deleted.select("code"), left_on="head", right_on="code"
    )
    old = deleted.select("code", "extension", stem=_stem())
    parents = _heads(old, "stem").join(
        new, left_on=("head", "extension"), right_on=("stem", "extension")
    )
    pairs = [
        children.select(pl.col("head").alias("code"), "replacement"),
        parents.select("code", "replacement"),
        *(_filled(old, new, at) for n in (1, 2, 3) for at in combinations(_PLACEHOLDERS, n)),
    ]
    return pl.concat(pairs).unique().sort("code", "replacement")


def _family(case: Case, deleted: pl.DataFrame, added: pl.DataFrame) -> pl.DataFrame:
    certain = related(deleted, added).with_columns(
        score=pl.lit(1.0), confidence=pl.lit(""), note=pl.lit("")
    )
    rest = added.join(certain, left_on="code", right_on="replacement", how="anti")
    return pl.concat([certain, relatives(case, deleted, rest)])


def _stem() -> pl.Expr:
    """The code without its seventh character and the placeholders before it."""
    code = pl.col("code")
    bare = code.str.head(_WIDTH - 1).str.strip_chars_end("X")
    return pl.when(code.str.len_chars() == _WIDTH).then(bare).otherwise(code)


def _heads(frame: pl.DataFrame, column: str) -> pl.DataFrame:
    """`frame` once for each shorter beginning, `head`, of a code that is still a category."""
    whole = pl.col(column)
    lengths = [
        frame.filter(whole.str.len_chars() > n).with_columns(whole.str.head(n).alias("head"))
        for n in range(_CATEGORY, _WIDTH)
    ]
    return pl.concat(lengths)


def _filled(old: pl.DataFrame, new: pl.DataFrame, at: tuple[int, ...]) -> pl.DataFrame:
    """Old codes whose placeholders stand just at `at`, with the new ones that differ only there."""
    is_x = [
        (pl.col("code").str.slice(n, 1) == "X") == (n in at) for n in _PLACEHOLDERS
    ]  # fmt: skip
    held = old.filter(pl.all_horizontal(is_x), pl.col("code").str.len_chars() == _WIDTH)
    whole = new.filter(pl.col("replacement").str.len_chars() == _WIDTH)
    return (
        held.with_columns(key=_without("code", at))
        .join(whole.with_columns(key=_without("replacement", at)), on="key")
        .select("code", "replacement")
    )


def _without(column: str, at: tuple[int, ...]) -> pl.Expr:
    kept = [pl.col(column).str.slice(n, 1) for n in range(_WIDTH) if n not in at]
    return pl.concat_str(kept)


def _one_axis_apart(deleted: pl.DataFrame, added: pl.DataFrame) -> pl.DataFrame:
    """PCS pairs (code, replacement) of one table that differ in one value."""
    pairs = [
        deleted.with_columns(key=_without("code", (at,)))
        .join(added.with_columns(key=_without("code", (at,))), on="key", suffix=" new")
        .filter(~clash(" new"))
        .select("code", pl.col("code new").alias("replacement"))
        for at in _PCS_AXES
    ]
    apart = pl.concat(pairs).unique().sort("code", "replacement")
    return apart.with_columns(
        confidence=pl.lit("candidate"), note=pl.lit("differs in one value of its table")
    )
