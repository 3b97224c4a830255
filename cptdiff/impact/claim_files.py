"""Files of claims: their lines, and which columns hold codes, dates, type of bill and charges.

Columns are found by the names of the common models: Tuva, OMOP, the claim files of CMS (RIF, BFD,
DE-SynPUF), and what others call them. Names match in any case, with blanks or underscores.
"""

import csv
import re
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Final, NamedTuple

import polars as pl

from cptdiff.columns import fold_name
from cptdiff.errors import Refused, find_nearest
from cptdiff.impact.claim_parts import (
    ROW,
    Part,
    Types,
    find_partitions,
    list_parts,
    merge_types,
    read_parts,
)
from cptdiff.impact.claim_resources import SUFFIXES, read_resources
from cptdiff.reading import convert_to_utf8

# What a claim states with codes, by the names of `Profile.billed_as`.
PROCEDURE: Final = "procedure"
DIAGNOSIS: Final = "diagnosis"
INPATIENT: Final = "inpatient procedure"
_CODES: Final = {
    PROCEDURE: (
        r"(?:clm )?(?:line )?(?:hcpcs?|cpt)(?: cpt| hcpcs?)?(?: (?:code|cd))?(?: ?[0-9]+)?"
        r"|(?:service |billed )?(?:proc|procedure) (?:code|cd)|procedure source value"
    ),
    DIAGNOSIS: (
        r"(?:icd |icd10 |icd 10 |clm )?(?:prncpal |admtg |admitting |principal |primary |line icd "
        r"|fst |other )?(?:dgns|diagnosis|diag|dx)(?: e)? ?(?:code|cd)?(?: ?[0-9]+)?"
        r"|line icd dgns cd|rsn visit cd ?[0-9]+"
        r"|condition source value|icd ?10 ?(?:cm)?(?: code)?(?: ?[0-9]+)?"
    ),
    # OMOP has procedures of all code sets in one column.
    INPATIENT: (
        r"icd prcdr cd ?[0-9]+|procedure code [0-9]+|icd ?10 ?pcs(?: (?:code|cd))?(?: ?[0-9]+)?"
        r"|procedure source value"
    ),
    # No release has these codes, and no profile.
    "ICD-9": r"(?:line |admtng )?icd ?9 (?:dgns|prcdr|proc|dx|cm)(?: (?:code|cd))?(?: ?[0-9]+)?",
}
# What names of other columns tell, each part of them a word.
_WORDS: Final = {
    PROCEDURE: {"hcpcs", "hcpc", "cpt"},
    DIAGNOSIS: {"dx", "dgns", "diag", "diagnosis", "icd10cm"},
    INPATIENT: {"pcs", "icd10pcs"},
}
_FAMILIES: Final = {family.replace(" ", "-"): family for family in (*_WORDS,)}
# The best first: the line's own date, the first and the last day of the claim.
_LINE: Final = (
    "claim line start date", "line 1st expns dt", "rev cntr dt", "service date", "date of service",
    "dos", "service start date", "srvc dt", "procedure date", "condition start date",
    "line from date", "from date of service", "clm line from dt",
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
# Facility and classification, which are the type of bill together.
_SPLIT_BILL: Final = (
    ("clm fac type cd", "clm srvc clsfctn type cd"),
    ("clm bill fac type cd", "clm bill clsfctn cd"),
)
# Of a line; the total of a claim stands in each of its lines.
_CHARGE: Final = (
    "charge amount", "line sbmtd chrg amt", "rev cntr tot chrg amt", "billed amount", "charges",
    "charge", "line charge", "line charge amount", "clm line sbmt chrg amt",
)  # fmt: skip
_IDS: Final = (
    "claim id", "clm id", "clm uniq id", "claim line number", "clm line num", "line number",
    "line num", "resource line", "element", "element sequence",
    "procedure occurrence id", "condition occurrence id",
)  # fmt: skip


# What tells the separator: bytes, and rows in them.
_START: Final = 1 << 16
_TOPS: Final = 20
_WIDE: Final = (b"\xff\xfe", b"\xfe\xff")
_MARKS: Final = {".csv": ",", ".tsv": "\t", ".tab": "\t", ".txt": "\t", ".psv": "|"}


class Named(NamedTuple):
    """What the user says: columns of codes (or patterns), of dates, of the bill type; to keep.

    Behind a column of codes may stand what it holds: Condition=diagnosis.

    `has_ids` tells that the numbers of claim and line are wanted; without them less is read.
    """

    codes: tuple[str, ...] = ()
    date: str = ""
    through: str = ""
    bill_type: str = ""
    keep: tuple[str, ...] = ()
    has_ids: bool = True


class ClaimColumns(NamedTuple):
    """The columns of a file of claims: of codes by family; the others are empty where not there.

    `through` are columns of the last day, the best first; `bill_type` are two where facility and
    classification stand apart.
    """

    codes: tuple[tuple[str, str], ...]
    line_date: str
    from_date: str
    through: tuple[str, ...]
    bill_type: tuple[str, ...]
    charge: str
    kept: tuple[str, ...]

    @property
    def dates(self) -> tuple[str, ...]:
        """All columns of dates."""
        return tuple(filter(None, (self.line_date, self.from_date, *self.through)))


def find_columns(file: str, names: Sequence[str], named: Named) -> ClaimColumns:
    """Return which of `names`, the columns of `file`, are which.

    Raise `Refused` where no column holds codes or none dates, or for one that is not there.
    """
    codes = _find_named_codes(file, names, named.codes) if named.codes else _find_codes(names)
    line = _take(file, names, named.date, "--date-column") or _find_first(names, _LINE)
    start = "" if named.date else _find_first(names, _FROM)
    through = _take(file, names, named.through, "--through-column")
    lasts = (through,) if through else _find_all(names, _THROUGH)
    bill = _take(file, names, named.bill_type, "--bill-type-column") or _find_first(names, _BILL)
    pairs = (_find_all(names, pair) for pair in _SPLIT_BILL)
    bills = (bill,) if bill else next((pair for pair in pairs if len(pair) > 1), ())
    kept = [_take(file, names, name, "--keep") for name in named.keep]
    if not codes:
        raise _refuse(file, names, "has no column of codes", "--code-column")
    _refuse_twins(file, names, [*(name for name, _ in codes), line, start, *lasts])
    if not (line or start or lasts):
        raise _refuse(file, names, "has no column with the date of service", "--date-column")
    ids = _find_all(names, _IDS) if named.has_ids else ()
    every = tuple(dict.fromkeys((*ids, *kept)))
    charge = _find_first(names, _CHARGE)
    return ClaimColumns(tuple(codes), line, start, lasts, bills, charge, every)


def _refuse_twins(file: str, names: Sequence[str], used: Sequence[str]) -> None:
    """Refuse a column that is used and stands twice; Polars calls the second one by its number."""
    for name in filter(None, used):
        if f"{name}_duplicated_0" in names:
            raise Refused("E162", file, f"has two columns {name}", "give each its own name")


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
    """The columns that the user names; the user or their names tell the family."""
    known = _find_codes(names)
    found: list[tuple[str, str]] = []
    for word in wanted:
        start, _, end = word.rpartition("=")
        family = _FAMILIES.get(end.casefold(), "")
        pattern = start if family else word
        fits = [name for name in names if fnmatchcase(fold_name(name), fold_name(pattern))]
        if not fits:
            raise _refuse(file, names, f"has no column {pattern}", "--code-column")
        for name in fits:
            own = [one for one in known if one[0] == name]
            found += [(name, family)] if family else own or [(name, _tell_family(file, name))]
    return list(dict.fromkeys(found))


def _tell_family(file: str, name: str) -> str:
    """What a column holds by the words of its name: A0428 is a code of HCPCS and of ICD-10-CM."""
    words = {*_spell(name).split()}
    told = [family for family, own in _WORDS.items() if words & own]
    if len(told) != 1:
        wrong = f"does not tell by the name of {name} which codes it holds"
        choices = " or ".join(f"{name}={one}" for one in _FAMILIES)
        raise Refused("E163", file, wrong, f"say it: --code-column {choices}")
    return told[0]


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


def _find_all(names: Sequence[str], wanted: Sequence[str]) -> tuple[str, ...]:
    return tuple(found for one in wanted if (found := _find_first(names, (one,))))


def _find_first(names: Sequence[str], wanted: Sequence[str]) -> str:
    by_spelling = {_spell(name): name for name in reversed(names)}
    return next((by_spelling[one] for one in wanted if one in by_spelling), "")


def _spell(name: str) -> str:
    """A name as words with one blank between them."""
    return " ".join(re.sub(r"[_\-./]+", " ", fold_name(name)).split())


class Table(NamedTuple):
    """The lines of a file with `ROW`, the types of its columns, and the parts of a folder."""

    lines: pl.LazyFrame
    types: Types
    parts: tuple[Part, ...] = ()


def scan_lines(file: Path) -> Table:
    """Return the lines of a file or a folder of Parquet files.

    Raise `Refused` for what is no table.
    """
    try:
        lines = _scan(file)
        parts = tuple(read_parts(file)) if file.is_dir() else ()
        own = {name: kind for name, kind in lines.collect_schema().items() if name != ROW}
    except pl.exceptions.PolarsError as error:
        raise refuse_unreadable(file.name, error) from error
    except OSError as error:
        wrong = "is not there" if isinstance(error, FileNotFoundError) else "cannot be read"
        raise Refused("E101", str(file), wrong, "check the path") from error
    # What is a text in another dress, or nothing at all, is a text.
    types = merge_types([one.types for one in parts] or [own])
    dressed = [name for name in own if types[name] == pl.String and own[name] != pl.String]
    return Table(lines.with_columns(pl.col(dressed).cast(pl.String)), types, parts)


def _scan(file: Path) -> pl.LazyFrame:
    if file.is_dir() or is_parquet(file):
        parts = list_parts(file)
        if not parts and file.is_dir():
            fix = "give a folder of Parquet files, or a text table itself"
            raise Refused("E102", file.name, "is a folder without Parquet files", fix)
        keys = find_partitions(file, parts[0]) if file.is_dir() else {}
        # A number that the reader gives lets it skip what a filter leaves out.
        return pl.scan_parquet(
            parts or [file], row_index_name=ROW, row_index_offset=1, glob=False,
            hive_partitioning=bool(keys), hive_schema=keys or None, missing_columns="insert",
            extra_columns="ignore",
        )  # fmt: skip
    if file.suffix.lower() in SUFFIXES:
        return read_resources(file).lazy().with_row_index(ROW, 1)
    mark = _MARKS.get(file.suffix.lower())
    if mark is None:
        fix = (
            "give a CSV, TSV or other text table, a Parquet file, a folder of them, or FHIR ndjson"
        )
        raise Refused("E163", file.name, "is no table of claims that cptdiff reads", fix)
    text = _read_wide_text(file)
    return pl.scan_csv(
        text or file, separator=_find_mark(text or _read_start(file), mark), infer_schema=False,
        row_index_name=ROW, row_index_offset=1, glob=False,
    )  # fmt: skip


def is_parquet(file: Path) -> bool:
    """Whether a file is Parquet by its name."""
    return file.suffix.lower() in {".parquet", ".pq"}


def check_lines(file: str, lines: pl.LazyFrame) -> None:
    """Raise `Refused` for a table without lines: what is judged of it would be no answer."""
    try:
        is_empty = not lines.select(ROW).head(1).collect().height
    except pl.exceptions.PolarsError as error:
        raise refuse_unreadable(file, error) from error
    if is_empty:
        raise Refused("E111", file, "has a header but no lines", "export it again")


def name_files(files: Sequence[Path]) -> dict[Path, str]:
    """Return a name for each file: as much of the end of its path as no other one has.

    A file that is given twice is there once.
    """
    once = {file.resolve(): file for file in reversed(files)}
    ends = {file: [_cut(whole, size) for size in range(1, len(whole.parts) + 1)]
            for whole, file in reversed(once.items())}  # fmt: skip
    times = Counter(end for own in ends.values() for end in own)
    return {
        file: next((end for end in own if times[end] == 1), own[-1]) for file, own in ends.items()
    }


def _cut(path: Path, size: int) -> str:
    return "/".join(path.parts[-size:])


def _read_wide_text(file: Path) -> bytes | None:
    """The whole of a UTF-16 text, as Excel's Unicode text is, as UTF-8; none of any other."""
    start = _read_start(file)
    if not (start.startswith(_WIDE) or b"\0" in start):
        return None
    return convert_to_utf8(file.name, file.read_bytes(), ansi=False, encoding="")[0]


def _read_start(file: Path) -> bytes:
    with file.open("rb") as stream:
        return stream.read(_START)


def _find_mark(start: bytes, usual: str) -> str:
    """The separator of a text table: the one that gives its first rows the same cells, and most.

    It may stand in names too, with quotes or without.
    """
    text = start[:_START].decode("utf-8", "ignore").removeprefix("\ufeff")
    lines = text.splitlines(keepends=True)
    # The last line may be cut.
    tops = lines[: _TOPS if len(lines) > _TOPS or len(start) < _START else -1]

    def weigh(mark: str) -> tuple[bool, int, int, bool]:
        widths: list[int] = []
        # A cell of several lines may be cut; the rows above it are counted.
        with suppress(csv.Error):
            widths.extend(map(len, csv.reader(tops, delimiter=mark, strict=True)))
        width = widths[0] if widths else 0
        return width > 1, widths.count(width), width, mark == usual

    return max((usual, ",", "\t", "|", ";"), key=weigh)


def refuse_unreadable(file: str, error: Exception) -> Refused:
    """Return the refusal of a file that is not the table that it seems to be.

    What the library says may quote cells, which name patients.
    """
    if "more fields" in str(error):
        return Refused("E152", file, "has a row with more cells than its header", "export it again")
    wrong = "cannot be read as a table: its quotes, its encoding or its bytes are damaged"
    return Refused("E215", file, wrong, "export it again, as UTF-8")


def check_types(file: str, types: Types, columns: ClaimColumns) -> None:
    """Refuse codes that are numbers, and dates that are moments of a time zone or numbers.

    `types` may lack columns, as a part of a folder may.
    """
    texts = (pl.String, pl.Categorical, pl.Enum, pl.Null)
    for name, kind in ((one, types[one]) for one, _ in columns.codes if one in types):
        if not isinstance(kind, texts):
            lost = ", which loses leading zeros" if kind.is_numeric() else ", not as text"
            wrong = f"stores the codes of {name} as {kind}{lost}"
            raise Refused("E203", file, wrong, "write the column as text")
    for name, kind in ((one, types[one]) for one in columns.dates if one in types):
        if isinstance(kind, pl.Datetime) and kind.time_zone:
            wrong = f"stores {name} as moments in {kind.time_zone}, whose day depends on the place"
            raise Refused("E216", file, wrong, "write the column as dates")
        if not isinstance(kind, (*texts, pl.Date, pl.Datetime)):
            wrong = f"stores the dates of {name} as {kind}"
            raise Refused("E216", file, wrong, "write the column as dates, or as text")
