"""The summary on the terminal."""

import textwrap
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from cptdiff.model import Release
from cptdiff.options import Presentation
from cptdiff.reports.known import list_known
from cptdiff.reports.overview import (
    AGREEMENT,
    BEFORE,
    BY_SEVERITY,
    ENDED,
    REPLACED,
    TOTALS,
    WORST_FIRST,
    Counted,
    Rows,
    choose_columns,
    choose_first,
    count_by_class,
    count_by_kind,
    count_by_section,
    count_by_severity,
    count_causes,
    count_entries_in_words,
    describe_agreement,
    describe_families,
    describe_replacements,
    explain_deletions,
    list_families,
    list_heads,
    list_replaced,
    list_totals,
    list_transient,
    make_title,
    merge_groups,
    say_date,
    say_doubts,
    write_rows,
)
from cptdiff.reports.verdict import find_unannounced, make_verdict, say_verdict
from cptdiff.results import Results
from cptdiff.summary import COUNT_NAMES, count_in_words

WIDTH: Final = 80
_MOST: Final = 10
_FEW: Final = 5
# The narrowest column of numbers.
_CELL: Final = 9
# The head of such a column, on one line.
_HEAD: Final = 12


class Line(NamedTuple):
    """A line and its role: title, head, text or doubt."""

    text: str
    role: str = "text"


def render_judgement(results: Results) -> Iterator[Line]:
    """Severities and classes, what to look at first, families, replacements, agreement."""
    yield from _severities(results)
    yield from _first(results)
    yield from _unannounced(results)
    yield from _ends(results)
    yield from _families(results)
    yield from _replacements(results)
    yield from _agreement(results)
    yield from _totals(results)


def _severities(results: Results) -> Iterator[Line]:
    rows = count_by_severity(results)
    if not rows:
        return
    yield from _counts(BY_SEVERITY, WORST_FIRST, rows)
    classes = [(sum(row.counts), row.label) for row in count_by_class(results)]
    ranked = sorted(classes, key=lambda row: (-row[0], row[1]))
    yield from _wrap("classes", ", ".join(f"{name} {number:,}" for number, name in ranked))


def _first(results: Results) -> Iterator[Line]:
    head, found, rest = choose_first(results)
    if found:
        yield Line("")
        yield Line(head, "head")
    for one in found:
        yield from _wrap(one.label, one.text)
    if rest:
        yield Line(f"  ... and {rest:,} more; to list all: -o report.html")


def _unannounced(results: Results) -> Iterator[Line]:
    found = find_unannounced(results)
    if not found:
        return
    yield Line("")
    yield Line(found.head, "head")
    more = len(found.codes) - _MOST
    rest = [f"and {more:,} more (to list all: -o reconciliation.csv)"] if more > 0 else []
    about = f" ({found.about})" if found.about else ""
    yield from _wrap(found.text + about, ", ".join([*found.codes[:_MOST], *rest]))


def _ends(results: Results) -> Iterator[Line]:
    """When the deleted entries end, and between which days the others came and went."""
    if not (results.entries["last_valid_date"] != "").any():
        return
    deleted, passing = results.deleted.height, list_transient(results)
    yield Line("")
    yield Line(ENDED, "head")
    if deleted:
        yield from _wrap(f"{deleted:,} deleted", explain_deletions(results))
    if passing:
        more = len(passing) - _MOST
        rest = [f"and {more:,} more (to list all: -o changes.csv)"] if more > 0 else []
        spans = ", ".join([f"{code} {days}" for code, days in passing[:_MOST]] + rest)
        yield from _wrap(f"{len(passing):,} {COUNT_NAMES['transient']}", spans)


def _families(results: Results) -> Iterator[Line]:
    text = describe_families(results)
    if not text:
        return
    yield Line("")
    yield Line(text, "head")
    families = list_families(results)
    for one in families[:_FEW]:
        yield from _wrap(f"{one.code} and {one.codes - 1:,} more", one.classes)
    if len(families) > _FEW:
        yield Line(f"  ... and {len(families) - _FEW:,} more; to list all: -o report.html")


def _replacements(results: Results) -> Iterator[Line]:
    text = describe_replacements(results)
    if not text:
        return
    yield Line("")
    yield Line(REPLACED, "head")
    yield from _wrap("", text)
    replaced, more = list_replaced(results, _MOST)
    for one in replaced:
        label = one.code + (f" (last valid {one.last})" if one.last else "")
        codes = [code for code, _ in one.successors]
        yield from _wrap(label, " ".join([one.lead, *codes, f"({one.why})"]))
    if more:
        yield Line(f"  ... and {more:,} more; to list all: -o crosswalk.csv")


def _agreement(results: Results) -> Iterator[Line]:
    lists = results.judgement.reconciliation.lists
    if not lists:
        return
    yield Line("")
    yield Line(AGREEMENT, "head")
    for one in lists:
        yield from _wrap(one.name, describe_agreement(one))
    causes = ", ".join(f"{cause} {number:,}" for cause, number in count_causes(results))
    if causes:
        yield from _wrap("causes", causes)


