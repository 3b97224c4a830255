"""Where a code belongs: category, section, subsection and the field's everyday group."""

from collections.abc import Iterable
from typing import Final

import polars as pl

from cptdiff.codesets import CodeSet
from cptdiff.formats.sections import SECTIONS, Range

PLACES: Final = ("category", "section", "subsection", "group")


def ranges(code_set: CodeSet, own: Iterable[Range] = ()) -> pl.DataFrame:
    """The ranges of `code_set` sorted by key: own, order, start, end and the four `PLACES`.

    `own` ranges come first: a code that one of them holds is placed by it.
    """
    frames = [_frame(code_set, found) for found in (SECTIONS[code_set], tuple(own))]
    return pl.concat(
        frame.with_columns(pl.lit(own).alias("own")) for own, frame in enumerate(frames)
    )


def placed(codes: pl.DataFrame, code_set: CodeSet, known: pl.DataFrame) -> pl.DataFrame:
    """`codes` (kind, code) with `PLACES`, by `ranges`; empty text where no range holds a code.

    Modifiers stand in a section of their own, "Modifiers".
    """
    keyed = codes.with_columns(key=_key(pl.col("code"), code_set))
    found = [_in(keyed, known.filter(pl.col("own") == own)) for own in (1, 0)]
    is_modifier = pl.col("kind").cast(pl.String) == "modifier"
    places = [
        pl.when(is_modifier)
        .then(pl.lit("Modifiers" if name == "section" else ""))
        .otherwise(pl.coalesce(found[0][name], found[1][name], pl.lit("")))
        .alias(name)
        for name in PLACES
    ]
    return keyed.drop("key").with_columns(places)


def _frame(code_set: CodeSet, found: Iterable[Range]) -> pl.DataFrame:
    schema = pl.Schema(dict.fromkeys(Range._fields, pl.String()))
    frame = pl.DataFrame(list(found), schema, orient="row").with_row_index("order")
    start, end = (_key(pl.col(name), code_set) for name in ("start", "end"))
    return frame.with_columns(start=start, end=end).sort("start")


def _key(code: pl.Expr, code_set: CodeSet) -> pl.Expr:
    """Text in which a section's codes are neighbours: CPT's last letter leads (0042T: T0042)."""
    if code_set is not CodeSet.CPT:
        return code
    return pl.when(code.str.contains(r"[A-Z]$")).then(
        code.str.slice(-1) + code.str.head(-1)
    ).otherwise(pl.lit("0") + code)  # fmt: skip


def _in(keyed: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """For each key the `PLACES` of the range that holds it, null where none does."""
    if not known.height:
        return keyed.select(pl.lit(None, pl.String).alias(name) for name in PLACES)
    at = known["start"].search_sorted(keyed["key"], side="right").cast(pl.Int64) - 1
    near = known.select("start", "end", *PLACES)[at.clip(0)].with_columns(keyed["key"])
    # An end may be shorter than the code: B9Z, the end of a chapter, holds B999.
    head = pl.col("key").str.slice(0, pl.col("end").str.len_chars())
    within = (pl.col("start") <= pl.col("key")) & (head <= pl.col("end"))
    return near.select(pl.when(within).then(pl.col(name)).alias(name) for name in PLACES)
