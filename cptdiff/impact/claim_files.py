"""Files of claims: their lines, and which columns hold codes, dates, type of bill and charges.

Columns are found by the names of the common models: Tuva, OMOP, the claim files of CMS (RIF, BFD,
DE-SynPUF), and what others call them. Names match in any case, with blanks or underscores.
"""

import re
from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Final, NamedTuple

import polars as pl

from cptdiff.columns import fold_name
from cptdiff.errors import Refused, find_nearest

# What a claim states with codes, by the names of `Profile.billed_as`.
PROCEDURE: Final = "procedure"
DIAGNOSIS: Final = "diagnosis"
_CODES: Final = {
    PROCEDURE: (
        r"(?:line )?(?:hcpcs?|cpt)(?: cpt| hcpcs?)?(?: (?:code|cd))?(?: ?[0-9]+)?"
        r"|(?:service |billed )?(?:proc|procedure) (?:code|cd)|procedure source value"
    ),
    DIAGNOSIS: (
        r"(?:icd |icd10 |icd 10 )?(?:prncpal |admtg |admitting |principal |primary |line icd )?"
        r"(?:dgns|diagnosis|diag|dx) ?(?:code|cd)?(?: ?[0-9]+)?|line icd dgns cd"
        r"|condition source value|icd ?10 ?(?:cm)?(?: code)?(?: ?[0-9]+)?"
    ),
    "inpatient procedure": r"icd prcdr cd ?[0-9]+|procedure code [0-9]+|icd ?10 ?pcs(?: code)?.*",
}
# The best first: the line's own date, the first and the last day of the claim.
_LINE: Final = (
    "claim line start date", "line 1st expns dt", "rev cntr dt", "service date", "date of service",
    "dos", "service start date", "srvc dt", "procedure date", "condition start date",
    "line from date", "from date of service",
)  # fmt: skip
_FROM: Final = (
    "claim start date", "clm from dt", "from date", "claim from date", "statement from date",
    "admission date", "start date",
)  # fmt: skip
_THROUGH: Final = (
    "discharge date", "nch bene dschrg dt", "claim end date", "clm thru dt", "thru date",
    "through date", "claim through date", "statement through date", "end date",
)  # fmt: skip
_BILL: Final = ("bill type code", "bill type", "clm bill type cd", "type of bill", "tob")
_CHARGE: Final = (
    "charge amount", "line sbmtd chrg amt", "rev cntr tot chrg amt", "billed amount", "charges",
    "charge", "total charge", "clm tot chrg amt", "paid amount",
)  # fmt: skip
_IDS: Final = (
    "claim id", "clm id", "claim line number", "clm line num", "line number", "line num",
    "procedure occurrence id", "condition occurrence id",
)  # fmt: skip


# The number of a line below the header.
ROW: Final = "cptdiff_row"
_MARKS: Final = {".csv": ",", ".tsv": "\t", ".tab": "\t", ".txt": "\t", ".psv": "|"}


class Named(NamedTuple):
    """What the user says: columns of codes (or patterns), of dates, of the bill type; to keep."""

    codes: tuple[str, ...] = ()
    date: str = ""
    through: str = ""
    bill_type: str = ""
    keep: tuple[str, ...] = ()


class ClaimColumns(NamedTuple):
    """The columns of a file of claims: of codes by family; the others are empty where not there."""

    codes: tuple[tuple[str, str], ...]
    line_date: str
    from_date: str
    through: str
    bill_type: str
    charge: str
    kept: tuple[str, ...]

    @property
    def dates(self) -> tuple[str, ...]:
        """All columns of dates."""
        return tuple(filter(None, (self.line_date, self.from_date, self.through)))


def find_columns(file: str, names: Sequence[str], named: Named) -> ClaimColumns:
    """Return which of `names`, the columns of `file`, are which.

    Raise `Refused` where no column holds codes or none dates, or for one that is not there.
    """
    codes = _find_named_codes(file, names, named.codes) if named.codes else _find_codes(names)
    line = _take(file, names, named.date, "--date-column") or _find_first(names, _LINE)
    start = "" if named.date else _find_first(names, _FROM)
    through = _take(file, names, named.through, "--through-column") or _find_first(names, _THROUGH)
    bill = _take(file, names, named.bill_type, "--bill-type-column") or _find_first(names, _BILL)
    kept = [_take(file, names, name, "--keep") for name in named.keep]
    if not codes:
        raise _refuse(file, names, "has no column of codes", "--code-column")
    if not (line or start or through):
        raise _refuse(file, names, "has no column with the date of service", "--date-column")
    ids = [found for name in _IDS if (found := _find_first(names, (name,)))]
    every = tuple(dict.fromkeys((*ids, *kept)))
    charge = _find_first(names, _CHARGE)
    return ClaimColumns(tuple(codes), line, start, through, bill, charge, every)


def _find_codes(names: Sequence[str]) -> list[tuple[str, str]]:
    return [
        (name, family)
        for name in names
        for family, pattern in _CODES.items()
        if re.fullmatch(pattern, _spell(name))
    ]


