"""The files of a release, shaped as entries and joined on the code."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Final

import polars as pl

from cptdiff.codesets import Profile
from cptdiff.codesets.layout import Format
from cptdiff.errors import Refused
from cptdiff.model import DESCRIPTORS, ENTRIES, GAPS, KIND, OWN, PART, Note, make_notes, name_part
from cptdiff.reading.rows import FEWEST_ROWS

# MODUL's list for ambulatory surgery centers and hospitals repeats modifiers of Level I.
_HOSPITAL: Final = r"(?i)hospital|ambulatory|\basc\b"
_PLACE: Final = ("line", "sequence", "concept_id")
DATES: Final = ("add_date", "end_date")


def shape_rows(form: Format, frame: pl.DataFrame) -> pl.DataFrame:
    """The checked rows of one file by (kind, code), its dates as calendar days."""
    if form.content == "modifiers":
        return _shape_modifiers(frame)
    frame = frame.select(name for name in frame.columns if name not in _PLACE)
    dates = [parse_date(name) for name in DATES if name in frame.columns]
    if dates:
        frame = frame.with_columns(dates)
    if form.content == "clinician":
        return (
            frame.sort("code", "descriptor_id", "clinician")
            .group_by("kind", "code", maintain_order=True)
            .agg(pl.col("clinician").str.join(" | "))
        )
    return frame


def parse_date(name: str) -> pl.Expr:
    """Parse YYYYMMDD, or an ISO moment whose calendar day counts: its offset is Chicago's."""
    return pl.col(name).str.head(10).str.replace_all("-", "").str.to_date("%Y%m%d", strict=False)


def _shape_modifiers(frame: pl.DataFrame) -> pl.DataFrame:
    """One row a modifier; its words in a further list, the hospitals' last, are `hospital`."""
    if "list" not in frame.columns:
        frame = frame.with_columns(pl.lit("").alias("list"))
    first_first = frame.sort(pl.col("list").str.contains(_HOSPITAL), "line", maintain_order=True)
    words = pl.concat_list("short", "long").list.eval(pl.element().filter(pl.element() != ""))
    return (
        first_first.with_columns(words.list.join(": ").alias("hospital"))
        .group_by("kind", "code", maintain_order=True)
        .agg(
            pl.exclude("list", "line", "kind", "code", "hospital").first(),
            pl.col("hospital").slice(1).str.join(" | "),
        )
        .with_columns(pl.col("hospital").fill_null(""))
    )


_IDENTITY: Final = ("kind", "code")
# What says which entries there are; the other files only add words to them.
_LISTS: Final = ("codes", "medium", "short", "pla", "modifiers")
# More codes without a descriptor tell of a cut file.
_CUT_FILE_SHARE: Final = 0.1
# What carries its parts even where no entry of them is left.
_OWN_FILE: Final = ("codes", "pla", "modifiers")


@dataclass(frozen=True, eq=False, repr=False)
class Part:
    """One checked file and its format."""

    format: Format
    frame: pl.DataFrame


@dataclass(frozen=True, eq=False, repr=False)
class Entries:
    """All entries of a release (`ENTRIES` and fields), what they carry, what was noticed.

    `gaps` (`GAPS`) are the codes that one of several files does not have.
    """

    frame: pl.DataFrame
    carries: Mapping[str, tuple[str, ...]]
    notes: tuple[Note, ...]
    gaps: pl.DataFrame


def join_files(parts: Sequence[Part], profile: Profile) -> Entries:
    """The union of `parts`, one row for each (kind, code)."""
    every = [Part(part.format, shape_rows(part.format, part.frame)) for part in parts]
    lists = [part for part in every if part.format.content in _LISTS] or every
    frame = _unite([part.frame for part in lists])
    gaps = _find_gaps(frame, profile)
    notes = _describe_gaps(gaps)
    for part in every:
        if part not in lists:
            frame, orphans = _add_words(frame, part)
            notes += orphans
    typed = _cast_columns(frame, profile)
    if profile.is_own:
        own = tuple(name for name in typed.columns if name.startswith(OWN))
        return Entries(typed, {"code": own}, notes, gaps)
    return Entries(typed, _find_carried_fields(lists, every, typed, profile), notes, gaps)


