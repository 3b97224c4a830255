"""What a run says on stderr: `-v` for people, `--log-format json` for programs."""

import json
import os
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

from cptdiff.process import lines
from tests.hostile.runs import COMMAND, SLOWLY, ended, started, wait_for_writing, workers

Run = Callable[..., CompletedProcess[str]]
Tables = tuple[str, str, str, str]
JSON = ("--log-format", "json")
FIRST = ["level", "event", "job", "message"]


def read_objects(stderr: str) -> list[dict[str, Any]]:
    """Give the objects of the lines, each of which must be one."""
    found = [json.loads(line) for line in stderr.splitlines()]
    assert all([*one][:4] == FIRST for one in found)
    return found


def run_apart(*words: str | Path) -> CompletedProcess[str]:
    """Run the command in its own process, which a parent watches."""
    return subprocess.run([*COMMAND, *words], capture_output=True, text=True, check=False)


@pytest.fixture
def fees(tmp_path: Path, tables: Tables, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Write a file with a job that goes well, and one whose input is missing."""
    folder = tmp_path / "fees"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.delenv("CPTDIFF_LOG_FORMAT", raising=False)
    job = f"code_set = 'table'\nprevious = '{tables[0]}'\ncurrent = "
    text = f"[jobs.good]\n{job}'{tables[1]}'\n[jobs.bad]\n{job}'absent.csv'\n"
    (folder / "cptdiff.toml").write_text(text, "utf-8")
    return folder


def test_verbose_tells_each_stage_with_what_was_read_and_found(
    cptdiff: Run, tables: Tables, tmp_path: Path
) -> None:
    page = tmp_path / "x.html"
    done = cptdiff("diff", *tables, "-v", "--quiet", "-o", page)
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr.splitlines() == [
        "cptdiff: read: previous: previous.csv: 3 rows, 3 used, 0 exact duplicates, 0 excluded",
        "cptdiff: read: current: current.csv: 3 rows, 3 used, 0 exact duplicates, 0 excluded",
        "cptdiff: compare: 3 entries compared: 1 added, 1 deleted, 1 revised, 0 transient",
        "cptdiff: judge: 0 critical, 2 high, 0 medium, 0 low, 0 info",
        f"cptdiff: render: report.html: {page.stat().st_size:,} bytes",
    ]
    assert "stage" not in cptdiff("diff", *tables).stderr


def test_verbose_tells_every_file_of_a_run_folder_and_changes_no_byte_of_it(
    cptdiff: Run, tables: Tables, tmp_path: Path
) -> None:
    folder = tmp_path / "loud"
    done = cptdiff("diff", *tables, "-v", *JSON, "-o", folder)
    told = {one["file"]: one["bytes"] for one in read_objects(done.stderr) if "file" in one}
    assert told == {path.name: path.stat().st_size for path in folder.iterdir()}
    assert cptdiff("diff", *tables, "-o", tmp_path / "still").returncode == 0
    for path in folder.iterdir():
        assert path.read_bytes() == (tmp_path / "still" / path.name).read_bytes()


def test_a_result_is_an_object_with_what_was_compared_and_written(
    cptdiff: Run, tables: Tables, tmp_path: Path
) -> None:
    outputs = (tmp_path / "x.csv", tmp_path / "run")
    words = [word for path in outputs for word in ("-o", path)]
    done = cptdiff("diff", *tables, *JSON, *words)
    (result,) = read_objects(done.stderr)
    told = cptdiff("verify", outputs[1]).stdout
    digests = [one.pop("manifest") for one in result["wrote"]]
    assert digests[0] is None
    assert digests[1] in result.pop("message")
    assert digests[1] in told
    assert result == {
        "level": "info", "event": "result", "job": None, "exit_code": 0, "code_set": "table",
        "previous": "previous.csv", "current": "current.csv", "changes": 3, "reasons": [],
        "wrote": [{"path": str(path)} for path in outputs],
    }  # fmt: skip


def test_exit_code_1_is_an_object_with_its_reasons_even_with_quiet(
    cptdiff: Run, tables: Tables
) -> None:
    words = ("diff", *tables, "--quiet", "--fail-on", "deleted")
    plain, done = cptdiff(*words), cptdiff(*words, *JSON)
    (result,) = read_objects(done.stderr)
    assert done.returncode == result["exit_code"] == 1
    assert (result["level"], result["reasons"]) == ("warning", ["1 deleted (--fail-on deleted)"])
    assert plain.stderr == f"cptdiff: {result['message']}\n"


def test_exit_code_3_is_an_object_with_its_reasons(
    cptdiff: Run, tables: Tables, tmp_path: Path
) -> None:
    path = Path(tables[1])
    path.write_text(f"{path.read_text('utf-8')},No code\n", "utf-8")
    done = cptdiff("diff", *tables, *JSON, "-v", "-o", tmp_path / "x.csv")
    *stages, result = read_objects(done.stderr)
    assert done.returncode == result["exit_code"] == 3
    assert result["reasons"][0].startswith("1 row was excluded")
    assert stages[1]["rows"] == {"read": 4, "kept": 3, "collapsed": 0, "quarantined": 1}


@pytest.mark.parametrize("form", [JSON, ("--log-format=json",)])
@pytest.mark.parametrize(
    ("words", "slug", "place"),
    [
        (("absent.csv", "gone.csv"), "E101", "absent.csv"),
        (("--no-such-option",), "E001", "cptdiff diff"),
        (("only-one.csv",), "E001", "cptdiff diff"),
    ],
)
def test_exit_code_2_is_an_object_with_slug_place_wrong_and_fix(
    cptdiff: Run, words: tuple[str, ...], slug: str, place: str, form: tuple[str, ...]
) -> None:
    plain, done = cptdiff("diff", *words), cptdiff("diff", *words, *form)
    (error,) = read_objects(done.stderr)
    assert done.returncode == error["exit_code"] == 2
    assert (error["level"], error["event"]) == ("error", "error")
    assert (error["slug"], error["place"]) == (slug, place)
    assert plain.stderr == f"cptdiff: {error['message']}\n"
    assert error["wrong"] in plain.stderr
    assert plain.stderr.endswith(f" Fix: {error['fix']}\n")


def test_no_arguments_at_all_are_a_mistake_as_before(cptdiff: Run) -> None:
    done = cptdiff()
    assert (done.returncode, done.stderr[:42]) == (2, "cptdiff: error[E001]: cptdiff: no command ")


def test_the_form_of_one_run_is_not_that_of_the_next(cptdiff: Run) -> None:
    read_objects(cptdiff("diff", "absent.csv", "gone.csv", *JSON).stderr)
    assert cptdiff("diff", "absent.csv", "gone.csv").stderr.startswith("cptdiff: error[E101]")


def test_an_unknown_form_is_refused_with_those_there_are(cptdiff: Run, tables: Tables) -> None:
    done = cptdiff("diff", *tables, "--log-format", "jsn")
    assert done.returncode == 2
    assert "'jsn' is not one of text, json. Fix: did you mean json?" in done.stderr


def test_a_traceback_is_an_object_too(cptdiff: Run) -> None:
    trace, error = read_objects(cptdiff("diff", "absent.csv", "x.csv", "--debug", *JSON).stderr)
    assert trace["event"] == "traceback"
    assert trace["message"].startswith("Traceback (most recent call last):\n")
    assert error["slug"] == "E101"


def test_a_summary_that_has_no_other_place_is_one_object(cptdiff: Run, tables: Tables) -> None:
    plain, done = cptdiff("diff", *tables, "-o", "-"), cptdiff("diff", *tables, "-o", "-", *JSON)
    (summary,) = read_objects(done.stderr)
    assert (done.stdout, summary["event"]) == (plain.stdout, "summary")
    assert f"{summary['message']}\n" == plain.stderr


def test_the_name_of_a_file_that_is_no_text_leaves_json_whole(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines.choose_form(["diff", *JSON], {})
    lines.say("cptdiff: note: x", place=os.fsdecode(b"/a\xff\n\x1b"), paths=[tmp_path.name])
    lines.choose_form([], {})
    told = capsys.readouterr().err
    assert json.loads(told)["place"] == "/a\\udcff\n\x1b"
    assert "udcff" in told
    assert '"\\udcff' not in told.replace("\\\\", "")


@pytest.mark.parametrize("number", ["KILL", "TERM"])
def test_a_run_that_is_killed_or_stopped_is_an_object(
    tables: Tables, tmp_path: Path, number: str
) -> None:
    run = started(SLOWLY, ("diff", *tables, *JSON, "--quiet", "-o", str(tmp_path / "run")))
    wait_for_writing(run, tmp_path)
    (worker,) = workers(run)
    os.kill(worker, getattr(signal, f"SIG{number}"))
    code, stderr = ended(run)
    (told,) = read_objects(stderr)
    assert told["exit_code"] == code
    if number == "KILL":
        assert (code, told["event"], told["slug"]) == (4, "error", "E406")
        assert told["wrong"] == "ran out of memory or was killed; nothing was written"
    else:
        assert (code, told["event"], told["level"]) == (143, "stopped", "error")


@pytest.mark.parametrize("by", ["flag", "environment"])
def test_each_job_is_named_in_its_objects(
    fees: Path, monkeypatch: pytest.MonkeyPatch, by: str
) -> None:
    if by == "environment":
        monkeypatch.setenv("CPTDIFF_LOG_FORMAT", "json")
    done = run_apart("run", "-v", *(JSON if by == "flag" else ()))
    assert done.returncode == 2
    *stages, result, error = read_objects(done.stderr)
    assert {one["event"] for one in stages} == {"stage"}
    assert {one["job"] for one in (*stages, result)} == {"good"}
    assert result["message"].startswith("previous.csv to current.csv: ")
    (wrote,) = result["wrote"]
    assert wrote["path"] == "reports/good/current"
    assert (fees / wrote["path"] / "manifest.json").is_file()
    assert (error["job"], error["event"], error["exit_code"]) == ("bad", "error", 2)
    again = read_objects(run_apart("run", "--job", "good", *JSON).stderr)
    assert [(one["event"], one["job"], one["folder"]) for one in again] == [
        ("up-to-date", "good", "reports/good/current")
    ]


@pytest.mark.usefixtures("fees")
def test_stages_of_a_job_name_it_in_lines_for_people() -> None:
    told = run_apart("run", "-v", "--job", "good").stderr.splitlines()
    assert told[0].startswith("cptdiff: job good: read: previous: previous.csv: 3 rows, ")
    assert all(line.startswith("cptdiff: job good: ") for line in told)


def test_a_mistake_in_the_file_of_jobs_is_an_object(fees: Path) -> None:
    (fees / "cptdiff.toml").write_text("[jobs.a]\nnonsense = 1\n", "utf-8")
    (error,) = read_objects(run_apart("run", *JSON).stderr)
    assert (error["job"], error["slug"], error["exit_code"]) == (None, "E361", 2)
