"""What several reports show, made once: sentences, codes as people write them, rows of text."""

import json
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from itertools import groupby, islice
from operator import itemgetter
from textwrap import shorten
from typing import Any, Final, NamedTuple

import polars as pl

from cptdiff.codesets import Profile, profile_of
from cptdiff.judgement.reconcile import ListFacts
from cptdiff.judgement.wording import DELETED, INSERTED, merge_pieces
from cptdiff.model import Release
from cptdiff.results import Results
from cptdiff.summary import COUNT_NAMES, choose_counts, count_entries
from cptdiff.vocabulary import KINDS, SEVERITIES

Rows = list[list[str]]

KIND_NAMES: Final = {"code": "Codes", "header": "Headers", "modifier": "Modifiers"}
OTHER_DATA: Final = "Other data changed"
WORST_FIRST: Final = SEVERITIES[::-1]
BEFORE: Final = "Before you rely on this"
AGREEMENT: Final = "Checked against the publisher's list"
BY_SEVERITY: Final = "Revised by severity"
TOTALS: Final = "Checked against the announced totals"
REPLACED: Final = "Replacements of deleted codes"
ENDED: Final = "Last valid dates of service"
LAST_VALID: Final = "last valid date of service"
NOT_CURRENT: Final = "not in the current release"
STATED: Final = "stated by the publisher or you"
_MOST: Final = 10
# Of one side of an edit to look at first, and of another edit, in characters.
_LONGEST_SIDE: Final = 80
_NUMBER: Final = re.compile(r"\d[\d.,]*")
_LONGEST: Final = 160
# Of an ICD-10-CM code, in characters.
_CATEGORY: Final = 3


class First(NamedTuple):
    """One edit to look at first: `code`, an example, is the first of `entries` (kind, code).

    `codes` counts them in words; `before` and `after` are the changed words, empty on the side that
    has none and where wording is withheld; `why` is why it stands where it does.
    """

    kind: str
    code: str
    severity: str
    before: str
    after: str
    why: str
    codes: str
    entries: Sequence[tuple[str, str]]

    @property
    def label(self) -> str:
        """The code, with how many have the edit where several do."""
        return self.code if len(self.entries) == 1 else f"{self.code} ({self.codes})"

    @property
    def text(self) -> str:
        """What changed, how severe it is and why it comes here."""
        return "; ".join(filter(None, (self.words, self.severity, self.why)))

    @property
    def words(self) -> str:
        """What changed, as in '"medial" -> "middle"'; empty where the words are withheld."""
        if self.before and self.after:
            return f'"{self.before}" -> "{self.after}"'
        if self.before:
            return f'removed "{self.before}"'
        return f'added "{self.after}"' if self.after else ""


# Blanks and marks that nobody sees may stand in front of a sign.
_SIGN: Final = "[=+\\-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b]"

FORMULA: Final = rf"^[\s\p{{C}}]*{_SIGN}|^[\t\r\n\x00]"
# Where a spreadsheet parts cells at semicolons, as Excel does in much of Europe, or at tabs, a cell
# begins behind each of these too.
LATER_FORMULA: Final = rf'([;\t\r\n][\s\p{{C}}"]*)({_SIGN})'


def guard_formulas(frame: pl.DataFrame) -> pl.DataFrame:
    """Return `frame` with an apostrophe before each sign that a spreadsheet runs as a formula."""
    names = frame.select(pl.selectors.string()).columns
    # Most columns have no such sign, and looking for one takes less time than replacing it.
    either = frame.select(
        (pl.col(name).str.contains(FORMULA) | pl.col(name).str.contains(LATER_FORMULA)).any()
        for name in names
    )
    text = pl.col([name for name in names if either[name].item()])
    later = text.str.replace_all(LATER_FORMULA, "${1}'${2}")
    guarded = pl.when(text.str.contains(FORMULA)).then(pl.lit("'") + later).otherwise(later)
    return frame.with_columns(guarded.name.keep())


def make_title(results: Results) -> str:
    """As in "CPT 2026 to CPT 2027"."""
    return f"{results.changes.previous.name} to {results.changes.current.name}"


def say_doubts(results: Results, where: Callable[[str], str]) -> list[str]:
    """Return the doubts; `where` says of a table, named as its file is, where it stands."""
    pointers = {doubt: f" See {where(table)}." for doubt, table in results.tables.items()}
    return [f"{doubt}{pointers.get(doubt, '')}" for doubt in results.doubts]


def list_sides(results: Results) -> tuple[tuple[str, Release], ...]:
    """Both releases, each by its side."""
    return ("previous", results.changes.previous), ("current", results.changes.current)


