"""The first sheet, for whoever opens the workbook, and the last: what was read."""

from collections.abc import Iterator
from textwrap import wrap
from typing import Final

import polars as pl

from cptdiff.model import Release
from cptdiff.presentation import Presentation
from cptdiff.reports.overview import (
    REPLACED,
    by_kind,
    by_section,
    by_severity,
    dated,
    heads,
    replaced,
    sides,
    title,
)
from cptdiff.reports.xlsx_cells import LINES, PLAIN, fitting, plain, row
from cptdiff.reports.xlsx_sheet import Sheet
from cptdiff.results import Results
from cptdiff.summary import COUNTS, entry_counts
from cptdiff.versions import versions
from cptdiff.vocabulary import KINDS

SOURCES: Final = pl.Schema(
    dict.fromkeys(
        ("side", "release", "effective_date", "file", "member", "format", "encoding", "size",
         "sha256", "read", "kept", "collapsed", "quarantined"),
        pl.String,
    )
)  # fmt: skip

_WIDTH: Final = 70
# In characters, which a row has room for.
_LONGEST: Final = _WIDTH * (LINES - 2)
# How the cells of numbers look in rows that look so.
_NUMBERS: Final = {PLAIN: "number", "head": "head number"}

# A row's look and its cells: words, then numbers.
Line = tuple[str, list[str]]


def fill_summary(
    sheet: Sheet,
    results: Results,
    presentation: Presentation,
    told: list[str],
    looks: dict[str, int],
) -> None:
    """What was compared, counts, doubts, and `told`: what the workbook does not hold."""
    rows = []
    for at, (look, cells) in enumerate(_lines(results, presentation, told)):
        contents = [
            (_NUMBERS.get(look, look) if column else look, plain(fitting(text, "summary.json")))
            for column, text in enumerate(cells)
        ]
        rows.append(row(at, contents, looks, _high(cells)))
    sheet.fill(rows, 1 + len(COUNTS))
    sheet.set_column(0, 0, _WIDTH)
    sheet.set_column(1, len(COUNTS), 14)


def _high(cells: list[str]) -> int:
    """How many lines the first of `cells` has, about."""
    return sum(1 + len(part) // _WIDTH for part in cells[0].split("\n")) if cells else 1


def _lines(results: Results, presentation: Presentation, told: list[str]) -> Iterator[Line]:
    yield "title", [title(results)]
    yield PLAIN, [results.changes.current.code_set.label]
    if results.none_shown:
        yield PLAIN, [results.none_shown]
    kinds = _kinds(results)
    yield from _table(["Release", "effective", *kinds], _releases(results, kinds))
    yield from _table(["Changes by kind", *heads(results)], by_kind(results))
    yield from _table(["Changes by section", *heads(results)], by_section(results))
    severities = ["Changes by severity (deletions are high, additions have none)", "changes"]
    yield from _table(severities, by_severity(results))
    yield from _table([REPLACED], [[replaced(results)]] if replaced(results) else [])
    yield from _table(["Please note"], _texts(*results.doubts, *told))
    yield from _table(["Notice"], _texts(presentation.notice))
    tool = ", ".join(f"{name} {version}" for name, version in versions().items())
    yield from _table(["Made by"], [[tool]])


def _table(heads: list[str], rows: list[list[str]]) -> Iterator[Line]:
    """An empty line, the heads and the rows; nothing without rows."""
    if rows:
        yield PLAIN, []
        yield "head", heads
        yield from ((PLAIN, cells) for cells in rows)


def _texts(*texts: str) -> list[list[str]]:
    """A row for each line; a line that no row has room for is split at blanks."""
    lines = [line for text in texts for line in text.splitlines()]
    return [[part] for line in lines for part in _parts(line)]


def _parts(line: str) -> list[str]:
    short = len(line) <= _LONGEST
    return [line] if short else wrap(line, _LONGEST, break_on_hyphens=False)


def _kinds(results: Results) -> list[str]:
    """The kinds that either release has."""
    counts = [entry_counts(release) for _, release in sides(results)]
    return [kind for kind in KINDS if any(count[kind] for count in counts)]


def _releases(results: Results, kinds: list[str]) -> list[list[str]]:
    return [
        [f"{side}: {release.name}", dated(release),
         *(f"{entry_counts(release)[kind]:,}" for kind in kinds)]
        for side, release in sides(results)
    ]  # fmt: skip


def sources(results: Results) -> pl.DataFrame:
    """`SOURCES`: what each side was read from, then the lists and crosswalks that were used."""
    rows = [row for side, release in sides(results) for row in _read(side, release)]
    stated = results.judgement.stated
    lists = [("list", one.form, one.name, one.sha256) for one in stated.lists]
    tables = [("crosswalk", "crosswalk", one.name, one.sha256) for one in stated.crosswalks]
    rows += [
        {"side": side, "file": name, "format": form, "sha256": digest}
        for side, form, name, digest in lists + tables
    ]
    return pl.DataFrame(rows, SOURCES)


def _read(side: str, release: Release) -> Iterator[dict[str, str | None]]:
    """What the user named, unless it is a folder, and each file that was read in it."""
    named: dict[str, str | None] = {
        "side": side, "release": release.name, "effective_date": dated(release),
    }  # fmt: skip
    archive = release.archive
    if archive.sha256:
        yield named | {"file": archive.name, "size": str(archive.size), "sha256": archive.sha256}
    for source in release.sources:
        rows = source.rows
        yield named | {
            "file": source.name, "member": source.member, "format": source.format,
            "encoding": source.encoding, "size": str(source.size), "sha256": source.sha256,
            "read": str(rows.read), "kept": str(rows.kept), "collapsed": str(rows.collapsed),
            "quarantined": str(rows.quarantined),
        }  # fmt: skip
