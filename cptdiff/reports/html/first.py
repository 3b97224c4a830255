"""The first screen of the page: what was compared, large figures, what to look at first."""

from collections.abc import Iterator
from typing import Final

import polars as pl

from cptdiff.grades import KINDS
from cptdiff.model import Release
from cptdiff.reports.html.addresses import filter_address
from cptdiff.reports.html.entries import SHORTER, Entries
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
# What to look at first: in words, and as filters of the list.
_FIRST: Final = {
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


def figures(results: Results) -> Iterator[Figure]:
    """How many were added, deleted, revised; what is naught everywhere else is left out."""
    counts = results.summary["counts"]
    for name in shown_counts(counts):
        of_kinds = {kind: counts[kind][name] for kind in KINDS}
        change = SHORTER.get(name, name)
        yield Figure(
            change=change,
            label=CHANGES[name],
            number=f"{of_kinds.pop('code'):,}",
            others=spoken(of_kinds),
            link=filter_address(change=change) if any(counts[kind][name] for kind in KINDS) else "",
        )


def attention(listed: pl.DataFrame, entries: Entries) -> Iterator[Attention]:
    """The gravest revisions, the deletions, and those of them that nothing replaces.

    `listed` has `counted` and `replacement` beside the columns of changes.csv.
    """
    for (noun, why), filters in _FIRST.items():
        chosen = (pl.col(name) == value for name, value in filters.items())
        found = listed.filter(*chosen)
        if found.height:
            first = found.head(_FEW).select("kind", "code").iter_rows()
            links = [entries.link(kind, code) for kind, code in first]
            more = f"{found.height - _FEW:,}" if found.height > _FEW else ""
            told = f"{found.height:,} {noun if found.height > 1 else noun.replace('ions', 'ion')}"
            yield Attention(told, why, filter_address(**filters), links, more)
