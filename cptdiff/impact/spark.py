"""The query of claims in Spark: the lines stay in the cluster, and so does what is found.

All is asked in a session of its own, which shares the cluster with the one that was given: no
setting of the user changes, and no view of theirs is replaced.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from cptdiff.errors import EnvironmentFailed, Refused
from cptdiff.impact.claim_files import Named, check_types, find_columns
from cptdiff.impact.claim_parts import ROW
from cptdiff.impact.service_codes import (
    FIRST_DAY,
    FORMS,
    LAST_DAY,
    Family,
    collect_families,
    make_tables,
)
from cptdiff.impact.service_dates import INVALID, Count, name_kept
from cptdiff.impact.service_duckdb import BLANKS, refuse_folded_names
from cptdiff.impact.service_queries import Query, Source, list_queries, refuse_codes
from cptdiff.model import ValidCodes
from cptdiff.vocabulary import UNDATED

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

_FILE: Final = "cptdiff_file"
_SETTINGS: Final = {
    # A name in double quotes is a column, as in the query.
    "spark.sql.ansi.enabled": "true",
    "spark.sql.ansi.doubleQuotedIdentifiers": "true",
    # Never guess: the folder year=2026 names a text.
    "spark.sql.sources.partitionColumnTypeInference.enabled": "false",
}
# The calendar's forms as Spark spells them.
_LETTERS: Final = {
    "%Y": "yyyy", "%m": "MM", "%-m": "M", "%d": "dd", "%-d": "d", "%b": "MMM",
}  # fmt: skip


def judge_on_spark(
    session: "SparkSession", claims: str, valid: Sequence[ValidCodes], named: Named, output: str
) -> tuple[Count, ...]:
    """Judge `claims`, a folder of Parquet files or a table, and write what is not valid.

    `output` is a new folder of Parquet files, partitioned by `status`; it has the columns of
    `INVALID` and those kept. Cells that are no codes have the status `not understood`.

    Raise `Refused` as `judge_claims` does, for what is no session and for a folder that is there;
    `EnvironmentFailed` for a fault in Spark, after which there is no folder.
    """
    with _tell_faults(claims):
        inner = _open_session(session)
        if _find_folder(inner, output) is not None:
            wrong = "already exists; nothing was changed"
            raise Refused("E404", output, wrong, "choose the name of a new folder")
        lines = _open_lines(inner, claims)
        source = _read_source(claims, lines, named)
        queries = [*list_queries(source, valid)]
        if not queries:
            raise refuse_codes([Path(claims)], valid)
        _name_views(inner, source, lines, valid)
        counted = _count_cells(inner, queries)
        found = [_explain(inner, query, own, source) for query, own in queries]
        _write(inner, found, output)
        return tuple(_count(inner, claims, queries, counted, output))


def _open_session(session: Any) -> "SparkSession":  # noqa: ANN401 - whatever was given
    try:
        from pyspark.sql import SparkSession  # noqa: PLC0415 - an extra
    except ImportError as error:
        wrong, fix = "pyspark is not installed", "run: pip install 'cptdiff[spark]'"
        raise Refused("E385", "Spark", wrong, fix) from error
    if not isinstance(session, SparkSession):
        wrong = f"the session is a {type(session).__name__}, not a SparkSession"
        raise Refused("E385", "Spark", wrong, "give SparkSession.builder.getOrCreate()")
    inner = session.newSession()
    for name, setting in _SETTINGS.items():
        inner.conf.set(name, setting)
    return inner


@contextmanager
def _tell_faults(claims: str) -> Iterator[None]:
    """Turn what Spark raises into one line, which quotes no cell."""
    try:
        yield
    except (Refused, EnvironmentFailed):
        raise
    except Exception as error:
        name = type(error).__name__
        if not type(error).__module__.startswith(("pyspark", "py4j")):
            raise
        wrong = f"Spark failed ({name}), and nothing was written"
        fix = "see Spark's own log for the task that failed"
        raise EnvironmentFailed("E385", claims, wrong, fix) from error


def _open_lines(inner: "SparkSession", claims: str) -> "DataFrame":
    """The claims with `ROW`, the number of the line in its file, and the file."""
    from pyspark.errors import AnalysisException  # noqa: PLC0415 - as above
    from pyspark.sql import functions as f  # noqa: PLC0415 - as above

    is_table = "/" not in claims and inner.catalog.tableExists(claims)
    if not is_table and _find_folder(inner, claims) is None:
        raise Refused("E101", claims, "is not there", "give a folder of Parquet files, or a table")
    table = inner.table(claims) if is_table else inner.read.parquet(claims)
    number, file = f.col("_metadata.row_index") + 1, f.col("_metadata.file_path")
    try:
        return table.select("*", number.alias(ROW), file.alias(_FILE))
    except AnalysisException:
        number = f.monotonically_increasing_id() + 1
        return table.select("*", number.alias(ROW), f.lit(claims).alias(_FILE))


def _read_source(claims: str, lines: "DataFrame", named: Named) -> Source:
    types = {one.name: _read_type(one.dataType) for one in lines.schema if one.name != ROW}
    names = [name for name in types if name != _FILE]
    columns = find_columns(claims, names, named)
    columns = columns._replace(kept=(_FILE, *columns.kept), charge="")
    check_types(claims, types, columns)
    source = Source(claims, Path(claims), pl.LazyFrame(), types, columns, is_copied=False)
    refuse_folded_names(source, "Spark")
    return source


def _read_type(kind: Any) -> pl.DataType:  # noqa: ANN401 - a type of Spark
    from pyspark.sql import types as t  # noqa: PLC0415 - as above

    if isinstance(kind, t.StringType | t.CharType | t.VarcharType):
        return pl.String()
    if isinstance(kind, t.DateType):
        return pl.Date()
    if isinstance(kind, t.TimestampNTZType):
        return pl.Datetime()
    if isinstance(kind, t.TimestampType):
        return pl.Datetime(time_zone="UTC")
    return pl.Float64() if isinstance(kind, t.NumericType) else pl.Object()


def _name_views(
    inner: "SparkSession", source: Source, lines: "DataFrame", valid: Sequence[ValidCodes]
) -> None:
    """Make the tables that the query reads, as views of the session."""
    from pyspark.sql import functions as f  # noqa: PLC0415 - as above

    other = f"[{BLANKS}]*[{BLANKS.replace(' ', '')}][{BLANKS}]*"
    columns = [f.col(ROW)]
    for one in source.used:
        column = f.col("`" + one.replace("`", "``") + "`")
        if source.types[one] == pl.String and one != _FILE:
            column = f.regexp_replace(column, rf"\A{other}|{other}\z", "")
        columns.append(column.alias(one))
    lines.select(columns).createOrReplaceTempView("lines")
    for name, table in make_tables([*collect_families(valid)]).items():
        schema = ", ".join(f"{one} {'bigint' if one == 'spells' else 'string'}"
                           for one in table.columns)  # fmt: skip
        frame = inner.createDataFrame(table.rows(), schema)
        f.broadcast(frame).createOrReplaceTempView(name)
    has_texts = any(source.types[one] == pl.String for one in source.columns.dates)
    _make_calendar(inner, in_all_forms=has_texts).createOrReplaceTempView("calendar")


def _make_calendar(inner: "SparkSession", *, in_all_forms: bool) -> "DataFrame":
    """The calendar of `make_calendar`, made in the cluster."""
    forms = FORMS if in_all_forms else FORMS[:1]
    texts = []
    for form in forms:
        spelled = form
        for letter, spark in _LETTERS.items():
            spelled = spelled.replace(letter, spark)
        texts.append(f"date_format(each, '{spelled}')")
        if "%b" in form:
            texts.append(f"upper(date_format(each, '{spelled}'))")
    return inner.sql(
        f"SELECT DISTINCT text, day FROM (SELECT explode(array({', '.join(texts)})) AS text,"  # noqa: S608 - forms of ours
        " date_format(each, 'yyyy-MM-dd') AS day FROM"
        f" (SELECT explode(sequence(DATE'{FIRST_DAY}', DATE'{LAST_DAY}')) AS each))"
    )


def _count_cells(
    inner: "SparkSession", queries: Sequence[tuple[Query, Family]]
) -> list[tuple[int, int, int]]:
    """The cells of each column, the blank ones, and those of code sets that were not given."""
    rows = [inner.sql(query.counting).collect()[0] for query, _ in queries]
    return [(row.cells, row.blank or 0, row.other or 0) for row in rows]


def _explain(inner: "SparkSession", query: Query, own: Family, source: Source) -> "DataFrame":
    """What the query finds, with the columns that `_explain` of service_dates adds."""
    from pyspark.sql import functions as f  # noqa: PLC0415 - as above

    replaced = pl.concat([one.replacements for one in own.sets]).unique("code")
    known = own.wide.select("code", "code_set", "basis").join(replaced, on="code", how="left")
    schema = "code string, known_set string, known_basis string, replaced_by string"
    frame = f.broadcast(inner.createDataFrame(known.sort("code").rows(), schema))
    found = inner.sql(query.text).join(frame, on="code", how="left")
    forms = [
        f.when(f.col("code").rlike(rf"\A(?:{one.billed_form})\z"), str(one.name))
        for one in own.profiles
    ]
    first, code_set = own.profiles[0], f.coalesce(f.col("known_set"), *forms)
    is_strange = code_set.isNull() & (f.col("status") != "header")
    status = f.when(is_strange, "not understood").otherwise(f.col("status"))
    is_judged = ~f.col("status").isin(*UNDATED)
    kept = [
        f.col(f"keep_{at}").cast("string").alias(name_kept(one))
        for at, one in enumerate(source.columns.kept, 1)
        if one != _FILE
    ]
    made = {
        "file": f.col("keep_1"), "row": f.col(ROW).cast("bigint"),
        "position": f.lit(query.column),
        "code_set": f.coalesce(code_set, f.lit(str(first.name))), "code": f.col("code"),
        "date_used": f.coalesce(f.col("date_used"), f.lit("")), "status": status,
        "valid_from": f.to_date("valid_from"), "valid_to": f.to_date("valid_to"),
        "basis": f.coalesce(f.col("known_basis"), f.lit("")),
        "carc": f.when(is_judged, first.denial).otherwise(""),
        "replacements": f.coalesce(f.col("replaced_by"), f.lit("")),
    }  # fmt: skip
    named = [made[name].alias(name) for name in INVALID]
    return found.select(*named[:2], *kept, *named[2:])


def _write(inner: "SparkSession", found: "Sequence[DataFrame]", output: str) -> None:
    """Write all that is found; leave no folder after a fault."""
    whole = found[0]
    for part in found[1:]:
        whole = whole.unionByName(part)
    try:
        whole.write.partitionBy("status").parquet(output)
    except BaseException:
        folder = _find_folder(inner, output)
        if folder is not None:
            folder[0].delete(folder[1], True)  # noqa: FBT003 - Java's, with all that is in it
        raise


def _find_folder(inner: Any, path: str) -> tuple[Any, Any] | None:  # noqa: ANN401 - Java's objects
    """The file system and path of a folder that is there, as Hadoop sees them."""
    place = inner._jvm.org.apache.hadoop.fs.Path(path)  # noqa: SLF001 - the only way to Hadoop
    system = place.getFileSystem(inner._jsc.hadoopConfiguration())  # noqa: SLF001 - as above
    return (system, place) if system.exists(place) else None


def _count(
    inner: "SparkSession", claims: str, queries: Sequence[tuple[Query, Family]],
    counted: Sequence[tuple[int, int, int]], output: str,
) -> Iterator[Count]:  # fmt: skip
    """What became of the cells of each column, by what was written."""
    key = ("position", "code_set", "status")
    sizes = inner.read.parquet(output).groupBy(*key).count().collect()
    for (query, own), (rows, blank, other) in zip(queries, counted, strict=True):
        # A column may have codes of several families.
        sets = {str(one.name) for one in own.profiles}
        found = [row for row in sizes if row.position == query.column and row.code_set in sets]
        strange = sum(row["count"] for row in found if row.status == "not understood")
        undated = sum(row["count"] for row in found if row.status in UNDATED)
        every = sum(row["count"] for row in found)
        valid, invalid = rows - blank - other - every, every - undated - strange
        yield Count(claims, query.column, rows, blank, other, valid, invalid, undated, strange)
