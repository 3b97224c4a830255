"""Claims of made-up lines in Parquet, and the least that counts the invalid ones with Polars.

python claims.py make CLAIMS CODES --rows N
python claims.py count CLAIMS CODES
python claims.py spark CLAIMS RESULT

Of a hundred lines about one has a code that was not valid on its day; most have codes of another
code set. The same bytes every time. CODES is the table that `cptdiff claims --sql` writes, RESULT
the folder that Spark writes, on this machine with two cores and a gigabyte.
"""

import argparse
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import polars as pl

SAMPLES = Path(__file__).resolve().parents[2] / "sample_releases"
RELEASES = [SAMPLES / f"hcpcs-{year}-january.zip" for year in (2026, 2027)]
_FIRST = date(2026, 1, 1)
_DAYS = 730
# Steps that share no divisor with what they are taken by: every line differs from its neighbors.
_STEP, _OTHER, _CYCLE = 2_654_435_761, 40_503, 1_000_003


def make(claims: Path, codes: Path, rows: int) -> None:
    """Write the claims and the table of codes."""
    one_line = claims.with_name("one-line.csv")
    one_line.write_text("hcpcs_code,service_date\nA0001,2026-01-01\n")
    given = [word for path in RELEASES for word in ("--release", str(path))]
    command = [sys.executable, "-m", "cptdiff", "claims", str(one_line), *given]
    subprocess.run([*command, "--sql", "-o", str(codes)], check=True, stdout=subprocess.DEVNULL)
    table = pl.read_csv(codes, infer_schema=False)
    is_steady = (pl.col("f1") <= str(_FIRST)) & (pl.col("t1") == "9999-12-31")
    steady = table.filter(is_steady)["code"]
    changing = table.filter(~is_steady)["code"]
    others = pl.Series([f"{number:05}" for number in range(10_000, 16_000)])
    mixed = pl.concat([steady, others])
    number = pl.col("number")
    spread, cycle = number * _STEP % 2**32, (number * _OTHER + 12_345) % _CYCLE
    pl.LazyFrame({"number": pl.int_range(rows, eager=True)}).select(
        (number // 3).alias("claim_id"),
        pl.when(cycle % 100 == 0)
        .then(pl.lit(changing).gather(spread % len(changing)))
        .otherwise(pl.lit(mixed).gather(spread % len(mixed)))
        .alias("hcpcs_code"),
        (pl.lit(_FIRST) + pl.duration(days=cycle % _DAYS)).alias("service_date"),
        (spread % 100_000 / 100).alias("charge"),
    ).sink_parquet(claims)


def count(claims: Path, codes: Path) -> int:
    """Return how many lines have a code that was not valid on its day: no row law, no checks."""
    table = pl.scan_csv(codes, infer_schema=False)
    days = [pl.col(name).str.to_date("%Y-%m-%d") for name in ("f1", "t1", "f2", "t2")]
    held = table.select(pl.col("code").alias("hcpcs_code"), *days)
    day = pl.col("service_date")
    is_valid = day.is_between("f1", "t1") | day.is_between("f2", "t2").fill_null(value=False)
    lines = pl.scan_parquet(claims).select("hcpcs_code", "service_date")
    found = lines.join(held, on="hcpcs_code").filter(~is_valid).select(pl.len())
    return int(found.collect(engine="streaming").item())


def judge_on_this_machine(claims: Path, result: Path) -> None:
    """Judge the claims with Spark, and write the result anew."""
    from pyspark.sql import SparkSession  # noqa: PLC0415 - for this only

    from cptdiff import judge_claims_on_spark  # noqa: PLC0415 - as above

    shutil.rmtree(result, ignore_errors=True)
    builder = SparkSession.builder.master("local[2]").config("spark.driver.memory", "1g")
    session = builder.config("spark.ui.enabled", "false").getOrCreate()
    # Spark has a working directory of its own.
    given = (str(path.resolve()) for path in (claims, result))
    judge_claims_on_spark(session, next(given), releases=RELEASES, output=next(given))
    # What Java took counts only when it has ended, and this process has seen that.
    gateway = session.sparkContext._gateway  # noqa: SLF001 - has no public name
    session.stop()
    gateway.shutdown()
    gateway.proc.stdin.close()
    gateway.proc.wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["make", "count", "spark"])
    parser.add_argument("claims", type=Path)
    parser.add_argument("codes", type=Path)
    parser.add_argument("--rows", type=int, default=50_000_000)
    options = parser.parse_args()
    if options.what == "make":
        make(options.claims, options.codes, options.rows)
    elif options.what == "spark":
        judge_on_this_machine(options.claims, options.codes)
    else:
        sys.stdout.write(f"{count(options.claims, options.codes)}\n")
