"""--only and --min-severity: every report shows the chosen changes, and says that it chose."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from tests.streams import list_warnings

Run = Callable[..., CompletedProcess[str]]
Rows = Callable[[Path], list[dict[str, str]]]
Pair = tuple[str, ...]

ADDED, DELETED = {"00991"}, {"00990", "00999"}
HIGH = {"00994", "00996", "00997", "22"}
REVISED = {"00992", "00993", "00995", "00998"} | HIGH
# What is asked for, the codes that are then shown, and how the banner tells it.
CASES: dict[str, tuple[tuple[str, ...], set[str], str]] = {
    "additions": (("--only", "added"), ADDED, "added"),
    "deletions": (("--only", "deleted"), DELETED, "deleted"),
    "revisions": (("--only", "revised"), REVISED, "revised"),
    "a kind": (("--only", "modifier"), {"22"}, "modifier"),
    "another kind": (("--only", "code"), ADDED | DELETED | REVISED - {"22"}, "code"),
    "two changes": (("--only", "deleted,added"), ADDED | DELETED, "added, deleted"),
    "blanks and capitals": (("--only", " Deleted , ADDED"), ADDED | DELETED, "added, deleted"),
    "given twice": (("--only", "added", "--only", "deleted"), ADDED | DELETED, "added, deleted"),
    "a change of a kind": (("--only", "revised,code"), REVISED - {"22"}, "revised, code"),
    "nothing": (("--only", "transient"), set(), "transient"),
    "info": (("--min-severity", "info"), DELETED | REVISED, "severity info or higher"),
    "medium": (
        ("--min-severity", "medium"), DELETED | HIGH | {"00995", "00998"},
        "severity medium or higher",
    ),
    "high": (
        ("--min-severity", "high"), DELETED | HIGH | {"00998"}, "severity high or higher",
    ),
    "critical": (("--min-severity", "critical"), {"00998"}, "severity critical or higher"),
    "both options": (
        ("--min-severity", "high", "--only", "revised"), HIGH | {"00998"},
        "revised, severity high or higher",
    ),
    "nothing by both": (
        ("--min-severity", "info", "--only", "added"), set(), "added, severity info or higher",
    ),
}  # fmt: skip
Case = tuple[tuple[str, ...], set[str], str]
every_case = pytest.mark.parametrize("case", CASES.values(), ids=CASES)


@every_case
def test_the_tables_hold_the_chosen_changes(
    cptdiff: Run, rows: Rows, pair: Pair, tmp_path: Path, case: Case
) -> None:
    options, codes, _ = case
    run = tmp_path / "run"
    done = cptdiff("diff", *pair, *options, "-o", run)
    assert (done.returncode, list_warnings(done.stderr)) == (0, "")
    of = {"changes": codes, "fields": codes & REVISED, "crosswalk": codes & DELETED}
    assert {name: {row["code"] for row in rows(run / f"{name}.csv")} for name in of} == of


@every_case
def test_the_summary_counts_all_changes_and_tells_the_chosen_ones_apart(
    cptdiff: Run, pair: Pair, tmp_path: Path, case: Case
) -> None:
    options, codes, chosen = case
    cptdiff("diff", *pair, "-o", tmp_path / "all.json")
    cptdiff("diff", *pair, *options, "-o", tmp_path / "x.json")
    whole, told = (json.loads((tmp_path / name).read_bytes()) for name in ("all.json", "x.json"))
    shown, notes = told["shown"], told["notes"]
    assert notes == [f"Showing {len(codes)} of 11 changes (filter: {chosen}).", *whole["notes"]]
    assert {**told, "shown": {}, "notes": []} == {**whole, "shown": {}, "notes": []}
    assert sum(sum(counts.values()) for counts in shown["counts"].values()) == len(codes)
    assert shown["counts"]["modifier"]["revised"] == len(codes & {"22"})
    assert shown["counts"]["code"]["deleted"] == len(codes & DELETED)


@every_case
def test_the_text_for_a_ticket_counts_the_chosen_changes(
    cptdiff: Run, pair: Pair, tmp_path: Path, case: Case
) -> None:
    options, codes, _ = case
    cptdiff("diff", *pair, *options, "-o", tmp_path / "x.md")
    told = (tmp_path / "x.md").read_text("utf-8")
    _, _, severities = told.partition("\n| Revised by severity |")
    numbers = re.findall(r"(?<=\| )\d+", severities.partition("\n\n")[0])
    assert sum(map(int, numbers)) == len(codes & REVISED)
    assert ("1 possible" in told, "none found for 1" in told) == (
        "00990" in codes, "00999" in codes,
    )  # fmt: skip


def test_the_summary_counts_every_change(cptdiff: Run, pair: Pair, tmp_path: Path) -> None:
    cptdiff("diff", *pair, "-o", tmp_path / "x.json")
    told, every = json.loads((tmp_path / "x.json").read_bytes()), ADDED | DELETED | REVISED
    assert told["shown"]["counts"] == told["counts"]
    assert sum(sum(counts.values()) for counts in told["counts"].values()) == len(every)
    assert sum(told["by_severity"].values()) == len(DELETED | REVISED)
    tables = ("added", "deleted", "revised")
    assert sum(row[name] for row in told["by_section"] for name in tables) == len(every)
    assert (told["replacements"]["candidates"], told["replacements"]["none"]) == (1, 1)
    assert told["families"] == {"edits": 1, "codes": 2}
    assert "whitespace" in told["by_class"]


@every_case
def test_the_page_shows_the_chosen_changes_and_says_so(
    cptdiff: Run, pair: Pair, tmp_path: Path, case: Case
) -> None:
    options, codes, chosen = case
    cptdiff("diff", *pair, *options, "-o", tmp_path / "x.html")
    page = (tmp_path / "x.html").read_text("utf-8")
    found = re.findall(r'<article id="cpt-(?:modifier-)?(\w+)"', page)
    assert (set(found), len(found)) == (codes, len(codes))
    banner = page[page.index('class="banner"') : page.index("</header>")]
    assert f"Showing {len(codes)} of 11 changes (filter: {chosen})." in banner


@every_case
def test_the_terminal_counts_the_chosen_changes_and_says_so(
    cptdiff: Run, pair: Pair, case: Case
) -> None:
    options, codes, chosen = case
    lines = cptdiff("diff", *pair, *options).stdout.splitlines()
    words = " ".join(" ".join(lines).split())
    assert f"- Showing {len(codes)} of 11 changes (filter: {chosen})." in words
    counted = [line.split()[1:] for line in lines if re.match(r"(Codes|Modifiers) ", line)]
    # A section is called like the kind: its rows stand in the second table.
    assert sum(int(cell) for cells in counted[: 1 + ("22" in codes)] for cell in cells) == len(
        codes
    )
    assert ("Replacements of deleted codes" in lines) == bool(codes & DELETED)
    assert any(line.startswith("Revised by severity") for line in lines) == bool(codes & REVISED)


@every_case
def test_the_line_of_a_run_names_the_filter(
    cptdiff: Run, pair: Pair, tmp_path: Path, case: Case
) -> None:
    options, codes, chosen = case
    part = f"; showing {len(codes)} of 11 changes (filter: {chosen}); wrote {tmp_path / 'x.csv'}\n"
    for code, more in ((0, ()), (1, ("--exit-code", "--quiet"))):
        done = cptdiff("diff", *pair, *options, *more, "-o", tmp_path / "x.csv")
        assert (done.returncode, done.stderr.endswith(part)) == (code, True), done.stderr


@pytest.mark.parametrize("name", ["nothing", "nothing by both"])
def test_to_show_none_of_the_changes_is_not_to_find_none(
    cptdiff: Run, pair: Pair, tmp_path: Path, name: str
) -> None:
    done = cptdiff("diff", *pair, *CASES[name][0], "-o", tmp_path / "x.html", "--exit-code")
    page = (tmp_path / "x.html").read_text("utf-8")
    for told in (done.stdout, page):
        assert "None of the 11 changes match the filter" in told
        assert "No changes" not in told


def test_where_there_are_no_changes_a_choice_does_not_hide_it(
    cptdiff: Run, same: Pair, tmp_path: Path
) -> None:
    done = cptdiff("diff", *same, "--only", "added", "-o", tmp_path / "x.html")
    assert done.stdout.startswith("No changes: 3 entries compared\n")
    assert "No changes: 3 entries compared." in (tmp_path / "x.html").read_text("utf-8")


def test_without_a_choice_nothing_is_said_of_one(cptdiff: Run, pair: Pair, tmp_path: Path) -> None:
    done = cptdiff("diff", *pair, "-o", tmp_path / "x.html", "-o", tmp_path / "x.json")
    assert "Showing" not in done.stdout + (tmp_path / "x.html").read_text("utf-8")
    told = json.loads((tmp_path / "x.json").read_bytes())["shown"]
    assert told.pop("counts")
    assert told == {"changes": [], "kinds": [], "min_severity": ""}


@pytest.mark.parametrize("words", [("--only", "new"), ("--only", "added,"), ("--only", ""),
                                   ("--min-severity", "grave"), ("--min-severity", "")])  # fmt: skip  # noqa: E501 - one row
def test_an_unknown_choice_is_wrong_usage(cptdiff: Run, pair: Pair, words: tuple[str, str]) -> None:
    done = cptdiff("diff", *pair, *words)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert words[0] in done.stderr
