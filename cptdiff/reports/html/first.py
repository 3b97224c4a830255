"""The first screen of the page: what was compared, large figures, what to look at first."""

from collections.abc import Iterator
from typing import Final

import polars as pl

from cptdiff.codesets import CodeSet
from cptdiff.grades import KINDS
from cptdiff.model import Release
from cptdiff.reports.html.entries import SHORTER, Entries, counted_shorter
from cptdiff.reports.html.page import Attention, Figure, Read, Side
from cptdiff.results import Results
from cptdiff.summary import entry_counts, shown_counts

CHANGES: Final = {
    "added": "Added",
    "deleted": "Deleted",
    "revised": "Revised",
    "revised_attributes_only": "Attributes only",
    "transient": "Transient",
}
_KINDS: Final = {"code": "codes", "header": "headers", "modifier": "modifiers"}
_FEW: Final = 6
_COLUMNS: Final = {"change": "counted"}
# What to look at first: in words, and as filters of the list.
_First = dict[tuple[str, str], dict[str, str]]
_FIRST: Final[_First] = {
    ("critical revisions", "the code names something else now, or is rewritten"): {
        "change": "revised",
        "severity": "critical",
    },
    ("high revisions", "what is covered changed, or may have"): {
        "change": "revised",
        "severity": "high",
    },
    ("deletions", "no longer valid; claims with them are rejected"): {"change": "deleted"},
    ("deletions without a replacement", "nothing was found"): {"replacement": "none"},
    ("deletions with candidates only", "a coder has to decide"): {"replacement": "candidate"},
}
# Of the user's own table cptdiff knows no more than its wording.
_FIRST_OF_TABLE: Final[_First] = {
    ("critical revisions", "little of the old value is left"): {
        "change": "revised",
        "severity": "critical",
    },
    ("high revisions", "what is told changed, or may have"): {
        "change": "revised",
        "severity": "high",
    },
    ("deletions", "no longer in the table"): {"change": "deleted"},
    ("deletions with candidates only", "a coder has to decide"): {"replacement": "candidate"},
}


def side(name: str, release: Release) -> Side:
    """`name` (Previous or Current) with its release."""
    files = len(release.sources)
    read = [
        Read(source.member, source.encoding, f"{source.rows.read:,}", source.sha256 or "")
        for source in release.sources
    ]
    return Side(
        side=name,
        name=release.name,
        date=release.effective_date.isoformat() if release.effective_date else "",
        entries=spoken(entry_counts(release)),
        file=release.archive.name,
        sha256=release.archive.sha256 or "",
        files="1 file" if files == 1 else f"{files} files",
        read=read,
    )


def spoken(counts: dict[str, int]) -> str:
    """As in "206 codes, 2 modifiers"."""
    return ", ".join(
        f"{counts[kind]:,} {_KINDS[kind] if counts[kind] != 1 else kind}"
        for kind in KINDS
        if counts.get(kind)
    )


def figures(results: Results, entries: Entries) -> Iterator[Figure]:
    """How many were added, deleted, revised; of how many, where not all were asked for."""
    counts = results.summary["counts"]
    every = results.whole.filter(pl.col("kind").cast(pl.String) == "code")
    wholes = dict(every.select(counted_shorter())["counted"].value_counts().iter_rows())
    for name in shown_counts(counts):
        of_kinds = {kind: counts[kind][name] for kind in KINDS}
        codes, change = of_kinds.pop("code"), SHORTER.get(name, name)
        whole = wholes.get(change, 0)
        yield Figure(
            change=change,
            label=CHANGES[name],
            number=f"{codes:,}" if codes == whole else f"{codes:,} of {whole:,}",
            others=spoken(of_kinds),
            link=entries.list_link(change=change),
        )


def attention(results: Results, entries: Entries) -> Iterator[Attention]:
    """The gravest revisions, the deletions, and those of them that nothing replaces."""
    found = results.entries.with_columns(counted_shorter())
    is_table = results.changes.current.code_set is CodeSet.TABLE
    for (noun, why), filters in (_FIRST_OF_TABLE if is_table else _FIRST).items():
        chosen = (pl.col(_COLUMNS.get(name, name)) == value for name, value in filters.items())
        group = found.filter(*chosen)
        if group.height:
            first = group.head(_FEW).select("kind", "code").iter_rows()
            links = [entries.link(kind, code) for kind, code in first]
            more = f"{group.height - _FEW:,}" if group.height > _FEW else ""
            told = f"{group.height:,} {noun if group.height > 1 else noun.replace('ions', 'ion')}"
            yield Attention(told, why, entries.list_link(**filters), links, more)
