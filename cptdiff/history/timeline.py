"""When each code was valid: spells, from the dates of the files and from what each release holds.

A release decides its own day: a code is valid on that day exactly if the release holds it as valid.
Between two releases the file's own dates decide, where it has any; else a code is taken as valid
from the first release that holds it until the day before the first one that does not.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

import polars as pl

from cptdiff.comparison import has_same_words
from cptdiff.history.editions import Editions

OPEN: Final = date(9999, 12, 31)
# A start that nothing states.
EVER: Final = date(1, 1, 1)
# The first and the last day of some that no release covers.
Gap = tuple[date, date]
# One row for each kind, code and spell; both days are valid ones. `began` is added, reinstated
# (with the words of before), re-used (with others), became code or became header, or empty: valid
# in the first release. `ended` is terminated (by the file's date), deleted, became code or became
# header, or empty. `basis_from` and `basis_to` are file, release (it decides its own day against
# the file), first release, open, not stated, or "first seen" and "last seen" with the two dates
# between which it happened. `wordings` are all descriptors of the spell with the release that
# brought them; `descriptor` is the last one. `disagreement` tells where a file's date and a release
# disagree.
SPELLS: Final = pl.Schema(
    {
        "code_set": pl.String(),
        "kind": pl.String(),
        "code": pl.String(),
        "spell": pl.Int64(),
        "valid_from": pl.Date(),
        "valid_to": pl.Date(),
        "began": pl.String(),
        "ended": pl.String(),
        "replaced_by": pl.String(),
        "basis_from": pl.String(),
        "basis_to": pl.String(),
        "first_release": pl.String(),
        "last_release": pl.String(),
        "descriptor": pl.String(),
        "wordings": pl.List(pl.Struct({"day": pl.Date(), "text": pl.String()})),
        "disagreement": pl.String(),
    }
)
_KEY: Final = ("kind", "code")
_FILE: Final = pl.lit("file")
_RELEASE: Final = pl.lit("release")


def make_timeline(editions: Editions) -> pl.DataFrame:
    """Return the spells of all codes (`SPELLS`), sorted by kind, code and spell."""
    records = _stack(editions)
    held = _find_runs(records)
    spells = pl.concat(
        [_date_runs(held, records, editions), _date_others(held, records, editions)],
        how="diagonal",
    ).filter(pl.col("valid_from") <= pl.col("valid_to"))
    numbered = _number(_drop_overlaps(spells))
    named = _name_ends(_name_beginnings(numbered), editions)
    lit = pl.lit(editions.code_set).alias("code_set")
    return named.with_columns(lit).select(
        pl.col(name).cast(kind) for name, kind in SPELLS.items()
    ).sort("kind", "code", "spell")  # fmt: skip


def find_valid(timeline: pl.DataFrame, day: date, gap: Gap | None = None) -> pl.DataFrame:
    """Return the spells of `timeline` that hold `day`; none that `find_unknown` finds in `gap`.

    `gap` are the days around it that no release covers, if there are any (`find_gap`).
    """
    held = timeline.filter(pl.col("valid_from") <= day, pl.col("valid_to") >= day)
    return held.filter(~_is_unknown(gap)) if gap else held


def find_unknown(timeline: pl.DataFrame, gap: Gap) -> pl.DataFrame:
    """Return the spells of `timeline` that began or ended in `gap`, on a day that nothing tells."""
    return timeline.filter(_is_unknown(gap))


def _is_unknown(gap: Gap) -> pl.Expr:
    is_seen = pl.col("basis_from").str.starts_with("first seen")
    is_last = pl.col("basis_to").str.starts_with("last seen")
    begins = is_seen & (pl.col("valid_from") == gap[1] + timedelta(days=1))
    return begins | (is_last & (pl.col("valid_to") == gap[1]))


def _stack(editions: Editions) -> pl.DataFrame:
    """All records with `at`, the number of their release, its `day` and the shown `text`."""
    level = editions.level
    others = [name for name in ("long", "medium", "short") if name != level]
    return pl.concat(
        one.records.select(
            pl.lit(at, pl.Int64).alias("at"), pl.lit(one.day).alias("day"), *_KEY, "state",
            "add_date", "end_date", "replacements",
            pl.coalesce(level, *others, pl.lit("")).alias("text"),
        )
        for at, one in enumerate(editions.editions)
    )  # fmt: skip


def _find_runs(records: pl.DataFrame) -> pl.DataFrame:
    """Each run of releases, one after the other, that hold a code as valid.

    Columns: kind, code, first, last (numbers of releases), add_date and end_date as its rows state
    them, `moved` (another date of the beginning that a later row states), wordings.
    """
    valid = records.filter(pl.col("state") == "valid").sort(*_KEY, "at")
    is_next = _follows_own() & (pl.col("at") - pl.col("at").shift() == 1)
    # It ended and began again by the file's own dates, between two releases that hold it.
    ended, was = pl.col("end_date").shift(), pl.col("day").shift()
    is_broken = (ended >= was) & (ended < pl.col("add_date")) & (pl.col("add_date") > was)
    is_next &= ~is_broken.fill_null(value=False)
    is_first = ~is_next.fill_null(value=False)
    is_new = is_first | (pl.col("text") != pl.col("text").shift())
    marked = valid.with_columns(is_first.cum_sum().alias("run"), is_new.alias("new"))
    later = pl.col("add_date").filter(pl.col("add_date") != pl.col("add_date").first())
    return marked.group_by("run", maintain_order=True).agg(
        pl.col("kind").first(),
        pl.col("code").first(),
        pl.col("at").first().alias("first"),
        pl.col("at").last().alias("last"),
        pl.col("add_date").first(),
        pl.col("end_date").last(),
        later.last().alias("moved"),
        pl.struct("day", "text").filter("new").alias("wordings"),
        pl.col("replacements").last(),
    )


def _follows_own() -> pl.Expr:
    """Whether the row before is of the same code, in a frame sorted by kind and code.

    `shift` with this is many times faster than `shift().over` with a group for each code.
    """
    return pl.all_horizontal(pl.col(name) == pl.col(name).shift() for name in _KEY).fill_null(
        value=False
    )


def _date_runs(held: pl.DataFrame, records: pl.DataFrame, editions: Editions) -> pl.DataFrame:
    """The spells of codes that releases hold as valid."""
    stated = _find_stated_ends(held, records)
    days, names = list(editions.days), [one.name for one in editions.editions]
    final = len(days) - 1
    places = pl.DataFrame({"at": range(len(days)), "on": days, "name": names})
    whole = held.join(stated, on="run", how="left").join(
        places.select(first="at", on="on", first_release="name"), on="first", how="left"
    ).join(
        places.select(pl.col("at") + 1, before="on", before_name="name"),
        left_on="first", right_on="at", how="left",
    ).join(places.select(last="at", until="on", last_release="name"), on="last", how="left").join(
        places.select(pl.col("at") - 1, after="on", after_name="name"),
        left_on="last", right_on="at", how="left",
    )  # fmt: skip
    dated = whole.with_columns(*_date_start(), *_date_end(final))
    replaced = pl.coalesce("told", "replacements").fill_null("").alias("replaced_by")
    return dated.with_columns(replaced, _tell_disagreements())


def _date_start() -> tuple[pl.Expr, pl.Expr]:
    """The first valid day of a run, and how it is known."""
    add, before, on = pl.col("add_date"), pl.col("before"), pl.col("on")
    is_early = (add <= before).fill_null(value=False)
    seen = pl.format("first seen, {} to {}", before.cast(pl.String), on.cast(pl.String))
    return (
        pl.when(is_early).then(before.dt.offset_by("1d")).when(add.is_not_null()).then(add)
        .otherwise(on).alias("valid_from"),
        pl.when(is_early).then(_RELEASE).when(add.is_not_null()).then(_FILE)
        .when(before.is_null()).then(pl.lit("first release")).otherwise(seen).alias("basis_from"),
    )  # fmt: skip


def _date_end(final: int) -> tuple[pl.Expr, pl.Expr]:
    """The last valid day of a run, and how it is known; `final` is the last release's number."""
    is_last = pl.col("last") == final
    end = pl.coalesce("stated", "end_date")
    after, until = pl.col("after"), pl.col("until")
    fits = ((end < after) & (end >= until)).fill_null(value=False)
    is_early = (end < until).fill_null(value=False)
    seen = pl.format("last seen, {} to {}", until.cast(pl.String), after.cast(pl.String))
    return (
        pl.when(is_last).then(pl.coalesce("end_date", pl.lit(OPEN)))
        .when(fits).then(end).when(is_early).then(until)
        .otherwise(after.dt.offset_by("-1d")).alias("valid_to"),
        pl.when(is_last & pl.col("end_date").is_null()).then(pl.lit("open"))
        .when(is_last | fits).then(_FILE).when(is_early).then(_RELEASE)
        .otherwise(seen).alias("basis_to"),
    )  # fmt: skip


