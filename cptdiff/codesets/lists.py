"""The publishers' own lists of changes: marks, columns, words."""

from typing import Final

# A list by what stands in it, where its name says nothing; `Profile.lists` has the names by form.
MARKS: Final[dict[str, str]] = {
    "addenda": r"(?m)^(?:(?:Add|Delete|Revise from|Revise to):|\s*\d+ (?:headers|codes) in )",
    "corrections": r"(?i)HCPCS CORRECTIONS",
    "transactions": r"(?i)HCPCS?/MOD[^\n]*TYPE OF CHANGE",
    "history": r"(?im)^(?:date[\t|]change type|concept id[\t|]code[\t|]date deleted)[\t|]",
}

# The tag of a line of ICD-10 addenda is exactly 13 characters wide.
TAG_WIDTH: Final = 13
TAGS: Final = {
    "Add:": "added", "Delete:": "deleted", "Revise from:": "from", "Revise to:": "revised",
}  # fmt: skip
PARTS: Final = {"Headers": "header", "Codes": "code"}
COUNTS: Final = (
    (r"^\s*([\d,]+) (?:headers|codes) in (.+)$", "entries"),
    (r"^\s*([\d,]+) additions?\s*$", "added"),
    (r"^\s*([\d,]+) deletions?\s*$", "deleted"),
    (r"^\s*([\d,]+) revisions?\s*$", "revised"),
    (r"^\s*([\d,]+) revisions? to both\b", "both"),
    (r"^\s*([\d,]+) revisions? to long\b", "long"),
    (r"^\s*([\d,]+) revisions? to short\b", "short"),
)

# CMS's action codes for HCPCS; F, P and T touch no descriptor.
LETTERS: Final = {
    "A": "added", "R": "added", "D": "deleted", "B": "revised", "C": "revised", "S": "revised",
    "F": "attributes-only", "P": "attributes-only", "T": "attributes-only", "N": "none",
}  # fmt: skip
# What CMS calls them, in few words.
LETTER_NAMES: Final = {
    "A": "added", "B": "long description and other data changed", "C": "long description changed",
    "D": "discontinued", "F": "other data changed", "N": "no maintenance", "P": "payment changed",
    "R": "reactivated", "S": "short description changed", "T": "miscellaneous change",
}  # fmt: skip
# What a publisher's or a user's words mean: the first expression that is found, in any case.
WORDS: Final = (
    (r"^no (?:change|maintenance)|^unchanged|^none$|^do not add", "none"),
    (r"^attributes?-only", "attributes-only"),
    (r"^transient", "transient"),
    (r"^(?:add|added|addition|new)(?: new)?(?: code| modifier)?$|^re-?activ|^re-?instat", "added"),
    (r"^(?:add|new) (?:code|modifier)\b", "added"),
    (r"^(?:delet|discontinu|terminat|retire|withdraw|remov(?:ed|al)$)", "deleted"),
    (r"^remove(?:$|,| code| modifier| from)", "deleted"),
    (
        r"desc|wording|title|\blong\b|\bshort\b|^revis(?:ed|ion|e)?$|^(?:chang|modif|amend|edit|updat)\w*$",
        "revised",
    ),
    (r"^(?:change|add|revise|correct|update|remove|coverage|payment|misc)", "attributes-only"),
)
# What a change of a description touches.
TITLE_WORDS: Final = ((r"\blong\b", "long"), (r"\bshort\b", "short"))

# Dental codes are the American Dental Association's: in CMS's reports, in none of its files.
DENTAL: Final = r"^D[0-9]{4}$"

# Columns by name, letters and digits only.
HISTORY: Final = {
    "date": "date", "datedeleted": "date", "changetype": "action", "cptcode": "code",
    "code": "code", "modifiercode": "code", "priorvalue": "previous",
    "descriptor": "previous", "currentvalue": "current", "instruction": "note",
}  # fmt: skip
COLUMN_NAMES: Final = {
    **dict.fromkeys(
        ("code", "codes", "cptcode", "cpt", "hcpcs", "hcpcscode", "hcpc", "hcpccode", "hcpcsmod",
         "hcpcmod", "hcpcsmodifiercode", "hcpcmodifiercode", "hcpcsmodifier", "hcpcmodifier",
         "icd10code", "icd10cmcode", "icd10pcscode",
         "icd10", "diagnosiscode", "procedurecode", "modifier", "modifiercode"),
        "code",
    ),
    **dict.fromkeys(
        ("change", "changetype", "typeofchange", "action", "actioncode", "actioncd", "status",
         "changestatus", "correction", "updatetype"),
        "action",
    ),
    **dict.fromkeys(("date", "effectivedate", "effdate", "acteffdt", "effective"), "date"),
    **dict.fromkeys(("note", "notes", "comment", "comments", "instruction", "reason"), "note"),
    "kind": "kind",
}  # fmt: skip
