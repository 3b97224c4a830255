"""What happened to codes between the releases of a history: an event for each, and the counts."""

from typing import Final

import polars as pl

from cptdiff.history.editions import Editions

# `at` is the number of the release that is the first to have it (null: dated after the last one),
# `day` the first day on which it holds. `what` is one of `WHAT`; `spell` the number of the spell
# that begins, ends or is reworded. `previous` is the wording before, where there is one.
EVENTS: Final = pl.Schema(
    {
        "at": pl.Int64(),
        "day": pl.Date(),
        "what": pl.String(),
        "kind": pl.String(),
        "code": pl.String(),
        "spell": pl.Int64(),
        "previous": pl.String(),
        "current": pl.String(),
        "replaced_by": pl.String(),
        "basis": pl.String(),
    }
)
# What a reader must see first comes first.
WHAT: Final = (
    "re-used", "ended", "became header", "reinstated", "converted", "became code", "added",
    "reworded",
)  # fmt: skip
_KEY: Final = ("kind", "code")
_ENDED: Final = ("terminated", "deleted")


def list_events(editions: Editions, timeline: pl.DataFrame) -> pl.DataFrame:
    """Return what happened after the first release (`EVENTS`), by what, the latest first.

    What a file tells of the time before the first release is in the timeline alone.
    """
    days = pl.DataFrame({"reached": editions.days, "at": range(len(editions.days))})
    whole = pl.concat(
        [_list_beginnings(timeline), _list_ends(timeline), _list_rewordings(timeline)]
    )
    found = (
        whole.filter(pl.col("day") > editions.days[0])
        .sort("day")
        .join_asof(days, left_on="day", right_on="reached", strategy="forward")
    )
    rank = pl.col("what").replace_strict({name: at for at, name in enumerate(WHAT)})
    return found.select(pl.col(name).cast(kind) for name, kind in EVENTS.items()).sort(
        rank, "day", *_KEY, "spell", descending=[False, True, False, False, False]
    )


def _list_beginnings(timeline: pl.DataFrame) -> pl.DataFrame:
    # That a code became a header is told once, by the end of the code.
    former = pl.when(pl.col("began").is_in(["re-used", "reinstated"])).then(
        pl.col("descriptor").shift().over(_KEY)
    )
    first = pl.col("wordings").list.first().struct.field("text")
    return timeline.select(
        *_KEY, "spell", day="valid_from", what="began", previous=former, current=first,
        replaced_by=pl.lit(""), basis="basis_from",
    ).filter(pl.col("what") != "", pl.col("what") != "became header")  # fmt: skip


def _list_ends(timeline: pl.DataFrame) -> pl.DataFrame:
    ended = pl.when(pl.col("ended").is_in(_ENDED)).then(pl.lit("ended")).otherwise("ended")
    is_there = (pl.col("ended") != "") & (pl.col("ended") != "became code")
    return timeline.filter(is_there).select(
        *_KEY, "spell", day=pl.col("valid_to").dt.offset_by("1d"), what=ended,
        previous=pl.lit(None, pl.String), current="descriptor", replaced_by="replaced_by",
        basis="basis_to",
    )  # fmt: skip


def _list_rewordings(timeline: pl.DataFrame) -> pl.DataFrame:
    """Each wording of a spell but the first, with the one before."""
    several = timeline.filter(pl.col("wordings").list.len() > 1)
    each = several.select(*_KEY, "spell", "wordings").explode("wordings").unnest("wordings")
    former = pl.col("text").shift().over(*_KEY, "spell")
    return (
        each.with_columns(former.alias("previous"))
        .filter(pl.col("previous").is_not_null())
        .select(
            *_KEY, "spell", day="day", what=pl.lit("reworded"), previous="previous", current="text",
            replaced_by=pl.lit(""), basis=pl.lit("release"),
        )
    )  # fmt: skip


def count_events(events: pl.DataFrame) -> pl.DataFrame:
    """Return how many codes there are by release: at, and a column for each of `WHAT`.

    Headers and modifiers are not counted. `at` is null for what is dated after the last release.
    """
    codes = events.filter(pl.col("kind") == "code")
    return (
        codes.group_by("at")
        .agg(*((pl.col("what") == name).sum().alias(name) for name in WHAT))
        .sort("at", nulls_last=True)
    )


def count_kinds(events: pl.DataFrame, what: str) -> dict[str, int]:
    """Return how often `what` happened to each kind."""
    counts = events.filter(pl.col("what") == what).group_by("kind").len().sort("kind")
    return {str(kind): int(many) for kind, many in counts.iter_rows()}
