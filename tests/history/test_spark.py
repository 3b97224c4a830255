"""Claims on Spark: the same answers, in the cluster, and nothing half written."""

import os
import shutil
import warnings
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from cptdiff import CptdiffError
from cptdiff.impact import Named, judge_claims, judge_on_spark
from tests.history.test_claims import OPEN, valid_codes
from tests.history.test_engines import LINES, VALID, make_hostile

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyspark.sql import SparkSession

KEEP = Named(keep=("note",))


@pytest.fixture(scope="session")
def spark() -> "Iterator[SparkSession]":
    """Start Spark in this process: one core, no pages, little memory."""
    without = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
    if not shutil.which("java"):
        without("needs Java (default-jre-headless)")
    if not find_spec("pyspark"):
        without("needs pyspark")
    from pyspark.sql import SparkSession  # noqa: PLC0415 - takes a second, and may be absent

    settings = {
        "spark.ui.enabled": "false", "spark.driver.memory": "1g",
        "spark.sql.shuffle.partitions": "2",
        "spark.driver.bindAddress": "127.0.0.1", "spark.driver.host": "127.0.0.1",
        "spark.log.level": "OFF",
    }  # fmt: skip
    builder = SparkSession.builder.master("local[1]")
    for name, setting in settings.items():
        builder = builder.config(name, setting)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        session = builder.getOrCreate()
        yield session
        session.stop()


def write_folder(folder: Path, frame: pl.DataFrame) -> Path:
    """Parts in folders that name the bill type; a line's number is that in its part."""
    for bill, part in frame.filter(pl.col("bill_type_code").is_not_null()).group_by(
        "bill_type_code", maintain_order=True
    ):
        own = folder / f"bill_type_code={bill[0]}"
        own.mkdir(parents=True)
        part.drop("bill_type_code").write_parquet(own / "part.parquet")
    return folder


def read_result(output: Path) -> pl.DataFrame:
    frame = pl.read_parquet(output / "**/*.parquet", hive_partitioning=True)
    return frame.with_columns(pl.col("status").cast(pl.String))


def test_spark_gives_the_answers_of_polars(spark: "SparkSession", tmp_path: Path) -> None:
    frame = make_hostile(LINES).with_columns(pl.col("bill_type_code").str.strip_chars())
    folder = write_folder(tmp_path / "claims", frame)
    output = tmp_path / "result"
    counts = judge_on_spark(spark, str(folder), VALID, KEEP, str(output))
    result = read_result(output)
    names = [name for name in result.columns if name not in ("file", "row", "position")]
    ours = []
    for part in sorted(folder.rglob("*.parquet")):
        # Each part by itself: rows are numbered in it.
        whole = pl.read_parquet(part, hive_partitioning=True)
        bill = pl.lit(part.parent.name.partition("=")[2]).alias("bill_type_code")
        whole.with_columns(bill).write_parquet(tmp_path / "part.parquet")
        found = judge_claims([tmp_path / "part.parquet"], VALID, KEEP)
        strange = found.not_understood.with_columns(status=pl.lit("not understood"))
        both = pl.concat([found.invalid, strange], how="diagonal")
        ours.append(both.with_columns(file=pl.lit(part.parent.name)))
    expected = pl.concat(ours)
    key = ["file", "row", "position"]
    theirs = result.with_columns(
        pl.col("file").str.extract(r"([^/]*)/[^/]*$").str.replace("%3D", "=")
    )
    # What is no code has only these columns in not-understood.csv.
    judged = pl.col("status") != "not understood"
    assert theirs.filter(judged).select(*key, *names).sort(key).rows() == (
        expected.filter(judged).select(*key, *names).sort(key).rows()
    )
    few = [*key, "claim_id", "note", "code", "date_used"]
    assert theirs.filter(~judged).select(few).sort(key).rows() == (
        expected.filter(~judged).select(few).sort(key).rows()
    )
    assert len(expected) > LINES // 2
    whole_counts = judge_claims([folder], VALID, KEEP).counts
    assert [count[1:] for count in counts] == [count[1:] for count in whole_counts]


def test_a_column_of_several_code_sets_is_counted_for_each(
    spark: "SparkSession", tmp_path: Path
) -> None:
    codes = ["A0003", "0016070", "A0001", "99213", "", "?"]
    pl.DataFrame(
        {"procedure_source_value": codes, "procedure_date": ["2025-06-01"] * len(codes)}
    ).write_parquet(tmp_path / "c.parquet")
    valid = [VALID[0], valid_codes("icd10pcs", {"0016071": [(date(2020, 10, 1), OPEN)]})]
    counts = judge_on_spark(
        spark, str(tmp_path / "c.parquet"), valid, Named(), str(tmp_path / "result")
    )
    ours = judge_claims([tmp_path / "c.parquet"], valid, Named()).counts
    assert [count[1:] for count in counts] == [count[1:] for count in ours]
    assert len(ours) == 2


