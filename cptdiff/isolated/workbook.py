"""Run as a process of its own: a workbook's bytes in, its cells as lines of JSON out."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final
from xml.etree import ElementTree as ET

from cptdiff.errors import Refused
from cptdiff.isolated import count_rows, package
from cptdiff.isolated.child import serve
from cptdiff.isolated.package import (
    DATE,
    ERROR,
    NUMBER,
    Package,
    Styles,
    find_most_text,
    iterate_elements,
    read_shared_strings,
    read_styles,
    read_words,
    refuse_bomb,
    refuse_broken,
    unescape,
)
from cptdiff.limits import find_limits, propose_limit

Range = tuple[int, int, int, int]
_DIGITS = "0123456789"
_LONGEST = 7


def parse_address(said: str) -> tuple[int, int]:
    """The row and column, from 1. Raises ValueError."""
    name = said.rstrip(_DIGITS)
    row = said[len(name) :]
    if not row or len(row) > _LONGEST:
        raise ValueError(said)
    return int(row), parse_column(name)


def parse_rectangle(said: str) -> Range:
    """The first row and column, the last row and column. Raises ValueError."""
    first, _, last = said.partition(":")
    return (*parse_address(first), *parse_address(last or first))


@cache
def parse_column(name: str) -> int:
    """The column's number: A is 1, AA is 27. Raises ValueError."""
    if not (name.isascii() and name.isalpha() and name.isupper() and len(name) <= len("XFD")):
        raise ValueError(name)
    column = 0
    for letter in name:
        column = 26 * column + ord(letter) - 64
    return column


def name_column(column: int) -> str:
    """The column's name: 1 is A, 27 is AA."""
    name = ""
    while column:
        column, at = divmod(column - 1, 26)
        name = chr(65 + at) + name
    return name


# What stands in a cell, one letter each; numbers have theirs in `read_styles`.
NOTHING: Final = " "
TEXT: Final = "s"
TRUTH: Final = "b"
FORMULA: Final = "="
NO_RESULT: Final = "?"

MAX_GAP: Final = 100_000
_MOST_CELLS: Final = 8_000_000
# No cell with a value takes fewer.
_BYTES_PER_CELL: Final = 16
_ONE_CELL: Final = {"array", "dataTable"}
_MAIN: Final = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
)
# By name in either form of the standard.
_ROW, _VALUE, _FORMULA, _INLINE, _MERGED = (
    frozenset(f"{{{main}}}{name}" for main in _MAIN)
    for name in ("row", "v", "f", "is", "mergeCell")
)


@dataclass
class Cells:
    """What a sheet holds; `rows` are (number, kinds, texts) that hold anything.

    `amounts` are the columns, from 1, with a number that its format shows as an amount.
    """

    rows: list[tuple[int, str, list[str]]] = field(default_factory=list)
    hidden: list[int] = field(default_factory=list)
    merged: list[Range] = field(default_factory=list)
    amounts: set[int] = field(default_factory=set)


