"""A pair of small CPT releases that has a change of every severity."""

from collections.abc import Callable
from pathlib import Path

import pytest

Make = Callable[..., Path]

SAME = {"10004": "Anchor", "10005": "Anchors of another kind"}
PREVIOUS = SAME | {
    "00990": "Polishing of brass widget with wax",
    "00992": "Widget  rubbing",
    "00993": "Buffing of widgets",
    "00994": "Rinsing, 5 cm",
    "00995": "Brush (eg, nylon)",
    "00996": "Oiling, dry; hot",
    "00997": "Oiling, dry; cold",
    "00998": "Dulled rim check done",
    "00999": "Nothing like the others",
}
CURRENT = SAME | {
    "00991": "Polishing of brass widget with wax",
    "00992": "Widget rubbing",
    "00993": "Buffing of widget",
    "00994": "Rinsing, 6 cm",
    "00995": "Brush (eg, nylon, steel)",
    "00996": "Oiling, wet; hot",
    "00997": "Oiling, wet; cold",
    "00998": "Bridge payment for a further lesson",
}
MODIFIER = "Appendix A\r\n\r\n22 More Polish: When the widget {} done.\r\n"


def bundle(entries: dict[str, str], word: str) -> dict[str, str]:
    text = "".join(f"{code}\t{words}\r\n" for code, words in sorted(entries.items()))
    return {"LONGULT.txt": text, "MODUL.txt": MODIFIER.format(word)}


@pytest.fixture
def pair(make: Make, tmp_path: Path) -> tuple[str, ...]:
    """Give the words that compare the two releases."""
    sides = (
        make(tmp_path / "in" / "CPT 2026", bundle(PREVIOUS, "is")),
        make(tmp_path / "in" / "CPT 2027", bundle(CURRENT, "is not")),
    )
    return tuple(map(str, sides))
