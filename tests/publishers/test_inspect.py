import re
from pathlib import Path

import pytest
from publisher_pairs import BUNDLES, NO_RELEASES, Bundle
from publisher_runs import cptdiff

ERROR = re.compile(r"cptdiff: error\[[^\]\s]+\]: \S.+ Fix: \S.+\n")


@pytest.fixture(params=BUNDLES, ids=lambda bundle: bundle.name)
def bundle(request: pytest.FixtureRequest) -> Bundle:
    shipped: Bundle = request.param
    return shipped


@pytest.fixture
def inspected(bundle: Bundle) -> str:
    run = cptdiff("inspect", bundle.path())
    assert run.exit_code == 0, run.err
    return run.out


def lines_about(text: str, member: str) -> list[tuple[str, bool]]:
    """List the lines that name a member, and whether it was said to be passed over by then."""
    found, passed_over = [], False
    for line in text.splitlines():
        here = "passed over" in line.lower()
        passed_over = passed_over or here
        if member in line:
            found.append((line, here or passed_over))
    return found


def test_inspect_names_the_code_set_and_the_release(bundle: Bundle, inspected: str) -> None:
    assert bundle.name in inspected


def test_inspect_tells_the_effective_date(bundle: Bundle, inspected: str) -> None:
    assert bundle.effective in inspected


def test_inspect_names_the_member_that_is_used(bundle: Bundle, inspected: str) -> None:
    lines = lines_about(inspected, bundle.member)
    assert any("passed over" not in line.lower() for line, _ in lines)


def test_inspect_names_every_member_that_is_passed_over(bundle: Bundle, inspected: str) -> None:
    for member in set(bundle.members()) - {bundle.member}:
        lines = lines_about(inspected, member)
        assert lines, member
        assert all(passed_over for _, passed_over in lines), member


@pytest.mark.parametrize("archive", NO_RELEASES, ids=lambda path: path.stem)
def test_a_zip_without_a_release_is_refused_in_one_line(archive: Path) -> None:
    run = cptdiff("inspect", archive)
    assert run.exit_code == 2
    assert run.out == ""
    assert ERROR.fullmatch(run.err), run.err
