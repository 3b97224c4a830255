"""Guards against a wrong comparison: a partial file, another source, a swapped pair."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Final, NamedTuple

import polars as pl

from cptdiff.comparison import find_shared_fields
from cptdiff.errors import Refused
from cptdiff.judgement.doubts import (
    FEW,
    Check,
    Comparison,
    Doubt,
    doubt_deletions,
    doubt_keys,
    doubt_kinds,
    doubt_overlap,
    doubt_revisions,
    scale_limit,
)
from cptdiff.model import DESCRIPTORS, Break, Changes, Release, name_pair
from cptdiff.reading import (
    FEWEST_ROWS,
    NO_SLIP,
    find_commonest_fault,
    find_longest_run,
)
from cptdiff.sections import Sections
from cptdiff.vocabulary import GUARD_LIMITS

# Another source rewords far more than a year's revisions do: the default of revised-share.
_OTHER_SOURCE_SHARE: Final = 0.3
_NEARLY_ALL: Final = 0.95

_UPPER: Final = r"\p{Lu}"
_LOWER: Final = r"\p{Ll}"


def doubt_case(comparison: Comparison, _limit: float) -> Doubt | None:
    """Doubt a release in capitals where the other has small letters too."""

    def capitals(revised: pl.DataFrame, one: str, other: str) -> int:
        large = pl.col(one).str.contains(_UPPER) & ~pl.col(one).str.contains(_LOWER)
        return revised.filter(large & pl.col(other).str.contains(_LOWER)).height

    return _doubt_one_side(comparison, "in capitals", "not", capitals)


def doubt_length(comparison: Comparison, _limit: float) -> Doubt | None:
    """Doubt a release with nearly all texts shorter than half of the other's: short or cut."""

    def shorter(revised: pl.DataFrame, one: str, other: str) -> int:
        longest = pl.col(one).str.len_chars().quantile(_NEARLY_ALL)
        apart = longest < pl.col(other).str.len_chars().median()
        return revised.height if revised.select(apart).item() else 0

    return _doubt_one_side(comparison, "short or cut", "whole", shorter)


def _doubt_one_side(
    comparison: Comparison, like: str, unlike: str, count: Callable[[pl.DataFrame, str, str], int]
) -> Doubt | None:
    """The first descriptor of which enough entries are `like` on one side and not on the other."""
    changes = comparison.changes
    whole = comparison.whole
    names = {"previous": changes.previous.name, "current": changes.current.name}
    for field in DESCRIPTORS:
        revised = changes.revised.filter(pl.col("field") == field)
        if revised.height <= whole * _OTHER_SOURCE_SHARE:
            continue
        for one, other in (("previous", "current"), ("current", "previous")):
            many = count(revised, one, other)
            if many >= FEW and many > whole * _OTHER_SOURCE_SHARE:
                entries = f"({many:,} of {whole:,} entries)"
                sides = f"{like} in {names[one]}, {unlike} in {names[other]}"
                return Doubt(f"{field} descriptors are {sides} {entries}")
    return None


# For so many years HCPCS keeps an ended code with its date: a code that was valid and has no row is
# an error of CMS's, 3 of them in 2019, two side by side. The last two of a file never go together.
_YEARS_ON_FILE: Final = 4
_LAST_ENTRIES: Final = 2
_VANISHED_SHARE: Final = 0.05
# The end of a list of codes hardly moves: so many entries more in the other release are no growth.
_LOST_END: Final = 20
# In percent; no code set grew by more than 5 in a year.
_YEARLY_GROWTH: Final = 35.0
# An add date may lie some months before the first release that has the code.
_ADD_DATE_LEAD: Final = timedelta(days=366)
_KEY: Final = ("kind", "code")


def doubt_wholeness(comparison: Comparison, _limit: float) -> Doubt | None:
    """Doubt a release with a sign that it is cut, lacks rows, or is two in one."""
    changes = comparison.changes
    return _tell_signs(
        [*changes.previous.breaks, *changes.current.breaks, *_find_cut_text(comparison)]
    )


