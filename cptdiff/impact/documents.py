"""Lists in JSON: prices of hospitals, value sets, concept sets, arrays of objects or of codes.

All become tables, whose columns are called as in the same list as a table (`forms`). Each entry is
a row, and counts from 1; what is no entry is set aside.
"""

import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

import polars as pl

from cptdiff.errors import Refused
from cptdiff.isolated import run_isolated
from cptdiff.model import OWN
from cptdiff.reading import FAULTS, convert_to_utf8

# How a file of hospital prices is told: no other list is as large, so it is not held.
_PRICES: Final = "standard_charge_information"
_OF_PRICES: Final = (_PRICES, "modifier_information")
_HALF_LETTER: Final = re.compile(rb"\\u[dD][89a-fA-F]")
_NOT_READ: Final = "E374: is not an entry with codes"
_FIX: Final = "save the list as CSV, or as a JSON array of objects with plain values"
_EXPAND: Final = "give the expansion of the value set, which lists its codes"
_CORRECT: Final = "correct the entry"


class Document(NamedTuple):
    """A list in a file: `frame` has line and texts (`OWN`), `faults` (`FAULTS`) the rest.

    `sheet` names it where there are several; `repeated` counts charges that are an item
    again.
    """

    sheet: str
    frame: pl.DataFrame
    faults: pl.DataFrame
    repeated: int = 0


_NAMES: Final = [OWN + name for name in ("code", "code system", "display", "excluded")]


class _Rows:
    """The rows of a list: codes of a set, and rules that cannot be read as codes."""

    def __init__(self) -> None:
        self.codes: list[tuple[int, str, str, str, str]] = []
        self.faults: list[tuple[int, str, str, str]] = []

    def _count(self) -> int:
        return len(self.codes) + len(self.faults) + 1

    def add(self, code: object, system: object, text: object, *, excluded: object = False) -> None:
        """Add an entry."""
        cells = (_write(code), _write(system), _write(text), "true" if excluded is True else "")
        self.codes.append((self._count(), *cells))

    def set_aside(self, entry: object, wrong: str = _NOT_READ, fix: str = _CORRECT) -> None:
        """Add what is no entry."""
        self.faults.append((self._count(), wrong, _write(entry), fix))

    def close(self, sheet: str) -> Document:
        """The list."""
        schema = {"line": pl.UInt32} | dict.fromkeys(_NAMES, pl.String)
        return Document(
            sheet, pl.DataFrame(self.codes, schema, orient="row"), list_faults(self.faults)
        )


def list_faults(faults: Sequence[tuple[int, str, str, str]]) -> pl.DataFrame:
    """Return rows that are set aside (line, what is wrong, the row, what to do) as `FAULTS`."""
    rows = [
        {"line": line, "kind": "", "code": "", "column": "", "fault": wrong, "raw": raw, "fix": fix}
        for line, wrong, raw, fix in faults
    ]
    return pl.DataFrame(rows, FAULTS)


def read_documents(place: str, data: bytes) -> Iterator[Document]:
    """Yield each list of a file in JSON. Raise `Refused` for what is none (E130)."""
    text, _ = convert_to_utf8(place, data, ansi=True, encoding=None)
    if _is_in(_PRICES, text):
        yield _read_prices(place, text)
        return
    try:
        content: Any = json.loads(text)
        if _HALF_LETTER.search(text):
            # Halves of a letter, which no text can hold, become question marks.
            content = json.loads(json.dumps(content, ensure_ascii=False).encode(errors="replace"))
    except (ValueError, RecursionError) as error:
        raise Refused("E130", place, "is not valid JSON", _FIX) from error
    sets = [*_find_sets(content)]
    for number, (name, entries) in enumerate(sets, 1):
        same = sum(other == name for other, _ in sets)
        sheet = " ".join(filter(None, [name or "set", f"({number})" if same > 1 else ""]))
        yield entries.close(sheet if len(sets) > 1 else "")
    if not sets:
        yield _read_plain(place, content)


def _read_prices(place: str, text: bytes) -> Document:
    """The items of hospital prices, then the modifiers that stand for themselves."""
    frames: list[pl.DataFrame] = []
    faults: list[tuple[int, str, str, str]] = []
    lines = repeated = 0
    for name in (one for one in _OF_PRICES if _is_in(one, text)):
        answer = run_isolated("cptdiff.isolated.prices", place, text, name)
        counts, _, packed = answer.partition(b"\n")
        said = json.loads(counts)
        line = pl.col("line").cast(pl.UInt32) + lines
        frames.append(pl.read_ipc(io.BytesIO(packed)).with_columns(line))
        faults += [(lines + number, _NOT_READ, raw, _CORRECT) for number, raw in said["faults"]]
        lines, repeated = lines + said["rows"], repeated + said["repeated"]
    texts = pl.concat(frames, how="diagonal").with_columns(pl.selectors.string().fill_null(""))
    named = texts.rename({name: OWN + name for name in texts.columns if name != "line"})
    return Document("", named, list_faults(faults), repeated)


