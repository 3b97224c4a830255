"""Hand-made CPT texts: one family whose common portion changes, and odd ones."""

from words import Words, listed

FAMILY_BEFORE = Words(
    "Bench parley with a new customer, including a brief walk round the machine",
    "BENCH PARLEY NEW BRIEF WALK",
    "NEW PARLEY BRF",
)
FAMILY_AFTER = Words(
    "Bench parley with a new customer, including a complete walk round the machine",
    "BENCH PARLEY NEW COMPL WALK",
    "NEW PARLEY CPL",
)
FAMILY = tuple(
    Words(f"{level} machine", f"{level.upper()} MACHINE", f"{level.upper()}")
    for level in listed("silent humming clicking creaking rattling grinding smoking seized")
)

# Texts that hurt a careless reader or page; unchanged in both releases.
ODD_TEXTS = (
    Words('Fitting of 2" widget collar', 'FIT 2" WIDGET COLLAR', 'FIT 2" WIDGT COLLAR'),
    Words('"Singing" sprocket hush, any key', '"SINGING" SPROCKET HUSH', '"SINGING" SPRKT HUSH'),
    Words(
        "Bolt & nut <5 mm; 100% of torque, wear > 10%",
        "BOLT & NUT <5 MM 100%",
        "BOLT&NUT <5MM 100%",
    ),
    Words("Café-table wobble cure, naïve method", "CAFÉ-TABLE WOBBLE CURE", "CAFÉ-TABLE WOBBLE"),
    Words("Sieving through 50 µm mesh", "SIEVE 50 µM MESH", "SIEVE 50 µM MESH"),
    Words(
        "Tuning of “Old Faithful” kettle \N{EN DASH} keeper\N{RIGHT SINGLE QUOTATION MARK}s method",
        "TUNE OLD FAITHFUL KETTLE",
        "TUNE KETTLE KEEPER",
    ),
    Words(
        "Widget®-brand grease gun priming, Whirl™ nozzle",
        "WIDGET® GREASE GUN PRIMING",
        "WIDGET® GUN PRIMING",
    ),
    Words("N/A", "N/A", "N/A"),
    Words("=1+1 gear count by abacus", "=1+1 GEAR COUNT", "=1+1 GEAR COUNT"),
)
# These are added in the current release, so that reports show them.
ODD_ADDED = (
    Words(
        "Stencilling of <script>alert(1)</script> on casing",
        "STENCIL <SCRIPT> CASING",
        "STENCIL <SCRIPT>",
    ),
    Words('@Home bench kit, 3" & 4", <b>bold</b> label', "@HOME BENCH KIT", "@HOME BENCH KIT"),
)
