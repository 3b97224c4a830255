"""Our changes and a list's side by side, and where they differ."""

import polars as pl

from cptdiff.judgement.agreement.ours import KEY, joined, our_fields
from cptdiff.judgement.agreement.said import Said
from cptdiff.model import Changes
from cptdiff.stated import PublishedList


def side_by_side(mine: pl.DataFrame, heard: Said) -> pl.DataFrame:
    """One row an entry that either names, empty where the other is silent."""
    blanks = heard.fields.group_by(KEY).agg(
        joined(pl.col("field")).alias("their_fields"), pl.col("blank").all().alias("their_blank")
    )
    theirs = heard.entries.join(blanks, on=KEY, how="left", coalesce=True)
    both = mine.join(theirs, on=KEY, how="full", coalesce=True)
    silent = (pl.col("theirs") == "none").fill_null(value=True)
    # Where ours has no revision, the blanks are those of the list's.
    by_them = (pl.col("ours").is_null()) & pl.col("their_blank").fill_null(value=False)
    return both.with_columns(
        pl.when(silent).then(pl.lit("")).otherwise("theirs").alias("theirs"),
        pl.when(pl.col("ours").is_null()).then("their_fields").otherwise("fields").alias("fields"),
        (pl.col("blank").fill_null(value=False) | by_them).alias("blank"),
        # What has a word of its own in the list, "no change" among them, is spoken of.
        pl.col("theirs").is_not_null().alias("named"),
        # Of entries that both call revised: whether a title differs in the list alone.
        pl.lit(value=False).alias("by_list"),
    ).with_columns(
        pl.col("ours", "reason", "fields", "words", "remark", "elsewhere").fill_null("")
    ).drop("their_fields", "their_blank")  # fmt: skip


def spoken_of(published: PublishedList, heard: Said) -> pl.Expr:
    """What a list would name: its kinds, its changes; all of it only where it is whole."""
    of_kind = pl.col("kind").is_in(heard.kinds) & pl.col("ours").is_in(published.tells)
    return of_kind & (pl.lit(published.whole) | pl.col("named"))


def other_titles(
    published: PublishedList, changes: Changes, heard: Said, both: pl.DataFrame
) -> pl.DataFrame:
    """Entries that both call revised, in other titles; only where a list tells its titles."""
    agreed = both.filter(
        pl.col("ours") == "revised", pl.col("theirs") == "revised", pl.lit(bool(published.fields))
    )
    on = (*KEY, "field")
    mine = our_fields(changes, heard.silent).join(agreed, on=KEY, how="semi")
    theirs = heard.fields.filter(pl.col("field") != "").join(agreed, on=KEY, how="semi")
    named = theirs.select(KEY).unique()
    differ = pl.concat([
        mine.join(named, on=KEY, how="semi").join(theirs, on=on, how="anti")
        .with_columns(pl.lit(value=False).alias("by_list")),
        theirs.join(mine, on=on, how="anti").with_columns(pl.lit(value=True).alias("by_list")),
    ])  # fmt: skip
    only = differ.group_by(KEY).agg(
        joined(pl.col("field")).alias("fields"), pl.col("blank").all(), pl.col("by_list").any()
    )
    return (
        agreed.drop("fields", "blank", "by_list")
        .join(only, on=KEY, how="inner")
        .select(agreed.columns)
    )
