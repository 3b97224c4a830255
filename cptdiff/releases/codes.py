"""Codes as hands and spreadsheets left them, brought to their form aloud (reliability.md 37-43)."""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import polars as pl

from cptdiff.model import NORMALISED
from cptdiff.releases.code_faults import SHORTENED
from cptdiff.vocabulary import CodeSet, Repair

# What was changed in a code: the row's line, what was done, the code as found and as used.
BROUGHT: Final = pl.Schema({name: of for name, of in NORMALISED.items() if name != "member"})
_LISTED: Final = 5

# A code with nothing but printable ASCII: folding any other would make a code of a look-alike.
_PLAIN: Final = pl.col("code").str.contains(r"\A[\x20-\x7e\t]*\z")


class _Step(NamedTuple):
    done: str
    brought: pl.Expr


_UNGUARDED: Final = _Step(
    "freed of the mark by which spreadsheets keep text",
    pl.col("code").str.replace(r"""\A\s*(?:="([^"]*)"|'(.*))\s*\z""", "${1}${2}"),
)
_FOLDED: Final = _Step(
    "brought to upper case without blanks",
    pl.when(_PLAIN).then(pl.col("code").str.strip_chars(" \t").str.to_uppercase()),
)
_UNDOTTED: Final = _Step(
    "written without their dot",
    pl.col("code").str.replace(r"\A([A-Z][0-9A-Z]{2})\.([0-9A-Z]{1,4})\z", "${1}${2}"),
)
_REPAIRED: Final = _Step(
    "given back leading zeros, as was asked",
    pl.when(pl.col("kind") == "code", pl.col("code").str.contains(rf"\A(?:{SHORTENED})\z")).then(
        pl.col("code").str.zfill(5)
    ),
)


class Normalised(NamedTuple):
    """The rows with their codes as used, and what was done (`BROUGHT`, rows by step)."""

    frame: pl.DataFrame
    changes: pl.DataFrame


def normalised(
    frame: pl.DataFrame, code_set: CodeSet, repairs: Sequence[Repair], good: pl.Expr
) -> Normalised:
    """`frame` with every code brought to its form where that makes one; else as it was found.

    `good` tells whether a row's code fits the grammar. A user's keys stay as they
    are (contract.md, "Plain tables").
    """
    if code_set is CodeSet.TABLE:
        return Normalised(frame, BROUGHT.to_frame())
    found, changes = frame, []
    for step in _steps(code_set, repairs):
        code = pl.coalesce(step.brought, "code")
        brought = found.with_columns(pl.when(good).then("code").otherwise(code).alias("code"))
        changes.append(_change(step, found, brought))
        found = brought
    fits = found.select(good).to_series()
    used = found.with_columns(pl.when(fits).then("code").otherwise(frame["code"]).alias("code"))
    lines = found.filter(fits).select(pl.col("line").cast(pl.Int64))
    return Normalised(used, pl.concat(changes).join(lines, on="line", how="semi"))


def _steps(code_set: CodeSet, repairs: Sequence[Repair]) -> Iterator[_Step]:
    yield _UNGUARDED
    yield _FOLDED
    if code_set is CodeSet.ICD10CM:
        yield _UNDOTTED
    if code_set is CodeSet.CPT and Repair.LEADING_ZEROS in repairs:
        yield _REPAIRED


def _change(step: _Step, found: pl.DataFrame, brought: pl.DataFrame) -> pl.DataFrame:
    both = pl.DataFrame(
        {"line": found["line"].cast(pl.Int64), "found": found["code"], "code": brought["code"]}
    )
    done = pl.lit(step.done).alias("done")
    return both.filter(pl.col("found") != pl.col("code")).select("line", done, "found", "code")


def told(changes: pl.DataFrame, place: str) -> tuple[str, ...]:
    """One sentence for each step that changed any code, with the first of them."""
    return tuple(
        f"{place}: codes {done[0]}: {rows.height:,} ({_some(rows)})"
        for done, rows in changes.group_by("done", maintain_order=True)
    )


def repaired(changes: pl.DataFrame) -> pl.DataFrame:
    """Those of `changes` that a user asked for."""
    return changes.filter(pl.col("done") == _REPAIRED.done)


def _some(rows: pl.DataFrame) -> str:
    shown = rows.head(_LISTED).select(pl.format("{} for {}", "code", "found")).to_series()
    return ", ".join(shown) + (", ..." if rows.height > _LISTED else "")
