"""Where a code belongs: the code ranges, letters, chapters, a user's own ranges."""

from collections.abc import Sequence

import polars as pl
import pytest

from cptdiff import CodeSet
from cptdiff.codesets.sections import Range
from cptdiff.sections import list_ranges, place_codes

EM, PROCEDURES, ANCILLARY = "Evaluation and Management", "Procedures", "Ancillary services"
MEDICINE, LAB, PLA = "Medicine", "Pathology and Laboratory", "Proprietary Laboratory Analyses"

# Top-level section and the first and last code of each of its sub-sections.
CPT = {
    EM: "99202-99499 99201-99201 98000-98016",
    "Anesthesia": "00100-01999 99100-99140",
    "Surgery": "10004-10021 10030-19499 20100-29999 30000-32999 33016-37799 33010-33015 38100-38999"
    " 39000-39599 40490-49999 50010-53899 54000-55899 55920-55920 55970-55980 56405-58999"
    " 59000-59899 60000-60699 61000-64999 65091-68899 69000-69979 69990-69990",
    "Radiology": "70010-76499 76506-76999 77001-77022 77046-77067 77071-77092 77261-77799"
    " 78012-79999",
    LAB: "80047-80081 80143-80299 80305-80377 80400-80439 80500-80502 80503-80506 81000-81099"
    " 81105-81479 81400-81408 81410-81471 81490-81599 82009-84999 85002-85999 86000-86849"
    " 86850-86999 87003-87999 88000-88399 88230-88299 88300-88399 88720-89398 89399-89399",
    MEDICINE: "90281-90399 90460-90461 90471-90474 90480-90480 90476-90479 90481-90759 91300-91322"
    " 90785-90899 90901-90913 90935-90999 91010-91299 92002-92499 92502-92700 92920-93799"
    " 93880-93998 94002-94799 95004-95199 95249-96020 96040-96171 96360-96549 96567-96999"
    " 97010-97814 97151-97158 98925-98981 99000-99091 99151-99199 99500-99607",
}
BORDERS = [
    (code, section)
    for section, bands in CPT.items()
    for band in bands.split()
    for code in band.split("-")
]
# Codes that touch, on both sides of a border of sub-sections.
SUBSECTIONS = {
    "10021": "General", "10030": "Integumentary system", "19499": "Integumentary system",
    "37799": "Cardiovascular system", "38100": "Hemic and lymphatic systems",
    "76499": "Diagnostic radiology", "76506": "Diagnostic ultrasound",
    "77092": "Bone and joint studies", "77261": "Radiation oncology",
    "85999": "Hematology and coagulation", "86000": "Immunology",
    "90460": "Immunization administration", "90461": "Immunization administration",
    "90471": "Immunization administration", "90474": "Immunization administration",
    "90476": "Vaccines and toxoids", "90479": "Vaccines and toxoids",
    "90480": "Immunization administration", "90481": "Vaccines and toxoids",
    "90759": "Vaccines and toxoids", "91299": "Gastroenterology", "91300": "Vaccines and toxoids",
}  # fmt: skip
LETTERS = {
    "0001F": "Category II", "9007F": "Category II", "0042T": "Category III",
    "0999T": "Category III", "1000T": "Category III", "0001U": "PLA", "0599U": "PLA",
    "0001M": "MAAA", "0020M": "MAAA", "0001A": "Immunization administration",
    "0174A": "Immunization administration", "00100": "Category I", "99607": "Category I",
}  # fmt: skip
GROUPS = {
    EM: "99202 99499 98000", PROCEDURES: "00100 10004 69990 90460 90480 0042T 0001A 99607",
    ANCILLARY: "70010 79999 80047 89398 0001U 0001M 93880 93998",
}  # fmt: skip
CHAPTERS = {
    "infectious": "A00 A000 B999 B99", "Neoplasms": "C00 C4A0 C7A C7A8 C7B D00 D3A0 D49 D499",
    "blood": "D50 D509 D899 D89", "Endocrine": "E00 E8989", "Mental": "F01 F99",
    "nervous": "G00 G9989", "eye": "H00 H59 H59899", "ear": "H60 H6000 H9599",
    "circulatory": "I00 I999", "respiratory": "J00 J4B J998", "digestive": "K00 K6A K9589",
    "skin": "L00 L998", "musculoskeletal": "M00 M1A0 M999", "genitourinary": "N00 N9989",
    "Pregnancy": "O00 O9A O9A53", "perinatal": "P00 P969", "Congenital": "Q00 Q999 QA0 QA1",
    "Symptoms": "R00 R99", "Injury": "S00 S99 T07 T889XXS", "special": "U00 U07 U071 U099",
    "External": "V00 V9999XS W00 X99 Y99", "Factors": "Z00 Z3A Z3A42 Z9989",
}  # fmt: skip


def places(codes: Sequence[str], code_set: CodeSet, own: Sequence[Range] = ()) -> pl.DataFrame:
    frame = pl.DataFrame({"kind": ["code"] * len(codes), "code": codes})
    return place_codes(frame, list_ranges(code_set, tuple(own)))


def place(code: str, code_set: CodeSet, column: str = "section", own: Sequence[Range] = ()) -> str:
    return str(places([code], code_set, own)[column][0])


