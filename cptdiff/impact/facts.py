"""What releases say of each code: its status, and the change behind it. From runs or releases."""

import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import polars as pl

from cptdiff.codesets import PROFILES, Profile
from cptdiff.errors import Refused
from cptdiff.impact.causes import name_causes
from cptdiff.lists import open_run_files
from cptdiff.pipeline import compare_releases
from cptdiff.reading import refuse_unreadable
from cptdiff.register import list_codes
from cptdiff.results import Results
from cptdiff.vocabulary import MANIFEST, SEVERITIES

DELETED: Final = "deleted"
REVISED: Final = "revised"
ATTRIBUTES: Final = "attributes-only"
TRANSIENT: Final = "transient"
NEW: Final = "not-yet-valid"
ENDED: Final = "ended-before"
UNKNOWN: Final = "unknown"
FAMILY: Final = "family-changed"
OTHER: Final = "other-code-set"
UNCHANGED: Final = "unchanged"
# What a line of a list may be touched by, the gravest first.
TOUCHED: Final = (DELETED, TRANSIENT, ENDED, REVISED, FAMILY, NEW, ATTRIBUTES, UNKNOWN)
# What is not valid any more: claims with it are rejected.
GONE: Final = (DELETED, TRANSIENT, ENDED)
STATUSES: Final = (*TOUCHED, OTHER, UNCHANGED)

_TEXTS: Final = (
    "kind", "code", "change", "reason", "severity", "classes", "fields", "family",
    "previous_descriptor", "current_descriptor", "effective_date", "last_valid_date",
    "replacements", "replacement_descriptors", "replacement_bases",
)  # fmt: skip
# Descriptors that are called by one word.
_LEVELS: Final = frozenset({"short", "medium", "long", "consumer", "clinician"})
_FIELD: Final = ("kind", "code", "field", "previous", "current", "severity")
# One row for each code of the releases: `replacement_bases` says of each replacement how sure it is
# and why ("stated: CMS cross-reference"); `origin`, `span` and `many` are the parts of a cause;
# `field` is the one that decides where the descriptors shown are the same, with both texts.
FACTS: Final = pl.Schema(dict.fromkeys((
    "code_set", "kind", "code", "status", "change", "reason", "severity", "classes",
    "previous_descriptor", "current_descriptor", "effective_date", "last_valid_date",
    "replacements", "replacement_descriptors", "replacement_bases", "cause", "origin", "span",
    "many", "field", "field_previous", "field_current",
), pl.String))  # fmt: skip
_KEY: Final = ("kind", "code")
# Between descriptors in one cell: they have semicolons of their own.
_BETWEEN: Final = " | "


class Run(NamedTuple):
    """A comparison: its code set, the names of both releases, their dates, and its proof.

    `digest` is the SHA-256 of a run folder's manifest, else empty; `given` is what the user named;
    `doubts` are the reasons why its exit code is not 0, `inputs` the SHA-256 of what was read.
    """

    code_set: str
    label: str
    previous: str
    current: str
    current_date: str
    digest: str
    given: str
    doubts: tuple[str, ...] = ()
    inputs: tuple[str, ...] = ()


class Facts(NamedTuple):
    """What the runs say of all codes (`FACTS`)."""

    runs: tuple[Run, ...]
    codes: pl.DataFrame

    @property
    def known(self) -> frozenset[str]:
        """Every code, without regard to its set."""
        return frozenset(self.codes.filter(pl.col("kind") != "modifier")["code"])

    @property
    def day(self) -> str:
        """The first day of the new releases; empty where one of them has none."""
        return min(run.current_date for run in self.runs)

    @property
    def modifiers(self) -> list[str]:
        """Every modifier."""
        return self.codes.filter(pl.col("kind") == "modifier")["code"].to_list()


def read_facts(given: Sequence[str | Results]) -> Facts:
    """Return what run folders, PREVIOUS:CURRENT pairs and results say of each code.

    Raise `Refused` for what is neither, for a table of the user's own, and for a second run of a
    code set.
    """
    runs: list[Run] = []
    frames: list[pl.DataFrame] = []
    for one in given:
        run, codes = _read_one(one)
        former = next((each for each in runs if each.code_set == run.code_set), None)
        if former:
            wrong = f"is a run of {run.label}, as {former.given} is"
            fix = "give one run for each code set, from the release you had to the new one"
            raise Refused("E371", run.given, wrong, fix)
        runs.append(run)
        frames.append(codes)
    return Facts(tuple(runs), pl.concat(frames))


