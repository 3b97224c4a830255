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
from pathlib import Path
from typing import Final

from cptdiff.errors import CptdiffError, Refused
from cptdiff.limits import find_limits, propose_limit

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


# A workbook of a million rows has some 80 MB, and takes two minutes on a machine of 2026.
SECONDS: Final = 180
_SECONDS_PER_MB: Final = 10
# Of what is not small, the child's memory grows with its size too.
_LIGHT: Final = 4 * 1024**2
_MEMORY_PER_BYTE: Final = 32
# What a small Parquet file may take; a workbook may take less.
_MOST_MEMORY: Final = 3 * 1024**3
# A member of a zip may be a bomb once it is not small.
SMALL: Final = 10 * 1024**2
# What a zip's flags say of encryption (APPNOTE 4.4.4).
PASSWORD: Final = 0x1 | 0x40 | 0x2000
# The child finds modules where its parent does, in a checkout, a wheel or another folder alike.
_START: Final = """
import json, os, runpy, sys
said = json.loads(sys.argv.pop(1))
sys.path[:] = said["path"]
from cptdiff.limits import use_limits
limits = use_limits(said["limits"])
limits.__enter__()
from cptdiff.isolated import child
child.input_size = said["size"]
from cptdiff.process.signals import exit_with_parent
for life in said["life"]:
    exit_with_parent(life, lambda: os._exit(1))
runpy.run_module(sys.argv[1], run_name="__main__")
"""
# So that Polars tells that a column holds intervals, and does not panic.
_POLARS: Final = {"POLARS_IMPORT_INTERVAL_AS_STRUCT": "1"}
REFUSAL: Final = 3
EXHAUSTION: Final = 4
_SPARE: Final = "if it is the right file, save it as text, or add {}"
# SIGKILL and SIGXCPU: the system's own word for too much memory or time.
_KILLED: Final = -9
_TIMED_OUT: Final = -24
# What a broken installation raises, and what our own code does where it is wrong.
_LACKS: Final = ("ImportError", "ModuleNotFoundError")
_BUGS: Final = ("AssertionError", "AttributeError", "NameError", "TypeError", "UnboundLocalError")
_FRAME: Final = re.compile(r'^  File "([^"]+)", line', re.MULTILINE)
_LONG: Final = 160
_MEMORY: Final = (b"memory allocation of", b"MemoryError", b"out of memory", b"bad_alloc")


def cap_rows(place: str, rows: int) -> int:
    """Return `rows`. Raise `Refused` (E170) where there are more than the limit."""
    most = find_limits().most_rows
    if rows > most:
        wrong = f"has {rows:,} rows, more than {most:,}"
        fix = f"if it is the right file, add {propose_limit('rows', rows)}"
        raise Refused("E170", place, wrong, fix)
    return rows


def find_memory(size: int, least: int) -> int:
    """Return how much memory an input of `size` bytes may take, of which `least` in any case."""
    return find_limits().memory or least + _MEMORY_PER_BYTE * max(size - _LIGHT, 0)


def find_seconds(size: int) -> int:
    """Return how long the reading of an input of `size` bytes may take."""
    return find_limits().seconds or SECONDS + _SECONDS_PER_MB * size // 1024**2


def run_isolated(module: str, place: str, data: bytes, *words: str) -> bytes:
    """What `module` says of `data`, and of `words`.

    Raises `Refused`: its own, or E171 or E215 where it died; `CptdiffError` (E700) where the fault
    is ours: a module is missing, or our own code failed.
    """
    done = _run_child(place, data, module, *words)
    if done.returncode == 0:
        return done.stdout
    if done.returncode == REFUSAL:
        slug, at, wrong, fix = json.loads(done.stdout)
        raise Refused(slug, f"{place}{at}", wrong, fix)
    if done.returncode == _TIMED_OUT:
        raise _refuse_slowness(place, find_seconds(len(data)))
    if done.returncode == _KILLED:
        wrong = "was stopped by the system while it was read, probably for lack of memory"
        raise Refused("E171", place, wrong, "free some memory, or save it as text")
    if done.returncode == EXHAUSTION or any(words in done.stderr for words in _MEMORY):
        raise _refuse_exhaustion(place, len(data))
    if bug := _find_bug(done.stderr.decode("utf-8", "replace")):
        wrong = f"a bug ({bug[:_LONG]}) while {place} was read"
        error = CptdiffError("E700", "cptdiff", wrong, "run again with --debug, and report it")
        raise error from RuntimeError(done.stderr.decode("utf-8", "replace"))
    raise Refused("E215", place, "could not be read safely", "save it again, or save it as text")


def _find_bug(stderr: str) -> str:
    """What a traceback says of a missing module, or of an error in our own code; else empty.

    A library that fails at a damaged file is no bug of ours.
    """
    *_, last = stderr.strip().splitlines() or [""]
    kind = last.partition(":")[0]
    if kind in _LACKS:
        return last
    frames = _FRAME.findall(stderr)
    is_ours = bool(frames) and str(Path(__file__).parent.parent) in frames[-1]
    return last if kind in _BUGS and is_ours else ""


def _run_child(
    place: str, data: bytes, module: str, *words: str
) -> subprocess.CompletedProcess[bytes]:
    life, alive = os.pipe()
    # Windows hands no descriptors on.
    lent = (life,) if os.name == "posix" else ()
    limits = find_limits()._asdict()
    known = {"path": sys.path, "life": [*lent], "limits": limits, "size": len(data)}
    seconds = find_seconds(len(data))
    try:
        return subprocess.run(  # noqa: S603 - our own module, in our own interpreter
            [sys.executable, "-I", "-c", _START, json.dumps(known), module, *words],
            input=data, capture_output=True, timeout=seconds, check=False, pass_fds=lent,
            env={**os.environ, **_POLARS},
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise _refuse_slowness(place, seconds) from error
    finally:
        os.close(life)
        os.close(alive)


def _refuse_slowness(place: str, seconds: int) -> Refused:
    wrong = f"was not read within {seconds:,} seconds"
    option = propose_limit("seconds", 4 * seconds)
    return Refused("E171", place, wrong, _SPARE.format(option))


def _refuse_exhaustion(place: str, size: int) -> Refused:
    wrong = "needs more memory than a file of its size should"
    option = propose_limit("memory", 4 * find_memory(size, _MOST_MEMORY))
    return Refused("E171", place, wrong, _SPARE.format(option))
