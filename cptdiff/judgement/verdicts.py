"""What the changes mean, entry by entry and field by field."""

from collections.abc import Sequence
from typing import Final

import polars as pl

from cptdiff.judgement.families import families
from cptdiff.judgement.revision.classes import SEVERITY, RevisionClass
from cptdiff.model import KIND, OWN, Changes
from cptdiff.vocabulary import SEVERITIES

FIELD_VERDICTS: Final = pl.Schema(
    {
        "kind": KIND,
        "code": pl.String(),
        "field": pl.String(),
        "class": pl.String(),
        "severity": SEVERITY,
        "why": pl.String(),
    }
)
ENTRY_VERDICTS: Final = pl.Schema(
    {
        "kind": KIND,
        "code": pl.String(),
        "classes": pl.String(),
        "severity": SEVERITY,
        "reasons": pl.String(),
        "family": pl.String(),
        "family_codes": pl.Int64(),
    }
)
_KEY: Final = ("kind", "code")


def field_verdicts(graded: pl.DataFrame) -> pl.DataFrame:
    """`FIELD_VERDICTS` of `severity.graded`; `why` is the reason, then what went and came."""
    return graded.select(
        *_KEY,
        pl.col("field").str.strip_prefix(OWN),
        pl.col("classes").list.join(";").alias("class"),
        "severity",
        pl.format("{}: {} -> {}", "reason", "gone", "new").alias("why"),
    ).cast(FIELD_VERDICTS)


def entry_verdicts(
    graded: pl.DataFrame, changes: Changes, classes: Sequence[RevisionClass]
) -> pl.DataFrame:
    """`ENTRY_VERDICTS` of the revised entries, and of added ones that were reinstated."""
    counted = graded.filter(_counts())
    ranked = sorted(classes, key=lambda row: -SEVERITIES.index(row.severity))
    names = [row.name for row in ranked]
    reasons = {row.name: row.reason for row in ranked}
    order = pl.Enum(names)
    revised = counted.group_by(_KEY, maintain_order=True).agg(
        pl.col("classes").explode().drop_nulls().unique().cast(order).sort(),
        pl.col("severity").max(),
    )
    spoken = pl.col("classes").list.eval(
        pl.element().cast(pl.String).replace_strict(reasons, return_dtype=pl.String)
    )
    told = revised.with_columns(
        spoken.list.join("; ").alias("reasons"),
        pl.col("classes").cast(pl.List(pl.String)).list.join(";"),
    )
    known = families(graded, changes.current.code_set)
    tied = known.select(*_KEY, "family", family_codes="codes")
    joined = told.join(tied, on=_KEY, how="left")
    return pl.concat([joined.select(ENTRY_VERDICTS.names()), _reinstated(changes, ranked)])


def _counts() -> pl.Expr:
    """Whether a field has a say: the deciding one, else the shorter ones, else the attributes.

    severity.md, last paragraph.
    """
    wording, shorter = (pl.col("role") == role for role in ("wording", "shorter"))
    worded, shortened = (role.any().over(_KEY) for role in (wording, shorter))
    return wording | (shorter & ~worded) | ~(worded | shortened)


def _reinstated(changes: Changes, classes: Sequence[RevisionClass]) -> pl.DataFrame:
    (row,) = (row for row in classes if row.name == "reinstated")
    back = changes.added.filter(pl.col("reason") == row.name)
    return back.select(
        *_KEY,
        pl.lit(row.name).alias("classes"),
        pl.lit(row.severity).cast(SEVERITY).alias("severity"),
        pl.lit(row.reason).alias("reasons"),
        pl.lit(None, pl.String).alias("family"),
        pl.lit(None, pl.Int64).alias("family_codes"),
    )
