"""What a hostile input is, and what must become of it on either side."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Final, NamedTuple

from tests.conftest import Content

Run = Callable[..., CompletedProcess[str]]
Make = Callable[..., Path]
# The words that compare two tables.
Pair = tuple[str, ...]
TABLE: Final = "code,name\nA1,First thing\nA2,Second thing\nA3,Third thing\n"
OWN: Final = ("--code-set", "table")


class Case(NamedTuple):
    """One fault, by its row of the table of inputs.

    `content` is what `file` holds, or what makes it. `says` are words that must be told: on stderr
    where it is refused (the slug among them), else on the terminal or in quarantine.csv. `rows` are
    read, kept, collapsed and set aside as a person counted them. `other` is the sound side.
    """

    row: int
    what: str
    file: str
    content: Content | Callable[[Path], object]
    code: int = 2
    says: tuple[str, ...] = ()
    rows: tuple[int, int, int, int] | None = None
    options: tuple[str, ...] = OWN
    other: tuple[str, Content] = ("sound.csv", TABLE)

    def __str__(self) -> str:
        """Its name among the tests."""
        return f"input-{self.row:02} {self.what}"


def assert_case(run: Run, make: Callable[..., Path], case: Case, side: str, home: Path) -> None:
    """`case` as `side`: refused in one line, or every row accounted for."""
    path = home / "in" / case.file
    path.parent.mkdir()
    if callable(case.content):
        case.content(path)
    else:
        make(path, case.content)
    sound = make(home / "other" / case.other[0], case.other[1])
    pair = (path, sound) if side == "previous" else (sound, path)
    done = run("diff", *pair, *case.options, "-o", home / "run")
    assert done.returncode == case.code, (done.stderr, done.stdout)
    assert_plain(done)
    if case.code in {2, 4}:
        assert_refused(done, case)
        assert sorted(found.name for found in home.iterdir()) == ["in", "other"]
    else:
        assert_accounted(done, case, side, home / "run")


def assert_plain(done: CompletedProcess[str]) -> None:
    """No traceback, and no control character for a terminal to obey."""
    told = done.stdout + done.stderr
    assert "Traceback" not in told
    assert all(character.isprintable() or character == "\n" for character in told), ascii(told)


def assert_refused(done: CompletedProcess[str], case: Case) -> None:
    assert done.stdout == ""
    assert done.stderr.startswith("cptdiff: error["), done.stderr
    assert done.stderr.count("\n") == 1
    assert " Fix: " in done.stderr
    assert len(done.stderr) <= 301
    for words in case.says:
        assert words in done.stderr, done.stderr


def assert_accounted(done: CompletedProcess[str], case: Case, side: str, folder: Path) -> None:
    rows = json.loads((folder / "summary.json").read_text("utf-8"))["rows"][side]
    found = tuple(rows[name] for name in ("read", "kept", "collapsed", "quarantined"))
    assert found == case.rows, (found, done.stdout)
    assert found[0] == sum(found[1:])
    aside = quarantined(folder, side)
    assert len(aside) == found[3]
    assert all(row["fault"] and row["fix"] for row in aside)
    if aside:
        page = (folder / "report.html").read_text("utf-8")
        assert "excluded and not compared" in page[page.index("<header>") : page.index("</header>")]
        assert case.code == 3
    # The terminal's lines are broken where they are full.
    told = " ".join([*done.stdout.split(), *("|".join(row.values()) for row in aside)])
    for words in case.says:
        assert " ".join(words.split()) in told, told


def quarantined(folder: Path, side: str) -> list[dict[str, str]]:
    """The rows of quarantine.csv of one side, if there are any."""
    path = folder / "quarantine.csv"
    if not path.exists():
        return []
    text = io.StringIO(path.read_text("utf-8"), newline="")
    return [row for row in csv.DictReader(text) if row["side"] == side]
