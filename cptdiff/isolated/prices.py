"""Run as a process of its own: a hospital price file in JSON in, its items as a table out.

The file is CMS's form, versions 2.x and 3.0, often of hundreds of megabytes: it is parsed piece by
piece and never held. The answer is a line of JSON with counts and what is no item, then the table
(Arrow IPC), whose columns are called as in CMS's CSV form.
"""

import io
import json
import sys
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import partial
from typing import Any, BinaryIO, Final

import ijson
import polars as pl

from cptdiff.errors import Refused
from cptdiff.isolated import MAX_ROWS, cap_rows
from cptdiff.isolated.child import serve_stream

MEMORY: Final = 3 * 1024**3
# Half a gigabyte takes a third of it.
SECONDS: Final = 120
_PIECE: Final = 1024**2
# So many rows are kept as Python's objects.
_MOST_ROWS: Final = 50_000
ITEMS: Final = "standard_charge_information"
MODIFIERS: Final = "modifier_information"
# The columns of an item's charge, and what they are called in the CSV form.
_CHARGE: Final = (
    ("setting", "setting"),
    ("billing_class", "billing_class"),
    ("gross_charge", "standard_charge|gross"),
    ("discounted_cash", "standard_charge|discounted_cash"),
    ("minimum", "standard_charge|min"),
    ("maximum", "standard_charge|max"),
    ("additional_generic_notes", "additional_generic_notes"),
)
_FIRST: Final = ("line", "item number", "description")
_Row = dict[str, str]


class Table:
    """Rows that turn into columns whenever there are many; an absent cell is empty."""

    def __init__(self) -> None:
        self.rows: list[_Row] = []
        self.frames: list[pl.DataFrame] = []
        self.lines = 0

    def count(self) -> int:
        """The number of the next row. Raise `Refused` where there are more than any list has."""
        self.lines += 1
        if self.lines > MAX_ROWS:
            cap_rows("", self.lines)
        return self.lines

    def add(self, row: _Row) -> None:
        """Add a row."""
        self.rows.append({"line": str(self.count()), **row})
        if len(self.rows) >= _MOST_ROWS:
            self._pack()

    def _pack(self) -> None:
        names = dict.fromkeys(name for row in self.rows for name in row)
        columns = {name: [row.get(name, "") for row in self.rows] for name in names}
        self.frames.append(pl.DataFrame(columns, dict.fromkeys(columns, pl.String)))
        self.rows.clear()

    def write(self) -> bytes:
        """The table as Arrow IPC, codes in the order of their numbers."""
        self._pack()
        whole = pl.concat(self.frames, how="diagonal").fill_null("")
        buffer = io.BytesIO()
        names: list[str] = sorted(whole.columns, key=_place)
        whole.select(names).write_ipc(buffer)
        return buffer.getvalue()


def _place(name: str) -> tuple[int, int, str]:
    """Where a column stands: what an item is, its codes, the rest."""
    number = name.removesuffix("|type").removeprefix("code|")
    if number.isdecimal():
        return len(_FIRST), int(number), name
    return (_FIRST.index(name), 0, name) if name in _FIRST else (len(_FIRST) + 1, 0, name)


