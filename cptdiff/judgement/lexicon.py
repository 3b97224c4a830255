"""The words that decide what an edit means, as data.

All in lower case, without punctuation. A word that no list names is a word of substance.
"""

from typing import Final


def _split_words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


# The same thing, spelled out or shortened: each is read as the form on the right.
SYMBOLS: Final = {
    "greater than or equal to": "≥", "equal to or greater than": "≥", ">=": "≥", "=>": "≥",
    "less than or equal to": "≤", "equal to or less than": "≤", "<=": "≤", "=<": "≤",
    "greater than": ">", "less than": "<", "equal to": "=", "equals": "=", "more than": ">",
    "plus or minus": "±", "plus/minus": "±", "+/-": "±", "percentage": "%", "percent": "%",
    "pct": "%", "number": "#", "up to": "≤", "degrees": "°", "degree": "°",
    "with or without": "with/without",
    "w/wo": "with/without", "w/o": "without", "w/": "with", "and or": "and/or", "&": "and",
    "for example": "eg", "such as": "eg", "including but not limited to": "eg",
    "including, but not limited to,": "eg", "e.g": "eg", "that is": "ie", "i.e": "ie",
    "et cetera": "etc",
    "not otherwise specified": "unspecified", "not elsewhere classified": "nec",
    "not otherwise classified": "nec", "over the counter": "otc",
}  # fmt: skip

ABBREVIATIONS: Final = {
    "approx": "approximately", "bilat": "bilateral", "bi": "bilateral", "unilat": "unilateral",
    "uni": "unilateral", "incl": "including",
    "excl": "excluding", "addl": "additional", "ea": "each", "init": "initial",
    "subsq": "subsequent", "subs": "subsequent", "unspec": "unspecified", "unsp": "unspecified",
    "oth": "other",
    "diag": "diagnosis", "dx": "diagnosis", "fx": "fracture", "hx": "history", "tx": "treatment",
    "rx": "prescription", "max": "maximum", "min": "minimum", "vs": "versus", "wo": "without",
    "w": "with", "dept": "department", "temp": "temperature", "inj": "injection",
    "proc": "procedure", "eval": "evaluation", "rehab": "rehabilitation", "wt": "weight",
    "ht": "height", "avg": "average", "misc": "miscellaneous", "equiv": "equivalent",
    "ext": "external", "int": "internal", "ant": "anterior", "post": "posterior", "lt": "left",
    "rt": "right", "alt": "alternative", "assoc": "associated", "dis": "disease",
    "org": "organism", "nos": "unspecified", "noc": "nec", "orth": "orthopedic",
    "comp": "complete", "iii": "3", "ii": "2",
}  # fmt: skip
# Units in all their spellings; what stands on the right is the unit.
UNITS: Final = {
    "mg": "mg", "milligram": "mg", "mcg": "mcg", "ug": "mcg", "µg": "mcg", "microgram": "mcg",
    "g": "g", "gm": "g", "gram": "g", "kg": "kg", "kilogram": "kg", "ml": "ml", "milliliter": "ml",
    "millilitre": "ml", "cc": "ml", "l": "l", "liter": "l", "litre": "l", "dl": "dl",
    "mm": "mm", "millimeter": "mm", "millimetre": "mm", "cm": "cm", "centimeter": "cm",
    "centimetre": "cm", "m": "m", "meter": "m", "metre": "m", "km": "km", "kilometer": "km",
    "minute": "minute", "min": "minute", "mins": "minute", "hour": "hour", "hr": "hour",
    "hrs": "hour",
    "day": "day", "week": "week", "wk": "week", "wks": "week", "month": "month", "mo": "month",
    "mos": "month", "year": "year", "yr": "year", "yrs": "year", "second": "second",
    "sec": "second", "secs": "second", "unit": "unit", "iu": "iu", "meq": "meq", "mci": "mci",
    "millicurie": "mci", "uci": "uci", "microcurie": "uci", "gy": "gy", "mev": "mev", "kv": "kv",
    "inch": "inch", "in": "inch", "foot": "foot", "feet": "foot", "ft": "foot", "yard": "yard",
    "yd": "yard", "mile": "mile", "lb": "pound", "lbs": "pound", "pound": "pound",
    "ounce": "ounce", "oz": "ounce", "gallon": "gallon", "sq": "square", "square": "square",
    "cubic": "cubic", "hz": "hz", "khz": "khz", "mhz": "mhz", "lpm": "lpm", "dose": "dose",
    "%": "%", "°": "°", "joule": "joule", "watt": "watt", "french": "french", "fr": "french",
    "\u03bcg": "mcg", "gauge": "gauge",
    "view": "view", "percentile": "percentile", "quart": "quart", "pint": "pint", "mmhg": "mmhg",
}  # fmt: skip
NUMBERS: Final = {
    "zero": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6",
    "seven": "7", "eight": "8", "nine": "9", "ten": "10", "eleven": "11", "twelve": "12",
    "fifteen": "15", "twenty": "20", "thirty": "30", "first": "1st", "2nd": "second",
    "third": "3rd",
    "fourth": "4th", "fifth": "5th",
}  # fmt: skip

