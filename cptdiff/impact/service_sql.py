"""The rule of claims as SQL: which code was not valid on its date of service.

Plain ANSI: one text for Polars and for a warehouse. A date is a text that stands in a calendar of
all days, so that one bad date is a line of the answer and not the end of the job; a code is valid
in one of the spells of its only row, so that no join multiplies lines.
"""

from collections.abc import Sequence
from datetime import date
from typing import Final, NamedTuple

# The first two digits of the type of bill whose diagnoses are of the day of discharge: hospital
# inpatient, swing bed, skilled nursing inpatient, religious nonmedical inpatient (CMS, MLN SE1408).
INPATIENT: Final = ("11", "18", "21", "41")


class Position(NamedTuple):
    """One column of codes: its name, its family, and its date as SQL.

    `is_date` tells that the date is one already, not a text.
    """

    column: str
    family: str
    date: str
    is_date: bool


def quote(name: str) -> str:
    """Return a column's name as SQL."""
    return '"' + name.replace('"', '""') + '"'


def write_date(columns: Sequence[str], *, is_date: bool) -> str:
    """Return the first of `columns` that is filled, as SQL."""
    parts = [
        quote(name) if is_date else f"NULLIF(TRIM({quote(name)}), '')" for name in columns if name
    ]
    return parts[0] if len(parts) == 1 else f"COALESCE({', '.join(parts)})"


def write_inpatient_date(bill_type: str, through: str, other: str) -> str:
    """Return SQL for the last day of inpatient bills, the `other` day of all other bills."""
    digits = f"SUBSTR(LTRIM(TRIM({quote(bill_type)}), '0'), 1, 2)"
    kinds = ", ".join(f"'{kind}'" for kind in INPATIENT)
    return f"CASE WHEN {digits} IN ({kinds}) THEN COALESCE({through}, {other}) ELSE {other} END"


def write_query(position: Position, kept: Sequence[str], spells: int, first: date) -> str:
    """Return the query for the lines whose code in `position` was not valid on its day.

    It reads `lines` (with cptdiff_row), `codes` (code and f1, t1 to the number of `spells`),
    `headers` (code) and, for dates as texts, `calendar` (text, day). `first` is the day of the
    first release.
    """
    day = "used.date_used" if position.is_date else "calendar.day"
    join = "" if position.is_date else "\nLEFT JOIN calendar ON used.date_used = calendar.text"
    places = range(1, spells + 1)
    held = " OR ".join(f"{day} BETWEEN codes.f{n} AND codes.t{n}" for n in places)
    last = _coalesce([f"codes.t{n}" for n in reversed(places)])
    first_day = f"CAST('{first}' AS DATE)"
    kept_names = "".join(f", used.{quote(name)}" for name in kept)
    kept_inside = "".join(f", {quote(name)}" for name in kept)
    column = quote(position.column)
    # The names come quoted.
    return f"""
SELECT used.cptdiff_row{kept_names}, used.code, used.date_used, {day} AS day,
  CASE
    WHEN {day} IS NULL THEN 'no-date'
    WHEN {day} < {first_day} THEN 'out-of-range'
    WHEN codes.code IS NULL AND headers.code IS NOT NULL THEN 'header'
    WHEN codes.code IS NULL THEN 'unknown'
    WHEN {day} < codes.f1 THEN 'not-yet'
    WHEN {day} > {last} THEN 'ended'
    ELSE 'gap'
  END AS status,
  {_choose_spell("f", places, day)} AS valid_from,
  {_choose_spell("t", places, day)} AS valid_to
FROM (
  SELECT cptdiff_row{kept_inside}, UPPER(REPLACE(TRIM({column}), '.', '')) AS code,
    {position.date} AS date_used
  FROM lines
  WHERE {column} IS NOT NULL
) AS used{join}
LEFT JOIN codes ON used.code = codes.code
LEFT JOIN headers ON used.code = headers.code
WHERE used.code <> ''
  AND ({day} < {first_day} OR NOT COALESCE({held}, FALSE))
""".strip()  # noqa: S608 - no values of the data stand in it


def _choose_spell(letter: str, places: Sequence[int], day: str) -> str:
    """The spell before the day, else the first one."""
    later = [f"WHEN {day} >= codes.f{n} THEN codes.{letter}{n}" for n in reversed(places) if n > 1]
    first = f"codes.{letter}1"
    return f"CASE {' '.join(later)} ELSE {first} END" if later else first


def _coalesce(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"COALESCE({', '.join(names)})"
