"""Which lines of claims used a code that was not valid on their date of service."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Final, NamedTuple

import polars as pl

from cptdiff.codesets import PROFILES, Profile, profile_of
from cptdiff.errors import Refused
from cptdiff.impact.claim_files import (
    DIAGNOSIS,
    PROCEDURE,
    ROW,
    ClaimColumns,
    Named,
    check_types,
    find_columns,
    refuse_unreadable,
    scan_lines,
)
from cptdiff.impact.service_sql import (
    Position,
    write_date,
    write_inpatient_date,
    write_query,
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
# Days that a date of service may be; others are no dates.
_FIRST_DAY: Final = date(1900, 1, 1)
_LAST_DAY: Final = date(2100, 12, 31)
# How files of claims write a day.
_FORMS: Final = ("%Y-%m-%d", "%Y%m%d", "%m/%d/%Y", "%-m/%-d/%Y", "%d-%b-%Y")
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

    `skipped` names columns of codes that nothing was given for.
    """

    invalid: pl.DataFrame
    by_code: pl.DataFrame
    not_understood: pl.DataFrame
    counts: tuple[Count, ...]
    skipped: tuple[str, ...]


class _Source(NamedTuple):
    """One file of claims: its name, lines, the types of its columns, and which they are."""

    file: str
    lines: pl.LazyFrame
    types: Mapping[str, pl.DataType]
    columns: ClaimColumns


class _Family(NamedTuple):
    """The code sets given for one family, in one table; `profiles` are all that it has."""

    sets: tuple[ValidCodes, ...]
    profiles: tuple[Profile, ...]
    wide: pl.DataFrame
    headers: pl.DataFrame
    first: date
    last: date

    @property
    def missing(self) -> tuple[Profile, ...]:
        """The code sets whose codes stand in the same columns, of which no release was given."""
        given = {one.code_set for one in self.sets}
        return tuple(one for one in self.profiles if str(one.name) not in given)


def judge_claims(files: Sequence[Path], valid: Sequence[ValidCodes], named: Named) -> Claims:
    """Return what is wrong with the lines of `files` on their dates of service.

    Raise `Refused` for a file that cannot be read, without codes or dates, with codes stored as
    numbers or moments in a time zone, and where no release fits a column of codes.
    """
    families = dict(_collect_families(valid))
    found: list[pl.DataFrame] = []
    counts: list[Count] = []
    skipped: list[str] = []
    for file in files:
        source = _open(file, named)
        for name, family in source.columns.codes:
            if family not in families:
                skipped.append(f"{file.name}: {name} ({family})")
                continue
            part, count = _judge_column(source, name, family, families[family])
            found.append(part)
            counts.append(count)
    if not counts:
        what = f"has no column of codes of {', '.join(one.code_set for one in valid)}"
        fix = "give --release for the code sets of its columns, or name one with --code-column"
        raise Refused("E163", ", ".join(file.name for file in files), what, fix)
    whole = pl.concat(found, how="diagonal")
    invalid = whole.filter(pl.col("status") != "not understood")
    ordered = invalid.sort("file", "row", "position")
    strange = whole.filter(pl.col("status") == "not understood").sort("file", "row", "position")
    kept = [name for name in whole.columns if name not in (*INVALID, "charge", "day")]
    return Claims(
        ordered.select(*INVALID[:2], *kept, *INVALID[2:]),
        _sum_codes(invalid),
        strange.select("file", "row", *kept, "position", "code", "date_used"),
        tuple(counts),
        tuple(skipped),
    )


def _collect_families(valid: Sequence[ValidCodes]) -> Iterator[tuple[str, _Family]]:
    """Yield the code sets given, by what a claim states with their codes."""
    families = {profile.billed_as for profile in PROFILES.values() if profile.billed_as}
    for family in sorted(families):
        given = {one.code_set: one for one in valid if profile_of(one.code_set).billed_as == family}
        if given:
            tables = [
                one.wide.with_columns(pl.lit(name).alias("code_set")) for name, one in given.items()
            ]
            yield (
                family,
                _Family(
                    tuple(given.values()),
                    tuple(one for one in PROFILES.values() if one.billed_as == family),
                    pl.concat(tables, how="diagonal"),
                    pl.concat([one.headers for one in given.values()]),
                    min(one.first for one in given.values()),
                    max(one.last for one in given.values()),
                ),
            )


