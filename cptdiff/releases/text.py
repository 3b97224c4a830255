"""Bytes to text: what they hold, and what is cut or torn (reliability.md, rows 4 to 20)."""

import re
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from cptdiff.errors import Refused
from cptdiff.releases.encodings import as_utf8, marks
from cptdiff.releases.sources import content

_HEAD: Final = 4096
_BLANK: Final = b" \t\r\n\v\f\x1a"
_JSON: Final = re.compile(rb'\s*(?:\[\s*[\[{"\]]|\{\s*["}])')
_MAIL: Final = re.compile(rb"(?:From [^\n]*\n)?(?:[A-Za-z][A-Za-z-]*:[^\n]*\n(?:[ \t][^\n]*\n)*)+")
_POSTMARK: Final = re.compile(rb"(?im)^(?:received|return-path|message-id|mime-version):")

# The second bytes of UTF-8 as Windows-1252 shows them.
_SECOND: Final = "\u0080-\u00bf" + "".join(
    byte.to_bytes().decode("cp1252", "ignore") for byte in range(0x80, 0xA0)
)
# é as Ã©, and the dashes and quotes beginning with â€.
TWICE: Final = rf"[\u00c2\u00c3][{_SECOND}]|\u00e2(?:\u20ac|\u0080)[{_SECOND}]"
_TWICE: Final = re.compile(TWICE)
_FIRSTS: Final = ("\u00c2".encode(), "\u00c3".encode(), "\u00e2".encode())


@dataclass(frozen=True)
class Text:
    """A file's text as UTF-8 bytes without BOM, how it was encoded, and what is told of it."""

    place: str
    data: bytes
    encoding: str
    notes: tuple[str, ...] = ()

    @cached_property
    def has_lone_returns(self) -> bool:
        """Whether a CR stands anywhere without its LF."""
        return b"\r" in self.data and re.search(rb"\r(?!\n)", self.data) is not None


def decoded(place: str, data: bytes, *, ansi: bool, encoding: str | None = None) -> Text:
    """`data` as text, by `as_utf8`. Raises `Refused` for what is no text, empty, cut or torn."""
    _known(place, data)
    text, name = as_utf8(place, data, ansi=ansi, encoding=encoding)
    _whole(place, text, len(data))
    marked = marks(data).number
    notes = [f"{place}: byte order marks at the start: {marked}"] if marked > 1 else []
    kept = text.find(b"\x1a", len(text.rstrip(b"\x1a\r\n")))
    if kept >= 0:
        notes.append(f"{place}: Ctrl-Z at the end, left out: {text.count(26, kept)}")
        text = text[:kept]
    return Text(place, text, name, tuple(notes))


def lined(text: Text) -> Text:
    """`text` with LF and CRLF as they are; a CR that stands alone becomes an LF."""
    if not text.has_lone_returns:
        return text
    return replace(text, data=text.data.replace(b"\r\n", b"\n").replace(b"\r", b"\n"))


def line_ends(text: Text) -> tuple[str, ...]:
    """What is told of line ends other than CRLF alone or LF alone (rows 19, 20)."""
    returns, feeds = text.data.count(b"\r"), text.data.count(b"\n")
    if not returns or (returns == feeds and not text.has_lone_returns):
        return ()
    pairs = text.data.count(b"\r\n")
    ends = {"CRLF": pairs, "LF": feeds - pairs, "CR": returns - pairs}
    found = ", ".join(f"{number:,} {name}" for name, number in ends.items() if number)
    return (f"{text.place}: line ends are not all CRLF, nor all LF: {found}",)


def encoded_twice(data: bytes) -> bool:
    """Whether UTF-8 was read as Windows-1252 somewhere and written as UTF-8 again."""
    begun = not data.isascii() and any(first in data for first in _FIRSTS)
    return begun and _TWICE.search(data.decode()) is not None


def _whole(place: str, text: bytes, size: int) -> None:
    """Refuse a text that is empty, something else, or ends in what a torn copy leaves."""
    if not text[:_HEAD].strip(_BLANK) and not text.strip(_BLANK):
        raise Refused("E110", place, f"no data ({size} bytes)", "get the file again")
    _known(place, text)
    torn = len(text) - len(text.rstrip(b"\0"))
    if torn:
        wrong = f"the file ends in {torn:,} NUL bytes: a torn copy"
        raise Refused("E123", place, wrong, "copy the file again")


def _known(place: str, data: bytes) -> None:
    """Refuse what is no text by its first bytes (row 9)."""
    head = data[:_HEAD]
    what = content(head)
    if not what and _JSON.match(head):
        what = "JSON"
    mail = _MAIL.match(head)
    if not what and mail and _POSTMARK.search(mail[0]):
        what = "an e-mail"
    if what:
        wrong = f"content is {what}, its name says text"
        raise Refused("E130", place, wrong, "give the file that the publisher ships")
