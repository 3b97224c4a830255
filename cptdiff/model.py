"""The types that travel between the parts, and the schemas of their frames."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import polars as pl

from cptdiff.codesets import PROFILES, Profile, profile_of
from cptdiff.columns import Column, find_descriptor, is_short_name
from cptdiff.vocabulary import KINDS

if TYPE_CHECKING:
    from cptdiff.codesets.presets import Preset

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
LIST_CHANGES: Final = ("added", "deleted", "revised", "transient")


class Note(NamedTuple):
    """A sentence for people, without its full stop.

    `kind` is what it is about: list (of a publisher or user), remark (casts no doubt), overridden
    (a guard), spelling (of a table's numbers or columns), zeros (keys that differ only in
    them), uncompared (one side lacks it), own (the user's severities), reading (how a file was
    read), header (where its header is), separator (of its cells). `place` leads it, where there is
    one. `quoted` ends it with words of the input, which may be wording that is kept back.
    """

    kind: str
    text: str
    place: str = ""
    quoted: str = ""

    def __str__(self) -> str:
        return f"{self.place}: {self.text}{self.quoted}" if self.place else self.text + self.quoted

    def drop_quotation(self) -> "Note":
        """Return the note without words of the input."""
        return self._replace(quoted="")


def make_notes(kind: str, texts: Iterable[str], place: str = "") -> tuple[Note, ...]:
    """Return a note of `kind` for each of `texts`."""
    return tuple(Note(kind, text, place) for text in texts)


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


@dataclass(frozen=True, eq=False, repr=False)
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
    notes: tuple[Note, ...] = ()
    kinds: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    tells: tuple[str, ...] = LIST_CHANGES


@dataclass(frozen=True, eq=False, repr=False)
class LinkTable:
    """A crosswalk; `links` has `LINKS`."""

    name: str
    sha256: str
    links: pl.DataFrame


@dataclass(frozen=True, eq=False, repr=False)
class Stated:
    """All that was stated: found in a release's bundle, or given with an option.

    `notes` tell what could not be used.
    """

    lists: tuple[PublishedList, ...] = ()
    crosswalks: tuple[LinkTable, ...] = ()
    notes: tuple[Note, ...] = ()

    def __add__(self, other: "Stated") -> "Stated":
        return Stated(
            self.lists + other.lists,
            self.crosswalks + other.crosswalks,
            self.notes + other.notes,
        )


# Longest first: the first one that a release carries is the one that people are shown.
DESCRIPTORS: Final = ("long", "medium", "short")

KIND: Final = pl.Enum(KINDS)

# A part of a release stands or falls with a file of its own: the kinds, and codes that a publisher
# ships apart from the others.
PART: Final = pl.Enum(
    [*KINDS, *(part.name for profile in PROFILES.values() for part in profile.parts)]
)


def name_part(profile: Profile) -> pl.Expr:
    """The part of an entry: that whose codes hold its code, else its kind."""
    kind = pl.col("kind").cast(pl.String)
    found = [
        pl.when(pl.col("code").str.contains(part.codes), kind == "code").then(pl.lit(part.name))
        for part in profile.parts
    ]
    return pl.coalesce(*found, kind)


# Of every entry; dates are calendar days. Field columns follow: String, null only in a part that
# does not carry the field.
ENTRIES: Final = pl.Schema(
    {
        "kind": KIND,
        "code": pl.String(),
        "part": PART,
        "add_date": pl.Date(),
        "end_date": pl.Date(),
    }
)

# Before the name of a column of the user's own, which may be called anything, "kind" too.
OWN: Final = "="
# Before the name of one that is not compared.
REST: Final = "~"

# Rows that cannot be used; `code` is empty where it cannot be told.
SET_ASIDE: Final = pl.Schema(
    {
        "source": pl.String,
        "member": pl.String,
        "line": pl.Int64,
        "byte": pl.Int64,
        "column": pl.String,
        "fault": pl.String,
        "raw": pl.String,
        "fix": pl.String,
        "code": pl.String,
    }
)
# A code of the release that one of its files does not have, and the field that is missing.
GAPS: Final = pl.Schema({"kind": KIND, "code": pl.String(), "field": pl.String()})

# Codes that are used in another form than they were found in, and what was done to them.
NORMALIZATIONS: Final = pl.Schema(
    {
        "member": pl.String,
        "line": pl.Int64,
        "done": pl.String,
        "found": pl.String,
        "code": pl.String,
    }
)
# The columns of quarantine.csv.
QUARANTINE: Final = ("side", *(name for name in SET_ASIDE if name != "code"))

# What differs in a field of an entry. Of a key with several rows `row_name` tells which row it is,
# where columns name the rows; `label` belongs to the field, where it differs in several rows.
REVISIONS: Final = pl.Schema(
    {
        "kind": KIND,
        "code": pl.String(),
        "field": pl.String(),
        "previous": pl.String(),
        "current": pl.String(),
        "label": pl.String(),
        "row_name": pl.String(),
    }
)
# The fields of rows that came or went among several of one key: a row in one text.
ROW_ADDED: Final = "row added"
ROW_REMOVED: Final = "row removed"
ROW_FIELDS: Final = (ROW_ADDED, ROW_REMOVED)

# Ranked candidates for each deleted entry; the relations and bases that
# there are stand in judgement/crosswalk.py. `note` is the evidence in our words, `quoted` what a
# table says in its place, `trail` goes on from either: judgement/crosswalk.py writes one note.
CROSSWALK: Final = pl.Schema(
    {
        "kind": KIND,
        "code": pl.String(),
        "replacement": pl.String(),
        "rank": pl.Int64(),
        "relation": pl.String(),
        "basis": pl.String(),
        "confidence": pl.String(),
        "note": pl.String(),
        "quoted": pl.String(),
        "trail": pl.String(),
    }
)

# One row for each disagreement with a list: ours and theirs are added, deleted, revised,
# attributes-only, transient or empty; `cause` is one of the fixed list in judgement/causes.py.
# `quoted` ends `note` with the list's own words.
RECONCILIATION: Final = pl.Schema(
    {
        "kind": KIND,
        "code": pl.String(),
        "ours": pl.String(),
        "theirs": pl.String(),
        "field": pl.String(),
        "cause": pl.String(),
        "note": pl.String(),
        "quoted": pl.String(),
    }
)


@dataclass(frozen=True)
class RowCount:
    """The row law of one input: read = kept + collapsed + quarantined."""

    read: int = 0
    kept: int = 0
    collapsed: int = 0
    quarantined: int = 0

    def __add__(self, other: "RowCount") -> "RowCount":
        return RowCount(
            self.read + other.read,
            self.kept + other.kept,
            self.collapsed + other.collapsed,
            self.quarantined + other.quarantined,
        )


class Source(NamedTuple):
    """One file that was read: where it lay, its identity, and what became of its rows.

    `sheet` is the one of a workbook that holds the rows.
    """

    name: str
    member: str
    format: str
    size: int
    sha256: str | None
    encoding: str
    rows: RowCount
    sheet: str = ""


class PassedOver(NamedTuple):
    """A file that lay there and was not read, and why."""

    member: str
    why: str


class Break(NamedTuple):
    """A sign that a file is not whole, or is two files in one: its place, and what is wrong."""

    place: str
    wrong: str


class Archive(NamedTuple):
    """What the user named: its base name, and size and SHA-256 of a file or zip (not a folder)."""

    name: str
    size: int | None
    sha256: str | None


def name_cells() -> tuple[pl.Expr, pl.Expr]:
    """The field of `REVISIONS` as people call it, and its `why`, each with the row it is of."""
    name = pl.col("field").str.strip_prefix(OWN)
    labeled = pl.format("{} ({})", name, "label")
    is_cell = (pl.col("row_name") != "") & ~pl.col("field").is_in(ROW_FIELDS)
    row = pl.when(is_cell).then(pl.format(" (row: {})", "row_name")).otherwise(pl.lit(""))
    field_name = pl.when(pl.col("label") == "").then(name).otherwise(labeled)
    return field_name.alias("field"), pl.col("why") + row


def _find_nothing(_words: Sequence[str]) -> Iterator[Any]:
    return iter(())


@dataclass(frozen=True, eq=False, repr=False)
class Common:
    """The entries of a table that both releases have alike, where they are not held.

    `count` is how many; `search` yields the compared values of all rows that hold any of some
    words, in any case; `read` yields all values of some columns.
    """

    count: int = 0
    search: Callable[[Sequence[str]], Iterator[pl.Series]] = _find_nothing
    read: Callable[[Sequence[str]], Iterator[pl.DataFrame]] = _find_nothing


@dataclass(frozen=True, eq=False, repr=False)
class Release:
    """One dated publication of a code set.

    `entries` are valid on `effective_date`, `ended` were terminated before it (both `ENTRIES` and
    field columns, sorted by kind and code; `part` is the kind, or the name of codes that come in a
    file of their own: pla). `set_aside` holds the rows that could not be used,
    `set_aside_codes` their kinds and codes as far as they can be told, `gaps` the fields of a code
    whose own file has no row of it: what cannot be read is not compared. `normalizations`
    (`NORMALIZATIONS`) are the codes that were brought to their form; `repaired` counts those mended
    against a doubt. `carries` tells, by part, which fields this release's files hold and can be
    compared. `stated` is what lies beside them: the publisher's lists and crosswalks.
    `breaks` are the signs that the release is not whole; `proof` names the file that counts as many
    entries, and is empty where none does. `unended` are the codes whose lines had no line end, the
    last ones of their files. `keys` are the columns that make the code of a user's table, `preset`
    is the one that its header is of; `descriptor` is its field that names an entry, where the
    field's name does not say so, and `types` are those that a workbook or Parquet file states of
    its columns.

    `sets` are the rows of those keys of a user's table that have several, like `entries`; the
    entry of such a key tells the values of all of its rows.

    A release that was read to be compared may hold only those of its entries that differ: `common`
    counts the others. One that was loaded by itself holds all.
    """

    code_set: str
    name: str
    effective_date: date | None
    archive: Archive
    entries: pl.DataFrame
    ended: pl.DataFrame
    set_aside: pl.DataFrame
    set_aside_codes: pl.DataFrame
    carries: Mapping[str, tuple[str, ...]]
    sources: tuple[Source, ...]
    passed_over: tuple[PassedOver, ...]
    notes: tuple[Note, ...]
    gaps: pl.DataFrame = field(default_factory=GAPS.to_frame)
    normalizations: pl.DataFrame = field(default_factory=NORMALIZATIONS.to_frame)
    repaired: int = 0
    stated: Stated = field(default_factory=Stated)
    breaks: tuple[Break, ...] = ()
    proof: str = ""
    unended: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    preset: "Preset | None" = None
    descriptor: str = ""
    types: Mapping[str, str] = field(default_factory=dict)
    common: Common = field(default_factory=Common)
    sets: pl.DataFrame = field(default_factory=ENTRIES.to_frame)

    def __repr__(self) -> str:
        found = self.counts.items()
        counts = ", ".join(f"{n:,} {kind}{'' if n == 1 else 's'}" for kind, n in found)
        day = f", {self.effective_date}" if self.effective_date else ""
        return f"<{self.name}{day}: {counts or 'no entries'}>"

    @property
    def counts(self) -> dict[str, int]:
        """How many entries there are of each kind that there is, those that are not held too."""
        counts = dict(self.entries["kind"].value_counts().sort("kind").iter_rows())
        if self.common.count:
            counts["code"] = counts.get("code", 0) + self.common.count
        return counts

    @cached_property
    def records(self) -> pl.DataFrame:
        """The entries, and of keys with several rows these instead."""
        if not self.sets.height:
            return self.entries
        single = self.entries.join(self.sets, on="code", how="anti", maintain_order="left")
        return pl.concat([single, self.sets])

    @property
    def profile(self) -> Profile:
        """How the code set behaves."""
        return profile_of(self.code_set)

    @property
    def descriptors(self) -> tuple[str, ...]:
        """The fields that count as wording, longest first; of a user's table all of them."""
        return self.carries["code"] if self.profile.is_own else DESCRIPTORS

    @property
    def rows(self) -> RowCount:
        """The row law over all files read."""
        return sum((source.rows for source in self.sources), RowCount())