def say_date(release: Release) -> str:
    """The effective date, or that there is none."""
    return release.effective_date.isoformat() if release.effective_date else "no date"


class Counted(NamedTuple):
    """A row of counts: its kind, its label, what that is about, the counts below their heads."""

    kind: str
    label: str
    about: str
    counts: Sequence[int]


def choose_columns(results: Results) -> list[str]:
    """Return what the tables of changes count; where a filter is set, only what it lets through."""
    counts = results.shown["counts"]
    names = choose_counts(counts)
    if results.entries.height == results.whole.height:
        return names
    return [name for name in names if any(counts[kind][name] for kind in KINDS)]


def list_heads(results: Results) -> list[str]:
    """Return the heads of the counts in `count_by_kind` and `count_by_section`."""
    return [COUNT_NAMES[name] for name in choose_columns(results)]


def count_by_kind(results: Results) -> list[Counted]:
    """Return the changes of each kind that has any."""
    counts, names = results.shown["counts"], choose_columns(results)
    return [
        Counted(kind, KIND_NAMES[kind], "", [counts[kind][name] for name in names])
        for kind in KINDS
        if any(counts[kind].values()) or kind == "code"
    ]


def count_by_section(results: Results) -> list[Counted]:
    """Return the changes of each section and group of each kind, in the order of the book.

    A row is about its group where that says more than the section.
    """
    names = choose_columns(results)
    return [
        Counted(
            str(row["kind"]),
            row["section"],
            row["group"] if row["group"] != row["section"] else "",
            [row[name] for name in names],
        )
        for row in results.sections.filter(pl.col("section") != "").iter_rows(named=True)
    ]


def merge_groups(rows: Sequence[Counted]) -> list[Counted]:
    """Return `rows` of `count_by_section` with one row for each section of each kind."""
    merged: dict[tuple[str, str], Counted] = {}
    for row in rows:
        key = (row.kind, row.label)
        before = merged[key].counts if key in merged else [0] * len(row.counts)
        sums = [one + other for one, other in zip(before, row.counts, strict=True)]
        merged[key] = row._replace(about="", counts=sums)
    return list(merged.values())


def count_by_severity(results: Results) -> list[Counted]:
    """Return the revisions by severity, the most severe first; none without a revision.

    The rows add up to what the tables of changes count as revised and as other data changed.
    """
    revised = results.entries.filter(pl.col("change") == "revised")
    row = pl.when(pl.col("reason") == "attributes-only").then(pl.lit("")).otherwise(
        pl.col("kind").cast(pl.String)
    )  # fmt: skip
    groups = revised.group_by(row.alias("row"), "severity").len()
    found = {(name, severity): number for name, severity, number in groups.iter_rows()}
    rows = [Counted(kind, KIND_NAMES[kind], "", _list_severities(found, kind)) for kind in KINDS]
    rows.append(Counted("", OTHER_DATA, "", _list_severities(found, "")))
    return [row for row in rows if any(row.counts)]


def count_by_class(results: Results) -> list[Counted]:
    """Return the revisions of each class by severity: one counts under each of its classes."""
    revised = results.entries.filter(pl.col("change") == "revised")
    each = revised.select(pl.col("classes").str.split(";"), "severity").explode("classes")
    groups = each.group_by("classes", "severity").len()
    found = {(name, severity): number for name, severity, number in groups.iter_rows()}
    classes = sorted(results.judgement.classes, key=lambda one: -SEVERITIES.index(one.severity))
    rows = [Counted("", one.name, one.reason, _list_severities(found, one.name)) for one in classes]
    return [row for row in rows if any(row.counts)]


def _list_severities(found: Mapping[tuple[str, str], int], name: str) -> list[int]:
    return [found.get((name, severity), 0) for severity in WORST_FIRST]


def count_causes(results: Results) -> list[tuple[str, int]]:
    """Return the causes of differences from the publisher's lists, with the number of entries."""
    table = results.judgement.reconciliation.table
    return table.group_by("cause").len().sort("cause").rows()


class Total(NamedTuple):
    """A count beside the announced one, and the groups of codes that may explain the gap."""

    change: str
    ours: str
    announced: str
    gap: str
    groups: Sequence["Group"]


class Group(NamedTuple):
    """Codes that may explain a gap."""

    explanation: str
    number: str
    codes: Sequence[str]


def list_totals(results: Results) -> list[Total]:
    """Return the announced totals beside ours; none where none were given."""
    if results.announced is None:
        return []
    groups: dict[str, list[Group]] = {}
    for group in results.announced.groups.iter_rows(named=True):
        one = Group(group["explanation"], f"{group['number']:,}", group["codes"].split(" "))
        groups.setdefault(group["change"], []).append(one)
    return [
        Total(
            row["change"],
            f"{row['ours']:,}",
            f"{row['theirs']:,}",
            f"{row['gap']:+,}" if row["gap"] else "0",
            groups.get(row["change"], []),
        )
        for row in results.announced.totals.iter_rows(named=True)
    ]


