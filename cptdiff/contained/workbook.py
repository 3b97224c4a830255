"""Run as a process of its own: a workbook's bytes in, its sheets out as lines of JSON.

The first line tells of the book. Each sheet begins with an object: its name and state; a visible
one goes on with a list for each row, [number, kinds, texts], and ends with an object.
"""

import json
from collections.abc import Iterator
from typing import Any, Final

from cptdiff.contained import package
from cptdiff.contained.child import serve
from cptdiff.contained.counted import counted
from cptdiff.contained.package import Package, broken
from cptdiff.contained.sheet import cells
from cptdiff.contained.strings import shared_strings
from cptdiff.contained.styles import Styles, styles
from cptdiff.errors import Refused

MEMORY: Final = 900 * 1024**2


def answer(data: bytes) -> Iterator[bytes]:
    """The lines for the workbook in `data`. Raises `Refused`."""
    book = package.opened(data)
    roots = book.related("")
    main = next((path for kind, path in roots.values() if kind == "officeDocument"), "")
    if main.endswith(".bin"):
        raise Refused("E130", "", "is a binary workbook (.xlsb)", "save it as .xlsx")
    if not main:
        raise broken("is no .xlsx workbook")
    parts = book.related(main)
    since_1904, listed = _listed(book, main)
    strings = _part(book, parts, "sharedStrings")
    texts = shared_strings(strings) if strings else []
    look = _part(book, parts, "styles")
    yield _line({
        "macros": any(kind == "vbaProject" for kind, _ in parts.values()),
        "links": any(kind == "externalLink" for kind, _ in parts.values()),
    })  # fmt: skip
    shown = styles(look, since_1904=since_1904) if look else Styles(())
    for name, state, key in listed:
        kind, path = parts.get(key, ("", ""))
        if kind != "chartsheet":
            yield _line({"sheet": name, "state": state})
            if state == "visible":
                yield from _sheet(book, name, path, texts, shown)


def _sheet(book: Package, name: str, path: str, texts: list[str], shown: Styles) -> Iterator[bytes]:
    data = book.read(path)
    try:
        found = cells(path, data, texts, shown)
    except Refused as error:
        raise Refused(error.slug, f"[{name}]{error.place}", error.wrong, error.fix) from error
    yield from map(_line, found.rows)
    empty = {at for at, text in enumerate(texts) if not text}
    number_of = {"hidden": found.hidden, "merged": found.merged, "counted": counted(data, empty)}
    yield _line(number_of)


def _listed(book: Package, main: str) -> tuple[bool, list[tuple[str, str, str]]]:
    """Whether dates count from 1904; the sheets: name, state, and the id of their part."""
    found: list[tuple[str, str, str]] = []
    calendar: list[str] = []

    def start(name: str, said: dict[str, str]) -> None:
        element = name.rpartition(" ")[2]
        if element == "workbookPr":
            calendar.append(said.get("date1904", ""))
        elif element == "sheet":
            key = next((said[key] for key in said if key.endswith("relationships id")), "")
            found.append((said.get("name", ""), said.get("state", "visible"), key))

    package.parse(main, book.read(main), {"StartElementHandler": start})
    return calendar[-1:] in (["1"], ["true"]), found


def _part(book: Package, parts: dict[str, tuple[str, str]], wanted: str) -> bytes:
    path = next((path for kind, path in parts.values() if kind == wanted), "")
    return book.read(path) if path else b""


def _line(said: Any) -> bytes:  # noqa: ANN401 - what JSON can say
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


if __name__ == "__main__":
    serve(answer, MEMORY)
