"""One file's rows as entries: several rows of one code become fields of one entry."""

from typing import Final

import polars as pl

from cptdiff.formats.layout import Format

# MODUL's list for ambulatory surgery centers and hospitals repeats modifiers of Level I (1.7).
_HOSPITAL: Final = r"(?i)hospital|ambulatory|\basc\b"
_PLACE: Final = ("line", "sequence", "concept_id")
DATES: Final = ("add_date", "end_date")


def shaped(form: Format, frame: pl.DataFrame) -> pl.DataFrame:
    """The checked rows of one file by (kind, code), its dates as calendar days."""
    if form.content == "modifiers":
        return _modifiers(frame)
    frame = frame.select(name for name in frame.columns if name not in _PLACE)
    dates = [day(name) for name in DATES if name in frame.columns]
    if dates:
        frame = frame.with_columns(dates)
    if form.content == "clinician":
        return (
            frame.sort("code", "descriptor_id", "clinician")
            .group_by("kind", "code", maintain_order=True)
            .agg(pl.col("clinician").str.join(" | "))
        )
    return frame


def day(name: str) -> pl.Expr:
    """YYYYMMDD, or an ISO moment whose calendar day counts: its offset is Chicago's (1.9)."""
    return pl.col(name).str.head(10).str.replace_all("-", "").str.to_date("%Y%m%d", strict=False)


def _modifiers(frame: pl.DataFrame) -> pl.DataFrame:
    """One row a modifier; its words in a further list, the hospitals' last, are `hospital`."""
    if "list" not in frame.columns:
        frame = frame.with_columns(pl.lit("").alias("list"))
    first_first = frame.sort(pl.col("list").str.contains(_HOSPITAL), "line", maintain_order=True)
    words = pl.concat_list("short", "long").list.eval(pl.element().filter(pl.element() != ""))
    return (
        first_first.with_columns(words.list.join(": ").alias("hospital"))
        .group_by("kind", "code", maintain_order=True)
        .agg(
            pl.exclude("list", "line", "kind", "code", "hospital").first(),
            pl.col("hospital").slice(1).str.join(" | "),
        )
        .with_columns(pl.col("hospital").fill_null(""))
    )
