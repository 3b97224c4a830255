"""Run as a process of its own: the bytes of an .xls workbook in, its cells as lines of JSON out.

The lines are those of `workbook`. xlrd reads the cells; it does not tell formulas from values.
"""

import io
import json
from collections.abc import Iterator
from typing import Any, Final

import xlrd

from cptdiff.errors import Refused
from cptdiff.isolated.child import serve
from cptdiff.isolated.package import ERROR, Styles, refuse_broken
from cptdiff.isolated.workbook import MEMORY, NOTHING, TEXT, TRUTH

_STATES: Final = {0: "visible", 1: "hidden", 2: "veryHidden"}


def answer(data: bytes) -> Iterator[bytes]:
    """The lines for the workbook in `data`. Raise `Refused`: password E182, broken E215."""
    try:
        book = xlrd.open_workbook(file_contents=data, formatting_info=True, logfile=io.StringIO())
    except MemoryError:
        raise
    except Exception as error:  # what the library makes of hostile bytes has no one name
        if "encrypted" in str(error):
            raise Refused(
                "E182", "", "is password-protected", "save it without a password"
            ) from error
        raise refuse_broken("is no .xls workbook") from error
    yield _write_line({"macros": False, "links": False})
    formats = [book.format_map[one.format_key].format_str for one in book.xf_list]
    styles = Styles(formats, since_1904=book.datemode == 1)
    for sheet in book.sheets():
        state = _STATES.get(sheet.visibility, "hidden")
        yield _write_line({"sheet": sheet.name, "state": state})
        if state == "visible":
            yield from _write_sheet(sheet, styles)


def _write_sheet(sheet: Any, styles: Styles) -> Iterator[bytes]:  # noqa: ANN401 - untyped library
    numbers = []
    for at in range(sheet.nrows):
        cells = [_read_cell(cell, styles) for cell in sheet.row(at)]
        kinds, texts = "".join(kind for _, kind in cells), [text for text, _ in cells]
        used = len(kinds.rstrip(NOTHING))
        if used:
            numbers.append(at + 1)
            yield _write_line([at + 1, kinds[:used], texts[:used]])
    hidden = [at + 1 for at, row in sheet.rowinfo_map.items() if row.hidden]
    merged = [(top + 1, left + 1, bottom, right) for top, bottom, left, right in sheet.merged_cells]
    yield _write_line({"hidden": sorted(hidden), "merged": merged, "counted": numbers})


def _read_cell(cell: Any, styles: Styles) -> tuple[str, str]:  # noqa: ANN401 - as above
    match cell.ctype:
        case xlrd.XL_CELL_TEXT:
            return cell.value, TEXT if cell.value else NOTHING
        case xlrd.XL_CELL_NUMBER | xlrd.XL_CELL_DATE:
            return styles.write_number(repr(cell.value), str(cell.xf_index))
        case xlrd.XL_CELL_BOOLEAN:
            return str(bool(cell.value)).upper(), TRUTH
        case xlrd.XL_CELL_ERROR:
            return xlrd.error_text_from_code.get(cell.value, "#VALUE!"), ERROR
        case _:
            return "", NOTHING


def _write_line(said: Any) -> bytes:  # noqa: ANN401 - what JSON can say
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


if __name__ == "__main__":
    serve(answer, MEMORY)
