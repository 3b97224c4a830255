"""What publishers and users state beside the releases: lists of changes, crosswalks."""

from dataclasses import dataclass
from typing import Final

import polars as pl

# One row for each change that a list states; `change` is added, deleted, revised,
# attributes-only, none, or the publisher's own word where it is unknown. `kind` is empty where the
# list does not tell it. `field` (short, medium, long) and both texts as far as the list has them:
# an entry stands once for each field. `action` is the publisher's own word or letter, `note` what
# it says beside it (CPT Link's Instruction).
STATED_CHANGES: Final = pl.Schema(
    {
        "kind": pl.String,
        "code": pl.String,
        "change": pl.String,
        "field": pl.String,
        "previous": pl.String,
        "current": pl.String,
        "action": pl.String,
        "date": pl.Date,
        "note": pl.String,
    }
)

# One row for each stated pair; a code that states "no replacement" has an empty `replacement`.
# `basis` is publisher or user. Codes are spelled as the code set's data files spell them;
# `code` may be a range of them (H02101-H02106) or all below one (R11-).
LINKS: Final = pl.Schema(
    {
        "code": pl.String,
        "replacement": pl.String,
        "basis": pl.String,
        "date": pl.Date,
        "note": pl.String,
    }
)

# The changes that lists commonly tell.
TOLD: Final = ("added", "deleted", "revised", "transient")


@dataclass(frozen=True)
class Total:
    """One figure in a list's footer: `what` is entries (in `file`), added, deleted or revised.

    ICD-10 order addenda count revisions of both titles, the long and the short one apart too:
    both, long, short.
    """

    kind: str
    what: str
    count: int
    file: str = ""


@dataclass(frozen=True, eq=False)
class PublishedList:
    """A list of changes; `form` is addenda, transactions, corrections, history or list.

    `name` is the member's base name; `changes` has `STATED_CHANGES`; `whole` tells a list that
    means to name every change between the two releases from one that names some (corrections).
    `kinds` and `fields` are those it speaks of (none: whatever it names; all descriptors), `tells`
    the changes: a deletion list is silent on what is new.
    """

    name: str
    form: str
    sha256: str
    changes: pl.DataFrame
    totals: tuple[Total, ...] = ()
    whole: bool = True
    notes: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    tells: tuple[str, ...] = TOLD


@dataclass(frozen=True, eq=False)
class LinkTable:
    """A crosswalk; `links` has `LINKS`."""

    name: str
    sha256: str
    links: pl.DataFrame
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Stated:
    """All that was stated: found in a release's bundle, or given with an option.

    `notes` tell what could not be used; `quotes` is what they quote of it, which may be wording.
    """

    lists: tuple[PublishedList, ...] = ()
    crosswalks: tuple[LinkTable, ...] = ()
    notes: tuple[str, ...] = ()
    quotes: tuple[str, ...] = ()

    def __add__(self, other: "Stated") -> "Stated":
        return Stated(
            self.lists + other.lists,
            self.crosswalks + other.crosswalks,
            self.notes + other.notes,
            self.quotes + other.quotes,
        )
