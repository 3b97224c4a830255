"""`cptdiff verify --against`: the comparison made again is the same, or it says what differs."""

import hashlib
import json
import re
import shutil
import textwrap
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

Run = Callable[..., CompletedProcess[str]]
Make = Callable[..., Path]


def check(cptdiff: Run, folder: Path, *pair: str | Path) -> tuple[int, list[dict[str, Any]]]:
    done = cptdiff("verify", folder, "--against", *pair, "--format", "json")
    assert done.stderr == ""
    return done.returncode, json.loads(done.stdout)["findings"]


@pytest.mark.parametrize(
    "pair",
    [
        ("cpt-2026-legacy.zip", "cpt-2027-current-format.zip"),
        ("hcpcs-2026-january.zip", "hcpcs-2027-january.zip"),
        ("icd10cm-2026.zip", "icd10cm-2027.zip"),
    ],
)
def test_a_sample_compared_again_is_the_same(
    cptdiff: Run, samples: Path, tmp_path: Path, pair: tuple[str, str]
) -> None:
    both = [samples / name for name in pair]
    assert cptdiff("diff", *both, "-o", tmp_path / "run").returncode in {0, 3}
    assert check(cptdiff, tmp_path / "run", *both) == (0, [])


@pytest.fixture
def words(tables: tuple[str, ...], make: Make, tmp_path: Path) -> list[str]:
    """Give the words of a run that uses as many options as go together."""
    crosswalk = make(tmp_path / "tables" / "mine.csv", "code,replacement\nA2,A4\n")
    listed = make(tmp_path / "tables" / "list.csv", "code,change\nA2,deleted\n")
    own = make(tmp_path / "tables" / "own.csv", "class,severity\nreworded,low\n")
    notice = make(tmp_path / "notice.txt", "A made-up notice\n")
    mine = make(tmp_path / "tables" / "mine", {"first.html": "<p>Mine</p>"})
    return [
        *tables, "--crosswalk", str(crosswalk), "--published", str(listed), "--key", "code",
        "--severity", str(own), "--notice", str(notice), "--template", str(mine), "--excel",
        "--only", "added,revised", "--expect", "added=1", "--previous-date", "2026-01-01",
        "--descriptors", "short", "--allow", "case", "--limit", "deleted-share=50",
    ]  # fmt: skip


def test_the_options_of_the_manifest_are_used_again(
    cptdiff: Run, words: list[str], tmp_path: Path
) -> None:
    done = cptdiff("diff", *words, "-o", tmp_path / "run")
    assert done.returncode == 0, done.stderr
    (tmp_path / "notice.txt").unlink()
    assert check(cptdiff, tmp_path / "run", *words[:2]) == (0, [])


def test_a_file_of_an_option_that_is_gone_or_changed_is_named(
    cptdiff: Run, words: list[str], tmp_path: Path
) -> None:
    cptdiff("diff", *words, "-o", tmp_path / "run")
    mine = tmp_path / "tables" / "mine.csv"
    mine.write_text("code,replacement\nA2,A1\n", "utf-8")
    for wrong in ("has other content than it had", "is not here"):
        done = cptdiff("verify", tmp_path / "run", "--against", *words[:2])
        assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
        assert done.stderr.startswith(f"cptdiff: error[E341]: mine.csv: {wrong}; the run used it")
        mine.unlink(missing_ok=True)


def test_options_that_earlier_versions_did_not_have_take_their_defaults(
    cptdiff: Run, words: list[str], tmp_path: Path
) -> None:
    run = tmp_path / "run"
    cptdiff("diff", *words, "-o", run)
    proof = json.loads((run / "manifest.json").read_text("utf-8"))
    for part in ("options", "origins"):
        for name in ("acknowledged_files", "decision_files", "since_folder"):
            proof["predicate"][part].pop(name)
    for name in ("review", "filter"):
        proof["predicate"].pop(name)
    former = hashlib.sha256((run / "manifest.json").read_bytes()).hexdigest()
    (run / "manifest.json").write_text(json.dumps(proof), "utf-8")
    now = hashlib.sha256((run / "manifest.json").read_bytes()).hexdigest()
    flat = " ".join((run / "summary.txt").read_text("utf-8").split()).replace(former, now)
    flat = re.sub(r" \d+ needs? a decision\. Showing [^.]+\.", "", flat)
    lines = textwrap.wrap(flat, 78, break_long_words=False, break_on_hyphens=False)
    (run / "summary.txt").write_text("\n".join([*lines, ""]), "utf-8")
    assert check(cptdiff, run, *words[:2]) == (0, [])