def _tell_disagreements() -> pl.Expr:
    """Where the dates of a run's rows and the releases disagree, joined by "; "."""
    add, end = pl.col("add_date"), pl.coalesce("stated", "end_date")
    retroactive = pl.when(add <= pl.col("before")).then(
        pl.format("added {} by the file, but not in {}", add.cast(pl.String), "before_name")
    )
    moved = pl.when(pl.col("moved").is_not_null()).then(
        pl.format("added {} by a later file", pl.col("moved").cast(pl.String))
    )
    early = pl.when(end < pl.col("until")).then(
        pl.format("ended {} by the file, but valid in {}", end.cast(pl.String), "last_release")
    )
    late = pl.when(end >= pl.col("after")).then(
        pl.format("ended {} by the file, but not in {}", end.cast(pl.String), "after_name")
    )
    return pl.concat_str(
        [retroactive, moved, early, late], separator="; ", ignore_nulls=True
    ).fill_null("").alias("disagreement")  # fmt: skip


def _find_stated_ends(held: pl.DataFrame, records: pl.DataFrame) -> pl.DataFrame:
    """The end that later releases state of a run: run, `stated`, `told` (replacements).

    The last statement before the code's next run counts.
    """
    ended = records.filter(pl.col("state") == "ended").select(
        *_KEY, "at", stated="end_date", told="replacements"
    )
    limit = pl.col("first").shift(-1).over(_KEY).fill_null(pl.col("last").max() + 1 + len(records))
    ranges = held.with_columns(limit.alias("limit")).select(*_KEY, "run", "last", "limit")
    fits = (pl.col("at") > pl.col("last")) & (pl.col("at") < pl.col("limit"))
    return (
        ranges.join(ended, on=_KEY)
        .filter(fits)
        .sort("run", "at")
        .group_by("run", maintain_order=True)
        .agg(pl.col("stated").last(), pl.col("told").last())
    )


