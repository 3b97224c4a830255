"""Pairs of tables by what is special about them."""

from typing import Final, NamedTuple

from tests.conftest import Content

HEAD: Final = "code,name,note\n"


class Two(NamedTuple):
    """Two tables, more words of the command, and whether the lines that differ are enough."""

    previous: Content
    current: Content
    words: tuple[str, ...] = ()
    is_enough: bool = True


def rows(first: int, end: int, name: str = "made-up thing", note: str = "kept") -> str:
    """Give rows of three cells."""
    return "".join(f"A{n:04},{name} {n},{note}\n" for n in range(first, end))


def whole(previous: Content, current: Content = None, *words: str) -> Two:
    """Give a pair that is read whole; both sides are one where only one is given."""
    return Two(previous, previous if current is None else current, words, is_enough=False)


def both(text: str) -> Two:
    """Give one text for both sides."""
    return Two(text, text)


LIST: Final = HEAD + rows(0, 300)
FEWER: Final = HEAD + rows(0, 290)
NEW: Final = HEAD + rows(0, 299) + rows(299, 300, "new")
SLIP: Final = LIST.replace("thing 7,", "thnig 7,")
IN_QUOTES: Final = '"a ""Thnig"", so"'
ALL_QUOTED: Final = "".join('"' + line.replace(",", '","') + '"\n' for line in LIST.splitlines())
NUMBERS: Final = [f"{n},x\n" for n in range(100, 200)]
BEHIND: Final = [f'x,"y, {n % 7}",{n}\n' for n in range(90)]

CHANGES: Final[dict[str, Two]] = {
    "no change": Two(LIST, HEAD + rows(150, 300) + rows(0, 150)),
    "the same bytes": both(LIST),
    "nothing in common": Two(LIST, HEAD + rows(0, 300, "other thing")),
    "no key in common": Two(LIST, HEAD + rows(300, 600)),
    "one row each": Two(HEAD + rows(0, 1), HEAD + rows(0, 1, "new")),
    "a few of each": Two(LIST, HEAD + rows(5, 290) + rows(290, 295, "new") + rows(400, 420)),
    "many deleted": Two(LIST, HEAD + rows(0, 200)),
    "many deleted, allowed": Two(LIST, HEAD + rows(0, 200), ("--allow", "deleted-share")),
    "few deleted, by a limit": Two(LIST, FEWER, ("--limit", "deleted-share=1")),
    "revised, by a limit": Two(
        LIST, HEAD + rows(0, 200) + rows(200, 300, "new"), ("--limit", "revised-share=20")
    ),
    "few in common, by a limit": Two(
        LIST, HEAD + rows(200, 500), ("--limit", "code-set=90", "--allow", "deleted-share")
    ),
    "only new ones": Two(LIST, HEAD + rows(0, 320), ("--limit", "revised-share=1")),
    "leading zeros": Two(
        "code,name\n" + "".join(f"00{row}" for row in NUMBERS), "code,name\n" + "".join(NUMBERS)
    ),
    "decimals": Two(LIST.replace("kept", "5"), LIST.replace("kept", "5.0")),
    "no wording": Two(LIST, NEW, ("--descriptors", "none")),
    "short wording": Two(LIST.replace("note", "short", 1), NEW.replace("note", "short", 1),
                         ("--descriptors", "short")),
    "totals": Two(LIST, FEWER, ("--expect", "added=0,deleted=9,revised=0")),
    "dates": Two(
        LIST, FEWER, ("--previous-date", "2026-01-01", "--current-date", "2027-01-01")
    ),
    "dates the wrong way": Two(
        LIST, FEWER, ("--previous-date", "2027-01-01", "--current-date", "2026-01-01")
    ),
    "filters": Two(LIST, HEAD + rows(5, 310), ("--only", "added", "--exit-code")),
    "several keys": Two(LIST, HEAD + rows(3, 305), ("--key", "code", "--key", "note")),
    "named fields": Two(LIST, HEAD + rows(0, 300, note="new"), ("--field", "name")),
    "keys alone": Two("code\n" + "".join(f"{n}\n" for n in range(90)), "code\n7\n8\n"),
    "the last column": Two("a,b,code\n" + "".join(BEHIND), "a,b,code\n" + "".join(BEHIND[4:])),
}  # fmt: skip

