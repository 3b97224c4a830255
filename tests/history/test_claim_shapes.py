"""Claims as systems write them: parts that differ, fillers, midnights, columns of any name."""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import polars as pl
import pytest

from cptdiff import CptdiffError
from cptdiff.impact import Named, judge_claims, make_seed, render_claims, write_claims_sql
from cptdiff.impact.cells import PROCEDURE, read_cells
from cptdiff.impact.claim_files import find_columns
from cptdiff.impact.service_sql import FILLERS
from cptdiff.model import ValidCodes
from tests.history.test_claims import OPEN, run_sqlite, valid_codes, write

Run = Callable[..., CompletedProcess[str]]
ENGINES = ("polars", "duckdb")
NAMES = ("invalid.csv", "by-code.csv", "not-understood.csv", "summary.json")
ENDED = date(2025, 6, 1)
NOON = datetime(2025, 6, 1, 12)  # noqa: DTZ001 - a moment without a zone
PCS = valid_codes("icd10pcs", {"0DTJ4ZZ": [(date(2020, 1, 1), OPEN)]})


def write_parts(folder: Path, *parts: dict[str, Any]) -> Path:
    folder.mkdir()
    for number, part in enumerate(parts):
        frame = pl.DataFrame({"hcpcs_code": ["A0003"], "dos": [ENDED], **part})
        frame.write_parquet(folder / f"{number}.parquet")
    return folder


def judge_with(engine: str, path: Path, *valid: ValidCodes) -> dict[str, bytes]:
    if engine == "duckdb":
        pytest.importorskip("duckdb")
    return render_claims(judge_claims([path], valid or [valid_codes()], Named(), engine), NAMES)


