"""What the readers make of the publishers' text files, with every oddity seen in them."""

import codecs
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from cptdiff import CptdiffError, Release
from cptdiff.comparison import compare as diff
from cptdiff.pipeline import load_release as load
from cptdiff.reading import decode

Read = Callable[..., Release]
Days = list[date | None]

# Each file holds the codes 00990 and 0991T (HCPCS: A0990 and A0991) and ends in WORDS.
WORDS = 'Polish 6" widget'
HCPCS, ORDER = "HCPC2026_JAN_ANWEB.txt", "icd10cm_order_2026.txt"
LT, LF, LIST = "LONGULT.txt", "LONGULF.txt", "ConsolidatedCodeList.txt"
A0991 = "A0991001003c"
HEAD = "Concept Id\tCPT Code\tLong\n"
ROWS = f"{HEAD}1\t00990\tPolish\n2\t0991T\t{WORDS}"
PLAIN = "00990 Polish\n0991T " + WORDS
FILES = {
    LT: "00990\tPolish\n0991T\t" + WORDS,
    LF: '0099001 Polish\n0991T01 Polish 6"\n0991T02 widget',
    "MEDU.txt": PLAIN,
    "SHORTU.txt": PLAIN,
    LIST: ROWS,
    "ConsumerDescriptor.txt": ROWS.replace("Long", "Consumer Friendly Descriptor"),
    HCPCS: 'A0990001003Polish\nA0991001003Polish 6"\nA0991002004widget',
}
ADDRESS = "60600 Invented Street\n"
PROSE = f"Licence © 1977, 1981\n\n{ADDRESS}1977, 1981, 1983-2019\nmade up\n\n"
PREAMBLES = {
    "blank lines, years and an address": PROSE,
    "an address first": f"{ADDRESS}Made-up City\n\n",
    "an address last": f"Made-up licence\n\n{ADDRESS}\n",
    "two addresses": f"Licence\n\n{ADDRESS}{ADDRESS}Made-up City\n\n",
    "32 lines": "line\n" * 15 + "\n" + "1977, 1981, 1983-2019\n" * 15 + "\n",
    "200 lines": "A made-up line\n\n" * 100,
}
SHAPES: dict[str, Callable[[str], bytes]] = {
    "CRLF": lambda text: text.replace("\n", "\r\n").encode(),
    "LF": str.encode,
    "CR": lambda text: text.replace("\n", "\r").encode(),
    "mixed": lambda text: text.replace("\n", "\r\n", 8).replace("\n", "\r", 1).encode(),
    "an end of the last line": lambda text: f"{text}\n".encode(),
    "blank lines below": lambda text: f"{text}\n \n\n  \n".encode(),
    "Ctrl-Z": lambda text: f"{text}\r\n\x1a".encode(),
    "BOM": lambda text: text.encode("utf-8-sig"),
    "UTF-16 LE": lambda text: text.encode("utf-16"),
    "UTF-16 BE": lambda text: b"\xfe\xff" + text.encode("utf-16-be"),
}
STATES = "\n".join(f"Physical Status Modifier P{n}: A widget" for n in range(1, 7))
MODUL = f"""Appendix A\n\nModifiers\n\nProse for people.
\n22 Bent: Polish for\n10 or 12 minutes\n\n25 Two: not\n\nAnesthesia Physical Status
\n{STATES}\n\nCPT Level I Modifiers\n\n25 Two: not\n27 outdoors\n\n27 Many: Benches\n
Category II Modifiers\n\n1P Left: rust\n
Level II (HCPCS/National) Modifiers\n\nE1 Upper left lid\nLT Left: side\n"""
LISTED = "1P rust|22 Polish for 10 or 12 minutes|25 not|27 Benches|E1 |LT side|"
LISTED += STATES.replace("Physical Status Modifier ", "").replace(":", "").replace("\n", "|")
PLA = """<plaCodes>\n<plaCode cdCode="0001U" cdId="1"><cdDesc>a &lt; b (R)</cdDesc>
<effectiveDate>2017-02-01T00:00:00-06:00</effectiveDate></plaCode>
<plaCode cdCode="0002U" cdId="2"><cdDesc>c</cdDesc><cdSDesc/>
<effectiveDate>2016-12-31T23:59:59+14:00</effectiveDate></plaCode>\n</plaCodes>\n"""
LONG = "Polish the widget and grind it, " * 47
PIECES = "\n".join(f"00990{n:02} {LONG[n * 64 - 64 : n * 64]:<72}" for n in range(1, 25))
RECORDS = {  # file, content, texts by code; then rows read, kept, collapsed and quarantined
    "24 continuation records": (LF, PIECES, f"00990 {LONG.strip()}", "1100"),
    "a gap": (LF, "0099001 a\n0099003 c\n0099101 d", "00991 d", "2101"),
    "a wrong order": (LF, "0099001 a\n0099003 c\n0099002 b\n0099101 d", "00991 d", "2101"),
    "a record twice": (LF, "0099001 a\n0099002 b\n0099002 b\n0099101 d", "00991 d", "2101"),
    "an orphan first": (LF, "0099002 a\n0099101 b", "00991 b", "2101"),
    "an orphan below": (LF, "0099001 a\n0099102 b\n0099201 c", "00990 a|00992 c", "3201"),
    "a short row": (LIST, f"{HEAD}1\t00990\ta\n2\t00991\n", "00990 a|00991 ", "2200"),
    "empty cells too many": (LIST, f"{HEAD}1\t00990\ta\t\t\n", "00990 a", "1100"),
    "cells too many": (LIST, f"{HEAD}1\t00990\ta\n2\t00991\tb\tc", "00990 a", "2101"),
    "a second tab": (LT, "00990\ta\n00991\tb\n00992\tc\td", "00990 a|00991 b", "3201"),
    "odd third": (LT, "00990\ta\n00991\tb\n0099X\tc\n00992\td", "00990 a|00991 b|00992 d", "4301"),
    "odd second": (LT, "00990\ta\n0099X\tb\n00991\tc\n00992\td", "00990 a|00991 c|00992 d", "4301"),
    "odd first": (LT, "Prose\n\n0099X\ta\n00991\tb\n00992\tc", "00991 b|00992 c", "3201"),
    "doubled": (LT, "00990\ta\n00990\ta\n00991\ta\n00991\tb", "00990 a", "4112"),
    "modifiers": (HCPCS, "   E1001007a\n   E1002008 b\nA0990001003x", "A0990 x|E1 a  b", "2200"),
    "full columns": (HCPCS, f"A0990001003{'x' * 80}\nA0990002004y", f"A0990 {'x' * 80} y", "1100"),
    "records of any width": (HCPCS, f"{'A0990001003a':<316}\n{'A0990002004b':<91}\n{A0991:<546}",
        "A0990 a b|A0991 c", "2200"),
    "a sequence with a gap": (HCPCS, f"A0990001003a\nA0990003004b\n{A0991}", "A0991 c", "2101"),
    "another record id": (HCPCS, f"A0990001003a\n{A0991}\nA0992001005d", "A0990 a|A0991 c", "3201"),
    "all five lists": ("MODUL.txt", MODUL, LISTED, "131300"),
    "CPTPLA": ("CPTPLA", PLA, "0001U a < b (R)|0002U c", "2200"),
    "CPTPLATab": ("CPTPLATab.txt", "0001U\t1\ta\tA\n0002U\t2\tb", "0001U a|0002U b", "2200"),
}  # fmt: skip
TEXTS = ['"', '"Polish', 'Polish"', '"Polish" it', "=1", "a;b,c|d&<%", *(
    f"Po{mark}lish" for mark in "\x0b\x0c\x1c\x85\u2028\u2029")]  # fmt: skip
