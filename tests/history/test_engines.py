"""Claims on other engines: the same query, and the same answers to the byte."""

import os
import random
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from subprocess import CompletedProcess

import polars as pl
import pytest

from cptdiff import CptdiffError
from cptdiff.impact import Named, judge_claims, make_seed, render_claims, write_claims_sql
from cptdiff.model import ValidCodes
from tests.history.test_claims import OPEN, SPELLS, run_sqlite, valid_codes, write

Run = Callable[..., CompletedProcess[str]]
# LINES=1000000 judges as many.
LINES = int(os.environ.get("LINES", "4000"))
NAMES = ("invalid.csv", "invalid.parquet", "by-code.csv", "not-understood.csv", "summary.json")
# Spells that overlap, as two rows of one code in a file give them.
OVERLAPPING = [(date(2000, 1, 1), date(2024, 12, 31)), (date(2024, 7, 1), date(2025, 6, 30))]
# Both are headers before the gap, A01 behind it too.
HEADERS = pl.DataFrame({"code": ["A01", "Z99"], "f1": [date(2020, 10, 1)] * 2,
                        "t1": [OPEN, date(2024, 12, 31)]})  # fmt: skip
VALID = [
    valid_codes(spells={**SPELLS, "A0006": OVERLAPPING}),
    replace(
        valid_codes("icd10cm", {"A010": [(date(2020, 10, 1), OPEN)]}),
        headers=HEADERS,
        gaps=((date(2024, 7, 1), date(2024, 12, 31)), (date(2026, 7, 1), date.max)),
    ),
]


def make_hostile(rows: int, seed: int = 11) -> pl.DataFrame:
    """Claims with nulls, bad dates, lower case, lost zeros, odd blanks, dots and letters."""
    dice = random.Random(seed)  # noqa: S311 - the same lines each time
    codes = [*SPELLS, "A0006", "A0009", "99213", "0001F", "1F", "100", "", " ", None, "Ä01", "it's"]
    spelled: list[Callable[[str], str]] = [
        str, str, str, str.lower, lambda code: f"{code} ", lambda code: f"\t{code}",
        lambda code: f" {code}\r", lambda code: f"\u00a0{code}\u3000 ",
    ]  # fmt: skip
    bad = ["", None, "NULL", "2025-02-30", "20250230", "13/13/2025", "0", "9999-99-99", " "]
    forms = ["%Y-%m-%d"] * 5 + ["%Y%m%d", "%m/%d/%Y", "%d-%b-%Y", "%Y-%m-%d 00:00:00", " %Y-%m-%d "]

    def spell(choices: list[str | None]) -> str | None:
        code = dice.choice(choices)
        return code if code is None else dice.choice(spelled)(code)

    def write_day() -> str | None:
        day = date(2023, 6, 1) + timedelta(days=dice.randrange(1400))
        return dice.choice(bad) if dice.random() < 0.1 else day.strftime(dice.choice(forms))

    return pl.DataFrame(
        {
            "claim_id": [f"C{number // 3}" for number in range(rows)],
            "hcpcs_code": [spell(codes) for _ in range(rows)],
            "diagnosis_code_1": [spell(["A01.0", "A010", "A01", "", None, "Z99"])
                                 for _ in range(rows)],
            "claim_line_start_date": [write_day() for _ in range(rows)],
            "claim_start_date": [write_day() for _ in range(rows)],
            "claim_end_date": [write_day() for _ in range(rows)],
            "bill_type_code": [dice.choice(["111", "131", " 0111", None]) for _ in range(rows)],
            "charge_amount": [dice.choice(["1.10", "$2,000.00", "(3.5)", "", None, "n/a"])
                              for _ in range(rows)],
            "note": [dice.choice([" blank ", "a,b", 'say "x"', None]) for _ in range(rows)],
        },
        dict.fromkeys(
            ("claim_id", "hcpcs_code", "diagnosis_code_1", "claim_line_start_date",
             "claim_start_date", "claim_end_date", "bill_type_code", "charge_amount", "note"),
            pl.String,
        ),
    )  # fmt: skip


def write_all(path: Path, engine: str, valid: list[ValidCodes] | None = None) -> dict[str, bytes]:
    found = judge_claims([path], valid or VALID, Named(keep=("note",)), engine)
    return render_claims(found, NAMES)


