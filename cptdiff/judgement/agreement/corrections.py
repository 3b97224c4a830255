"""What the publisher's corrections say of each code: evidence for the cause of a disagreement."""

import re

import polars as pl

from cptdiff.judgement.agreement.ours import KEY
from cptdiff.model import Changes
from cptdiff.stated import PublishedList, Stated

_SCHEMA = {
    "kind": pl.String(),
    "code": pl.String(),
    "correction": pl.List(pl.String()),
    "corrected_fields": pl.List(pl.String()),
    "corrected_by": pl.String(),
}


def corrected(changes: Changes, given: Stated) -> pl.DataFrame:
    """kind, code, correction, corrected_fields (lists) and corrected_by, one row a code.

    Of several editions the latest that names a code counts: it takes back what it does not mean.
    """
    lists = (*given.lists, *changes.previous.stated.lists)
    found = [one for one in lists if one.form == "corrections" and _of_the_pair(one, changes)]
    frames = [
        one.changes.with_columns(pl.lit(one.name).alias("list"), pl.lit(rank).alias("rank"))
        for rank, one in enumerate(sorted(found, key=lambda one: _edition(one.name)))
    ]
    if not frames:
        return pl.DataFrame(schema=_SCHEMA)
    rows = pl.concat(frames)
    latest = rows.filter(pl.col("rank") == pl.col("rank").max().over(KEY))
    fields = pl.col("field").filter(pl.col("field") != "").unique().sort()
    words = pl.format("{} says {}", pl.col("list").first(), pl.col("action").first())
    return latest.group_by(KEY).agg(
        pl.col("change").unique().sort().alias("correction"),
        fields.alias("corrected_fields"),
        words.alias("corrected_by"),
    )


def _of_the_pair(published: PublishedList, changes: Changes) -> bool:
    """Whether a list names no year, or one from previous's to current's."""
    since, until = changes.previous.effective_date, changes.current.effective_date
    years = {int(year) for year in re.findall(r"(?<!\d)((?:19|20)\d\d)(?!\d)", published.name)}
    if len(years) != 1 or since is None or until is None:
        return True
    return since.year <= years.pop() <= until.year


def _edition(name: str) -> tuple[str, int, str]:
    """A sortable edition: a date as YYYYMMDD, the number of a V1_ or _v2, the name."""
    date = re.search(r"(?<!\d)(\d{2})(\d{2})((?:19|20)\d{2})(?!\d)", name)
    version = re.search(r"(?i)(?<![a-z])v(\d+)(?!\d)", name)
    stamp = f"{date[3]}{date[1]}{date[2]}" if date else ""
    return stamp, int(version[1]) if version else 0, name
