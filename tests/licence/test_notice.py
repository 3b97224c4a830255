"""--notice: the licence notice of the user's agreement, as text or as a file."""

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from tests.streams import list_warnings

Make = Callable[..., Path]
Run = Callable[..., CompletedProcess[str]]
Pair = tuple[str, ...]
NOTICE = "Widget Terms copyright 2026 Invented Association.\nAll rights reserved."


def told(path: Path) -> str:
    notice: str = json.loads(path.read_bytes())["notice"]
    return notice


def test_a_text_is_the_notice(cptdiff: Run, tables: Pair, tmp_path: Path) -> None:
    done = cptdiff("diff", *tables, "--notice", NOTICE, "-o", tmp_path / "x.json")
    assert (done.returncode, list_warnings(done.stderr)) == (0, "")
    assert told(tmp_path / "x.json") == NOTICE
    assert done.stdout.endswith(f"\n\n{NOTICE}\n")


TEXTS = (
    "Copyright 2026 Widget Inc.", "(c) Widget Co", "See widget.org",
    "All terms: widget.example.com",
    "https://widget.org/terms.html", "See https://widget.org/terms.html",
    "www.widget.org", "Version 2.10", "Made in the U.S.A",
    "Terms are in notice.txt\nand in terms.pdf", "Read them and/or ask.", "~ 2026 Widget",
)  # fmt: skip


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_that_looks_a_little_like_a_file_is_a_text(
    cptdiff: Run, tables: Pair, tmp_path: Path, text: str
) -> None:
    done = cptdiff("diff", *tables, "--quiet", "--notice", text, "-o", tmp_path / "x.json")
    assert (done.returncode, list_warnings(done.stderr)) == (0, "")
    assert told(tmp_path / "x.json") == text


def test_a_file_is_the_notice(cptdiff: Run, make: Make, tables: Pair, tmp_path: Path) -> None:
    file = make(tmp_path / "my terms", "\ufeff\r\n" + NOTICE.replace("\n", "\r\n") + "\r\n")
    cptdiff("diff", *tables, "--notice", file, "-o", tmp_path / "run")
    assert told(tmp_path / "run" / "summary.json") == NOTICE
    manifest = (tmp_path / "run" / "manifest.json").read_text("utf-8")
    assert '"notice": "my terms"' in manifest
    assert str(tmp_path) not in manifest


def test_without_a_notice_there_is_none(cptdiff: Run, tables: Pair, tmp_path: Path) -> None:
    plain = cptdiff("diff", *tables, "-o", tmp_path / "x.json")
    empty = cptdiff("diff", *tables, "--notice", "", "-o", tmp_path / "y.json")
    assert told(tmp_path / "x.json") == told(tmp_path / "y.json") == ""
    assert plain.stdout == empty.stdout


def test_a_long_notice_is_wrapped_on_the_terminal(cptdiff: Run, tables: Pair) -> None:
    done = cptdiff("diff", *tables, "--notice", "widget " * 40)
    assert max(map(len, done.stdout.splitlines())) <= 80


def test_tables_for_machines_hold_no_notice(cptdiff: Run, tables: Pair, tmp_path: Path) -> None:
    for name in ("changes.csv", "fields.csv"):
        cptdiff("diff", *tables, "--notice", NOTICE, "-o", tmp_path / name)
        assert "Invented" not in (tmp_path / name).read_text("utf-8")


# What is given (a name of a file below, or a text), and how its error line goes on.
REFUSED = {
    "no such file": ("nowhere.txt", "E101", "no such file or folder"),
    "no such page": ("docs/terms.MD", "E101", "no such file or folder"),
    "no such name with a blank": ("my notice.txt", "E101", "no such file or folder"),
    "no such PDF": ("licence notice.pdf", "E101", "no such file or folder"),
    "a suffix mistyped": ("notice.tx", "E101", "no such file or folder"),
    "no such name below": ("docs/notice", "E101", "no such file or folder"),
    "no such name here": ("./some/dir", "E101", "no such file or folder"),
    "no such name above": ("../my notice", "E101", "no such file or folder"),
    "no such path": ("/etc/missing", "E101", "no such file or folder"),
    "no such home": ("~/notice", "E101", "no such file or folder"),
    "no such drive": ("C:\\notice", "E101", "no such file or folder"),
    "a folder": ("folder", "E102", "is not a file"),
    "an empty file": ("empty", "E110", "no data"),
    "a PDF": ("terms.pdf", "E130", "the content is a PDF"),
    "no UTF-8": ("ansi", "E140", "is not UTF-8"),
    "a long file": ("long", "E170", "has 10,001 characters, more than 10,000"),
    "a long text": ("w" * 10_001, "E170", "has 10,001 characters, more than 10,000"),
    "an escape": ("escape", "E165", "escape:2: contains the control character U+001B"),
    "a tab": ("Widget\tTerms", "E165", "--notice:1: contains the control character U+0009"),
}


@pytest.fixture
def notices(make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Write files that are no notices, and go there."""
    make(tmp_path / "empty", "\n")
    make(tmp_path / "terms.pdf", "%PDF-1.7 terms")
    make(tmp_path / "ansi", b"Widget \xa9 2026")
    make(tmp_path / "long", "w" * 10_001)
    make(tmp_path / "escape", "Widget\n\x1b[2J")
    make(tmp_path / "folder", {"notice.txt": NOTICE})
    monkeypatch.chdir(tmp_path)


@pytest.mark.usefixtures("notices")
@pytest.mark.parametrize("case", REFUSED.values(), ids=REFUSED)
def test_what_is_no_notice_is_refused(cptdiff: Run, tables: Pair, case: tuple[str, ...]) -> None:
    given, slug, wrong = case
    done = cptdiff("diff", *tables, "--notice", given, "-o", "run")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"cptdiff: error[{slug}]: ")
    assert wrong in done.stderr
    assert done.stderr.count("\n") == 1
    assert not Path("run").exists()


@pytest.mark.usefixtures("notices")
def test_as_much_as_is_allowed_is_allowed(cptdiff: Run, tables: Pair) -> None:
    assert cptdiff("diff", *tables, "--notice", "w" * 10_000).returncode == 0
