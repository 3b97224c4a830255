"""Runs of the samples, made once, and lists that are invented from their codes."""

import csv
import io
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest
import xlsxwriter

from cptdiff.__main__ import run as run_command

Rows = list[dict[str, str]]


@pytest.fixture(scope="session")
def runs(samples: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Compare the samples of a code set, once; return the run folder."""
    home = tmp_path_factory.mktemp("runs")
    names = {
        "hcpcs": "hcpcs-{}-january.zip",
        "cpt": "cpt-{}-legacy.zip",
        "icd10cm": "icd10cm-{}.zip",
    }

    def compare(code_set: str) -> Path:
        folder = home / code_set
        if not folder.exists():
            pair = [str(samples / names[code_set].format(year)) for year in (2026, 2027)]
            assert run_command(["diff", *pair, "-o", str(folder), "--quiet"]) == 0
        return folder

    return compare


@pytest.fixture(scope="session")
def pick(
    runs: Callable[[str], Path], rows: Callable[[Path], Rows]
) -> Callable[[str, str], list[str]]:
    """Return the codes of a sample by what changes.csv and codes.csv say of them."""

    def choose(code_set: str, status: str) -> list[str]:
        folder = runs(code_set)
        register = [row for row in rows(folder / "codes.csv") if row["kind"] == "code"]
        changes = [row for row in rows(folder / "changes.csv") if row["kind"] == "code"]
        changed = {row["code"] for row in changes}
        if status == "unchanged":
            return [
                row["code"] for row in register
                if row["current"] == "valid" and row["code"] not in changed
            ]  # fmt: skip
        if status == "ended-before":
            return [
                row["code"] for row in register
                if row["previous"] != "valid" != row["current"] and row["code"] not in changed
            ]  # fmt: skip
        return [
            row["code"] for row in changes
            if (row["reason"] if row["reason"] == "attributes-only" else row["change"]) == status
        ]  # fmt: skip

    return choose


def read_rows(path: Path) -> Rows:
    """Read a table that was written."""
    return [*csv.DictReader(io.StringIO(path.read_text("utf-8"), newline=""))]


def pack(name: str, table: list[list[str]]) -> bytes:
    """Pack rows as text or as a workbook, cells as they stand."""
    if name.endswith(".xlsx"):
        buffer = io.BytesIO()
        with xlsxwriter.Workbook(buffer, {"strings_to_formulas": False}) as book:
            page = book.add_worksheet("Lines")
            for number, row in enumerate(table):
                for column, cell in enumerate(row):
                    page.write_string(number, column, cell)
        return buffer.getvalue()
    text = io.StringIO()
    mark = {".tsv": "\t", ".psv": "|"}.get(Path(name).suffix, ",")
    csv.writer(text, delimiter=mark).writerows(table)
    return text.getvalue().encode()


@pytest.fixture
def impact(
    cptdiff: Callable[..., CompletedProcess[str]], rows: Callable[[Path], Rows], tmp_path: Path
) -> Callable[..., Rows]:
    """Run the command into a folder of its own; return impact.csv."""

    def judge(*words: str | Path, code: int = 0, name: str = "out") -> Rows:
        done = cptdiff("impact", *words, "-o", tmp_path / name)
        assert done.returncode == code, done.stderr
        return rows(tmp_path / name / "impact.csv")

    return judge
