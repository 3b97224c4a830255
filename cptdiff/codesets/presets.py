"""The tables that publishers ship beside their code sets, each declared once.

A preset is a declaration, not a reader: its file is read and compared as any other table is, and
what the user says of a column wins over it. It is found by the names in the header, never by the
name of the file.
"""

from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from types import MappingProxyType
from typing import Final, NamedTuple

from cptdiff.vocabulary import ColumnType

_NO_LIMITS: Final[Mapping[str, float]] = MappingProxyType({})


def fits(name: str, pattern: str) -> bool:
    """Return whether the folded `name` of a column fits a `pattern`."""
    return fnmatchcase(name, pattern.casefold())


class Preset(NamedTuple):
    """One kind of table.

    Columns are named by patterns, in any case: `*` stands for what changes from edition to edition,
    such as a year. All of `header` are in such a file and, together, in no other. `keys`
    make a row's key, and each is one column. `descriptor` is what people call an entry.
    `amounts`, `dates`, `flags` (short values, and words of a fixed list) and `texts` say what other
    columns hold, where a column is in two of them the first that has it; `notes` are not compared:
    remarks on the file itself, and numbers of its rows. What no pattern names is judged by its
    values.

    `source` is whose files of which years the layout was read from; "as others read them" stands
    for public programs that read these files, where none was at hand. `has_long_header` tells that
    the names of the columns go on in the lines below the header.
    `limits` are limits of guards, in percent, that the publisher's own files need.
    """

    name: str
    label: str
    example: str
    source: str
    header: tuple[str, ...]
    keys: tuple[str, ...]
    descriptor: str = ""
    amounts: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    has_long_header: bool = False
    limits: Mapping[str, float] = _NO_LIMITS

    def find_missing(self, names: Sequence[str]) -> list[str]:
        """Return the patterns of the header that none of the folded `names` fits."""
        return [one for one in self.header if not any(fits(name, one) for name in names)]

    def find_keys(self, names: Sequence[str]) -> list[int]:
        """Return where the key's columns stand among the folded `names`; none where one is unclear.

        The same name twice is unclear, and so are two that fit.
        """
        found = [[at for at, name in enumerate(names) if fits(name, key)]
                 for key in self.keys]  # fmt: skip
        return [places[0] for places in found] if all(len(p) == 1 for p in found) else []

    def find_type(self, name: str) -> ColumnType | None:
        """Return what the column with the folded `name` holds; None where that is not declared."""
        for kind, patterns in (
            (ColumnType.IGNORE, self.notes),
            (ColumnType.NUMBER, self.amounts),
            (ColumnType.DATE, self.dates),
            (ColumnType.FLAG, self.flags),
            (ColumnType.TEXT, (*self.texts, self.descriptor)),
        ):
            if any(fits(name, one) for one in patterns):
                return kind
        return None

    def names_entries(self, name: str) -> bool:
        """Return whether the column with the folded `name` says what an entry is called."""
        return fits(name, self.descriptor)

    def pair(self, previous: Sequence[str], current: Sequence[str]) -> Iterator[tuple[int, int]]:
        """Yield where the only column of either side stands that fits a pattern, folded names."""
        lists = (self.amounts, self.dates, self.flags, self.texts, self.notes)
        for pattern in filter(None, (self.descriptor, *(one for each in lists for one in each))):
            found = [[at for at, name in enumerate(side) if fits(name, pattern)]
                     for side in (previous, current)]  # fmt: skip
            if all(len(places) == 1 for places in found):
                yield found[0][0], found[1][0]


# A list of what is paid loses whole groups of codes when a rule changes: in January 2026 CMS paid
# skin substitutes in another way, and 152 of the 1,012 codes of October 2025 left together.
_PAID: Final = MappingProxyType({"deleted-share": 25.0})

_PPRRVU: Final = Preset(
    name="pprrvu",
    label="Medicare physician fee schedule",
    example="PPRRVU2026_Jul_nonQPP.csv",
    source="CMS, October 2025 and, as others read them, 2019 to 2026; names in several rows",
    header=("HCPCS", "MOD", "DESCRIPTION", "CODE", "RVU", "PE RVU", "TOTAL", "INDICATOR"),
    keys=("HCPCS", "MOD"),
    descriptor="DESCRIPTION",
    amounts=("*RVU", "*TOTAL", "* OP", "*FACTOR", "*AMOUNT"),
    flags=("*CODE", "*PAYMENT", "*INDICATOR*", "*IND", "*DAYS", "*PROC", "*SURG", "*PROCEDURES",
           "*FLAG"),
    texts=("*BASE",),
)  # fmt: skip

