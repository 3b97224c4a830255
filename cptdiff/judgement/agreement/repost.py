"""Lists that lead up to previous, and what they say that previous has already."""

from dataclasses import replace
from typing import Final

import polars as pl

from cptdiff.judgement.agreement.footers import ends_at
from cptdiff.judgement.agreement.ours import KEY
from cptdiff.judgement.agreement.said import Said, action_codes, said
from cptdiff.model import Changes
from cptdiff.stated import PublishedList

# A history tells its years by itself, and what a user lists is meant of this pair.
_FORMS: Final = ("addenda", "transactions", "action codes")


def precedes_pair(published: PublishedList, changes: Changes) -> bool:
    """Whether `published` speaks of the time before previous.

    Its footer ends at previous; or the releases are equal and of one date, as when a publisher
    posts one release under two names, beside the addenda of the year before (formats.md 8).
    """
    if published.form not in _FORMS:
        return False
    return ends_at(published, changes.previous) or _is_repost(changes)


def drop_earlier(heard: Said, published: PublishedList, changes: Changes) -> Said:
    """`heard` without the entries of which all that is said stands in previous already."""
    found = pl.concat([_in_data(heard, published, changes), _in_lists(heard, published, changes)])
    return replace(
        heard,
        entries=heard.entries.join(found, on=KEY, how="anti", maintain_order="left"),
        fields=heard.fields.join(found, on=KEY, how="anti", maintain_order="left"),
    )


def _is_repost(changes: Changes) -> bool:
    differing = (changes.added, changes.deleted, changes.revised, changes.transient)
    dates = {changes.previous.effective_date, changes.current.effective_date} - {None}
    return len(dates) < 2 and not any(frame.height for frame in differing)  # noqa: PLR2004


def _in_data(heard: Said, published: PublishedList, changes: Changes) -> pl.DataFrame:
    """The entries that previous has as the list leaves them, its new titles among them."""
    before = changes.previous
    known = pl.concat(
        frame.select(
            pl.col("kind").cast(pl.String), "code", pl.lit(valid).alias("valid"),
            pl.col("end_date").is_not_null().alias("ends"),
        )
        for frame, valid in ((before.entries, True), (before.ended, False))
    )  # fmt: skip
    rows = heard.entries.join(known, on=KEY, how="left", maintain_order="left")
    valid = pl.col("valid").fill_null(value=False)
    stands = (
        ((pl.col("theirs") == "added") & valid)
        | ((pl.col("theirs") == "deleted") & (~valid | pl.col("ends")))
        | ((pl.col("theirs") == "transient") & ~valid)
        | (pl.col("theirs").is_in(["revised", "attributes-only"]) & pl.col("valid").is_not_null())
    )
    return (
        rows.filter(stands).select(KEY).join(_other_titles(published, changes), on=KEY, how="anti")
    )


def _other_titles(published: PublishedList, changes: Changes) -> pl.DataFrame:
    """The entries of which the list tells a new title that previous does not have."""
    revised = published.changes.filter(pl.col("change") == "revised", pl.col("current") != "")
    before = changes.previous.entries.with_columns(pl.col("kind").cast(pl.String))
    fields = [name for name in changes.previous.descriptors if name in before.columns]
    titles = (
        before.join(revised, on=KEY, how="semi")
        .select(*KEY, *fields)
        .unpivot(fields, index=KEY, variable_name="field", value_name="title")
    )
    told, has = (pl.col(name).str.replace_all(r"\s+", "") for name in ("current", "title"))
    return revised.join(titles, on=(*KEY, "field")).filter(told != has).select(KEY).unique()


def _in_lists(heard: Said, published: PublishedList, changes: Changes) -> pl.DataFrame:
    """The entries of which a list of this form beside previous says the same."""
    letters = action_codes(changes.previous)
    beside = (*changes.previous.stated.lists, *([letters] if letters else ()))
    same = [said(one, changes).entries for one in beside if one.form == published.form]
    words = (*KEY, "theirs", "words")
    return pl.concat([heard.entries.clear(), *same]).select(words).join(
        heard.entries.filter(pl.col("theirs") != "none").select(words), on=words, how="semi"
    ).select(KEY)  # fmt: skip
