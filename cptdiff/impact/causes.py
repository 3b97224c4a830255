"""Why lines are touched, so that people work by cause: one decision for codes that changed alike.

Codes that were deleted, added or both on one day and stand next to each other in the code set are
one cause; so are codes with the same edit, codes of which the same data changed, codes that ended
on one day before, and those that no release has.
"""

from typing import Final

import polars as pl

from cptdiff.codesets import Profile

CAUSES: Final = ("cause", "codes", "lines", "lists", "groups", "exposure", "replacements")
CENTS: Final = 100
# So many codes a cause names.
_FEW: Final = 3
_RUNS: Final = {
    "deleted": "deleted",
    "transient": "added and ended between the releases",
    "not-yet-valid": "new",
}


def name_causes(codes: pl.DataFrame, profile: Profile) -> pl.DataFrame:
    """Return `codes`, which are sorted, of one code set and judged, with the column cause."""
    status, code, label = pl.col("status"), pl.col("code"), profile.label
    kind = pl.when(pl.col("kind") == "modifier").then(pl.lit(f"{label} modifier")).otherwise(
        pl.lit(label)
    )  # fmt: skip
    runs = _number_runs(codes).with_columns(
        code.first().over("run").alias("first"), code.last().over("run").alias("last"),
        pl.len().over("run").alias("many"),
    )  # fmt: skip
    span = (
        pl.when(pl.col("many") == 1).then(pl.col("first"))
        .when(pl.col("many") == 2).then(pl.format("{} and {}", "first", "last"))  # noqa: PLR2004
        .otherwise(pl.format("{} to {} ({} codes)", "first", "last", "many"))
    )  # fmt: skip
    word = status.replace_strict(_RUNS, default="", return_dtype=pl.String)
    last = pl.col("last_valid_date")
    ended = pl.when(last != "").then(pl.format("{} ended on {}", kind, last)).otherwise(
        pl.format("{} ended before", kind)
    )  # fmt: skip
    in_family = pl.when(pl.col("family") != "").then(
        pl.format("{} revised: {} and the codes with the same edit", kind, "family")
    ).otherwise(pl.format("{} revised: {}", kind, code))  # fmt: skip
    fields = pl.col("fields").replace(
        {one: _name_fields(one, profile) for one in codes["fields"].unique() if one}
    )
    cause = (
        pl.when(status == "revised").then(in_family)
        .when(status == "attributes-only")
        .then(pl.format("{} other data changed: {}", kind, fields))
        .when(status == "ended-before").then(ended)
        .when(status == "unchanged").then(pl.lit(""))
        .when(pl.col("effective_date") == "").then(pl.format("{} {}: {}", kind, word, span))
        .otherwise(pl.format("{} {} from {}: {}", kind, word, "effective_date", span))
    )  # fmt: skip
    start = (
        pl.when(status == "revised").then(pl.format("{} revised", kind))
        .when(status == "ended-before").then(ended)
        .when(~status.is_in([*_RUNS])).then(pl.lit(""))
        .when(pl.col("effective_date") == "").then(pl.format("{} {}", kind, word))
        .otherwise(pl.format("{} {} from {}", kind, word, "effective_date"))
    )  # fmt: skip
    is_run = status.is_in([*_RUNS])
    between = pl.when(pl.col("many") == 2).then(pl.lit("and")).otherwise(pl.lit("to"))  # noqa: PLR2004
    several = (
        pl.when(status == "revised").then("family")
        .when(is_run & (pl.col("many") > 1))
        .then(pl.format("{} codes {} {} {}", "many", "first", between, "last"))
        .otherwise(pl.lit(""))
    )  # fmt: skip
    return runs.with_columns(
        cause.alias("cause"), start.alias("origin"), several.alias("span"),
        pl.col("many").cast(pl.String),
    )  # fmt: skip


