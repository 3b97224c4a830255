"""The guard against releases that are not whole: signs in either, and beside the other one."""

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from typing import Final

import polars as pl

from cptdiff.coverage import shared_fields
from cptdiff.judgement.guard.doubted import Doubt, Doubted
from cptdiff.judgement.guard.shares import scale
from cptdiff.model import Break, Release
from cptdiff.releases.wholeness import find_longest_run
from cptdiff.vocabulary import CodeSet

# HCPCS keeps an ended code for four years with its date: a code that was valid and has no row is an
# error of CMS's, 3 of them in 2019, two side by side. The last one of a file is not known to go.
_RUN: Final = 5
_TAIL: Final = 2
_MOST: Final = 0.05
_FLOOR: Final = 100
# The end of a list of codes hardly moves; no code set grew by more than 5 percent in a year.
_END: Final = 20
_MOST_GROWTH: Final = 20.0
_NEW_TECHNOLOGY: Final = "X"
# An add date may lie some months before the first release that has the code.
_LATE: Final = timedelta(days=366)
_KEY: Final = ("kind", "code")


def doubt_wholeness(doubted: Doubted, _limit: float) -> Doubt | None:
    """A sign in either release that it is cut, lacks rows, or is two in one."""
    changes = doubted.changes
    return _tell([*changes.previous.breaks, *changes.current.breaks, *_find_cut_text(doubted)])


def doubt_neighbors(doubted: Doubted, _limit: float) -> Doubt | None:
    """Entries that one release should have, by what the other one has."""
    changes = doubted.changes
    previous, current = changes.previous, changes.current
    parts = list(shared_fields(previous, current))
    before = doubted.without_missing(doubted.before)
    after = current.entries.filter(pl.col("part").is_in(parts))
    found: list[Break] = []
    if current.code_set is CodeSet.TABLE or before.height < _FLOOR:
        return None
    if current.code_set is CodeSet.HCPCS:
        found += _find_vanished(before, current, previous.name)
        if previous.effective_date:
            old = pl.col("add_date") < previous.effective_date - _LATE
            every = _all(current).filter(pl.col("part").is_in(parts))
            found += _find_vanished(every, previous, current.name, old)
    if current.code_set in {CodeSet.ICD10CM, CodeSet.ICD10PCS}:
        found += [] if current.proof else _find_lost_end(before, current, previous.name)
        found += [] if previous.proof else _find_lost_end(after, previous, current.name, _grows)
    return _tell([*found, *([] if previous.proof else _find_growth(doubted))])


def _tell(signs: Sequence[Break]) -> Doubt | None:
    """The first sign, and how many more there are."""
    if not signs:
        return None
    more = len(signs) - 1
    others = f"; and {more:,} more {'sign' if more == 1 else 'signs'} of it" if more else ""
    return Doubt(signs[0].wrong + others, place=signs[0].place)


def _find_cut_text(doubted: Doubted) -> Iterator[Break]:
    """A last line that has no line end, and is the beginning of what the other release has."""
    changes = doubted.changes
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
            wrong = f"the last line, of {code}, has no line end and only the start of its text"
            yield Break(release.archive.name, f"{wrong}: the file is cut off")


def _find_vanished(
    entries: pl.DataFrame, release: Release, other: str, which: pl.Expr | None = None
) -> Iterator[Break]:
    """Entries of the `other` release that have no row in `release`, and should have one.

    `which` of them those are; without it all.
    """
    ordered = entries.sort(pl.col("kind") != "modifier", "code")
    known = pl.concat([_all(release).select(_KEY), release.withheld.select(_KEY)])
    here = ordered.join(known.with_columns(here=True), on=_KEY, how="left", maintain_order="left")
    lost = here.select(pl.col("here").is_null() & (True if which is None else which)).to_series()
    lost = lost.fill_null(value=False)
    number = int(lost.sum())
    is_cut = bool(lost[-_TAIL:].all())
    if is_cut or find_longest_run(lost).length >= _RUN or number > _MOST * ordered.height:
        first = ordered.filter(lost)["code"][0]
        wrong = f"{number:,} entries of {other}, {first} first, are missing without having ended"
        yield Break(release.archive.name, wrong)


def _find_lost_end(
    entries: pl.DataFrame,
    release: Release,
    other: str,
    is_ordinary: Callable[[pl.Series], bool] = lambda _: False,
) -> Iterator[Break]:
    """The last `entries` of the `other` release, with nothing in their place in `release`."""
    last = release.entries["code"].max()
    lost = entries.filter(pl.col("code") > last)["code"].sort()
    if lost.len() >= _END and not is_ordinary(lost):
        last_ones = f"the last {lost.len():,} entries of {other}, from {lost[0]} on"
        yield Break(release.archive.name, f"{last_ones}, are missing: the file is cut off")


def _grows(codes: pl.Series) -> bool:
    """Whether `codes` may all be new: ICD-10-PCS grows at its end, in New Technology."""
    return bool(codes.str.starts_with(_NEW_TECHNOLOGY).all())


def _find_growth(doubted: Doubted) -> Iterator[Break]:
    """A previous release that lacks far more of the current one than years add to a code set."""
    changes = doubted.changes
    come, whole = changes.added.height, changes.compared
    most = scale(_MOST_GROWTH, doubted.years)
    if come * 100 > most * whole:
        share = (
            f"{come:,} of {whole:,} entries ({come * 100 / whole:.1f}%) of {changes.current.name}"
        )
        wrong = f"{share} are missing, more than years add: it is cut, or another file"
        yield Break(changes.previous.archive.name, wrong)


def _all(release: Release) -> pl.DataFrame:
    """The entries of `release`, those that have ended too."""
    return pl.concat([release.entries, release.ended])