def test_settings_and_views_of_the_user_stay(spark: "SparkSession", tmp_path: Path) -> None:
    spark.conf.set("spark.sql.ansi.doubleQuotedIdentifiers", "false")
    spark.sql("SELECT 1 AS own").createOrReplaceTempView("lines")
    folder = write_folder(tmp_path / "claims", make_hostile(50))
    judge_on_spark(spark, str(folder), VALID, KEEP, str(tmp_path / "result"))
    assert spark.conf.get("spark.sql.ansi.doubleQuotedIdentifiers") == "false"
    assert spark.table("lines").columns == ["own"]


def test_a_column_of_any_name_and_days_and_moments_are_read(
    spark: "SparkSession", tmp_path: Path
) -> None:
    day = pl.Series(["2025-03-31", "2025-04-01", None]).str.to_date()
    for name, days in (("days", day), ("moments", day.cast(pl.Datetime("us")).dt.offset_by("23h"))):
        pl.DataFrame({"HCPCS Code": ["A0003"] * 3, "limit": ["x"] * 3, "dos": days}).write_parquet(
            tmp_path / f"{name}.parquet"
        )
        output = tmp_path / f"{name}-result"
        named = Named(keep=("limit",))
        (count,) = judge_on_spark(
            spark, str(tmp_path / f"{name}.parquet"), VALID[:1], named, str(output)
        )
        assert (count.rows, count.valid, count.invalid, count.not_judged) == (3, 1, 1, 1)
        assert sorted(read_result(output).select("row", "status", "limit").rows()) == [
            (2, "ended", "x"), (3, "no-date", "x"),
        ]  # fmt: skip


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"session": None}, r"E385.*the session is a NoneType, not a SparkSession"),
        ({"claims": "/nowhere/at/all"}, "E101.*is not there"),
        ({"valid": [valid_codes("icd10pcs")]}, "E163.*no column of codes of icd10pcs"),
        ({"named": Named(keep=("nothing",))}, "E163.*has no column nothing"),
    ],
)  # fmt: skip
def test_what_cannot_be_judged_on_spark_is_told_in_one_line(
    given: dict[str, Any], said: str, spark: "SparkSession", tmp_path: Path
) -> None:
    folder = write_folder(tmp_path / "claims", make_hostile(50))
    usual: dict[str, Any] = {"session": spark, "claims": str(folder), "valid": VALID, "named": KEEP,
             "output": str(tmp_path / "result")}  # fmt: skip
    with pytest.raises(CptdiffError, match=said) as caught:
        judge_on_spark(**(usual | given))
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "result").exists()


def test_codes_as_numbers_and_twin_columns_are_refused(
    spark: "SparkSession", tmp_path: Path
) -> None:
    pl.DataFrame({"hcpcs": [1], "dos": ["2025-06-01"]}).write_parquet(tmp_path / "c.parquet")
    with pytest.raises(CptdiffError, match=r"E203.*leading zeros"):
        judge_on_spark(spark, str(tmp_path / "c.parquet"), VALID, Named(), str(tmp_path / "r"))


def test_a_fault_in_one_partition_leaves_no_result(spark: "SparkSession", tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "claims", make_hostile(2000))
    part = max(folder.rglob("*.parquet"))
    damaged = bytearray(part.read_bytes())
    damaged[100:-4000] = bytes(len(damaged) - 4100)
    part.write_bytes(damaged)
    with pytest.raises(CptdiffError, match=r"E385.*nothing was written") as caught:
        judge_on_spark(spark, str(folder), VALID, KEEP, str(tmp_path / "result"))
    assert caught.value.exit_code == 4
    assert not (tmp_path / "result").exists()


def test_a_result_that_is_there_is_left_alone(spark: "SparkSession", tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "claims", make_hostile(50))
    (tmp_path / "result").mkdir()
    with pytest.raises(CptdiffError, match=r"E404.*already exists"):
        judge_on_spark(spark, str(folder), VALID, KEEP, str(tmp_path / "result"))
    assert not [*(tmp_path / "result").iterdir()]


def test_the_snippet_of_the_docs_runs(
    spark: "SparkSession", root: Path, samples: Path, tmp_path: Path
) -> None:
    page = (root / "docs" / "claims.md").read_text("utf-8")
    snippet = page.partition("```py\n")[2].partition("```")[0]
    (tmp_path / "claims").mkdir()
    pl.DataFrame(
        {"hcpcs_code": ["A0507", "A0100"], "service_date": ["2026-12-27"] * 2}
    ).write_parquet(tmp_path / "claims" / "part.parquet")
    # Spark has another working directory than this process.
    for name in ("claims", "invalid"):
        snippet = snippet.replace(f'"{name}"', repr(str(tmp_path / name)))
    made: dict[str, Any] = {}
    exec(snippet.replace("sample_releases", str(samples)), made)  # noqa: S102 - our own page
    (count,) = made["counts"]
    assert (count.rows, count.valid, count.invalid) == (2, 1, 1)
    assert read_result(tmp_path / "invalid")["status"].to_list() == ["ended"]
    assert spark.version
