"""stdout closed or full: the exit code speaks for the files."""

import shlex
import subprocess
import sys
from pathlib import Path

import pytest

Tables = tuple[str, str, str, str]
COMMAND = [sys.executable, "-m", "cptdiff"]


@pytest.mark.parametrize(("words", "code"), [((), 0), (("--exit-code",), 1)])
def test_a_closed_stdout_is_no_fault_and_the_files_are_whole(
    tables: Tables, tmp_path: Path, words: tuple[str, ...], code: int
) -> None:
    done = closed(">&-", ("diff", *tables, *words, "-o", "-", "-o", str(tmp_path / "run")))
    assert done.returncode == code
    assert "error" not in done.stderr
    assert (tmp_path / "run" / "manifest.json").exists()


def test_a_full_stdout_is_told_and_the_exit_code_speaks_for_the_files(
    tables: Tables, tmp_path: Path
) -> None:
    words = ("diff", *tables, "--quiet", "-o", "-")
    done = closed(">/dev/full", (*words, "--exit-code", "-o", str(tmp_path / "run")))
    told = "cptdiff: note: stdout could not be written (No space left on device)"
    first, last = done.stderr.splitlines()
    assert (done.returncode, first) == (1, f"{told}; the files are complete")
    assert last.startswith("cptdiff: exit code 1: ")
    assert (tmp_path / "run" / "manifest.json").exists()
    alone = closed(">/dev/full", words)
    assert (alone.returncode, alone.stderr.count("\n")) == (4, 1)
    assert "error[E401]" in alone.stderr


def closed(redirection: str, words: tuple[str, ...]) -> subprocess.CompletedProcess[str]:
    """Run the command in a shell that redirects its output."""
    command = f"{shlex.join([*COMMAND, *words])} {redirection}"
    return subprocess.run(
        ["/bin/sh", "-c", command], stderr=subprocess.PIPE, text=True, check=False
    )
