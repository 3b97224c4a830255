"""CPT's change histories and lists of the user's own against our changes."""

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from cptdiff import CodeSet
from cptdiff.comparison import compare as diff
from cptdiff.judgement.reconcile import Reconciliation, reconcile
from cptdiff.lists import read_published
from cptdiff.pipeline import load_release as load
from cptdiff.reading import Reading

Make = Callable[..., Path]
Check = Callable[..., Reconciliation]

HISTORY = (
    "Date\tChange Type\tConcept Id\tCPT Code\tLevel\tPrior Value\tCurrent Value\tInstruction\r\n"
)
DELETED = "Concept Id\tCode\tDate Deleted\tLevel\tDescriptor\tInstruction\r\n"


def told(found: Reconciliation) -> list[str]:
    rows = found.table.select("kind", "code", "ours", "theirs", "field", "cause").rows()
    return [" ".join(str(value) or "-" for value in row) for row in rows]


def longult(codes: str) -> str:
    """Lines like `00990 Polish` after one that never changes, set apart by `/`."""
    lines = [line.replace(" ", "\t", 1) for line in f"10004 Anchor/{codes}".split("/") if line]
    return "".join(f"{line}\r\n" for line in lines)


def dated(*rows: str) -> str:
    """Rows like `20260701 ADDED 00990`, with the two wordings of a revision behind `|`."""
    lines = []
    for row in rows:
        date, word, code = row.partition("|")[0].split(" ")
        before, _, after = row.partition("|")[2].partition("|")
        lines.append(f"{date}\t{word}\t1\t{code}\tI\t{before}\t{after}\t\r\n")
    return HISTORY + "".join(lines)


@pytest.fixture
def cpt(make: Make, tmp_path: Path) -> Check:
    """Compare two LONGULT of 2026 and 2027 with lists beside the later one."""

    def run(previous: str, current: str, **lists: str) -> Reconciliation:
        before = make(tmp_path / "CPT 2026", {"LONGULT.txt": longult(previous)})
        files = {f"{name}.txt": text for name, text in lists.items()}
        after = make(tmp_path / "CPT 2027", {"LONGULT.txt": longult(current)} | files)
        changes = diff(load(before), load(after))
        return reconcile(changes, changes.current.stated)

    return run


