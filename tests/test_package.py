"""What the installed package promises: light imports, public names, streams, the same bytes."""

import os
import pty
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from subprocess import CompletedProcess

import pytest

import cptdiff
from tests.streams import list_warnings

Process = Callable[..., CompletedProcess[str]]
Tables = tuple[str, str, str, str]

LIBRARIES = ("polars", "click", "jinja2", "rapidfuzz", "xlsxwriter")
PUBLIC = [
    "Changes", "CodeSet", "CptdiffError", "Descriptors", "Finding", "Impact", "Options", "Release",
    "Repair", "Results", "Shown", "__version__", "compare", "diff", "find_impact", "judge",
    "judge_claims_on_spark", "load", "verify",
]  # fmt: skip
COMMAND = [sys.executable, "-m", "cptdiff"]


@pytest.mark.parametrize(
    "words",
    [
        ("-m", "cptdiff", "--help"),
        ("-m", "cptdiff", "--version"),
        ("-m", "cptdiff", "formats"),
        ("-m", "cptdiff", "diff", "--help"),
        ("-m", "cptdiff", "inspect", "--help"),
        ("-c", "import cptdiff"),
    ],
)
def test_what_needs_no_frames_does_not_import_polars(
    process: Process, words: tuple[str, ...]
) -> None:
    done = process("-X", "importtime", *words)
    assert done.returncode == 0
    imported = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert "cptdiff" in imported
    assert not imported & {"polars", "xlsxwriter", "rapidfuzz", "jinja2"}


LISTING = """
import sys
from cptdiff.cli import cli
cli.main(sys.argv[1:], standalone_mode=False)
print(*sys.modules)
"""
# Commands, readers, proofs and reports that two CPT zips to a page and a table do not need.
UNUSED = {
    "cptdiff.cli.inspect",
    "cptdiff.cli.run",
    "cptdiff.cli.verify",
    "cptdiff.isolated.child",
    "cptdiff.isolated.parquet",
    "cptdiff.isolated.workbook",
    "cptdiff.judgement.grounds",
    "cptdiff.output.manifest",
    "cptdiff.reading.workbooks",
    "cptdiff.reports.json",
    "cptdiff.reports.markdown",
    "cptdiff.reports.xlsx",
    "numpy",
    "openpyxl",
    "pandas",
    "pyarrow",
    "unittest",
    "xlsxwriter",
}


def test_the_main_job_imports_only_what_it_uses(
    process: Process, samples: Path, tmp_path: Path
) -> None:
    pair = [str(samples / f"cpt-{year}-legacy.zip") for year in (2026, 2027)]
    outputs = ["-o", str(tmp_path / "report.html"), "-o", str(tmp_path / "changes.csv")]
    done = process("-c", LISTING, "diff", *pair, *outputs, "--quiet")
    assert (done.returncode, done.stderr) == (0, "")
    imported = set(done.stdout.split())
    assert {"polars", "jinja2", "cptdiff.reports.html"} <= imported
    assert imported & UNUSED == set()


def test_the_version_names_the_libraries(process: Process) -> None:
    done = process("-m", "cptdiff", "--version")
    assert done.stdout.startswith(f"cptdiff {version('cptdiff')} ")
    for name in LIBRARIES:
        assert f"{name} {version(name)}" in done.stdout


def test_help_names_every_command_and_exit_code(process: Process) -> None:
    done = process("-m", "cptdiff", "--help")
    assert done.returncode == 0
    for word in ("diff", "inspect", "formats", "Exit codes"):
        assert word in done.stdout


