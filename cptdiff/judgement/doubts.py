"""The two releases as guards see them, and the doubts that counts of their entries raise."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple

import polars as pl

from cptdiff.comparison import find_shared_fields
from cptdiff.model import ROW_FIELDS, Changes
from cptdiff.sections import Sections, count_by_section
from cptdiff.zeros import advise_text, find_respelled_keys

# Fewer entries tell nothing of how a file was made.
FEW: Final = 10
_DAYS: Final = 365.25

_TITLES: Final = {"code": "codes", "header": "headers", "modifier": "modifiers"}


class Doubt(NamedTuple):
    """What a check finds: a sentence without its full stop.

    A limit of `percent` would let the comparison pass. `place` names the input, if that is not the
    current release; `fix` says what to do, if that is not what the guard proposes.
    """

    sentence: str
    percent: int | None = None
    place: str = ""
    fix: str = ""


@dataclass(frozen=True, eq=False, repr=False)
class Comparison:
    """Two releases and their changes, as guards look at them, with the code set's sections."""

    changes: Changes
    sections: Sections

    @cached_property
    def before(self) -> pl.DataFrame:
        """The entries of previous that are compared."""
        changes = self.changes
        parts = list(find_shared_fields(changes.previous, changes.current))
        return changes.previous.entries.filter(pl.col("part").is_in(parts))

    @property
    def whole(self) -> int:
        """How many of previous's entries were compared, those that are not held too."""
        return self.before.height + self.changes.previous.common.count

    @cached_property
    def years(self) -> float:
        """The years between the effective dates; 1 where they are less, or are not known."""
        before, after = self.changes.previous.effective_date, self.changes.current.effective_date
        if before is None or after is None:
            return 1.0
        return max(1.0, (after - before).days / _DAYS)

    @cached_property
    def section_sizes(self) -> dict[str, int]:
        """The number of entries of previous by section, without the missing kinds."""
        return self.count_by_section(self.drop_missing_kinds(self.before))

    @cached_property
    def missing_kinds(self) -> dict[str, tuple[int, int]]:
        """The kinds that only one release has, with the number of entries before and after.

        A part counts even where a release has no file for it: AMA ships PLA codes apart from its
        legacy files. A release without headers or modifiers has another layout, which the notes of
        the comparison tell.
        """
        changes = self.changes
        profile = changes.current.profile
        apart = [part.name for part in profile.parts]
        parts = [*find_shared_fields(changes.previous, changes.current), *apart]
        before, after = (
            self._count_by_kind(release.entries.filter(pl.col("part").is_in(parts)))
            for release in (changes.previous, changes.current)
        )  # fmt: skip
        if changes.current.common.count:
            for side in (before, after):
                side[_TITLES["code"]] = side.get(_TITLES["code"], 0) + changes.current.common.count
        counts = {kind: (before.get(kind, 0), after.get(kind, 0)) for kind in {**before, **after}}
        return {
            kind: counts[kind]
            for kind in (*(group.title for group in profile.kinds), *self._titles.values())
            if kind in counts and min(counts[kind]) == 0 and max(counts[kind]) >= FEW
        }

    def drop_missing_kinds(self, entries: pl.DataFrame) -> pl.DataFrame:
        """Return the `entries` of previous whose kind current has too."""
        gone = [kind for kind, (_, after) in self.missing_kinds.items() if not after]
        return entries.filter(~self._kind.is_in(gone)) if gone else entries

    def count_by_section(self, entries: pl.DataFrame) -> dict[str, int]:
        """Return the number of `entries` (kind, code) by section."""
        return count_by_section(entries, self.sections)

    def _count_by_kind(self, entries: pl.DataFrame) -> dict[str, int]:
        """The number of `entries` by the name for people of their kind."""
        groups = self.changes.current.profile.kinds
        own = pl.lit(len(groups), pl.UInt8)
        for at, group in enumerate(groups):
            is_of_group = (pl.col("part") == "code") & pl.col("code").str.contains(group.codes)
            own = pl.when(is_of_group).then(pl.lit(at, pl.UInt8)).otherwise(own)
        counts: dict[str, int] = {}
        for part, at, number in entries.group_by("part", own.alias("own")).len().iter_rows():
            name = groups[at].title if at < len(groups) else self._titles[part]
            counts[name] = counts.get(name, 0) + number
        return counts

    @property
    def _titles(self) -> dict[str, str]:
        """The parts' names for people."""
        parts = self.changes.current.profile.parts
        return _TITLES | {part.name: part.title for part in parts}

    @property
    def _kind(self) -> pl.Expr:
        """The name for people of an entry's kind."""
        part = pl.col("part").cast(pl.String)
        kind = part.replace_strict(self._titles, return_dtype=pl.String)
        for group in self.changes.current.profile.kinds:
            own = (part == "code") & pl.col("code").str.contains(group.codes)
            kind = pl.when(own).then(pl.lit(group.title)).otherwise(kind)
        return kind


Check = Callable[[Comparison, float], Doubt | None]


def doubt_kinds(comparison: Comparison, _limit: float) -> Doubt | None:
    """Doubt a kind that only one release has."""
    previous, current = comparison.changes.previous, comparison.changes.current
    sentences = [
        f"no {kind} in {current.name}, {before:,} in {previous.name}"
        if before
        else f"no {kind} in {previous.name}, {after:,} in {current.name}"
        for kind, (before, after) in comparison.missing_kinds.items()
    ]
    return Doubt("; ".join(sentences)) if sentences else None


