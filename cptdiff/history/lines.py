"""A timeline, and the life of one code, as lines for the terminal."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Final

import polars as pl

from cptdiff.history.editions import Editions
from cptdiff.history.events import WHAT, count_kinds, list_events
from cptdiff.history.forms import find_gap
from cptdiff.history.life import (
    Life,
    describe_step,
    explain_end,
    explain_start,
    judge_day,
    judge_life,
    sort_spells,
    write_span,
)
from cptdiff.history.timeline import find_unknown, find_valid
from cptdiff.judgement.wording import DELETED, INSERTED, merge_pieces
from cptdiff.reports.overview import write_code
from cptdiff.vocabulary import KINDS

_MARKS: Final = {DELETED: "[-{}-]", INSERTED: "{{+{}+}}"}
# Disagreements and codes that are named; the file has all.
_MOST: Final = 5


def describe_timeline(
    editions: Editions, timeline: pl.DataFrame, day: date | None = None
) -> Iterator[str]:
    """Yield what a timeline (`SPELLS`) holds: releases, codes, ends, doubts; on `day`, if given."""
    first, last = editions.days[0], editions.days[-1]
    many = len(editions.editions)
    releases = "1 release" if many == 1 else f"{many:,} releases"
    yield f"{editions.label}: {releases}, {first} to {last}"
    for edition in editions.editions:
        count = _count_codes(edition.records.filter(pl.col("state") == "valid"))
        yield f"  {edition.day}  {edition.name}: {count} ({edition.file})"
    codes = timeline["code"].n_unique()
    yield f"{codes:,} codes and headers, {timeline.height:,} spells of validity"
    events = list_events(editions, timeline)
    for kind in KINDS:
        counts = [(name, count_kinds(events, name).get(kind, 0)) for name in WHAT]
        if told := ", ".join(f"{many:,} {name}" for name, many in counts if many):
            yield f"  {kind}s since {first}: {told}"
    if day is not None:
        gap = find_gap(editions.days, day)
        yield f"valid on {day}: {_count_codes(find_valid(timeline, day, gap))}"
        if gap:
            left_out = f"{_count_codes(find_unknown(timeline, gap))} that changed"
            yield f"  not known, and left out: {left_out} with no release from {gap[0]} to {gap[1]}"
        if day < first:
            yield "  before the first release: only codes whose file tells an earlier date"
    doubted = timeline.filter(pl.col("disagreement") != "")
    if doubted.height:
        yield f"dates of a file and a release disagree: {doubted.height:,}"
        for code, told in doubted.select("code", "disagreement").head(_MOST).iter_rows():
            yield f"  {code}: {told}"
    for note in editions.notes:
        yield f"- {note}"


def _count_codes(rows: pl.DataFrame) -> str:
    """How many codes there are in rows with a kind; headers and modifiers are none."""
    counts = Counter(rows["kind"])
    kind = "billable code" if counts["header"] else "code"
    many = counts["code"]
    return f"{many:,} {kind}" if many == 1 else f"{many:,} {kind}s"


def describe_life(life: Life, editions: Editions, day: date | None = None) -> Iterator[str]:
    """Yield the lines that tell a code's life; with `day` first whether it was valid on it."""
    code = write_code(life.code_set, life.code)
    if day is not None:
        yield f"{code} on {day}: {judge_day(life, day, editions)}"
    yield judge_life(life, editions)
    former = None
    for spell in sort_spells(life.spells):
        kind = "" if spell["kind"] == "code" else f" as {spell['kind']}"
        yield f"valid{kind} {write_span(spell)}"
        yield f"  start: {explain_start(spell, editions)}"
        for wording in spell["wordings"]:
            text = wording["text"]
            lead = "" if len(spell["wordings"]) == 1 else f"{wording['day']}  "
            yield f"  {lead}{_mark(former, text) if former else text}"
            former = text
        yield f"  end: {explain_end(spell, editions)}"
        if spell["disagreement"]:
            yield f"  doubt: {spell['disagreement']}"
    for title, steps in (("replaced by", life.successors), ("replaces", life.predecessors)):
        for step in steps:
            yield f"{'  ' * (step.depth - 1)}{title} {describe_step(life.code_set, step)}"


def _mark(previous: str, current: str) -> str:
    return "".join(
        _MARKS.get(piece.role, "{}").format(piece.text) for piece in merge_pieces(previous, current)
    )
