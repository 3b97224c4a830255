"""What proves the cause for which a list and the releases differ."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import polars as pl

from cptdiff.codesets.lists import LETTER_NAMES
from cptdiff.judgement.causes import (
    ATTRIBUTES,
    BECAME,
    CORRECTED,
    MID_YEAR,
    PASSING,
    SHORT_ONLY,
    UNEXPLAINED,
    WHITE_SPACE,
    Cause,
)
from cptdiff.judgement.statements import KEY, Footer, parse_action_day
from cptdiff.model import KIND, Changes, PublishedList, Stated

_SCHEMA = {
    "kind": pl.String(),
    "code": pl.String(),
    "correction": pl.List(pl.String()),
    "corrected_fields": pl.List(pl.String()),
    "corrected_by": pl.String(),
    "corrected_to": pl.String(),
}


def collect_corrections(changes: Changes, given: Stated) -> pl.DataFrame:
    """kind, code, correction, corrected_fields (lists), corrected_by, corrected_to: one row a code.

    `corrected_by` is the list's name, `corrected_to` what it says.
    Of several editions the latest that names a code counts: it takes back what it does not mean.
    """
    lists = (*given.lists, *changes.previous.stated.lists)
    found = [one for one in lists if one.form == "corrections" and _is_of_pair(one, changes)]
    frames = [
        one.changes.with_columns(pl.lit(one.name).alias("list"), pl.lit(rank).alias("rank"))
        for rank, one in enumerate(sorted(found, key=lambda one: _find_edition(one.name)))
    ]
    if not frames:
        return pl.DataFrame(schema=_SCHEMA)
    rows = pl.concat(frames)
    latest = rows.filter(pl.col("rank") == pl.col("rank").max().over(KEY))
    fields = pl.col("field").filter(pl.col("field") != "").unique().sort()
    return latest.group_by(KEY).agg(
        pl.col("change").unique().sort().alias("correction"),
        fields.alias("corrected_fields"),
        pl.col("list").first().alias("corrected_by"),
        pl.col("action").first().alias("corrected_to"),
    )


def _is_of_pair(published: PublishedList, changes: Changes) -> bool:
    """Whether a list names no year, or one from previous's to current's."""
    since, until = changes.previous.effective_date, changes.current.effective_date
    years = {int(year) for year in re.findall(r"(?<!\d)((?:19|20)\d\d)(?!\d)", published.name)}
    if len(years) != 1 or since is None or until is None:
        return True
    return since.year <= years.pop() <= until.year


def _find_edition(name: str) -> tuple[str, int, str]:
    """A sortable edition: a date as YYYYMMDD, the number of a V1_ or _v2, the name."""
    date = re.search(r"(?<!\d)(\d{2})(\d{2})((?:19|20)\d{2})(?!\d)", name)
    version = re.search(r"(?i)(?<![a-z])v(\d+)(?!\d)", name)
    stamp = f"{date[3]}{date[1]}{date[2]}" if date else ""
    return stamp, int(version[1]) if version else 0, name


@dataclass(frozen=True, eq=False, repr=False)
class Ground:
    """A cause, what must hold for it, and the evidence; `quoted` ends it in a list's own words."""

    cause: Cause
    holds: pl.Expr
    evidence: pl.Expr
    quoted: pl.Expr = field(default_factory=lambda: pl.lit(""))


def _is_in(column: str, *values: str) -> pl.Expr:
    return pl.col(column).is_in(values)


def _date(column: str) -> pl.Expr:
    return pl.col(column).dt.to_string("%Y-%m-%d")


