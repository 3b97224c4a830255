"""--since and `cptdiff since`: what is new, withdrawn or changed beside an earlier run."""

import hashlib
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import openpyxl
import pytest

Run = Callable[..., CompletedProcess[str]]
Make = Callable[..., Path]
Rows = Callable[[Path], list[dict[str, str]]]

BEFORE = {"00100": "Anchor", "00200": "Rope, 5 cm", "00300": "Bell", "00400": "Lamp, red"}
FIRST = {"00100": "Anchor", "00200": "Rope, 6 cm", "00400": "Lamp, blue", "00500": "Hook"}
# Corrected: 00200 once more, 00300 is not deleted after all, 00400 is, 00600 is new.
CORRECTED = {"00100": "Anchor", "00200": "Rope, 7 cm", "00300": "Bell", "00500": "Hook",
             "00600": "Chain"}  # fmt: skip
SINCE = [
    ("00200", "changed", "revised", "revised", "current_descriptor", "Rope, 6 cm", "Rope, 7 cm"),
    ("00300", "withdrawn", "", "deleted", "", "Bell", ""),
    ("00400", "changed", "deleted", "revised", "change;reason;current_descriptor", "Lamp, blue",
     "Lamp, red"),
    ("00600", "new", "added", "", "", "", "Chain"),
]  # fmt: skip
NAMES = ("code", "status", "change", "former_change", "differs", "former_descriptor", "descriptor")


