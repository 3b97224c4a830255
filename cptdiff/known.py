"""What is new to people: fingerprints of changes, what they settled, what an earlier run had.

A fingerprint pins what the files show of a change, not what cptdiff makes of it (severity,
classes, guessed replacements), so that a newer version does not take an acknowledgement back. Nor
does it pin which columns a layout has: one tells when an entry was added, another leaves it to the
release.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import polars as pl

from cptdiff.lists import FORMER, Acknowledgement, Decision, Former
from cptdiff.model import Changes, Release
from cptdiff.vocabulary import REVIEW_STATUSES

KEY: Final = ("kind", "code", "change")
ACKNOWLEDGED: Final = pl.Schema(
    {
        name: pl.String()
        for name in ("code_set", *KEY, "status", "date", "who", "why", "fingerprint")
    }
)
DECISIONS: Final = pl.Schema(
    {
        name: pl.String()
        for name in (
            "code_set",
            *KEY,
            "status",
            "reviewer",
            "decision",
            "date",
            "fingerprint",
        )
    }
)
# A decision of these words leaves the change open.
_OPEN: Final = ("", "ask")
SINCE: Final = pl.Schema({
    name: pl.String()
    for name in ("code_set", "kind", "code", "status", "change", "former_change", "differs",
                 "section", "severity", "former_descriptor", "descriptor")
})  # fmt: skip
# In the order in which they are told.
STATUSES: Final = ("new", "withdrawn", "changed")
# What may differ between two runs, as far as it is a fact of the files.
_FACTS: Final = (
    "change", "reason", "previous_descriptor", "current_descriptor", "effective_date",
    "last_valid_date", "stated_replacements",
)  # fmt: skip
# What changes.csv calls a fact, where that is not its name.
_NAMES: Final = {"stated_replacements": "replacements"}
# The facts that a change has beside its wording and its reason.
_DATED: Final = ("effective_date", "last_valid_date", "stated_replacements")
# Of the rows of a crosswalk: what the publisher states replaces an entry; none where it says so.
STATED_REPLACEMENTS: Final = (
    pl.col("replacement").replace("", "none")
    .filter(pl.col("basis") == "publisher", pl.col("confidence") == "stated")
    .sort().str.join(";").alias("stated_replacements")
)  # fmt: skip
_OTHER: Final = "other fields"
# Between values, and between the parts of a value.
_NEXT, _PART = "\x1e", "\x1f"
_FATES: Final = ("acknowledged", "void", "elsewhere")
_DECISION_FATES: Final = ("decided", "open", "reopened", "elsewhere")
_DIGITS: Final = 11
_FEW: Final = 5


def fingerprint_changes(changes: Changes, entries: pl.DataFrame) -> pl.DataFrame:
    """Return kind, code, change and fingerprint of every change, by its whole wording.

    `entries` have the dates and the stated replacements of the changes, as the reports do.
    """
    frames = [
        _list_facts(changes.added, "added", changes.current),
        _list_facts(changes.deleted, "deleted", changes.previous),
        _list_facts(changes.transient, "transient", changes.current),
        _list_revisions(changes.revised),
    ]
    facts = pl.concat(frames).join(
        entries.select(*KEY, *_DATED), on=KEY, how="left", maintain_order="left"
    )
    whole = _fold_blanks(pl.concat_str("facts", pl.col(_DATED).fill_null(""), separator=_NEXT))
    prints = [_hash(text) for text in facts.select(whole).to_series()]
    return facts.select(KEY).with_columns(pl.Series("fingerprint", prints, pl.String))


def _fold_blanks(text: pl.Expr) -> pl.Expr:
    """Blanks in a row as one: a publisher's text and its workbook differ in them."""
    return text.str.replace_all(r"\s+", " ")


