"""What the changes mean, in tables: classes, families, agreement with published lists."""

from collections.abc import Iterator
from typing import Final

import polars as pl

from cptdiff.judgement.agreement.causes import UNEXPLAINED
from cptdiff.reports.html.entries import Entries
from cptdiff.reports.html.page import Head, Row, Table
from cptdiff.reports.html.tables import Counted, pictured, plain
from cptdiff.results import Results
from cptdiff.vocabulary import SEVERITIES

_MOST: Final = 200
# A row of so many characters is not shown whole.
_LONG: Final = 500
_NAMES: Final = SEVERITIES[::-1]
_REVISED: Final = ("revised", "attributes")


def severities(results: Results, entries: Entries) -> Iterator[Table]:
    """Revisions by class and severity: an entry counts under each of its classes."""
    revised = results.entries.filter(pl.col("change") == "revised")
    if not revised.height:
        return
    each = revised.with_columns(pl.col("classes").str.split(";")).explode("classes")
    rows = []
    for row in sorted(results.judgement.classes, key=lambda one: -SEVERITIES.index(one.severity)):
        of_class = _by_severity(each.filter(pl.col("classes") == row.name))
        if any(of_class):
            rows.append(Counted(row.name, row.reason, of_class))
    every = _by_severity(revised)
    heads = [Head(name, name, entries.list_link(change=_REVISED, severity=name)) for name in _NAMES]
    drawn = pictured("Revised, by class and severity", "Class", heads, rows)
    each_once = Row(["all revised"], [f"{n:,}" for n in every], "each entry once")
    yield drawn._replace(rows=[*drawn.rows, each_once])


def judged(results: Results) -> Iterator[Table]:
    """Rows set aside, families, replacements, agreement with lists; each where there is any."""
    yield from _aside(results)
    yield from _families(results.entries.filter(pl.col("change") == "revised"))
    yield from _replacements(results)
    yield from _agreement(results)
    yield from _disagreements(results)
    yield from _totals(results)


def _by_severity(entries: pl.DataFrame) -> list[int]:
    found = dict(entries["severity"].value_counts().iter_rows())
    return [found.get(name, 0) for name in _NAMES]


def _aside(results: Results) -> Iterator[Table]:
    """What could not be used, as far as a page can hold it."""
    found = results.quarantine
    names = ("side", "member", "line", "fault", "raw", "fix")
    raw = pl.col("raw")
    short = pl.format("{} ... (whole in quarantine.csv)", raw.str.head(_LONG))
    shown = found.head(_MOST).with_columns(
        pl.when(raw.str.len_chars() > _LONG).then(short).otherwise(raw).alias("raw")
    )
    rows = [
        Row(["" if cell is None else f"{cell}" for cell in row], [])
        for row in shown.select(names).iter_rows()
    ]
    if rows:
        labels = ["Release", "File", "Line", "What is wrong", "The row", "What to do"]
        caption = f"Rows set aside: {found.height:,}{_cut(found, 'quarantine')}"
        yield plain(caption, labels, (), rows)


def _families(revised: pl.DataFrame) -> Iterator[Table]:
    tied = revised.filter(pl.col("family") != "")
    if not tied.height:
        return
    families = tied.group_by("family").agg(pl.col("section").first(), pl.len()).sort("family")
    rows = [
        Row([family, section], [f"{codes:,}"])
        for family, section, codes in families.head(_MOST).iter_rows()
    ]
    edits = "1 edit" if families.height == 1 else f"{families.height:,} edits"
    caption = f"Families: {edits} made alike in {tied.height:,} codes{_cut(families, 'changes')}"
    yield plain(caption, ["Lowest code", "Section"], ["Codes"], rows)


def _replacements(results: Results) -> Iterator[Table]:
    counted = (
        results.crosswalk.unique(("kind", "code"), keep="first", maintain_order=True)
        .group_by("relation", "basis").len().sort("basis", "relation")
    )  # fmt: skip
    rows = [
        Row([row["relation"], row["basis"]], [f"{row['len']:,}"])
        for row in counted.iter_rows(named=True)
    ]
    if rows:
        caption = "Replacements of deleted codes, by the best evidence"
        yield plain(caption, ["Relation", "Evidence"], ["Deleted codes"], rows)


def _agreement(results: Results) -> Iterator[Table]:
    agreement = results.judgement.reconciliation
    rows = [
        Row([one.name, one.form], [f"{n:,}" for n in (one.states, one.agree, one.disagree)])
        for one in agreement.lists
    ]  # fmt: skip
    if rows:
        heads = ["States", "Agree", "Disagree"]
        yield plain("Against the publisher's own list", ["List", "Kind"], heads, rows)
    causes = agreement.table.group_by("cause").len().sort("cause")
    if causes.height:
        rows = [Row([cause], [f"{n:,}"]) for cause, n in causes.iter_rows()]
        caption = "Disagreements by cause"
        yield plain(caption, ["Cause"], ["Entries"], rows)


def _disagreements(results: Results) -> Iterator[Table]:
    """The disagreements one by one, the unexplained first, as far as a page can hold them."""
    found = results.reconciliation.with_columns(
        known=pl.col("cause") != UNEXPLAINED.name, kind=pl.col("kind").cast(pl.String)
    ).sort("known", "cause", "kind", "code", maintain_order=True)
    names = ("code", "kind", "ours", "theirs", "cause", "note")
    rows = [
        Row([row[name] or "-" for name in names], [])
        for row in found.head(_MOST).iter_rows(named=True)
    ]
    if rows:
        caption = f"{found.height:,} disagreements{_cut(found, 'reconciliation')}"
        yield plain(caption, [name.capitalize() for name in names], (), rows)


def _cut(whole: pl.DataFrame, table: str) -> str:
    return f" (the first {_MOST:,}; {table}.csv has all)" if whole.height > _MOST else ""


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
        rows.append(Row([row["change"], may], numbers))
    heads = ["Ours", "Theirs", "Gap"]
    yield plain("Against the announced totals", ["Change", "May explain the gap"], heads, rows)
