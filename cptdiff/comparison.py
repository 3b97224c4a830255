"""Two releases in, what differs out: pairs by one join, then field by field."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

import polars as pl

from cptdiff.columns import Rules
from cptdiff.errors import Refused
from cptdiff.fields import (
    describe_columns,
    describe_types,
    drop_ignored,
    match_columns,
    name_descriptor,
    weigh_columns,
)
from cptdiff.model import (
    DESCRIPTORS,
    OWN,
    Changes,
    Note,
    Pairs,
    Release,
    make_notes,
    name_pair,
)
from cptdiff.rowsets import describe_sets, list_revisions, list_row_revisions, pair_rows
from cptdiff.zeros import describe_respelled_keys

# So many words of a code that comes back are those of before; with fewer it is another service.
_SAME_WORDS: Final = 0.5
_KIND_TITLES: Final = {"code": "codes", "header": "headers", "modifier": "modifiers"}


def find_shared_fields(previous: Release, current: Release) -> dict[str, tuple[str, ...]]:
    """By part that both releases carry, the fields that both carry, in current's order."""
    return {
        part: tuple(name for name in fields if name in previous.carries[part])
        for part, fields in current.carries.items()
        if part in previous.carries
    }


def describe_uncompared(previous: Release, current: Release) -> tuple[str, ...]:
    """What only one of the two releases carries, one sentence each."""
    notes = []
    titles = _KIND_TITLES | {part.name: part.title for part in current.profile.parts}
    for part in sorted({*previous.carries, *current.carries}):
        if part not in previous.carries or part not in current.carries:
            only = current if part in current.carries else previous
            count = only.entries.filter(pl.col("part") == part).height
            notes.append(
                f"{titles[part]} are only in {only.name} ({count:,}) and were not compared"
            )
        else:
            notes += _describe_one_sided_fields(previous, current.carries, part, titles[part])
            notes += _describe_one_sided_fields(current, previous.carries, part, titles[part])
    return tuple(notes)


def _describe_one_sided_fields(
    only: Release, other: Mapping[str, tuple[str, ...]], part: str, title: str
) -> list[str]:
    names = sorted(set(only.carries[part]) - set(other[part]))
    return [
        f"column {name.removeprefix(OWN)} is only in {only.name} and was not compared"
        if name.startswith(OWN)
        else f"field {name} of {title} is only in {only.name} and was not compared"
        for name in names
    ]


def pair_entries(
    before: pl.DataFrame, after: pl.DataFrame, shared: Mapping[str, tuple[str, ...]]
) -> Pairs:
    """The pairs by code; by kind and code where a code stands for two kinds in one release.

    `shared` has by part the fields to compare. Codes are joined by their hashes, three times as
    fast; where two share one, by themselves.
    """
    names = list(dict.fromkeys(name for fields in shared.values() for name in fields))
    at = _find_partners(*(frame.select(pl.col("code").hash()) for frame in (before, after)))
    unlike = _find_differences(before, after, at, names) if at.len() == after.height else None
    if unlike is None or unlike["code"].any():
        at = _find_partners(before.select("code"), after.select("code"))
        if at.len() != after.height:
            both = pl.concat_str(pl.col("kind").cast(pl.String), "code", separator=" ")
            at = _find_partners(*(frame.select(both.alias("code")) for frame in (before, after)))
        unlike = _find_differences(before, after, at, names)
    same_kind = (before["kind"].gather(at) == after["kind"]).fill_null(value=False)
    return Pairs(before, after, at, same_kind, _keep_shared(unlike, after, same_kind, shared))


def _find_partners(before: pl.DataFrame, after: pl.DataFrame) -> pl.Series:
    """For each row of `after` the row of `before` with its code."""
    numbered = before.lazy().with_row_index("at")
    return after.lazy().join(numbered, on="code", how="left", maintain_order="left").collect()["at"]


