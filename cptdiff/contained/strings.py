"""The texts that cells share (ECMA-376 part 1, 18.4), and how control characters are written."""

import re
from typing import Final
from xml.etree import ElementTree as ET

from cptdiff.contained.package import bomb, elements

MAX_TEXT: Final = 200 * 1024**2
_ESCAPED: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")


def shared_strings(data: bytes) -> list[str]:
    """The texts in the part `data` (sharedStrings.xml)."""
    found: list[str] = []
    size = 0
    for element in elements("sharedStrings", data):
        if element.tag.endswith("}si"):
            found.append(words(element))
            element.clear()
            size += len(found[-1])
            if size > MAX_TEXT:
                raise bomb("", "holds more text than any release")
    return found


def words(item: ET.Element) -> str:
    """The text of `item`, plain or in runs, without how it is pronounced."""
    texts = []
    for child in item:
        if child.tag.endswith("}t"):
            texts.append(child.text or "")
        elif child.tag.endswith("}r"):
            texts.extend(run.text or "" for run in child if run.tag.endswith("}t"))
    return unescaped("".join(texts))


def unescaped(text: str) -> str:
    """`text` with _x000D_ as the character that it stands for (18.4.12 and 22.9.2.19)."""
    return _ESCAPED.sub(_character, text) if "_x" in text else text


def _character(found: re.Match[str]) -> str:
    point = int(found[1], 16)
    is_half = 0xD800 <= point <= 0xDFFF  # noqa: PLR2004 - a surrogate is no character of its own
    return found[0] if is_half or not point else chr(point)
