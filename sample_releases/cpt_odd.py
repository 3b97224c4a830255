"""Hand-made CPT texts: one family whose common portion changes, and odd ones."""

from words import Words

FAMILY_BEFORE = Words(
    "Office encounter of a person not yet known to the practice, with a brief review of systems",
    "OFFICE ENC NEW BRIEF ROS",
    "OFFICE NEW BRF",
)
FAMILY_AFTER = Words(
    "Office encounter of a person not yet known to the practice, with a complete review of systems",
    "OFFICE ENC NEW COMPL ROS",
    "OFFICE NEW CPL",
)
FAMILY = tuple(
    Words(level, level.upper(), brief)
    for level, brief in (
        ("one minor problem", "1 MINOR"),
        ("two minor problems", "2 MINOR"),
        ("one steady illness", "1 STEADY"),
        ("two steady illnesses", "2 STEADY"),
        ("worsening illness", "WORSENING"),
        ("illness not diagnosed", "NOT DIAGN"),
        ("sudden severe illness", "SUDDEN"),
        ("danger to life", "DANGER"),
    )
)

# Texts that hurt a careless reader or page; unchanged in both releases.
ODD_TEXTS = (
    Words('Fitting of neck collar, 2" foam', 'FIT NECK COLLAR 2" FOAM', 'FIT COLLAR 2" FOAM'),
    Words(
        '"Trigger" point mapping, any muscle',
        '"TRIGGER" POINT MAPPING',
        '"TRIGGER" PT MAPPING',
    ),
    Words(
        "Donor & recipient marker match, <5 markers; 100% of coverage, noise > 10%",
        "DONOR & RECIPIENT MATCH <5 100%",
        "DONOR&RECIP <5 100%",
    ),
    Words(
        "Café-au-lait spot removal, naïve skin",
        "CAFÉ-AU-LAIT SPOT REMOVAL",
        "CAFÉ-AU-LAIT REMVL",
    ),
    Words("Filtering of blood through 50 µm mesh", "FILTER BLOOD 50 µM", "FILTER 50 µM MESH"),
    Words(
        "Typing by “look back” panel \N{EN DASH} laboratory\N{RIGHT SINGLE QUOTATION MARK}s method",
        "TYPING LOOK BACK PANEL",
        "TYPING LOOK BACK",
    ),
    Words(
        "Invented®-brand bone filler, Sample™ nozzle, any site",
        "INVENTED® BONE FILLER",
        "INVENTED® BONE FILLR",
    ),
    Words("N/A", "N/A", "N/A"),
    Words("=1+1 gene count by array", "=1+1 GENE COUNT", "=1+1 GENE COUNT"),
)
# These are added in the current release, so that reports show them.
ODD_ADDED = (
    Words(
        "Uptake of labeled cells, <script>alert(1)</script> tracer",
        "UPTAKE <SCRIPT> CELLS",
        "UPTAKE <SCRIPT>",
    ),
    Words(
        '@Home monitoring kit, 3" & 4" cuffs, <b>bold</b> label',
        "@HOME MONITORING KIT",
        "@HOME MONITOR KIT",
    ),
)
