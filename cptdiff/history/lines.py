"""A timeline, and the life of one code, as lines for the terminal."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final, NamedTuple

import polars as pl

from cptdiff.history.editions import Editions
from cptdiff.history.timeline import EVER, OPEN, find_valid
from cptdiff.judgement.wording import DELETED, INSERTED, merge_pieces

_MARKS: Final = {DELETED: "[-{}-]", INSERTED: "{{+{}+}}"}
# So many replacements of replacements are followed.
_LONGEST: Final = 20


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
        count = edition.records.filter(pl.col("state") == "valid").height
        yield f"  {edition.day}  {edition.name}: {count:,} valid ({edition.file})"
    codes = timeline["code"].n_unique()
    yield f"{codes:,} codes and headers, {timeline.height:,} spells of validity"
    for column in ("began", "ended"):
        counts = timeline[column].value_counts().filter(pl.col(column) != "").sort(column)
        told = ", ".join(f"{count:,} {word}" for word, count in counts.iter_rows())
        if told:
            yield f"  {column}: {told}"
    if day is not None:
        yield f"valid on {day}: {find_valid(timeline, day).height:,}"
        if day < first:
            yield "  before the first release: only codes whose file tells an earlier date"
    doubted = timeline.filter(pl.col("disagreement") != "")
    if doubted.height:
        yield f"dates of a file and a release disagree: {doubted.height:,}"
        for code, told in doubted.select("code", "disagreement").head(_MOST).iter_rows():
            yield f"  {code}: {told}"
    for note in editions.notes:
        yield f"- {note}"


class Life(NamedTuple):
    """The spells of a code (rows of a timeline), and where its replacements lead in the end."""

    code: str
    spells: tuple[Mapping[str, Any], ...]
    successors: tuple[tuple[str, ...], ...]


def find_life(timeline: pl.DataFrame, code: str) -> Life:
    """Return the life of `code`, in upper or lower case and with or without a dot."""
    wanted = code.strip().upper()
    spells = timeline.filter(pl.col("code") == wanted)
    if not spells.height:
        spells = timeline.filter(pl.col("code").str.replace(".", "", literal=True)
                                 == wanted.replace(".", ""))  # fmt: skip
    rows = tuple(spells.iter_rows(named=True))
    name = rows[0]["code"] if rows else wanted
    return Life(name, rows, tuple(_follow(timeline, name)))


def _follow(timeline: pl.DataFrame, code: str) -> Iterator[tuple[str, ...]]:
    """Yield each way from `code` over its replacements to the last one, without `code`."""
    ended = timeline.filter(pl.col("replaced_by") != "")
    onward = {row[0]: row[1].split() for row in ended.select("code", "replaced_by").iter_rows()}
    open_: list[tuple[str, ...]] = [(code,)]
    while open_:
        way = open_.pop(0)
        following = [one for one in onward.get(way[-1], []) if one not in way]
        if len(way) > 1 and (not following or len(way) > _LONGEST):
            yield way[1:]
        elif following:
            open_ += [(*way, one) for one in following]


def describe_life(life: Life, day: date | None = None, first: date | None = None) -> Iterator[str]:
    """Yield the lines that tell a code's life; with `day` first whether it is valid on it.

    `first` is the day of the first release, before which only dates of the files tell.
    """
    if day is not None:
        told = _judge(life, day)
        if first and day < first and told != "valid":
            told = f"not covered: the first release is of {first}"
        yield f"{life.code} on {day}: {told}"
    for spell in life.spells:
        yield _title(spell)
        if spell["began"]:
            yield f"  {spell['began']} ({spell['basis_from']})"
        yield from _list_wordings(spell)
        if spell["ended"]:
            yield f"  {spell['ended']} ({spell['basis_to']})"
        if spell["disagreement"]:
            yield f"  doubt: {spell['disagreement']}"
    for way in life.successors:
        yield f"replaced by: {' -> '.join(way)}"


def _judge(life: Life, day: date) -> str:
    held = [one for one in life.spells if one["valid_from"] <= day <= one["valid_to"]]
    if held:
        kinds = " and ".join(one["kind"] for one in held)
        return "valid" if kinds == "code" else f"valid as {kinds}"
    if all(day < one["valid_from"] for one in life.spells):
        return "not yet valid"
    if all(day > one["valid_to"] for one in life.spells):
        return "no longer valid"
    return "not valid: between two spells"


def _title(spell: Mapping[str, Any]) -> str:
    start = "ever" if spell["valid_from"] == EVER else str(spell["valid_from"])
    end = f" to {spell['valid_to']}" if spell["valid_to"] != OPEN else " on"
    kind = "" if spell["kind"] == "code" else f" ({spell['kind']})"
    return f"{spell['code']}{kind}: valid from {start}{end}"


def _list_wordings(spell: Mapping[str, Any]) -> Iterator[str]:
    """Yield the first wording, and each later one with what went and what came."""
    former = ""
    for wording in spell["wordings"]:
        text = wording["text"]
        yield f"  {wording['day']}  {_mark(former, text) if former else text}"
        former = text


def _mark(previous: str, current: str) -> str:
    return "".join(
        _MARKS.get(piece.role, "{}").format(piece.text) for piece in merge_pieces(previous, current)
    )