_OURS, _THEIRS, _FIELDS = pl.col("ours"), pl.col("theirs"), pl.col("fields")
_BEFORE, _NOW = pl.col("held_before"), pl.col("held_now")
_SINCE, _UNTIL = pl.col("since"), pl.col("until")
_ADD, _END, _ACTION = pl.col("add_date"), pl.col("end_date"), pl.col("action_date")
_GONE = _END.dt.offset_by("1d")
# Lists that mark the short title and the attributes as well.
_LETTERS = _is_in("form", "action codes", "transactions")
_UNLIKE = _OURS != _THEIRS
_OTHER_BASELINE = pl.col("baseline") != ""
_DURING_ADD = (_ADD > _SINCE) & (_ADD < _UNTIL)

_PASSING_EVIDENCE = pl.format(
    "the list adds and deletes it; neither {} nor {} has it", "previous", "current"
)
_TITLE_EVIDENCE = pl.format("{} differs, but the list does not name it", "fields")
_NAMES = pl.when(_FIELDS == "").then(pl.lit("the title")).otherwise("fields")
_SPACING_EVIDENCE = pl.format("the words of {} are the same", _NAMES)
_DATE = pl.format(", dated {}", _date("date")).fill_null("")
_SILENT = pl.col("words") == ""
_LETTER = pl.col("words").replace_strict(LETTER_NAMES, default=None, return_dtype=pl.String)
_SAYS = pl.coalesce(
    pl.when(pl.col("form") == "action codes").then(
        pl.format(": CMS action code {} ({})", "words", _LETTER)
    ),
    pl.format(": the list says {}", "words"),
)
_REMARK = pl.when(pl.col("remark") == "").then(pl.lit("")).otherwise(pl.format(" ({})", "remark"))


def _is_correction(change: str) -> pl.Expr:
    return pl.col("correction").list.contains(change)


_SAME_TITLE = (pl.col("corrected_fields").list.len() == 0) | (
    _FIELDS.str.split(";").list.set_intersection("corrected_fields").list.len() > 0
)
# What a correction must say for each difference; anything else is about something else.
_CORRECTIONS: Final = (
    *(
        _is_in("ours", change) & _is_correction(change)
        for change in ("added", "deleted", "attributes-only")
    ),
    (_OURS == "revised") & _is_correction("revised") & _SAME_TITLE,
    # The number was withdrawn and used again.
    (_THEIRS == "added") & _BEFORE & _is_correction("deleted"),
    # Left out in error and put back, or put in and taken out.
    (_OURS == "deleted") & (pl.col("reason") == "absent") & _is_correction("added"),
    (_OURS == "added") & _is_correction("deleted"),
)

_BY_LETTER: Final = (
    (
        (_OURS == "added") & (_ADD <= _SINCE),
        pl.format("its add date {} is not after {}, which lacks it", _date("add_date"), "previous"),
    ),
    (
        (_OURS == "added") & _DURING_ADD,
        pl.format("added on {}, before {}; the list gives the latest action",
                  _date("add_date"), "current"),
    ),
    (
        (_OURS == "deleted") & (_END < _SINCE),
        pl.format("its last valid day {} lies before {}, which has it as valid",
                  _date("end_date"), "previous"),
    ),
    (
        (_OURS == "deleted") & (_GONE > _SINCE) & (_GONE < _UNTIL),
        pl.format("its last valid day is {}; the list gives the latest action", _date("end_date")),
    ),
    (
        _is_in("ours", "revised", "attributes-only") & (_THEIRS == "") & (_ACTION > _SINCE)
        & (_ACTION < _UNTIL),
        pl.format("its last action was on {}, before {}", _date("action_date"), "current"),
    ),
    (
        (_THEIRS == "added") & _BEFORE & (pl.col("add_before") == _ADD) & (_ADD > _SINCE),
        pl.format("{} has it already, ahead of its add date {}", "previous", _date("add_date")),
    ),
    (
        (_THEIRS == "added") & (_OURS == "") & _BEFORE & (_ADD <= _SINCE),
        pl.format("its add date {} is not after {}", _date("add_date"), "previous"),
    ),
    (
        (_THEIRS == "deleted") & _NOW & (_END >= _UNTIL),
        pl.format("its last valid day is {}, not before {}", _date("end_date"), "current"),
    ),
    (
        (_THEIRS == "deleted") & (_OURS == "") & ~_BEFORE & (_GONE <= _SINCE),
        pl.format("its last valid day {} lies before {}", _date("end_date"), "previous"),
    ),
    (
        (_THEIRS == "deleted") & (_OURS == "") & ~_BEFORE & ~pl.col("ended_before")
        & pl.col("ended_now") & (_ADD <= _SINCE),
        pl.format("added on {}, not after {}, which lacks it; ended on {}",
                  _date("add_date"), "previous", _date("end_date")),
    ),
    (
        _is_in("theirs", "revised", "attributes-only") & (_OURS == "") & (_ACTION <= _SINCE),
        pl.format("its action date {} is not after {}", _date("action_date"), "previous"),
    ),
)  # fmt: skip