def _list_facts(entries: pl.DataFrame, change: str, release: Release) -> pl.DataFrame:
    fields = sorted(name for name in release.descriptors if name in entries.columns)
    values = [
        pl.concat_str(pl.lit(f"{name}{_PART}"), pl.col(name).cast(pl.String).fill_null(""))
        for name in ("reason", *fields)
    ]
    return _name_facts(entries, change, pl.concat_str(*values, separator=_NEXT))


def _list_revisions(revised: pl.DataFrame) -> pl.DataFrame:
    value = pl.concat_str(
        "field", pl.col("previous").fill_null(""), pl.col("current").fill_null(""), separator=_PART
    )
    entries = (
        revised.select("kind", "code", "field", "label", value.alias("value"))
        .sort("kind", "code", "field", "label")
        .group_by("kind", "code", maintain_order=True)
        .agg(pl.col("value").str.join(_NEXT).alias("facts"))
    )
    return _name_facts(entries, "revised", pl.col("facts"))


def _name_facts(entries: pl.DataFrame, change: str, facts: pl.Expr) -> pl.DataFrame:
    kind, name = pl.col("kind").cast(pl.String), pl.lit(change)
    whole = pl.concat_str(kind, "code", name, facts, separator=_NEXT)
    return entries.select("kind", "code", name.alias("change"), whole.alias("facts"))


def _hash(text: str) -> str:
    """A letter first, and none that begins a number or a month: a spreadsheet keeps it as text."""
    return f"x{hashlib.blake2b(text.encode(), digest_size=8).hexdigest()[:_DIGITS]}"


def settle_acknowledgements(
    entries: pl.DataFrame, given: Sequence[Acknowledgement], code_set: str
) -> pl.DataFrame:
    """Return `ACKNOWLEDGED`, a row for each change that `given` names, sorted by its key.

    `status` is acknowledged; void, where the change is another one now; or elsewhere, where
    `entries` do not have it. Of several rows for a change the last one that fits counts.
    """
    if not given:
        return ACKNOWLEDGED.to_frame()
    rows = pl.DataFrame(
        given, schema=dict.fromkeys(Acknowledgement._fields, pl.String), orient="row"
    )
    found = _settle(rows, entries, ("acknowledged", "void"), ("date", "at"))
    return _name_columns(found, ACKNOWLEDGED, code_set)


def settle_decisions(
    entries: pl.DataFrame, given: Sequence[Decision], code_set: str
) -> pl.DataFrame:
    """Return `DECISIONS`, a row for each change that `given` names, sorted by its key.

    `status` is decided; open, where a reviewer asked; reopened, where the change is another one
    now; or elsewhere, where nothing of this comparison is meant. Of several for one change the one
    that fits counts, else the last.
    """
    if not given:
        return DECISIONS.to_frame()
    rows = pl.DataFrame(given, schema=dict.fromkeys(Decision._fields, pl.String), orient="row")
    found = _settle(rows, entries, ("decided", "reopened"), ("at",))
    waits = pl.col("decision").str.to_lowercase().is_in(_OPEN)
    status = pl.when((pl.col("status") == "decided") & waits).then(pl.lit("open"))
    settled = found.with_columns(status.otherwise("status").alias("status"))
    return _name_columns(settled, DECISIONS, code_set)


def _settle(
    rows: pl.DataFrame, entries: pl.DataFrame, words: tuple[str, str], order: Sequence[str]
) -> pl.DataFrame:
    """`rows`, one for each change, with a `status`: one of `words`, or elsewhere.

    Of several the one that fits counts, else the last by `order` (`at` is its place).
    """
    now = entries.select(pl.col("kind").cast(pl.String), "code", "change", now="fingerprint")
    fits = (pl.col("now") == pl.col("fingerprint")).fill_null(value=False)
    status = (
        pl.when(pl.col("now").is_null()).then(pl.lit("elsewhere"))
        .when(fits).then(pl.lit(words[0])).otherwise(pl.lit(words[1]))
    )  # fmt: skip
    return (
        rows.with_row_index("at")
        .join(now, on=KEY, how="left")
        .with_columns(status.alias("status"))
        .sort(fits, *order)
        .unique(KEY, keep="last", maintain_order=True)
    )


