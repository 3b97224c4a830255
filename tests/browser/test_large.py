"""Forty thousand changes: the page stays whole, small enough and without a violation."""

import pytest

from tests.benchmarks.large import write
from tests.browser.axe import violations
from tests.browser.conftest import Open
from tests.browser.reports import Report, compare

LARGEST = 25_000_000


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Report:
    folder = tmp_path_factory.mktemp("large")
    return compare(*write(folder), folder / "run", "--allow", "deleted-share", exit_code=3)


def test_forty_thousand_changes_are_all_on_a_page_below_25_megabytes(
    large: Report, open_page: Open
) -> None:
    assert len(large.changes()) == 40_000
    assert large.page.stat().st_size < LARGEST
    opened = open_page(large.page)
    assert opened.texts("#shown") == ["40,000 changes; first 500 shown"]
    assert opened.page.locator(".cut").count() == 0
    opened.page.fill("#words", "left steel")
    wanted = [
        row for row in large.changes()
        if all(word in f"{row['previous_descriptor']} {row['current_descriptor']}".lower()
               for word in ("left", "steel"))
    ]  # fmt: skip
    assert opened.texts("#shown")[0].startswith(f"{len(wanted):,} of 40,000 changes; first")
    assert opened.said == []
    assert len(opened.requests) == 1


@pytest.mark.usefixtures("axe")
def test_the_largest_page_has_no_violation(large: Report, open_page: Open) -> None:
    assert violations(open_page(large.page).page) == []
