"""The overviews of the page: severities and classes, families, agreement with published lists."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

import polars as pl

from cptdiff.grades import SEVERITIES
from cptdiff.judgement.agreement.causes import UNEXPLAINED
from cptdiff.results import Results

Table = dict[str, Any]

_MOST: Final = 200


def overviews(results: Results) -> Iterator[Table]:
    """Tables of what the changes mean, each with caption, labels, heads and rows."""
    revised = results.entries.filter(pl.col("change") == "revised")
    if revised.height:
        yield _severities(results, revised)
    yield from _families(revised)
    yield from _replacements(results)
    yield from _agreement(results)
    yield from _disagreements(results)
    yield from _totals(results)


def _severities(results: Results, revised: pl.DataFrame) -> Table:
    """Revisions by class and severity: an entry counts under each of its classes."""
    names = SEVERITIES[::-1]
    each = revised.with_columns(pl.col("classes").str.split(";")).explode("classes")
    rows = []
    for row in sorted(results.judgement.classes, key=lambda one: -SEVERITIES.index(one.severity)):
        found = dict(
            each.filter(pl.col("classes") == row.name)["severity"].value_counts().iter_rows()
        )
        if found:
            numbers = [f"{found.get(name, 0):,}" for name in names]
            rows.append({"labels": [row.name, row.reason], "numbers": numbers})
    counts = dict(revised["severity"].value_counts().iter_rows())
    numbers = [f"{counts.get(name, 0):,}" for name in names]
    rows.append({"labels": ["all revised", "each entry once"], "numbers": numbers})
    return _table("Revised, by class and severity", ["Class", "What it means"], names, rows)


def _families(revised: pl.DataFrame) -> Iterator[Table]:
    tied = revised.filter(pl.col("family") != "")
    if not tied.height:
        return
    rows = [
        {"labels": [row["family"], row["section"]], "numbers": [f"{row['len']:,}"]}
        for row in tied.group_by("family").agg(pl.col("section").first(), pl.len())
        .sort("family").iter_rows(named=True)
    ]  # fmt: skip
    edits = "1 edit" if len(rows) == 1 else f"{len(rows):,} edits"
    caption = f"Families: {edits} made alike in {tied.height:,} codes"
    yield _table(caption, ["Lowest code", "Section"], ["Codes"], rows)


def _replacements(results: Results) -> Iterator[Table]:
    counted = (
        results.crosswalk.unique(("kind", "code"), keep="first", maintain_order=True)
        .group_by("relation", "basis").len().sort("basis", "relation")
    )  # fmt: skip
    rows = [
        {"labels": [row["relation"], row["basis"]], "numbers": [f"{row['len']:,}"]}
        for row in counted.iter_rows(named=True)
    ]
    if rows:
        caption = "Replacements of deleted codes, by the best evidence"
        yield _table(caption, ["Relation", "Evidence"], ["Deleted codes"], rows)


def _agreement(results: Results) -> Iterator[Table]:
    agreement = results.judgement.reconciliation
    rows = [
        {"labels": [one.name, one.form],
         "numbers": [f"{number:,}" for number in (one.states, one.agree, one.disagree)]}
        for one in agreement.lists
    ]  # fmt: skip
    if rows:
        heads = ["States", "Agree", "Disagree"]
        yield _table("Against the publisher's own list", ["List", "Kind"], heads, rows)
    causes = agreement.table.group_by("cause").len().sort("cause")
    if causes.height:
        rows = [{"labels": [cause], "numbers": [f"{n:,}"]} for cause, n in causes.iter_rows()]
        caption = "Disagreements by cause"
        yield _table(caption, ["Cause"], ["Entries"], rows)


def _disagreements(results: Results) -> Iterator[Table]:
    """The disagreements one by one, the unexplained first, as far as a page can hold them."""
    found = results.reconciliation.with_columns(
        known=pl.col("cause") != UNEXPLAINED.name, kind=pl.col("kind").cast(pl.String)
    ).sort("known", "cause", "kind", "code", maintain_order=True)
    names = ("code", "kind", "ours", "theirs", "cause", "note")
    rows = [
        {"labels": [row[name] or "-" for name in names], "numbers": []}
        for row in found.head(_MOST).iter_rows(named=True)
    ]
    if rows:
        more = f" (the first {_MOST:,}; reconciliation.csv has all)" if found.height > _MOST else ""
        yield _table(f"Disagreements{more}", [name.capitalize() for name in names], (), rows)


def _totals(results: Results) -> Iterator[Table]:
    if results.announced is None:
        return
    groups = results.announced.groups
    rows = []
    for row in results.announced.totals.iter_rows(named=True):
        of_change = groups.filter(pl.col("change") == row["change"])
        may = "; ".join(
            f"{group['explanation']} ({group['number']:,}): {group['codes']}"
            for group in of_change.iter_rows(named=True)
        )
        numbers = [f"{row[name]:,}" for name in ("ours", "theirs")] + [f"{row['gap']:+,}"]
        rows.append({"labels": [row["change"], may], "numbers": numbers})
    heads = ["Ours", "Theirs", "Gap"]
    yield _table("Against the announced totals", ["Change", "May explain the gap"], heads, rows)


def _table(
    caption: str, labels: list[str], heads: Sequence[str], rows: list[dict[str, Any]]
) -> Table:
    return {
        "caption": caption,
        "labels": labels,
        "heads": [("", head) for head in heads],
        "rows": rows,
    }