def list_files(folder: Path, frame: pl.DataFrame) -> Iterator[Path]:
    """The same claims in each form: text, one Parquet file, parts, and folders that name values."""
    frame.write_csv(folder / "claims.csv")
    yield folder / "claims.csv"
    frame.write_parquet(folder / "claims.parquet", row_group_size=LINES // 4)
    yield folder / "claims.parquet"
    frame.write_parquet(folder / "it's [1]*.parquet")
    yield folder / "it's [1]*.parquet"
    (folder / "parts").mkdir()
    for number, part in enumerate(frame.iter_slices(LINES // 5)):
        part.write_parquet(folder / "parts" / f"part-{number}.parquet")
    yield folder / "parts"
    for bill in ("111", "131"):
        (folder / "hive" / f"bill_type_code={bill}").mkdir(parents=True)
        frame.filter(pl.col("bill_type_code") == bill).drop("bill_type_code").write_parquet(
            folder / "hive" / f"bill_type_code={bill}" / "part.parquet"
        )
    yield folder / "hive"


def test_duckdb_writes_the_same_files_as_polars(tmp_path: Path) -> None:
    pytest.importorskip("duckdb")
    for path in list_files(tmp_path, make_hostile(LINES)):
        ours, theirs = (write_all(path, engine) for engine in ("polars", "duckdb"))
        assert ours == theirs, path
        assert ours["invalid.csv"].count(b"\n") > LINES // 4


def test_duckdb_judges_dates_that_are_dates(tmp_path: Path) -> None:
    pytest.importorskip("duckdb")
    texts = make_hostile(500).select("claim_id", "hcpcs_code", "note", "claim_line_start_date")
    days = pl.col("claim_line_start_date").str.to_date("%Y-%m-%d", strict=False)
    for name, day in (("days", days), ("moments", days.cast(pl.Datetime).dt.offset_by("23h"))):
        texts.with_columns(day).write_parquet(tmp_path / f"{name}.parquet")
        path = tmp_path / f"{name}.parquet"
        assert write_all(path, "polars", VALID[:1]) == write_all(path, "duckdb", VALID[:1])


def test_two_columns_that_duckdb_takes_for_one_are_refused(tmp_path: Path) -> None:
    pytest.importorskip("duckdb")
    path = tmp_path / "c.parquet"
    pl.DataFrame({"dos": ["2025-06-01"], "hcpcs": ["A0003"], "HCPCS": ["A0001"]}).write_parquet(
        path
    )
    with pytest.raises(CptdiffError, match=r"E162.*DuckDB ignores capitals"):
        judge_claims([path], VALID, Named(codes=("hcpcs",)), "duckdb")


def test_without_duckdb_the_command_says_what_to_install(
    tmp_path: Path, samples: Path, cptdiff: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "duckdb", None)
    path = tmp_path / "c.csv"
    path.write_text("hcpcs,dos\nA0001,2026-06-01\n")
    release = samples / "hcpcs-2027-january.zip"
    done = cptdiff("claims", path, "--release", release, "--engine", "duckdb")
    assert done.returncode == 2
    assert done.stderr == (
        "cptdiff: error[E385]: c.csv: DuckDB is not installed."
        " Fix: run: pip install 'cptdiff[duckdb]'\n"
    )


def test_a_file_that_duckdb_cannot_read_is_told_in_one_line(tmp_path: Path) -> None:
    pytest.importorskip("duckdb")
    path = tmp_path / "c.parquet"
    frame = make_hostile(4000)
    frame.write_parquet(path, compression="uncompressed")
    damaged = bytearray(path.read_bytes())
    damaged[200:60_000] = bytes(59_800)
    path.write_bytes(damaged)
    with pytest.raises(CptdiffError, match="E215"):
        write_all(path, "duckdb")


def test_sqlite_gives_the_same_lines(tmp_path: Path) -> None:
    """SQLite trims spaces only and knows the capitals of ASCII only: its lines come so."""
    frame = make_hostile(1000)
    path = tmp_path / "claims.parquet"
    frame.write_parquet(path)
    named = Named(has_ids=False)
    rows = run_sqlite(
        write_claims_sql(path, VALID, named),
        frame.with_columns(pl.all().str.strip_chars().str.to_uppercase()),
        make_seed(VALID),
    )
    found = judge_claims([path], VALID, named)
    strange = {(row["row"], row["position"]) for row in found.not_understood.iter_rows(named=True)}
    theirs = {
        (row, position, code, day or "", str(start or ""), str(end or ""), status)
        for row, _, position, code, day, _, status, start, end in rows
        if (row, position) not in strange
    }
    ours = {
        (row["row"], row["position"], row["code"], row["date_used"].strip().upper(),
         str(row["valid_from"] or ""), str(row["valid_to"] or ""), row["status"])
        for row in found.invalid.iter_rows(named=True)
    }  # fmt: skip
    assert theirs == ours
    assert len(rows) == len(ours) + len(strange)
    assert len(ours) > 300


def test_the_bar_moves_with_the_columns_and_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shares: list[float] = []
    monkeypatch.setattr("cptdiff.impact.service_dates.tell_share", shares.append)
    files = [write(tmp_path / f"{name}.csv", "hcpcs_1,hcpcs_2,dos", "A0001,A0003,2025-06-01")
             for name in "ab"]  # fmt: skip
    judge_claims(files, VALID[:1], Named())
    assert shares == [0.25, 0.5, 0.75, 1.0]