def _find_named_codes(
    file: str, names: Sequence[str], wanted: Sequence[str]
) -> list[tuple[str, str]]:
    """The columns that the user names; their names tell the family, else they are procedures."""
    families = dict(reversed(_find_codes(names)))
    found: dict[str, str] = {}
    for pattern in wanted:
        fits = [name for name in names if fnmatchcase(fold_name(name), fold_name(pattern))]
        if not fits:
            raise _refuse(file, names, f"has no column {pattern}", "--code-column")
        found |= {name: families.get(name, PROCEDURE) for name in fits}
    return list(found.items())


def _take(file: str, names: Sequence[str], wanted: str, option: str) -> str:
    """The column that the user names; empty where none is named."""
    if not wanted:
        return ""
    found = next((name for name in names if fold_name(name) == fold_name(wanted)), "")
    if not found:
        raise _refuse(file, names, f"has no column {wanted}", option, find_nearest(wanted, names))
    return found


def _refuse(file: str, names: Sequence[str], wrong: str, option: str, near: str = "") -> Refused:
    fix = f"did you mean {near}?" if near else f"name it with {option}"
    return Refused("E163", file, wrong, fix, f"; columns found: {', '.join(names)}")


def _find_first(names: Sequence[str], wanted: Sequence[str]) -> str:
    by_spelling = {_spell(name): name for name in reversed(names)}
    return next((by_spelling[one] for one in wanted if one in by_spelling), "")


def _spell(name: str) -> str:
    """A name as words with one blank between them."""
    return " ".join(re.sub(r"[_\-.]+", " ", fold_name(name)).split())


def scan_lines(file: Path) -> tuple[pl.LazyFrame, Mapping[str, pl.DataType]]:
    """The lines of a file or a folder of Parquet files, numbered, and the types of its columns."""
    try:
        if file.is_dir() or is_parquet(file):
            place = file / "**/*.parquet" if file.is_dir() else file
            # A number that the reader gives lets it skip what a filter leaves out.
            lines = pl.scan_parquet(place, row_index_name=ROW, row_index_offset=1)
        elif (mark := _MARKS.get(file.suffix.lower())) is not None:
            mark = _find_mark(file, mark)
            lines = pl.scan_csv(
                file, separator=mark, infer_schema=False, row_index_name=ROW, row_index_offset=1
            )
        else:
            fix = "give a CSV, TSV or other text table, a Parquet file, or a folder of them"
            raise Refused("E163", file.name, "is no table of claims that cptdiff reads", fix)
        types = dict(lines.collect_schema())
    except pl.exceptions.PolarsError as error:
        raise refuse_unreadable(file.name, error) from error
    except OSError as error:
        wrong = "is not there" if isinstance(error, FileNotFoundError) else "cannot be read"
        raise Refused("E101", str(file), wrong, "check the path") from error
    return lines, {name: kind for name, kind in types.items() if name != ROW}


def is_parquet(file: Path) -> bool:
    """Whether a file is Parquet by its name."""
    return file.suffix.lower() in {".parquet", ".pq"}


def check_width(file: str, lines: pl.LazyFrame) -> None:
    """Raise `Refused` for a text table with a row of more cells than its header.

    Polars tells of such a row only where all columns are read, and cells would be in wrong columns.
    """
    try:
        lines.select(pl.sum_horizontal(pl.all().is_null()).sum()).collect(engine="streaming")
    except pl.exceptions.PolarsError as error:
        raise refuse_unreadable(file, error) from error


def _find_mark(file: Path, usual: str) -> str:
    """The separator of a text table: the one that its header has most of."""
    with file.open("rb") as stream:
        head = stream.readline(1 << 20).decode("utf-8", "replace")
    marks = {mark: head.count(mark) for mark in (usual, ",", "\t", "|", ";")}
    return max(marks, key=lambda mark: (marks[mark], mark == usual))


def refuse_unreadable(file: str, error: pl.exceptions.PolarsError) -> Refused:
    """Return the refusal of a file that is not the table that it seems to be."""
    why = str(error).partition("\n")[0]
    return Refused("E215", file, "cannot be read as a table", "export it again", f": {why}")


def check_types(file: str, types: Mapping[str, pl.DataType], columns: ClaimColumns) -> None:
    """Refuse codes that are numbers, and dates that are moments of a time zone or numbers."""
    for name, _ in columns.codes:
        if types[name] not in {pl.String, pl.Categorical, pl.Null}:
            wrong = f"stores the codes of {name} as {types[name]}, which loses leading zeros"
            raise Refused("E203", file, wrong, "write the column as text")
    for name in columns.dates:
        kind = types[name]
        if isinstance(kind, pl.Datetime) and kind.time_zone:
            wrong = f"stores {name} as moments in {kind.time_zone}, whose day depends on the place"
            raise Refused("E216", file, wrong, "write the column as dates")
        if kind not in {pl.String, pl.Date, pl.Null} and not isinstance(kind, pl.Datetime):
            wrong = f"stores the dates of {name} as {kind}"
            raise Refused("E216", file, wrong, "write the column as dates, or as text")
