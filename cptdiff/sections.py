"""Where a code belongs: category, section, subsection and the field's everyday group."""

from collections.abc import Iterable
from typing import Final

import polars as pl

from cptdiff.codesets import Profile, Range, profile_of

PLACES: Final = ("category", "section", "subsection", "group")


def list_ranges(code_set: str, own: Iterable[Range] = ()) -> pl.DataFrame:
    """The ranges of `code_set`: layer, order, start and end as keys, and the four `PLACES`.

    Layer 0 are the user's own, 1 the built-in ones, 2 whole sections; the first layer that holds
    a code places it.
    """
    profile = profile_of(code_set)
    layers = (tuple(own), profile.sections, profile.otherwise)
    frames = [
        _make_frame(profile, found).with_columns(pl.lit(layer, pl.Int8).alias("layer"))
        for layer, found in enumerate(layers)
        if found
    ]
    return (
        pl.concat(frames)
        if frames
        else _make_frame(profile, ()).with_columns(layer=pl.lit(0, pl.Int8))
    )


def place_codes(codes: pl.DataFrame, code_set: str, known: pl.DataFrame) -> pl.DataFrame:
    """`codes` (kind, code) with `PLACES`, by `list_ranges`; empty text where no range holds a code.

    Modifiers stand in a section of their own, "Modifiers".
    """
    keyed = codes.with_columns(key=_make_key(pl.col("code"), profile_of(code_set)))
    found = [
        _find_places(keyed, layer)
        for _, layer in sorted(known.partition_by("layer", as_dict=True).items())
    ]
    is_modifier = pl.col("kind").cast(pl.String) == "modifier"
    places = [
        pl.when(is_modifier)
        .then(pl.lit("Modifiers" if name == "section" else ""))
        .otherwise(pl.coalesce(*(layer[name] for layer in found), pl.lit("")))
        .alias(name)
        for name in PLACES
    ]
    return keyed.drop("key").with_columns(places)


def _make_frame(profile: Profile, found: Iterable[Range]) -> pl.DataFrame:
    schema = pl.Schema(dict.fromkeys(Range._fields, pl.String()))
    frame = pl.DataFrame(list(found), schema, orient="row").with_row_index("order")
    start, end = (_make_key(pl.col(name), profile) for name in ("start", "end"))
    return frame.with_columns(start=start, end=end).sort("start")


def _make_key(code: pl.Expr, profile: Profile) -> pl.Expr:
    """Text in which a section's codes are neighbors: where the last letter leads, 0042T: T0042."""
    if not profile.letter_leads:
        return code
    return pl.when(code.str.contains(r"[A-Z]$")).then(
        code.str.slice(-1) + code.str.head(-1)
    ).otherwise(pl.lit("0") + code)  # fmt: skip


def _find_places(keyed: pl.DataFrame, layer: pl.DataFrame) -> pl.DataFrame:
    """For each key the `PLACES` of the range that holds it, null where none does.

    Of ranges inside each other the last one to start counts, if it holds the key, else the one
    around it.
    """
    at = layer["start"].search_sorted(keyed["key"], side="right").cast(pl.Int64) - 1
    found = _hold_range(keyed, layer, at)
    nested = (layer["start"] <= layer["end"].shift(1)).any()
    while nested and (found["section"].is_null() & (at > 0)).any():
        at = pl.select(pl.when(found["section"].is_null()).then(at - 1).otherwise(at)).to_series()
        found = _hold_range(keyed, layer, at)
    return found


def _hold_range(keyed: pl.DataFrame, layer: pl.DataFrame, at: pl.Series) -> pl.DataFrame:
    near = layer.select("start", "end", *PLACES)[at.clip(0)].with_columns(keyed["key"])
    # An end may be shorter than the code: BZZ, the end of a chapter, holds B999.
    head = pl.col("key").str.slice(0, pl.col("end").str.len_chars())
    within = (pl.col("start") <= pl.col("key")) & (head <= pl.col("end"))
    return near.select(pl.when(within).then(pl.col(name)).alias(name) for name in PLACES)
