"""The tables that the contract promises, made once for all reports."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Any, Final

import polars as pl

from cptdiff.doubts import doubts, left_out, limits
from cptdiff.entries import listed_entries
from cptdiff.formats.ranges import Range
from cptdiff.judgement.announced import Announced, announced
from cptdiff.judgement.judge import Judgement, judge
from cptdiff.meaning import meaning
from cptdiff.model import OWN, QUARANTINE, Changes
from cptdiff.options import Shown
from cptdiff.sections import placed, ranges
from cptdiff.summary import by_section, counted_change, shown_counts, summary
from cptdiff.vocabulary import SEVERITIES, CodeSet, Descriptors
from cptdiff.withholding import withheld

ENTRY_COLUMNS: Final = (
    "code_set", "kind", "code", "change", "reason", "section", "severity", "classes", "fields",
    "previous_descriptor", "current_descriptor", "effective_date", "replacements", "family",
)  # fmt: skip
FIELD_COLUMNS: Final = (
    "code_set", "kind", "code", "field", "previous", "current", "class", "severity", "why",
)  # fmt: skip
_KEY: Final = ("kind", "code")


@dataclass(frozen=True, eq=False, repr=False)
class Results:
    """What all reports show.

    `entries` has `ENTRY_COLUMNS` (changes.csv), reasons, family_codes, replacement (of a deletion:
    stated, candidate or none) and category, subsection, group: those that were asked for, `whole`
    has all. `fields` has `FIELD_COLUMNS` (fields.csv);
    `crosswalk` and `reconciliation` are those files; `sections` counts changes by kind and
    section; `announced` is the reconciliation with totals, where any were given; `summary` is
    summary.json; `doubts` are the sentences that belong on the first screen, `limits` those of them
    that tell what was not compared. Wording that was not to be shown is in none of them, `changes`
    and `judgement` included.
    """

    changes: Changes
    judgement: Judgement
    entries: pl.DataFrame
    whole: pl.DataFrame
    fields: pl.DataFrame
    crosswalk: pl.DataFrame
    reconciliation: pl.DataFrame
    sections: pl.DataFrame
    announced: Announced | None
    summary: dict[str, Any]
    doubts: tuple[str, ...]
    limits: tuple[str, ...]
    overridden: tuple[str, ...]

    def __repr__(self) -> str:
        changes = self.changes
        return f"<{changes.previous.name} to {changes.current.name}: {self._counted}>"

    def _repr_html_(self) -> str:
        """A table of the counts by kind, for notebooks."""
        counts = self.summary["counts"]
        names = shown_counts(counts)
        head = "".join(f"<th>{name.replace('_', ' ')}</th>" for name in names)
        rows = "".join(
            f"<tr><th>{kind}</th>{''.join(f'<td>{row[name]:,}</td>' for name in names)}</tr>"
            for kind, row in counts.items()
            if any(row.values())
        )
        return f"<p>{escape(repr(self))}</p><table><tr><th></th>{head}</tr>{rows}</table>"

    @property
    def added(self) -> pl.DataFrame:
        """The entries that were added, a row each (`ENTRY_COLUMNS` and more)."""
        return self._of_change("added")

    @property
    def deleted(self) -> pl.DataFrame:
        """The entries that were deleted, as `added`."""
        return self._of_change("deleted")

    @property
    def revised(self) -> pl.DataFrame:
        """The entries with a changed descriptor, as `added`; `fields` has a row for each field."""
        return self._of_change("revised")

    @property
    def attributes_only(self) -> pl.DataFrame:
        """The entries of which only other data changed, as `added`."""
        return self._of_change("revised_attributes_only")

    @property
    def transient(self) -> pl.DataFrame:
        """The entries that were added and ended between the two dates, as `added`."""
        return self._of_change("transient")

    def _of_change(self, name: str) -> pl.DataFrame:
        return self.entries.filter(counted_change() == name)

    @property
    def _counted(self) -> str:
        if not self.whole.height:
            return self.none_shown
        counts = self.summary["counts"]
        sums = {name: sum(row[name] for row in counts.values()) for name in shown_counts(counts)}
        return ", ".join(f"{n:,} {name.replace('_', ' ')}" for name, n in sums.items())

    @property
    def none_shown(self) -> str:
        """What is said first where no change is shown; nothing where any is."""
        if self.entries.height:
            return ""
        if self.whole.height:
            return f"None of {self.whole.height:,} changes is of the kind asked for"
        return f"No changes: {self.changes.compared:,} entries compared"

    @property
    def doubtful(self) -> bool:
        """Whether rows were set aside, codes repaired or a guard overridden: exit code 3."""
        sides = (self.changes.previous, self.changes.current)
        return bool(self.overridden) or self.set_aside > 0 or any(s.repaired for s in sides)

    @property
    def set_aside(self) -> int:
        """Rows of both releases that could not be used."""
        return sum(r.rows.quarantined for r in (self.changes.previous, self.changes.current))

    @property
    def quarantine(self) -> pl.DataFrame:
        """These rows: `QUARANTINE`, sorted by all of it."""
        sides = (("previous", self.changes.previous), ("current", self.changes.current))
        frames = [
            release.set_aside.with_columns(pl.lit(side).alias("side")).select(QUARANTINE)
            for side, release in sides
        ]
        return pl.concat(frames).sort(pl.all(), nulls_last=True, maintain_order=True)

    @property
    def grave(self) -> pl.DataFrame:
        """The critical and high revisions, the critical first."""
        revised = pl.col("change") == "revised"
        grave = self.entries.filter(revised, pl.col("severity").is_in(["critical", "high"]))
        return grave.sort("severity", "kind", "code")

    @property
    def gravest(self) -> pl.DataFrame:
        """Of `grave` one entry for each family."""
        one = pl.when(pl.col("family") != "").then("family").otherwise("code").alias("one")
        found = self.grave.with_columns(one)
        return found.unique("one", keep="first", maintain_order=True).drop("one")

    @property
    def has_crosswalk(self) -> bool:
        """Whether replacements were looked for; of a user's table only the user states any."""
        return self.crosswalk.height > 0 or self.changes.current.code_set is not CodeSet.TABLE

    @property
    def was_reconciled(self) -> bool:
        """Whether there was a list of the publisher's to compare with."""
        return bool(self.judgement.reconciliation.lists)

    @property
    def unexplained(self) -> bool:
        """Whether a list or an announced total is not met, and nothing explains it."""
        gap = self.announced is not None and bool(self.announced.unexplained)
        return gap or self.judgement.reconciliation.unexplained > 0


