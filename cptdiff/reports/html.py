"""report.html: one page, offline, without JavaScript, every character of input escaped."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

import polars as pl

from cptdiff.model import Release
from cptdiff.reports.templates import environment
from cptdiff.results import Results
from cptdiff.summary import KINDS, counted_change, entry_counts, shown_counts

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
_REASONS: Final = {
    "terminated": "ended",
    "became-header": "became a header",
    "became-code": "became a code",
    "reinstated": "reinstated",
}
_SINCE: Final = {"deleted": "no longer valid from", "transient": "valid from"}


def render(results: Results) -> bytes:
    """The page as UTF-8."""
    page = environment().get_template("report.html").render(
        code_set=results.changes.current.code_set.label,
        previous=_release(results.changes.previous),
        current=_release(results.changes.current),
        compared=f"{results.changes.compared:,}",
        tables=list(_tables(results)),
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
    heads = [(_ADDRESSES.get(name, name), _CHANGES[name]) for name in names]
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
    fields = _fields(results)
    names = _names(results)
    for change, title in _TITLES.items():
        rows = listed.filter(pl.col("listed") == change)
        if rows.height:
            entries = [_entry(row, fields, names) for row in rows.iter_rows(named=True)]
            number = _spoken(dict(rows["kind"].value_counts().iter_rows()))
            address = _ADDRESSES.get(change, change)
            yield {"change": address, "title": title, "number": number, "entries": entries}


def _entry(
    row: dict[str, Any],
    fields: dict[tuple[str, str], list[tuple[str, str, str]]],
    names: dict[tuple[str, str], str],
) -> dict[str, Any]:
    key = (row["kind"], row["code"])
    same = row["section"].casefold() == row["subsection"].casefold()
    place = [row["section"], *([row["subsection"]] if row["subsection"] and not same else [])]
    kind = "" if row["kind"] == "code" else row["kind"]
    since = _SINCE.get(row["change"], "effective") if row["effective_date"] else ""
    return {
        "address": f"{row['change']}-{row['kind']}-{row['code']}",
        "code": row["code"],
        "tags": [tag for tag in (kind, _REASONS.get(row["reason"], "")) if tag],
        "place": ", ".join(filter(None, place)),
        "date": f"{since} {row['effective_date']}".strip(),
        "name": names.get(key, ""),
        "fields": fields.get(key, ()),
        "wording": row["current_descriptor"] or row["previous_descriptor"],
    }


def _names(results: Results) -> dict[tuple[str, str], str]:
    """The headings of modifiers that were added or deleted: their long text tells no name."""
    found: dict[tuple[str, str], str] = {}
    for frame in (results.changes.added, results.changes.deleted):
        if {"short", "long"} <= set(frame.columns):
            modifiers = frame.filter((pl.col("kind") == "modifier") & (pl.col("long") != ""))
            rows = modifiers.select("kind", "code", "short").iter_rows()
            found |= {(kind, code): short for kind, code, short in rows}
    return found


def _fields(results: Results) -> dict[tuple[str, str], list[tuple[str, str, str]]]:
    """By entry its changed fields, descriptors first: name, previous, current."""
    found: dict[tuple[str, str], list[tuple[str, str, str]]] = {}
    columns = ("kind", "code", "field", "previous", "current")
    for kind, code, name, previous, current in results.fields.select(columns).iter_rows():
        found.setdefault((kind, code), []).append((name, previous, current))
    order = {name: at for at, name in enumerate(results.changes.current.descriptors)}
    for listed in found.values():
        listed.sort(key=lambda field: (order.get(field[0], len(order)), field[0]))
    return found
