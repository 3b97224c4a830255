"""What a guard looks at, and what it says."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import polars as pl

from cptdiff.coverage import shared_fields
from cptdiff.model import Changes
from cptdiff.sections import placed
from cptdiff.vocabulary import CodeSet

# Fewer entries than that tell nothing of how a file was made.
FEW: Final = 10
_DAYS: Final = 365.25

_TITLES: Final = {
    "code": "codes",
    "header": "headers",
    "modifier": "modifiers",
    "pla": "PLA codes",
    "I": "Category I codes",
    "F": "Category II codes",
    "T": "Category III codes",
    "M": "MAAA codes",
}
# Last letters of AMA's codes that are kinds by themselves. A is none: such codes came and went
# altogether, as their publisher meant it.
_LETTERS: Final = ("F", "T", "M")


@dataclass(frozen=True)
class Doubt:
    """A sentence without its full stop; with a limit of `percent` it would not be said.

    `place` is where it shows, where that is not the current release as a whole.
    `fix` is what to do where that is not what its guard proposes.
    """

    sentence: str
    percent: int | None = None
    place: str = ""
    fix: str = ""


@dataclass(frozen=True, eq=False)
class Doubted:
    """A comparison as the guards look at it; `sections` as `cptdiff.sections.ranges` has them."""

    changes: Changes
    sections: pl.DataFrame

    @cached_property
    def before(self) -> pl.DataFrame:
        """Previous's entries that were compared."""
        changes = self.changes
        parts = list(shared_fields(changes.previous, changes.current))
        return changes.previous.entries.filter(pl.col("part").is_in(parts))

    @cached_property
    def years(self) -> float:
        """The years between the effective dates; 1 where they are less, or are not known."""
        before, after = self.changes.previous.effective_date, self.changes.current.effective_date
        if before is None or after is None:
            return 1.0
        return max(1.0, (after - before).days / _DAYS)

    @cached_property
    def by_section(self) -> dict[str, int]:
        """How many of `before` are in each section, without the kinds that are missing."""
        return self.counted(self.without_missing(self.before))

    @cached_property
    def kinds_missing(self) -> dict[str, tuple[int, int]]:
        """Kinds of codes that one release is without and the other is not: before and after.

        PLA codes count even where a release has no file for them: AMA ships them apart from its
        legacy files (formats.md 0.4). A release without headers or modifiers has another layout,
        which `coverage.not_compared` tells.
        """
        changes = self.changes
        parts = [*shared_fields(changes.previous, changes.current), "pla"]
        before, after = (
            dict(release.entries.filter(pl.col("part").is_in(parts))
                 .select(kind=self._kind)["kind"].value_counts().iter_rows())
            for release in (changes.previous, changes.current)
        )  # fmt: skip
        counts = {kind: (before.get(kind, 0), after.get(kind, 0)) for kind in {**before, **after}}
        return {
            kind: both
            for kind, both in sorted(counts.items())
            if min(both) == 0 and max(both) >= FEW
        }

    def without_missing(self, entries: pl.DataFrame) -> pl.DataFrame:
        """`entries` of previous, of those kinds that current has too."""
        gone = [kind for kind, (_, after) in self.kinds_missing.items() if not after]
        return entries.filter(~self._kind.is_in(gone)) if gone else entries

    def counted(self, entries: pl.DataFrame) -> dict[str, int]:
        """How many of `entries` (kind, code) are in each section."""
        code_set = self.changes.current.code_set
        found = placed(entries.select("kind", "code"), code_set, self.sections)["section"]
        return dict(found.filter(found != "").value_counts().iter_rows())

    @property
    def _kind(self) -> pl.Expr:
        part = pl.col("part")
        if self.changes.current.code_set is not CodeSet.CPT:
            return part
        kind = pl.when(part == "code").then(pl.lit("I")).otherwise(part.cast(pl.String))
        for letter in _LETTERS:
            own = (part == "code") & pl.col("code").str.ends_with(letter)
            kind = pl.when(own).then(pl.lit(letter)).otherwise(kind)
        return kind


Check = Callable[[Doubted, float], Doubt | None]


def missing_kinds(doubted: Doubted, _limit: float) -> Doubt | None:
    """Kinds that only one release has."""
    previous, current = doubted.changes.previous, doubted.changes.current
    told = [
        f"no {_TITLES[kind]} in {current.name}, {before:,} in {previous.name}"
        if before
        else f"no {_TITLES[kind]} in {previous.name}, {after:,} in {current.name}"
        for kind, (before, after) in doubted.kinds_missing.items()
    ]
    return Doubt("; ".join(told)) if told else None
