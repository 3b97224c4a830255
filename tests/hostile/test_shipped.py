"""The shipped templates."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from shutil import copytree
from subprocess import CompletedProcess
from typing import Final

import pytest

from cptdiff.reports import templates
from cptdiff.reports.templates import find_directory, make_environment
from tests.streams import list_warnings

Run = Callable[..., CompletedProcess[str]]
Pair = tuple[str, ...]
NO_INPUTS: Final = ("diff", "nowhere.csv", "nor there.csv")
PARTS: Final = (
    "report.html", "entry.html", "filters.html", "first.html", "table.html", "report.css",
    "report.js", "alone.html",
)  # fmt: skip
QUOTED: Final = re.compile(r"""=\s*("[^"]*"|'[^']*')""")
# A value in a tag but outside quotes; `xmlattr` quotes by itself.
BARE: Final = re.compile(r"<[^<>]*\{\{(?![^}]*\|\s*xmlattr\s*\}\})[^<>]*")
UNESCAPED: Final = re.compile(r"\|\s*safe\b|\bMarkup\b|\bautoescape\b|<[^>]*\son\w+\s*=")


def unsafe(text: str) -> list[str]:
    """What would let a value out of its quotes, or out unescaped (OWASP, XSS Prevention)."""
    return [*UNESCAPED.findall(text), *BARE.findall(QUOTED.sub("", text))]


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Give a copy of the shipped templates that stands for them."""
    copy = tmp_path / "cptdiff" / "templates"
    copytree(find_directory(), copy)
    monkeypatch.setattr(templates, "find_directory", lambda: copy)
    make_environment.cache_clear()
    yield copy
    make_environment.cache_clear()


def reinstalling(done: "CompletedProcess[str]") -> bool:
    told = done.stderr
    return (done.returncode, done.stdout, told.count("\n")) == (70, "", 1) and (
        told.startswith("cptdiff: error[E701]: cptdiff: ") and "Fix: reinstall cptdiff" in told
    )


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("damage", [None, b"{% if %}", b"\xff\xfe"])
def test_machine_14_a_damaged_template_is_told_before_inputs_are_read(
    cptdiff: Run, tmp_path: Path, shipped: Path, part: str, damage: bytes | None
) -> None:
    (shipped / part).unlink()
    if damage is not None:
        (shipped / part).write_bytes(damage)
    for name in ("run", "x.html"):
        assert reinstalling(cptdiff(*NO_INPUTS, "-o", tmp_path / name))
    assert "error[E101]" in cptdiff(*NO_INPUTS, "-o", tmp_path / "x.csv").stderr
    assert [path.name for path in tmp_path.iterdir()] == ["cptdiff"]


def test_machine_14_an_unknown_name_in_a_shipped_template_writes_nothing(
    cptdiff: Run, tmp_path: Path, shipped: Path, pair: Pair
) -> None:
    (shipped / "first.html").write_text("{{ no_such_name }}", "utf-8")
    assert reinstalling(cptdiff("diff", *pair, "-o", tmp_path / "run"))
    assert [path.name for path in tmp_path.iterdir()] == ["cptdiff"]


def test_machine_15_no_template_lets_a_value_out_unescaped_or_unquoted() -> None:
    texts = {path.name: path.read_text("utf-8") for path in find_directory().glob("*.html")}
    assert len(texts) > 4
    assert {name: unsafe(text) for name, text in texts.items() if unsafe(text)} == {}


@pytest.mark.parametrize(
    "text",
    [
        "{{ x | safe }}", "{{ x|safe }}", "{{ Markup(x) }}", "{% autoescape false %}",
        "<a href={{ x }}>", "<a class=a{{ x }}>", '<a title="a" {{ x }}>', "<{{ x }}>",
        '<a onclick="{{ x }}">',
    ],
)  # fmt: skip
def test_machine_15_what_lets_a_value_out_would_be_found(text: str) -> None:
    assert unsafe(text)


@pytest.mark.parametrize("name", ["a.html.j2", "a.txt", "a", "a.html"])
def test_machine_15_every_value_is_escaped_whatever_the_files_name(
    tmp_path: Path, name: str
) -> None:
    (tmp_path / name).write_text("{{ x }}", "utf-8")
    assert make_environment(tmp_path).get_template(name).render(x="<b>\"'") == "&lt;b&gt;&#34;&#39;"


def test_machine_14_a_checkout_that_was_never_installed_works(
    process: Run, tmp_path: Path, pair: Pair
) -> None:
    script = (
        "import sys, importlib.metadata as known; found = known.Distribution.from_name\n"
        "def from_name(name):\n"
        "    if name == 'cptdiff': raise known.PackageNotFoundError(name)\n"
        "    return found(name)\n"
        "known.Distribution.from_name = from_name\n"
        "from cptdiff.__main__ import main; main()"
    )
    done = process("-c", script, "diff", *pair, "-o", tmp_path / "run")
    assert (done.returncode, list_warnings(done.stderr)) == (0, "")
    assert (tmp_path / "run" / "report.html").exists()
    told = process("-c", script, "--version")
    assert (told.returncode, told.stderr) == (0, "")
    assert told.stdout.startswith("cptdiff unknown (polars ")
