"""What the workbook and summary.md say first, in plain words and rows of text."""

from typing import Final

import polars as pl

from cptdiff.grades import KINDS, SEVERITIES
from cptdiff.model import Release
from cptdiff.results import Results
from cptdiff.summary import shown_counts

Rows = list[list[str]]

_KINDS: Final = {"code": "Codes", "header": "Headers", "modifier": "Modifiers"}
_HEADS: Final = {"revised_attributes_only": "attributes only"}


def title(results: Results) -> str:
    """As in "CPT 2026 to CPT 2027"."""
    return f"{results.changes.previous.name} to {results.changes.current.name}"


def sides(results: Results) -> tuple[tuple[str, Release], ...]:
    """Both releases, each by its side."""
    return ("previous", results.changes.previous), ("current", results.changes.current)


def dated(release: Release) -> str:
    """The effective date, or that there is none."""
    return release.effective_date.isoformat() if release.effective_date else "no date"


def heads(results: Results) -> list[str]:
    """The heads of the counts in `by_kind` and `by_section`."""
    return [_HEADS.get(name, name) for name in shown_counts(results.summary["counts"])]


def by_kind(results: Results) -> Rows:
    """Counts for each kind that has any change."""
    counts = results.summary["counts"]
    names = shown_counts(counts)
    return [
        [_KINDS[kind], *(f"{counts[kind][name]:,}" for name in names)]
        for kind in KINDS
        if any(counts[kind].values()) or kind == "code"
    ]


def by_section(results: Results) -> Rows:
    """Counts for each section that has any change; of headers apart."""
    names = shown_counts(results.summary["counts"])
    named = results.sections.filter(pl.col("section") != "")
    order = ["kind", "section"]
    counted = named.group_by(order, maintain_order=True).agg(pl.col(names).sum())
    return [
        [
            row["section"] + (" (headers)" if row["kind"] == "header" else ""),
            *(f"{row[name]:,}" for name in names),
        ]
        for row in counted.iter_rows(named=True)
    ]


def by_severity(results: Results) -> Rows:
    """Changes by severity, the gravest first; deletions count as high, additions not at all."""
    counts = results.summary["by_severity"]
    return [[name, f"{counts[name]:,}"] for name in SEVERITIES[::-1]]


def replaced(results: Results) -> str:
    """What is known of the replacements of deleted codes; empty where none were looked for."""
    counts = results.summary["replacements"]
    if not any(counts.values()):
        return ""
    return (
        f"Replacements of deleted codes: {counts['stated']:,} stated,"
        f" {counts['candidates']:,} with candidates for a coder to review,"
        f" {counts['none']:,} without any"
    )