def write_rows(rows: Sequence[Counted]) -> Rows:
    """Return `rows` as text, each label with its counts; a section of headers is named as such."""
    return [[_write_label(row), *(f"{number:,}" for number in row.counts)] for row in rows]


def _write_label(row: Counted) -> str:
    is_section = row.kind == "header" and row.label != KIND_NAMES["header"]
    return f"{row.label} (headers)" if is_section else row.label


def choose_first(results: Results) -> tuple[str, list[First], int]:
    """Return a head, the revisions to look at first, worst first, and how many are left.

    Codes with the same edit share a row, and every code counts: rows and rest make up the number in
    the head. All of it is empty where no revision is critical or high.
    """
    grave, code_set = results.grave, results.changes.current.code_set
    if not grave.height:
        return "", [], 0
    tied = grave.group_by("edit", maintain_order=True).agg(
        pl.col("kind").cast(pl.String), "code",
        *(pl.col(name).first() for name in ("severity", "reasons", "gone", "new", "why")),
    ).head(_MOST)  # fmt: skip
    found = []
    for row in tied.iter_rows(named=True):
        before, after = pick_words(row["gone"], row["new"])
        entries = sorted(zip(row["kind"], row["code"], strict=True), key=_order_entries)
        kind, code = entries[0]
        why, codes = row["why"] or row["reasons"].partition("; ")[0], Counter(row["kind"])
        found.append(First(
            kind, write_code(code_set, code), row["severity"], before, after, why,
            say_counts(codes), entries,
        ))  # fmt: skip
    revisions = "1 revision" if grave.height == 1 else f"{grave.height:,} revisions"
    rest = grave.height - sum(len(one.entries) for one in found)
    return f"Look at these first ({revisions}, critical or high)", found, rest


def _order_entries(entry: tuple[str, str]) -> tuple[int, str]:
    return KINDS.index(entry[0]), entry[1]


def pick_words(gone: str, new: str) -> tuple[str, str]:
    """Return the words that went and those that came (JSON lists), as short as a row bears.

    Where a number moved it is shown, and not what moved beside it.
    """
    listed = [json.loads(side or "[]") for side in (gone, new)]
    sides = [[text.strip(" ,;") or text for text in side] for side in listed]
    worded = [[text for text in side if any(map(str.isalnum, text))] for side in sides]
    sides = worded if any(worded) else sides
    shapes = [
        {_NUMBER.sub("", text): text for text in side if _NUMBER.search(text)} for side in sides
    ]
    moved = [shape for shape in shapes[0] if shape in shapes[1]]
    if moved:
        sides = [[of_side[shape] for shape in moved] for of_side in shapes]
    before, after = (
        shorten(" ... ".join(side), _LONGEST_SIDE, placeholder=" ...") for side in sides
    )
    return before, after


_GONE: Final = (
    ("became-header", "now categories with more specific codes"),
    ("became-code", "now billable codes"),
)


def explain_deletions(results: Results) -> str:
    """Return what is known of the end of the deleted entries, as in "last valid ... 2026-12-31".

    Only what an entry states is a last valid date; of different entries their numbers stand first.
    """
    gone = results.entries.filter(pl.col("change") == "deleted")
    dated = gone.filter(pl.col("last_valid_date") != "")["last_valid_date"].sort()
    rest = gone.filter(pl.col("last_valid_date") == "")["reason"]
    day = results.changes.current.effective_date
    since = f" (effective {day.isoformat()})" if day else ""
    span = " to ".join(dict.fromkeys((dated[0], dated[-1]))) if dated.len() else ""
    counts = [
        (dated.len(), f"{LAST_VALID} {span}"),
        *((int((rest == reason).sum()), text) for reason, text in _GONE),
        (int((~rest.is_in([reason for reason, _ in _GONE])).sum()), f"{NOT_CURRENT}{since}"),
    ]
    parts = [(number, text) for number, text in counts if number]
    if len(parts) == 1:
        return parts[0][1]
    return "; ".join(f"{number:,} {text}" for number, text in parts)


def list_transient(results: Results) -> list[tuple[str, str]]:
    """Return each entry that came and went, with the days between which it is valid."""
    code_set = results.changes.current.code_set
    passing = results.entries.filter(pl.col("change") == "transient")
    days = passing.select("code", "effective_date", "last_valid_date").iter_rows()
    return [(write_code(code_set, code), f"{first} to {last}") for code, first, last in days]


