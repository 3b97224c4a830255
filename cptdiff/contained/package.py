"""A workbook as the zip of parts that it is (ECMA-376 part 2): parts under caps, no entities."""

import io
import posixpath
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from xml.etree import ElementTree as ET
from xml.parsers import expat

from cptdiff.contained import PASSWORD, RATIO, SMALL
from cptdiff.errors import Refused

MAX_PART: Final = 400 * 1024**2
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
            raise broken(f"has no part {path}")
        _prolog(self, path)
        try:
            with self.file.open(self.parts[path]) as stream:
                return stream.read()
        except MemoryError:
            raise
        except Exception as error:  # what zipfile makes of hostile bytes has no one name
            raise broken(f"its part {path} is damaged") from error

    def related(self, path: str) -> dict[str, tuple[str, str]]:
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


def opened(data: bytes) -> Package:
    """The package in `data`, every part of it small enough and without a document type.

    Raises `Refused`: a password E182, a bomb E213, a document type E214, damaged E215.
    """
    try:
        file = zipfile.ZipFile(io.BytesIO(data))
    except MemoryError:
        raise
    except Exception as error:  # as above
        raise broken("is no whole .xlsx workbook") from error
    entries = file.infolist()
    parts = {entry.filename: entry for entry in entries}
    if len(parts) < len(entries) or len(parts) > _MAX_PARTS:
        raise broken("holds a part twice, or too many")
    for entry in entries:
        if entry.flag_bits & PASSWORD:
            raise Refused("E182", "", "is password-protected", "save it without a password")
        if entry.file_size > max(SMALL, RATIO * entry.compress_size):
            raise bomb("", f"its part {entry.filename} unpacks to {entry.file_size:,} bytes")
    if sum(entry.file_size for entry in entries) > MAX_PART:
        raise bomb("", f"unpacks to more than {MAX_PART:,} bytes")
    package = Package(file, parts)
    for path in parts:
        if path.lower().endswith((".xml", ".rels")):
            _prolog(package, path)
    return package


def elements(path: str, data: bytes) -> Iterator[ET.Element]:
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
        raise _not_whole(path, error.code) from error
    except (LookupError, ValueError) as error:
        raise broken(f"its part {path} is in no known encoding") from error


def parse(path: str, data: bytes, handlers: Handlers) -> None:
    """Run `handlers` (expat's names) over the part, element names with their namespace."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _no_doctype
    for name, handler in handlers.items():
        setattr(parser, name, handler)
    try:
        view = memoryview(data)
        for start in range(0, len(data), _CHUNK):
            parser.Parse(view[start : start + _CHUNK], False)  # noqa: FBT003 - expat's own
        parser.Parse(b"", True)  # noqa: FBT003
    except expat.ExpatError as error:
        raise _not_whole(path, error.code) from error
    except (LookupError, ValueError) as error:
        raise broken(f"its part {path} holds what it must not") from error


def _not_whole(path: str, code: int) -> Exception:
    if code == expat.errors.codes[expat.errors.XML_ERROR_NO_MEMORY]:
        return MemoryError()
    return broken(f"its part {path} is no whole XML")


def broken(wrong: str, at: str = "") -> Refused:
    """The refusal of what is no workbook."""
    return Refused("E215", at, wrong, "save it as .xlsx again")


def bomb(at: str, wrong: str) -> Refused:
    """The refusal of what no release needs."""
    return Refused("E213", at, wrong, "delete what lies beyond the table and save it again")


class _EnoughError(Exception):
    pass


def _prolog(package: Package, path: str) -> None:
    """Read up to the first element: no document type may stand before it."""

    def enough(*_: object) -> None:
        raise _EnoughError

    try:
        with package.file.open(package.parts[path]) as stream:
            head = stream.read(_CHUNK)
    except MemoryError:
        raise
    except Exception as error:  # as above
        raise broken(f"its part {path} is damaged") from error
    try:
        parse(path, head, {"StartElementHandler": enough})
    except _EnoughError:
        return


def _no_doctype(*_: object) -> None:
    wrong = "declares a document type or entities, which are not read"
    raise Refused("E214", "", wrong, "save it as .xlsx again")
