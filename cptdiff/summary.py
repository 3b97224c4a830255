"""What is counted: summary.json and the table by section."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

import polars as pl

from cptdiff.columns import Rules, find_type, measure
from cptdiff.judgement import Announced, Reconciliation
from cptdiff.model import OWN, Changes, Release
from cptdiff.options import Shown
from cptdiff.sections import PLACES, Sections
from cptdiff.vocabulary import KINDS, RETURNED, SETTLED, SEVERITIES

COUNTS: Final = ("added", "deleted", "revised", "revised_attributes_only", "transient")
# What people call them, in every report.
COUNT_NAMES: Final = {name: name for name in COUNTS} | {
    "revised_attributes_only": "other data changed",
    "transient": "added and discontinued between releases",
}


def count_as() -> pl.Expr:
    """One of `COUNTS` for each entry: only a changed descriptor counts as revised."""
    attributes = pl.col("reason") == "attributes-only"
    return pl.when(attributes).then(pl.lit("revised_attributes_only")).otherwise("change")


# Why a change waits for a person, as `review_as` says it.
REVIEWS: Final = ("revised", "deleted", "reinstated")


def review_as() -> pl.Expr:
    """One of `REVIEWS` for each entry that a person has to decide on, else an empty text.

    Critical and high revisions, deleted codes and modifiers of which nobody states a replacement,
    and entries that are valid again. What somebody has settled is one of `SETTLED` instead.
    """
    change, grave = pl.col("change"), pl.col("severity").is_in(["critical", "high"])
    answered = (pl.col("replacement") == "stated") | (pl.col("kind") == "header")
    status = pl.col("review_status")
    waits = (
        pl.when((change == "revised") & grave)
        .then(pl.lit("revised"))
        .when((change == "deleted") & ~answered)
        .then(pl.lit("deleted"))
        .when((change == "added") & pl.col("reason").is_in(RETURNED))
        .then(pl.lit("reinstated"))
        .otherwise(pl.lit(""))
    )
    settled = (waits != "") & status.is_in(SETTLED)
    return pl.when(settled).then(status).otherwise(waits).alias("review")


def choose_counts(counts: Mapping[str, Mapping[str, int]]) -> list[str]:
    """Those of `COUNTS` that a table shows: the three main ones, and others that are not naught."""
    main = COUNTS[:3]
    return [name for name in COUNTS if name in main or any(counts[kind][name] for kind in KINDS)]


def count_in_words(counts: Mapping[str, Mapping[str, int]], names: Iterable[str] = COUNTS) -> str:
    """As in "3 added, 0 deleted, 2 revised; headers: 1 added".

    Publishers count codes; so do the first figures, the other kinds stand apart. Of codes the three
    main counts are told though they are naught, as far as `names` has them.
    """
    told = {
        kind: [
            f"{counts[kind][name]:,} {COUNT_NAMES[name]}"
            for name in names
            if counts[kind][name] or (kind == "code" and name in COUNTS[:3])
        ]
        for kind in KINDS
    }
    leads = {kind: "" if kind == "code" else f"{kind}s: " for kind in KINDS}
    return "; ".join(leads[kind] + ", ".join(texts) for kind, texts in told.items() if texts)


def say_reviews(counts: Mapping[str, int], who: str) -> tuple[str, str]:
    """As in "130 need a coder", and "97 decisions" where these are fewer; `who` has to decide."""
    waiting, decisions = counts["entries"], counts["decisions"]
    needed = {0: f"None needs {who}", 1: f"1 needs {who}"}
    many = "1 decision" if decisions == 1 else f"{decisions:,} decisions"
    return needed.get(waiting, f"{waiting:,} need {who}"), many if decisions < waiting else ""


def count_by_section(entries: pl.DataFrame, known: Sections) -> pl.DataFrame:
    """Columns kind, category, section, group, `COUNTS`; in the order of the code set's book."""
    places = ["kind", "category", "section", "group"]
    order = known.ranges.group_by("section").agg(pl.col("layer", "order").min())
    counts = [(pl.col("counted") == name).sum().alias(name) for name in COUNTS]
    return (
        entries.select(*PLACES, "kind", count_as().alias("counted"))
        .group_by(places)
        .agg(counts)
        .join(order, on="section", how="left")
        .sort("kind", "layer", "order", *places[1:], nulls_last=True)
        .select(*places, *COUNTS)
    )


