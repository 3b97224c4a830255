"""The pages of a history: all that happened over the releases, and the life of one code.

templates/README.md documents what the templates get.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final, NamedTuple

import polars as pl

from cptdiff.history.editions import Editions, is_gap
from cptdiff.history.events import WHAT, count_events, count_kinds, list_events
from cptdiff.history.forms import find_gap
from cptdiff.history.life import (
    Life,
    Spell,
    Step,
    explain_end,
    explain_start,
    judge_day,
    judge_life,
    list_presence,
    name_other,
    sort_spells,
    write_span,
)
from cptdiff.history.timeline import find_unknown, find_valid
from cptdiff.judgement.wording import SAME, Piece, merge_pieces
from cptdiff.options import Presentation
from cptdiff.reports.html import escape_css
from cptdiff.reports.overview import write_code
from cptdiff.reports.page import Head, Row, Table, Tally
from cptdiff.reports.templates import render_styled
from cptdiff.versions import find_version

# What a page can show of one kind of event and still open at once; all is in timeline.csv.
_MOST: Final = 2_000
# So many events are in sight, the others can be opened.
_AT_ONCE: Final = 15
_MOST_DOUBTS: Final = 200
_PRESENCE: Final = ("Date", "Release", "What it says", "File")


class _Word(NamedTuple):
    """An event as pages name it: its look, the head of a column, in figures, a heading, advice."""

    look: str
    head: str
    label: str
    title: str
    advice: str


_WORDS: Final = {
    "re-used": _Word(
        "critical",
        "Re-used",
        "re-used for another service",
        "Re-used codes",
        "They came back with other words: what was true of the code before is not true now. Check"
        " every list, rule and report that has one.",
    ),
    "ended": _Word(
        "deleted",
        "Ended",
        "ended",
        "Ended codes",
        "Not valid for dates of service after the last valid one.",
    ),
    "became header": _Word(
        "deleted",
        "Became headers",
        "became headers",
        "Codes that became headers",
        "Not billable from then on: use the more specific codes below them.",
    ),
    "reinstated": _Word(
        "added",
        "Came back",
        "came back",
        "Codes that came back",
        "They had ended, and are valid again with the same words. They were not valid in between.",
    ),
    "converted": _Word(
        "added",
        "Converted",
        "converted from temporary codes",
        "Codes converted from temporary ones",
        "The publisher names them as what replaces a temporary code.",
    ),
    "became code": _Word(
        "added",
        "Became billable",
        "became billable",
        "Headers that became codes",
        "They were headers, and are billable from then on.",
    ),
    "added": _Word(
        "added", "Added", "added", "Added codes", "Not valid for earlier dates of service."
    ),
    "reworded": _Word(
        "revised",
        "Reworded",
        "reworded",
        "Reworded codes",
        "Still the same code, with other words. `cptdiff diff` grades each edit between two"
        " releases.",
    ),
}


class Event(NamedTuple):
    """What happened to a code on a day; `wording` is a redline where there was another one."""

    code: str
    kind: str
    day: str
    wording: Sequence[Piece]
    replacements: str


class Happening(NamedTuple):
    """All events of one kind: `number` in words, and how many are `left_out` of the page."""

    name: str
    title: str
    advice: str
    number: str
    events: Sequence[Event]
    left_out: str


class Stretch(NamedTuple):
    """A spell: its days, how each is known, its wordings by day, and where dates disagree."""

    kind: str
    span: str
    is_over: bool
    is_reused: bool
    start: str
    end: str
    wordings: Sequence[tuple[str, Sequence[Piece]]]
    doubt: str


def render_history(
    editions: Editions, timeline: pl.DataFrame, presentation: Presentation, day: date | None = None
) -> bytes:
    """Return the page of a timeline (`SPELLS`) as UTF-8: counts by release, and the events."""
    events = list_events(editions, timeline)
    shown = [name for name in WHAT if events.filter(pl.col("what") == name).height]
    variables = {
        "verdict": _write_verdict(editions, timeline, events),
        "on_day": _tell_day(timeline, day, editions) if day else "",
        "figures": [_make_figure(events, name) for name in shown],
        "releases": _tabulate_releases(editions, events),
        "happenings": [_make_happening(editions, events, name) for name in shown],
        "at_once": _AT_ONCE,
        "files": _tabulate_files(editions),
        "doubts": _tabulate_doubts(editions, timeline),
    }
    return _render("history.html", variables, editions, presentation)


def render_life(
    editions: Editions, life: Life, presentation: Presentation, day: date | None = None
) -> bytes:
    """Return the page of one code as UTF-8: verdict, spells, wordings, replacements, releases."""
    code = write_code(life.code_set, life.code)
    told = f"{code} on {day}: {judge_day(life, day, editions)}." if day else ""
    variables = {
        "code": code,
        "wording": life.spells[-1]["descriptor"],
        "verdict": told or judge_life(life, editions),
        "on_day": judge_life(life, editions) if told else "",
        "spells": [
            _make_stretch(spell, former, editions) for spell, former in _pair_spells(life.spells)
        ],
        "successors": [_dot_step(life.code_set, step) for step in life.successors],
        "predecessors": [_dot_step(life.code_set, step) for step in life.predecessors],
        "presence": _tabulate_presence(life, editions),
    }
    return _render("code.html", variables, editions, presentation)


def _render(
    template: str, variables: Mapping[str, Any], editions: Editions, presentation: Presentation
) -> bytes:
    first, last = editions.editions[0], editions.editions[-1]
    many = len(editions.editions)
    span = f"{first.name} ({first.day}) to {last.name} ({last.day})"
    common = {
        "code_set": editions.label,
        "span": f"1 release: {first.name} ({first.day})"
        if many == 1
        else f"{many:,} releases: {span}",
        "notes": [_write_sentence(str(note)) for note in editions.notes],
        "running": escape_css(f"{editions.label}: {first.name} to {last.name}"),
        "notice": presentation.notice,
        "version": find_version(),
    }
    return render_styled(template, "history.css", {**common, **variables}, presentation.templates)


def _write_sentence(note: str) -> str:
    return f"{note[:1].upper()}{note[1:]}."


def _write_verdict(editions: Editions, timeline: pl.DataFrame, events: pl.DataFrame) -> str:
    last = editions.editions[-1]
    told = [
        f"{many:,} {_WORDS[name].label}"
        for name in WHAT
        if (many := count_kinds(events, name).get("code", 0))
    ]
    since = f"Since {editions.days[0]}: {', '.join(told)}." if told else "Nothing else happened."
    return (
        f"{_count_codes(find_valid(timeline, last.day))} valid on {last.day} ({last.name}). {since}"
    )


def _tell_day(timeline: pl.DataFrame, day: date, editions: Editions) -> str:
    """What was valid on a day, and what may have been."""
    gap = find_gap(editions.days, day)
    told = f"{_count_codes(find_valid(timeline, day, gap))} valid on {day}."
    if gap is None:
        return told
    many = _count_codes(find_unknown(timeline, gap))
    return f"{told} Not known: {many} that changed with no release from {gap[0]} to {gap[1]}."


def _count_codes(spells: pl.DataFrame) -> str:
    many = spells.filter(pl.col("kind") == "code")["code"].n_unique()
    return f"{many:,} codes" if many != 1 else "1 code"


def _make_figure(events: pl.DataFrame, name: str) -> Tally:
    counts = count_kinds(events, name)
    word = _WORDS[name]
    number = counts.pop("code", 0)
    others = ", ".join(f"{many:,} {kind}{'s' * (many > 1)}" for kind, many in counts.items())
    return Tally(_address(name), word.look, word.label, f"{number:,}", others and f"and {others}")


def _address(name: str) -> str:
    return name.replace(" ", "-")


def _tabulate_releases(editions: Editions, events: pl.DataFrame) -> Table:
    """The codes that are valid in each release, and what happened since the one before."""
    counts = {row["at"]: row for row in count_events(events).iter_rows(named=True)}
    names = [name for name in WHAT if any(row[name] for row in counts.values())]
    rows = []
    for at, edition in enumerate(editions.editions):
        is_valid = (pl.col("state") == "valid") & (pl.col("kind") == "code")
        valid = edition.records.filter(is_valid).height
        numbers = [_write_count(counts, at, name) if at else "" for name in names]
        rows.append(Row([edition.name], [f"{valid:,}", *numbers], str(edition.day)))
    if None in counts:
        numbers = [_write_count(counts, None, name) for name in names]
        rows.append(Row(["Later"], ["", *numbers], "by dates in the last release"))
    heads = [Head(label, "", "") for label in ("Valid", *(_WORDS[name].head for name in names))]
    caption = "Codes in each release, and what happened since the one before"
    note = "Without headers and modifiers."
    return Table(caption, ["Release"], heads, rows, note=note)


def _tabulate_files(editions: Editions) -> Table:
    rows = [Row([one.name, one.file, one.sha256 or "a folder"], []) for one in editions.editions]
    return Table("Releases read", ["Release", "File", "SHA-256"], [], rows)


def _write_count(counts: Mapping[int | None, Mapping[str, int]], at: int | None, name: str) -> str:
    number = counts[at][name] if at in counts else 0
    return f"{number:,}" if number else ""


def _make_happening(editions: Editions, events: pl.DataFrame, name: str) -> Happening:
    """The events of this name, the latest first, but for headers: they are no codes to bill."""
    word = _WORDS[name]
    own = events.filter(pl.col("what") == name, pl.col("kind") != "header")
    shown = own.head(_MOST)
    sources = _name_sources(events) if name == "converted" else {}
    made = [_make_event(editions, row, sources) for row in shown.iter_rows(named=True)]
    more = own.height - shown.height
    left_out = f"{more:,}" if more else ""
    return Happening(
        _address(name), word.title, word.advice, f"{own.height:,}", made, left_out
    )  # fmt: skip


def _name_sources(events: pl.DataFrame) -> dict[str, str]:
    """By code the codes that named it as their replacement."""
    named = events.filter(pl.col("replaced_by") != "").select(
        "code", pl.col("replaced_by").str.split(" ").alias("target")
    )
    found = named.explode("target").sort("target", "code").group_by("target", maintain_order=True)
    return dict(found.agg(pl.col("code").unique(maintain_order=True).str.join(", ")).iter_rows())


def _make_event(editions: Editions, row: Spell, sources: Mapping[str, str]) -> Event:
    code = write_code(editions.code_set, row["code"])
    named = [_name_replacement(editions.code_set, one) for one in row["replaced_by"].split()]
    source = sources.get(row["code"], "")
    told = f"Replaced by {', '.join(named)}" if named else f"Replaces {source}" if source else ""
    return Event(
        code, "" if row["kind"] == "code" else row["kind"], _write_day(editions, row),
        _mark(row["previous"], row["current"]), told,
    )  # fmt: skip


def _name_replacement(code_set: str, code: str) -> str:
    other = name_other(code_set, code)
    return f"{write_code(code_set, code)} ({other})" if other else write_code(code_set, code)


def _write_day(editions: Editions, row: Spell) -> str:
    """The day of an event in words; between which days, where the releases around it lie apart."""
    at, is_dated = row["at"], row["basis"] in {"file", "release"}
    is_wide = at and not is_dated and is_gap(editions.editions[at - 1], editions.editions[at])
    told = f" at the latest; some day after {editions.days[at - 1]}" if is_wide else ""
    if row["what"] == "ended":
        return f"Last valid date {row['day'] - timedelta(days=1)}{told}"
    start = "From" if row["what"] == "reworded" else "Valid from"
    start = "Not billable from" if row["what"] == "became header" else start
    return f"{start} {row['day']}{told}"


def _mark(previous: str | None, current: str) -> Sequence[Piece]:
    """The redline from one wording to the next; without one before, the wording as it is."""
    if previous is None:
        return [Piece(SAME, current)] if current else []
    return merge_pieces(previous, current)


def _tabulate_doubts(editions: Editions, timeline: pl.DataFrame) -> Table | None:
    """Where dates of files and releases disagree; none where they do not."""
    doubted = timeline.filter(pl.col("disagreement") != "")
    if not doubted.height:
        return None
    rows = [
        Row([write_code(editions.code_set, code), span, told], [])
        for code, span, told in _list_doubts(doubted.head(_MOST_DOUBTS))
    ]
    note = "The release decides its own day, the date of the file the days between releases."
    if doubted.height > _MOST_DOUBTS:
        note += f" The first {_MOST_DOUBTS:,} of {doubted.height:,}; all are in timeline.csv."
    labels = ["Code", "Valid", "What disagrees"]
    return Table("Dates that disagree", labels, [], rows, folded=len(rows) > _AT_ONCE, note=note)


def _list_doubts(doubted: pl.DataFrame) -> Iterator[tuple[str, str, str]]:
    for row in doubted.iter_rows(named=True):
        yield row["code"], write_span(row), row["disagreement"]


def _pair_spells(spells: Sequence[Spell]) -> Iterator[tuple[Spell, str | None]]:
    """Yield each spell with the last wording of the one before, the earliest first."""
    former = None
    for spell in sort_spells(spells):
        yield spell, former
        former = spell["descriptor"] or former


def _make_stretch(spell: Spell, former: str | None, editions: Editions) -> Stretch:
    wordings, is_single = [], len(spell["wordings"]) == 1
    for wording in spell["wordings"]:
        day = "Wording" if is_single else str(wording["day"])
        wordings.append((day, _mark(former, wording["text"])))
        former = wording["text"]
    return Stretch(
        "" if spell["kind"] == "code" else spell["kind"], write_span(spell), bool(spell["ended"]),
        spell["began"] == "re-used", explain_start(spell, editions),
        explain_end(spell, editions), wordings, spell["disagreement"],
    )  # fmt: skip


def _dot_step(code_set: str, step: Step) -> Step:
    return step._replace(code=write_code(code_set, step.code))


def _tabulate_presence(life: Life, editions: Editions) -> Table:
    rows = [
        Row([str(edition.day), edition.name, told, edition.file], [])
        for edition, told in list_presence(life, editions)
    ]
    return Table(f"{life.code} in the releases read", _PRESENCE, [], rows)
