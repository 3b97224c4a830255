"""The page: one file for people, offline."""

import base64
import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

import polars as pl
from jinja2 import Environment

from cptdiff.model import Release
from cptdiff.options import Presentation
from cptdiff.reports.entries import (
    SHORTER,
    Change,
    Entries,
    count_as_page,
    find_page_date,
    list_filtered,
)
from cptdiff.reports.overview import (
    BEFORE,
    FORMULA,
    LATER_FORMULA,
    STATED,
    choose_first,
    count_before_dot,
    count_entries_in_words,
    make_title,
    say_counts,
)
from cptdiff.reports.page import (
    Announcement,
    Counted,
    Doubt,
    Edit,
    Figure,
    Filter,
    Head,
    Judged,
    Option,
    Read,
    Side,
)
from cptdiff.reports.tables import (
    tabulate_judgement,
    tabulate_known,
    tabulate_sections,
    tabulate_severities,
    tabulate_words,
)
from cptdiff.reports.templates import make_environment, tell_faults
from cptdiff.reports.verdict import find_unannounced, make_verdict
from cptdiff.results import ENTRY_COLUMNS, Results
from cptdiff.summary import COUNT_NAMES, choose_counts
from cptdiff.versions import find_version
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

_REVIEWS: Final = {
    "revised": "critical or high revision",
    "deleted": "deleted without a stated replacement",
    "reinstated": "valid again",
    "acknowledged": "acknowledged",
    "decided": "decided",
}
_ANNOUNCED: Final = {"no": "not announced"}


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
            ("severity", "Severity", _list_severities(listed)),
            ("section", "Section", _options(listed["section"], sections)),
            ("class", "Class of revision", _options(classes, known)),
            ("kind", "Kind", _options(listed["kind"].cast(pl.String), KINDS)),
            ("replacement", "Replacement", _options(listed["replacement"], _REPLACEMENTS)),
            (
                "review",
                f"Needs {results.person}",
                _options(listed["review"], _REVIEWS),
            ),
            ("announced", "Publisher's list", _options(listed["announced"], _ANNOUNCED)),
        )
        if options
    )


def _list_severities(listed: pl.DataFrame) -> list[Option]:
    """The severities, each with how many of its entries are deleted."""
    gone = listed.filter(pl.col("change") == "deleted")["severity"]
    deleted = dict(gone.value_counts(name="entries").iter_rows())
    return [
        one._replace(number=f"{one.number} ({deleted[one.value]:,} deleted)")
        if one.value in deleted
        else one
        for one in _options(listed["severity"], SEVERITIES[::-1])
    ]


def _options(values: pl.Series, known: Iterable[str]) -> list[Option]:
    """Those of `known` that stand among `values`; labelled where `known` has labels."""
    counts = dict(values.value_counts(name="entries").iter_rows())
    labels = known if isinstance(known, dict) else {}
    return [
        Option(value, labels.get(value, value), f"{counts[value]:,}")
        for value in known
        if counts.get(value)
    ]


# So many digits of a SHA-256 tell two files apart at a glance.
_BRIEF: Final = 12


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


def link_verdict(results: Results, entries: Entries) -> Judged | None:
    """Return the verdict with links to what it counts."""
    verdict = make_verdict(results)
    if verdict is None:
        return None
    return Judged(
        changes=verdict.changes,
        effective=verdict.effective,
        review=verdict.review,
        link=entries.list_link(review=[one.name for one in verdict.reviews]),
        reviews=[Counted(one.text, entries.list_link(review=one.name)) for one in verdict.reviews],
        decisions=verdict.decisions,
        settled=[Counted(one.text, entries.list_link(review=one.name)) for one in verdict.settled],
    )


def link_unannounced(results: Results, entries: Entries) -> Announcement | None:
    """Return what the publisher did not announce, with a link to it."""
    found = find_unannounced(results)
    link = entries.list_link(announced="no")
    return Announcement(found.head, found.text, link, found.about) if found else None


# So many of the edits to look at first are in sight, the others can be opened.
_AT_ONCE: Final = 3


def list_edits(results: Results, entries: Entries) -> list[Edit]:
    """Return the edits to look at first, each with its words."""
    _, found, _ = choose_first(results)
    return [
        Edit(
            link=entries.link(*one.entries[0]),
            codes=one.codes if len(one.entries) > 1 else "",
            severity=one.severity,
            before=one.before,
            after=one.after,
            why=one.why,
        )
        for one in found
    ]


_KEPT: Final = 0.98


def render(results: Results, presentation: Presentation) -> bytes:
    """The page as UTF-8; above its cap it holds the most severe changes and says so."""
    with tell_faults(presentation.templates):
        return _fit(results, presentation)