def _read_one(given: str | Results) -> tuple[Run, pl.DataFrame]:
    if isinstance(given, Results):
        changes = given.changes
        return _take_results(given, f"{changes.previous.name} to {changes.current.name}")
    path = Path(given)
    if (path / MANIFEST).is_file():
        return _read_folder(path, given)
    return _take_results(compare_releases(*split_pair(given)), given)


def _take_results(results: Results, given: str) -> tuple[Run, pl.DataFrame]:
    code_set = results.changes.current.code_set
    profile = PROFILES[code_set]
    if profile.is_own:
        raise _refuse_table(given)
    changes = results.changes
    run = Run(
        code_set, profile.label, changes.previous.name, changes.current.name,
        str(changes.current.effective_date or ""), "", given, tuple(_list_doubts(results)),
        tuple(source.sha256 or "" for side in (changes.previous, changes.current)
              for source in side.sources),
    )  # fmt: skip
    fields = results.fields.select(pl.col(name).cast(pl.String) for name in _FIELD)
    return run, _judge_codes(run, list_codes(changes), _take_changes(results), fields)


def _list_doubts(results: Results) -> Sequence[str]:
    rows = f"{results.set_aside:,} rows of the releases were excluded" if results.set_aside else ""
    return [one for one in (rows, *results.overridden) if one]


def split_pair(given: str) -> tuple[Path, Path]:
    """Return the paths of PREVIOUS:CURRENT; a path may have a colon of its own (C:).

    Raise `Refused` where there is no such pair.
    """
    pairs = [
        (Path(given[:at]), Path(given[at + 1 :]))
        for at, letter in enumerate(given)
        if letter == ":" and given[:at] and given[at + 1 :]
    ]
    if not pairs:
        wrong = "is not a run folder" if Path(given).exists() else "no such run folder"
        fix = "give a run folder, or both releases as PREVIOUS:CURRENT, such as old.zip:new.zip"
        raise Refused("E340", given, wrong, fix)
    there = [pair for pair in pairs if all(path.exists() for path in pair)]
    previous, current = (there or pairs[-1:])[0]
    for path, other in ((previous, current), (current, previous)):
        if not path.exists():
            raise refuse_unreadable(path, FileNotFoundError(), other)
    return previous, current


def _refuse_table(given: str) -> Refused:
    wrong = "is a comparison of plain tables, which have no codes that a list may use"
    return Refused("E371", given, wrong, "give releases of CPT, HCPCS or ICD-10")


def _read_folder(path: Path, given: str) -> tuple[Run, pl.DataFrame]:
    """The run in a folder: its changes and the register of its codes, as its manifest has them."""
    _, _, (found,) = open_run_files(path, ("changes.json",))
    changes = json.loads(found)
    code_set = changes["code_set"]
    if PROFILES[code_set].is_own:
        raise _refuse_table(given)
    digest, predicate, (codes,) = open_run_files(path, ("codes.csv",))
    register = pl.read_csv(io.BytesIO(codes), infer_schema=False,
                           empty_string_is_null=False)  # fmt: skip
    excluded = sum(rows["quarantined"] for rows in predicate["rows"].values())
    doubts = [f"{excluded:,} rows of the releases were excluded"] if excluded else []
    run = Run(
        code_set, PROFILES[code_set].label, changes["previous"]["name"],
        changes["current"]["name"], str(changes["current"]["effective_date"] or ""), digest, given,
        (*doubts, *predicate["overridden"]),
        tuple(source["sha256"] or "" for side in ("previous", "current")
              for source in predicate["inputs"][side]["read"]),
    )  # fmt: skip
    rows = [_read_change(one) for one in changes["changes"]]
    texts = [
        {**field, "kind": one["kind"], "code": one["code"]}
        for one in changes["changes"] for field in one["fields"]
    ]  # fmt: skip
    fields = pl.DataFrame(
        [[str(row[name] or "") for name in _FIELD] for row in texts],
        dict.fromkeys(_FIELD, pl.String), orient="row",
    )  # fmt: skip
    whole = pl.DataFrame(rows, dict.fromkeys(_TEXTS, pl.String))
    return run, _judge_codes(run, register, whole, fields)


def _read_change(one: Mapping[str, Any]) -> dict[str, str]:
    """A change of changes.json as `_take_changes` has it."""
    replaced = [row for row in one["replacements"] if row["code"]]
    fields = sorted(row["field"] for row in one["fields"])
    own = {
        "classes": ";".join(one["classes"]),
        "fields": ";".join(fields),
        "replacements": ";".join(row["code"] for row in replaced),
        "replacement_descriptors": _BETWEEN.join(row["descriptor"] for row in replaced),
        "replacement_bases": _BETWEEN.join(_name_basis(row) for row in replaced),
    }
    return {name: own.get(name, one.get(name) or "") for name in _TEXTS}


