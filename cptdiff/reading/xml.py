"""CPTPLA: one XML element per code."""

import re
from collections.abc import Mapping, Sequence
from typing import Final
from xml.etree import ElementTree as ET

import polars as pl

from cptdiff.codesets.layout import Xml
from cptdiff.errors import Refused
from cptdiff.reading.rows import FAULTS, Table, make_no_faults
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
    texts = [_list_texts(entry) for entry in entries]
    faults = {
        number: why
        for number, (entry, found) in enumerate(zip(entries, texts, strict=True), 1)
        if (inner or len(found) < len(entry)) and (why := _find_fault(entry, layout, inner))
    }
    whole = [at for at in range(len(entries)) if at + 1 not in faults]
    columns = _list_columns(layout, [entries[at] for at in whole], [texts[at] for at in whole])
    frame = pl.DataFrame(
        {"line": [at + 1 for at in whole], "kind": ["code"] * len(whole)} | columns,
        {"line": pl.UInt32, "kind": pl.String} | dict.fromkeys(columns, pl.String),
    )
    odd = [number - 1 for number in sorted(faults)]
    codes = _list_columns(layout, [entries[at] for at in odd], [texts[at] for at in odd])["code"]
    aside = pl.DataFrame(
        [(at + 1, "code", code.strip(), "", faults[at + 1], "", _FIX)
         for at, code in zip(odd, codes, strict=True)],
        FAULTS, orient="row",
    ) if odd else make_no_faults()  # fmt: skip
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


def _list_texts(entry: ET.Element) -> dict[str, str]:
    """The whole text of each element of an entry."""
    return {
        child.tag: "".join(child.itertext()) if len(child) else child.text or "" for child in entry
    }


def _list_columns(
    layout: Xml, entries: Sequence[ET.Element], texts: Sequence[Mapping[str, str]]
) -> dict[str, list[str]]:
    """By field the attributes of `entries`, and the `texts` of their elements."""
    given = {
        field: [entry.get(name, "") for entry in entries]
        for name, field in layout.attributes.items()
    }
    return given | {
        field: [found.get(name, "").strip() for found in texts]
        for name, field in layout.elements.items()
    }
