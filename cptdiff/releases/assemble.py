"""The files of a release, joined on code into its entries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Final

import polars as pl

from cptdiff.codesets import CodeSet
from cptdiff.formats.cpt import OPTIONAL
from cptdiff.formats.layout import Format
from cptdiff.model import ENTRIES, KIND, OWN, PART

# MODUL's list for ambulatory surgery centers and hospitals repeats modifiers of Level I (1.7).
_HOSPITAL: Final = r"(?i)hospital|ambulatory|\basc\b"
_IDENTITY: Final = ("kind", "code")
_OWN_FILE: Final = ("codes", "modifiers", "pla")
_PLACE: Final = ("line", "sequence")
_DATES: Final = ("add_date", "end_date")


@dataclass(frozen=True, eq=False)
class Part:
    """One checked file and its format."""

    format: Format
    frame: pl.DataFrame


@dataclass(frozen=True, eq=False)
class Entries:
    """All entries of a release (`ENTRIES` and fields), what they carry, what was noticed."""

    frame: pl.DataFrame
    carries: Mapping[str, tuple[str, ...]]
    notes: tuple[str, ...]


def entries(parts: Sequence[Part], code_set: CodeSet) -> Entries:
    """The union of `parts`, one row for each (kind, code)."""
    shaped = [_shaped(part) for part in parts]
    notes = _unequal(parts) if code_set is CodeSet.CPT else ()
    frame = shaped[0] if len(shaped) == 1 else _union(shaped)
    frame = _typed(frame, code_set)
    return Entries(frame, _carries(parts, frame, code_set), notes)


def _shaped(part: Part) -> pl.DataFrame:
    """A file's rows by (kind, code): several rows of one code become fields of one entry."""
    if part.format.content == "modifiers":
        return _modifiers(part.frame)
    frame = part.frame.select(name for name in part.frame.columns if name not in _PLACE)
    dates = [_date(name) for name in _DATES if name in frame.columns]
    if dates:
        frame = frame.with_columns(dates)
    if part.format.content == "clinician":
        return (
            frame.sort("code", "descriptor_id", "clinician")
            .group_by("kind", "code", maintain_order=True)
            .agg(pl.col("clinician").str.join(" | "))
        )
    return frame.select("kind", "code", "consumer") if part.format.content == "consumer" else frame


def _modifiers(frame: pl.DataFrame) -> pl.DataFrame:
    """One row a modifier; its words in a further list, the hospitals' last, are `hospital`."""
    if "list" not in frame.columns:
        frame = frame.with_columns(pl.lit("").alias("list"))
    first_first = frame.sort(pl.col("list").str.contains(_HOSPITAL), "line", maintain_order=True)
    return (
        first_first.group_by("kind", "code", maintain_order=True)
        .agg(
            pl.exclude("list", "line", "kind", "code").first(),
            pl.col("long").slice(1).str.join(" | ").alias("hospital"),
        )
        .with_columns(pl.col("hospital").fill_null(""))
    )


def _union(frames: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """All rows of `frames`, each (kind, code) once; a field's first text stays."""
    # A file whose rows were all set aside has nothing to add.
    frames = [frame for frame in frames if frame.height] or frames[:1]
    kinds = sorted({str(frame["kind"].first()) for frame in frames})
    wholes = [reduce(_joined, [f for f in frames if f["kind"].first() == kind]) for kind in kinds]
    return pl.concat(wholes, how="diagonal")


def _joined(left: pl.DataFrame, right: pl.DataFrame) -> pl.DataFrame:
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


def _typed(frame: pl.DataFrame, code_set: CodeSet) -> pl.DataFrame:
    is_pla = pl.col("code").str.ends_with("U") & (pl.col("kind") == "code")
    part = pl.when(is_pla).then(pl.lit("pla")).otherwise("kind") if code_set is CodeSet.CPT else (
        pl.col("kind")
    )  # fmt: skip
    missing = [name for name in _DATES if name not in frame.columns]
    fields = [name for name in frame.columns if name not in ENTRIES]
    return frame.with_columns(pl.lit(None, pl.Date).alias(name) for name in missing).select(
        pl.col("kind").cast(KIND), "code", part.cast(PART).alias("part"), *_DATES,
        pl.col(fields).fill_null(""),
    )  # fmt: skip


def _date(name: str) -> pl.Expr:
    """YYYYMMDD, or an XML moment whose calendar day counts: its offset is Chicago's (1.9)."""
    return pl.col(name).str.head(10).str.replace_all("-", "").str.to_date("%Y%m%d", strict=False)


def _carries(
    parts: Sequence[Part], frame: pl.DataFrame, code_set: CodeSet
) -> dict[str, tuple[str, ...]]:
    if code_set is CodeSet.TABLE:
        return {"code": tuple(name for name in frame.columns if name.startswith(OWN))}
    found: dict[str, tuple[str, ...]] = {}
    for part in parts:
        for name, fields in part.format.carries.items():
            held = [field for field in fields if _held(frame, name, field)]
            found[name] = tuple(dict.fromkeys((*found.get(name, ()), *held)))
    present = set(frame["part"].unique().to_list())
    if "pla" in present and "pla" not in found:
        found["pla"] = found["code"]
    # A part that its own file holds is carried even where it has no entry left.
    own = [part.format for part in parts if part.format.content in _OWN_FILE]
    told = {name for form in own for name in form.carries}
    return {
        name: fields for name, fields in sorted(found.items()) if name in present or name in told
    }


def _held(frame: pl.DataFrame, part: str, name: str) -> bool:
    if name not in frame.columns or name not in OPTIONAL:
        return name in frame.columns
    return frame.select(((pl.col("part") == part) & (pl.col(name) != "")).any()).item() is True


def _unequal(parts: Sequence[Part]) -> tuple[str, ...]:
    """LONGULT, MEDU and SHORTU should hold the same codes (formats.md, trap 13)."""
    heights = {
        part.format.name: part.frame.height
        for part in parts
        if part.format.content in {"codes", "medium", "short"}
    }
    if len(set(heights.values())) < 2:  # noqa: PLR2004 - all the same
        return ()
    counts = ", ".join(f"{name} {height:,}" for name, height in heights.items())
    return (f"the descriptor files do not hold the same number of codes: {counts}",)
