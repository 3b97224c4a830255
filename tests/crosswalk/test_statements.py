"""What publishers and users state about replacements comes before every guess."""

from datetime import date

import pytest

from cptdiff.judgement.stated_links import read_instruction
from cptdiff.model import Stated
from tests.crosswalk.made import Texts, answers, changes, instruction, links, rows

POLISH = "Polishing of a brass widget with wax"
BETWEEN = date(2019, 10, 1)
# 00990 goes; 00991 has its words; 00992 and 00993 are new too; 00994 stays.
LEFT: Texts = {"00990": POLISH, "00994": "Grinding"}
CAME: Texts = {"00991": POLISH, "00992": "Waxing", "00993": "Buffing", "00994": "Grinding"}


def table(*pairs: str, basis: str = "user", on: date | None = None) -> Stated:
    return links(*pairs, basis=basis, on=on)


# Name, statements, the rows.
STATEMENTS: tuple[tuple[str, Stated, list[str]], ...] = (
    ("no statement", Stated(), ["00990 same 00991 identical-text"]),
    ("the user's word beats a guess", table("00990>00992"), ["00990 replaced-by 00992 user"]),
    ("a code that was there before", table("00990>00994"), ["00990 replaced-by 00994 user"]),
    (
        "one to many",
        table("00990>00992", "00990>00993"),
        ["00990 split 00992 user", "00990 split 00993 user"],
    ),
    (
        "the publisher's word beats the user's",
        table("00990>00992") + table("00990>00993", basis="publisher"),
        ["00990 replaced-by 00993 publisher"],
    ),
    ("the user says that there is none", table("00990>"), ["00990 none user"]),
    ("a word about another code", table("00994>00992"), ["00990 same 00991 identical-text"]),
    (
        "CPT Link's instruction",
        instruction("00990", "(00990 has been deleted. To report, see 00992, 00993)"),
        ["00990 split 00992 publisher", "00990 split 00993 publisher"],
    ),
    (
        "an instruction without a successor",
        instruction("00990", "(00990 has been deleted)"),
        ["00990 same 00991 identical-text"],
    ),
    (
        "in force on current's day",
        table("00990>00992", basis="publisher", on=date(2020, 10, 1)),
        ["00990 replaced-by 00992 publisher"],
    ),
    (
        "in force before previous",
        table("00990>00992", basis="publisher", on=date(2018, 10, 1)),
        ["00990 same 00991 identical-text"],
    ),
    (
        "in force after current",
        table("00990>00992", basis="publisher", on=date(2020, 10, 2)),
        ["00990 same 00991 identical-text"],
    ),
    (
        "a chain over a code that came and went",
        table("00990>00980", on=date(2019, 1, 1)) + table("00980>00992", on=date(2020, 1, 1)),
        ["00990 replaced-by 00992 user"],
    ),
    (
        "a chain that would go back in time",
        table("00990>00980", on=date(2020, 1, 1)) + table("00980>00992", on=date(2019, 1, 1)),
        ["00990 same 00991 identical-text"],
    ),
    (
        "a chain that parts",
        table("00990>00980", "00980>00992", "00980>00993"),
        ["00990 split 00992 user", "00990 split 00993 user"],
    ),
    (
        "a chain in a circle",
        table("00990>00980", "00980>00981", "00981>00980"),
        ["00990 same 00991 identical-text"],
    ),
    ("a code by itself", table("00990>00990"), ["00990 same 00991 identical-text"]),
)


@pytest.mark.parametrize("case", STATEMENTS, ids=lambda case: case[0])
def test_a_statement_counts_for_what_it_says(case: tuple[str, Stated, list[str]]) -> None:
    _, stated, expected = case
    assert answers(changes("cpt", LEFT, CAME), stated) == expected


def test_a_statement_is_no_candidate_and_names_its_source() -> None:
    (row,) = rows(changes("cpt", LEFT, CAME), table("00990>00992")).iter_rows(named=True)
    assert (row["confidence"], row["note"]) == ("stated", "mine.csv")
    (none,) = rows(changes("cpt", LEFT, CAME), table("00990>")).iter_rows(named=True)
    assert (none["confidence"], none["note"]) == ("stated", "states no replacement; mine.csv")


def test_a_dead_end_is_told_beside_the_guess_that_stands_in_for_it() -> None:
    (row,) = rows(changes("cpt", LEFT, CAME), table("00990>00980")).iter_rows(named=True)
    assert row["basis"] == "identical-text"
    dead = "00980 is itself no longer valid: dead end"
    assert row["note"] == f"same wording; {dead}; needs coder review"
    (alone,) = rows(changes("cpt", LEFT, {}), table("00990>00980")).filter(code="00990").rows()
    assert alone[2:] == ("", 1, "none", "none", "", f"needs coder review; {dead}")


def test_a_dead_end_is_told_beside_a_living_replacement() -> None:
    found = rows(changes("cpt", LEFT, CAME), table("00990>00980", "00990>00992"))
    assert found["replacement"].to_list() == ["00992"]
    assert "00980 is itself no longer valid: dead end" in found["note"].item()