# A word that still stands in current's texts was not mended.
SLIPS: Final[dict[str, Two]] = {
    "a slip": Two(LIST, SLIP),
    "a slip mended": Two(SLIP, LIST),
    "a slip that stands elsewhere": Two(
        SLIP.replace("kept", "thnig"), LIST.replace("kept", "thnig")
    ),
    "a slip that stands in quotes": Two(
        SLIP.replace("kept", IN_QUOTES), LIST.replace("kept", IN_QUOTES)
    ),
    "a slip that stands where nothing is compared": Two(
        SLIP.replace("kept", "thnig"), LIST.replace("kept", "thnig"), ("--field", "name")
    ),
    "a slip that is a key": Two(
        SLIP + "thnig,a,b\n" + rows(300, 301), LIST + "thnig,a,b\n" + rows(300, 301)
    ),
}

FORMS: Final[dict[str, Two]] = {
    "quoted cells": Two(
        LIST.replace("kept", '"kept, ""as is"""'), NEW.replace("kept", '"kept, ""as is"""')
    ),
    "quoted otherwise": Two(LIST, LIST.replace("kept", '"kept"')),
    "quotes around all": Two(ALL_QUOTED, LIST),
    "quotes around all of both": Two(ALL_QUOTED, ALL_QUOTED.replace("thing 7", "other")),
    "a line break in quotes": whole(LIST, LIST.replace("kept", '"ke\npt"', 1)),
    "single quotes around all": whole(
        "'code','name'\n'A1','x'\n'A2','y'\n", "'code','name'\n'A1','x'\n'A2','z'\n"
    ),
    "single quotes in what differs": whole(
        LIST.replace("A0007,", "'A0007',"), LIST.replace("A0007,", "'A0007',").replace("7,k", "7,n")
    ),
    "a quote amid a cell": whole(LIST.replace("kept", 'a "kept"')),
    "CRLF on one side": Two(LIST, FEWER.replace("\n", "\r\n")),
    "CRLF on both sides": Two(LIST.replace("\n", "\r\n"), NEW.replace("\n", "\r\n")),
    "mixed line ends": whole(LIST, LIST.replace("\n", "\r\n", 7)),
    "no line end at the end": Two(LIST, (HEAD + rows(0, 301))[:-1]),
    "a byte order mark": Two(LIST, b"\xef\xbb\xbf" + FEWER.encode()),
    "letters beyond ASCII": Two(
        LIST.replace("thing", "th\u00edng"), FEWER.replace("thing", "th\u00edng")
    ),
    "keys beyond ASCII": whole(LIST, LIST.replace("A0007", "\u00c10007")),
    "look-alikes in both": whole(LIST.replace("A0007", "\u04100007")),
    "a control character in a key": whole(LIST.replace("A0007", "A\x7f7"), LIST + "A9,\u00ed,x\n"),
    "Windows-1252": whole(
        LIST, LIST.replace("7,made", "7,m\u00e4de").encode("cp1252"), "--encoding", "cp1252"
    ),
    "bytes that are not UTF-8": whole(LIST, LIST.replace("7,ma", "7,m\u00e4").encode("cp1252")),
    "encoded twice": whole(LIST.replace("kept", "\u00c3\u00a9")),
    "blank lines": whole(LIST, LIST + "\n\n"),
    "a preamble": Two("Made-up list\n\n" + LIST, "Other\n" + FEWER),
    "a header over two lines": whole(LIST.replace("note\n", '"no\nte"\n', 1)),
    "sep=": both("sep=;\n" + LIST.replace(",", ";")),
    "tabs": Two(LIST.replace(",", "\t"), FEWER.replace(",", "\t")),
    "other separators": whole(LIST, LIST.replace(",", "\t")),
    "another order of columns": whole(LIST, "name,code,note\nx,A0001,kept\n"),
    "a column more": whole(LIST, HEAD[:-1] + ",more\nA0001,x,y,z\n"),
    "a column in capitals": whole(LIST, LIST.replace("name", "NAME")),
}

