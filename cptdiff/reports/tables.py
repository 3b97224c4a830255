"""The tables of the page: where the changes are, how they are judged, how they agree with lists."""

from collections.abc import Iterator, Sequence
from typing import Final

import polars as pl

from cptdiff.judgement.causes import UNEXPLAINED
from cptdiff.reports.entries import SHORTER, Entries
from cptdiff.reports.known import list_known
from cptdiff.reports.overview import (
    AGREEMENT,
    KIND_NAMES,
    REPLACED,
    TOTALS,
    WORST_FIRST,
    Counted,
    choose_columns,
    count_by_class,
    count_by_section,
    count_by_severity,
    count_causes,
    describe_families,
    list_families,
    list_totals,
    write_code,
    write_rows,
)
from cptdiff.reports.page import Head, Row, Share, Table
from cptdiff.results import Results
from cptdiff.summary import COUNT_NAMES
from cptdiff.vocabulary import KINDS

_WHOLE: Final = 100
_MANY_ROWS: Final = 10


def draw_table(caption: str, label: str, heads: Sequence[Head], rows: Sequence[Counted]) -> Table:
    """A table whose rows are drawn on one scale: the longest bar is the whole width."""
    most = max((sum(row.counts) for row in rows), default=0)
    roles = [head.role for head in heads]
    shown = [
        Row([label], [f"{n:,}" for n in counts], about, _bar(roles, counts, most))
        for _, label, about, counts in rows
    ]
    return Table(caption, [label], heads, shown, drawn=True)


def make_table(
    caption: str, labels: Sequence[str], heads: Sequence[str], rows: Sequence[Row]
) -> Table:
    """A table without bars."""
    shown = [Head(head, "", "") for head in heads]
    return Table(caption, labels, shown, rows, folded=len(rows) > _MANY_ROWS)


def tabulate_sections(results: Results, entries: Entries) -> Iterator[Table]:
    """Changes by section, a table for codes and one for headers; not what was not asked for."""
    names, sections = choose_columns(results), count_by_section(results)
    for kind in KINDS[:2]:
        rows = [
            row._replace(about=f"({row.about})" if row.about else "")
            for row in sections
            if row.kind == kind
        ]
        if rows:
            heads = _heads(names, kind, entries)
            label = "Section (group)" if any(row.about for row in rows) else "Section"
            yield draw_table(f"{KIND_NAMES[kind]} by section", label, heads, rows)


def _heads(names: Sequence[str], kind: str, entries: Entries) -> list[Head]:
    """The heads of changes, each a link to its list where there is one."""
    changes = [SHORTER.get(name, name) for name in names]
    return [
        Head(COUNT_NAMES[name].capitalize(), change, entries.list_link(change=change, kind=kind))
        for name, change in zip(names, changes, strict=True)
    ]


def _bar(roles: Sequence[str], counts: Sequence[int], most: int) -> list[Share]:
    """The parts of a bar, one behind the other."""
    shares, start = [], 0.0
    for role, count in zip(roles, counts, strict=True):
        width = _WHOLE * count / most if most else 0.0
        if width:
            shares.append(Share(role, f"{start:.2f}", f"{width:.2f}"))
        start += width
    return shares


_MOST: Final = 200
# A row of so many characters is not shown whole.
_LONG: Final = 500
_REVISED: Final = ("revised", "attributes")


_BY_CLASS: Final = (
    "An entry counts in each of its classes. The columns are its severity as a whole, which its"
    " most severe class decides."
)


def tabulate_severities(results: Results, entries: Entries) -> Iterator[Table]:
    """Revisions by class and severity: an entry counts under each of its classes."""
    totals = count_by_severity(results)
    if not totals:
        return
    heads = [
        Head(name, name, entries.list_link(change=_REVISED, severity=name)) for name in WORST_FIRST
    ]
    drawn = draw_table("Revised by class and severity", "Class", heads, count_by_class(results))
    once = [
        Row(
            [row.label if not row.kind else f"Revised {row.label.lower()}"],
            numbers,
            "each counted once",
        )
        for row, (_, *numbers) in zip(totals, write_rows(totals), strict=True)
    ]
    yield drawn._replace(rows=[*drawn.rows, *once], note=_BY_CLASS)


def tabulate_judgement(results: Results) -> Iterator[Table]:
    """Excluded rows, shared edits, replacements, agreement with lists; each where there is any."""
    yield from _tabulate_excluded(results)
    yield from _families(results)
    yield from _replacements(results)
    yield from _agreement(results)
    yield from _disagreements(results)
    yield from _totals(results)


