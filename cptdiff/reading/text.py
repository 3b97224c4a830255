"""Bytes to text: encodings, what is cut or torn, line ends."""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final, NamedTuple

import polars as pl

from cptdiff.errors import Refused
from cptdiff.model import Note, make_notes
from cptdiff.reading.sources import recognize_content

MARK: Final = "\ufeff"
_BOMS: Final = (
    (b"\xef\xbb\xbf", "utf-8", "UTF-8 with BOM"),
    (b"\xff\xfe\x00\x00", "utf-32-le", "UTF-32"),
    (b"\x00\x00\xfe\xff", "utf-32-be", "UTF-32"),
    (b"\xff\xfe", "utf-16-le", "UTF-16"),
    (b"\xfe\xff", "utf-16-be", "UTF-16"),
)
# By which of four bytes are NUL in text of few other letters than ASCII.
_WIDE: Final[dict[tuple[bool, ...], str]] = {
    (False, True, False, True): "utf-16-le",
    (True, False, True, False): "utf-16-be",
    (False, True, True, True): "utf-32-le",
    (True, True, True, False): "utf-32-be",
}
_HEAD: Final = 4096
# Codecs whose bytes mean something by what stands before them, or that are no encoding of files.
_UNFIT: Final = re.compile(
    r"utf-7|hz|iso2022.*|idna|punycode|undefined|(?:raw_|raw-)?unicode.escape"
)
_BEYOND_ASCII: Final = bytes(range(0x80, 0x100))
# So many bytes are decoded at once.
_PIECE: Final = 16 * 1024 * 1024
_CUT: Final = ("unexpected end of data", "truncated data", "incomplete multibyte sequence")


class Marked(NamedTuple):
    """The byte order marks in front: bytes, number, the codec that they tell, and its name."""

    size: int
    number: int
    codec: str
    name: str


def convert_to_utf8(
    place: str, data: bytes, *, ansi: bool, encoding: str | None
) -> tuple[bytes, str]:
    """`data` as UTF-8 without marks, and the name of its encoding.

    With `ansi`, bytes that are not UTF-8 are Windows-1252. `encoding` is what the
    user named; empty where none was, None where none can be. Raises `Refused` where `data` cannot
    be decoded to the last byte.
    """
    marked = find_marks(data)
    if encoding:
        return _convert_as_named(place, data, marked, encoding)
    if marked.codec:
        return _recode(place, data, marked.size, marked.codec), marked.name
    return _convert_unmarked(place, data, ansi=ansi, fixable=encoding is not None)


def find_marks(data: bytes) -> Marked:
    """The byte order mark at the start of `data`, and a second one right behind it."""
    for mark, codec, name in _BOMS:
        if data.startswith(mark):
            number = 1 + data.startswith(mark, len(mark))
            return Marked(len(mark) * number, number, codec, name)
    return Marked(0, 0, "", "")


def find_codec(data: bytes, encoding: str) -> tuple[int, str]:
    """How many bytes of marks lead `data`, and the codec of the rest, by its `Text.encoding`."""
    marked = find_marks(data)
    return marked.size, marked.codec or encoding


def _convert_as_named(place: str, data: bytes, marked: Marked, encoding: str) -> tuple[bytes, str]:
    codec = _check_codec(encoding)
    if not marked.codec:
        if codec in {"utf-16", "utf-32"}:
            wrong = f"has no byte order mark, and {codec} alone does not say which byte comes first"
            raise Refused("E141", place, wrong, f"use --encoding {codec}-le or {codec}-be")
        return _recode(place, data, 0, codec), codec
    if marked.codec != codec and marked.name != codec.upper():
        wrong = f"starts with the byte order mark of {marked.codec}, but --encoding says {codec}"
        raise Refused("E140", place, wrong, "leave out --encoding")
    return _recode(place, data, marked.size, marked.codec), marked.name


def _check_codec(encoding: str) -> str:
    try:
        # Only encodings of text can do this, not every codec.
        "".encode(encoding)
        codec = codecs.lookup(encoding).name.removesuffix("-sig")
    except (LookupError, UnicodeError, ValueError):
        codec = "undefined"
    if _UNFIT.fullmatch(codec):
        fix = "name one such as cp1252, latin-1 or utf-16-le"
        raise Refused(
            "E001", "--encoding", f"{encoding} is not an encoding that cptdiff reads", fix
        )
    return codec


def _convert_unmarked(place: str, data: bytes, *, ansi: bool, fixable: bool) -> tuple[bytes, str]:
    if b"\0" in data:
        _refuse_wide(place, data, fixable=fixable)
    if data.isascii():
        return data, "ASCII"
    try:
        for _ in _decode_pieces(data, "utf-8"):
            pass
    except UnicodeDecodeError as error:
        if not ansi or _is_cut(error) or _is_mixed(data):
            raise _refuse_foreign(place, error, fixable=fixable) from error
        return _recode(place, data, 0, "cp1252"), "Windows-1252"
    return data, "UTF-8"