def doubt_neighbors(comparison: Comparison, _limit: float) -> Doubt | None:
    """Doubt a release without entries that it should have, by what the other one has."""
    changes = comparison.changes
    previous, current = changes.previous, changes.current
    parts = list(find_shared_fields(previous, current))
    before = comparison.drop_missing_kinds(comparison.before)
    after = current.entries.filter(pl.col("part").is_in(parts))
    found: list[Break] = []
    profile = current.profile
    if profile.is_own or before.height < FEWEST_ROWS:
        return None
    if profile.keeps_ended:
        if comparison.years < _YEARS_ON_FILE:
            found += _find_vanished(before, current, previous.name)
        if previous.effective_date:
            old = pl.col("add_date") < previous.effective_date - _ADD_DATE_LEAD
            every = _list_all_entries(current).filter(pl.col("part").is_in(parts))
            found += _find_vanished(every, previous, current.name, old)
    if profile.has_stable_end:
        found += [] if current.proof else _find_lost_end(before, current, previous.name)
        end = _find_lost_end(after, previous, current.name, profile.growth_prefix)
        found += [] if previous.proof else end
    return _tell_signs([*found, *([] if previous.proof else _find_growth(comparison))])


def doubt_end(comparison: Comparison, _limit: float) -> Doubt | None:
    """Doubt a publisher's table that lacks the last entries, where its limits are wide."""
    changes = comparison.changes
    preset, before = changes.current.preset, comparison.before
    if preset is None or not preset.limits or before.height < FEWEST_ROWS:
        return None
    return _tell_signs([*_find_lost_end(before, changes.current, changes.previous.name)])


def _tell_signs(signs: Sequence[Break]) -> Doubt | None:
    """Return the doubt of the first sign, with the number of the others."""
    if not signs:
        return None
    more = len(signs) - 1
    others = (
        f" (and {more:,} more sign{'' if more == 1 else 's'} of a damaged release)" if more else ""
    )
    return Doubt(signs[0].wrong + others, place=signs[0].place)


def _find_cut_text(comparison: Comparison) -> Iterator[Break]:
    """A last line that has no line end, and is the beginning of what the other release has."""
    changes = comparison.changes
    for release, mine, theirs in (
        (changes.previous, "previous", "current"),
        (changes.current, "current", "previous"),
    ):
        if not release.unended:
            continue
        cut = changes.revised.filter(
            pl.col("code").is_in(release.unended), pl.col(theirs).str.starts_with(pl.col(mine))
        )
        if cut.height:
            code = cut["code"][0]
            wrong = f"the last line ({code}) has no line end and only the start of its text"
            yield Break(release.archive.name, f"{wrong}: the file is cut off")


def _find_vanished(
    entries: pl.DataFrame, release: Release, other: str, which: pl.Expr | None = None
) -> Iterator[Break]:
    """Entries of the `other` release that have no row in `release`, and should have one.

    `which` of them those are; without it all.
    """
    ordered = entries.sort(pl.col("kind") != "modifier", "code")
    known = pl.concat(
        [_list_all_entries(release).select(_KEY), release.set_aside_codes.select(_KEY)]
    )
    here = ordered.join(known.with_columns(here=True), on=_KEY, how="left", maintain_order="left")
    lost = here.select(pl.col("here").is_null() & (True if which is None else which)).to_series()
    lost = lost.fill_null(value=False)
    number = int(lost.sum())
    is_cut = bool(lost[-_LAST_ENTRIES:].all())
    if (
        is_cut
        or find_longest_run(lost).length >= NO_SLIP
        or number > _VANISHED_SHARE * ordered.height
    ):
        first = ordered.filter(lost)["code"][0]
        wrong = (
            f"{number:,} entries of {other} are missing without an end date, the first is {first}"
        )
        yield Break(release.archive.name, wrong)


def _find_lost_end(
    entries: pl.DataFrame,
    release: Release,
    other: str,
    growth_prefix: str = "",
) -> Iterator[Break]:
    """The last `entries` of the `other` release, with nothing in their place in `release`.

    They may all be new where a code set grows at its end: codes that begin with `growth_prefix`.
    """
    last = release.entries["code"].max()
    lost = entries.filter(pl.col("code") > last)["code"].sort()
    # New Technology gained at most 44 percent in a year; here a code set may double there.
    known = int(release.entries["code"].str.starts_with(growth_prefix).sum())
    is_growth = (
        growth_prefix != "" and lost.str.starts_with(growth_prefix).all() and lost.len() <= known
    )
    if lost.len() >= _LOST_END and not is_growth:
        last_ones = f"the last {lost.len():,} entries of {other}, from {lost[0]} on"
        yield Break(release.archive.name, f"{last_ones}, are missing: the file is cut off")


