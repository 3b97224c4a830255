"""A sign is read for what it means: a stroke through it, a raised or lowered digit, an accent."""

import sys
import unicodedata
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Literal

import polars as pl
import pytest

from cptdiff.judgement.classes import CLASSES
from cptdiff.judgement.edits import mark_revisions
from cptdiff.judgement.severity import classify

Make = Callable[..., Path]
Form = Literal["NFC", "NFD"]
Run = Callable[..., CompletedProcess[str]]

GRAVE = {"high", "critical"}
STROKE = "\u0338"  # combining long solidus overlay
ALL = [chr(number) for number in range(sys.maxunicode + 1)]
NEGATED = [sign for sign in ALL if sign != STROKE and STROKE in unicodedata.normalize("NFD", sign)]
OVERLAYS = "\u0334\u0335\u0336\u0337\u0338\u20d2\u20d3\u20e5\u20e6\u20eb"
# A bar and a tilde part or adorn words too; what a slash, colon, hyphen or star stands for is one.
ADORNMENTS = {*"|~\u2223\u223c\u2044\u2212\u2215\u2216\u2217\u2219\u2236\uff5e\uff5c\uffe8"}


def graded(*pairs: tuple[str, str]) -> list[tuple[list[str], str]]:
    columns = {"previous": [one for one, _ in pairs], "current": [other for _, other in pairs]}
    rows = pl.DataFrame(columns).with_columns(role=pl.lit("wording"), name=pl.lit("long"))
    found = classify(mark_revisions(rows), CLASSES)
    return list(zip(found["classes"].to_list(), found["severity"].to_list(), strict=True))


def either_way(*pairs: tuple[str, str]) -> list[tuple[list[str], str]]:
    return graded(*pairs, *(pair[::-1] for pair in pairs))


def too_mild(*pairs: tuple[str, str]) -> list[tuple[str, str]]:
    """Those of `pairs` that are below high, either way."""
    both = [*pairs, *(pair[::-1] for pair in pairs)]
    return [
        pair for pair, (_, grade) in zip(both, graded(*both), strict=True) if grade not in GRAVE
    ]


def in_form(form: Form, pair: tuple[str, str]) -> tuple[str, str]:
    one, other = (unicodedata.normalize(form, text) for text in pair)
    return one, other


def test_the_negated_signs_are_all_there() -> None:
    assert len(NEGATED) >= 45
    assert {*"≠≰≱≮≯∉∄≢⊄≁≇"} <= {*NEGATED}


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("text", ["level {} 5 mg", "level{}5 mg", "{} 5 mg of oil", "oil, {}"])
def test_a_negation_lost_or_gained_is_grave(text: str, form: Form) -> None:
    pairs = [in_form(form, (text.format(sign), text.format(unstruck(sign)))) for sign in NEGATED]
    assert too_mild(*pairs) == []


def unstruck(sign: str) -> str:
    return unicodedata.normalize("NFD", sign).replace(STROKE, "")


@pytest.mark.parametrize("base", [*"=<>≤≥\u223c+-/→5x", "widget", "."])
def test_a_stroke_through_anything_is_grave(base: str) -> None:
    texts = [f"oil {struck} 5 mg" for mark in OVERLAYS for struck in (base + mark, mark + base)]
    assert too_mild(*((text, f"oil {base} 5 mg") for text in texts)) == []


def test_a_sign_in_one_piece_or_in_two_is_the_same() -> None:
    forms = [[unicodedata.normalize(form, sign) for form in ("NFC", "NFD")] for sign in NEGATED]
    pairs = [(f"level {one} 5 mg", f"level {two} 5 mg") for one, two in forms if one != two]
    assert len(pairs) >= 44
    assert either_way(*pairs) == [(["encoding"], "info")] * 2 * len(pairs)


