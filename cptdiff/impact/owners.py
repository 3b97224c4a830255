"""The pages of owners: which file each owner's page is, by a name that any system can bear."""

import re
import unicodedata
from collections.abc import Iterable
from itertools import islice
from typing import Final

FOLDER: Final = "by-owner"
# Where lines belong to nobody.
NOBODY: Final = "no-owner"
# Each page is a file; nobody works through more.
MOST: Final = 500
_LONGEST: Final = 60
_ODD: Final = re.compile(r"[^A-Za-z0-9]+")
# Names that Windows keeps for devices, whatever the suffix.
_DEVICES: Final = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])", re.IGNORECASE)


def name_files(owners: Iterable[str]) -> dict[str, str]:
    """Return the path of each owner's page, such as by-owner/RADIOLOGY.html, of the first `MOST`.

    A name has letters, digits and hyphens of ASCII only, so that it leads nowhere else and can be
    sent by mail. Owners whose names come out alike, in capitals or not, get numbers by their order.
    """
    found: dict[str, str] = {}
    used: set[str] = set()
    for owner in sorted(islice(owners, MOST)):
        plain = _fold(owner) if owner else NOBODY
        name, number = plain, 1
        while name.lower() in used:
            number += 1
            name = f"{plain}-{number}"
        used.add(name.lower())
        found[owner] = f"{FOLDER}/{name}.html"
    return found


def _fold(owner: str) -> str:
    apart = unicodedata.normalize("NFKD", owner).encode("ascii", "ignore").decode()
    plain = _ODD.sub("-", apart).strip("-")[:_LONGEST].strip("-")
    if not plain:
        return "owner"
    return f"owner-{plain}" if _DEVICES.fullmatch(plain) else plain
