"""A cell of a list is blank, understood as a whole, or set aside with the reason."""

import polars as pl
import pytest

from cptdiff.impact.cells import UNSPLIT, Cells, are_split, read_cells

Tokens = list[tuple[str, str, str]]


def read(*texts: str, system: str = "procedure") -> Cells:
    frame = pl.DataFrame({"text": texts, "system": [system] * len(texts)})
    return read_cells(frame, ["CH", "ZB"])


def fate(text: str, system: str = "procedure") -> str:
    (found,) = read(text, system=system).fates["fate"]
    return str(found)


def codes(text: str, system: str = "procedure") -> Tokens:
    tokens = read(text, system=system).tokens.filter(pl.col("form") != "modifier")
    return tokens.select("code_set", "code", "modifiers").rows()


@pytest.mark.parametrize(
    "text",
    ["", " ", "NA", "N/A", "n/a", "------", "-", "(blank)", "NULL", "none", "0", "00000", "#N/A",
     "\u00a0", ".", "*"],
)  # fmt: skip
def test_a_filler_is_blank(text: str) -> None:
    assert fate(text) == "blank"
    assert not codes(text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("12345", [("cpt", "12345", "")]),
        (" a1234 ", [("hcpcs", "A1234", "")]),
        ("12345.0", [("cpt", "12345", "")]),
        ('="00123"', [("cpt", "00123", "")]),
        ("'00123", [("cpt", "00123", "")]),
        ("1234T", [("cpt", "1234T", "")]),
        ("1234U", [("cpt", "1234U", "")]),
        ("CPT 12345", [("cpt", "12345", "")]),
        ("HCPCS: A1234", [("hcpcs", "A1234", "")]),
        ("12345LT", [("cpt", "12345", "LT")]),
        ("A1234LTCH", [("hcpcs", "A1234", "LT;CH")]),
        ("12345LTRT5022", [("cpt", "12345", "LT;RT;50;22")]),
        ("1234590", [("cpt", "12345", "90")]),
        ("12345 25", [("cpt", "12345", "25")]),
        ("12345-25-59", [("cpt", "12345", "25;59")]),
        ("12345,25", [("cpt", "12345", "25")]),
        ("12345|25|LT", [("cpt", "12345", "25;LT")]),
        ("12345; 25", [("cpt", "12345", "25")]),
        ("12345\u201325", [("cpt", "12345", "25")]),
        ("12345 QQ", [("cpt", "12345", "QQ")]),
        ("12345 OR 12346", [("cpt", "12345", ""), ("cpt", "12346", "")]),
        ("12345/12346LT", [("cpt", "12345", ""), ("cpt", "12346", "LT")]),
        ("12345\nA1234", [("cpt", "12345", ""), ("hcpcs", "A1234", "")]),
        ("Z1234", [("local", "Z1234", "")]),
        ("D1234", [("hcpcs", "D1234", "")]),
        ("12345678901", [("ndc", "12345678901", "")]),
        ("123456789", [("ndc", "123456789", "")]),
        ("12345-6789-01", [("ndc", "12345-6789-01", "")]),
    ],
)
def test_a_procedure_code_is_read_with_its_modifiers(text: str, found: Tokens) -> None:
    assert fate(text) == "understood"
    assert codes(text) == found


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("12345Q", "12345Q is not a code"),
        ("12345QQ", "ends in QQ, which is not a known modifier"),
        ("A1234 per 10 mg", "PER is not a code"),
        ("22", "22 is not a code"),
        ("1234", "1234 is not a code"),
        ("123456", "123456 is not a code"),
        ("12345678", "12345678 is not a code"),
        ("1E10", "1E10 is not a code"),
        ("Total", "TOTAL is not a code"),
        ("12345-1", "1 is not a code"),
    ],
)
def test_what_is_not_understood_as_a_whole_is_set_aside(text: str, why: str) -> None:
    cells = read(text)
    assert cells.fates.select("fate", "why").rows() == [("aside", why)]
    assert not cells.tokens.height


@pytest.mark.parametrize(
    ("text", "form", "code", "last"),
    [
        ("12345-12349", "range", "12345", "12349"),
        ("A1234 to A1240", "range", "A1234", "A1240"),
        ("A12.3", "code", "A123", ""),
        ("a123", "code", "A123", ""),
        ("A12", "code", "A12", ""),
        ("A12.-", "family", "A12", ""),
        ("A12*", "family", "A12", ""),
        ("A12-A19", "range", "A12", "A19"),
        ("S62.626A", "code", "S62626A", ""),
    ],
)
def test_families_ranges_and_dots_are_understood(
    text: str, form: str, code: str, last: str
) -> None:
    is_procedure = text[1:5].isdecimal() and "-" not in text[:5] and form == "range"
    system = "procedure" if is_procedure else "icd10cm"
    tokens = read(text, system=system).tokens
    assert tokens.select("form", "code", "last").rows() == [(form, code, last)]


def test_modifiers_of_a_cell_are_told_apart_from_its_codes() -> None:
    tokens = read("12345LT-59").tokens.filter(pl.col("form") == "modifier")
    assert tokens.select("code_set", "code").rows() == [("hcpcs", "LT"), ("cpt", "59")]
    both = read("50|62", "X", system="modifier")
    assert both.tokens.select("code_set", "code").rows() == [("cpt", "50"), ("cpt", "62")]
    assert both.fates.sort("text")["fate"].to_list() == ["understood", "aside"]


def test_only_7_digits_that_end_in_a_modifier_are_told_as_split() -> None:
    fates = read("1234590", "12345", "A123490", "1234500").fates
    assert [text for text, is_split in fates.select("text", "is_split").rows() if is_split] == [
        "1234590"
    ]


def test_a_code_of_another_set_is_taken_as_it_is() -> None:
    assert codes("470", "ms-drg") == [("ms-drg", "470", "")]


def test_each_different_cell_has_one_fate() -> None:
    texts = ["12345", "12345 OR 12346", "x", "", "A1234", "12345-12349", "1-2-3"]
    cells = read(*texts)
    assert sorted(cells.fates["text"]) == sorted(texts)
    understood = cells.fates.filter(pl.col("fate") == "understood")["text"]
    assert {*cells.tokens["text"]} == {*understood}


def test_numbers_of_7_digits_are_split_where_most_of_a_column_end_in_a_modifier() -> None:
    # A clinic's prefix before five digits: the endings are modifiers by chance.
    prefixed = pl.Series(["3000120", "3000150", "3001110", "3002140", "3009951", "12345"])
    assert not are_split(prefixed)
    assert are_split(pl.Series(["1234590", " 1234526 ", "1234650.0", "3000120", "12345"]))
    assert are_split(pl.Series(["12345", ""]))
    read_whole = read("3009951", "12345", "12345-90", system=UNSPLIT).fates
    fates = dict(read_whole.select("text", "fate").iter_rows())
    assert fates == {"3009951": "aside", "12345": "understood", "12345-90": "understood"}
