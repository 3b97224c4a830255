"""The tables that the reports show, made once, and the sentences of the first screen."""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from types import MappingProxyType
from typing import Any, Final, NamedTuple

import polars as pl

from cptdiff.accepted import Accepted, settle_acceptances
from cptdiff.codesets import Range
from cptdiff.columns import subtract
from cptdiff.fields import describe_partial
from cptdiff.judgement import (
    RANK,
    Announced,
    Judgement,
    compare_totals,
    describe_unit_change,
    judge,
    write_notes,
)
from cptdiff.known import STATED_REPLACEMENTS, Known, Past, find_known, fingerprint_changes
from cptdiff.lists import Acceptance
from cptdiff.model import OWN, QUARANTINE, ROW_FIELDS, Changes, Release, name_cells, pick_longest
from cptdiff.options import Shown
from cptdiff.sections import list_ranges, place_codes
from cptdiff.sentences import find_tables, list_doubts, list_limits
from cptdiff.summary import (
    COUNT_NAMES,
    choose_counts,
    count_as,
    count_by_section,
    count_changes,
    count_in_words,
    describe_shown,
    say_reviews,
    summarize,
    summarize_meaning,
)
from cptdiff.vocabulary import SETTLED, SEVERITIES, Descriptors
from cptdiff.withholding import describe_withheld, withhold

_KEY: Final = ("kind", "code")
# What is not valid any more, and may have a replacement.
_GONE: Final = ("deleted", "transient")
RANK_TEXTS: Final = tuple(name for name, kind in RANK.items() if kind == pl.String)
# Of a deleted entry: none of its replacements is stated, a coder has to look.
CANDIDATE: Final = "candidate-replacement"


def list_entries(changes: Changes, judgement: Judgement) -> pl.DataFrame:
    """Return the columns of changes.csv, and those of `Results.entries`.

    But not code_set, section and review_status. reasons, family_codes and replacement are explained
    there.
    """
    today = pl.lit(changes.current.effective_date, pl.Date)
    # A day that is still to come is no last one: the entry is gone already.
    last = pl.when((pl.col("end_date") >= today).fill_null(value=False)).then(None).otherwise(
        pl.col("end_date")
    )  # fmt: skip
    gone = pl.coalesce(last.dt.offset_by("1d"), today)
    never = pl.lit(None, pl.Date)
    frames = [
        _list_side(changes.added, "added", changes.current, (_find_first_day(changes), never)),
        _list_side(changes.deleted, "deleted", changes.previous, (gone, last)),
        _list_side(changes.transient, "transient", changes.current,
                   (pl.col("add_date"), pl.col("end_date"))),
        _list_revised(changes),
    ]  # fmt: skip
    entries = pl.concat(frames, how="diagonal").with_columns(
        pl.col("effective_date", "last_valid_date").dt.to_string("%Y-%m-%d").fill_null(""),
        pl.col("fields", "previous_descriptor", "current_descriptor").fill_null(""),
    )
    return _add_replacements(_add_verdicts(entries, judgement), judgement)


def _find_first_day(changes: Changes) -> pl.Expr:
    """Of an added entry: its own day, else that of its descriptor, else that of the release.

    A new entry has had no other descriptor: AMA's consolidated list dates only these. A date that
    is not between the releases tells of something else.
    """
    before, today = (
        pl.lit(release.effective_date, pl.Date) for release in (changes.previous, changes.current)
    )
    if "descriptor_date" not in changes.added.columns:
        return pl.coalesce("add_date", today)
    own = pl.col("descriptor_date").str.strip_chars().str.to_date("%Y%m%d", strict=False)
    return pl.coalesce("add_date", pl.when((own > before) & (own <= today)).then(own), today)


def _add_verdicts(entries: pl.DataFrame, judgement: Judgement) -> pl.DataFrame:
    """`entries` with severity, classes, reasons, family, family_codes, `RANK`; deleted is high."""
    verdicts = judgement.entries.with_columns(pl.col("severity").cast(pl.String))
    judged = pl.col("change").is_in(["revised", "added"])
    joined = entries.join(verdicts, on=_KEY, how="left", maintain_order="left")
    severity = (
        pl.when(pl.col("change") == "deleted").then(pl.lit("high")).when(judged).then("severity")
    )
    return joined.with_columns(
        severity.fill_null("").alias("severity"),
        *(
            pl.when(judged).then(name).fill_null("").alias(name)
            for name in ("classes", "reasons", "family", *RANK_TEXTS)
        ),
    )