def _is_in(name: str, text: bytes) -> bool:
    return f'"{name}"'.encode() in text


def _find_sets(content: Any) -> Iterator[tuple[str, _Rows]]:  # noqa: ANN401 - any value of JSON
    """Value sets of FHIR, also those in a bundle, and concept sets of OHDSI, with their names."""
    if not isinstance(content, dict):
        return
    kind = content.get("resourceType")
    if kind == "ValueSet":
        yield _name_set(content), _read_value_set(content)
    elif kind == "Bundle":
        for entry in _list(content.get("entry")):
            yield from _find_sets(_dict(entry).get("resource"))
    elif isinstance(content.get("ConceptSets"), list):
        for one in content["ConceptSets"]:
            yield from _find_sets(one)
    else:
        items = _dict(content.get("expression", content)).get("items")
        if isinstance(items, list) and all("concept" in _dict(one) for one in items):
            yield _name_set(content), _read_concepts(items)


def _name_set(content: Mapping[str, Any]) -> str:
    names = (_write(content.get(name)) for name in ("name", "title", "id"))
    return next(filter(None, names), "")


def _read_value_set(content: Mapping[str, Any]) -> _Rows:
    """What a value set of FHIR lists: its expansion; without one, what it is composed of."""
    rows = _Rows()
    expansion = _dict(content.get("expansion"))
    left = [*reversed(_list(expansion.get("contains")))]
    while left:
        entry = left.pop()
        if not isinstance(entry, dict):
            rows.set_aside(entry)
            continue
        rows.add(entry.get("code"), entry.get("system"), entry.get("display"))
        left += reversed(_list(entry.get("contains")))
    if not expansion:
        compose = _dict(content.get("compose"))
        for name in ("include", "exclude"):
            for part in _list(compose.get(name)):
                _read_part(part, rows, is_excluded=name == "exclude")
    return rows


def _read_part(part: Any, rows: _Rows, *, is_excluded: bool) -> None:  # noqa: ANN401 - as above
    """The concepts of an include or exclude; rules other than one code's family are set aside."""
    if not isinstance(part, dict):
        rows.set_aside(part)
        return
    system = part.get("system")
    concepts, filters = _list(part.get("concept")), _list(part.get("filter"))
    for concept in concepts:
        if isinstance(concept, dict):
            rows.add(concept.get("code"), system, concept.get("display"), excluded=is_excluded)
        else:
            rows.set_aside(concept)
    if concepts or is_excluded:
        return
    if not filters and not part.get("valueSet"):
        rows.set_aside(part, "E374: stands for a whole code system", _EXPAND)
    for rule in (*filters, *_list(part.get("valueSet"))):
        rows.set_aside(rule, "E374: is a rule, not a code", _EXPAND)


def _read_concepts(items: Sequence[Mapping[str, Any]]) -> _Rows:
    """What a concept set of OHDSI lists; descendants are those of the codes that are headers."""
    rows = _Rows()
    for item in items:
        concept = item["concept"]
        if not isinstance(concept, dict):
            rows.set_aside(item)
            continue
        folded = {str(name).upper(): value for name, value in concept.items()}
        rows.add(
            folded.get("CONCEPT_CODE"), folded.get("VOCABULARY_ID"), folded.get("CONCEPT_NAME"),
            excluded=item.get("isExcluded"),
        )  # fmt: skip
    return rows


def _read_plain(place: str, content: Any) -> Document:  # noqa: ANN401 - any value of JSON
    """The one list of objects in a file, a column for each of their names; or a list of codes."""
    found = [content] if isinstance(content, list) else []
    if isinstance(content, dict):
        found = [one for one in content.values() if _are_plain(one)]
    if len(found) != 1 or not _are_plain(found[0]):
        raise Refused("E130", place, "does not contain one list of objects", _FIX)
    entries = found[0] if isinstance(found[0][0], dict) else [{"code": one} for one in found[0]]
    names = dict.fromkeys(name for one in entries for name in one)
    columns = {OWN + name: [_write(one.get(name)) for one in entries] for name in names}
    frame = pl.DataFrame(columns, dict.fromkeys(columns, pl.String)).with_row_index("line", 1)
    return Document("", frame, FAULTS.to_frame())


def _are_plain(values: object) -> bool:
    """Whether this is a list of objects, or of texts."""
    if not isinstance(values, list) or not values:
        return False
    return any(all(isinstance(one, kind) for one in values) for kind in (dict, str))


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _dict(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _write(value: object) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    return json.dumps(value, ensure_ascii=False)
