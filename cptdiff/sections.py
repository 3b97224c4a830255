"""Where a code belongs: category, section, subsection and the field's everyday group."""

from functools import cache
from typing import Final, NamedTuple

import polars as pl

from cptdiff.codesets import Profile, Range, profile_of

PLACES: Final = ("category", "section", "subsection", "group")
_MODIFIERS: Final = "Modifiers"
# Behind every code that begins with the end of a range: BZZ, the end of a chapter, holds B999.
_LAST: Final = "\U0010ffff"


class Sections(NamedTuple):
    """The ranges of a code set.

    `ranges` has layer, order, start and end as keys, and the four `PLACES`: layer 0 are the user's
    own, 1 the built-in ones, 2 whole sections. `steps` has the same without overlap: from each
    start up to the next one codes lie in these places, or (null) in none.
    """

    code_set: str
    ranges: pl.DataFrame
    steps: pl.DataFrame


@cache
def list_ranges(code_set: str, own: tuple[Range, ...] = ()) -> Sections:
    """The sections of `code_set`, the user's own before the built-in ones."""
    profile = profile_of(code_set)
    rows = [
        (layer, order, *found)
        for layer, ranges in enumerate((own, profile.sections, profile.otherwise))
        for order, found in enumerate(ranges)
    ]
    schema = {"layer": pl.Int8, "order": pl.UInt32} | dict.fromkeys(Range._fields, pl.String)
    start, end = (_make_key(pl.col(name), profile) for name in ("start", "end"))
    ranges = pl.DataFrame(rows, schema, orient="row").with_columns(start=start, end=end)
    return Sections(code_set, ranges.sort("layer", "start", "order"), _flatten(ranges))


def count_by_section(codes: pl.DataFrame, known: Sections) -> dict[str, int]:
    """Return the number of `codes` (kind, code) in each section that holds any.

    Counted by the steps where they lie: to place each by name takes several times as long.
    """
    at = _find_steps(codes, known).alias("at")
    apart = codes.select(pl.col("kind") == "modifier", at)
    counts: dict[str, int] = {}
    for is_modifier, step, number in apart.group_by("kind", "at").len().iter_rows():
        section = _MODIFIERS if is_modifier else known.steps["section"][step]
        if section:
            counts[section] = counts.get(section, 0) + number
    return counts


def place_codes(codes: pl.DataFrame, known: Sections) -> pl.DataFrame:
    """`codes` (kind, code) with `PLACES`; empty text where no range holds a code.

    The first layer that holds a code places it; of ranges inside each other in one layer the last
    one to start. Modifiers stand in a section of their own, "Modifiers".
    """
    at = _find_steps(codes, known)
    found = known.steps[at].select(pl.col(PLACES).fill_null(""))
    is_modifier = pl.col("kind").cast(pl.String) == "modifier"
    places = [
        pl.when(is_modifier)
        .then(pl.lit(_MODIFIERS if name == "section" else ""))
        .otherwise(name)
        .alias(name)
        for name in PLACES
    ]
    return codes.hstack(found).with_columns(places)


def _find_steps(codes: pl.DataFrame, known: Sections) -> pl.Series:
    """The rows of `Sections.steps` where `codes` lie."""
    keys = codes.select(_make_key(pl.col("code"), profile_of(known.code_set))).to_series()
    return known.steps["start"].search_sorted(keys, side="right") - 1


def _flatten(ranges: pl.DataFrame) -> pl.DataFrame:
    """The steps of `Sections`; the first one holds every code before the first range."""
    rows = sorted(ranges.rows(), key=lambda row: row[2])
    borders = sorted({"", *(row[2] for row in rows), *(row[3] + _LAST for row in rows)})
    steps: list[tuple[str | None, ...]] = []
    around: list[tuple[str, ...]] = []
    for border in borders:
        around = [row for row in around if row[3] + _LAST > border]
        while rows and rows[0][2] == border:
            around.append(rows.pop(0))
        inmost = max(around, key=lambda row: (-int(row[0]), row[2], row[1]), default=None)
        steps.append((border, *(inmost[4:] if inmost else [None] * len(PLACES))))
    return pl.DataFrame(steps, dict.fromkeys(("start", *PLACES), pl.String), orient="row")


def _make_key(code: pl.Expr, profile: Profile) -> pl.Expr:
    """Text in which a section's codes are neighbors: where the last letter leads, 0042T: T0042."""
    if not profile.letter_leads:
        return code
    return pl.when(code.str.contains(r"[A-Z]$")).then(
        code.str.slice(-1) + code.str.head(-1)
    ).otherwise(pl.lit("0") + code)  # fmt: skip
