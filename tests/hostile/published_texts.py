"""The same faults in publishers' files, which have a treatment of their own."""

from typing import Final

from tests.hostile.case import Case

_LONGULT: Final = "00100\tMade-up numbing\r\n00102\tMade-up a\r\n00104\tMade-up c\r\n"
_SOUND: Final = ("LONGULT.txt", _LONGULT)
_ORDER: Final = "".join(
    f"{n:05} {code:<7} 1 {'Made-up short':<60} Made-up long\r\n"
    for n, code in enumerate(("A000", "A001", "A009"), 1)
)
_OTHER: Final = ("icd10cm_order_2026.txt", _ORDER)
_LIST: Final = "Concept Id\tCPT Code\tLong\r\n1\t00100\tMade-up\r\n2\t00102\tMade-up b\r\n"
_QUOTED: Final = 'Concept Id,CPT Code,Long\r\n1,00100,"Made-up, ""a""\r\nb"\r\n2,00102,Made-up\r\n'
_ROWS: Final = (3, 3, 0, 0)


_LONGULTS: Final = tuple(
    Case(row, f"LONGULT, {what}", "LONGULT.txt", content, code, says, rows, (), _SOUND)
    for row, what, content, code, says, rows in (
        (4, "blank", "\r\n\r\n", 2, ("E110",), None),
        (7, "cut inside a code", _LONGULT + "001", 2, ("E121", "LONGULT.txt:4"), None),
        (7, "cut behind a code", _LONGULT + "00106", 2, ("E121", "LONGULT.txt:4"), None),
        (8, "cut in a letter", f"{_LONGULT}00106\tcaf\u00e9".encode()[:-1], 2, ("E122",), None),
        (9, "JSON", '[{"code": "00100"}]', 2, ("E130", "JSON"), None),
        (11, "UTF-16", _LONGULT.encode("utf-16"), 0, (), _ROWS),
        (12, "UTF-16 without a BOM", _LONGULT.encode("utf-16-le"), 2, ("E141",), None),
        (
            14,
            "two files joined",
            _LONGULT + "\ufeff00106\tMade-up\r\n",
            3,
            ("E143", "00106"),
            (4, 3, 0, 1),
        ),
        (14, "two BOMs", "\ufeff\ufeff" + _LONGULT, 0, ("at the start: 2",), _ROWS),
        (15, "Windows-1252", _LONGULT.replace("up a", "up \u00e9").encode("cp1252"), 0, (), _ROWS),
        (15, "undefined", _LONGULT.encode() + b"00106\t\x81\r\n", 2, ("E140", ":4"), None),
        (
            16,
            "encoded twice",
            _LONGULT.replace("numb", "\u00c3\u00a9"),
            0,
            ("as they are: 1",),
            _ROWS,
        ),
        (17, "a NUL", _LONGULT.replace("up a", "up\0a"), 3, ("E155", "00102"), (3, 2, 0, 1)),
        (17, "a tail of NULs", _LONGULT.encode() + bytes(9), 2, ("E123", "9 NUL"), None),
        (18, "Ctrl-Z", _LONGULT + "\x1a", 0, ("Ctrl-Z at the end",), _ROWS),
        (19, "CR alone", _LONGULT.replace("\r\n", "\r"), 0, ("3 CR",), _ROWS),
        (20, "CRLF and LF", _LONGULT.replace("\r\n", "\n", 1), 0, ("2 CRLF, 1 LF",), _ROWS),
        (21, "no line ends", _LONGULT.replace("up", "\x0b\x0c\x85\u2028\u2029"), 0, (), _ROWS),
        (25, "an inch mark", _LONGULT.replace("up", '"6" tube'), 0, (), _ROWS),
        (
            34,
            "beyond measure",
            _LONGULT + f"00106\t{'x' * 1_048_580}\r\n",
            3,
            ("E154", "00106"),
            (4, 3, 0, 1),
        ),
    )
)
_ORDERS: Final = tuple(
    Case(
        row, f"order file, {what}", "icd10cm_order_2026.txt", content, code, says, rows, (), _OTHER
    )
    for row, what, content, code, says, rows in (
        (7, "cut inside a code", _ORDER + "00004 A0", 2, ("E121", ":4"), None),
        (
            14,
            "a BOM in mid-file",
            _ORDER.replace("00002", "\ufeff00002"),
            3,
            ("E143",),
            (3, 2, 0, 1),
        ),
        (17, "a NUL", _ORDER.replace("A001 ", "A001\0"), 3, ("E155",), (3, 2, 0, 1)),
        (19, "CR alone", _ORDER.replace("\r\n", "\r"), 0, ("3 CR",), _ROWS),
        (21, "no line ends", _ORDER.replace("up long", "\x0b\x0c\x85\u2028"), 0, (), _ROWS),
    )
)
_CSVS: Final = tuple(
    Case(
        row,
        f"CSV, {what}",
        "ConsolidatedCodeList.csv",
        content,
        code,
        says,
        rows,
        (),
        ("ConsolidatedCodeList.csv", _QUOTED),
    )
    for row, what, content, code, says, rows in (
        (6, "cut in a quoted cell", _QUOTED + '3,00104,"Made', 2, ("E120", ":5"), None),
        (17, "a NUL", _QUOTED + "3,00104,x\0y\r\n", 3, ("E155", "00104", "|5|"), (3, 2, 0, 1)),
        (20, "CR in quotes, CRLF outside", _QUOTED.replace("\r\nb", "\rb"), 0, (), (2, 2, 0, 0)),
        (22, "a short row", _QUOTED + "3,00104\r\n", 0, ("count as empty: 1",), _ROWS),
        (23, "a long row", _QUOTED + "3,00104,Made, up\r\n", 3, ("|5|", "00104"), (3, 2, 0, 1)),
        (26, "text behind a quote", _QUOTED + '3,00104,"6" tube"\r\n', 2, ("E153", ":5"), None),
        (28, "rows of separators", _QUOTED + ",,\r\n\r\n , ,\r\n", 0, (), (2, 2, 0, 0)),
    )
)
_SWAPPED: Final = "Concept Id\tCPT Code\tLong\r\n1\tMade-up\t00100\r\n2\tMade-up b\t00102\r\n"
_LISTS: Final = (
    Case(32, "a list with two columns swapped", "ConsolidatedCodeList.txt", _SWAPPED, 2,
         ("E164", "0 of 2", "2 in long"), None, (), ("ConsolidatedCodeList.txt", _LIST)),
    Case(32, "a list without a code", "ConsolidatedCodeList.txt", _LIST.replace("\t001", "\tX"), 2,
         ("E164", "0 of 2"), None, (), ("ConsolidatedCodeList.txt", _LIST)),
    Case(7, "a list cut behind a code", "ConsolidatedCodeList.txt", _LIST + "3\t00104", 2,
         ("E121", ":4"), None, (), ("ConsolidatedCodeList.txt", _LIST)),
    Case(22, "a list with a short row", "ConsolidatedCodeList.txt", _LIST + "3\t00104\r\n", 0,
         ("count as empty: 1",), _ROWS, (), ("ConsolidatedCodeList.txt", _LIST)),
    Case(14, "two lists joined", "ConsolidatedCodeList.txt", _LIST + "\ufeff3\t00104\tx\r\n", 3,
         ("E143", "00104"), (3, 2, 0, 1), (), ("ConsolidatedCodeList.txt", _LIST)),
)  # fmt: skip

CASES: Final = (*_LONGULTS, *_ORDERS, *_CSVS, *_LISTS)
