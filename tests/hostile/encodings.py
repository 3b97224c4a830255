"""Tables in any encoding, marked, unmarked, or none at all (rows 11 to 16)."""

from typing import Final

from tests.hostile.case import OWN, TABLE, Case

_ROWS: Final = (3, 3, 0, 0)
_CAFE: Final = TABLE.replace("Second", "Caf\u00e9")
_MARK: Final = "\ufeff"
_WIDE: Final = ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")

_MARKED: Final = (
    *(
        Case(11, f"{codec} with a BOM, {what}", "t.csv", (_MARK + text).encode(codec), 0, (), _ROWS)
        for codec in _WIDE
        for what, text in (("commas", _CAFE), ("tabs", TABLE.replace(",", "\t")))
    ),
    Case(13, "a UTF-8 BOM", "t.csv", _CAFE.encode("utf-8-sig"), 0, (), _ROWS),
    Case(14, "two BOMs", "t.csv", 2 * _MARK + TABLE, 0, ("marks at the start: 2",), _ROWS),
    Case(14, "two BOMs of UTF-16", "t.csv", (2 * _MARK + TABLE).encode("utf-16-le"), 0,
         ("marks at the start: 2",), _ROWS),
    Case(14, "two files joined", "t.csv", f"{TABLE}{_MARK}code,name\nA4,Fourth\n", 3,
         ("E143", "are two files joined?"), (5, 4, 0, 1)),
    Case(14, "a BOM before a row", "t.csv", TABLE.replace("A2", f"{_MARK}A2"), 3,
         ("E143", "|3|"), (3, 2, 0, 1)),
    Case(14, "a BOM within a cell", "t.csv", TABLE.replace("d t", f"d{_MARK}t"), 0, (), _ROWS),
)  # fmt: skip
_UNMARKED: Final = tuple(
    Case(12, f"{codec} without a BOM", "t.csv", TABLE.encode(codec), 2,
         ("E141", f"--encoding {codec}"))
    for codec in _WIDE
)  # fmt: skip
_FOREIGN: Final = (
    Case(15, "Windows-1252", "t.csv", _CAFE.encode("cp1252"), 2,
         ("E140", "t.csv:3", "byte 31 (0xE9)", "looks like Windows-1252", "--encoding cp1252")),
    Case(15, "no Windows-1252 either", "t.csv", TABLE.encode() + b"A4,\x81\n", 2,
         ("E140", "t.csv:5", "0x81", "name its encoding")),
    Case(15, "two encodings in one", "t.csv", _CAFE.encode() + "A4,\u00e9x\n".encode("cp1252"), 2,
         ("E140", "t.csv:5", "mixed")),
    Case(16, "encoded twice", "t.csv", TABLE.replace("First", "Caf\u00c3\u00a9 \u00c3\u00a8"), 0,
         ("encoded twice, left as they are: 1",), _ROWS),
    Case(16, "a quote encoded twice", "t.csv", TABLE.replace("t t", "t\u00e2\u20ac\u2122s t"), 0,
         ("encoded twice, left as they are: 1",), _ROWS),
    Case(16, "capitals with marks", "t.csv", TABLE.replace("First", "\u00c2GE \u00c3O \u00e2x"), 0,
         (), _ROWS),
)  # fmt: skip


def _named(encoding: str) -> tuple[str, ...]:
    return (*OWN, "--encoding", encoding)


_NAMED: Final = (
    Case(12, "named", "t.csv", TABLE.encode("utf-16-le"), 2, ("E001", "--encoding"),
         options=_named("both=utf-16-le")),
    Case(12, "utf-16 without an order", "t.csv", TABLE.encode("utf-16-le"), 2,
         ("E141", "utf-16-le or utf-16-be"), options=_named("utf-16"),
         other=("sound.csv", TABLE.encode("utf-16"))),
    Case(15, "named cp1252", "t.csv", _CAFE.encode("cp1252"), 0, (), _ROWS, _named("cp1252")),
    Case(15, "named, but undefined", "t.csv", _CAFE.encode("cp1252") + b"A4,\x90\n", 2,
         ("E140", "t.csv:5", "0x90"), options=_named("cp1252")),
    Case(15, "named against its mark", "t.csv", _CAFE.encode("utf-8-sig"), 2,
         ("E140", "utf-8, but --encoding says cp1252"), options=_named("cp1252")),
    *(
        Case(15, f"named {name}", "t.csv", TABLE, 2, ("E001", name), options=_named(name))
        for name in ("klingon", "rot13", "utf-7", "idna", "base64", "iso2022_jp")
    ),
)  # fmt: skip

CASES: Final = (*_MARKED, *_UNMARKED, *_FOREIGN, *_NAMED)
