"""Reading a workbook back, whole or as its XML."""

import io
import re
import zipfile
from typing import Any
from xml.etree import ElementTree as ET

from openpyxl import load_workbook
from openpyxl.utils.cell import range_boundaries
from openpyxl.utils.escape import unescape

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
SHEETS = ["Summary", "Changes", "Fields", "Crosswalk", "Reconciliation", "Excluded rows", "Sources"]


def sheet(data: bytes, name: str) -> Any:  # noqa: ANN401 - openpyxl has no types
    """Give the sheet with its fonts."""
    return load_workbook(io.BytesIO(data), rich_text=True)[name]


def values(data: bytes, name: str) -> list[list[str]]:
    """Give the rows of a sheet as text, each <t> read as Excel does; openpyxl drops _x005F_.

    A number stands as the file has it, without separators.
    """
    found = parts(data)
    strings = [
        "".join(unescape(text.text or "") for text in one.iter(f"{MAIN}t"))
        for one in ET.fromstring(found["xl/sharedStrings.xml"])  # noqa: S314 - our own
    ]
    page = ET.fromstring(found[f"xl/worksheets/sheet{SHEETS.index(name) + 1}.xml"])  # noqa: S314 - as above
    (whole,) = page.iter(f"{MAIN}dimension")
    _, first_row, last, rows = range_boundaries(whole.attrib["ref"])
    table = [[""] * last for _ in range(rows - first_row + 1)]
    for cell in page.iter(f"{MAIN}c"):
        column, row, *_ = range_boundaries(cell.attrib["r"])
        text = cell.findtext(f"{MAIN}v")
        is_text = cell.attrib.get("t") == "s"
        table[row - first_row][column - 1] = strings[int(text)] if text and is_text else text or ""
    return table


def parts(data: bytes) -> dict[str, str]:
    """Give the XML of each part by its name."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def cells(data: bytes) -> list[str]:
    """Give the start tags of all cells of all sheets."""
    found = (xml for name, xml in parts(data).items() if name.startswith("xl/worksheets/sheet"))
    return [tag for xml in found for tag in re.findall(r"<c[ >][^>]*>?", xml)]


def numbers(data: bytes, name: str) -> set[str]:
    """Give the heads of the columns of a sheet that hold numbers."""
    page = sheet(data, name)
    return {
        page.cell(1, cell.column).value
        for row in page.iter_rows(min_row=2)
        for cell in row
        if isinstance(cell.value, int | float)
    }