# What bounds a number or counts: a change may never come out as low.
COMPARATORS: Final = _split_words(
    """
    < > ≤ ≥ = ± ° + least most more less fewer over under above below exceeding exceeds
    minimum maximum between greater lesser additional half double triple twice once daily weekly
    monthly annual annually yearly hourly times per first 1st 2nd 3rd 4th 5th second third later
    longer shorter larger smaller higher total through until
    """
)
LOGIC: Final = _split_words(
    """
    and or and/or with without with/without including includes include included excluding
    excludes exclude excluded except excepting each every any all both either neither one single
    multiple several complete partial limited extended initial subsequent repeat sequela
    separate separately new established if when unless secondary primary if simple complex
    intermediate comprehensive combined alone plus minus additional other unspecified specified
    versus must may should only
    """
)
NEGATIONS: Final = _split_words(
    """
    no not non never none neither nor without absence absent lack lacking free un unable cannot
    excluding except fails failed failure refused declined contraindicated undetermined
    """
)
DENIALS: Final = ("non", "un", "dis", "in", "im", "ir", "anti", "de")
SIDES: Final = _split_words(
    """
    left right bilateral unilateral contralateral ipsilateral midline binaural monaural both
    proximal distal medial lateral anterior posterior dorsal ventral palmar plantar
    """
)
AGES: Final = _split_words(
    """
    age aged ages older younger pediatric paediatric adult adults infant infants neonate neonates
    neonatal newborn newborns child children adolescent adolescents fetal fetus geriatric elderly
    birth preterm premature juvenile childhood infancy
    """
)
# In brackets too these tell what is covered: approach, depth, intent, setting, people, route.
QUALIFIERS: Final = _split_words(
    """
    open closed percutaneous endoscopic laparoscopic arthroscopic thoracoscopic robotic
    transcatheter external internal diagnostic therapeutic screening prophylactic deep
    superficial inpatient outpatient office home facility nonfacility telehealth audio video male
    female men women pregnant nonpregnant benign malignant acute chronic oral intravenous
    intramuscular subcutaneous intrathecal topical inhalation implantable disposable reusable
    rental purchase replacement repair biosimilar sterile nonsterile prefabricated custom
    physician nurse technician medicare medicaid suspected confirmed probable possible history
    traumatic idiopathic congenital acquired recurrent active inactive complicated uncomplicated
    severe mild moderate spontaneous induced iatrogenic hereditary infected ruptured obstructive
    menopausal postmenopausal premenopausal postpartum antepartum
    """
)
# The add-on phrase and statuses that billing follows.
ADD_ON: Final = (
    r"(?i)\b(?:list|code|report|use)\s+separately"
    r"|in addition to (?:code|the code|primary|\w?\d{3,4})|add-?on\b|\bprimary procedure\b"
)
# Where a dose is named, a name in brackets is a product, and limits what is covered.
DOSE: Final = (
    r"(?i)\d\s*(?:mg|mcg|ml|g|cc|iu|units?|grams?|milligrams?|micrograms?)\b"
    r"|\bper (?:sq|square)\b"
)