def _add_replacements(entries: pl.DataFrame, judgement: Judgement) -> pl.DataFrame:
    """`entries` with replacements, best first, and `replacement`: stated, candidate or none.

    That nothing replaces a code may be stated too. `strong` tells the strength of a candidate.
    Guesses alone are classed as candidates; what no replacement was looked for has no word.
    """
    named = pl.col("replacement") != ""
    best = pl.col("confidence").first()
    ranked = judgement.crosswalk.sort(*_KEY, "rank").group_by(_KEY, maintain_order=True).agg(
        pl.col("replacement").filter(named).str.join(";").alias("replacements"),
        pl.when((pl.col("confidence") == "stated").any()).then(pl.lit("stated"))
        .when(named.any()).then(pl.lit("candidate"))
        .otherwise(pl.lit("none")).alias("replacement"),
        (best == "strong").alias("strong"),
        STATED_REPLACEMENTS,
    )  # fmt: skip
    gone = pl.col("change").is_in(_GONE)
    joined = (
        entries.join(ranked, on=_KEY, how="left", maintain_order="left")
        .with_columns(
            pl.when(gone).then(name).fill_null("").alias(name)
            for name in ("replacements", "replacement", "stated_replacements")
        )
        .with_columns(
            (pl.col("strong") & (pl.col("replacement") == "candidate")).fill_null(value=False)
        )
    )
    guessed = pl.col("replacement") == "candidate"
    return joined.with_columns(
        pl.when(guessed).then(pl.lit(CANDIDATE)).otherwise("classes").alias("classes")
    )


def _list_side(
    frame: pl.DataFrame, change: str, release: Release, days: tuple[pl.Expr, pl.Expr]
) -> pl.DataFrame:
    """Entries of one side; `days` are the first day of the change, and the last valid day."""
    effective, last = days
    side = "previous" if change == "deleted" else "current"
    return frame.select(
        "kind",
        "code",
        pl.lit(change).alias("change"),
        "reason",
        pick_longest(release, frame.columns).alias(f"{side}_descriptor"),
        effective.alias("effective_date"),
        last.alias("last_valid_date"),
    )


def _list_revised(changes: Changes) -> pl.DataFrame:
    """One row per revised entry, its fields in the order in which the release carries them."""
    worded = pl.col("field").is_in([*changes.current.descriptors, *ROW_FIELDS])
    entries = (
        changes.revised.lazy()
        .group_by("kind", "code", maintain_order=True)
        .agg(pl.col("field").str.strip_prefix(OWN).unique(maintain_order=True).str.join(";")
             .alias("fields"), worded.any().alias("worded"))
        .collect()
    )  # fmt: skip
    before, after = changes.revised_previous, changes.revised_current
    previous = pick_longest(changes.previous, before.columns).alias("previous_descriptor")
    shown = after.with_columns(
        before.with_columns(previous)["previous_descriptor"],
        pick_longest(changes.current, after.columns).alias("current_descriptor"),
    ).select("kind", "code", "previous_descriptor", "current_descriptor")
    entries = entries.join(shown, on=("kind", "code"), how="left")
    reason = pl.when("worded").then(pl.lit("")).otherwise(pl.lit("attributes-only"))
    return entries.with_columns(
        pl.lit("revised").alias("change"),
        reason.alias("reason"),
        pl.lit(changes.current.effective_date, pl.Date).alias("effective_date"),
    ).drop("worded")


ENTRY_COLUMNS: Final = (
    "code_set", "kind", "code", "change", "reason", "section", "severity", "classes", "fields",
    "previous_descriptor", "current_descriptor", "effective_date", "replacements", "family",
    "last_valid_date", "review_status",
)  # fmt: skip
FIELD_COLUMNS: Final = (
    "code_set", "kind", "code", "field", "previous", "current", "difference", "percent", "class",
    "severity", "why",
)  # fmt: skip
# Those that cptdiff computed: numbers, no words of the input.
COMPUTED: Final = ("difference", "percent")


