"""Measures the page of 40,000 changes: what it takes to write, and in Chromium to open and to type.

python -m tests.benchmarks.page [--docs]

The second part of `make bench`. It prints a Markdown table; --docs also puts it between the page
marks of docs/contributing.md.
"""

import argparse
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Page, sync_playwright

from tests.benchmarks.cases import CPTDIFF
from tests.benchmarks.figures import keep
from tests.benchmarks.large import write
from tests.browser.opened import launch

HEAD = """\
| page of 40,000 changes | measured | target | met? |
|---|--:|---|---|
"""
ROUNDS = 3
TYPED = "steel left hinge"
# From a keystroke until the browser has painted what it finds.
_PAINTED = """text => new Promise(resolve => {
    const words = document.getElementById("words")
    const start = performance.now()
    words.value = text
    words.dispatchEvent(new Event("input", {bubbles: true}))
    requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - start)))
})"""


class Measured(NamedTuple):
    """Seconds to open the page, milliseconds of each keystroke."""

    seconds: float
    keystrokes: list[float]


def written(folder: Path) -> tuple[Path, float]:
    """The page, and the seconds of CPU that the whole command took."""
    page = folder / "report.html"
    pair = [str(path) for path in write(folder)]
    command = [CPTDIFF, "diff", *pair, "--allow", "deleted-share", "--quiet", "-o", str(page)]
    before = spent()
    done = subprocess.run(command, check=False)
    if done.returncode != 3:
        sys.exit(f"cptdiff exited with {done.returncode}")
    return page, spent() - before


def spent() -> float:
    """Seconds of CPU of all commands so far."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def measured(page: Page, path: Path) -> Measured:
    """Open the page, type, and take every letter away again."""
    start = time.perf_counter()
    page.goto(path.as_uri(), wait_until="load")
    seconds = time.perf_counter() - start
    texts = [TYPED[:length] for length in (*range(1, len(TYPED) + 1), *range(len(TYPED))[::-1])]
    return Measured(seconds, [page.evaluate(_PAINTED, text) for text in texts])


def report(path: Path, cpu: float) -> str:
    """Everything measured, as Markdown."""
    with sync_playwright() as playwright:
        browser = launch(playwright)
        found = [measured(browser.new_page(), path) for _ in range(ROUNDS)]
        browser.close()
    size = path.stat().st_size / 1e6
    keystrokes = [each for one in found for each in one.keystrokes]
    rows = (
        ("CPU of the whole command", f"{cpu:.1f} s", "under 3 s", cpu < 3),
        ("size", f"{size:.1f} MB", "below 25 MB", size < 25),
        ("opens in", f"{statistics.median(one.seconds for one in found):.1f} s", "", None),
        ("a keystroke, median", f"{statistics.median(keystrokes):.0f} ms", "", None),
        ("a keystroke, slowest", f"{max(keystrokes):.0f} ms", "within 200 ms",
         max(keystrokes) <= 200),
    )  # fmt: skip
    met = {True: "yes", False: "no", None: ""}
    body = "".join(
        f"| {what} | {value} | {aim} | {met[good]} |\n" for what, value, aim, good in rows
    )
    return f"{HEAD}{body}"


def main() -> None:
    """Measure, print, and on request keep."""
    parser = argparse.ArgumentParser(description="Measure the page of 40,000 changes.")
    parser.add_argument("--docs", action="store_true", help="put the table in docs/contributing.md")
    options, _ = parser.parse_known_args()
    with tempfile.TemporaryDirectory() as temporary:
        text = report(*written(Path(temporary)))
    sys.stdout.write(text)
    if options.docs:
        keep("page", text)


if __name__ == "__main__":
    main()
