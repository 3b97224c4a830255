"""What publishers and users state about replacements."""

from typing import Final

import polars as pl

from cptdiff.judgement.replacement.case import KEY, Case, nothing
from cptdiff.judgement.replacement.chains import followed
from cptdiff.judgement.replacement.instructions import instructed
from cptdiff.judgement.replacement.spans import spelled_out
from cptdiff.stated import LINKS

_XREF: Final = r"^xref[1-5]$"


def publisher(case: Case, open_: pl.DataFrame) -> pl.DataFrame:
    """`FOUND`: HCPCS's cross-references, CPT Link's instructions, conversion tables."""
    return _stated(case, open_, "publisher")


def user(case: Case, open_: pl.DataFrame) -> pl.DataFrame:
    """`FOUND`: the user's own crosswalk."""
    return _stated(case, open_, "user")


def _stated(case: Case, open_: pl.DataFrame, basis: str) -> pl.DataFrame:
    """Links of one basis that came into force between the two releases, each followed to its end.

    A link that is older or younger than the pair only carries a chain on.
    """
    links = _links(case)
    if not links.height:
        return nothing()
    since = pl.lit(case.changes.previous.effective_date, pl.Date)
    until = pl.lit(case.changes.current.effective_date, pl.Date)
    late = (pl.col("date") <= since).fill_null(value=False)
    early = (pl.col("date") > until).fill_null(value=False)
    direct = links.filter(
        pl.col("basis") == basis, pl.col("replacement") != pl.col("code"), ~late, ~early
    )
    return followed(case, open_.join(direct, on="code"), links)


def _links(case: Case) -> pl.DataFrame:
    """All `LINKS`, of ranges those of codes that are no longer valid."""
    silent = pl.when(pl.col("note") == "")
    tables = [
        table.links.with_columns(silent.then(pl.lit(table.name)).otherwise("note").alias("note"))
        for table in case.stated.crosswalks
    ]
    links = pl.concat([_cross_references(case), _instructions(case), *tables])
    if not links.height:
        return links
    named = pl.concat([case.changes.deleted.select("code"), links.select(code="replacement")])
    return spelled_out(links, named.unique().join(case.current, on="code", how="anti"))


def _cross_references(case: Case) -> pl.DataFrame:
    """HCPCS's XREF columns of the terminated entry: current's, else previous's (formats.md 7.2)."""
    frames = [
        release.select(*KEY, pl.selectors.matches(_XREF))
        for release in (case.changes.current.ended, case.changes.deleted)
        if "xref1" in release.columns
    ]
    if not frames:
        return pl.DataFrame(schema=LINKS)
    rows = pl.concat(frames, how="diagonal").unique(KEY, keep="first", maintain_order=True)
    named = rows.unpivot(on=pl.selectors.matches(_XREF), index=KEY, value_name="replacement")
    return _as_links(named.filter(pl.col("replacement").str.strip_chars(" ") != ""), "XREF")


def _instructions(case: Case) -> pl.DataFrame:
    """The codes that CPT Link's deletions name in their Instruction (formats.md 3)."""
    lists = [one.changes for one in case.stated.lists if one.form == "history"]
    if not lists:
        return pl.DataFrame(schema=LINKS)
    told = pl.concat(lists).filter(pl.col("change") == "deleted", pl.col("note") != "")
    valid = case.current["code"].sort().to_list()
    pairs = [
        (code, replacement)
        for code, note in told.select("code", "note").unique().sort("code", "note").iter_rows()
        for replacement in instructed(note, code, valid)
    ]
    schema = {"code": pl.String, "replacement": pl.String}
    return _as_links(pl.DataFrame(pairs, schema, orient="row"), "Instruction")


def _as_links(rows: pl.DataFrame, note: str) -> pl.DataFrame:
    """Undated: what a publisher says of a code that this pair deletes holds for this pair."""
    return rows.select(
        "code",
        pl.col("replacement").str.strip_chars(" "),
        pl.lit("publisher").alias("basis"),
        pl.lit(None, pl.Date).alias("date"),
        pl.lit(note).alias("note"),
    )