@dataclass(frozen=True, eq=False, repr=False)
class ValidCodes:
    """When the codes of one code set were valid: `wide` (code, spells, f1, t1 ..., basis).

    `headers` (code, f1, t1 ...) are headings, `replacements` (code, replaced_by) the last ones;
    `first` is the day of the first release, `last` that of the last one; `gaps` are stretches of
    days that no release covers, the last one without an end; `excluded` tells which releases are
    not whole, empty where all are.
    """

    code_set: str
    wide: pl.DataFrame
    headers: pl.DataFrame
    replacements: pl.DataFrame
    first: date
    last: date
    gaps: tuple[tuple[date, date], ...] = ()
    excluded: str = ""


def name_pair(previous: Release, current: Release) -> str:
    """Both files or folders as the user named them: the place of what is wrong with a pair."""
    return f"{previous.archive.name} and {current.archive.name}"


@dataclass(frozen=True, eq=False, repr=False)
class Pairs:
    """The compared entries of both sides.

    `at` has for each row of `after` the row of `before` with its code, null where there is none;
    `same_kind` tells where that row is of the same kind too; `differs` has a column for each
    compared field: where such a pair differs in it.
    """

    before: pl.DataFrame
    after: pl.DataFrame
    at: pl.Series
    same_kind: pl.Series
    differs: pl.DataFrame


