"""The summary for a terminal of 80 columns: lines and the role of each, without colour."""

import textwrap
from collections.abc import Iterator, Sequence
from typing import Final

from cptdiff.grades import KINDS
from cptdiff.model import Release
from cptdiff.presentation import Presentation
from cptdiff.reports.terminal_judgement import WIDTH, Line, judged
from cptdiff.results import Results
from cptdiff.summary import entry_counts, shown_counts

_KINDS: Final = {"code": "Codes", "header": "Headers", "modifier": "Modifiers"}
_HEADS: Final = {"revised_attributes_only": "attributes"}
_CELL: Final = 11


def render(results: Results, presentation: Presentation) -> tuple[Line, ...]:
    """What was compared, the counts by kind and by section, every doubt; last the notice."""
    return (*_lines(results), *_notice(presentation.notice))


def _lines(results: Results) -> Iterator[Line]:
    changes, counts = results.changes, results.summary["counts"]
    if results.none_shown:
        yield Line(results.none_shown, "title")
    yield Line(f"{_named(changes.previous)} to {_named(changes.current)}", "title")
    yield from _release("previous", changes.previous)
    yield from _release("current", changes.current)
    if results.entries.height:
        names = shown_counts(counts)
        yield Line("")
        yield _row("", [_HEADS.get(name, name) for name in names], "head")
        for kind in KINDS:
            if any(counts[kind].values()) or kind == "code":
                yield _row(_KINDS[kind], [f"{counts[kind][name]:,}" for name in names])
        yield from _sections(results, names)
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
    date = release.effective_date
    return f"{release.name} ({date.isoformat() if date else 'no date'})"


def _release(side: str, release: Release) -> Iterator[Line]:
    digest = release.archive.sha256
    size = f"sha256 {digest[:12]}" if digest else "folder"
    yield Line(f"  {side:<9}{release.archive.name}, {size}"[:WIDTH])
    entries = [
        f"{count:,} {_KINDS[kind].lower()}"
        for kind, count in entry_counts(release).items() if count
    ]  # fmt: skip
    encodings = " and ".join(sorted({source.encoding for source in release.sources}))
    for text in textwrap.wrap(f"{', '.join(entries)}; {encodings}", WIDTH - 11):
        yield Line(f"           {text}")


def _sections(results: Results, names: Sequence[str]) -> Iterator[Line]:
    named = results.sections.filter(results.sections["section"] != "")
    if not named.height:
        return
    yield Line("")
    yield _row("By section", [_HEADS.get(name, name) for name in names], "head")
    for row in named.iter_rows(named=True):
        tail = " (headers)" if row["kind"] == "header" else ""
        width = WIDTH - _CELL * len(names) - len(tail)
        label = (
            row["section"] if len(row["section"]) < width else f"{row['section'][: width - 4]}..."
        )
        yield _row(label + tail, [f"{row[name]:,}" for name in names])


def _row(label: str, cells: Sequence[str], role: str = "text") -> Line:
    return Line(
        f"{label:<{WIDTH - _CELL * len(cells)}}" + "".join(f"{c:>{_CELL}}" for c in cells), role
    )
