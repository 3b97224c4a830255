"""Codes as spreadsheets, mails and hands leave them."""

from typing import Final

from tests.conftest import Content
from tests.hostile.case import Case

HEAD: Final = "Concept Id\tCPT Code\tLong\n"
SOUND: Final = "".join(
    f"{n}\t{code}\tMade-up {n}\n" for n, code in enumerate(("00100", "0042T", "99213"), 1)
)
CONSOLIDATED: Final = "ConsolidatedCodeList.txt"
CPT: Final[tuple[str, Content]] = ("cpt", {CONSOLIDATED: HEAD + SOUND})
LONG: Final = "00100\tMade-up a\r\n0042T\tMade-up b\r\n99213\tMade-up c\r\n"
LEGACY: Final[tuple[str, Content]] = ("legacy", {"LONGULT.txt": LONG})
ICD: Final = "".join(f"{code:<7} Made-up {code}\r\n" for code in ("A000", "A001", "B9999"))
MANY: Final = "".join(f"{n}\t{n:05}\tMade-up {n}\n" for n in range(10_000, 10_200))


def cpt(row: int, what: str, code: str, fault: str) -> Case:
    """A fourth row whose code is `code`: set aside."""
    text = f"{HEAD}{SOUND}4\t{code}\tMade-up 4\n"
    return Case(row, what, CONSOLIDATED, text, 3, (fault,), (4, 3, 0, 1), (), CPT)


def used(row: int, what: str, code: str, told: str) -> Case:
    """A fourth row whose code is `code`: used in its own form, aloud."""
    text = f"{HEAD}{SOUND}4\t{code}\tMade-up 4\n"
    return Case(row, what, CONSOLIDATED, text, 0, (told,), (4, 4, 0, 0), (), CPT)


def longult(row: int, what: str, line: str, fault: str) -> Case:
    """The same in a file without a header."""
    text = f"{LONG}{line}\r\n"
    return Case(row, what, "LONGULT.txt", text, 3, (fault,), (4, 3, 0, 1), (), LEGACY)


CASES: Final = (
    Case(35, "an equal twin", "t.csv", "code,name\nA1,x\nA1,x\nA2,y\n", 0,
         ("exact duplicates of another row, counted once: 1",), (3, 2, 1, 0)),
    Case(35, "an equal twin of CPT", CONSOLIDATED, HEAD + SOUND + "1\t00100\tMade-up 1\n", 0,
         ("exact duplicates of another row, counted once: 1",), (4, 3, 1, 0), (), CPT),
    Case(36, "one key, two texts", "t.csv", "code,name\nA1,x\nA1,y\nA2,y\n", 0,
         ("1 key has several rows (A1)", "--key code --key name"), (3, 3, 0, 0)),
    cpt(36, "one code, two texts of CPT", "00100", "E202")._replace(rows=(4, 2, 0, 2)),
    used(37, "lower case", "0043t", "capital letters without spaces: 1 (0043T for 0043t)"),
    used(37, "blanks round", " 00104 ", "capital letters without spaces: 1 (00104 for  00104 )"),
    cpt(37, "lower case that meets its twin", "0042t", "E202")._replace(rows=(4, 2, 0, 2)),
    cpt(38, "too short", "A1", "E201"),
    cpt(38, "a Cyrillic look-alike", "0043\u0422", "U+0422 CYRILLIC CAPITAL LETTER TE"),
    cpt(38, "a long s, whose capital is S", "0043\u017f", "U+017F LATIN SMALL LETTER LONG S"),
    cpt(38, "full-width digits", "\uff10\uff10\uff11\uff10\uff14", "U+FF10 FULLWIDTH DIGIT ZERO"),
    cpt(38, "Arabic digits", "\u0660\u0660\u0661\u0660\u0664", "U+0660 ARABIC-INDIC DIGIT ZERO"),
    cpt(38, "a zero-width space", "00104\u200b", "U+200B ZERO WIDTH SPACE"),
    cpt(38, "a byte order mark", "00104\ufeff", "U+FEFF ZERO WIDTH NO-BREAK SPACE"),
    cpt(38, "a no-break space", "\u00a000104", "U+00A0 NO-BREAK SPACE"),
    cpt(38, "a bidirectional mark", "\u202e40100", "U+202E RIGHT-TO-LEFT OVERRIDE"),
    cpt(38, "a modifier that is none", "00104-26", "E201"),
    cpt(39, "leading zeros lost", "104", "E203"),
    longult(39, "leading zeros lost in LONGULT", "104\tMade-up d", "E203"),
    Case(39, "more than one in a hundred", CONSOLIDATED, HEAD + MANY + SOUND
         + "".join(f"{n}\t{n}\tMade-up {n}\n" for n in (104, 140, 160)),
         2, ("E203", "3 of 206", "--repair leading-zeros"), None, (), CPT),
    Case(39, "zeros put back", CONSOLIDATED, HEAD + SOUND + "4\t104\tMade-up 4\n", 3,
         ("with leading zeros restored: 1 (00104 for 104)",), (4, 4, 0, 0),
         ("--repair", "leading-zeros"), CPT),
    Case(39, "zeros put back in LONGULT", "LONGULT.txt", f"{LONG}104\tMade-up d\r\n", 3,
         ("with leading zeros restored: 1 (00104 for 104)",), (4, 4, 0, 0),
         ("--repair", "leading-zeros"), LEGACY),
    Case(39, "zeros put back that make a twin", CONSOLIDATED, HEAD + SOUND + "4\t100\tMade-up 4\n",
         2, ("E209", "00100", "lines 2 and 5"), None, ("--repair", "leading-zeros"), CPT),
    longult(39, "a code cut short keeps its zeros", "0010\tMade-up d", "E201"),
    cpt(40, "scientific notation", "1.00E+05", "E204"),
    cpt(40, "scientific notation without a point", "1E+10", "E204"),
    longult(40, "scientific notation in LONGULT", "1.00E+05\tMade-up d", "E204"),
    cpt(41, "a decimal number", "99214.0", "E205"),
    cpt(41, "thousands separators", "99,214", "E206"),
    cpt(41, "a date", "1-Mar", "E207"),
    cpt(41, "a whole date", "2026-03-01", "E207"),
    cpt(41, "a formula", "=A1", "E208"),
    used(41, "a guard as a formula", '="00104"', "that a spreadsheet adds: 1 (00104 for"),
    used(41, "a guard as an apostrophe", "'00104", "that a spreadsheet adds: 1 (00104 for '00104)"),
    Case(42, "texts that look like nothing", "t.csv",
         'code,name\nA1,NA\nA2,null\nA3,true\nA4,""\nA5,\n', 0, (), (5, 5, 0, 0)),
    Case(43, "dots in some codes", "icd10cm_codes_2026.txt", ICD.replace("A001   ", "A00.1  "), 0,
         ("without their dot: 1 (A001 for A00.1)",), (3, 3, 0, 0), (),
         ("icd", {"icd10cm_codes_2026.txt": ICD})),
    Case(43, "a dotted code and its twin", "icd10cm_codes_2026.txt",
         ICD + "A00.1   Otherwise\r\n", 3,
         ("E202",), (4, 2, 0, 2), (), ("icd", {"icd10cm_codes_2026.txt": ICD})),
    Case(32, "two columns swapped", CONSOLIDATED,
         "Concept Id\tLong\tCPT Code\n" + SOUND, 2, ("E164", "0 of 3 values", "3 in long"), None,
         (), CPT),
)  # fmt: skip