def test_a_sign_lost_or_gained_is_grave() -> None:
    signs = [s for s in ALL if unicodedata.category(s) == "Sm" and s not in ADORNMENTS]
    assert len(signs) >= 900
    assert too_mild(*((f"oil {sign} 5 mg", "oil 5 mg") for sign in signs)) == []


def test_no_number_in_one_character_joins_the_number_beside_it() -> None:
    forms = {c: unicodedata.normalize("NFKC", c).replace("\u2044", "/") for c in ALL}
    numbers = {c: form for c, form in forms.items() if c != form and not c.isdecimal()}
    behind = [(f"5{c} oil", f"5{form} oil") for c, form in numbers.items() if form[0].isdecimal()]
    before = [(f"{c}5 oil", f"{form}5 oil") for c, form in numbers.items() if form[-1].isdecimal()]
    assert min(len(behind), len(before)) >= 100
    assert too_mild(*behind, *before) == []


GRAVER = [
    ("level != 5 mg", "level = 5 mg"),
    ("level /= 5 mg", "level = 5 mg"),
    ("level =/= 5 mg", "level == 5 mg"),
    ("level !< 5 mg", "level < 5 mg"),
    ("~5 mg of oil", "5 mg of oil"),
    ("level ~ 5 mg of oil", "level 5 mg of oil"),
    ("level \u223c 5 mg of oil", "level 5 mg of oil"),
    ("\u20ac5 of oil", "\u00a35 of oil"),
    ("5\u2030 oil", "5 oil"),
    ("age 65+", "age 65"),
    ("Oil, HER2+", "Oil, HER2-"),
    ("Oil, HER2\u207a", "Oil, HER2\u207b"),
    ("Rim \u2192 hinge", "Rim \u2190 hinge"),
    ("Rim \u2282 hinge", "Hinge \u2282 rim"),
    ("Widget, \u2640", "Widget, \u2642"),
    # A number that is raised, lowered, ringed or one character does not grow together with another.
    ("10\u00b2 turns", "102 turns"),
    ("10\u00b2 turns", "10 2 turns"),
    ("10\u00b2 turns", "10 turns"),
    ("10^2 turns", "10-2 turns"),
    ("10\u207b\u00b2 turns", "10\u00b2 turns"),
    ("10\u207b\u00b2 turns", "10-2 turns"),
    ("10\u02e3 turns", "10x turns"),
    ("10\u207f turns", "10n turns"),
    ("10\u2082 turns", "102 turns"),
    ("log\u208210 turns", "log210 turns"),
    ("5 kg/m\u00b2", "5 kg/m\u207b\u00b2"),
    ("5 kg/m\u00b2", "5 kg/m\u00b3"),
    ("5 kg/m\u00b2", "5 kg/m"),
    ("5\u2460 turns", "51 turns"),
    ("\u24605 turns", "15 turns"),
    ("\u2460\u2461 turns", "12 turns"),
    ("\u24885 turns", "1.5 turns"),
    ("4\u00bd turns", "41/2 turns"),
    ("\u00bd4 turns", "1/24 turns"),
    ("\u00bd turn", "12 turn"),
    ("\u00bd turn", "1 2 turn"),
    ("1/2 turn", "1 2 turn"),
    ("1/2 turn", "2/1 turn"),
    ("\u00bd turn", "\u00bc turn"),
    ("4\u2189 turns", "40/3 turns"),
    ("5\u33e0 turns", "51\u65e5 turns"),
    ("0.3\u0305 turns", "0.3 turns"),
    # Feet and inches, minutes and seconds of arc; angstroms and amperes.
    ("Rim, 5\u2032 long", "Rim, 5\u2033 long"),
    ('Rim, 5" long', "Rim, 5' long"),
    ("Rim, 5\u2033 long", "Rim, 5 long"),
    ("Rim of 5 \u00c5", "Rim of 5 A"),
    # Marks that are letters of their own.
    ("\u0915\u093f oil", "\u0915\u0940 oil"),
    ("\u30d0\u30b9 oil", "\u30cf\u30b9 oil"),
]


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_what_means_another_thing_is_grave_both_ways(form: Form) -> None:
    assert too_mild(*(in_form(form, pair) for pair in GRAVER)) == []


