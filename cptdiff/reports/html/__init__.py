"""report.html: one page, offline, readable without its script, every character escaped."""

import base64
import hashlib
from collections.abc import Iterable, Mapping
from typing import Any, Final

import polars as pl
from jinja2 import Environment

from cptdiff.presentation import Presentation
from cptdiff.reports.formulas import FORMULA, LATER_FORMULA
from cptdiff.reports.html import fitting
from cptdiff.reports.html.choosing import counted_shorter
from cptdiff.reports.html.entries import Entries, page_date
from cptdiff.reports.html.filters import filters, sections_of
from cptdiff.reports.html.first import attention, figures, side
from cptdiff.reports.html.judged import judged, severities
from cptdiff.reports.html.page import Attention, Figure, Head
from cptdiff.reports.html.tables import by_section
from cptdiff.reports.templates import environment, telling_faults
from cptdiff.results import ENTRY_COLUMNS, Results
from cptdiff.versions import versions

_KEPT: Final = 0.98
_ALONE: Final = '{% from "entry.html" import entry %}{{ entry(one) }}'


def render(results: Results, presentation: Presentation) -> bytes:
    """The page as UTF-8; above its cap it holds the gravest changes and says so."""
    with telling_faults(presentation.templates):
        return _fitted(results, presentation)


def _fitted(results: Results, presentation: Presentation) -> bytes:
    templates = environment(presentation.templates)
    ranked = fitting.gravest(results.entries.with_columns(counted_shorter()))
    alone = templates.from_string(_ALONE)
    trial = Entries(results, ranked, ())
    most = fitting.how_many_fit(
        ranked, lambda row: len(alone.render(one=trial.shown(row)).encode())
    )
    while True:
        listed = ranked.head(most).sort("kind", "code", "change")
        page = _rendered(templates, _told(results, listed, presentation))
        if len(page) <= fitting.LARGEST or not most:
            return page
        most = int(most * fitting.LARGEST / len(page) * _KEPT)


def _rendered(templates: Environment, told: Mapping[str, Any]) -> bytes:
    policy = {
        name: _hash(templates.get_template(f"report.{name}").render(told)) for name in ("css", "js")
    }
    return templates.get_template("report.html").render(told, policy=policy).encode()


def _hash(text: str) -> str:
    """As a Content-Security-Policy names what it lets stand."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _told(results: Results, listed: pl.DataFrame, presentation: Presentation) -> dict[str, Any]:
    """What templates/README.md documents, but `policy`."""
    changes = results.changes
    sections = sections_of(results, listed)
    entries = Entries(results, listed, sections)
    shown = list(figures(results, entries)) if results.entries.height else []
    first = list(attention(results, entries))
    pictures = [*by_section(results, entries), *severities(results, entries)]
    heads = [head for table in pictures for head in table.heads]
    return {
        "code_set": changes.current.code_set.label,
        "previous": side("Previous", changes.previous),
        "current": side("Current", changes.current),
        "nothing": results.none_shown,
        "doubts": [doubt for doubt in results.doubts if doubt not in results.limits],
        "limits": results.limits,
        "figures": shown,
        "attention": first,
        "pictures": pictures,
        "tables": list(judged(results)),
        "filters": list(filters(results, listed, sections)),
        "sections": sections,
        "entries": map(entries.shown, listed.iter_rows(named=True)),
        "anchors": _anchors(shown, first, heads),
        "number": f"{listed.height:,}",
        "left_out": _number(results.entries.height - listed.height),
        "columns": " ".join(ENTRY_COLUMNS),
        "code_set_name": changes.current.code_set.value,
        "date": page_date(results),
        "notice": presentation.notice,
        "formula": FORMULA,
        "later_formula": LATER_FORMULA,
        "mark": "\ufeff" if presentation.bom else "",
        "version": versions()["cptdiff"],
    }


def _anchors(
    shown: Iterable[Figure], first: Iterable[Attention], heads: Iterable[Head]
) -> list[str]:
    links = (*(f.link for f in shown), *(one.link for one in first), *(head.link for head in heads))
    return sorted({link.removeprefix("#") for link in links} - {""})


def _number(count: int) -> str:
    """Empty for naught."""
    return f"{count:,}" if count else ""
