"""--open: the page is opened on a desktop, and never decides how a run ends."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

Process = Callable[..., CompletedProcess[str]]
Run = Callable[..., CompletedProcess[str]]
Make = Callable[..., Path]
Pair = tuple[str, ...]
Words = tuple[object, ...]
PATIENCE = 600


@pytest.fixture
def opener(make: Make, tmp_path: Path) -> Callable[[str], dict[str, str]]:
    """Put an opener first on the way; it notes what it is told to open."""

    def write(script: str = 'echo "$1" > "$(dirname "$0")/opened"') -> dict[str, str]:
        file = make(tmp_path / "bin" / "xdg-open", f"#!/bin/sh\n{script}\n")
        file.chmod(0o755)
        return {"PATH": f"{file.parent}:/usr/bin:/bin", "DISPLAY": ":1", "WAYLAND_DISPLAY": ""}

    return write


def opened(folder: Path) -> str:
    """Wait for the opener, which goes on by itself."""
    note, until = folder / "bin" / "opened", time.monotonic() + PATIENCE
    while time.monotonic() < until and not (note.exists() and note.read_text()):
        time.sleep(0.05)
    return note.read_text().strip()


def diff(process: Process, words: Words, screen: dict[str, str]) -> tuple[int, str]:
    done = process("-m", "cptdiff", "diff", *map(str, words), "--open", "--quiet", **screen)
    return done.returncode, done.stderr


def test_the_first_page_is_opened(
    process: Process, tables: Pair, tmp_path: Path, opener: Callable[..., dict[str, str]]
) -> None:
    pages = [word for name in ("run", "x.csv", "my page.html", "y.html")
             for word in ("-o", tmp_path / name)]  # fmt: skip
    assert diff(process, (*tables, *pages), opener()) == (0, "")
    assert opened(tmp_path) == str(tmp_path / "my page.html")


def test_else_the_page_of_the_first_run_folder(
    process: Process, tables: Pair, tmp_path: Path, opener: Callable[..., dict[str, str]]
) -> None:
    words = (*tables, "-o", tmp_path / "one", "-o", tmp_path / "two")
    assert diff(process, words, opener()) == (0, "")
    assert opened(tmp_path) == str(tmp_path / "one" / "report.html")
    assert "open_page" not in (tmp_path / "one" / "manifest.json").read_text("utf-8")


def test_wayland_is_a_desktop_too(
    process: Process, tables: Pair, tmp_path: Path, opener: Callable[..., dict[str, str]]
) -> None:
    screen = opener() | {"DISPLAY": "", "WAYLAND_DISPLAY": "wayland-0"}
    assert diff(process, (*tables, "-o", tmp_path / "x.html"), screen) == (0, "")
    assert opened(tmp_path) == str(tmp_path / "x.html")


def test_without_a_desktop_the_page_is_named(
    process: Process, tables: Pair, tmp_path: Path, opener: Callable[..., dict[str, str]]
) -> None:
    page = tmp_path / "x.html"
    done = diff(process, (*tables, "-o", page), opener() | {"DISPLAY": ""})
    assert done == (0, f"cptdiff: note: not on a desktop: open {page} yourself\n")
    assert page.exists()
    assert not (tmp_path / "bin" / "opened").exists()


@pytest.mark.parametrize("options", [(), ("--exit-code",)])
def test_no_opener_changes_the_exit_code(
    process: Process,
    tables: Pair,
    tmp_path: Path,
    opener: Callable[..., dict[str, str]],
    options: tuple[str, ...],
) -> None:
    words = (*tables, *options, "-o", tmp_path / "x.html")
    code, told = diff(process, words, opener("exit 4"))
    assert (code, told.count("\n")) == (len(options), len(options))
    assert told.startswith("cptdiff: exit code 1: " if options else "")


def test_the_opener_neither_writes_into_our_output_nor_holds_it_open(
    process: Process, tables: Pair, tmp_path: Path, opener: Callable[..., dict[str, str]]
) -> None:
    script = 'echo noise; echo noise >&2; cat; echo $$ >"$(dirname "$0")/opened"; exec sleep 3600'
    words = (*tables, "-o", tmp_path / "x.html", "-o", "-", "--format", "json")
    done = process("-m", "cptdiff", "diff", *map(str, words), "--open", "--quiet", **opener(script))
    # We are done, and it goes on.
    os.kill(int(opened(tmp_path)), signal.SIGTERM)
    assert (done.returncode, done.stderr) == (0, "")
    assert "noise" not in done.stdout
    assert done.stdout.endswith("}\n")


def test_a_desktop_without_an_opener_names_the_page(
    process: Process, tables: Pair, tmp_path: Path, opener: Callable[..., dict[str, str]]
) -> None:
    page = tmp_path / "x.html"
    done = diff(process, (*tables, "-o", page), opener() | {"PATH": str(tmp_path)})
    assert done == (0, f"cptdiff: note: nothing here opens pages: open {page} yourself\n")


PAGELESS = [(), ("-o", "-"), ("-o", "x.csv"), ("-o", "-", "--format", "html")]


@pytest.mark.parametrize("outputs", PAGELESS)
def test_without_a_page_nothing_is_compared(cptdiff: Run, outputs: tuple[str, ...]) -> None:
    done = cptdiff("diff", "nowhere", "nowhere else", *outputs, "--open")
    assert done.returncode == 2
    assert "error[E001]: cptdiff diff: --open needs a page" in done.stderr
