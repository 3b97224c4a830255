"""--fail-on and --expect: when the exit code is 1, and what is said of announced totals."""

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

Make = Callable[..., Path]
Run = Callable[..., CompletedProcess[str]]
Pair = tuple[str, ...]

WHOLE = """code,change
00990,deleted
00991,added
00992,revised
00993,revised
00994,revised
00995,revised
00996,revised
00997,revised
00998,revised
00999,deleted
22,revised
"""
MET, MISSED = "added=1,deleted=2,revised=7", "added=1,deleted=2,revised=9"
NOT_ANNOUNCED = "Counts of revised differ from the announced totals without an explanation."


FILES = {
    "own.csv": "reworded high\n",
    "whole.csv": WHOLE,
    "part.csv": WHOLE.replace("00991,added\n", ""),
}


@pytest.fixture
def given(make: Make, tmp_path: Path, pair: Pair) -> Callable[[Pair], Pair]:
    """Give the words of the comparison and these, the names of `FILES` as paths."""
    made = {name: str(make(tmp_path / name, text)) for name, text in FILES.items()}
    return lambda words: (*pair, *(made.get(word, word) for word in words))


def words_of(done: CompletedProcess[str]) -> str:
    return " ".join(done.stdout.split())


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (("--fail-on", "high"), 1),
        (("--fail-on", "critical"), 1),
        (("--fail-on", "info"), 1),
        (("--fail-on", "critical", "--severity", "own.csv"), 0),
        (("--fail-on", "high", "--severity", "own.csv"), 1),
        (("--fail-on", "critical", "--fail-on", "high", "--severity", "own.csv"), 1),
        # What is shown is not what counts.
        (("--fail-on", "critical", "--only", "added"), 1),
        (("--fail-on", "unexplained"), 0),
        (("--fail-on", "unexplained", "--fail-on", "high"), 1),
        (("--fail-on", "unexplained", "--expect", MET), 0),
        (("--fail-on", "unexplained", "--expect", MISSED), 1),
        (("--expect", MISSED), 0),
        (("--fail-on", "unexplained", "--published", "whole.csv"), 0),
        (("--fail-on", "unexplained", "--published", "part.csv"), 1),
        (("--published", "part.csv"), 0),
        (("--fail-on", "severity>=critical"), 1),
        (("--fail-on", "severity>high", "--severity", "own.csv"), 0),
        (("--fail-on", "severity=critical", "--severity", "own.csv"), 0),
        (("--fail-on", "added"), 1),
        (("--fail-on", "added>1"), 0),
        (("--fail-on", "added<1"), 0),
        (("--fail-on", "added=1"), 1),
        (("--fail-on", "deleted>=2"), 1),
        (("--fail-on", "deleted > 2"), 0),
        # The modifier counts too: seven codes and one modifier are revised.
        (("--fail-on", "revised>7"), 1),
        (("--fail-on", "revised>8"), 0),
        (("--fail-on", "changes>=11"), 1),
        (("--fail-on", "changes>11"), 0),
        (("--fail-on", "transient"), 0),
        (("--fail-on", "attributes-only"), 0),
        (("--fail-on", "not-announced", "--published", "whole.csv"), 0),
        (("--fail-on", "not-announced", "--published", "part.csv"), 1),
        (("--fail-on", "not-announced>1", "--published", "part.csv"), 0),
        (("--fail-on", "not-announced"), 0),
        (("--fail-on", "unexplained>1", "--published", "part.csv"), 0),
        (("--fail-on", "deleted", "--only", "added"), 1),
        (("--fail-on", "transient", "--fail-on", "deleted"), 1),
    ],
)
def test_a_condition_that_holds_is_exit_code_1(
    cptdiff: Run, given: Callable[[Pair], Pair], options: Pair, code: int
) -> None:
    done = cptdiff("diff", *given(options))
    assert (done.returncode, done.stderr.count("\n")) == (code, code)
    assert done.stderr.startswith("cptdiff: exit code 1: " if code else "")


def test_a_mild_pair_fails_on_no_grave_condition(cptdiff: Run, make: Make, tmp_path: Path) -> None:
    sides = [
        make(tmp_path / f"{name}.csv", f"code,text\nA1,{text}\n")
        for name, text in (("a", "Polish of widgets"), ("b", "Polish of widget"))
    ]
    for condition, code in (("info", 1), ("low", 1), ("medium", 0), ("high", 0)):
        done = cptdiff("diff", *sides, "--code-set", "table", "--fail-on", condition)
        assert done.returncode == code


def test_additions_have_no_severity_that_could_fail(
    cptdiff: Run, make: Make, tmp_path: Path
) -> None:
    sides = [make(tmp_path / f"{n}.csv", f"code,text\nA1,Oil\n{more}")
             for n, more in (("a", ""), ("b", "A2,Wax\n"))]  # fmt: skip
    done = cptdiff("diff", *sides, "--code-set", "table", "--fail-on", "info")
    assert done.returncode == 0


def test_a_doubt_comes_before_a_condition(cptdiff: Run, make: Make, tmp_path: Path) -> None:
    sides = [
        make(tmp_path / f"{name}.csv", f"code,text\nA1,{text}\nA2,b,too many cells\n")
        for name, text in (("a", "5 cm"), ("b", "6 cm"))
    ]
    done = cptdiff("diff", *sides, "--code-set", "table", "--fail-on", "high", "--exit-code")
    assert done.returncode == 3


