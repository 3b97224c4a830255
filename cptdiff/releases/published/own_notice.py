"""A user's own licence notice (`--notice`)."""

import unicodedata
from pathlib import Path
from typing import Final

from cptdiff.errors import Refused
from cptdiff.releases.sources import opened
from cptdiff.releases.text import decoded

_MOST: Final = 10_000


def own_notice(given: Path | str) -> str:
    """The text of the file, or `given` itself, with LF and without blanks around it.

    Raises `Refused` where the file cannot be read, and for a text that is too long (E170) or has
    control characters (E165).
    """
    if isinstance(given, str):
        return _sound("--notice", given)
    bundle = opened(given)
    name = bundle.archive.name
    if not bundle.single:
        raise Refused("E102", name, "is not a file", "name the text file itself")
    return _sound(name, decoded(name, bundle.members[0].read(), ansi=False).data.decode())


def _sound(place: str, text: str) -> str:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for number, line in enumerate(lines, 1):
        odd = next((c for c in line if unicodedata.category(c) == "Cc"), "")
        if odd:
            wrong = f"holds the control character U+{ord(odd):04X}"
            raise Refused("E165", f"{place}:{number}", wrong, "write plain text")
    text = "\n".join(lines).strip()
    if len(text) > _MOST:
        wrong = f"has {len(text):,} characters, more than {_MOST:,}"
        raise Refused("E170", place, wrong, "give the notice alone")
    return text
