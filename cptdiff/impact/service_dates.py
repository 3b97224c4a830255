"""Which lines of claims used a code that was not valid on their date of service."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final, NamedTuple

import polars as pl

from cptdiff.errors import Refused
from cptdiff.impact.causes import write_amount
from cptdiff.impact.claim_files import (
    DIAGNOSIS,
    PROCEDURE,
    ROW,
    ClaimColumns,
    Named,
    check_lines,
    check_types,
    check_width,
    find_columns,
    is_parquet,
    refuse_unreadable,
    scan_lines,
)
from cptdiff.impact.service_codes import Family, collect_families, make_calendar, make_tables
from cptdiff.impact.service_sql import (
    Position,
    write_first,
    write_first_day,
    write_inpatient_date,
    write_query,
    write_script,
    write_text,
    write_uncovered,
)
from cptdiff.model import ValidCodes

# `position` is the column of the code; `row` the number of the line below the header.
INVALID: Final = (
    "file", "row", "position", "code_set", "code", "date_used", "status", "valid_from",
    "valid_to", "basis", "carc", "replacements",
)  # fmt: skip
BY_CODE: Final = (
    "status",
    "code_set",
    "code",
    "lines",
    "charge",
    "first_date",
    "last_date",
    "replacements",
)
# Dates of so many years after the last release need no second look.
_REACH: Final = timedelta(days=3 * 366)


class Count(NamedTuple):
    """What became of the cells of one column of codes: they add up to the rows of the file.

    `other` are codes of a code set whose releases were not given.
    """

    file: str
    column: str
    rows: int
    blank: int
    other: int
    valid: int
    invalid: int
    not_understood: int


@dataclass(frozen=True, eq=False, repr=False)
class Claims:
    """What was found: the lines (`INVALID` and kept columns), codes (`BY_CODE`), what is no code.

    `skipped` names columns of codes that nothing was given for; `cents` is what the lines charge
    whose code was not valid.
    """

    invalid: pl.DataFrame
    by_code: pl.DataFrame
    not_understood: pl.DataFrame
    counts: tuple[Count, ...]
    skipped: tuple[str, ...]
    cents: int


class _Source(NamedTuple):
    """One file of claims: its name, lines, the types of its columns, and which they are."""

    file: str
    lines: pl.LazyFrame
    types: Mapping[str, pl.DataType]
    columns: ClaimColumns


def judge_claims(files: Sequence[Path], valid: Sequence[ValidCodes], named: Named) -> Claims:
    """Return what is wrong with the lines of `files` on their dates of service.

    Raise `Refused` for a file that cannot be read, without codes or dates, with codes stored as
    numbers or moments in a time zone, and where no release fits a column of codes.
    """
    families = dict(collect_families(valid))
    tables = make_tables([*families.items()])
    found: list[pl.DataFrame] = []
    counts: list[Count] = []
    skipped: list[str] = []
    names = Counter(file.name for file in files)
    for file in files:
        source = _open(file, named)
        check_lines(source.file, source.lines)
        if names[file.name] > 1:
            source = source._replace(file=f"{file.parent.name}/{file.name}")
        for name, family in source.columns.codes:
            if family not in families:
                skipped.append(f"{file.name}: {name} ({family})")
                continue
            part, count = _judge_column(source, name, (family, families[family]), tables)
            found.append(part)
            counts.append(count)
    if not counts:
        raise _refuse_codes(files, valid)
    whole = pl.concat(found, how="diagonal")
    invalid = whole.filter(pl.col("status") != "not understood")
    ordered = invalid.sort("file", "row", "position")
    strange = whole.filter(pl.col("status") == "not understood").sort("file", "row", "position")
    kept = [name for name in whole.columns if name not in (*INVALID, "cents", "day")]
    return Claims(
        ordered.select(*INVALID[:2], *kept, *INVALID[2:]),
        _sum_codes(invalid),
        strange.select("file", "row", *kept, "position", "code", "date_used"),
        tuple(counts),
        tuple(skipped),
        int(_keep_judged(invalid).unique(("file", "row"))["cents"].sum()),
    )


def _keep_judged(invalid: pl.DataFrame) -> pl.DataFrame:
    """The lines whose date is known and covered by the releases."""
    return invalid.filter(~pl.col("status").is_in(["no-date", "out-of-range"]))


def _open(file: Path, named: Named) -> _Source:
    lines, types = scan_lines(file)
    columns = find_columns(file.name, list(types), named)
    check_types(file.name, types, columns)
    if file.is_file() and not is_parquet(file):
        check_width(file.name, lines)
    return _Source(file.name, lines, types, columns)


def write_claims_sql(file: Path, valid: Sequence[ValidCodes], named: Named) -> str:
    """Return the query for the claims of `file`, for any engine that knows ANSI SQL.

    Raise `Refused` as `judge_claims` does.
    """
    families = dict(collect_families(valid))
    source = _open(file, named)
    queries = [
        _write_query(source, name, family, families[family])
        for name, family in source.columns.codes
        if family in families
    ]
    if not queries:
        raise _refuse_codes([file], valid)
    return write_script(queries)


def _judge_column(
    source: _Source, name: str, named_family: tuple[str, Family], tables: Mapping[str, pl.DataFrame]
) -> tuple[pl.DataFrame, Count]:
    """The lines of one column that are not valid (`INVALID`, kept columns, charge), and the count.

    Raise `Refused` for a file that turns out not to be a table.
    """
    family, own = named_family
    query = _write_query(source, name, family, own)
    _, decisive = _place(source, name, family, own)
    try:
        values = _sort_values(source.lines, name, own)
        lines = source.lines.filter(_may_be_invalid(source, values, name, decisive, own))
        has_texts = any(source.types[one] == pl.String for one in source.columns.dates)
        calendar = make_calendar(in_all_forms=has_texts)
        given = {
            "lines": lines, "calendar": calendar.lazy(),
            "codes": tables["codes"].lazy(), "headers": tables["headers"].lazy(),
        }  # fmt: skip
        with pl.SQLContext(given) as context:
            rows = context.execute(query).collect(engine="streaming")
    except pl.exceptions.PolarsError as error:
        raise refuse_unreadable(source.file, error) from error
    found = _explain(rows, source, name, own)
    return found, _count(values, source.file, name, found)


def _list_kept(source: _Source) -> list[str]:
    """The columns that a query repeats, as keep_1 and so on: those to keep, and the charge."""
    charge = source.columns.charge
    return [*source.columns.kept, *([charge] if charge else [])]


def _write_query(source: _Source, name: str, family: str, own: Family) -> str:
    spells = sum(column.startswith("t") for column in own.wide.columns)
    position, _ = _place(source, name, family, own)
    first, uncovered = write_first_day(own.days), write_uncovered(own.gaps, spells)
    return write_query(position, _list_kept(source), spells, first, uncovered)


def _place(
    source: _Source, name: str, family: str, own: Family
) -> tuple[Position, tuple[str, ...]]:
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
    others = tuple(one.grammar["code"] for one in own.missing)
    return Position(name, family, day, own.has_dots, others), used


def _refuse_codes(files: Sequence[Path], valid: Sequence[ValidCodes]) -> Refused:
    what = f"has no column of codes of {', '.join(one.code_set for one in valid)}"
    fix = "give --release for the code sets of its columns, or name one with --code-column"
    return Refused("E163", ", ".join(file.name for file in files), what, fix)


def _sort_values(lines: pl.LazyFrame, name: str, own: Family) -> pl.DataFrame:
    """The different cells of a column: `cell`, `rows`, and `sort`.

    Sorts: blank; other (of a code set that was not given); steady (valid from the first release
    on until long after the last one); open.
    """
    code = pl.col("cell").str.strip_chars().str.to_uppercase()
    bare = code.str.replace_all(".", "", literal=True) if own.has_dots else code
    patterns = [one.grammar["code"] for one in own.missing]
    other = [bare.str.contains(rf"\A(?:{pattern})\z") for pattern in patterns]
    first, last = own.span
    is_steady = (pl.col("f1") <= first) & (pl.col("t1") >= last + _REACH)
    steady = own.wide.filter(is_steady)["code"].implode()
    counted = lines.group_by(pl.col(name).alias("cell")).agg(pl.len().alias("rows"))
    return counted.collect(engine="streaming").with_columns(
        pl.when(bare.fill_null("") == "").then(pl.lit("blank"))
        .when(bare.is_in(steady)).then(pl.lit("steady"))
        .when(pl.any_horizontal(other) if other else pl.lit(value=False)).then(pl.lit("other"))
        .otherwise(pl.lit("open")).alias("sort")
    )  # fmt: skip


def _may_be_invalid(
    source: _Source, values: pl.DataFrame, name: str, decisive: Sequence[str], own: Family
) -> pl.Expr:
    """Whether a line needs the query: nine of ten have a steady code and an ordinary date."""
    first, last = own.span
    until = last + _REACH
    days = pl.date_range(first, max(first, until), eager=True).dt
    texts = pl.concat([days.to_string("%Y-%m-%d"), days.to_string("%Y%m%d")]).implode()
    is_ordinary = [
        pl.col(one).is_in(texts)
        if source.types[one] == pl.String
        else pl.col(one).cast(pl.Date).is_between(first, until)
        for one in decisive
    ]
    cells = {
        sort: values.filter(pl.col("sort") == sort)["cell"].drop_nulls().cast(pl.String).implode()
        for sort in ("open", "steady")
    }
    cell, is_plain = pl.col(name).cast(pl.String), pl.all_horizontal(is_ordinary)
    is_odd = ~is_plain.fill_null(value=False)
    is_open = cell.is_in(cells["open"])
    if not source.lines.select(is_odd.any()).collect(engine="streaming").item():
        return is_open
    return is_open | (cell.is_in(cells["steady"]) & is_odd)


def _explain(rows: pl.DataFrame, source: _Source, name: str, own: Family) -> pl.DataFrame:
    """The rows of a query with code set, basis, replacements, and what is no code at all."""
    columns = source.columns
    known = pl.concat([one.replacements for one in own.sets]).unique("code")
    held = own.wide.select("code", "code_set", "basis")
    frame = rows.join(held, on="code", how="left").join(known, on="code", how="left")
    forms = [
        pl.when(pl.col("code").str.contains(rf"\A(?:{one.grammar['code']})\z"))
        .then(pl.lit(str(one.name)))
        for one in own.profiles
    ]  # fmt: skip
    first = own.profiles[0]
    is_strange = pl.col("code_set").is_null() & (pl.col("status") != "header")
    is_judged = ~pl.col("status").is_in(["no-date", "out-of-range"])
    charge = f"keep_{len(columns.kept) + 1}"
    return frame.with_columns(pl.coalesce("code_set", *forms).alias("code_set")).select(
        pl.lit(source.file).alias("file"),
        pl.col(ROW).cast(pl.Int64).alias("row"),
        *(
            pl.col(f"keep_{at}").cast(pl.String).alias(_name_kept(one))
            for at, one in enumerate(columns.kept, 1)
        ),
        pl.lit(name).alias("position"),
        pl.col("code_set").fill_null(str(first.name)),
        "code",
        pl.col("date_used").cast(pl.String).fill_null(""),
        "day",
        pl.when(is_strange).then(pl.lit("not understood")).otherwise("status").alias("status"),
        pl.col("valid_from", "valid_to").str.to_date("%Y-%m-%d"),
        pl.col("basis").fill_null(""),
        pl.when(is_judged).then(pl.lit(first.denial)).otherwise(pl.lit("")).alias("carc"),
        pl.col("replaced_by").fill_null("").alias("replacements"),
        (_read_cents(charge) if columns.charge else pl.lit(None, pl.Int64)).alias("cents"),
    )


def _name_kept(name: str) -> str:
    """A kept column under a name that is none of ours."""
    return f"{name} (claim)" if name in (*INVALID, "cents", "day") else name


def _read_cents(column: str) -> pl.Expr:
    """An amount in whole cents; in accounting parentheses it is less than nothing."""
    text = pl.col(column).cast(pl.String).str.replace_all(r"[$,\s]", "")
    amount = text.str.replace(r"\A\((.*)\)\z", "-${1}").cast(pl.Float64, strict=False)
    return (amount.fill_nan(None) * 100).round().cast(pl.Int64, strict=False)


def _count(values: pl.DataFrame, file: str, name: str, told: pl.DataFrame) -> Count:
    """What became of the cells of a column."""
    sizes = dict(values.group_by("sort").agg(pl.col("rows").sum()).iter_rows())
    blank, other, rows = sizes.get("blank", 0), sizes.get("other", 0), sum(sizes.values())
    strange = told.filter(pl.col("status") == "not understood").height
    invalid = told.height - strange
    valid = rows - blank - other - invalid - strange
    return Count(file, name, rows, blank, other, valid, invalid, strange)


def _sum_codes(invalid: pl.DataFrame) -> pl.DataFrame:
    """by-code.csv: the most lines first; a line that has a code twice is charged once."""
    key = ("status", "code_set", "code")
    once = invalid.unique((*key, "file", "row"), keep="first", maintain_order=True)
    charged = once.group_by(key).agg(write_amount(pl.col("cents").sum()).alias("charge"))
    return (
        invalid.group_by(key)
        .agg(
            pl.len().cast(pl.Int64).alias("lines"),
            pl.col("day").min().alias("first_date"),
            pl.col("day").max().alias("last_date"),
            pl.col("replacements").first(),
        )
        .join(charged, on=key)
        .sort("lines", *key, descending=[True, False, False, False])
        .select(BY_CODE)
    )
