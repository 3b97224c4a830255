"""Workbooks and Parquet, read in a process of their own under limits."""

import codecs
import html
import json
import os
import re
import subprocess
import sys
from collections.abc import Collection
from itertools import pairwise
from typing import Final

from cptdiff.errors import Refused

_NAMED: Final = rb"<(?:[\w.\-\x80-\xff]+:)?"
# Attributes up to the one that is wanted; a value may hold a ">".
_UP_TO: Final = rb"""[^>"']*?(?:(?:"[^"]*"|'[^']*')[^>"']*?)*?"""
_VALUE: Final = rb"""\s*=\s*["']([^"'<]*)["']"""
_ROW: Final = re.compile(_NAMED + rb"row(?=[\s/>])")
_NUMBER: Final = re.compile(rb"\A<" + _UP_TO + rb"\sr" + _VALUE)
_CELL: Final = re.compile(_NAMED + rb"c(?=[\s/>])")
_KIND: Final = re.compile(rb"\A<" + _UP_TO + rb"\st" + _VALUE)
_WORDS: Final = re.compile(_NAMED + rb"""[vt](?:\s(?:[^>"'/]|"[^"]*"|'[^']*')*)?>([^<]+)""")
_CALCULATED: Final = re.compile(_NAMED + rb"f(?=[\s/>])")
_END: Final = re.compile(rb"</(?:[\w.\-\x80-\xff]+:)?sheetData\s*>")
_UNREAD: Final = re.compile(rb"<!--.*?-->|<\?.*?\?>|<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
# How a part begins that is not in bytes of ASCII (XML 1.0, appendix F.1).
_WIDE: Final = (
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
)


def count_rows(data: bytes, empty: Collection[int]) -> list[int]:
    """The numbers of the rows that hold anything; `empty` are the shared texts without a letter."""
    data = _plain(data)
    end = _END.search(data)
    last = end.start() if end else len(data)
    starts = [found.start() for found in _ROW.finditer(data, 0, last)]
    number, found = 0, []
    for start, stop in pairwise([*starts, last]):
        row = data[start:stop]
        said = _NUMBER.match(row)
        number = int(_resolved(said[1])) if said else number + 1
        if _holds(row, empty):
            found.append(number)
    return found


def _plain(data: bytes) -> bytes:
    """`data` in an encoding with ASCII's bytes, its comments left out, CDATA as other text."""
    for mark, codec in _WIDE:
        if data.startswith(mark):
            data = data.decode(codec, "replace").encode()
    if b"<!" in data or data.find(b"<?", 1) > 0:
        return _UNREAD.sub(_as_text, data)
    return data


def _as_text(found: re.Match[bytes]) -> bytes:
    return (found[1] or b"").replace(b"&", b"&amp;").replace(b"<", b"&lt;")


def _resolved(value: bytes) -> bytes:
    """`value` with its references to characters as those."""
    return html.unescape(value.decode("utf-8", "replace")).encode() if b"&" in value else value


def _holds(row: bytes, empty: Collection[int]) -> bool:
    """Whether a cell of `row` has words, or a formula without any."""
    if not (empty or _CALCULATED.search(row)):
        return _WORDS.search(row) is not None
    at = [found.start() for found in _CELL.finditer(row)]
    cells = (row[start:stop] for start, stop in pairwise([*at, len(row)]))
    return any(_filled(cell, empty) for cell in cells)


def _filled(cell: bytes, empty: Collection[int]) -> bool:
    words, said = _WORDS.search(cell), _KIND.match(cell)
    kind = _resolved(said[1]) if said else b"n"
    if words:
        text = _resolved(words[1])
        return kind != b"s" or not text.isdigit() or int(text) not in empty
    return kind != b"str" and _CALCULATED.search(cell) is not None


SECONDS: Final = 180
# More columns than any table has.
MAX_COLUMNS: Final = 5_000
# A member of a zip is a bomb that unpacks to so many times its size, once it is not small.
RATIO: Final = 200
SMALL: Final = 10 * 1024**2
# What a zip's flags say of encryption (APPNOTE 4.4.4).
PASSWORD: Final = 0x1 | 0x40 | 0x2000
# The child finds modules where its parent does, in a checkout, a wheel or another folder alike.
_START: Final = """
import json, os, runpy, sys
said = json.loads(sys.argv.pop(1))
sys.path[:] = said["path"]
from cptdiff.process.signals import exit_with_parent
for life in said["life"]:
    exit_with_parent(life, lambda: os._exit(1))
runpy.run_module(sys.argv[1], run_name="__main__")
"""
REFUSED: Final = 3
EXHAUSTED: Final = 4
# SIGKILL and SIGXCPU: the system's own word for too much memory or time.
_KILLED: Final = (-9, -24)
_MEMORY: Final = (b"memory allocation of", b"MemoryError", b"out of memory", b"bad_alloc")


def run_isolated(module: str, place: str, data: bytes) -> bytes:
    """What `module` says of `data`. Raises `Refused`: its own, or E171 or E215 where it died."""
    done = _done(place, data, module)
    if done.returncode == 0:
        return done.stdout
    if done.returncode == REFUSED:
        slug, at, wrong, fix = json.loads(done.stdout)
        raise Refused(slug, f"{place}{at}", wrong, fix)
    killed = done.returncode in {EXHAUSTED, *_KILLED}
    if killed or any(words in done.stderr for words in _MEMORY):
        raise _exhausted(place)
    raise Refused("E215", place, "could not be read safely", "save it again, or as text")


def _done(place: str, data: bytes, module: str) -> subprocess.CompletedProcess[bytes]:
    life, alive = os.pipe()
    # Windows hands no descriptors on.
    lent = (life,) if os.name == "posix" else ()
    said = json.dumps({"path": sys.path, "life": [*lent]})
    try:
        return subprocess.run(  # noqa: S603 - our own module, in our own interpreter
            [sys.executable, "-I", "-c", _START, said, module],
            input=data, capture_output=True, timeout=SECONDS, check=False, pass_fds=lent,
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise _exhausted(place) from error
    finally:
        os.close(life)
        os.close(alive)


def _exhausted(place: str) -> Refused:
    wrong = "took more memory or time to read than a release does"
    return Refused("E171", place, wrong, "check that it is the right file, or save it as text")
