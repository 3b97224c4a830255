"""What replaces a deleted code: every rung of the ladder, every relation."""

import pytest

from cptdiff.judgement.crosswalk import RUNGS
from cptdiff.model import CROSSWALK
from tests.crosswalk.guesses import GUESSES, POLISH
from tests.crosswalk.made import Texts, answers, changes, rows


@pytest.mark.parametrize("case", GUESSES, ids=lambda case: case[0])
def test_a_replacement_is_found(case: tuple[str, str, Texts, Texts, list[str]]) -> None:
    _, code_set, previous, current, expected = case
    assert answers(changes(code_set, previous, current)) == expected


APART = (
    ("each additional hour of polishing brass widgets", "polishing brass widgets"),
    ("polishing brass widgets, add-on", "polishing brass widgets, long"),
    ("polishing brass widgets, child", "polishing brass widgets, adult"),
    ("polishing brass widgets; younger than age 12", "polishing brass widgets; age 12 or over"),
    ("polishing of brass widgets with wax", "polishing of brass widgets without wax"),
    ("polishing of the left brass widgets", "polishing of the right brass widgets"),
    ("polishing of brass widgets, unilateral", "polishing of brass widgets, bilateral"),
    ("polishing of brass widgets, left", "polishing of brass widgets, bilateral"),
    ("initial polishing of brass widgets", "subsequent polishing of brass widgets"),
)


@pytest.mark.parametrize(("old", "new"), [*APART, *(pair[::-1] for pair in APART)])
def test_words_never_lead_across_an_opposition(old: str, new: str) -> None:
    assert answers(changes("cpt", {"00990": old}, {"00995": new})) == ["00990 none none"]
    alike = answers(changes("cpt", {"00990": old}, {"00995": old + ", short"}))
    assert alike == ["00990 possible 00995 similar-text"]


@pytest.mark.parametrize(("old", "new"), APART[2:])
def test_the_hierarchy_gives_a_neighbor_to_no_opposite(old: str, new: str) -> None:
    now = {"=Q991": old, "Q9911": old + ", one", "Q993": new}
    assert answers(changes("icd10cm", {"Q991": old}, now)) == ["Q991 replaced-by Q9911 hierarchy"]


def test_a_coder_is_always_told_to_review_a_guess() -> None:
    for _, code_set, previous, current, _ in GUESSES:
        for row in rows(changes(code_set, previous, current)).iter_rows(named=True):
            assert row["note"].endswith("; needs coder review" if row["replacement"] else "review")
            assert len(row["note"].partition("; ")[0]) > len("same")
            assert (row["confidence"] == "") == (row["replacement"] == "")


def test_candidates_by_words_are_ranked_and_capped() -> None:
    many = {f"00{n}": f"{POLISH} {n}" for n in range(800, 815)}
    found = rows(changes("cpt", {"00990": POLISH}, {**many, "00899": POLISH + " by hand"}))
    assert found["rank"].to_list() == list(range(1, 11))


def test_children_are_not_cut() -> None:
    children = {f"A99{n}": f"Fever {n}" for n in range(10, 60)}
    now = {"=A99": "Fever", **children}
    assert len(answers(changes("icd10cm", {"A99": "Fever"}, now))) == 50


def test_a_rung_can_be_left_out() -> None:
    now = {"=A990": "Widget fever", "A9901": "Widget fever, mild"}
    text = tuple(rung for rung in RUNGS if rung.basis == "similar-text")
    found = changes("icd10cm", {"A990": "Widget fever"}, now)
    assert answers(found, rungs=text) == ["A990 possible A9901 similar-text"]
    assert answers(found, rungs=()) == ["A990 none none"]


def test_the_table_has_its_columns_and_order_whatever_the_rows() -> None:
    columns = [name for name in CROSSWALK if name not in {"quoted", "trail"}]
    assert rows(changes("cpt", {}, {})).columns == columns
    before = {"ZA": POLISH, "00991": "Grinding of a tube", "00990": "Cutting of a tube"}
    found = rows(changes("cpt", before, {"00995": "Cutting of a tube"}))
    assert found.columns == columns
    assert found["code"].to_list() == ["00990", "00991", "ZA"]
