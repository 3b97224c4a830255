"""The sections of each code set, as ranges (formats.md 4.1, 7.6, 8, 9).

Users override them with a file of the same columns (`--sections FILE`). Ranges of one code set do
not overlap.
"""

from typing import Final

from cptdiff.formats import cpt_sections
from cptdiff.formats.ranges import Range, listed
from cptdiff.vocabulary import CodeSet

__all__ = ["OTHERWISE", "SECTIONS", "Range"]

_HCPCS_LETTERS: Final = {
    "A": "Transportation, medical and surgical supplies",
    "B": "Enteral and parenteral therapy",
    "C": "Outpatient prospective payment system",
    "D": "Dental procedures",
    "E": "Durable medical equipment",
    "F": "F codes",
    "G": "Temporary procedures and professional services",
    "H": "Behavioral health and substance abuse treatment",
    "I": "I codes",
    "J": "Drugs administered other than by oral method",
    "K": "Temporary codes for durable medical equipment",
    "L": "Orthotic and prosthetic procedures",
    "M": "Medical services and quality measures",
    "N": "N codes",
    "O": "O codes",
    "P": "Pathology and laboratory services",
    "Q": "Temporary codes",
    "R": "Diagnostic radiology services",
    "S": "Temporary national codes (not Medicare)",
    "T": "National codes for state Medicaid agencies",
    "U": "Coronavirus laboratory tests",
    "V": "Vision, hearing and speech-language services",
}
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


def _lettered(titles: dict[str, str], end: str) -> list[Range]:
    return [Range(first, first + end, "", title, "", "") for first, title in titles.items()]


def _chapters() -> list[Range]:
    ranges = listed("", "", _CM_CHAPTERS, "")
    return [Range(r.start, r.end, "", r.subsection, "", "") for r in ranges]


# Where `SECTIONS` has no range for a code.
OTHERWISE: Final[dict[CodeSet, tuple[Range, ...]]] = {CodeSet.CPT: cpt_sections.OTHERWISE}

SECTIONS: Final[dict[CodeSet, tuple[Range, ...]]] = {
    CodeSet.CPT: cpt_sections.SECTIONS,
    CodeSet.HCPCS: tuple(_lettered(_HCPCS_LETTERS, "9999")),
    CodeSet.ICD10CM: tuple(_chapters()),
    CodeSet.ICD10PCS: tuple(_lettered(_PCS_SECTIONS, "ZZZZZZ")),
    CodeSet.TABLE: (),
}