# A section counts by itself from so many entries on. Where so many percent of it go in a year, it
# is doubted whatever it gains. Real yearly maxima: 2.6 percent of all entries; 16.2 of a section,
# which gained.
_SECTION_ENTRIES: Final = 10
_MOST_OF_SECTION: Final = 40.0
_REVISED_ENTRIES: Final = 100
_REVISED_CHANGES: Final = 20
# So many respelled keys for each common one: a program wrote the same keys in another form.
_RESPELLED_TIMES: Final = 9
_KEY: Final = ("kind", "code")


class _Share(NamedTuple):
    """Part of a whole, of one section or (no name) of all."""

    section: str
    part: int
    whole: int

    @property
    def percent(self) -> float:
        return self.part * 100 / max(self.whole, 1)

    def __str__(self) -> str:
        return f"{self.part:,} of {self.whole:,} ({self.percent:.1f}%)"


def doubt_deletions(comparison: Comparison, limit: float) -> Doubt | None:
    """Doubt more deletions than `limit` allows, of all entries or of a section's.

    A release that proves itself whole is not doubted. Of a section those entries count that have no
    row any more, and it may lose more than `limit` where it gains as many: New Technology does.
    """
    changes = comparison.changes
    if changes.current.proof:
        return None
    deleted = comparison.drop_missing_kinds(changes.deleted)
    absent = deleted.filter(pl.col("reason") == "absent")
    gone = comparison.count_by_section(absent) if absent.height else {}
    whole, come = (
        (comparison.section_sizes, comparison.count_by_section(changes.added)) if gone else ({}, {})
    )
    most = max(limit, scale_limit(_MOST_OF_SECTION, comparison.years))
    shares = [
        share
        for share in _find_above(limit, [_Share(name, n, whole[name]) for name, n in gone.items()])
        if share.whole >= _SECTION_ENTRIES
        and (share.percent > most or share.part > come.get(share.section, 0))
    ]
    return _tell(comparison, deleted, shares, "deleted", limit)


def doubt_revisions(comparison: Comparison, limit: float) -> Doubt | None:
    """Doubt more revised descriptors than `limit` allows, of all entries or of a section's."""
    changes = comparison.changes
    names = [*changes.current.descriptors, *ROW_FIELDS]
    worded = changes.revised.filter(pl.col("field").is_in(names))
    revised = changes.revised_current.join(worded, on=_KEY, how="semi")
    revised = comparison.drop_missing_kinds(revised)
    sections: list[_Share] = []
    if revised.height >= _REVISED_CHANGES:
        many = {
            n: k for n, k in comparison.count_by_section(revised).items() if k >= _REVISED_CHANGES
        }
        # To place all entries takes a while: not where no section has changed enough.
        whole = comparison.section_sizes if many else {}
        sections = [_Share(name, n, whole[name]) for name, n in many.items()]
    large = [share for share in sections if share.whole >= _REVISED_ENTRIES]
    return _tell(comparison, revised, _find_above(limit, large), "revised", limit)


def scale_limit(percent: float, years: float) -> float:
    """Return what a yearly limit of `percent` allows in `years`; each takes it of the rest."""
    return 100 - 100 * float((1 - percent / 100) ** years)


def doubt_overlap(comparison: Comparison, limit: float) -> Doubt | None:
    """Doubt fewer common codes than `limit` asks of the smaller release."""
    changes = comparison.changes
    common = changes.compared - changes.added.height
    both = _Share("", common, min(comparison.whole, changes.compared))
    if both.percent >= limit or not both.whole:
        return None
    wrong = f"only {both} entries are in both releases, less than {limit:g}%"
    return Doubt(wrong, math.floor(both.percent))


def doubt_keys(comparison: Comparison, _limit: float) -> Doubt | None:
    """Doubt a user's table whose keys match only as numbers: each side writes them its own way."""
    changes = comparison.changes
    pairs = find_respelled_keys(changes)
    common = changes.compared - changes.added.height
    if pairs.height <= _RESPELLED_TIMES * common:
        return None
    names, (before, now) = changes.current.keys, pairs.row(0)
    columns = f"{'columns' if names[1:] else 'column'} {' and '.join(names)}"
    alike = f"{common:,} match" if common else "none matches"
    return Doubt(
        f"{pairs.height:,} of {comparison.whole:,} keys match only with {columns} read as"
        f" numbers ({before} in PREVIOUS, {now} in CURRENT), and {alike} as text",
        fix=advise_text(pairs),
    )


def _tell(
    comparison: Comparison, changed: pl.DataFrame, sections: list[_Share], verb: str, limit: float
) -> Doubt | None:
    """Return the doubt about `changed` entries and the `sections` with too many; None without any.

    Kinds that current lacks have a guard of their own.
    """
    held = comparison.drop_missing_kinds(comparison.before).height
    every = _Share("", changed.height, held + comparison.changes.previous.common.count)
    sections = sorted(sections, key=lambda share: (-share.percent, share.section))
    shares = [*_find_above(limit, [every]), *sections]
    if not shares:
        return None
    if shares[0] is every:
        said = f"{every} entries are {verb}, more than {limit:g}%"
    else:
        more = len(sections) - 1
        others = f" (and {more:,} more section{'' if more == 1 else 's'})" if more else ""
        worst = f"{sections[0]} entries of {sections[0].section} are {verb}"
        said = f"{worst}, more than {limit:g}%{others}"
    return Doubt(said, math.ceil(max(share.percent for share in shares)))


def _find_above(limit: float, shares: list[_Share]) -> list[_Share]:
    """Return the shares above `limit`, the largest first."""
    above = [share for share in shares if share.percent > limit]
    return sorted(above, key=lambda share: (-share.percent, share.section))