MIXED: dict[str, tuple[dict[str, Any], ...]] = {
    "whole and broken charges": ({"charge": [5]}, {"charge": [7.5]}),
    "charges that are blank": ({"charge": [None]}, {"charge": [12.5]}),
    "charges in a later part": ({}, {"charge": [12.5]}),
    "charges in an earlier part": ({"charge": [12.5]}, {}),
    "days and moments": ({"charge": [12.5]}, {"charge": [0.0], "dos": [NOON]}),
    "days and texts": ({"charge": [12.5]}, {"charge": [0.0], "dos": ["6/1/2025"]}),
    "days that are blank": ({"claim_start_date": [None], "charge": [12.5]},
                            {"claim_start_date": [ENDED], "charge": [0.0], "dos": [None]}),
    "texts and categories": (
        {"charge": [12.5]},
        {"charge": [0.0], "hcpcs_code": pl.Series(["A0003"], dtype=pl.Categorical)},
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", MIXED)
def test_parts_that_differ_in_their_types_are_one_table(kind: str, tmp_path: Path) -> None:
    folder = write_parts(tmp_path / "claims", *MIXED[kind])
    ours, theirs = (judge_with(engine, folder) for engine in ENGINES)
    assert ours == theirs
    lines = ours["invalid.csv"].decode().splitlines()[1:]
    assert [line.split(",")[1:5] for line in lines] == [
        [str(row), "hcpcs_code", "hcpcs", "A0003"] for row in (1, 2)
    ]
    assert ",2,12.50,2025-06-01,2025-06-01," in ours["by-code.csv"].decode()


def test_parts_in_folders_that_name_a_column_may_differ_too(tmp_path: Path) -> None:
    for day, charge in (("2025-03-31", 5), ("2025-04-01", 7.5)):
        (tmp_path / "claims" / f"dos={day}").mkdir(parents=True)
        part = pl.DataFrame({"hcpcs": ["A0003"], "charge": [charge]})
        part.write_parquet(tmp_path / "claims" / f"dos={day}" / "part.parquet")
    ours, theirs = (judge_with(engine, tmp_path / "claims") for engine in ENGINES)
    assert ours == theirs
    assert ours["invalid.csv"].decode().splitlines()[1].startswith("claims,2,hcpcs,hcpcs,A0003")


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("part", "said"),
    [
        ({"hcpcs_code": [1]}, "claims/1.parquet: stores the codes of hcpcs_code as Int64"),
        (
            {"dos": pl.Series([NOON]).dt.replace_time_zone("UTC")},
            "claims/1.parquet: stores dos as moments in UTC",
        ),
        ({"dos": [20250601]}, "claims/1.parquet: stores the dates of dos as Int64"),
    ],
)
def test_a_part_that_cannot_be_judged_is_refused_by_name(
    part: dict[str, Any], said: str, engine: str, tmp_path: Path
) -> None:
    folder = write_parts(tmp_path / "claims", {}, part)
    with pytest.raises(CptdiffError, match=said):
        judge_with(engine, folder)


def test_fillers_are_blank_as_they_are_in_lists(tmp_path: Path) -> None:
    cells = pl.DataFrame({"text": FILLERS, "system": PROCEDURE})
    assert read_cells(cells).fates["fate"].unique().to_list() == ["blank"]
    texts = ["A0003", *FILLERS, "null", "n/a", " NA "]
    lines = [f"{text},{text},2025-06-01" for text in texts]
    path = write(tmp_path / "c.csv", "hcpcs_code,diagnosis_code,dos", *lines)
    icd = valid_codes("icd10cm", {"A010": [(date(2020, 1, 1), OPEN)]})
    ours, theirs = (judge_with(engine, path, valid_codes(), icd) for engine in ENGINES)
    assert ours == theirs
    found = judge_claims([path], [valid_codes(), icd], Named())
    blank = len(texts) - 1
    # A0003 may be a diagnosis, and no release has it.
    assert [one[2:8] for one in found.counts] == [(blank + 1, blank, 0, 0, 1, 0)] * 2


@pytest.mark.parametrize(
    "day",
    ["6/1/2025 0:00", "06/01/2025 12:00:00 AM", "01JUN2025:00:00:00", "20250601T000000",
     "1-Jun-2025 00:00", "01-JUN-2025 00:00:00", "2025-06-01T00:00:00"],
)  # fmt: skip
def test_the_time_of_a_day_is_left_out(day: str, tmp_path: Path) -> None:
    lines = [f"A0003,{day}", f"A0001,{day}"]
    path = write(tmp_path / "c.csv", "hcpcs,dos", *lines)
    for engine in ENGINES:
        rows = judge_with(engine, path)["invalid.csv"].decode().splitlines()[1:]
        assert [row.split(",")[1::5][:2] for row in rows] == [["1", "ended"]]
    query = write_claims_sql(path, [valid_codes()], Named())
    frame = pl.read_csv(path, infer_schema=False)
    assert [row[0] for row in run_sqlite(query, frame, make_seed([valid_codes()]))] == [1]


def test_a_column_of_codes_is_what_the_user_or_its_name_says() -> None:
    names = ["claim_id", "Condition", "Dx_Primary", "Billed CPT", "op", "dos"]
    named = Named(codes=("Condition=diagnosis", "dx*", "billed*", "op=Inpatient-Procedure"))
    assert find_columns("c.csv", names, named).codes == (
        ("Condition", "diagnosis"), ("Dx_Primary", "diagnosis"), ("Billed CPT", "procedure"),
        ("op", "inpatient procedure"),
    )  # fmt: skip
    with pytest.raises(CptdiffError, match=r"Condition which.*Condition=procedure or Condition=d"):
        find_columns("c.csv", names, Named(codes=("Condition",)))


def test_dates_and_titles_beside_codes_of_icd10pcs_are_no_codes() -> None:
    codes = ["icd10_pcs_code_1", "ICD 10 PCS", "icd10pcs_cd2"]
    names = [*codes, "icd10_pcs_date_1", "icd10_pcs_description", "dos"]
    found = find_columns("c.csv", names, Named()).codes
    assert found == tuple((name, "inpatient procedure") for name in codes)


def test_files_have_as_much_of_their_paths_as_tells_them_apart(tmp_path: Path) -> None:
    files = []
    for year, charge in (("y1", 5), ("y2", 7)):
        (tmp_path / year / "d").mkdir(parents=True)
        text = ("hcpcs,dos,charge", f"A0003,2025-06-01,{charge}")
        files.append(write(tmp_path / year / "d" / "x.csv", *text))
    again = tmp_path / "y1" / ".." / "y1" / "d" / "x.csv"
    found = judge_claims([*files, again], [valid_codes()], Named())
    assert found.invalid["file"].to_list() == ["y1/d/x.csv", "y2/d/x.csv"]
    assert found.by_code.select("lines", "charge").rows() == [(2, "12.00")]
    assert found.cents == 1200


def test_bytes_that_are_no_utf8_are_told_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    path.write_bytes(b"claim_id,provider,hcpcs_code,dos\n1,Jos\xe9,A0003,2025-06-01\n")
    for engine in ENGINES:
        with pytest.raises(CptdiffError, match=r"E215.*as UTF-8"):
            judge_with(engine, path)


def test_a_cell_that_two_families_do_not_understand_is_told_the_same_way(tmp_path: Path) -> None:
    header = "claim_id,procedure_source_value,procedure_date,end_date"
    lines = [f"{number},foo-bar,2025-05-01,2025-05-09" for number in range(200)]
    path = write(tmp_path / "c.csv", header, *lines)
    found = judge_claims([path], [valid_codes(), PCS], Named()).not_understood
    assert found.height == 200
    assert found["date_used"].unique().to_list() == ["2025-05-01"]
