"""The columns of a user's table: which are the same, which are compared, what their values are."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

import polars as pl

from cptdiff.columns import (
    AMOUNT,
    Column,
    Rules,
    Shape,
    count_rows,
    find_descriptor,
    find_name,
    find_type,
    fold_name,
    is_surely_text,
    may_count_rows,
    measure,
    pair_names,
    weigh_pairs,
)
from cptdiff.errors import Refused
from cptdiff.model import OWN, Changes, Note, Pairs, Release, name_pair
from cptdiff.vocabulary import ColumnType

# So many rows make one value in all of them no accident.
_FEWEST_ALIKE: Final = 3


def match_columns(
    previous: Release, current: Release, rules: Rules
) -> tuple[Release, tuple[str, ...]]:
    """Match a user's columns: previous takes current's spelling, with a note.

    They match in any case, without regard to blanks, and where they differ in the year, the quarter
    or the month that they tell, or in what a preset leaves open.
    """
    if not current.profile.is_own:
        return previous, ()
    before, now = (
        [name.removeprefix(OWN) for name in release.carries["code"]]
        for release in (previous, current)
    )
    pairs = pair_names(before, now)
    for old, new in _pair_by_preset(before, now, rules):
        if old not in pairs and new not in pairs.values():
            pairs[old] = new
    for old, new in rules.renamed.items():
        pairs |= {name: found for name in before if fold_name(name) == fold_name(old)
                  for found in now if fold_name(found) == fold_name(new)}  # fmt: skip
    other = {name: found for name, found in pairs.items() if name != found}
    if not other:
        return previous, ()
    notes = tuple(
        f"column {name} of {previous.name} was taken for {found} of {current.name}"
        for name, found in other.items()
        if rules.find_type(found) is not ColumnType.IGNORE
    )
    names = {OWN + name: OWN + found for name, found in other.items()}
    respelled = replace(
        previous,
        entries=previous.entries.rename(names),
        ended=previous.ended.rename(names),
        sets=previous.sets.rename(names, strict=False),
        carries={"code": tuple(OWN + pairs.get(name, name) for name in before)},
    )
    return respelled, notes


_STORED: Final = {AMOUNT: "number"}


def describe_types(previous: Release, current: Release) -> Iterator[str]:
    """Tell which compared columns two typed files state as different types, a sentence each.

    Their values are compared as texts all the same. Text files state no types.
    """
    now = {fold_name(name): _STORED.get(kind, kind) for name, kind in current.types.items()}
    compared = {fold_name(name.removeprefix(OWN)) for name in current.carries.get("code", ())}
    for name, stated in previous.types.items():
        before = _STORED.get(stated, stated)
        after = now.get(fold_name(name), "")
        if before and after and before != after and fold_name(name) in compared:
            yield (
                f"column {name} is stored as {before} in {previous.name}, as {after} in"
                f" {current.name}"
            )


def _pair_by_preset(
    before: Sequence[str], now: Sequence[str], rules: Rules
) -> Iterator[tuple[str, str]]:
    """The only columns of either side that fit a pattern of the preset."""
    sides = [[fold_name(name) for name in side] for side in (before, now)]
    for at, there in rules.preset.pair(*sides) if rules.preset else ():
        yield before[at], now[there]


def drop_ignored(
    previous: Release, current: Release, rules: Rules
) -> tuple[Release, Release, tuple[str, ...]]:
    """Both without the columns that nobody wants compared, and a sentence on each.

    Raise `Refused` for a rule about a column that neither has.
    """
    if not current.profile.is_own:
        return previous, current, ()
    names = [release.carries["code"] for release in (previous, current)]
    known = {fold_name(name.removeprefix(OWN)) for side in names for name in side}
    for option, given in (("--column", rules.types), ("--tolerance", rules.tolerances)):
        for name in given:
            if fold_name(name) not in known:
                found = ", ".join(name.removeprefix(OWN) for name in names[1])
                wrong, fix = f"has no column {name} to compare", f"name one of them with {option}"
                place = name_pair(previous, current)
                raise Refused("E163", place, wrong, fix, f"; columns found: {found}")
    kept = [
        tuple(name for name in side if rules.find_type(name.removeprefix(OWN)) != ColumnType.IGNORE)
        for side in names
    ]
    if kept == names:
        return previous, current, ()
    sides = [
        replace(release, carries={"code": fields})
        for release, fields in zip((previous, current), kept, strict=True)
    ]
    gone = dict.fromkeys(
        name.removeprefix(OWN)
        for every, some in ((names[1], kept[1]), (names[0], kept[0]))
        for name in every
        if name not in some
    )
    return sides[0], sides[1], tuple(_explain_ignored(name, rules) for name in gone)


def _explain_ignored(name: str, rules: Rules) -> str:
    """The sentence on a column that is not compared."""
    if rules.preset and fold_name(name) not in map(fold_name, rules.types):
        why = f'preset {rules.preset.name}; --column "{name}=text" compares it'
    else:
        why = f"--column {name}=ignore"
    return f"column {name} was not compared ({why})"


def weigh_columns(
    pairs: Pairs, previous: Release, current: Release, rules: Rules
) -> tuple[Pairs, dict[str, Column]]:
    """`pairs` of a user's table without the differences that are none, and what their columns are.

    Only columns that differ are looked at.
    """
    if not current.profile.is_own:
        return pairs, {}
    tolerances = {fold_name(name): percent for name, percent in rules.tolerances.items()}
    fields = [fold_name(name) for name in rules.fields]
    at = {field: pairs.differs[field].arg_true() for field in pairs.differs.columns}
    changed = {
        field: pl.DataFrame({
            "previous": pairs.before[field].gather(pairs.at.gather(rows)),
            "current": pairs.after[field].gather(rows),
        })
        for field, rows in at.items()
        if rows.len()
    }  # fmt: skip
    types = find_columns(changed, previous, current, rules)
    columns, masks = {}, {}
    for field, values in changed.items():
        rows, (column, day_first) = at[field], types[field]
        name = fold_name(field.removeprefix(OWN))
        differs, found = weigh_pairs(values, column, tolerances.get(name), day_first=day_first)
        is_whole = not current.common.count and name not in fields
        single = _find_single(pairs, field, differs) if is_whole else None
        counts = (
            name not in fields
            and rules.find_type(name) is None
            and may_count_rows(name)
            and all(count_rows(_list_values(field, side)) for side in (previous, current))
        )
        columns[field] = found._replace(single=single, counts_rows=counts)
        if single or counts:
            differs = pl.repeat(value=False, n=rows.len(), eager=True)
        masks[field] = pairs.differs[field].scatter(rows.filter(~differs), values=False)
    return replace(pairs, differs=pairs.differs.with_columns(**masks)), columns


def find_columns(
    changed: Mapping[str, pl.DataFrame], previous: Release, current: Release, rules: Rules
) -> dict[str, tuple[ColumnType, bool]]:
    """The types of columns, each with whether its dates begin with the day.

    `changed` has some values (previous, current) of each: they may tell enough.
    """
    return {
        field: (
            rules.find_type(field[1:]) or find_type(field[1:], shape),
            not shape.month_first,
        )
        for field, shape in _measure_columns(changed, previous, current).items()
    }


def name_descriptor(changes: Changes, rules: Rules) -> Changes:
    """`changes` with the column that names an entry of a user's table.

    It is the one that the user says or that its name says, else the one with the longest texts.
    Raise `Refused` where there is no column of the name that the user said.
    """
    if not changes.current.profile.is_own:
        return changes
    fields = changes.current.carries["code"]
    preset = _find_preset_descriptor(changes, rules)
    if preset:
        best = preset
    elif rules.descriptor:
        called = find_name(rules.descriptor, [field.removeprefix(OWN) for field in fields])
        if called is None:
            found = ", ".join(field.removeprefix(OWN) for field in fields)
            wrong = f"has no column {rules.descriptor} to compare"
            place = name_pair(changes.previous, changes.current)
            fix = "name one of them with --descriptor"
            raise Refused("E163", place, wrong, fix, f"; columns found: {found}")
        best = OWN + called
    elif find_descriptor([field.removeprefix(OWN) for field in fields]):
        return changes
    else:
        best = _find_longest(changes, fields)
    return replace(
        changes,
        previous=replace(changes.previous, descriptor=best),
        current=replace(changes.current, descriptor=best),
    )


def _find_preset_descriptor(changes: Changes, rules: Rules) -> str:
    """The column that names an entry by the preset; empty where it says none, or the user does."""
    if rules.descriptor or rules.preset is None:
        return ""
    named = (
        field
        for field in changes.current.carries["code"]
        if rules.preset.names_entries(fold_name(field.removeprefix(OWN)))
    )
    return next(named, "")


def _find_longest(changes: Changes, fields: Sequence[str]) -> str:
    """The one of `fields` that has the most letters in the entries that changed; else no name."""
    rows = [changes.added, changes.deleted, changes.revised_previous, changes.revised_current]
    letters = {
        field: sum(
            int(frame[field].str.count_matches(r"\p{L}").sum())
            for frame in rows
            if field in frame.columns
        )
        for field in fields
    }
    return max(letters, key=lambda field: letters[field], default="")


def _find_single(pairs: Pairs, field: str, differs: pl.Series) -> tuple[str, str] | None:
    """The only value of a column in either release, where both have one and all rows differ."""
    sides = pairs.before[field], pairs.after[field]
    if min(side.len() for side in sides) < _FEWEST_ALIKE or not differs.all():
        return None
    if differs.len() < pairs.at.drop_nulls().len():
        return None
    both = [side.str.strip_chars().unique() for side in sides]
    if any(side.len() > 1 or side[0] == "" for side in both):
        return None
    return both[0][0], both[1][0]


def _measure_columns(
    changed: Mapping[str, pl.DataFrame], previous: Release, current: Release
) -> dict[str, Shape]:
    """The shapes of all values of columns; the `changed` ones alone may tell that one is text."""
    shapes = {
        field: measure(values["current"], measure(values["previous"]))
        for field, values in changed.items()
    }

    def list_open() -> list[str]:
        return [field for field, shape in shapes.items() if not is_surely_text(field[1:], shape)]

    for release in (previous, current):
        for field in list_open():
            shapes[field] = measure(release.records[field], shapes[field])
    # What is not held both have alike.
    fields = list_open() if current.common.count else []
    names = [field.removeprefix(OWN) for field in fields]
    for values in current.common.read(names) if names else ():
        for field in list_open():
            shapes[field] = measure(values[field.removeprefix(OWN)], shapes[field])
    amounts = {
        fold_name(name)
        for release in (previous, current)
        for name, stated in release.types.items()
        if stated == AMOUNT
    }
    for field, shape in shapes.items():
        if fold_name(field.removeprefix(OWN)) in amounts:
            shapes[field] = shape.mark(AMOUNT)
    return shapes


def _list_values(field: str, release: Release) -> Iterator[pl.Series]:
    """All values of a column of `release`, those that are not held too."""
    if release.common.count:
        name = field.removeprefix(OWN)
        yield from (values[name] for values in release.common.read([name]))
    else:
        yield release.records[field]


def describe_columns(columns: Mapping[str, Column]) -> Iterator[Note]:
    """What is told of differences that revise no code."""
    for field, column in columns.items():
        if column.single:
            text = (
                f"column {field.removeprefix(OWN)} has one value in all rows, and another one now"
            )
            yield Note("whole", text, quoted=f" ({' -> '.join(column.single)})")
        if column.counts_rows:
            text = f"column {field.removeprefix(OWN)} numbers the rows and was not compared"
            yield Note("uncompared", f"{text} (--field compares it)")
    for field, column in columns.items():
        name = field.removeprefix(OWN)
        if column.respelled:
            many = "1 value is" if column.respelled == 1 else f"{column.respelled:,} values are"
            text = f"column {name}: {many} equal in another spelling, which is no change"
            yield Note("spelling", text, quoted=f" ({' and '.join(column.example)})")
        if column.within:
            many = "1 change is" if column.within == 1 else f"{column.within:,} changes are"
            yield Note("uncompared", f"column {name}: {many} within --tolerance and left out")


def describe_partial(changes: Changes) -> str:
    """Say that too little of a user's table could be compared for "No changes"; else empty text.

    Too little are less than half of the columns beside the key, and, where nothing changed, columns
    of both sides that have no partner.
    """
    if not changes.current.profile.is_own:
        return ""
    before, after = (
        set(release.carries["code"]) for release in (changes.previous, changes.current)
    )
    least, both = min(len(before), len(after)), len(before & after)
    changed = any(frame.height for frame in (changes.added, changes.deleted, changes.revised))
    if not least and changed:  # a list of keys has no other column
        return ""
    if not both and (before or after):
        return "no column beside the key was compared"
    if 2 * both < least:
        return f"only {both:,} of {least:,} columns beside the key were compared"
    if before - after and after - before and not changed:
        return "columns that may have changed were not compared: their names differ"
    return ""