def count_changes(entries: pl.DataFrame) -> dict[str, Any]:
    """Return the counts of `entries` by kind, severity, class, family, replacement and review."""
    return {
        "counts": _count_by_kind(entries),
        "by_severity": _count_by_severity(entries),
        "by_class": _count_by_class(entries),
        "families": _count_families(entries),
        "replacements": _count_replacements(entries),
        "review": _count_reviews(entries),
    }


def summarize(
    changes: Changes, counts: Mapping[str, Any], sections: pl.DataFrame, doubts: tuple[str, ...]
) -> dict[str, Any]:
    """Return the first half of summary.json: plain values, sorted, no clock.

    `counts` (`count_changes`) and `sections` are those of all changes, whatever is shown.
    """
    return {
        "schema_version": 1,
        "code_set": changes.current.code_set,
        "previous": _describe_release(changes.previous),
        "current": _describe_release(changes.current),
        "counts": counts["counts"],
        "by_section": [{**row, "kind": str(row["kind"])} for row in sections.iter_rows(named=True)],
        "by_severity": counts["by_severity"],
        "rows": {
            side: _count_rows(release)
            for side, release in (("previous", changes.previous), ("current", changes.current))
        },
        "columns": _list_columns(changes),
        "identical": are_identical(changes),
        "notes": list(doubts),
    }


def are_identical(changes: Changes) -> bool:
    """Whether both releases were read from the same bytes."""
    digests = [
        sorted((source.format, source.sha256) for source in release.sources)
        for release in (changes.previous, changes.current)
    ]
    return digests[0] == digests[1]


def count_entries(release: Release) -> dict[str, int]:
    """Entries valid on the effective date, by kind."""
    return {kind: release.counts.get(kind, 0) for kind in KINDS}


def _describe_release(release: Release) -> dict[str, Any]:
    return {
        "name": release.name,
        "effective_date": release.effective_date.isoformat() if release.effective_date else None,
        "entries": count_entries(release),
        "file": release.archive.name,
        "size": release.archive.size,
        "sha256": release.archive.sha256,
        "preset": release.preset.name if release.preset else None,
        "sources": [
            {
                "member": source.member,
                "format": source.format,
                "encoding": source.encoding,
                "size": source.size,
                "sha256": source.sha256,
            }
            for source in release.sources
        ],
    }


def _count_by_kind(entries: pl.DataFrame) -> dict[str, dict[str, int]]:
    found = entries.group_by(pl.col("kind").cast(pl.String), count_as().alias("c")).len()
    known = {(kind, change): number for kind, change, number in found.iter_rows()}
    return {kind: {name: known.get((kind, name), 0) for name in COUNTS} for kind in KINDS}


def _count_by_severity(entries: pl.DataFrame) -> dict[str, int]:
    found = dict(entries["severity"].value_counts().iter_rows())
    return {severity: found.get(severity, 0) for severity in SEVERITIES}


def _count_rows(release: Release) -> dict[str, int]:
    rows = release.rows
    return {
        "read": rows.read,
        "kept": rows.kept,
        "collapsed": rows.collapsed,
        "quarantined": rows.quarantined,
    }


def _list_columns(changes: Changes) -> dict[str, Any]:
    """Columns of a user's table that only one side has, and the types of those that differ."""
    before, after = (
        {name.removeprefix(OWN).casefold(): name.removeprefix(OWN)
         for fields in release.carries.values() for name in fields if name.startswith(OWN)}
        for release in (changes.previous, changes.current)
    )  # fmt: skip
    return {
        "added": sorted(after[name] for name in set(after) - set(before)),
        "removed": sorted(before[name] for name in set(before) - set(after)),
        "types": {
            field.removeprefix(OWN): {
                "type": str(column.type),
                "respelled": column.respelled,
                "within_tolerance": column.within,
                "one_value": column.single is not None,
            }
            for field, column in sorted(changes.columns.items())
        },
    }