@dataclass(frozen=True, eq=False, repr=False)
class Results:
    """What all reports show.

    `entries` has the changes that the filter shows, `whole` has all. Their columns are
    `ENTRY_COLUMNS` (changes.csv) and, of a revision, reasons (a sentence for each class),
    family_codes (how many codes its family has) and those of `RANK`; of a deletion, replacement
    (stated, candidate or none), stated_replacements (of the publisher) and strong (of the best
    candidate); and category, subsection, group. `fields` has `FIELD_COLUMNS` (fields.csv);
    `crosswalk` and `reconciliation` are those files; `sections` counts the changes that are shown,
    by kind and section, and `shown` as `count_changes` does; `summary` is summary.json, which
    counts all changes; `announced` is the reconciliation with totals, where any were given;
    `doubts` are the sentences that belong on the first screen, `tables` names the table (as its
    file, without suffix) that lists what a doubt is about, `limits` are the doubts that tell
    what was not compared. `known` is what was acknowledged, and what is new since an earlier run;
    `accepted` are excluded rows that somebody accepted. `lists` tells in a sentence what the
    changes do to the user's own lists (impact.html in the same folder); empty without lists.
    Wording that was not to be shown is in none of them, `changes` and
    `judgement` included.
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
    shown: dict[str, Any]
    summary: dict[str, Any]
    doubts: tuple[str, ...]
    tables: Mapping[str, str]
    limits: tuple[str, ...]
    overridden: tuple[str, ...]
    known: Known
    accepted: Accepted
    lists: str = ""

    def __repr__(self) -> str:
        changes = self.changes
        return f"<{changes.previous.name} to {changes.current.name}: {self._counted}>"

    def _repr_html_(self) -> str:
        """Return a table of the counts by kind, for notebooks."""
        counts = self.shown["counts"]
        names = choose_counts(counts)
        head = "".join(f"<th>{COUNT_NAMES[name]}</th>" for name in names)
        rows = "".join(
            f"<tr><th>{kind}</th>{''.join(f'<td>{row[name]:,}</td>' for name in names)}</tr>"
            for kind, row in counts.items()
            if any(row.values())
        )
        return f"<p>{escape(repr(self))}</p><table><tr><th></th>{head}</tr>{rows}</table>"

    @property
    def added(self) -> pl.DataFrame:
        """The entries that were added, a row each (`ENTRY_COLUMNS` and more)."""
        return self._select_change("added")

    @property
    def deleted(self) -> pl.DataFrame:
        """The entries that were deleted, as `added`."""
        return self._select_change("deleted")

    @property
    def revised(self) -> pl.DataFrame:
        """The entries with a changed descriptor, as `added`; `fields` has a row for each field."""
        return self._select_change("revised")

    @property
    def attributes_only(self) -> pl.DataFrame:
        """The entries of which only other data changed, as `added`."""
        return self._select_change("revised_attributes_only")

    @property
    def transient(self) -> pl.DataFrame:
        """The entries that were added and ended between the two dates, as `added`."""
        return self._select_change("transient")

    @property
    def verdict(self) -> str:
        """The counts of all changes in words, or that nothing changed."""
        if not self.whole.height:
            return self.none_shown
        return count_in_words(self.summary["counts"])

    @property
    def review(self) -> str:
        """How many of all changes need a person, as in "130 need a coder (97 decisions)"."""
        if not self.whole.height:
            return ""
        needed, decisions = say_reviews(self.summary["review"], self.person)
        return f"{needed} ({decisions})" if decisions else needed

    @property
    def person(self) -> str:
        """Who decides: of the user's own table cptdiff knows no more than its wording."""
        return "a decision" if self.changes.current.profile.is_own else "a coder"

    def _select_change(self, name: str) -> pl.DataFrame:
        return self.entries.filter(count_as() == name)

    @property
    def _counted(self) -> str:
        if not self.entries.height:
            return self.none_shown
        told = count_in_words(self.shown["counts"])
        shown, every = self.entries.height, self.whole.height
        return told if shown == every else f"{told} (showing {shown:,} of {every:,} changes)"

    @property
    def none_shown(self) -> str:
        """The first sentence where no change is shown; empty where any is."""
        if self.entries.height:
            return ""
        if self.whole.height:
            return f"None of the {self.whole.height:,} changes match the filter"
        number = self.changes.compared
        compared = f"{number:,} {'entry' if number == 1 else 'entries'} compared"
        if self.partial:
            return f"No changes found, but {self.partial} ({compared})"
        if self.single:
            return f"Only columns with one value in all rows changed ({self.single:,}): {compared}"
        return f"No changes: {compared}"

    @property
    def filter_notice(self) -> str:
        """How many of all changes the filter shows, in words; empty where it shows all."""
        chosen = self.summary["shown"]
        shown = Shown(tuple(chosen["changes"]), tuple(chosen["kinds"]), chosen["min_severity"])
        return shown.tell(self.entries.height, self.whole.height)

    @property
    def partial(self) -> str:
        """Why too little was compared to rely on the result; empty where enough was."""
        return describe_partial(self.changes)

    @property
    def single(self) -> int:
        """How many columns of a table changed from one value in all rows to another one."""
        return sum(column.single is not None for column in self.changes.columns.values())

    @property
    def repaired(self) -> int:
        """Codes of both releases whose leading zeros were restored."""
        return self.changes.previous.repaired + self.changes.current.repaired

    @property
    def set_aside(self) -> int:
        """Rows of both releases that could not be used."""
        return sum(r.rows.quarantined for r in (self.changes.previous, self.changes.current))

    @property
    def has_acceptances(self) -> bool:
        """Whether any excluded row was accepted, or said to be."""
        return self.accepted.rows.height > 0

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
        """The critical and high revisions that nobody has settled.

        The critical first, of one severity by priority.
        """
        revised = pl.col("change") == "revised"
        grave = self.entries.filter(
            revised,
            pl.col("severity").is_in(["critical", "high"]),
            ~pl.col("review_status").is_in(SETTLED),
        )
        order = ("severity", "priority", "kind", "code")
        return grave.sort(order, descending=[False, True, False, False])

    @property
    def ranks(self) -> pl.DataFrame:
        """The rank of each edit (edit, rank), from 1, the one to look at first; of all revisions.

        Entries with the same edit have one rank.
        """
        revised = self.whole.filter(pl.col("change") == "revised")
        severity = pl.col("severity").cast(pl.Enum(SEVERITIES))
        ordered = revised.sort(
            severity, "priority", "kind", "code", descending=[True, True, False, False]
        )
        edits = ordered.unique("edit", keep="first", maintain_order=True)
        return edits.with_row_index("rank", 1).select("edit", "rank")

    @property
    def unannounced(self) -> pl.DataFrame:
        """The entries that are on none of the publisher's lists, with `explained`."""
        unlisted = self.judgement.reconciliation.unlisted
        return self.entries.join(unlisted, on=_KEY, how="inner", maintain_order="left")

    @property
    def has_crosswalk(self) -> bool:
        """Whether replacements were looked for; of a user's table only the user states any."""
        return self.crosswalk.height > 0 or not self.changes.current.profile.is_own

    @property
    def has_acknowledgements(self) -> bool:
        """Whether any were given, or known to the earlier run."""
        return self.known.acknowledged.height > 0

    @property
    def has_former(self) -> bool:
        """Whether there is an earlier run to compare with."""
        return self.known.former is not None

    @property
    def was_reconciled(self) -> bool:
        """Whether there was a list of the publisher's to compare with."""
        return bool(self.judgement.reconciliation.lists)

    @property
    def unexplained(self) -> bool:
        """Whether a list or an announced total is not met, and nothing explains it."""
        gap = self.announced is not None and bool(self.announced.unexplained)
        return gap or self.judgement.reconciliation.unexplained > 0


