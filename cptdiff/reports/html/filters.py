"""The filters of the list, each with the choices that the listed entries have."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import polars as pl

from cptdiff.reports.html.choosing import SHORTER
from cptdiff.reports.html.page import Filter, Option
from cptdiff.reports.overview import CHANGE_NAMES
from cptdiff.results import Results
from cptdiff.vocabulary import KINDS, SEVERITIES

_CHANGES: Final = {
    SHORTER.get(name, name): label.capitalize() for name, label in CHANGE_NAMES.items()
}
_REPLACEMENTS: Final = {
    "stated": "stated by the publisher or by you",
    "candidate": "candidates, for a coder to review",
    "none": "none found",
}


def sections_of(results: Results, listed: pl.DataFrame) -> list[str]:
    """The sections of the listed entries, in the order of the code set's book."""
    here = set(listed["section"]) - {""}
    known = dict.fromkeys([*results.sections["section"], *sorted(here)])
    return [title for title in known if title in here]


def filters(results: Results, listed: pl.DataFrame, sections: Sequence[str]) -> Iterator[Filter]:
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
