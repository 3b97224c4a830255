"""A page that lets every text through, to show that the harness sees what runs."""

import json
import re
from collections.abc import Sequence
from pathlib import Path

from tests.browser.opened import Opened

NOWHERE = "http://127.0.0.1:9/"  # where the payloads reach out to
# Text, style, attributes in all quotings, a comment, a script's string, a link that is followed.
_NAIVE = """<!doctype html>{policy}<title>{text}</title><style>{text}</style>
<h1 title="{text}">{text}</h1><p class={text}>{text}</p><!-- {text} -->
<p title='{text}'><a href="{text}">{text}</a></p><script>const said = "{text}"</script>
<script>{ const link = document.querySelector("a");
link?.protocol == "javascript:" && link.click() }</script></html>"""
# Frames show the pages, a few at a time, each until it is loaded and a moment longer. What a page
# alerts is kept.
_BOARD = """<!doctype html><html lang="en"><title>Board</title><body><script>
const pages = {pages}
var ran = []
const told = "<script>alert = number => top.ran.push(number)<" + "/script>"
const later = time => new Promise(after => setTimeout(after, time))
async function show() {
    while (pages.length) {
        const frame = document.createElement("iframe")
        const loaded = new Promise(after => frame.addEventListener("load", after))
        frame.srcdoc = told + pages.pop()
        document.body.append(frame)
        await Promise.race([loaded, later(1000)])
        await later(20)
        frame.remove()
    }
}
var shown = Promise.all(Array.from({length: 8}, show))
</script></html>"""
_POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy" content="[^"]*">')


def policy_of(page: Path) -> str:
    """Give the element by which a page tells its Content-Security-Policy."""
    (found,) = _POLICY.findall(page.read_text("utf-8"))
    return str(found)


def board(folder: Path, texts: Sequence[str], policy: str = "") -> Path:
    """Write a page that shows a naive page for each text, in frames of its own origin."""
    pages = [_NAIVE.replace("{policy}", policy).replace("{text}", text) for text in texts]
    path = folder / "board.html"
    listed = json.dumps(pages).replace("<", "\\u003c")
    path.write_text(_BOARD.replace("{pages}", listed), encoding="utf-8")
    return path


def numbers_run(opened: Opened, board: Path) -> set[int]:
    """Open the board; give the numbers that the payloads' scripts said."""
    opened.context.route(f"{NOWHERE}**", lambda route: route.fulfill(status=204))
    opened.dialogs.clear()
    opened.goto(board).page.evaluate("shown")
    said: Sequence[object] = opened.page.evaluate("ran")
    return {int(str(number)) for number in (*said, *opened.dialogs)}
