"""What replaces a code that came and went between two releases is shown where it is stated."""

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

Run = Callable[..., CompletedProcess[str]]
Rows = Callable[[Path], list[dict[str, str]]]
PAIR = ("hcpcs-2026-january.zip", "hcpcs-2027-january.zip")
# In the sample; one more such code has no cross-reference.
STATED = {"C0248": "C0174", "Q0211": "Q0137"}


@pytest.fixture
def folder(cptdiff: Run, samples: Path, tmp_path: Path) -> Path:
    done = cptdiff("diff", *(samples / name for name in PAIR), "-o", tmp_path / "run", "--quiet")
    assert done.returncode == 0
    return tmp_path / "run"


def test_a_cross_reference_of_a_passing_code_is_in_every_report(folder: Path, rows: Rows) -> None:
    passing = {row["code"]: row for row in rows(folder / "changes.csv")
               if row["change"] == "transient"}  # fmt: skip
    assert {code: row["replacements"] for code, row in passing.items()} == {"C0211": "", **STATED}
    assert {row["classes"] for row in passing.values()} == {""}
    links = [row for row in rows(folder / "crosswalk.csv") if row["code"] in passing]
    assert {row["code"]: row["replacement"] for row in links} == STATED
    assert all(row["basis"] == "publisher" and row["descriptor"] for row in links)
    assert "unit changes from 3 ml to 5 ml" in links[0]["note"]
    listed = {
        one["code"]: [to["code"] for to in one["replacements"]]
        for one in json.loads((folder / "changes.json").read_text("utf-8"))["changes"]
        if one["change"] == "transient"
    }
    assert listed == {"C0211": [], **{code: [to] for code, to in STATED.items()}}
    page = (folder / "report.html").read_text("utf-8")
    entry = page.partition('<article id="hcpcs-C0248"')[2].partition("</article>")[0]
    assert "Replaced by" in entry
    assert "unit changes from 3 ml to 5 ml" in entry


def test_a_passing_code_is_no_deleted_one(folder: Path, rows: Rows) -> None:
    summary = json.loads((folder / "summary.json").read_text("utf-8"))
    deleted = [row for row in rows(folder / "changes.csv") if row["change"] == "deleted"]
    found = summary["replacements"]
    assert found["stated"] + found["candidates"] + found["none"] <= len(deleted)
    waiting = summary["review"]["deleted"]
    assert waiting == sum(row["kind"] != "header" for row in deleted) - found["stated"]