def name_listed(touched: pl.DataFrame) -> pl.DataFrame:
    """Return `touched` with causes that name the codes on the lists, where these are not all.

    A cause says "deleted: C9014 (1 of 6 codes C9014 to C9029)"; one of ended or unknown codes names
    the first. `touched` has origin, span and many of each cause.
    """
    found = touched.group_by("cause").agg(
        pl.col("status", "origin", "span", "many").first(),
        pl.col("code").unique().sort().alias("codes"),
    )
    count = pl.col("codes").list.len()
    more = pl.when(count > _FEW).then(pl.format(" and {} more", count - _FEW)).otherwise(
        pl.lit("")
    )  # fmt: skip
    told = pl.concat_str(pl.col("codes").list.head(_FEW).list.join(", "), more)
    origin, span, status = pl.col("origin"), pl.col("span"), pl.col("status")
    is_edit = (status == "revised") & (span != "") & ~pl.col("codes").list.contains(span)
    is_part = status.is_in([*_RUNS]) & (span != "") & (count.cast(pl.String) != pl.col("many"))
    is_loose = status.is_in(["ended-before", "unknown"]) & (origin != "")
    named = (
        pl.when(is_edit).then(pl.format("{}: {} (same edit as {})", origin, told, span))
        .when(is_part).then(pl.format("{}: {} ({} of {})", origin, told, count, span))
        .when(is_loose).then(pl.format("{}: {}", origin, told))
        .otherwise("cause")
    )  # fmt: skip
    names = found.select("cause", named.alias("named"))
    joined = touched.join(names, on="cause", how="left", maintain_order="left")
    return joined.with_columns(pl.col("named").alias("cause")).drop("named")


def _name_fields(fields: str, profile: Profile) -> str:
    return ", ".join(profile.name_field(name) for name in fields.split(";"))


def _number_runs(codes: pl.DataFrame) -> pl.DataFrame:
    """`codes` with the number of the run of neighbors of one kind, status and day."""
    parts = [pl.col(name) for name in ("kind", "status", "effective_date")]
    # What was not valid in either release parts no neighbors.
    shown = codes.with_columns((pl.col("status") == "ended-before").alias("apart"))
    is_same = pl.all_horizontal(part == part.shift(1) for part in parts)
    numbered = shown.filter(~pl.col("apart")).with_columns(
        (~is_same.fill_null(value=False)).cum_sum().alias("run")
    )
    rest = shown.filter("apart").with_columns(
        (pl.int_range(pl.len(), dtype=pl.UInt32) + codes.height + 1).alias("run")
    )
    return pl.concat([numbered, rest]).sort("kind", "code").drop("apart")


def list_causes(touched: pl.DataFrame) -> pl.DataFrame:
    """Return causes.csv: `CAUSES`, that of the most lines first."""
    line = pl.struct("list", "sheet", "line")
    codes = touched.group_by("cause").agg(
        pl.struct("code_set", "part", "code").n_unique().alias("codes"),
        line.n_unique().alias("lines"),
        pl.col("list").n_unique().alias("lists"),
        pl.col("group").filter(pl.col("group") != "").n_unique().alias("groups"),
        pl.col("replacements").filter(pl.col("replacements") != "").str.split(";")
        .list.explode().unique().sort().str.join(";").alias("replacements"),
    )  # fmt: skip
    once = touched.unique(("cause", "list", "sheet", "line"), keep="first", maintain_order=True)
    cents = pl.when(pl.col("cents").count() > 0).then(pl.col("cents").sum())
    sums = once.group_by("cause").agg(write_amount(cents).alias("exposure"))
    both = codes.join(sums, on="cause", how="left")
    return both.sort("lines", "cause", descending=[True, False]).select(CAUSES)


def write_amount(cents: pl.Expr) -> pl.Expr:
    """Return an amount with two decimals, empty where there is none."""
    sign = pl.when(cents < 0).then(pl.lit("-")).otherwise(pl.lit(""))
    whole, rest = cents.abs() // CENTS, cents.abs() % CENTS
    text = pl.concat_str(sign, whole.cast(pl.String), pl.lit("."),
                         rest.cast(pl.String).str.zfill(2))  # fmt: skip
    return text.fill_null("")