@dataclass(frozen=True)
class Asked:
    """What the user asked of the results.

    Which changes are shown, own sections, announced totals; `overridden` are the guards' doubts;
    which `descriptors` may be shown.
    """

    shown: Shown = field(default_factory=Shown)
    sections: tuple[Range, ...] = ()
    expected: Mapping[str, int] = field(default_factory=dict)
    overridden: tuple[str, ...] = ()
    descriptors: Descriptors = Descriptors.FULL


def results(
    changes: Changes, judgement: Judgement | None = None, asked: Asked | None = None
) -> Results:
    """Everything that reports show of `changes`, sorted by its full key.

    Without a `judgement`, by the releases alone.
    """
    judgement, asked = judgement or judge(changes), asked or Asked()
    changes, judgement = withheld(changes, judgement, asked.descriptors)
    code_set = changes.current.code_set
    known = ranges(code_set, asked.sections)
    whole = placed(listed_entries(changes, judgement), code_set, known)
    whole = whole.with_columns(_code_set(changes)).sort("kind", "code", "change")
    entries = _choose(whole, asked.shown)
    sections = by_section(entries, known)
    totals = announced(changes, whole, asked.expected) if asked.expected else None
    choices = (
        asked.shown.tell(entries.height, whole.height),
        left_out(asked.descriptors, code_set),
    )
    told = doubts(changes, judgement, totals, choices)
    crosswalk = _of(judgement.crosswalk.select(_code_set(changes), pl.all()), entries, "deleted")
    meant = meaning(entries, judgement.reconciliation, totals, asked.shown)
    return Results(
        changes=changes,
        judgement=judgement,
        entries=entries,
        whole=whole,
        fields=_of(_fields(changes, judgement), entries, "revised"),
        crosswalk=crosswalk,
        reconciliation=judgement.reconciliation.table.select(_code_set(changes), pl.all()),
        sections=sections,
        announced=totals,
        summary=summary(changes, entries, sections, told) | meant,
        doubts=told,
        limits=limits(changes),
        overridden=asked.overridden,
    )  # fmt: skip


def _choose(entries: pl.DataFrame, shown: Shown) -> pl.DataFrame:
    """`entries` (change, kind, severity) that `shown` chooses; additions have no severity."""
    found = entries
    if shown.changes:
        found = found.filter(pl.col("change").is_in(shown.changes))
    if shown.kinds:
        found = found.filter(pl.col("kind").cast(pl.String).is_in(shown.kinds))
    if shown.min_severity:
        severe = SEVERITIES[SEVERITIES.index(shown.min_severity) :]
        found = found.filter(pl.col("severity").is_in(severe))
    return found


def _code_set(changes: Changes) -> pl.Expr:
    return pl.lit(changes.current.code_set.value).alias("code_set")


def _of(rows: pl.DataFrame, entries: pl.DataFrame, change: str) -> pl.DataFrame:
    """Those of `rows` whose entry is shown under `change`."""
    shown = entries.filter(pl.col("change") == change).select(_KEY)
    return rows.join(shown, on=_KEY, how="semi", maintain_order="left")


def _fields(changes: Changes, judgement: Judgement) -> pl.DataFrame:
    key = [*_KEY, "field"]
    return (
        changes.revised.lazy()
        .with_columns(_code_set(changes), pl.col("field").str.strip_prefix(OWN))
        .join(judgement.fields.lazy(), on=key, how="left")
        .with_columns(pl.col("severity").cast(pl.String))
        .select(FIELD_COLUMNS)
        .sort(key)
        .collect()
    )
