"""Replacements by the ICD-10 hierarchy: what is new beside or below a deleted code."""

from collections.abc import Sequence
from itertools import combinations
from typing import Final

import polars as pl

from cptdiff.judgement.candidates import Case, clashes, no_candidates, shape_candidates
from cptdiff.model import KIND

# A demoted neighbor is likelier the one that was divided than a code that was left alone.
_DELETION_BONUS: Final = 0.1
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


def find_relatives(case: Case, deleted: pl.DataFrame, added: pl.DataFrame) -> pl.DataFrame:
    """ICD-10-CM pairs (code, replacement, score, confidence, note) among neighbors in the tree.

    For each added code that no deleted one leads to by its spelling: the codes of previous below
    the nearest header above it, the likeliest by its words; told where that one was deleted.
    """
    if not (deleted.height and added.height):
        return pl.DataFrame(schema=_PAIRS)
    likely = _choose_likeliest(_pair_neighbors(case, deleted, added))
    return likely.filter("gone").select(
        "code",
        "replacement",
        pl.col("score") / 2,  # below what the spelling ties together
        pl.lit("candidate").alias("confidence"),
        pl.lit("").alias("note"),
    )


def _pair_neighbors(case: Case, deleted: pl.DataFrame, added: pl.DataFrame) -> pl.DataFrame:
    """Pairs of an added code and previous's codes below the nearest header with any that fit."""
    category = pl.col("code").str.head(3).alias("category")
    reshaped = deleted.select(category.unique()).to_series()
    old = case.list_previous(reshaped).with_columns(
        category, gone=pl.col("code").is_in(deleted["code"].implode())
    )
    new = added.with_columns(category, pl.col("code").alias("replacement")).drop("kind", "code")
    silent = (pl.col("extension") == "") | (pl.col("extension new") == "")
    alike = silent | (pl.col("extension") == pl.col("extension new"))
    pairs = old.join(new, on="category", suffix=" new").filter(alike, ~clashes(" new"))
    shared = pl.max_horizontal(
        pl.when(pl.col("code").str.head(n) == pl.col("replacement").str.head(n)).then(n)
        for n in range(3, 7)
    )
    near = pairs.with_columns(shared.alias("shared"))
    nearest = near.filter(pl.col("shared") == pl.col("shared").max().over("replacement"))
    return nearest.filter(pl.col("gone").any().over("replacement"))


def _choose_likeliest(pairs: pl.DataFrame) -> pl.DataFrame:
    from rapidfuzz import fuzz  # noqa: PLC0415 - start-up stays light

    both = zip(pairs["words"], pairs["words new"], strict=True)
    likeness = [fuzz.token_set_ratio(old, new) for old, new in both]
    score = pl.Series("score", likeness, pl.Float64) / 100
    weighed = pairs.with_columns(score).with_columns(
        weight=pl.col("score") + pl.col("gone").cast(pl.Float64) * _DELETION_BONUS
    )
    best = pl.col("weight").max().over("replacement")
    return weighed.filter(pl.col("weight") >= best - _AS_GOOD)


# Where ICD-10-CM may have a placeholder X, counted from 0.
_PLACEHOLDERS: Final = (3, 4, 5)
_WIDTH: Final = 7
_CATEGORY: Final = 3


def find_in_hierarchy(case: Case, open_: pl.DataFrame) -> pl.DataFrame:
    """`CANDIDATES`: added codes that took a deleted code's place in the tree."""
    deleted, added = (
        frame.filter(pl.col("kind") == "code") for frame in (case.deleted, case.added)
    )
    if case.profile.axes:
        pairs = _pair_one_axis_apart(deleted, added, case.profile.axes)
    elif case.profile.tree:
        pairs = _pair_family(case, deleted, added)
    else:
        return no_candidates()
    rows = pairs.with_columns(pl.lit("code").cast(KIND).alias("kind"))
    return shape_candidates(rows.join(open_, on=("kind", "code"), how="semi"))


