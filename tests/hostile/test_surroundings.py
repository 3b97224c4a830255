"""Locale, streams, folders, modes and names."""

import os
import shlex
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from tests.hostile.runs import COMMAND, is_whole, litter
from tests.streams import list_warnings

Pair = tuple[str, ...]
Run = Callable[..., CompletedProcess[str]]


@pytest.mark.parametrize("locale", ["C", "POSIX", "xx_YY.bogus"])
def test_machine_08_any_locale_gives_the_same_bytes(
    process: Run, tmp_path: Path, locale: str
) -> None:
    words = ("-m", "cptdiff", "diff", *accented(tmp_path), "--key", "code")
    plain = process(*words, "-o", tmp_path / "plain", PYTHONUTF8="1")
    strict = ("-X", "warn_default_encoding", "-W", "error::EncodingWarning")
    done = process(
        *strict, *words, "-o", tmp_path / "run",
        LC_ALL=locale, LANG=locale, PYTHONUTF8="0", PYTHONCOERCECLOCALE="0",
    )  # fmt: skip
    assert (plain.returncode, list_warnings(plain.stderr)) == (0, "")
    assert (done.returncode, list_warnings(done.stderr)) == (0, "")
    assert bytes_of(tmp_path / "run") == bytes_of(tmp_path / "plain")


def accented(folder: Path) -> tuple[str, ...]:
    """Two tables with letters beyond ASCII in cells and names."""
    for name, value in (("früher.csv", "Ménière"), ("später.csv", "Ménières")):
        (folder / name).write_text(f"code,naïve\nA1,{value}\n", "utf-8")
    return (str(folder / "früher.csv"), str(folder / "später.csv"), "--code-set", "table")


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize(
    "settings", [{"NO_COLOR": "1"}, {"COLUMNS": "20"}, {"TERM": "dumb"}, {"FORCE_COLOR": "1"}]
)
def test_machine_09_without_a_terminal_the_summary_is_plain_and_always_the_same(
    process: Run, pair: Pair, settings: dict[str, str]
) -> None:
    plain = process("-m", "cptdiff", "diff", *pair)
    done = process("-m", "cptdiff", "diff", *pair, **settings)
    assert (done.returncode, done.stdout, done.stderr) == (0, plain.stdout, "")
    assert "\x1b" not in done.stdout


def in_a_shell(command: str, **environment: str) -> "CompletedProcess[str]":
    return subprocess.run(
        ["/bin/sh", "-c", command], env=os.environ | environment, capture_output=True, text=True,
        encoding="utf-8", check=False,
    )  # fmt: skip


def words(pair: Pair, *more: object) -> str:
    return shlex.join([*COMMAND, "diff", *pair, *map(str, more)])


def test_machine_10_a_reader_that_leaves_early_changes_neither_files_nor_exit_code(
    tmp_path: Path, samples: Path
) -> None:
    pair = tuple(str(samples / f"cpt-{year}-legacy.zip") for year in (2026, 2027))
    command = words(pair, "-o", "-", "--exit-code", "-o", tmp_path / "run")
    done = in_a_shell(f"{{ {command}; echo code $? >&2; }} | head -n 1")
    assert done.stdout.startswith("code_set,kind,code")
    assert done.stderr.splitlines()[-1] == "code 1"
    assert "rror" not in done.stderr
    assert is_whole(tmp_path / "run")


@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-", "<&- >&- 2>&-"])
def test_machine_11_closed_streams_change_neither_files_nor_exit_code(
    tmp_path: Path, pair: Pair, closed: str
) -> None:
    assert in_a_shell(words(pair, "-o", tmp_path / "plain")).returncode == 0
    done = in_a_shell(f"{words(pair, '--exit-code', '-o', tmp_path / 'run')} {closed}")
    assert done.returncode == 1
    told = "cptdiff: exit code 1: " if closed == ">&-" else ""
    assert (done.stderr[: len(told)], done.stderr.count("\n")) == (told, bool(told))
    found, plain = bytes_of(tmp_path / "run"), bytes_of(tmp_path / "plain")
    assert found == plain
    assert is_whole(tmp_path / "run")
    assert in_a_shell(f"{words(pair, '-o', tmp_path / 'run')} {closed}").returncode == 4