def _tabulate_excluded(results: Results) -> Iterator[Table]:
    """What could not be used, as far as a page can hold it."""
    found = results.quarantine
    names = ("side", "member", "line", "fault", "raw", "fix")
    raw = pl.col("raw")
    short = pl.format("{} ... (full text in quarantine.csv)", raw.str.head(_LONG))
    shown = found.head(_MOST).with_columns(
        pl.when(raw.str.len_chars() > _LONG).then(short).otherwise(raw).alias("raw")
    )
    rows = [
        Row(["" if cell is None else f"{cell}" for cell in row], [])
        for row in shown.select(names).iter_rows()
    ]
    if rows:
        labels = ["Release", "File", "Line", "Problem", "Row", "What to do"]
        caption = f"Excluded rows: {found.height:,}{_say_cut(found.height, 'quarantine')}"
        yield make_table(caption, labels, (), rows)._replace(address="quarantine")


def tabulate_known(results: Results) -> Iterator[Table]:
    """What is new since an earlier run, and what was acknowledged."""
    for one, file in list_known(results):
        if one is not None:
            rows = [Row(row, []) for row in one.rows[:_MOST]]
            yield make_table(f"{one.head}{_say_cut(len(one.rows), file)}", one.columns, (), rows)


def _families(results: Results) -> Iterator[Table]:
    text = describe_families(results)
    if not text:
        return
    families = list_families(results)
    rows = [
        Row([one.code, one.section, one.edit or one.classes], [f"{one.codes:,}"])
        for one in families[:_MOST]
    ]
    caption = f"{text}{_say_cut(len(families), 'changes')}"
    yield make_table(caption, ["First code", "Section", "Edit in it"], ["Codes"], rows)


_BASES: Final = {
    "publisher": "Stated by the publisher",
    "user": "Stated by you",
    "identical-text": "Possible{}: same wording",
    "hierarchy": "Possible{}: new code in the same category",
    "conversion": "Possible{}: new Category I code, similar wording",
    "similar-text": "Possible{}: similar wording",
    "unlisted": "Possible{}: unlisted code of the section",
    "none": "None found",
}
# A candidate of the same basis comes behind the strong ones.
_STRENGTHS: Final = {"stated": "", "strong": ", strong evidence", "candidate": "", "": ""}


def _replacements(results: Results) -> Iterator[Table]:
    gone = results.deleted.select("kind", "code")
    best = results.crosswalk.join(gone, on=("kind", "code"), how="semi", maintain_order="left")
    best = best.unique(("kind", "code"), keep="first", maintain_order=True)
    groups = best.group_by("basis", "confidence").len().iter_rows()
    numbers = {(basis, confidence): number for basis, confidence, number in groups}
    rows = [
        Row([text.format(strength)], [f"{numbers[basis, confidence]:,}"])
        for basis, text in _BASES.items()
        for confidence, strength in _STRENGTHS.items()
        if (basis, confidence) in numbers
    ]
    if rows:
        caption = f"{REPLACED}, by the best evidence"
        yield make_table(caption, ["Evidence"], ["Deleted codes"], rows)


def _agreement(results: Results) -> Iterator[Table]:
    agreement = results.judgement.reconciliation
    rows = [
        Row(
            [one.name, one.form],
            [f"{n:,}" for n in (one.states, one.agree, one.differ, one.unlisted)],
        )
        for one in agreement.lists
    ]  # fmt: skip
    if rows:
        heads = ["Listed as changed", "Match", "Differ", "Changed only in the files"]
        yield make_table(AGREEMENT, ["List", "Kind"], heads, rows)
    causes = [Row([cause], [f"{number:,}"]) for cause, number in count_causes(results)]
    if causes:
        yield make_table("Differences by cause", ["Cause"], ["Entries"], causes)


# What a release or a list says of an entry, where its name in data is no plain word.
_PLAIN: Final = {
    "attributes-only": COUNT_NAMES["revised_attributes_only"],
    "transient": COUNT_NAMES["transient"],
}


def _disagreements(results: Results) -> Iterator[Table]:
    """The differences one by one, the unexplained first, as far as a page can hold them."""
    found = results.reconciliation.with_columns(
        known=pl.col("cause") != UNEXPLAINED.name, kind=pl.col("kind").cast(pl.String)
    ).sort("known", "cause", "kind", "code", maintain_order=True)
    code_set = results.changes.current.code_set
    names = ("kind", "ours", "theirs", "cause", "note")
    rows = [
        Row(
            [
                write_code(code_set, row["code"]),
                *(_PLAIN.get(row[name], row[name]) or "-" for name in names),
            ],
            [],
        )
        for row in found.head(_MOST).iter_rows(named=True)
    ]
    if rows:
        caption = f"Differences: {found.height:,}{_say_cut(found.height, 'reconciliation')}"
        heads = ["Code", "Kind", "In the files", "On the list", "Cause", "Explanation"]
        yield make_table(caption, heads, (), rows)._replace(address="reconciliation")


