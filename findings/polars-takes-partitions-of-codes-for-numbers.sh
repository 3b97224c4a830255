#!/usr/bin/env bash
# A table partitioned by a text column, written by DuckDB 2.0.1 (as Spark does, the column stands in
# the folders' names only), comes back from DuckDB as it was. Polars 2.1.0 gives the column the type
# that its values happen to look like in that folder:
#
#   codes written (VARCHAR)   read by Polars 2.1.0                read by DuckDB 2.0.1
#   0012, 0450                Int64: 12, 450                      text, as written
#   1E5, 2E10                 Float64: 100000.0, 20000000000.0    text, as written
#   1.1, 1.10                 Float64: 1.1, 1.1 (two codes, one)  text, as written
#   0012, 0042T, 0450         String: 0012, 0042T, 0450           text, as written
#
# So the key of last year's table may be a number and this year's a text, because one code with a
# letter came along; two codes may become one. try_parse_hive_dates=False does not turn this off;
# hive_schema={"code": pl.String} does.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check polars==2.1.0 duckdb==2.0.1
cat >try.py <<'PY'
import duckdb
import polars as pl

EXPECTED = {
    ("0012", "0450"): (pl.Int64, [12, 450]),
    ("1E5", "2E10"): (pl.Float64, [100000.0, 20000000000.0]),
    ("1.1", "1.10"): (pl.Float64, [1.1, 1.1]),
    ("0012", "0042T", "0450"): (pl.String, ["0012", "0042T", "0450"]),
}
for number, (codes, (dtype, values)) in enumerate(EXPECTED.items()):
    folder = f"codes-{number}"
    rows = ", ".join(f"('{code}', '{code}')" for code in codes)
    duckdb.sql(
        f"copy (select * from (values {rows}) as t(code, told)) "
        f"to '{folder}' (format parquet, partition_by (code))"
    )
    plain = pl.read_parquet(folder, try_parse_hive_dates=False).sort("told")
    typed = pl.read_parquet(folder, hive_schema={"code": pl.String}).sort("told")
    query = f"select code from read_parquet('{folder}/**/*.parquet', hive_partitioning = true)"
    same = [code for (code,) in duckdb.sql(query + " order by told").fetchall()]
    print(codes, "-> Polars", plain.schema["code"], plain["code"].to_list(), "DuckDB", same)
    assert (plain.schema["code"], plain["code"].to_list()) == (dtype, values)
    assert typed["code"].to_list() == same == list(codes)
PY
env/bin/python try.py