def _find_differences(
    before: pl.DataFrame, after: pl.DataFrame, at: pl.Series, names: Sequence[str]
) -> pl.DataFrame:
    """Where the paired rows differ, by code and by field; null where there is no pair."""
    rows = pl.lit(at)
    differs = [
        (pl.col(name).gather(rows) != pl.lit(after[name])).alias(name) for name in ("code", *names)
    ]
    return before.lazy().select(differs).collect()


def _keep_shared(
    unlike: pl.DataFrame,
    after: pl.DataFrame,
    same_kind: pl.Series,
    shared: Mapping[str, tuple[str, ...]],
) -> pl.DataFrame:
    """`unlike` where both are of one kind, and their part has the field on both sides."""
    found = []
    for name in unlike.columns[1:]:
        parts = [part for part, fields in shared.items() if name in fields]
        differs = unlike[name].fill_null(value=False) & same_kind
        if len(parts) < len(shared) and differs.any():
            differs &= after["part"].is_in(parts)
        found.append(differs)
    return pl.DataFrame(found)


def _list_decimal_columns(changes: Changes) -> Iterator[str]:
    """The columns of a table whose values all changed from 5 to 5.0 and the like."""
    if not changes.current.profile.is_own:
        return
    before, after = (_strip_value_zeros(pl.col(side)) for side in ("previous", "current"))
    fields = changes.revised.group_by("field", maintain_order=True).agg(
        pl.len().alias("changed"), (before == after).sum().alias("respelled")
    )
    pairs = changes.compared - changes.added.height
    for name, changed, respelled in fields.iter_rows():
        if respelled == changed and 2 * respelled >= pairs:
            yield (
                f"column {name.removeprefix(OWN)}: all changes ({changed:,}) write the same number"
                " with other decimals, as 5 and 5.0"
            )


def _strip_value_zeros(values: pl.Expr) -> pl.Expr:
    """`values` without zeros at the end of a number's decimals."""
    bare = values.str.replace(r"\A(-?[0-9]+\.[0-9]*?)0+\z", "${1}")
    return bare.str.replace(r"\A(-?[0-9]+)\.\z", "${1}")


_KEY = ("kind", "code")
_NO_RULES: Final = Rules()


def compare(previous: Release, current: Release, *, rules: Rules = _NO_RULES) -> Changes:
    """The changes by (kind, code) of what is valid on each release's effective date.

    A part or a field that only one side's files carry is not compared; `Changes.notes` say so.
    `rules` are for the columns of a user's table. Raises `Refused` for two code sets (E303), where
    nothing is in common (E307), and for rules of a column that there is not (E163).
    """
    _check_code_set(previous, current)
    previous, spelled = match_columns(previous, current, rules)
    previous, current, ignored = drop_ignored(previous, current, rules)
    shared = _find_shared_columns(previous, current)
    set_aside = (
        pl.concat([previous.set_aside_codes, current.set_aside_codes]).select("code").unique()
    )
    before, after = (_select_parts(release, shared, set_aside) for release in (previous, current))
    pairs = _drop_gaps(pair_entries(before, after, shared), previous.gaps, current.gaps)
    has_sets = previous.sets.height or current.sets.height
    sets = pair_rows(pairs, previous, current, rules) if has_sets else None
    weighed, columns = weigh_columns(sets.pairs if sets else pairs, previous, current, rules)
    revised = list_row_revisions(sets, weighed) if sets else list_revisions(weighed)
    rows = _find_revised(weighed, None if sets is None else pairs, revised)
    added, reused = _list_added(pairs, previous)
    changes = Changes(
        previous=previous,
        current=current,
        added=added,
        deleted=_list_deleted(pairs, current),
        revised=revised,
        revised_previous=before[pairs.at.gather(rows)],
        revised_current=after[rows],
        transient=_list_transient(previous, current).join(set_aside, on="code", how="anti"),
        compared=after.height + current.common.count,
        notes=(
            *reused,
            *((describe_sets(sets, previous, current, rules),) if sets else ()),
            *describe_columns(columns),
            *make_notes("spelling", describe_types(previous, current)),
            *make_notes("spelling", spelled),
            *make_notes("uncompared", (*ignored, *describe_uncompared(previous, current))),
        ),
        columns=columns,
    )
    # What makes all else doubtful comes first.
    decimals = make_notes("spelling", _list_decimal_columns(changes))
    first = (*describe_respelled_keys(changes), *decimals)
    return name_descriptor(replace(changes, notes=(*first, *changes.notes)), rules)


