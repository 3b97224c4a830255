"""What the releases and the corrections know of each entry, and the cause that it proves."""

from collections.abc import Mapping

import polars as pl

from cptdiff.judgement.agreement.corrections import corrected
from cptdiff.judgement.agreement.footers import Footer
from cptdiff.judgement.agreement.grounds import GROUNDS
from cptdiff.judgement.agreement.ours import KEY
from cptdiff.judgement.agreement.said import action_day
from cptdiff.model import KIND, Changes
from cptdiff.stated import PublishedList, Stated


def known(changes: Changes, given: Stated, codes: pl.Series) -> pl.DataFrame:
    """What the releases and the corrections know of the entries with these codes."""
    before, now = changes.previous, changes.current
    wanted = pl.col("code").is_in(codes.unique().implode())
    held, ended, here, gone = (
        frame.filter(wanted) for frame in (before.entries, before.ended, now.entries, now.ended)
    )
    sides = [
        _held(held, "held_before", {"add_date": "add_before"}),
        _held(ended, "ended_before", {}),
        _held(pl.concat([here, gone]), "", {"add_date": "add_date", "end_date": "end_date"}),
        _held(here, "held_now", {}),
        _held(gone, "ended_now", {}),
        corrected(changes, given),
    ]
    every = pl.concat(side.select(KEY) for side in sides).unique()
    for side in sides:
        every = every.join(side, on=KEY, how="left")
    return every


def caused(
    rows: pl.DataFrame,
    published: PublishedList,
    checked: Footer,
    changes: Changes,
    given: Stated,
) -> pl.DataFrame:
    """`RECONCILIATION` and `list`; the cause is the first one that is proved."""
    evidence = known(changes, given, rows["code"])
    told = rows.join(evidence, on=KEY, how="left").with_columns(
        pl.col("held_before", "ended_before", "held_now", "ended_now").fill_null(value=False),
        pl.col("correction", "corrected_fields").fill_null([]),
        pl.col("corrected_by").fill_null(""),
        pl.col("kind")
        .replace_strict(checked.baselines, default="", return_dtype=pl.String)
        .alias("baseline"),
        pl.lit(_form(published)).alias("form"),
        *_span(changes),
    )
    cause, note = _proved()
    return told.select(
        pl.col("kind").cast(KIND), "code", "ours", "theirs", pl.col("fields").alias("field"),
        cause.alias("cause"), note.alias("note"), pl.lit(published.name).alias("list"),
    )  # fmt: skip


def _span(changes: Changes) -> list[pl.Expr]:
    """What the two releases are called, and their dates."""
    before, now = changes.previous, changes.current
    return [
        pl.lit(before.name).alias("previous"),
        pl.lit(now.name).alias("current"),
        pl.lit(before.effective_date, pl.Date).alias("since"),
        pl.lit(now.effective_date, pl.Date).alias("until"),
    ]


def _proved() -> tuple[pl.Expr, pl.Expr]:
    """The name of the first cause that holds; its sentence with the evidence."""
    names, notes = [], []
    for ground in GROUNDS:
        proved = pl.when(ground.holds.fill_null(value=False))
        said = pl.format("{}: {}", pl.lit(ground.cause.sentence), ground.evidence.fill_null(""))
        names.append(proved.then(pl.lit(ground.cause.name)))
        notes.append(proved.then(said))
    return pl.coalesce(names), pl.coalesce(notes)


def _form(published: PublishedList) -> str:
    is_erratum = not published.whole and "errat" in published.name.lower()
    return "erratum" if is_erratum else published.form


def _held(frame: pl.DataFrame, name: str, dates: Mapping[str, str]) -> pl.DataFrame:
    found = [pl.lit(value=True).alias(name)] if name else []
    if not name:
        day = action_day() if "action_date" in frame.columns else pl.lit(None, pl.Date)
        found.append(day.alias("action_date"))
    return frame.select(
        pl.col("kind").cast(pl.String), "code", *found,
        *(pl.col(column).alias(alias) for column, alias in dates.items()),
    )  # fmt: skip
