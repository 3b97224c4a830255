from collections.abc import Callable

import pytest
from oracles import Sets
from publisher_pairs import ICD_PAIRS
from publisher_runs import Run, diff

PAIR = "ICD-10-CM 2024 to 2025"


@pytest.fixture(scope="module")
def swapped(tmp_path_factory: pytest.TempPathFactory) -> Run:
    previous, current = ICD_PAIRS[PAIR]
    folder = tmp_path_factory.mktemp("swapped") / "run"
    insisted = ("--allow", "swapped")
    return diff(current.path(), previous.path(), folder, *insisted, exit_code=3)


def test_swapping_the_releases_swaps_what_was_added_and_deleted(
    swapped: Run, by_the_rule: Callable[[str], Sets]
) -> None:
    forth, back = by_the_rule(PAIR), swapped.sets()
    assert back["added"] == forth["deleted"]
    assert back["deleted"] == forth["added"]
    assert back["revised"] == forth["revised"]


def test_swapping_the_releases_swaps_the_descriptors(
    swapped: Run, compared: Callable[[str], Run]
) -> None:
    forth = compared(PAIR).of("revised")
    for key, row in swapped.of("revised").items():
        assert row["previous_descriptor"] == forth[key]["current_descriptor"], key
        assert row["current_descriptor"] == forth[key]["previous_descriptor"], key


def test_a_header_that_is_a_code_in_the_other_release_became_one(
    swapped: Run, by_the_rule: Callable[[str], Sets]
) -> None:
    came_back = {code for _, code in by_the_rule(PAIR)["deleted"]}
    for (_, code), row in swapped.of("deleted").items():
        became = (row["kind"], code in came_back) == ("header", True)
        assert row["reason"] == ("became-code" if became else "absent"), code