def _date_others(held: pl.DataFrame, records: pl.DataFrame, editions: Editions) -> pl.DataFrame:
    """The spells of codes that no release holds as valid then: ended, or not begun.

    What a release does not hold on its own day was not valid on it: such a spell begins after.
    """
    final = len(editions.days) - 1
    is_future = (pl.col("state") == "future") & (pl.col("at") == final)
    others = records.filter((pl.col("state") == "ended") | is_future)
    latest = others.sort(*_KEY, "at").unique([*_KEY, "add_date"], keep="last", maintain_order=True)
    days = pl.DataFrame({"before": editions.days, "name": [e.name for e in editions.editions]})
    end = pl.coalesce("end_date", pl.lit(OPEN)).alias("valid_to")
    add = pl.coalesce("add_date", pl.lit(EVER))
    is_missed = (pl.col("state") == "ended") & (pl.col("before") >= add)
    start = pl.when(is_missed.fill_null(value=False)).then(pl.col("before").dt.offset_by("1d"))
    told = pl.when(is_missed.fill_null(value=False)).then(
        pl.format("added {} by the file, but not in {}", pl.col("add_date").cast(pl.String), "name")
    )
    releases = pl.DataFrame(
        {"at": range(final + 1), "release": [e.name for e in editions.editions]}
    )
    found = (
        latest.with_columns(end)
        .sort("valid_to")
        .join_asof(days, left_on="valid_to", right_on="before", strategy="backward")
        .join(releases, on="at")
        .with_columns(
            start.otherwise(add).alias("valid_from"),
            told.fill_null("").alias("disagreement"),
            pl.when(pl.col("add_date").is_null())
            .then(pl.lit("not stated"))
            .when(is_missed.fill_null(value=False))
            .then(_RELEASE)
            .otherwise(_FILE)
            .alias("basis_from"),
            pl.when(pl.col("end_date").is_null())
            .then(pl.lit("open"))
            .otherwise(_FILE)
            .alias("basis_to"),
            pl.concat_list(pl.struct("day", "text")).alias("wordings"),
            pl.col("replacements").alias("replaced_by"),
            pl.col("release").alias("first_release"),
            pl.col("release").alias("last_release"),
        )
    )
    return _leave_out_known(found, held, records)


def _leave_out_known(
    found: pl.DataFrame, held: pl.DataFrame, records: pl.DataFrame
) -> pl.DataFrame:
    """`found` without the rows that tell the end of a run: a release before holds the code."""
    ended = records.filter(pl.col("state") == "ended").select(*_KEY, "at")
    ends = ended.join(held.select(*_KEY, "last"), on=_KEY).filter(pl.col("at") > pl.col("last"))
    return found.join(ends.unique(), on=[*_KEY, "at"], how="anti")


def _drop_overlaps(spells: pl.DataFrame) -> pl.DataFrame:
    """`spells` of which none begins before the one before it ends."""
    ordered = spells.sort(*_KEY, "valid_from", "valid_to")
    before = pl.when(_follows_own()).then(pl.col("valid_to").shift())
    is_over = (pl.col("valid_from") <= before).fill_null(value=False)
    moved = pl.when(is_over).then(before.dt.offset_by("1d")).otherwise("valid_from")
    return ordered.with_columns(moved.alias("valid_from")).filter(
        pl.col("valid_from") <= pl.col("valid_to")
    )


