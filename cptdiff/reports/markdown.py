"""summary.md: for a ticket or a chat, in GitHub's Markdown; what inputs say stays plain text."""

import re
from collections.abc import Iterator
from typing import Final

from cptdiff.errors import printable
from cptdiff.model import Release
from cptdiff.options import Presentation
from cptdiff.reports.overview import (
    REPLACED,
    by_kind,
    by_severity,
    dated,
    first,
    heads,
    replaced,
    sides,
    title,
)
from cptdiff.results import Results

_LONGEST_CODE: Final = 80
_ENTITIES: Final = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "$": "&#36;"}
# Markup wherever it stands, and what is only at a line's start.
_MARKUP: Final = re.compile(r"[&<>$\\`*_\[\]|~]|^[-+#=]|(?<=\d)[.)](?= )")
# GitHub makes links of these after it has taken the Markdown apart, of escaped ones too; an
# invisible character in between stops it (@name, #12, GH-12, http://, mailto:, www., :emoji:).
_LIVE: Final = re.compile(r"[@#:](?=\S)|\bwww(?=\.)|\bgh(?=-\d)", re.IGNORECASE)
_APART: Final = "\u200b"


def render(results: Results, presentation: Presentation) -> bytes:
    """The summary as UTF-8."""
    return ("\n".join(_lines(results, presentation)) + "\n").encode()


def plain(text: str) -> str:
    """`text` as Markdown shows it word for word, on one line: no markup, link or mention."""
    flat = printable(" ".join(text.split()))
    dead = _LIVE.sub(lambda found: f"{found[0]}{_APART}", flat)
    return _MARKUP.sub(lambda found: _ENTITIES.get(found[0], f"\\{found[0]}"), dead)


def _lines(results: Results, presentation: Presentation) -> Iterator[str]:
    yield f"# {plain(title(results))}"
    yield ""
    if results.none_shown:
        yield from (f"**{plain(results.none_shown)}.**", "")
    yield _compared(results)
    if results.entries.height:
        yield from ("", *_table(["", *heads(results)], by_kind(results)))
        severities = [row for row in by_severity(results) if row[1] != "0"]
        told = ", ".join(f"{number} {name}" for name, number in severities)
        yield from ("", f"By severity: {told or 'none'} (deletions are high, additions have none).")
    yield from _first(results)
    if replaced(results):
        yield from ("", f"{REPLACED}: {replaced(results)}.")
    if results.doubts:
        yield from ("", "## Please note", "", *(f"- {plain(doubt)}" for doubt in results.doubts))
    if presentation.notice:
        quoted = (f"> {plain(line)}".rstrip() for line in presentation.notice.splitlines())
        yield from ("", *quoted)


def _compared(results: Results) -> str:
    label = results.changes.current.code_set.label
    both = " with ".join(_release(release) for _, release in sides(results))
    return f"{label}: compared {both}."


def _release(release: Release) -> str:
    digest = release.archive.sha256
    identity = f"sha256 `{digest[:12]}`" if digest else "a folder"
    names = f"{plain(release.name)} ({dated(release)}"
    return f"{names}; {plain(release.archive.name)}, {identity})"


def _table(names: list[str], rows: list[list[str]]) -> Iterator[str]:
    for cells in (names, ["---", *["--:"] * (len(names) - 1)], *rows):
        yield f"| {' | '.join(cells)} |"


def _first(results: Results) -> Iterator[str]:
    head, found, rest = first(results)
    if found:
        yield from ("", f"## {head}", "")
    for code, alike, told in found:
        yield f"- **{plain(code[:_LONGEST_CODE])}**{alike}: {plain(told)}"
    if rest:
        yield f"- {rest}"
