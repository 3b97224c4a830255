"""Lists in forms that publishers and tools define, as data: how their columns are called.

A form is told by its header. All else is as in any list: the readers are the same.
"""

import re
from collections.abc import Sequence
from types import MappingProxyType
from typing import Final, NamedTuple

from cptdiff.columns import fold_name
from cptdiff.impact.cells import CM, ICD, MODIFIER, NDC, PCS, PROCEDURE


class Form(NamedTuple):
    """A form of lists; every name is a pattern of folded names, but for `code_set`.

    `header` are names that tell it. `codes` and `modifiers` name its columns of those, `code_set`
    the column that says which code set a code is of ({}: the name of the code's column).
    Rows that are alike in the columns of `item` are one item: each counts once. A row is not in
    the list where its column `excluded` says so. Nobody asks for the columns `unread` unless the
    user names them.
    """

    header: tuple[str, ...]
    codes: str
    code_set: str
    modifiers: str = ""
    item: tuple[str, ...] = ()
    excluded: str = ""
    unread: tuple[str, ...] = ()

    def find_systems(self, names: Sequence[str]) -> dict[int, str]:
        """What each column of codes or modifiers holds, by its place."""
        patterns = [(PROCEDURE, self.codes), (MODIFIER, self.modifiers)]
        return {
            at: system for at, name in enumerate(names) for system, pattern in patterns
            if pattern and re.fullmatch(pattern, fold_name(name))
        }  # fmt: skip

    def find_columns(self, names: Sequence[str], patterns: Sequence[str]) -> list[str]:
        """The `names` that fit one of `patterns`."""
        return [
            name for name in names
            if any(re.fullmatch(pattern, fold_name(name)) for pattern in patterns if pattern)
        ]  # fmt: skip


# CMS's hospital price transparency files, 2.x and 3.0, tall and wide: two rows about the hospital
# stand above the header. Tall files repeat an item for each payer, and both for each setting. An
# item is what it is in the JSON form: a description, its codes and its drug unit.
PRICES: Final = Form(
    header=(r"code\|1", r"code\|1\|type"),
    codes=r"code\|\d+",
    code_set=r"{}\|type",
    modifiers="modifiers",
    item=(
        "description", r"code\|\d+", r"code\|\d+\|type", "modifiers",
        "drug_unit_of_measurement", "drug_type_of_measurement",
    ),
    # What is charged and what each payer pays: nine of ten columns of a wide file.
    unread=(
        r"(?:standard_charge|\w+_amount|\d+th_percentile|count|additional_payer_notes)\|.+\|.+",
        r"standard_charge\|\w+", r"\w+_amount", r"\d+th_percentile", "count", "setting",
        "payer_name", "plan_name", "additional_(?:payer|generic)_notes",
    ),
)  # fmt: skip
# VSAC's workbook of a value set, whose header is in row 12; value sets and concept sets in JSON
# are read as such a table.
VALUE_SET: Final = Form(
    header=("code", "code system"), codes="code", code_set="code system", excluded="excluded"
)
# What ATLAS exports of a concept set, and queries of the OMOP vocabulary.
CONCEPTS: Final = Form(
    header=("concept[ _]code", "vocabulary(?:[ _]id)?"),
    codes="concept[ _]code",
    code_set="vocabulary(?:[ _]id)?",
    excluded="(?:is ?)?excluded?",
)
# Codes that people paste, several on a line, are read as such a table.
PASTED: Final = Form(header=("code 1", r"code 1\|type"), codes=r"code \d+", code_set=r"{}\|type")
FORMS: Final = (PRICES, VALUE_SET, CONCEPTS, PASTED)

# What a column of exclusions says of a row that is not in the list.
YES: Final = ("true", "yes", "y", "1", "x")

# What fee schedules and formularies call the first and the last day of a line. A line that has not
# ended has none, or one far ahead, such as 2078-12-31. valid_end_date of a vocabulary is the last
# day of the code, which is ours to find.
_FIRST_DAY: Final = (
    r"(?:from|start|begin(?:ning)?|eff(?:ective|\.)?|valid from|effective from)(?:[ _]?d(?:ate|t))?"
)
_LAST_DAY: Final = (
    r"(?:to|thru|through|end|stop|term(?:ination|\.)?|exp(?:iration|\.)?|valid (?:to|through)"
    r"|effective (?:to|through))(?:[ _]?d(?:ate|t))?"
)
DATES: Final = ("%Y-%m-%d", "%Y%m%d", "%m/%d/%Y", "%d-%b-%Y")


def find_end(names: Sequence[str]) -> str | None:
    """Return the column with the last day of each line; None without one for the first, too."""
    first, last = (
        [name for name in names if re.fullmatch(pattern, fold_name(name))]
        for pattern in (_FIRST_DAY, _LAST_DAY)
    )
    return last[0] if len(first) == len(last) == 1 else None


def find_form(names: Sequence[str]) -> Form | None:
    """Return the form that a header is of; None for any other list."""
    folded = [fold_name(name) for name in names]
    return next((
        form for form in FORMS
        if all(any(re.fullmatch(one, name) for name in folded) for one in form.header)
    ), None)  # fmt: skip


# What lists call code sets beside a code, in lower case; any other text is a code set of its own.
# FHIR names them by URL or by object identifier. CDT codes are those of HCPCS that begin with D.
CODE_SETS: Final = MappingProxyType({
    **dict.fromkeys((
        "cpt", "cpt4", "cpt-4", "hcpcs", "hcpc", "hcpcs ii", "hcpcs2", "hcpcs level ii",
        "cpt/hcpcs", "cpt/hcpcs code", "cdt", "urn:oid:2.16.840.1.113883.6.12",
        "urn:oid:2.16.840.1.113883.6.285", "urn:oid:2.16.840.1.113883.6.13",
        "http://www.ama-assn.org/go/cpt", "http://www.ada.org/cdt",
        "http://www.cms.gov/medicare/coding/hcpcsreleasecodesets",
        "https://www.cms.gov/medicare/coding/hcpcsreleasecodesets",
    ), PROCEDURE),
    **dict.fromkeys((
        "icd-10-cm", "icd10cm", "icd10-cm", "icd-10 cm", "dx", "http://hl7.org/fhir/sid/icd-10-cm",
        "urn:oid:2.16.840.1.113883.6.90",
    ), CM),
    **dict.fromkeys((
        "icd-10-pcs", "icd10pcs", "icd10-pcs", "icd-10 pcs", "urn:oid:2.16.840.1.113883.6.4",
        "http://www.cms.gov/medicare/coding/icd10", "http://hl7.org/fhir/sid/icd-10-pcs",
    ), PCS),
    **dict.fromkeys(("icd", "icd10", "icd-10"), ICD),
    **dict.fromkeys(("ndc", "http://hl7.org/fhir/sid/ndc"), NDC),
})  # fmt: skip