@dataclass(frozen=True, eq=False, repr=False)
class Changes:
    """What differs between two releases.

    `added`, `deleted` and `transient` have `ENTRIES`, a `reason` and field columns, one row per
    entry; `revised` has `REVISIONS`, one row per entry and field; `revised_previous` and
    `revised_current` are these entries whole, row by row. `compared` counts current's entries that
    were compared; `notes` tell what was not compared. `columns` tells, by field, what those columns
    of a user's table hold whose values differ.
    """

    previous: Release
    current: Release
    added: pl.DataFrame
    deleted: pl.DataFrame
    revised: pl.DataFrame
    revised_previous: pl.DataFrame
    revised_current: pl.DataFrame
    transient: pl.DataFrame
    compared: int
    notes: tuple[Note, ...]
    columns: Mapping[str, Column] = field(default_factory=dict)

    def __repr__(self) -> str:
        counts = ", ".join(
            f"{len(getattr(self, name)):,} {name}"
            for name in ("added", "deleted", "revised_current", "transient")
        )
        both = f"{self.previous.name} to {self.current.name}"
        return f"<{both}: {counts.replace('revised_current', 'revised')}>"


def pick_longest(release: Release, columns: Sequence[str]) -> pl.Expr:
    """The longest descriptor among `columns` that is not empty, else empty text.

    Of a user's table the column that names an entry; where it is empty, a short one.
    """
    names = [name for name in release.descriptors if name in columns]
    if release.profile.is_own:
        called = find_descriptor([name.removeprefix(OWN) for name in names])
        best = [release.descriptor or f"{OWN}{called}"] if release.descriptor or called else names
        names = [*(name for name in best[:1] if name in names), *filter(is_short, names)]
    texts = [pl.when(pl.col(name) != "").then(pl.col(name)) for name in names]
    return pl.coalesce(*texts, pl.lit(""))


def is_short(field: str) -> bool:
    """Whether a field, of a publisher's or of the user's own, is the short descriptor."""
    return is_short_name(field.removeprefix(OWN))
