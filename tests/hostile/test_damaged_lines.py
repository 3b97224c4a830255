"""Lines that were torn, joined or moved lose no entry and change none."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from cptdiff.pipeline import load_release as load
from tests.conftest import Content
from tests.hostile.case import Run, quarantined
from tests.streams import list_warnings

Make = Callable[[Path, Content], Path]
MODUL = """Licence

Appendix A

Modifiers

Prose for people.

22 Bent: Polish the widget
until it shines. Not for
dull widgets.

24 Two: Grind it.

Anesthesia Physical Status
Modifiers

Six states.

Physical Status Modifier P1: A widget

Modifiers for Benches Out of Doors

CPT Level I Modifiers

25 Many: Trim it.

Category II Modifiers

1P Left: rust

2P Right: rust
"""
TORN = {
    "a blank line in a text": ("until it", "\nuntil it", ["", "22"]),
    "a blank line behind a sentence": ("dull widgets", "\ndull widgets", ["", "22"]),
    "a stray paragraph": ("2P Right", "Here some words\nare lost.\n\n2P Right", ["", "1P"]),
    "two stray paragraphs": ("2P Right", "Lost.\n\nMore.\n\n2P Right", ["", "", "1P"]),
    "a paragraph at the end": ("2P Right: rust", "2P Right: rust\n\nor dust", ["", "2P"]),
    "a tab": ("24 Two", "24\tTwo", []),
    "an indent": ("24 Two", "  24 Two", []),
    "an indent and a tab": ("2P Right", "\t2P\t Right", []),
    "a no-break space alone": ("2P Right", "\u00a0\n2P Right", []),
}

ORDER = "".join(
    f"{n:05} {code:<7} 1 {f'Made-up {code}':<60} Made-up long {code}\n"
    for n, code in enumerate(("A000", "A001", "A009", "A010"), 1)
)
LONGULF = "0010001 Polish a widget\n0010002 and rinse\n0010201 Grind\n0010401 Trim\n"
MEDU = "00100 POLISH\n00102 GRIND\n00104 TRIM\n00106 RINSE\n"
HCPCS = "".join(f"{code + '001003Made-up ' + code:<91}{'SHORT':<229}\n"
                for code in ("A0001", "A0002", "E0001"))  # fmt: skip
MODIFIERS = f"{'   E1001007Upper lid':<320}\n{'   E2001007Lower lid':<320}\n"
ICD, ANWEB = "icd10cm_order_2026.txt", "HCPC2026_JAN_ANWEB.txt"
# File, sound text, what is damaged and how, the codes that are set aside.
LINES = {
    "order file, joined": (ICD, ORDER, " A001\n", " A001", ["A001", "A009"]),
    "order file, joined with a blank": (ICD, ORDER, " A001\n", " A001 ", ["A001", "A009"]),
    "order file, a tab": (ICD, ORDER, "Made-up A001", "Made-up\tA001", ["A001"]),
    "order file, a tab for blanks": (ICD, ORDER, "A001    1", "A001 \t 1", ["A001"]),
    "LONGULF, joined": ("LONGULF.txt", LONGULF, "Grind\n", "Grind", ["00102", "00104"]),
    "LONGULF, a tab": ("LONGULF.txt", LONGULF, "Grind", "Grind\tit", ["00102"]),
    "LONGULF, too wide": ("LONGULF.txt", LONGULF, "Grind", "Grind it " * 9, ["00102"]),
    "MEDU, a tab": ("MEDU.txt", MEDU, "GRIND", "GR\tIND", ["00102"]),
    "MEDU, a bell": ("MEDU.txt", MEDU, "GRIND", "GRIND\a", ["00102"]),
    "HCPCS, joined": (ANWEB, HCPCS, f"{'SHORT':<229}\n", f"{'SHORT':<229}", ["A0001", "A0002"]),
    "HCPCS, joined trimmed": (ANWEB, HCPCS, f"{'SHORT':<229}\n", "SHORT", ["A0001", "A0002"]),
    "HCPCS, too wide": (ANWEB, HCPCS, f"{'SHORT':<229}", f"{'SHORT':<229}x", ["A0001"]),
    "HCPCS, modifiers joined": (ANWEB, MODIFIERS + HCPCS, " \n   E2", "    E2", ["E1", "E2"]),
    "order file, broken": (ICD, ORDER, "long A001", "long\nof it", ["A001"]),
    "order file, broken in words": (ICD, ORDER, "long A001", "long\nand 10 of", ["A001"]),
    "MEDU, broken": ("MEDU.txt", MEDU, "GRIND", "GRIND\nIT", ["00102"]),
    "MEDU, broken twice": ("MEDU.txt", MEDU, "GRIND", "GRIND\nIT\nWELL", ["00102"]),
    "LONGULF, broken": ("LONGULF.txt", LONGULF, "Polish a", "Polish\na", ["00100"]),
    "LONGULF, broken at the end": ("LONGULF.txt", LONGULF, "and rinse", "and\nrinse", ["00100"]),
    "LONGULF, a tab further on": (
        "LONGULF.txt",
        LONGULF,
        "and rinse",
        "and\trinse",
        ["00100", "00100"],
    ),
    "HCPCS, broken": (ANWEB, HCPCS, "Made-up A0002", "Made-up\nA", ["A0002"]),
    "HCPCS, a tab": (ANWEB, HCPCS, "Made-up A0002", "Made-up\tA0002", ["A0002"]),
}


@pytest.mark.parametrize("side", ["previous", "current"])
@pytest.mark.parametrize("damage", LINES)
def test_a_line_out_of_its_columns_is_set_aside(
    damage: str, side: str, cptdiff: Run, make: Make, tmp_path: Path
) -> None:
    name, text, old, new, codes = LINES[damage]
    assert old in text
    pair = make(tmp_path / "a" / name, text.replace(old, new, 1)), make(tmp_path / "b" / name, text)
    assert_unchanged(pair, codes, side, cptdiff, tmp_path / "run")


def changes(folder: Path) -> dict[str, int]:
    counts = json.loads((folder / "summary.json").read_text("utf-8"))["counts"]
    return {
        name: number
        for part in counts.values()
        for name, number in part.items()
        if number and name in {"added", "deleted", "revised"}
    }


def assert_unchanged(
    pair: tuple[Path, Path], codes: list[str], side: str, cptdiff: Run, run: Path
) -> None:
    """The damaged one of `pair` against the sound one: `codes` set aside, and no change."""
    both = pair if side == "previous" else pair[::-1]
    done = cptdiff("diff", *both, "-o", run)
    assert (done.returncode, list_warnings(done.stderr)) == (3 if codes else 0, "")
    assert done.stderr.startswith("cptdiff: exit code 3: " if codes else "cptdiff: ")
    aside = quarantined(run, side)
    # What stands where a code would, in the end of a line that was broken, is none.
    found = sorted(code for code in load(pair[0]).set_aside["code"] if not code.isalpha())
    assert [code for code in found if " " not in code and (code or "" in codes)] == codes
    assert all(row["fault"].startswith("E150: ") for row in aside)
    assert changes(run) == {}


@pytest.mark.parametrize("side", ["previous", "current"])
@pytest.mark.parametrize("torn", TORN)
def test_text_of_no_modifier_is_set_aside_with_the_one_above(
    torn: str, side: str, cptdiff: Run, make: Make, tmp_path: Path
) -> None:
    old, new, codes = TORN[torn]
    found = make(tmp_path / "a", {"MODUL.txt": MODUL.replace(old, new, 1)})
    sound = make(tmp_path / "b", {"MODUL.txt": MODUL})
    assert_unchanged((found, sound), codes, side, cptdiff, tmp_path / "run")


def test_a_sound_list_of_modifiers_has_nothing_set_aside_and_nothing_told(
    make: Make, tmp_path: Path
) -> None:
    release = load(make(tmp_path / "a", {"MODUL.txt": MODUL}))
    assert sorted(release.entries["code"]) == ["1P", "22", "24", "25", "2P", "P1"]
    assert (release.rows.read, release.set_aside.height, release.notes) == (6, 0, ())


def test_a_modifier_that_is_indented_or_followed_by_a_tab_is_told(
    make: Make, tmp_path: Path
) -> None:
    text = MODUL.replace("24 Two", " 24\tTwo")
    notes = load(make(tmp_path / "a", {"MODUL.txt": text})).notes
    assert [note.text for note in notes] == ["modifiers that are indented or followed by a tab: 24"]


def test_an_indented_line_within_a_modifier_begins_none(make: Make, tmp_path: Path) -> None:
    text = MODUL.replace("1P Left: rust", "1P Left: rust\n  3P and dust")
    entries = load(make(tmp_path / "a", {"MODUL.txt": text})).entries
    assert "3P" not in entries["code"].to_list()


PLA = "".join(
    f'<plaCode cdCode="{code}" cdId="{n}"><cdDesc>Made-up {code}</cdDesc></plaCode>\n'
    for n, code in enumerate(("0001U", "0002U", "0003U"), 1)
)
CPTPLA = f"<plaCodes>\n{PLA}</plaCodes>\n"
ELEMENTS = {
    "an element twice": ("0002U</cdDesc>", "0002U</cdDesc><cdDesc>x</cdDesc>", ["0002U"]),
    "an entry in an entry": (
        "0001U</cdDesc></plaCode>\n",
        "0001U</cdDesc>",
        ["0001U", "0002U"],
    ),
    "letters in italics": ("Made-up 0002U", "Made<i>-up</i> 0002U", []),
    "a namespace": ("<plaCodes>", '<plaCodes xmlns="urn:made-up">', []),
}


@pytest.mark.parametrize("side", ["previous", "current"])
@pytest.mark.parametrize("damage", ELEMENTS)
def test_an_element_out_of_order_is_set_aside(
    damage: str, side: str, cptdiff: Run, make: Make, tmp_path: Path
) -> None:
    old, new, codes = ELEMENTS[damage]
    text = CPTPLA.replace(old, new, 1)
    if "in an entry" in damage:
        text = text.replace("0002U</cdDesc></plaCode>", "0002U</cdDesc></plaCode></plaCode>")
    pair = make(tmp_path / "a" / "CPTPLA", text), make(tmp_path / "b" / "CPTPLA", CPTPLA)
    assert_unchanged(pair, codes, side, cptdiff, tmp_path / "run")
