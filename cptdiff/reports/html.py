"""report.html: one page, offline, without JavaScript, every character of input escaped."""

from typing import Any, Final

import polars as pl

from cptdiff.model import Release
from cptdiff.reports.templates import environment
from cptdiff.results import Results
from cptdiff.summary import COUNTS, KINDS, entry_counts

_KINDS: Final = {"code": "Codes", "header": "Headers", "modifier": "Modifiers"}
_CHANGES: Final = (
    ("added", "Added"),
    ("deleted", "Deleted"),
    ("revised", "Revised"),
    ("attributes", "Revised in attributes only"),
    ("transient", "Added and ended between the two dates"),
)
_SHOWN: Final = (
    "kind", "code", "section", "subsection", "reason", "effective_date", "previous_descriptor",
    "current_descriptor",
)  # fmt: skip


def render(results: Results) -> bytes:
    """The page as UTF-8."""
    changes = results.changes
    page = environment().get_template("report.html").render(
        code_set=changes.current.code_set.label,
        previous=_release(changes.previous),
        current=_release(changes.current),
        total=results.entries.height,
        compared=changes.current.entries.height,
        counts=_counts(results),
        heads=[title for _, title in _CHANGES],
        sections=[
            {**row, "counts": [row[name] for name in COUNTS]}
            for row in results.sections.filter(pl.col("section") != "").iter_rows(named=True)
        ],
        lists=_lists(results),
        doubts=results.doubts,
    )  # fmt: skip
    return page.encode()


def _release(release: Release) -> dict[str, Any]:
    return {
        "name": release.name,
        "date": release.effective_date.isoformat() if release.effective_date else "not known",
        "archive": release.archive,
        "entries": [
            f"{count:,} {_KINDS[kind].lower()}"
            for kind, count in entry_counts(release).items() if count
        ],
        "sources": release.sources,
    }  # fmt: skip


def _counts(results: Results) -> list[tuple[str, list[int]]]:
    counts = results.summary["counts"]
    return [
        (_KINDS[kind], [counts[kind][name] for name in COUNTS])
        for kind in KINDS
        if any(counts[kind].values()) or kind == "code"
    ]


def _lists(results: Results) -> list[dict[str, Any]]:
    """The five lists; a revised entry carries its fields with old and new wording."""
    is_attributes = pl.col("reason") == "attributes-only"
    listed = results.entries.with_columns(
        change=pl.when(is_attributes).then(pl.lit("attributes")).otherwise("change")
    )
    fields = _fields(results)
    found = []
    for change, title in _CHANGES:
        rows = listed.filter(pl.col("change") == change).select(_SHOWN)
        entries = [
            {**row, "fields": fields.get((row["kind"], row["code"]), ())}
            for row in rows.iter_rows(named=True)
        ]
        found.append({"change": change, "title": title, "entries": entries})
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
