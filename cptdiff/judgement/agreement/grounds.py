"""The proof that each cause needs in the data; the first that holds is taken.

Columns of a disagreement: kind, code, ours, reason, fields, blank, by_list, theirs, words, date,
remark, elsewhere, elsewhere_on; held_before, ended_before, add_before, held_now, ended_now,
add_date, end_date, action_date; correction, corrected_fields, corrected_by; baseline, form,
previous, current, since, until.
"""

from dataclasses import dataclass
from typing import Final

import polars as pl

from cptdiff.judgement.agreement.causes import (
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


@dataclass(frozen=True, eq=False)
class Ground:
    """A cause, what must hold for it, and the evidence in words."""

    cause: Cause
    holds: pl.Expr
    evidence: pl.Expr


def _is(column: str, *values: str) -> pl.Expr:
    return pl.col(column).is_in(values)


def _day(column: str) -> pl.Expr:
    return pl.col(column).dt.to_string("%Y-%m-%d")


_OURS, _THEIRS, _FIELDS = pl.col("ours"), pl.col("theirs"), pl.col("fields")
_BEFORE, _NOW = pl.col("held_before"), pl.col("held_now")
_SINCE, _UNTIL = pl.col("since"), pl.col("until")
_ADD, _END, _ACTION = pl.col("add_date"), pl.col("end_date"), pl.col("action_date")
_GONE = _END.dt.offset_by("1d")
# Lists that mark the short title and the attributes as well (formats.md 7.4).
_LETTERS = _is("form", "action codes", "transactions")
_UNLIKE = _OURS != _THEIRS
_OTHER_BASELINE = pl.col("baseline") != ""
_DURING_ADD = (_ADD > _SINCE) & (_ADD < _UNTIL)

_PASSED = pl.format("the list adds and deletes it, {} and {} do not have it", "previous", "current")
_TITLED = pl.format("{} differs, the list does not name it", "fields")
_BLANKS = pl.format("the words of {} are the same", pl.when(_FIELDS == "").then(pl.lit("the title"))
                    .otherwise("fields"))  # fmt: skip
_DATED = pl.format(", dated {}", _day("date")).fill_null("")
_REMARKED = pl.when(pl.col("remark") == "").then(pl.lit("")).otherwise(pl.format(" ({})", "remark"))


def _corrected(change: str) -> pl.Expr:
    return pl.col("correction").list.contains(change)


_SAME_TITLE = (pl.col("corrected_fields").list.len() == 0) | (
    _FIELDS.str.split(";").list.set_intersection("corrected_fields").list.len() > 0
)
# What a correction must say for each difference; anything else is about something else.
_CORRECTIONS: Final = (
    *(
        _is("ours", change) & _corrected(change)
        for change in ("added", "deleted", "attributes-only")
    ),
    (_OURS == "revised") & _corrected("revised") & _SAME_TITLE,
    # The number was withdrawn and used again.
    (_THEIRS == "added") & _BEFORE & _corrected("deleted"),
    # Left out in error and put back, or put in and taken out.
    (_OURS == "deleted") & (pl.col("reason") == "absent") & _corrected("added"),
    (_OURS == "added") & _corrected("deleted"),
)

_BY_LETTER: Final = (
    (
        (_OURS == "added") & (_ADD <= _SINCE),
        pl.format("its add date {} is not after {}, which lacks it", _day("add_date"), "previous"),
    ),
    (
        (_OURS == "added") & _DURING_ADD,
        pl.format("added on {}, before {}; the list tells the latest action",
                  _day("add_date"), "current"),
    ),
    (
        (_OURS == "deleted") & (_END < _SINCE),
        pl.format("its last valid day {} lies before {}, which has it as valid",
                  _day("end_date"), "previous"),
    ),
    (
        (_OURS == "deleted") & (_GONE > _SINCE) & (_GONE < _UNTIL),
        pl.format("its last valid day is {}; the list tells the latest action", _day("end_date")),
    ),
    (
        _is("ours", "revised", "attributes-only") & (_THEIRS == "") & (_ACTION > _SINCE)
        & (_ACTION < _UNTIL),
        pl.format("its last action was on {}, before {}", _day("action_date"), "current"),
    ),
    (
        (_THEIRS == "added") & _BEFORE & (pl.col("add_before") == _ADD) & (_ADD > _SINCE),
        pl.format("{} has it already, ahead of its add date {}", "previous", _day("add_date")),
    ),
    (
        (_THEIRS == "added") & (_OURS == "") & _BEFORE & (_ADD <= _SINCE),
        pl.format("its add date {} is not after {}", _day("add_date"), "previous"),
    ),
    (
        (_THEIRS == "deleted") & _NOW & (_END >= _UNTIL),
        pl.format("its last valid day is {}, not before {}", _day("end_date"), "current"),
    ),
    (
        (_THEIRS == "deleted") & (_OURS == "") & ~_BEFORE & (_GONE <= _SINCE),
        pl.format("its last valid day {} lies before {}", _day("end_date"), "previous"),
    ),
    (
        (_THEIRS == "deleted") & (_OURS == "") & ~_BEFORE & ~pl.col("ended_before")
        & pl.col("ended_now") & (_ADD <= _SINCE),
        pl.format("added on {}, not after {}, which lacks it; ended on {}",
                  _day("add_date"), "previous", _day("end_date")),
    ),
    (
        _is("theirs", "revised", "attributes-only") & (_OURS == "") & (_ACTION <= _SINCE),
        pl.format("its action date {} is not after {}", _day("action_date"), "previous"),
    ),
)  # fmt: skip

_BASELINE: Final = (
    (_THEIRS == "")
    | ((_THEIRS == "revised") & _is("ours", "added", "revised"))
    | ((_THEIRS == "added") & _is("ours", "", "revised") & _BEFORE)
)

GROUNDS: Final = (
    Ground(WHITE_SPACE, pl.col("blank") & _is("ours", "revised", "")
           & _is("theirs", "revised", ""), _BLANKS),
    Ground(BECAME, pl.col("reason").str.starts_with("became-"),
           pl.format("it is a {} in {} and was none in {}",
                     pl.col("reason").str.strip_prefix("became-"), "current", "previous")),
    Ground(PASSING, _OURS == "transient",
           pl.format("added on {}, its last valid day is {}", _day("add_date"), _day("end_date"))),
    Ground(PASSING, (_THEIRS == "transient") & ~_BEFORE & ~_NOW, _PASSED),
    Ground(PASSING, _OTHER_BASELINE & _is("theirs", "added", "deleted") & ~_BEFORE & ~_NOW,
           pl.format("neither {} nor {} has it; {}", "previous", "current", "baseline")),
    *(Ground(CORRECTED, _UNLIKE & holds, pl.format("{}", "corrected_by"))
      for holds in _CORRECTIONS),
    Ground(CORRECTED, pl.col("form") == "erratum",
           pl.format("the list is an erratum, {} is without it", "current")),
    Ground(MID_YEAR, _OTHER_BASELINE & _BASELINE, pl.col("baseline")),
    *(Ground(MID_YEAR, _LETTERS & _UNLIKE & holds, evidence) for holds, evidence in _BY_LETTER),
    Ground(MID_YEAR, (_THEIRS == "") & (pl.col("elsewhere") == _OURS),
           pl.format("the list dates it {}", _day("elsewhere_on"))),
    Ground(MID_YEAR, ~_LETTERS & (_OURS == "") & ((pl.col("date") <= _SINCE)
                                                  | (pl.col("date") > _UNTIL)),
           pl.format("the list dates it {}", _day("date"))),
    Ground(SHORT_ONLY, ~_LETTERS & ~pl.col("by_list") & (_OURS == "revised")
           & _is("theirs", "", "revised")
           & _FIELDS.str.contains(r"^(?:short|medium)(?:;short)?$"), _TITLED),
    Ground(ATTRIBUTES, ~_LETTERS & (_OURS == "attributes-only") & _is("theirs", "", "revised"),
           _FIELDS),
    Ground(UNEXPLAINED, pl.lit(value=True),
           pl.when(pl.col("words") == "").then(pl.lit("the list does not name it"))
           .otherwise(pl.format("the list says {}{}{}", "words", _DATED, _REMARKED))),
)  # fmt: skip
