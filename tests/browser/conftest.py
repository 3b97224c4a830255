"""Debian's Chromium, and reports opened in it over file://, each written once."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

sys.path.append(str(Path(__file__).parents[2]))  # the test modules here share modules

from tests.browser.axe import AXE
from tests.browser.hostile import compare_bundles, compare_tables
from tests.browser.opened import CHROMIUM, Opened, launch
from tests.browser.reports import Report, compare_samples

Open = Callable[..., Opened]


def without(what: str) -> None:
    """Skip for want of this, save in CI."""
    (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(what)


@pytest.fixture(scope="session")
def axe() -> str:
    """Give the source of axe-core, which `axe.violations` uses; without it as without a browser."""
    if not AXE.exists():
        without("axe-core is not here: make axe (npm install --prefix .axe axe-core)")
    return AXE.read_text("utf-8")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Launch the browser; a machine without it skips, save in CI."""
    if not Path(CHROMIUM).exists():
        without(f"{CHROMIUM} is not here: install the package chromium (apt-get install chromium)")
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Open]:
    """Open a file in a fresh context, made with these options."""
    with ExitStack() as stack:

        def open_one(path: Path, fragment: str = "", **options: Any) -> Opened:  # noqa: ANN401 - playwright's options
            opened = Opened(stack.enter_context(browser.new_context(**options)))
            return opened.goto(path, fragment)

        yield open_one


@pytest.fixture(scope="module")
def view(browser: Browser) -> Iterator[Callable[[Report], Opened]]:
    """Show a report's page as it is; many tests look at the same one and leave it as it was."""
    with ExitStack() as stack:

        @cache
        def view_one(path: Path) -> Opened:
            return Opened(stack.enter_context(browser.new_context())).goto(path).show_all()

        yield lambda report: view_one(report.page)


@pytest.fixture(scope="session")
def report_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Report]:
    """Compare a pair of samples, named as in `reports.PAIRS`."""
    return cache(lambda name: compare_samples(name, tmp_path_factory.mktemp("samples")))


@pytest.fixture(scope="session")
def hostile_report_of(
    tmp_path_factory: pytest.TempPathFactory,
) -> Callable[[str, str], Report]:
    """Compare what `hostile` builds: ("bundles" or "tables", "hostile" or "tame")."""
    builders = {"bundles": compare_bundles, "tables": compare_tables}
    return cache(lambda form, kind: builders[form](kind, tmp_path_factory.mktemp(kind)))
