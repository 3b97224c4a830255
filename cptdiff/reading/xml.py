"""CPTPLA: one XML element per code."""

import re
from typing import Final
from xml.etree import ElementTree as ET

import polars as pl

from cptdiff.codesets.layout import Xml
from cptdiff.errors import Refused
from cptdiff.reading.rows import FAULTS, Table
from cptdiff.reading.text import Text

_FIX: Final = "compare it with the elements around it"


def read_xml(text: Text, layout: Xml) -> Table:
    """Rows of line (the entry's number), kind, code and fields; absent elements are empty.

    An entry that names an element twice or stands within another, and that other, are set aside.
    """
    root = _parse_root(text)
    # Without these words there is no namespace.
    if b"xmlns" in text.data or b"<xml:" in text.data:
        for element in root.iter():
            element.tag = _strip_namespace(element.tag)
    entries = list(root.iter(layout.entry))
    inner = _find_inner_entries(root, layout)
    faults = {
        number: why
        for number, entry in enumerate(entries, 1)
        if (why := _find_fault(entry, layout, inner))
    }
    numbers = [number for number in range(1, len(entries) + 1) if number not in faults]
    rows = [_list_cells(entries[number - 1], layout) for number in numbers]
    fields = [*layout.attributes.values(), *layout.elements.values()]
    columns = zip(*rows, strict=True) if rows else [()] * len(fields)
    frame = pl.DataFrame(
        {"line": numbers, "kind": ["code"] * len(rows)} | dict(zip(fields, columns, strict=True)),
        {"line": pl.UInt32, "kind": pl.String} | dict.fromkeys(fields, pl.String),
    )
    at = fields.index("code")
    aside = pl.DataFrame(
        [(number, "code", _list_cells(entries[number - 1], layout)[at].strip(), "", why, "", _FIX)
         for number, why in sorted(faults.items())],
        FAULTS, orient="row",
    )  # fmt: skip
    read = _count_entries(text.data, layout)
    return Table(frame, aside, read, text.encoding)


def _count_entries(data: bytes, layout: Xml) -> int:
    """Return how many entries begin outside comments and the like: lines mean nothing in XML."""
    bare = re.sub(rb"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>", b"", data, flags=re.DOTALL)
    return len(re.findall(rb"<%b[\s/>]" % re.escape(layout.entry.encode()), bare))


def _parse_root(text: Text) -> ET.Element:
    if b"<!DOCTYPE" in text.data:
        wrong = "declares a document type, which is not read"
        raise Refused("E214", text.place, wrong, "get the publisher's own file")
    try:
        return ET.fromstring(text.data.decode())  # noqa: S314 - no DTD, so no entities
    except ET.ParseError as error:
        raise Refused(
            "E215", text.place, f"is not complete XML ({error})", "get the file again"
        ) from error


def _strip_namespace(tag: str) -> str:
    return tag.rpartition("}")[2]


def _find_inner_entries(root: ET.Element, layout: Xml) -> frozenset[ET.Element]:
    """Return the entries that stand within another."""
    name = layout.entry
    return frozenset(root.findall(f".//{name}" if root.tag == name else f".//{name}//{name}"))


def _find_fault(entry: ET.Element, layout: Xml, inner: frozenset[ET.Element]) -> str:
    if entry in inner:
        return f"E150: is inside another {layout.entry}"
    if inner and entry.find(f".//{layout.entry}") is not None:
        return f"E150: contains another {layout.entry}"
    names = [child.tag for child in entry]
    if len(set(names)) == len(names):
        return ""
    doubled = [name for name in layout.elements if names.count(name) > 1]
    return f"E150: has more than one {', '.join(doubled)}" if doubled else ""


def _list_cells(entry: ET.Element, layout: Xml) -> list[str]:
    """An entry's attributes and the whole text of its elements."""
    found = {
        child.tag: "".join(child.itertext()) if len(child) else child.text or "" for child in entry
    }
    return [
        *(entry.get(name, "") for name in layout.attributes),
        *(found.get(name, "").strip() for name in layout.elements),
    ]