_OPPS: Final = Preset(
    name="opps-addendum-b",
    label="OPPS Addendum B",
    example="July 2026 Web Addendum B.csv",
    source="CMS, 2020 to 2026, as others read them",
    header=("HCPCS Code", "Short Descriptor", "APC", "Relative Weight", "Payment Rate",
            "National Unadjusted Copayment", "Minimum Unadjusted Copayment"),
    keys=("HCPCS Code",),
    descriptor="Short Descriptor",
    amounts=("Relative Weight", "Payment Rate", "* Copayment", "IRA Coinsurance Percentage"),
    dates=("*Pass-Through Expiration*",),
    flags=("SI", "Status Indicator"),
    texts=("APC",),
    notes=("Note*", "* Indicates a Change*"),
)  # fmt: skip

_ASC: Final = Preset(
    name="asc-addenda",
    label="ASC Addendum AA or BB",
    example="July 2026 ASC Approved HCPCS Code and Payment Rates.csv",
    source="CMS, 2025 and 2026, as others read them",
    header=("HCPCS Code", "Short Descriptor", "*Payment Indicator", "*Payment Rate"),
    keys=("HCPCS Code",),
    descriptor="Short Descriptor",
    amounts=("*Payment Weight", "*Payment Rate"),
    dates=("*Pass-Through*Expiration*",),
    flags=("Subject to Multiple Procedure Discounting", "*Payment Indicator"),
    notes=("Note*", "* Indicates a Change*"),
)

_ASP: Final = Preset(
    name="asp-pricing",
    label="ASP pricing",
    example="October 2025 ASP Pricing File.csv",
    source="CMS, July and October 2025, and the payment limit file of January 2026",
    header=("HCPCS Code", "Short Description", "HCPCS Code Dosage", "Payment Limit"),
    keys=("HCPCS Code",),
    descriptor="Short Description",
    amounts=("Payment Limit", "Co*insurance Percentage", "* AWP%", "* Limit", "Clotting Factor"),
    texts=("HCPCS Code Dosage",),
    notes=("Notes",),
    limits=_PAID,
)

_ASP_CROSSWALK: Final = Preset(
    name="asp-ndc-crosswalk",
    label="ASP NDC-HCPCS crosswalk",
    example="April 2025 ASP NDC-HCPCS Crosswalk.csv",
    source="CMS, October 2024 and April 2025",
    header=("*CODE", "Short Description", "LABELER NAME", "NDC*", "Drug Name", "HCPCS dosage",
            "PKG SIZE", "PKG QTY", "BILLUNITS", "BILLUNITSPKG"),
    keys=("*CODE", "NDC*"),
    descriptor="Drug Name",
    amounts=("PKG SIZE", "PKG QTY", "BILLUNITS", "BILLUNITSPKG"),
    texts=("HCPCS dosage",),
    # What a code is called, again on each of its rows, and who sells the package.
    notes=("Short Description", "LABELER NAME"),
    limits=_PAID,
)  # fmt: skip

_CLFS: Final = Preset(
    name="clfs",
    label="Clinical laboratory fee schedule",
    example="PUF_CLFS_CY2026_Q2V1.csv",
    source="CMS, 2026, as others read it",
    header=("YEAR", "HCPCS", "MOD", "EFF_DATE", "INDICATOR", "RATE", "SHORTDESC", "LONGDESC"),
    keys=("HCPCS", "MOD"),
    descriptor="LONGDESC",
    amounts=("RATE",),
    dates=("EFF_DATE",),
    flags=("INDICATOR",),
    texts=("SHORTDESC", "EXTENDEDLONGDESC"),
)

_PTP: Final = Preset(
    name="ncci-ptp",
    label="NCCI procedure-to-procedure edits",
    example="ccipra-v321r0-f1.TXT",
    source="CMS, 2025 and 2026, as others read them; names in several lines",
    header=("Column 1", "Column 2", "*in existence*", "Effective*", "Deletion*", "Modifier*",
            "*Rationale"),
    # A pair that was deleted and came back has a row for each time.
    keys=("Column 1", "Column 2", "Effective*"),
    dates=("Deletion*",),
    flags=("*in existence*", "Modifier*", "*Rationale"),
    has_long_header=True,
)  # fmt: skip

