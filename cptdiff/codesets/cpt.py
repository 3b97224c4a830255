"""CPT as the American Medical Association ships it."""

import re
from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Final

from cptdiff.codesets import cpt_sections
from cptdiff.codesets.layout import (
    Column,
    Continued,
    Delimited,
    FixedWidth,
    Format,
    Prose,
    ProseList,
    Workbook,
    Xml,
)
from cptdiff.codesets.profile import Edition, Group, Part, Profile
from cptdiff.vocabulary import CodeSet

CODE: Final = r"[0-9]{4}[0-9AFMTU]"
MODIFIER: Final = r"[0-9A-Z]{2}"
# What a line of data begins with: a code in lower case is one too; the release notes it.
_ROW: Final = r"^[0-9]{4}[0-9AFMTUafmtu]"

_TAB = Delimited(separator="\t", row=rf"{_ROW}\t", fields=("code", "long"))
_CONTINUATION = Continued(
    FixedWidth(
        rf"{_ROW}[0-9]{{2}} ",
        (Column("code", 1, 5), Column("sequence", 6, 2), Column("long", 9, 72)),
        widest=80,
        joined=r"([0-9]{4}[0-9AFMTU])(?:0[1-9]|[12][0-9]) ",
        lead=8,
    ),
    first=rf"{_ROW}01 ",
    text="long",
    step=1,
)
# The text runs to the line's end, so that MEDU's 48 (modern) and 100 (2001) both fit.
_SHORT = FixedWidth(rf"{_ROW} ", (Column("code", 1, 5), Column("short", 7)), like_prose=True)
_MEDIUM = FixedWidth(rf"{_ROW} ", (Column("code", 1, 5), Column("medium", 7)), like_prose=True)

_CONSUMER = {
    "Concept Id": "concept_id",
    "CPT Code": "code",
    "Consumer Friendly Descriptor": "consumer",
}
_CLINICIAN = {
    "Concept Id": "concept_id",
    "CPT Code": "code",
    "Clinician Descriptor Id": "descriptor_id",
    "Clinician Descriptor": "clinician",
}
_CONSOLIDATED = {
    "Concept Id": "concept_id",
    "CPT Code": "code",
    "Long": "long",
    "Medium": "medium",
    "Short": "short",
    "Consumer": "consumer",
    "Spanish Consumer": "spanish_consumer",
    "Current Descriptor Effective Date": "descriptor_date",
    "Test Name": "test_name",
    "Lab Name": "lab_name",
    "Manufacturer Name": "manufacturer_name",
}
_MODIFIERS = {
    "ConceptID": "concept_id",
    "Modifier Code": "code",
    "Level I/II": "level",
    "Modifier Descriptor Effective": "descriptor_date",
    "Modifier Name": "short",
    "Modifier Description": "long",
    "Section (Main Section)": "list",
}
# The hospital list repeats modifiers of Level I with words of its own.
_MODUL = Prose(
    (
        ProseList("Appendix A", "Level I", r"^([1-9][0-9]) (.+)$", apart=True),
        ProseList(
            "Anesthesia Physical Status", "Anesthesia", r"^(?=.*?(P[0-9]):)(.*)$", apart=False
        ),
        ProseList("CPT Level I Modifiers", "Hospital", r"^([1-9][0-9]) (.+)$", apart=True),
        ProseList("Category II Modifiers", "Category II", r"^([1-9][A-Z]) (.+)$", apart=False),
        ProseList(
            "Level II (HCPCS/National) Modifiers", "Level II", rf"^({MODIFIER}) (.+)$", apart=False
        ),
    ),
    between=r"Modifiers\b[^.:;]*$",
)
_PLA_FIELDS = {
    "cdDesc": "long",
    "cdMDesc": "medium",
    "cdSDesc": "short",
    "cdStatus": "status",
    "clinicalDesc": "clinician",
    "consumerDesc": "consumer",
    "effectiveDate": "add_date",
    "labName": "lab_name",
    "manufacturerName": "manufacturer_name",
    "publishDate": "publish_date",
    "testName": "test_name",
}
_PLA = Xml("plaCode", {"cdCode": "code", "cdId": "concept_id"}, _PLA_FIELDS)
# No header, and the order of the columns is not published: the XML's order, with a note.
_PLA_TAB = Delimited(
    separator="\t",
    row=r"^[0-9]{4}[Uu]\t",
    fields=("code", "concept_id", *_PLA_FIELDS.values()),
    assumed="its columns are not named and were taken to stand in CPTPLA's order",
)