def _say_cut(whole: int, table: str) -> str:
    return f" (first {_MOST:,} shown; all are in {table}.csv)" if whole > _MOST else ""


def _totals(results: Results) -> Iterator[Table]:
    rows = []
    for change, *numbers, groups in list_totals(results):
        may = "; ".join(
            f"{group.explanation} ({group.number}): {' '.join(group.codes)}" for group in groups
        )
        rows.append(Row([change, may], numbers))
    if rows:
        heads = ["In the files", "Announced", "Gap"]
        yield make_table(TOTALS, ["Change", "May explain the gap"], heads, rows)


_SEVERITIES: Final = {
    "critical": "rewritten or re-used; the code may now describe a different service",
    "high": "what the code describes changed, or may have; deleted and reinstated codes too",
    "medium": "an example or a note changed; a coder should read it",
    "low": "the same meaning in other words",
    "info": "no reader could see another meaning",
}
_OWN_SEVERITIES: Final = {
    "critical": "almost entirely changed",
    "high": "what the row says changed, or may have; deleted rows too",
    "medium": "an example or a note changed",
}
# What stands on an entry, the column and value that tell of it, and what it means.
_WORDS: Final = (
    ("added", "counted", "added", "in the current release, not in the previous one"),
    ("deleted", "counted", "deleted", "in the previous release, not valid in the current one"),
    ("revised", "counted", "revised", "in both, with a changed descriptor"),
    ("other data changed", "counted", "attributes", "in both; the wording is the same"),
    ("added and discontinued between releases", "counted", "transient",
     "valid in neither release, but in between"),
    ("discontinued", "reason", "terminated", "the file states the last valid date of service"),
    ("no longer billable", "reason", "became-header",
     "now a category with more specific codes: a deleted code and an added header"),
    ("now billable", "reason", "became-code",
     "was a category: a deleted header and an added code"),
    ("reinstated", "reason", "reinstated", "valid again after it had ended"),
    ("re-used", "reason", "re-used", "valid again after it had ended, for something else"),
    ("not announced", "announced", "no", "changed, but on none of the publisher's lists"),
    ("acknowledged", "review_status", "acknowledged",
     "somebody knows of this change; it does not count as needing a decision"),
    ("decided", "review_status", "decided",
     "a reviewer has decided; the workbook has who, what and when"),
    ("acknowledgement void", "review_status", "void",
     "somebody knew of a change of this code, but it is not the same any more"),
    ("decision open again", "review_status", "reopened",
     "a reviewer had decided, but the change is not the same any more"),
    ("replaced by, split into", "replacement", "stated", "stated by the publisher or by you"),
    ("possible replacement", "replacement", "candidate",
     "a suggestion from the wording or the place of the code; a coder has to review it"),
)  # fmt: skip


def tabulate_words(results: Results, listed: pl.DataFrame) -> Iterator[Table]:
    """What the words of the page mean, as far as it has them, and the names of fields."""
    is_own = results.changes.current.profile.is_own
    texts = _SEVERITIES | _OWN_SEVERITIES if is_own else _SEVERITIES
    severities = [
        Row([name, texts[name]], []) for name in WORST_FIRST if (listed["severity"] == name).any()
    ]
    words = [
        Row([word, meaning], [])
        for word, column, value, meaning in _WORDS
        if (listed[column] == value).any()
    ]
    captions = {
        "Severity": ("What a severity means", severities),
        "Word": ("What a word on an entry means", words),
        "Field": ("What a field of the publisher's file holds", _explain_fields(results)),
    }
    for head, (caption, rows) in captions.items():
        if rows:
            yield make_table(caption, [head, "Meaning"], (), rows)._replace(folded=False)


def _explain_fields(results: Results) -> list[Row]:
    """Rows for those of the changed fields whose names need words."""
    titles = results.changes.current.profile.titles
    if not titles:
        return []
    names = results.fields["field"].unique().sort()
    known = {name: titles.get(name.rstrip("0123456789"), "") for name in names}
    return [Row([name, title], []) for name, title in known.items() if title]