_BASELINE: Final = (
    (_THEIRS == "")
    | ((_THEIRS == "revised") & _is_in("ours", "added", "revised"))
    | ((_THEIRS == "added") & _is_in("ours", "", "revised") & _BEFORE)
)

GROUNDS: Final = (
    Ground(WHITE_SPACE, pl.col("blank") & _is_in("ours", "revised", "")
           & _is_in("theirs", "revised", ""), _SPACING_EVIDENCE),
    Ground(BECAME, pl.col("reason").str.starts_with("became-"),
           pl.format("it is a {} in {}, but not in {}",
                     pl.col("reason").str.strip_prefix("became-"), "current", "previous")),
    Ground(PASSING, _OURS == "transient",
           pl.format("added on {}, its last valid day is {}",
                     _date("add_date"), _date("end_date"))),
    Ground(PASSING, (_THEIRS == "transient") & ~_BEFORE & ~_NOW, _PASSING_EVIDENCE),
    Ground(PASSING, _OTHER_BASELINE & _is_in("theirs", "added", "deleted") & ~_BEFORE & ~_NOW,
           pl.format("neither {} nor {} has it; {}", "previous", "current", "baseline")),
    *(Ground(CORRECTED, _UNLIKE & holds, pl.col("corrected_by"),
             pl.format(" says {}", "corrected_to"))
      for holds in _CORRECTIONS),
    Ground(CORRECTED, pl.col("form") == "erratum",
           pl.format("the list is an erratum, and {} does not include it", "current")),
    Ground(MID_YEAR, _OTHER_BASELINE & _BASELINE, pl.col("baseline")),
    *(Ground(MID_YEAR, _LETTERS & _UNLIKE & holds, evidence) for holds, evidence in _BY_LETTER),
    Ground(MID_YEAR, (_THEIRS == "") & (pl.col("elsewhere") == _OURS),
           pl.format("the list dates it {}", _date("elsewhere_on"))),
    Ground(MID_YEAR, ~_LETTERS & (_OURS == "") & ((pl.col("date") <= _SINCE)
                                                  | (pl.col("date") > _UNTIL)),
           pl.format("the list dates it {}", _date("date"))),
    Ground(SHORT_ONLY, ~_LETTERS & ~pl.col("by_list") & (_OURS == "revised")
           & _is_in("theirs", "", "revised")
           & _FIELDS.str.contains(r"^(?:short|medium)(?:;short)?$"), _TITLE_EVIDENCE),
    Ground(ATTRIBUTES, ~_LETTERS & (_OURS == "attributes-only") & _is_in("theirs", "", "revised"),
           _FIELDS),
    Ground(UNEXPLAINED, pl.lit(value=True),
           pl.when(_SILENT).then(pl.lit("the list does not name it")).otherwise(pl.lit("")),
           pl.when(_SILENT).then(pl.lit(""))
           .otherwise(pl.format("{}{}{}", _SAYS, _DATE, _REMARK))),
)  # fmt: skip


