"""Invented tables laid out as the publishers' are, one pair for each preset.

The previous and the current table, the key of the row that changed, and what changed in it: column,
both values, class.
"""

from typing import Final, NamedTuple


class Sample(NamedTuple):
    """A pair of tables; `change` is what the comparison has to say, all of it."""

    previous: str
    current: str
    keys: tuple[str, ...]
    code: str
    change: tuple[str, str, str, str]
    left_out: tuple[str, ...] = ()


def _lines(*lines: str) -> str:
    return "".join(f"{line}\r\n" for line in lines)


def _pair(text: str, *edits: tuple[str, str]) -> tuple[str, str]:
    """The table, and the one in which `edits` were made."""
    other = text
    for before, after in edits:
        assert other.count(before) >= 1, before
        other = other.replace(before, after)
    return text, other


_NOTICE: Final = "Made-up notice: codes and descriptions are invented."

SAMPLES: Final = {
    "pprrvu": Sample(
        *_pair(
            _lines(
                ",,2026 Made-up Relative Value File,,,,,,,,,,,,",
                ",,Released 01/02/2026,,,,,,,,,,,,",
                ",,,STATUS,,WORK,NON-FAC,NA,FACILITY,NA,MP,NON-FACILITY,FACILITY,GLOB,CONV",
                "HCPCS,MOD,DESCRIPTION,CODE,PAYMENT,RVU,PE RVU,INDICATOR,PE RVU,INDICATOR,RVU,TOTAL"
                ",TOTAL,DAYS,FACTOR",
                "00990,,Polish a widget,A,,0.17,0.65,,0.60,,0.01,0.83,0.78,000,33.1",
                "00990,26,Polish a widget,A,,0.17,0.06,,0.06,,0.01,0.24,0.24,000,33.1",
                "0991T,,Wave at a widget,I,,0.00,0.00,NA,0.00,,0.00,0.00,0.00,XXX,33.1",
            ),
            ("2026 Made-up", "2027 Made-up"), (",33.1\r\n", ",33.25\r\n"),
            (",0.24,0.24,", ",0.24,0.30,"),
        ),
        ("HCPCS", "MOD"), "00990|26", ("FACILITY TOTAL", "0.24", "0.30", "amount"),
    ),
    "opps-addendum-b": Sample(
        *_pair(
            _lines(
                "Addendum B. Made-up payment by code,,,,,,,,,",
                f"{_NOTICE},,,,,,,,,",
                ",,,,,,,,,",
                "HCPCS Code,Short Descriptor,SI,APC,Relative Weight ,Payment Rate,"
                "National Unadjusted Copayment,Minimum Unadjusted Copayment,"
                '"Note: copayments would be lower due to a cap of $1,000.00",* Indicates a Change',
                '00990,Polish a widget,T,5051,1.5000,"$1,150.25 ",.,$230.05,,',
                "A0990,Widget,G,9051,,$10.00,.,$2.00,,",
                "A0991,Second widget,N,,,,,,,",
            ),
            ("$1,000.00", "$1,100.00"), ("Widget,G,", "Widget,K,"), ("$2.00,,", "$2.00,,*"),
        ),
        ("HCPCS Code",), "A0990", ("SI", "G", "K", "value"),
        (
            "Note: copayments would be lower due to a cap of $1,100.00", "* Indicates a Change",
        ),
    ),
    "asc-addenda": Sample(
        *_pair(
            _lines(
                "Addendum AA - Made-up payment,,,,,",
                f"{_NOTICE},,,,,",
                "HCPCS Code,Short Descriptor,Subject to Multiple Procedure Discounting,January 2026"
                " Payment Indicator,January 2026  Payment Weight,January 2026 Payment Rate",
                "00990,Polish a widget,Y,A2,10.5000,$500.10",
                "00991,Wax a widget,N,G2,7.2500,$350.00",
                "00992,Oil a widget,N,G2,7.0000,$340.00",
            ),
            ("January 2026", "Final CY 2027"), ("$350.00", "$352.00"),
        ),
        ("HCPCS Code",), "00991",
        ("Final CY 2027 Payment Rate", "$350.00", "$352.00", "amount"),
    ),
    "asp-pricing": Sample(
        *_pair(
            _lines(
                "Made-up payment limits,,,,,,,,,,",
                ",,,,,,,,,,",
                "Note 1: a blank\xa0that is none,,,,,,,,,,",
                "HCPCS Code,Short Description,HCPCS Code Dosage,Payment Limit,Co-insurance"
                " Percentage,Vaccine AWP%,Vaccine Limit,Blood AWP%,Blood limit,Clotting Factor,"
                "Notes",
                "J0990,Made-up drug,1 MG,10.500,20.000,,,,,,Added July 2026",
                "J0991,Other drug,5 MG,7.250,20.000,,,,,,",
                "90990,Made-up vaccine,1 ML,72.684,20.000,95.000,,,,,",
            ),
            ("7.250", "7.975"), ("Added July 2026", "Removed \x93soon\x94"),
        ),
        ("HCPCS Code",), "J0991", ("Payment Limit", "7.250", "7.975", "amount"), ("Notes",),
    ),
    "asp-ndc-crosswalk": Sample(
        *_pair(
            _lines(
                "Made-up crosswalk,,,,,,,,,",
                ",,,,,,,,,",
                "_2026_CODE,Short Description,LABELER NAME,NDC2,Drug Name,HCPCS dosage,PKG SIZE,"
                "PKG QTY,BILLUNITS,BILLUNITSPKG",
                'J0990,Made-up drug,"Widget Works, Inc",00990-0001-01,Widgetol,1 MG,1,1,1,1',
                'J0990,Made-up drug,"Widget Works, Inc",00990-0001-05,Widgetol,1 MG,5,1,5,5',
            ),
            ("_2026_CODE", "_2027_CODE"), ("Works, Inc", "Works GmbH"),
            ("MG,5,1,5,5", "MG,5,2,5,5"),
        ),
        ("_2027_CODE", "NDC2"), "J0990|00990-0001-05", ("PKG QTY", "1", "2", "amount"),
        ("Short Description", "LABELER NAME"),
    ),
    "clfs": Sample(
        *_pair(
            _lines(
                "2026 Made-up laboratory fees,,,,,,,,",
                "YEAR,HCPCS,MOD,EFF_DATE,INDICATOR,RATE,SHORTDESC,LONGDESC,EXTENDEDLONGDESC",
                "2026,00990,,20260101,N,0000010.51,Widget test,Test of a widget,Test of a widget",
                "2026,00990,QW,20260101,N,0000010.51,Widget test,Test of a widget,Test of a widget",
                "2026,00991,,20250101,L,0000000.00,Other test,Another test,Another test",
            ),
            ("QW,20260101", "QW,20260401"), ("2026,00", "2027,00"), ("2026 Made", "2027 Made"),
        ),
        ("HCPCS", "MOD"), "00990|QW", ("EFF_DATE", "20260101", "20260401", "value"),
    ),
    "ncci-ptp": Sample(
        *_pair(
            _lines(
                _NOTICE,
                "Column1/Column2 Edits",
                "Column 1\tColumn 2\t*=in existence\tEffective\tDeletion\tModifier\t"
                "PTP Edit Rationale",
                "\t\tprior to 1996\tDate\tDate\t0=not allowed\t",
                "\t\t\t\t*=no data\t1=allowed\t",
                "\t\t\t\t\t9=not applicable\t",
                "00990\t00991\t*\t19960101\t*\t1\tMisuse of column two code",
                "00990\t00992\t\t20200101\t20211231\t0\tStandards of practice",
                "00990\t00992\t\t20240101\t*\t1\tStandards of practice",
            ),
            ("19960101\t*\t1", "19960101\t20261231\t1"),
        ),
        ("Column 1", "Column 2", "Effective"), "00990|00991|19960101",
        ("Deletion", "*", "20261231", "value"),
    ),
    "ncci-mue": Sample(
        *_pair(
            _lines(
                f'"{_NOTICE}\n\nSecond paragraph.",,,',
                '"HCPCS/\nCPT Code",Practitioner Services MUE Values,MUE Adjudication Indicator,'
                "MUE Rationale",
                "00990,1,2 Date of Service Edit: Policy,Nature of Service",
                "00991,2,3 Date of Service Edit: Clinical,Clinical: Data",
                "A0990,10,1 Line Edit,Prescribing Information",
            ),
            ("00991,2,", "00991,4,"),
        ),
        ("HCPCS/ CPT Code",), "00991", ("Practitioner Services MUE Values", "2", "4", "amount"),
    ),
    "gpci": Sample(
        *_pair(
            _lines(
                "ADDENDUM E. MADE-UP INDICES,,,,,,",
                ",,,,,,",
                "Medicare Administrative Contractor (MAC),State,Locality Number,Locality Name,"
                "2026 PW GPCI (with 1.0 Floor),2026 PE GPCI,2026 MP GPCI",
                "90112,AA,00,UPPER WIDGETIA,1,0.869,0.575",
                "90212,BB,00,LOWER WIDGETIA,1.5,1.081,0.592",
                "90212,BB,01,REST OF WIDGETIA,1,0.975,0.854",
            ),
            ("2026 PW", "2027 PW"), ("2026 PE", "2027 PE"), ("2026 MP", "2027 MP"),
            ("Floor)", "Floor)***"), ("1.5,1.081", "1.25,1.081"),
        ),
        ("Medicare Administrative Contractor (MAC)", "Locality Number"), "90212|00",
        ("2027 PW GPCI (with 1.0 Floor)***", "1.5", "1.25", "amount"),
    ),
    "poa-exempt": Sample(
        *_pair(
            _lines(
                "Order26\tPOAexemptCode\tDescription",
                "00101\tB99.0\tMade-up late effect",
                "00102\tB99.1\tMade-up early effect",
                "00107\tW99\tFall from a widget",
            ),
            ("Order26", "Order27"), ("00101", "00103"), ("00102", "00104"), ("00107", "00109"),
            ("early effect", "very early effect"),
        ),
        ("POAexemptCode",), "B99.1",
        ("Description", "Made-up early effect", "Made-up very early effect", "scope"), ("Order27",),
    ),
    "cms-hcc": Sample(
        *_pair(
            _lines(
                "2026 Made-up Mappings,,,,,",
                'Diagnosis Code,Description,"CMS-HCC\nESRD Model\nCategory\nV24",CMS-HCC Model'
                " Category V28,CMS-HCC Model Category V28 for 2026 Payment Year,RxHCC Model"
                " Category V08",
                "B990,Made-up disease,6,38,Yes,30",
                "B991,Other made-up disease,,37,Yes,31",
                "B992,Third made-up disease,6,,No,",
            ),
            ("2026 Made", "2027 Made"), ("for 2026", "for 2027"), (",37,Yes", ",38,Yes"),
        ),
        ("Diagnosis Code",), "B991", ("CMS-HCC Model Category V28", "37", "38", "value"),
    ),
    "dxccsr": Sample(
        *_pair(
            _lines(
                "'ICD-10-CM CODE','ICD-10-CM CODE DESCRIPTION','Default CCSR CATEGORY IP','Default"
                " CCSR CATEGORY DESCRIPTION IP','CCSR CATEGORY 1','CCSR CATEGORY 1 DESCRIPTION',"
                "'Rationale for Default Assignment'",
                "'B990',\"Made-up disease, mild\",'INF999',Made-up infections,'INF999',Made-up"
                " infections,Only one category",
                "'B991',Made-up disease,'INF998',Other infections,'INF998',Other infections,Only"
                " one category",
            ),
            ("'INF998',Other infections,Only", "'INF997',Other infections,Only"),
        ),
        ("ICD-10-CM CODE",), "B991", ("CCSR CATEGORY 1", "INF998", "INF997", "value"),
    ),
    "prccsr": Sample(
        *_pair(
            _lines(
                "'ICD-10-PCS','ICD-10-PCS DESCRIPTION','PRCCSR','PRCCSR DESCRIPTION','CLINICAL"
                " DOMAIN'",
                "'0X90000',\"Made-up procedure\",'GNR999','Made-up procedures','General'",
                "'0X90001',\"Other procedure\",'GNR998','Other procedures','General'",
            ),
            ("'GNR998','Other procedures'", "'GNR997','Other procedures'"),
        ),
        ("ICD-10-PCS",), "0X90001", ("PRCCSR", "GNR998", "GNR997", "value"),
    ),
    "ms-drg": Sample(
        *_pair(
            _lines(
                "TABLE 5.--MADE-UP GROUPS\t\t\t\t\t\t\t\t",
                "MS-DRG\tFY 2026 Final Rule Post-Acute DRG\tFY 2026 Final Rule Special Pay DRG\t"
                "MDC\tTYPE\tMS-DRG Title\tWeights\tGeometric mean LOS\tArithmetic mean LOS",
                "001\tNo\tNo\tPRE\tSURG\tMADE-UP TRANSPLANT WITH MCC\t28.1234\t26.9\t35.3",
                "002\tNo\tNo\tPRE\tSURG\tMADE-UP TRANSPLANT WITHOUT MCC\t14.5000\t15.0\t17.1",
                "990\tYes\tNo\t18\tMED\tMADE-UP SEPSIS WITH MCC\t1.9000\t4.9\t6.1",
            ),
            ("FY 2026", "FY 2027"), ("\t14.5000", "\t14.7500"),
        ),
        ("MS-DRG",), "002", ("Weights", "14.5000", "14.7500", "amount"),
    ),
}  # fmt: skip
