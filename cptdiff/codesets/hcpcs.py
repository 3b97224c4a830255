"""HCPCS Level II as CMS ships it."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from cptdiff.codesets.layout import Column, Continued, FixedWidth, Format, Workbook
from cptdiff.codesets.profile import MONTH_NAMES, Edition, Neighbor, Profile, find_month
from cptdiff.codesets.sections import list_letters
from cptdiff.vocabulary import CodeSet

CODE: Final = r"[A-V][0-9]{4}"
MODIFIER: Final = r"[0-9A-Z]{2}"
_KINDS: Final = {"3": "code", "4": "code", "7": "modifier", "8": "modifier"}


def _repeat_column(name: str, start: int, width: int, times: int) -> tuple[Column, ...]:
    return tuple(Column(f"{name}{n + 1}", start + n * width, width) for n in range(times))


# Columns of CMS's record layout, with the names in the header of its workbook.
ATTRIBUTES: Final = (
    *_repeat_column("price", 120, 2, 4),
    Column("mult_pi", 128, 1),
    *_repeat_column("cim", 129, 6, 3),
    *_repeat_column("mcm", 147, 8, 3),
    Column("statute", 171, 10),
    *_repeat_column("labcert", 181, 3, 8),
    *_repeat_column("xref", 205, 5, 5),
    Column("cov", 230, 1),
    Column("asc_grp", 231, 2),
    Column("asc_dt", 233, 8),
    Column("opps", 241, 3),
    Column("opps_pi", 244, 1),
    Column("opps_dt", 245, 8),
    Column("procnote", 253, 4),
    Column("betos", 257, 3),
    *_repeat_column("tos", 261, 1, 5),
    Column("anest_bu", 266, 3),
)
# What CMS's names stand for, without the number of a column that it repeats.
_TITLES: Final = {
    "price": "pricing indicator code",
    "mult_pi": "multiple pricing indicator",
    "cim": "reference to the Coverage Issues Manual",
    "mcm": "reference to the Medicare Carriers Manual",
    "statute": "reference to the statute",
    "labcert": "lab certification code",
    "xref": "cross-reference to another code",
    "cov": "coverage code",
    "asc_grp": "payment group for ambulatory surgical centers",
    "asc_dt": "date of the payment group for ambulatory surgical centers",
    "opps": "Medicare outpatient payment group",
    "opps_pi": "payment policy indicator of the Medicare outpatient payment group",
    "opps_dt": "date of the Medicare outpatient payment group",
    "procnote": "number of the processing note",
    "betos": "Berenson-Eggers type of service",
    "tos": "type of service",
    "anest_bu": "anesthesia base units",
}
_DATES: Final = (
    Column("add_date", 269, 8),
    Column("action_date", 277, 8),
    Column("end_date", 285, 8),
    Column("action", 293, 1),
)
_IDENTITY: Final = (
    Column("code", 1, 5),
    Column("sequence", 6, 5),
    Column("kind", 11, 1),
    Column("long", 12, 80),
    Column("short", 92, 28),
)
_RECORD = Continued(
    FixedWidth(
        r"^[ 0-9A-Za-z]{5}[0-9]{5}[3478]",
        (*_IDENTITY, *ATTRIBUTES, *_DATES),
        kinds=_KINDS,
        widest=320,
        lead=11,
        joined=r"([A-V][0-9]{4}|   [0-9A-Z]{2})[0-9]{3}00[3478]",
        ended=True,
    ),
    first=r"^.{10}[37]",
    text="long",
    step=100,
)
_HEADER = {
    "HCPC": "code",
    "SEQNUM": "sequence",
    "RECID": "kind",
    "LONG DESCRIPTION": "long",
    "SHORT DESCRIPTION": "short",
    **{column.name.upper(): column.name for column in ATTRIBUTES},
    "ADD DT": "add_date",
    "ACT EFF DT": "action_date",
    "TERM DT": "end_date",
    "ACTION CD": "action",
}
# Without the last valid days, ended codes would pass for valid ones.
_KEY_COLUMNS = ("code", "kind", "long", "end_date")
_FIELDS = ("long", "short", *(column.name for column in ATTRIBUTES))
_CARRIES = {"code": _FIELDS, "modifier": _FIELDS}
_NAME = r"hcpc(\d\d|\d{4})_(?:[a-z]+_)?(?:contr_)?anweb(?!.*(?:transaction|correction)).*|\d\danweb"

_FORMATS: Final = (
    Format(
        "hcpcs-anweb", CodeSet.HCPCS, "codes", rf"(?:{_NAME})\.txt", _RECORD,
        "CMS, contractor record layout", _CARRIES, "HCPC2026_JAN_ANWEB.txt",
        mark=rb"(?m)^(?:   [0-9A-Z]{2}|[A-V][0-9]{4})00100[37]",
    ),
    Format(
        "hcpcs-anweb-xlsx", CodeSet.HCPCS, "codes", rf"(?:{_NAME})\.xls[xm]",
        Workbook(_HEADER, _KEY_COLUMNS, kinds=_KINDS, first=("3", "7")),
        "CMS, the same columns as a workbook", _CARRIES,
        "HCPC2026_JAN_ANWEB.xlsx",
    ),
)  # fmt: skip

_LETTERS: Final = {
    "A": "Transportation, medical and surgical supplies",
    "B": "Enteral and parenteral therapy",
    "C": "Outpatient prospective payment system",
    "D": "Dental procedures",
    "E": "Durable medical equipment",
    "F": "F codes",
    "G": "Temporary procedures and professional services",
    "H": "Behavioral health and substance abuse treatment",
    "I": "I codes",
    "J": "Drugs administered other than by oral method",
    "K": "Temporary codes for durable medical equipment",
    "L": "Orthotic and prosthetic procedures",
    "M": "Medical services and quality measures",
    "N": "N codes",
    "O": "O codes",
    "P": "Pathology and laboratory services",
    "Q": "Temporary codes",
    "R": "Diagnostic radiology services",
    "S": "Temporary national codes (not Medicare)",
    "T": "National codes for state Medicaid agencies",
    "U": "Coronavirus laboratory tests",
    "V": "Vision, hearing and speech-language services",
}


def _name_edition(_label: str, year: int, said: Sequence[str]) -> Edition:
    month = find_month(said) or 1
    return Edition(f"HCPCS {year} {MONTH_NAMES[month]}", date(year, month, 1))


# CPT's codes are Level I of HCPCS: CMS's cross-references name them, its file does not hold them.
_LEVEL_ONE: Final = r"[0-9]{4}[0-9AFMTU]"

PROFILE: Final = Profile(
    name=CodeSet.HCPCS,
    label="HCPCS Level II",
    publisher="CMS",
    formats=_FORMATS,
    grammar={"code": CODE, "modifier": MODIFIER},
    code_in_crosswalks=rf"{CODE}|{_LEVEL_ONE}|{MODIFIER}",
    name_edition=_name_edition,
    years=((r"(?i)^hcpc(\d\d)_", r"HCPC20\1_"), (r"(?i)^(\d\d)anweb", r"20\1 anweb")),
    # Codes and dates.
    wordless=tuple(column.name for column in (*ATTRIBUTES, *_DATES)),
    titles=_TITLES,
    payment=(
        "cov",
        "price1",
        "price2",
        "price3",
        "price4",
        "mult_pi",
        "asc_grp",
        "opps",
        "opps_pi",
        "anest_bu",
    ),
    lists={
        "corrections": r"(?!.*read ?me).*corrections?.*\.(?:prn|txt|xlsx)",
        "transactions": r"(?!.*read ?me).*(?:trans|changes_?by).*\.(?:prn|txt|xlsx)",
    },
    sections=list_letters(_LETTERS, "9999"),
    # For four years, with the day on which they ended.
    keeps_ended=True,
    unlisted=r"^unlisted\b|, miscellaneous$",
    # Sections are whole letters: only a neighbor by its first characters is of one kind.
    unlisted_start=2,
    # Temporary letters to others.
    conversion=(r"^[CKQS]", r"^[ABDEGHJLMPRTV]"),
    neighbor=Neighbor(rf"^{_LEVEL_ONE}$", "verify in CPT", "CPT"),
    billed_as="procedure",
    denial="181",
    # With each quarter.
    months=3,
)
