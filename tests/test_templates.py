"""Templates of the user's own: found first, documented, and refused in one line."""

import base64
import hashlib
import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from cptdiff.comparison import compare as diff
from cptdiff.options import PLAIN
from cptdiff.pipeline import load_release as load
from cptdiff.reports import html, page
from cptdiff.reports.templates import NAMES, find_directory
from cptdiff.results import make_results

ROOT = Path(__file__).parents[1]
SAMPLES = ROOT / "sample_releases"
PAIR = (SAMPLES / "icd10cm-2026.zip", SAMPLES / "icd10cm-2027.zip")

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Write the page with the templates of the folder `own`."""

    def run_one(
        output: Path = tmp_path / "x.html", **files: str
    ) -> "subprocess.CompletedProcess[str]":
        own = tmp_path / "own"
        own.mkdir()
        for name, text in files.items():
            (own / name.replace("_", ".")).write_bytes(text.encode("utf-8", "surrogatepass"))
        words = ["diff", *PAIR, "-o", output, "--quiet", "--template", own]
        return subprocess.run(
            [sys.executable, "-m", "cptdiff", *map(str, words)],
            cwd=ROOT, capture_output=True, encoding="utf-8", check=False,
        )  # fmt: skip

    return run_one


def documented() -> tuple[set[str], dict[str, set[str]]]:
    """Variables, and types with their fields, as README.md has them."""
    text = (find_directory() / "README.md").read_text("utf-8").split("## Variables")[1]
    rows = re.findall(r"^\| (`.*?) \| (.*) \|$", text, re.MULTILINE)
    types = {name.strip("`"): set(re.findall(r"`([a-z_0-9]+)`", told)) for name, told in rows
             if name.strip("`")[0].isupper()}  # fmt: skip
    variables = {one for name, _ in rows for one in re.findall(r"`([a-z_]+)`", name)}
    return variables, {
        name: told - {"role", "text"} if name == "Field" else told for name, told in types.items()
    }


def given(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the templates are given."""
    caught: dict[str, Any] = {}
    whole = html.make_variables

    def told(*arguments: Any) -> dict[str, Any]:  # noqa: ANN401
        caught.update(whole(*arguments))
        return caught

    monkeypatch.setattr(html, "make_variables", told)
    html.render(make_results(diff(*map(load, PAIR))), PLAIN)
    return caught


def test_the_readme_names_every_variable_and_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    assert documented()[0] == {*given(monkeypatch), "policy"}


def test_the_readme_names_every_field_of_every_type_and_no_other() -> None:
    types = {
        name: set(kind._fields)
        for name, kind in vars(page).items()
        if isinstance(kind, type) and issubclass(kind, tuple) and kind.__module__ == page.__name__
        and kind is not NamedTuple and hasattr(kind, "_fields")
    }  # fmt: skip
    assert documented()[1] == types
    assert len(types) > 10


def test_the_readme_names_every_template_and_no_other() -> None:
    text = (find_directory() / "README.md").read_text("utf-8").split("## Variables")[0]
    rows = "\n".join(re.findall(r"^\| (`.*?) \|", text, re.MULTILINE))
    assert sorted(re.findall(r"`([a-z.]+)`", rows)) == [*NAMES]


def test_one_template_of_ones_own_stands_for_the_shipped_one(run: Run, tmp_path: Path) -> None:
    done = run(first_html="<h1>Our own: {{ previous.name }}</h1>")
    assert (done.returncode, done.stderr) == (0, "")
    text = (tmp_path / "x.html").read_text("utf-8")
    assert "<h1>Our own: ICD-10-CM FY2026</h1>" in text
    assert "Look at these first" not in text
    assert text.count("<article") > 10


def test_a_style_of_ones_own_is_let_stand_by_the_policy(run: Run, tmp_path: Path) -> None:
    assert run(report_css="body { color: teal }").returncode == 0
    text = (tmp_path / "x.html").read_text("utf-8")
    assert "<style>body { color: teal }</style>" in text
    digest = base64.b64encode(hashlib.sha256(b"body { color: teal }").digest()).decode()
    assert f"style-src 'sha256-{digest}'" in text


@pytest.mark.parametrize(
    ("files", "place"),
    [
        ({"first_html": "line\n{% if %}"}, "first.html:2: the template fails (Expected"),
        ({"first_html": "line\n{{ no_such }}"}, "first.html:2: the template fails ('no_such' is"),
        ({"first_html": "{{ previous.no_such }}"}, "first.html:1: the template fails ("),
        ({"first_html": "{{ previous + 1 }}"}, "first.html:1: the template fails ("),
        (
            {"entry_html": "line\n{% macro articles(entries) %}\n{{ nosuch }}{% endmacro %}"},
            "entry.html:3: ",
        ),
        ({"first_html": "\ud800"}, "first.html: is not UTF-8"),
        ({"table_html": "nothing"}, "report.html:"),
        ({"other_html": "nothing"}, "own: no template of this name: alone.html, "),
    ],
)
def test_a_template_that_fails_is_told_in_one_line(
    run: Run, tmp_path: Path, files: dict[str, str], place: str
) -> None:
    done = run(**files)
    assert done.returncode == 2
    slug = "E321" if "no template" in place else "E320"
    assert re.fullmatch(rf"cptdiff: error\[{slug}\]: .*Fix: .*\n", done.stderr)
    assert place in done.stderr
    assert not (tmp_path / "x.html").exists()


def test_values_are_escaped_in_templates_of_ones_own(run: Run, tmp_path: Path) -> None:
    assert run(first_html="{{ '<b>' }}{{ code_set }}").returncode == 0
    assert "&lt;b&gt;ICD-10-CM" in (tmp_path / "x.html").read_text("utf-8")


def test_the_manifest_names_templates_of_ones_own_and_the_version(run: Run, tmp_path: Path) -> None:
    mine = {"first_html": '{% include "mine.html" %}', "mine_html": "Mine", "notes_txt": "none"}
    assert run(tmp_path / "run", **mine).returncode == 0
    manifest = json.loads((tmp_path / "run" / "manifest.json").read_text("utf-8"))["predicate"]
    first = hashlib.sha256(mine["first_html"].encode()).hexdigest()
    of_mine = hashlib.sha256(b"Mine").hexdigest()
    assert manifest["templates"] == {"first.html": first, "mine.html": of_mine}
    assert manifest["tool"]["cptdiff"]
