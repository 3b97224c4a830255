"""One reader for each layout class."""

from typing import Final

from cptdiff.errors import Refused
from cptdiff.formats.layout import (
    Columnar,
    Continued,
    Delimited,
    FixedWidth,
    Own,
    Prose,
    Workbook,
    Xml,
)
from cptdiff.releases.delimited import delimited
from cptdiff.releases.fixed import continued, fixed_width
from cptdiff.releases.identify import Use
from cptdiff.releases.own import Columns
from cptdiff.releases.own_books import own_parquet, own_workbook
from cptdiff.releases.own_text import own_text
from cptdiff.releases.prose import prose
from cptdiff.releases.table import Table
from cptdiff.releases.text import decoded, lined
from cptdiff.releases.workbook import workbook
from cptdiff.releases.xml import xml

MAX_ROWS: Final = 5_000_000


def read(use: Use, place: str, data: bytes, columns: Columns) -> Table:
    """The rows of one member, by its format's layout. Raises `Refused` where it has none."""
    layout = use.format.layout
    match layout:
        case Columnar():
            table = own_parquet(place, data, columns)
        case Workbook():
            own = not layout.required
            table = own_workbook(place, data, columns) if own else workbook(place, data, layout)
        case _:
            table = _text(use, place, data, columns)
    if not table.frame.height and not table.faults.height:
        raise Refused("E111", place, "has no rows", "get the file again")
    return table


def _text(use: Use, place: str, data: bytes, columns: Columns) -> Table:
    if data.count(b"\n") > MAX_ROWS:
        wrong = f"has more than {MAX_ROWS:,} lines"
        raise Refused("E170", place, wrong, "check that it is the right file")
    text = decoded(place, data, ansi=use.format.ansi)
    layout = use.format.layout
    if not isinstance(layout, Own):
        text = lined(text)
    match layout:
        case FixedWidth():
            return fixed_width(text, layout)
        case Continued():
            return continued(text, layout)
        case Delimited():
            return delimited(text, layout)
        case Prose():
            return prose(text, layout)
        case Xml():
            return xml(text, layout)
        case Own():
            return own_text(text, columns)
        case _:
            raise TypeError(layout)
