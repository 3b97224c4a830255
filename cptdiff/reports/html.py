"""report.html: one page, offline, without JavaScript, every character of input escaped."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

import polars as pl

from cptdiff.grades import KINDS
from cptdiff.model import Release
from cptdiff.presentation import Presentation
from cptdiff.reports.html_entries import Entries
from cptdiff.reports.html_judgement import overviews
from cptdiff.reports.templates import environment
from cptdiff.results import Results
from cptdiff.summary import counted_change, entry_counts, shown_counts

_KINDS: Final = {"code": "codes", "header": "headers", "modifier": "modifiers"}
_CHANGES: Final = {
    "added": "Added",
    "deleted": "Deleted",
    "revised": "Revised",
    "revised_attributes_only": "Attributes only",
    "transient": "Transient",
}
_TITLES: Final = _CHANGES | {
    "revised_attributes_only": "Revised in attributes only",
    "transient": "Added and ended between the two dates",
}
# Where a list's name in the page's addresses is shorter than its name in the counts.
_ADDRESSES: Final = {"revised_attributes_only": "attributes"}


def render(results: Results, presentation: Presentation) -> bytes:
    """The page as UTF-8."""
    page = environment(presentation.templates).get_template("report.html").render(
        code_set=results.changes.current.code_set.label,
        previous=_release(results.changes.previous),
        current=_release(results.changes.current),
        nothing=results.none_shown,
        tables=list(_tables(results)),
        overviews=list(overviews(results)),
        lists=list(_lists(results)),
        doubts=results.doubts,
    )  # fmt: skip
    return page.encode()


def _release(release: Release) -> dict[str, Any]:
    files = len(release.sources)
    return {
        "name": release.name,
        "date": release.effective_date.isoformat() if release.effective_date else "(no date)",
        "file": release.archive.name,
        "sha256": release.archive.sha256 or "(a folder: see the files read)",
        "entries": _spoken(entry_counts(release)),
        "files": "1 file" if files == 1 else f"{files} files",
        "sources": release.sources,
    }


def _spoken(counts: dict[str, int]) -> str:
    """As in "206 codes, 2 modifiers"."""
    return ", ".join(
        f"{counts[kind]:,} {_KINDS[kind] if counts[kind] != 1 else kind}"
        for kind in KINDS
        if counts.get(kind)
    )


def _tables(results: Results) -> Iterable[dict[str, Any]]:
    """Counts by kind, then by section for each kind; columns without any count are left out."""
    if not results.entries.height:
        return
    counts = results.summary["counts"]
    names = shown_counts(counts)
    # A head links to its list where the page has one.
    listed = set(results.entries.select(counted_change().alias("listed"))["listed"])
    heads = [(_ADDRESSES.get(n, n) if n in listed else "", _CHANGES[n]) for n in names]
    rows = [
        {"labels": [_KINDS[kind].capitalize()], "numbers": [f"{counts[kind][n]:,}" for n in names]}
        for kind in KINDS
        if any(counts[kind].values()) or kind == "code"
    ]
    yield {"caption": "Changes by kind", "labels": ["Kind"], "heads": heads, "rows": rows}
    for kind in KINDS[:2]:
        labels, rows = _by_section(results, kind, names)
        if rows:
            caption = f"{_KINDS[kind].capitalize()} by section"
            yield {"caption": caption, "labels": labels, "heads": heads, "rows": rows}


def _by_section(
    results: Results, kind: str, names: Sequence[str]
) -> tuple[list[str], list[dict[str, Any]]]:
    """The labels' heads and the rows of one kind, with its groups where it has any."""
    of_kind = results.sections.filter((pl.col("section") != "") & (pl.col("kind") == kind))
    grouped = of_kind.filter(pl.col("group") != "").height > 0
    places = ("section", "group") if grouped else ("section",)
    rows = [
        {
            "labels": [row[place] for place in places],
            "numbers": [f"{row[name]:,}" for name in names],
        }
        for row in of_kind.iter_rows(named=True)
    ]
    return [place.capitalize() for place in places], rows


def _lists(results: Results) -> Iterable[dict[str, Any]]:
    """The lists that have entries; a revised entry carries its fields with both wordings."""
    listed = results.entries.with_columns(listed=counted_change())
    shown = Entries(results)
    for change, title in _TITLES.items():
        rows = listed.filter(pl.col("listed") == change)
        if rows.height:
            entries = [shown.shown(row) for row in rows.iter_rows(named=True)]
            number = _spoken(dict(rows["kind"].value_counts().iter_rows()))
            address = _ADDRESSES.get(change, change)
            yield {"change": address, "title": title, "number": number, "entries": entries}
