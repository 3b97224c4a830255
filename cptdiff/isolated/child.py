"""The child's side: limits first, then bytes from standard input, an answer or a refusal."""

import gc
import json
import os
import sys
from collections.abc import Callable, Iterable
from typing import BinaryIO, NoReturn

from cptdiff.errors import Refused
from cptdiff.isolated import EXHAUSTION, REFUSAL, find_memory, find_seconds

# How many bytes the parent sends.
input_size = 0


def serve(answer: Callable[[bytes], Iterable[bytes]], memory: int) -> NoReturn:
    """Write what `answer` makes of the input, and end.

    A small input may take `memory` bytes of address space, a large one more.

    A `Refused` of the answer goes to the parent as JSON; its place is what follows the file's own.
    """
    _serve(lambda stream: answer(stream.read()), find_memory(input_size, memory))


def serve_stream(answer: Callable[[BinaryIO], Iterable[bytes]], memory: int) -> NoReturn:
    """Do as `serve`, for an `answer` that reads the input itself, piece by piece, in `memory`."""
    _serve(answer, find_memory(0, memory))


def _serve(answer: Callable[[BinaryIO], Iterable[bytes]], memory: int) -> NoReturn:
    _set_limits(memory, find_seconds(input_size))
    gc.disable()
    code = 0
    try:
        # All of it, before a word of it is said.
        said = list(answer(sys.stdin.buffer))
    except Refused as error:
        code, said = (
            REFUSAL,
            [json.dumps([error.slug, error.place, error.wrong, error.fix]).encode()],
        )
    except MemoryError:
        code, said = EXHAUSTION, []
    sys.stdout.buffer.writelines(said)
    sys.stdout.flush()
    # Tearing down what was read would take as long as reading it.
    os._exit(code)


def _set_limits(memory: int, seconds: int) -> None:
    """Limits that the system keeps; Windows has none, and there the parent's patience counts."""
    try:
        import resource  # noqa: PLC0415 - not on Windows
    except ImportError:
        return
    for kind, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(kind)[1]
        soft = most if hard == resource.RLIM_INFINITY else min(most, hard)
        try:
            resource.setrlimit(kind, (soft, hard))
        except (OSError, ValueError):
            # macOS knows the limit of memory and does not keep it.
            continue
