"""Which lines of claims used a code that was not valid on their date of service."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

import polars as pl

from cptdiff.impact.causes import write_amount
from cptdiff.impact.claim_files import Named, check_lines, name_files
from cptdiff.impact.claim_parts import ROW
from cptdiff.impact.service_codes import Family, collect_families, make_calendar, make_tables
from cptdiff.impact.service_duckdb import ask_duckdb
from cptdiff.impact.service_lines import Answer, ask_polars, open_room
from cptdiff.impact.service_queries import (
    Source,
    list_queries,
    list_skipped,
    open_claims,
    refuse_codes,
)
from cptdiff.model import ValidCodes
from cptdiff.process.progress import tell_share
from cptdiff.vocabulary import ENGINES, UNDATED

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


class Count(NamedTuple):
    """What became of the cells of one column of codes: they add up to the rows of the file.

    `other` are codes of a code set that is not judged in the column; `not_judged` those without a
    date, or of a day that the releases do not cover (`UNDATED`).
    """

    file: str
    column: str
    rows: int
    blank: int
    other: int
    valid: int
    invalid: int
    not_judged: int
    not_understood: int


@dataclass(frozen=True, eq=False, repr=False)
class Claims:
    """What was found: the lines (`INVALID` and kept columns), codes (`BY_CODE`), what is no code.

    `code_sets` has for each of `counts` the code sets given that its cells were judged by: a column
    of several families is counted for each. `skipped` names columns of codes that nothing was given
    for; `cents` is what the lines charge whose code was not valid.
    """

    invalid: pl.DataFrame
    by_code: pl.DataFrame
    not_understood: pl.DataFrame
    counts: tuple[Count, ...]
    code_sets: tuple[tuple[str, ...], ...]
    skipped: tuple[str, ...]
    cents: int


def judge_claims(
    files: Sequence[Path], valid: Sequence[ValidCodes], named: Named, engine: str = ENGINES[0]
) -> Claims:
    """Return what is wrong with the lines of `files` on their dates of service.

    `engine` is one of `ENGINES`: what runs the queries; the answers are the same.

    Raise `Refused` for a file that cannot be read, without codes or dates, with codes stored as
    numbers or moments in a time zone, and where no release fits a column of codes.
    """
    families = dict(collect_families(valid))
    tables = make_tables([*families.items()])
    code_sets: list[tuple[str, ...]] = []
    found: list[pl.DataFrame] = []
    counts: list[Count] = []
    skipped: list[str] = []
    names = name_files(files)
    for number, (file, name) in enumerate(names.items()):
        source = open_claims(file, named)._replace(file=name)
        check_lines(source.file, source.lines)
        skipped += list_skipped(source, valid)
        used = [families[family] for _, family in source.columns.codes if family in families]
        code_sets += [tuple(one.code_set for one in own.sets) for own in used]
        columns = len(source.columns.codes)
        for done, (part, count) in enumerate(_judge_file(source, valid, tables, engine), 1):
            found.append(part)
            counts.append(count)
            tell_share((number + done / columns) / len(names))
    if not counts:
        raise refuse_codes(files, valid)
    whole = pl.concat(found, how="diagonal")
    invalid = whole.filter(pl.col("status") != "not understood")
    ordered = invalid.sort("file", "row", "position")
    strange = whole.filter(pl.col("status") == "not understood")
    # A column of several families has each cell once.
    strange = strange.sort("file", "row", "position", "date_used", "code").unique(
        ("file", "row", "position"), keep="first", maintain_order=True
    )
    kept = [name for name in whole.columns if name not in (*INVALID, "cents", "day")]
    return Claims(
        ordered.select(*INVALID[:2], *kept, *INVALID[2:]),
        _sum_codes(invalid),
        strange.select("file", "row", *kept, "position", "code", "date_used"),
        tuple(counts),
        tuple(code_sets),
        tuple(skipped),
        int(_keep_judged(invalid).unique(("file", "row"))["cents"].sum()),
    )


def _keep_judged(invalid: pl.DataFrame) -> pl.DataFrame:
    """The lines whose date is known and covered by the releases."""
    return invalid.filter(~pl.col("status").is_in(UNDATED))


def _judge_file(
    source: Source, valid: Sequence[ValidCodes], tables: Mapping[str, pl.DataFrame], engine: str
) -> Iterator[tuple[pl.DataFrame, Count]]:
    """Yield for each column the cells that are not valid, and the count.

    The cells have `INVALID`, the kept columns and the charge in `cents`. Raise `Refused` for a file
    that turns out not to be a table.
    """
    queries = [*list_queries(source, valid)]
    if not queries:
        return
    has_texts = any(source.types[one] == pl.String for one in source.columns.dates)
    given = {**tables, "calendar": make_calendar(in_all_forms=has_texts)}
    with open_room(source.file) as room:
        if engine == "duckdb":
            answers = ask_duckdb(source, [query for query, _ in queries], given, room)
        else:
            answers = ask_polars(source, queries, given, room)
        for (query, own), answer in zip(queries, answers, strict=True):
            found = _explain(answer.found, source, query.column, own)
            yield found, _count(answer, source.file, query.column, found)


def _explain(rows: pl.DataFrame, source: Source, name: str, own: Family) -> pl.DataFrame:
    """The rows of a query with code set, basis, replacements, and what is no code at all."""
    columns = source.columns
    known = pl.concat([one.replacements for one in own.sets]).unique("code")
    held = own.wide.select("code", "code_set", "basis")
    frame = rows.join(held, on="code", how="left").join(known, on="code", how="left")
    forms = [
        pl.when(pl.col("code").str.contains(rf"\A(?:{one.billed_form})\z"))
        .then(pl.lit(str(one.name)))
        for one in own.profiles
    ]  # fmt: skip
    first = own.profiles[0]
    is_strange = pl.col("code_set").is_null() & (pl.col("status") != "header")
    is_judged = ~pl.col("status").is_in(UNDATED)
    charge = f"keep_{len(columns.kept) + 1}"
    return frame.with_columns(pl.coalesce("code_set", *forms).alias("code_set")).select(
        pl.lit(source.file).alias("file"),
        pl.col(ROW).cast(pl.Int64).alias("row"),
        *(
            pl.col(f"keep_{at}").cast(pl.String).alias(name_kept(one))
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


def name_kept(name: str) -> str:
    """Return a kept column under a name that is none of ours."""
    return f"{name} (claim)" if name in (*INVALID, "cents", "day") else name


def _read_cents(column: str) -> pl.Expr:
    """An amount in whole cents; in accounting parentheses it is less than nothing."""
    text = pl.col(column).cast(pl.String).str.replace_all(r"[$,\s]", "")
    amount = text.str.replace(r"\A\((.*)\)\z", "-${1}").cast(pl.Float64, strict=False)
    return (amount.fill_nan(None) * 100).round().cast(pl.Int64, strict=False)


def _count(answer: Answer, file: str, name: str, found: pl.DataFrame) -> Count:
    """What became of the cells of a column."""
    rows, blank, other = answer.rows, answer.blank, answer.other
    strange = found.filter(pl.col("status") == "not understood").height
    undated = found.filter(pl.col("status").is_in(UNDATED)).height
    valid = rows - blank - other - found.height
    invalid = found.height - undated - strange
    return Count(file, name, rows, blank, other, valid, invalid, undated, strange)


def _sum_codes(invalid: pl.DataFrame) -> pl.DataFrame:
    """by-code.csv: the most lines first; a line that has a code twice is one line."""
    key = ("status", "code_set", "code")
    once = invalid.unique((*key, "file", "row"), keep="first", maintain_order=True)
    summed = once.group_by(key).agg(
        pl.len().cast(pl.Int64).alias("lines"), write_amount(pl.col("cents").sum()).alias("charge")
    )
    return (
        invalid.group_by(key)
        .agg(
            pl.col("day").min().alias("first_date"),
            pl.col("day").max().alias("last_date"),
            pl.col("replacements").first(),
        )
        .join(summed, on=key)
        .sort("lines", *key, descending=[True, False, False, False])
        .select(BY_CODE)
    )
