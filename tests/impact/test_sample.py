"""The sample chargemaster: which of its lines are touched is known by construction."""

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

Run = Callable[..., CompletedProcess[str]]
Rows = list[dict[str, str]]
Read = Callable[[Path], Rows]
Runs = Callable[[str], Path]
Judge = Callable[..., Rows]
OPTIONS = ("--group-by", "Department Name", "--volume-column", "Annual Volume",
           "--price-column", "Price")  # fmt: skip


@pytest.fixture(scope="module")
def truth(samples: Path) -> dict[str, Any]:
    """Load what the generator decided."""
    loaded: dict[str, Any] = json.loads((samples / "expected-impact.json").read_text("utf-8"))
    return loaded


@pytest.fixture(scope="module")
def folder(runs: Runs, samples: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Judge the sample by both code sets; some cells are no codes, so the exit code is 3."""
    from cptdiff.__main__ import run as run_command  # noqa: PLC0415 - after the fixtures

    out = tmp_path_factory.mktemp("sample") / "out"
    words = ["impact", runs("cpt"), runs("hcpcs"), "--list", samples / "chargemaster-2026.csv"]
    assert run_command([*map(str, words), *OPTIONS, "--quiet", "-o", str(out)]) == 3
    return out


def test_exactly_the_lines_that_were_made_so_are_touched(
    folder: Path, rows: Read, truth: dict[str, Any]
) -> None:
    names = ("line_id", "group", "code", "part", "status")
    found = sorted(tuple(row[name] for name in names) for row in rows(folder / "impact.csv"))
    assert found == sorted(map(tuple, truth["touched"]))
    statuses = {status for *_, status in found}
    assert len(statuses) == 7
    assert len(found) > 200


def test_every_dirty_cell_is_understood_or_listed(
    folder: Path, rows: Read, truth: dict[str, Any]
) -> None:
    (read,) = rows(folder / "lists.csv")
    names = {"blank": "blank", "understood": "understood", "aside": "set_aside"}
    cells = {fate: int(read[name]) for fate, name in names.items()}
    assert cells == truth["cells"]
    assert int(read["lines"]) == truth["lines"] == 5000
    aside = [[int(row["line"]), row["raw"]] for row in rows(folder / "quarantine.csv")]
    assert sorted(aside) == sorted(truth["aside"])
    assert int(read["read_as_code_and_modifier"]) > 50


def test_the_exposure_is_the_sum_of_the_touched_lines(
    folder: Path, rows: Read, truth: dict[str, Any]
) -> None:
    by_line = {row["line_id"]: row["exposure"] for row in rows(folder / "impact.csv")}
    cents = sum(round(float(amount) * 100) for amount in by_line.values() if amount)
    assert f"{cents / 100:.2f}" == truth["exposure"]


def test_with_one_code_set_only_its_lines_are_touched(
    runs: Runs, samples: Path, impact: Judge, truth: dict[str, Any]
) -> None:
    touched = impact(runs("cpt"), "--list", samples / "chargemaster-2026.csv", code=3)
    found = {(row["line_id"], row["code"]) for row in touched}
    wanted = {(line, code) for line, _, code, _, _ in truth["touched"] if code[0].isdigit()}
    assert found == wanted


def test_owners_come_from_the_first_digits_of_the_charge_number_too(
    runs: Runs, samples: Path, cptdiff: Run, rows: Read, tmp_path: Path
) -> None:
    words = ("--list", samples / "chargemaster-2026.csv", "--group-by", "Charge Number:3")
    assert cptdiff("impact", runs("cpt"), *words, "-o", tmp_path / "out").returncode == 3
    found = {row["group"] for row in rows(tmp_path / "out" / "impact.csv")}
    pages = {path.stem for path in (tmp_path / "out" / "by-owner").iterdir()}
    assert pages == found
    assert len(found) >= 8
