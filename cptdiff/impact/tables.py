"""The tables of an impact run: touched lines, causes, suggestions, lists, cells set aside."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Final, NamedTuple

import polars as pl

from cptdiff.codesets import PROFILES
from cptdiff.errors import Refused, find_nearest
from cptdiff.impact.causes import CENTS, name_listed, write_amount
from cptdiff.impact.cells import ICD, LOCAL, NDC
from cptdiff.impact.facts import OTHER, STATUSES, Run
from cptdiff.impact.grids import LEFT_OUT
from cptdiff.impact.groups import Grouping
from cptdiff.impact.judge import JUDGED, Judgement
from cptdiff.impact.lists import CodeList, find_line_id, find_line_text

IMPACT: Final = (
    "list", "sheet", "line", "line_id", "cell", "code_set", "code", "modifiers", "part", "status",
    "change", "severity", "reason", "classes", "previous_descriptor", "current_descriptor",
    "replacements", "replacement_descriptors", "replacement_on_list", "cause", "effective_date",
    "last_valid_date", "group", "exposure", "exposure_formula",
)  # fmt: skip
# What reports for people need beside `IMPACT`, and impact.csv does not have.
INNER: Final = (
    "line_text", "cents", "replacement_bases", "field", "field_previous", "field_current",
)  # fmt: skip
LISTS: Final = (
    "list", "sheet", "header_line", "columns", "lines", "rows_excluded", *LEFT_OUT,
    "cells", "blank", "understood", "set_aside", "read_as_code_and_modifier", *STATUSES,
)  # fmt: skip
# A longer name is an address or a sentence.
_LONGEST_NAME: Final = 12
_NO_NUMBER: Final = r"[$\s,]"


def drop_inner(touched: pl.DataFrame) -> pl.DataFrame:
    """Return touched lines as impact.csv has them."""
    return touched.drop(INNER)


class Asked(NamedTuple):
    """What the user asks of the lines: columns to keep, groups, volume times price, the number."""

    keep: tuple[str, ...] = ()
    grouping: Grouping | None = None
    volume: str = ""
    price: str = ""
    line_id: str = ""

    def list_columns(self) -> tuple[str, ...]:
        """The columns that the user names, by the names that were given."""
        group = self.grouping.column if self.grouping else ""
        return tuple(filter(None, (*self.keep, group, self.volume, self.price, self.line_id)))


def list_touched(lists: Sequence[CodeList], judgement: Judgement, asked: Asked) -> pl.DataFrame:
    """Return impact.csv: `IMPACT` and the kept columns, sorted by list, line and code.

    `INNER` come last: the text of the line in its list, the exposure in cents, who states each
    replacement, and the field that changed where the descriptors are the same. Raise
    `Refused` for a column that no list has.
    """
    _check_columns(lists, asked)
    kept = _name_kept(asked.keep)
    touched = judgement.touched.rename({"list": "number", "text": "cell"})
    frames = []
    for number, one in enumerate(lists):
        own = touched.filter(pl.col("number") == number)
        told = _describe_lines(one, own, asked, kept)
        frames.append(own.join(told, on="line", how="left", maintain_order="left"))
    # In the order of the judgement: by line and code.
    whole = pl.concat(frames).with_row_index("row")
    marked = _mark_replacements(name_listed(whole), list_codes_on(lists, judgement))
    return marked.select(*IMPACT, *kept.values(), *INNER)


def _check_columns(lists: Sequence[CodeList], asked: Asked) -> None:
    """Raise `Refused` (E163) where a column that the user names is in no list."""
    wanted = [("--keep", name) for name in asked.keep]
    wanted += [("--volume-column", asked.volume), ("--price-column", asked.price)]
    wanted += [("--id-column", asked.line_id)]
    if asked.grouping and asked.grouping.column:
        wanted.append(("--group-by", asked.grouping.column))
    for option, name in wanted:
        if name and not any(one.find_column(name) for one in lists):
            names = dict.fromkeys(name for one in lists for name in one.grid.names)
            near = find_nearest(name, [*names])
            fix = f'use {option} "{near}"' if near else "name a column as the list does"
            quoted = f"; columns: {', '.join(names)}"
            raise Refused("E163", option, f"no list has a column {name}", fix, quoted)


def _name_kept(keep: Sequence[str]) -> dict[str, str]:
    """What each kept column is called, so that none is called as one of ours."""
    return {name: f"{name} (list)" if name in (*IMPACT, *INNER) else name for name in keep}


def _describe_lines(
    one: CodeList, touched: pl.DataFrame, asked: Asked, kept: Mapping[str, str]
) -> pl.DataFrame:
    """What is told of each touched line of a list besides its codes."""
    grouping = asked.grouping
    line_id = find_line_id(one, asked.line_id)
    names = {"line_id": line_id, "line_text": find_line_text(one), **{
        called: one.find_column(name) for name, called in kept.items()
    }}  # fmt: skip
    texts = [
        (pl.col(column).str.strip_chars() if column else pl.lit("")).alias(name)
        for name, column in names.items()
    ]
    group = grouping.name_group(one, line_id) if grouping else pl.lit("")
    lines = one.grid.frame.filter(pl.col("line").is_in(touched["line"].unique().implode()))
    return lines.select(
        "line",
        pl.lit(one.name).alias("list"),
        pl.lit(one.grid.sheet).alias("sheet"),
        *texts,
        group.alias("group"),
        *_compute_exposure(one, asked),
    )


def _compute_exposure(one: CodeList, asked: Asked) -> list[pl.Expr]:
    """Volume times price as text, how it was computed, and the same in cents."""
    columns = [one.find_column(name) if name else None for name in (asked.volume, asked.price)]
    if None in columns:
        none = pl.lit(None, pl.Int64).alias("cents")
        return [pl.lit("").alias("exposure"), pl.lit("").alias("exposure_formula"), none]
    volume, price = (pl.col(str(name)).str.replace_all(_NO_NUMBER, "") for name in columns)
    product = volume.cast(pl.Float64, strict=False) * price.cast(pl.Float64, strict=False)
    cents = (product * CENTS).round().cast(pl.Int64, strict=False)
    formula = pl.when(cents.is_not_null()).then(pl.format("{} * {}", volume, price))
    return [
        write_amount(cents).alias("exposure"),
        formula.otherwise(pl.lit("")).alias("exposure_formula"),
        cents.alias("cents"),
    ]


def _mark_replacements(touched: pl.DataFrame, codes: pl.DataFrame) -> pl.DataFrame:
    """`touched` with yes or no for each replacement: whether the same list has it already."""
    apart = touched.select("row", "list", pl.col("replacements").str.split(";").alias("one"))
    single = apart.explode("one").filter(pl.col("one") != "")
    there = codes.filter(pl.col("part") == "code").select(
        "list", pl.col("code").alias("one"), pl.lit("yes").alias("is_there")
    )
    marks = (
        single.join(there.unique(), on=("list", "one"), how="left", maintain_order="left")
        .with_columns(pl.col("is_there").fill_null("no"))
        .group_by("row", maintain_order=True)
        .agg(pl.col("is_there").str.join(";").alias("replacement_on_list"))
    )
    joined = touched.join(marks, on="row", how="left", maintain_order="left")
    return joined.with_columns(pl.col("replacement_on_list").fill_null(""))


def list_lists(lists: Sequence[CodeList], judgement: Judgement) -> pl.DataFrame:
    """Return lists.csv: how each list was read, and its lines by status."""
    rows = []
    lines = {(n, status): many for n, status, many in judgement.lines.iter_rows()}
    cells = {row["list"]: row for row in judgement.cells.iter_rows(named=True)}
    for number, one in enumerate(lists):
        counts = cells.get(number, {})
        rows.append({
            "list": one.name, "sheet": one.grid.sheet, "header_line": one.grid.header,
            "columns": ";".join(column.name for column in one.columns),
            "lines": one.grid.frame.height, "rows_excluded": one.grid.faults.height,
            **{name: one.grid.left_out.get(name, 0) for name in LEFT_OUT},
            "cells": counts.get("cells", 0), "blank": counts.get("blank", 0),
            "understood": counts.get("understood", 0), "set_aside": counts.get("aside", 0),
            "read_as_code_and_modifier": counts.get("is_split", 0),
            **{status: lines.get((number, status), 0) for status in STATUSES},
        })  # fmt: skip
    texts = ("list", "sheet", "columns")
    schema = {name: pl.String if name in texts else pl.Int64 for name in LISTS}
    return pl.DataFrame(rows, schema)


def count_judged(judgement: Judgement) -> int:
    """Return how many lines have a code that could be judged."""
    return int(judgement.lines.filter(pl.col("status") == JUDGED)["lines"].sum())


def list_unjudged(listing: pl.DataFrame, judgement: Judgement) -> tuple[tuple[str, int], ...]:
    """Return each list that has codes of which none could be judged, and how many lines it has."""
    judged = {*judgement.lines.filter(pl.col("status") == JUDGED)["list"]}
    return tuple(
        (f"{row['list']}[{row['sheet']}]" if row["sheet"] else row["list"], row["lines"])
        for number, row in enumerate(listing.iter_rows(named=True))
        if number not in judged and row[OTHER]
    )


def list_others(judgement: Judgement, runs: Sequence[Run]) -> tuple[str, ...]:
    """Return the code sets that could not be judged by name, those of most cells first."""
    given = {run.code_set for run in runs}
    counts = Counter[str]()
    for _, code_set, cells in judgement.others.iter_rows():
        counts[_name_other(code_set, given)] += cells
    return tuple(sorted(counts, key=lambda name: (-counts[name], name)))


def _name_other(code_set: str, given: Collection[str]) -> str:
    """What people call a code set; of one that was given, its releases lack this kind of codes."""
    names = {NDC: "NDC", LOCAL: "local", ICD: "ICD-10",
             **{name: profile.label for name, profile in PROFILES.items()}}  # fmt: skip
    if code_set in given:
        return f"{names[code_set]} of a kind that the release does not have"
    short = code_set.upper() if len(code_set) <= _LONGEST_NAME else "other"
    return names.get(code_set, short)


def count_unpriced(touched: pl.DataFrame) -> int:
    """Return how many touched lines have no exposure."""
    lines = touched.filter(pl.col("cents").is_null()).select("list", "sheet", "line")
    return lines.n_unique()


def list_aside(lists: Sequence[CodeList], judgement: Judgement) -> pl.DataFrame:
    """Return quarantine.csv: the cells that are no codes, and the rows that could not be read."""
    frames = []
    for number, one in enumerate(lists):
        called = {column.at: column.name for column in one.columns}
        own = {"side": "list", "source": one.name, "member": one.grid.sheet, "byte": ""}
        fixed = [pl.lit(value).alias(name) for name, value in own.items()]
        cells = judgement.aside.filter(pl.col("list") == number).select(
            *fixed, pl.col("line").cast(pl.Int64),
            pl.col("at").replace_strict(called, return_dtype=pl.String).alias("column"),
            pl.format("E372: {}", "why").alias("fault"), pl.col("text").alias("raw"),
            pl.lit("correct the cell, or leave it empty").alias("fix"),
        )  # fmt: skip
        rows = one.grid.faults.select(*fixed, "line", "column", "fault", "raw", "fix")
        frames += [cells, rows]
    names = ("side", "source", "member", "line", "byte", "column", "fault", "raw", "fix")
    return pl.concat(frame.select(names) for frame in frames).sort(
        "source", "member", "line", "column", maintain_order=True
    )


def list_codes_on(lists: Sequence[CodeList], judgement: Judgement) -> pl.DataFrame:
    """Return the codes on each list, by its name: list, code_set, part, code."""
    names = {number: one.name for number, one in enumerate(lists)}
    return judgement.codes.select(
        pl.col("list").replace_strict(names, return_dtype=pl.String).alias("list"),
        "code_set", "part", "code",
    ).unique(maintain_order=True)  # fmt: skip