_ALL = ("long", "medium", "short", "consumer", "spanish_consumer")
_PLA_CARRIES = {"pla": ("long", "medium", "short", "consumer", "clinician")}


def _make_formats(bundle: str, source: str) -> partial[Format]:
    return partial(Format, code_set=CodeSet.CPT, bundle=bundle, source=source)


_CODES = {"code": _ALL, "pla": _ALL}
_LISTS = {"modifier": ("short", "long", "hospital")}

_LEGACY = _make_formats("legacy", "AMA, legacy data files")
_CURRENT = _make_formats("current", "AMA, current format")

# The order is the order of preference.
_FORMATS: Final = (
    _CURRENT(
        name="cpt-consolidated", content="codes", example="ConsolidatedCodeList.txt",
        names=r"consolidated_?code_?list\.txt", carries=_CODES,
        layout=Delimited("\t", header=_CONSOLIDATED, required=("code",)),
        mark=rb"(?im)^concept ?id\tcpt code\tlong\t",
    ),
    _CURRENT(
        name="cpt-consolidated-csv", content="codes", example="ConsolidatedCodeList.csv",
        names=r"consolidated_?code_?list\.csv", carries=_CODES,
        layout=Delimited(",", header=_CONSOLIDATED, required=("code",), quoted=True),
    ),
    _CURRENT(
        name="cpt-consolidated-xlsx", content="codes", example="ConsolidatedCodeList.xlsx",
        names=r"consolidated_?code_?list\.xls[xm]", carries=_CODES,
        layout=Workbook(_CONSOLIDATED, ("code",)),
    ),
    _CURRENT(
        name="cpt-modifiers", content="modifiers", example="Modifiers.txt",
        names=r"modifiers\.txt", carries=_LISTS,
        layout=Delimited(
            "\t", kind="modifier", header=_MODIFIERS, required=("code", "short", "long")
        ),
        mark=rb"(?im)^concept ?id\tmodifier code\t",
    ),
    _LEGACY(
        name="cpt-longult", content="codes", example="LONGULT.txt",
        names=r"longult\.txt", carries={"code": ("long",)}, layout=_TAB,
        # Two columns: many a list of more begins with five digits.
        mark=rb"(?m)^[0-9]{4}[0-9AFMTU]\t[^\t\r\n]*[a-z][^\t\r\n]*(?=\r|$)",
    ),
    _LEGACY(
        name="cpt-longulf", content="codes", example="LONGULF.txt",
        names=r"longulf\.txt", carries={"code": ("long",)}, layout=_CONTINUATION,
        mark=rb"(?m)^[0-9]{4}[0-9AFMTU]01 .*[a-z]",
    ),
    _LEGACY(
        name="cpt-longut", content="codes", example="LONGUT.txt",
        names=r"longut\.txt", carries={"code": ("long",)}, layout=_TAB,
        mark=rb"(?m)^[0-9]{4}[0-9AFMTU]\t[^a-z\t\r\n]+(?=\r|$)",
    ),
    _LEGACY(
        name="cpt-longuf", content="codes", example="LONGUF.txt",
        names=r"longuf\.txt", carries={"code": ("long",)}, layout=_CONTINUATION,
        mark=rb"(?m)^[0-9]{4}[0-9AFMTU]01 [^a-z]+$",
    ),
    _LEGACY(
        name="cpt-medu", content="medium", example="MEDU.txt",
        names=r"medu\.txt", carries={"code": ("medium",)}, layout=_MEDIUM,
    ),
    _LEGACY(
        name="cpt-shortu", content="short", example="SHORTU.txt",
        names=r"shortu\.txt", carries={"code": ("short",)}, layout=_SHORT,
    ),
    _LEGACY(
        name="cpt-modul", content="modifiers", example="MODUL.txt",
        names=r"modul\.txt", carries=_LISTS, layout=_MODUL,
    ),
    _LEGACY(
        name="cpt-pla", content="pla", example="CPTPLA",
        names=r"cptpla(\.xml)?", carries=_PLA_CARRIES, layout=_PLA,
        mark=rb"<plaCodes",
    ),
    _LEGACY(
        name="cpt-pla-tab", content="pla", example="CPTPLATab.txt",
        names=r"cptplatab\.txt", carries=_PLA_CARRIES, layout=_PLA_TAB,
    ),
    _LEGACY(
        name="cpt-consumer", content="consumer", example="ConsumerDescriptor.txt",
        names=r"consumerdescriptor\.txt",
        carries={"code": ("consumer",), "pla": ("consumer",)},
        layout=Delimited("\t", header=_CONSUMER, required=("code", "consumer")),
        mark=rb"(?im)^concept ?id\tcpt code\tconsumer friendly descriptor",
    ),
    _make_formats("", "AMA, both formats")(
        name="cpt-clinician", content="clinician", example="ClinicianDescriptor.txt",
        names=r"cliniciandescriptor\.txt",
        carries={"code": ("clinician",), "pla": ("clinician",)},
        layout=Delimited(
            "\t", header=_CLINICIAN, required=("code", "descriptor_id", "clinician")
        ),
        mark=rb"(?im)^concept ?id\tcpt code\tclinician descriptor id\t",
    ),
)  # fmt: skip


