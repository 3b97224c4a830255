"""The forms of a timeline: the long one for people and tools, the wide one for joins."""

import io
import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

import polars as pl

from cptdiff.history.editions import Editions
from cptdiff.history.timeline import make_timeline
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


def render(timeline: pl.DataFrame, name: str, *, bom: bool = False) -> bytes:
    """Return `timeline` (`SPELLS`) as the file `name` in `FILES`; `bom` marks CSV as UTF-8."""
    is_wide, is_parquet = FILES[name]
    frame = widen(timeline) if is_wide else timeline
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
    valid day of each; null where there is none), and basis: file where each day is the file's own.
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
        )
    )


def list_valid_codes(editions: Editions) -> ValidCodes:
    """Return when each code of `editions` was valid, for joins with claims; no modifiers."""
    timeline = make_timeline(editions)
    codes = timeline.filter(pl.col("kind") == "code")
    replaced = codes.filter(pl.col("replaced_by") != "").group_by("code", maintain_order=True)
    return ValidCodes(
        editions.code_set,
        widen(codes).drop("code_set", "kind"),
        timeline.filter(pl.col("kind") == "header").select("code").unique().sort("code"),
        replaced.agg(pl.col("replaced_by").last()),
        editions.days[0],
        editions.days[-1],
    )


def _write_wordings(timeline: pl.DataFrame) -> pl.DataFrame:
    """`timeline` whose wordings are JSON; empty where there is one only: the descriptor."""
    texts = [
        _write_json(wordings) if len(wordings) > 1 else "" for wordings in timeline["wordings"]
    ]
    return timeline.with_columns(pl.Series("wordings", texts, pl.String))


def _write_json(wordings: Sequence[Mapping[str, Any]]) -> str:
    found = [{"from": one["day"].isoformat(), "descriptor": one["text"]} for one in wordings]
    return json.dumps(found, ensure_ascii=False)
