"""Where a reader expects the marks between two wordings."""

import sys
from unicodedata import category

import pytest

from cptdiff.judgement.wording import DELETED, INSERTED, count_common, merge_pieces, split_tokens

# Both wordings as one: [-gone-], {+new+}.
MARKED = [
    ("[-15-]{+20+}-29 minutes", "15-29 minutes", "20-29 minutes"),
    ("Widget [-2.5 cm-]{+25 cm+} long", "Widget 2.5 cm long", "Widget 25 cm long"),
    ("Widget [-2.5 cm-]{+2.5 mm+}", "Widget 2.5 cm", "Widget 2.5 mm"),
    ("Widget, [-15 minutes-]{+15 hours+}, hot", "Widget, 15 minutes, hot", "Widget, 15 hours, hot"),
    ("Polish with {+or without +}oil", "Polish with oil", "Polish with or without oil"),
    ("Polish [-with-]{+without+} oil", "Polish with oil", "Polish without oil"),
    ("[-Left-]{+Right+} hinge", "Left hinge", "Right hinge"),
    ("Brush (eg, nylon{+, steel+})", "Brush (eg, nylon)", "Brush (eg, nylon, steel)"),
    ("Excision of widget{+,+}", "Excision of widget", "Excision of widget,"),
    ("Polishing of [-widgets-]{+widget+}", "Polishing of widgets", "Polishing of widget"),
    ("[-POLISH-]{+Polish+}", "POLISH", "Polish"),
    ("[-Polish, dry-]{+Oil, wet+}", "Polish, dry", "Oil, wet"),
    # A letter and its accent, a sign and its stroke, are marked together.
    ("Cafe\u0301 [-rim-]{+hinge+}", "Cafe\u0301 rim", "Cafe\u0301 hinge"),
    ("[-Moire\u0301-]{+Moire+} rim", "Moire\u0301 rim", "Moire rim"),
    ("Level [-=-]{+=\u0338+} 5", "Level = 5", "Level =\u0338 5"),
    ("x[-<-]{+<\u20d2+}5", "x<5", "x<\u20d25"),
    ("Level [-5-]{+5\u0338+}, rim", "Level 5, rim", "Level 5\u0338, rim"),
    ("a[- -]{+ \u0338+}b", "a b", "a \u0338b"),
    ("[-\u0915\u093f\u0924-]{+\u0915\u0940\u0924+}", "\u0915\u093f\u0924", "\u0915\u0940\u0924"),
    (
        "([-\U0001f469-]{+\U0001f469\u200d\u2695\ufe0f+})",
        "(\U0001f469)",
        "(\U0001f469\u200d\u2695\ufe0f)",
    ),
    ("[-gone-]", "gone", ""),
    ("{+new+}", "", "new"),
    ("Polish", "Polish", "Polish"),
    ("", "", ""),
]
TOKENS = [
    ("2.5 cm", ["2.5 cm"]),
    ("15-29 minutes", ["15", "-", "29 minutes"]),
    ("1,000 units", ["1,000 units"]),
    ("5mg", ["5mg"]),
    ("50%", ["50%"]),
    ("5 cmx", ["5", " ", "cmx"]),
    ("widget's hinge", ["widget's", " ", "hinge"]),
    ("eg, (oil)", ["eg", ",", " ", "(", "oil", ")"]),
    ("a  b\n", ["a", "  ", "b", "\n"]),
    ("C3PO", ["C", "3", "PO"]),
    ("cafe\u0301s", ["cafe\u0301s"]),
    ("x\u0304=\u03385\u0305 mg", ["x\u0304", "=\u0338", "5\u0305", " ", "mg"]),
    ("5 cm\u0301", ["5 cm\u0301"]),
    ("", []),
]


def marked(previous: str, current: str) -> str:
    form = {DELETED: "[-{}-]", INSERTED: "{{+{}+}}"}
    return "".join(
        form.get(one.role, "{}").format(one.text) for one in merge_pieces(previous, current)
    )


@pytest.mark.parametrize(("expected", "previous", "current"), MARKED)
def test_what_a_reader_would_mark_is_marked(expected: str, previous: str, current: str) -> None:
    assert marked(previous, current) == expected


@pytest.mark.parametrize(("text", "expected"), TOKENS)
def test_words_and_numbers_with_their_units_are_read_as_one(text: str, expected: list[str]) -> None:
    assert split_tokens(text) == expected


def test_no_mark_is_parted_from_what_it_stands_on() -> None:
    marks = [mark for mark in map(chr, range(sys.maxunicode + 1)) if category(mark).startswith("M")]
    for base in ("a", "=", "5", " "):
        assert [mark for mark in marks if split_tokens(f"{base}{mark}") != [f"{base}{mark}"]] == []


@pytest.mark.parametrize(
    ("previous", "current", "ends"),
    [
        ("Polish dry rim", "Polish wet rim", ("Polish ", " rim")),
        ("Polishing rim", "Polished rim", ("", " rim")),
        ("5 cm of rim", "6 cm of rim", ("", " of rim")),
        ("rim, 5 cm", "rim, 5 mm", ("rim, ", "")),
        ("rim", "rim rim", ("", "")),
        ("same", "same", ("same", "")),
    ],
)
def test_what_both_begin_and_end_with_is_whole_words(
    previous: str, current: str, ends: tuple[str, str]
) -> None:
    start, length = count_common(previous, current)
    assert (previous[:start], previous[len(previous) - length :]) == ends
    assert (current[:start], current[len(current) - length :]) == ends
