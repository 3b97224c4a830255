"""The rule of claims as SQL: which code was not valid on its date of service.

Plain ANSI, one text for Polars, SQLite, DuckDB, Spark and warehouses. Days are texts (2026-06-30),
which sort as days do; the date of a line is a text that stands in a calendar of all days, so that
one bad date is a line of the answer and not the end of the job. A code is valid in one of the
spells of its only row, so that no join multiplies lines.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Final, NamedTuple

# The first two digits of the type of bill whose diagnoses are of the day of discharge: hospital
# inpatient, swing bed, skilled nursing inpatient, religious nonmedical inpatient (CMS, MLN SE1408).
INPATIENT: Final = ("11", "18", "21", "41")
_PLAIN: Final = re.compile("[A-Za-z_][A-Za-z0-9_]*")
# One class of characters of a grammar, and how often it stands.
_CHARACTERS: Final = re.compile(r"\[([0-9A-Z-]+)\](?:\{([0-9]+)\})?")
_RESERVED: Final = frozenset(
    {
        "all", "and", "any", "as", "asc", "between", "both", "by", "case", "cast", "check",
        "column", "cross", "current_date", "current_time", "date", "day", "default", "desc",
        "distinct", "else", "end", "except", "exists", "extract", "false", "fetch", "for", "from",
        "full", "group", "having", "hour", "in", "inner", "intersect", "interval", "into", "is",
        "join", "lateral", "leading", "left", "limit", "minute", "month", "natural", "not", "null",
        "offset", "on", "or", "order", "outer", "over", "partition", "primary", "range",
        "returning", "right", "row", "rows", "second", "select", "set", "some", "table", "then",
        "time", "timestamp", "to", "top", "trailing", "true", "union", "unique", "user", "using",
        "values", "when", "where", "window", "with", "year",
    }
)  # fmt: skip


# What stands around cells beside blanks; line ends in a text would be changed on its way.
_BLANKS: Final = ("\t", "\u00a0")
# What stands in cells without a code; zeros as long as a code may be codes of another code set.
FILLERS: Final = ("NULL", "(NULL)", "NONE", "NA", "N/A", "#N/A", "N.A.", ".", "-", "--", "- -", "0")
# Which characters may follow dates of 8 to 11 characters, as in 6/1/2018 0:00.
_TIME_MARKS: Final = ((9, "' ', 'T'"), (10, "' ', ':'"), (11, "' ', 'T'"), (12, "' ', ':'"))


class Position(NamedTuple):
    """One column of codes: its name, what a claim states with it, and its date as SQL.

    `has_dots` tells that its codes may be written with a dot. Codes of one of the forms `others`
    (`Profile.grammar`) are of code sets that are not judged.
    """

    column: str
    family: str
    date: str
    has_dots: bool = False
    others: tuple[str, ...] = ()


def write_query(
    position: Position, kept: Sequence[str], spells: int, first: str, uncovered: str
) -> str:
    """Return the query for the lines whose code in `position` was not valid on its day.

    It reads `lines` (with cptdiff_row, the number of the line), `codes` (billed_as, code and f1,
    t1 to the number of `spells`), `headers` (as codes) and `calendar` (text, day), in which
    days are texts. `first` is the day of the first release, as SQL (`write_first_day`), `uncovered`
    what `write_uncovered` returns. The columns `kept` are called keep_1, keep_2 and so on.
    """
    day, places = "calendar.day", range(1, spells + 1)
    held = " OR ".join(f"{day} BETWEEN codes.f{n} AND codes.t{n}" for n in places)
    last = write_first([f"codes.t{n}" for n in reversed(places)])
    kept_names = "".join(f", used.keep_{at}" for at, _ in enumerate(kept, 1))
    kept_inside = "".join(f", {quote(name)} AS keep_{at}" for at, name in enumerate(kept, 1))
    code = _write_code(position)
    column, family = quote(position.column), position.family
    apart = "".join(f"\n  AND NOT ({write_form('used.code', one)})" for one in position.others)
    when = f"\n    WHEN {uncovered} THEN 'out-of-range'" if uncovered else ""
    either = f"\n    OR {uncovered}" if uncovered else ""
    # No value of the data stands in the text, only names of columns.
    return f"""