def _totals(results: Results) -> Iterator[Line]:
    totals = list_totals(results)
    if totals:
        yield Line("")
        heads = [TOTALS, "in files", "announced", "gap"]
        yield from _table(heads, [list(map(str, total[:-1])) for total in totals])
    for change, *_, groups in totals:
        for group in groups:
            some = ", ".join(group.codes[:_FEW]) + (", ..." if len(group.codes) > _FEW else "")
            text = f"{group.explanation} ({group.number}): {some}"
            yield from _wrap(f"may explain the gap in {change}", text)


def _wrap(label: str, text: str) -> Iterator[Line]:
    """`text` behind its label, further lines below it."""
    head = f"  {label}: " if label else "  "
    for line in textwrap.wrap(text, WIDTH, initial_indent=head, subsequent_indent="    "):
        yield Line(line)


def render(results: Results, presentation: Presentation) -> tuple[Line, ...]:
    """What was compared, the counts by kind and by section, every doubt; last the notice."""
    return (*_lines(results), *_notice(presentation.notice))


def describe_run(results: Results) -> str:
    """Return what was compared and found, as in "A to B: 3 added, 0 deleted, 2 revised"."""
    counted = count_in_words(results.shown["counts"], choose_columns(results))
    return f"{make_title(results)}: {results.none_shown or counted}"


def _lines(results: Results) -> Iterator[Line]:
    changes = results.changes
    if results.none_shown:
        yield Line(results.none_shown, "title")
    yield Line(f"{_name(changes.previous)} to {_name(changes.current)}", "title")
    verdict = make_verdict(results)
    for text in textwrap.wrap(say_verdict(verdict), WIDTH) if verdict else ():
        yield Line(text)
    yield from _release("previous", changes.previous)
    yield from _release("current", changes.current)
    if results.entries.height:
        names = list_heads(results)
        yield from _counts("", names, count_by_kind(results))
        yield from _counts("By section", names, merge_groups(count_by_section(results)))
    yield from _known(results)
    yield from render_judgement(results)
    if results.doubts:
        yield Line("")
        yield Line(BEFORE, "head")
    for doubt in say_doubts(results, "{0}.csv (in a run folder, or with -o {0}.csv)".format):
        for at, text in enumerate(textwrap.wrap(doubt, WIDTH - 2)):
            yield Line(f"{'  ' if at else '- '}{text}", "doubt")


def _known(results: Results) -> Iterator[Line]:
    """What is new since an earlier run, and what was acknowledged."""
    for one, file in list_known(results):
        if one is None:
            continue
        yield Line("")
        yield from (Line(text, "head") for text in textwrap.wrap(one.head, WIDTH))
        for code, *texts in one.rows[:_MOST]:
            yield from _wrap(code, ", ".join(filter(None, texts)))
        if len(one.rows) > _MOST:
            yield Line(f"  ... and {len(one.rows) - _MOST:,} more; to list all: -o {file}.csv")


def _notice(notice: str) -> Iterator[Line]:
    if notice:
        yield Line("")
    for line in notice.splitlines():
        for text in textwrap.wrap(line, WIDTH) or [""]:
            yield Line(text)


def _name(release: Release) -> str:
    return f"{release.name} ({say_date(release)})"


def _release(side: str, release: Release) -> Iterator[Line]:
    digest = release.archive.sha256
    size = f"sha256 {digest[:12]}" if digest else "folder"
    yield Line(f"  {side:<9}{release.archive.name}, {size}"[:WIDTH])
    encodings = ", ".join(sorted({source.encoding for source in release.sources}))
    for text in textwrap.wrap(f"{count_entries_in_words(release)}; {encodings}", WIDTH - 11):
        yield Line(f"           {text}")


def _counts(head: str, names: Sequence[str], rows: Sequence[Counted]) -> Iterator[Line]:
    if rows:
        yield Line("")
        yield from _table([head, *names], write_rows(rows))


def _table(heads: Sequence[str], rows: Rows) -> Iterator[Line]:
    """The heads and the rows: a label, whole, and numbers at the right."""
    folds = [textwrap.wrap(head, _HEAD, break_long_words=False) for head in heads[1:]]
    widths = [max(*(len(part) + 2 for part in parts), _CELL) for parts in folds]
    room, high = WIDTH - sum(widths), max(map(len, folds), default=1)
    lines = [["", *("" if at < high - len(parts) else parts[at - high] for parts in folds)]
             for at in range(high)]  # fmt: skip
    lines[-1][0] = heads[0]
    for role, (label, *cells) in (
        *(("head", line) for line in lines),
        *(("text", row) for row in rows),
    ):
        *above, last = textwrap.wrap(label, room - 1, subsequent_indent="  ") or [""]
        yield from (Line(text, role) for text in above)
        numbers = (f"{cell:>{width}}" for cell, width in zip(cells, widths, strict=True))
        yield Line(f"{last:<{room}}{''.join(numbers)}", role)
