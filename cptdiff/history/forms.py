"""The forms of a timeline: the long one for people and tools, the wide one for joins."""

import io
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, Final, NamedTuple

import polars as pl

from cptdiff.codesets import profile_of
from cptdiff.history.editions import LONGEST, Editions
from cptdiff.history.timeline import OPEN, Gap, make_timeline
from cptdiff.model import ValidCodes
from cptdiff.reports.overview import guard_formulas
from cptdiff.vocabulary import REPORT_KEY

# Spells that every wide file has columns for; more where a code has more.
_FEWEST: Final = 3
# By the name of a file: the wide form, and whether it is Parquet.
FILES: Final[Mapping[str, tuple[bool, bool]]] = {
    "timeline.csv": (False, False),
    "timeline.parquet": (False, True),
    "wide.csv": (True, False),
    "wide.parquet": (True, True),
}


class About(NamedTuple):
    """What a timeline tells of its releases, the same in each row.

    `covered` are the stretches of days that they cover, as in 2019-10-01/2026-10-01, separated by
    blanks; empty where codes are left out. `excluded` tells which are not whole.
    """

    covered: str = ""
    excluded: str = ""


def render(timeline: pl.DataFrame, name: str, about: About, *, bom: bool = False) -> bytes:
    """Return `timeline` (`SPELLS`) as the file `name` in `FILES`; `bom` marks CSV as UTF-8.

    Each row tells `about` the releases, so that the file is enough to judge claims by.
    """
    is_wide, is_parquet = FILES[name]
    whole = widen(timeline) if is_wide else timeline
    frame = whole.with_columns(
        pl.lit(text).alias(column) for column, text in about._asdict().items()
    )
    buffer = io.BytesIO()
    if is_parquet:
        frame.write_parquet(buffer, metadata={REPORT_KEY: "1"})
        return buffer.getvalue()
    days = pl.selectors.date().dt.to_string("%Y-%m-%d")
    text = frame.with_columns(days) if is_wide else _write_wordings(frame).with_columns(days)
    guard_formulas(text).write_csv(buffer, include_bom=bom)
    return buffer.getvalue()


def widen(timeline: pl.DataFrame) -> pl.DataFrame:
    """Return one row for each kind and code, so that a join never multiplies lines.

    Columns: code_set, kind, code, spells (how many), f1, t1, f2, t2, f3, t3 and on (first and last
    valid day of each; null where there is none), basis: file where each day is the file's own, and
    replaced_by: the codes that the last spell with any names.
    """
    most = max(timeline["spell"].unique().to_list(), default=0)
    places = range(1, max(most, _FEWEST) + 1)
    is_file = pl.col("basis_from", "basis_to").is_in(["file", "open"])
    days = [
        pl.col(name).filter(pl.col("spell") == at).first().alias(f"{letter}{at}")
        for at in places
        for letter, name in (("f", "valid_from"), ("t", "valid_to"))
    ]
    return (
        timeline.with_columns(pl.all_horizontal(is_file).alias("is_file"))
        .group_by("code_set", "kind", "code", maintain_order=True)
        .agg(
            pl.len().cast(pl.Int64).alias("spells"),
            *days,
            pl.when(pl.col("is_file").all())
            .then(pl.lit("file"))
            .otherwise(pl.lit("first-seen"))
            .alias("basis"),
            pl.col("replaced_by").filter(pl.col("replaced_by") != "").last().fill_null(""),
        )
    )


def list_valid_codes(editions: Editions) -> ValidCodes:
    """Return when each code of `editions` was valid, for joins with claims; no modifiers."""
    return take_valid(widen(make_timeline(editions)), editions.code_set, describe(editions))


def take_valid(wide: pl.DataFrame, code_set: str, about: About) -> ValidCodes:
    """Return the codes of a wide frame; no modifiers.

    Raise `ValueError` where `about` does not tell which days are covered.
    """
    stretches = [stretch.split("/") for stretch in about.covered.split(" ")]
    covered = [(date.fromisoformat(first), date.fromisoformat(last)) for first, last in stretches]
    codes = wide.filter(pl.col("kind") == "code").drop("code_set", "kind")
    # Headers may have more spells.
    many = max(codes["spells"].to_list(), default=0)
    extra = [f"{letter}{at}" for at in range(max(many, _FEWEST) + 1, 99) for letter in "ft"]
    return ValidCodes(
        code_set,
        codes.drop("replaced_by", *(name for name in extra if name in codes.columns)),
        _take_headers(wide),
        codes.filter(pl.col("replaced_by") != "").select("code", "replaced_by"),
        covered[0][0],
        covered[-1][1],
        tuple(_find_gaps(covered, profile_of(code_set).months)),
        about.excluded,
    )


def _take_headers(wide: pl.DataFrame) -> pl.DataFrame:
    """The headers of a wide frame, and the days of as many spells as they have."""
    headers = wide.filter(pl.col("kind") == "header")
    days = (f"{letter}{at}" for at in range(1, 99) for letter in "ft")
    filled = [one for one in days if one in wide.columns and headers[one].count()]
    return headers.select("code", *filled).unique("code").sort("code")


def describe(editions: Editions) -> About:
    """Return what a timeline tells of its releases."""
    excluded = "; ".join(str(note) for note in editions.notes if note.kind == "excluded")
    return About(" ".join(f"{first}/{last}" for first, last in _cover(editions.days)), excluded)


def _cover(days: Sequence[date]) -> tuple[tuple[date, date], ...]:
    """The stretches of days that releases of `days` cover; the last ends with the last release.

    Another one ends a year after a release that the next one is further away from.
    """
    starts, ends = [days[0]], []
    for one, other in pairwise(days):
        if (other - one).days > LONGEST:
            ends.append(_add_months(one, 12) - timedelta(days=1))
            starts.append(other)
    return tuple(zip(starts, [*ends, days[-1]], strict=True))


def find_gap(days: Sequence[date], day: date) -> Gap | None:
    """Return the days around `day` that releases of `days` do not cover, if there are such."""
    for (_, end), (start, _) in pairwise(_cover(days)):
        if end < day < start:
            return end + timedelta(days=1), start - timedelta(days=1)
    return None


def _find_gaps(covered: Sequence[tuple[date, date]], months: int) -> Iterator[tuple[date, date]]:
    """Yield the stretches between `covered`, and the days from `months` after the last one on."""
    for (_, end), (start, _) in pairwise(covered):
        yield end + timedelta(days=1), start - timedelta(days=1)
    yield _add_months(covered[-1][1], months), OPEN


def _add_months(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    return date(day.year + years, month + 1, min(day.day, 28))


def _write_wordings(timeline: pl.DataFrame) -> pl.DataFrame:
    """`timeline` whose wordings are JSON; empty where there is one only: the descriptor."""
    # Few have several, and each list costs much more as Python's than as Polars'.
    rows = timeline["wordings"].list.len().gt(1).arg_true()
    texts = [_write_json(wordings) for wordings in timeline["wordings"].gather(rows)]
    told = pl.repeat("", timeline.height, dtype=pl.String, eager=True).scatter(rows, texts)
    return timeline.with_columns(told.alias("wordings"))


def _write_json(wordings: Sequence[Mapping[str, Any]]) -> str:
    found = [{"from": one["day"].isoformat(), "descriptor": one["text"]} for one in wordings]
    return json.dumps(found, ensure_ascii=False)
