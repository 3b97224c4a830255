"""Guards against a wrong comparison: a partial file, another source, a swapped pair."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

import polars as pl

from cptdiff.coverage import name_pair
from cptdiff.errors import Refused
from cptdiff.judgement.guard.doubted import Check, Doubt, Doubted, missing_kinds
from cptdiff.judgement.guard.shares import (
    keys_respelled,
    little_in_common,
    much_deleted,
    much_revised,
    scale,
)
from cptdiff.judgement.guard.wholeness import doubt_neighbors, doubt_wholeness
from cptdiff.judgement.guard.wording import unlike_case, unlike_length
from cptdiff.model import Changes, Release
from cptdiff.releases.wholeness import find_commonest_fault
from cptdiff.vocabulary import GUARD_LIMITS, CodeSet

# What a year changes is a limit of each year.
_YEARLY: Final = frozenset({"deleted-share", "revised-share"})
# Without dates: fewer deletions prove nothing (rulings.md, "Guards"; reliability.md row 44).
_SWAPPED_DELETIONS: Final = 50
_SWAPPED_TIMES: Final = 5


@dataclass(frozen=True)
class Guard:
    """One doubt that stops a comparison.

    Previous has to have `floor` entries, unless the guard was given a limit: in a release of a
    handful any edit is a large share. `because` are the checks of guards that, where they trip
    too, tell this one's cause: to allow them is to allow it. One `of_tables` looks at users' own
    even where no limit was asked for. Where it is as likely that either release is the wrong one
    (`of_both`), the refusal names both.
    """

    name: str
    slug: str
    check: Check
    fix: str
    floor: int = 0
    because: tuple[Check, ...] = ()
    of_tables: bool = False
    of_both: bool = False


@dataclass(frozen=True)
class Tripped:
    """A guard that stops this comparison: where, what is wrong (no full stop), and what to do."""

    guard: Guard
    place: str
    sentence: str
    fix: str

    @property
    def name(self) -> str:
        """The name by which it is allowed."""
        return self.guard.name


def tripped(
    changes: Changes, limits: Mapping[str, float], sections: pl.DataFrame
) -> tuple[Tripped, ...]:
    """All guards that doubt `changes`, in the order of `GUARDS`.

    `limits` are those that were asked for, in percent, by guard; the others are `GUARD_LIMITS`. A
    user's table has no guard but those and what is `of_tables`. `sections` is
    `cptdiff.sections.ranges`.
    """
    doubted = Doubted(changes, sections)
    is_table = changes.current.code_set is CodeSet.TABLE
    found = []
    for guard in GUARDS:
        asked = guard.name in limits
        if (is_table and not asked and not guard.of_tables) or (
            not asked and doubted.before.height < guard.floor
        ):
            continue
        limit = limits[guard.name] if asked else GUARD_LIMITS[guard.name] or 0
        if not asked and guard.name in _YEARLY:
            limit = scale(limit, doubted.years)
        doubt = guard.check(doubted, limit)
        if doubt:
            both = name_pair(changes.previous, changes.current)
            one = both if guard.of_both else changes.current.archive.name
            place = doubt.place or one
            found.append(Tripped(guard, place, doubt.sentence, _fix(guard, doubt)))
    return tuple(found)


def checked(
    changes: Changes,
    limits: Mapping[str, float],
    allowed: Collection[str],
    sections: pl.DataFrame,
) -> tuple[str, ...]:
    """The doubts that were overridden, as sentences without their full stop.

    `limits` and `sections` as in `tripped`; `allowed` names guards. Raises `Refused` for the first
    guard that is not allowed.
    """
    found = tripped(changes, limits, sections)
    told = {one.guard.check for one in found}
    causes = [one for one in found if told.isdisjoint(one.guard.because)]
    refused = [one for one in causes if one.name not in allowed]
    if refused:
        others = {one.name for one in found} - {refused[0].name, *allowed}
        raise _refused(refused[0], sorted(others))
    return tuple(f"guard {one.name} was overridden: {one.sentence}" for one in found)


def _refused(one: Tripped, others: list[str]) -> Refused:
    also = f" (also doubted: {', '.join(others)})" if others else ""
    return Refused(one.guard.slug, one.place, one.sentence, one.fix + also)


def _fix(guard: Guard, doubt: Doubt) -> str:
    limit = "" if doubt.percent is None else f" or --limit {guard.name}={doubt.percent}"
    return f"{doubt.fix or guard.fix}, or insist: --allow {guard.name}{limit}"


def _nothing(doubted: Doubted, _limit: float) -> Doubt | None:
    changes = doubted.changes
    for release, many in (
        (changes.previous, doubted.before.height),
        (changes.current, changes.compared),
    ):
        if not many:
            return _without_entries(release)
    return None


def _without_entries(release: Release) -> Doubt:
    """The doubt of `release`, with the most frequent cause where all of its rows were set aside."""
    wrong, rows = f"{release.name} has no entries to compare", release.rows
    if rows.kept or not rows.quarantined:
        return Doubt(wrong)
    faults = release.set_aside["fault"].to_list()
    first, number = find_commonest_fault(faults)
    share = "" if number == len(faults) else f", {number:,} of them for one cause"
    wrong += f": all {len(faults):,} rows were set aside{share} ({first})"
    return Doubt(wrong, fix="see each row with `cptdiff inspect`")


def _reversed(doubted: Doubted, _limit: float) -> Doubt | None:
    previous, current = doubted.changes.previous, doubted.changes.current
    before, after = previous.effective_date, current.effective_date
    if before is None or after is None or before <= after:
        return None
    return Doubt(f"previous is of {before}, later than current, of {after}")


def _looks_reversed(doubted: Doubted, _limit: float) -> Doubt | None:
    """Where dates do not tell the order: code sets grow."""
    changes = doubted.changes
    before, after = changes.previous.effective_date, changes.current.effective_date
    gone, come = changes.deleted.height, changes.added.height
    told = before is not None and after is not None and before != after
    if told or gone < _SWAPPED_DELETIONS or gone <= _SWAPPED_TIMES * come:
        return None
    return Doubt(f"{gone:,} entries are deleted and {come:,} added, as if the two were swapped")


_SWAP: Final = "give the earlier release first"
_WHOLE: Final = "give both releases whole"
_SAME: Final = "give both from one source"
_AGAIN: Final = "get the file again"

# In the order in which they are told, the grave ones first.
GUARDS: Final = (
    Guard("empty", "E310", _nothing, "give the file again", of_tables=True),
    Guard("swapped", "E301", _reversed, _SWAP),
    Guard("not-whole", "E316", doubt_wholeness, _AGAIN, of_tables=True),
    Guard("code-set", "E304", keys_respelled, "export the column as Text on both sides",
          because=(_nothing,), of_tables=True),
    Guard("code-set", "E304", little_in_common, "give two releases of one code set",
          floor=20, because=(_nothing, keys_respelled), of_both=True),
    Guard("missing-kind", "E311", missing_kinds, _WHOLE, because=(_nothing, little_in_common)),
    Guard("not-whole", "E316", doubt_neighbors, _AGAIN,
          because=(_nothing, _reversed, little_in_common)),
    Guard("deleted-share", "E312", much_deleted, _WHOLE,
          floor=100, of_tables=True,
          because=(_nothing, _reversed, doubt_wholeness, keys_respelled, little_in_common,
                   doubt_neighbors)),
    Guard("swapped", "E301", _looks_reversed, _SWAP,
          because=(_nothing, little_in_common, missing_kinds, much_deleted)),
    Guard("descriptor-length", "E313", unlike_length, _SAME),
    Guard("case", "E314", unlike_case, _SAME, because=(unlike_length,)),
    Guard("revised-share", "E315", much_revised, _SAME,
          floor=100, because=(unlike_length, unlike_case)),
)  # fmt: skip
