"""The examples of docs/scheduling-examples.md run, and do with exit codes what they say."""

import os
import re
import shutil
import subprocess
import sys
import types
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent
PAGE = (ROOT / "docs" / "scheduling-examples.md").read_text("utf-8")
FILES = dict(re.findall(r"^```\w+ (\S+)\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE))
HOME = "/srv/cptdiff"
# One job, which is to be looked at (1), has nothing to look at (0), or cannot be read (2).
JOB = """[jobs.fees]
code_set = "table"
previous = "old.csv"
current = "{current}.csv"
"""
TABLES = {"old": "code,fee\n1,2\n2,3\n", "changed": "code,fee\n1,2\n2,4\n", "broken": ""}
TABLES["same"] = TABLES["old"] + "\n"
OUTCOMES = {"changed": 1, "same": 0, "broken": 2}


def lay_out(folder: Path, current: str) -> Path:
    """Make the folder of the examples, with a job that ends as `OUTCOMES` says."""
    (folder / ".venv").mkdir(parents=True)
    (folder / ".venv" / "bin").symlink_to(BIN)
    for name, text in FILES.items():
        (folder / name).write_text(text.replace(HOME, str(folder)), "utf-8")
    for name, text in TABLES.items():
        (folder / f"{name}.csv").write_text(text, "utf-8")
    options = 'exit_code = true\nallow = ["revised-share"]\n' if current != "same" else ""
    (folder / "cptdiff.toml").write_text(JOB.format(current=current) + options, "utf-8")
    return folder


def run(command: list[str], folder: Path, **more: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PATH": f"{BIN}:{os.environ['PATH']}"} | more
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, encoding="utf-8", check=False
    )


@pytest.mark.parametrize("current", OUTCOMES)
def test_the_cron_job_mails_only_what_somebody_should_see(tmp_path: Path, current: str) -> None:
    folder = lay_out(tmp_path / "home", current)
    mail = tmp_path / "mail"
    mail.write_text(f'#!/bin/sh\necho "$*" > {tmp_path}/mailed\ncat >> {tmp_path}/mailed\n')
    mail.chmod(0o755)
    done = run(["/bin/sh", str(folder / "mail-if-needed.sh")], tmp_path,
               PATH=f"{tmp_path}:{os.environ['PATH']}")  # fmt: skip
    code = OUTCOMES[current]
    assert done.returncode == code, done.stderr
    mailed = tmp_path / "mailed"
    assert mailed.exists() == bool(code)
    if code:
        who = "please look at the report" if code == 1 else "the job failed"
        subject, line = mailed.read_text("utf-8").splitlines()
        assert subject == f"-s cptdiff: {who} (exit code {code}) coding@example.org"
        assert line.startswith("cptdiff: ")


def test_the_units_pass_systemd_analyze(tmp_path: Path) -> None:
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("systemd-analyze is not here")
    folder = lay_out(tmp_path / "home", "same")
    units = [str(folder / name) for name in FILES if name.endswith((".service", ".timer"))]
    assert len(units) == 2
    done = run([program, "verify", *units], folder)
    assert (done.returncode, done.stderr) == (0, "")


class Operator:
    """What Airflow is told about a task."""

    told: list[dict[str, Any]] = []  # noqa: RUF012 - filled by the example

    def __init__(self, **told: Any) -> None:  # noqa: ANN401 - as Airflow's own
        self.told.append(told)


class Dag:
    """A plan of Airflow."""

    def __init__(self, name: str, **told: Any) -> None:  # noqa: ANN401 - as above
        assert (name, told["schedule"]) == ("cptdiff", "15 6 * * *")

    def __enter__(self) -> None: ...

    def __exit__(self, *_: object) -> None: ...


@pytest.mark.parametrize("current", OUTCOMES)
def test_the_task_of_airflow_ends_as_cptdiff_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, current: str
) -> None:
    folder = lay_out(tmp_path / "home", current)
    for name, content in (
        ("airflow.sdk", {"DAG": Dag}),
        ("airflow.providers.standard.operators.bash", {"BashOperator": Operator}),
    ):
        module = types.ModuleType(name)
        vars(module).update(content)
        monkeypatch.setitem(sys.modules, name, module)
    monkeypatch.setattr(Operator, "told", [])
    exec((folder / "cptdiff_dag.py").read_text("utf-8"), {})  # noqa: S102 - the example itself
    (task,) = Operator.told
    assert task["retries"] == 0
    code = OUTCOMES[current]
    assert run(["bash", "-c", task["bash_command"]], tmp_path).returncode == code
    # And with the end that the page proposes; a second run has nothing to look at.
    shutil.rmtree(folder / "reports", ignore_errors=True)
    (end,) = re.findall(r"let\s+`bash_command` end with `([^`]+)`", PAGE)
    done = run(["bash", "-c", f"{task['bash_command']} {end}"], tmp_path)
    assert done.returncode == (0 if code < 2 else 1)


@pytest.mark.parametrize("current", OUTCOMES)
def test_the_workflow_warns_of_what_a_person_should_see(tmp_path: Path, current: str) -> None:
    yaml = pytest.importorskip("yaml")
    workflow = yaml.safe_load(FILES["compare.yml"])
    # YAML 1.1 reads the key `on` as true.
    assert workflow[True]["schedule"] == [{"cron": "15 6 * * *"}]
    (step,) = [one for one in workflow["jobs"]["compare"]["steps"] if one.get("name")]
    folder = lay_out(tmp_path / "home", current)
    done = run(["bash", "-e", "-c", step["run"]], folder)
    code = OUTCOMES[current]
    assert done.returncode == (0 if code < 2 else code), done.stderr
    assert ("::warning::" in done.stdout) == (code == 1)


def test_every_example_starts_the_same_command_at_the_same_time() -> None:
    assert len(re.findall(r"cptdiff(?:\.exe)? run --quiet", PAGE)) == 5
    assert len(re.findall(r"15 6 \* \* \*|06:15", PAGE)) == 5