def _open(file: Path, named: Named) -> _Source:
    lines, types = scan_lines(file)
    columns = find_columns(file.name, list(types), named)
    check_types(file.name, types, columns)
    return _Source(file.name, lines, types, columns)


def _judge_column(
    source: _Source, name: str, family: str, own: _Family
) -> tuple[pl.DataFrame, Count]:
    """The lines of one column that are not valid (`INVALID`, kept columns, charge), and the count.

    Raise `Refused` for a file that turns out not to be a table.
    """
    position, decisive = _place(source, name, family)
    kept = [one for one in (*source.columns.kept, source.columns.charge) if one and one != name]
    spells = sum(column.startswith("t") for column in own.wide.columns)
    query = write_query(position, list(dict.fromkeys(kept)), spells, own.first)
    dated = _unify_dates(source, is_date=position.is_date)
    try:
        values = _sort_values(source.lines, name, own)
        tables = {
            "lines": dated.filter(_may_be_invalid(values, position, decisive, own)),
            "codes": own.wide.lazy(),
            "headers": own.headers.lazy(),
            "calendar": _make_calendar().lazy(),
        }
        with pl.SQLContext(tables) as context:
            rows = context.execute(query).collect(engine="streaming")
    except pl.exceptions.PolarsError as error:
        raise refuse_unreadable(source.file, error) from error
    found = _explain(rows, source, name, own)
    return found, _count(values, source.file, name, found)


def _place(source: _Source, name: str, family: str) -> tuple[Position, tuple[str, ...]]:
    """How the day of a code is found, and the columns that decide it where they are filled."""
    columns = source.columns
    order = (columns.line_date, columns.from_date, columns.through)
    if family == DIAGNOSIS:
        order = (columns.from_date, columns.line_date, columns.through)
    elif family != PROCEDURE:
        order = (columns.through, columns.from_date, columns.line_date)
    used = tuple(filter(None, order))
    is_date = all(source.types[one] not in {pl.String, pl.Null} for one in columns.dates)
    day = write_date(used, is_date=is_date)
    if family == DIAGNOSIS and columns.bill_type and columns.through:
        last = write_date((columns.through,), is_date=is_date)
        day = write_inpatient_date(columns.bill_type, last, day)
        return Position(name, family, day, is_date), (used[0], columns.through)
    return Position(name, family, day, is_date), used[:1]


def _sort_values(lines: pl.LazyFrame, name: str, own: _Family) -> pl.DataFrame:
    """The different cells of a column: `cell`, `rows`, and `sort`.

    Sorts: blank; other (of a code set that was not given); steady (valid from the first release
    on until long after the last one); open.
    """
    code = pl.col("cell").cast(pl.String).str.strip_chars().str.to_uppercase()
    bare = code.str.replace_all(".", "", literal=True)
    patterns = [one.grammar["code"] for one in own.missing]
    other = [bare.str.contains(rf"\A(?:{pattern})\z") for pattern in patterns]
    is_steady = (pl.col("f1") <= own.first) & (pl.col("t1") >= own.last + _REACH)
    steady = own.wide.filter(is_steady)["code"].implode()
    counted = lines.group_by(pl.col(name).alias("cell")).agg(pl.len().alias("rows"))
    return counted.collect(engine="streaming").with_columns(
        pl.when(bare.fill_null("") == "").then(pl.lit("blank"))
        .when(bare.is_in(steady)).then(pl.lit("steady"))
        .when(pl.any_horizontal(other) if other else pl.lit(value=False)).then(pl.lit("other"))
        .otherwise(pl.lit("open")).alias("sort")
    )  # fmt: skip


