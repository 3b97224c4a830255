"""What a reviewer wrote in a row of a worksheet: a decision that can be used, or what is wrong."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import date
from typing import Final, NamedTuple

import polars as pl

from cptdiff.codesets import PROFILES
from cptdiff.errors import find_nearest
from cptdiff.impact.cells import ICD, MODIFIER, PROCEDURE, Cells, read_cells
from cptdiff.impact.facts import DELETED, ENDED, OTHER, TRANSIENT, UNKNOWN, Facts
from cptdiff.impact.judge import find_codes
from cptdiff.impact.replies import Line
from cptdiff.impact.worksheet import DECISIONS, KEEP, NEW_LINE, RECODE

# Decisions that need a new code.
_WITH_CODE: Final = (RECODE, NEW_LINE)
# Other words for decisions, as people write them.
_SAME: Final = {"recoded": RECODE, "retired": "retire", "kept": KEEP, "none": "no action",
                "newline": NEW_LINE, "new lines": NEW_LINE, "noaction": "no action"}  # fmt: skip
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov",
                  "dec")  # fmt: skip
_NUMERIC: Final = re.compile(r"(\d{1,2})([./-])\s?(\d{1,2})\2\s?(\d{4})")
_YEAR_FIRST: Final = re.compile(r"(\d{4})[-./]?(\d{2})[-./]?(\d{2})(?:[T ].*)?")
_NAMED: Final = re.compile(
    r"(?:(\d{1,2})(?:st|nd|rd|th)?[ .-]+)?([a-z]{3,9})[ .-]+(?:(\d{1,2})(?:st|nd|rd|th)?,?[ -]+)?"
    r"(\d{4})"
)
_ISO: Final = "write it as 2027-01-08"
# The code set of a code that no release lists: dental, local.
ELSEWHERE: Final = "elsewhere"
_MOST: Final = 12
_LONGEST: Final = 40
_CELL: Final = ("text", "system")


class Fault(NamedTuple):
    """What is wrong with a row, and what to do about it."""

    slug: str
    wrong: str
    fix: str


class Choice(NamedTuple):
    """What a reviewer decided; `decision` is one of `DECISIONS`, or empty where it is open."""

    decision: str
    new_code: str
    reviewer: str
    date: str
    note: str

    @property
    def said(self) -> str:
        """The decision in words, with the new code."""
        word = {RECODE: "recode to", NEW_LINE: "new line with"}.get(self.decision, self.decision)
        return f"{word} {self.new_code}".strip()

    @property
    def signed(self) -> str:
        """The decision with who made it and when."""
        by = ", ".join(filter(None, (self.reviewer, self.date)))
        return f"{self.said} ({by})" if by else self.said


class Standing(NamedTuple):
    """Whether a code may be used: what is wrong with it, and whether that could be checked.

    `code_set` is that of a code which could not, by its form, where releases were given.
    """

    wrong: str = ""
    is_checked: bool = True
    code_set: str = ""


class Known(NamedTuple):
    """What is known of a code."""

    status: str
    effective_date: str = ""
    last_valid_date: str = ""


def read_choice(line: Line, is_day_first: bool) -> tuple[Choice, list[Fault]]:  # noqa: FBT001
    """Return what a row decides, and what is wrong with it.

    Of a row with a fault the decision is left out. New codes are not looked up yet.
    """
    cells = line.cells
    faults: list[Fault] = []
    decision, fault = _read_decision(cells["decision"])
    faults += [fault] if fault else []
    new_code = " ".join(cells["new_code"].upper().split())
    if not faults:
        faults += _check_code_given(decision, new_code, cells["decision"])
    day, fault = read_day(cells["date"], is_day_first)
    faults += [fault] if fault else []
    choice = Choice("" if faults else decision, new_code, cells["reviewer"], day, cells["note"])
    return choice, faults


def _read_decision(text: str) -> tuple[str, Fault | None]:
    words = re.sub(r"[^a-z]+", " ", text.lower()).strip()
    found = _SAME.get(words, words)
    if found in DECISIONS or not text:
        return found, None
    near = find_nearest(text, DECISIONS)
    fix = f"did you mean {near}?" if near else "choose one from the list"
    return "", Fault("E391", f"the decision {cut(text)} is not one of {', '.join(DECISIONS)}",
                     fix)  # fmt: skip


def _check_code_given(decision: str, new_code: str, text: str) -> list[Fault]:
    if decision in _WITH_CODE and not new_code:
        return [Fault("E391", f"{decision} has no new code", "enter the new code")]
    if new_code and decision not in _WITH_CODE:
        wrong = f"has the new code {cut(new_code)}, but the decision is {text or 'empty'}"
        return [Fault("E391", wrong, f"choose {RECODE} or {NEW_LINE}, or delete the new code")]
    return []


def quote_row(line: Line) -> str:
    """Return what a reviewer filled in, as it was typed."""
    cells = line.cells
    said = " ".join(filter(None, (cells["decision"], cells["new_code"]))) or cells["note"]
    by = ", ".join(filter(None, (cells["reviewer"], cells["date"])))
    return f"{said} ({by})" if by else said


def cut(text: str) -> str:
    """Return `text`, or its beginning, as a message has room for."""
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."


def read_day(text: str, is_day_first: bool) -> tuple[str, Fault | None]:  # noqa: FBT001
    """Return a day as YYYY-MM-DD, or what is wrong with it.

    With slashes the month comes first, as in US dates, unless other dates of the file say that
    the day does: then both ways are possible, as they are with dots.
    """
    words = " ".join(text.lower().split())
    if not words:
        return "", None
    days = sorted({*_list_days(words, is_day_first)})
    if len(days) > 1:
        told = " or ".join(one.isoformat() for one in days)
        return "", Fault("E391", f"the date {text} may be {told}", _ISO)
    if not days:
        return "", Fault("E391", f"{cut(text)} is not a date", _ISO)
    return days[0].isoformat(), None


def _list_days(words: str, is_day_first: bool) -> Iterator[date]:  # noqa: FBT001
    """Yield the days that `words` may mean."""
    if found := _YEAR_FIRST.fullmatch(words):
        yield from _make_day(found[1], found[2], found[3])
    elif found := _NAMED.fullmatch(words):
        month = _MONTHS.index(found[2][:3]) + 1 if found[2][:3] in _MONTHS else 0
        if bool(found[1]) != bool(found[3]):
            yield from _make_day(found[4], month, found[1] or found[3])
    elif found := _NUMERIC.fullmatch(words):
        first, mark, second, year = found.groups()
        yield from _make_day(year, first, second)
        if mark != "/" or is_day_first or int(first) > _MOST:
            yield from _make_day(year, second, first)


def _make_day(year: str, month: str | int, day: str) -> Iterator[date]:
    with suppress(ValueError):
        yield date(int(year), int(month), int(day))


def has_days_first(lines: Iterable[Line]) -> bool:
    """Whether a date with slashes in these rows can only begin with the day."""
    found = (_NUMERIC.fullmatch(line.cells["date"]) for line in lines)
    return any(one and one[2] == "/" and int(one[1]) > _MOST for one in found)


def name_system(line: Line) -> str:
    """Return what a new code of a row is read as."""
    if line.cells["part"] == MODIFIER:
        return MODIFIER
    is_icd = line.cells["code_set"].startswith(ICD)
    return line.cells["code_set"] if is_icd else PROCEDURE


def check_codes(
    wanted: Collection[tuple[str, str]], facts: Facts | None, listed: Mapping[str, Known]
) -> dict[tuple[str, str], Standing]:
    """Return of new codes and their systems whether they may be used.

    By `facts`, or without any by what the worksheets tell of the codes that are `listed`.
    """
    if not wanted:
        return {}
    cells = pl.DataFrame(sorted(wanted), dict.fromkeys(_CELL, pl.String), orient="row")
    read = read_cells(cells, facts.modifiers if facts else ())
    found = {}
    for text, system, fate, why in read.fates.select(*_CELL, "fate", "why").iter_rows():
        wrong = "" if fate == "understood" else cut(why or f"{text} is not a code")
        found[text, system] = Standing(wrong, is_checked=True)
    families = read.tokens.filter(pl.col("form").is_in(["range", "family"]))
    for text, system in families.select(_CELL).iter_rows():
        found[text, system] = Standing(f"{cut(text)} is not one code", is_checked=True)
    told = _look_up(read.tokens, facts) if facts else _recall(read.tokens, listed)
    for pair, standing in told:
        found[pair] = _join(found[pair], standing)
    return found


def _join(first: Standing, second: Standing) -> Standing:
    return Standing(
        first.wrong or second.wrong, first.is_checked and second.is_checked,
        first.code_set or second.code_set,
    )  # fmt: skip


def _look_up(tokens: pl.DataFrame, facts: Facts) -> Iterator[tuple[tuple[str, str], Standing]]:
    """What the releases say of each code."""
    given = {run.code_set for run in facts.runs}
    headers = {*facts.codes.filter(pl.col("kind") == "header").select("code_set", "code").rows()}
    rows = find_codes(Cells(pl.DataFrame(), tokens), facts).select(
        *_CELL, "code_set", "code", "status", "effective_date", "last_valid_date"
    )
    for text, system, code_set, code, *known in rows.sort(pl.all()).iter_rows():
        if (code_set, code) in headers:
            yield (text, system), Standing(f"{code} is a category, not a code", is_checked=True)
        else:
            standing = _judge(code, Known(*known))
            if not standing.is_checked:
                is_missing = code_set in PROFILES and code_set not in given
                standing = standing._replace(code_set=code_set if is_missing else ELSEWHERE)
            yield (text, system), standing


def _recall(
    tokens: pl.DataFrame, listed: Mapping[str, Known]
) -> Iterator[tuple[tuple[str, str], Standing]]:
    """What the worksheets say of each code; modifiers are too many ways to be of one."""
    for text, system, form, code in tokens.select(*_CELL, "form", "code").iter_rows():
        if code in listed or form == "code":
            yield (text, system), _judge(code, listed.get(code, Known(OTHER)))


def _judge(code: str, known: Known) -> Standing:
    last, day = known.last_valid_date, known.effective_date
    told = f", last valid date of service {last}" if last else ""
    if not last and day and known.status != ENDED:
        told = f", not valid on or after {day}"
    if known.status in {DELETED, TRANSIENT}:
        return Standing(f"{code} is deleted{told}")
    if known.status == ENDED:
        return Standing(f"{code} is discontinued{told}")
    if known.status == UNKNOWN:
        return Standing(f"{code} is in neither release")
    return Standing("", is_checked=known.status != OTHER)
