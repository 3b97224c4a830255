"""ICD-10-CM and ICD-10-PCS as CMS and CDC ship them."""

from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Final

from cptdiff.codesets.layout import Column, FixedWidth, Format
from cptdiff.codesets.profile import (
    MONTH_NAMES,
    AddendaNames,
    Edition,
    Profile,
    Segment,
    Update,
    find_month,
)
from cptdiff.codesets.sections import Range, list_letters, parse_ranges
from cptdiff.vocabulary import CodeSet

_CM_CODE: Final = r"[A-Z][0-9A-Z]{2,6}"
_PCS_CODE: Final = r"[0-9A-HJ-NP-Z]{3,7}"

# In lower case or with a dot too: the release notes each code that is rewritten.
_DOTTED: Final = r"[0-9A-Za-z.]{3,7}"

_ORDER = FixedWidth(
    rf"^[0-9]{{5}} {_DOTTED} +[01] ",
    (
        Column("code", 7, 7),
        Column("kind", 15, 1),
        Column("short", 17, 60),
        Column("long", 78, exact=True),
    ),
    kinds={"0": "header", "1": "code"},
    preamble=False,
    joined=r"[0-9]{5} ([A-Z0-9]{3,7}) +[01] ",
    lead=16,
    # Without a gap in 42 of 42 real files, each of which ends in CR LF.
    number=Column("number", 1, 5),
    ended=True,
)
_CODES = FixedWidth(
    rf"^{_DOTTED} ", (Column("code", 1, 7), Column("long", 9, exact=True)), ended=True
)
_FIELDS = ("short", "long")

_CM_CHAPTERS: Final = """
    A00-BZZ Certain infectious and parasitic diseases
    C00-D4Z Neoplasms
    D50-DZZ Diseases of the blood and certain disorders involving the immune mechanism
    E00-EZZ Endocrine, nutritional and metabolic diseases
    F00-FZZ Mental, behavioral and neurodevelopmental disorders
    G00-GZZ Diseases of the nervous system
    H00-H5Z Diseases of the eye and adnexa
    H60-HZZ Diseases of the ear and mastoid process
    I00-IZZ Diseases of the circulatory system
    J00-JZZ Diseases of the respiratory system
    K00-KZZ Diseases of the digestive system
    L00-LZZ Diseases of the skin and subcutaneous tissue
    M00-MZZ Diseases of the musculoskeletal system and connective tissue
    N00-NZZ Diseases of the genitourinary system
    O00-OZZ Pregnancy, childbirth and the puerperium
    P00-PZZ Certain conditions originating in the perinatal period
    Q00-QZZ Congenital malformations, deformations and chromosomal abnormalities
    R00-RZZ Symptoms, signs and abnormal clinical and laboratory findings
    S00-TZZ Injury, poisoning and certain other consequences of external causes
    U00-UZZ Codes for special purposes
    V00-YZZ External causes of morbidity
    Z00-ZZZ Factors influencing health status and contact with health services
"""
_PCS_SECTIONS: Final = {
    "0": "Medical and Surgical",
    "1": "Obstetrics",
    "2": "Placement",
    "3": "Administration",
    "4": "Measurement and Monitoring",
    "5": "Extracorporeal or Systemic Assistance and Performance",
    "6": "Extracorporeal or Systemic Therapies",
    "7": "Osteopathic",
    "8": "Other Procedures",
    "9": "Chiropractic",
    "B": "Imaging",
    "C": "Nuclear Medicine",
    "D": "Radiation Therapy",
    "F": "Physical Rehabilitation and Diagnostic Audiology",
    "G": "Mental Health",
    "H": "Substance Abuse Treatment",
    "X": "New Technology",
}


def _make_formats(code_set: CodeSet, first: bytes) -> tuple[Format, Format]:
    order = rf"{code_set}[-_ ]order[-_ ](?!.*addenda).*\.txt"
    codes = rf"{code_set}[-_ ]codes[-_ ](?!.*addenda).*\.txt"
    both = {"code": _FIELDS, "header": _FIELDS}
    return (
        Format(
            f"{code_set}-order", code_set, "codes", order, _ORDER, "CMS, icd10OrderFiles.pdf", both,
            f"{code_set}_order_2026.txt", twin=f"{code_set}-codes",
            mark=rb"\A(?:\xef\xbb\xbf)?[0-9]{5} " + first + rb"[0-9A-Z]{2,6} +[01] ",
        ),
        Format(
            f"{code_set}-codes", code_set, "codes", codes, _CODES, "CMS, icd10cmCodesFile.pdf",
            {"code": ("long",)}, f"{code_set}_codes_2026.txt",
        ),
    )  # fmt: skip


