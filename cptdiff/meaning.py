"""The part of summary.json that tells what the changes mean."""

from typing import Any

import polars as pl

from cptdiff.judgement.announced import Announced
from cptdiff.judgement.reconcile import Reconciliation
from cptdiff.options import Shown


def meaning(
    entries: pl.DataFrame,
    agreement: Reconciliation,
    totals: Announced | None,
    shown: Shown,
) -> dict[str, Any]:
    """Plain values, sorted: by_class, families, replacements, reconciliation, expected, shown."""
    return {
        "by_class": _by_class(entries),
        "families": _families(entries),
        "replacements": _replacements(entries),
        "reconciliation": _agreement(agreement),
        "expected": _totals(totals),
        "shown": {
            "changes": list(shown.changes),
            "kinds": list(shown.kinds),
            "min_severity": shown.min_severity,
        },
    }


def _by_class(entries: pl.DataFrame) -> dict[str, int]:
    """Revised entries by class; one counts under each of its classes."""
    revised = entries.filter(pl.col("change") == "revised")
    names = revised["classes"].str.split(";").explode()
    return dict(names.filter(names != "").value_counts().sort("classes").iter_rows())


def _families(entries: pl.DataFrame) -> dict[str, int]:
    tied = entries.filter(pl.col("family") != "")
    return {"edits": tied["family"].n_unique(), "codes": tied.height}


def _replacements(entries: pl.DataFrame) -> dict[str, int]:
    """Deleted entries by what is known of their replacement."""
    found = entries["replacement"]
    words = {"stated": "stated", "candidates": "candidate", "none": "none"}
    return {name: int((found == word).sum()) for name, word in words.items()}


def _agreement(agreement: Reconciliation) -> dict[str, Any]:
    causes = agreement.table["cause"].value_counts().sort("cause").iter_rows()
    return {
        "lists": [
            {
                "name": one.name,
                "form": one.form,
                "states": one.states,
                "agree": one.agree,
                "disagree": one.disagree,
            }
            for one in agreement.lists
        ],
        "causes": dict(causes),
        "notes": list(agreement.notes),
    }


def _totals(totals: Announced | None) -> list[dict[str, Any]]:
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