def _may_be_invalid(
    values: pl.DataFrame, position: Position, decisive: Sequence[str], own: _Family
) -> pl.Expr:
    """Whether a line needs the query: nine of ten have a steady code and an ordinary date."""
    until = own.last + _REACH
    days = pl.date_range(own.first, until, eager=True).dt
    texts = pl.concat([days.to_string("%Y-%m-%d"), days.to_string("%Y%m%d")]).implode()
    is_ordinary = pl.all_horizontal(
        pl.col(one).is_between(own.first, until) if position.is_date else pl.col(one).is_in(texts)
        for one in decisive
    ).fill_null(value=False)
    cells = {
        sort: values.filter(pl.col("sort") == sort)["cell"].drop_nulls().cast(pl.String).implode()
        for sort in ("open", "steady")
    }
    cell = pl.col(position.column).cast(pl.String)
    return cell.is_in(cells["open"]) | (cell.is_in(cells["steady"]) & ~is_ordinary)


def _unify_dates(source: _Source, *, is_date: bool) -> pl.LazyFrame:
    """The lines, whose dates are all days, or all texts."""
    casts, types, lines = [], source.types, source.lines
    for name in source.columns.dates:
        day = pl.col(name).dt.date() if isinstance(types[name], pl.Datetime) else pl.col(name)
        if is_date and isinstance(types[name], pl.Datetime):
            casts.append(day)
        elif not is_date and types[name] != pl.String:
            casts.append(day.cast(pl.Date).dt.to_string("%Y-%m-%d"))
    return lines.with_columns(casts) if casts else lines


def _make_calendar() -> pl.DataFrame:
    """Every way to write each day: `text`, `day`."""
    days = pl.date_range(_FIRST_DAY, _LAST_DAY, eager=True).alias("day")
    forms = [days.dt.to_string(form).alias("text") for form in _FORMS]
    upper = forms[-1].str.to_uppercase()
    stamped = forms[0] + " 00:00:00"
    frames = [
        pl.DataFrame({"text": text, "day": days})
        for text in (*forms, upper, stamped, forms[0] + "T00:00:00")
    ]
    return pl.concat(frames).unique("text")


def _explain(rows: pl.DataFrame, source: _Source, name: str, own: _Family) -> pl.DataFrame:
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
    charge = pl.col(columns.charge) if columns.charge else pl.lit(None, pl.String)
    is_text = columns.charge and rows.schema[columns.charge] == pl.String
    clean = charge.str.replace_all(r"[$,\s]", "") if is_text else charge
    first = own.profiles[0]
    is_strange = pl.col("code_set").is_null() & (pl.col("status") != "header")
    return frame.with_columns(pl.coalesce("code_set", *forms).alias("code_set")).select(
        pl.lit(source.file).alias("file"),
        pl.col(ROW).cast(pl.Int64).alias("row"),
        *(pl.col(one).cast(pl.String) for one in columns.kept if one != name),
        pl.lit(name).alias("position"),
        pl.col("code_set").fill_null(str(first.name)),
        "code",
        pl.col("date_used").cast(pl.String).fill_null(""),
        "day",
        pl.when(is_strange).then(pl.lit("not understood")).otherwise("status").alias("status"),
        "valid_from",
        "valid_to",
        pl.col("basis").fill_null(""),
        pl.lit(first.denial).alias("carc"),
        pl.col("replaced_by").fill_null("").alias("replacements"),
        clean.cast(pl.Float64, strict=False).alias("charge"),
    )


def _count(values: pl.DataFrame, file: str, name: str, told: pl.DataFrame) -> Count:
    """What became of the cells of a column."""
    sizes = dict(values.group_by("sort").agg(pl.col("rows").sum()).iter_rows())
    blank, other, rows = sizes.get("blank", 0), sizes.get("other", 0), sum(sizes.values())
    strange = told.filter(pl.col("status") == "not understood").height
    invalid = told.height - strange
    valid = rows - blank - other - invalid - strange
    return Count(file, name, rows, blank, other, valid, invalid, strange)


def _sum_codes(invalid: pl.DataFrame) -> pl.DataFrame:
    """by-code.csv: the most lines first."""
    return (
        invalid.group_by("status", "code_set", "code")
        .agg(
            pl.len().cast(pl.Int64).alias("lines"),
            pl.col("charge").sum().round(2),
            pl.col("day").min().alias("first_date"),
            pl.col("day").max().alias("last_date"),
            pl.col("replacements").first(),
        )
        .sort(
            pl.col("lines") * -1, "status", "code_set", "code"
        )
        .select(BY_CODE)
    )  # fmt: skip
