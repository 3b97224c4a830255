"""What several reports show, made once: sentences, codes as people write them, rows of text."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

import polars as pl

from cptdiff.codesets import profile_of
from cptdiff.judgement.reconcile import ListFacts
from cptdiff.model import Release
from cptdiff.results import Results
from cptdiff.summary import COUNTS, choose_counts, count_entries
from cptdiff.vocabulary import KINDS, SEVERITIES

Rows = list[list[str]]

KIND_NAMES: Final = {"code": "Codes", "header": "Headers", "modifier": "Modifiers"}
CHANGE_NAMES: Final = {name: name for name in COUNTS} | {
    "revised_attributes_only": "other data changed",
    "transient": "added and discontinued between releases",
}
# Where a column is narrow.
BRIEF_NAMES: Final = CHANGE_NAMES | {
    "revised_attributes_only": "other data",
    "transient": "transient",
}
HEADERS: Final = " (headers)"
BEFORE: Final = "Before you rely on this"
AGREEMENT: Final = "Checked against the publisher's list"
GRADED: Final = "deletions count as high, additions have no severity"
TOTALS: Final = "Checked against the announced totals"
REPLACED: Final = "Replacements of deleted codes"
_MOST: Final = 10
# Of an ICD-10-CM code, in characters.
_CATEGORY: Final = 3


class First(NamedTuple):
    """What to look at first: a code, how many more have its edit, and what changed."""

    code: str
    more: str
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


def list_heads(results: Results, names: Mapping[str, str] = CHANGE_NAMES) -> list[str]:
    """The heads of the counts in `count_by_kind` and `count_by_section`."""
    return [names[name] for name in choose_counts(results.summary["counts"])]


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
    """Changes by severity, the most severe first; deletions count as high, additions not at all."""
    counts = results.summary["by_severity"]
    return [[name, f"{counts[name]:,}"] for name in SEVERITIES[::-1]]


def choose_first(results: Results) -> tuple[str, list[First], str]:
    """The most severe revisions, one of each family: a head, as many as fit, and the rest.

    All of it is empty where no revision is critical or high.
    """
    listed, code_set = results.gravest, results.changes.current.code_set
    if not listed.height:
        return "", [], ""
    head = f"Look at these first ({results.grave.height:,} critical or high)"
    more = listed.height - _MOST
    rest = f"... and {more:,} more; see changes.csv or the page" if more > 0 else ""
    found = [
        First(
            write_code(code_set, row["code"]),
            _count_more(row["family_codes"]) if row["family"] else "",
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
        f"{counts['stated']:,} named by the publisher or you,"
        f" {counts['candidates']:,} possible (coder review), {counts['none']:,} none found"
    )


class Successor(NamedTuple):
    """What may replace a deleted code, in words: "replaced by", the code, and the evidence."""

    lead: str
    code: str
    why: str
    stated: bool


_LEADS: Final = {
    "replaced-by": "replaced by",
    "same": "same as",
    "split": "split into",
    "merged": "merged into",
    "converted": "converted to",
}


def describe_successor(row: Mapping[str, Any]) -> Successor:
    """Return one row of the crosswalk in words; a code that nothing replaces has no code."""
    stated = row["confidence"] == "stated"
    if not row["replacement"]:
        lead = "no replacement" if stated else "no replacement found"
    else:
        lead = _LEADS.get(row["relation"], "replaced by") if stated else "possible"
    return Successor(lead, row["replacement"], row["note"], stated)


def describe_families(results: Results) -> str:
    """Return how many edits several codes share; empty where no edit is shared."""
    families = results.summary["families"]
    if not families["edits"]:
        return ""
    edits = "1 edit" if families["edits"] == 1 else f"{families['edits']:,} edits"
    return f"{edits} repeated in {families['codes']:,} codes"


def describe_agreement(one: ListFacts) -> str:
    """Return how far a list agrees with the files."""
    return f"{one.agree:,} match, {one.disagree:,} differ"


def count_entries_in_words(release: Release) -> str:
    """Return as in "206 codes, 2 modifiers"."""
    return say_counts(count_entries(release))


def say_counts(counts: Mapping[str, int]) -> str:
    """Return counts by kind as in "206 codes, 1 modifier"; empty for none."""
    return ", ".join(
        f"{counts[kind]:,} {KIND_NAMES[kind].lower() if counts[kind] != 1 else kind}"
        for kind in KINDS
        if counts.get(kind)
    )


def _count_more(codes: int) -> str:
    return f" and {codes - 1:,} more with the same edit"


def write_code(code_set: str, code: str) -> str:
    """Return `code` as people write it: ICD-10-CM puts a dot behind the category."""
    dotted = profile_of(code_set).dotted and len(code) > _CATEGORY
    return f"{code[:_CATEGORY]}.{code[_CATEGORY:]}" if dotted else code
