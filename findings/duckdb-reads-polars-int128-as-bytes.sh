#!/usr/bin/env bash
# Polars 2.1.0 writes its Int128 and Duration columns to Parquet without a logical type that other
# readers know (16 bytes of fixed length, little-endian; a plain INT64), and its own metadata makes
# them whole again when Polars reads the file. DuckDB 2.0.1 takes the file without a word:
#
#   column of the frame            the frame in memory    the Parquet file
#   Duration: 1 day 2 hours        INTERVAL               BIGINT: 93600000000 (the unit is gone)
#   Int128: 1, 2                   not read: an error     BLOB: 0x01 and 15 times 0x00
#
# So DuckDB refuses to add up or to compare what Polars calls whole numbers, and a length of stay has
# another type, and no unit, once the frame went through a file. An Int128 comes about by itself:
# Polars gives it to a column of a CSV file, or of Python numbers, in which one has 20 digits.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check polars==2.1.0 duckdb==2.0.1 pyarrow==26.0.1
cat >try.py <<'PY'
import datetime

import duckdb
import polars as pl

assert pl.read_csv(b"account\n12345678901234567890\n").schema["account"] == pl.Int128
stay = datetime.timedelta(days=1, hours=2)
frame = pl.DataFrame({"stay": [stay, None], "units": pl.Series([1, 2], dtype=pl.Int128)})
frame.write_parquet("frame.parquet")

assert pl.read_parquet("frame.parquet").equals(frame)
in_memory = frame.select("stay")
told = duckdb.sql("select stay from in_memory")
print("in memory:", told.types, told.fetchall())
assert [str(one) for one in told.types] == ["INTERVAL"]
assert told.fetchall() == [(stay,), (None,)]

units = frame.select("units")
try:
    duckdb.sql("select units from units")
except duckdb.InvalidInputException as error:
    print("in memory:", str(error)[:120])
else:
    raise SystemExit("DuckDB reads Int128 in memory now")

told = duckdb.sql("select stay, units from 'frame.parquet'")
rows = told.fetchall()
print("from the file:", told.types, rows)
assert [str(one) for one in told.types] == ["BIGINT", "BLOB"]
assert rows == [(93_600_000_000, (1).to_bytes(16, "little")), (None, (2).to_bytes(16, "little"))]
try:
    duckdb.sql("select sum(units) from 'frame.parquet'")
except duckdb.BinderException as error:
    print("sum:", str(error)[:80])
else:
    raise SystemExit("DuckDB adds up Int128 columns now")
PY
env/bin/python try.py
