"""Where each code of two releases is valid: the rows of codes.csv."""

from typing import Final

import polars as pl

from cptdiff.model import Changes, Release

# `previous` and `current` are valid, ended, or empty where the release does not have the code; the
# last valid day is that of an ended one.
CODES: Final = ("code_set", "kind", "code", "previous", "current", "last_valid_date")
_KEY: Final = ("kind", "code")


def list_codes(changes: Changes) -> pl.DataFrame:
    """Return each entry of either release (`CODES`), sorted; ended ones are entries too."""
    before, now = _list_side(changes.previous), _list_side(changes.current)
    both = before.join(now, on=_KEY, how="full", coalesce=True, suffix="_now")
    last = pl.coalesce("end_date_now", "end_date").dt.to_string("%Y-%m-%d")
    is_valid = (pl.col("state_now") == "valid").fill_null(value=False)
    return both.select(
        pl.lit(changes.current.code_set).alias("code_set"),
        pl.col("kind").cast(pl.String),
        "code",
        pl.col("state").fill_null("").alias("previous"),
        pl.col("state_now").fill_null("").alias("current"),
        pl.when(is_valid).then(pl.lit("")).otherwise(last.fill_null("")).alias("last_valid_date"),
    ).sort(_KEY)


def _list_side(release: Release) -> pl.DataFrame:
    """Key, state and, of an ended entry, its last valid day; a valid one outranks an ended one."""
    never = pl.lit(None, pl.Date).alias("end_date")
    valid = release.entries.select(*_KEY, pl.lit("valid").alias("state"), never)
    ended = release.ended.select(*_KEY, pl.lit("ended").alias("state"), "end_date")
    latest = ended.sort("end_date", descending=True, maintain_order=True)
    return pl.concat([valid, latest]).unique(_KEY, keep="first", maintain_order=True)
