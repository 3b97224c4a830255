"""What the columns of a crosswalk are called, what its codes look like, and its files' names."""

import re
from collections.abc import Sequence
from typing import Final

from cptdiff.formats.hcpcs import CODE as HCPCS_CODE
from cptdiff.formats.hcpcs import MODIFIER
from cptdiff.formats.icd10 import PCS_CODE
from cptdiff.vocabulary import CodeSet

# The base names of crosswalks that publishers ship beside releases (formats.md 3, 8.3).
CROSSWALK_NAMES: Final = (
    r"(?i).*conversion[-_ ]?table.*\.(?:csv|xlsx)"
    r"|renumbered[-_ ]?codes[-_ ]?citations[-_ ]?crosswalk(?!descriptors).*\.(?:txt|csv|xlsx)"
)

# The role of a column by its name in lower case, letters and digits only; the first that fits. A
# publisher's conversion table tells new codes and what they were: "current code", "previous codes".
PREVIOUS: Final = r"(?:previous|prior).*(?:codes?|assignments?)|(?:previous|prior)"
CURRENT: Final = r"(?:current|fy\d+).*codes?(?:assignments?)?"
_SET: Final = r"(?:cpt|hcpcs|icd10|icd10cm|icd10pcs)?(?:codes?)?"
ROLES: Final = (
    ("code", PREVIOUS),
    ("replacement", CURRENT),
    ("code", rf"(?:old|deleted|retired|terminated|discontinued|from|source|former)+{_SET}"),
    ("replacement", rf"(?:new|replacements?|replacedby|to|target|successors?|mapsto){_SET}"),
    ("code", r"(?:cpt|hcpcs|icd10|icd10cm|icd10pcs)?codes?"),
    ("date", r"effective.*|year.*|fiscalyear|fy|date"),
    ("relation", r"relation(?:ship)?|type"),
    ("note", r"notes?|comments?|reason|remarks?|rationale"),
)

# How a cell says that there is no successor.
NONE: Final = frozenset({"", "NONE", "N/A", "NA", "NO REPLACEMENT", "NO SUCCESSOR", "-"})

# What may stand between the codes of a user's cell.
BETWEEN: Final = r"(?:[\s,;&/+]|\bAND\b|\bOR\b)*"

# The second or the third character is a digit (formats.md 8.5); words like AND are no codes.
_ICD10CM: Final = r"[A-Z](?:[0-9][0-9A-Z]|[A-Z][0-9])(?:\.?[0-9A-Z]{1,4})?"
# A code, and of ICD-10 a range of codes or, with nothing after the hyphen, all below one.
_LEVEL_ONE: Final = r"[0-9]{4}[0-9AFMTU]"
CODES: Final = {
    CodeSet.CPT: rf"{_LEVEL_ONE}|{MODIFIER}",
    CodeSet.HCPCS: rf"{HCPCS_CODE}|{_LEVEL_ONE}|{MODIFIER}",
    CodeSet.ICD10CM: rf"{_ICD10CM}(?: ?- ?(?:{_ICD10CM})|\.?-)?",
    CodeSet.ICD10PCS: rf"{PCS_CODE}(?: ?- ?{PCS_CODE})?",
}


def roles(cells: Sequence[str]) -> dict[str, int]:
    """The column of each role; empty where `cells` names no codes and no replacements."""
    found: dict[str, int] = {}
    names = [re.sub(r"[^0-9a-z]", "", cell.lower()) for cell in cells]
    for role, pattern in ROLES:
        for at, name in enumerate(names):
            if role not in found and at not in found.values() and re.fullmatch(pattern, name):
                found[role] = at
    return found if {"code", "replacement"} <= set(found) else {}


def is_conversion(cells: Sequence[str]) -> bool:
    """Whether the header is a publisher's conversion table's."""
    names = [re.sub(r"[^0-9a-z]", "", cell.lower()) for cell in cells]
    return all(any(re.fullmatch(p, name) for name in names) for p in (PREVIOUS, CURRENT))
