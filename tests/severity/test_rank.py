"""Which revision comes first within a severity, and why."""

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from cptdiff import diff
from cptdiff.codesets import profile_of
from cptdiff.judgement.classes import CLASSES
from cptdiff.judgement.edits import mark_revisions
from cptdiff.judgement.measures import compare_amounts
from cptdiff.judgement.rank import BONUSES, MOVES, weigh_edits
from cptdiff.judgement.severity import classify
from cptdiff.judgement.words import OPEN, split_words
from cptdiff.reports.overview import First, choose_first
from cptdiff.results import Results

Make = Callable[..., Path]

# Previous, current, the move and why; the first is looked at first.
ORDER = [
    ("Polishing of widget", "Removal of gauge under guidance", "reworded",
     "almost entirely reworded"),
    ("Polishing with wax", "Polishing without wax", "negation", "a negation came or went"),
    ("Polishing performed", "Polishing not performed", "negation", "a negation came or went"),
    ("Dented rim of widget", "Nondented rim of widget", "negation", "a negation came or went"),
    ("Widget oil, 5 mg", "Widget oil, 50 mg", "dose", "dose now 10 times as much"),
    ("Widget oil, 5 mg", "Widget oil, 5 mcg", "dose", "dose now 1/1000 as much"),
    ("Oiling, left hinge", "Oiling, right hinge", "side", "side changed"),
    ("Oiling of hinge, unilateral", "Oiling of hinge, bilateral", "side", "side changed"),
    ("Rim of 2 cm or more", "Rim of 4 cm or more", "amount", "size now 2 times as much"),
    ("Waxing, 30 minutes", "Waxing, 1 hour", "amount", "time now 2 times as much"),
    ("Waxing, 1 hour", "Waxing, 30 minutes", "amount", "time now half as much"),
    ("One or more hinges oiled", "Two or more hinges oiled", "amount",
     "number now 2 times as much"),
    ("Oiling of medial hinge", "Oiling of middle hinge", "position", "position changed"),
    ("Widget aged 10 years or older", "Widget aged 12 years or older", "amount",
     "age now 1.2 times as much"),
    ("Waxing within 12 months", "Waxing within 10 months", "amount", "time now 0.83 times as much"),
    ("Hinge rust type 1", "Hinge rust type 2", "name", "type, level or stage changed"),
    ("Hinge rust type A", "Hinge rust type B", "letter", "type, level or stage changed"),
    ("Oiling of adult hinge", "Oiling of pediatric hinge", "age", "age group changed"),
    ("Oiling weekly", "Oiling daily", "bound", "a limit changed (less, more, per)"),
    ("Oiling of hinge", "Oiling of hinge within 24 hours", "more", "a number was added (time)"),
    ("Oiling of hinge within 24 hours", "Oiling of hinge", "fewer", "a number was removed (time)"),
    ("Polishing of hinge done", "Polishing of hinge done, no reason given by the owner of it",
     "not", "a negation among other words"),
    ("Oiling of hinge", "Oiling of hinge (List separately in addition to primary procedure)",
     "add-on", "add-on wording or a status changed"),
    ("Hinge oil, 5 mg", "Hinge oil (shinall), 5 mg", "product",
     "a product name beside a dose changed"),
    ("Polishing of hinge and rim", "Polishing of hinge or rim", "control",
     "a word that controls use changed"),
    ("Widget oil", "Widget oil, topical", "qualifier",
     "an approach, route, setting or condition changed"),
    ("Oiling; not with 99001", "Oiling; not with 99002", "reference", "another code is named"),
    ("Waxing within 1 month", "Waxing within 30 days", "same-amount",
     "time changed by less than 5 percent"),
    ("Oiling of hinge by brush", "Oiling of hinge by spray", "replaced",
     "defining words replaced"),
    ("Polishing of widget", "Polishing of brass widget", "added", "defining words added"),
    ("Polishing of brass widget", "Polishing of widget", "removed", "defining words removed"),
    ("Widget polish", "Widget polish (shining)", "note", "text in parentheses changed"),
    ("Polishing with brush (eg, nylon)", "Polishing with brush (eg, nylon, steel)", "example",
     "the examples changed"),
    ("Polishing of widgets", "Polishing of widget", "", ""),
]  # fmt: skip


