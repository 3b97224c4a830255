"""The revisions: what a text says before and after."""

from typing import NamedTuple

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


EDITS = (
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
        "with ledger, including inspection and cleaning|W/LEDGER|W/LEDGER",
        "with ledger, including inspection, and cleaning|W/LEDGER|W/LEDGER",
    ),
    _edit(
        "visit",
        "initial fitting|INITIAL FITTING|INIT FIT",
        "subsequent fitting|SUBSEQUENT FITTING|SBSQ FIT",
    ),
    _edit(
        "comparator",
        "more than 30 turns|MORE THAN 30 TURNS|>30 TURNS",
        "30 or more turns|30 OR MORE TURNS|30/> TURNS",
    ),
    _edit(
        "short only",
        "with handover sheet|W/HANDOVER SHEET|W/HNDOVR",
        "with handover sheet|W/HANDOVER SHEET|W/SHEET",
    ),
    _edit(
        "negation",
        "not including guidance|NOT INCL GUIDANCE|NOT GUID",
        "including guidance|INCL GUIDANCE|INCL GUID",
    ),
    _edit(
        "words added",
        "with calibration|W/CALIBRATION|W/CALIB",
        "with calibration and written report|W/CALIBRATION|W/CALIB",
    ),
    _edit(
        "abbreviation",
        "clamp (e.g., spring)|WITH CLAMP|W/CLAMP",
        "clamp (eg, spring)|WITH CLAMP|W/CLAMP",
    ),
    _edit(
        "number",
        "3 or more bolts|3 OR MORE BOLTS|3/> BOLTS",
        "4 or more bolts|4 OR MORE BOLTS|4/> BOLTS",
    ),
    _edit(
        "unit",
        "less than 5 mm thick|LESS THAN 5 MM|<5 MM",
        "less than 5 cm thick|LESS THAN 5 CM|<5 CM",
    ),
    _edit(
        "size",
        "10 sq cm or less|10 SQ CM OR LESS|10SQCM/<",
        "12 sq cm or less|12 SQ CM OR LESS|12SQCM/<",
    ),
    _edit(
        "and, or",
        "with waxing and buffing|WAXING AND BUFFING|WAX&BUFF",
        "with waxing or buffing|WAXING OR BUFFING|WAX/BUFF",
    ),
    _edit(
        "with, without",
        "with lubrication|W/LUBRICATION|W/LUBE",
        "without lubrication|W/O LUBRICATION|W/O LUBE",
    ),
    _edit("laterality", "unilateral|UNILATERAL|UNI", "bilateral|BILATERAL|BI"),
    _edit(
        "case",
        "using the Archimedes screw|ARCHIMEDES SCREW|ARCH SCREW",
        "using the archimedes screw|ARCHIMEDES SCREW|ARCH SCREW",
    ),
    _edit(
        "spelling",
        "with fluoresent lamp|FLUORESENT LAMP|FLUOR LAMP",
        "with fluorescent lamp|FLUORESCENT LAMP|FLUOR LAMP",
    ),
    _edit(
        "plural",
        "with removal of dust cap|REMOVE DUST CAP|RMV CAP",
        "with removal of dust caps|REMOVE DUST CAPS|RMV CAPS",
    ),
    _edit(
        "examples",
        "with brush (eg, nylon)|WITH BRUSH|W/BRUSH",
        "with brush (eg, nylon, horsehair)|WITH BRUSH|W/BRUSH",
    ),
    _edit(
        "reworded",
        "with chalk marks|W/CHALK MARKS|W/CHALK",
        "removal under lamp, any method|REMOVAL W/LAMP|RMV W/LAMP",
        rewritten=True,
    ),
    _edit(
        "words removed",
        "with inspection, tightening, and final rinse|W/FINAL RINSE|W/RINSE",
        "with inspection and final rinse|W/FINAL RINSE|W/RINSE",
    ),
    _edit(
        "medium only",
        "with spare key|WITH SPARE KEY|W/KEY",
        "with spare key|W/SPARE KEY|W/KEY",
    ),
    _edit(
        "brackets",
        "with gauge (digital)|W/DIGITAL GAUGE|DIG GAUGE",
        "with gauge [digital]|W/DIGITAL GAUGE|DIG GAUGE",
    ),
    _edit(
        "symbol",
        "greater than 50 percent worn|OVER 50% WORN|>50% WORN",
        "greater than 50% worn|OVER 50% WORN|>50% WORN",
    ),
    _edit("side", "left flank|LEFT FLANK|LT FLANK", "right flank|RIGHT FLANK|RT FLANK"),
    _edit(
        "approach",
        "open approach|OPEN APPROACH|OPN APPR",
        "hatch approach|HATCH APPROACH|HTCH APPR",
    ),
    _edit("range", "2 to 4 segments|2-4 SEGMENTS|2-4 SEG", "2 to 6 segments|2-6 SEGMENTS|2-6 SEG"),
    _edit(
        "hyphen",
        "follow up polish|FOLLOW UP POLISH|FU POLISH",
        "follow-up polish|FOLLOW-UP POLISH|FU POLISH",
    ),
    _edit("quotes", 'by "dry" method|DRY METHOD|DRY METH', 'by "wet" method|WET METHOD|WET METH'),
    _edit(
        "signs",
        "rinse & dry <24 hours|RINSE & DRY <24 HR|RNS<24HR",
        "rinse & dry <48 hours|RINSE & DRY <48 HR|RNS<48HR",
    ),
    _edit(
        "excluding",
        "including hinge pin|INCL HINGE PIN|INCL PIN",
        "excluding hinge pin|EXCL HINGE PIN|EXCL PIN",
    ),
    _edit(
        "micro",
        "through 5 µm filter|5 µM FILTER|5 µM FLTR",
        "through 10 µm filter|10 µM FILTER|10 µM FLTR",
    ),
    _edit(
        "apostrophe",
        "with O'Brien nut|W/OBRIEN NUT|W/NUT",
        "with O\N{RIGHT SINGLE QUOTATION MARK}Brien nut|W/OBRIEN NUT|W/NUT",
    ),
    _edit(
        "dash",
        "grade II-III finish|GRADE II-III|GR II-III",
        "grade II\N{EN DASH}III finish|GRADE II-III|GR II-III",
    ),
    _edit(
        "note",
        "with seal test|WITH SEAL TEST|W/SEAL",
        "with seal test (report with the main polish)|WITH SEAL TEST|W/SEAL",
    ),
)
