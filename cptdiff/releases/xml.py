"""CPTPLA: one XML element per code (formats.md 1.9)."""

from xml.etree import ElementTree as ET

import polars as pl

from cptdiff.errors import Refused
from cptdiff.formats.layout import Xml
from cptdiff.releases import counting
from cptdiff.releases.table import Table, none_faulty
from cptdiff.releases.text import Text


def xml(text: Text, layout: Xml) -> Table:
    """Rows of line (the entry's number), kind, code and fields; absent elements are empty."""
    if b"<!DOCTYPE" in text.data:
        wrong = "declares a document type, which is not read"
        raise Refused("E214", text.place, wrong, "get the publisher's own file")
    try:
        entries = list(ET.fromstring(text.data.decode()).iter(layout.entry))  # noqa: S314 - no DTD, so no entities
    except ET.ParseError as error:
        raise Refused(
            "E215", text.place, f"is not whole XML ({error})", "get the file again"
        ) from error
    texts = [{child.tag: child.text or "" for child in entry} for entry in entries]
    rows = [
        [entry.get(name, "") for name in layout.attributes]
        + [found.get(name, "").strip() for name in layout.elements]
        for entry, found in zip(entries, texts, strict=True)
    ]
    fields = [*layout.attributes.values(), *layout.elements.values()]
    frame = pl.DataFrame(rows, pl.Schema(dict.fromkeys(fields, pl.String)), orient="row")
    kind = pl.lit("code").alias("kind")
    frame = frame.with_row_index("line", 1).with_columns(kind)
    read = counting.xml(text.data, layout)
    return Table(frame, none_faulty(), read, text.encoding)
