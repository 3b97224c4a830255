"""The page: one file for people, offline."""

import base64
import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

import polars as pl
from jinja2 import Environment

from cptdiff.judgement.causes import UNEXPLAINED
from cptdiff.model import Release
from cptdiff.options import Presentation
from cptdiff.reports.entries import (
    SHORTER,
    Change,
    Entries,
    count_as_page,
    filter_entries,
    find_page_date,
)
from cptdiff.reports.overview import (
    AGREEMENT,
    BEFORE,
    FORMULA,
    KIND_NAMES,
    LATER_FORMULA,
    REPLACED,
    STATED,
    TOTALS,
    WORST_FIRST,
    Counted,
    choose_columns,
    count_by_class,
    count_by_section,
    count_by_severity,
    count_causes,
    count_entries_in_words,
    describe_families,
    explain_deletions,
    list_families,
    list_totals,
    say_counts,
    write_code,
    write_rows,
)
from cptdiff.reports.page import (
    Attention,
    Doubt,
    Figure,
    Filter,
    Head,
    Option,
    Read,
    Row,
    Share,
    Side,
    Table,
)
from cptdiff.reports.templates import make_environment, tell_faults
from cptdiff.results import ENTRY_COLUMNS, Results
from cptdiff.summary import COUNT_NAMES, choose_counts
from cptdiff.versions import list_versions
from cptdiff.vocabulary import KINDS, SEVERITIES

# Changes, and bytes of the whole page: so much opens and answers at once in Chromium.
MOST: Final = 40_000
LARGEST: Final = 24_000_000

_RANKS: Final = {severity: rank for rank, severity in enumerate(SEVERITIES)}
_SAMPLE: Final = 500
# Bytes of markup of an entry, and how often its texts stand in it: more than most entries have.
_MARKUP: Final = 1_000
_COPIES: Final = 3


def sort_by_severity(entries: pl.DataFrame) -> pl.DataFrame:
    """`entries` by severity, the most severe first; what has no severity comes last."""
    rank = pl.col("severity").replace_strict(_RANKS, default=-1, return_dtype=pl.Int8)
    return entries.sort(rank, descending=True, maintain_order=True)


def is_small(entries: pl.DataFrame) -> bool:
    """Whether the page has room for all `entries`, by the length of their texts and to spare."""
    texts = entries.select(pl.col(pl.String).str.len_bytes().sum()).sum_horizontal().item()
    return entries.height * _MARKUP + (texts or 0) * _COPIES <= LARGEST


