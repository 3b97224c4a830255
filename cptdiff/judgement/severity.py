"""Revisions by class and severity, one edit in several codes, the verdict of an entry."""

from collections.abc import Iterator, Sequence
from typing import Final

import polars as pl

from cptdiff.codesets import Profile
from cptdiff.judgement.classes import SEVERITY, RevisionClass
from cptdiff.judgement.edits import collect_vocabulary, mark_revisions
from cptdiff.judgement.rank import RANK, choose_weightiest, rank_entries, weigh_edits
from cptdiff.model import DESCRIPTORS, KIND, OWN, ROW_FIELDS, Changes
from cptdiff.vocabulary import RETURNED, SEVERITIES, ColumnType

NO_CLASS: Final = "fits no class: read both wordings"
# By the type of a column; all others hold wording.
_ROLES: Final = {
    ColumnType.NUMBER: "amount", ColumnType.DATE: "value", ColumnType.FLAG: "value",
}  # fmt: skip


def grade_revisions(changes: Changes, classes: Sequence[RevisionClass]) -> pl.DataFrame:
    """`changes.revised` with role, classes (list, gravest first), severity, reason, gone, new.

    `role` tells how a field counts: wording decides, and so do amount, value and rows in a user's
    table; shorter and attribute do not. `gone` and `new` are what differs of the two texts.
    """
    rows = _add_roles(changes)
    return classify(mark_revisions(rows, collect_vocabulary(changes)), classes)


def _add_roles(changes: Changes) -> pl.DataFrame:
    """`REVISIONS` with role and name: of the descriptors the longest of both releases decides.

    Columns of a user's table count by what they hold.
    """
    named = changes.revised.with_columns(pl.col("field").str.strip_prefix(OWN).alias("name"))
    if changes.current.profile.is_own:
        roles = {field: _ROLES.get(column.type, "wording") for field, column in
                 changes.columns.items()}  # fmt: skip
        roles |= dict.fromkeys(ROW_FIELDS, "rows")
        role = pl.col("field").replace_strict(roles, default="wording", return_dtype=pl.String)
        return named.with_columns(role.alias("role"))
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


def classify(rows: pl.DataFrame, classes: Sequence[RevisionClass]) -> pl.DataFrame:
    """Return `rows` with classes (gravest first), severity and reason.

    What fits no class is high, so that a person looks at it.
    """
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


FAMILIES: Final = pl.Schema({"family": pl.String(), "codes": pl.Int64()})
_CATEGORY: Final = 3


def find_families(graded: pl.DataFrame, profile: Profile) -> pl.DataFrame:
    """Return the entries of `graded` whose deciding edit two codes or more share.

    The columns are kind, code and `FAMILIES`: the lowest code of the family, and how many it has.
    """
    worded = graded.filter(pl.col("role") == "wording")
    if profile.is_own:
        worded = worded.clear()
    # Where the longest descriptor is on one side only a shorter one has its say beside it.
    longest = worded.sort(pl.col("field").cast(pl.Enum(DESCRIPTORS)), maintain_order=True).unique(
        ("kind", "code"), keep="first", maintain_order=True
    )
    return _name_families(
        (_find_portion_edits if profile.shares_portions else _find_category_edits)(longest)
    )


def _find_portion_edits(worded: pl.DataFrame) -> pl.DataFrame:
    """Return the texts whose common portion changed; both wordings of it are the edit."""
    before, after = (
        pl.col(name).str.extract(r"^([^;]*);").alias(f"{name}_portion")
        for name in ("previous", "current")
    )
    portions = worded.with_columns(before, after).filter(
        pl.col("previous_portion") != pl.col("current_portion")
    )
    return portions.with_columns(
        pl.lit("").alias("key"), previous="previous_portion", current="current_portion"
    )


def _find_category_edits(worded: pl.DataFrame) -> pl.DataFrame:
    """Return every text with its category as key; the words gone and new are the edit."""
    return worded.with_columns(
        pl.col("code").str.head(_CATEGORY).alias("key"),
        *(
            pl.col(cut).str.strip_chars(" ,;").alias(name)
            for name, cut in (("previous", "before"), ("current", "after"))
        ),
    )