SAME = [
    ("5 kg/m\u00b2", "5 kg/m2"),
    ("CO\u2082 oil", "CO2 oil"),
    ("Ca\u00b2\u207a oil", "Ca2+ oil"),
    ("Cl\u207b oil", "Cl- oil"),
    ("10\u00b2 turns", "10^2 turns"),
    ("10\u207b\u00b2 turns", "10^-2 turns"),
    ("1\u02e2\u1d57 turn", "1st turn"),
    ("4\u00bd turns", "4 1/2 turns"),
    ("\u00bd turn", "1/2 turn"),
    ("\u00bd turn", "1 \u2044 2 turn"),
    ("Turn \u2460", "Turn 1"),
    ("\uff15\uff10 turns", "50 turns"),
    ("5\u338e oil", "5mg oil"),
    ("5 \u33a1 oil", "5 m2 oil"),
    ("level \u2260 5", "level &ne; 5"),
    ("ratio 1\u22365", "ratio 1:5"),
    ("5\u22152 turns", "5/2 turns"),
    ("Rim \u2223 hinge", "Rim | hinge"),
    ("\u223c5 turns", "~5 turns"),
    ("Rim, 5\u2033 long", 'Rim, 5" long'),
    ("5 \u212b rim", "5 \u00c5 rim"),
    ("Widget\ufe0f rim", "Widget rim"),
]


@pytest.mark.parametrize("pair", SAME)
def test_one_thing_in_other_characters_is_encoding(pair: tuple[str, str]) -> None:
    assert either_way(pair) == [(["encoding"], "info")] * 2


PUNCTUATION = [
    ("Rim | hinge", "Rim, hinge"),
    ("Rim ~ hinge", "Rim - hinge"),
    ("5 ~ 10 turns", "5 - 10 turns"),
    ('Rim of "type 5"', "Rim of type 5"),
    ('Rim of "type 5"', "Rim of 'type 5'"),
    ("Pre- and postpolish", "Pre and postpolish"),
    ("$5 of oil", "5 of oil"),
]


@pytest.mark.parametrize("pair", PUNCTUATION)
def test_what_only_parts_or_adorns_stays_punctuation(pair: tuple[str, str]) -> None:
    assert either_way(pair) == [(["punctuation"], "info")] * 2


ACCENTED = [
    "Ménière polish", "Moiré widget", "Sjögren rim", "Café", "VIS À VIS rim", "Šmíd rim",
    "Vị trí rim", "Ά rim", "Ёлка rim", "x\u0304 of rim",
]  # fmt: skip


def unaccented(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("accented", ACCENTED)
def test_an_accent_lost_or_gained_is_spelling(accented: str, form: Form) -> None:
    pair = (unicodedata.normalize(form, accented), unaccented(accented))
    assert either_way(pair) == [(["spelling"], "low")] * 2


@pytest.mark.parametrize("accented", [text for text in ACCENTED if "\u0304" not in text])
def test_an_accent_in_one_piece_or_in_two_is_encoding(accented: str) -> None:
    one, two = (unicodedata.normalize(form, accented) for form in ("NFC", "NFD"))
    assert either_way((one, two)) == [(["encoding"], "info")] * 2


def test_a_lost_negation_holds_fail_on_high(cptdiff: Run, make: Make, tmp_path: Path) -> None:
    sides = [
        make(tmp_path / f"{name}.csv", f"code,text\nA1,level {sign} 5 mg\n")
        for name, sign in (("previous", "\u2260"), ("current", "="))
    ]
    run = cptdiff("diff", *sides, "--code-set", "table", "--key", "code", "--fail-on", "high")
    assert run.returncode == 1, run.stderr
