"""What a publisher's list says of the pair: one row for each entry that it names."""

from dataclasses import dataclass

import polars as pl

from cptdiff.coverage import shared_fields
from cptdiff.formats.published import LETTERS
from cptdiff.judgement.agreement.ours import KEY, blank, joined
from cptdiff.model import Changes, Release
from cptdiff.stated import STATED_CHANGES, TOLD, PublishedList
from cptdiff.vocabulary import CodeSet

_KINDS = ("code", "modifier", "header")
# The letters F, P and T tell of attributes (formats.md 7.4).
_LETTERS_TELL = (*TOLD, "attributes-only")


@dataclass(frozen=True, eq=False)
class Said:
    """What a list says, and of what it speaks.

    `entries`: kind, code, theirs, words, date, remark, and elsewhere, elsewhere_on: what it says
    of another time; `fields`: kind, code, field, blank of its revisions, field empty where no title
    differs or none is named; `silent` are descriptors that it does not know.
    """

    entries: pl.DataFrame
    fields: pl.DataFrame
    kinds: tuple[str, ...]
    silent: tuple[str, ...]


def said(published: PublishedList, changes: Changes) -> Said:
    """`published` as far as it concerns what was compared."""
    rows = _compared(_with_kind(published, changes), changes)
    kinds = published.kinds or tuple(
        kind for kind in _KINDS if kind == "code" or (rows["kind"] == kind).any()
    )
    descriptors = set(changes.current.descriptors)
    silent = tuple(sorted(descriptors - set(published.fields))) if published.fields else ()
    within = _within(changes) if published.form == "history" else pl.lit(value=True)
    dated = rows.with_columns(within.fill_null(value=False).alias("within"))
    inside, outside = dated.filter("within"), dated.filter(~pl.col("within"))
    # A list without texts tells neither titles nor blanks.
    worded = (pl.col("field") != "") | (pl.col("previous") != "") | (pl.col("current") != "")
    revised = inside.filter(pl.col("change") == "revised", worded)
    return Said(
        entries=_net(inside).join(_elsewhere(outside), on=KEY, how="full", coalesce=True),
        fields=revised.select(*KEY, "field", blank().alias("blank")),
        kinds=kinds,
        silent=silent,
    )


def action_codes(release: Release) -> PublishedList | None:
    """HCPCS's own list: the action code of every record (formats.md 7.4); None without them."""
    frames = (release.entries, release.ended)
    if any("action" not in frame.columns for frame in frames):
        return None
    rows = pl.concat(
        frame.select(
            pl.col("kind").cast(pl.String), "code",
            pl.col("action").replace_strict(LETTERS, default=pl.col("action")).alias("change"),
            "action", _action_date(frame).alias("date"),
        )
        for frame in frames
    )  # fmt: skip
    rows = rows.with_columns(pl.when(pl.col("change") == "").then(pl.lit("none"))
                             .otherwise("change").alias("change"))  # fmt: skip
    missing = [pl.lit("").alias(name) for name in STATED_CHANGES if name not in rows.columns]
    source = release.sources[0]
    return PublishedList(
        name=source.member.rpartition("/")[2],
        form="action codes",
        sha256=source.sha256 or "",
        changes=rows.with_columns(missing).select(STATED_CHANGES.names()),
        kinds=("code", "modifier"),
        tells=_LETTERS_TELL,
    )


def action_day() -> pl.Expr:
    """HCPCS's action date, YYYYMMDD or as a workbook shows it."""
    return pl.col("action_date").str.replace_all("-", "").str.head(8).str.to_date(
        "%Y%m%d", strict=False
    )  # fmt: skip


def _action_date(frame: pl.DataFrame) -> pl.Expr:
    return action_day() if "action_date" in frame.columns else pl.lit(None, pl.Date)


def _with_kind(published: PublishedList, changes: Changes) -> pl.DataFrame:
    """The list's rows; a kind that it does not tell is that under which a release has the code."""
    rows = published.changes
    if not (rows["kind"] == "").any():
        return rows
    held = pl.concat(
        frame.select(pl.col("kind").cast(pl.String).alias("held"), "code")
        for release in (changes.current, changes.previous)
        for frame in (release.entries, release.ended)
    )
    order = pl.col("held").replace_strict(list(_KINDS), list(range(len(_KINDS))))
    known = held.sort(order, "code").unique("code", keep="first")
    told = pl.when(pl.col("kind") != "").then("kind").otherwise(pl.col("held").fill_null("code"))
    joined_rows = rows.join(known, on="code", how="left", maintain_order="left")
    return joined_rows.with_columns(told.alias("kind")).drop("held")


def _compared(rows: pl.DataFrame, changes: Changes) -> pl.DataFrame:
    """Without the kinds, parts and fields that were not compared, and without withheld codes."""
    shared = shared_fields(changes.previous, changes.current)
    is_pla = pl.lit(value=False)
    if changes.current.code_set is CodeSet.CPT:
        is_pla = (pl.col("kind") == "code") & pl.col("code").str.ends_with("U")
    part = pl.when(is_pla).then(pl.lit("pla")).otherwise("kind")
    fields = {name for names in shared.values() for name in names}
    withheld = pl.concat([changes.previous.withheld, changes.current.withheld]).select("code")
    return rows.filter(
        part.is_in(list(shared)), (pl.col("field") == "") | pl.col("field").is_in(sorted(fields))
        | (pl.col("change") != "revised"),
    ).join(withheld.unique(), on="code", how="anti", maintain_order="left")  # fmt: skip


def _within(changes: Changes) -> pl.Expr:
    """A history names every year: after previous's date, not after current's."""
    since, until = changes.previous.effective_date, changes.current.effective_date
    date = pl.col("date")
    return (date > pl.lit(since, pl.Date)) & (date <= pl.lit(until, pl.Date))


def _net(rows: pl.DataFrame) -> pl.DataFrame:
    """Several statements of one entry as one: added, then deleted is transient."""
    came_or_went = pl.col("change").filter(pl.col("change").is_in(["added", "deleted"]))
    both = came_or_went.n_unique() > 1
    first_first = pl.when(came_or_went.first() == "added").then(pl.lit("transient"))
    other = pl.col("change").filter(pl.col("change") != "none")
    # The weightiest counts.
    weighed = [
        pl.when((pl.col("change") == name).any()).then(pl.lit(name))
        for name in ("added", "deleted", "transient", "revised")
    ]
    came_and_went = pl.when(both).then(first_first.otherwise(pl.lit("revised")))
    return (
        rows.sort("date", nulls_last=True, maintain_order=True)
        .group_by(KEY, maintain_order=True)
        .agg(
            pl.coalesce(came_and_went, *weighed, other.first(), pl.lit("none")).alias("theirs"),
            joined(pl.col("action")).alias("words"),
            pl.col("date").max(),
            joined(pl.col("note")).alias("remark"),
        )
    )


def _elsewhere(rows: pl.DataFrame) -> pl.DataFrame:
    return (
        rows.filter(pl.col("date").is_not_null())
        .sort("date", maintain_order=True)
        .group_by(KEY, maintain_order=True)
        .agg(
            pl.col("change").last().alias("elsewhere"), pl.col("date").last().alias("elsewhere_on")
        )
    )
