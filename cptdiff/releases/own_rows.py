"""Rows of a user's table that are none: its header once more, a trailer, torn ones (14 to 34)."""

import re
from collections.abc import Sequence
from typing import Final

from cptdiff.errors import Refused
from cptdiff.releases.oddities import oddity, suspicious
from cptdiff.releases.own import Columns, Header, key_places
from cptdiff.releases.quoting import Row
from cptdiff.releases.text import Text

Why = tuple[str, str]
_REPEATED: Final = "E165: is the header once more: two files joined?", "delete the row"
_TRAILER: Final = "E165: is a trailer, no row", "delete the row"
_TOTAL: Final = re.compile(
    r"\W*(?:(?:grand |sub-? ?)?totals?|(?:row|record|code|line)s?(?: count)?|count)"
    r"(?:(?: (?:row|record|code|line)s?)?\W*[0-9,. ]*(?: (?:row|record|code|line)s?)?)?\W*"
    r"|\W*(?:end of (?:file|data|list|table|report)|eof|trailer)\W*",
    re.IGNORECASE,
)


def is_trailer(cell: str) -> bool:
    """Whether a table's last row says TOTAL, a count or the end where its key should stand."""
    return _TOTAL.fullmatch(cell) is not None


def strays(rows: Sequence[Row], header: Header, columns: Columns) -> dict[int, Why]:
    """Headers and trailers, by their place among `rows`, with fault and fix."""
    names = [name.casefold() for name in header.names]
    lead = key_places(header.names, columns)[0]
    found = {
        n: _REPEATED
        for n, (_, cells) in enumerate(rows)
        if lead < len(cells) and cells[lead].strip().casefold() == names[lead]
        and [cell.strip().casefold() for cell in cells] == names
    }  # fmt: skip
    for n in range(len(rows) - 1, -1, -1):
        if not _is_trailing(rows[n][1], lead):
            break
        found[n] = _TRAILER
    return found


def odd_rows(text: Text, rows: Sequence[Row]) -> dict[int, Why]:
    """Rows that hold what no row of text may, as `strays`."""
    if not suspicious(text.data):
        return {}
    return {n: why for n, (_, cells) in enumerate(rows) if (why := oddity(cells))}


def whole(text: Text, rows: Sequence[Row], header: Header, found: dict[int, Why]) -> None:
    """Refuse a table that breaks off within its last row (row 7)."""
    if not rows or len(rows) - 1 in found or text.data.endswith((b"\r", b"\n")):
        return
    (line, cells), width = rows[-1], len(header.names)
    if len(cells) < width:
        wrong = (
            f"the file seems cut: its last row has {len(cells)} of {width} cells and no line end;"
            f" size {len(text.data):,} bytes"
        )
        raise Refused("E121", f"{text.place}:{line}", wrong, "get the file again")


def _is_trailing(cells: Sequence[str], lead: int) -> bool:
    at = lead if lead < len(cells) and cells[lead].strip() else 0
    return is_trailer(cells[at].strip())
