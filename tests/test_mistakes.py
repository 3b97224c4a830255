"""What people type by mistake gets one line that names the remedy; the help leads the way."""

import json
import re
import shlex
import shutil
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import polars as pl
import pytest

from cptdiff.cli.commands import NAMES
from cptdiff.judgement import CLASSES
from cptdiff.vocabulary import SEVERITIES

Run = Callable[..., CompletedProcess[str]]
Make = Callable[..., Path]
OLE = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600)
TABLE = "code,text\nA1,One\n"

# What is typed in a folder with old.csv, new.csv, old.xls and the folder run; what the line says.
MISTAKES = {
    "nothing": ("", "no command given. Fix: write `cptdiff diff PREVIOUS CURRENT`"),
    "two files": (
        "old.csv new.csv -o x.html", "Fix: run `cptdiff diff old.csv new.csv -o x.html`",
    ),
    "two files that are not there": ("a.zip b.zip", "Fix: run `cptdiff diff a.zip b.zip`"),
    "one file": ("old.csv", "Fix: run `cptdiff inspect old.csv`"),
    "another word": ("compare old.csv new.csv", "Fix: run `cptdiff diff old.csv new.csv`"),
    "another word alone": ("compare", "Fix: run `cptdiff diff --help`"),
    "a slip": ("dif old.csv new.csv", "Fix: run `cptdiff diff old.csv new.csv`"),
    "no word at all": ("nonsense", "Fix: run `cptdiff --help`"),
    "help": ("help", "Fix: run `cptdiff --help`"),
    "help on a command": ("help inspect", "Fix: run `cptdiff inspect --help`"),
    "version": ("version", "Fix: run `cptdiff --version`"),
    "an option first": (
        "--quiet diff old.csv new.csv",
        "Fix: write options after the command: `cptdiff diff PREVIOUS CURRENT --quiet ...`",
    ),
    "no releases": ("diff", "Fix: write `cptdiff diff PREVIOUS CURRENT`"),
    "one release": ("diff old.csv", "Fix: write `cptdiff diff PREVIOUS CURRENT`"),
    "no list": ("impact run", "Fix: write `cptdiff impact RUN... --list FILE|PATTERN`"),
    "no file": ("inspect", "Fix: write `cptdiff inspect PATH`"),
    "a code set as people write it": (
        "diff old.csv new.csv --code-set ICD-10-CM", "Fix: did you mean icd10cm?",
    ),
    "a code set in capitals": ("diff old.csv new.csv --code-set CPT", "Fix: did you mean cpt?"),
    "a severity": ("diff old.csv new.csv --min-severity hihg", "Fix: did you mean high?"),
    "an unknown word": (
        "diff old.csv new.csv --format pdf", "Fix: see `cptdiff diff --help`",
    ),
    "a date as people write it": (
        "diff old.csv new.csv --current-date 1/1/2027", "Fix: write 2027-01-01",
    ),
    "a date that is none": (
        "diff old.csv new.csv --current-date soon", "write YYYY-MM-DD. Fix: write 2027-01-01",
    ),
    "an address": (
        "diff old.csv https://example.org/new.zip",
        "is a web address; cptdiff works offline. Fix: download it in a browser, then give the",
    ),
    "an address to look at": (
        "inspect www.example.org/new.zip", "is a web address; cptdiff works offline. Fix: download",
    ),
    "a PDF": (
        "diff old.csv new.csv -o report.pdf",
        "Fix: write report.html, open it in a browser and print it to a PDF",
    ),
    "an old workbook to write": ("diff old.csv new.csv -o x.XLS", "Fix: end it in .xlsx"),
    "an old workbook to read": (
        "diff old.xls new.csv --code-set table",
        "Fix: use the publisher's text file, or save it as .xlsx",
    ),
    "a run folder that is there": (
        "diff old.csv new.csv -o run", "already exists; nothing was changed. Fix: choose a new",
    ),
}  # fmt: skip


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Go to an empty folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(("typed", "told"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_gets_one_line_with_the_remedy(
    cptdiff: Run, make: Make, here: Path, typed: str, told: str
) -> None:
    make(here, {"old.csv": TABLE, "new.csv": TABLE, "old.xls": OLE, "run": {"x": "x"}})
    before = sorted(here.rglob("*"))
    done = cptdiff(*shlex.split(typed))
    assert done.returncode == (4 if "-o run" in typed else 2)
    assert done.stderr.startswith("cptdiff: error[E")
    assert done.stderr.count("\n") == 1
    assert told in done.stderr
    assert sorted(here.rglob("*")) == before


@pytest.mark.parametrize("case", ["two files", "another word", "a slip"])
def test_the_remedy_of_a_mistake_runs(cptdiff: Run, samples: Path, here: Path, case: str) -> None:
    for year, name in ((2026, "old"), (2027, "new")):
        shutil.copy(samples / f"table-{year}.csv", here / f"{name}.csv")
    remedy = re.findall(r"`(.*)`", cptdiff(*shlex.split(MISTAKES[case][0])).stderr)[0]
    assert cptdiff(*shlex.split(remedy)[1:], "--code-set", "table").returncode == 0


def test_alone_the_command_prints_its_help(cptdiff: Run) -> None:
    assert cptdiff().stdout == cptdiff("--help").stdout != ""


COMMANDS = sorted(NAMES)


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_tears_no_name_apart(
    cptdiff: Run, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    for columns in (60, 72, 80, 100):
        monkeypatch.setenv("COLUMNS", str(columns))
        lines = cptdiff(command, "--help").stdout.splitlines()
        assert [line for line in lines if line.endswith("-") and line.split()[-1] != "-"] == []


def test_every_option_of_diff_stands_under_a_heading(cptdiff: Run) -> None:
    blocks = cptdiff("diff", "--help").stdout.split("\n\n")
    (others,) = [block for block in blocks if block.startswith("Others:\n")]
    assert re.findall(r"^  (-\S+)", others, re.MULTILINE) == ["--debug", "-h,"]
    listed = re.findall(r"^  (?:-\w, )?(--[a-z-]+)", "\n".join(blocks), re.MULTILINE)
    assert len(listed) == len(set(listed)) > 25


def test_the_examples_of_the_help_run(
    cptdiff: Run, samples: Path, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CPTDIFF_LIBRARY", "library")
    for year, name in ((2026, "old"), (2027, "new")):
        for copy in (name, f"cpt-{year}"):
            shutil.copy(samples / f"cpt-{year}-legacy.zip", here / f"{copy}.zip")
        shutil.copy(samples / f"table-{year}.csv", here / f"{name}.csv")
        (here / "releases").mkdir(exist_ok=True)
        shutil.copy(samples / f"cpt-{year}-legacy.zip", here / "releases")
        assert cptdiff("library", "add", here / f"cpt-{year}.zip").returncode == 0
    (here / "lists").mkdir()
    for path in (here / "chargemaster.csv", here / "lists" / "other.csv"):
        path.write_text("Charge,Dept,CPT\n1,Lab,00100\n", "utf-8")
    cptdiff("history", here / "releases", "-o", here / "wide.csv")
    (here / "claims.csv").write_text("cpt,dos\n99202,2026-06-30\n", "utf-8")
    (here / "lines.csv").write_text("Proc1,DOS\n99202,2026-06-30\n", "utf-8")
    (here / "claims").mkdir()
    pl.DataFrame({"cpt": ["99202"], "dos": ["2026-06-30"]}).write_parquet(
        here / "claims" / "a.parquet"
    )
    ran = 0
    first = ("diff", "acknowledge")
    for command in (*first, *(name for name in COMMANDS if name not in first)):
        examples = cptdiff(command, "--help").stdout.partition("Examples:\n")[2].splitlines()
        for example in examples:
            done = cptdiff(*shlex.split(example)[1:])
            if "-o run-2027 " in example:
                shutil.copytree(here / "run-2027", here / "run-2027-errata")
            assert (done.returncode, "error" in done.stderr) == (0, False), example
            ran += 1
    assert ran >= 8


def test_classes_are_listed_with_severity_and_meaning(cptdiff: Run) -> None:
    listed = json.loads(cptdiff("classes", "--format", "json").stdout)["classes"]
    assert {(one["class"], one["severity"], one["meaning"]) for one in listed} == {
        (one.name, one.severity, one.reason) for one in CLASSES
    }
    ranks = [SEVERITIES.index(one["severity"]) for one in listed]
    assert ranks == sorted(ranks, reverse=True)
    text = cptdiff("classes").stdout
    assert max(map(len, text.splitlines())) <= 80
    blocks = re.split(r"^(?=\w)", text, flags=re.MULTILINE)[1:]
    by_severity = {block.split()[0]: " ".join(block.split()) for block in blocks}
    for one in CLASSES:
        assert f" {one.name} {one.reason}" in by_severity[one.severity]