@pytest.fixture
def here(make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Go to a folder with three releases."""
    for name, entries in (("CPT 2026", BEFORE), ("CPT 2027", FIRST), ("CPT 2027 2", CORRECTED)):
        text = "".join(f"{code}\t{words}\r\n" for code, words in entries.items())
        make(tmp_path / name, {"LONGULT.txt": text})
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def run(cptdiff: Run) -> Run:
    """Compare CPT 2026 with one of the others, with more words."""
    return lambda current, *words: cptdiff("diff", "CPT 2026", current, *words)


@pytest.fixture
def first(run: Run, here: Path) -> Path:
    """Make the first run."""
    assert run("CPT 2027", "-o", "first", "--quiet").returncode == 0
    return here / "first"


def load(path: Path) -> Any:  # noqa: ANN401 - JSON
    return json.loads(path.read_text("utf-8"))


def test_a_corrected_release_is_told_from_the_first_one(
    run: Run, cptdiff: Run, here: Path, first: Path, rows: Rows
) -> None:
    done = run("CPT 2027 2", "--since", first, "-o", "second")
    assert done.returncode == 0
    found = rows(here / "second" / "since.csv")
    assert [tuple(row[name] for name in NAMES) for row in found] == SINCE
    assert {row["code_set"] for row in found} == {"cpt"}
    told = "Since first (CPT 2026 to CPT 2027): 1 new, 1 withdrawn, 2 changed"
    assert f"{told}\n" in done.stdout
    assert "  00200: changed, revised: current wording, Rope, 7 cm\n" in done.stdout
    assert "  00300: withdrawn, was deleted\n" in done.stdout
    assert "  00400: changed, deleted (was revised), Lamp, red\n" in done.stdout
    page = (here / "second" / "report.html").read_text("utf-8")
    assert told in page
    markdown = (here / "second" / "summary.md").read_text("utf-8")
    assert f"## {told}" in markdown
    assert "- **00600**: new, added, Chain\n" in markdown
    book = openpyxl.load_workbook(here / "second" / "changes.xlsx")
    assert [row[2].value for row in book["Since"].iter_rows(min_row=2)] == [row[0] for row in SINCE]
    proof = hashlib.sha256((first / "manifest.json").read_bytes()).hexdigest()
    assert load(here / "second" / "summary.json")["since"] == {
        "name": "first", "previous": "CPT 2026", "current": "CPT 2027", "manifest_sha256": proof,
        "new": 1, "withdrawn": 1, "changed": 2,
    }  # fmt: skip
    again = cptdiff("verify", "second", "--against", "CPT 2026", "CPT 2027 2")
    assert (again.returncode, again.stderr) == (0, "")


def test_a_run_is_not_made_again_with_another_earlier_run(
    run: Run, cptdiff: Run, here: Path, first: Path
) -> None:
    run("CPT 2027 2", "--since", first, "-o", "second", "--quiet")
    first.rename(here / "kept")
    run("CPT 2027 2", "-o", "first", "--quiet")
    done = cptdiff("verify", "second", "--against", "CPT 2026", "CPT 2027 2")
    assert done.returncode == 2
    assert "first: has other content than it had; the run used it (since_folder)" in done.stderr


def test_nothing_is_new_beside_the_same_release(
    run: Run, here: Path, first: Path, rows: Rows
) -> None:
    done = run("CPT 2027", "--since", first, "-o", "again", "--fail-on", "new")
    assert done.returncode == 0
    assert rows(here / "again" / "since.csv") == []
    assert "nothing new, withdrawn or changed" in done.stdout


def test_since_has_no_file_without_an_earlier_run(first: Path) -> None:
    assert not (first / "since.csv").exists()
    assert load(first / "summary.json")["since"] is None


@pytest.mark.parametrize(
    ("condition", "code"),
    [("new", 1), ("withdrawn", 1), ("changed>1", 1), ("changed>2", 0), ("new>1", 0)],
)
def test_what_is_new_can_fail(run: Run, first: Path, condition: str, code: int) -> None:
    done = run("CPT 2027 2", "--since", first, "--fail-on", condition, "--quiet")
    assert done.returncode == code
    assert ("since the earlier run (--fail-on" in done.stderr) == bool(code)


def test_what_is_new_is_no_condition_without_an_earlier_run(run: Run, here: Path) -> None:
    del here
    done = run("CPT 2027", "--fail-on", "new")
    assert done.returncode == 2
    assert "--fail-on new needs an earlier run. Fix: add --since FOLDER" in done.stderr


def test_a_filter_does_not_hide_what_is_new(run: Run, here: Path, first: Path, rows: Rows) -> None:
    words = ("--since", first, "--only", "transient", "-o", "second", "--quiet")
    assert run("CPT 2027 2", *words).returncode == 0
    assert len(rows(here / "second" / "since.csv")) == len(SINCE)


def test_wording_that_is_kept_back_is_not_taken_from_the_earlier_run(
    run: Run, here: Path, first: Path, rows: Rows
) -> None:
    words = ("--since", first, "--descriptors", "none", "-o", "second", "--quiet")
    assert run("CPT 2027 2", *words).returncode == 0
    found = rows(here / "second" / "since.csv")
    assert [(row["code"], row["status"]) for row in found] == [row[:2] for row in SINCE]
    for path in (here / "second").iterdir():
        assert b"Rope" not in path.read_bytes()


def test_a_run_without_wording_pins_the_same_changes(run: Run, here: Path, first: Path) -> None:
    run("CPT 2027", "--descriptors", "none", "-o", "bare", "--quiet")
    prints = [
        [one["fingerprint"] for one in load(folder / "changes.json")["changes"]]
        for folder in (first, here / "bare")
    ]
    assert prints[0] == prints[1]
    assert len(set(prints[0])) == 4


def test_two_run_folders_are_compared_by_themselves(
    cptdiff: Run, here: Path, first: Path, rows: Rows, make: Make
) -> None:
    pair = ("CPT 2026", "CPT 2027 2")
    assert cptdiff("diff", *pair, "--since", first, "-o", "second", "--quiet").returncode == 0
    for name in ("CPT 2026", "CPT 2027", "CPT 2027 2"):
        (here / name).rename(here / f"{name} away")
    done = cptdiff("since", "first", "second")
    head, *lines = done.stdout.replace("\n    ", " ").splitlines()
    assert head == "second since first (CPT 2026 to CPT 2027): 1 new, 1 withdrawn, 2 changed"
    assert [line.split(":")[0].strip() for line in lines] == [row[0] for row in SINCE]
    table = cptdiff("since", "first", "second", "--format", "csv").stdout
    assert rows(make(here / "x.csv", table)) == rows(here / "second" / "since.csv")
    told = json.loads(cptdiff("since", "first", "second", "--format", "json").stdout)
    assert told["counts"] == {"new": 1, "withdrawn": 1, "changed": 2}
    assert [one["code"] for one in told["changes"]] == [row[0] for row in SINCE]
    for words, code in ((("second",), 1), (("first",), 0)):
        assert cptdiff("since", "first", *words, "--exit-code").returncode == code


def spoil_changes(folder: Path) -> None:
    path = folder / "changes.json"
    path.write_text(path.read_text("utf-8").replace("Rope, 6 cm", "Rope, 9 cm"), "utf-8")


def drop_fingerprints(folder: Path) -> None:
    path, proof = folder / "changes.json", folder / "manifest.json"
    former = hashlib.sha256(path.read_bytes()).hexdigest()
    path.write_text(path.read_text("utf-8").replace('"fingerprint"', '"print"'), "utf-8")
    now = hashlib.sha256(path.read_bytes()).hexdigest()
    proof.write_text(proof.read_text("utf-8").replace(former, now), "utf-8")


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda folder: folder.rename(folder.with_name("gone")), "E340]: first: no such run"),
        (lambda folder: (folder / "manifest.json").unlink(), "E340]: first: is not a run folder"),
        (
            lambda folder: (folder / "changes.json").unlink(),
            "E342]: first/changes.json: is missing",
        ),
        (spoil_changes, "E342]: first/changes.json: was changed after the run wrote it"),
        (drop_fingerprints, "E342]: first/changes.json: is from an earlier version"),
    ],
)
def test_an_earlier_run_that_cannot_be_relied_on_is_refused_before_anything_is_read(
    cptdiff: Run, first: Path, spoil: Callable[[Path], object], told: str
) -> None:
    del first
    spoil(Path("first"))
    done = cptdiff("diff", "CPT 2026", "CPT 2027", "--since", "first")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert told in done.stderr


def test_an_earlier_run_with_a_filter_is_refused(run: Run, here: Path) -> None:
    del here
    run("CPT 2027", "--only", "added", "-o", "part", "--quiet")
    done = run("CPT 2027 2", "--since", "part")
    assert done.returncode == 2
    assert "E342]: part: lists only a part of its changes (filter: added). Fix: " in done.stderr


def test_an_earlier_run_of_another_code_set_is_refused(
    cptdiff: Run, first: Path, tables: tuple[str, ...]
) -> None:
    done = cptdiff("diff", *tables, "--since", first)
    assert done.returncode == 2
    assert "E342]: first: is a run of cpt, not of table. Fix: " in done.stderr


DAMAGED: dict[str, Callable[[Any], object]] = {
    "only its form": lambda proof: [proof.pop(name) for name in ("_type", "subject", "predicate")],
    "no options": lambda proof: proof["predicate"].pop("options"),
    "a list of options": lambda proof: proof["predicate"].update(options=[]),
    "no digests": lambda proof: [one.pop("digest") for one in proof["subject"]],
    "odd subjects": lambda proof: proof.update(subject=7),
}


@pytest.mark.parametrize("spoil", DAMAGED.values(), ids=DAMAGED)
def test_an_earlier_manifest_that_lacks_what_is_needed_is_refused(
    cptdiff: Run, first: Path, spoil: Callable[[Any], object]
) -> None:
    proof = load(first / "manifest.json")
    spoil(proof)
    (first / "manifest.json").write_text(json.dumps(proof), "utf-8")
    done = cptdiff("diff", "CPT 2026", "CPT 2027", "--since", "first")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert "E342]: first/manifest.json: lacks what every run writes. Fix: make" in done.stderr


def test_a_change_from_another_layout_is_the_same(
    cptdiff: Run, samples: Path, tmp_path: Path, rows: Rows
) -> None:
    january, february = tmp_path / "january", tmp_path / "february"
    old = samples / "cpt-2026-legacy.zip"
    cptdiff("diff", old, samples / "cpt-2027-legacy.zip", "-o", january, "--quiet")
    new = samples / "cpt-2027-current-format.zip"
    cptdiff("diff", old, new, "--since", january, "-o", february, "--quiet")
    days = [
        {row["code"]: row["effective_date"] for row in rows(folder / "changes.csv")}
        for folder in (january, february)
    ]
    assert rows(february / "since.csv") == []
    assert days[0] == days[1]
    early = [code for code, day in days[0].items() if day != "2027-01-01"]
    assert len(early) > 10
    assert all(code.endswith("U") for code in early)


def test_the_day_of_a_descriptor_is_that_of_a_new_code_only_between_the_releases(
    cptdiff: Run, make: Make, tmp_path: Path, rows: Rows
) -> None:
    head = "Concept Id\tCPT Code\tLong\tMedium\tShort\tConsumer\tSpanish Consumer\t"
    head += "Current Descriptor Effective Date\n"
    old = "".join(f"{n}\t{n:05}\tOil {n}\tOIL {n}\tOIL\t\t\t20200101\n" for n in range(100, 160))
    days = {"00900": "20260401", "00901": "20250401", "00902": "20270401", "00903": "x"}
    new = "".join(f"9\t{code}\tWax {code}\tWAX\tWAX\t\t\t{day}\n" for code, day in days.items())
    for year, text in ((2026, head + old), (2027, head + old + new)):
        make(tmp_path / f"CPT {year}", {"ConsolidatedCodeList.txt": text})
    both = [tmp_path / f"CPT {year}" for year in (2026, 2027)]
    done = cptdiff("diff", *both, "-o", tmp_path / "x.csv", "--quiet")
    assert done.returncode == 0, done.stderr
    found = {row["code"]: row["effective_date"] for row in rows(tmp_path / "x.csv")}
    assert found == dict.fromkeys(days, "2027-01-01") | {"00900": "2026-04-01"}


def test_blanks_in_a_row_make_no_other_change(
    run: Run, here: Path, first: Path, rows: Rows
) -> None:
    (path,) = (here / "CPT 2027").rglob("*.[tT][xX][tT]")
    text = path.read_text("utf-8")
    assert " " in text
    path.write_text(text.replace(" ", "  "), "utf-8")
    assert run("CPT 2027", "--since", first, "-o", "second", "--quiet").returncode == 0
    assert {row["status"] for row in rows(here / "second" / "since.csv")} <= {"new"}


def test_another_effective_date_is_a_changed_change(
    run: Run, here: Path, first: Path, rows: Rows
) -> None:
    words = ("--current-date", "2027-04-01", "--since", first, "-o", "second", "--quiet")
    assert run("CPT 2027", *words).returncode == 0
    found = rows(here / "second" / "since.csv")
    assert [(row["code"], row["status"]) for row in found] == [
        (code, "changed") for code in ("00200", "00300", "00400", "00500")
    ]
    assert {row["differs"] for row in found} == {"effective_date"}


@pytest.fixture
def hcpcs(samples: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Go to a folder with two HCPCS releases, and the second one with a corrected replacement."""
    for name, year in (("p", 2026), ("c1", 2027), ("c2", 2027)):
        with zipfile.ZipFile(samples / f"hcpcs-{year}-january.zip") as archive:
            archive.extractall(tmp_path / name)
    (path,) = (tmp_path / "c2").glob("*ANWEB.txt")
    lines = path.read_bytes().split(b"\r\n")
    (at,) = (i for i, line in enumerate(lines) if line[:5] == b"A0248" and b" A0137 " in line)
    lines[at] = lines[at].replace(b" A0137 ", b" G0137 ")
    path.write_bytes(b"\r\n".join(lines))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_replacement_that_the_publisher_corrected_is_a_changed_change(
    cptdiff: Run, hcpcs: Path, rows: Rows
) -> None:
    cptdiff("diff", "p", "c1", "-o", "r1", "--quiet")
    done = cptdiff("diff", "p", "c2", "--since", "r1", "-o", "r2")
    (row,) = rows(hcpcs / "r2" / "since.csv")
    told = (row["code"], row["status"], row["change"], row["differs"])
    assert told == ("A0248", "changed", "deleted", "replacements")
    assert "  A0248: changed, deleted: stated replacements, " in done.stdout
    between = " ".join(cptdiff("since", "r1", "r2").stdout.split())
    assert "0 new, 0 withdrawn, 1 changed A0248: changed, deleted: stated" in between


def test_a_replacement_of_ones_own_and_a_guess_change_nothing(
    cptdiff: Run, hcpcs: Path, rows: Rows
) -> None:
    cptdiff("diff", "p", "c1", "-o", "r1", "--quiet")
    (hcpcs / "own.csv").write_text("code,replacement\nC0285,A0137\n", "utf-8")
    cptdiff("diff", "p", "c1", "--crosswalk", "own.csv", "--since", "r1", "-o", "r2", "--quiet")
    listed = {row["code"]: row["basis"] for row in rows(hcpcs / "r2" / "crosswalk.csv")}
    assert listed["C0285"] == "user"
    assert rows(hcpcs / "r2" / "since.csv") == []


@pytest.mark.parametrize("given", [".", "../second/../first/."])
def test_an_earlier_run_is_named_by_its_folder_however_it_is_given(
    cptdiff: Run, here: Path, first: Path, given: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (here / "second").mkdir()
    monkeypatch.chdir(first)
    pair = (here / "CPT 2026", here / "CPT 2027 2")
    done = cptdiff("diff", *pair, "--since", given, "-o", here / "third")
    assert "Since first (" in done.stdout
    run = load(here / "third" / "manifest.json")["predicate"]
    assert run["options"]["since_folder"] == "first"
    assert [one["file"] for one in run["files"]] == ["first"]
    again = cptdiff("verify", here / "third", "--against", *pair)
    assert (again.returncode, again.stderr) == (0, "")


def test_an_earlier_run_above_is_named_too(
    cptdiff: Run, here: Path, first: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (first / "deep").mkdir()
    monkeypatch.chdir(first / "deep")
    pair = (here / "CPT 2026", here / "CPT 2027 2")
    done = cptdiff("diff", *pair, "--since", "..", "-o", here / "third")
    assert "Since first (" in done.stdout
    run = load(here / "third" / "manifest.json")["predicate"]
    assert run["options"]["since_folder"] == "first"
