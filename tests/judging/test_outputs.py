"""--crosswalk, --published, and the files that hold replacements and disagreements."""

import hashlib
import json
import re
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from tests.run_folder import ALWAYS
from tests.streams import list_warnings

Make = Callable[..., Path]
Run = Callable[..., CompletedProcess[str]]
Rows = Callable[[Path], list[dict[str, str]]]
Pair = tuple[str, ...]

COLUMNS = {
    "crosswalk": "code_set,kind,code,descriptor,replacement,replacement_descriptor,rank"
    ",relation,basis,confidence,note",
    "reconciliation": "code_set,kind,code,ours,theirs,field,cause,note",
}
MINE = "old,new,note\n00990,00994,our own choice\n"
GUESSED = ["00990", "00991", "1", "same", "identical-text", "strong"]
STATED = ["00990", "00994", "1", "replaced-by", "user", "stated"]
PART = "code,change\n00990,deleted\n00999,deleted\n00991,added\n"


def crosswalk(found: list[dict[str, str]]) -> list[list[str]]:
    names = ("code", "replacement", "rank", "relation", "basis", "confidence")
    return [[row[name] for name in names] for row in found]


def test_a_guess_is_a_candidate_and_the_users_answer_takes_its_place(
    cptdiff: Run, make: Make, rows: Rows, pair: Pair, tmp_path: Path
) -> None:
    mine = make(tmp_path / "mine.csv", MINE)
    for words, answer, classes in (((), GUESSED, "candidate-replacement"),
                                   (("--crosswalk", mine), STATED, "")):  # fmt: skip
        run = tmp_path / f"run{len(words)}"
        done = cptdiff("diff", *pair, *words, "-o", run)
        assert (done.returncode, list_warnings(done.stderr)) == (0, "")
        found = rows(run / "crosswalk.csv")
        assert crosswalk(found) == [answer, ["00999", "", "1", "none", "none", ""]]
        assert ("needs coder review" in found[0]["note"]) == (not words)
        row = {row["code"]: row for row in rows(run / "changes.csv")}["00990"]
        assert (row["replacements"], row["classes"]) == (answer[1], classes)
        assert f"00990: {'replaced by' if words else 'possible'} {answer[1]} (" in done.stdout
        told = json.loads((run / "summary.json").read_bytes())["replacements"]
        assert told == {
            "stated": bool(words),
            "candidates": not words,
            "none": 1,
            "strong": not words,
        }


def test_a_replacement_stands_with_the_wording_of_both_codes(
    cptdiff: Run, make: Make, rows: Rows, pair: Pair, tmp_path: Path
) -> None:
    mine = make(tmp_path / "mine.csv", MINE)
    for level, wordings in (
        ("full", ("Polishing of brass widget with wax", "Rinsing, 6 cm")),
        ("none", ("", "")),
    ):
        run = tmp_path / level
        cptdiff("diff", *pair, "--crosswalk", mine, "--descriptors", level, "-o", run)
        found = {row["code"]: row for row in rows(run / "crosswalk.csv")}
        both = [found["00990"][name] for name in ("descriptor", "replacement_descriptor")]
        assert (*both,) == wordings
        assert found["00999"]["replacement_descriptor"] == ""
        told = json.loads((run / "changes.json").read_bytes())["changes"]
        (one,) = (one for one in told if (one["code"], one["change"]) == ("00990", "deleted"))
        assert [to["descriptor"] for to in one["replacements"]] == [wordings[1]]


@pytest.mark.parametrize("level", ["short", "none"])
def test_the_first_rows_say_why_without_the_words_that_are_withheld(
    cptdiff: Run, pair: Pair, level: str
) -> None:
    whole = cptdiff("diff", *pair).stdout
    kept = cptdiff("diff", *pair, "--descriptors", level).stdout
    assert '  00994: "5 cm" -> "6 cm"; high; size now 1.2 times as much\n' in whole
    assert "  00994: high; size now 1.2 times as much\n" in kept
    assert "  00996 (2 codes): high; defining words replaced\n" in kept
    assert not any(word in kept for word in ("wet", "dry", "5 cm", "6 cm"))


