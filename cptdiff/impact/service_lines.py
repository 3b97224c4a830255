"""The lines of claims that need the query: a few in a hundred, set apart by cheap scans.

A line with a code that is valid all the time and an ordinary date needs no look. Each filter here
asks one column only, for then Polars decodes nothing else of the lines that it leaves out, and
passes over parts of a Parquet file by their statistics.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from itertools import product
from math import prod
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple

import polars as pl

from cptdiff.errors import EnvironmentFailed
from cptdiff.impact.claim_files import refuse_unreadable
from cptdiff.impact.claim_parts import ROW
from cptdiff.impact.service_codes import Family
from cptdiff.impact.service_queries import Query, Source
from cptdiff.impact.service_sql import list_characters

# Dates of so many years after the last release need no second look.
_REACH: Final = timedelta(days=3 * 366)
# So many codes of a code set that was not given are worth a list, which is asked at a time.
_MOST: Final = 500_000
# The dot of ICD-10 stands behind so many characters.
_CATEGORY: Final = 3
# Lines that tell how a file spells its codes.
_FIRST: Final = 100_000
_NULLS: Final = "cptdiff_nulls"
# Midnight as systems write it, behind dates of a form (a regular expression).
_MIDNIGHTS: Final = (
    ("", " 00:00:00"), ("-", "T00:00:00"), ("/", " 0:00"), ("/", " 12:00:00 AM"),
    ("^[0-9]{2}[A-Z]", ":00:00:00"),
)  # fmt: skip


class Answer(NamedTuple):
    """What an engine finds in a column: the rows of the query, the number of all cells.

    `blank` and `other` count cells that are not judged: of code sets that were not given.
    """

    found: pl.DataFrame
    rows: int
    blank: int
    other: int


@contextmanager
def open_room(file: str) -> Iterator[Path]:
    """Yield a folder for what is set apart, which goes in the end.

    Raise `Refused` for a file that is no table, and `EnvironmentFailed` where there is no room.
    """
    with TemporaryDirectory(prefix="cptdiff-") as room:
        try:
            yield Path(room)
        except pl.exceptions.PolarsError as error:
            if "(os error " in str(error):
                wrong, fix = "cannot be written", "free some space, or name a folder in TMPDIR"
                raise EnvironmentFailed("E401", room, wrong, fix) from error
            raise refuse_unreadable(file, error) from error


def ask_polars(
    source: Source, queries: Sequence[tuple[Query, Family]], tables: Mapping[str, pl.DataFrame],
    room: Path,
) -> Iterator[Answer]:  # fmt: skip
    """Yield what Polars answers to each query.

    Text is read once, all columns of it: Polars tells of a row with more cells than the header only
    then, and cells would be in wrong columns.
    """
    if source.is_copied:
        source = write_parquet(source, room)
    plain: dict[str, _Plain] = {}
    for query, own in queries:
        if query.family not in plain:
            plain[query.family] = _find_plain(source, query, own, tables["calendar"])
        apart = _set_apart(source, query, plain[query.family], room)
        with pl.SQLContext({**tables, "lines": apart.lines}) as context:
            found = context.execute(query.text).collect(engine="streaming")
            sizes = context.execute(query.counting).collect(engine="streaming").row(0)
        _, blank, other = (size or 0 for size in sizes)
        yield Answer(found, apart.rows, apart.blank + blank, apart.other + other)


class _Plain(NamedTuple):
    """What needs no look: `steady` codes, valid all the time, and codes of `others` not given.

    `odd` tell of the dates that need one all the same.
    """

    steady: pl.Series
    others: pl.Series
    odd: tuple[pl.Expr, ...]


class _Apart(NamedTuple):
    """The lines of one column that need the query, and what became of the others, as `Answer`."""

    lines: pl.LazyFrame
    rows: int
    blank: int
    other: int


def write_parquet(source: Source, room: Path) -> Source:
    """Return the columns of a file that queries read as Parquet in `room`, lines.parquet.

    Raise what Polars raises for a row with more cells than the header.
    """
    nulls = pl.sum_horizontal(pl.all().is_null()).alias(_NULLS)
    file = room / "lines.parquet"
    lines = source.lines.select(ROW, *source.used, nulls)
    lines.sink_parquet(file, compression="lz4", engine="streaming")
    return source._replace(lines=pl.scan_parquet(file, glob=False))


def _find_plain(source: Source, query: Query, own: Family, calendar: pl.DataFrame) -> _Plain:
    """Return what needs no look in the columns of one family; `query` is of any of them."""
    odd = [_is_odd(source, one, own, calendar) for one in query.decisive]
    found = [one for one in odd if _count(source.lines.filter(one))]
    first = source.lines.select(pl.col(query.column).alias("cell")).head(_FIRST).unique()
    cells = first.collect(engine="streaming")["cell"].drop_nulls()
    codes = cells.str.strip_chars().str.to_uppercase()
    # Files spell codes in one way for the most part: in lower case, say, or padded.
    steady, others = (
        pl.concat([one, cells.filter(codes.is_in(one.implode()))]).unique()
        for one in (_list_steady(own), _list_others(own))
    )
    return _Plain(steady, others, tuple(found))


def _set_apart(source: Source, query: Query, plain: _Plain, room: Path) -> _Apart:
    """Return the lines that `query` is to be run on, and the counts of the others."""
    lines, cell = source.lines, pl.col(query.column)
    is_steady = cell.is_in(plain.steady.implode())
    # A comparison with null is null, and no filter passes it: blank cells are counted apart.
    parts = [lines.filter(~cell.is_in(pl.concat([plain.steady, plain.others]).implode()))]
    if plain.odd:
        parts.append(lines.filter(is_steady, pl.any_horizontal(plain.odd)))
    found = [room / f"apart-{number}.parquet" for number, _ in enumerate(parts)]
    for part, file in zip(parts, found, strict=True):
        part.select(query.used).sink_parquet(file, compression="lz4", engine="streaming")
    rows, blank = _count(lines), _count(lines.filter(cell.is_null()))
    left = rows - blank - _count(pl.scan_parquet(found[0], glob=False))
    other = left - _count(lines.filter(is_steady)) if len(plain.others) else 0
    return _Apart(pl.scan_parquet(found, glob=False), rows, blank, other)


def _count(lines: pl.LazyFrame) -> int:
    return int(lines.select(pl.len()).collect(engine="streaming").item())


def _list_steady(own: Family) -> pl.Series:
    """The codes that are valid from the first release on until long after the last one.

    As files write them: with and without the dot.
    """
    first, last = own.span
    is_steady = (pl.col("f1") <= first) & (pl.col("t1") >= last + _REACH)
    codes = own.wide.filter(is_steady)["code"]
    if not own.has_dots:
        return codes
    dotted = codes.str.slice(0, _CATEGORY) + "." + codes.str.slice(_CATEGORY)
    return pl.concat([codes, dotted])


def _list_others(own: Family) -> pl.Series:
    """All codes that code sets may have that were not given, but not of too many."""
    forms = [list_characters(one.grammar["code"]) for one in own.missing]
    codes = [
        "".join(characters)
        for form in forms
        if prod(map(len, form)) <= _MOST
        for characters in product(*form)
    ]
    return pl.Series(codes, dtype=pl.String)


def _is_odd(source: Source, name: str, own: Family, calendar: pl.DataFrame) -> pl.Expr:
    """Whether a date is blank, none at all, or of a day that not every steady code is valid on."""
    first, last = own.span
    until, day = max(first, last + _REACH), pl.col(name)
    if source.types[name] == pl.String:
        is_near = pl.col("day").is_between(pl.lit(str(first)), pl.lit(str(until)))
        texts = calendar.filter(is_near)["text"]
        timed = [texts.filter(texts.str.contains(form)) + time for form, time in _MIDNIGHTS]
        return day.is_null() | ~day.is_in(pl.concat([texts, *timed]).implode())
    # Not `~is_between`, which no statistics of a Parquet file answer.
    return day.is_null() | (day.cast(pl.Date) < first) | (day.cast(pl.Date) > until)
