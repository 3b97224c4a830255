"""Reading a workbook back, whole or as its XML."""

import io
import re
import zipfile
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils.escape import unescape

SHEETS = ["Summary", "Changes", "Fields", "Crosswalk", "Excluded rows", "Sources"]


def sheet(data: bytes, name: str) -> Any:  # noqa: ANN401 - openpyxl has no types
    """Give the sheet with its fonts."""
    return load_workbook(io.BytesIO(data), rich_text=True)[name]


def values(data: bytes, name: str) -> list[list[str]]:
    """Give the rows of a sheet as text, what Excel writes as _xHHHH_ read as it does."""
    rows = load_workbook(io.BytesIO(data))[name].iter_rows(values_only=True)
    return [[unescape(cell) if cell else "" for cell in row] for row in rows]


def parts(data: bytes) -> dict[str, str]:
    """Give the XML of each part by its name."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def cells(data: bytes) -> list[str]:
    """Give the start tags of all cells of all sheets."""
    found = (xml for name, xml in parts(data).items() if name.startswith("xl/worksheets/sheet"))
    return [tag for xml in found for tag in re.findall(r"<c[ >][^>]*>?", xml)]
