"""The harness sees what runs: a page that escapes nothing runs the payloads (reliability G7)."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.browser.conftest import Open
from tests.browser.hostile import TEXTS
from tests.browser.naive import NOWHERE, board, numbers_run, policy_of
from tests.browser.opened import Opened
from tests.browser.payloads import BROKEN, PAYLOADS, TEMPLATES
from tests.browser.reports import Report

HostileReportOf = Callable[[str, str], Report]

ALL = PAYLOADS + BROKEN
# The rest wait for a worse page, another place in it or another browser.
AT_LEAST = 300
SOME = ALL[::4]


@pytest.fixture
def opened(open_page: Open, tmp_path: Path) -> Opened:
    return open_page(board(tmp_path, []))


def test_the_payloads_are_many_and_no_two_are_alike() -> None:
    assert len(set(TEMPLATES)) == len(TEMPLATES) >= 500
    assert len(set(ALL)) == len(ALL)


def test_a_naive_page_runs_the_payloads(opened: Opened, tmp_path: Path) -> None:
    ran = numbers_run(opened, board(tmp_path, ALL))
    assert len(ran) >= AT_LEAST
    assert any(url.startswith(NOWHERE) for url in opened.requests)
    assert opened.said


def test_a_naive_page_runs_no_words(opened: Opened, tmp_path: Path) -> None:
    assert numbers_run(opened, board(tmp_path, TEXTS["tame"][:40])) == set()
    assert opened.said == []


def test_under_the_reports_policy_a_naive_page_runs_nothing(
    hostile_report_of: HostileReportOf, opened: Opened, tmp_path: Path
) -> None:
    policy = policy_of(hostile_report_of("bundles", "tame").page)
    assert numbers_run(opened, board(tmp_path, SOME, policy)) == set()
    assert any("Content Security Policy" in said for said in opened.said)
