"""A page in the browser, with everything that it did which a report must not do."""

from pathlib import Path
from typing import Self, TypeAlias

from playwright.sync_api import Browser, BrowserContext, Dialog, Playwright

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
Table: TypeAlias = list[list[str]]

_TABLE = "table => [...table.rows].map(row => [...row.cells].map(cell => cell.textContent))"
_SKELETON = """without => {
    const page = document.documentElement.cloneNode(true)
    if (without) page.querySelectorAll(without).forEach(part => part.remove())
    return [page, ...page.querySelectorAll("*")].map(
        element => [element.tagName, ...element.getAttributeNames().sort()].join(" "))
}"""

_SETTLE = """() => document.documentElement.classList.contains("scripted")
    && new Promise(done => setTimeout(() => setTimeout(done)))"""
_OPEN_ALL = "() => document.querySelectorAll('details').forEach(one => { one.open = true })"
_OVERFLOW = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


def launch(playwright: Playwright) -> Browser:
    """Start Chromium, quiet on the network."""
    return playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))


class Opened:
    """One page in a context of its own; `requests`, `said` and `dialogs` fill as it goes."""

    def __init__(self, context: BrowserContext) -> None:
        self.context = context
        self.page = context.new_page()
        self.requests: list[str] = []
        self.said: list[str] = []
        self.dialogs: list[str] = []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("dialog", self._dismiss)

    def goto(self, path: Path, fragment: str = "") -> Self:
        """Open a file, and leave its scripts time to run."""
        self.page.goto(path.as_uri() + (f"#{fragment}" if fragment else ""), wait_until="load")
        self.page.wait_for_timeout(50)
        # What a script put off until the page is there runs before what is put off now.
        self.page.evaluate(_SETTLE)
        return self

    def show_all(self) -> Self:
        """Have the list whole: of a long one the page shows the beginning."""
        button = self.page.locator("#more button").last
        if button.is_visible():
            # Entries that come into sight move the button away from under a pointer.
            button.dispatch_event("click")
            # The click is heard when the page has time for it.
            button.wait_for(state="hidden")
        return self

    def texts(self, selector: str) -> list[str]:
        """Give the whole text of each such element, blanks at the ends apart."""
        return [text.strip() for text in self.page.locator(selector).all_text_contents()]

    def tables(self, selector: str = "table") -> list[Table]:
        """Give the cells of each such table, row by row."""
        found = self.page.locator(selector).all()
        return [[[cell.strip() for cell in row] for row in one.evaluate(_TABLE)] for one in found]

    def sides(self) -> dict[str, str]:
        """Give what the page tells of the Previous and of the Current release."""
        return dict(zip(("Previous", "Current"), self.texts(".release"), strict=True))

    def skeleton(self, without: str = "") -> list[str]:
        """Give each element with the names of its attributes, in order, but for these parts."""
        found: list[str] = self.page.evaluate(_SKELETON, without)
        return found

    def overflow_at(self, *widths: int) -> dict[int, int]:
        """Give the pixels by which the page, all folds open, is wider than windows this wide."""
        self.page.evaluate(_OPEN_ALL)
        found = {}
        for width in widths:
            self.page.set_viewport_size({"width": width, "height": 700})
            found[width] = self.page.evaluate(_OVERFLOW)
        return found

    def injected(self) -> object:
        """Give what a payload's script leaves behind: None where none ran."""
        return self.page.evaluate("window.__xss ?? null")

    def _dismiss(self, dialog: Dialog) -> None:
        self.dialogs.append(dialog.message)
        dialog.dismiss()