def _name_basis(row: Mapping[str, Any]) -> str:
    return f"{row['confidence']}: {row['note']}"


def _take_changes(results: Results) -> pl.DataFrame:
    """The changes with the descriptors of their replacements, as texts."""
    replaced = results.crosswalk.filter(pl.col("replacement") != "").sort(*_KEY, "rank")
    named = replaced.group_by(_KEY, maintain_order=True).agg(
        pl.col("replacement_descriptor").str.join(_BETWEEN).alias("replacement_descriptors"),
        pl.format("{}: {}", "confidence", pl.col("note").fill_null(""))
        .str.join(_BETWEEN)
        .alias("replacement_bases"),
        pl.col("replacement").str.join(";").alias("replacements"),
    )
    changes = results.whole.drop("replacements").join(named, on=_KEY, how="left")
    is_revised = pl.col("change") == "revised"
    names = pl.col("fields").str.split(";").list.sort().list.join(";")
    fields = pl.when(is_revised).then(names).otherwise(pl.lit("")).alias("fields")
    is_gone = pl.col("change").is_in(["deleted", "transient"])
    return changes.with_columns(fields).select(
        pl.when(is_gone).then(name).otherwise(None).cast(pl.String).fill_null("").alias(name)
        if name.startswith("replacement") else pl.col(name).cast(pl.String).fill_null("")
        for name in _TEXTS
    )  # fmt: skip


def _judge_codes(
    run: Run, register: pl.DataFrame, changes: pl.DataFrame, fields: pl.DataFrame
) -> pl.DataFrame:
    """`FACTS` of one code set."""
    changes = _add_field(changes, fields, PROFILES[run.code_set])
    change, is_now = pl.col("change"), pl.col("current") == "valid"
    both = register.join(changes, on=_KEY, how="left", suffix="_changed").with_columns(
        pl.col(name).fill_null("")
        for name in (*_TEXTS, "field", "field_previous", "field_current")
        if name not in (*_KEY, "last_valid_date")
    )
    status = (
        pl.when(change == "deleted").then(pl.lit(DELETED))
        .when((change == "revised") & (pl.col("reason") == "attributes-only"))
        .then(pl.lit(ATTRIBUTES))
        .when(change == "revised").then(pl.lit(REVISED))
        .when(change == "transient").then(pl.lit(TRANSIENT))
        .when(change == "added").then(pl.lit(NEW))
        .when(is_now).then(pl.lit(UNCHANGED)).otherwise(pl.lit(ENDED))
    )  # fmt: skip
    last = pl.coalesce(pl.col("last_valid_date_changed").replace("", None), "last_valid_date")
    # As grave as a deleted code: changes.csv grades none of them.
    is_as_deleted = pl.col("status").is_in([ENDED, TRANSIENT])
    gone = pl.when(is_as_deleted).then(pl.lit("high")).otherwise("severity")
    judged = both.with_columns(
        status.alias("status"), last.fill_null("").alias("last_valid_date")
    ).with_columns(gone.alias("severity"))
    return name_causes(judged.sort(_KEY), PROFILES[run.code_set]).select(*FACTS)


def _add_field(changes: pl.DataFrame, fields: pl.DataFrame, profile: Profile) -> pl.DataFrame:
    """`changes` with the gravest field of those whose descriptors are the same, and its texts.

    Of these a reader would see the same wording twice; the reason says what changed instead.
    """
    ranks = {name: rank for rank, name in enumerate(SEVERITIES)}
    rank = pl.col("severity").replace_strict(ranks, default=-1, return_dtype=pl.Int64)
    gravest = fields.sort(rank, descending=True, maintain_order=True).unique(
        _KEY, keep="first", maintain_order=True
    )
    names = {one: _name_field(one, profile) for one in gravest["field"].unique()}
    texts = gravest.select(
        *_KEY, pl.col("field").replace(names),
        *(pl.col(name).fill_null("").alias(f"field_{name}") for name in ("previous", "current")),
    )  # fmt: skip
    is_same = (
        (pl.col("change") == "revised") & (pl.col("reason") == "")
        & (pl.col("previous_descriptor") == pl.col("current_descriptor"))
    )  # fmt: skip
    alike = changes.filter(is_same).select(_KEY).join(texts, on=_KEY, how="inner")
    reason = pl.format("{}: {} -> {}", "field", "field_previous", "field_current")
    return changes.join(alike, on=_KEY, how="left", maintain_order="left").with_columns(
        pl.when(pl.col("field").is_not_null()).then(reason).otherwise("reason").alias("reason")
    )


def _name_field(field: str, profile: Profile) -> str:
    name = profile.name_field(field)
    return f"{name} descriptor" if name in _LEVELS else name
