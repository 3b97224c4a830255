"""The summary for a terminal of 80 columns: lines and the role of each, without colour."""

import textwrap
from collections.abc import Iterator, Sequence
from typing import Final

from cptdiff.model import Release
from cptdiff.presentation import Presentation
from cptdiff.reports.overview import HEADERS, KIND_NAMES, Rows, by_kind, by_section, dated, heads
from cptdiff.reports.terminal_judgement import WIDTH, Line, judged
from cptdiff.results import Results
from cptdiff.summary import entry_counts

_CELL: Final = 11


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
        # A cell has no room for "attributes only".
        names = [name.removesuffix(" only") for name in heads(results)]
        yield from _counts("", names, by_kind(results))
        yield from _counts("By section", names, by_section(results))
    yield from judged(results)
    if results.doubts:
        yield Line("")
        yield Line("Please note", "head")
    for doubt in results.doubts:
        for at, text in enumerate(textwrap.wrap(doubt, WIDTH - 2)):
            yield Line(f"{'  ' if at else '- '}{text}", "doubt")


def _notice(notice: str) -> Iterator[Line]:
    if notice:
        yield Line("")
    for line in notice.splitlines():
        for text in textwrap.wrap(line, WIDTH) or [""]:
            yield Line(text)


def _named(release: Release) -> str:
    return f"{release.name} ({dated(release)})"


def _release(side: str, release: Release) -> Iterator[Line]:
    digest = release.archive.sha256
    size = f"sha256 {digest[:12]}" if digest else "folder"
    yield Line(f"  {side:<9}{release.archive.name}, {size}"[:WIDTH])
    entries = [
        f"{count:,} {KIND_NAMES[kind].lower()}"
        for kind, count in entry_counts(release).items() if count
    ]  # fmt: skip
    encodings = " and ".join(sorted({source.encoding for source in release.sources}))
    for text in textwrap.wrap(f"{', '.join(entries)}; {encodings}", WIDTH - 11):
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