def _find_revised(weighed: Pairs, entries: Pairs | None, revised: pl.DataFrame) -> pl.Series:
    """Which rows of after are revised; of `entries`, where `weighed` has several rows of a key."""
    if entries is None:
        differs = pl.any_horizontal(False, *weighed.differs.columns)  # noqa: FBT003 - where no field is shared
        return weighed.differs.select(differs).to_series().arg_true()
    changed = entries.after["code"].is_in(revised["code"].implode())
    return (changed & entries.same_kind).arg_true()


def _check_code_set(previous: Release, current: Release) -> None:
    if previous.code_set != current.code_set:
        titles = f"PREVIOUS is {previous.profile.label}, CURRENT is {current.profile.label}"
        fix = "give two releases of one code set"
        raise Refused("E303", name_pair(previous, current), titles, fix)


def _find_shared_columns(previous: Release, current: Release) -> dict[str, tuple[str, ...]]:
    shared = find_shared_fields(previous, current)
    # A table of keys alone has no fields to share.
    both = all(any(release.carries.values()) for release in (previous, current))
    if not any(shared.values()) and (both or not current.profile.is_own):
        wrong = "the two releases have no kind of entry and no field in common"
        fix = "give files with the same content"
        raise Refused("E307", name_pair(previous, current), wrong, fix)
    return shared


def _select_parts(
    release: Release, shared: Mapping[str, tuple[str, ...]], set_aside: pl.DataFrame
) -> pl.DataFrame:
    """The entries to compare: a code that either side could not read is neither new nor gone."""
    entries = release.entries
    if not set(release.carries) <= set(shared):
        entries = entries.filter(pl.col("part").is_in(list(shared)))
    if set_aside.height:
        entries = entries.join(set_aside, on="code", how="anti", maintain_order="left")
    return entries


def _drop_gaps(pairs: Pairs, *gaps: pl.DataFrame) -> Pairs:
    """`pairs` without the differences that are a file's missing row, no publisher's wording."""
    missing = pl.concat(gaps)
    if not missing.height:
        return pairs
    codes = pl.concat_str(pl.col("kind").cast(pl.String), "code", separator=" ")
    known = pairs.after.select(codes).to_series()
    of_field = {str(name): rows for (name,), rows in missing.group_by("field")}
    held = {
        name: ~known.is_in(of_field[name].select(codes).to_series().implode())
        for name in pairs.differs.columns
        if name in of_field
    }
    return replace(pairs, differs=pairs.differs.with_columns(
        pl.col(name) & mask for name, mask in held.items()
    ))  # fmt: skip


def _list_added(pairs: Pairs, previous: Release) -> tuple[pl.DataFrame, Iterable[Note]]:
    """New entries with their reason: became-header, became-code, reinstated, re-used or none.

    An ICD-10 code that is a header in the other release changed its kind. HCPCS
    gives a code that is back after it had rolled off the file the action code R. The notes tell
    what re-used codes were before.
    """
    new = pairs.after.with_columns(pairs.at).filter(~pairs.same_kind)
    became = pl.format("became-{}", pl.col("kind").cast(pl.String))
    reason = pl.when(pl.col("at").is_not_null()).then(became).otherwise(pl.lit(""))
    added = new.with_columns(reason.alias("reason")).drop("at")
    if "action" in added.columns:
        back = pl.when(pl.col("action") == "R").then(pl.lit("reinstated")).otherwise("reason")
        added = added.with_columns(back.alias("reason"))
    return _mark_again(added, [(previous.name, previous.ended)])