@dataclass
class _Reader:
    """Where the reading of a sheet stands."""

    strings: Sequence[str]
    styles: Styles
    part_size: int
    found: Cells = field(default_factory=Cells)
    arrays: list[Range] = field(default_factory=list)
    row: int = 0
    last: int = 0
    slots: int = 0
    size: int = 0

    def read_row(self, element: ET.Element) -> None:
        """Keep the row if it holds anything."""
        number = int(element.get("r") or self.row + 1)
        if number <= self.row:
            raise refuse_broken("rows stand twice or out of order", f"!A{number}")
        self.row = number
        kinds, texts = self._read_row_cells(element)
        if not texts:
            return
        self._cap_size(texts)
        self.found.rows.append((number, "".join(kinds), texts))
        if element.get("hidden") in {"1", "true"}:
            self.found.hidden.append(number)

    def _read_row_cells(self, row: ET.Element) -> tuple[list[str], list[str]]:
        kinds: list[str] = []
        texts: list[str] = []
        column = 0
        for cell in row:
            column = self._find_column(cell, column)
            text, kind = self._read_content(cell, column)
            if kind == NOTHING:
                continue
            if column > find_limits().columns:
                at = f"!{name_column(column)}{self.row}"
                option = propose_limit("columns", column)
                raise refuse_bomb(at, "a cell lies far from all others", option)
            if gap := column - 1 - len(texts):
                kinds.append(NOTHING * gap)
                texts.extend([""] * gap)
            kinds.append(kind)
            texts.append(text)
        return kinds, texts

    def _find_column(self, cell: ET.Element, before: int) -> int:
        said = cell.get("r")
        if not said:
            return before + 1
        row, column = parse_address(said)
        if row != self.row or column <= before:
            raise refuse_broken("a cell is there twice or out of order", f"!{said}")
        return column

    def _read_content(self, cell: ET.Element, column: int) -> tuple[str, str]:
        """The cell's text and what it is; a formula's is the one that was calculated last."""
        value, formula = "", None
        kind = cell.get("t", "n")
        for child in cell:
            if child.tag in _VALUE:
                value = child.text or ""
            elif child.tag in _FORMULA:
                formula = child
            elif child.tag in _INLINE and kind == "inlineStr":
                value = read_words(child)
        text, what = self._read_value(cell, kind, value) if value else ("", NOTHING)
        if what == NUMBER and self.styles.shows_amount(cell.get("s", "")):
            self.found.amounts.add(column)
        if formula is not None:
            return text, self._check_result(formula, what, kind)
        return text, FORMULA if self.arrays and self._is_in_array(what, column) else what

    def _read_value(self, cell: ET.Element, kind: str, value: str) -> tuple[str, str]:
        try:
            return _TYPES[kind](self, value, cell.get("s", ""))
        except (KeyError, ValueError, IndexError) as error:
            at = f"!{cell.get('r', f'A{self.row}')}"
            raise refuse_broken("a cell's type and value do not go together", at) from error

    def read_number(self, text: str, style: str) -> tuple[str, str]:
        """A number, by its format."""
        return self.styles.write_number(text, style)

    def read_shared(self, text: str, _: str) -> tuple[str, str]:
        """A text that stands among the shared ones. Raises ValueError, IndexError."""
        if not (text.isascii() and text.isdigit()):
            raise ValueError(text)
        found = self.strings[int(text)]
        return found, TEXT if found else NOTHING

    def _check_result(self, formula: ET.Element, what: str, kind: str) -> str:
        if formula.get("t") in _ONE_CELL and "ref" in formula.attrib:
            self.arrays.append(parse_rectangle(formula.attrib["ref"]))
        if what == NOTHING:
            return NOTHING if kind == "str" else NO_RESULT
        return ERROR if what == ERROR else FORMULA

    def _is_in_array(self, what: str, column: int) -> bool:
        return what not in {NOTHING, ERROR} and any(
            top <= self.row <= bottom and left <= column <= right
            for top, left, bottom, right in self.arrays
        )

    def _cap_size(self, texts: list[str]) -> None:
        at = f"!A{self.row}"
        if self.row - self.last > MAX_GAP:
            raise refuse_bomb(at, "a row lies far below all others")
        self.last = self.row
        self.slots += len(texts)
        self.size += sum(map(len, texts))
        most = max(_MOST_CELLS, self.part_size // _BYTES_PER_CELL)
        if self.slots > most or self.size > find_most_text(self.part_size):
            raise refuse_bomb(at, "contains more than its size allows")


_TYPES: Final[dict[str, Callable[[_Reader, str, str], tuple[str, str]]]] = {
    "n": _Reader.read_number,
    "s": _Reader.read_shared,
    "str": lambda _, text, __: (unescape(text), TEXT),
    "inlineStr": lambda _, text, __: (text, TEXT),
    "b": lambda _, text, __: (str(bool(int(text))).upper(), TRUTH),
    "d": lambda _, text, __: (text.removesuffix("T00:00:00").replace("T", " "), DATE),
    "e": lambda _, text, __: (text, ERROR),
}


def read_cells(path: str, data: bytes, strings: Sequence[str], styles: Styles) -> Cells:
    """The cells of the sheet in the part `data`. Raises `Refused`: E213 too far or many, E215."""
    reader = _Reader(strings, styles, len(data))
    try:
        for element in iterate_elements(path, data):
            if element.tag in _ROW:
                reader.read_row(element)
                element.clear()
            elif element.tag in _MERGED:
                reader.found.merged.append(parse_rectangle(element.get("ref", "")))
    except ValueError as error:
        raise refuse_broken(
            f"its part {path} contains an invalid number or cell address"
        ) from error
    return reader.found


MEMORY: Final = 900 * 1024**2


def answer(data: bytes) -> Iterator[bytes]:
    """The lines for the workbook in `data`. Raises `Refused`."""
    book = package.open_package(data)
    roots = book.list_related("")
    main = next((path for kind, path in roots.values() if kind == "officeDocument"), "")
    if main.endswith(".bin"):
        raise Refused("E130", "", "is a binary workbook (.xlsb)", "save it as .xlsx")
    if not main:
        raise refuse_broken("is no .xlsx workbook")
    parts = book.list_related(main)
    since_1904, listed = _list_sheets(book, main)
    strings = _find_part(book, parts, "sharedStrings")
    texts = read_shared_strings(strings) if strings else []
    look = _find_part(book, parts, "styles")
    yield _write_line({
        "macros": any(kind == "vbaProject" for kind, _ in parts.values()),
        "links": any(kind == "externalLink" for kind, _ in parts.values()),
    })  # fmt: skip
    shown = read_styles(look, since_1904=since_1904) if look else Styles(())
    for name, state, key in listed:
        kind, path = parts.get(key, ("", ""))
        if kind != "chartsheet":
            yield _write_line({"sheet": name, "state": state})
            if state == "visible":
                yield from _write_sheet(book, name, path, texts, shown)


def _write_sheet(
    book: Package, name: str, path: str, texts: list[str], shown: Styles
) -> Iterator[bytes]:
    data = book.read(path)
    try:
        found = read_cells(path, data, texts, shown)
    except Refused as error:
        raise Refused(error.slug, f"[{name}]{error.place}", error.wrong, error.fix) from error
    yield from map(_write_line, found.rows)
    empty = {at for at, text in enumerate(texts) if not text}
    yield _write_line({
        "hidden": found.hidden, "merged": found.merged, "counted": count_rows(data, empty),
        "amounts": sorted(found.amounts),
    })  # fmt: skip


def _list_sheets(book: Package, main: str) -> tuple[bool, list[tuple[str, str, str]]]:
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


def _find_part(book: Package, parts: dict[str, tuple[str, str]], wanted: str) -> bytes:
    path = next((path for kind, path in parts.values() if kind == wanted), "")
    return book.read(path) if path else b""


def _write_line(said: Any) -> bytes:  # noqa: ANN401 - what JSON can say
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


if __name__ == "__main__":
    serve(answer, MEMORY)