def collect_grounds(changes: Changes, given: Stated, codes: pl.Series) -> pl.DataFrame:
    """What the releases and the corrections know of the entries with these codes."""
    before, now = changes.previous, changes.current
    wanted = pl.col("code").is_in(codes.unique().implode())
    held, ended, here, gone = (
        frame.filter(wanted) for frame in (before.entries, before.ended, now.entries, now.ended)
    )
    sides = [
        _list_held(held, "held_before", {"add_date": "add_before"}),
        _list_held(ended, "ended_before", {}),
        _list_held(pl.concat([here, gone]), "", {"add_date": "add_date", "end_date": "end_date"}),
        _list_held(here, "held_now", {}),
        _list_held(gone, "ended_now", {}),
        collect_corrections(changes, given),
    ]
    every = pl.concat(side.select(KEY) for side in sides).unique()
    for side in sides:
        every = every.join(side, on=KEY, how="left")
    return every


def find_causes(
    rows: pl.DataFrame,
    published: PublishedList,
    checked: Footer,
    changes: Changes,
    given: Stated,
) -> pl.DataFrame:
    """`RECONCILIATION` and `list`; the cause is the first one that is proved."""
    evidence = collect_grounds(changes, given, rows["code"])
    rows_with_evidence = rows.join(evidence, on=KEY, how="left").with_columns(
        pl.col("held_before", "ended_before", "held_now", "ended_now").fill_null(value=False),
        pl.col("correction", "corrected_fields").fill_null([]),
        pl.col("corrected_by", "corrected_to").fill_null(""),
        pl.col("kind")
        .replace_strict(checked.baselines, default="", return_dtype=pl.String)
        .alias("baseline"),
        pl.lit(_name_form(published)).alias("form"),
        *_name_span(changes),
    )
    cause, note, quoted = _write_proof()
    return rows_with_evidence.select(
        pl.col("kind").cast(KIND), "code", "ours", "theirs", pl.col("fields").alias("field"),
        cause.alias("cause"), note.alias("note"), quoted.alias("quoted"),
        pl.lit(published.name).alias("list"),
    )  # fmt: skip


def _name_span(changes: Changes) -> list[pl.Expr]:
    """What the two releases are called, and their dates."""
    before, now = changes.previous, changes.current
    return [
        pl.lit(before.name).alias("previous"),
        pl.lit(now.name).alias("current"),
        pl.lit(before.effective_date, pl.Date).alias("since"),
        pl.lit(now.effective_date, pl.Date).alias("until"),
    ]


def _write_proof() -> tuple[pl.Expr, pl.Expr, pl.Expr]:
    """The name of the first cause that holds, its sentence with the evidence, what is quoted."""
    names, notes, quotations = [], [], []
    for ground in GROUNDS:
        proof = pl.when(ground.holds.fill_null(value=False))
        evidence = ground.evidence.fill_null("")
        mark = pl.when(evidence == "").then(pl.lit("")).otherwise(pl.lit(": "))
        names.append(proof.then(pl.lit(ground.cause.name)))
        notes.append(proof.then(pl.lit(ground.cause.sentence) + mark + evidence))
        quotations.append(proof.then(ground.quoted.fill_null("")))
    return pl.coalesce(names), pl.coalesce(notes), pl.coalesce(quotations)


def _name_form(published: PublishedList) -> str:
    is_erratum = not published.whole and "errat" in published.name.lower()
    return "erratum" if is_erratum else published.form


def _list_held(frame: pl.DataFrame, name: str, dates: Mapping[str, str]) -> pl.DataFrame:
    found = [pl.lit(value=True).alias(name)] if name else []
    if not name:
        day = parse_action_day() if "action_date" in frame.columns else pl.lit(None, pl.Date)
        found.append(day.alias("action_date"))
    return frame.select(
        pl.col("kind").cast(pl.String), "code", *found,
        *(pl.col(column).alias(alias) for column, alias in dates.items()),
    )  # fmt: skip
