"""HCPCS's action codes against our changes: each cause, its proof, and the near misses."""

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from cptdiff import CodeSet
from cptdiff.comparison import compare as diff
from cptdiff.judgement.causes import CAUSES
from cptdiff.judgement.reconcile import Reconciliation, reconcile
from cptdiff.lists import read_published
from cptdiff.pipeline import load_release as load

Make = Callable[..., Path]
Check = Callable[..., Reconciliation]

HEAD = "  CODE           ACTION        EFF DATE\n\n"


def item(
    letter: str = "N", dates: str = "20200101 - -", words: str = "Polish|Pol", *,
    price: str = "", code: str = "A0001",
) -> str:  # fmt: skip
    """A record; `dates` are the add date, the action date and the last valid day, `-` for none."""
    added, acted, ended = dates.replace("-", "").split(" ")
    long, short = words.split("|")
    kind = "7" if len(code) == 2 else "3"
    return (
        f"{code:>5}00100{kind}{long:<80}{short:<28}{price:<149}{added:<8}{acted:<8}{ended:<8}"
        f"{letter}\r\n"
    )


@pytest.fixture
def check(make: Make, tmp_path: Path) -> Check:
    """Compare A0001 of two Januaries; `corrections` are lines of the 2026 corrections."""

    def run(previous: str, current: str, corrections: str = "", name: str = "") -> Reconciliation:
        same = item(code="A9999")
        sides = [
            load(make(tmp_path / f"HCPC{year}_JAN_ANWEB.txt", same + records))
            for year, records in ((2026, previous), (2027, current))
        ]
        given = sides[1].stated
        if corrections:
            listed = make(tmp_path / (name or "V1_HCPC2026_Corrections.prn"), HEAD + corrections)
            given += read_published(listed, CodeSet.HCPCS)
        return reconcile(diff(*sides), given)

    return run


