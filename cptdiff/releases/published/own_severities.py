"""A user's own severities of the classes of revision (`--severity FILE`)."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from cptdiff.errors import Refused
from cptdiff.releases.sources import opened
from cptdiff.releases.text import decoded

# class severity; class,severity; class = "severity"
_LINE: Final = re.compile(r"""["']?([\w-]+)["']?\s*[\s,;:=\t]\s*["']?([\w-]+)["']?""")
_HEADS: Final = ({"class", "severity"}, {"name", "severity"})


def own_severities(path: Path, classes: Sequence[str], severities: Sequence[str]) -> dict[str, str]:
    """Severity by class: one a line, parted by blanks, a comma or `=`; # begins a comment.

    Raises `Refused` for a line that is none, an unknown name, and a class that stands twice.
    """
    bundle = opened(path)
    if not bundle.single:
        raise Refused("E102", bundle.archive.name, "is not a file", "name the file itself")
    name = bundle.archive.name
    text = decoded(name, bundle.members[0].read(), ansi=False).data.decode()
    found: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), 1):
        bare = line.partition("#")[0].strip()
        if not bare or bare.startswith("["):
            continue
        place = f"{name}:{number}"
        row, severity = _words(place, bare)
        if {row, severity} in _HEADS:
            continue
        _check(place, row, "class", classes)
        _check(place, severity, "severity", severities)
        if row in found:
            raise Refused("E332", place, f"class {row} stands twice", "name each class once")
        found[row] = severity
    return found


def _words(place: str, bare: str) -> tuple[str, str]:
    line = _LINE.fullmatch(bare)
    if not line:
        raise Refused("E332", place, "is no class with its severity", "write: spelling info")
    return line[1].lower(), line[2].lower()


def _check(place: str, word: str, what: str, known: Sequence[str]) -> None:
    if word not in known:
        fix = f"choose among {', '.join(known)}"
        raise Refused("E332", place, f"{word} is no {what}", fix)
