"""The first screen of the page: what was compared, large figures, what to look at first."""

from collections.abc import Iterator
from typing import Final, NamedTuple

import polars as pl

from cptdiff.model import Release
from cptdiff.reports.html.choosing import SHORTER, counted_shorter, under
from cptdiff.reports.html.entries import Entries
from cptdiff.reports.html.page import Attention, Figure, Read, Side
from cptdiff.reports.overview import CHANGE_NAMES, KIND_NAMES
from cptdiff.results import Results
from cptdiff.summary import entry_counts, shown_counts
from cptdiff.vocabulary import KINDS, CodeSet

_FEW: Final = 6
# So many digits of a SHA-256 tell two files apart at a glance.
_BRIEF: Final = 12


class _First(NamedTuple):
    """What to look at first: its name for one and for many, why, and as filters of the list.

    Of the user's own table cptdiff knows no more than its wording: `why_of_table`.
    """

    one: str
    many: str
    why: str
    why_of_table: str
    filters: dict[str, str]


_FIRST: Final = (
    _First(
        "critical revision", "critical revisions",
        "the code names something else now, or is rewritten", "little of the old value is left",
        {"change": "revised", "severity": "critical"},
    ),
    _First(
        "high revision", "high revisions",
        "what is covered changed, or may have", "what is told changed, or may have",
        {"change": "revised", "severity": "high"},
    ),
    _First(
        "deletion", "deletions",
        "no longer valid; claims with them are rejected", "no longer in the table",
        {"change": "deleted"},
    ),
    _First(
        "deletion without a replacement", "deletions without a replacement",
        "nothing was found", "none, as was stated", {"replacement": "none"},
    ),
    _First(
        "deletion with candidates only", "deletions with candidates only",
        "a coder has to decide", "a coder has to decide", {"replacement": "candidate"},
    ),
)  # fmt: skip


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
        brief=(release.archive.sha256 or "")[:_BRIEF],
        files="1 file" if files == 1 else f"{files} files",
        read=read,
    )


def spoken(counts: dict[str, int]) -> str:
    """As in "206 codes, 2 modifiers"."""
    return ", ".join(
        f"{counts[kind]:,} {KIND_NAMES[kind].lower() if counts[kind] != 1 else kind}"
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
            label=CHANGE_NAMES[name].capitalize(),
            number=f"{codes:,}" if codes == whole else f"{codes:,} of {whole:,}",
            others=spoken(of_kinds),
            link=entries.list_link(change=change),
        )


def attention(results: Results, entries: Entries) -> Iterator[Attention]:
    """The gravest revisions, the deletions, and those of them that nothing replaces."""
    every = results.entries.with_columns(counted_shorter())
    is_table = results.changes.current.code_set is CodeSet.TABLE
    for one in _FIRST:
        group = under(every, **one.filters)
        if not group.height:
            continue
        yield Attention(
            told=f"{group.height:,} {one.one if group.height == 1 else one.many}",
            why=one.why_of_table if is_table else one.why,
            link=entries.list_link(**one.filters),
            codes=[entries.link(*key) for key in group.head(_FEW).select("kind", "code").rows()],
            more=f"{group.height - _FEW:,}" if group.height > _FEW else "",
        )
