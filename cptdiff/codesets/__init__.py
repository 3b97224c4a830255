"""What each publisher ships, as data. `FORMATS` is the list of all that can be read."""

from typing import Final

from cptdiff.codesets import cpt, hcpcs, icd10, table
from cptdiff.codesets.layout import Format
from cptdiff.vocabulary import CodeSet

FORMATS: Final[tuple[Format, ...]] = (
    *cpt.FORMATS,
    *hcpcs.FORMATS,
    *icd10.FORMATS,
    *table.FORMATS,
)

# Full-match, ASCII: the code grammar by code set and kind.
GRAMMAR: Final[dict[CodeSet, dict[str, str]]] = {
    CodeSet.CPT: {"code": cpt.CODE, "modifier": cpt.MODIFIER},
    CodeSet.HCPCS: {"code": hcpcs.CODE, "modifier": hcpcs.MODIFIER},
    CodeSet.ICD10CM: {"code": icd10.CM_CODE, "header": icd10.CM_CODE},
    CodeSet.ICD10PCS: {"code": icd10.PCS_CODE, "header": icd10.PCS_CODE},
    CodeSet.TABLE: {},
}
