"""What somebody has acknowledged is marked on the page, and is found apart from what waits."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.browser.axe import violations
from tests.browser.conftest import Open
from tests.browser.opened import Opened
from tests.browser.reports import Report, compare
from tests.browser.test_filters import codes, review

ReportOf = Callable[[str], Report]
WHO = ("--who", "Ann Coder", "--why", "known", "--date", "2027-01-08")


@pytest.fixture(scope="module")
def settled(report_of: ReportOf, tmp_path_factory: pytest.TempPathFactory) -> Report:
    """Compare the CPT sample once more, with two grave revisions acknowledged."""
    first, folder = report_of("CPT"), tmp_path_factory.mktemp("settled")
    named = [row["code"] for row in first.changes() if review(row, {}) == "revised"][:2]
    words = ("-m", "cptdiff", "acknowledge", str(first.folder), *named, *WHO)
    known = folder / "known.csv"
    subprocess.run([sys.executable, *words, "-o", known], check=True)
    return compare(first.previous, first.current, folder / "run", "--acknowledge", known)


@pytest.fixture
def opened(open_page: Open, settled: Report) -> Opened:
    return open_page(settled.page)


def test_an_acknowledged_change_is_marked_and_found_by_its_link(
    opened: Opened, settled: Report
) -> None:
    marked = [row["code"] for row in settled.changes() if row["review_status"] == "acknowledged"]
    assert len(marked) == 2
    opened.page.get_by_role("link", name="2 acknowledged").click()
    assert codes(opened) == marked
    assert all("acknowledged" in text for text in opened.texts("article .tags"))


def test_what_needs_a_coder_leaves_out_what_is_acknowledged(
    opened: Opened, settled: Report
) -> None:
    count = settled.summary()["review"]["entries"]
    opened.page.get_by_role("link", name=f"{count} need a coder").click()
    found = codes(opened)
    marked = {row["code"] for row in settled.changes() if row["review_status"]}
    assert (len(found), marked & set(found)) == (count, set())
    assert marked.isdisjoint(opened.texts(".attention li > a"))


@pytest.mark.usefixtures("axe")
def test_the_marks_have_their_meaning_below_and_no_violations(opened: Opened) -> None:
    (words,) = [table for table in opened.tables() if table[0] == ["Word", "Meaning"]]
    assert "acknowledged" in [row[0] for row in words]
    assert violations(opened.page) == []


def test_the_downloaded_list_has_the_marks(opened: Opened, settled: Report, tmp_path: Path) -> None:
    with opened.page.expect_download() as download:
        opened.page.locator("#download").click()
    download.value.save_as(tmp_path / "x.csv")
    assert (tmp_path / "x.csv").read_bytes() == (settled.folder / "changes.csv").read_bytes()
