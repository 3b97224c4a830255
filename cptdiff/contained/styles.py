"""What a number in a cell means by its format: a count, a code shown with zeros, a date."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Final

from cptdiff.contained.package import parse

NUMBER: Final = "n"
ZEROS: Final = "0"
DATE: Final = "d"
ERROR: Final = "!"
# Formats of their own number that are dates or times (ECMA-376 part 1, 18.8.30).
_BUILT_IN: Final = {
    14: "mm-dd-yy", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss", 22: "m/d/yy h:mm",
    45: "mm:ss", 46: "[h]:mm:ss", 47: "mmss.0",
}  # fmt: skip
_WHOLE: Final = re.compile(r"-?[0-9]{1,300}")
_REAL: Final = re.compile(r"[-+]?[0-9]*\.?[0-9]*(?:[eE][-+]?[0-9]+)?")
_PARTS_OF_DATES: Final = re.compile("[dmhysDMHYS]")


@dataclass(frozen=True)
class Styles:
    """The number format of each cell style; `since_1904` tells the Macintosh calendar."""

    formats: Sequence[str]
    since_1904: bool = False
    _known: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)

    def shown(self, text: str, style: str) -> tuple[str, str]:
        """A number's exact text as its user sees a code, and what it is.

        100 under the format 00000 is 00100, a date its ISO text. Raises ValueError.
        """
        at = int(style) if style else 0
        code = self.formats[at] if 0 <= at < len(self.formats) else ""
        if code and _PARTS_OF_DATES.search(code) and (found := self._date(text, code)):
            return found
        plain = _plain(text)
        if code and not code.strip("0") and plain.isdigit():
            return plain.zfill(len(code)), ZEROS
        return plain, NUMBER

    def _date(self, text: str, code: str) -> tuple[str, str] | None:
        if (text, code) not in self._known:
            found = _as_date(text, code, since_1904=self.since_1904)
            if found is None:
                return None
            self._known[text, code] = found
        return self._known[text, code]


def styles(data: bytes, *, since_1904: bool) -> Styles:
    """The styles in the part `data` (styles.xml)."""
    own: dict[int, str] = {}
    found: list[str] = []
    inside: list[str] = []

    def start(name: str, said: dict[str, str]) -> None:
        element = name.rpartition(" ")[2]
        if element == "numFmt":
            own[int(said.get("numFmtId", 0))] = said.get("formatCode", "")
        elif element == "xf" and inside and inside[-1] == "cellXfs":
            number = int(said.get("numFmtId", 0))
            found.append(own.get(number) or _BUILT_IN.get(number, ""))
        inside.append(element)

    def end(_: str) -> None:
        inside.pop()

    parse("styles", data, {"StartElementHandler": start, "EndElementHandler": end})
    return Styles(found, since_1904)


def _plain(text: str) -> str:
    if _WHOLE.fullmatch(text):
        return str(int(text))
    value = float(text) if _REAL.fullmatch(text) else math.nan
    if not math.isfinite(value):
        raise ValueError(text)
    return str(int(value)) if value.is_integer() else str(value)


def _as_date(text: str, code: str, *, since_1904: bool) -> tuple[str, str] | None:
    """ISO text; a serial number that no calendar has is an error, as it is to its user."""
    # 0.2 s, where there are dates only.
    from openpyxl.styles.numbers import is_date_format, is_timedelta_format  # noqa: PLC0415
    from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH, from_excel  # noqa: PLC0415

    if not is_date_format(code):
        return None
    epoch = MAC_EPOCH if since_1904 else WINDOWS_EPOCH
    try:
        value = from_excel(float(text), epoch, timedelta=is_timedelta_format(code))
    except (OverflowError, ValueError):
        return "#VALUE!", ERROR
    return _iso(value), DATE


def _iso(value: object) -> str:
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat()
    return str(value)
