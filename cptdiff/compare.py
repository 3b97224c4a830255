"""Two releases in, what differs out: three joins and one unpivot for each part."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import polars as pl

from cptdiff.codesets import CodeSet
from cptdiff.errors import Refused
from cptdiff.model import OWN, REVISED, Changes, Release

_KEY = ("kind", "code")


@dataclass(frozen=True, eq=False)
class _Part:
    """One part of both releases, cut to the fields that both carry."""

    previous: pl.LazyFrame
    current: pl.LazyFrame
    fields: tuple[str, ...]


def compare(previous: Release, current: Release) -> Changes:
    """The changes by (kind, code) of what is valid on each release's effective date.

    A part or a field that only one side's files carry is not compared; `Changes.notes` say so.
    Raises `Refused` (E303) for two code sets.
    """
    if previous.code_set is not current.code_set:
        titles = f"previous is {previous.code_set.label}, current is {current.code_set.label}"
        raise Refused("E303", current.archive.name, titles, "give two releases of one code set")
    if current.code_set is CodeSet.TABLE:
        previous = _respelled(previous, current)
    parts = [_part(previous, current, name) for name in sorted(_shared(previous, current))]
    added, deleted, revised = _differences(parts)
    return Changes(
        previous=previous,
        current=current,
        added=_why_added(added, previous, current),
        deleted=_why_deleted(deleted, previous, current),
        revised=revised,
        transient=_transient(previous, current),
        notes=not_compared(previous, current),
    )


def not_compared(previous: Release, current: Release) -> tuple[str, ...]:
    """What only one of the two releases carries, in words."""
    notes = []
    for part in sorted({*previous.carries, *current.carries}):
        here, there = previous.carries.get(part), current.carries.get(part)
        if here is None or there is None:
            only = current if here is None else previous
            count = only.entries.filter(pl.col("part") == part).height
            notes.append(f"{_PARTS[part]} are in {only.name} only ({count:,}): not compared")
            continue
        for only, fields in ((previous, set(here) - set(there)), (current, set(there) - set(here))):
            for name in sorted(fields):
                what = f"column {name.removeprefix(OWN)}" if name.startswith(OWN) else (
                    f"field {name} of {_PARTS[part].lower()}"
                )  # fmt: skip
                notes.append(f"{what} is in {only.name} only: not compared")
    return tuple(dict.fromkeys(notes))


_PARTS = {
    "code": "Codes",
    "header": "Headers",
    "modifier": "Modifiers",
    "pla": "PLA codes",
}


def _respelled(previous: Release, current: Release) -> Release:
    """A user's columns match without regard to case: previous takes current's spelling."""
    now = {name.casefold(): name for name in current.carries["code"]}
    names = {name: now.get(name.casefold(), name) for name in previous.carries["code"]}
    if all(name == spelled for name, spelled in names.items()):
        return previous
    return replace(
        previous,
        entries=previous.entries.rename(names),
        ended=previous.ended.rename(names),
        carries={"code": tuple(names.values())},
    )


def _shared(previous: Release, current: Release) -> set[str]:
    return set(previous.carries) & set(current.carries)


def _part(previous: Release, current: Release, name: str) -> _Part:
    both = [f for f in current.carries[name] if f in previous.carries[name]]
    of_part = pl.col("part") == name
    one_part = len(_shared(previous, current)) == 1 and current.code_set is CodeSet.TABLE
    sides = [
        release.entries.lazy() if one_part else release.entries.lazy().filter(of_part)
        for release in (previous, current)
    ]
    return _Part(sides[0], sides[1], tuple(both))


def _differences(
    parts: Sequence[_Part],
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    plans = [plan for part in parts for plan in _plans(part)]
    frames = pl.collect_all(plans)
    added = pl.concat(frames[0::3], how="diagonal")
    deleted = pl.concat(frames[1::3], how="diagonal")
    revised = [
        _unpivoted(frame, part.fields) for frame, part in zip(frames[2::3], parts, strict=True)
    ]
    return added, deleted, pl.concat(revised)


def _plans(part: _Part) -> tuple[pl.LazyFrame, pl.LazyFrame, pl.LazyFrame]:
    """Added, deleted, and the pairs of rows in which a shared field differs."""
    wanted = part.current.select(*_KEY, *part.fields)
    changed = [pl.col(name) != pl.col(f"{name}\x00") for name in part.fields]
    pairs = part.previous.select(*_KEY, *part.fields).join(
        wanted.drop("kind"), on="code", how="inner", suffix="\x00"
    )
    return (
        part.current.join(part.previous, on="code", how="anti"),
        part.previous.join(part.current, on="code", how="anti"),
        pairs.filter(pl.any_horizontal(changed)) if changed else pairs.clear(),
    )


def _unpivoted(pairs: pl.DataFrame, fields: Sequence[str]) -> pl.DataFrame:
    """`REVISED` rows of the pairs' fields that differ."""
    rows = [
        pairs.lazy()
        .filter(pl.col(name) != pl.col(f"{name}\x00"))
        .select(
            *_KEY,
            pl.lit(name).alias("field"),
            pl.col(name).alias("previous"),
            pl.col(f"{name}\x00").alias("current"),
        )
        for name in fields
    ]
    return pl.concat(rows).collect() if rows else pl.DataFrame(schema=REVISED)


