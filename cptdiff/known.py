"""What is new to people: fingerprints of changes, what they acknowledged, what an earlier run had.

A fingerprint pins what the files show of a change, not what cptdiff makes of it (severity,
classes, guessed replacements), so that a newer version does not take an acknowledgement back. Nor
does it pin which columns a layout has: one tells when an entry was added, another leaves it to the
release.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from cptdiff.lists import FORMER, Acknowledgement, Former
from cptdiff.model import Changes, Release

KEY: Final = ("kind", "code", "change")
ACKNOWLEDGED: Final = pl.Schema(
    {
        name: pl.String()
        for name in ("code_set", *KEY, "status", "date", "who", "why", "fingerprint")
    }
)
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
_SETTLED: Final = ("effective_date", "last_valid_date", "stated_replacements")
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
        entries.select(*KEY, *_SETTLED), on=KEY, how="left", maintain_order="left"
    )
    whole = pl.concat_str("facts", pl.col(_SETTLED).fill_null(""), separator=_NEXT)
    prints = [_hash(text) for text in facts.select(whole).to_series()]
    return facts.select(KEY).with_columns(pl.Series("fingerprint", prints, pl.String))


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
    now = entries.select(pl.col("kind").cast(pl.String), "code", "change", now="fingerprint")
    status = (
        pl.when(pl.col("now").is_null()).then(pl.lit("elsewhere"))
        .when(pl.col("now") == pl.col("fingerprint")).then(pl.lit("acknowledged"))
        .otherwise(pl.lit("void"))
    )  # fmt: skip
    fits = pl.col("status") == "acknowledged"
    rows = pl.DataFrame(
        given, schema=dict.fromkeys(Acknowledgement._fields, pl.String), orient="row"
    )
    return (
        rows.with_row_index("at")
        .join(now, on=KEY, how="left")
        .with_columns(status.alias("status"), pl.lit(code_set).alias("code_set"))
        .sort(fits, "date", "at")
        .unique(KEY, keep="last", maintain_order=True)
        .select(ACKNOWLEDGED.names())
        .sort(ACKNOWLEDGED.names())
    )


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
        pl.when(pl.col(name) != pl.col(f"{name}_now")).then(pl.lit(_NAMES.get(name, name)))
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
    """What was acknowledged (`ACKNOWLEDGED`), and what is new since a `former` run (`SINCE`)."""

    acknowledged: pl.DataFrame
    former: Former | None
    since: pl.DataFrame

    @property
    def doubts(self) -> tuple[str, ...]:
        """The sentences that a reader must know before relying on acknowledgements."""
        codes = self.acknowledged.filter(pl.col("status") == "void")["code"].to_list()
        if not codes:
            return ()
        more = len(codes) - _FEW
        some = ", ".join(codes[:_FEW]) + (f" and {more:,} more" if more > 0 else "")
        many = "1 acknowledgement is" if len(codes) == 1 else f"{len(codes):,} acknowledgements are"
        return (f"{many} void, because the change is not the same any more ({some}).",)

    def drop_acknowledged(self, rows: pl.DataFrame, key: Sequence[str]) -> pl.DataFrame:
        """Return `rows` without those of an acknowledged change, by `key`: kind, code, change."""
        done = self.acknowledged.filter(pl.col("status") == "acknowledged").select(key)
        if not done.height:
            return rows
        texts = [pl.col(name).cast(pl.String) for name in key]
        return rows.join(done, left_on=texts, right_on=[*key], how="anti", maintain_order="left")

    def summarize(self) -> dict[str, Any]:
        """Return the keys acknowledged and since of summary.json."""
        former = self.former
        return {
            "acknowledged": count_statuses(self.acknowledged, _FATES),
            "since": former and {
                "name": former.name,
                "previous": former.previous,
                "current": former.current,
                "manifest_sha256": former.digest,
                **count_statuses(self.since, STATUSES),
            },
        }  # fmt: skip


def find_known(
    entries: pl.DataFrame,
    given: Sequence[Acknowledgement],
    former: Former | None,
    code_set: str,
    *,
    is_worded: bool,
) -> Known:
    """Return what is known of `entries` (columns `FORMER`).

    What the `former` run knew as acknowledged counts too. Its wording is left out unless
    `is_worded`.
    """
    known = (*(former.acknowledgements if former else ()), *given)
    since = SINCE.to_frame()
    if former is not None:
        since = compare_runs(former.changes, entries, code_set, wordless=not is_worded)
    return Known(settle_acknowledgements(entries, known, code_set), former, since)