def test_machine_13_nothing_is_needed_or_left_but_beside_the_outputs(
    tmp_path: Path, pair: Pair
) -> None:
    home, temporary = tmp_path / "home", tmp_path / "temporary"
    home.mkdir(0o500)
    temporary.mkdir()
    for at, settings in enumerate(
        ({"HOME": str(home)}, {"HOME": "/nowhere"}, {"TMPDIR": "/nowhere"}, {"HOME": ""})
    ):
        # Where temporary files would be; other tests have theirs in /tmp.
        around = {"TMPDIR": str(temporary), **settings}
        done = in_a_shell(words(pair, "--quiet", "-o", tmp_path / f"run{at}"), **around)
        assert (done.returncode, done.stderr) == (0, "")
        assert is_whole(tmp_path / f"run{at}")
    assert list(home.iterdir()) == []
    assert litter(tmp_path) == []
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize(
    ("mask", "file", "folder"),
    [("077", 0o600, 0o700), ("000", 0o644, 0o755), ("022", 0o644, 0o755), ("027", 0o640, 0o750)],
)
def test_machine_17_modes_are_what_the_umask_leaves(
    tmp_path: Path, pair: Pair, mask: str, file: int, folder: int
) -> None:
    command = words(pair, "--quiet", "-o", tmp_path / "run", "-o", tmp_path / "x.csv")
    assert in_a_shell(f"umask {mask}; {command}").returncode == 0
    written = [tmp_path / "x.csv", *(tmp_path / "run").iterdir()]
    assert {stat.S_IMODE(path.stat().st_mode) for path in written} == {file}
    assert stat.S_IMODE((tmp_path / "run").stat().st_mode) == folder


@pytest.mark.parametrize("name", ["run", "x.csv"])
def test_machine_17_a_folder_that_is_gone_is_told_in_one_line(
    tmp_path: Path, pair: Pair, name: str
) -> None:
    (tmp_path / "gone").mkdir()
    gone = shlex.quote(str(tmp_path / "gone"))
    done = in_a_shell(f"cd {gone}; rmdir {gone}; {words(pair, '--quiet', '-o', name)}")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (4, "", 1), done.stderr
    assert "Traceback" not in done.stderr
    sound = in_a_shell(f"cd {gone}; rmdir {gone}; {words(pair, '--quiet', '-o', tmp_path / name)}")
    assert sound.returncode in {0, 2}, sound.stderr


@pytest.mark.skipif(sys.platform == "darwin", reason="its names are always UTF-8")
@pytest.mark.parametrize("suffix", [".csv", ""])
def test_machine_17_names_that_are_no_text_are_written_and_shown_by_their_bytes(
    cptdiff: Run, tmp_path: Path, pair: Pair, suffix: str
) -> None:
    odd = tmp_path / os.fsdecode(b"caf\xe9 \x1b[31m" + suffix.encode())
    assert cptdiff("diff", *pair, "--quiet", "-o", odd).returncode == 0
    assert odd.exists()
    assert litter(tmp_path) == []
    done = cptdiff("diff", *pair, "-o", odd / "missing" / "run")
    assert (done.returncode, done.stderr.count("\n")) == (4, 1)
    assert r"caf\xe9 \x1b[31m" in done.stderr


@pytest.mark.parametrize(
    ("length", "code"), [(200, 0), (240, 0), (255, 0), (256, 4), (5000, 4), (100_000, 4)]
)
def test_machine_17_a_name_may_be_as_long_as_the_disk_lets_it(
    cptdiff: Run, tmp_path: Path, pair: Pair, length: int, code: int
) -> None:
    for suffix in (".csv", ""):
        name = "x" * (length - len(suffix)) + suffix
        done = cptdiff("diff", *pair, "--quiet", "-o", tmp_path / name)
        assert (done.returncode, done.stderr.count("\n")) == (code, int(code > 0)), done.stderr
        assert litter(tmp_path) == []


def test_machine_08_a_name_that_the_terminal_has_no_letters_for_is_told_by_its_numbers(
    process: Run, tmp_path: Path
) -> None:
    for name in ("2026\u20132027.csv", "2027\u20132028.csv"):
        (tmp_path / name).write_text("code,name\nA1,x\n", "utf-8")
    both = [str(tmp_path / name) for name in ("2026\u20132027.csv", "2027\u20132028.csv")]
    words = ("-m", "cptdiff", "diff", *both, "--code-set", "table")
    done = process(*words, "-o", tmp_path / "run", PYTHONIOENCODING="latin-1")
    assert (done.returncode, list_warnings(done.stderr)) == (0, "")
    assert "2026\\u20132027.csv" in done.stdout
    missing = process(*words, tmp_path / "\u2013", PYTHONIOENCODING="latin-1")
    assert (missing.returncode, missing.stderr.count("\n")) == (2, 1)


@pytest.mark.parametrize("error", [RuntimeError("a secret"), MemoryError(), OSError(5, "Sick")])
def test_machine_11_what_fails_when_the_files_are_whole_is_a_note(
    cptdiff: Run, tmp_path: Path, pair: Pair, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def failing(*_: object) -> None:
        raise error

    monkeypatch.setattr("cptdiff.reports.terminal.render", failing)
    done = cptdiff("diff", *pair, "--exit-code", "-o", tmp_path / "run")
    why = getattr(error, "strerror", None) or type(error).__name__
    told = f"cptdiff: note: the summary could not be written ({why}); the files are complete"
    first, last = done.stderr.splitlines()
    assert (done.returncode, done.stdout, first) == (1, "", told)
    assert last.startswith("cptdiff: exit code 1: ")
    assert is_whole(tmp_path / "run")
    alone = cptdiff("diff", *pair)
    assert (alone.returncode, alone.stderr.count("\n")) in {(70, 1), (2, 1), (4, 1)}