@pytest.mark.parametrize(("code", "section"), BORDERS)
def test_every_border_lies_in_its_section(code: str, section: str) -> None:
    assert place(code, CodeSet.CPT) == section
    assert place(code, CodeSet.CPT, "subsection")
    assert place(code, CodeSet.CPT, "category") == "Category I"


@pytest.mark.parametrize(("code", "subsection"), SUBSECTIONS.items())
def test_neighbors_lie_in_their_subsections(code: str, subsection: str) -> None:
    assert place(code, CodeSet.CPT, "subsection") == subsection


@pytest.mark.parametrize(("code", "category"), LETTERS.items())
def test_the_last_letter_is_the_category(code: str, category: str) -> None:
    assert place(code, CodeSet.CPT, "category") == category
    assert place(code, CodeSet.CPT) != ""


@pytest.mark.parametrize(
    ("code", "section"),
    [("10025", "Surgery"), ("55990", "Surgery"), ("77150", "Radiology"), ("80450", LAB),
     ("91323", MEDICINE), ("98984", MEDICINE), ("93799", MEDICINE)],
)  # fmt: skip
def test_a_code_between_two_subsections_lies_in_the_section(code: str, section: str) -> None:
    """Section by the top level of 4.1: what is new there is still, say, surgery of Category I."""
    assert place(code, CodeSet.CPT) == section
    assert place(code, CodeSet.CPT, "category") == "Category I"


@pytest.mark.parametrize(("group", "codes"), GROUPS.items())
def test_the_three_everyday_groups(group: str, codes: str) -> None:
    assert set(places(codes.split(), CodeSet.CPT)["group"]) == {group}


@pytest.mark.parametrize(("word", "codes"), CHAPTERS.items())
def test_icd_10_cm_is_placed_by_chapter(word: str, codes: str) -> None:
    (section,) = set(places(codes.split(), CodeSet.ICD10CM)["section"])
    assert word in section


def test_hcpcs_is_placed_by_its_first_letter() -> None:
    letters = "ABCDEGHJKLMPQRSTUV"
    found = places([letter + digits for letter in letters for digits in ("0000", "9999")],
                   CodeSet.HCPCS)["section"].to_list()  # fmt: skip
    assert found[::2] == found[1::2]
    assert len(set(found)) == len(letters)
    assert "" not in found


def test_icd_10_pcs_is_placed_by_its_section_character() -> None:
    characters = "0123456789BCDFGHX"
    codes = [c + rest for c in characters for rest in ("00", "ZZ", "000000", "ZZZZZZ")]
    found = places(codes, CodeSet.ICD10PCS)["section"].to_list()
    assert [set(found[at : at + 4]) for at in range(0, len(found), 4)] == [{s} for s in found[::4]]
    assert len(set(found)) == len(characters)
    assert (found[0], found[-1]) == ("Medical and Surgical", "New Technology")


def test_modifiers_have_a_section_of_their_own() -> None:
    frame = pl.DataFrame({"kind": ["modifier", "modifier"], "code": ["22", "E1"]})
    found = place_codes(frame, list_ranges(CodeSet.CPT))
    assert found["section"].to_list() == ["Modifiers", "Modifiers"]


@pytest.mark.parametrize("code_set", [*CodeSet])
def test_ranges_of_one_code_set_do_not_overlap(code_set: CodeSet) -> None:
    for layer in list_ranges(code_set).ranges.partition_by("layer"):
        found = layer.sort("start")
        assert (found["start"] <= found["end"].str.pad_end(9, "Z")).all()
        ends = found["end"].str.pad_end(9, "Z").head(-1)
        assert (ends < found["start"].tail(-1)).all()


def own(start: str, end: str, section: str) -> Range:
    return Range(start, end, "Mine", section, "", "My group")


@pytest.mark.parametrize(
    ("code", "section"),
    [("19499", "Surgery"), ("20000", "Bones"), ("25000", "Bones"), ("29999", "Bones"),
     ("30000", "Surgery"), ("0042T", "New"), ("0043T", "Category III"), ("10000", "Early")],
)  # fmt: skip
def test_a_range_of_the_users_own_comes_first(code: str, section: str) -> None:
    bounds = {"Bones": ("20000", "29999"), "New": ("0042T", "0042T"), "Early": ("10000", "10003")}
    mine = [own(*ends, title) for title, ends in bounds.items()]
    assert place(code, CodeSet.CPT, own=mine) == section
    mark = "My group" if section in bounds else PROCEDURES
    assert place(code, CodeSet.CPT, "group", mine) == mark


def test_ranges_of_the_users_own_may_lie_inside_each_other() -> None:
    mine = [own("10004", "69990", "All surgery"), own("20000", "29999", "Bones")]
    found = places(["10004", "25000", "30000", "69990"], CodeSet.CPT, mine)["section"].to_list()
    assert found[0] == found[2] == found[3] == "All surgery"
    assert found[1] in {"All surgery", "Bones"}


def test_an_own_range_of_icd_chapters_holds_the_longer_codes_of_its_end() -> None:
    mine = [own("C7A", "C7B", "Neuroendocrine")]
    found = places(["C799", "C7A", "C7A8", "C7B8", "C80"], CodeSet.ICD10CM, mine)["section"]
    assert [s == "Neuroendocrine" for s in found] == [False, True, True, True, False]
