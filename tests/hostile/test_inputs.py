"""Every hostile input, as the previous and as the current release."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.hostile import (
    archives,
    codes,
    encodings,
    files,
    own_tables,
    published_texts,
    texts,
    workbooks,
)
from tests.hostile.case import Case, Run, assert_case

CASES = (
    *files.CASES,
    *archives.CASES,
    *texts.CASES,
    *encodings.CASES,
    *own_tables.CASES,
    *published_texts.CASES,
    *workbooks.CASES,
    *codes.CASES,
)


@pytest.mark.parametrize("side", ["previous", "current"])
@pytest.mark.parametrize("case", CASES, ids=map(str, CASES))
def test_a_hostile_input_is_refused_in_one_line_or_every_row_is_accounted_for(
    cptdiff: Run, make: Callable[..., Path], tmp_path: Path, case: Case, side: str
) -> None:
    assert_case(cptdiff, make, case, side, tmp_path)