def _name_columns(rows: pl.DataFrame, schema: pl.Schema, code_set: str) -> pl.DataFrame:
    named = rows.with_columns(pl.lit(code_set).alias("code_set"))
    return named.select(schema.names()).sort(schema.names())


def compare_runs(
    former: pl.DataFrame, entries: pl.DataFrame, code_set: str, *, wordless: bool
) -> pl.DataFrame:
    """Return `SINCE`: what is new, withdrawn or changed in `entries` beside `former` (`FORMER`).

    `wordless` leaves out the descriptors of the former run.
    """
    before, now = (_number(frame) for frame in (former, entries.select(FORMER)))
    both = before.join(now, on=("kind", "code", "at"), how="full", coalesce=True, suffix="_now")
    is_new, is_gone = (pl.col(name).is_null() for name in ("change", "change_now"))
    differ = [
        pl.when(_fold_blanks(pl.col(name)) != _fold_blanks(pl.col(f"{name}_now"))).then(
            pl.lit(_NAMES.get(name, name))
        )
        for name in _FACTS
    ]
    named = pl.concat_str(*differ, separator=";", ignore_nulls=True)
    status = (
        pl.when(is_new).then(pl.lit("new")).when(is_gone).then(pl.lit("withdrawn"))
        .otherwise(pl.lit("changed"))
    )  # fmt: skip
    is_same = pl.col("fingerprint") == pl.col("fingerprint_now")
    differs = pl.when(is_new | is_gone).then(pl.lit("")).when(named == "").then(pl.lit(_OTHER))
    return (
        both.filter(~is_same.fill_null(value=False))
        .select(
            pl.lit(code_set).alias("code_set"), "kind", "code", status.alias("status"),
            pl.col("change_now").fill_null("").alias("change"),
            pl.col("change").fill_null("").alias("former_change"),
            differs.otherwise(named).alias("differs"),
            pl.coalesce("section_now", "section").alias("section"),
            pl.coalesce("severity_now", "severity").alias("severity"),
            (pl.lit("") if wordless else _choose_descriptor("")).alias("former_descriptor"),
            _choose_descriptor("_now").alias("descriptor"),
        )
        .sort(SINCE.names())
    )  # fmt: skip


def _number(changes: pl.DataFrame) -> pl.DataFrame:
    """The changes as texts, those of one entry numbered."""
    texts = changes.cast(pl.String).sort("kind", "code", "change")
    return texts.with_columns(pl.int_range(pl.len()).over("kind", "code").alias("at"))


def _choose_descriptor(suffix: str) -> pl.Expr:
    """What an entry is called after its change; of a deleted one, before."""
    after, before = (pl.col(f"{side}_descriptor{suffix}") for side in ("current", "previous"))
    return pl.when(after != "").then(after).otherwise(before).fill_null("")


def count_statuses(rows: pl.DataFrame, statuses: Sequence[str]) -> dict[str, int]:
    """Return how many of `rows` have each of `statuses`."""
    return {status: int((rows["status"] == status).sum()) for status in statuses}


def tell_statuses(since: pl.DataFrame) -> str:
    """Return how much is new, withdrawn and changed, in words."""
    counts = count_statuses(since, STATUSES)
    told = ", ".join(f"{number:,} {status}" for status, number in counts.items())
    return told if since.height else "nothing new, withdrawn or changed"