SELECT used.cptdiff_row{kept_names}, '{_escape(position.column)}' AS code_column, used.code,
  used.date_used, {day} AS day,
  CASE
    WHEN {day} IS NULL THEN 'no-date'
    WHEN {day} < {first} THEN 'out-of-range'{when}
    WHEN codes.code IS NULL AND headers.code IS NOT NULL THEN 'header'
    WHEN codes.code IS NULL THEN 'unknown'
    WHEN {day} < codes.f1 THEN 'not-yet'
    WHEN {day} > {last} AND headers.code IS NOT NULL THEN 'header'
    WHEN {day} > {last} THEN 'ended'
    ELSE 'gap'
  END AS status,
  {_choose_spell("f", places, day)} AS valid_from,
  {_choose_spell("t", places, day)} AS valid_to
FROM (
  SELECT cptdiff_row{kept_inside}, {code} AS code,
    {position.date} AS date_used
  FROM lines
  WHERE {column} IS NOT NULL
) AS used
LEFT JOIN calendar ON used.date_used = calendar.text
LEFT JOIN (SELECT * FROM codes WHERE billed_as = '{family}') AS codes ON used.code = codes.code
LEFT JOIN (SELECT * FROM headers WHERE billed_as = '{family}') AS headers
  ON used.code = headers.code
WHERE used.code NOT IN ({_write_blanks()}){apart}
  AND ({day} < {first} OR NOT COALESCE({held}, FALSE){either})
""".strip()  # noqa: S608 - as above


def write_count(position: Position) -> str:
    """Return the query for what `write_query` leaves out, and for all cells.

    Columns `cells`, `blank`, `other` (of code sets that are not judged); null where none are.
    """
    forms = " OR ".join(f"({write_form('used.code', one)})" for one in position.others) or "FALSE"
    return f"""
SELECT COUNT(*) AS cells,
  SUM(CASE WHEN COALESCE(used.code, '') IN ({_write_blanks()}) THEN 1 ELSE 0 END) AS blank,
  SUM(CASE WHEN {forms} THEN 1 ELSE 0 END) AS other
FROM (SELECT {_write_code(position)} AS code FROM lines) AS used
""".strip()  # noqa: S608 - as above


def _write_code(position: Position) -> str:
    """SQL for a cell as code sets write their codes."""
    trimmed = write_trimmed(position.column)
    return f"UPPER(REPLACE({trimmed}, '.', ''))" if position.has_dots else f"UPPER({trimmed})"


def _write_blanks() -> str:
    """SQL for the cells that hold no code."""
    return ", ".join(f"'{one}'" for one in ("", *FILLERS))


def write_first_day(days: Mapping[str, date]) -> str:
    """Return the day of the first release as SQL; `days` has it by the form of codes (a grammar).

    A claim of an earlier day cannot be judged.
    """
    (_, last), *others = reversed([*days.items()])
    if all(day == last for _, day in others):
        return f"'{last}'"
    cases = " ".join(f"WHEN {write_form('used.code', form)} THEN '{day}'" for form, day in others)
    return f"CASE {cases} ELSE '{last}' END"


def write_uncovered(
    gaps: Mapping[str, Sequence[tuple[date, date]]], spells: int, headings: int = 0
) -> str:
    """Return SQL that tells whether a code may be valid or not on a day that no release covers.

    `gaps` has stretches of such days by the form of codes. The releases around one decide where
    both have the code or the header, or neither of two has it and another does; a date of the file
    decides too. Codes have as many as `spells`, headers as `headings`. Empty where there are no
    gaps.
    """
    tests = []
    for form, stretches in gaps.items():
        is_own = f" AND {write_form('used.code', form)}" if len(gaps) > 1 else ""
        for start, end in stretches:
            later = min(end, date.max - timedelta(days=1)) + timedelta(days=1)
            moved = "codes.code IS NULL"
            if headings:
                moved = f"({moved} AND NOT {_write_heading(start, later, headings)})"
            if end < date.max:
                ways = (
                    f"codes.f{n} = '{later}' OR codes.t{n} = '{end}'" for n in range(1, spells + 1)
                )
                moved += f" OR (codes.basis <> 'file' AND ({' OR '.join(ways)}))"
            days = f"calendar.day BETWEEN '{start}' AND '{end}'"
            tests.append(f"({days}{is_own} AND ({moved}))")
    return f"({' OR '.join(tests)})" if tests else ""


def _write_heading(start: date, later: date, headings: int) -> str:
    """SQL that tells whether a header of before `start` is one on the day `later` too."""
    held = (
        f"headers.f{n} < '{start}' AND headers.t{n} >= '{later}'" for n in range(1, headings + 1)
    )
    return f"COALESCE({' OR '.join(held)}, FALSE)"


def write_form(column: str, grammar: str) -> str:
    """Return SQL for codes of a form such as [A-V][0-9]{4}, character by character.

    Engines differ in their regular expressions. Raise `ValueError` for any other form.
    """
    parts = list(_read_form(grammar))
    width = f"LENGTH({column}) = {len(parts)}"
    tests = [
        _write_class(f"SUBSTR({column}, {place}, 1)", characters)
        for place, characters in enumerate(parts, 1)
    ]
    return " AND ".join([width, *tests])


def list_characters(grammar: str) -> list[list[str]]:
    """Return the characters of each place of a form that `write_form` writes."""
    return [
        [chr(one) for first, last in _list_ranges(characters)
         for one in range(ord(first), ord(last) + 1)]
        for characters in _read_form(grammar)
    ]  # fmt: skip


def _read_form(grammar: str) -> Iterator[str]:
    """The class of each place of a form, such as 0-9AFMTU."""
    if not re.fullmatch(rf"(?:{_CHARACTERS.pattern})+", grammar):
        raise ValueError(grammar)
    for found in _CHARACTERS.finditer(grammar):
        yield from [found[1]] * int(found[2] or 1)


def _list_ranges(characters: str) -> list[tuple[str, str]]:
    """The ranges of a class; a single character is a range of its own."""
    found = re.findall(r"(.)(?:-(.))?", characters)
    return [(first, last or first) for first, last in found]


def _write_class(character: str, characters: str) -> str:
    """SQL for one character of a class such as 0-9AFMTU."""
    ranges = re.findall(r"(.)-(.)", characters)
    single = re.sub(r".-.", "", characters)
    tests = [f"{character} BETWEEN '{first}' AND '{last}'" for first, last in ranges]
    if single:
        tests.append(f"{character} IN ({', '.join(repr(one) for one in single)})")
    return tests[0] if len(tests) == 1 else f"({' OR '.join(tests)})"


def write_script(queries: Sequence[str]) -> str:
    """Return one statement that asks all `queries`."""
    return "\nUNION ALL\n".join(queries) + "\n"


def quote(name: str) -> str:
    """Return a column's name as SQL: quoted only where it must be, since engines differ in it."""
    if _PLAIN.fullmatch(name) and name.lower() not in _RESERVED:
        return name
    return '"' + name.replace('"', '""') + '"'