def _name_families(edits: pl.DataFrame) -> pl.DataFrame:
    edit = ["key", "previous", "current"]
    groups = (
        edits.select("kind", "code", *edit)
        .sort("code")
        .group_by(edit, maintain_order=True)
        .agg(
            "kind",
            "code",
            pl.col("code").first().alias("family"),
            pl.len().cast(pl.Int64).alias("codes"),
        )
        .filter(pl.col("codes") > 1)
    )
    return groups.explode("kind", "code").select("kind", "code", *FAMILIES).sort("kind", "code")


FIELD_VERDICTS: Final = pl.Schema(
    {
        "kind": KIND,
        "code": pl.String(),
        "field": pl.String(),
        "label": pl.String(),
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
        **RANK,
    }
)
_KEY: Final = ("kind", "code")


def judge_fields(graded: pl.DataFrame) -> pl.DataFrame:
    """Return `FIELD_VERDICTS` for each row; `why` is the reason, then the words gone and new."""
    return graded.select(
        *_KEY,
        "field",
        "label",
        pl.col("classes").list.join(";").alias("class"),
        "severity",
        pl.format("{}: {} -> {}", "reason", "gone", "new").alias("why"),
    ).cast(FIELD_VERDICTS)


def judge_entries(
    graded: pl.DataFrame, changes: Changes, classes: Sequence[RevisionClass]
) -> pl.DataFrame:
    """Return `ENTRY_VERDICTS` of the revised entries and of those that are valid again."""
    profile = changes.current.profile
    counted = weigh_edits(graded, profile).filter(_has_say())
    ranked = sorted(classes, key=lambda row: -SEVERITIES.index(row.severity))
    names = [row.name for row in ranked]
    reasons = {row.name: row.reason for row in ranked}
    order = pl.Enum(names)
    revised = counted.group_by(_KEY, maintain_order=True).agg(
        pl.col("classes").explode().drop_nulls().unique().cast(order).sort(),
        pl.col("severity").max(),
        *choose_weightiest(),
    )
    spoken = pl.col("classes").list.eval(
        pl.element().cast(pl.String).replace_strict(reasons, return_dtype=pl.String)
    )
    verdicts = rank_entries(revised, profile).with_columns(
        spoken.list.join("; ").alias("reasons"),
        pl.col("classes").cast(pl.List(pl.String)).list.join(";"),
    )
    known = find_families(graded, profile)
    tied = known.select(*_KEY, "family", family_codes="codes")
    joined = verdicts.join(tied, on=_KEY, how="left")
    return pl.concat([joined.select(ENTRY_VERDICTS.names()), *_grade_returned(changes, ranked)])


def _has_say() -> pl.Expr:
    """Whether a field counts for its entry: wording; without any, shorter ones; else attributes."""
    wording = pl.col("role").is_in(["wording", "rows", *_ROLES.values()])
    shorter = pl.col("role") == "shorter"
    worded, shortened = (role.any().over(_KEY) for role in (wording, shorter))
    return wording | (shorter & ~worded) | ~(worded | shortened)


def _grade_returned(changes: Changes, classes: Sequence[RevisionClass]) -> Iterator[pl.DataFrame]:
    """Yield the verdicts on added entries that were valid before, by their reason."""
    for row in (one for one in classes if one.name in RETURNED):
        yield changes.added.filter(pl.col("reason") == row.name).select(
            *_KEY,
            pl.lit(row.name).alias("classes"),
            pl.lit(row.severity).cast(SEVERITY).alias("severity"),
            pl.lit(row.reason).alias("reasons"),
            pl.lit(None, pl.String).alias("family"),
            pl.lit(None, pl.Int64).alias("family_codes"),
            *(pl.lit(None, kind).alias(name) for name, kind in RANK.items()),
        )
