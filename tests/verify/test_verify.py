"""`cptdiff verify`: whatever is changed in a run folder is found, and the file is named."""

import hashlib
import json
import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any, Final

import pytest

Run = Callable[..., CompletedProcess[str]]
FLIPS: Final = int(os.environ.get("FLIPS", "100"))
SEED: Final = 20270105
# Rows are excluded, a list and a crosswalk are given: every file has its reason to be there.
PREVIOUS: Final = "code,text\nA1,One\nA2,Two\nA3,Three\n"
CURRENT: Final = "code,text\nA1,Once\nA2,Two,-\nA4,Four\n"
LIST: Final = "code,change\nA1,deleted\n"
CROSSWALK: Final = "code,replacement\nA3,A1\n"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Lay out the inputs of a run."""
    folder = tmp_path_factory.mktemp("desk")
    texts = {"previous": PREVIOUS, "current": CURRENT, "list": LIST, "crosswalk": CROSSWALK}
    for name, text in texts.items():
        (folder / f"{name}.csv").write_text(text, "utf-8")
    return folder


@pytest.fixture
def run(cptdiff: Run, desk: Path, tmp_path: Path) -> Path:
    """Write a run folder with all files that there are."""
    return write(cptdiff, desk, tmp_path / "run")


def write(cptdiff: Run, desk: Path, folder: Path) -> Path:
    stated = ("--published", desk / "list.csv", "--crosswalk", desk / "crosswalk.csv")
    pair = (desk / "previous.csv", desk / "current.csv", "--code-set", "table")
    done = cptdiff("diff", *pair, *stated, "--quiet", "-o", folder)
    assert done.returncode == 3, done.stderr
    return folder


def find(cptdiff: Run, folder: Path, *more: str | Path) -> tuple[int, list[dict[str, Any]]]:
    """Give the exit code and the findings."""
    done = cptdiff("verify", folder, "--format", "json", *more)
    assert done.stderr == ""
    content = json.loads(done.stdout)
    assert content["unchanged"] == (not content["findings"])
    return done.returncode, content["findings"]


def forge(folder: Path, change: Callable[[dict[str, Any]], object]) -> None:
    """Change the manifest and make summary.txt fit it again, as someone who knows how would."""
    from cptdiff.output.manifest import write_paragraph  # noqa: PLC0415 - here only

    statement = json.loads((folder / "manifest.json").read_bytes())
    change(statement)
    data = (json.dumps(statement, ensure_ascii=False, indent=2) + "\n").encode()
    (folder / "manifest.json").write_bytes(data)
    (folder / "summary.txt").write_bytes(write_paragraph(data))


def restate(statement: dict[str, Any], name: str, data: bytes) -> None:
    for one in statement["subject"]:
        if one["name"] == name:
            one["digest"]["sha256"] = hashlib.sha256(data).hexdigest()


def test_a_whole_folder_is_unchanged(cptdiff: Run, run: Path) -> None:
    assert find(cptdiff, run) == (0, [])
    done = cptdiff("verify", run)
    digest = hashlib.sha256((run / "manifest.json").read_bytes()).hexdigest()
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        f"{run}: unchanged",
        "- 10 files match the manifest; rows and counts add up",
        f"manifest.json: SHA-256 {digest}",
    ]


def test_a_read_only_folder_without_its_inputs_is_checked_and_left_as_it_is(
    cptdiff: Run, desk: Path, run: Path, tmp_path: Path
) -> None:
    gone = tmp_path / "gone"
    shutil.copytree(desk, gone)
    folder = write(cptdiff, gone, tmp_path / "kept")
    shutil.rmtree(gone)
    folder.chmod(0o555)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    try:
        assert find(cptdiff, folder) == (0, [])
    finally:
        folder.chmod(0o755)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert {path.name for path in run.iterdir()} == set(before)


def test_every_flipped_byte_is_found_and_its_file_is_named(cptdiff: Run, run: Path) -> None:
    dice = random.Random(SEED)  # noqa: S311 - repeatable on purpose
    files = sorted(run.iterdir())
    flips = [files[number % len(files)] for number in range(FLIPS)]
    for path in flips:
        sound = path.read_bytes()
        at, bit = dice.randrange(len(sound)), 1 << dice.randrange(8)
        path.write_bytes(sound[:at] + bytes([sound[at] ^ bit]) + sound[at + 1 :])
        code, findings = find(cptdiff, run)
        path.write_bytes(sound)
        assert code == 1, (path.name, at, bit)
        told = [f"{finding['file']} {finding['text']}" for finding in findings]
        assert any(path.name in one for one in told), (path.name, at, bit, told)
    assert find(cptdiff, run) == (0, [])


def test_a_removed_an_added_and_a_renamed_file_are_each_named(cptdiff: Run, run: Path) -> None:
    (run / "changes.csv").unlink()
    (run / "more").mkdir()
    (run / "more" / "notes.txt").write_text("x", "utf-8")
    (run / "report.html").rename(run / "page.html")
    code, findings = find(cptdiff, run)
    told = {(finding["file"], finding["check"], finding["text"]) for finding in findings}
    assert code == 1
    assert told == {
        ("changes.csv", "missing", "is missing"),
        ("more/notes.txt", "added", "was added: manifest.json does not name it"),
        ("report.html", "renamed", "was renamed to page.html"),
    }
    done = cptdiff("verify", run)
    assert done.stdout.splitlines()[0] == f"{run}: 3 differences"
    assert "- report.html: was renamed to page.html" in done.stdout


@pytest.mark.parametrize("name", ["manifest.json", "summary.txt"])
def test_the_files_that_prove_the_others_are_missed_too(cptdiff: Run, run: Path, name: str) -> None:
    (run / name).rename(run / "x")
    code, findings = find(cptdiff, run)
    assert code == 1
    assert (findings[0]["file"], findings[0]["text"]) == (name, "was renamed to x")
    (run / "x").unlink()
    code, findings = find(cptdiff, run)
    assert (code, [(one["file"], one["check"]) for one in findings]) == (1, [(name, "missing")])


def test_an_empty_file_and_a_link_that_leads_nowhere_are_named(cptdiff: Run, run: Path) -> None:
    (run / "fields.csv").write_bytes(b"")
    (run / "summary.md").unlink()
    (run / "summary.md").symlink_to("nowhere")
    code, findings = find(cptdiff, run)
    assert code == 1
    assert {one["file"] for one in findings} == {"fields.csv", "summary.md"}


@pytest.mark.parametrize("what", ["nothing", "a file", "a folder", "another manifest", "broken"])
def test_what_is_no_run_folder_is_refused(cptdiff: Run, tmp_path: Path, what: str) -> None:
    path = tmp_path / "x"
    if what == "a file":
        path.touch()
    elif what != "nothing":
        path.mkdir()
    if what == "another manifest":
        (path / "manifest.json").write_text('{"name": "an app"}', "utf-8")
    if what == "broken":
        (path / "manifest.json").write_text("[" * 100_000, "utf-8")
    done = cptdiff("verify", path)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert done.stderr.startswith(f"cptdiff: error[E340]: {path}: ")
    assert "Fix: give a folder that `cptdiff diff -o FOLDER` wrote" in done.stderr


def test_a_forged_manifest_breaks_the_row_law(cptdiff: Run, run: Path) -> None:
    def drop(statement: dict[str, Any]) -> None:
        statement["predicate"]["rows"]["current"]["quarantined"] = 0

    forge(run, drop)
    code, findings = find(cptdiff, run)
    assert code == 1
    assert {(one["file"], one["check"]) for one in findings} == {
        ("manifest.json", "rows"),
        ("summary.json", "rows"),
        ("quarantine.csv", "rows"),
    }


@pytest.mark.parametrize(
    "name", ["changes.csv", "quarantine.csv", "fields.csv", "reconciliation.csv"]
)
def test_a_row_that_is_dropped_with_all_digests_forged_is_missed_in_the_counts(
    cptdiff: Run, run: Path, name: str
) -> None:
    lines = (run / name).read_bytes().splitlines(keepends=True)
    data = b"".join(lines[:1] + lines[2:])
    (run / name).write_bytes(data)
    forge(run, lambda statement: restate(statement, name, data))
    code, findings = find(cptdiff, run)
    assert code == 1
    assert name in {one["file"] for one in findings}
    assert {one["check"] for one in findings} <= {"counts", "rows"}


@pytest.mark.parametrize(
    "change",
    [
        lambda statement: statement["predicate"].pop("inputs"),
        lambda statement: statement["predicate"].update(rows=[]),
        lambda statement: statement["predicate"].update(files=[7]),
        lambda statement: statement.update(subject={}),
        lambda statement: statement["subject"].append({"name": 3, "digest": {"sha256": "x"}}),
        lambda statement: statement.update(predicateType="urn:other"),
    ],
)
def test_a_manifest_without_its_form_is_named(
    cptdiff: Run, run: Path, change: Callable[[dict[str, Any]], object]
) -> None:
    statement = json.loads((run / "manifest.json").read_bytes())
    change(statement)
    (run / "manifest.json").write_text(json.dumps(statement), "utf-8")
    for more in ((), ("--against", "nowhere", "nor there")):
        code, findings = find(cptdiff, run, *more)
        assert (code, findings[0]["file"], findings[0]["check"]) == (1, "manifest.json", "digest")


def test_names_cannot_lead_out_of_the_folder(cptdiff: Run, run: Path) -> None:
    outside = run.parent / "outside.txt"
    outside.write_text("x", "utf-8")
    subject = {"name": "../outside.txt", "digest": {"sha256": hashlib.sha256(b"x").hexdigest()}}
    forge(run, lambda statement: statement["subject"].append(subject))
    code, findings = find(cptdiff, run)
    assert (code, findings[0]["file"], findings[0]["check"]) == (1, "../outside.txt", "missing")


def test_control_characters_in_names_are_escaped(cptdiff: Run, run: Path) -> None:
    (run / "a\x1b[31m\nb").touch()
    done = cptdiff("verify", run)
    assert (done.returncode, "\x1b" in done.stdout) == (1, False)
    assert "- a\\x1b[31m\\nb: was added" in done.stdout
