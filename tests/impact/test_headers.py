"""The header of a list is found by the names of its columns and by what stands below them."""

import pytest

from cptdiff.impact.headers import Header, Wanted, find_header, name_system

Cells = list[list[str]]
ROWS: Cells = [["1", "Made-up test", "12345", "10.50"], ["2", "Made-up drug", "A1234", "99999"]]


def find(rows: Cells, *names: str, known: tuple[str, ...] = ()) -> Header | None:
    return find_header([*enumerate(rows, 1)], Wanted(names), frozenset(known))


@pytest.mark.parametrize(
    "name",
    ["CPT", "CPT CODE", "CPT-4", "CPT4_EXT_ID", "HCPC", "HCPCS CODES", "CPT/HCPCS\nCODE",
     "2018 CPT Code", "cod_dtl_ext_id", "CPTCode", "code | 1", "_2025_CODE_CPT"],
)  # fmt: skip
def test_a_column_called_after_codes_is_found(name: str) -> None:
    found = find([["No.", "Text", name, "Price"], *ROWS])
    assert found is not None
    assert (found.line, found.systems) == (1, {2: "procedure"})


@pytest.mark.parametrize(
    "name", ["CPT description", "HCPCS units", "CPT price", "Price", "code|1|type", "CPT Rate"]
)
def test_a_column_beside_the_codes_is_not_called_after_them(name: str) -> None:
    assert name_system(name) == ""


@pytest.mark.parametrize(
    ("name", "system"),
    [("ICD-10", "icd10"), ("Dx code", "icd10"), ("Diagnosis", "icd10"), ("ICD-10-PCS", "icd10pcs"),
     ("Modifier", "modifier"), ("MOD 1", "modifier"), ("modifiers", "modifier")],
)  # fmt: skip
def test_the_name_tells_the_code_set(name: str, system: str) -> None:
    assert name_system(name) == system


def test_titles_and_prose_above_the_header_are_passed() -> None:
    above = [
        ["Made-up Hospital"], ["CPT price list of the year"], [""],
        ["Prices of services (CPT CODES 10000-69999) and of others, see the notes below the table"],
    ]  # fmt: skip
    found = find([*above, ["No.", "Text", "CPT", "Price"], *ROWS])
    assert found is not None
    assert found.line == 5


def test_a_row_with_data_is_no_header() -> None:
    rows = [["No.", "Maker", "Code"], ["1", "DIAG PRODUCTS INC.", "A1234"], ["2", "OTHER", "A2345"],
            ["3", "OTHER", "A3456"]]  # fmt: skip
    found = find(rows)
    assert found is not None
    assert (found.line, found.systems) == (1, {2: ""})


def test_a_header_may_take_two_rows() -> None:
    rows = [["Charge", "", "CPT/", ""], ["Number", "Text", "HCPCS Code", "Price"], *ROWS]
    found = find(rows)
    assert found is not None
    assert (found.line, found.names) == (2, ("Charge Number", "Text", "CPT/ HCPCS Code", "Price"))


def test_two_columns_of_codes_are_both_found() -> None:
    rows = [["No.", "CPT", "HCPCS"], ["1", "12345", ""], ["2", "", "A1234"]]
    found = find(rows)
    assert found is not None
    assert found.systems == {1: "procedure", 2: "procedure"}


def test_codes_without_a_name_are_found_by_their_letters() -> None:
    rows = [["Item", "Text"], ["A1234", "x"], ["B1234LT", "x"], ["C1234", "x"], ["99999", "x"]]
    found = find(rows)
    assert found is not None
    assert (found.line, found.systems) == (1, {0: ""})


@pytest.mark.parametrize("name", ["code", "Codes", "Procedure Code", "PROC CODE", "service_code"])
def test_a_column_that_is_just_called_code_needs_one_sure_code(name: str) -> None:
    found = find([["No.", name, "Text"], ["1", "A1234", "x"], ["2", "12345", "x"]])
    assert found is not None
    assert found.systems == {1: ""}
    assert find([["No.", name, "Text"], ["1", "23456", "x"], ["2", "12345", "x"]]) is None
    charges = [[f"{n}", f"{n + 12345}", "x"] for n in range(20)]
    assert find([["No.", name, "Text"], *charges, ["3", "A1234", "x"]]) is None


def test_prices_and_numbers_of_charges_are_no_codes() -> None:
    rows = [["Charge", "Text", "Price"], *[[f"{n}", "x", f"{n + 1}"] for n in range(10000, 10050)]]
    assert find(rows) is None


def test_numbers_that_a_release_has_are_codes() -> None:
    numbers = [f"{n}" for n in range(10000, 10050)]
    rows = [["Item", "Text"], *[[number, "x"] for number in numbers]]
    found = find(rows, known=tuple(numbers[:40]))
    assert found is not None
    assert (found.line, found.systems) == (1, {0: ""})


def test_a_list_of_codes_alone_needs_no_header() -> None:
    found = find([["A1234"], ["B1234"], ["C1234"]])
    assert found is not None
    assert (found.line, found.names) == (0, ("column A",))


def test_a_named_column_is_taken_whatever_it_holds() -> None:
    found = find([["Nr", "Key", "CPT"], ["1", "x", "12345"]], "key")
    assert found is not None
    assert found.systems == {1: ""}
    assert find([["Nr", "Key"], ["1", "A1234"]], "other") is None
    several = find([["code | 1", "code | 2", "x"], ["12345", "A1234", ""]], "code|*")
    assert several is not None
    assert several.systems == {0: "", 1: ""}


def test_columns_of_one_name_and_without_a_name_are_told_apart() -> None:
    found = find([["CPT", "Price", "", "Price"], ["12345", "1", "2", "3"]])
    assert found is not None
    assert found.names == ("CPT", "Price", "column C", "Price (2)")