def test_a_chain_goes_on_through_what_this_pair_deletes() -> None:
    before = {"00990": "Cutting", "00980": POLISH}
    now = {"00995": POLISH, "00996": "Cutting"}
    found = rows(changes("cpt", before, now), table("00990>00980"))
    (row,) = found.filter(code="00990").iter_rows(named=True)
    assert (row["replacement"], row["basis"]) == ("00995", "identical-text")
    assert row["note"] == "mine.csv by way of 00980; needs coder review"


def test_several_codes_into_one_are_merged() -> None:
    before = {"00990": "Cutting", "00980": "Sawing"}
    found = answers(changes("cpt", before, CAME), table("00990>00992", "00980>00992"))
    assert found == ["00980 merged 00992 user", "00990 merged 00992 user"]


def test_a_stated_conversion_is_called_so() -> None:
    found = answers(changes("cpt", {"0990T": "Cutting"}, CAME), table("0990T>00992"))
    assert found == ["0990T converted 00992 user"]


def test_a_header_has_rows_where_a_link_is_stated() -> None:
    found = changes("icd10cm", {"=A99": "Fevers", "A990": "Fever"}, {"B990": "Flu"})
    assert answers(found, table("A99>B990")) == ["A990 none none", "A99 replaced-by B990 user"]


@pytest.mark.parametrize(
    ("span", "held"),
    [("A990-A992", True), ("A99-B01", True), ("A99-", True), ("A9900-A9920", False), ("B-", False)],
)
def test_a_range_of_a_conversion_table_holds_its_codes(span: str, *, held: bool) -> None:
    found = changes("icd10cm", {"A991": "Fever"}, {"B990": "Flu"})
    expected = "A991 replaced-by B990 publisher" if held else "A991 none none"
    assert answers(found, table(f"{span}>B990", basis="publisher", on=BETWEEN)) == [expected]


def test_a_range_keeps_to_one_seventh_character() -> None:
    gone = {"S99890A": "Cut, initial encounter", "S99890D": "Cut, subsequent encounter"}
    found = changes("icd10cm", gone, {"B990": "Flu"})
    stated = table("S99890A-S99899A>B990", basis="publisher", on=BETWEEN)
    assert answers(found, stated) == ["S99890A replaced-by B990 publisher", "S99890D none none"]


XREFS: tuple[tuple[str, Texts, Texts, list[str]], ...] = (
    ("one", {}, {"A0990": "Wax>A0991"}, ["A0990 replaced-by A0991 publisher"]),
    (
        "two",
        {},
        {"A0990": "Wax>A0991 A0992"},
        ["A0990 split A0991 publisher", "A0990 split A0992 publisher"],
    ),
    ("a CPT code", {}, {"A0990": "Wax>33333"}, ["A0990 replaced-by 33333 publisher"]),
    ("one that has ended too", {}, {"A0990": "Wax>A0999"}, ["A0990 none none"]),
    ("in previous, where current lost the row", {"A0990": "Wax>A0992"}, {},
     ["A0990 replaced-by A0992 publisher"]),
    ("in current, where both have one", {"A0990": "Wax>A0992"}, {"A0990": "Wax>A0991"},
     ["A0990 replaced-by A0991 publisher"]),
    ("none", {}, {"A0990": "Wax"}, ["A0990 none none"]),
)  # fmt: skip


@pytest.mark.parametrize("case", XREFS, ids=lambda case: case[0])
def test_a_cross_reference_of_hcpcs_is_the_publishers_word(
    case: tuple[str, Texts, Texts, list[str]],
) -> None:
    _, previous, ended, expected = case
    now = {"A0991": "Red", "A0992": "Blue"}
    assert answers(changes("hcpcs", {"A0990": "Wax", **previous}, now, ended)) == expected


def test_a_cross_reference_to_cpt_says_where_to_look() -> None:
    (row,) = rows(changes("hcpcs", {"A0990": "Wax"}, {}, {"A0990": "Wax>33333"})).rows(named=True)
    assert row["note"] == "CMS cross-reference; verify in CPT"


VALID = ["00990", "00991", "00993", "0099T", "33333"]
INSTRUCTIONS = (
    ("(00989 has been deleted. To report, see 00990, 00991)", "00990 00991"),
    ("00989 has been deleted. To report polishing, use 00990", "00990"),
    ("(00989 has been deleted. For polishing, see 00990. For waxing, see 33333)", "00990 33333"),
    ("To report, see 00990-00993", "00990 00991 00993"),
    ("To report, see 00990 through 00993", "00990 00991 00993"),
    ("To report, see 0090T-0099T", "0099T"),
    ("To report, see 00999", "00999"),
    ("To report, use 00990 in conjunction with 33333", "00990"),
    ("00989 has been deleted", ""),
    ("Do not report 00989 with 00990", ""),
    ("(00989 has been deleted. Do not report with 33333. To report, see 00990)", "00990"),
    ("Replaced by 00990 in 2019", "00990"),
    ("", ""),
)


@pytest.mark.parametrize(("text", "expected"), INSTRUCTIONS)
def test_an_instruction_names_the_successors(text: str, expected: str) -> None:
    assert " ".join(read_instruction(text, "00989", VALID)) == expected
