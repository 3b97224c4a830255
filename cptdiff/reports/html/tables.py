"""Tables of counts with a bar for each row: the picture and its twin in figures at once."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

import polars as pl

from cptdiff.reports.html.choosing import SHORTER
from cptdiff.reports.html.entries import Entries
from cptdiff.reports.html.page import Head, Row, Share, Table
from cptdiff.reports.overview import CHANGE_NAMES, KIND_NAMES
from cptdiff.results import Results
from cptdiff.summary import shown_counts
from cptdiff.vocabulary import KINDS

_WHOLE: Final = 100
_LONG: Final = 10


class Counted(NamedTuple):
    """A row to be drawn: its label, what that is about, its counts in the order of the heads."""

    label: str
    about: str
    counts: Sequence[int]


def pictured(caption: str, label: str, heads: Sequence[Head], rows: Sequence[Counted]) -> Table:
    """A table whose rows are drawn on one scale: the longest bar is the whole width."""
    most = max((sum(row.counts) for row in rows), default=0)
    roles = [head.role for head in heads]
    shown = [
        Row([label], [f"{n:,}" for n in counts], about, _bar(roles, counts, most))
        for label, about, counts in rows
    ]
    return Table(caption, [label], heads, shown, drawn=True)


def plain(caption: str, labels: Sequence[str], heads: Sequence[str], rows: Sequence[Row]) -> Table:
    """A table without bars."""
    shown = [Head(head, "", "") for head in heads]
    return Table(caption, labels, shown, rows, folded=len(rows) > _LONG)


def by_section(results: Results, entries: Entries) -> Iterator[Table]:
    """Changes by section, a table for codes and one for headers; not what was not asked for."""
    counts = results.summary["counts"]
    names = [
        name
        for name in shown_counts(counts)
        if results.entries.height == results.whole.height or any(counts[k][name] for k in KINDS)
    ]
    for kind in KINDS[:2]:
        of_kind = results.sections.filter((pl.col("section") != "") & (pl.col("kind") == kind))
        if not of_kind.height:
            continue
        rows = [
            Counted(row["section"], _about(row), [row[name] for name in names])
            for row in of_kind.iter_rows(named=True)
        ]
        heads = _heads(names, kind, entries)
        yield pictured(f"{KIND_NAMES[kind]} by section", "Section", heads, rows)


def _about(row: Mapping[str, Any]) -> str:
    """The group, where it says more than the section."""
    return row["group"] if row["group"] != row["section"] else ""


def _heads(names: Sequence[str], kind: str, entries: Entries) -> list[Head]:
    """The heads of changes, each a link to its list where there is one."""
    changes = [SHORTER.get(name, name) for name in names]
    return [
        Head(CHANGE_NAMES[name].capitalize(), change, entries.list_link(change=change, kind=kind))
        for name, change in zip(names, changes, strict=True)
    ]


def _bar(roles: Sequence[str], counts: Sequence[int], most: int) -> list[Share]:
    """The parts of a bar, one behind the other."""
    shares, start = [], 0.0
    for role, count in zip(roles, counts, strict=True):
        width = _WHOLE * count / most if most else 0.0
        if width:
            shares.append(Share(role, f"{start:.2f}", f"{width:.2f}"))
        start += width
    return shares
