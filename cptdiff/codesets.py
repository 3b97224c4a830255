"""The code sets, by the names that the command line and the outputs use."""

from enum import StrEnum


class CodeSet(StrEnum):
    """A family of codes with one publisher."""

    CPT = "cpt"
    HCPCS = "hcpcs"
    ICD10CM = "icd10cm"
    ICD10PCS = "icd10pcs"
    TABLE = "table"

    @property
    def label(self) -> str:
        """The name that people use."""
        return _TITLES[self]


_TITLES = {
    CodeSet.CPT: "CPT",
    CodeSet.HCPCS: "HCPCS Level II",
    CodeSet.ICD10CM: "ICD-10-CM",
    CodeSet.ICD10PCS: "ICD-10-PCS",
    CodeSet.TABLE: "Table",
}