def _find_growth(comparison: Comparison) -> Iterator[Break]:
    """A previous release that lacks far more of the current one than years add to a code set."""
    changes = comparison.changes
    come, whole = changes.added.height, changes.compared
    most = scale_limit(_YEARLY_GROWTH, comparison.years)
    if come * 100 > most * whole:
        share = (
            f"{come:,} of {whole:,} entries ({come * 100 / whole:.1f}%) of {changes.current.name}"
        )
        wrong = f"{share} are missing, more than a code set grows: it is cut off, or another file"
        yield Break(changes.previous.archive.name, wrong)


def _list_all_entries(release: Release) -> pl.DataFrame:
    """The entries of `release`, those that have ended too."""
    return pl.concat([release.entries, release.ended])


# Without dates: fewer deletions prove nothing.
_SWAPPED_DELETIONS: Final = 50
_SWAPPED_TIMES: Final = 5


class Guard(NamedTuple):
    """A check that can stop a comparison.

    Previous has to have `floor` entries, unless the guard was given a limit: in a release of a
    handful any edit is a large share. If a check in `explained_by` finds a doubt too, this guard
    does not stop the run: to allow that one is to allow it. The limit of an `is_yearly` guard grows
    with the years between the releases. `applies_to_tables` has it look at
    users' own tables even where no limit was asked for. The refusal names both releases
    (`names_both_releases`) where either is as likely the wrong one.
    """

    name: str
    slug: str
    check: Check
    fix: str
    floor: int = 0
    is_yearly: bool = False
    explained_by: tuple[Check, ...] = ()
    applies_to_tables: bool = False
    names_both_releases: bool = False


class Alarm(NamedTuple):
    """A guard that stops this comparison: where, what is wrong (no full stop), and what to do."""

    guard: Guard
    place: str
    sentence: str
    fix: str

    @property
    def name(self) -> str:
        """The name by which it is allowed."""
        return self.guard.name


def find_alarms(
    changes: Changes, limits: Mapping[str, float], sections: Sections
) -> tuple[Alarm, ...]:
    """Return the guards that stop `changes`, in the order of `GUARDS`.

    `limits` are the user's, in percent, by guard; the others are those of the table's preset, and
    `GUARD_LIMITS`. A user's table has
    only guards with a limit of the user's and those with `applies_to_tables`. `sections` are those
    of the code set.
    """
    comparison = Comparison(changes, sections)
    is_table, preset = changes.current.profile.is_own, changes.current.preset
    known = {**GUARD_LIMITS, **(preset.limits if preset else {})}
    found = []
    for guard in GUARDS:
        asked = guard.name in limits
        if (is_table and not asked and not guard.applies_to_tables) or (
            not asked and comparison.whole < guard.floor
        ):
            continue
        limit = limits[guard.name] if asked else known[guard.name] or 0
        if not asked and guard.is_yearly:
            limit = scale_limit(limit, comparison.years)
        doubt = guard.check(comparison, limit)
        if doubt:
            both = name_pair(changes.previous, changes.current)
            one = both if guard.names_both_releases else changes.current.archive.name
            place = doubt.place or one
            found.append(Alarm(guard, place, doubt.sentence, _write_fix(guard, doubt)))
    return tuple(found)


def check_guards(
    changes: Changes,
    limits: Mapping[str, float],
    allowed: Collection[str],
    sections: Sections,
) -> tuple[str, ...]:
    """Return the doubts that did not stop the run, as sentences without their full stop.

    `limits` and `sections` as in `find_alarms`; `allowed` names guards. Of one that is not allowed
    but follows from one that is, the sentence says that it tripped too. Raise `Refused` for the
    first guard that is not allowed.
    """
    found = find_alarms(changes, limits, sections)
    checks = {one.guard.check for one in found}
    causes = [one for one in found if checks.isdisjoint(one.guard.explained_by)]
    refused = [one for one in causes if one.name not in allowed]
    if refused:
        # Those that follow from the first need no override of their own.
        others = {one.name for one in refused} - {refused[0].name}
        raise _refuse(refused[0], sorted(others))
    return tuple(
        f"guard {one.name} {'was overridden' if one.name in allowed else 'also tripped'}:"
        f" {one.sentence}"
        for one in found
    )


def _refuse(one: Alarm, others: list[str]) -> Refused:
    also = f" (also trips: {', '.join(others)})" if others else ""
    return Refused(one.guard.slug, one.place, one.sentence, one.fix + also)