P, Q = "00990 Polish/", "00990 Polishing/"
# Previous, current, history: what is told. The pair spans 2026-01-02 to 2027-01-01.
CASES: dict[str, tuple[str, str, str, list[str]]] = {
    "added": ("", P, dated("20260701 ADDED 00990"), []),
    "on current's day": ("", P, dated("20270101 ADDED 00990"), []),
    "on previous's day": (
        "", P, dated("20260101 ADDED 00990"), ["code 00990 added - - mid-year"],
    ),
    "after current's day": (
        "", P, dated("20270401 ADDED 00990"), ["code 00990 added - - mid-year"],
    ),
    "deleted long ago": ("", "", dated("20200101 DELETED 00991"), []),
    "another change of another time": (
        "", P, dated("20200101 DELETED 00990"), ["code 00990 added - - unexplained"],
    ),
    "before AMA's records": ("", P, dated("Pre-1982 ADDED 00990"),
                             ["code 00990 added - - unexplained"]),
    "came and went": (
        "", "", dated("20260401 ADDED 00990", "20261001 DELETED 00990"),
        ["code 00990 - transient - added-and-discontinued"],
    ),
    "went and came back": (
        P, Q, dated("20260401 DELETED 00990", "20261001 ADDED 00990", "20261001 REVISED 10009"),
        ["code 10009 - revised - unexplained"],
    ),
    "added and revised": ("", Q, dated("20260401 ADDED 00990", "20261001 REVISED 00990"), []),
    "a revision that the history leaves out": (
        P, Q, dated("20200101 REVISED 10004"), ["code 00990 revised - long unexplained"],
    ),
    "a history without revisions is silent on them": (P, Q, dated("20200101 ADDED 10004"), []),
    "a revision by a word that is not known": (
        P, Q, dated("20260701 REWORDED 00990|Polish|Polishing"), [],
    ),
    "a word that is not known": (P, P, dated("20260701 RESEQUENCED 00990"),
                                 ["code 00990 - RESEQUENCED - unexplained"]),
    "PLA, which the files lack": ("", "", dated("20260701 ADDED 0001U"), []),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_a_history_is_heard_for_the_time_between_the_two_dates(cpt: Check, case: str) -> None:
    previous, current, history, expected = CASES[case]
    found = cpt(previous, current, History_DTK_tab=history)
    assert told(found) == expected
    assert [facts.form for facts in found.lists] == ["history"]


def test_a_deletion_list_is_silent_on_what_is_new(cpt: Check) -> None:
    deletions = DELETED + "1\t00990\t20270101\tI\tPolish\tUse 00992\r\n"
    found = cpt(P + "00991 Grind/", "00992 Bend/", Deleted_DTK_tab=deletions)
    assert told(found) == ["code 00991 deleted - - unexplained"]
    assert tuple(map(str, found.notes)) == (
        "Deleted_DTK_tab.txt: changes that this list does not cover, not compared: codes added 1",
    )


def test_what_is_not_explained_tells_the_words_date_and_instruction_of_the_list(cpt: Check) -> None:
    deletions = DELETED + "1\t10004\t20260701\tI\tAnchor\tUse 00992\r\n"
    table = cpt("", "", Deleted_DTK_tab=deletions).table
    ((note, quoted),) = table.select("note", "quoted").rows()
    assert note + quoted == (
        "Deleted_DTK_tab.txt: the files do not explain it:"
        " the list says DELETED, dated 2026-07-01 (Use 00992)"
    )


def test_a_history_needs_both_dates(make: Make, tmp_path: Path) -> None:
    before = load(make(tmp_path / "a" / "LONGULT.txt", longult("")))
    files = {"LONGULT.txt": longult(P), "History_DTK_tab.txt": dated("20260701 ADDED 00990")}
    changes = diff(before, load(make(tmp_path / "b", files)))
    found = reconcile(changes, changes.current.stated)
    assert (told(found), found.lists) == ([], ())
    assert "no effective date, not compared" in str(found.notes[0])


ORDER = "00001 B99     0 {0:<60} {0}\r\n00002 B999    1 {1:<60} {1}\r\n"
EXTRA = "00003 A001    {} {:<60} {}\r\n"


@pytest.fixture
def icd(make: Make, tmp_path: Path) -> Check:
    """Compare two order files of one code, A001 (its flag, its titles), with a list of ours."""

    def run(previous: tuple[str, str], current: tuple[str, str], listed: str) -> Reconciliation:
        sides = [
            load(make(tmp_path / f"icd10cm_order_{year}.txt",
                      ORDER.format("Head", "Leaf") + EXTRA.format(flag, title, title)))
            for year, (flag, title) in ((2026, previous), (2027, current))
        ]  # fmt: skip
        given = read_published(make(tmp_path / "mine.csv", listed), CodeSet.ICD10CM)
        return reconcile(diff(*sides), given)

    return run


# The flag and titles of A001 before and after, the list's rows below `code,change,date`.
OWN: dict[str, tuple[tuple[str, str], tuple[str, str], str, list[str]]] = {
    "a demotion as a deletion": (("1", "P"), ("0", "P"), "A00.1,deleted,", []),
    "a demotion as a revision": (
        ("1", "P"), ("0", "P"), "A001,revised,", ["code A001 deleted revised - became-header"],
    ),
    "a revision": (("1", "P"), ("1", "Q"), "A001,C,2026-10-01", []),
    "nothing of it": (("1", "P"), ("1", "Q"), "B999,none,",
                      ["code A001 revised - long;short unexplained"]),
    "of another year": (("1", "P"), ("1", "P"), "A001,revised,2024-10-01",
                        ["code A001 - revised - mid-year"]),
    "of this year, in vain": (("1", "P"), ("1", "P"), "A001,revised,2026-10-01",
                              ["code A001 - revised - unexplained"]),
    "a header that it names": (("0", "P"), ("0", "Q"), "A001,revised,", []),
}  # fmt: skip


@pytest.mark.parametrize("case", OWN)
def test_a_list_of_the_users_own_is_compared_as_a_whole(icd: Check, case: str) -> None:
    previous, current, listed, expected = OWN[case]
    assert told(icd(previous, current, f"code,change,date\n{listed}\n")) == expected


def test_a_list_has_one_word_for_text_and_attributes(make: Make, tmp_path: Path) -> None:
    record = f"A000100100{'3'}{'Polish':<108}{{:<149}}20200101{'':<16}N\r\n"
    sides = [
        load(make(tmp_path / f"HCPC{year}_JAN_ANWEB.txt", record.format(price)))
        for year, price in ((2026, "11"), (2027, "12"))
    ]
    given = read_published(
        make(tmp_path / "mine.csv", "code,change\nA0001,revised\n"), CodeSet.HCPCS
    )
    found = reconcile(diff(*sides), given)
    assert told(found) == [
        "code A0001 attributes-only - price1 unexplained",  # the letter says N
        "code A0001 attributes-only revised price1 attributes",
    ]


def test_a_table_of_the_users_own_is_compared_with_a_list(make: Make, tmp_path: Path) -> None:
    texts = ("code,text\na,Polish\nb,Grind\n", "code,text\na,Polishing\nc,Bend\n")
    sides = [
        load(make(tmp_path / f"{side}.csv", text), Reading(CodeSet.TABLE))
        for side, text in zip("pc", texts, strict=True)
    ]
    listed = "code,change\na,revised\nc,added\nb,added\n"
    given = read_published(make(tmp_path / "mine.csv", listed), CodeSet.TABLE)
    assert told(reconcile(diff(*sides), given)) == ["code b deleted added - unexplained"]


def test_differences_without_an_explanation_are_one_number_in_every_report(
    cptdiff: Callable[..., CompletedProcess[str]],
    make: Make,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make(tmp_path, {
        "before.csv": "code,text\nA1,Oil\nA2,Wax\nA3,Rope\nA5,Tar\n",
        "after.csv": "code,text\nA1,Oil 6 cm\nA3,Rope\nA4,Hook\nA5,Tar 2\n",
        "list.csv": "code,change\nA1,added\nA4,added\n",
    })  # fmt: skip
    monkeypatch.chdir(tmp_path)
    words = ("--code-set", "table", "--published", "list.csv", "--fail-on", "unexplained")
    done = cptdiff("diff", "before.csv", "after.csv", *words, "-o", "run")
    told = (
        "3 differences from the publisher's list without an explanation (1 where the list says"
        " something else than the files, 2 not announced)"
    )
    assert told in " ".join(done.stdout.split())
    assert "causes: unexplained 3" in " ".join(done.stdout.split())
    assert "3 differences from the publisher's list, without an explanation" in done.stderr
    assert told.replace("'", "&#39;") in Path("run/report.html").read_text("utf-8")
    summary = json.loads(Path("run/summary.json").read_text("utf-8"))["reconciliation"]
    assert (summary["causes"], summary["not_announced"]) == ({"unexplained": 3}, 2)
