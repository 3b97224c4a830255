"""RFC 4180 read letter by letter: a second reader that shares nothing with ours (G8).

Beyond the RFC: a lone CR or LF ends a row as CRLF does, and a quote within a cell that does not
begin with one is a letter (section 2, rule 5 leaves that to the reader).
"""

from typing import NamedTuple


class Record(NamedTuple):
    """The line on which a row begins, from 1; its text without its line end; its cells."""

    line: int
    raw: str
    cells: list[str]


class BrokenError(ValueError):
    """A quote is never closed, or text follows a closed one."""


def records(text: str, separator: str) -> list[Record]:
    """Every row of `text`, blank lines among them."""
    found: list[Record] = []
    cells: list[str] = []
    cell, state, line, first, begin, at = "", "start", 1, 1, 0, 0
    while at < len(text):
        letter = text[at]
        end = text[at : at + 2] if text.startswith("\r\n", at) else letter
        is_end = letter in "\r\n"
        line += is_end
        if state == "quoted":
            if letter == '"':
                state = "closed"
            else:
                cell += end if is_end else letter
        elif letter == '"' and state in {"start", "closed"}:
            cell += '"' if state == "closed" else ""
            state = "quoted"
        elif letter == separator:
            cells.append(cell)
            cell, state = "", "start"
        elif is_end:
            found.append(Record(first, text[begin:at], [*cells, cell]))
            cells, cell, state, first, begin = [], "", "start", line, at + len(end)
        elif state == "closed":
            raise BrokenError(line)
        else:
            cell += letter
            state = "bare"
        at += len(end) if is_end else 1
    if state == "quoted":
        raise BrokenError(line)
    if begin < len(text):
        found.append(Record(first, text[begin:], [*cells, cell]))
    return found
