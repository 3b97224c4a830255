"""The revisions: what a text says before and after."""

from typing import NamedTuple

from cpt_ranges import CATEGORY_2, CATEGORY_3, EM, LAB, MEDICINE, PLA, RADIOLOGY, SURGERY
from words import Words


class Edit(NamedTuple):
    """One revision of a code's own portion; `rewritten` replaces the common portion too."""

    kind: str
    before: Words
    after: Words
    rewritten: bool = False


def _edit(kind: str, before: str, after: str, *, rewritten: bool = False) -> Edit:
    old, new = (Words(*text.split("|")) for text in (before, after))
    return Edit(kind, old, new, rewritten)


# One for each revised code; the family of office encounters and a very long text come besides.
# LONGULT alone must show each of them except those of PLA codes, which it does not hold: only
# theirs may leave the long text as it is.
EDITS = {
    EM: (
        _edit(
            "time",
            "first 15 minutes|FIRST 15 MINUTES|1ST 15 MIN",
            "first 20 minutes|FIRST 20 MINUTES|1ST 20 MIN",
        ),
        _edit(
            "age",
            "younger than 5 years|YOUNGER THAN 5 YRS|<5 YRS",
            "younger than 7 years|YOUNGER THAN 7 YRS|<7 YRS",
        ),
        _edit(
            "punctuation",
            "with interpreter, including record review and teaching|W/INTERPRETER|W/INTERP",
            "with interpreter, including record review, and teaching|W/INTERPRETER|W/INTERP",
        ),
        _edit(
            "visit",
            "initial encounter|INITIAL ENCOUNTER|INIT ENC",
            "subsequent encounter|SUBSEQUENT ENCOUNTER|SBSQ ENC",
        ),
        _edit(
            "comparator",
            "more than 30 minutes|MORE THAN 30 MINUTES|>30 MIN",
            "30 or more minutes|30 OR MORE MINUTES|30/> MIN",
        ),
        _edit(
            "negation",
            "not including travel|NOT INCL TRAVEL|NOT TRAVEL",
            "including travel|INCL TRAVEL|INCL TRAV",
        ),
        _edit(
            "words added",
            "with counseling|W/COUNSELING|W/COUNSEL",
            "with counseling and written care plan|W/COUNSELING|W/COUNSEL",
        ),
        _edit(
            "abbreviation",
            "with informant (e.g., parent)|WITH INFORMANT|W/INFORM",
            "with informant (eg, parent)|WITH INFORMANT|W/INFORM",
        ),
        _edit(
            "number",
            "3 or more conditions|3 OR MORE CONDITIONS|3/> COND",
            "4 or more conditions|4 OR MORE CONDITIONS|4/> COND",
        ),
    ),
    SURGERY: (
        _edit(
            "unit",
            "less than 5 mm deep|LESS THAN 5 MM|<5 MM",
            "less than 5 cm deep|LESS THAN 5 CM|<5 CM",
        ),
        _edit(
            "size",
            "10 sq cm or less|10 SQ CM OR LESS|10SQCM/<",
            "12 sq cm or less|12 SQ CM OR LESS|12SQCM/<",
        ),
        _edit(
            "and, or",
            "with irrigation and drainage|IRRIG AND DRAINAGE|IRR&DRAIN",
            "with irrigation or drainage|IRRIG OR DRAINAGE|IRR/DRAIN",
        ),
        _edit(
            "with, without",
            "with imaging guidance|W/IMAGING GUIDANCE|W/IMAG",
            "without imaging guidance|W/O IMAGING GUIDANCE|W/O IMAG",
        ),
        _edit(
            "laterality",
            "unilateral|UNILATERAL|UNI",
            "bilateral|BILATERAL|BI",
        ),
        _edit(
            "case",
            "by the Invented technique|INVENTED TECHNIQUE|INVNTD TQ",
            "by the invented technique|INVENTED TECHNIQUE|INVNTD TQ",
        ),
        _edit(
            "spelling",
            "with fluoresent dye|FLUORESENT DYE|FLUOR DYE",
            "with fluorescent dye|FLUORESCENT DYE|FLUOR DYE",
        ),
        _edit(
            "plural",
            "with removal of drain|REMOVE DRAIN|RMV DRAIN",
            "with removal of drains|REMOVE DRAINS|RMV DRAINS",
        ),
        _edit(
            "examples",
            "with sealant (eg, fibrin)|WITH SEALANT|W/SEAL",
            "with sealant (eg, fibrin, collagen)|WITH SEALANT|W/SEAL",
        ),
        _edit(
            "reworded",
            "with tissue sampling|W/TISSUE SAMPLING|W/SAMPLE",
            "staged, second operation during same stay|STAGED 2ND OPERATION|STAGED 2ND",
            rewritten=True,
        ),
        _edit(
            "words removed",
            "with inspection, marking, and final irrigation|W/FINAL IRRIG|W/IRRIG",
            "with inspection and final irrigation|W/FINAL IRRIG|W/IRRIG",
        ),
        _edit(
            "brackets",
            "with probe (ultrasonic)|W/ULTRASONIC PROBE|US PROBE",
            "with probe [ultrasonic]|W/ULTRASONIC PROBE|US PROBE",
        ),
        _edit(
            "symbol",
            "greater than 50 percent involved|OVER 50% INVOLVED|>50% INV",
            "greater than 50% involved|OVER 50% INVOLVED|>50% INV",
        ),
        _edit(
            "side",
            "left side|LEFT SIDE|LT SIDE",
            "right side|RIGHT SIDE|RT SIDE",
        ),
        _edit(
            "approach",
            "open approach|OPEN APPROACH|OPN APPR",
            "endoscopic approach|ENDOSCOPIC APPROACH|ENDO APPR",
        ),
        _edit(
            "range",
            "2 to 4 lesions|2-4 LESIONS|2-4 LSN",
            "2 to 6 lesions|2-6 LESIONS|2-6 LSN",
        ),
        _edit(
            "hyphen",
            "follow up procedure|FOLLOW UP PROCEDURE|FU PROC",
            "follow-up procedure|FOLLOW-UP PROCEDURE|FU PROC",
        ),
        _edit(
            "quotes",
            'by "dry" dissection|DRY DISSECTION|DRY DISS',
            'by "wet" dissection|WET DISSECTION|WET DISS',
        ),
        _edit(
            "signs",
            "closure & drain <24 hours|CLOSURE & DRAIN <24 HR|CLS<24HR",
            "closure & drain <48 hours|CLOSURE & DRAIN <48 HR|CLS<48HR",
        ),
        _edit(
            "excluding",
            "including nerve monitoring|INCL NERVE MONITOR|INCL MON",
            "excluding nerve monitoring|EXCL NERVE MONITOR|EXCL MON",
        ),
        _edit(
            "micro",
            "with 5 µm particles|5 µM PARTICLES|5 µM PRTCL",
            "with 10 µm particles|10 µM PARTICLES|10 µM PRTL",
        ),
        _edit(
            "apostrophe",
            "with surgeon's own graft|W/SURGEON GRAFT|W/SURG GR",
            "with surgeon\N{RIGHT SINGLE QUOTATION MARK}s own graft|W/SURGEON GRAFT|W/SURG GR",
        ),
        _edit(
            "dash",
            "grade II-III injury|GRADE II-III|GR II-III",
            "grade II\N{EN DASH}III injury|GRADE II-III|GR II-III",
        ),
        _edit(
            "note",
            "with leak test|WITH LEAK TEST|W/LEAK",
            "with leak test (report with the main operation)|WITH LEAK TEST|W/LEAK",
        ),
        _edit(
            "time",
            "first 30 minutes|FIRST 30 MINUTES|1ST 30 MIN",
            "first 45 minutes|FIRST 45 MINUTES|1ST 45 MIN",
        ),
        _edit(
            "age",
            "younger than 6 months|YOUNGER THAN 6 MOS|<6 MOS",
            "younger than 12 months|YOUNGER THAN 12 MOS|<12 MOS",
        ),
        _edit(
            "punctuation",
            "with splint, including padding and molding|W/SPLINT|W/SPLINT",
            "with splint, including padding, and molding|W/SPLINT|W/SPLINT",
        ),
        _edit(
            "visit",
            "initial operation|INITIAL OPERATION|INIT OP",
            "subsequent operation|SUBSEQUENT OPERATION|SBSQ OP",
        ),
    ),
    RADIOLOGY: (
        _edit(
            "comparator",
            "more than 20 images|MORE THAN 20 IMAGES|>20 IMG",
            "20 or more images|20 OR MORE IMAGES|20/> IMG",
        ),
        _edit(
            "negation",
            "not including computer analysis|NOT INCL COMPUTER|NOT COMP",
            "including computer analysis|INCL COMPUTER|INCL COMP",
        ),
        _edit(
            "words added",
            "with measurement|W/MEASUREMENT|W/MEAS",
            "with measurement and three-dimensional images|W/MEASUREMENT|W/MEAS",
        ),
        _edit(
            "abbreviation",
            "with marker (e.g., bead)|WITH MARKER|W/MARKER",
            "with marker (eg, bead)|WITH MARKER|W/MARKER",
        ),
        _edit(
            "number",
            "3 or more projections|3 OR MORE PROJECTIONS|3/> PROJ",
            "5 or more projections|5 OR MORE PROJECTIONS|5/> PROJ",
        ),
        _edit(
            "unit",
            "tracer dose under 2 mCi|DOSE UNDER 2 MCI|<2 MCI",
            "tracer dose under 2 mSv|DOSE UNDER 2 MSV|<2 MSV",
        ),
    ),
    LAB: (
        _edit(
            "size",
            "2 ml or less|2 ML OR LESS|2 ML/<",
            "3 ml or less|3 ML OR LESS|3 ML/<",
        ),
        _edit(
            "and, or",
            "with culture and staining|CULTURE AND STAINING|CULT&STN",
            "with culture or staining|CULTURE OR STAINING|CULT/STN",
        ),
        _edit(
            "with, without",
            "with confirmation|W/CONFIRMATION|W/CONF",
            "without confirmation|W/O CONFIRMATION|W/O CONF",
        ),
        _edit(
            "laterality",
            "unilateral sampling|UNILATERAL SAMPLING|UNI SMPL",
            "bilateral sampling|BILATERAL SAMPLING|BI SMPL",
        ),
        _edit(
            "case",
            "by the Sample ratio|SAMPLE RATIO|SAMPL RAT",
            "by the sample ratio|SAMPLE RATIO|SAMPL RAT",
        ),
        _edit(
            "spelling",
            "by chromatografy|CHROMATOGRAFY|CHROMAT",
            "by chromatography|CHROMATOGRAPHY|CHROMAT",
        ),
        _edit(
            "plural",
            "with control specimen|W/CONTROL SPECIMEN|W/CTRL",
            "with control specimens|W/CONTROL SPECIMENS|W/CTRLS",
        ),
        _edit(
            "examples",
            "with dye (eg, silver)|WITH DYE|W/DYE",
            "with dye (eg, silver, congo red)|WITH DYE|W/DYE",
        ),
    ),
    MEDICINE: (
        _edit(
            "reworded",
            "with heat packs|W/HEAT PACKS|W/HEAT",
            "training with equipment, any setting|TRAINING W/EQUIPMENT|TRAIN W/EQ",
            rewritten=True,
        ),
        _edit(
            "words removed",
            "with assessment, practice, and home exercises|W/HOME EXERCISES|W/HOME EX",
            "with assessment and home exercises|W/HOME EXERCISES|W/HOME EX",
        ),
        _edit(
            "brackets",
            "with monitor (wearable)|W/WEARABLE MONITOR|WEARABLE",
            "with monitor [wearable]|W/WEARABLE MONITOR|WEARABLE",
        ),
        _edit(
            "symbol",
            "greater than 50 percent of session|OVER 50% OF SESSION|>50% SESS",
            "greater than 50% of session|OVER 50% OF SESSION|>50% SESS",
        ),
    ),
    CATEGORY_2: (
        _edit(
            "side",
            "left eye|LEFT EYE|LT EYE",
            "right eye|RIGHT EYE|RT EYE",
        ),
    ),
    CATEGORY_3: (
        _edit(
            "approach",
            "open approach|OPEN APPROACH|OPN APPR",
            "transvenous approach|TRANSVENOUS APPROACH|TRANSV APP",
        ),
    ),
    PLA: (
        _edit(
            "short only",
            "with report of risk|W/REPORT OF RISK|W/RISK",
            "with report of risk|W/REPORT OF RISK|W/REPORT",
        ),
        _edit(
            "medium only",
            "with paired normal tissue|W/PAIRED NORMAL TISSUE|W/NORMAL",
            "with paired normal tissue|W/NORMAL TISSUE|W/NORMAL",
        ),
        _edit(
            "range",
            "12 to 50 genes|12-50 GENES|12-50 GN",
            "12 to 70 genes|12-70 GENES|12-70 GN",
        ),
    ),
}
