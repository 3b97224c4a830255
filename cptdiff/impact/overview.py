"""What the page, the workbook and the pages of owners show, counted once and the worst first."""

from collections.abc import Sequence
from typing import Final

import polars as pl

from cptdiff.impact.causes import CAUSES, write_amount
from cptdiff.impact.facts import DELETED, ENDED, REVISED, TOUCHED, TRANSIENT
from cptdiff.vocabulary import SEVERITIES

LINE: Final = ("list", "sheet", "line")
CODE: Final = ("code_set", "part", "code")
CRITICAL: Final = SEVERITIES[-1]
# The columns of `count_by` behind its keys.
COUNTS: Final = ("lines", "codes", *TOUCHED, CRITICAL, "exposure")
_WORST: Final = (DELETED, TRANSIENT, ENDED, CRITICAL, REVISED, "lines")


def rank_lines(touched: pl.DataFrame) -> pl.DataFrame:
    """Return `touched` by status, severity, cause (that of the most lines first), code and line.

    The number of the cause's place is the column rank; the place of a line is the column place.
    """
    gravity = _rank_gravity()
    many = pl.struct(LINE).n_unique().over("cause")
    order = (gravity.min().over("cause"), -many.cast(pl.Int64), pl.col("cause"))
    columns = [one.alias(f"by{at}") for at, one in enumerate(order)]
    names = [f"by{at}" for at in range(len(order))]
    rest = [gravity.alias("gravity"), name_place()]
    ranked = touched.with_columns(*columns, *rest).sort(
        *names, "gravity", *CODE, *LINE, maintain_order=True
    )
    return ranked.with_columns(pl.col("cause").rle_id().alias("rank")).drop(*names, "gravity")


def _rank_gravity() -> pl.Expr:
    """By status and then by severity, the gravest first."""
    steps = len(SEVERITIES) + 1
    severities = {name: rank for rank, name in enumerate(SEVERITIES[::-1])}
    statuses = {name: rank * steps for rank, name in enumerate(TOUCHED)}
    severity = pl.col("severity").replace_strict(
        severities, default=steps - 1, return_dtype=pl.Int64
    )
    return pl.col("status").replace_strict(statuses, return_dtype=pl.Int64) + severity


def name_place() -> pl.Expr:
    """Return the list of a row, with the sheet where there is one, as the column place."""
    whole = pl.format("{}[{}]", "list", "sheet")
    return pl.when(pl.col("sheet") == "").then("list").otherwise(whole).alias("place")


def count_by(touched: pl.DataFrame, *keys: str) -> pl.DataFrame:
    """Return a row for each of `keys`: the keys and `COUNTS`, the worst first.

    All counts but codes are of lines; exposure is text with two decimals, empty without any.
    """
    line, status = pl.struct(LINE), pl.col("status")
    counts = touched.group_by(keys).agg(
        line.n_unique().alias("lines"),
        pl.struct(CODE).n_unique().alias("codes"),
        *(line.filter(status == name).n_unique().alias(name) for name in TOUCHED),
        line.filter(pl.col("severity") == CRITICAL).n_unique().alias(CRITICAL),
    )
    once = touched.unique((*keys, *LINE), keep="first", maintain_order=True)
    cents = pl.when(pl.col("cents").count() > 0).then(pl.col("cents").sum())
    sums = once.group_by(keys).agg(write_amount(cents).alias("exposure"))
    both = counts.join(sums, on=keys, how="left", nulls_equal=True)
    order = [*_WORST, *keys]
    down = [True] * len(_WORST) + [False] * len(keys)
    return both.sort(order, descending=down).select(*keys, *COUNTS)


def rank_causes(causes: pl.DataFrame, ranked: pl.DataFrame) -> pl.DataFrame:
    """Return causes.csv (`CAUSES`) and the rank of each, in the order of `ranked` lines."""
    ranks = ranked.select("cause", "rank").unique("cause", keep="first")
    return causes.join(ranks, on="cause", how="left").sort("rank").select(*CAUSES, "rank")


def tabulate_codes(ranked: pl.DataFrame) -> pl.DataFrame:
    """Return the matrix: `CODE`, status, severity, and for each list how many lines have the code.

    Lists are columns, called by their places, those of the most touched lines first; text, empty
    for none.
    """
    key = [*CODE, "status", "severity"]
    order = ranked.select(key).unique(maintain_order=True)
    cells = ranked.group_by(*key, "place").agg(pl.struct(LINE).n_unique().alias("lines"))
    for place in list_places(ranked):
        own = cells.filter(pl.col("place") == place).select(
            *key, pl.col("lines").cast(pl.String).alias(f"{place} ")
        )
        order = order.join(own, on=key, how="left", maintain_order="left")
    # A blank behind keeps a list that is called as a column of ours apart.
    return order.with_columns(pl.col(pl.String).fill_null(""))


def list_places(ranked: pl.DataFrame) -> Sequence[str]:
    """Return the places of touched lines, that of the most lines first."""
    counts = ranked.group_by("place").agg(pl.struct(LINE).n_unique().alias("lines"))
    places: list[str] = counts.sort("lines", "place", descending=[True, False])["place"].to_list()
    return places


def add_amounts(rows: pl.DataFrame) -> str:
    """Return the exposure of different lines, with two decimals; empty where none has any."""
    once = rows.unique(LINE).filter(pl.col("cents").is_not_null())
    return once.select(write_amount(pl.col("cents").sum())).item() if once.height else ""


def count_lines(touched: pl.DataFrame) -> int:
    """Return how many different lines there are."""
    return int(touched.select(pl.struct(LINE).n_unique()).item())


def count_codes(touched: pl.DataFrame) -> int:
    """Return how many different codes there are."""
    return int(touched.select(pl.struct(CODE).n_unique()).item())
