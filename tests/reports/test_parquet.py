"""changes.parquet and fields.parquet hold what the CSV files do, with the exact values."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from subprocess import CompletedProcess

import polars as pl
import pytest

Run = Callable[..., CompletedProcess[str]]
Make = Callable[..., Path]
Rows = Callable[[Path], list[dict[str, str]]]
DAYS = ("effective_date", "last_valid_date")


def as_csv(frame: pl.DataFrame) -> list[dict[str, str]]:
    """Write each cell as the CSV files do."""
    days = [name for name in DAYS if name in frame.columns]
    texts = frame.with_columns(pl.col(days).dt.to_string("%Y-%m-%d").fill_null(""))
    return texts.cast(pl.String).to_dicts()


@pytest.mark.parametrize("code_set", ["hcpcs", "icd10cm"])
def test_parquet_has_the_rows_and_columns_of_the_csv_files(
    cptdiff: Run, samples: Path, tmp_path: Path, rows: Rows, code_set: str
) -> None:
    end = "-january" if code_set == "hcpcs" else ""
    pair = [samples / f"{code_set}-{year}{end}.zip" for year in (2026, 2027)]
    names = ("changes", "fields")
    outputs = [
        word for name in names for suffix in ("csv", "parquet")
        for word in ("-o", tmp_path / f"{name}.{suffix}")
    ]  # fmt: skip
    assert cptdiff("diff", *pair, *outputs, "--quiet").returncode == 0
    for name in names:
        frame = pl.read_parquet(tmp_path / f"{name}.parquet")
        assert as_csv(frame) == rows(tmp_path / f"{name}.csv") != []


def test_parquet_has_exact_values_and_true_dates(cptdiff: Run, make: Make, tmp_path: Path) -> None:
    pair = [
        make(tmp_path / f"{name}.csv", f"code,text\nA1,{text}\n")
        for name, text in (("a", "=1+1"), ("b", "=2+2"))
    ]
    words = ("--code-set", "table", "--current-date", "2027-01-01", "--quiet")
    changes, fields = tmp_path / "changes.parquet", tmp_path / "fields.parquet"
    assert cptdiff("diff", *pair, *words, "-o", changes, "-o", fields).returncode == 0
    (row,) = pl.read_parquet(changes).to_dicts()
    assert (row["previous_descriptor"], row["current_descriptor"]) == ("=1+1", "=2+2")
    assert (row["effective_date"], row["last_valid_date"]) == (date(2027, 1, 1), None)
    (row,) = pl.read_parquet(fields).to_dicts()
    assert (row["field"], row["previous"], row["current"]) == ("text", "=1+1", "=2+2")


def test_parquet_keeps_back_what_is_not_to_be_shown(
    cptdiff: Run, samples: Path, tmp_path: Path
) -> None:
    pair = [samples / f"cpt-{year}-legacy.zip" for year in (2026, 2027)]
    words = ("--descriptors", "none", "--quiet", "-o", tmp_path / "fields.parquet")
    assert cptdiff("diff", *pair, *words).returncode == 0
    frame = pl.read_parquet(tmp_path / "fields.parquet")
    assert set(frame["previous"]) | set(frame["current"]) == {""}


def test_parquet_is_in_no_run_folder(cptdiff: Run, tables: tuple[str, ...], tmp_path: Path) -> None:
    assert cptdiff("diff", *tables, "-o", tmp_path / "run", "--quiet").returncode == 0
    assert list((tmp_path / "run").glob("*.parquet")) == []
