"""What reads hostile bytes in a process of its own: a crash, a hang or a bomb ends that one only.

Workbooks and Parquet are read so. `contained` is the parent's side; each other module but `child`
is either run there or helps what is. None imports polars but `parquet`, so that starting is quick.
"""

import json
import os
import subprocess
import sys
from typing import Final

from cptdiff.errors import Refused

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
from cptdiff.stopping import outlive_nobody
for life in said["life"]:
    outlive_nobody(life, lambda: os._exit(1))
runpy.run_module(sys.argv[1], run_name="__main__")
"""
REFUSED: Final = 3
EXHAUSTED: Final = 4
# SIGKILL and SIGXCPU: the system's own word for too much memory or time.
_KILLED: Final = (-9, -24)
_MEMORY: Final = (b"memory allocation of", b"MemoryError", b"out of memory", b"bad_alloc")


def contained(module: str, place: str, data: bytes) -> bytes:
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
