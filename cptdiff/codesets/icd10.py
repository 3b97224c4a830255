"""ICD-10-CM and ICD-10-PCS as CMS and CDC ship them."""

from typing import Final

from cptdiff.codesets.layout import Column, FixedWidth, Format
from cptdiff.vocabulary import CodeSet

CM_CODE: Final = r"[A-Z][0-9A-Z]{2,6}"
PCS_CODE: Final = r"[0-9A-HJ-NP-Z]{3,7}"

# In lower case or with a dot too: brought to its form aloud.
_WRITTEN: Final = r"[0-9A-Za-z.]{3,7}"

_ORDER = FixedWidth(
    rf"^[0-9]{{5}} {_WRITTEN} +[01] ",
    (
        Column("code", 7, 7),
        Column("kind", 15, 1),
        Column("short", 17, 60),
        Column("long", 78, exact=True),
    ),
    kinds={"0": "header", "1": "code"},
    preamble=False,
    joined=r"^.{16}.*?[0-9]{5} ([A-Z0-9]{3,7}) +[01] ",
    # Without a gap in 42 of 42 real files, each of which ends in CR LF.
    number=Column("number", 1, 5),
    ended=True,
)
_CODES = FixedWidth(
    rf"^{_WRITTEN} ", (Column("code", 1, 7), Column("long", 9, exact=True)), ended=True
)
_FIELDS = ("short", "long")


def _formats(code_set: CodeSet) -> tuple[Format, Format]:
    order = rf"{code_set}[-_ ]order[-_ ](?!.*addenda).*\.txt"
    codes = rf"{code_set}[-_ ]codes[-_ ](?!.*addenda).*\.txt"
    both = {"code": _FIELDS, "header": _FIELDS}
    return (
        Format(
            f"{code_set}-order", code_set, "codes", order, _ORDER, "CMS, icd10OrderFiles.pdf", both,
            f"{code_set}_order_2026.txt",
        ),
        Format(
            f"{code_set}-codes", code_set, "codes", codes, _CODES, "CMS, icd10cmCodesFile.pdf",
            {"code": ("long",)}, f"{code_set}_codes_2026.txt",
        ),
    )  # fmt: skip


FORMATS: Final = (*_formats(CodeSet.ICD10CM), *_formats(CodeSet.ICD10PCS))
