"""The summary on the terminal."""

import textwrap
from collections.abc import Iterator, Sequence
from itertools import groupby, islice
from operator import itemgetter
from typing import Final, NamedTuple

import polars as pl

from cptdiff.model import Release
from cptdiff.options import Presentation
from cptdiff.reports.overview import (
    AGREEMENT,
    BEFORE,
    BRIEF_NAMES,
    HEADERS,
    REPLACED,
    TOTALS,
    Rows,
    choose_first,
    count_by_kind,
    count_by_section,
    count_entries_in_words,
    describe_agreement,
    describe_families,
    describe_replacements,
    describe_successor,
    list_heads,
    say_date,
    write_code,
)
from cptdiff.results import Results
from cptdiff.vocabulary import SEVERITIES

WIDTH: Final = 80
_MOST: Final = 10
_FEW: Final = 5
_CELL: Final = 11


class Line(NamedTuple):
    """A line and its role: title, head, text or doubt."""

    text: str
    role: str = "text"


def render_judgement(results: Results) -> Iterator[Line]:
    """Severities and classes, what to look at first, families, replacements, agreement."""
    revised = results.entries.filter(pl.col("change") == "revised")
    if revised.height:
        yield from _severities(revised)
        yield from _first(results)
        yield from _families(results)
    yield from _replacements(results)
    yield from _agreement(results)
    yield from _totals(results)


def _severities(revised: pl.DataFrame) -> Iterator[Line]:
    counts = dict(revised["severity"].value_counts().iter_rows())
    names = SEVERITIES[::-1]
    yield Line("")
    yield _row("Revised by severity", names, "head")
    yield _row("", [f"{counts.get(name, 0):,}" for name in names])
    classes = revised["classes"].str.split(";").explode().value_counts(name="n")
    ranked = classes.sort("n", "classes", descending=[True, False])
    told = ", ".join(f"{name} {n:,}" for name, n in ranked.iter_rows())
    yield from _wrapped("classes", told)


def _first(results: Results) -> Iterator[Line]:
    head, found, rest = choose_first(results)
    if found:
        yield Line("")
        yield Line(head, "head")
    for code, more, told in found:
        yield from _wrapped(code + more, told)
    if rest:
        yield Line(f"  {rest}")


def _families(results: Results) -> Iterator[Line]:
    told = describe_families(results)
    if told:
        yield Line("")
        yield Line(told, "head")


def _replacements(results: Results) -> Iterator[Line]:
    told = describe_replacements(results)
    if not told:
        return
    yield Line("")
    yield Line(REPLACED, "head")
    yield from _wrapped("", told)
    code_set = results.changes.current.code_set
    named = results.crosswalk.filter(pl.col("replacement") != "")
    by_code = groupby(named.iter_rows(named=True), key=itemgetter("kind", "code"))
    for (_, code), rows in islice(by_code, _MOST):
        first, *others = map(describe_successor, rows)
        codes = " ".join(write_code(code_set, one.code) for one in (first, *others))
        yield from _wrapped(write_code(code_set, code), f"{first.lead} {codes} ({first.why})")
    more = named.n_unique(("kind", "code")) - _MOST
    if more > 0:
        yield Line(f"  ... and {more:,} more; see crosswalk.csv")


def _agreement(results: Results) -> Iterator[Line]:
    agreement = results.judgement.reconciliation
    if not agreement.lists:
        return
    yield Line("")
    yield Line(AGREEMENT, "head")
    for one in agreement.lists:
        yield from _wrapped(one.name, describe_agreement(one))
    causes = agreement.table["cause"].value_counts(name="n").sort("cause")
    if causes.height:
        yield from _wrapped(
            "causes", ", ".join(f"{cause} {n:,}" for cause, n in causes.iter_rows())
        )


def _totals(results: Results) -> Iterator[Line]:
    if results.announced is None:
        return
    yield Line("")
    yield _row(TOTALS, ["in files", "announced", "gap"], "head")
    for row in results.announced.totals.iter_rows(named=True):
        numbers = [f"{row[name]:,}" for name in ("ours", "theirs")]
        yield _row(row["change"], [*numbers, f"{row['gap']:+,}" if row["gap"] else "0"])
        for group in results.announced.groups.filter(pl.col("change") == row["change"]).iter_rows(
            named=True
        ):
            codes = group["codes"].split(" ")
            some = ", ".join(codes[:_FEW]) + (", ..." if len(codes) > _FEW else "")
            yield from _wrapped(
                "may explain it", f"{group['explanation']}, {group['number']:,}: {some}"
            )


def _wrapped(label: str, text: str) -> Iterator[Line]:
    """`text` behind its label, further lines below it."""
    head = f"  {label}: " if label else "  "
    for line in textwrap.wrap(text, WIDTH, initial_indent=head, subsequent_indent="    "):
        yield Line(line)


def render(results: Results, presentation: Presentation) -> tuple[Line, ...]:
    """What was compared, the counts by kind and by section, every doubt; last the notice."""
    return (*_lines(results), *_notice(presentation.notice))


def _lines(results: Results) -> Iterator[Line]:
    changes = results.changes
    if results.none_shown:
        yield Line(results.none_shown, "title")
    yield Line(f"{_named(changes.previous)} to {_named(changes.current)}", "title")
    yield from _release("previous", changes.previous)
    yield from _release("current", changes.current)
    if results.entries.height:
        names = list_heads(results, BRIEF_NAMES)
        yield from _counts("", names, count_by_kind(results))
        yield from _counts("By section", names, count_by_section(results))
        yield from _legend(names)
    yield from render_judgement(results)
    if results.doubts:
        yield Line("")
        yield Line(BEFORE, "head")
    for doubt in results.doubts:
        for at, text in enumerate(textwrap.wrap(doubt, WIDTH - 2)):
            yield Line(f"{'  ' if at else '- '}{text}", "doubt")


def _legend(names: Sequence[str]) -> Iterator[Line]:
    """The names that are not plain."""
    told = {
        "other data": "data fields changed, wording same",
        "transient": "added and discontinued between the two releases",
    }
    here = [f"{name}: {told[name]}" for name in names if name in told]
    if here:
        yield Line("")
        yield from _wrapped("", "; ".join(here))


def _notice(notice: str) -> Iterator[Line]:
    if notice:
        yield Line("")
    for line in notice.splitlines():
        for text in textwrap.wrap(line, WIDTH) or [""]:
            yield Line(text)


def _named(release: Release) -> str:
    return f"{release.name} ({say_date(release)})"


def _release(side: str, release: Release) -> Iterator[Line]:
    digest = release.archive.sha256
    size = f"sha256 {digest[:12]}" if digest else "folder"
    yield Line(f"  {side:<9}{release.archive.name}, {size}"[:WIDTH])
    encodings = " and ".join(sorted({source.encoding for source in release.sources}))
    for text in textwrap.wrap(f"{count_entries_in_words(release)}; {encodings}", WIDTH - 11):
        yield Line(f"           {text}")


def _counts(head: str, names: Sequence[str], rows: Rows) -> Iterator[Line]:
    if rows:
        yield Line("")
        yield _row(head, names, "head")
    for label, *cells in rows:
        tail = HEADERS if label.endswith(HEADERS) else ""
        name, width = label.removesuffix(tail), WIDTH - _CELL * len(cells) - len(tail)
        yield _row((name if len(name) < width else f"{name[: width - 4]}...") + tail, cells)


def _row(label: str, cells: Sequence[str], role: str = "text") -> Line:
    return Line(
        f"{label:<{WIDTH - _CELL * len(cells)}}" + "".join(f"{c:>{_CELL}}" for c in cells), role
    )