def _write_fix(guard: Guard, doubt: Doubt) -> str:
    limit = "" if doubt.percent is None else f" or --limit {guard.name}={doubt.percent}"
    return f"{doubt.fix or guard.fix}, or override: --allow {guard.name}{limit}"


def doubt_empty(comparison: Comparison, _limit: float) -> Doubt | None:
    """Doubt a release without entries to compare."""
    changes = comparison.changes
    for release, many in (
        (changes.previous, comparison.whole),
        (changes.current, changes.compared),
    ):
        if not many:
            return _describe_empty(release)
    return None


def _describe_empty(release: Release) -> Doubt:
    """The doubt of `release`, with the most frequent cause where all of its rows were set aside."""
    named = "" if release.name == release.archive.name else f"{release.name} "
    wrong, rows = f"{named}has no entries to compare", release.rows
    if rows.kept or not rows.quarantined:
        return Doubt(wrong, place=release.archive.name)
    faults = release.set_aside["fault"].to_list()
    first, number = find_commonest_fault(faults)
    share = "" if number == len(faults) else f", {number:,} of them for one reason"
    wrong += f": all {len(faults):,} rows were excluded{share} ({first})"
    fix = "list the rows with `cptdiff inspect`"
    return Doubt(wrong, place=release.archive.name, fix=fix)


def doubt_dates(comparison: Comparison, _limit: float) -> Doubt | None:
    """Doubt a pair whose dates are in the wrong order."""
    previous, current = comparison.changes.previous, comparison.changes.current
    before, after = previous.effective_date, current.effective_date
    if before is None or after is None or before <= after:
        return None
    return Doubt(f"PREVIOUS ({before}) is later than CURRENT ({after})")


def doubt_order(comparison: Comparison, _limit: float) -> Doubt | None:
    """Doubt a pair that loses far more than it gains, where dates do not tell the order."""
    changes = comparison.changes
    before, after = changes.previous.effective_date, changes.current.effective_date
    gone, come = changes.deleted.height, changes.added.height
    has_order = before is not None and after is not None and before != after
    if has_order or gone < _SWAPPED_DELETIONS or gone <= _SWAPPED_TIMES * come:
        return None
    return Doubt(
        f"{gone:,} entries are deleted and only {come:,} added: PREVIOUS and CURRENT look swapped"
    )


_SWAP: Final = "give the earlier release first"
_WHOLE: Final = "give the complete releases"
_SAME: Final = "give the same file of both releases"
_AGAIN: Final = "get the file again"

# In the order in which they are told, the grave ones first.
GUARDS: Final = (
    Guard("empty", "E310", doubt_empty, _AGAIN, applies_to_tables=True),
    Guard("swapped", "E301", doubt_dates, _SWAP, names_both_releases=True),
    Guard("not-whole", "E316", doubt_wholeness, _AGAIN, applies_to_tables=True),
    Guard("code-set", "E304", doubt_keys, "export the column as Text on both sides",
          explained_by=(doubt_empty,), applies_to_tables=True),
    Guard("code-set", "E304", doubt_overlap, "give two releases of one code set",
          floor=20, explained_by=(doubt_empty, doubt_keys), names_both_releases=True),
    Guard("missing-kind", "E311", doubt_kinds, _WHOLE, explained_by=(doubt_empty, doubt_overlap),
          names_both_releases=True),
    Guard("not-whole", "E316", doubt_neighbors, _AGAIN,
          explained_by=(doubt_empty, doubt_dates, doubt_overlap)),
    Guard("not-whole", "E316", doubt_end, _AGAIN, applies_to_tables=True,
          explained_by=(doubt_empty, doubt_wholeness, doubt_keys, doubt_overlap)),
    Guard("deleted-share", "E312", doubt_deletions, _WHOLE,
          floor=100, is_yearly=True, applies_to_tables=True,
          explained_by=(doubt_empty, doubt_dates, doubt_wholeness, doubt_keys, doubt_overlap,
                   doubt_neighbors, doubt_end)),
    Guard("swapped", "E301", doubt_order, _SWAP, names_both_releases=True,
          explained_by=(doubt_empty, doubt_overlap, doubt_kinds, doubt_deletions)),
    Guard("descriptor-length", "E313", doubt_length, _SAME, names_both_releases=True),
    Guard("case", "E314", doubt_case, _SAME, explained_by=(doubt_length,),
          names_both_releases=True),
    Guard("revised-share", "E315", doubt_revisions, _SAME,
          floor=100, is_yearly=True, explained_by=(doubt_length, doubt_case)),
)  # fmt: skip
