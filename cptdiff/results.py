"""The tables that the contract promises, made once from `Changes` for all reports."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from cptdiff.doubts import doubts
from cptdiff.formats.sections import Range
from cptdiff.model import OWN, Changes, Release
from cptdiff.sections import placed, ranges
from cptdiff.summary import by_section, summary

ENTRY_COLUMNS: Final = (
    "code_set", "kind", "code", "change", "reason", "section", "severity", "classes", "fields",
    "previous_descriptor", "current_descriptor", "effective_date", "replacements", "family",
)  # fmt: skip
FIELD_COLUMNS: Final = (
    "code_set", "kind", "code", "field", "previous", "current", "class", "severity", "why",
)  # fmt: skip
_TABLE_DESCRIPTORS: Final = ("long", "descriptor", "description")


@dataclass(frozen=True, eq=False)
class Results:
    """What all reports show.

    `entries` has `ENTRY_COLUMNS` (changes.csv) and category, subsection, group; `fields` has
    `FIELD_COLUMNS` (fields.csv); `sections` counts changes by kind and section; `summary` is
    summary.json; `doubts` are the sentences that belong on the first screen.
    """

    changes: Changes
    entries: pl.DataFrame
    fields: pl.DataFrame
    sections: pl.DataFrame
    summary: dict[str, Any]
    doubts: tuple[str, ...]


def results(changes: Changes, own_sections: Iterable[Range] = ()) -> Results:
    """Everything that reports show of `changes`, sorted by its full key."""
    code_set = changes.current.code_set
    known = ranges(code_set, own_sections)
    entries = placed(_entries(changes), code_set, known)
    entries = entries.with_columns(pl.lit(code_set.value).alias("code_set"), *_to_come("entries"))
    entries = entries.sort("kind", "code", "change")
    sections = by_section(entries, known)
    told = doubts(changes)
    return Results(
        changes,
        entries,
        _fields(changes),
        sections,
        summary(changes, entries, sections, told),
        told,
    )


def _to_come(table: str) -> list[pl.Expr]:
    """Columns that the contract promises and that judgement will fill."""
    names = {
        "entries": ("classes", "replacements", "family"),
        "fields": ("class", "severity", "why"),
    }
    return [pl.lit("").alias(name) for name in names[table]]


def _entries(changes: Changes) -> pl.DataFrame:
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
    return pl.concat(frames, how="diagonal").with_columns(
        pl.col("effective_date").dt.to_string("%Y-%m-%d").fill_null(""),
        pl.col("fields", "previous_descriptor", "current_descriptor").fill_null(""),
        _severity().alias("severity"),
    )


def _severity() -> pl.Expr:
    """contract.md and rulings.md, "changes.csv"; revisions of wording are judged elsewhere."""
    high = (pl.col("change") == "deleted") | (pl.col("reason") == "reinstated")
    info = pl.col("reason") == "attributes-only"
    return pl.when(high).then(pl.lit("high")).when(info).then(pl.lit("info")).otherwise(pl.lit(""))


def _listed(
    frame: pl.DataFrame, change: str, side: str, effective: pl.Expr, release: Release
) -> pl.DataFrame:
    return frame.select(
        "kind",
        "code",
        pl.lit(change).alias("change"),
        "reason",
        _descriptor(release, frame).alias(f"{side}_descriptor"),
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
    previous = before.with_columns(_descriptor(changes.previous, before).alias("descriptor"))
    shown = after.with_columns(
        previous["descriptor"].alias("previous_descriptor"),
        _descriptor(changes.current, after).alias("current_descriptor"),
    ).select("kind", "code", "previous_descriptor", "current_descriptor")
    entries = entries.join(shown, on=("kind", "code"), how="left")
    reason = pl.when("worded").then(pl.lit("")).otherwise(pl.lit("attributes-only"))
    return entries.with_columns(
        pl.lit("revised").alias("change"),
        reason.alias("reason"),
        pl.lit(changes.current.effective_date, pl.Date).alias("effective_date"),
    ).drop("worded")


def _descriptor(release: Release, frame: pl.DataFrame) -> pl.Expr:
    """The longest descriptor that the release has; of a user's table its column of that name."""
    names = [name for name in release.descriptors if name in frame.columns]
    if names and names[0].startswith(OWN):
        spoken = {name.removeprefix(OWN).casefold(): name for name in reversed(names)}
        names = [next((spoken[n] for n in _TABLE_DESCRIPTORS if n in spoken), names[0])]
    texts = [pl.when(pl.col(name) != "").then(pl.col(name)) for name in names]
    return pl.coalesce(*texts, pl.lit(""))


def _fields(changes: Changes) -> pl.DataFrame:
    return (
        changes.revised.lazy()
        .with_columns(
            pl.lit(changes.current.code_set.value).alias("code_set"),
            pl.col("field").str.strip_prefix(OWN),
            *_to_come("fields"),
        )
        .select(FIELD_COLUMNS)
        .sort("kind", "code", "field")
        .collect()
    )
