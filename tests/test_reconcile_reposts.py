"""A release against its own re-post: lists beside it speak of the year before, not of this pair."""

from collections.abc import Callable
from pathlib import Path

import pytest

from cptdiff.comparison import compare as diff
from cptdiff.judgement.reconcile import Reconciliation, reconcile
from cptdiff.pipeline import load_release as load

Make = Callable[..., Path]
Check = Callable[..., Reconciliation]
ORDER, CODES = "icd10cm_order_addenda_2027.txt", "icd10cm_codes_addenda_2027.txt"
ERRATUM = "icd10cm_order_erratum_2027.txt"
EARLIER = "every change listed is already in previous (ICD-10-CM FY2027); not compared"


def order(*rows: str) -> str:
    """Rows like `1 A000 Title` of an order file."""
    cells = (row.split(" ", 2) for row in ("0 B99 Header", "1 B999 Code", *rows))
    return "".join(
        f"{number:05} {code:<7} {flag} {title:<60} {title}\r\n"
        for number, (flag, code, title) in enumerate(cells, 1)
    )


def listed(*rows: str) -> str:
    """Lines like `Add 1 A000 Title`; From and To are halves of a revision."""
    lines = []
    for row in rows:
        tag, flag, code, title = row.split(" ", 3)
        named = {"From": "Revise from", "To": "Revise to"}.get(tag, tag)
        lines.append(f"{named + ':':<13}{flag} {code:<7} {title:<60} {title}\r\n")
    return "".join(lines)


def trailer(headers: str, codes: str) -> str:
    """For each kind the earlier and the later entries, additions, deletions, revisions."""
    lines = []
    for title, said in (("Headers", headers), ("Codes", codes)):
        before, after, added, deleted, revised = said.split()
        lines += ["", title, f"{before} {title.lower()} in icd10cm_order_2026.txt"]
        lines += [f"{after} {title.lower()} in icd10cm_order_2027.txt"]
        lines += [f"{added} additions", f"{deleted} deletions", f"{revised} revisions"]
    return "\r\n".join([*lines, ""])


@pytest.fixture
def check(make: Make, tmp_path: Path) -> Check:
    """Compare two order files of one year, lists beside the later one."""

    def run(previous: str, current: str, **lists: str) -> Reconciliation:
        before = load(make(tmp_path / "p" / "icd10cm_order_2027.txt", previous))
        names = {"order": ORDER, "codes": CODES, "erratum": ERRATUM}
        files = {"icd10cm_order_2027.txt": current} | {names[k]: v for k, v in lists.items()}
        after = load(make(tmp_path / "c", files))
        return reconcile(diff(before, after), after.stated)

    return run


def told(found: Reconciliation) -> list[str]:
    rows = found.table.select("kind", "code", "ours", "theirs", "cause").rows()
    return [" ".join(str(value) or "-" for value in row) for row in rows]


A, B, C, TO = "1 A001 Polish", "1 A002 Grind", "1 A003 Bend", "1 A001 Polishing"
STAY = "1 1 0 0 0"
YEAR = listed(f"Add {B}", f"From {A}", f"To {TO}")
GROWN = trailer(STAY, "2 3 1 0 1")
EVEN = listed("Delete 1 A009 Bore") + trailer(STAY, "3 3 1 1 1")
# Previous, current, the order addenda, what is told, and whether the list speaks of the pair.
CASES: dict[str, tuple[str, str, str, list[str], bool]] = {
    "equal": (order(TO, B), order(TO, B), YEAR + GROWN, [], False),
    "equal, as many entries as the year before": (
        order(TO, B), order(TO, B), YEAR + EVEN, [], False,
    ),
    "equal, a code became a header": (
        order("0 A001 Polish"), order("0 A001 Polish"),
        listed(f"Delete {A}", "Add 0 A001 Polish") + trailer("1 2 1 0 0", "2 1 0 1 0"), [], False,
    ),
    "equal, a line of the list is in neither": (
        order(TO, B), order(TO, B), YEAR + listed(f"Add {C}") + GROWN,
        ["code A003 - added unexplained"], True,
    ),
    "equal, the list has another title": (
        order("1 A001 Polished", B), order("1 A001 Polished", B), YEAR + GROWN,
        ["code A001 - revised unexplained"], True,
    ),
    "equal, an empty list": (order(A), order(A), trailer(STAY, "2 2 0 0 0"), [], True),
    "corrected since": (
        order(TO, B), order(TO, B, C), YEAR + GROWN, ["code A003 added - mid-year"], True,
    ),
    "revised again since": (
        order(TO, B), order("1 A001 Polished", B), YEAR + GROWN,
        ["code A001 revised - mid-year"], True,
    ),
    "the pair of the list": (
        order(A, "1 A009 Bore"), order(TO, B), YEAR + EVEN, [], True,
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_what_previous_has_already_is_no_disagreement(check: Check, case: str) -> None:
    previous, current, addenda, expected, speaks = CASES[case]
    found = check(previous, current, order=addenda)
    assert told(found) == expected
    assert bool(found.lists) == speaks


def test_one_note_names_all_lists_of_the_year_before(check: Check) -> None:
    codes = (
        f"{'Add:':<13}A002    Grind\r\n\r\nCodes\r\n2 codes in a.txt\r\n3 codes in b.txt\r\n"
        "1 additions\r\n"
    )
    found = check(order(TO, B), order(TO, B), order=YEAR + GROWN, codes=codes)
    assert tuple(map(str, found.notes)) == (f"{CODES}, {ORDER}: {EARLIER}",)
    assert found.table.height == 0


def test_an_erratum_that_the_files_lack_is_still_told(check: Check) -> None:
    found = check(order(A), order(A), erratum=listed(f"Add {A}", f"Add {C}"))
    assert told(found) == ["code A003 - added corrected"]


def item(letter: str, code: str, ended: str = "") -> str:
    return f"{code:>5}001003{'Polish':<257}20200101{'20200101':<8}{ended:<8}{letter}\r\n"


RECORDS = (
    item("N", "A9999") + item("A", "A0001") + item("B", "A0002") + item("D", "A0003", "20261231")
    + item("D", "A0004", "20270331") + item("D", "A0005") + item("X", "A0006")
    + item("P", "A0007", "20251231")
)  # fmt: skip
REPORT = "HCPCS/MOD  TYPE OF CHANGE\nA0001      ADD\nA0002      Long Description Change\n"


@pytest.mark.parametrize("beside", [{}, {"Changes_by_HCPCSCode.prn": REPORT}], ids=len)
def test_letters_that_previous_has_too_are_no_disagreement(
    make: Make, tmp_path: Path, beside: dict[str, str]
) -> None:
    files = {"HCPC2027_JAN_ANWEB.txt": RECORDS} | beside
    sides = [load(make(tmp_path / side, files)) for side in "pc"]
    found = reconcile(diff(*sides), sides[1].stated)
    assert (told(found), found.lists, len(found.notes)) == ([], (), 1)


def test_a_report_that_only_the_repost_has_is_set_against_the_files(
    make: Make, tmp_path: Path
) -> None:
    files = {"HCPC2027_JAN_ANWEB.txt": RECORDS}
    report = {"Changes_by_HCPCSCode.prn": REPORT + "A0008      ADD\n"}
    sides = [load(make(tmp_path / name, made)) for name, made in
             (("p", files), ("c", files | report))]  # fmt: skip
    assert told(reconcile(diff(*sides), sides[1].stated)) == ["code A0008 - added unexplained"]