def list_column_types(release: Release) -> list[tuple[str, str]]:
    """The compared columns of a user's table with what each holds, by this release alone."""
    if not release.profile.is_own:
        return []
    names = [(field, field.removeprefix(OWN)) for field in release.carries["code"]]
    rules = Rules(preset=release.preset)
    shapes = [measure(release.records[field]) for field, _ in names]
    return [
        (name, rules.find_type(name) or find_type(name, shape.mark(release.types.get(name, ""))))
        for (_, name), shape in zip(names, shapes, strict=True)
    ]


def summarize_meaning(
    counts: Mapping[str, Any],
    agreement: Reconciliation,
    totals: Announced | None,
    shown: Mapping[str, Any],
) -> dict[str, Any]:
    """Return the second half, from by_class to shown."""
    return {
        "by_class": counts["by_class"],
        "families": counts["families"],
        "replacements": counts["replacements"],
        "review": counts["review"],
        "reconciliation": _describe_agreement(agreement),
        "expected": _list_totals(totals),
        "shown": shown,
    }


def describe_shown(shown: Shown, counts: Mapping[str, Any]) -> dict[str, Any]:
    """Return the filter, and the counts of what it shows."""
    return {
        "changes": list(shown.changes),
        "kinds": list(shown.kinds),
        "min_severity": shown.min_severity,
        "counts": counts["counts"],
    }


def _count_by_class(entries: pl.DataFrame) -> dict[str, int]:
    """Revised entries by class; one counts under each of its classes."""
    revised = entries.filter(pl.col("change") == "revised")
    names = revised["classes"].str.split(";").explode()
    return dict(names.filter(names != "").value_counts().sort("classes").iter_rows())


def _count_families(entries: pl.DataFrame) -> dict[str, int]:
    tied = entries.filter(pl.col("family") != "")
    return {"edits": tied["family"].n_unique(), "codes": tied.height}


def _count_replacements(entries: pl.DataFrame) -> dict[str, int]:
    """Deleted entries by what is known of their replacement; strong are some of the candidates."""
    found = entries.filter(pl.col("change") == "deleted")["replacement"]
    words = {"stated": "stated", "candidates": "candidate", "none": "none"}
    counts = {name: int((found == word).sum()) for name, word in words.items()}
    return counts | {"strong": int(entries["strong"].sum())}


def _count_reviews(entries: pl.DataFrame) -> dict[str, int]:
    """Entries that a person has to decide on, and the decisions: one edit in many codes is one.

    Those that somebody has settled are counted apart.
    """
    known = entries.with_columns(review_as()).filter(pl.col("review") != "")
    waiting = known.filter(pl.col("review").is_in(REVIEWS))
    own = pl.format("{} {}", "kind", "code")
    edit = pl.when(pl.col("edit") != "").then("edit").otherwise(own)
    found = dict(known["review"].value_counts().iter_rows())
    decisions = waiting.select(edit).to_series().n_unique()
    return {"entries": waiting.height, "decisions": decisions} | {
        name: found.get(name, 0) for name in (*REVIEWS, *SETTLED)
    }


def _describe_agreement(agreement: Reconciliation) -> dict[str, Any]:
    causes = agreement.table["cause"].value_counts().sort("cause").iter_rows()
    return {
        "lists": [
            {
                "name": one.name,
                "form": one.form,
                "states": one.states,
                "agree": one.agree,
                "disagree": one.disagree,
                "unlisted": one.unlisted,
            }
            for one in agreement.lists
        ],
        "causes": dict(causes),
        "not_announced": agreement.not_announced,
        "notes": [str(note) for note in agreement.notes],
    }


def _list_totals(totals: Announced | None) -> list[dict[str, Any]]:
    if totals is None:
        return []
    return [
        {
            **row,
            "unexplained": row["change"] in totals.unexplained,
            "groups": totals.groups.filter(pl.col("change") == row["change"])
            .drop("change").to_dicts(),
        }
        for row in totals.totals.iter_rows(named=True)
    ]  # fmt: skip