class Choices(NamedTuple):
    """What the user asked of the results.

    Which changes are shown, own sections, announced totals; `overridden` are the guards' doubts;
    which `descriptors` may be shown; what came before; rows whose exclusion was accepted.
    """

    shown: Shown = Shown()
    sections: tuple[Range, ...] = ()
    expected: Mapping[str, int] = MappingProxyType({})
    overridden: tuple[str, ...] = ()
    descriptors: Descriptors = Descriptors.FULL
    past: Past = Past()
    acceptances: tuple[Acceptance, ...] = ()


def make_results(
    changes: Changes, judgement: Judgement | None = None, asked: Choices | None = None
) -> Results:
    """Everything that reports show of `changes`, sorted by its full key.

    Without a `judgement`, by the releases alone.
    """
    judgement, asked = judgement or judge(changes), asked or Choices()
    worded, (changes, judgement) = changes, withhold(changes, judgement, asked.descriptors)
    known = list_ranges(changes.current.code_set, asked.sections)
    whole = place_codes(list_entries(changes, judgement), known)
    whole = whole.with_columns(_name_code_set(changes)).sort("kind", "code", "change")
    prints = fingerprint_changes(worded, whole)
    whole = whole.join(prints, on=(*_KEY, "change"), how="left", maintain_order="left")
    is_worded = asked.descriptors is Descriptors.FULL
    code_set = changes.current.code_set
    known_changes = find_known(whole, asked.past, code_set, is_worded=is_worded)
    whole = known_changes.mark_entries(whole)
    entries = _choose_entries(whole, asked.shown)
    totals = compare_totals(changes, whole, asked.expected) if asked.expected else None
    choices = (
        asked.shown.tell(entries.height, whole.height),
        describe_withheld(asked.descriptors, changes.current.profile),
    )
    accepted = settle_acceptances(
        {"previous": worded.previous, "current": worded.current}, asked.acceptances
    )
    doubts = (
        *list_doubts(changes, judgement, totals, choices), *accepted.doubts, *known_changes.doubts
    )  # fmt: skip
    crosswalk = _list_replacements(changes, judgement, whole)
    # A filter changes what is shown, never what is counted.
    every = shown = count_changes(whole)
    sections = shown_sections = count_by_section(whole, known)
    if entries is not whole:
        shown, shown_sections = count_changes(entries), count_by_section(entries, known)
    filters = describe_shown(asked.shown, shown)
    meaning = summarize_meaning(every, judgement.reconciliation, totals, filters)
    meaning |= known_changes.summarize() | {"accepted": accepted.summarize()}
    return Results(
        changes=changes,
        judgement=judgement,
        entries=entries,
        whole=whole,
        fields=_keep_shown(_list_fields(changes, judgement), entries, "revised"),
        crosswalk=_keep_shown(crosswalk, entries, *_GONE),
        reconciliation=_list_disagreements(changes, judgement),
        sections=shown_sections,
        announced=totals,
        shown=shown,
        summary=summarize(changes, every, sections, doubts) | meaning,
        doubts=doubts,
        tables=find_tables(changes, judgement),
        limits=list_limits(changes),
        overridden=asked.overridden,
        known=known_changes,
        accepted=accepted,
    )  # fmt: skip