def _fit(results: Results, presentation: Presentation) -> bytes:
    templates = make_environment(presentation.templates)
    ranked = sort_by_severity(list_filtered(results))
    most = min(ranked.height, MOST)
    if not is_small(ranked.head(most)):
        alone = templates.get_template("alone.html")
        trial = Entries(results, choose_sample(ranked), ())

        def measure(row: Mapping[str, Any]) -> int:
            entry = trial.show(Change(*map(row.__getitem__, Change._fields)))
            return len(alone.render(one=entry).encode())

        most = count_fitting(ranked, measure)
    bare = 0
    while True:
        listed = ranked.head(most).sort("kind", "code", "change")
        page = _write_page(templates, make_variables(results, listed, presentation))
        if len(page) <= LARGEST or not most:
            return page
        # What the page has beside its entries does not shrink with them.
        bare = bare or len(
            _write_page(templates, make_variables(results, ranked.clear(), presentation))
        )
        room = max(LARGEST - bare, 0) / max(len(page) - bare, 1)
        most = int(most * min(room, 1) * _KEPT)


def _write_page(templates: Environment, variables: Mapping[str, Any]) -> bytes:
    policy = {
        name: _hash(templates.get_template(f"report.{name}").render(variables))
        for name in ("css", "js")
    }
    return templates.get_template("report.html").render(variables, policy=policy).encode()


def _hash(text: str) -> str:
    """Return the source expression by which a Content-Security-Policy allows `text`."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


# Of the codes that a page knows beside those that it lists, in bytes.
_MOST_KNOWN: Final = 500_000
# Codes that begin alike stand on one line, their beginning first.
_START: Final = 3


def pack_codes(codes: pl.Series) -> str | None:
    """Return `codes` with their beginnings said once, as in "A00 10 1A" for A0010 and A001A.

    None where that is too long for a page, or codes hold blanks or what a browser counts otherwise.
    """
    code = pl.col("code").cast(pl.String)
    starts = (
        codes.alias("code").to_frame().lazy()
        .select(start=code.str.head(_START), rest=code.str.slice(_START))
        .group_by("start", maintain_order=True).agg(pl.col("rest").str.join(" "))
        .select(pl.concat_str("start", pl.lit(" "), "rest")).collect().to_series()
    )  # fmt: skip
    packed = "\n".join(starts)
    parts = packed.count(" "), packed.count("\n"), packed.count("\r")
    is_plain = packed.isascii() and parts == (codes.len(), max(starts.len() - 1, 0), 0)
    return packed if is_plain and len(packed) <= _MOST_KNOWN else None


def pack_unchanged(results: Results) -> str | None:
    """Return the codes without a change; None where the page cannot know them.

    Of a table it may not: a large one is read by the lines that differ, and the page is the same
    however it was read.
    """
    current = results.changes.current
    if current.profile.is_own:
        return None
    codes = current.entries["code"]
    return pack_codes(codes.filter(~codes.is_in(results.whole["code"].unique().implode())))


def escape_css(text: str) -> str:
    """Return `text` as it may stand in a string of the style sheet, whatever it is."""
    plain = {char for char in text if char == " " or (char.isascii() and char.isalnum())}
    return "".join(char if char in plain else f"\\{ord(char):x} " for char in text)


def make_variables(
    results: Results, listed: pl.DataFrame, presentation: Presentation
) -> dict[str, Any]:
    """Return what templates/README.md documents, but `policy`."""
    changes = results.changes
    sections = list_sections(results, listed)
    entries = Entries(results, listed, sections)
    shown = list(list_figures(results, entries)) if results.entries.height else []
    judged, announcement = link_verdict(results, entries), link_unannounced(results, entries)
    pictures = [*tabulate_sections(results, entries), *tabulate_severities(results, entries)]
    heads = [head for table in pictures for head in table.heads]
    reviews = [*judged.reviews, *judged.settled] if judged else []
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
        "verdict": judged,
        "announcement": announcement,
        "lists": results.lists,
        "edits": list_edits(results, entries),
        "at_once": _AT_ONCE,
        "pictures": pictures,
        "legend": list(tabulate_words(results, listed)),
        "tables": list(tabulate_judgement(results)),
        "known": list(tabulate_known(results)),
        "filters": list(list_filters(results, listed, sections)),
        "amounts": bool((results.fields["percent"] != "").any()),
        "sections": sections,
        "entries": iter(entries),
        "anchors": _anchors(shown, reviews, [judged, announcement], heads),
        "number": f"{listed.height:,}",
        "left_out": _number(results.entries.height - listed.height),
        "columns": " ".join(ENTRY_COLUMNS),
        "code_set_name": changes.current.code_set,
        "date": find_page_date(results),
        "running": escape_css(f"{changes.current.profile.label}: {make_title(results)}"),
        "notice": presentation.notice,
        "formula": FORMULA,
        "later_formula": LATER_FORMULA,
        "grammar": changes.current.profile.any_code,
        "neighbor": changes.current.profile.neighbor,
        "dot": count_before_dot(changes.current.profile),
        # Where changes fill the page there is no room for the rest.
        "unchanged": pack_unchanged(results) if is_small(results.entries) else None,
        "unseen": pack_codes(results.whole.join(listed, on=("kind", "code"), how="anti")["code"]),
        "mark": "\ufeff" if presentation.bom else "",
        "version": find_version(),
    }


def _anchors(
    *groups: Iterable[Figure | Judged | Counted | Announcement | Head | None],
) -> list[str]:
    """Where the links to filters lead without the script."""
    links = {one.link.removeprefix("#") for group in groups for one in group if one}
    return sorted(links - {""})


def _number(count: int) -> str:
    """Return the count with its separators; empty for 0."""
    return f"{count:,}" if count else ""
