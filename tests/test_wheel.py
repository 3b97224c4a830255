"""The built wheel: its templates are compiled, and a run compiles none."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

SCRIPT = """
import sys
sys.path.insert(0, sys.argv.pop(1))
from jinja2 import Environment
def refuse(*_, **__): raise RuntimeError("a template is compiled")
Environment.compile = Environment._parse = refuse
from cptdiff.__main__ import main
main()
"""


@pytest.fixture(scope="module")
def site(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel without a network and unpack it as an installer does."""
    folder = tmp_path_factory.mktemp("wheel")
    words = ("wheel", "--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir", folder, root)
    subprocess.run([sys.executable, "-m", "pip", *map(str, words)], check=True)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def test_a_run_from_the_wheel_compiles_no_template_and_writes_the_same_page(
    site: Path, samples: Path, tmp_path: Path
) -> None:
    pages = {}
    for name, command in (("wheel", ["-c", SCRIPT, str(site)]), ("checkout", ["-m", "cptdiff"])):
        pair = [str(samples / f"cpt-{year}-legacy.zip") for year in (2026, 2027)]
        page = tmp_path / f"{name}.html"
        words = [sys.executable, *command, "diff", *pair, "--quiet", "-o", str(page)]
        done = subprocess.run(words, capture_output=True, encoding="utf-8", check=False)
        assert (done.returncode, done.stderr) == (0, "")
        pages[name] = page.read_bytes()
    assert pages["wheel"] == pages["checkout"]


def test_templates_of_ones_own_stand_before_the_compiled_ones(
    site: Path, samples: Path, tmp_path: Path
) -> None:
    (tmp_path / "first.html").write_text("<h1>Ours</h1>", "utf-8")
    pair = [str(samples / f"cpt-{year}-legacy.zip") for year in (2026, 2027)]
    script = SCRIPT.replace("Environment.compile =", "_ =").replace("Environment._parse", "_")
    words = [sys.executable, "-c", script, str(site), "diff", *pair, "--quiet"]
    page = tmp_path / "x.html"
    own = ["--template", str(tmp_path), "-o", str(page)]
    done = subprocess.run([*words, *own], capture_output=True, encoding="utf-8", check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "<h1>Ours</h1>" in page.read_text("utf-8")
    assert page.read_text("utf-8").count("<article") == 345
