"""The query of claims in DuckDB, which reads Parquet files itself; the text is the same.

What engines do by custom is settled in the view `lines` and not in the query: DuckDB trims no tabs,
takes Code and code for one name, and reads `*` in a path as a pattern.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import polars as pl

from cptdiff.errors import EnvironmentFailed, Refused
from cptdiff.impact.claim_files import refuse_unreadable
from cptdiff.impact.claim_parts import ROW, list_parts
from cptdiff.impact.service_lines import Answer, write_parquet
from cptdiff.impact.service_queries import Query, Source

if TYPE_CHECKING:
    import duckdb

# What Polars trims: the blanks of Unicode.
BLANKS: Final = (
    "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)
_PATTERN: Final = frozenset("*?[]{}")
# Columns that DuckDB adds.
_OWN: Final = frozenset({"filename", "file_row_number"})


def ask_duckdb(
    source: Source, queries: Sequence[Query], tables: Mapping[str, pl.DataFrame], room: Path
) -> Iterator[Answer]:
    """Yield what DuckDB answers to each query.

    Raise `Refused` where it is not installed, or cannot tell the columns apart.
    """
    refuse_folded_names(source, "DuckDB")
    with _connect(source.file, room) as base:
        try:
            for name, table in tables.items():
                file = room / f"{name}.parquet"
                table.write_parquet(file)
                base.execute(f"CREATE TABLE {name} AS SELECT * FROM {_read([file])}")  # noqa: S608 - names of ours
            _name_lines(base, source, room)
            for query in queries:
                found = room / "found.parquet"
                base.execute(f"COPY ({query.text}) TO {_quote_text(found)} (FORMAT parquet)")
                counted = base.execute(query.counting).fetchone() or (0, 0, 0)
                rows, blank, other = (int(size or 0) for size in counted)
                yield Answer(pl.read_parquet(found, glob=False), rows, blank, other)
        except Exception as error:
            if not _is_fault(error):
                raise
            if "Out of Memory" in str(error) or "No space left" in str(error):
                wrong = "memory or disk ran out in DuckDB"
                fix = "free some, or judge with --engine polars"
                raise EnvironmentFailed("E406", source.file, wrong, fix) from error
            raise refuse_unreadable(source.file, error) from error


def refuse_folded_names(source: Source, engine: str) -> None:
    """Refuse two columns that an engine takes for one, where one of them is used."""
    times = Counter(name.lower() for name in source.types)
    for name in source.used:
        if times[name.lower()] > 1:
            wrong = f"has another column {name} in other capitals, and {engine} ignores capitals"
            raise Refused("E162", source.file, wrong, "rename one, or use --engine polars")


def _connect(file: str, room: Path) -> "duckdb.DuckDBPyConnection":
    try:
        import duckdb  # noqa: PLC0415 - an extra
    except ImportError as error:
        wrong, fix = "DuckDB is not installed", "run: pip install 'cptdiff[duckdb]'"
        raise Refused("E385", file, wrong, fix) from error
    settings: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": False,
        "temp_directory": str(room),
        # Rows have numbers, and the answer is sorted.
        "preserve_insertion_order": False,
    }
    return duckdb.connect(config=settings)


def _is_fault(error: Exception) -> bool:
    """Whether an error is of the file or the machine; the others tell of a wrong query: a bug."""
    import duckdb  # noqa: PLC0415 - as above

    bugs = (duckdb.BinderException, duckdb.CatalogException, duckdb.ParserException)
    return isinstance(error, duckdb.Error | pl.exceptions.PolarsError) and not isinstance(
        error, bugs
    )


def _name_lines(base: "duckdb.DuckDBPyConnection", source: Source, room: Path) -> None:
    """Make the view `lines` of the columns that queries read."""
    parts, number, join = list_parts(source.path), "own.file_row_number + 1", ""
    is_odd = any(_PATTERN & set(str(part)) for part in parts)
    if source.is_copied or is_odd or _OWN & {name.lower() for name in source.types}:
        write_parquet(source, room)
        parts, number = [room / "lines.parquet"], f"own.{ROW}"
    elif len(parts) > 1:
        _number_parts(base, parts, room)
        number = "own.file_row_number + parts.start"
        join = "JOIN parts ON own.filename = parts.part"
    names = {one: _quote_name(one) for one in source.used}
    texts = [
        f"{_trim(name)} AS {name}" for one, name in names.items() if source.types[one] == pl.String
    ]
    # Trimmed within, where DuckDB still has the few different texts of a column beside its lines.
    own = f"SELECT * REPLACE ({', '.join(texts)}), filename, file_row_number FROM {_read(parts)}"  # noqa: S608 - as above
    columns = ", ".join([f"{number} AS {ROW}", *(f"own.{name}" for name in names.values())])
    base.execute(f"CREATE VIEW lines AS SELECT {columns} FROM ({own}) AS own {join}")  # noqa: S608 - as above


def _trim(name: str) -> str:
    """SQL for a text without the blanks at its ends, where one of them is no space.

    Spaces the query trims, and a column to keep has them as it is.
    """
    other = f"[{BLANKS}]*[{BLANKS.replace(' ', '')}][{BLANKS}]*"
    return f"regexp_replace({name}, {_quote_text(f'^{other}|{other}$')}, '', 'g')"


def _number_parts(base: "duckdb.DuckDBPyConnection", parts: Sequence[Path], room: Path) -> None:
    """Make the table `parts`: the number of the first line of each file."""
    lines = [pl.scan_parquet(part, glob=False).select(pl.len()) for part in parts]
    sizes = pl.concat(pl.collect_all(lines))["len"].cast(pl.Int64)
    starts = pl.DataFrame({"part": map(str, parts), "start": sizes.cum_sum() - sizes + 1})
    file = room / "parts.parquet"
    starts.write_parquet(file)
    base.execute(f"CREATE TABLE parts AS SELECT part, start FROM {_read([file])}")  # noqa: S608 - as above


def _read(files: Sequence[Path]) -> str:
    names = ", ".join(_quote_text(one) for one in files)
    return (
        f"read_parquet([{names}], file_row_number = true, filename = true, union_by_name = true,"
        " hive_types_autocast = false)"
    )


def _quote_text(text: Path | str) -> str:
    return "'" + str(text).replace("'", "''") + "'"


def _quote_name(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