# Behind these a single letter is a name and no article: type A, hepatitis A.
LETTERED: Final = (
    "type", "types", "group", "groups", "category", "level", "class", "stage", "grade", "phase",
    "vitamin", "hepatitis", "influenza", "hemophilia",
)  # fmt: skip
# Words that carry no meaning of their own: to lose one is low, nothing more.
FUNCTION: Final = _split_words(
    """
    a an the of that which is are was were be been being has have had this these those its
    their his her there as such due
    """
)
# Words that repeat what a descriptor says anyhow, so that dropping them loses nothing.
REDUNDANT: Final = _split_words(
    """
    procedure performed respectively thereof namely
    """
)
# Beside numbers, units and function words: what says nothing of the thing that a code names.
WEIGHTLESS: Final = FUNCTION | _split_words(
    """
    and or with without per each every any to from for in by on at other unspecified specified
    type not no square centimeter cm mg ml mcg unit dose
    """
)
# Words that part a sentence: what crosses one of them has changed its place in the meaning.
BOUNDARIES: Final = _split_words(
    """
    with without with/without to from by than not no non excluding including except before after
    per due for in on at during following via through into between under over until if when
    unless of < > ≤ ≥ = ;
    """
)

# Pairs that look like one slip of the pen and are two things; one affix against the other.
AFFIXES: Final = (
    "hyper", "hypo", "intra", "inter", "infra", "extra", "ante", "anti", "ab", "ad", "af", "ef",
    "macro", "micro", "para", "peri", "per", "pre", "pro", "post", "re", "sub", "super", "supra",
    "trans", "un", "non", "dis", "in", "im", "endo", "exo", "ecto", "epi", "hemi", "semi", "bi",
    "uni", "tri", "mono", "multi", "poly", "oligo", "tachy", "brady", "eu", "dys", "mal", "ortho",
    "homo", "hetero", "auto", "allo", "iso", "iv", "centi", "milli", "mega", "kilo",
    "eso", "en", "ex", "ec",
    # Parts of the body that are a letter apart.
    "vag", "vas", "trache", "trachel", "col", "colp", "chol", "aden", "adren", "cyst", "cyt",
    "ile", "ili", "hydr", "hidr", "thym", "thyr", "lob", "lab", "myx", "myc", "pyel", "pyl",
    "valv", "vulv", "sphen", "splen", "metr", "mitr",
)  # fmt: skip
# Parts within a name that are a letter apart; elsewhere too.
INNER_PARTS: Final = (
    ("meth", "eth"), ("cyst", "cyt"), ("ile", "ili"), ("hidr", "hydr"), ("aden", "adren"),
    ("thym", "thyr"), ("colp", "col"), ("ureter", "urethr"), ("arter", "arthr"), ("mast", "myst"),
    ("thio", "thia"), ("prop", "prot"), ("sulfo", "sulfi"), ("myel", "my"), ("oxo", "oxa"),
)  # fmt: skip
ENDINGS: Final = (
    "ectomy", "otomy", "ostomy", "tomy", "stomy", "itis", "osis", "oma", "emia", "uria", "pathy",
    "plasty", "pexy", "rrhaphy", "scopy", "graphy", "gram", "graph", "lysis", "desis", "centesis",
    "plegia", "paresis", "phagia", "phasia", "pnea", "algia", "ase", "ose", "ate", "ite", "ide",
    "ine", "in", "ol", "one", "able", "less", "ful", "or", "ee", "er",
)  # fmt: skip
CONFUSABLE: Final = tuple(
    _split_words(pair)
    for pair in """
    quantitative qualitative / abduction adduction / afferent efferent / anal nasal / anterior
    interior / aphagia aphasia
    apposition opposition / arteritis arthritis / callus callous / carpal tarsal / cecal fecal
    colonic clonic / contraction contracture / costal coastal / cystoscopy cytoscopy
    discrete discreet / ductal dural / dysphagia dysphasia / elicit illicit / extension extensor
    facial fascial / femoral humeral / flexion flexor / galactose glucose / ileal iliac
    ileum ilium / incision excision / infusion effusion / ingestion injection / injection infection
    lactase lactose / lobar labor / malleus malleolus / medial medical / mental dental
    metacarpal metatarsal / mucous mucus / nasal basal / neural neutral / nitrate nitrite
    optic otic / oral aural / palpation palpitation / parental parenteral / perineal peroneal
    plural pleural / prostate prostrate / radial radical / rectal retinal / renal penal
    scirrhous cirrhosis / serous serious / spinal spiral / sulfate sulfite / tendon tenon
    tibial tubal / toe tow / tract track / ureter urethra / ureteral urethral / venous venus
    vesical vesicle / wrist waist / cervical cervicale / trochlear cochlear / dorsal dural
    thyroid thymoid / lumbar lumber / breech breach / graft craft / stent stint / loose lose
    adaptive adoptive / addiction addition / angle ankle / anhidrotic anhydrotic / aphagia aphakia
    aphakia aphasia / aphasia aplasia / brachial branchial / branchial bronchial / bulbous bullous
    carbuncle caruncle / casts cysts / chest crest / complaint compliant / conduct conduit
    constriction construction / contact contract / contract contrast / contiguous continuous
    dilation dilution / dysphasia dysplasia / ejection erection / evacuation evaluation
    explanation explantation / fecal focal / firearm forearm / generic genetic / healing hearing
    healing heating / hearing heating / incubation intubation / installation instillation
    labium labrum / lacer laser / laser layer / lever liver / macrosomia macrostomia
    material maternal / meatal mental / medication meditation / meiotic miotic / mental metal
    miotic mitotic / mobility motility / month mouth / nephritic nephrotic / neuron neutron
    nucleoside nucleotide / pacing packing / pacing placing / papillary pupillary / photon proton
    plague plaque / polyarteritis polyarthritis / position positron / present prevent
    reflex reflux / refraction retraction / rejection resection / section suction / sensor sensory
    simulation stimulation / sprain strain / stomal stromal / stricture structure
    tomographic topographic / tonic toxic / topical tropical / topical typical / tract trait
    tracheostoma tracheostomy / ureteritis urethritis / ureterocele urethrocele / vagus valgus
    vagus varus / varus virus / vehicle vesicle / verbal vernal
    """.replace("\n", "/").split("/")
    if pair.strip()
)

