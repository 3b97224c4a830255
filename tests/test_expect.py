"""`--expect`: announced totals against ours, and what may explain the gap."""

from collections.abc import Callable
from pathlib import Path

import pytest

from cptdiff import Changes, CptdiffError
from cptdiff.comparison import compare as diff
from cptdiff.judgement.announced import Announced, compare_totals
from cptdiff.options import read_totals
from cptdiff.pipeline import load_release as load
from cptdiff.results import make_results

Make = Callable[..., Path]
Compare = Callable[..., Changes]
MODIFIER = "22 More polish: x\r\n"


@pytest.fixture
def cpt(make: Make, tmp_path: Path) -> Compare:
    """Compare codes of two years: `+` before one is new, `-` gone, `~` reworded, `=` the same."""

    def run(codes: str, modifiers: str = MODIFIER) -> Changes:
        marked = [(word[0], word[1:]) for word in codes.split()]
        sides = []
        for year, absent in ((2026, "+"), (2027, "-")):
            lines = [
                f"{code}\tPolish{' all' if mark == '~' and year == 2027 else ''}\r\n"
                for mark, code in (("=", "10004"), *marked)
                if mark != absent
            ]
            appendix = "Appendix A\r\n\r\n" + (modifiers if year == 2027 else MODIFIER)
            files = {"LONGULT.txt": "".join(lines), "MODUL.txt": appendix}
            sides.append(load(make(tmp_path / f"CPT {year}", files)))
        return diff(*sides)

    return run


def told(changes: Changes, expected: str) -> Announced:
    return compare_totals(changes, make_results(changes).entries, read_totals(expected))


def groups(found: Announced) -> list[str]:
    return [" | ".join(map(str, row)) for row in found.groups.rows()]


def test_a_total_that_agrees_has_no_gap_and_no_groups(cpt: Compare) -> None:
    found = told(cpt("+00990 +0001U =0002U -00991 ~00992"), "added=2,deleted=1,revised=1")
    columns = found.totals.select("change", "ours", "theirs", "gap", "may_explain")
    assert columns.rows() == [
        ("added", 2, 2, 0, 0), ("deleted", 1, 1, 0, 0), ("revised", 1, 1, 0, 0),
    ]  # fmt: skip
    assert (groups(found), found.unexplained) == ([], ())


def test_codes_that_the_book_leaves_out_may_explain_that_we_have_more(cpt: Compare) -> None:
    codes = "+00990 +0001U +0002U +0001T +90480 +91310 +0003A +0001F +0001M -0009T ~0099U ~00992"
    found = told(cpt(codes), "added=1,deleted=1,revised=1")
    assert groups(found) == [
        "added | proprietary laboratory analyses (U) | 2 | 0001U 0002U",
        "added | Category III (T) | 1 | 0001T",
        "added | vaccines and their administration | 3 | 0003A 90480 91310",
        "added | Category II (F) | 1 | 0001F",
        "added | administrative MAAA (M) | 1 | 0001M",
        "revised | proprietary laboratory analyses (U) | 1 | 0099U",
    ]
    assert found.totals["gap"].to_list() == [8, 0, 1]
    assert found.unexplained == ()


def test_a_gap_larger_than_its_groups_is_unexplained(cpt: Compare) -> None:
    changes = cpt("+00990 +00991 +0001U =0002U -00993")
    assert told(changes, "added=2").unexplained == ()
    assert told(changes, "added=1").unexplained == ("added",)
    assert told(changes, "added=2,deleted=0").unexplained == ("deleted",)
    assert told(changes, "revised=1").unexplained == ("revised",)


def test_modifiers_may_explain_that_we_have_fewer_and_are_told_apart(cpt: Compare) -> None:
    changes = cpt("+00990", modifiers=f"{MODIFIER}\r\n23 Less polish: y\r\n")
    found = told(changes, "added=2")
    assert groups(found) == ["added | modifiers | 1 | 23"]
    assert found.totals.row(0) == ("added", 1, 2, -1, 1, 0, 1)
    assert told(changes, "added=3").unexplained == ("added",)


def item(code: str, words: str = "Polish|P", dates: str = "20200101 -", price: str = "") -> str:
    added, ended = dates.replace("-", "").split(" ")
    long, short = words.split("|")
    return f"{code}001003{long:<80}{short:<28}{price:<149}{added:<16}{ended:<8}N\r\n"


@pytest.fixture
def hcpcs(make: Make, tmp_path: Path) -> Compare:
    """Compare the records of two Januaries."""

    def run(previous: str, current: str) -> Changes:
        same = item("A9999")
        sides = ((2026, previous), (2027, current))
        loaded = [load(make(tmp_path / f"HCPC{y}_JAN_ANWEB.txt", same + text)) for y, text in sides]
        return diff(*loaded)

    return run


def test_mid_year_short_attributes_and_passing_codes_are_groups_of_their_own(
    hcpcs: Compare,
) -> None:
    previous = (
        item("A0001") + item("A0002") + item("A0003") + item("A0009", dates="20200101 20251231")
    )
    current = (
        item("A0001", "Polish|Pol") + item("A0002", price="11")
        + item("A0003", dates="20200101 20260630") + item("A0004", dates="20260401 -")
        + item("A0005", dates="20270101 -") + item("A0006", dates="20260401 20260930")
        + item("A0009", dates="20270101 -")
    )  # fmt: skip
    changes = hcpcs(previous, current)
    assert groups(told(changes, "added=0,deleted=0,revised=0")) == [
        "added | effective before the date of the current release | 1 | A0004",
        "added | reinstated | 1 | A0009",
        "deleted | effective before the date of the current release | 1 | A0003",
        "revised | short or medium descriptor only | 1 | A0001",
    ]
    assert groups(told(changes, "added=9,deleted=9,revised=9")) == [
        "added | added and discontinued between releases | 1 | A0006",
        "deleted | added and discontinued between releases | 1 | A0006",
        "revised | other data changed (wording same) | 1 | A0002",
    ]


def test_icd_demotions_and_headers_may_explain_a_gap(make: Make, tmp_path: Path) -> None:
    def row(flag: str, code: str, title: str = "Polish") -> str:
        return f"00001 {code:<7} {flag} {title:<60} {title}\r\n"

    same = row("0", "B99") + row("1", "B999")
    texts = (row("1", "A00"), row("0", "A00") + row("1", "A001") + row("0", "C00"))
    sides = [
        load(make(tmp_path / f"icd10cm_order_{year}.txt", same + text))
        for year, text in zip((2026, 2027), texts, strict=True)
    ]
    found = told(diff(*sides), "added=3,deleted=0")
    assert groups(found) == [
        "added | headers | 2 | A00 C00",
        "deleted | changed between billable code and category | 1 | A00",
    ]
    assert found.totals["headers"].to_list() == [2, 0]
    assert found.unexplained == ()


def test_an_expectation_names_changes_with_their_numbers() -> None:
    assert read_totals("added=288, deleted=84,revised=46") == {
        "added": 288, "deleted": 84, "revised": 46,
    }  # fmt: skip
    assert read_totals("revised=0") == {"revised": 0}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "added",
        "added=",
        "added=-1",
        "added=1.5",
        "added=1,added=1",
        "new=3",
        "added=1,",
        "added=²",
    ],
)
def test_an_expectation_of_another_form_is_refused(text: str) -> None:
    with pytest.raises(CptdiffError, match=r"E331.*--expect.*added=288"):
        read_totals(text)
