"""Guards that count: too much deleted, too much revised, too little in common."""

import math
from typing import Final, NamedTuple

import polars as pl

from cptdiff.judgement.guard.doubted import Doubt, Doubted
from cptdiff.spellings import respelled_keys

# From these figures on a section speaks for itself (rulings.md, "Guards").
_SECTION_ENTRIES: Final = 100
_SECTION_CHANGES: Final = 20
# So many keys for each that is in common: the same keys, but for how a program wrote them.
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


def much_deleted(doubted: Doubted, limit: float) -> Doubt | None:
    """More deleted than `limit` allows, of all entries or of a section's."""
    return _much(doubted, doubted.changes.deleted, "deleted", limit)


def much_revised(doubted: Doubted, limit: float) -> Doubt | None:
    """More descriptors revised than `limit` allows, of all entries or of a section's."""
    changes = doubted.changes
    worded = changes.revised.filter(pl.col("field").is_in(list(changes.current.descriptors)))
    revised = changes.revised_current.join(worded, on=_KEY, how="semi")
    return _much(doubted, revised, "revised", limit)


def little_in_common(doubted: Doubted, limit: float) -> Doubt | None:
    """Fewer common codes than `limit` asks of the smaller release (reliability.md row 46)."""
    changes = doubted.changes
    common = changes.compared - changes.added.height
    both = _Share("", common, min(doubted.before.height, changes.compared))
    if both.percent >= limit or not both.whole:
        return None
    wrong = f"only {both} entries are in both releases, less than {limit:g}%"
    return Doubt(wrong, math.floor(both.percent))


def keys_respelled(doubted: Doubted, _limit: float) -> Doubt | None:
    """Keys of a user's table of which nearly all in common are written otherwise on each side."""
    changes = doubted.changes
    pairs = respelled_keys(changes)
    common = changes.compared - changes.added.height
    if pairs.height <= _RESPELLED_TIMES * common:
        return None
    names, (before, now) = changes.current.keys, pairs.row(0)
    columns = f"{'columns' if names[1:] else 'column'} {' and '.join(names)}"
    alike = f"{common:,} match" if common else "none matches"
    return Doubt(
        f"{pairs.height:,} of {doubted.before.height:,} keys match only with {columns} read as"
        f" numbers ({before} in previous, {now} in current), and {alike} as text"
    )


def _much(doubted: Doubted, changed: pl.DataFrame, verb: str, limit: float) -> Doubt | None:
    """`changed` against previous's entries, without kinds that are wholly missing in current.

    Those are told by a guard of their own.
    """
    changed = doubted.without_missing(changed)
    every = _Share("", changed.height, doubted.without_missing(doubted.before).height)
    sections = _above(limit, _in_sections(doubted, changed))
    shares = [*_above(limit, [every]), *sections]
    if not shares:
        return None
    if shares[0] is every:
        said = f"{every} entries are {verb}, more than {limit:g}%"
    else:
        others = f"; others: {len(sections) - 1:,}" if len(sections) > 1 else ""
        worst = f"{sections[0]} in {sections[0].section}{others}"
        said = f"entries {verb}, more than {limit:g}% of a section: {worst}"
    return Doubt(said, math.ceil(max(share.percent for share in shares)))


def _in_sections(doubted: Doubted, changed: pl.DataFrame) -> list[_Share]:
    if changed.height < _SECTION_CHANGES:
        return []
    many = {name: n for name, n in doubted.counted(changed).items() if n >= _SECTION_CHANGES}
    # To place all entries takes a while: not where no section has changed enough.
    whole = doubted.by_section if many else {}
    shares = [_Share(name, n, whole[name]) for name, n in many.items()]
    return [share for share in shares if share.whole >= _SECTION_ENTRIES]


def _above(limit: float, shares: list[_Share]) -> list[_Share]:
    """Those above `limit`, the largest first."""
    above = [share for share in shares if share.percent > limit]
    return sorted(above, key=lambda share: (-share.percent, share.section))