@pytest.mark.parametrize("condition", ["grave", "", "high,low", "Unexplained "])
def test_an_unknown_condition_is_wrong_usage(cptdiff: Run, pair: Pair, condition: str) -> None:
    done = cptdiff("diff", *pair, "--fail-on", condition)
    assert (done.returncode, done.stdout) == (2, "")
    assert "--fail-on" in done.stderr


@pytest.mark.parametrize(
    ("condition", "told"),
    [
        ("deletd", "deletd is not a condition. Fix: did you mean deleted?"),
        ("Deleted>5", "Deleted is not a condition. Fix: did you mean deleted?"),
        ("severity>=hihg", "severity>=hihg: hihg is not a severity. Fix: did you mean high?"),
        ("severity>=", ("severity>=: nothing is not a severity. Fix: use one of info, low, medium,"
         " high, critical")),
        ("severity>critical", ("severity>critical can never be met. Fix: write "
         '"severity>=critical"')),
        ("deleted>many", ("deleted>many does not compare with a whole number. Fix: write a number,"
         ' such as "deleted>50"')),
        ("deleted>-1", ("deleted>-1 does not compare with a whole number. Fix: write a number, such"
         ' as "deleted>50"')),
        ("high,low", ("high,low is more than one condition. Fix: give each condition its own"
         " --fail-on")),
        # What is left of "severity>=high" without quotes: the shell takes the rest.
        ("severity", ('severity is not compared with a level. Fix: write it in quotes, such as'
         ' "severity>=high": a shell takes > for itself')),
    ],
)  # fmt: skip
def test_a_condition_with_a_mistake_is_refused_before_anything_is_read(
    cptdiff: Run, condition: str, told: str
) -> None:
    done = cptdiff("diff", "no-such-file", "no-other-file", "--fail-on", condition)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"cptdiff: error[E001]: --fail-on: {told}\n"


@pytest.mark.parametrize(
    ("conditions", "told"),
    [
        (("added", "changes"), "1 added (--fail-on added); 11 changes (--fail-on changes)"),
        (("severity>=high",), "the highest severity is critical (--fail-on severity>=high)"),
        (("severity=low",), "1 change of severity low (--fail-on severity=low)"),
        (("high>3",), "7 changes of severity high or critical (--fail-on high>3)"),
        (("deleted<3",), "2 deleted (--fail-on deleted<3)"),
        (("not-announced", "not-announced"),
         "1 change not on the publisher's list (--fail-on not-announced)"),
        (("not-announced>=0", "transient=0"),
         ("1 change not on the publisher's list (--fail-on not-announced>=0);"
         " 0 added and discontinued between releases (--fail-on transient=0)")),
    ],
)  # fmt: skip
def test_a_condition_that_holds_is_told_with_its_count(
    cptdiff: Run, given: Callable[[Pair], Pair], conditions: Pair, told: str
) -> None:
    words = (word for condition in conditions for word in ("--fail-on", condition))
    done = cptdiff("diff", *given(("--published", "part.csv", *words)), "--quiet")
    assert done.stderr == f"cptdiff: exit code 1: CPT 2026 to CPT 2027: {told}\n"


def test_announced_totals_are_set_against_ours(cptdiff: Run, pair: Pair, tmp_path: Path) -> None:
    done = cptdiff("diff", *pair, "--expect", MISSED, "-o", tmp_path / "run")
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    at = lines.index(
        next(line for line in lines if line.startswith("Checked against the announced"))
    )
    assert [line.split() for line in lines[at + 1 : at + 4]] == [
        ["added", "1", "1", "0"], ["deleted", "2", "2", "0"], ["revised", "7", "9", "-2"],
    ]  # fmt: skip
    assert lines[at + 4] == "  may explain the gap in revised: modifiers (1): 22"
    assert NOT_ANNOUNCED in words_of(done)
    told = json.loads((tmp_path / "run" / "summary.json").read_bytes())["expected"]
    assert [(row["change"], row["ours"], row["theirs"], row["unexplained"]) for row in told] == [
        ("added", 1, 1, False), ("deleted", 2, 2, False), ("revised", 7, 9, True),
    ]  # fmt: skip
    page = (tmp_path / "run" / "report.html").read_text("utf-8")
    assert "Checked against the announced totals" in page
    assert NOT_ANNOUNCED in page


def test_totals_that_are_met_leave_no_doubt(cptdiff: Run, pair: Pair) -> None:
    done = cptdiff("diff", *pair, "--expect", MET)
    assert "Checked against the announced totals" in done.stdout
    assert "differ from the announced totals" not in done.stdout


def test_totals_count_what_changed_not_what_is_shown(
    cptdiff: Run, pair: Pair, tmp_path: Path
) -> None:
    words = (*pair, "--expect", MET, "--only", "added", "--fail-on", "unexplained")
    done = cptdiff("diff", *words, "-o", tmp_path / "x.json")
    assert done.returncode == 0
    told = json.loads((tmp_path / "x.json").read_bytes())["expected"]
    assert [row["ours"] for row in told] == [1, 2, 7]


@pytest.mark.parametrize("totals", ["", "many", "added=", "added=-1", "new=3", "added=1,added=2"])
def test_nonsense_totals_are_refused_before_anything_is_read(cptdiff: Run, totals: str) -> None:
    done = cptdiff("diff", "no-such-file", "no-other-file", "--expect", totals)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert done.stderr.startswith("cptdiff: error[E331]: --expect: ")