def test_a_code_that_has_no_replacement_by_decision_is_stated_in_every_report(
    cptdiff: Run, make: Make, pair: Pair, tmp_path: Path
) -> None:
    mine = make(tmp_path / "mine.csv", b"code,replacement\n00990,none\n")
    run = tmp_path / "run"
    done = cptdiff("diff", *pair, "--crosswalk", mine, "-o", run)
    sentence = "1 stated by the publisher or you, 0 possible (coder review), none found for 1"
    assert f"{sentence}\n" in done.stdout
    assert "00990: no replacement (states no replacement; mine.csv)" in done.stdout
    assert f"{sentence}." in (run / "summary.md").read_text("utf-8")
    told = json.loads((run / "summary.json").read_bytes())["replacements"]
    assert told == {"stated": 1, "candidates": 0, "none": 1, "strong": 0}
    page = (run / "report.html").read_text("utf-8")
    assert ">1 deletion without a stated replacement</a>" in page
    assert page.count('data-replacement="stated"') == page.count('data-replacement="none"') == 1


def test_of_a_table_no_replacement_is_looked_for(
    cptdiff: Run, rows: Rows, tables: Pair, tmp_path: Path
) -> None:
    done = cptdiff("diff", *tables, "-o", tmp_path / "run", "-o", tmp_path / "crosswalk.csv")
    assert "Replacements of deleted codes" not in done.stdout
    assert rows(tmp_path / "crosswalk.csv") == []
    assert not (tmp_path / "run" / "crosswalk.csv").exists()
    told = json.loads((tmp_path / "run" / "summary.json").read_bytes())["replacements"]
    assert told == {"stated": 0, "candidates": 0, "none": 0, "strong": 0}
    page = (tmp_path / "run" / "report.html").read_text("utf-8")
    assert "deletions without a replacement" not in page


STATED_FOR_A_TABLE = {
    "a replacement": ("A2,A4", ["A2", "A4", "1", "replaced-by", "user", "stated"], "mine.csv"),
    "none": ("A2,none", ["A2", "", "1", "none", "user", "stated"], "states no replacement"),
    "a dead end": ("A2,A9", ["A2", "", "1", "none", "none", ""], "A9 is itself no longer valid"),
}


@pytest.mark.parametrize("case", STATED_FOR_A_TABLE.values(), ids=STATED_FOR_A_TABLE)
def test_what_the_user_states_of_a_table_is_in_all_reports(
    cptdiff: Run, rows: Rows, tables: Pair, tmp_path: Path, case: tuple[str, list[str], str]
) -> None:
    link, answer, note = case
    mine = tmp_path / "mine.csv"
    mine.write_text(f"old,new\n{link}\n", "utf-8")
    done = cptdiff("diff", *tables, "--crosswalk", mine, "-o", tmp_path / "run")
    assert "Replacements of deleted codes" in done.stdout
    (row,) = rows(tmp_path / "run" / "crosswalk.csv")
    assert crosswalk([row]) == [answer]
    assert note in row["note"]
    listed = json.loads((tmp_path / "run" / "changes.json").read_bytes())["changes"]
    told = {one["code"]: [to["code"] for to in one["replacements"]] for one in listed}
    assert told["A2"] == [answer[1] or None]
    assert "Replacements of deleted codes" in (tmp_path / "run" / "summary.md").read_text("utf-8")


def test_a_user_may_say_that_there_is_no_replacement(
    cptdiff: Run, make: Make, rows: Rows, pair: Pair, tmp_path: Path
) -> None:
    mine = make(tmp_path / "mine.csv", "old,new\n00990,none\n")
    cptdiff("diff", *pair, "--crosswalk", mine, "-o", tmp_path / "crosswalk.csv")
    found = rows(tmp_path / "crosswalk.csv")
    assert crosswalk(found)[0] == ["00990", "", "1", "none", "user", "stated"]
    assert "states no replacement" in found[0]["note"]


@pytest.mark.parametrize(
    "case",
    [
        ("--crosswalk", None, "E101"),
        ("--crosswalk", "these,are\nno,codes\n", "E163"),
        ("--crosswalk", "old,new\nwidget,00991\n", "E332"),
        ("--published", None, "E101"),
        ("--published", "a,b\n1,2\n", "E163"),
        ("--published", "code,change\n00990,mended\n", "E330"),
        ("--published", "\0\1\2", "E163"),
    ],
)
def test_a_list_that_cannot_be_read_is_refused(
    cptdiff: Run, pair: Pair, tmp_path: Path, case: tuple[str, str | None, str]
) -> None:
    option, text, slug = case
    given = tmp_path / "given.csv"
    if text is not None:
        given.write_bytes(text.encode())
    done = cptdiff("diff", *pair, option, given, "-o", tmp_path / "x.csv")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert done.stderr.startswith(f"cptdiff: error[{slug}]: ")
    assert not (tmp_path / "x.csv").exists()


