"""The first rows of real releases, as a coder picks them: by code, without their words."""

from collections.abc import Callable
from functools import cache

import pytest
from publisher_pairs import PAIRS

from cptdiff import diff
from cptdiff.reports.overview import First, choose_first

Rows = Callable[[str], list[First]]

# Rewritten codes, then a side, a period twice as long, twice as many landmarks.
HCPCS_FIRST = "G9637 G9638 G9890 G9891 V5190 V5200 G9573 G9509 G9574 G9612"
# "Without" that became "with", then one position in 80 entries.
CM_2019_FIRST = "O00.212 S62.626A E72.53 H04.201 R40.2330 F68.11 L98.495 F68.10 H04.203"
CM_2025_FIRST = "K58.9 F98.21 Z68.54 Z17 H44.2A3 I26.93"


@pytest.fixture(scope="session")
def first() -> Rows:
    """Compare a pair, once in a session."""

    def rows(name: str) -> list[First]:
        pair = PAIRS[name]
        return choose_first(diff(pair.previous.path(), pair.current.path()))[1]

    return cache(rows)


@pytest.mark.parametrize(
    ("pair", "codes"),
    [
        ("HCPCS 2018 to 2019", HCPCS_FIRST),
        ("ICD-10-CM 2018 to 2019", CM_2019_FIRST),
        ("ICD-10-CM 2024 to 2025", CM_2025_FIRST),
    ],
)
def test_the_first_rows_are_those_that_a_coder_picks(first: Rows, pair: str, codes: str) -> None:
    assert [row.code for row in first(pair)] == codes.split()


def test_one_edit_in_eighty_entries_is_one_row(first: Rows) -> None:
    found = {row.code: row for row in first("ICD-10-CM 2018 to 2019")}
    assert found["S62.626A"].codes == "70 codes, 10 headers"
    assert found["S62.626A"].why == "position changed"