def _unite(frames: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """All rows of `frames`, each (kind, code) once; a field's first text stays."""
    # A file whose rows were all set aside has nothing to add.
    frames = [frame for frame in frames if frame.height] or frames[:1]
    if len(frames) == 1:
        return frames[0]
    kinds = sorted({str(frame["kind"].first()) for frame in frames})
    wholes = [
        reduce(_join_frames, [f for f in frames if str(f["kind"].first()) == kind])
        for kind in kinds
    ]
    return pl.concat(wholes, how="diagonal")


def _join_frames(left: pl.DataFrame, right: pl.DataFrame) -> pl.DataFrame:
    """Both frames, of one kind, by code; files mostly hold the same codes, or quite others."""
    shared = [name for name in right.columns if name in left.columns and name not in _IDENTITY]
    if not shared and left["code"].equals(right["code"]):
        return left.hstack(right.drop(_IDENTITY))
    known = right["code"].is_in(left["code"].implode())
    if not known.any():
        return pl.concat([left, right], how="diagonal")
    held = left.lazy().join(right.lazy().drop("kind"), on="code", how="left", suffix="\x00")
    first = [pl.coalesce(name, f"{name}\x00").alias(name) for name in shared]
    whole = held.with_columns(first).drop(f"{name}\x00" for name in shared).collect()
    return whole if known.all() else pl.concat([whole, right.filter(~known)], how="diagonal")


def _add_words(frame: pl.DataFrame, part: Part) -> tuple[pl.DataFrame, tuple[Note, ...]]:
    """`frame` with the words of a file that lists no entries; codes that no list has are told."""
    field = part.format.carries["code"][0]
    words = part.frame.select("code", pl.col(field).alias("\x00"))
    known = words["code"].is_in(frame["code"].implode())
    joined = frame.lazy().join(words.lazy(), on="code", how="left").collect()
    mine = pl.when(pl.col("kind") == "code").then(pl.col("\x00"))
    first = pl.coalesce(pl.when(pl.col(field) != "").then(pl.col(field)), mine) if (
        field in frame.columns
    ) else mine  # fmt: skip
    whole = joined.with_columns(first.alias(field)).drop("\x00")
    lost = words.height - int(known.sum())
    if not lost:
        return whole, ()
    name = part.format.example
    many = f"codes in {name} that no descriptor file lists, which are not compared: {lost:,}"
    return whole, (Note("reading", many),)


def _find_gaps(frame: pl.DataFrame, profile: Profile) -> pl.DataFrame:
    """What is no wording of the publisher's: a code that one of sister files lacks, a cut row.

    LONGULT, MEDU and SHORTU should hold the same codes, and every code has a
    long descriptor: one without it was cut off, and may have lost more.
    """
    # A part's own file is a sister of none of them: it has its own codes, and all of their words.
    ours = [~pl.col("code").str.contains(part.codes) for part in profile.parts]
    codes = frame.filter(pl.col("kind") != "modifier", *ours)
    held = [name for name in DESCRIPTORS if name in codes.columns]
    names = [name for name in held if codes[name].count()]
    if profile.is_own or "long" not in names:
        return GAPS.to_frame()
    if not (any(codes[name].null_count() for name in names) or (codes["long"] == "").any()):
        return GAPS.to_frame()
    # Where most have none, they were not cut: the release is without.
    is_cut = (pl.col("long") == "") & (2 * (pl.col("long") == "").sum() < pl.len())
    missing = [
        codes.filter(pl.col(name).is_null() | is_cut)
        .select(pl.col("kind").cast(KIND), "code", pl.lit(name).alias("field"))
        .sort("kind", "code")
        for name in names
    ]
    return pl.concat(missing)


def _describe_gaps(gaps: pl.DataFrame) -> tuple[Note, ...]:
    counts = (
        f"codes whose {name} descriptor is missing or cut off, which is not compared:"
        f" {rows.height:,}"
        for (name,), rows in gaps.group_by("field", maintain_order=True)
    )
    return make_notes("reading", counts)


def check_sisters(found: Entries, place: str) -> Entries:
    """`found`, or `Refused` where a file lacks too many of its sisters' codes to be whole."""
    codes = int((found.frame["kind"] == "code").sum()) if found.gaps.height else 0
    for (name,), rows in found.gaps.group_by("field", maintain_order=True):
        if codes >= FEWEST_ROWS and rows.height > _CUT_FILE_SHARE * codes:
            wrong = (
                f"{rows.height:,} of {codes:,} codes have no {name} descriptor: a file is cut off"
            )
            fix = "get the release again, or give only its complete file"
            raise Refused("E124", place, wrong, fix)
    return found


def _cast_columns(frame: pl.DataFrame, profile: Profile) -> pl.DataFrame:
    missing = [name for name in DATES if name not in frame.columns]
    fields = [name for name in frame.columns if name not in ENTRIES]
    ordered = _sort_entries(frame.with_columns(pl.col("kind").cast(KIND)))
    return ordered.with_columns(pl.lit(None, pl.Date).alias(name) for name in missing).select(
        "kind", "code", name_part(profile).cast(PART).alias("part"), *DATES,
        pl.col(fields).fill_null(""),
    )  # fmt: skip


def _sort_entries(frame: pl.DataFrame) -> pl.DataFrame:
    """`frame` by kind and code, whatever the order of the files.

    To find the order of the codes, part it by kind and take the rows once costs half as much as to
    sort rows by both.
    """
    kind, code = frame["kind"], frame["code"]
    found = kind.unique().to_list()
    is_sorted = code.is_sorted()
    if is_sorted and len(found) < 2:  # noqa: PLR2004 - nothing to part
        return frame
    order = pl.arange(frame.height, eager=True) if is_sorted else code.arg_sort()
    ordered = kind.gather(order)
    parts = [order.filter(ordered == one) for one in KIND.categories if one in found]
    return frame[pl.concat(parts)]


def _find_carried_fields(
    lists: Sequence[Part], every: Sequence[Part], frame: pl.DataFrame, profile: Profile
) -> dict[str, tuple[str, ...]]:
    """By part the fields that its own files hold; a part that no list holds is not carried."""
    found: dict[str, tuple[str, ...]] = {}
    present = set(frame["part"].unique().to_list())
    for part in lists:
        for name, fields in part.format.carries.items():
            if name in present or part.format.content in _OWN_FILE:
                held = [field for field in fields if field in part.frame.columns]
                found[name] = (*found.get(name, ()), *held)
    for apart in profile.parts:
        if apart.name in present and apart.name not in found:
            found[apart.name] = found["code"]
    more = [part.format for part in every if part not in lists]
    for name in found:
        found[name] += tuple(field for form in more for field in form.carries.get(name, ()))
    return {
        name: tuple(
            field
            for field in dict.fromkeys(fields)
            if field not in profile.optional or _has_field(frame, name, field)
        )
        for name, fields in sorted(found.items())
    }


def _has_field(frame: pl.DataFrame, part: str, name: str) -> bool:
    return frame.select(((pl.col("part") == part) & (pl.col(name) != "")).any()).item() is True


# So many values of a field of several rows are written into their entry.
_MOST_VALUES: Final = 5


def fold_rows(frame: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the rows of a user's table with one for each key, and the rows of the other keys.

    The one of a key with several rows tells their values, each once. The order of the rows does not
    matter.
    """
    codes = frame["code"]
    # As many hashes as rows: no key stands twice.
    if codes.hash().n_unique() == frame.height or codes.n_unique() == frame.height:
        return frame, frame.clear()
    fields = [name for name in frame.columns if name not in ENTRIES]
    several = frame.filter(codes.is_duplicated()).sort("code", *fields)
    folded = several.group_by("code", maintain_order=True).agg(
        *(pl.first(name) for name in ENTRIES if name != "code"), *map(_join_values, fields)
    )
    single = frame.filter(~codes.is_duplicated())
    return _sort_entries(pl.concat([single, folded.select(frame.columns)])), several


def _join_values(name: str) -> pl.Expr:
    """The values of a field, each once, as one text."""
    values = pl.col(name).filter(pl.col(name).str.strip_chars() != "").unique().sort()
    more = values.len().cast(pl.Int64) - _MOST_VALUES
    whole, cut = values.str.join("; "), values.head(_MOST_VALUES).str.join("; ")
    told = pl.when(more > 0).then(pl.format("{}; {} more", cut, more)).otherwise(whole)
    return told.fill_null("").alias(name)