def weigh(previous: str, current: str, role: str = "wording") -> tuple[str, int, str]:
    columns = {"previous": [previous], "current": [current], "role": [role], "name": ["long"]}
    frame = pl.DataFrame(columns).with_columns(kind=pl.lit("code"), code=pl.lit("A0001"))
    graded = classify(mark_revisions(frame), CLASSES)
    return weigh_edits(graded, profile_of("hcpcs")).select("move", "weight", "told").row(0)


@pytest.mark.parametrize(("previous", "current", "move", "why"), ORDER)
def test_an_edit_is_ranked_by_what_it_moved(
    previous: str, current: str, move: str, why: str
) -> None:
    found, _, told = weigh(previous, current)
    assert (found, told) == (move, why)


def test_the_worse_edit_comes_first() -> None:
    weights = [weigh(previous, current)[1] for previous, current, *_ in ORDER]
    assert weights == sorted(weights, reverse=True)


@pytest.mark.parametrize(("previous", "current"), [row[:2] for row in ORDER if row[2] != ""])
def test_the_way_back_weighs_about_as_much(previous: str, current: str) -> None:
    assert abs(weigh(previous, current)[1] - weigh(current, previous)[1]) <= 2


def test_no_number_negation_or_side_can_come_behind_an_example_list() -> None:
    mild = [move.weight for move in MOVES if move.name in {"note", "example"}]
    others = [move.weight for move in MOVES if move.name not in {"note", "example"}]
    assert min(others) - BONUSES.shorter > max(mild) + BONUSES.most


def test_no_number_comes_before_a_negation_however_far_it_moved() -> None:
    numbers = [move.weight for move in MOVES if move.name in {"dose", "amount", "number", "more"}]
    (negation,) = (move.weight for move in MOVES if move.name == "negation")
    assert negation > max(numbers) + BONUSES.farthest + BONUSES.beside
    far = weigh("Widget oil, 1 mg", "Widget oil, 5000 mg")
    assert far[0] == "dose"
    assert weigh("Polishing with wax", "Polishing without wax")[1] > far[1]


def test_the_farther_a_number_moves_the_sooner_it_comes() -> None:
    steps = [weigh("Widget oil, 5 mg", f"Widget oil, {dose} mg")[1] for dose in (6, 10, 20, 50)]
    assert steps == sorted(set(steps))


def test_a_short_descriptor_alone_weighs_less() -> None:
    pair = ("Oil, 5 mg", "Oil, 50 mg")
    assert weigh(*pair, "shorter")[1] < weigh(*pair)[1]


def test_what_else_moved_is_said_and_counts() -> None:
    _, one, _ = weigh("Waxing, 30 minutes", "Waxing, 60 minutes")
    _, both, why = weigh("Waxing with oil, 30 minutes", "Waxing without oil for 60 minutes")
    assert both > one
    assert why == "a negation came or went; also a number"


AMOUNTS = [
    ("15-29 minutes", "20-29 minutes", "time", "moved", 4 / 3),
    ("15 to 29 minutes", "15 to 58 minutes", "time", "moved", 2),
    ("up to 1 month", "up to 30 days", "years", "moved", 0.9856),
    ("18 years, 30 days", "21 years, 60 days", "time", "moved", 2),
    ("1,000 units", "100 units", "dose in units", "moved", 0.1),
    ("2.5 cm", "25 mm", "", "", 0),
    ("1 gram", "100 mg", "dose", "moved", 0.1),
    ("mg", "mcg", "dose", "moved", 0.001),
    ("5 mg", "5 ml", "dose", "replaced", 0),
    ("three hinges", "six hinges", "number", "moved", 2),
    ("hinge", "hinge within two days", "time", "added", 0),
    ("see A1234", "see A1235", "reference", "replaced", 0),
    ("see 99001", "see 99002", "reference", "replaced", 0),
    ("stage pt1 rust", "rust", "name", "removed", 0),
    ("0 days", "5 days", "time", "replaced", 0),
    ("rim", "hinge", "", "", 0),
]


@pytest.mark.parametrize(("previous", "current", "measure", "step", "ratio"), AMOUNTS)
def test_an_amount_is_compared_in_its_units(
    previous: str, current: str, measure: str, step: str, ratio: float
) -> None:
    found = compare_amounts(split_words(previous, OPEN), split_words(current, OPEN))
    assert found[:2] == (measure, step)
    assert found.ratio == pytest.approx(ratio, rel=1e-3)


