"""The life of one code: its spells, what it replaced, and where its replacements lead."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, Final, NamedTuple

import polars as pl

from cptdiff.codesets import profile_of
from cptdiff.history.editions import Edition, Editions, is_gap
from cptdiff.history.forms import find_gap
from cptdiff.history.timeline import EVER, OPEN
from cptdiff.reports.overview import write_code

Spell = Mapping[str, Any]
# Two releases between which some are missing.
_Pair = tuple[Edition, Edition]
_DAY: Final = timedelta(days=1)
# How the first valid day is known, by the start of its basis.
_STARTS: Final = {
    "file": "date in the publisher's file",
    "release": "the release before does not have it, though the file's date is earlier",
    "first release": "in the first release read, {first_release}; it may be older",
    "not stated": "no start stated",
    "first seen": "first seen in {first_release}",
}
# As above, of the last valid day.
_ENDS: Final = {
    "file": "date in the publisher's file",
    "release": "still valid in {last_release}, though the file's date is earlier",
    "open": "no end stated",
    "last seen": "last seen in {last_release}",
}
_EVENTS: Final = {"re-used": "re-used, with other words (critical)"}
_NOT_HERE: Final = "in none of these releases"


class Step(NamedTuple):
    """A code on the way from a code to its last replacements.

    `depth` is 1 for a replacement, 2 for a replacement of that, and so on. `validity` says when the
    code is valid, `wording` is its last one (both of what the releases hold); `is_open` tells that
    no end is stated. `is_again` tells that it stands in an earlier step, with its replacements.
    """

    depth: int
    code: str
    validity: str
    wording: str
    is_open: bool
    is_again: bool


class Life(NamedTuple):
    """The spells of a code (rows of a timeline), its ways onward, and what it replaced."""

    code_set: str
    code: str
    spells: tuple[Spell, ...]
    successors: tuple[Step, ...]
    predecessors: tuple[Step, ...]


def find_life(timeline: pl.DataFrame, code: str) -> Life:
    """Return the life of `code`, in upper or lower case and with or without a dot."""
    wanted = code.strip().upper()
    rows = _list_spells(timeline, wanted)
    if not rows:
        bare = pl.col("code").str.replace(".", "", literal=True)
        found = timeline.filter(bare == wanted.replace(".", ""))
        rows = tuple(found.iter_rows(named=True))
    name = rows[0]["code"] if rows else wanted
    label = rows[0]["code_set"] if rows else ""
    named = pl.col("replaced_by").str.split(" ").list.contains(name)
    before = timeline.filter(named)["code"].unique().sort().to_list()
    steps = tuple(_describe_step(timeline, label, 1, one, is_again=False) for one in before)
    return Life(label, name, rows, tuple(_follow(timeline, label, name)), steps)


def _list_spells(timeline: pl.DataFrame, code: str) -> tuple[Spell, ...]:
    return tuple(timeline.filter(pl.col("code") == code).iter_rows(named=True))


def _follow(timeline: pl.DataFrame, code_set: str, code: str) -> Iterator[Step]:
    """Yield the replacements of `code`, each followed by its own; each code's are told once.

    What is valid again needs no replacement, but for `code` itself.
    """
    named = [spell["replaced_by"] for spell in _list_spells(timeline, code) if spell["replaced_by"]]
    open_ = _stack(1, named[-1:])
    seen = {code}
    while open_:
        depth, one = open_.pop()
        yield _describe_step(timeline, code_set, depth, one, is_again=one in seen)
        if one not in seen:
            seen.add(one)
            spells = _list_spells(timeline, one)
            last = max(spells, key=lambda spell: spell["valid_to"], default=None)
            open_ += _stack(depth + 1, [last["replaced_by"]] if last else [])


def _stack(depth: int, named: Sequence[str]) -> list[tuple[int, str]]:
    """The codes of a list that are joined by blanks, the first one on top."""
    codes = dict.fromkeys(code for codes in named for code in codes.split())
    return [(depth, code) for code in reversed(codes)]


def _describe_step(
    timeline: pl.DataFrame, code_set: str, depth: int, code: str, *, is_again: bool
) -> Step:
    spells = _list_spells(timeline, code)
    wording = spells[-1]["descriptor"] if spells else ""
    is_open = any(one["valid_to"] == OPEN and one["kind"] != "header" for one in spells)
    other = name_other(code_set, code) or _NOT_HERE
    validity = describe_validity(spells) if spells else other
    return Step(depth, code, validity, wording, is_open, is_again)


def describe_validity(spells: Sequence[Spell]) -> str:
    """Return when a code was valid: valid from 2020-01-01 to 2024-12-31, and from 2026-01-01 on."""
    codes = [spell for spell in spells if spell["kind"] != "header"]
    spans = ", and ".join(write_span(spell) for spell in codes)
    return f"valid {spans}" if codes else "a header"


def name_other(code_set: str, code: str) -> str:
    """Return whose code a replacement is that is one of another code set, else empty text."""
    other = profile_of(code_set).neighbor
    return f"{other.name} code; {other.note}" if other and re.search(other.codes, code) else ""


def write_span(spell: Spell) -> str:
    """Return the days of a spell in words: from 2020-01-01 to 2024-12-31."""
    start = (
        "from a day not stated" if spell["valid_from"] == EVER else f"from {spell['valid_from']}"
    )
    return f"{start} on" if spell["valid_to"] == OPEN else f"{start} to {spell['valid_to']}"


def explain_start(spell: Spell, editions: Editions) -> str:
    """Return how a spell began and how its first day is known, in words."""
    gap = _find_gaps(spell, editions)[0]
    more = f"no release before it since {gap[0].day}" if gap else ""
    return _explain(spell["began"], spell["basis_from"], _STARTS, spell, more)


def explain_end(spell: Spell, editions: Editions) -> str:
    """Return how a spell ended and how its last day is known, in words."""
    gap = _find_gaps(spell, editions)[1]
    more = f"no release after it until {gap[1].day}" if gap else ""
    return _explain(spell["ended"], spell["basis_to"], _ENDS, spell, more)


def _explain(event: str, basis: str, words: Mapping[str, str], spell: Spell, more: str) -> str:
    start = next(name for name in words if basis == name or basis.startswith(f"{name},"))
    told = [_EVENTS.get(event, event), words[start].format_map(spell), more]
    return "; ".join(filter(None, told))


def _find_gaps(spell: Spell, editions: Editions) -> tuple[_Pair | None, _Pair | None]:
    """The gap between releases in which a spell began, and the one in which it ended."""
    seen_first = spell["basis_from"].startswith("first seen")
    seen_last = spell["basis_to"].startswith("last seen")
    gaps = {other.day: (one, other) for one, other in pairwise(editions.editions)
            if is_gap(one, other)}  # fmt: skip
    start = gaps.get(spell["valid_from"]) if seen_first else None
    return start, gaps.get(spell["valid_to"] + _DAY) if seen_last else None


def sort_spells(spells: Sequence[Spell]) -> list[Spell]:
    """Return the spells of a code, of whatever kind, the earliest first."""
    return sorted(spells, key=lambda one: (one["valid_from"], one["kind"]))


def describe_step(code_set: str, step: Step) -> str:
    """Return a step in words: the code, when it is valid, its wording."""
    again = "; see above" if step.is_again else ""
    wording = f": {step.wording}" if step.wording and not step.is_again else ""
    return f"{write_code(code_set, step.code)} ({step.validity}{again}){wording}"


def judge_day(life: Life, day: date, editions: Editions) -> str:
    """Return whether a code was valid on `day`, in words; not known where no release tells."""
    gaps = [gap for spell in life.spells for gap in _find_gaps(spell, editions) if gap]
    is_covered = find_gap(editions.days, day) is None
    for one, other in gaps:
        if one.day < day < other.day and not is_covered:
            return f"not known: it changed between {one.day} and {other.day}, without a release"
    told = _judge_day(life, day, editions.days[0])
    last = editions.editions[-1]
    return f"{told} by the latest release read, {last.name}" if day > last.day else told


def _judge_day(life: Life, day: date, first: date) -> str:
    held = [one for one in life.spells if one["valid_from"] <= day <= one["valid_to"]]
    if "code" in (kinds := [one["kind"] for one in held]):
        return "valid"
    if held:
        return "not billable, a header" if kinds == ["header"] else f"valid as {kinds[0]}"
    if day < first:
        return f"not covered: the first release is of {first}"
    if all(day < one["valid_from"] for one in life.spells):
        return "not yet valid"
    if all(day > one["valid_to"] for one in life.spells):
        return "no longer valid"
    return "not valid: between two spells"


def judge_life(life: Life, editions: Editions) -> str:
    """Return in sentences what became of a code by the day of the last release."""
    code = write_code(life.code_set, life.code)
    again = [one["valid_from"] for one in life.spells if one["began"] == "re-used"]
    warning = f" Before {max(again)} it described something else." if again else ""
    return f"{code} {_judge_now(life, editions)}{warning}"


def _judge_now(life: Life, editions: Editions) -> str:
    last = editions.editions[-1]
    held = [one for one in life.spells if one["valid_from"] <= last.day <= one["valid_to"]]
    if billable := [one for one in held if one["kind"] != "header"]:
        end = max(one["valid_to"] for one in billable)
        told = "no end is stated" if end == OPEN else f"its last valid date is {end}"
        return f"is valid in the latest release, {last.name} ({last.day}); {told}."
    if held:
        start = held[0]["valid_from"]
        since = f" since {start}" if held[0]["began"] and start != EVER else ""
        return f"is not billable{since}: it is a header, with more specific codes below it."
    future = [one["valid_from"] for one in life.spells if one["valid_from"] > last.day]
    if future:
        return f"is not valid before {min(future)}."
    spell = max(life.spells, key=lambda one: one["valid_to"])
    after = spell["valid_to"] + _DAY
    if gap := _find_gaps(spell, editions)[1]:
        told = f"it ended on a day after {gap[0].day} that no release tells"
        return f"is not valid for dates of service on or after {after}; {told}."
    return (
        f"is not valid for dates of service on or after {after} (last valid date {after - _DAY})."
    )


def list_presence(life: Life, editions: Editions) -> list[tuple[Edition, str]]:
    """Return each release with what it has of the code: valid, ended, not yet begun, or nothing."""
    found = []
    for edition in editions.editions:
        rows = edition.records.filter(pl.col("code") == life.code)
        states = [_name_state(row) for row in rows.iter_rows(named=True)]
        found.append((edition, " and ".join(states) or "not in it"))
    return found


def _name_state(row: Spell) -> str:
    if row["state"] == "ended":
        return f"ended {row['end_date']}"
    if row["state"] == "future":
        return f"begins {row['add_date']}"
    return "header" if row["kind"] == "header" else "valid"
