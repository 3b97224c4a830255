"""What is counted of claims, and what is left unjudged: unknown days, codes of other sets."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from subprocess import CompletedProcess

import polars as pl
import pytest

from cptdiff.conditions import read_condition
from cptdiff.history.forms import About, take_valid
from cptdiff.impact import describe_claims, list_claim_reasons
from tests.history.test_claims import FIRST, OPEN, ORDER, judge, valid_codes, write

Run = Callable[..., CompletedProcess[str]]
Rows = Callable[[Path], list[dict[str, str]]]


def write_headers(folder: Path) -> list[str]:
    """Releases of the years of `ORDER`: H01 a header in all, H02 in the last, H03 but for it."""
    given = []
    for year in ORDER:
        codes = [f"C{number:02}" for number in range(40)]
        lines = [(code, 1) for code in codes] + [("H01", 0), ("H02" if year == 2023 else "H03", 0)]
        path = folder / f"icd10cm_order_{year}.txt"
        rows = [f"{at:05} {c:<7} {k} {c:<60} {c}" for at, (c, k) in enumerate(lines, 1)]
        path.write_text("".join(f"{row}\r\n" for row in rows))
        given += ["--release", str(path)]
    return given


def test_a_header_is_one_in_a_gap_where_the_releases_around_it_agree(
    tmp_path: Path, cptdiff: Run, rows: Rows
) -> None:
    given = write_headers(tmp_path)
    days = ["2018-06-01", "2021-06-01", "2023-01-01", "2024-06-01"]
    cells = [f"{code},{day}" for code in ("H01", "H02", "H03") for day in days]
    claims, out = write(tmp_path / "claims.csv", "dx1,dos", *cells), tmp_path / "invalid.csv"
    assert cptdiff("claims", claims, *given, "-o", out).returncode == 0
    right = [
        *["header"] * 4,
        "header", "out-of-range", "header", "header",
        "header", "out-of-range", "header", "out-of-range",
    ]  # fmt: skip
    assert [row["status"] for row in rows(out)] == right


def test_what_is_no_code_of_icd10pcs_is_not_judged_as_one(tmp_path: Path) -> None:
    """CPT and HCPCS Level II are of other code sets; lost characters are no code."""
    cells = ["99213", "J7170", "NULL", "0066", "0DTJ4Z", "0DT", "0DTJ4ZX", "0DTJ4ZZ", ""]
    path = write(
        tmp_path / "c.csv", "claim_id,claim_end_date,procedure_code_1",
        *(f"{number},2025-06-01,{cell}" for number, cell in enumerate(cells, 1)),
    )  # fmt: skip
    pcs = valid_codes("icd10pcs", {"0DTJ4ZZ": [(date(2020, 1, 1), OPEN)]}, ["0DT"])
    found = judge(path, pcs)
    assert found.invalid.select("row", "status").rows() == [(6, "header"), (7, "unknown")]
    assert found.not_understood["code"].to_list() == ["0066", "0DTJ4Z"]
    assert [one[2:] for one in found.counts] == [(9, 2, 2, 1, 2, 0, 2)]


@pytest.mark.parametrize(
    ("code_set", "column", "code", "months"),
    [("hcpcs", "hcpcs", "A0009", 3), ("icd10cm", "dx1", "Z99", 6), ("icd10pcs", "icd10pcs",
     "0DTJ4ZX", 6), ("cpt", "cpt", "99213", 12)],
)  # fmt: skip
def test_a_new_code_may_come_so_soon_after_the_last_release(
    code_set: str, column: str, code: str, months: int, tmp_path: Path
) -> None:
    rows = [{"code_set": code_set, "kind": "code", "code": "A0001", "spells": 1,
             "f1": FIRST, "t1": OPEN, "basis": "file", "replaced_by": ""}]  # fmt: skip
    valid = take_valid(pl.DataFrame(rows), code_set, About("2024-01-01/2026-01-01", ""))
    later = date(2026 + months // 12, 1 + months % 12, 1)
    days = (later - timedelta(days=1), later)
    path = write(tmp_path / "c.csv", f"{column},dos", *(f"{code},{day}" for day in days))
    assert judge(path, valid).invalid["status"].to_list() == ["unknown", "out-of-range"]


def test_lines_are_counted_and_not_their_columns(tmp_path: Path) -> None:
    path = write(
        tmp_path / "c.csv", "hcpcs_1,hcpcs_2,dos,charge",
        "A0003,A0003,2025-06-01,10", "A0001,A0001,,5",
    )  # fmt: skip
    found = judge(path)
    assert found.by_code.select("status", "code", "lines", "charge").rows() == [
        ("ended", "A0003", 1, "10.00"), ("no-date", "A0001", 1, "5.00"),
    ]  # fmt: skip
    told = [*describe_claims(found)]
    assert told[:3] == [
        "1 line with 1 code not valid on the date of service, charged 10.00: 1 ended",
        "not judged: 1 line without a date of service", "  A0003: 1 ended, now A0002",
    ]  # fmt: skip
    assert told[3] == "c.csv, hcpcs_1: 2 lines = 0 valid + 1 invalid + 1 not judged + 0 blank"
    conditions = [
        read_condition(text, subjects=("ended", "invalid"))
        for text in ("ended>1", "invalid>1", "ended", "invalid")
    ]
    assert list_claim_reasons(found, conditions) == (
        1, ["1 ended (--fail-on ended)", "1 invalid (--fail-on invalid)"],
    )  # fmt: skip


def test_what_is_not_judged_is_not_invalid(tmp_path: Path, samples: Path, cptdiff: Run) -> None:
    path = write(tmp_path / "c.csv", "hcpcs,dos", "A0021,", "A0021,2001-06-01")
    words = ["--release", samples / "hcpcs-2027-january.zip", "--fail-on"]
    done = cptdiff("claims", path, *words, "invalid")
    assert done.returncode == 0
    assert done.stdout.splitlines()[:4] == [
        "no code was judged", "not judged: 1 line without a date of service",
        "not judged: 1 line of a day that the releases do not cover",
        "c.csv, hcpcs: 2 lines = 0 valid + 0 invalid + 2 not judged + 0 blank",
    ]  # fmt: skip
    told = cptdiff("claims", path, *words, "no-date")
    assert (told.returncode, "1 no-date (--fail-on no-date)" in told.stderr) == (1, True)
