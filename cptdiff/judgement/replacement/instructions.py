"""The codes that a publisher's instruction tells to use instead (formats.md 3)."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import Final

# What the instruction says of other codes than the successors.
_BESIDE: Final = re.compile(
    r"(?i)\b(?:do not|in conjunction with|with modifier|in addition to|other than|except)\b"
)
_POINTER: Final = re.compile(r"\b(?:see|use|report|reported with|replaced by|now)\b")
_CODE: Final = r"\b([0-9]{4}[0-9AFMTU])\b"
_CODES: Final = re.compile(rf"{_CODE}(?:\s*(?:-|\u2013|through|to)\s*{_CODE})?")
_SENTENCE: Final = re.compile(r"(?<=[.;)])\s+")


def instructed(text: str, deleted: str, valid: Sequence[str]) -> tuple[str, ...]:
    """The successors that `text` names for the code `deleted`, in its own order.

    "(0099X has been deleted. To report, see 00990, 00991)" names two. A range names those of its
    codes that are among `valid`, which is sorted; a code by itself is named whether valid or not.
    """
    named = (code for sentence in _SENTENCE.split(text) for code in _successors(sentence, valid))
    return tuple(dict.fromkeys(code for code in named if code != deleted))


def _successors(sentence: str, valid: Sequence[str]) -> Iterator[str]:
    pointer = _POINTER.search(sentence.lower())
    if not pointer:
        return
    told = _BESIDE.split(sentence, maxsplit=1)[0][pointer.start() :]
    for first, last in _CODES.findall(told):
        yield from _between(first, last, valid) if last else (first,)


def _between(first: str, last: str, valid: Sequence[str]) -> Iterator[str]:
    """The valid codes from `first` to `last` of their category: no 00990 in 0098T-0099T."""
    found = valid[bisect_left(valid, first) : bisect_right(valid, last)]
    return (code for code in found if _category(code) == _category(first))


def _category(code: str) -> str:
    return code[4:].lstrip("0123456789")
