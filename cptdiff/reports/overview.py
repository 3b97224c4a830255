"""What all reports for people say first, in plain words and rows of text."""

from typing import Final, NamedTuple

import polars as pl

from cptdiff.model import Release
from cptdiff.results import Results
from cptdiff.summary import COUNTS, choose_counts
from cptdiff.vocabulary import KINDS, SEVERITIES

Rows = list[list[str]]

KIND_NAMES: Final = {"code": "Codes", "header": "Headers", "modifier": "Modifiers"}
CHANGE_NAMES: Final = {name: name for name in COUNTS} | {
    "revised_attributes_only": "attributes only"
}
HEADERS: Final = " (headers)"
REPLACED: Final = "Replacements of deleted codes"
_MOST: Final = 10


class First(NamedTuple):
    """What to look at first: a code, how many are alike, and what changed."""

    code: str
    alike: str
    told: str


# Blanks and marks that nobody sees may stand in front of a sign.
_SIGN: Final = "[=+\\-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b]"

FORMULA: Final = rf"^[\s\p{{C}}]*{_SIGN}|^[\t\r\n\x00]"
# Where a spreadsheet parts cells at semicolons, as Excel does in much of Europe, or at tabs, a cell
# begins behind each of these too.
LATER_FORMULA: Final = rf'([;\t\r\n][\s\p{{C}}"]*)({_SIGN})'


def make_title(results: Results) -> str:
    """As in "CPT 2026 to CPT 2027"."""
    return f"{results.changes.previous.name} to {results.changes.current.name}"


def list_sides(results: Results) -> tuple[tuple[str, Release], ...]:
    """Both releases, each by its side."""
    return ("previous", results.changes.previous), ("current", results.changes.current)


def say_date(release: Release) -> str:
    """The effective date, or that there is none."""
    return release.effective_date.isoformat() if release.effective_date else "no date"


def list_heads(results: Results) -> list[str]:
    """The heads of the counts in `count_by_kind` and `count_by_section`."""
    return [CHANGE_NAMES[name] for name in choose_counts(results.summary["counts"])]


def count_by_kind(results: Results) -> Rows:
    """Counts for each kind that has any change."""
    counts = results.summary["counts"]
    names = choose_counts(counts)
    return [
        [KIND_NAMES[kind], *(f"{counts[kind][name]:,}" for name in names)]
        for kind in KINDS
        if any(counts[kind].values()) or kind == "code"
    ]


def count_by_section(results: Results) -> Rows:
    """Counts for each section that has any change; of headers apart."""
    names = choose_counts(results.summary["counts"])
    named = results.sections.filter(pl.col("section") != "")
    order = ["kind", "section"]
    counted = named.group_by(order, maintain_order=True).agg(pl.col(names).sum())
    return [
        [
            row["section"] + (HEADERS if row["kind"] == "header" else ""),
            *(f"{row[name]:,}" for name in names),
        ]
        for row in counted.iter_rows(named=True)
    ]


def count_by_severity(results: Results) -> Rows:
    """Changes by severity, the gravest first; deletions count as high, additions not at all."""
    counts = results.summary["by_severity"]
    return [[name, f"{counts[name]:,}"] for name in SEVERITIES[::-1]]


def choose_first(results: Results) -> tuple[str, list[First], str]:
    """The gravest revisions, one of each family: a head, those that a summary can hold, the rest.

    All of it is empty where no revision is grave.
    """
    listed = results.gravest
    if not listed.height:
        return "", [], ""
    head = f"Look at these first ({results.grave.height:,} critical or high)"
    more = listed.height - _MOST
    rest = f"... and {more:,} more: see changes.csv or the page" if more > 0 else ""
    found = [
        First(
            row["code"],
            f" and {row['family_codes'] - 1:,} alike" if row["family"] else "",
            f"{row['severity']} ({row['classes'].replace(';', ', ')}):"
            f" {row['reasons'].partition('; ')[0]}",
        )
        for row in listed.head(_MOST).iter_rows(named=True)
    ]
    return head, found, rest


def describe_replacements(results: Results) -> str:
    """What is known of the replacements of deleted codes; empty where none were looked for."""
    counts = results.summary["replacements"]
    if not any(counts.values()):
        return ""
    return (
        f"{counts['stated']:,} stated,"
        f" {counts['candidates']:,} with candidates for a coder to review,"
        f" {counts['none']:,} without any"
    )