def test_the_public_names_are_these_and_resolve() -> None:
    assert sorted(cptdiff.__all__) == PUBLIC
    for name in PUBLIC:
        assert getattr(cptdiff, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = cptdiff.nothing  # type: ignore[attr-defined] # mypy knows the names too


def test_python_m_cptdiff_and_the_command_are_one(process: Process, tables: Tables) -> None:
    done = process("-m", "cptdiff", "diff", *tables)
    assert (done.returncode, done.stderr) == (0, "")
    script = subprocess.run(
        [Path(sys.executable).with_name("cptdiff"), "diff", *tables],
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert script.stdout == done.stdout


def test_there_is_no_colour_without_a_terminal(process: Process, tables: Tables) -> None:
    done = process("-m", "cptdiff", "diff", *tables)
    assert "\x1b" not in done.stdout + done.stderr


def on_a_terminal(words: tuple[str, ...], **environment: str) -> str:
    """Give what a terminal would get."""
    terminal, end = pty.openpty()
    subprocess.run(
        [*COMMAND, *words], env=os.environ | environment, stdout=end, stderr=end, check=True
    )
    os.close(end)
    parts = []
    try:
        # What a slow run wrote in several moments comes in several pieces, and then an error.
        with suppress(OSError):
            while part := os.read(terminal, 1 << 20):
                parts.append(part)
        return b"".join(parts).decode()
    finally:
        os.close(terminal)


def test_there_is_colour_on_a_terminal_but_not_with_no_color(
    monkeypatch: pytest.MonkeyPatch, tables: Tables
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert "\x1b[" in on_a_terminal(("diff", *tables))
    assert "\x1b[" not in on_a_terminal(("diff", *tables), NO_COLOR="1")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ((), 0),
        (("--exit-code",), 1),
        (("-o", "-", "--format", "html", "--quiet"), 0),
        (("-o", "-", "--quiet", "--exit-code"), 1),
    ],
)
def test_a_reader_that_goes_away_is_no_fault(
    samples: Path, tmp_path: Path, words: tuple[str, ...], code: int
) -> None:
    pair = [samples / f"cpt-{year}-legacy.zip" for year in ("2026", "2027")]
    command = [*COMMAND, "diff", *map(str, pair), *words, "-o", str(tmp_path / "run")]
    run = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert run.stdout is not None
    assert run.stderr is not None
    run.stdout.close()
    told = run.stderr.read().decode()
    run.stderr.close()
    assert (run.wait(600), list_warnings(told)) == (code, "")
    silent = "--quiet" in words and not code
    lead = "cptdiff: exit code 1: CPT 2026" if code else "cptdiff: CPT 2026"
    assert told.count("\n") == (not silent)
    assert silent or told.startswith(lead)
    assert (tmp_path / "run" / "manifest.json").exists()


@pytest.mark.parametrize(
    "pair",
    [
        ("cpt-2026-legacy.zip", "cpt-2027-current-format.zip"),
        ("hcpcs-2026-january.zip", "hcpcs-2027-january.zip"),
        ("icd10cm-2026.zip", "icd10cm-2027.zip"),
    ],
)
def test_the_same_inputs_give_the_same_bytes(
    process: Process, samples: Path, tmp_path: Path, pair: tuple[str, str]
) -> None:
    found = []
    for seed, zone, threads in (("1", "UTC", "1"), ("2", "Pacific/Auckland", "4")):
        done = process(
            "-m", "cptdiff", "diff", *(samples / name for name in pair), "-o", tmp_path / seed,
            PYTHONHASHSEED=seed, TZ=zone, POLARS_MAX_THREADS=threads,
        )  # fmt: skip
        assert done.returncode == 0
        written = {path.name: path.read_bytes() for path in (tmp_path / seed).iterdir()}
        found.append((done.stdout, written))
    assert found[0] == found[1]


HELP = {
    "diff": ("YYYY-MM-DD", "templates/README.md", "reconciliation.csv, quarantine.csv", "--debug",
             "only the short descriptors", "or a text file with it"),
    "inspect": ("YYYY-MM-DD", "--debug"),
}  # fmt: skip


@pytest.mark.parametrize("command", HELP)
def test_the_help_tells_what_errors_and_other_pages_send_people_to(
    process: Process, command: str
) -> None:
    told = " ".join(process("-m", "cptdiff", command, "--help").stdout.split())
    assert [words for words in HELP[command] if words not in told] == []
    assert "%Y" not in told


@pytest.mark.parametrize("command", ["diff", "inspect"])
def test_the_help_offers_a_side_only_where_there_are_two(process: Process, command: str) -> None:
    told = process("-m", "cptdiff", command, "--help").stdout
    assert ("--encoding NAME" in told) == (command == "inspect")
    assert ("--encoding [previous=|current=]NAME" in told) == (command == "diff")


@pytest.mark.parametrize("command", ["diff", "inspect"])
def test_the_help_speaks_of_a_run_folder_only_where_there_is_one(
    process: Process, command: str
) -> None:
    told = process("-m", "cptdiff", command, "--help").stdout
    assert ("run folder" in told) == (command == "diff")


@pytest.mark.parametrize("command", [(), ("diff",), ("inspect",), ("formats",), ("classes",)])
def test_the_help_fits_into_80_columns(process: Process, command: tuple[str, ...]) -> None:
    told = process("-m", "cptdiff", *command, "--help").stdout
    assert max(map(len, told.splitlines())) <= 80
