"""One sheet's cells as its user sees them, with what each one is (ECMA-376 part 1, 18.3)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final
from xml.etree import ElementTree as ET

from cptdiff.contained import MAX_COLUMNS
from cptdiff.contained.addresses import Range, address, letters, rectangle
from cptdiff.contained.package import bomb, broken, elements
from cptdiff.contained.strings import MAX_TEXT, unescaped, words
from cptdiff.contained.styles import DATE, ERROR, Styles

# What stands in a cell, one letter each; numbers have theirs in `styles`.
NOTHING: Final = " "
TEXT: Final = "s"
TRUTH: Final = "b"
FORMULA: Final = "="
UNCALCULATED: Final = "?"

MAX_GAP: Final = 100_000
MAX_CELLS: Final = 8_000_000
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
    """What a sheet holds; `rows` are (number, kinds, texts) that hold anything."""

    rows: list[tuple[int, str, list[str]]] = field(default_factory=list)
    hidden: list[int] = field(default_factory=list)
    merged: list[Range] = field(default_factory=list)


@dataclass
class _Reader:
    """Where the reading of a sheet stands."""

    strings: Sequence[str]
    styles: Styles
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
            raise broken("rows stand twice or out of order", f"!A{number}")
        self.row = number
        kinds, texts = self._cells(element)
        if not texts:
            return
        self._capped(texts)
        self.found.rows.append((number, "".join(kinds), texts))
        if element.get("hidden") in {"1", "true"}:
            self.found.hidden.append(number)

    def _cells(self, row: ET.Element) -> tuple[list[str], list[str]]:
        kinds: list[str] = []
        texts: list[str] = []
        column = 0
        for cell in row:
            column = self._at(cell, column)
            text, kind = self._content(cell, column)
            if kind == NOTHING:
                continue
            if column > MAX_COLUMNS:
                at = f"!{letters(column)}{self.row}"
                raise bomb(at, "a cell lies far from all others")
            if gap := column - 1 - len(texts):
                kinds.append(NOTHING * gap)
                texts.extend([""] * gap)
            kinds.append(kind)
            texts.append(text)
        return kinds, texts

    def _at(self, cell: ET.Element, before: int) -> int:
        said = cell.get("r")
        if not said:
            return before + 1
        row, column = address(said)
        if row != self.row or column <= before:
            raise broken("a cell stands twice or out of order", f"!{said}")
        return column

    def _content(self, cell: ET.Element, column: int) -> tuple[str, str]:
        """The cell's text and what it is; a formula's is the one that was calculated last."""
        value, formula = "", None
        kind = cell.get("t", "n")
        for child in cell:
            if child.tag in _VALUE:
                value = child.text or ""
            elif child.tag in _FORMULA:
                formula = child
            elif child.tag in _INLINE and kind == "inlineStr":
                value = words(child)
        text, what = self._typed(cell, kind, value) if value else ("", NOTHING)
        if formula is not None:
            return text, self._calculated(formula, what, kind)
        return text, FORMULA if self.arrays and self._in_array(what, column) else what

    def _typed(self, cell: ET.Element, kind: str, value: str) -> tuple[str, str]:
        try:
            return _TYPES[kind](self, value, cell.get("s", ""))
        except (KeyError, ValueError, IndexError) as error:
            at = f"!{cell.get('r', f'A{self.row}')}"
            raise broken("a cell's type and value do not go together", at) from error

    def number(self, text: str, style: str) -> tuple[str, str]:
        """A number, by its format."""
        return self.styles.shown(text, style)

    def shared(self, text: str, _: str) -> tuple[str, str]:
        """A text that stands among the shared ones. Raises ValueError, IndexError."""
        if not (text.isascii() and text.isdigit()):
            raise ValueError(text)
        found = self.strings[int(text)]
        return found, TEXT if found else NOTHING

    def _calculated(self, formula: ET.Element, what: str, kind: str) -> str:
        if formula.get("t") in _ONE_CELL and "ref" in formula.attrib:
            self.arrays.append(rectangle(formula.attrib["ref"]))
        if what == NOTHING:
            return NOTHING if kind == "str" else UNCALCULATED
        return ERROR if what == ERROR else FORMULA

    def _in_array(self, what: str, column: int) -> bool:
        return what not in {NOTHING, ERROR} and any(
            top <= self.row <= bottom and left <= column <= right
            for top, left, bottom, right in self.arrays
        )

    def _capped(self, texts: list[str]) -> None:
        at = f"!A{self.row}"
        if self.row - self.last > MAX_GAP:
            raise bomb(at, "a row lies far below all others")
        self.last = self.row
        self.slots += len(texts)
        self.size += sum(map(len, texts))
        if self.slots > MAX_CELLS or self.size > MAX_TEXT:
            raise bomb(at, "holds more than any release")


_TYPES: Final[dict[str, Callable[[_Reader, str, str], tuple[str, str]]]] = {
    "n": _Reader.number,
    "s": _Reader.shared,
    "str": lambda _, text, __: (unescaped(text), TEXT),
    "inlineStr": lambda _, text, __: (text, TEXT),
    "b": lambda _, text, __: (str(bool(int(text))).upper(), TRUTH),
    "d": lambda _, text, __: (text.removesuffix("T00:00:00"), DATE),
    "e": lambda _, text, __: (text, ERROR),
}


def cells(path: str, data: bytes, strings: Sequence[str], styles: Styles) -> Cells:
    """The cells of the sheet in the part `data`. Raises `Refused`: E213 too far or many, E215."""
    reader = _Reader(strings, styles)
    try:
        for element in elements(path, data):
            if element.tag in _ROW:
                reader.read_row(element)
                element.clear()
            elif element.tag in _MERGED:
                reader.found.merged.append(rectangle(element.get("ref", "")))
    except ValueError as error:
        raise broken(f"its part {path} holds what is no number or place") from error
    return reader.found
