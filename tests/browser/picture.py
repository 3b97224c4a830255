"""Takes the picture of README.md: python -m tests.browser.picture, after `make demo`."""

from pathlib import Path
from typing import Final

from playwright.sync_api import ViewportSize, sync_playwright

from tests.browser.opened import launch

ROOT: Final = Path(__file__).parents[2]
SIZE: Final[ViewportSize] = {"width": 1280, "height": 900}


def take_picture(page: Path, picture: Path) -> None:
    """Write what a reader sees first of `page`."""
    with sync_playwright() as playwright:
        browser = launch(playwright)
        tab = browser.new_page(viewport=SIZE)
        tab.goto(page.as_uri(), wait_until="load")
        tab.screenshot(path=picture)
        browser.close()


if __name__ == "__main__":
    take_picture(ROOT / "demo" / "report.html", ROOT / "docs" / "report.png")
