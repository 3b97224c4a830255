"""Every row of the two failure tables has a case that is named by its number."""

import re
from pathlib import Path

from tests.hostile.test_inputs import CASES

INPUTS, MACHINE = range(1, 66), range(1, 18)


def named(what: str) -> set[int]:
    """The rows that tests of their own name."""
    text = "".join(path.read_text("utf-8") for path in sorted(Path(__file__).parent.glob("*.py")))
    return {int(number) for number in re.findall(rf"def test_{what}_([0-9]{{2}})_", text)}


def test_every_row_of_the_inputs_has_a_case() -> None:
    assert {case.row for case in CASES} | named("input") == set(INPUTS)


def test_every_row_of_the_environment_has_a_test() -> None:
    assert named("machine") == set(MACHINE)


def test_no_two_cases_have_one_name() -> None:
    assert len(set(map(str, CASES))) == len(CASES)