class Answer:
    """What is found: the rows, how many are the same item again, and what is no item."""

    def __init__(self) -> None:
        self.table = Table()
        self.repeated = 0
        self.faults: list[tuple[int, str]] = []
        self.counts = Counter[str]()

    def take_item(self, item: Any) -> None:  # noqa: ANN401 - any value of JSON
        """A row for the item, or for each of its sets of modifiers."""
        place = self._name_place("item")
        codes = _find_codes(item)
        charges = item.get("standard_charges") or [] if isinstance(item, dict) else None
        if codes is None or not isinstance(charges, list):
            self._set_aside(item)
            return
        drug = item.get("drug_information")
        drug = drug if isinstance(drug, dict) else {}
        start = {
            "item number": place,
            "description": _write(item.get("description")),
            **codes,
            "drug_unit_of_measurement": _write(drug.get("unit")),
            "drug_type_of_measurement": _write(drug.get("type")),
        }
        known = set()
        for charge in [one for one in charges if isinstance(one, dict)] or [{}]:
            modifiers = _join_modifiers(charge)
            if modifiers in known:
                self.repeated += 1
                continue
            known.add(modifiers)
            told = {name: _write(charge.get(key)) for key, name in _CHARGE}
            self.table.add({**start, "modifiers": modifiers, **told})

    def take_modifier(self, item: Any) -> None:  # noqa: ANN401 - any value of JSON
        """A row with a modifier only."""
        place = self._name_place("modifier")
        if not isinstance(item, dict):
            self._set_aside(item)
            return
        texts = {name: _write(item.get(name)) for name in ("description", "setting")}
        self.table.add({"item number": place, **texts, "modifiers": _write(item.get("code"))})

    def _name_place(self, kind: str) -> str:
        self.counts[kind] += 1
        return f"{kind} {self.counts[kind]}"

    def _set_aside(self, item: Any) -> None:  # noqa: ANN401 - any value of JSON
        raw = json.dumps(item, ensure_ascii=False)
        self.faults.append((self.table.count(), raw))


def _find_codes(item: Any) -> _Row | None:  # noqa: ANN401 - any value of JSON
    """The codes of an item by the names of their columns; None where it has no list of them."""
    if not isinstance(item, dict):
        return None
    codes = item.get("code_information")
    codes = [] if codes is None else codes
    if not isinstance(codes, list) or not all(isinstance(one, dict) for one in codes):
        return None
    found: _Row = {}
    for number, one in enumerate(codes, 1):
        found[f"code|{number}"] = _write(one.get("code"))
        found[f"code|{number}|type"] = _write(one.get("type"))
    return found


def _join_modifiers(charge: Mapping[str, Any]) -> str:
    """The modifiers of a charge, as a text or a list, under the names of either version."""
    found = charge.get("modifier_code") or charge.get("modifiers")
    return "|".join(map(_write, found)) if isinstance(found, list) else _write(found)


def _write(value: Any) -> str:  # noqa: ANN401 - any value of JSON
    if value is None or isinstance(value, str):
        return value or ""
    return json.dumps(value, ensure_ascii=False)


def answer(stream: BinaryIO, wanted: Collection[str]) -> Iterator[bytes]:
    """Yield counts, then the table. Raise `Refused` where the text is no JSON (E130).

    `wanted` are the names of the lists that are in the file: each is looked for with a parser.
    """
    found = Answer()
    takers = {ITEMS: found.take_item, MODIFIERS: found.take_modifier}
    parsers = [_Parser(f"{name}.item", takers[name]) for name in takers if name in wanted]
    try:
        while piece := stream.read(_PIECE):
            for parser in parsers:
                parser.feed(piece)
        for parser in parsers:
            parser.close()
    except (ijson.JSONError, UnicodeDecodeError) as error:
        fix = "get the file again; it may be cut off"
        raise Refused("E130", "", "is not valid JSON", fix) from error
    counts = {"repeated": found.repeated, "faults": found.faults}
    yield json.dumps(counts).encode() + b"\n"
    yield found.table.write()


class _Parser:
    """Takes the file in pieces, and hands on each item of one array."""

    def __init__(self, prefix: str, take: Callable[[Any], None]) -> None:
        self.items: Any = ijson.sendable_list()
        self.coroutine = ijson.items_coro(self.items, prefix, use_float=True)
        self.take = take

    def feed(self, piece: bytes) -> None:
        self.coroutine.send(piece)
        for item in self.items:
            self.take(item)
        del self.items[:]

    def close(self) -> None:
        self.coroutine.close()


if __name__ == "__main__":
    serve_stream(partial(answer, wanted=sys.argv[2:]), MEMORY, SECONDS)
