"""README.md tells the truth: its commands run, its verbs and rooms exist."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
BIN = Path(sys.executable).parent
BLOCK = re.compile(r"^```(?:console|sh)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
COMMAND = re.compile(r"^(?:\$ )?(?:\.venv/bin/)?(cptdiff .+|make demo.*)$")


def lines() -> list[str]:
    """Give the lines of all blocks for the shell, continued ones joined."""
    blocks = "".join(BLOCK.findall(README))
    return re.sub(r"\\\n\s*", "", blocks).splitlines()


def commands() -> list[str]:
    return [found[1] for line in lines() if (found := COMMAND.match(line))]


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """Lay out a folder like the checkout, in which nothing is installed anew."""
    for name in ("Makefile", "pyproject.toml", "sample_releases"):
        (tmp_path / name).symlink_to(ROOT / name)
    (tmp_path / "demo").mkdir()
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv" / "bin").symlink_to(BIN)
    (tmp_path / ".venv" / ".product").touch()
    return tmp_path


def test_the_readme_shows_the_first_commands() -> None:
    assert any(command.startswith("make demo") for command in commands())
    for word in ("diff", "inspect", "formats"):
        assert any(command.startswith(f"cptdiff {word}") for command in commands())


@pytest.mark.parametrize("command", commands())
def test_a_command_of_the_readme_runs(desk: Path, command: str) -> None:
    told = re.search(r"#.*?\bexit\w*(?: code)? (\d+)", command)
    words = shlex.split(command, comments=True)
    words = ["make", "-o", ".venv/.product", *words[1:]] if words[0] == "make" else words
    program = words[0] if words[0] == "make" else str(BIN / words[0])
    done = subprocess.run(
        [program, *words[1:]], cwd=desk, capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == (int(told[1]) if told else 0), done.stderr
    for at, word in enumerate(words):
        if word == "-o" and program != "make" and words[at + 1] != "-":
            assert (desk / words[at + 1]).exists()
    if program == "make":
        assert {path.name for path in (desk / "demo").iterdir()} == {"report.html", "changes.csv"}


def test_every_verb_of_the_readme_is_in_the_makefile() -> None:
    spans = re.findall(r"`make ([\w-]+)", README)
    typed = [found[1] for line in lines() if (found := re.match(r"(?:\$ )?make ([\w-]+)", line))]
    makefile = (ROOT / "Makefile").read_text("utf-8")
    targets = set(re.findall(r"^([\w-]+):(?!=)", makefile, re.MULTILINE))
    assert {"demo", "test"} <= {*spans, *typed} <= targets


def test_the_map_of_the_code_names_every_room_and_no_other() -> None:
    section = README.partition("## Map of the code\n")[2].partition("\n## ")[0]
    cells = re.findall(r"^\|([^|]*)\|", section, re.MULTILINE)
    named = [
        re.sub(r"^cptdiff/|/$|\.py$", "", one) for one in re.findall(r"`([^`]+)`", " ".join(cells))
    ]
    rooms = {
        path.stem
        for path in (ROOT / "cptdiff").iterdir()
        if (path / "__init__.py").exists() or path.suffix == ".py"
    } - {"__init__", "__main__"}
    assert sorted(named) == sorted(rooms)


def test_the_readme_names_every_exit_code() -> None:
    codes = re.findall(r"^\| (\d+)\b", README, re.MULTILINE)
    assert {"0", "1", "2", "3", "4", "70"} <= set(codes)