def _choose_entries(entries: pl.DataFrame, shown: Shown) -> pl.DataFrame:
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


def _name_code_set(changes: Changes) -> pl.Expr:
    return pl.lit(changes.current.code_set).alias("code_set")


def _keep_shown(rows: pl.DataFrame, entries: pl.DataFrame, *changes: str) -> pl.DataFrame:
    """Those of `rows` whose entry is shown under one of `changes`."""
    shown = entries.filter(pl.col("change").is_in(changes)).select(_KEY)
    return rows.join(shown, on=_KEY, how="semi", maintain_order="left")


def _list_replacements(changes: Changes, judgement: Judgement, whole: pl.DataFrame) -> pl.DataFrame:
    """Return crosswalk.csv: every replacement, with the longest descriptors of both codes.

    A replacement that current does not hold, such as a CPT code of CMS's, has none. The note says
    so where the two are billed by another unit.
    """
    rows, current = write_notes(judgement.crosswalk), changes.current
    gone = whole.filter(pl.col("change").is_in(_GONE))
    wording = pl.coalesce(pl.col("previous_descriptor", "current_descriptor").replace("", None))
    named = current.entries.join(rows, left_on="code", right_on="replacement", how="semi")
    # What was a code may go on as a header: the code alone finds it.
    texts = named.sort("kind", "code").unique("code", keep="first", maintain_order=True).select(
        replacement="code", replacement_descriptor=pick_longest(current, named.columns)
    )  # fmt: skip
    before = gone.select(*_KEY, wording.fill_null("").alias("descriptor"))
    joined = rows.join(before, on=_KEY, how="left", maintain_order="left").join(
        texts, on="replacement", how="left", maintain_order="left"
    )
    leading = (*_KEY, "descriptor", "replacement", "replacement_descriptor")
    named = joined.with_columns(pl.col("descriptor", "replacement_descriptor").fill_null(""))
    both = named.select("descriptor", "replacement_descriptor").iter_rows()
    units = pl.Series("unit", [describe_unit_change(*one) or None for one in both], pl.String)
    noted = named.with_columns(
        pl.concat_str("note", units, separator="; ", ignore_nulls=True).alias("note")
    )
    return noted.select(_name_code_set(changes), *leading, pl.col(rows.columns).exclude(leading))


def _list_disagreements(changes: Changes, judgement: Judgement) -> pl.DataFrame:
    """Every disagreement with one note, in the end of which the list is quoted."""
    whole = (pl.col("note") + pl.col("quoted")).alias("note")
    table = judgement.reconciliation.table.with_columns(whole).drop("quoted")
    return table.select(_name_code_set(changes), pl.all())


def _list_fields(changes: Changes, judgement: Judgement) -> pl.DataFrame:
    numbers = [name for name, column in changes.columns.items() if column.type == "number"]
    is_number = pl.col("field").is_in(numbers)
    amounts = changes.revised.filter(is_number)
    both = [amounts.hstack(subtract(amounts).fill_null("")), changes.revised.filter(~is_number)]
    return (
        pl.concat(both, how="diagonal")
        .lazy()
        .with_columns(pl.col(COMPUTED).fill_null(""), _name_code_set(changes))
        .join(judgement.fields.lazy(), on=[*_KEY, "field", "label"], how="left")
        .with_columns(*name_cells(), pl.col("severity").cast(pl.String))
        .select(FIELD_COLUMNS)
        .sort(*_KEY, "field")
        .collect()
    )