_MUE: Final = Preset(
    name="ncci-mue",
    label="NCCI medically unlikely edits",
    example="MCR_MUE_PractitionerServices_Eff_07-01-2026.csv",
    source="CMS, 2025 and 2026, as others read them",
    header=("HCPCS/CPT Code", "*MUE Values", "MUE Adjudication Indicator", "MUE Rationale"),
    keys=("HCPCS/CPT Code",),
    amounts=("*MUE Values",),
    flags=("MUE Adjudication Indicator", "MUE Rationale"),
)

_GPCI: Final = Preset(
    name="gpci",
    label="Geographic practice cost indices",
    example="GPCI2026.csv",
    source="CMS, 2025 and 2026, as others read them",
    header=("*(MAC)", "State", "Locality Number", "Locality Name", "*PW GPCI*", "*PE GPCI*",
            "*MP GPCI*"),
    keys=("*(MAC)", "Locality Number"),
    descriptor="Locality Name",
    amounts=("*PW GPCI (without*", "*PW GPCI (with *", "*PE GPCI*", "*MP GPCI*", "*GPCI*"),
    flags=("State",),
)  # fmt: skip

_POA: Final = Preset(
    name="poa-exempt",
    label="ICD-10-CM codes exempt from POA reporting",
    example="POAexemptCodes2026.txt",
    source="CDC, 2016 to 2026",
    header=("Order*", "POAexemptCode", "*Desc*"),
    keys=("POAexemptCode",),
    descriptor="*Desc*",
    # ICD-10-CM numbers its codes anew in each release.
    notes=("Order*",),
)

_HCC: Final = Preset(
    name="cms-hcc",
    label="CMS-HCC mapping",
    example="2026 Midyear Final ICD-10-CM Mappings.csv",
    source="CMS, 2025 and 2026, as others read them",
    header=("Diagnosis Code", "Description", "*HCC*Model Category*"),
    keys=("Diagnosis Code",),
    descriptor="Description",
    # A category is the number of a list: 18 and 19 are as far apart as 18 and 99.
    flags=("*Model Category*", "*Payment Year"),
)

_DXCCSR: Final = Preset(
    name="dxccsr",
    label="CCSR for diagnoses",
    example="DXCCSR_v2026-1.csv",
    source="AHRQ, 2025 and 2026, as others read them; all in single quotes",
    header=("ICD-10-CM CODE", "ICD-10-CM CODE DESCRIPTION", "Default CCSR CATEGORY IP",
            "CCSR CATEGORY 1"),
    keys=("ICD-10-CM CODE",),
    descriptor="ICD-10-CM CODE DESCRIPTION",
    flags=("*CCSR CATEGORY*", "Rationale*"),
)  # fmt: skip

_PRCCSR: Final = Preset(
    name="prccsr",
    label="CCSR for procedures",
    example="PRCCSR_v2026-1.csv",
    source="AHRQ, 2021 and 2025, as others read them; all in single quotes",
    header=("ICD-10-PCS", "ICD-10-PCS DESCRIPTION", "PRCCSR", "PRCCSR DESCRIPTION"),
    keys=("ICD-10-PCS",),
    descriptor="ICD-10-PCS DESCRIPTION",
    flags=("PRCCSR", "PRCCSR DESCRIPTION", "CLINICAL DOMAIN"),
)

_MS_DRG: Final = Preset(
    name="ms-drg",
    label="MS-DRG weights (Table 5)",
    example="CMS-1833-F Table 5.txt",
    source="CMS, FY 2010 and FY 2025, as others read them",
    header=("MS-DRG", "*Post-Acute DRG", "MDC", "TYPE", "MS-DRG Title", "*Weight*",
            "Geometric mean LOS", "Arithmetic mean LOS"),
    keys=("MS-DRG",),
    descriptor="MS-DRG Title",
    amounts=("*Weight*", "* LOS"),
    flags=("*Post-Acute DRG", "*Special Pay DRG", "MDC", "TYPE"),
)  # fmt: skip

PRESETS: Final = {
    preset.name: preset
    for preset in (
        _PPRRVU, _OPPS, _ASC, _ASP, _ASP_CROSSWALK, _CLFS, _PTP, _MUE, _GPCI, _POA, _HCC, _DXCCSR,
        _PRCCSR, _MS_DRG,
    )
}  # fmt: skip