def write_release(make: Make, folder: Path, year: int, rows: list[tuple[str, str, str]]) -> Path:
    lines = [
        f"{code:>5}00100{'7' if len(code) == 2 else '3'}{text:<80}{'Short':<138}{cover:<63}N\r\n"
        for code, text, cover in rows
    ]
    return make(folder / f"HCPC{year}_JAN_ANWEB.txt", "".join(lines))


def compare(make: Make, folder: Path, *rows: tuple[str, str, str, str, str]) -> Results:
    """Compare two releases; a row is code, text and coverage before, text and coverage after."""
    same = [("A9999", "Anchor", "C")]
    sides = [
        write_release(make, folder, 2026, same + [(code, one, c) for code, one, c, _, _ in rows]),
        write_release(make, folder, 2027, same + [(code, two, c) for code, _, _, two, c in rows]),
    ]
    return diff(*sides, limit={"revised-share": 100})


def first(results: Results) -> list[First]:
    return choose_first(results)[1]


def test_one_edit_in_several_codes_is_one_row_that_counts_them(make: Make, tmp_path: Path) -> None:
    found = compare(
        make, tmp_path,
        ("A0001", "Oiling of hinge", "C", "Oiling of brass hinge", "C"),
        ("A0002", "Oiling of rim", "C", "Oiling of steel rim", "C"),
        ("A0003", "Oiling of rim, dry", "C", "Oiling of steel rim, dry", "C"),
        ("B0004", "Oiling of rim", "C", "Oiling of steel rim", "C"),
    )  # fmt: skip
    rows = [(row.code, row.codes, [code for _, code in row.entries]) for row in first(found)]
    assert rows == [
        ("A0002", "2 codes", ["A0002", "A0003"]),
        ("A0001", "1 code", ["A0001"]),
        ("B0004", "1 code", ["B0004"]),
    ]
    assert [row.words for row in first(found)] == [
        'added "steel"',
        'added "brass"',
        'added "steel"',
    ]


def test_payment_data_that_changed_too_comes_first_and_is_said(make: Make, tmp_path: Path) -> None:
    found = compare(
        make, tmp_path,
        ("A0001", "Oiling of hinge", "C", "Oiling of brass hinge", "C"),
        ("A0002", "Oiling of gauge", "C", "Oiling of steel gauge", "D"),
    )  # fmt: skip
    assert [(row.code, row.why) for row in first(found)] == [
        ("A0002", "defining words added; coverage or payment data changed"),
        ("A0001", "defining words added"),
    ]


def test_a_modifier_comes_before_a_code_with_the_same_edit(make: Make, tmp_path: Path) -> None:
    found = compare(
        make, tmp_path,
        ("A0001", "Oil for a hinge", "C", "Oil for a brass hinge", "C"),
        ("ZZ", "Oil for a hinge", "", "Oil for a brass hinge", ""),
    )  # fmt: skip
    assert [row.code for row in first(found)] == ["ZZ", "A0001"]


def test_the_amount_that_moved_is_shown_rather_than_what_moved_beside_it(
    make: Make, tmp_path: Path
) -> None:
    found = compare(
        make, tmp_path,
        ("A0001", "Oiling of brass rim in 30 days", "C", "Oiling of 2 or more in 60 days", "C"),
    )  # fmt: skip
    assert first(found)[0].words == '"30 days" -> "60 days"'


def test_of_a_users_table_the_value_that_moved_farthest_comes_first(
    make: Make, tmp_path: Path
) -> None:
    sides = [
        make(tmp_path / f"{name}.csv", f"code,price\nA1,10.00\nA2,10.00\nA3,{price}\nA4,1\n")
        for name, price in (("a", "20.00"), ("b", "200.00"))
    ]
    sides[1].write_text("code,price\nA1,11.00\nA2,11.00\nA3,200.00\nA4,1\n", "utf-8")
    found = first(diff(*sides, code_set="table", key=["code"], columns={"price": "text"}))
    assert [(row.code, row.why) for row in found] == [
        ("A3", "number now 10 times as much"),
        ("A1", "number now 1.1 times as much"),
        ("A2", "number now 1.1 times as much"),
    ]
