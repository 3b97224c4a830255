"""The rows of text, counted a second time: small state machines over the bytes (the row law).

They share no code with any reader, only what a layout says and where the data begins: `above` is
the number of lines before that. What a reader loses or doubles is missed here (E199). Joined lines,
which are slow to look for, are counted twice only where a reader found some line odd.
"""

import re
from collections import Counter
from collections.abc import Callable
from io import BytesIO
from itertools import pairwise
from typing import Final

from cptdiff.codesets.layout import Continued, FixedWidth, Prose, Xml

BLANK: Final = b" \t\v\f"
_CONTROL: Final = re.compile(rb"[\x00-\x09\x0e-\x1b\x1f\x7f]")


def count_unquoted(data: bytes, above: int) -> int:
    """How many lines hold more than blanks."""
    return _filled(_below(data, above))


def count_fixed(data: bytes, above: int, layout: FixedWidth) -> int:
    """How many lines hold more than blanks; two entries that were joined in one count both."""
    return count_unquoted(data, above) + _joined(_below(data, above), layout)


def _joined(body: bytes, layout: FixedWidth) -> int:
    if not layout.joined:
        return 0
    row, joined = _matcher(layout.row), _matcher(layout.joined)
    return sum(1 for line in BytesIO(body) if row(line) and joined(line))


def count_quoted(data: bytes, above: int, separator: str, blank: bytes) -> int:
    """How many rows hold more than `blank`; line ends inside quotes end none."""
    body = replace_quoted(_below(data, above), separator)
    if blank == BLANK:
        return _filled(body)
    return sum(bool(line.strip(blank + b"\r\n")) for line in BytesIO(body))


def replace_quoted(data: bytes, separator: str) -> bytes:
    """`data` with one letter for each quoted cell, so that its line ends are those of rows."""
    if b'"' not in data:
        return data
    mark = re.escape(separator.encode())
    return re.sub(rb'"(?:(?<=[%b\r\n]")|(?<=\A"))[^"]*+(?:""[^"]*+)*+"' % mark, b"_", data)


def count_continued(data: bytes, above: int, layout: Continued) -> int:
    """How many entries begin, or lines stand alone: a further line has the code of the line above.

    A line that looks like none of this layout counts for itself and stands between no two.
    """
    row, first = _matcher(layout.fixed.row), _matcher(layout.first)
    at = next(column for column in layout.fixed.columns if column.name == "code")
    begin, end = at.start - 1, at.start - 1 + (at.width or 0)
    like: list[bytes] = []
    unlike: list[bytes] = []
    body = _below(data, above)
    for line in BytesIO(body):
        (like if row(line) and not _moved(line, layout.fixed) else unlike).append(line)
    codes = [b"", *(line[begin:end] for line in like)]
    further = sum(
        code == before and not first(line)
        for line, (before, code) in zip(like, pairwise(codes), strict=True)
    )
    return (
        len(like)
        - further
        + sum(bool(line.strip()) for line in unlike)
        + _joined(body, layout.fixed)
    )


def _moved(line: bytes, layout: FixedWidth) -> bool:
    """Whether a line has a control character inside, or is more than one."""
    if _CONTROL.search(line) or (layout.joined and re.match(layout.joined.encode(), line)):
        return True
    return bool(layout.widest) and len(line.decode().rstrip(" \t\v\f\r\n")) > (layout.widest or 0)


def count_prose(data: bytes, layout: Prose) -> int:
    """How many modifiers begin, and paragraphs below a list's first one that begin none."""
    lists = {one.heading: one for one in layout.lists}
    total, one, has_modifier, is_inside = 0, None, False, False
    for line in _below(data, 0).decode().split("\n"):
        words = line.strip()
        if not words or words in lists:
            one = lists.get(words, one)
            has_modifier, is_inside = has_modifier and words not in lists, False
        elif one and not (is_inside and one.apart) and _begins(line, one.entry, is_inside):
            total, has_modifier, is_inside = total + 1, True, True
        elif not is_inside and re.match(layout.between, words):
            has_modifier = False
        elif has_modifier and not is_inside:
            total, is_inside = total + 1, True
    return total


def _begins(line: str, entry: str, is_inside: bool) -> bool:  # noqa: FBT001 - a state
    """Whether `line` begins a modifier as it stands or, where it may, with its gaps as blanks."""
    if re.match(entry, line):
        return True
    indent = line[: len(line) - len(line.lstrip(" \t"))]
    first, _, rest = line[len(indent) :].replace("\t", " ").partition(" ")
    return not (is_inside and indent) and bool(re.match(entry, f"{first} {rest.lstrip(' ')}"))


def count_xml(data: bytes, layout: Xml) -> int:
    """How many elements begin outside comments and the like."""
    bare = re.sub(rb"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>", b"", data, flags=re.DOTALL)
    return len(re.findall(rb"<%b[\s/>]" % re.escape(layout.entry.encode()), bare))


def _below(data: bytes, above: int) -> bytes:
    """What stands below the first `above` lines; each line ends in LF or CRLF."""
    if b"\r" in data and re.search(rb"\r(?!\n)", data):
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    start = 0
    for _ in range(above):
        start = data.find(b"\n", start) + 1 or len(data)
    return data[start:]


def _filled(body: bytes) -> int:
    return Counter(map(bytes.isspace, BytesIO(body)))[False]


def _matcher(pattern: str) -> Callable[[bytes], object]:
    return re.compile(pattern.encode()).match
