"""Diagnoses: codes with and without a dot, categories, families, and codes that look like HCPCS."""

from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from tests.impact.conftest import pack, read_rows

Run = Callable[..., CompletedProcess[str]]
Rows = list[dict[str, str]]
Runs = Callable[[str], Path]
Judge = Callable[..., Rows]


@pytest.fixture
def changes(runs: Runs) -> Rows:
    return [row for row in read_rows(runs("icd10cm") / "changes.csv") if row["kind"] == "code"]


def dot(code: str) -> str:
    return f"{code[:3]}.{code[3:]}" if len(code) > 3 else code


def test_a_dot_makes_no_difference(
    runs: Runs, changes: Rows, impact: Judge, tmp_path: Path
) -> None:
    codes = [row["code"] for row in changes if row["change"] == "deleted"]
    lines = [*map(dot, codes), *codes, *map(str.lower, codes)]
    table = [["Diagnosis code"], *([line] for line in lines)]
    (tmp_path / "dx.csv").write_bytes(pack("dx.csv", table))
    found = impact(runs("icd10cm"), "--list", tmp_path / "dx.csv")
    assert [(row["code"], row["status"]) for row in found] == [
        (code, "deleted") for code in codes * 3
    ]


@pytest.mark.parametrize("form", ["{}", "{}.-", "{}*", "{}.*"])
def test_a_category_is_a_family_that_changed_with_its_codes(
    form: str, runs: Runs, changes: Rows, impact: Judge,
    tmp_path: Path,
) -> None:  # fmt: skip
    kinds = ("added", "deleted", "revised")
    headers = {
        row["code"] for row in read_rows(runs("icd10cm") / "codes.csv") if row["kind"] == "header"
    }
    touched = {row["code"][:3] for row in changes if row["change"] in kinds} & headers
    table = [["ICD-10-CM"], *([form.format(family)] for family in sorted(headers)
                              if len(family) == 3)]  # fmt: skip
    (tmp_path / "set.csv").write_bytes(pack("set.csv", table))
    found = impact(runs("icd10cm"), "--list", tmp_path / "set.csv")
    families = [row for row in found if row["status"] == "family-changed"]
    assert {row["code"] for row in families} == touched
    for row in families:
        inside = [one for one in changes if one["code"].startswith(row["code"])]
        counts = {kind: sum(one["change"] == kind for one in inside) for kind in kinds}
        words = zip(("new", "deleted", "revised"), kinds, strict=True)
        told = [f"{counts[kind]} {word}" for word, kind in words if counts[kind]]
        assert row["reason"] == ", ".join(told)


def test_the_column_or_its_neighbor_tells_what_a_code_is(
    runs: Runs, impact: Judge, tmp_path: Path
) -> None:
    """J1100 is a drug of HCPCS, and an influenza of ICD-10-CM without its dot."""
    table = [["Code", "Set"], ["Q9999", "HCPCS"], ["Q9999", "ICD-10-CM"], ["Q9999", "CDM"]]
    (tmp_path / "mixed.csv").write_bytes(pack("mixed.csv", table))
    words = ("--list", tmp_path / "mixed.csv", "--code-column", "Code", "--code-set-column", "Set")
    found = impact(runs("hcpcs"), runs("icd10cm"), *words)
    assert [(row["line"], row["code_set"], row["status"]) for row in found] == [
        ("2", "hcpcs", "unknown"), ("3", "icd10cm", "unknown"),
    ]  # fmt: skip
    (listed,) = read_rows(tmp_path / "out" / "lists.csv")
    assert listed["other-code-set"] == "1"
