"""ICD-10 addenda against our changes: baseline traps, footers, small changes."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from cptdiff.comparison import compare as diff
from cptdiff.judgement.reconcile import NOTHING, Reconciliation, reconcile
from cptdiff.pipeline import load_release as load

Make = Callable[..., Path]
Check = Callable[..., Reconciliation]
Counts = tuple[int, int, int, int, int]
FILE, NAME = "icd10cm_order_2027.txt", "icd10cm_order_addenda_2027.txt"
ERRATUM = "icd10cm_order_erratum_2027.txt"
SILENT = "changes that this list does not cover, not compared"


def order(*rows: str) -> str:
    """Rows like `1 A000 Short|Long` after a header and a code that never change."""
    lines = []
    for number, row in enumerate(("0 B99 Header", "1 B999 Code", *rows), 1):
        flag, code, texts = row.split(" ", 2)
        short, _, long = texts.partition("|")
        lines.append(f"{number:05} {code:<7} {flag} {short:<60} {long or short}\r\n")
    return "".join(lines)


def changes(*rows: str) -> str:
    """Lines like `Add 1 A000 Short|Long`; `From` and `To` are halves of a revision."""
    lines = []
    for row in rows:
        tag, flag, code, texts = row.split(" ", 3)
        short, _, long = texts.partition("|")
        named = {"From": "Revise from", "To": "Revise to"}.get(tag, tag)
        lines.append(f"{named + ':':<13}{flag} {code:<7} {short:<60} {long or short}\r\n")
    return "".join(lines)


def trailer(headers: Counts, codes: Counts) -> str:
    """Earlier and later entries, additions, deletions, revisions."""
    lines = []
    for title, (before, after, added, deleted, revised) in (("Headers", headers), ("Codes", codes)):
        lines += ["", title, f"{before:7} {title.lower()} in icd10cm_order_2026.txt"]
        lines += [f"{after:7} {title.lower()} in icd10cm_order_2027.txt"]
        lines += [f"{added:7} additions", f"{deleted:7} deletions", f"{revised:7} revisions"]
    return "\r\n".join([*lines, ""])


@pytest.fixture
def check(make: Make, tmp_path: Path) -> Check:
    """Compare two order files, the addenda beside the later one."""

    def run(previous: str, current: str, addenda: str | Mapping[str, str] = "") -> Reconciliation:
        lists = {NAME: addenda} if isinstance(addenda, str) else addenda
        before = load(make(tmp_path / "p" / "icd10cm_order_2026.txt", previous))
        files = {FILE: current} | {n: text for n, text in lists.items() if text}
        after = load(make(tmp_path / "c", files))
        return reconcile(diff(before, after), after.stated)

    return run


def told(found: Reconciliation) -> list[str]:
    columns = ("kind", "code", "ours", "theirs", "field", "cause")
    rows = found.table.select(columns).rows()
    return [" ".join(str(value) or "-" for value in row) for row in rows]


STAY = (1, 1, 0, 0, 0)
A, B, C = "1 A001 Polish", "1 A002 Grind", "1 A003 Bend"
ADD_A, ADD_B = f"Add {A}", f"Add {B}"
REWORDED = "1 A001 Polishing"
# Previous, current, addenda: what is told.
CASES: dict[str, tuple[str, str, str, list[str]]] = {
    "both name it": (order(), order(A), changes(ADD_A) + trailer(STAY, (1, 2, 1, 0, 0)), []),
    "not in the list": (
        order(), order(A), trailer(STAY, (1, 2, 0, 0, 0)),
        ["code A001 added - - unexplained"],
    ),
    "not in the files": (
        order(), order(), changes(ADD_A) + trailer(STAY, (1, 1, 1, 0, 0)),
        ["code A001 - added - unexplained"],
    ),
    "only blanks, not listed": (
        order("1 A001 P|Pol ish"), order("1 A001 P|Polish"), trailer(STAY, (2, 2, 0, 0, 0)),
        ["code A001 revised - long white-space"],
    ),
    "listed without a visible change": (
        order(A), order(A),
        changes("From 1 A001 Polish|Polish ", f"To {A}") + trailer(STAY, (2, 2, 0, 0, 1)),
        ["code A001 - revised long white-space"],
    ),
    "listed with the same words twice": (
        order(A), order(A), changes(f"From {A}", f"To {A}") + trailer(STAY, (2, 2, 0, 0, 1)),
        ["code A001 - revised - white-space"],
    ),
    "the short title, not listed": (
        order("1 A001 P|Polish"), order("1 A001 Pol|Polish"), trailer(STAY, (2, 2, 0, 0, 0)),
        ["code A001 revised - short short-only"],
    ),
    "the long title, not listed": (
        order("1 A001 P|Polish"), order("1 A001 P|Polishing"), trailer(STAY, (2, 2, 0, 0, 0)),
        ["code A001 revised - long unexplained"],
    ),
    "one title listed, two revised": (
        order("1 A001 P|Polish"), order("1 A001 Pol|Polishing"),
        changes("From 1 A001 P|Polish", "To 1 A001 P|Polishing") + trailer(STAY, (2, 2, 0, 0, 1)),
        ["code A001 revised revised short short-only"],
    ),
    "two titles listed, one revised": (
        order("1 A001 P|Polish"), order("1 A001 P|Polishing"),
        changes("From 1 A001 P|Polish", "To 1 A001 Q|Polishing") + trailer(STAY, (2, 2, 0, 0, 1)),
        ["code A001 revised revised short unexplained"],
    ),
    "demoted, both halves listed": (
        order(A), order("0 A001 Polish"),
        changes(f"Delete {A}", "Add 0 A001 Polish")
        + trailer((1, 2, 1, 0, 0), (2, 1, 0, 1, 0)), [],
    ),
    "demoted, the deletion left out": (
        order(A), order("0 A001 Polish"),
        changes("Add 0 A001 Polish") + trailer((1, 2, 1, 0, 0), (2, 1, 0, 0, 0)),
        ["code A001 deleted - - became-header"],
    ),
    "promoted, listed as a revision": (
        order("0 A001 Polish"), order(A),
        changes("From 0 A001 Polish", f"To {REWORDED.replace('1', '0', 1)}")
        + trailer((2, 1, 0, 0, 1), (1, 2, 0, 0, 0)),
        ["code A001 added - - became-header", "header A001 deleted revised - became-header"],
    ),
    # Lists made between other files than these two.
    "a mid-year list": (
        order(A, "1 A004 Bore"), order(B, C, "1 A004 Bore"),
        # Mid-year had B and passing Z; A was gone by then.
        changes(f"Add {C}", "Delete 1 Z000 Passing", "From 1 A002 Grin", f"To {B}")
        + trailer(STAY, (4, 4, 1, 1, 1)),
        [
            "code A001 deleted - - mid-year",
            "code A002 added revised - mid-year",
            "code Z000 - deleted - added-and-discontinued",
        ],
    ),
    "a mid-year list that names nothing": (
        order(A), order(A, B), trailer(STAY, (3, 3, 0, 0, 0)), ["code A002 added - - mid-year"],
    ),
    "a list that ends at another file": (
        order(), order(A, B), changes(ADD_A) + trailer(STAY, (1, 2, 1, 0, 0)),
        ["code A002 added - - mid-year"],
    ),
    "a mid-year list with a line lost": (
        order(A), order(A, B, C), changes(f"Add {C}") + trailer(STAY, (2, 4, 2, 0, 0)),
        ["code A002 added - - unexplained"],
    ),
    "a footer that does not add up": (
        order(A), order(A, B), trailer(STAY, (2, 3, 0, 0, 0)), ["code A002 added - - unexplained"],
    ),
    "headers of another file, codes of these": (
        order("0 A00 New"), order("0 A00 New", "0 A01 Newer", A),
        trailer((3, 3, 0, 0, 0), (1, 2, 0, 0, 0)),
        ["code A001 added - - unexplained", "header A01 added - - mid-year"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_the_list_and_the_files_disagree_for_the_cause_that_is_proved(
    check: Check, case: str
) -> None:
    previous, current, addenda, expected = CASES[case]
    found = check(previous, current, addenda)
    assert told(found) == expected
    assert found.lists[0].disagree == len(expected)


def test_a_list_that_is_right_says_how_much_agrees_and_was_checked(check: Check) -> None:
    text = changes(ADD_A, ADD_B) + trailer(STAY, (1, 3, 2, 0, 0))
    found = check(order(), order(A, B), text)
    (facts,) = found.lists
    assert (facts.states, facts.agree, facts.disagree, facts.checked) == (2, 2, 0, 10)
    assert (facts.checks, found.notes) == ((), ())


def test_a_footer_is_set_against_its_own_list_and_both_files(check: Check) -> None:
    text = changes(ADD_A) + trailer(STAY, (1, 4, 2, 0, 0))
    found = check(order(), order(A), text)
    assert tuple(map(str, found.notes)) == (
        f"{NAME}: its footer counts 2 codes added, it lists 1",
        f"{NAME}: its footer counts 4 codes in {FILE}, current (ICD-10-CM FY2027) has 2",
    )


def test_an_erratum_without_a_trailer_names_some_changes_and_corrects(check: Check) -> None:
    erratum = {ERRATUM: changes(ADD_A, f"Add {C}")}
    found = check(order(), order(A, B), erratum)
    assert told(found) == ["code A003 - added - corrected"]
    assert tuple(map(str, found.notes)) == (
        f"{ERRATUM}: has no counts at its end; treated as a partial list",
        f"{ERRATUM}: {SILENT}: codes added 1",
    )


def test_an_addenda_without_a_trailer_is_no_erratum(check: Check) -> None:
    assert told(check(order(), order(), changes(ADD_A))) == ["code A001 - added - unexplained"]


def test_a_mid_year_list_steps_back_for_one_of_these_two_files(check: Check) -> None:
    lists = {
        "icd10cm_order_addenda_2027.txt": changes(ADD_A, ADD_B) + trailer(STAY, (1, 3, 2, 0, 0)),
        "icd10cm_order_addenda_2027_April.txt": changes(ADD_B) + trailer(STAY, (2, 3, 1, 0, 0)),
    }
    found = check(order(), order(A, B), lists)
    assert told(found) == []
    assert [facts.name for facts in found.lists] == ["icd10cm_order_addenda_2027.txt"]
    assert "another list is of these two releases" in str(found.notes[0])


def test_a_codes_addenda_is_silent_on_headers_and_short_titles(check: Check) -> None:
    counts = "\r\nCodes\r\n 2 codes in a.txt\r\n 2 codes in b.txt\r\n 0 additions\r\n"
    current = order("1 A001 Q|Polish", "0 A00 New")
    found = check(order("1 A001 P|Polish"), current, {"icd10cm_codes_addenda_2027.txt": counts})
    assert told(found) == []
    assert tuple(map(str, found.notes)) == (
        f"icd10cm_codes_addenda_2027.txt: {SILENT}: headers added 1",
    )


def test_a_codes_addenda_adds_no_second_row_to_what_the_order_addenda_leaves_out(
    check: Check,
) -> None:
    counts = "\r\nCodes\r\n 2 codes in a.txt\r\n 2 codes in b.txt\r\n 0 revisions\r\n"
    lists = {NAME: trailer(STAY, (2, 2, 0, 0, 0)), "icd10cm_codes_addenda_2027.txt": counts}
    found = check(order("1 A001 P|Polish"), order("1 A001 Q|Polishing"), lists)
    assert told(found) == ["code A001 revised - long;short unexplained"]
    assert [facts.disagree for facts in found.lists] == [1, 1]


def test_a_row_that_was_set_aside_is_not_compared_and_counts_in_the_file(check: Check) -> None:
    twice = order(A, "1 A001 Polish or not")
    found = check(order(), twice, changes(ADD_A) + trailer(STAY, (1, 2, 1, 0, 0)))
    assert told(found) == []
    assert found.lists[0].checks == ()


def test_without_a_list_it_is_said_that_nothing_was_reconciled(check: Check) -> None:
    found = check(order(), order(A))
    assert (found.table.height, found.lists, [*map(str, found.notes)]) == (0, (), [NOTHING])