REFUSED = [
    *(("LONGULT.txt:2", b"00990\tPolish\n0991T\ta%c" % n, "E140") for n in b"\x81\x8d\x8f\x90\x9d"),
    *(("CPTPLA", f"<!DOCTYPE plaCodes>{PLA}".encode(code), "E214") for code in ("utf-8", "utf-16")),
]
DATED: list[tuple[str, str, Days]] = [
    ("CPTPLA", PLA, [date(2017, 2, 1), date(2016, 12, 31)]),
    (HCPCS, f"{'A0990001003a':<268}{20260401}{'':8}{'0' * 8}", [date(2026, 4, 1)]),
    (HCPCS, f"{'A0990001003a':<268}{'0' * 24}", [None]),
]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def from_bytes(name: str, content: bytes | str) -> Release:
        path = tmp_path / name.partition(":")[0]
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return load(path)

    return from_bytes


def texts(release: Release) -> dict[str, str]:
    carried = {name for fields in release.carries.values() for name in fields}
    field = next(name for name in ("long", "medium", "short", "consumer") if name in carried)
    return dict(sorted(release.entries.select("code", field).iter_rows()))


def rows(release: Release) -> str:
    counted = release.rows
    assert release.set_aside.height == counted.quarantined
    return f"{counted.read}{counted.kept}{counted.collapsed}{counted.quarantined}"


def assert_both(name: str, release: Release) -> None:
    codes = ("A0990", "A0991") if name == HCPCS else ("00990", "0991T")
    assert texts(release) == dict(zip(codes, ("Polish", WORDS), strict=True))
    assert rows(release) == "2200"