DOUBTS: Final[dict[str, Two]] = {
    "padded keys": whole(LIST, LIST.replace("A0007", " A0007")),
    "padded keys in both": whole(LIST.replace("A0007", " A0007")),
    "equal rows": whole(LIST, LIST + rows(0, 1)),
    "one key twice": whole(LIST, LIST + rows(7, 8, "new")),
    "one new key twice": whole(LIST, LIST + rows(300, 301) + rows(300, 301, "new")),
    "a key twice on both sides": whole(
        LIST + rows(7, 8, "old") + rows(300, 301), LIST + rows(7, 8, "new") + rows(300, 301)
    ),
    "one key twice, in quotes": whole(LIST, LIST + '"A0007",x,y\n'),
    "one key twice, both new": whole(LIST, LIST + rows(400, 401) + rows(400, 401, "new")),
    "one key twice in previous": whole(LIST + rows(7, 8, "new"), LIST),
    "a blank key": whole(LIST, LIST + ",x,y\n"),
    "a short row": whole(LIST, LIST + "A0999,x\n"),
    "a wide row in both": whole(LIST + "A0999,x,y,z\n"),
    "a NUL in both": whole(LIST.replace("thing 7,", "th\0ng,")),
    "Ctrl-Z at the end": whole(LIST, LIST + "\x1a"),
    "Ctrl-Z before line ends": whole(LIST, LIST + "\x1a\r\n\r\n"),
    "Ctrl-Z in a last cell": whole(LIST, LIST[:-1] + "\x1a\n"),
    "Ctrl-Z amid the text": both(LIST.replace("thing 7,", "th\x1ang,")),
    "a total": whole(LIST + "TOTAL,300,\n", LIST + "TOTAL,301,\n"),
    "a total amid": whole(HEAD + "TOTAL,3,\n" + rows(0, 300), HEAD + "TOTAL,4,\n" + rows(0, 300)),
    "notes in both": whole(LIST + "Note: one,,\nNote: two,,\n"),
    "section titles in both": whole(HEAD + "Hard wood,,\n" + rows(0, 300)),
    "section titles in quotes": whole(HEAD + '"Wood, hard",,\n' + rows(0, 300)),
    "section titles behind": whole(
        "name,code,note\n,Hard wood,\n" + "".join(f"x {n},{n},y\n" for n in range(90))
    ),
    "a word alone in both": whole(LIST + "Oilstone,,\n"),
    "a code alone in both": both(LIST + "A0999,,\n"),
    "a code alone in what differs": Two(LIST, LIST + "A0999,,\nA1000,x,\n"),
    "a title alone in what differs": whole(LIST, HEAD + "Hard wood,,\n" + rows(0, 300)),
    "a short row where others are empty": whole(LIST + "A0998,,\nA0999,x\n"),
    "a total at one end": whole(LIST + "TOTAL,3,\n", HEAD + "TOTAL,3,\n" + rows(0, 300)),
    "the header once more": whole(LIST + HEAD),
    "the header once more, in capitals": whole(LIST, LIST + HEAD.upper()),
    "no rows": whole(HEAD, LIST),
    "no header": whole(rows(0, 30), LIST),
    "a field that is not there": whole(LIST, None, "--field", "none"),
    "a key that is not there": whole(LIST, None, "--key", "none"),
    "repair": whole(LIST, None, "--repair", "leading-zeros"),
}

PAIRS: Final = CHANGES | SLIPS | FORMS | DOUBTS
