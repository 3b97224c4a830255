"""Lines that have to be looked at, by status, cause and code, as pages list them."""

import re
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any, Final, NamedTuple

import polars as pl

from cptdiff.impact.facts import (
    ATTRIBUTES,
    DELETED,
    ENDED,
    FAMILY,
    NEW,
    REVISED,
    TRANSIENT,
    UNKNOWN,
)
from cptdiff.impact.overview import CODE, LINE
from cptdiff.impact.sentences import tell_basis, write_money
from cptdiff.impact.tables import IMPACT, INNER
from cptdiff.judgement.wording import DELETED as GONE
from cptdiff.judgement.wording import INSERTED, Piece, merge_pieces
from cptdiff.reports.overview import write_code

# By status the heading of its lines.
_TITLES: Final = {
    DELETED: "Deleted codes",
    ENDED: "Codes that had ended before",
    REVISED: "Revised codes",
    FAMILY: "Families of codes that changed",
    TRANSIENT: "Codes added and ended between the releases, not valid any more",
    NEW: "Codes that are new",
    ATTRIBUTES: "Codes of which only other data changed",
    UNKNOWN: "Codes that neither release has",
}
_CHOOSE: Final = "Choose a replacement, or retire the line."
# By status what to do.
_ADVICE: Final = {
    DELETED: f"Not valid for dates of service after the last valid one. {_CHOOSE}",
    ENDED: "They ended before the earlier release: claims with them are rejected already."
    f" {_CHOOSE}",
    REVISED: "The wording changed. Check that each line still describes the service, and that its"
    " price still fits.",
    FAMILY: "These lines stand for all codes that begin so. Check whether the codes that changed"
    " belong in your list.",
    TRANSIENT: "Added after the earlier release and ended by the later one: not valid for dates of"
    f" service after the last valid one. {_CHOOSE}",
    NEW: "Not valid before the effective date.",
    ATTRIBUTES: "The wording is the same. Check whether you use the data that changed, such as"
    " coverage or payment indicators.",
    UNKNOWN: "They may have ended long ago, may have never been valid, or may be mistyped. Check"
    " each of them.",
}
# What each status looks like beside a code.
LOOKS: Final = {
    DELETED: "deleted", ENDED: "deleted", REVISED: "revised", FAMILY: "revised",
    TRANSIENT: "deleted", NEW: "added", ATTRIBUTES: "attributes", UNKNOWN: "unknown",
}  # fmt: skip
LABELS: Final = {
    DELETED: "deleted", ENDED: "ended before", REVISED: "revised", FAMILY: "family changed",
    TRANSIENT: "added and ended between the releases", NEW: "new", ATTRIBUTES: "other data changed",
    UNKNOWN: "in neither release",
}  # fmt: skip
_FEW: Final = 3
_PROBLEM: Final = "problem"
# The columns of a review, if there was one.
_REVIEW: Final = {
    "review_status": "Review", "decision": "Decision", "new_code": "New code",
    "reviewer": "Reviewer", "decided_on": "Decided on",
    _PROBLEM: "Problem, or decisions that differ",
}  # fmt: skip
_SLUG: Final = re.compile(r"\bE[0-9]{3}: ")


class Swap(NamedTuple):
    """A code that may replace a deleted one; `place` says where it is listed already.

    `start` says whether the publisher or the user states it, or it is only possible.
    """

    code: str
    wording: str
    place: str
    start: str


class Code(NamedTuple):
    """A code and its lines.

    `look` is the role of its status, `label` the status in words; `lines` are cells below the
    page's `heads`, `more` how many lines are left out, and `total` how many there are, in words.
    """

    code: str
    look: str
    label: str
    severity: str
    dates: str
    wording: str
    previous: Sequence[Piece]
    current: Sequence[Piece]
    reason: str
    swaps: Sequence[Swap]
    total: str
    lines: Sequence[Sequence[str]]
    more: str


class Cause(NamedTuple):
    """What touches lines, its address on the page, and its codes."""

    address: str
    title: str
    codes: Sequence[Code]


class Work(NamedTuple):
    """All causes of one status: a heading, and what to do."""

    status: str
    title: str
    advice: str
    causes: Sequence[Cause]


def list_works(
    shown: pl.DataFrame, most: int, *, is_own: bool = False
) -> tuple[list[Work], list[str]]:
    """Return the lines by status, cause and code, and the heads of their cells.

    `shown` are ranked lines. Of each code `most` lines are listed. The page of an owner does not
    name the owner.
    """
    columns = _choose_line_columns(shown, is_own=is_own)
    labels = _name_labels(columns)
    works = []
    rows = shown.iter_rows(named=True)
    for status, of_status in groupby(rows, key=lambda row: str(row["status"])):
        causes = []
        for rank, of_cause in groupby(of_status, key=lambda row: int(row["rank"])):
            codes = [
                [*each] for _, each in groupby(of_cause, key=lambda row: [*map(row.get, CODE)])
            ]
            title = codes[0][0]["cause"]
            found = [_describe_code(each, columns, most) for each in codes]
            causes.append(Cause(f"cause-{rank}", title, found))
        works.append(Work(status, _TITLES[status], _ADVICE[status], causes))
    return works, labels