@dataclass(frozen=True, eq=False, repr=False)
class Known:
    """What was acknowledged (`ACKNOWLEDGED`) and decided (`DECISIONS`).

    And what is new since a `former` run (`SINCE`).
    """

    acknowledged: pl.DataFrame
    decisions: pl.DataFrame
    former: Former | None
    since: pl.DataFrame

    @property
    def doubts(self) -> tuple[str, ...]:
        """The sentences that a reader must know before relying on what is settled."""
        other = "because the change is not the same any more"
        told = (
            _tell(self.acknowledged, "void", "acknowledgement", f"void, {other}"),
            _tell(self.decisions, "reopened", "decision", f"open again, {other}"),
            _tell(self.decisions, "elsewhere", "decision", "on no change of this comparison"),
        )
        return tuple(filter(None, told))

    def mark_entries(self, entries: pl.DataFrame) -> pl.DataFrame:
        """Return `entries` with `review_status`: one of `REVIEW_STATUSES`, or empty."""
        named = [*KEY, pl.col("status").alias("review_status")]
        both = pl.concat([self.acknowledged.select(named), self.decisions.select(named)])
        rows = both.filter(pl.col("review_status").is_in(REVIEW_STATUSES))
        if not rows.height:
            return entries.with_columns(pl.lit("").alias("review_status"))
        first = rows.sort(pl.col("review_status").cast(pl.Enum(REVIEW_STATUSES))).unique(
            KEY, keep="first", maintain_order=True
        )
        key = [pl.col("kind").cast(pl.String), *map(pl.col, KEY[1:])]
        joined = entries.join(first, left_on=key, right_on=KEY, how="left", maintain_order="left")
        return joined.select(*entries.columns, pl.col("review_status").fill_null(""))

    def drop_acknowledged(self, rows: pl.DataFrame, key: Sequence[str]) -> pl.DataFrame:
        """Return `rows` without those of an acknowledged change, by `key`: kind, code, change."""
        done = self.acknowledged.filter(pl.col("status") == "acknowledged").select(key)
        if not done.height:
            return rows
        texts = [pl.col(name).cast(pl.String) for name in key]
        return rows.join(done, left_on=texts, right_on=[*key], how="anti", maintain_order="left")

    def summarize(self) -> dict[str, Any]:
        """Return the keys acknowledged, decided and since of summary.json."""
        former = self.former
        return {
            "acknowledged": count_statuses(self.acknowledged, _FATES),
            "decided": count_statuses(self.decisions, _DECISION_FATES),
            "since": former and {
                "name": former.name,
                "previous": former.previous,
                "current": former.current,
                "manifest_sha256": former.digest,
                **count_statuses(self.since, STATUSES),
            },
        }  # fmt: skip


def _tell(rows: pl.DataFrame, status: str, what: str, text: str) -> str:
    """As in "1 decision is open again (A1)." of the rows with `status`; empty without any."""
    codes = rows.filter(pl.col("status") == status)["code"].to_list()
    if not codes:
        return ""
    more = len(codes) - _FEW
    some = ", ".join(codes[:_FEW]) + (f" and {more:,} more" if more > 0 else "")
    many = f"1 {what} is" if len(codes) == 1 else f"{len(codes):,} {what}s are"
    return f"{many} {text} ({some})."


class Past(NamedTuple):
    """What came before a comparison: what was acknowledged and decided, and an earlier run."""

    acknowledgements: Sequence[Acknowledgement] = ()
    decisions: Sequence[Decision] = ()
    former: Former | None = None


def find_known(entries: pl.DataFrame, past: Past, code_set: str, *, is_worded: bool) -> Known:
    """Return what is known of `entries` (columns `FORMER`).

    What the former run knew as acknowledged or decided counts too. Its wording is left out unless
    `is_worded`.
    """
    former = past.former
    known = (*(former.acknowledgements if former else ()), *past.acknowledgements)
    decided = (*(former.decisions if former else ()), *past.decisions)
    since = SINCE.to_frame()
    if former is not None:
        since = compare_runs(former.changes, entries, code_set, wordless=not is_worded)
    return Known(
        settle_acknowledgements(entries, known, code_set),
        settle_decisions(entries, decided, code_set),
        former,
        since,
    )
