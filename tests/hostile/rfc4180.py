"""RFC 4180 read letter by letter: a second reader that shares nothing with ours (G8).

Beyond the RFC: a lone CR or LF ends a row as CRLF does, and a quote within a cell that does not
begin with one is a letter (section 2, rule 5 leaves that to the reader).
"""

import re
from typing import NamedTuple


class Record(NamedTuple):
    """The line on which a row begins, from 1; its text without its line end; its cells."""

    line: int
    raw: str
    cells: list[str]
    is_broken: bool = False


class BrokenError(ValueError):
    """A quote is never closed, or text follows a closed one."""


def closes(line: str, separator: str) -> bool:
    """Tell whether each cell that a quote opens ends on its line, before a separator or the end."""
    state, parts = "start", []
    for at, letter in enumerate(line):
        behind = line[at + 1 :].lstrip(" \t" if separator != "\t" else " ")
        if state == "start" and letter == '"':
            state = "open"
        elif state == "open" and letter == '"' and behind[:1] in {"", separator}:
            state = "closed"
        elif letter == separator and state != "open":
            state = "start"
        elif state == "start":
            state = "bare"
        parts.append(state)
    return "open" not in parts[-1:]


def go_on(text: str, at: int, line: int, separator: str) -> list[Record]:
    """Read on behind a line, which ends at `at`."""
    end = 2 if text.startswith("\r\n", at) else 1
    below = records(text[at + end :], separator, rescues=True)
    return [row._replace(line=row.line + line) for row in below]


def records(  # noqa: C901 - one state machine
    text: str, separator: str, *, rescues: bool = False
) -> list[Record]:
    """Every row of `text`, blank lines among them.

    With `rescues` a broken row of one line whose cells end on it is one too.
    """
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
            rest = re.split("[\r\n]", text[begin:])[0]
            if not rescues or line != first or not closes(rest, separator):
                raise BrokenError(line)
            broken = Record(first, rest, [rest], is_broken=True)
            return [*found, broken, *go_on(text, begin + len(rest), line, separator)]
        else:
            cell += letter
            state = "bare"
        at += len(end) if is_end else 1
    if state == "quoted":
        raise BrokenError(line)
    if begin < len(text):
        found.append(Record(first, text[begin:], [*cells, cell]))
    return found