def describe_replacements(results: Results) -> str:
    """What is known of the replacements of deleted codes; empty where none were looked for."""
    counts = results.shown["replacements"]
    if not any(counts.values()):
        return ""
    strong = f"; {counts['strong']:,} with strong evidence" if counts["strong"] else ""
    none = f", none found for {counts['none']:,}" if counts["none"] else ""
    return (
        f"{counts['stated']:,} {STATED}, {counts['candidates']:,} possible"
        f" (coder review{strong}){none}"
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
    strong = "strong evidence: " if row["confidence"] == "strong" else ""
    return Successor(lead, row["replacement"], f"{strong}{row['note']}", stated)


class Replaced(NamedTuple):
    """A deleted code with what is known to replace it, or may: code and wording of each.

    `last` is its last valid date, where one is stated.
    """

    code: str
    wording: str
    last: str
    lead: str
    successors: Sequence[tuple[str, str]]
    why: str


def list_replaced(results: Results, most: int) -> tuple[list[Replaced], int]:
    """Return the first `most` codes that went and have an answer, and how many more there are."""
    code_set = results.changes.current.code_set
    answered = (pl.col("replacement") != "") | (pl.col("confidence") == "stated")
    named = results.crosswalk.filter(answered)
    by_code = groupby(named.iter_rows(named=True), key=itemgetter("kind", "code"))
    gone = results.entries.filter(pl.col("change").is_in(["deleted", "transient"]))
    ends = gone.select("kind", "code", "last_valid_date").iter_rows()
    days = {(kind, code): last for kind, code, last in ends}
    found = []
    for key, group in islice(by_code, most):
        rows = list(group)
        first = describe_successor(rows[0])
        found.append(Replaced(
            write_code(code_set, key[1]), rows[0]["descriptor"], days.get(key, ""), first.lead,
            [(write_code(code_set, row["replacement"]), row["replacement_descriptor"])
             for row in rows if row["replacement"]],
            first.why,
        ))  # fmt: skip
    return found, max(named.n_unique(("kind", "code")) - most, 0)


def describe_families(results: Results) -> str:
    """Return how many edits several codes share; empty where no edit is shared."""
    families = results.shown["families"]
    if not families["edits"]:
        return ""
    edits = "1 edit" if families["edits"] == 1 else f"{families['edits']:,} edits"
    shares = results.changes.current.profile.shares_portions
    where = "with wording in common" if shares else "of the same category"
    return f"{edits} repeated in {families['codes']:,} codes {where}"


class Shared(NamedTuple):
    """An edit that several codes share: the first of them, how many, and what was edited.

    `edit` has the words, which may be withheld; `classes` have none.
    """

    code: str
    section: str
    codes: int
    edit: str
    classes: str


def list_families(results: Results) -> list[Shared]:
    """Return the edits that several codes share, by the first code."""
    tied = results.entries.filter(pl.col("change") == "revised", pl.col("family") != "")
    names = ("section", "classes", "previous_descriptor", "current_descriptor")
    families = tied.group_by("family").agg(pl.col(names).first(), pl.len()).sort("family")
    code_set = results.changes.current.code_set
    return [
        Shared(
            code=write_code(code_set, code),
            section=section,
            codes=number,
            edit=_describe_edit(before, after),
            classes=classes.replace(";", ", "),
        )
        for code, section, classes, before, after, number in families.iter_rows()
    ]


def _describe_edit(before: str, after: str) -> str:
    """As in 'deleted "wax"; inserted "polish"'; empty where only blanks differ."""
    pieces = merge_pieces(before, after)
    told = []
    for role in (DELETED, INSERTED):
        texts = [piece.text.strip() for piece in pieces if piece.role == role]
        words = [text for text in texts if any(map(str.isalnum, text))] or list(filter(None, texts))
        if words:
            told.append(f"{role} " + ", ".join(f'"{text}"' for text in words))
    return shorten("; ".join(told), _LONGEST, placeholder=" ...")


def describe_agreement(one: ListFacts) -> str:
    """Return how far a list agrees with the files."""
    beside = f", {one.unlisted:,} changed only in the files" if one.unlisted else ""
    return f"{one.agree:,} match, {one.differ:,} differ{beside}"


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


def write_code(code_set: str, code: str) -> str:
    """Return `code` as people write it: ICD-10-CM puts a dot behind the category."""
    start = count_before_dot(profile_of(code_set))
    return f"{code[:start]}.{code[start:]}" if start and len(code) > start else code


def count_before_dot(profile: Profile) -> int:
    """Return how many characters of a code stand before its dot, 0 where it has none."""
    return _CATEGORY if profile.dotted else 0
