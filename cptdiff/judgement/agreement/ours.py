"""Our changes in the shape in which they are set against a list."""

import polars as pl

from cptdiff.model import Changes

KEY = ("kind", "code")
_TITLES_SEPARATOR = ";"


def ours(changes: Changes, silent: tuple[str, ...]) -> pl.DataFrame:
    """One row a changed entry: kind, code, ours, reason, fields, blank; all String but blank.

    Descriptors in `silent`, of which the list does not speak, are left out. `fields` are those
    that differ, joined by `;`; `blank` tells that they differ in white space alone.
    """
    frames = [
        frame.select(_kind(), "code", pl.lit(change).alias("ours"), "reason",
                     pl.lit("").alias("fields"), pl.lit(value=False).alias("blank"))
        for frame, change in (
            (changes.added, "added"), (changes.deleted, "deleted"),
            (changes.transient, "transient"),
        )
    ]  # fmt: skip
    return pl.concat([*frames, _revised(changes, silent)])


def our_fields(changes: Changes, silent: tuple[str, ...]) -> pl.DataFrame:
    """One row a descriptor that differs: kind, code, field, blank."""
    worded = list(changes.current.descriptors)
    return changes.revised.filter(
        pl.col("field").is_in(worded), ~pl.col("field").is_in(list(silent))
    ).select(_kind(), "code", "field", blank().alias("blank"))


def blank() -> pl.Expr:
    """Whether `previous` and `current` are the same but for white space."""
    before, after = (pl.col(c).str.replace_all(r"\s+", "") for c in ("previous", "current"))
    return before == after


def joined(names: pl.Expr) -> pl.Expr:
    """A group's field names, each once, in alphabetical order."""
    return names.filter(names != "").unique().sort().str.join(_TITLES_SEPARATOR)


def _kind() -> pl.Expr:
    return pl.col("kind").cast(pl.String)


def _revised(changes: Changes, silent: tuple[str, ...]) -> pl.DataFrame:
    worded = pl.col("field").is_in(list(changes.current.descriptors))
    rows = changes.revised.filter(~pl.col("field").is_in(list(silent)))
    told = rows.with_columns(worded.alias("worded"), blank().alias("blank"))
    of_words = pl.col("worded").any()
    return (
        told.group_by(_kind(), "code")
        .agg(
            pl.when(of_words).then(pl.lit("revised")).otherwise(pl.lit("attributes-only"))
            .alias("ours"),
            pl.when(of_words).then(joined(pl.col("field").filter("worded")))
            .otherwise(joined(pl.col("field"))).alias("fields"),
            (of_words & pl.col("blank").filter("worded").all()).alias("blank"),
        )
        .select(*KEY, "ours", pl.lit("").alias("reason"), "fields", "blank")
    )  # fmt: skip