def _refuse_wide(place: str, data: bytes, *, fixable: bool) -> None:
    """Refuse UTF-16 and UTF-32 without a byte order mark."""
    head = data[:_HEAD]
    nulls = tuple(2 * head[n::4].count(0) > len(head[n::4]) for n in range(4))
    codec = _WIDE.get(nulls)
    if codec:
        wrong = f"looks like {codec} without a byte order mark (NUL in every second byte or more)"
        fix = f"use --encoding {codec}" if fixable else "save the file as UTF-8"
        raise Refused("E141", place, wrong, fix)


def _recode(place: str, data: bytes, start: int, codec: str) -> bytes:
    """`data` from `start` on as UTF-8."""
    bare = data[start:]
    try:
        pieces = (piece.encode() for piece in _decode_pieces(bare, codec))
        if codec != "utf-8":
            return b"".join(pieces)
        for _ in pieces:
            pass
    except UnicodeDecodeError as error:
        raise _refuse_undecodable(place, error, codec, start) from error
    return bare


def _decode_pieces(data: bytes, codec: str, errors: str = "strict") -> Iterator[str]:
    """Yield `data` as text piece by piece: whole, it may take four times its size.

    Raise `UnicodeDecodeError` with the place in `data`.
    """
    decoder = codecs.getincrementaldecoder(codec)(errors)
    try:
        for at in range(0, len(data), _PIECE):
            yield decoder.decode(data[at : at + _PIECE])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        data.decode(codec)
        raise


def _refuse_undecodable(place: str, error: UnicodeDecodeError, codec: str, start: int) -> Refused:
    where, at = f"{place}:{_find_line(error, codec)}", error.start + start
    if _is_cut(error):
        return _cut(where, error)
    wrong = f"byte {at} (0x{error.object[error.start]:02X}) cannot be read as {codec}"
    return Refused("E140", where, wrong, "check the encoding, or get the file again")


def _refuse_foreign(place: str, error: UnicodeDecodeError, *, fixable: bool) -> Refused:
    """Return the refusal of bytes that are not UTF-8, where nothing names their encoding."""
    where, data = f"{place}:{_find_line(error, 'utf-8')}", error.object
    if _is_cut(error):
        return _cut(where, error)
    wrong = f"byte {error.start} (0x{data[error.start]:02X}) is not UTF-8"
    if _is_mixed(data) or not data[: error.start].isascii():
        wrong += ", but letters before it are: two encodings are mixed"
        return Refused("E140", where, wrong, "save the file as UTF-8")
    try:
        data.decode("cp1252")
    except UnicodeDecodeError:
        fix = "name its encoding with --encoding" if fixable else "save the file as UTF-8"
        return Refused("E140", where, wrong, fix)
    fix = "use --encoding cp1252" if fixable else "save the file as UTF-8"
    return Refused("E140", where, f"{wrong}; looks like Windows-1252", fix)


def _is_mixed(data: bytes) -> bool:
    """Whether most of what is not ASCII is UTF-8: Windows-1252 seldom looks like it."""
    letters, others = 0, len(data)
    for text in _decode_pieces(data, "utf-8", "ignore"):
        held = text.encode()
        letters += len(text) - len(held.translate(None, _BEYOND_ASCII))
        others -= len(held)
    return letters > others


def _cut(where: str, error: UnicodeDecodeError) -> Refused:
    wrong = f"the file ends in the middle of a character; size {len(error.object):,} bytes"
    return Refused("E122", where, wrong, "get the file again")


def _is_cut(error: UnicodeDecodeError) -> bool:
    """Whether the text breaks off within a character.

    One byte alone may as well be a last letter of Windows-1252: not where UTF-8 stands before it,
    nor where it would be a capital A with a mark.
    """
    if error.reason not in _CUT or error.end < len(error.object):
        return False
    tail = error.object[error.start :]
    alone = error.encoding == "utf-8" and len(tail) == 1 and error.object[: error.start].isascii()
    return not alone or tail in {b"\xc2", b"\xc3"}


def _find_line(error: UnicodeDecodeError, codec: str) -> int:
    before = error.object[: error.start].decode(codec, "ignore")
    return len(re.findall(r"\r\n|\r|\n", before)) + 1


_BLANK: Final = b" \t\r\n\v\f\x1a"
_END: Final = b"\x1a\r\n"
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
# Their first letters in UTF-8: most texts have none, and need not be decoded.
_LEAD: Final = b"\xc3"
_FIRSTS: Final = re.compile(rb"\xc3[\x82\x83\xa2]")


LONE_RETURN: Final = re.compile(rb"\r(?!\n)")


class LineEnds(NamedTuple):
    """How many CR, LF and pairs of both a text holds."""

    returns: int
    feeds: int
    pairs: int