def test_a_published_list_is_reconciled_on_every_report(
    cptdiff: Run, make: Make, rows: Rows, pair: Pair, tmp_path: Path
) -> None:
    part = make(tmp_path / "part.csv", PART)
    run = tmp_path / "run"
    done = cptdiff("diff", *pair, "--published", part, "-o", run)
    found = rows(run / "reconciliation.csv")
    assert {row["code"] for row in found} >= {"00994", "00998"}
    assert {(row["ours"], row["theirs"]) for row in found} == {("revised", "")}
    causes = Counter(row["cause"] for row in found)
    assert set(causes) == {"unexplained", "white-space"}
    told = json.loads((run / "summary.json").read_bytes())["reconciliation"]
    assert all(one["states"] == one["agree"] for one in told["lists"])
    assert all(one["unlisted"] == one["disagree"] for one in told["lists"])
    assert [(one["name"], one["agree"], one["disagree"]) for one in told["lists"]] == [
        ("part.csv", 3, len(found))
    ]
    assert told["causes"] == causes
    assert f"part.csv: 3 match, 0 differ, {len(found)} changed only in the files\n" in done.stdout
    page = re.sub("<[^>]*>", "", (run / "report.html").read_text("utf-8"))
    told = f"Not announced by the publisher: {len(found)} changes"
    for words in (" ".join(done.stdout.split()).replace("publisher ", "publisher: "), page):
        assert told in words
        assert "from the publisher's list without" not in words


@pytest.mark.parametrize("name", COLUMNS)
def test_each_table_is_written_by_itself_or_to_stdout(
    cptdiff: Run, make: Make, pair: Pair, tmp_path: Path, name: str
) -> None:
    words = (*pair, "--published", make(tmp_path / "part.csv", PART))
    run, alone = tmp_path / "run", tmp_path / f"{name}.csv"
    done = cptdiff("diff", *words, "-o", "-", "--format", name, "-o", alone, "-o", run)
    assert done.returncode == 0
    assert done.stdout.splitlines()[0] == COLUMNS[name]
    assert len(done.stdout.splitlines()) > 1
    assert done.stdout.encode() == alone.read_bytes() == (run / alone.name).read_bytes()


def test_without_a_list_there_is_nothing_to_reconcile(
    cptdiff: Run, pair: Pair, tmp_path: Path
) -> None:
    assert cptdiff("diff", *pair, "-o", tmp_path / "run").returncode == 0
    assert {path.name for path in (tmp_path / "run").iterdir()} == {
        *ALWAYS, "codes.csv", "crosswalk.csv",
    }  # fmt: skip


def test_a_table_has_neither(cptdiff: Run, tables: Pair, tmp_path: Path) -> None:
    assert cptdiff("diff", *tables, "-o", tmp_path / "run").returncode == 0
    assert {path.name for path in (tmp_path / "run").iterdir()} == ALWAYS


def test_the_sample_of_icd_10_has_both_and_the_manifest_names_its_addenda(
    cptdiff: Run, samples: Path, tmp_path: Path
) -> None:
    pair = [samples / f"icd10cm-{year}.zip" for year in (2026, 2027)]
    run = tmp_path / "run"
    assert cptdiff("diff", *pair, "--fail-on", "unexplained", "-o", run).returncode == 0
    more = {"codes.csv", "crosswalk.csv", "reconciliation.csv"}
    assert {path.name for path in run.iterdir()} == ALWAYS | more
    with zipfile.ZipFile(pair[1]) as archive:
        digests = {
            name: hashlib.sha256(archive.read(name)).hexdigest()
            for name in archive.namelist() if "addenda" in name
        }  # fmt: skip
    manifest = json.loads((run / "manifest.json").read_bytes())
    stated = manifest["predicate"]["stated"]
    assert {one["file"]: one["sha256"] for one in stated} == digests
    assert {one["form"] for one in stated} == {"addenda"}
    assert more <= {one["name"] for one in manifest["subject"]}


def test_the_manifest_names_what_was_given(
    cptdiff: Run, make: Make, pair: Pair, tmp_path: Path
) -> None:
    mine, part = make(tmp_path / "mine.csv", MINE), make(tmp_path / "part.csv", PART)
    words = ("--crosswalk", mine, "--published", part, "--expect", "added=1")
    cptdiff("diff", *pair, *words, "-o", tmp_path / "run")
    manifest = json.loads((tmp_path / "run" / "manifest.json").read_bytes())["predicate"]
    assert [(one["file"], one["form"], one["sha256"]) for one in manifest["stated"]] == [
        (path.name, form, hashlib.sha256(path.read_bytes()).hexdigest())
        for path, form in ((part, "list"), (mine, "crosswalk"))
    ]
    options = manifest["options"]
    assert (options["crosswalk_files"], options["published_files"]) == (["mine.csv"], ["part.csv"])
    assert options["expected"] == {"added": 1}