def _name_edition(label: str, year: int, said: Sequence[str]) -> Edition:
    """An update within the year does not tell its day."""
    for name in said:
        if update := re.search(r"update\W*(\d)(?!\d)", name, re.IGNORECASE):
            return Edition(f"{label} {year} update {update[1]}", None)
    return Edition(f"{label} {year}", date(year, 1, 1))


PROFILE: Final = Profile(
    name=CodeSet.CPT,
    label="CPT",
    formats=_FORMATS,
    grammar={"code": CODE, "modifier": MODIFIER},
    digits=5,
    code_in_crosswalks=rf"{CODE}|{MODIFIER}",
    name_edition=_name_edition,
    # A license preamble's "CPT(R) 2026".
    notice=r"CPT\W{0,4}(?:R\W{0,2})?\s*((?:19|20)\d\d)\b",
    # Proprietary laboratory analyses: AMA ships them apart from its legacy files.
    parts=(
        Part(
            "pla", "PLA codes", r"U$",
            "PLA codes (0001U and up) are in neither release's files and were not compared",
        ),
    ),
    # AMA leaves whole columns empty.
    optional=("consumer", "spanish_consumer", "clinician", "hospital"),
    lists={"history": r"(?:deleted|history(?:modifi?ers)?)(?:_dtk)?(?:_(?:tab|pipe))?\.txt"},
    sections=cpt_sections.SECTIONS,
    otherwise=cpt_sections.OTHERWISE,
    letter_leads=True,
    sister_files=True,
    # Codes that end in A are no kind of their own: AMA added, and later deleted, all at once.
    kinds=(
        Group("Category II codes", r"F$"),
        Group("Category I codes", r"[0-9A]$"),
        Group("MAAA codes", r"M$"),
        Group("Category III codes", r"T$"),
    ),
    shares_portions=True,
    # AMA counts what the book of August has; the files have more.
    outside_totals=(
        Group("proprietary laboratory analyses (U)", r"U$"),
        Group("Category III (T)", r"T$"),
        Group(
            "vaccines and their administration",
            r"^(?:904(?:7[6-9]|8\d|9\d)|90[5-6]\d\d|907[0-5]\d|913[0-2]\d|\d{4}A)$",
        ),
        Group("Category II (F)", r"F$"),
        Group("administrative MAAA (M)", r"M$"),
    ),
    blind_spot=(
        "Changes to guidelines, parenthetical notes and symbols (add-on, telemedicine, resequenced)"
        " appear only in the CPT book; the data files do not have them"
    ),
    unlisted=r"^unlisted\b",
    # Category III to Category I.
    conversion=(r"^[0-9]{4}T$", r"^[0-9]{5}$"),
    billed_as="procedure",
    denial="181",
)  # fmt: skip