def write_trimmed(name: str) -> str:
    """Return a column without the blanks, tabs and no-break spaces around its text, as SQL.

    TRIM takes blanks alone in most engines, and all of them in Polars.
    """
    text = quote(name)
    for one in _BLANKS:
        text = f"REPLACE({text}, '{one}', ' ')"
    return f"TRIM({text})"


def write_text(name: str, *, is_date: bool) -> str:
    """Return a column's date as a text, null where it is blank."""
    if is_date:
        return f"CAST(CAST({quote(name)} AS DATE) AS VARCHAR(10))"
    text = f"NULLIF(NULLIF({write_trimmed(name)}, ''), 'NULL')"
    # A time of the day is left out.
    cuts = (f"WHEN SUBSTR({text}, {at}, 1) IN ({marks}) THEN {at - 1}" for at, marks in _TIME_MARKS)
    return f"SUBSTR({text}, 1, CASE {' '.join(cuts)} ELSE LENGTH({text}) END)"


def write_inpatient_date(bill_types: Sequence[str], through: str, other: str) -> str:
    """Return SQL for the last day of inpatient bills, the `other` day of all other bills.

    Joined, `bill_types` are the type of bill: facility and classification may be two columns.
    """
    kind = " || ".join(write_trimmed(name) for name in bill_types)
    two, three = (", ".join(f"'{lead}{digits}'" for digits in INPATIENT) for lead in ("", "0"))
    is_inpatient = f"SUBSTR({kind}, 1, 2) IN ({two}) OR SUBSTR({kind}, 1, 3) IN ({three})"
    return f"CASE WHEN {is_inpatient} THEN COALESCE({through}, {other}) ELSE {other} END"


def write_first(texts: Sequence[str]) -> str:
    """Return the first of `texts` that is filled."""
    return texts[0] if len(texts) == 1 else f"COALESCE({', '.join(texts)})"


def _choose_spell(letter: str, places: Sequence[int], day: str) -> str:
    """The spell before the day, else the first one."""
    later = [f"WHEN {day} >= codes.f{n} THEN codes.{letter}{n}" for n in reversed(places) if n > 1]
    first = f"codes.{letter}1"
    return f"CASE {' '.join(later)} ELSE {first} END" if later else first


def _escape(text: str) -> str:
    return text.replace("'", "''")
