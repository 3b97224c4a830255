"""The pairs of real releases that the tests compare, and where they lie."""

import os
import zipfile
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
RELEASES = Path(os.environ.get("CPTDIFF_RELEASES") or ROOT.parent / "shared" / "releases")


class Bundle(NamedTuple):
    """One zip as the publisher ships it."""

    archive: str  # below RELEASES
    member: str  # the one file that is read
    addenda: str  # the publisher's own list of changes, where there is one
    name: str
    effective: str

    def path(self) -> Path:
        """Say where the zip lies."""
        return RELEASES / self.archive

    def text(self, member: str = "") -> str:
        """Read a member: by default the one that holds the release."""
        with zipfile.ZipFile(self.path()) as archive:
            return archive.read(member or self.member).decode("cp1252")

    def members(self) -> list[str]:
        """List what the zip holds."""
        with zipfile.ZipFile(self.path()) as archive:
            return archive.namelist()


class Pair(NamedTuple):
    """Two releases of one code set, the earlier one first."""

    previous: Bundle
    current: Bundle


CM_2018 = Bundle(
    "icd10cm/2018-icd-10-code-descriptions.zip",
    "icd10cm_order_2018.txt",
    "icd10cm_order_addenda_2018.txt",
    "ICD-10-CM FY2018",
    "2017-10-01",
)
CM_2019 = Bundle(
    "icd10cm/2019-icd-10-cm-code-descriptions.zip",
    "icd10cm_order_2019.txt",
    "icd10cm_order_addenda_2019.txt",
    "ICD-10-CM FY2019",
    "2018-10-01",
)
CM_2024 = Bundle(
    "icd10cm/icd10cm-CodesDescriptions-2024.zip",
    "icd10cm-order-2024.txt",
    "icd10cm-order-addenda-2024.txt",
    "ICD-10-CM FY2024",
    "2023-10-01",
)
CM_2025 = Bundle(
    "icd10cm/2025-code-descriptions-tabular-order.zip",
    "icd10cm_order_2025.txt",
    "icd10cm_order_addenda_2025.txt",
    "ICD-10-CM FY2025",
    "2024-10-01",
)
PCS_2018 = Bundle(
    "icd10pcs/2018-icd-10-pcs-order-file.zip",
    "icd10pcs_order_2018.txt",
    "order_addenda_2018.txt",
    "ICD-10-PCS FY2018",
    "2017-10-01",
)
PCS_2019 = Bundle(
    "icd10pcs/2019-icd-10-pcs-order-file.zip",
    "icd10pcs_order_2019.txt",
    "order_addenda_2019.txt",
    "ICD-10-PCS FY2019",
    "2018-10-01",
)
HCPCS_2018 = Bundle(
    "hcpcs/2018-Alpha-Numeric-HCPCS-File.zip",
    "HCPC2018_CONTR_ANWEB_disc.txt",
    "",
    "HCPCS 2018 January",
    "2018-01-01",
)
HCPCS_2019 = Bundle(
    "hcpcs/2019-Alpha-Numeric-HCPCS-File.zip",
    "HCPC2019_CONTR_ANWEB.txt",
    "",
    "HCPCS 2019 January",
    "2019-01-01",
)

HCPCS = Pair(HCPCS_2018, HCPCS_2019)
ICD_PAIRS = {
    "ICD-10-CM 2018 to 2019": Pair(CM_2018, CM_2019),
    "ICD-10-CM 2024 to 2025": Pair(CM_2024, CM_2025),
    "ICD-10-PCS 2018 to 2019": Pair(PCS_2018, PCS_2019),
}
PAIRS = {**ICD_PAIRS, "HCPCS 2018 to 2019": HCPCS}
BUNDLES = [bundle for pair in PAIRS.values() for bundle in pair]
CORRECTIONS_2018 = RELEASES / "hcpcs" / "2018-HCPCS-Alpha-Numeric-Corrections.zip"
NO_RELEASES = [
    CORRECTIONS_2018,
    RELEASES / "hcpcs" / "2018-HCPCS-Record-Layout-.zip",
    RELEASES / "hcpcs" / "2019-HCPCS-Record-Layout.zip",
]