@pytest.mark.parametrize("preamble", PREAMBLES)
@pytest.mark.parametrize("name", FILES)
def test_a_preamble_of_any_length_is_no_row(name: str, preamble: str, read: Read) -> None:
    assert_both(name, read(name, PREAMBLES[preamble] + FILES[name]))


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("name", FILES)
def test_line_ends_tails_and_unicode_are_read_alike(name: str, shape: str, read: Read) -> None:
    assert_both(name, read(name, SHAPES[shape](PROSE + FILES[name])))


@pytest.mark.parametrize("case", RECORDS)
def test_records_become_entries_and_every_row_is_counted(case: str, read: Read) -> None:
    name, content, expected, counts = RECORDS[case]
    release = read(name, content.replace("\n", "\r\n"))
    assert "|".join(f"{code} {text}" for code, text in texts(release).items()) == expected
    assert rows(release) == counts


@pytest.mark.parametrize("byte", [*range(0x91, 0x98), 0x99, 0xA0, 0xAE, 0xB5, 0xE9])
@pytest.mark.parametrize("name", [LT, LIST, HCPCS, "MODUL.txt"])
def test_windows_1252_is_read_and_told(name: str, byte: int, read: Read) -> None:
    content = (FILES | {"MODUL.txt": "Appendix A\n\n22 Bent: "})[name].encode()
    release = read(name, content + b"a%cz" % byte)
    assert [*texts(release).values()][-1].endswith((b"a%cz" % byte).decode("cp1252"))
    assert release.sources[0].encoding == "Windows-1252"


# Long texts are decoded in parts: a letter of several bytes lies on each side of any border.
LONG = "\u20ac\u00e9x\U0001d11e\n" * 2_000_000


@pytest.mark.parametrize("shift", range(4))
@pytest.mark.parametrize("codec", ["utf-8", "utf-16", "utf-16-be"])
def test_letters_on_the_border_of_two_parts_are_whole(codec: str, shift: int) -> None:
    text = "y" * shift + LONG
    data = codecs.BOM_UTF16_BE * (codec == "utf-16-be") + text.encode(codec)
    assert decode("t.csv", data, ansi=True).data == text.encode()


@pytest.mark.parametrize(("tail", "told"), [(b"\xff\xff,", "E140"), (b"\xe2\x82", "E122")])
def test_a_broken_byte_far_in_a_long_text_is_told_by_its_place(tail: bytes, told: str) -> None:
    with pytest.raises(CptdiffError, match=f"{told}]: t.csv:2000001: ") as error:
        decode("t.csv", LONG.encode() + tail, ansi=True)
    assert f"{len(LONG.encode()):,}".replace(",", "") in str(error.value) or told == "E122"


@pytest.mark.parametrize(("name", "content", "slug"), REFUSED)
def test_what_is_broken_is_refused(name: str, content: bytes, slug: str, read: Read) -> None:
    with pytest.raises(CptdiffError, match=rf"^[^\n]*{slug}\]: {name}[^\n]* Fix: [^\n]*$"):
        read(name, content)


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("name", FILES)
def test_quotes_signs_and_separators_of_lines_are_text(name: str, text: str, read: Read) -> None:
    release = read(name, FILES[name].replace("Polish", text, 1))
    assert (next(iter(texts(release).values())), rows(release)) == (text, "2200")


@pytest.mark.parametrize("name", [*FILES, "CPTPLA", ORDER])
def test_codes_in_lower_case_are_folded_and_noted(name: str, read: Read) -> None:
    more = {"CPTPLA": PLA, ORDER: f"00001 A0991   1 {WORDS:<60} {WORDS}"}
    upper = read(name, (FILES | more)[name])
    lower = read(name, re.sub("0991T|A0991|0002U", lambda m: m[0].lower(), (FILES | more)[name]))
    assert (texts(lower), rows(lower)) == (texts(upper), rows(upper))
    assert any("in capital letters" in str(note) for note in lower.notes)


@pytest.mark.parametrize(("name", "content", "days"), DATED)
def test_dates_are_calendar_days(name: str, content: str, days: Days, read: Read) -> None:
    assert read(name, content).entries.sort("code")["add_date"].to_list() == days


def test_the_words_of_a_modifier_in_two_lists_are_compared_in_each(read: Read) -> None:
    releases = [read("MODUL.txt", MODUL.replace("outdoors", word)) for word in ("in", "out")]
    words = ("hospital", "Two: not 27 in", "Two: not 27 out")
    assert diff(*releases).revised.drop("label", "row_name").rows() == [("modifier", "25", *words)]


def test_what_was_assumed_of_columns_without_names_is_told(read: Read) -> None:
    assert any(
        "columns are not named" in str(note) for note in read("CPTPLATab.txt", "0001U\t1\ta").notes
    )
