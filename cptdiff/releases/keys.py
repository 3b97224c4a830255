"""A user's keys: joined where there are several, told where they look like others (row 38)."""

from collections.abc import Sequence
from typing import Final

import polars as pl

from cptdiff.releases.code_faults import named

_INVISIBLE: Final = r"[\p{Cf}\p{Cc}]|[\p{Z}&&[^ ]]"
# Letters that pass for Latin ones, and digits that pass for ASCII's, beside real ones.
_ALIKE: Final = r"[\p{Cyrillic}\p{Greek}\x{FF01}-\x{FF5E}]|[\p{Nd}&&[^0-9]]"


def key_of(cells: Sequence[str], places: Sequence[int]) -> str:
    """The key of a row that is set aside, as `keyed` makes it; empty where a part is missing."""
    parts = [cells[at].lstrip("\ufeff").strip() for at in places if at < len(cells)]
    if len(parts) < len(places):
        return ""
    if len(parts) == 1:
        return parts[0]
    return "|".join(part.replace("\\", "\\\\").replace("|", "\\|") for part in parts)


def doubtful_keys(codes: pl.Series, place: str) -> tuple[str, ...]:
    """A sentence on keys with characters that cannot be seen, one on those with look-alikes."""
    foreign = codes.filter(codes.str.contains(r"[^\x20-\x7e]"))
    if not foreign.len():
        return ()
    beside = foreign.filter(foreign.str.contains(r"[0-9A-Za-z]"))
    return (
        *_told(place, "characters that cannot be seen", foreign, _INVISIBLE),
        *_told(place, "letters or digits that look like others", beside, _ALIKE),
    )


def _told(place: str, what: str, keys: pl.Series, pattern: str) -> tuple[str, ...]:
    found = keys.str.extract(f"({pattern})").drop_nulls()
    if not found.len():
        return ()
    return (f"{place}: keys with {what}: {found.len():,} ({named(str(found[0]))})",)