@dataclass(frozen=True, eq=False, repr=False)
class Text:
    """A file's text as UTF-8 bytes without BOM, how it was encoded, and what is told of it."""

    place: str
    data: bytes
    encoding: str
    notes: tuple[Note, ...] = ()

    @cached_property
    def has_lone_returns(self) -> bool:
        """Whether a CR stands anywhere without its LF."""
        return b"\r" in self.data and LONE_RETURN.search(self.data) is not None

    @cached_property
    def feeds(self) -> int:
        """How many LF the text holds."""
        return self.data.count(b"\n")

    @cached_property
    def lines(self) -> pl.DataFrame:
        """All lines: columns line (from 1), text, without their line ends (LF or CRLF)."""
        return pl.read_lines(self.data, name="text", row_index_name="line", row_index_offset=1)

    @cached_property
    def line_ends(self) -> LineEnds:
        """The line ends, counted once."""
        if self.has_lone_returns:
            return LineEnds(self.data.count(b"\r"), self.feeds, self.data.count(b"\r\n"))
        if "lines" in self.__dict__:
            # What no line holds is its end.
            pairs = len(self.data) - int(self.lines["text"].str.len_bytes().sum()) - self.feeds
        else:
            pairs = self.data.count(b"\r")
        return LineEnds(pairs, self.feeds, pairs)

    @property
    def line_count(self) -> int:
        """How many lines end in LF, CRLF or a CR alone, and the last one without an end."""
        lone = self.data.count(b"\r") - self.data.count(b"\r\n") if self.has_lone_returns else 0
        return self.feeds + lone + (not self.data.endswith((b"\n", b"\r")))


def decode(place: str, data: bytes, *, ansi: bool, encoding: str | None = None) -> Text:
    """`data` as text in UTF-8. Raises `Refused` for what is no text, empty, cut or torn."""
    _refuse_known_kinds(place, data)
    text, name = convert_to_utf8(place, data, ansi=ansi, encoding=encoding)
    _refuse_torn(place, text, len(data))
    marked = find_marks(data).number
    texts = [f"byte order marks at the start: {marked}"] if marked > 1 else []
    kept = text.find(b"\x1a", _find_end(text))
    if kept >= 0:
        texts.append(f"Ctrl-Z at the end, left out: {text.count(26, kept)}")
        text = text[:kept]
    return Text(place, text, name, make_notes("reading", texts, place))


def _find_end(text: bytes) -> int:
    """Where the line ends and Ctrl-Z at the end of `text` begin."""
    tail = text[-_HEAD:]
    bare = tail.rstrip(_END)
    # To strip all of a large text would copy it.
    return len(text) - len(tail) + len(bare) if bare else len(text.rstrip(_END))


def unify_line_ends(text: Text) -> Text:
    """`text` with LF and CRLF as they are; a CR that stands alone becomes an LF."""
    if not text.has_lone_returns:
        return text
    return replace(text, data=text.data.replace(b"\r\n", b"\n").replace(b"\r", b"\n"))


def describe_line_ends(text: Text) -> tuple[Note, ...]:
    """Return a note about line ends other than CRLF alone or LF alone."""
    returns, feeds, pairs = text.line_ends
    if not returns or returns == feeds == pairs:
        return ()
    ends = {"CRLF": pairs, "LF": feeds - pairs, "CR": returns - pairs}
    found = ", ".join(f"{number:,} {name}" for name, number in ends.items() if number)
    return (Note("reading", f"line ends are not all CRLF, nor all LF: {found}", text.place),)


def is_encoded_twice(data: bytes) -> bool:
    """Whether UTF-8 was read as Windows-1252 somewhere and written as UTF-8 again."""
    begun = _LEAD in data and _FIRSTS.search(data) is not None
    return begun and _TWICE.search(data.decode()) is not None


def _refuse_torn(place: str, text: bytes, size: int) -> None:
    """Refuse a text that is empty, something else, or ends in what a torn copy leaves."""
    if not text[:_HEAD].strip(_BLANK) and not text.strip(_BLANK):
        raise Refused("E110", place, f"no data ({size} bytes)", "get the file again")
    _refuse_known_kinds(place, text)
    torn = len(text) - len(text.rstrip(b"\0"))
    if torn:
        wrong = f"the file ends in {torn:,} NUL bytes: an incomplete copy"
        raise Refused("E123", place, wrong, "copy the file again")


def _refuse_known_kinds(place: str, data: bytes) -> None:
    """Refuse a file whose first bytes show that it is not text."""
    head = data[:_HEAD]
    what = recognize_content(head)
    if not what and _JSON.match(head):
        what = "JSON"
    mail = _MAIL.match(head)
    if not what and mail and _POSTMARK.search(mail[0]):
        what = "an e-mail"
    if what:
        wrong = f"the content is {what}, but its name says text"
        raise Refused("E130", place, wrong, "give the file that the publisher ships")
