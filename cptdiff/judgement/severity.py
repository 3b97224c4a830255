"""Each revised field with its classes, severity and reason (severity.md, workflow.md c2)."""

from collections.abc import Sequence
from typing import Final

import polars as pl

from cptdiff.judgement.revision.classes import SEVERITY, RevisionClass
from cptdiff.judgement.revision.edits import marked, vocabulary
from cptdiff.model import DESCRIPTORS, OWN, Changes
from cptdiff.vocabulary import SEVERITIES, CodeSet

NO_CLASS: Final = "no class fits"


def graded(changes: Changes, classes: Sequence[RevisionClass]) -> pl.DataFrame:
    """`changes.revised` with role, classes (list, gravest first), severity, reason, gone, new.

    `role` tells how a field counts: wording decides, shorter and attribute do not. `gone` and
    `new` are the parts of the two texts that differ.
    """
    rows = _with_roles(changes)
    return classed(marked(rows, vocabulary(changes)), classes)


def _with_roles(changes: Changes) -> pl.DataFrame:
    """`REVISED` with role and name: of the descriptors the longest of both releases decides."""
    named = changes.revised.with_columns(pl.col("field").str.strip_prefix(OWN).alias("name"))
    if changes.current.code_set is CodeSet.TABLE:
        return named.with_columns(pl.lit("wording").alias("role"))
    sides = (changes.revised_previous, changes.revised_current)
    held = [name for name in DESCRIPTORS if all(name in side.columns for side in sides)]
    both = [(sides[0][name] != "") & (sides[1][name] != "") for name in held]
    longest = pl.coalesce(
        *(pl.when(there).then(pl.lit(name)) for name, there in zip(held, both, strict=True)),
        pl.lit(held[0] if held else ""),
    )
    deciding = changes.revised_current.select("kind", "code", longest.alias("longest"))
    rank = {name: at for at, name in enumerate(DESCRIPTORS)}
    of_field, of_longest = (
        pl.col(name).replace_strict(rank, default=None, return_dtype=pl.Int64)
        for name in ("field", "longest")
    )
    role = (
        pl.when(of_field <= of_longest).then(pl.lit("wording"))
        .when(of_field.is_not_null()).then(pl.lit("shorter"))
        .otherwise(pl.lit("attribute"))
    )  # fmt: skip
    joined = named.join(deciding, on=["kind", "code"], how="left", maintain_order="left")
    return joined.with_columns(role.alias("role")).drop("longest")


def classed(rows: pl.DataFrame, classes: Sequence[RevisionClass]) -> pl.DataFrame:
    """`rows` with classes (gravest first), severity and reason; unclassified is high: look."""
    ranked = sorted(classes, key=lambda row: -SEVERITIES.index(row.severity))
    fits = rows.with_columns(row.fits.fill_null(value=False).alias(row.name) for row in ranked)
    names = [pl.when(row.name).then(pl.lit(row.name)) for row in ranked]
    gravest = pl.coalesce(
        *(pl.when(row.name).then(pl.lit(row.severity)) for row in ranked), pl.lit("high")
    )
    reasons = [pl.when(row.name).then(pl.lit(row.reason)) for row in ranked]
    return fits.with_columns(
        pl.concat_list(names).list.drop_nulls().alias("classes"),
        gravest.cast(SEVERITY).alias("severity"),
        pl.coalesce(*reasons, pl.lit(NO_CLASS)).alias("reason"),
    ).drop(row.name for row in ranked)
