"""Which entries of two releases belong together, and in which fields they differ."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl


@dataclass(frozen=True, eq=False)
class Pairs:
    """The compared entries of both sides.

    `at` has for each row of `after` the row of `before` with its code, null where there is none;
    `same_kind` tells where that row is of the same kind too; `differs` has a column for each
    compared field: where such a pair differs in it.
    """

    before: pl.DataFrame
    after: pl.DataFrame
    at: pl.Series
    same_kind: pl.Series
    differs: pl.DataFrame


def paired(
    before: pl.DataFrame, after: pl.DataFrame, shared: Mapping[str, tuple[str, ...]]
) -> Pairs:
    """The pairs by code; by kind and code where a code stands for two kinds in one release.

    `shared` has by part the fields to compare. Codes are joined by their hashes, three times as
    fast; where two share one, by themselves.
    """
    names = list(dict.fromkeys(name for fields in shared.values() for name in fields))
    at = _joined(*(frame.select(pl.col("code").hash()) for frame in (before, after)))
    unlike = _unlike(before, after, at, names) if at.len() == after.height else None
    if unlike is None or unlike["code"].any():
        at = _joined(before.select("code"), after.select("code"))
        if at.len() != after.height:
            both = pl.concat_str(pl.col("kind").cast(pl.String), "code", separator=" ")
            at = _joined(*(frame.select(both.alias("code")) for frame in (before, after)))
        unlike = _unlike(before, after, at, names)
    same_kind = (before["kind"].gather(at) == after["kind"]).fill_null(value=False)
    return Pairs(before, after, at, same_kind, _of_parts(unlike, after, same_kind, shared))


def _joined(before: pl.DataFrame, after: pl.DataFrame) -> pl.Series:
    """For each row of `after` the row of `before` with its code."""
    numbered = before.lazy().with_row_index("at")
    return after.lazy().join(numbered, on="code", how="left", maintain_order="left").collect()["at"]


def _unlike(
    before: pl.DataFrame, after: pl.DataFrame, at: pl.Series, names: Sequence[str]
) -> pl.DataFrame:
    """Where the paired rows differ, by code and by field; null where there is no pair."""
    rows = pl.lit(at)
    differs = [
        (pl.col(name).gather(rows) != pl.lit(after[name])).alias(name) for name in ("code", *names)
    ]
    return before.lazy().select(differs).collect()


def _of_parts(
    unlike: pl.DataFrame,
    after: pl.DataFrame,
    same_kind: pl.Series,
    shared: Mapping[str, tuple[str, ...]],
) -> pl.DataFrame:
    """`unlike` where both are of one kind, and their part has the field on both sides."""
    found = []
    for name in unlike.columns[1:]:
        parts = [part for part, fields in shared.items() if name in fields]
        differs = unlike[name].fill_null(value=False) & same_kind
        if len(parts) < len(shared) and differs.any():
            differs &= after["part"].is_in(parts)
        found.append(differs)
    return pl.DataFrame(found)
