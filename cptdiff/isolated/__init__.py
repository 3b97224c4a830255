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

_ENTITY: Final = rb"<(?:[\w.\-\x80-\xff]+:)?"
# Attributes up to the one that is wanted; a value may hold a ">".
_UP_TO: Final = rb"""[^>"']*?(?:(?:"[^"]*"|'[^']*')[^>"']*?)*?"""
_VALUE: Final = rb"""\s*=\s*["']([^"'<]*)["']"""
_ROW: Final = re.compile(_ENTITY + rb"row(?=[\s/>])")
_NUMBER: Final = re.compile(rb"\A<" + _UP_TO + rb"\sr" + _VALUE)
_CELL: Final = re.compile(_ENTITY + rb"c(?=[\s/>])")
_KIND: Final = re.compile(rb"\A<" + _UP_TO + rb"\st" + _VALUE)
_WORDS: Final = re.compile(_ENTITY + rb"""[vt](?:\s(?:[^>"'/]|"[^"]*"|'[^']*')*)?>([^<]+)""")
_RESULT: Final = re.compile(_ENTITY + rb"f(?=[\s/>])")
_END: Final = re.compile(rb"</(?:[\w.\-\x80-\xff]+:)?sheetData\s*>")
_SKIP: Final = re.compile(rb"<!--.*?-->|<\?.*?\?>|<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
# How a part begins that is not in bytes of ASCII (XML 1.0, appendix F.1).
_WIDE: Final = (
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
)


def count_rows(data: bytes, empty: Collection[int]) -> list[int]:
    """The numbers of the rows that hold anything; `empty` are the shared texts without a letter."""
    data = _simplify(data)
    end = _END.search(data)
    last = end.start() if end else len(data)
    starts = [found.start() for found in _ROW.finditer(data, 0, last)]
    number, found = 0, []
    for start, stop in pairwise([*starts, last]):
        row = data[start:stop]
        said = _NUMBER.match(row)
        number = int(_resolve_references(said[1])) if said else number + 1
        if _holds(row, empty):
            found.append(number)
    return found


def _simplify(data: bytes) -> bytes:
    """`data` in an encoding with ASCII's bytes, its comments left out, CDATA as other text."""
    for mark, codec in _WIDE:
        if data.startswith(mark):
            data = data.decode(codec, "replace").encode()
    if b"<!" in data or data.find(b"<?", 1) > 0:
        return _SKIP.sub(_escape_cdata, data)
    return data


def _escape_cdata(found: re.Match[bytes]) -> bytes:
    return (found[1] or b"").replace(b"&", b"&amp;").replace(b"<", b"&lt;")


def _resolve_references(value: bytes) -> bytes:
    """`value` with its references to characters as those."""
    return html.unescape(value.decode("utf-8", "replace")).encode() if b"&" in value else value


def _holds(row: bytes, empty: Collection[int]) -> bool:
    """Whether a cell of `row` has words, or a formula without any."""
    if not (empty or _RESULT.search(row)):
        return _WORDS.search(row) is not None
    at = [found.start() for found in _CELL.finditer(row)]
    cells = (row[start:stop] for start, stop in pairwise([*at, len(row)]))
    return any(_is_filled(cell, empty) for cell in cells)


def _is_filled(cell: bytes, empty: Collection[int]) -> bool:
    words, said = _WORDS.search(cell), _KIND.match(cell)
    kind = _resolve_references(said[1]) if said else b"n"
    if words:
        text = _resolve_references(words[1])
        return kind != b"s" or not text.isdigit() or int(text) not in empty
    return kind != b"str" and _RESULT.search(cell) is not None


SECONDS: Final = 180
# More than any table has, and more than any code set.
MAX_COLUMNS: Final = 5_000
MAX_ROWS: Final = 5_000_000
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
# So that Polars tells that a column holds intervals, and does not panic.
_POLARS: Final = {"POLARS_IMPORT_INTERVAL_AS_STRUCT": "1"}
REFUSAL: Final = 3
EXHAUSTION: Final = 4
# SIGKILL and SIGXCPU: the system's own word for too much memory or time.
_KILL_CODES: Final = (-9, -24)
_MEMORY: Final = (b"memory allocation of", b"MemoryError", b"out of memory", b"bad_alloc")


def cap_rows(place: str, rows: int) -> int:
    """Return `rows`. Raise `Refused` where there are more than any code set has."""
    if rows > MAX_ROWS:
        wrong = f"has {rows:,} rows, more than {MAX_ROWS:,}"
        raise Refused("E170", place, wrong, "check that it is the right file")
    return rows


def run_isolated(module: str, place: str, data: bytes, *words: str) -> bytes:
    """What `module` says of `data`, and of `words`.

    Raises `Refused`: its own, or E171 or E215 where it died.
    """
    done = _run_child(place, data, module, *words)
    if done.returncode == 0:
        return done.stdout
    if done.returncode == REFUSAL:
        slug, at, wrong, fix = json.loads(done.stdout)
        raise Refused(slug, f"{place}{at}", wrong, fix)
    killed = done.returncode in {EXHAUSTION, *_KILL_CODES}
    if killed or any(words in done.stderr for words in _MEMORY):
        raise _refuse_exhaustion(place)
    raise Refused("E215", place, "could not be read safely", "save it again, or save it as text")


def _run_child(
    place: str, data: bytes, module: str, *words: str
) -> subprocess.CompletedProcess[bytes]:
    life, alive = os.pipe()
    # Windows hands no descriptors on.
    lent = (life,) if os.name == "posix" else ()
    said = json.dumps({"path": sys.path, "life": [*lent]})
    try:
        return subprocess.run(  # noqa: S603 - our own module, in our own interpreter
            [sys.executable, "-I", "-c", _START, said, module, *words],
            input=data, capture_output=True, timeout=SECONDS, check=False, pass_fds=lent,
            env={**os.environ, **_POLARS},
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise _refuse_exhaustion(place) from error
    finally:
        os.close(life)
        os.close(alive)


def _refuse_exhaustion(place: str) -> Refused:
    wrong = "needs more memory or time than a release does"
    return Refused("E171", place, wrong, "check that it is the right file, or save it as text")
