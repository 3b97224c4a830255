"""One row for each changed entry, with what it means (changes.csv)."""

from typing import Final

import polars as pl

from cptdiff.descriptors import longest_descriptor
from cptdiff.judgement.judge import Judgement
from cptdiff.model import OWN, Changes, Release

_KEY: Final = ("kind", "code")
# Of a deleted entry: none of its replacements is stated, a coder has to look.
CANDIDATE: Final = "candidate-replacement"


def listed_entries(changes: Changes, judgement: Judgement) -> pl.DataFrame:
    """Columns of changes.csv but code_set and section; reasons, family_codes, replacement too."""
    today = pl.lit(changes.current.effective_date, pl.Date)
    ended = pl.col("end_date").dt.offset_by("1d")
    frames = [
        _listed(changes.added, "added", "current", pl.coalesce("add_date", today),
                changes.current),
        _listed(changes.deleted, "deleted", "previous",
                pl.when(pl.col("end_date") < today).then(ended).otherwise(today),
                changes.previous),
        _listed(changes.transient, "transient", "current", pl.col("add_date"), changes.current),
        _revised(changes),
    ]  # fmt: skip
    entries = pl.concat(frames, how="diagonal").with_columns(
        pl.col("effective_date").dt.to_string("%Y-%m-%d").fill_null(""),
        pl.col("fields", "previous_descriptor", "current_descriptor").fill_null(""),
    )
    return _replaced(_judged(entries, judgement), judgement)


def _judged(entries: pl.DataFrame, judgement: Judgement) -> pl.DataFrame:
    """`entries` with severity, classes, reasons, family and family_codes; deleted is high."""
    verdicts = judgement.entries.with_columns(pl.col("severity").cast(pl.String))
    judged = pl.col("change").is_in(["revised", "added"])
    joined = entries.join(verdicts, on=_KEY, how="left", maintain_order="left")
    severity = (
        pl.when(pl.col("change") == "deleted").then(pl.lit("high")).when(judged).then("severity")
    )
    return joined.with_columns(
        severity.fill_null("").alias("severity"),
        *(
            pl.when(judged).then(name).fill_null("").alias(name)
            for name in ("classes", "reasons", "family")
        ),
    )


def _replaced(entries: pl.DataFrame, judgement: Judgement) -> pl.DataFrame:
    """`entries` with replacements, best first, and `replacement`: stated, candidate or none.

    Guesses alone are classed as candidates; what no replacement was looked for has no word.
    """
    named = pl.col("replacement") != ""
    ranked = judgement.crosswalk.sort(*_KEY, "rank").group_by(_KEY, maintain_order=True).agg(
        pl.col("replacement").filter(named).str.join(";").alias("replacements"),
        pl.when(~named.any()).then(pl.lit("none"))
        .when((named & (pl.col("confidence") == "stated")).any()).then(pl.lit("stated"))
        .otherwise(pl.lit("candidate")).alias("replacement"),
    )  # fmt: skip
    gone = pl.col("change") == "deleted"
    joined = entries.join(ranked, on=_KEY, how="left", maintain_order="left").with_columns(
        pl.when(gone).then(name).fill_null("").alias(name)
        for name in ("replacements", "replacement")
    )
    guessed = pl.col("replacement") == "candidate"
    return joined.with_columns(
        pl.when(guessed).then(pl.lit(CANDIDATE)).otherwise("classes").alias("classes")
    )


def _listed(
    frame: pl.DataFrame, change: str, side: str, effective: pl.Expr, release: Release
) -> pl.DataFrame:
    return frame.select(
        "kind",
        "code",
        pl.lit(change).alias("change"),
        "reason",
        longest_descriptor(release, frame.columns).alias(f"{side}_descriptor"),
        effective.alias("effective_date"),
    )


def _revised(changes: Changes) -> pl.DataFrame:
    """One row per revised entry, its fields in the order in which the release carries them."""
    worded = pl.col("field").is_in(list(changes.current.descriptors))
    entries = (
        changes.revised.lazy()
        .group_by("kind", "code", maintain_order=True)
        .agg(pl.col("field").str.strip_prefix(OWN).str.join(";").alias("fields"),
             worded.any().alias("worded"))
        .collect()
    )  # fmt: skip
    before, after = changes.revised_previous, changes.revised_current
    told = longest_descriptor(changes.previous, before.columns).alias("previous_descriptor")
    shown = after.with_columns(
        before.with_columns(told)["previous_descriptor"],
        longest_descriptor(changes.current, after.columns).alias("current_descriptor"),
    ).select("kind", "code", "previous_descriptor", "current_descriptor")
    entries = entries.join(shown, on=("kind", "code"), how="left")
    reason = pl.when("worded").then(pl.lit("")).otherwise(pl.lit("attributes-only"))
    return entries.with_columns(
        pl.lit("revised").alias("change"),
        reason.alias("reason"),
        pl.lit(changes.current.effective_date, pl.Date).alias("effective_date"),
    ).drop("worded")