def _name_edition(label: str, year: int, said: Sequence[str]) -> Edition:
    """A fiscal year begins in October of the year before; other months are its updates."""
    month = find_month(said)
    if month in {1, 4, 7}:
        return Edition(f"{label} FY{year} {MONTH_NAMES[month]}", date(year, month, 1))
    return Edition(f"{label} FY{year}", date(year - 1, 10, 1))


def _list_chapters() -> tuple[Range, ...]:
    ranges = parse_ranges("", "", _CM_CHAPTERS, "")
    return tuple(Range(r.start, r.end, "", r.subsection, "", "") for r in ranges)


# icd10cm_order_2019.txt has its addenda in icd10cm_order_addenda_2019.txt.
_RELEASE: Final = r"_(order|codes)_(.+\.txt)"
# The second or the third character is a digit; words like AND are no codes.
_CODE_IN_TABLES: Final = r"[A-Z](?:[0-9][0-9A-Z]|[A-Z][0-9])(?:\.?[0-9A-Z]{1,4})?"
_icd10: Final = partial(
    Profile,
    drops_dots=True,
    is_of_one_kind=True,
    name_edition=_name_edition,
    year_start=(10, 1),
    has_stable_end=True,
    # In October and in April.
    months=6,
)

CM: Final = _icd10(
    name=CodeSet.ICD10CM,
    label="ICD-10-CM",
    publisher="CMS",
    formats=_make_formats(CodeSet.ICD10CM, rb"[A-Z]"),
    grammar={"code": _CM_CODE, "header": _CM_CODE},
    dotted=r"([A-Z][0-9A-Z]{2})\.([0-9A-Z]{1,4})",
    # A code, a range of codes or, with nothing behind the hyphen, all below one.
    code_in_crosswalks=rf"{_CODE_IN_TABLES}(?: ?- ?(?:{_CODE_IN_TABLES})|\.?-)?",
    lists={"addenda": r"icd10cm[-_ ].*(?:addend|errat).*\.txt"},
    addenda=AddendaNames(rf"icd10cm{_RELEASE}", (r"icd10cm_\1_addenda_\2",)),
    # With the dates of NCHS's conversion table.
    updates=(Update(2021, 1, "J1282"), Update(2022, 4, "Z28310"), Update(2023, 4, "Z556")),
    sections=_list_chapters(),
    tree=True,
    # The seventh character: encounter, stage, fetus.
    segments=(Segment("extension", 6, 1),),
    billed_as="diagnosis",
    denial="146",
)
PCS: Final = _icd10(
    name=CodeSet.ICD10PCS,
    label="ICD-10-PCS",
    publisher="CMS",
    formats=_make_formats(CodeSet.ICD10PCS, rb"0"),
    grammar={"code": _PCS_CODE, "header": _PCS_CODE},
    code_in_crosswalks=rf"{_PCS_CODE}(?: ?- ?{_PCS_CODE})?",
    lists={"addenda": r"(?:icd10pcs[-_ ].*|(?:order|codes)[-_ ])(?:addend|errat).*\.txt"},
    addenda=AddendaNames(rf"icd10pcs{_RELEASE}", (r"icd10pcs_\1_addenda_\2", r"\1_addenda_\2")),
    updates=(Update(2022, 4, "XW013V7"),),
    sections=list_letters(_PCS_SECTIONS, "ZZZZZZ"),
    # New Technology.
    growth_prefix="X",
    # Body part, device, qualifier. Another approach is another act.
    axes=(3, 5, 6),
    segments=(Segment("table", 0, 3), Segment("approach", 4, 1)),
    billed_as="inpatient procedure",
    # Shorter ones are headers only.
    billed="[0-9A-HJ-NP-Z]{7}",
    denial="181",
)
