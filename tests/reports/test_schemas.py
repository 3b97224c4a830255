"""summary.json and manifest.json have the form that their JSON Schemas tell."""

import json
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from cptdiff.vocabulary import CodeSet
from tests.reports.conftest import PAIRS
from tests.reports.test_changes_json import SCHEMA, closed, objects

Run = Callable[..., CompletedProcess[str]]
NAMES = ("summary", "manifest")
FOLDER = files("cptdiff") / "schemas"
SCHEMAS = {name: json.loads((FOLDER / f"{name}.schema.json").read_text("utf-8")) for name in NAMES}
EXACT = {name: Draft202012Validator(closed(SCHEMAS[name])) for name in NAMES}
CHECK = {name: Draft202012Validator(SCHEMAS[name]) for name in NAMES}

# Options that the manifests of earlier versions lack.
LATER = (
    "acknowledged_files",
    "decision_files",
    "accepted_files",
    "history_paths",
    "since_folder",
)


def read(folder: Path, name: str) -> Any:  # noqa: ANN401 - JSON
    return json.loads((folder / f"{name}.json").read_text("utf-8"))


@pytest.mark.parametrize("name", NAMES)
def test_a_schema_is_one_describes_every_property_and_needs_them_all(name: str) -> None:
    Draft202012Validator.check_schema(SCHEMAS[name])
    found = list(objects(SCHEMAS[name]))
    assert len(found) >= 10
    for one in found:
        assert one["required"] == [key for key in one["properties"] if key not in LATER]
        for key, told in one["properties"].items():
            assert len(told["description"]) > 5, key


def test_the_schemas_name_every_code_set() -> None:
    for schema in (SCHEMAS["summary"], SCHEMA):
        assert schema["properties"]["code_set"]["enum"] == list(CodeSet)


@pytest.mark.parametrize("pair", PAIRS)
def test_a_run_folder_has_both_forms(
    cptdiff: Run, samples: Path, tmp_path: Path, pair: str
) -> None:
    both = [samples / name for name in PAIRS[pair]]
    words = ("--code-set", "table") if pair == "table" else ()
    done = cptdiff("diff", *both, *words, "--expect", "added=1", "-o", tmp_path / "run", "--quiet")
    assert done.returncode in {0, 3}
    for name in NAMES:
        EXACT[name].validate(read(tmp_path / "run", name))


def test_a_table_with_every_file_and_option_has_both_forms(
    cptdiff: Run, tables: tuple[str, ...], tmp_path: Path
) -> None:
    (tmp_path / "cross.csv").write_text("code,replacement\nA2,A4\n", "utf-8")
    (tmp_path / "list.csv").write_text("code,change\nA2,deleted\n", "utf-8")
    words = ("--crosswalk", tmp_path / "cross.csv", "--published", tmp_path / "list.csv")
    more = ("--only", "deleted", "--notice", "Made up", "--stamp", "2027-01-05", "--excel")
    assert cptdiff("diff", *tables, *words, *more, "-o", tmp_path / "run").returncode == 0
    for name in NAMES:
        EXACT[name].validate(read(tmp_path / "run", name))
    run = read(tmp_path / "run", "manifest")["predicate"]
    assert run["stamp"] == "2027-01-05T00:00:00Z"
    flags = {"code_set", "crosswalk_files", "published_files", "only", "notice", "excel"}
    assert {name for name, origin in run["origins"].items() if origin == "flag"} == flags
    assert {one["file"] for one in run["files"]} == {"cross.csv", "list.csv"}


@pytest.mark.parametrize(
    "spoil",
    [
        lambda content: content.update(_type="https://in-toto.io/Statement/v0.1"),
        lambda content: content["subject"][0]["digest"].update(sha256="abc"),
        lambda content: content["predicate"].update(stamp="yesterday"),
        lambda content: content["predicate"]["origins"].update(excel="a guess"),
        lambda content: content["predicate"]["rows"]["current"].pop("collapsed"),
    ],
)
def test_the_schema_of_the_manifest_finds_what_is_wrong(
    cptdiff: Run, tables: tuple[str, ...], tmp_path: Path, spoil: Callable[[Any], object]
) -> None:
    cptdiff("diff", *tables, "-o", tmp_path / "run")
    content = read(tmp_path / "run", "manifest")
    assert CHECK["manifest"].is_valid(content)
    spoil(content)
    assert not CHECK["manifest"].is_valid(content)


def test_the_schema_of_the_manifest_takes_those_of_earlier_versions(
    cptdiff: Run, tables: tuple[str, ...], tmp_path: Path
) -> None:
    cptdiff("diff", *tables, "-o", tmp_path / "run")
    content = read(tmp_path / "run", "manifest")
    for part in ("options", "origins"):
        for name in LATER:
            content["predicate"][part].pop(name)
    assert CHECK["manifest"].is_valid(content)