OLD = item()
REWORDED, SHORTER = "Polish all|Pol", "Polish|P"
DROP, LONG = "  A0001  DELETE\n", "  A0001  Revise Long Desc      01/01/2026\n"
SHORT, ADD = "  A0001  Revise Short Desc     01/01/2026\n", "  A0001  ADD Code\n"
LAB, UNDO = "  A0001  Add Lab Cert code 220\n", "  A0001  DO NOT ADD\n"
NONE = ""
# Previous 2026-01-01, current 2027-01-01: ours, theirs, field, cause; empty where both agree.
CASES: tuple[tuple[str, str, str, str, str], ...] = (
    # The letter and the files say the same.
    ("added", NONE, item("A", "20270101 20270101 -"), NONE, ""),
    ("reinstated", item("D", "20200101 - 20251231"), item("R"), NONE, ""),
    ("discontinued", OLD, item("D", "20200101 - 20261231"), NONE, ""),
    ("long text", OLD, item("C", words=REWORDED), NONE, ""),
    ("both", OLD, item("B", words=REWORDED), NONE, ""),
    ("short text", OLD, item("S", words=SHORTER), NONE, ""),
    ("payment", OLD, item("P", price="11"), NONE, ""),
    ("no change", OLD, item("N"), NONE, ""),
    ("rolled off", item("N", "20200101 - 20221231"), NONE, NONE, ""),
    # Added and discontinued within the year.
    ("passing", NONE, item("D", "20260401 - 20261231"), NONE,
     "transient deleted - added-and-discontinued"),
    ("passing, no letter", NONE, item("N", "20260401 - 20260930"), NONE,
     "transient - - added-and-discontinued"),
    # Corrected after release: the corrections must say what was done.
    ("corrected text", OLD, item("N", words=REWORDED), LONG, "revised - long corrected"),
    ("corrected other text", OLD, item("N", words=SHORTER), LONG, "revised - short unexplained"),
    ("corrected short text", OLD, item("N", words=SHORTER), SHORT, "revised - short corrected"),
    ("not about the text", OLD, item("N", words=REWORDED), LAB, "revised - long unexplained"),
    ("corrected attribute", OLD, item("N", price="11"), LAB, "attributes-only - price1 corrected"),
    ("not about the price", OLD, item("N", price="11"), LONG,
     "attributes-only - price1 unexplained"),
    ("added by correction", NONE, item("N", "20270101 - -"), ADD, "added - - corrected"),
    ("not added by it", NONE, item("N", "20270101 - -"), LONG, "added - - unexplained"),
    ("withdrawn, used again", OLD, item("A", "20260401 20260401 -", REWORDED), DROP,
     "revised added long corrected"),
    ("not withdrawn", OLD, item("A", "20260401 20260401 -", REWORDED), NONE,
     "revised added long unexplained"),
    ("dropped in error", OLD, NONE, ADD, "deleted - - corrected"),
    ("deleted by correction", OLD, NONE, DROP, "deleted - - corrected"),
    ("another's correction", OLD, NONE, DROP.replace("A0001", "A0002"), "deleted - - unexplained"),
    # Mid-year: a date of the file's own lies elsewhere.
    ("late addition", NONE, item("N", "20260101 20260101 -"), NONE, "added - - mid-year"),
    ("during the year", NONE, item("N", "20260401 20260401 -"), NONE, "added - - mid-year"),
    ("then reworded", NONE, item("C", "20260401 20270101 -"), NONE, "added revised - mid-year"),
    ("on the very day", NONE, item("N", "20270101 20270101 -"), NONE, "added - - unexplained"),
    ("no add date", NONE, item("N", "- - -"), NONE, "added - - unexplained"),
    ("ended before", OLD, item("N", "20200101 - 20251231"), NONE, "deleted - - mid-year"),
    ("ended in June", OLD, item("N", "20200101 - 20260630"), NONE, "deleted - - mid-year"),
    ("ended with the year", OLD, item("N", "20200101 - 20261231"), NONE,
     "deleted - - unexplained"),
    ("reworded in April", OLD, item("N", "20200101 20260401 -", REWORDED), NONE,
     "revised - long mid-year"),
    ("reworded in silence", OLD, item("N", "20200101 20260101 -", REWORDED), NONE,
     "revised - long unexplained"),
    ("reworded, C says more", OLD, item("C", "20200101 20260401 -", price="11"), NONE,
     "attributes-only revised price1 unexplained"),
    ("ahead of its date", item("A", "20260701 20260701 -"), item("A", "20260701 20260701 -"),
     NONE, "- added - mid-year"),
    ("an old letter", OLD, item("A", "20200101 20200101 -"), NONE, "- added - mid-year"),
    ("added again", OLD, item("A", "20260701 20260701 -"), NONE, "- added - unexplained"),
    ("an old rewording", OLD, item("C", "20200101 20260101 -"), NONE, "- revised - mid-year"),
    ("no rewording", OLD, item("C", "20200101 20270101 -"), NONE, "- revised - unexplained"),
    ("ends later", OLD, item("D", "20200101 - 20270331"), NONE, "- deleted - mid-year"),
    ("long gone", NONE, item("D", "20200101 - 20241231"), NONE, "- deleted - mid-year"),
    ("new and gone", NONE, item("D", "20250101 - 20260630"), NONE, "- deleted - mid-year"),
    ("not ended", OLD, item("D"), NONE, "- deleted - unexplained"),
    # White space, and what the letters know besides.
    ("blanks", OLD, item("N", words="Pol ish|Pol"), NONE, "revised - long white-space"),
    ("blanks and words", OLD, item("N", words="Pol ish|P"), NONE,
     "revised - long;short unexplained"),
    ("short alone is S", OLD, item("N", words=SHORTER), NONE, "revised - short unexplained"),
    ("F, but reworded", OLD, item("F", words=REWORDED), NONE,
     "revised attributes-only long unexplained"),
    ("a letter not known", OLD, item("X"), NONE, "- X - unexplained"),
)  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case[0])
def test_a_letter_and_a_difference_disagree_for_the_cause_that_is_proved(
    check: Check, case: tuple[str, str, str, str, str]
) -> None:
    _, previous, current, corrections, expected = case
    found = check(previous, current, corrections)
    rows = found.table.select("ours", "theirs", "field", "cause").rows()
    assert [" ".join(value or "-" for value in row) for row in rows] == (
        [expected] if expected else []
    )
    (facts,) = found.lists
    assert (facts.form, facts.disagree) == ("action codes", len(rows))
    assert found.unexplained == expected.count("unexplained")


