"""The parts of a workbook: its package, shared strings and number formats."""

import io
import math
import posixpath
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from decimal import Decimal
from functools import cache
from typing import Any, Final
from xml.etree import ElementTree as ET
from xml.parsers import expat

from cptdiff.errors import Refused
from cptdiff.isolated import PASSWORD, SMALL
from cptdiff.isolated.masks import show_digits
from cptdiff.limits import describe_bytes, find_limits, propose_limit

_MAX_PARTS: Final = 10_000
_CHUNK: Final = 64 * 1024
Handlers = Mapping[str, Callable[..., Any]]


@dataclass(frozen=True)
class Package:
    """The parts of a workbook, by path."""

    file: zipfile.ZipFile
    parts: Mapping[str, zipfile.ZipInfo]

    def read(self, path: str) -> bytes:
        """The whole part, its checksum passed, without a document type."""
        if path not in self.parts:
            raise refuse_broken(f"has no part {path}")
        _check_prolog(self, path)
        try:
            with self.file.open(self.parts[path]) as stream:
                return stream.read()
        except MemoryError:
            raise
        except Exception as error:  # what zipfile makes of hostile bytes has no one name
            raise refuse_broken(f"its part {path} is damaged") from error

    def list_related(self, path: str) -> dict[str, tuple[str, str]]:
        """By id the kind and path of the parts that the part at `path` names."""
        folder, name = posixpath.split(path)
        found: dict[str, tuple[str, str]] = {}

        def start(_: str, said: dict[str, str]) -> None:
            if "Id" in said and said.get("TargetMode") != "External":
                target = posixpath.normpath(posixpath.join("/", folder, said.get("Target", "")))
                found[said["Id"]] = (said.get("Type", "").rpartition("/")[2], target.lstrip("/"))

        rels = posixpath.join(folder, "_rels", f"{name}.rels")
        if rels in self.parts:
            parse(rels, self.read(rels), {"StartElementHandler": start})
        return found


def open_package(data: bytes) -> Package:
    """The package in `data`, every part of it small enough and without a document type.

    Raises `Refused`: a password E182, a bomb E213, a document type E214, damaged E215.
    """
    try:
        file = zipfile.ZipFile(io.BytesIO(data))
    except MemoryError:
        raise
    except Exception as error:  # as above
        raise refuse_broken("is not a complete .xlsx workbook") from error
    entries = file.infolist()
    parts = {entry.filename: entry for entry in entries}
    if len(parts) < len(entries) or len(parts) > _MAX_PARTS:
        raise refuse_broken("contains the same part twice, or too many parts")
    for entry in entries:
        if entry.flag_bits & PASSWORD:
            raise Refused("E182", "", "is password-protected", "save it without a password")
        if entry.file_size > max(SMALL, find_limits().ratio * entry.compress_size):
            wrong = f"its part {entry.filename} unpacks to {entry.file_size:,} bytes"
            times = entry.file_size // max(entry.compress_size, 1) + 1
            raise refuse_bomb("", wrong, propose_limit("ratio", times))
    size, most = sum(entry.file_size for entry in entries), find_limits().size
    if size > most:
        wrong = f"unpacks to more than {describe_bytes(most)}"
        raise refuse_bomb("", wrong, propose_limit("size", size))
    package = Package(file, parts)
    for path in parts:
        if path.lower().endswith((".xml", ".rels")):
            _check_prolog(package, path)
    return package


def iterate_elements(path: str, data: bytes) -> Iterator[ET.Element]:
    """Every element of the part when it ends; who has used one clears it."""
    parser: ET.XMLPullParser[ET.Element] = ET.XMLPullParser(("end",))
    view = memoryview(data)
    try:
        for start in range(0, len(data), _CHUNK):
            parser.feed(view[start : start + _CHUNK])
            for event in parser.read_events():
                yield event[1]  # type: ignore[misc]  # the kind of event and its element
        parser.close()
    except ET.ParseError as error:
        raise _name_fault(path, error.code) from error
    except (LookupError, ValueError) as error:
        raise refuse_broken(f"its part {path} is in an unknown encoding") from error


