"""README.md and docs/ tell the truth: their commands, snippets, links, tables and verbs."""

import json
import re
import shlex
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from cptdiff.codesets.hcpcs import ATTRIBUTES
from cptdiff.errors import SLUGS
from cptdiff.process.signals import SIGNALS

Process = Callable[..., CompletedProcess[str]]

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
BIN = Path(sys.executable).parent
PAGES = {path.name: path.read_text("utf-8") for path in (ROOT / "README.md", *DOCS.glob("*.md"))}
# A block: its language, the name of the file that it is, if any, and its text.
BLOCK = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", re.DOTALL | re.MULTILINE)
TYPED = re.compile(r"^\$ (.+)$", re.MULTILINE)
# What readers type and this test does not: it would install something or take too long.
ONLY_READ = re.compile(r"make test|source |python3 -m venv|pipx install|\.venv/bin/")
# GitHub makes the ids of headings so.
NO_ANCHOR = re.compile(r"[^\w\- ]")


def blocks(page: str, language: str) -> list[str]:
    return [text for kind, _, text in BLOCK.findall(PAGES[page]) if kind == language]


def commands() -> list[tuple[str, str]]:
    """Return each command of every page, as page and command."""
    return [
        (page, command)
        for page in PAGES
        for block in blocks(page, "console")
        for command in TYPED.findall(block)
        if not ONLY_READ.match(command)
    ]


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Lay out a folder like the checkout, with the files that the pages show."""
    monkeypatch.setenv("CPTDIFF_LIBRARY", str(tmp_path / "library"))
    for name in ("Makefile", "pyproject.toml", "sample_releases"):
        (tmp_path / name).symlink_to(ROOT / name)
    (tmp_path / "demo").mkdir()
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv" / "bin").symlink_to(BIN)
    (tmp_path / ".venv" / ".product").touch()
    for text in PAGES.values():
        for _, name, content in BLOCK.findall(text):
            if name:
                (tmp_path / name).write_text(content, "utf-8")
    return tmp_path


def test_the_readme_shows_the_first_commands() -> None:
    found = [command for page, command in commands() if page == "README.md"]
    assert "make demo" in found
    for word in ("diff", "inspect"):
        assert any(command.startswith(f"cptdiff {word}") for command in found)


def test_the_readme_is_short() -> None:
    assert PAGES["README.md"].count("\n") < 120
    assert all(text.count("\n") < 200 for text in PAGES.values())


def fill_library(desk: Path, page: str, words: list[str]) -> None:
    """Run the commands of the same page that add releases to the library."""
    for at, command in commands():
        if at == page and command.startswith("cptdiff library add") and "add" not in words:
            subprocess.run([BIN / "cptdiff", *shlex.split(command)[1:]], cwd=desk, check=True)


def write_before(desk: Path, page: str, words: list[str]) -> None:
    """Run the commands of the same page that write what `words` read, with what those read."""
    own = words[words.index("-o") + 1] if "-o" in words else ""
    for at, command in commands():
        name = command.partition(" -o ")[2].split(" ")[0]
        is_needed = name in words and name not in {"", "-", own} and not (desk / name).exists()
        if at == page and is_needed:
            earlier = shlex.split(command, comments=True)
            write_before(desk, page, earlier)
            subprocess.run([BIN / "cptdiff", *earlier[1:]], cwd=desk, check=True)


@pytest.mark.parametrize(("page", "command"), commands())
def test_a_command_of_the_docs_runs(desk: Path, page: str, command: str) -> None:
    said = re.search(r"#.*?\bexit\w*(?: code)? (\d+)", command)
    words = shlex.split(command, comments=True)
    assert words[0] in {"make", "cptdiff"}, f"{page}: {command}"
    words = ["make", "-o", ".venv/.product", *words[1:]] if words[0] == "make" else words
    if words[0] == "cptdiff":
        fill_library(desk, page, words)
        write_before(desk, page, words)
    program = words[0] if words[0] == "make" else str(BIN / words[0])
    done = subprocess.run(
        [program, *words[1:]], cwd=desk, capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == (int(said[1]) if said else 0), done.stderr
    for at, word in enumerate(words):
        if word == "-o" and program != "make" and words[at + 1] != "-":
            assert (desk / words[at + 1]).exists()
    if program == "make":
        wanted = {"report.html", "changes.csv", "impact"}
        assert {path.name for path in (desk / "demo").iterdir()} == wanted
        assert (desk / "demo" / "impact" / "impact.html").exists()


def test_the_nightly_job_runs_and_ends_with_4_if_its_folder_exists(desk: Path) -> None:
    assert ("sh", "nightly.sh") in {block[:2] for block in BLOCK.findall(PAGES["scheduling.md"])}
    for code, told in ((0, ""), (4, "E404")):
        done = subprocess.run(
            ["/bin/sh", desk / "nightly.sh"],
            cwd="/",
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        assert (done.returncode, told in done.stderr) == (code, True), done.stderr
    (folder,) = (desk / "runs").iterdir()
    assert re.fullmatch(r"icd10cm-\d{4}-\d\d-\d\d", folder.name)
    assert (folder / "manifest.json").exists()


def test_every_cause_of_exit_code_4_has_its_advice() -> None:
    table = PAGES["scheduling.md"].partition("Exit code 4 has these causes")[2]
    listed = re.findall(r"^\| (E4\d\d) \|", table, re.MULTILINE)
    assert listed == [slug for slug in SLUGS if slug.startswith("E4")]


def test_the_legend_of_hcpcs_names_every_field() -> None:
    table = PAGES["outputs.md"].partition("## Fields of HCPCS\n")[2].partition("\n## ")[0]
    cells = re.findall(r"^\|([^|]*)\|", table, re.MULTILINE)
    listed = re.findall(r"`(\w+)`", " ".join(cells))
    assert listed == list(dict.fromkeys(column.name.rstrip("1234567890") for column in ATTRIBUTES))


@pytest.mark.parametrize(
    ("page", "snippet"), [(page, text) for page in PAGES for text in blocks(page, "python")]
)
def test_a_snippet_of_the_docs_runs_and_prints_what_it_says(
    desk: Path, page: str, snippet: str
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", snippet],
        cwd=desk,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, ""), page
    for said in re.findall(r"^ *print\(.*\)  # (.+)$", snippet, re.MULTILINE):
        start = said.removesuffix("...>")
        assert any(line.startswith(start) for line in done.stdout.splitlines()), done.stdout


@pytest.mark.parametrize("page", PAGES)
def test_every_link_of_the_docs_leads_somewhere(page: str) -> None:
    home = ROOT if page == "README.md" else DOCS
    prose = BLOCK.sub("", PAGES[page])
    for link in re.findall(r"\]\(([^)]+)\)", prose):
        if link.startswith("https://"):
            continue
        path, _, anchor = link.partition("#")
        target = home / path if path else home / page
        assert target.is_file(), link
        if anchor:
            heads = re.findall(r"^#+ (.+)$", target.read_text("utf-8"), re.MULTILINE)
            assert anchor in {NO_ANCHOR.sub("", h.lower()).replace(" ", "-") for h in heads}, link


def test_every_page_of_the_docs_is_reached_from_the_readme() -> None:
    assert {f"docs/{name}" for name in PAGES if name != "README.md"} <= set(
        re.findall(r"\]\(([^)#]+)", PAGES["README.md"])
    )


def test_every_verb_of_the_docs_is_in_the_makefile_and_no_verb_is_left_out() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    helped = set(re.findall(r'^\t@echo "make (\w+)', makefile, re.MULTILINE))
    listed = set(re.findall(r"^\| `make (\w+)`", PAGES["contributing.md"], re.MULTILINE))
    named = {verb for text in PAGES.values() for verb in re.findall(r"[`$] ?make ([\w-]+)", text)}
    assert listed == helped
    assert {"demo", "test"} <= named <= helped


def test_the_map_of_the_code_names_every_part_and_no_other() -> None:
    section = PAGES["contributing.md"].partition("## Map of the code\n")[2].partition("\n## ")[0]
    cells = re.findall(r"^\|([^|]*)\|", section, re.MULTILINE)
    named = [
        re.sub(r"^cptdiff/|/$|\.py$", "", one) for one in re.findall(r"`([^`]+)`", " ".join(cells))
    ]
    parts = {
        path.stem
        for path in (ROOT / "cptdiff").iterdir()
        if (path / "__init__.py").exists() or path.suffix == ".py"
    } - {"__init__", "__main__"}
    assert sorted(named) == sorted(parts)


def test_the_table_of_exit_codes_has_those_of_the_code(process: Process) -> None:
    cells = re.findall(r"^\| ([\d, ]+) \|", PAGES["outputs.md"], re.MULTILINE)
    listed = [int(code) for cell in cells for code in cell.split(",")]
    told = process("-m", "cptdiff", "--help").stdout.partition("Exit codes:")[2].partition(".\n")[0]
    named = {int(code) for code in re.findall(r"(?:^|;) (\d+)\b", " ".join(told.split()))}
    named |= {int(code) for code in re.findall(r"^(\d+)", told.strip())}
    assert len(named) > 5
    assert listed == sorted({*named, *(128 + number for number in (*SIGNALS, signal.SIGKILL))})


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a run folder in which every file has its reason to be there."""
    home = tmp_path_factory.mktemp("folder")
    inputs = {
        "previous.csv": "code,text\nA1,One\nA2,Two\nA3,Three\n",
        "current.csv": "code,text\nA1,Once\nA2,Two,-\nA4,Four,-\n",
        "mine.csv": 'fault,raw,date,who\nE152: wide,"A2,Two,-",2027-01-08,A\n',
        "published.csv": "code,change\nA1,deleted\n",
        "crosswalk.csv": "code,replacement\nA3,A1\n",
    }
    for name, text in inputs.items():
        (home / name).write_text(text, "utf-8")
    words = ["previous.csv", "current.csv", "--code-set", "table", "-o", "run",
             "--published", "published.csv", "--crosswalk", "crosswalk.csv"]  # fmt: skip
    known = ["acknowledge", "first", "A1", "--who", "A", "--why", "b", "--date", "2027-01-08"]
    for command in (
        ["diff", *words[:5], "first", "--quiet"], [*known, "-o", "known.csv"],
    ):  # fmt: skip
        subprocess.run([BIN / "cptdiff", *command], cwd=home, check=False)
    words += ["--since", "first", "--acknowledge", "known.csv", "--accept", "mine.csv"]
    done = subprocess.run(
        [BIN / "cptdiff", "diff", *words], cwd=home, capture_output=True, text=True, check=False
    )
    assert done.returncode == 3, done.stderr
    return home / "run"


def test_the_page_of_outputs_names_every_file_of_a_run_folder_and_no_other(folder: Path) -> None:
    section = PAGES["outputs.md"].partition("## Files of a run folder\n")[2].partition("\n## ")[0]
    cells = re.findall(r"^\| (`[^|]*) \|", section, re.MULTILINE)
    named = set(re.findall(r"`([^`]+)`", " ".join(cells)))
    # A table has no register of its codes.
    assert named == {"codes.csv", *(path.name for path in folder.iterdir())}


@pytest.mark.parametrize(
    "line", re.findall(r"^\*\*(\S+)\*\*: `([^`]+)`", PAGES["outputs.md"], re.MULTILINE)
)
def test_the_page_of_outputs_lists_the_columns_and_keys_of_a_file(
    folder: Path, line: tuple[str, str]
) -> None:
    name, listed = line
    text = (folder / name).read_text("utf-8")
    head = list(json.loads(text)) if name.endswith(".json") else text.partition("\n")[0].split(",")
    assert listed.split(", ") == head