def test_what_differs_is_told_by_file_row_and_column(
    cptdiff: Run, tables: tuple[str, ...], tmp_path: Path
) -> None:
    cptdiff("diff", *tables, "-o", tmp_path / "run")
    other = tmp_path / "other" / "current.csv"
    other.parent.mkdir()
    text = Path(tables[1]).read_text("utf-8")
    other.write_text(text.replace("altered", "changed") + "A5,Fifth thing\n", "utf-8")
    code, findings = check(cptdiff, tmp_path / "run", tables[0], other)
    told = [(one["file"], one["row"], one["column"], one["text"]) for one in findings]
    assert code == 1
    text = "is not the current release that the run read: the SHA-256 differ"
    assert told[0] == ("current.csv", None, None, text)
    assert ("changes.csv", 3, "current_descriptor", "code A3 revised differs") in told
    assert ("changes.csv", None, None, "code A5 added is new now") in told
    assert ("fields.csv", 2, "current", "code A3 description differs") in told
    assert ("summary.json", None, "counts.code.added", "differs") in told
    assert any(one[0] == "summary.md" and "differs from line" in one[3] for one in told)
    assert ("changes.xlsx", None, None, "its bytes differ") in told
    assert "Third thing" not in json.dumps(findings)


def test_a_changed_table_is_told_by_its_digest_and_by_its_row(
    cptdiff: Run, tables: tuple[str, ...], tmp_path: Path
) -> None:
    cptdiff("diff", *tables, "-o", tmp_path / "run")
    path = tmp_path / "run" / "changes.csv"
    path.write_bytes(path.read_bytes().replace(b"deleted", b"revised"))
    code, findings = check(cptdiff, tmp_path / "run", *tables[:2])
    assert code == 1
    assert {one["check"] for one in findings} == {"digest", "counts", "comparison"}
    places = {(one["file"], one["row"], one["text"]) for one in findings}
    assert ("changes.csv", 2, "code A2 revised is not there now") in places


def test_other_versions_are_named_where_something_differs(
    cptdiff: Run, tables: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cptdiff("diff", *tables, "-o", tmp_path / "run")
    monkeypatch.setattr(
        "cptdiff.output.rerun.list_versions", lambda: {"cptdiff": "9", "polars": "9"}
    )
    assert check(cptdiff, tmp_path / "run", *tables[:2]) == (0, [])
    Path(tables[1]).write_text("code,description\nA1,x\nA3,y\n", "utf-8")
    code, findings = check(cptdiff, tmp_path / "run", *tables[:2])
    assert code == 1
    assert any(one["text"].endswith("this is polars 9") for one in findings)


def test_inputs_that_cannot_be_compared_are_refused_as_ever(
    cptdiff: Run, tables: tuple[str, ...], tmp_path: Path
) -> None:
    cptdiff("diff", *tables, "-o", tmp_path / "run")
    for pair in ((tables[0], tables[0]), (tables[0], tmp_path / "nowhere.csv")):
        done = cptdiff("verify", tmp_path / "run", "--against", *pair)
        assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)


def test_releases_at_another_place_are_the_same(
    cptdiff: Run, tables: tuple[str, ...], tmp_path: Path
) -> None:
    cptdiff("diff", *tables, "-o", tmp_path / "run")
    shutil.copytree(tmp_path / "tables", tmp_path / "elsewhere")
    both = [tmp_path / "elsewhere" / Path(path).name for path in tables[:2]]
    assert check(cptdiff, tmp_path / "run", *both) == (0, [])
