"""Tables whose rows, quotes or headers are broken (rows 22 to 34)."""

from typing import Final

from tests.hostile.case import OWN, TABLE, Case

_LONG: Final = "x" * (1024 * 1024 + 1)
_PREAMBLE: Final = 'Made-up list, 2026\n"Kept ""as is"""\n\n'

_WIDTHS: Final = (
    Case(22, "a short row", "t.csv", "code,name\nA1,First thing\nA2\n", 3,
         ("A2", "E151: has 1 cell, the header has 2"), (2, 1, 0, 1)),
    Case(22, "a short row among quotes", "t.csv", 'code,name\n"A1",x\n"A2"\n', 3, ("E151",),
         (2, 1, 0, 1)),
    Case(23, "a comma without quotes", "t.csv", "code,name\nA1,First, thing\nA2,x\n", 3,
         ("E152: has 3 cells, the header has 2", "without quotes?"), (2, 1, 0, 1)),
    Case(23, "an empty cell too many", "t.csv", "code,name\nA1,x,\nA2,y\n", 3,
         ("E152: has 3 cells", "delete the extra cells"), (2, 1, 0, 1)),
    Case(28, "blank lines", "t.csv", "\ncode,name\n\nA1,x\n \n\t\nA2,y\n\n", 0,
         ("blank lines skipped: 4", "header on line 2"), (2, 2, 0, 0)),
    Case(28, "quoted blanks are a row", "t.csv", 'code,name\nA1,x\n" "\n', 3, ("E151",),
         (2, 1, 0, 1)),
)  # fmt: skip
_QUOTES: Final = (
    Case(24, "line breaks in quotes", "t.csv", 'code,name\nA1,"x\ny\r\n\nz"\nA2,y\nA3\n', 3,
         ("|7|", "E151"), (3, 2, 0, 1)),
    Case(25, "an inch mark", "t.csv", 'code,name\nA1,6" tube\nA2,a "b" c\nA3,x"\n', 0, (),
         (3, 3, 0, 0)),
    Case(26, "text behind a quote", "t.csv", 'code,name\nA1,x\nA2,"6" tube"\n', 2,
         ("E153", "t.csv:3", "line 3")),
    Case(26, "backslashes", "t.csv", 'code,name\nA1,"he said \\"x\\""\n', 2, ("E153", "t.csv:2")),
    Case(26, "a blank behind a quote", "t.csv", 'code,name\nA1,"x" \n', 2, ("E153", "t.csv:2")),
    Case(27, "a quote that is never closed", "t.csv", 'code,name\nA1,"x\nA2,y\nA3,z\n', 2,
         ("E120", "t.csv:2")),
    Case(27, "never closed, the second cell", "t.csv", 'code,name\nA1,"x\ny"\nA2,"z\nA3,a\n', 2,
         ("E120", "t.csv:4")),
    Case(27, "closed by the next quote", "t.csv", 'code,name\nA1,"x\nA2,"y"\n', 2,
         ("E153", "t.csv:3", "starts on line 2")),
)  # fmt: skip
_HEADS: Final = tuple(
    Case(29, what, file, content, 0, (words,), (3, 3, 0, 0))
    for what, file, content, words in (
        ("semicolons", "t.csv", TABLE.replace(",", ";"), "line 1, cells separated by semicolons"),
        ("tabs", "t.csv", TABLE.replace(",", "\t"), "cells separated by tabs"),
        ("bars", "t.txt", TABLE.replace(",", "|"), "cells separated by vertical bars"),
        ("sep=", "t.csv", "sep=;\r\n" + TABLE.replace(",", ";"), "line 2, cells separated by semi"),
        (
            "a quoted sep=",
            "t.csv",
            '"sep=|"\n' + TABLE.replace(",", "|"),
            "separated by vertical bars",
        ),
        ("a preamble", "t.csv", _PREAMBLE + TABLE, "header on line 4, cells separated by commas"),
        ("a row of groups above", "t.csv", ",Texts\n" + TABLE, "header on line 2"),
    )
)
_COLUMNS: Final = (
    Case(29, "no header in 50 lines", "t.csv", "x\n" * 50 + TABLE, 2, ("E163", "columns found: x")),
    Case(29, "a header in quotes", "t.csv", '"code","long\nname"\nA1,x\nA2,y\n', 0, (),
         (2, 2, 0, 0), OWN, ("sound.csv", TABLE.replace("name", '"long\nname"'))),
    Case(30, "no header", "t.csv", "00100,First\n00102,Second\n", 2,
         ("E161", "line 1 looks like data", "00100")),
    Case(30, "no header, codes behind", "t.csv", "x;A0001\ny;A0002\n", 2, ("E161", "A0001")),
    Case(31, "a column twice", "t.csv", "code,name,Name\nA1,x,y\n", 2, ("E162", "code, name")),
    Case(31, "no column of codes", "t.csv", "id,name\nA1,x\n", 2, ("E163", "id, name")),
    Case(33, "the header once more", "t.csv", f"{TABLE}Code, name\nA4,Fourth\n", 3,
         ("E165: repeats the header",), (5, 4, 0, 1)),
    Case(33, "the header twice", "t.csv", f"code,name\n{TABLE}", 3, ("E165",), (4, 3, 0, 1)),
    Case(33, "a total", "t.csv", f"{TABLE}TOTAL,3\n", 3, ("E165: is a total",), (4, 3, 0, 1)),
    Case(33, "a total alone", "t.csv", f"{TABLE}Total: 3 rows", 3, ("E165",), (4, 3, 0, 1)),
    Case(33, "a total behind quotes", "t.csv", f'{TABLE}"A4","x"\n"Record count","4"\n', 3,
         ("E165",), (5, 4, 0, 1)),
    Case(33, "a key that is no total", "t.csv", f"{TABLE}TOTAL HIP,x\n", 0, (), (4, 4, 0, 0)),
    Case(34, "a cell beyond measure", "t.csv", f"{TABLE}A4,{_LONG}\nA5,x\n", 3, ("E154", "A4"),
         (5, 4, 0, 1)),
    Case(34, "a quoted cell beyond measure", "t.csv", f'{TABLE}A4,"{_LONG}"\n', 3, ("E154",),
         (4, 3, 0, 1)),
    Case(34, "5,001 columns", "t.csv", ",".join(["code", *map(str, range(5000))]) + "\nA1\n", 2,
         ("E166", "5,001 columns")),
)  # fmt: skip

CASES: Final = (*_WIDTHS, *_QUOTES, *_HEADS, *_COLUMNS)
