"""Where CPT codes belong: AMA's sections, and what they leave out."""

from typing import Final

from cptdiff.codesets.sections import ANCILLARY, Range, parse_ranges

EM: Final = "Evaluation and Management"
PROCEDURES: Final = "Procedures"

_EM = parse_ranges(
    EM,
    EM,
    """
    98000-98016 Telemedicine services
    99201-99499 Evaluation and management services
""",
)
_ANESTHESIA = parse_ranges(
    "Anesthesia",
    PROCEDURES,
    """
    00100-01999 Anesthesia
    99100-99140 Qualifying circumstances
""",
)
_SURGERY = parse_ranges(
    "Surgery",
    PROCEDURES,
    """
    10004-10021 General
    10030-19499 Integumentary system
    20100-29999 Musculoskeletal system
    30000-32999 Respiratory system
    33010-37799 Cardiovascular system
    38100-38999 Hemic and lymphatic systems
    39000-39599 Mediastinum and diaphragm
    40490-49999 Digestive system
    50010-53899 Urinary system
    54000-55899 Male genital system
    55920-55920 Reproductive system procedures
    55970-55980 Intersex surgery
    56405-58999 Female genital system
    59000-59899 Maternity care and delivery
    60000-60699 Endocrine system
    61000-64999 Nervous system
    65091-68899 Eye and ocular adnexa
    69000-69979 Auditory system
    69990-69990 Operating microscope
""",
)
_RADIOLOGY = parse_ranges(
    "Radiology",
    ANCILLARY,
    """
    70010-76499 Diagnostic radiology
    76506-76999 Diagnostic ultrasound
    77001-77022 Radiologic guidance
    77046-77067 Breast mammography
    77071-77092 Bone and joint studies
    77261-77799 Radiation oncology
    78012-79999 Nuclear medicine
""",
)
_LABORATORY = parse_ranges(
    "Pathology and Laboratory",
    ANCILLARY,
    """
    80047-80081 Organ or disease oriented panels
    80143-80299 Therapeutic drug assays
    80305-80377 Drug assay
    80400-80439 Evocative and suppression testing
    80500-80506 Clinical pathology consultations
    81000-81099 Urinalysis
    81105-81479 Molecular pathology
    81490-81599 Multianalyte assays with algorithmic analyses
    82009-84999 Chemistry
    85002-85999 Hematology and coagulation
    86000-86849 Immunology
    86850-86999 Transfusion medicine
    87003-87999 Microbiology
    88000-88399 Anatomic and surgical pathology, cytopathology, cytogenetics
    88720-89399 In vivo, other and reproductive medicine procedures
""",
)
# 90460-90480 are administration by exact codes: the vaccines' range runs through them.
_MEDICINE = parse_ranges(
    "Medicine",
    PROCEDURES,
    """
    90281-90399 Immune globulins
    90460-90474 Immunization administration
    90476-90479 Vaccines and toxoids
    90480-90480 Immunization administration
    90481-90759 Vaccines and toxoids
    90785-90899 Psychiatry
    90901-90913 Biofeedback
    90935-90999 Dialysis
    91010-91299 Gastroenterology
    91300-91322 Vaccines and toxoids
    92002-92499 Ophthalmology
    92502-92700 Special otorhinolaryngologic services
    92920-93799 Cardiovascular
    93880-93998 !Noninvasive vascular diagnostic studies
    94002-94799 Pulmonary
    95004-95199 Allergy and clinical immunology
    95249-96020 Endocrinology, neurology and neuromuscular procedures
    96040-96171 Genetics, central nervous system assessments, health behavior
    96360-96549 Infusions, injections and chemotherapy
    96567-96999 Photodynamic therapy and dermatological procedures
    97010-97814 Physical medicine, adaptive behavior, nutrition, acupuncture
    98925-98981 Osteopathic, chiropractic, education, remote monitoring
    99000-99091 Special services, procedures and reports
    99151-99199 Moderate sedation and other services
    99500-99607 Home health and medication therapy management
""",
)
_LETTER_SECTIONS = [
    *parse_ranges("Category II", "", "0001F-9999F Performance measurement", "Category II"),
    *parse_ranges("Category III", PROCEDURES, "0001T-9999T Emerging technology", "Category III"),
    *parse_ranges(
        "Proprietary Laboratory Analyses", ANCILLARY,
        "0001U-9999U Proprietary laboratory analyses", "PLA",
    ),
    *parse_ranges(
        "MAAA administrative codes", ANCILLARY,
        "0001M-9999M Multianalyte assays with algorithmic analyses", "MAAA",
    ),
    *parse_ranges(
        "Immunization administration", PROCEDURES,
        "0001A-9999A COVID-19 vaccine administration", "Immunization administration",
    ),
]  # fmt: skip

# Whole sections, for codes that the subsections above leave out.
_WHOLE: Final = [
    *parse_ranges(EM, EM, "98000-98016\n99201-99499"),
    *parse_ranges("Anesthesia", PROCEDURES, "00100-01999"),
    *parse_ranges("Surgery", PROCEDURES, "10004-69990"),
    *parse_ranges("Radiology", ANCILLARY, "70010-79999"),
    *parse_ranges("Pathology and Laboratory", ANCILLARY, "80047-89399"),
    *parse_ranges("Medicine", PROCEDURES, "90281-97999\n98017-99200\n99500-99607"),
]

SECTIONS: Final[tuple[Range, ...]] = (
    *_EM, *_ANESTHESIA, *_SURGERY, *_RADIOLOGY, *_LABORATORY, *_MEDICINE, *_LETTER_SECTIONS,
)  # fmt: skip
OTHERWISE: Final[tuple[Range, ...]] = tuple(_WHOLE)
