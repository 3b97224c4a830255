"""summary.md: for a ticket or a chat, in GitHub's Markdown; what inputs say stays plain text."""

import re
from collections.abc import Iterator
from textwrap import shorten
from typing import Final

from cptdiff.errors import escape_controls
from cptdiff.model import Release
from cptdiff.options import Presentation
from cptdiff.reports.known import list_known
from cptdiff.reports.overview import (
    BEFORE,
    BY_SEVERITY,
    REPLACED,
    WORST_FIRST,
    choose_first,
    count_by_kind,
    count_by_severity,
    describe_replacements,
    explain_deletions,
    list_heads,
    list_replaced,
    list_sides,
    make_title,
    say_date,
    say_doubts,
    write_rows,
)
from cptdiff.reports.verdict import find_unannounced, make_verdict, say_verdict
from cptdiff.results import Results

_LONGEST_CODE: Final = 80
_LONGEST_WORDING: Final = 90
_MOST: Final = 10
_FEW: Final = 4
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


def escape_markup(text: str) -> str:
    """`text` as Markdown shows it word for word, on one line: no markup, link or mention."""
    flat = escape_controls(" ".join(text.split()))
    dead = _LIVE.sub(lambda found: f"{found[0]}{_APART}", flat)
    return _MARKUP.sub(lambda found: _ENTITIES.get(found[0], f"\\{found[0]}"), dead)


def _lines(results: Results, presentation: Presentation) -> Iterator[str]:
    yield f"# {escape_markup(make_title(results))}"
    yield ""
    yield from _verdicts(results)
    yield _say_pair(results)
    if results.entries.height:
        yield from ("", *_table(["", *list_heads(results)], write_rows(count_by_kind(results))))
    severities = write_rows(count_by_severity(results))
    if severities:
        yield from ("", *_table([BY_SEVERITY, *WORST_FIRST], severities))
    yield from _known(results)
    yield from _first(results)
    if found := find_unannounced(results):
        codes = ", ".join(escape_markup(code) for code in found.codes[:_MOST])
        more = f" and {len(found.codes) - _MOST:,} more" if len(found.codes) > _MOST else ""
        about = f" ({found.about})" if found.about else ""
        yield from ("", f"**{found.head}: {found.text}**{about}: {codes}{more}.")
    if results.deleted.height and not results.changes.current.profile.is_own:
        yield from ("", f"Deleted: {explain_deletions(results)}.")
    if describe_replacements(results):
        yield from ("", f"{REPLACED}: {describe_replacements(results)}.", *_replaced(results))
    if results.doubts:
        yield from (
            "",
            f"## {BEFORE}",
            "",
            *(f"- {escape_markup(doubt)}" for doubt in say_doubts(results, "{}.csv".format)),
        )
    if presentation.notice:
        quoted = (f"> {escape_markup(line)}".rstrip() for line in presentation.notice.splitlines())
        yield from ("", *quoted)


def _verdicts(results: Results) -> Iterator[str]:
    if results.none_shown:
        yield from (f"**{escape_markup(results.none_shown)}.**", "")
    if verdict := make_verdict(results):
        yield from (f"**{say_verdict(verdict)}**", "")
    if results.lists:
        yield from (f"**[Your lists](impact.html):** {escape_markup(results.lists)}.", "")


def _say_pair(results: Results) -> str:
    label = results.changes.current.profile.label
    both = " with ".join(_release(release) for _, release in list_sides(results))
    return f"{label}: compared {both}."


def _release(release: Release) -> str:
    digest = release.archive.sha256
    identity = f"sha256 `{digest[:12]}`" if digest else "a folder"
    names = f"{escape_markup(release.name)} ({say_date(release)}"
    return f"{names}; {escape_markup(release.archive.name)}, {identity})"


def _table(names: list[str], rows: list[list[str]]) -> Iterator[str]:
    for cells in (names, ["---", *["--:"] * (len(names) - 1)], *rows):
        yield f"| {' | '.join(cells)} |"


def _known(results: Results) -> Iterator[str]:
    """What is new since an earlier run, and what was acknowledged."""
    for one, file in list_known(results):
        if one is None:
            continue
        yield from ("", f"## {escape_markup(one.head)}", *([""] if one.rows else []))
        for code, *texts in one.rows[:_MOST]:
            told = ", ".join(filter(None, texts))
            yield f"- **{escape_markup(code[:_LONGEST_CODE])}**: {escape_markup(told)}"
        if len(one.rows) > _MOST:
            yield f"- ... and {len(one.rows) - _MOST:,} more (all are in {file}.csv)"


def _first(results: Results) -> Iterator[str]:
    head, found, rest = choose_first(results)
    if found:
        yield from ("", f"## {head}", "")
    for one in found:
        codes = f" ({one.codes})" if len(one.entries) > 1 else ""
        yield f"- **{escape_markup(one.code[:_LONGEST_CODE])}**{codes}: {escape_markup(one.text)}"
    if rest:
        yield f"- ... and {rest:,} more (all are in changes.csv and on the page)"


def _replaced(results: Results) -> Iterator[str]:
    """The first deleted codes with what replaces them, the wording of both beside them."""
    found, more = list_replaced(results, _MOST)
    if found:
        yield ""
    for one in found:
        last = f" (last valid {one.last})" if one.last else ""
        named = [_name(*both) for both in one.successors[:_FEW]]
        rest = len(one.successors) - len(named)
        lead = escape_markup(one.lead)
        to = "; ".join([*named, *([f"{rest:,} more"] if rest else [])])
        answer = " ".join(filter(None, (lead, to)))
        yield f"- {_name(one.code, one.wording)}{last}: {answer} ({escape_markup(one.why)})"
    if more:
        yield f"- ... and {more:,} more (all are in crosswalk.csv)"


def _name(code: str, wording: str) -> str:
    short = shorten(wording, _LONGEST_WORDING, placeholder=" ...")
    said = f" {escape_markup(short)}" if short else ""
    return f"**{escape_markup(code[:_LONGEST_CODE])}**{said}"
