"""What the changes mean; `judge` tells severity, families, replacements and agreement."""

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

import polars as pl

from cptdiff.codesets import Range
from cptdiff.judgement.announced import Announced, compare_totals
from cptdiff.judgement.classes import CLASSES, RevisionClass, override_severities
from cptdiff.judgement.crosswalk import RUNGS, Rung, find_replacements, write_notes
from cptdiff.judgement.guards import check_guards
from cptdiff.judgement.measures import describe_unit_change
from cptdiff.judgement.rank import RANK
from cptdiff.judgement.reconcile import Reconciliation, reconcile
from cptdiff.judgement.severity import NO_CLASS, grade_revisions, judge_entries, judge_fields
from cptdiff.model import Changes, Note, Stated, make_notes
from cptdiff.sections import list_ranges

# What other parts use of it.
__all__ = [
    "CLASSES",
    "NO_CLASS",
    "RANK",
    "Announced",
    "Given",
    "Judgement",
    "Reconciliation",
    "check_guards",
    "compare_totals",
    "describe_unit_change",
    "judge",
    "write_notes",
]


class Given(NamedTuple):
    """What the user gave beside the two releases.

    `severities` are the user's own by class, `sections` the user's own ranges.
    """

    stated: Stated = Stated()
    sections: tuple[Range, ...] = ()
    severities: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, eq=False, repr=False)
class Judgement:
    """What the changes mean.

    `fields` has `FIELD_VERDICTS`, `entries` `ENTRY_VERDICTS`, `crosswalk`
    `CROSSWALK`; `stated` is all that was used of what is stated; `classes` are those that were
    used; `notes` tell what a reader must know.
    """

    fields: pl.DataFrame
    entries: pl.DataFrame
    crosswalk: pl.DataFrame
    reconciliation: Reconciliation
    stated: Stated
    classes: tuple[RevisionClass, ...]
    notes: tuple[Note, ...]


def judge(changes: Changes, given: Given | None = None) -> Judgement:
    """What `changes` mean, by their wording and by what is stated beside the releases."""
    given = given or Given()
    classes = override_severities(given.severities)
    stated = changes.current.stated + given.stated
    crosswalks = stated + Stated(crosswalks=changes.previous.stated.crosswalks)
    places = list_ranges(changes.current.code_set, given.sections)
    with ThreadPoolExecutor(2) as both:
        replacements = both.submit(
            find_replacements, changes, crosswalks, places, _choose_rungs(changes)
        )
        agreement = both.submit(reconcile, changes, stated)
        rows = grade_revisions(changes, classes)
    return Judgement(
        fields=judge_fields(rows),
        entries=judge_entries(rows, changes, classes),
        crosswalk=_drop_silent(changes, replacements.result()),
        reconciliation=agreement.result(),
        stated=crosswalks,
        classes=classes,
        notes=make_notes("own", _describe_own(given.severities)),
    )


def _choose_rungs(changes: Changes) -> tuple[Rung, ...]:
    """The rungs to climb: what replaces a key of the user's own table, only the user can say."""
    if not changes.current.profile.is_own:
        return RUNGS
    return tuple(rung for rung in RUNGS if rung.basis == "user")


def _drop_silent(changes: Changes, rows: pl.DataFrame) -> pl.DataFrame:
    """`CROSSWALK` without the keys of a user's table of which the user says nothing."""
    if not changes.current.profile.is_own:
        return rows
    return rows.filter((pl.col("basis") != "none") | (pl.col("trail") != ""))


def _describe_own(severities: Mapping[str, str]) -> Iterable[str]:
    if severities:
        choices = ", ".join(f"{name} {severity}" for name, severity in sorted(severities.items()))
        yield f"your own severities apply to: {choices}"
