"""The samples are what expected.json says, in every form in which a release can come."""

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

from tests.streams import list_warnings

Run = Callable[..., CompletedProcess[str]]
Rows = Callable[[Path], list[dict[str, str]]]
Changed = Callable[[Path], dict[str, dict[str, set[str]]]]
Expected = dict[str, Any]
Form = Callable[[str], Path]
Pair = tuple[str, str, str]
Make = Callable[[Path, bytes], Path]

SAMPLES = Path(__file__).parents[1] / "sample_releases"
PAIRS = [
    ("cpt", "cpt-2026-legacy.zip", "cpt-2027-legacy.zip"),
    ("cpt", "cpt-2026-legacy.zip", "cpt-2027-current-format.zip"),
    ("hcpcs", "hcpcs-2026-january.zip", "hcpcs-2027-january.zip"),
    ("icd10cm", "icd10cm-2026.zip", "icd10cm-2027.zip"),
    ("icd10pcs", "icd10pcs-2026.zip", "icd10pcs-2027.zip"),
]
FORMS = ["zip and zip", "folder and folder", "folder and zip", "zip and folder"]


def sets(by_change: dict[str, list[str]]) -> dict[str, set[str]]:
    return {change: set(codes) for change, codes in by_change.items() if codes}


def summary(folder: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((folder / "summary.json").read_text("utf-8"))
    return loaded


def test_every_pair_is_tested(expected: Expected) -> None:
    told = {
        (code_set, truth["previous"], current)
        for code_set, truth in expected.items()
        for current in truth["current"]
    }
    assert told == {*PAIRS, ("table", "table-2026.csv", "table-2027.csv")}


@pytest.fixture
def compared(cptdiff: Run, unzipped: Form, tmp_path: Path) -> Callable[..., Path]:
    """Compare two samples, each as a zip or as a folder, into a run folder."""

    def run(previous: str, current: str, form: str = FORMS[0], *options: str) -> Path:
        kinds = form.split(" and ")
        pair = [
            SAMPLES / name if kind == "zip" else unzipped(name)
            for name, kind in zip((previous, current), kinds, strict=True)
        ]
        done = cptdiff("diff", *pair, *options, "-o", tmp_path / "run")
        assert (done.returncode, list_warnings(done.stderr)) == (0, "")
        return tmp_path / "run"

    return run


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("pair", PAIRS, ids=" ".join)
def test_a_pair_differs_as_expected_in_every_form(
    compared: Callable[..., Path], changed: Changed, expected: Expected, pair: Pair, form: str
) -> None:
    code_set, *names = pair
    found = changed(compared(*names, form) / "changes.csv")
    truth = {kind: sets(of) for kind, of in expected[code_set]["changes"].items()}
    assert found == {kind: of for kind, of in truth.items() if of}


def test_the_tables_differ_as_expected(
    compared: Callable[..., Path], changed: Changed, expected: Expected
) -> None:
    names = "table-2026.csv", "table-2027.csv"
    found = changed(compared(*names, FORMS[0], "--code-set", "table") / "changes.csv")
    assert found == {"code": sets(expected["table"]["changes"]["code"])}


@pytest.mark.parametrize("pair", PAIRS, ids=" ".join)
def test_the_summary_counts_as_expected(
    compared: Callable[..., Path], expected: Expected, pair: Pair
) -> None:
    code_set, *names = pair
    truth, told = expected[code_set], summary(compared(*names))
    for kind, by_change in truth["changes"].items():
        assert told["counts"][kind] == {change: len(codes) for change, codes in by_change.items()}
    for side, entries in truth["entries"].items():
        found = told[side]["entries"]
        assert {kind: found[kind] for kind in entries} == entries
    for side, rows in truth.get("rows", {}).items():
        assert told["rows"][side]["read"] == sum(rows.values())


@pytest.mark.parametrize("pair", PAIRS[:2], ids=" ".join)
def test_cpt_sections_count_as_ama_published(
    compared: Callable[..., Path], expected: Expected, pair: Pair
) -> None:
    found = {
        row["section"]: [row["added"], row["deleted"], row["revised"]]
        for row in summary(compared(*pair[1:]))["by_section"]
        if row["kind"] == "code"
    }
    truth = expected["cpt"]["by_section"]
    assert {**{section: [0, 0, 0] for section in truth}, **found} == truth


def test_reasons_are_told(compared: Callable[..., Path], rows: Rows, expected: Expected) -> None:
    found = {
        row["code"]: row["reason"]
        for row in rows(compared(*PAIRS[2][1:]) / "changes.csv")
        if row["reason"] not in {"", "attributes-only"}
    }
    assert found == expected["hcpcs"]["reasons"]


def test_a_code_that_became_a_header_is_told_as_both(
    compared: Callable[..., Path], rows: Rows, expected: Expected
) -> None:
    found: dict[str, set[tuple[str, str, str]]] = {}
    for row in rows(compared(*PAIRS[3][1:]) / "changes.csv"):
        found.setdefault(row["reason"], set()).add((row["code"], row["kind"], row["change"]))
    for reason, key, gone, come in (
        ("became-header", "demoted", "code", "header"),
        ("became-code", "promoted", "header", "code"),
    ):
        codes = expected["icd10cm"][key]
        both = {
            (code, kind, how)
            for code in codes
            for kind, how in ((gone, "deleted"), (come, "added"))
        }
        assert found[reason] == both


@pytest.mark.parametrize("form", ["file", "folder"])
def test_longult_alone_says_that_pla_codes_are_not_in_it(
    cptdiff: Run, member: Callable[[str, str], bytes], make: Make, tmp_path: Path, form: str
) -> None:
    pair = [
        make(tmp_path / year / "LONGULT.txt", member(f"cpt-{year}-legacy.zip", "longult.txt"))
        for year in ("2026", "2027")
    ]
    paths = pair if form == "file" else [path.parent for path in pair]
    done = cptdiff("diff", *paths, "-o", tmp_path / "run")
    assert done.returncode == 0
    assert "PLA codes" in done.stdout
    page = (tmp_path / "run" / "report.html").read_text("utf-8")
    assert "PLA codes" in page[page.index("<header>") : page.index("</header>")]
    counts = summary(tmp_path / "run")["counts"]["code"]
    assert (counts["added"], counts["deleted"], counts["revised"]) == (121, 47, 66)


def content(path: Path) -> dict[str, bytes]:
    if path.suffix != ".zip":
        return {"": path.read_bytes()}
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_script_writes_what_git_keeps(process: Run, tmp_path: Path) -> None:
    done = process(SAMPLES / "make.py", tmp_path)
    assert done.returncode == 0, done.stderr
    made = {path.name: content(path) for path in tmp_path.iterdir()}
    kept = [path for path in SAMPLES.iterdir() if path.suffix in {".zip", ".csv", ".json"}]
    assert made == {path.name: content(path) for path in kept}


def test_the_samples_are_small_and_without_a_clock() -> None:
    kept = [path for path in SAMPLES.iterdir() if path.is_file()]
    assert sum(path.stat().st_size for path in kept) < 3_000_000
    for path in kept:
        if path.suffix == ".zip":
            with zipfile.ZipFile(path) as archive:
                dates = {info.date_time for info in archive.infolist()}
            assert dates == {(1980, 1, 1, 0, 0, 0)}


def test_the_current_cpt_sample_says_in_both_formats_the_same(
    cptdiff: Run, tmp_path: Path, changed: Changed
) -> None:
    pair = [SAMPLES / f"cpt-2027-{form}.zip" for form in ("legacy", "current-format")]
    assert cptdiff("diff", *pair, "-o", tmp_path / "run").returncode == 0
    assert changed(tmp_path / "run" / "changes.csv") == {}
