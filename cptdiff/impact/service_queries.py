"""Which query is asked of which columns of a file of claims."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import polars as pl

from cptdiff.codesets import PROFILES
from cptdiff.errors import Refused
from cptdiff.impact.claim_files import (
    DIAGNOSIS,
    INPATIENT,
    PROCEDURE,
    ClaimColumns,
    Named,
    check_types,
    find_columns,
    is_parquet,
    scan_lines,
)
from cptdiff.impact.claim_parts import ROW, list_mixed, scan_mixed
from cptdiff.impact.service_codes import Family, collect_families
from cptdiff.impact.service_sql import (
    Position,
    write_count,
    write_first,
    write_first_day,
    write_inpatient_date,
    write_query,
    write_script,
    write_text,
    write_uncovered,
)
from cptdiff.model import ValidCodes


class Source(NamedTuple):
    """One file of claims: its name, lines, the types of its columns, and which they are.

    `is_copied` tells that its columns are read once, into one Parquet file: those of a text table,
    or of parts that differ in their types.
    """

    file: str
    path: Path
    lines: pl.LazyFrame
    types: Mapping[str, pl.DataType]
    columns: ClaimColumns
    is_copied: bool

    @property
    def kept(self) -> list[str]:
        """The columns that a query repeats, as keep_1 and so on: those to keep, and the charge."""
        charge = self.columns.charge
        return [*self.columns.kept, *([charge] if charge else [])]

    @property
    def used(self) -> tuple[str, ...]:
        """The columns that all queries read, beside the number of the line."""
        columns = self.columns
        codes = [name for name, _ in columns.codes]
        return tuple(dict.fromkeys((*codes, *columns.dates, *columns.bill_type, *self.kept)))


class Query(NamedTuple):
    """What is asked of one column of codes.

    `text` finds the cells that are not valid; `counting` counts the blank ones and those of other
    code sets. `used` are the columns that they read, `decisive` those whose date decides where it
    is filled.
    """

    column: str
    family: str
    text: str
    counting: str
    used: tuple[str, ...]
    decisive: tuple[str, ...]


def open_claims(file: Path, named: Named) -> Source:
    """Return a file of claims; of a text table only the header is read.

    Raise `Refused` for one without codes or dates, with codes stored as numbers or moments in a
    time zone.
    """
    table = scan_lines(file)
    types = table.types
    columns = find_columns(file.name, list(types), named)
    for part in table.parts:
        check_types(f"{file.name}/{part.path.relative_to(file)}", part.types, columns)
    check_types(file.name, types, columns)
    is_text = file.is_file() and not is_parquet(file)
    source = Source(file.name, file, table.lines, types, columns, is_text)
    if table.parts and list_mixed(table.parts).intersection(source.used):
        used = {name: types[name] for name in source.used}
        source = source._replace(lines=scan_mixed(file, table.parts, used), is_copied=True)
    return source


def write_claims_sql(file: Path, valid: Sequence[ValidCodes], named: Named) -> str:
    """Return the query for the claims of `file`, for any engine that knows ANSI SQL.

    Raise `Refused` as `judge_claims` does.
    """
    queries = [query.text for query, _ in list_queries(open_claims(file, named), valid)]
    if not queries:
        raise refuse_codes([file], valid)
    return write_script(queries)


def list_queries(source: Source, valid: Sequence[ValidCodes]) -> Iterator[tuple[Query, Family]]:
    """Yield the query of each column of codes that something in `valid` is for."""
    families = dict(collect_families(valid))
    for name, family in source.columns.codes:
        if family in families:
            yield _write(source, name, family, families[family]), families[family]


def list_skipped(source: Source, valid: Sequence[ValidCodes]) -> Iterator[str]:
    """Yield the columns of codes that nothing in `valid` is for."""
    families = dict(collect_families(valid))
    for name, family in source.columns.codes:
        if family not in families:
            yield f"{source.file}: {name} ({family})"


def _write(source: Source, name: str, family: str, own: Family) -> Query:
    spells, headings = (
        sum(column.startswith("t") for column in table.columns) for table in (own.wide, own.headers)
    )
    position, decisive = _place(source, name, family, own)
    first, uncovered = write_first_day(own.days), write_uncovered(own.gaps, spells, headings)
    columns = source.columns
    used = dict.fromkeys((ROW, name, *columns.dates, *columns.bill_type, *source.kept))
    return Query(
        name, family, write_query(position, source.kept, spells, first, uncovered),
        write_count(position), tuple(used), decisive,
    )  # fmt: skip


def _place(source: Source, name: str, family: str, own: Family) -> tuple[Position, tuple[str, ...]]:
    """How the day of a code is found, and the columns that decide it where they are filled."""
    columns = source.columns
    order = (columns.line_date, columns.from_date, *columns.through)
    if family == DIAGNOSIS:
        order = (columns.from_date, columns.line_date, *columns.through)
    elif family != PROCEDURE:
        order = (*columns.through, columns.from_date, columns.line_date)
    used = tuple(filter(None, order))
    texts = {one: write_text(one, is_date=source.types[one] != pl.String) for one in used}
    day = write_first([texts[one] for one in used])
    if family == DIAGNOSIS and columns.bill_type and columns.through:
        last = write_first([texts[one] for one in columns.through])
        day = write_inpatient_date(columns.bill_type, last, day)
        used = (used[0], columns.through[0])
    else:
        used = used[:1]
    others = [one.grammar["code"] for one in own.missing]
    beside = {other for column, other in columns.codes if column == name and other != family}
    if family == INPATIENT:
        # Columns of procedures of a claim have codes of CPT and HCPCS in some files.
        beside.add(PROCEDURE)
    others += [one.billed_form for one in PROFILES.values() if one.billed_as in beside]
    return Position(name, family, day, own.has_dots, tuple(others)), used


def refuse_codes(files: Sequence[Path], valid: Sequence[ValidCodes]) -> Refused:
    """Return the refusal of files whose columns of codes nothing was given for."""
    what = f"has no column of codes of {', '.join(one.code_set for one in valid)}"
    fix = "give --release for the code sets of its columns, or name one with --code-column"
    return Refused("E163", ", ".join(file.name for file in files), what, fix)
