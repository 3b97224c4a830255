"""Completion at TAB in bash, zsh and fish: click's own, without a word on stderr."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

Process = Callable[..., CompletedProcess[str]]
SHELLS = ("bash", "zsh", "fish")


@pytest.mark.parametrize("shell", SHELLS)
def test_a_shell_is_given_its_script(process: Process, shell: str) -> None:
    done = process("-m", "cptdiff", _CPTDIFF_COMPLETE=f"{shell}_source")
    assert (done.returncode, done.stderr) == (0, "")
    assert f"_CPTDIFF_COMPLETE={shell}_complete" in done.stdout


# The words of the line so far, the number of the one at TAB, what is offered.
TABS = [
    (
        "cptdiff",
        "1",
        {
            "diff",
            "impact",
            "claims",
            "history",
            "show",
            "inspect",
            "verify",
            "since",
            "acknowledge",
            "formats",
            "classes",
            "run",
            "init",
            "worksheet",
            "library",
        },
    ),
    ("cptdiff di", "1", {"diff"}),
    ("cptdiff diff --desc", "2", {"--descriptor", "--descriptors"}),
    ("cptdiff diff a.zip b.zip --descriptors ", "5", {"full", "short", "none"}),
    ("cptdiff diff --code-set icd", "3", {"icd10cm", "icd10pcs"}),
    ("cptdiff diff a.zip b.zip --fail-on un", "5", {"unexplained"}),
    (
        "cptdiff run --d",
        "2",
        {"--dry-run", "--descriptor", "--descriptors", "--decisions", "--debug"},
    ),
    ("cptdiff run --job fe", "3", {"fees", "fever"}),
    ("cptdiff nothing --x", "2", set()),
]


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize("tab", TABS, ids=[words for words, *_ in TABS])
def test_at_tab_the_names_that_fit_are_offered(
    process: Process, tmp_path: Path, shell: str, tab: tuple[str, str, set[str]]
) -> None:
    words, at, offered = tab
    # fish gives the word at TAB itself.
    place = words.split(" ")[int(at)] if shell == "fish" and words.count(" ") >= int(at) else ""
    jobs = tmp_path / "jobs.toml"
    names = ("cpt", "fees", "fever")
    text = "".join(f"[jobs.{name}]\nprevious = 'a'\ncurrent = 'b'\n" for name in names)
    jobs.write_text(text, "utf-8")
    done = process("-m", "cptdiff", _CPTDIFF_COMPLETE=f"{shell}_complete", COMP_WORDS=words,
                   COMP_CWORD=place if shell == "fish" else at,
                   CPTDIFF_CONFIG=str(jobs))  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    found = {
        "bash": [line.partition(",")[2] for line in lines],
        "zsh": lines[1::3],
        "fish": [line.partition(",")[2].partition("\t")[0] for line in lines],
    }[shell]
    assert {name for name in found if name} == offered


def test_a_path_is_left_to_the_shell(process: Process) -> None:
    done = process("-m", "cptdiff", _CPTDIFF_COMPLETE="bash_complete",
                   COMP_WORDS="cptdiff inspect sample", COMP_CWORD="2")  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (0, "file,sample\n", "")


def test_a_shell_that_is_not_known_is_a_usage_error(process: Process) -> None:
    done = process("-m", "cptdiff", _CPTDIFF_COMPLETE="ksh_source")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert "bash_source, zsh_source or fish_source" in done.stderr


def test_bash_completes_a_command(root: Path) -> None:
    bash, command = shutil.which("bash"), root / ".venv" / "bin" / "cptdiff"
    if not (bash and command.exists()):
        pytest.skip("needs bash and .venv/bin/cptdiff (make .venv/.tests)")
    script = (
        'eval "$(_CPTDIFF_COMPLETE=bash_source cptdiff)"\n'
        "COMP_WORDS=(cptdiff insp) COMP_CWORD=1\n"
        "_cptdiff_completion cptdiff\necho ${COMPREPLY[@]}"
    )
    path = f"{command.parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run([bash, "-c", script], env=os.environ | {"PATH": path}, text=True,
                          capture_output=True, timeout=600, check=False)  # fmt: skip
    assert (done.stdout, done.stderr) == ("inspect\n", "")
