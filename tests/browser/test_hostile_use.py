"""What a user types, chooses or follows is no more done than what the input says."""

from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.browser.conftest import Open
from tests.browser.opened import Opened
from tests.browser.payloads import PAYLOADS
from tests.browser.reports import Report

# From all families; the page looks for as many, one after the other.
TYPED = PAYLOADS[::26]
STATES = tuple(text for text in PAYLOADS if text.startswith(("#", "?q=")))
_MOMENT = 120  # longer than a page waits for the next letter, in milliseconds

HostileReportOf = Callable[[str, str], Report]


def assert_nothing_done(opened: Opened, report: Report) -> None:
    assert opened.dialogs == []
    assert opened.injected() is None
    assert opened.said == []
    page = report.page.as_uri()
    assert [url for url in opened.requests if url.partition("#")[0].partition("?")[0] != page] == []


@pytest.mark.parametrize("form", ["bundles", "tables"])
def test_no_payload_runs_that_is_searched_for(
    form: str, hostile_report_of: HostileReportOf, open_page: Open
) -> None:
    report = hostile_report_of(form, "hostile")
    opened = open_page(report.page)
    search = opened.page.locator("#words")
    before = set(opened.skeleton())
    for text in TYPED:
        search.first.fill(text)
        opened.page.wait_for_timeout(_MOMENT)
        assert_nothing_done(opened, report)
    assert {one.split(" ")[0] for one in set(opened.skeleton()) - before} <= {
        "ARTICLE",
        "P",
        "BUTTON",
    }


def test_no_payload_runs_that_is_chosen(
    hostile_report_of: HostileReportOf, open_page: Open
) -> None:
    report = hostile_report_of("bundles", "hostile")
    opened = open_page(report.page)
    for choice in opened.page.locator("select:visible").all():
        values = choice.locator("option").evaluate_all("all => all.map(one => one.value)")
        for value in values[:: max(1, len(values) // 8)]:
            choice.select_option(value=value)
            opened.page.wait_for_timeout(_MOMENT)
        choice.select_option(index=0)
    assert_nothing_done(opened, report)


def test_no_payload_runs_from_the_address_that_a_page_is_opened_with(
    report_of: Callable[[str], Report], open_page: Open
) -> None:
    report = report_of("a table")
    opened = open_page(report.page)
    assert STATES
    for text in (*STATES, *(f"#q={quote(text)}" for text in TYPED)):
        opened.page.goto("about:blank")
        opened.page.goto(report.page.as_uri() + text, wait_until="load")
        assert opened.injected() is None
    opened.requests = [url for url in opened.requests if url != "about:blank"]
    assert_nothing_done(opened, report)


def test_no_payload_runs_from_an_address_that_changes(
    hostile_report_of: HostileReportOf, open_page: Open
) -> None:
    report = hostile_report_of("tables", "hostile")
    opened = open_page(report.page)
    for text in (*STATES, *(f"#q={quote(text)}" for text in TYPED), *TYPED):
        opened.page.evaluate("text => { location.hash = text }", text)
        opened.page.wait_for_timeout(20)
    assert_nothing_done(opened, report)


def test_formulas_are_downloaded_as_guarded_as_changes_csv_is(
    hostile_report_of: HostileReportOf, open_page: Open
) -> None:
    report = hostile_report_of("tables", "hostile")
    opened = open_page(report.page)
    with opened.page.expect_download() as caught:
        opened.page.click("#download")
    # A browser reads every line end of a page as a line feed.
    written = (report.folder / "changes.csv").read_text("utf-8").replace("\r\n", "\n")
    with Path(caught.value.path()).open(encoding="utf-8", newline="") as file:
        assert file.read() == written.replace("\r", "\n")