def pair_relatives(deleted: pl.DataFrame, added: pl.DataFrame) -> pl.DataFrame:
    """ICD-10-CM pairs (code, replacement) that the spelling alone ties together.

    New children of a code that became a header (A04.7 to A04.71); codes that fill a placeholder
    X, the seventh character kept (T81.4XXA to T81.40XA); a header that became a code in the place
    of its children (H81.41 to H81.4).
    """
    new = added.select(pl.col("code").alias("replacement"), "extension", stem=_cut_to_stem())
    children = _list_heads(new.with_columns(pl.col("replacement").alias("whole")), "whole").join(
        deleted.select("code"), left_on="head", right_on="code"
    )
    old = deleted.select("code", "extension", stem=_cut_to_stem())
    parents = _list_heads(old, "stem").join(
        new, left_on=("head", "extension"), right_on=("stem", "extension")
    )
    pairs = [
        children.select(pl.col("head").alias("code"), "replacement"),
        parents.select("code", "replacement"),
        *(_pair_filled(old, new, at) for n in (1, 2, 3) for at in combinations(_PLACEHOLDERS, n)),
    ]
    return pl.concat(pairs).unique().sort("code", "replacement")


def _pair_family(case: Case, deleted: pl.DataFrame, added: pl.DataFrame) -> pl.DataFrame:
    certain = pair_relatives(deleted, added).with_columns(
        score=pl.lit(1.0), confidence=pl.lit(""), note=pl.lit("")
    )
    rest = added.join(certain, left_on="code", right_on="replacement", how="anti")
    return pl.concat([certain, find_relatives(case, deleted, rest)])


def _cut_to_stem() -> pl.Expr:
    """The code without its seventh character and the placeholders before it."""
    code = pl.col("code")
    bare = code.str.head(_WIDTH - 1).str.strip_chars_end("X")
    return pl.when(code.str.len_chars() == _WIDTH).then(bare).otherwise(code)


def _list_heads(frame: pl.DataFrame, column: str) -> pl.DataFrame:
    """`frame` once for each shorter beginning, `head`, of a code that is still a category."""
    whole = pl.col(column)
    lengths = [
        frame.filter(whole.str.len_chars() > n).with_columns(whole.str.head(n).alias("head"))
        for n in range(_CATEGORY, _WIDTH)
    ]
    return pl.concat(lengths)


def _pair_filled(old: pl.DataFrame, new: pl.DataFrame, at: tuple[int, ...]) -> pl.DataFrame:
    """Old codes whose placeholders stand just at `at`, with the new ones that differ only there."""
    is_x = [
        (pl.col("code").str.slice(n, 1) == "X") == (n in at) for n in _PLACEHOLDERS
    ]  # fmt: skip
    held = old.filter(pl.all_horizontal(is_x), pl.col("code").str.len_chars() == _WIDTH)
    whole = new.filter(pl.col("replacement").str.len_chars() == _WIDTH)
    return (
        held.with_columns(key=_drop_characters("code", at))
        .join(whole.with_columns(key=_drop_characters("replacement", at)), on="key")
        .select("code", "replacement")
    )


def _drop_characters(column: str, at: tuple[int, ...]) -> pl.Expr:
    kept = [pl.col(column).str.slice(n, 1) for n in range(_WIDTH) if n not in at]
    return pl.concat_str(kept)


def _pair_one_axis_apart(
    deleted: pl.DataFrame, added: pl.DataFrame, axes: Sequence[int]
) -> pl.DataFrame:
    """Pairs (code, replacement) of one table that differ in one value."""
    pairs = [
        deleted.with_columns(key=_drop_characters("code", (at,)))
        .join(added.with_columns(key=_drop_characters("code", (at,))), on="key", suffix=" new")
        .filter(~clashes(" new"))
        .select("code", pl.col("code new").alias("replacement"))
        for at in axes
    ]
    apart = pl.concat(pairs).unique().sort("code", "replacement")
    return apart.with_columns(
        confidence=pl.lit("candidate"), note=pl.lit("differs in one character of its table")
    )