def _why_added(added: pl.DataFrame, previous: Release, current: Release) -> pl.DataFrame:
    """`added` with reason: became-header, became-code, reinstated or nothing."""
    if _kinds_comparable(previous, current):
        other = previous.entries.select("code", pl.lit(value=True).alias("there"))
        became = pl.format("became-{}", pl.col("kind").cast(pl.String))
        return _marked(added, other, ["code"], became, "")
    other = previous.ended.select(*_KEY, pl.lit(value=True).alias("there"))
    return _marked(added, other, list(_KEY), pl.lit("reinstated"), "")


def _why_deleted(deleted: pl.DataFrame, previous: Release, current: Release) -> pl.DataFrame:
    """`deleted` with reason and, where current tells it, the date of termination."""
    if _kinds_comparable(previous, current):
        other = current.entries.select("code", pl.col("kind").alias("there"))
        became = pl.format("became-{}", pl.col("there").cast(pl.String))
        return _marked(deleted, other, ["code"], became, "absent")
    other = current.ended.select(*_KEY, pl.col("end_date").alias("there"))
    ended_on = pl.coalesce("there", "end_date").alias("end_date")
    told = deleted.join(other, on=_KEY, how="left").with_columns(ended_on).drop("there")
    return _marked(told, other, list(_KEY), pl.lit("terminated"), "absent")


def _marked(
    frame: pl.DataFrame, other: pl.DataFrame, on: list[str], reason: pl.Expr, otherwise: str
) -> pl.DataFrame:
    """`frame` with `reason` where `other` (on, there) knows the entry, else `otherwise`."""
    known = frame.join(other, on=on, how="left")
    chosen = pl.when(pl.col("there").is_not_null()).then(reason).otherwise(pl.lit(otherwise))
    return known.with_columns(chosen.alias("reason")).drop("there")


def _kinds_comparable(previous: Release, current: Release) -> bool:
    """Whether a code could be seen to change its kind: both carry headers (formats.md 8.4)."""
    return all({"code", "header"} <= set(release.carries) for release in (previous, current))


def _transient(previous: Release, current: Release) -> pl.DataFrame:
    """Entries of neither date: added after previous's, ended before current's (rulings.md)."""
    frame = current.ended
    if not frame.height or previous.effective_date is None:
        return frame.with_columns(pl.lit("").alias("reason"))
    new = frame.filter(pl.col("add_date") > previous.effective_date)
    return new.join(previous.entries, on=_KEY, how="anti").with_columns(pl.lit("").alias("reason"))