def mark_returned(changes: Changes, older: Sequence[Release]) -> Changes:
    """Return `changes` whose added entries tell which of them an older release had.

    Their reason is reinstated, or re-used where their words are others, and a note tells what they
    were. Of several older releases the last one of `older` that has an entry decides.
    """
    frames = [(one.name, frame) for one in older for frame in (one.ended, one.entries)]
    added, notes = _mark_again(changes.added, frames)
    return replace(changes, added=added, notes=(*notes, *changes.notes))


def _mark_again(
    added: pl.DataFrame, frames: Sequence[tuple[str, pl.DataFrame]]
) -> tuple[pl.DataFrame, Iterable[Note]]:
    """`added` with the reasons of entries that stand in one of `frames`, the last one first."""
    reasons: dict[tuple[str, str], str] = {}
    notes = []
    open_ = added.filter(pl.col("reason").is_in(["", "reinstated"]))
    for name, frame in reversed(frames):
        levels = [one for one in DESCRIPTORS if one in frame.columns and one in added.columns]
        was = frame.select(*_KEY, *(pl.col(one).alias(f"was_{one}") for one in levels))
        for row in open_.join(was, on=_KEY).sort(_KEY).iter_rows(named=True):
            key = (row["kind"], row["code"])
            if key in reasons:
                continue
            pairs = ((row[f"was_{one}"], row[one]) for one in levels)
            then, now = next((pair for pair in pairs if all(pair)), ("", ""))
            reasons[key] = "reinstated" if has_same_words(then, now) else "re-used"
            if reasons[key] == "re-used":
                text = f"is re-used; {name} has it for something else"
                notes.append(Note("reused", text, row["code"], f": {then}"))
    if not reasons:
        return added, ()
    rows = [(*key, reason) for key, reason in reasons.items()]
    again = pl.DataFrame(rows, {**{name: added.schema[name] for name in _KEY}, "again": pl.String},
                         orient="row")  # fmt: skip
    known = added.join(again, on=_KEY, how="left", maintain_order="left")
    return known.with_columns(pl.coalesce("again", "reason").alias("reason")).drop("again"), notes


def has_same_words(former: str, now: str) -> bool:
    """Return whether two descriptors of one code have half of their words in common."""
    one, other = ({*re.findall(r"\w+", text.casefold())} for text in (former, now))
    return len(one & other) >= _SAME_WORDS * max(len(one), len(other))


def _list_deleted(pairs: Pairs, current: Release) -> pl.DataFrame:
    """Entries no longer valid, with their reason: absent, terminated, became-header, became-code.

    `end_date` is current's where current tells it.
    """
    kept = pairs.at.filter(pairs.same_kind)
    gone = pl.repeat(value=True, n=pairs.before.height, eager=True).scatter(kept, values=False)
    other = pairs.after.select("code", pl.col("kind").alias("there")).filter(
        ~pairs.same_kind & pairs.at.is_not_null()
    )
    became = pl.format("became-{}", pl.col("there").cast(pl.String)).fill_null("absent")
    absent = pairs.before.filter(gone).join(other, on="code", how="left", maintain_order="left")
    deleted = absent.with_columns(became.alias("reason")).drop("there")
    if not current.ended.height:
        return deleted
    ended = current.ended.select(*_KEY, pl.col("end_date").alias("ended_on"))
    end_reason = (
        pl.when(pl.col("ended_on").is_not_null()).then(pl.lit("terminated")).otherwise("reason")
    )
    return (
        deleted.join(ended, on=_KEY, how="left", maintain_order="left")
        .with_columns(
            end_reason.alias("reason"), pl.coalesce("ended_on", "end_date").alias("end_date")
        )
        .drop("ended_on")
    )


def _list_transient(previous: Release, current: Release) -> pl.DataFrame:
    """Entries of neither date: added after previous's, ended before current's."""
    frame = current.ended.with_columns(pl.lit("").alias("reason"))
    if not frame.height or previous.effective_date is None:
        return frame.clear()
    new = frame.filter(pl.col("add_date") > previous.effective_date)
    return new.join(previous.entries, on=_KEY, how="anti")
