"""The words that the command line, the outputs and the API share; nothing here needs a library."""

from enum import StrEnum
from types import MappingProxyType
from typing import Final


class CodeSet(StrEnum):
    """The code sets that cptdiff ships, by the name of each profile in `codesets`.

    Each is a plain text: a code set that is registered besides needs only its profile.
    """

    CPT = "cpt"
    HCPCS = "hcpcs"
    ICD10CM = "icd10cm"
    ICD10PCS = "icd10pcs"
    TABLE = "table"


class Descriptors(StrEnum):
    """Which descriptors the outputs show: AMA's license forbids passing on CPT's wording."""

    FULL = "full"
    SHORT = "short"
    NONE = "none"


class Repair(StrEnum):
    """What is repaired in codes only when a user asks for it."""

    LEADING_ZEROS = "leading-zeros"


class ColumnType(StrEnum):
    """What a column of a table holds; an identifier is text that names something."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    FLAG = "flag"
    IDENTIFIER = "identifier"
    IGNORE = "ignore"


# What a user may say of a column; an identifier is compared as text.
# Whether double quotes enclose the cells of a table, or are letters.
QUOTES: Final = ("double", "none")
COLUMN_TYPES: Final = ("text", "number", "date", "flag", "ignore")

# Publishers' tables that are known by their header (codesets/presets.py), and the word for none.
PRESET_NAMES: Final = (
    "pprrvu", "opps-addendum-b", "asc-addenda", "asp-pricing", "asp-ndc-crosswalk", "clfs",
    "ncci-ptp", "ncci-mue", "gpci", "poa-exempt", "cms-hcc", "dxccsr", "prccsr", "ms-drg",
)  # fmt: skip
NO_PRESET: Final = "none"

KINDS: Final = ("code", "header", "modifier")
CHANGES: Final = ("added", "deleted", "revised", "transient")
# Why an added entry is not new: valid again, with the words of before or with others.
RETURNED: Final = ("reinstated", "re-used")
# From the mildest to the most severe.
SEVERITIES: Final = ("info", "low", "medium", "high", "critical")

# What people made of a change (`review_status`), the one that counts most first; a change with one
# of `SETTLED` waits for nobody any more.
REVIEW_STATUSES: Final = ("acknowledged", "decided", "void", "reopened")
SETTLED: Final = REVIEW_STATUSES[:2]

# The guards by name with their limits in percent; None for a guard without a limit.
GUARD_LIMITS: Final = MappingProxyType(
    {
        "deleted-share": 10.0,
        "revised-share": 30.0,
        "missing-kind": None,
        "case": None,
        "descriptor-length": None,
        "swapped": None,
        "code-set": 50.0,
        "empty": None,
        "not-whole": None,
    }
)

# What marks reports as ours, so that none is taken for input: the beginnings of the tables, who
# made the workbook, a key of Parquet files, the form of the manifest's predicate.
REPORT_HEADS: Final = (
    "code_set,kind,code,", "side,source,member,line,byte,", "list,sheet,line,line_id,",
    "list,sheet,header_line,", "list,code_set,code,", "cause,codes,lines,lists,",
    "group,list,sheet,line,line_id,",
)  # fmt: skip
AUTHOR: Final = "cptdiff"
REPORT_KEY: Final = "cptdiff.report"
MANIFEST: Final = "manifest.json"
PREDICATE: Final = "urn:cptdiff:comparison:1"
IMPACT_PREDICATE: Final = "urn:cptdiff:impact:1"
CLAIMS_PREDICATE: Final = "urn:cptdiff:claims:1"

# What is wrong with a code on its date of service.
CLAIM_STATUSES: Final = (
    "not-yet", "ended", "gap", "header", "unknown", "no-date", "out-of-range",
)  # fmt: skip
# Of these, what is not judged.
UNDATED: Final = ("no-date", "out-of-range")
# What runs the query of claims; the first one by itself.
ENGINES: Final = ("polars", "duckdb")