def _number(spells: pl.DataFrame) -> pl.DataFrame:
    """`spells` with their number within the code, the last descriptor and what was before."""
    last = pl.col("wordings").list.last().struct.field("text")
    first = pl.col("wordings").list.first().struct.field("text")
    return spells.with_columns(
        pl.int_range(1, pl.len() + 1).over(_KEY).alias("spell"),
        last.alias("descriptor"),
        first.alias("opening"),
    ).with_columns(pl.when(_follows_own()).then(pl.col("descriptor").shift()).alias("former"))


def _name_beginnings(spells: pl.DataFrame) -> pl.DataFrame:
    """`spells` with `began`."""
    returned = spells.filter(pl.col("spell") > 1).select(
        *_KEY, "spell", pl.struct("former", "opening").alias("words")
    )
    words = [
        "reinstated" if has_same_words(pair["former"], pair["opening"]) else "re-used"
        for pair in returned["words"]
    ]
    again = returned.select(*_KEY, "spell").with_columns(pl.Series("again", words, pl.String))
    other = spells.select(
        "code", pl.col("kind").alias("was"), pl.col("valid_to").alias("left")
    ).unique(["code", "left"], keep="first", maintain_order=True)
    return spells.with_columns(
        pl.when(pl.col("valid_from") > EVER)
        .then(pl.col("valid_from").dt.offset_by("-1d"))
        .alias("left")
    ).join(again, on=[*_KEY, "spell"], how="left").join(
        other, on=["code", "left"], how="left"
    ).with_columns(
        pl.when(pl.col("was") != pl.col("kind")).then(pl.format("became {}", "kind"))
        .when(pl.col("again").is_not_null()).then("again")
        .when(pl.col("basis_from").is_in(["first release", "not stated"])).then(pl.lit(""))
        .otherwise(pl.lit("added")).alias("began")
    ).drop("left", "was", "again")  # fmt: skip


def _name_ends(spells: pl.DataFrame, editions: Editions) -> pl.DataFrame:
    """`spells` with `ended`, with the replacements that tables state, and `began` converted."""
    starts = spells.filter(pl.col("began").str.starts_with("became")).select(
        "code", pl.col("kind").alias("now"), pl.col("valid_from").alias("next")
    )
    following = pl.when(pl.col("valid_to") < OPEN).then(pl.col("valid_to").dt.offset_by("1d"))
    joined = spells.with_columns(following.alias("next")).join(
        starts, on=["code", "next"], how="left"
    )
    ended = joined.with_columns(
        pl.when(pl.col("now") != pl.col("kind")).then(pl.format("became {}", "now"))
        .when(pl.col("basis_to") == "open").then(pl.lit(""))
        .when(pl.col("basis_to").is_in(["file", "release"])).then(pl.lit("terminated"))
        .otherwise(pl.lit("deleted")).alias("ended")
    )  # fmt: skip
    return _mark_conversions(_add_links(ended, [one.links for one in editions.editions]), editions)


def _add_links(spells: pl.DataFrame, links: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """`spells` whose `replaced_by` also names what tables state, of those that ended."""
    stated = (
        pl.concat(links)
        .unique()
        .sort("code", "replacement")
        .group_by("code", maintain_order=True)
        .agg(pl.col("replacement").str.join(" ").alias("linked"))
    )
    gone = pl.col("ended").is_in(["terminated", "deleted"])
    own = pl.when(pl.col("replaced_by") == "").then("linked").otherwise("replaced_by")
    return spells.join(stated, on="code", how="left").with_columns(
        pl.when(gone).then(own.fill_null("")).otherwise(pl.lit("")).alias("replaced_by")
    )


def _mark_conversions(spells: pl.DataFrame, editions: Editions) -> pl.DataFrame:
    """Call those beginnings converted that a temporary code's end names as its replacement."""
    if editions.conversion is None:
        return spells
    temporary, permanent = editions.conversion
    named = spells.filter(
        pl.col("code").str.contains(temporary), pl.col("replaced_by") != ""
    ).select(
        pl.col("replaced_by").str.split(" ").alias("target"),
        pl.col("valid_to").dt.offset_by("1d").alias("valid_from"),
    ).explode("target").filter(pl.col("target").str.contains(permanent)).unique()  # fmt: skip
    marked = named.select(code="target", valid_from="valid_from", converted=pl.lit(value=True))
    return spells.join(marked, on=["code", "valid_from"], how="left").with_columns(
        pl.when((pl.col("began") == "added") & pl.col("converted"))
        .then(pl.lit("converted"))
        .otherwise("began")
        .alias("began")
    )
