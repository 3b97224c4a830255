"""Tables that are empty, cut, torn, something else, or of odd line ends (rows 4 to 21)."""

import gzip
import json
from typing import Final

from tests.hostile.case import OWN, TABLE, Case

_ROWS: Final = (3, 3, 0, 0)
_QUOTED: Final = TABLE.replace("First thing", '"First\nthing"')
_MAIL: Final = "From: a@example.org\nTo: b@example.org\nMIME-Version: 1.0\n\n" + TABLE
_LFS: Final = "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n"
_CUT: Final = "code,name,kind\nA1,First thing,x\nA2,Second thing,x\n"

_EMPTY: Final = tuple(
    Case(4, what, "t.csv", content, 2, ("E110", "t.csv"))
    for what, content in (
        ("nothing", b""),
        ("a BOM", b"\xef\xbb\xbf"),
        ("two BOMs", b"\xef\xbb\xbf" * 2),
        ("a BOM of UTF-16", b"\xff\xfe"),
        ("blank lines", "\n \n\t\r\n\n"),
        ("Ctrl-Z", "\r\n\x1a"),
    )
)
_ELSE: Final = tuple(
    Case(9, what, "t.csv", content, 2, ("E130", words))
    for what, content, words in (
        ("a PDF", b"%PDF-1.7\n", "PDF"),
        ("a picture", b"\x89PNG\r\n\x1a\n", "picture"),
        ("an old workbook", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), ".xls"),
        ("a web page", "\n<!DOCTYPE html><table>", "web page"),
        ("a bare web page", "<HTML><table>", "web page"),
        ("JSON records", json.dumps([{"code": "A1"}]), "JSON"),
        ("a JSON object", '{\n  "code": "A1"}', "JSON"),
        ("JSON in UTF-16", json.dumps([{"code": "A1"}]).encode("utf-16"), "JSON"),
        ("a git-lfs pointer", _LFS, "git-lfs"),
        ("an e-mail", _MAIL, "e-mail"),
        ("Parquet", b"PAR1" + bytes(40), "Parquet"),
    )
)
_CUTS: Final = (
    Case(6, "cut in a quoted cell", "t.csv", 'code,name\nA1,x\nA2,"Second th', 2,
         ("E120", "t.csv:3", "never closed")),
    Case(6, "cut behind a quote", "t.csv", 'code,name\nA1,x\nA2,"', 2, ("E120", "t.csv:3")),
    Case(7, "cut inside a code", "t.csv", f"{_CUT}A", 2, ("E121", "t.csv:4", "size 51 bytes")),
    Case(7, "cut behind a code", "t.csv", f"{_CUT}A3,", 2, ("E121", "t.csv:4", "2 of 3")),
    Case(7, "cut by lines", "t.csv", f"{_CUT}A3,Third thing\n", 3, ("E151", "A3"), (3, 2, 0, 1)),
    Case(7, "no end of the last line", "t.csv", f"{_CUT}A3,Third thing,x", 0, (), _ROWS),
    Case(8, "cut in a letter", "t.csv", f"{TABLE}A4,caf\u00e9".encode()[:-1], 2, ("E122", ":5")),
    Case(8, "cut in a long letter", "t.csv", f"{TABLE}A4,\u20ac".encode()[:-1], 2, ("E122",)),
    Case(8, "cut in UTF-16", "t.csv", TABLE.encode("utf-16")[:-1], 2, ("E122",)),
)  # fmt: skip
_TAILS: Final = (
    Case(10, "gzip", "t.csv", gzip.compress(TABLE.encode(), mtime=0), 2, ("E130", "gzip")),
    Case(17, "a NUL in a cell", "t.csv", TABLE.replace("Second ", "Second\0"), 3,
         ("E155", "A2"), (3, 2, 0, 1)),
    Case(17, "a NUL in a code", "t.csv", TABLE.replace("A2", "A\0"), 3, ("E155",), (3, 2, 0, 1)),
    Case(17, "a NUL in a quoted cell", "t.csv", TABLE.replace("Second thing", '"x\0\ny"'), 3,
         ("E155", "A2"), (3, 2, 0, 1)),
    Case(17, "a tail of NULs", "t.csv", TABLE.encode() + bytes(512), 2, ("E123", "512 NUL")),
    Case(17, "a line of NULs", "t.csv", f"{TABLE}\0\0\n", 3, ("E155",), (4, 3, 0, 1)),
    Case(18, "Ctrl-Z at the end", "t.csv", f"{TABLE}\x1a", 0, ("Ctrl-Z at the end",), _ROWS),
    Case(18, "Ctrl-Z on its line", "t.csv", f"{TABLE}\x1a\x1a\r\n", 0, ("left out: 2",), _ROWS),
    Case(18, "Ctrl-Z in mid-file", "t.csv", TABLE.replace("d t", "d\x1at"), 0, (), _ROWS),
)  # fmt: skip
_ENDS: Final = (
    Case(19, "CR alone", "t.csv", TABLE.replace("\n", "\r"), 0, ("4 CR",), _ROWS),
    Case(19, "CR alone, quoted", "t.csv", _QUOTED.replace("\n", "\r"), 0, ("4 CR",), _ROWS),
    Case(20, "CRLF, LF and CR", "t.csv", "code,name\r\nA1,First thing\nA2,x\rA3,y\r\n", 0,
         ("2 CRLF, 1 LF, 1 CR",), _ROWS),
    Case(20, "CRLF, one LF", "t.csv", "code,name\r\nA1,a\r\nA2,b\nA3,c\r\n", 0,
         ("3 CRLF, 1 LF",), _ROWS),
    Case(21, "no line ends", "t.csv", TABLE.replace(" ", "\x0b\x0c\x1c\x1e\x85\u2028\u2029"), 0, (),
         _ROWS),
    Case(21, "no line ends, quoted", "t.csv", 'code,name\nA1,"x\x0b\x0c\x85\u2028y"\n', 0, (),
         (1, 1, 0, 0)),
)  # fmt: skip
_HEADER_ONLY: Final = Case(
    5, "a header alone", "t.csv", "code,name\n", 2, ("E111", "no rows"), options=OWN
)

CASES: Final = (*_EMPTY, _HEADER_ONLY, *_ELSE, *_CUTS, *_TAILS, *_ENDS)