def parse(path: str, data: bytes, handlers: Handlers) -> None:
    """Run `handlers` (expat's names) over the part, element names with their namespace."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_doctype
    for name, handler in handlers.items():
        setattr(parser, name, handler)
    try:
        view = memoryview(data)
        for start in range(0, len(data), _CHUNK):
            parser.Parse(view[start : start + _CHUNK], False)  # noqa: FBT003 - expat's own
        parser.Parse(b"", True)  # noqa: FBT003
    except expat.ExpatError as error:
        raise _name_fault(path, error.code) from error
    except (LookupError, ValueError) as error:
        raise refuse_broken(f"its part {path} contains invalid data") from error


def _name_fault(path: str, code: int) -> Exception:
    if code == expat.errors.codes[expat.errors.XML_ERROR_NO_MEMORY]:
        return MemoryError()
    return refuse_broken(f"its part {path} is not well-formed XML")


def refuse_broken(wrong: str, at: str = "") -> Refused:
    """The refusal of what is no workbook."""
    return Refused("E215", at, wrong, "save it as .xlsx again")


def refuse_bomb(at: str, wrong: str, option: str = "") -> Refused:
    """The refusal of what no table needs; `option` moves the limit, if one does."""
    fix = "delete everything outside the table, and save it again"
    return Refused("E213", at, wrong, f"{fix}, or add {option}" if option else fix)


class _EnoughError(Exception):
    pass


def _check_prolog(package: Package, path: str) -> None:
    """Read up to the first element: no document type may stand before it."""

    def stop(*_: object) -> None:
        raise _EnoughError

    try:
        with package.file.open(package.parts[path]) as stream:
            head = stream.read(_CHUNK)
    except MemoryError:
        raise
    except Exception as error:  # as above
        raise refuse_broken(f"its part {path} is damaged") from error
    try:
        parse(path, head, {"StartElementHandler": stop})
    except _EnoughError:
        return


def _refuse_doctype(*_: object) -> None:
    wrong = "declares a document type or entities, which are not read"
    raise Refused("E214", "", wrong, "save it as .xlsx again")


_MOST_TEXT: Final = 200 * 1024**2
_TEXT_PER_BYTE: Final = 2
_ESCAPE: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")


def read_shared_strings(data: bytes) -> list[str]:
    """The texts in the part `data` (sharedStrings.xml)."""
    found: list[str] = []
    size, most = 0, find_most_text(len(data))
    for element in iterate_elements("sharedStrings", data):
        if element.tag.endswith("}si"):
            found.append(read_words(element))
            element.clear()
            size += len(found[-1])
            if size > most:
                raise refuse_bomb("", "contains more text than its size allows")
    return found


def find_most_text(size: int) -> int:
    """Return how many letters a part of `size` bytes may have: many cells may share one text."""
    return max(_MOST_TEXT, _TEXT_PER_BYTE * size)


def read_words(item: ET.Element) -> str:
    """The text of `item`, plain or in runs, without how it is pronounced."""
    texts = []
    for child in item:
        if child.tag.endswith("}t"):
            texts.append(child.text or "")
        elif child.tag.endswith("}r"):
            texts.extend(run.text or "" for run in child if run.tag.endswith("}t"))
    return unescape("".join(texts))


def unescape(text: str) -> str:
    """`text` with _x000D_ as the character that it stands for (ECMA-376 part 1, 22.9.2.19)."""
    return _ESCAPE.sub(_decode_character, text) if "_x" in text else text


def _decode_character(found: re.Match[str]) -> str:
    point = int(found[1], 16)
    is_half = 0xD800 <= point <= 0xDFFF  # noqa: PLR2004 - a surrogate is no character of its own
    return found[0] if is_half or not point else chr(point)


NUMBER: Final = "n"
ZEROS: Final = "0"
DATE: Final = "d"
ERROR: Final = "!"
# Formats of their own number that are amounts, dates or times (ECMA-376 part 1, 18.8.30).
_BUILT_IN: Final = {
    2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 37: "#,##0", 38: "#,##0",
    39: "#,##0.00", 40: "#,##0.00", 41: "#,##0", 42: "$#,##0", 43: "#,##0.00", 44: "$#,##0.00",
    14: "mm-dd-yy", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss", 22: "m/d/yy h:mm",
    45: "mm:ss", 46: "[h]:mm:ss", 47: "mmss.0",
}  # fmt: skip
_WHOLE: Final = re.compile(r"-?[0-9]{1,300}")
_REAL: Final = re.compile(r"[-+]?[0-9]*\.?[0-9]*(?:[eE][-+]?[0-9]+)?")
_PARTS_OF_DATES: Final = re.compile("[dmhysDMHYS]")
# In a format: words in quotes, and brackets (colors, locales) other than of elapsed time.
_NO_FORMAT: Final = re.compile(r'".*?"|\[(?!hh?\]|mm?\]|ss?\])[^\]]*\]', re.IGNORECASE)
# A locale without a currency: [$-409].
_NO_CURRENCY: Final = re.compile(r"\[\$-[^\]]*\]")
_DATE_LETTER: Final = re.compile(r"(?<![_\\])[dmhys]", re.IGNORECASE)
_DURATION: Final = re.compile(r"\[(?:hh?|mm?|ss?)\]", re.IGNORECASE)
_DAY: Final = 86_400_000
_EPOCH: Final = datetime(1899, 12, 30)  # noqa: DTZ001 - a workbook knows no time zone
_EPOCH_1904: Final = datetime(1904, 1, 1)  # noqa: DTZ001
_MARCH_1900: Final = 60


@dataclass(frozen=True)
class Styles:
    """The number format of each cell style; `since_1904` tells the Macintosh calendar."""

    formats: Sequence[str]
    since_1904: bool = False
    _known: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)

    def write_number(self, text: str, style: str) -> tuple[str, str]:
        """A number's exact text as its user sees a code, and what it is.

        100 under the format 00000 is 00100, 0.25 under 0% is 25%, a date its ISO text. Raises
        ValueError.
        """
        at = int(style) if style else 0
        code = self.formats[at] if 0 <= at < len(self.formats) else ""
        if code and _PARTS_OF_DATES.search(code) and (found := self._date(text, code)):
            return found
        plain = _plain_number(text)
        if "%" in code and "%" in _NO_FORMAT.sub("", code.partition(";")[0]).replace("\\%", ""):
            return _write_percent(plain), NUMBER
        shown = show_digits(code, plain) if code.count("0") > 1 and plain.isdigit() else ""
        return (shown, ZEROS) if shown else (plain, NUMBER)

    def shows_amount(self, style: str) -> bool:
        """Whether a style shows numbers as only amounts are: $1,200, 25%, 5.00."""
        at = int(style) if style else 0
        return 0 <= at < len(self.formats) and _shows_amount(self.formats[at])

    def _date(self, text: str, code: str) -> tuple[str, str] | None:
        if (text, code) not in self._known:
            found = _write_date(text, code, since_1904=self.since_1904)
            if found is None:
                return None
            self._known[text, code] = found
        return self._known[text, code]


def read_styles(data: bytes, *, since_1904: bool) -> Styles:
    """The styles in the part `data` (styles.xml)."""
    own: dict[int, str] = {}
    found: list[str] = []
    inside: list[str] = []

    def start(name: str, said: dict[str, str]) -> None:
        element = name.rpartition(" ")[2]
        if element == "numFmt":
            own[int(said.get("numFmtId", 0))] = said.get("formatCode", "")
        elif element == "xf" and inside and inside[-1] == "cellXfs":
            number = int(said.get("numFmtId", 0))
            found.append(own.get(number) or _BUILT_IN.get(number, ""))
        inside.append(element)

    def end(_: str) -> None:
        inside.pop()

    parse("styles", data, {"StartElementHandler": start, "EndElementHandler": end})
    return Styles(found, since_1904)


def _plain_number(text: str) -> str:
    if _WHOLE.fullmatch(text):
        return str(int(text))
    # Spreadsheets show 15 digits: 0.1 + 0.2 is 0.3 to their users, and in a CSV.
    value = float(f"{float(text):.15g}") if _REAL.fullmatch(text) else math.nan
    if not math.isfinite(value):
        raise ValueError(text)
    return str(int(value)) if value.is_integer() else str(value)


@cache
def _shows_amount(code: str) -> bool:
    positive = _NO_CURRENCY.sub("", code.partition(";")[0])
    bare = _NO_FORMAT.sub("", positive)
    has_digits = re.search("[0#?]", bare) is not None
    return has_digits and (re.search("[.,%]", bare) or re.search("[$€£]", positive)) is not None


def _write_percent(plain: str) -> str:
    """Return 0.255 as 25.5%, as who sees the cell reads it and a CSV has it, with all digits."""
    shifted = f"{Decimal(plain).scaleb(2):f}"
    return f"{shifted.rstrip('0').rstrip('.') if '.' in shifted else shifted}%"


def _write_date(text: str, code: str, *, since_1904: bool) -> tuple[str, str] | None:
    """Return ISO text; a serial number that no calendar has is an error, as it is to its user."""
    positive = _NO_FORMAT.sub("", code.partition(";")[0])
    if not _DATE_LETTER.search(positive):
        return None
    try:
        if _DURATION.search(positive):
            return str(timedelta(milliseconds=round(float(text) * _DAY))), DATE
        return _write_moment(float(text), since_1904=since_1904), DATE
    except (OverflowError, ValueError):
        return "#VALUE!", ERROR


def _write_moment(serial: float, *, since_1904: bool) -> str:
    """Return a time of day, a day, or both."""
    days, fraction = divmod(serial, 1)
    within = timedelta(milliseconds=round(fraction * _DAY))
    if days == 0 and not within.days:
        return (_EPOCH + within).time().isoformat()
    # Excel counts a February 29 in 1900, which there was not.
    if 0 < serial < _MARCH_1900 and not since_1904:
        days += 1
    moment = (_EPOCH_1904 if since_1904 else _EPOCH) + timedelta(days=days) + within
    return moment.date().isoformat() if moment.time() == time() else moment.isoformat(" ")