def choose_sample(ranked: pl.DataFrame) -> pl.DataFrame:
    """Return about `_SAMPLE` of the rows that a page can have, at equal distances."""
    return ranked.head(MOST).gather_every(max(ranked.height // _SAMPLE, 1))


def count_fitting(ranked: pl.DataFrame, size: Callable[[Mapping[str, Any]], int]) -> int:
    """How many of the first of `ranked` a page has room for, by the `size` of a sample in bytes."""
    if ranked.height <= _SAMPLE:
        return ranked.height
    step, taken = ranked.height // _SAMPLE, 0
    for at, row in enumerate(choose_sample(ranked).iter_rows(named=True)):
        taken += size(row) * step
        if taken > LARGEST:
            return at * step
    return min(ranked.height, MOST)


_CHANGES: Final = {
    SHORTER.get(name, name): label.capitalize() for name, label in COUNT_NAMES.items()
}
_REPLACEMENTS: Final = {
    "stated": STATED,
    "candidate": "possible (coder review)",
    "none": "none found",
}


def list_sections(results: Results, listed: pl.DataFrame) -> list[str]:
    """The sections of the listed entries, in the order of the code set's book."""
    here = set(listed["section"]) - {""}
    known = dict.fromkeys([*results.sections["section"], *sorted(here)])
    return [title for title in known if title in here]


def list_filters(
    results: Results, listed: pl.DataFrame, sections: Sequence[str]
) -> Iterator[Filter]:
    """Change, severity, section, class, kind, replacement; those that any entry has."""
    classes = listed.filter(pl.col("change") != "deleted")["classes"].str.split(";").explode()
    known = [one.name for one in results.judgement.classes]
    yield from (
        Filter(name, title, options)
        for name, title, options in (
            ("change", "Change", _options(listed["counted"], _CHANGES)),
            ("severity", "Severity", _options(listed["severity"], SEVERITIES[::-1])),
            ("section", "Section", _options(listed["section"], sections)),
            ("class", "Class of revision", _options(classes, known)),
            ("kind", "Kind", _options(listed["kind"].cast(pl.String), KINDS)),
            ("replacement", "Replacement", _options(listed["replacement"], _REPLACEMENTS)),
        )
        if options
    )


def _options(values: pl.Series, known: Iterable[str]) -> list[Option]:
    """Those of `known` that stand among `values`; labelled where `known` has labels."""
    counts = dict(values.value_counts(name="entries").iter_rows())
    labels = known if isinstance(known, dict) else {}
    return [
        Option(value, labels.get(value, value), f"{counts[value]:,}")
        for value in known
        if counts.get(value)
    ]


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


_FEW: Final = 6
# So many digits of a SHA-256 tell two files apart at a glance.
_BRIEF: Final = 12


class _First(NamedTuple):
    """What to look at first: its name for one and for many, why, and as filters of the list.

    Of the user's own table cptdiff knows no more than its wording: `why_of_table`. Why a deletion
    matters depends on what the entries state (`explain_deletions`).
    """

    one: str
    many: str
    why: str
    why_of_table: str
    filters: dict[str, str]


_FIRST: Final = (
    _First(
        "critical revision", "critical revisions",
        "rewritten; may now describe something different", "almost entirely changed",
        {"change": "revised", "severity": "critical"},
    ),
    _First(
        "high revision", "high revisions",
        "what the code describes changed, or may have",
        "what the row says changed, or may have",
        {"change": "revised", "severity": "high"},
    ),
    _First(
        "deletion", "deletions",
        "", "no longer in the table",
        {"change": "deleted"},
    ),
    _First(
        "deletion without a replacement", "deletions without a replacement",
        "none found in the files", "the one that you stated is not in the table",
        {"replacement": "none"},
    ),
    _First(
        "deletion with possible replacements only", "deletions with possible replacements only",
        "a coder has to decide", "a coder has to decide", {"replacement": "candidate"},
    ),
)  # fmt: skip


def describe_side(name: str, release: Release) -> Side:
    """`name` (Previous or Current) with its release."""
    files = len(release.sources)
    read = [
        Read(source.member, source.encoding, f"{source.rows.read:,}", source.sha256 or "")
        for source in release.sources
    ]
    return Side(
        side=name,
        name=release.name,
        date=release.effective_date.isoformat() if release.effective_date else "",
        entries=count_entries_in_words(release),
        file=release.archive.name,
        sha256=release.archive.sha256 or "",
        brief=(release.archive.sha256 or "")[:_BRIEF],
        files="1 file" if files == 1 else f"{files} files",
        read=read,
    )


def list_figures(results: Results, entries: Entries) -> Iterator[Figure]:
    """How many were added, deleted, revised; of how many, where not all were asked for."""
    counts = results.shown["counts"]
    every = results.whole.filter(pl.col("kind").cast(pl.String) == "code")
    wholes = dict(every.select(count_as_page())["counted"].value_counts().iter_rows())
    for name in choose_counts(counts):
        of_kinds = {kind: counts[kind][name] for kind in KINDS}
        codes, change = of_kinds.pop("code"), SHORTER.get(name, name)
        whole = wholes.get(change, 0)
        yield Figure(
            change=change,
            label=COUNT_NAMES[name].capitalize(),
            number=f"{codes:,}" if codes == whole else f"{codes:,} of {whole:,}",
            others=say_counts(of_kinds),
            link=entries.list_link(change=change),
        )


def list_attention(results: Results, entries: Entries) -> Iterator[Attention]:
    """The most severe revisions, the deletions, and those of them that nothing replaces."""
    every = results.entries.with_columns(count_as_page())
    is_table = results.changes.current.profile.is_own
    for one in _FIRST:
        group = filter_entries(every, **one.filters)
        if not group.height:
            continue
        yield Attention(
            text=f"{group.height:,} {one.one if group.height == 1 else one.many}",
            why=one.why_of_table if is_table else one.why or explain_deletions(results),
            link=entries.list_link(**one.filters),
            codes=[entries.link(*key) for key in group.head(_FEW).select("kind", "code").rows()],
            more=f"{group.height - _FEW:,}" if group.height > _FEW else "",
        )


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
    best = results.crosswalk.unique(("kind", "code"), keep="first", maintain_order=True)
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


_KEPT: Final = 0.98


def render(results: Results, presentation: Presentation) -> bytes:
    """The page as UTF-8; above its cap it holds the most severe changes and says so."""
    with tell_faults(presentation.templates):
        return _fit(results, presentation)


def _fit(results: Results, presentation: Presentation) -> bytes:
    templates = make_environment(presentation.templates)
    ranked = sort_by_severity(results.entries.with_columns(count_as_page()))
    most = min(ranked.height, MOST)
    if not is_small(ranked.head(most)):
        alone = templates.get_template("alone.html")
        trial = Entries(results, choose_sample(ranked), ())

        def measure(row: Mapping[str, Any]) -> int:
            entry = trial.show(Change(*map(row.__getitem__, Change._fields)))
            return len(alone.render(one=entry).encode())

        most = count_fitting(ranked, measure)
    while True:
        listed = ranked.head(most).sort("kind", "code", "change")
        page = _write_page(templates, make_variables(results, listed, presentation))
        if len(page) <= LARGEST or not most:
            return page
        most = int(most * LARGEST / len(page) * _KEPT)


def _write_page(templates: Environment, variables: Mapping[str, Any]) -> bytes:
    policy = {
        name: _hash(templates.get_template(f"report.{name}").render(variables))
        for name in ("css", "js")
    }
    return templates.get_template("report.html").render(variables, policy=policy).encode()


def _hash(text: str) -> str:
    """Return the source expression by which a Content-Security-Policy allows `text`."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def make_variables(
    results: Results, listed: pl.DataFrame, presentation: Presentation
) -> dict[str, Any]:
    """Return what templates/README.md documents, but `policy`."""
    changes = results.changes
    sections = list_sections(results, listed)
    entries = Entries(results, listed, sections)
    shown = list(list_figures(results, entries)) if results.entries.height else []
    first = list(list_attention(results, entries))
    pictures = [*tabulate_sections(results, entries), *tabulate_severities(results, entries)]
    heads = [head for table in pictures for head in table.heads]
    return {
        "code_set": changes.current.profile.label,
        "previous": describe_side("Previous", changes.previous),
        "current": describe_side("Current", changes.current),
        "nothing": results.none_shown,
        "before": BEFORE,
        "doubts": [
            Doubt(doubt, results.tables.get(doubt, ""))
            for doubt in results.doubts
            if doubt not in results.limits
        ],
        "limits": results.limits,
        "figures": shown,
        "attention": first,
        "pictures": pictures,
        "tables": list(tabulate_judgement(results)),
        "filters": list(list_filters(results, listed, sections)),
        "sections": sections,
        "entries": iter(entries),
        "anchors": _anchors(shown, first, heads),
        "number": f"{listed.height:,}",
        "left_out": _number(results.entries.height - listed.height),
        "columns": " ".join(ENTRY_COLUMNS),
        "code_set_name": changes.current.code_set,
        "date": find_page_date(results),
        "notice": presentation.notice,
        "formula": FORMULA,
        "later_formula": LATER_FORMULA,
        "mark": "\ufeff" if presentation.bom else "",
        "version": list_versions()["cptdiff"],
    }


def _anchors(
    shown: Iterable[Figure], first: Iterable[Attention], heads: Iterable[Head]
) -> list[str]:
    links = (*(f.link for f in shown), *(one.link for one in first), *(head.link for head in heads))
    return sorted({link.removeprefix("#") for link in links} - {""})


def _number(count: int) -> str:
    """Return the count with its separators; empty for 0."""
    return f"{count:,}" if count else ""