# That something is, was or need be: to deny it of a thing and to deny the thing are one.
OCCURRENCES: Final = _split_words(
    """
    needed required necessary indicated performed done given provided obtained documented recorded
    reported ordered received planned warranted recommended prescribed present detected found
    identified noted seen observed available used made taken administered
    """
)
# What tells that something is so: to deny the telling is not to deny the thing.
STATEMENTS: Final = _split_words(
    """
    evidence report reports record records documentation proof sign signs indication statement
    confirmation finding findings note suspicion claim belief doubt reason
    """
)
# Beginnings of words of moving and parting: what follows "from" behind them is no cause.
TAKINGS: Final = (
    "remov", "excis", "extract", "transfer", "releas", "separat", "discharg", "withdr", "recover",
    "harvest", "specimen", "sample", "aspirat", "drain", "biops", "tissue", "graft", "obtain",
    "taken", "derived", "isolat", "made", "produc", "refer", "conver", "chang", "rang", "distan",
    "away", "apart", "free", "differ", "protect", "evacuat", "retriev", "deliver", "sourc",
    "collect", "resect", "dissect", "detach", "transplant", "prepar", "purif", "material", "fluid",
    "cells", "donor", "human", "animal", "plasma", "extend", "measur", "view", "approach",
    "access", "flap", "advance", "return", "transport", "repair", "insert", "inject", "import",
)  # fmt: skip
# Words in -ing that name no act out of which something is taken.
TROUBLES: Final = _split_words(
    """
    bleeding swelling poisoning vomiting itching burning wasting scarring thinning choking drowning
    wheezing fainting cramping tearing cracking existing preexisting complicating resulting
    following during including underlying involving affecting ring string sling spring
    """
)