def test_all_causes_have_a_sentence_and_a_note_begins_with_list_and_sentence(check: Check) -> None:
    found = check(OLD, item("N", words=REWORDED), LONG)
    sentences = {cause.name: cause.sentence for cause in CAUSES}
    assert len(sentences) == len(CAUSES) == 8
    ((note, quoted),) = found.table.select("note", "quoted").rows()
    assert note + quoted == (
        f"HCPC2027_JAN_ANWEB.txt: {sentences['corrected']}:"
        " V1_HCPC2026_Corrections.prn says Revise Long Desc"
    )


def test_the_latest_edition_of_the_corrections_counts(make: Make, tmp_path: Path) -> None:
    """V2 takes back what V1 added: only V2 is heard."""
    lists = {"V1_HCPC2026_Corrections.prn": HEAD + ADD, "V2_HCPC2026_Corrections.prn": HEAD + UNDO}
    sides = [
        load(make(tmp_path / f"HCPC{year}_JAN_ANWEB.txt", item(code="A9999") + records))
        for year, records in ((2026, NONE), (2027, item("N", "20270101 - -")))
    ]
    given = read_published(make(tmp_path / "corrections", lists), CodeSet.HCPCS)
    assert reconcile(diff(*sides), given).table["cause"].to_list() == ["unexplained"]


@pytest.mark.parametrize(
    ("name", "cause"),
    [("HCPC2025_Corrections.prn", "unexplained"), ("HCPC2027_Corrections.prn", "corrected"),
     ("Corrections.prn", "corrected")],
)  # fmt: skip
def test_corrections_of_another_year_prove_nothing(check: Check, name: str, cause: str) -> None:
    assert check(OLD, NONE, DROP, name).table["cause"].to_list() == [cause]


def test_corrections_that_lie_beside_previous_are_heard(make: Make, tmp_path: Path) -> None:
    files = {"HCPC2026_JAN_ANWEB.txt": OLD, "HCPC2026_JAN_Corrections.prn": HEAD + LONG}
    previous = load(make(tmp_path / "previous", files))
    current = load(make(tmp_path / "HCPC2027_JAN_ANWEB.txt", item("N", words=REWORDED)))
    found = reconcile(diff(previous, current), current.stated)
    assert found.table["cause"].to_list() == ["corrected"]


def test_a_report_that_says_what_the_letters_say_names_the_same_row(
    make: Make, tmp_path: Path
) -> None:
    report = "HCPCS/MOD  TYPE OF CHANGE\nA0001      No Change\nA9999      No Change\n"
    previous = load(make(tmp_path / "HCPC2026_JAN_ANWEB.txt", OLD + item(code="A9999")))
    files = {"HCPC2027_JAN_ANWEB.txt": item(words=REWORDED) + item(code="A9999")}
    current = load(make(tmp_path / "c", files | {"Changes_by_HCPCSCode.prn": report}))
    found = reconcile(diff(previous, current), current.stated)
    assert [facts.form for facts in found.lists] == ["action codes", "transactions"]
    assert found.table.height == 1
    note = found.table["note"][0]
    assert note.startswith("HCPC2027_JAN_ANWEB.txt, Changes_by_HCPCSCode.prn: ")


def test_rows_are_in_the_order_of_their_key(check: Check) -> None:
    codes = [item("D", code=code) for code in ("B0001", "A0002", "E1")]
    table = check(
        "".join(item(code=code) for code in ("A0002", "B0001", "E1")), "".join(codes)
    ).table
    assert table["code"].to_list() == ["A0002", "B0001", "E1"]
    assert table.equals(table.sort(pl.all()))