def _choose_line_columns(shown: pl.DataFrame, *, is_own: bool) -> list[str]:
    """The columns of a line that tell anything, then those that the user keeps."""
    names = ["list", "sheet", "line", "line_id", "line_text", "cell", "group", "exposure"]
    if is_own:
        names.remove("group")
    if shown.height and shown["list"].n_unique() == 1:
        names.remove("list")
    kept = [name for name in shown.columns if name not in {*IMPACT, *INNER, "rank", "place"}]
    told = [name for name in names if has_more(shown[name], 0)]
    is_reviewed = set(_REVIEW) <= {*kept}
    return told + [
        name for name in kept if not is_reviewed or name != _PROBLEM or has_more(shown[name], 0)
    ]


def _name_labels(columns: Sequence[str]) -> list[str]:
    labels = {
        "list": "List", "sheet": "Sheet", "line": "Row", "line_id": "Item",
        "line_text": "Your description", "cell": "Code in your list", "group": "Owner",
        "exposure": "Exposure",
    }  # fmt: skip
    if {*_REVIEW} - {_PROBLEM} <= {*columns}:
        labels |= _REVIEW
    return [labels.get(name, name.removesuffix(" (list)")) for name in columns]


def _describe_code(rows: Sequence[Mapping[str, Any]], columns: Sequence[str], most: int) -> Code:
    first = rows[0]
    lines = [[_write_cell(name, row[name]) for name in columns] for row in rows[:most]]
    before, after = first["previous_descriptor"], first["current_descriptor"]
    if first["field"]:
        before, after = first["field_previous"], first["field_current"]
    is_marked = first["status"] == REVISED and before != after
    pieces = merge_pieces(before, after) if is_marked else ()
    many = len({tuple(row[name] for name in LINE) for row in rows})
    return Code(
        name_code(first), LOOKS[first["status"]], LABELS[first["status"]], first["severity"],
        _say_dates(first),
        "" if is_marked else after or before,
        [piece for piece in pieces if piece.role != INSERTED],
        [piece for piece in pieces if piece.role != GONE],
        _say_reason(first), _list_swaps(rows),
        f"{many:,} {'line' if many == 1 else 'lines'}", lines, write_count(len(rows) - len(lines)),
    )  # fmt: skip


def _write_cell(name: str, value: object) -> str:
    if value is None:
        return ""
    if name == _PROBLEM:
        return _SLUG.sub("", str(value))
    return write_money(str(value)) if name == "exposure" else str(value)


def _say_reason(row: Mapping[str, Any]) -> str:
    if row["field"]:
        return f"changed: {row['field']}"
    return str(row["reason"]) if row["status"] == FAMILY else ""


def _say_dates(row: Mapping[str, Any]) -> str:
    last, first = row["last_valid_date"], row["effective_date"]
    if last:
        return f"last valid date of service {last}"
    if not first or row["status"] in {FAMILY, UNKNOWN, ENDED}:
        return ""
    return f"not valid from {first} on" if row["status"] == DELETED else f"effective {first}"


def _list_swaps(rows: Sequence[Mapping[str, Any]]) -> list[Swap]:
    """What may replace a code, and the lists that have it already."""
    first = rows[0]
    if not first["replacements"]:
        return []
    codes = first["replacements"].split(";")
    wordings = first["replacement_descriptors"].split(" | ")
    wordings += [""] * (len(codes) - len(wordings))
    bases = first["replacement_bases"].split(" | ")
    bases += [""] * (len(codes) - len(bases))
    lists = {row["list"]: row["replacement_on_list"].split(";") for row in rows}
    swaps = []
    for at, (code, wording) in enumerate(zip(codes, wordings, strict=False)):
        there = sorted(name for name, marks in lists.items() if marks[at] == "yes")
        place = "not on the list yet"
        if there:
            place = (
                "on the list already" if len(lists) == 1 else f"already on {shorten_list(there)}"
            )
        is_stated, note = tell_basis(bases[at])
        start = "Replaced by" if is_stated else "Possible replacement"
        told = "; ".join(filter(None, (note if is_stated else "", place)))
        swaps.append(Swap(write_code(first["code_set"], code), wording, told, start))
    return swaps


def shorten_list(codes: Sequence[str]) -> str:
    """Return the first names, and how many more there are."""
    more = len(codes) - _FEW
    return ", ".join(codes[:_FEW]) + (f" and {more:,} more" if more > 0 else "")


def name_code(row: Mapping[str, Any]) -> str:
    """Return a code as people write it; a modifier says that it is one."""
    if row["part"] != "code":
        return f"{row['part']} {row['code']}"
    return write_code(row["code_set"], row["code"])


def has_more(values: pl.Series, least: int) -> bool:
    """Return whether any number is above `least`, or any text is not empty."""
    if values.dtype == pl.String:
        return bool((values != "").any())
    return bool((values > least).any())


def write_count(count: int) -> str:
    """Return a number with separators; empty for none."""
    return f"{count:,}" if count > 0 else ""
