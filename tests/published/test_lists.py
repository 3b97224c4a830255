"""The readers of the publisher's own lists."""

from collections.abc import Callable
from pathlib import Path

import pytest

from cptdiff import CodeSet
from cptdiff.model import PublishedList

CPT, HCPCS = CodeSet.CPT, CodeSet.HCPCS
Make = Callable[..., Path]
Read = Callable[[str, bytes | str, CodeSet], PublishedList]
AsFile = Callable[[str, list[list[str]]], bytes]


def rows(found: PublishedList, *columns: str) -> list[tuple[object, ...]]:
    return found.changes.select(columns).rows()


PRINTED = """         2026 HCPCS CORRECTIONS


  CODE           ACTION        EFF DATE         SHORT DESC                   LONG DESC       TOS
  A0001  Change ASC Ind/ASC eff04/01/2026                                                    YY
  A0002  Revise Long Desc      01/01/2026                          Polish of widget, unila
  A0003  Revise Long & Short De01/01/202>= 2 widgets             Polish of two widgets
  A0004  Should not have been updated - revert back to 2025 description
  A0005  ADD Code              01/01/202Polish <10min            Polishing of  1  M5D  C  13
  A0006  DELETE
  A0007  Remove, will be assigned at a later date
  A0008  DO NOT ADD - Remove from previous corrections document
  A0009  Add Lab Cert code 220 01/01/2026
     E1  Sent to the shop
  D0001  ADD Code              01/01/2026
         and so on
"""
# Code, change, fields, date as YYYY-MM-DD or empty.
CORRECTED = """
A0001 attributes-only - 2026-04-01
A0002 revised long 2026-01-01
A0003 revised long,short -
A0004 revised - -
A0005 added - -
A0006 deleted - -
A0007 deleted - -
A0008 none - -
A0009 attributes-only - 2026-01-01
E1 Sent_to_the_shop - -
"""


def corrected(found: PublishedList) -> list[str]:
    told: dict[str, list[str]] = {}
    for code, change, field, day in found.changes.select("code", "change", "field", "date").rows():
        told.setdefault(code, [change.replace(" ", "_"), "", str(day or "-")])
        told[code][1] = ",".join(filter(None, (told[code][1], field)))
    return [" ".join((code, one[0], one[1] or "-", one[2])) for code, one in told.items()]


def test_printed_corrections_are_cut_at_their_columns(read: Read) -> None:
    found = read("V1_Corrections.prn", PRINTED, HCPCS)
    assert corrected(found) == CORRECTED.strip().splitlines()
    assert (found.form, found.whole) == ("corrections", False)
    assert rows(found, "kind")[-1] == ("modifier",)
    assert found.changes["action"].to_list()[:2] == ["Change ASC Ind/ASC eff", "Revise Long Desc"]
    assert tuple(map(str, found.notes)) == (
        "V1_Corrections.prn: lines without a code, not used: 1 (the first: line 16)",
        "V1_Corrections.prn: dental codes (D0000 to D9999), in no HCPCS file, not used: 1",
    )


@pytest.mark.parametrize(
    "header",
    [
        ["CODE", "ACTION", "EFF DATE", "SHORT DESC"],
        ["HCPC", "ACTION CD", "ACT EFF DT", "Action Taken"],
        ["HCPCS Code", "Type of Change", "Effective Date", "Status"],
    ],
    ids=" ".join,
)
def test_a_workbook_of_corrections_is_read_by_its_header(
    read: Read, as_file: AsFile, header: list[str]
) -> None:
    grid = [["", "2026 HCPCS CORRECTIONS"], [], header]
    grid += [["A0001", "ADD Code", "2026-01-01", "x"], ["   E1", "Revise  Short Desc", "", "y"]]
    found = read("HCPC2026_APR_Corrections.xlsx", as_file("book.xlsx", grid), HCPCS)
    assert corrected(found) == ["A0001 added - 2026-01-01", "E1 revised short -"]


REPORT = """ HCPCS/MOD      TYPE OF CHANGE    SHORT DESCRIPTION              LONG DESCRIPTION
      E1             ADD          Polish                         Polish of widget
   A0001         No Change        Grind no desc                  Grind
   A0002    Long Description ChangGrind                          Grind widget
   A0003       Discontinued       Bend                           Bend
   A0004       Re-activated       Bore                           Bore
   A0005     Payment Change       New description                Drill
   D0001             ADD          Not ours                       Not ours
"""
PLAIN = (
    "HCPCS/Modifier CodeType of Change\n\nE1                 ADD\nA0001              No Change\n"
)
CHANGED = [
    ("code", "A0001", "none"), ("code", "A0002", "revised"), ("code", "A0003", "deleted"),
    ("code", "A0004", "added"), ("code", "A0005", "attributes-only"), ("modifier", "E1", "added"),
]  # fmt: skip


def test_a_printed_transaction_report_is_cut_at_its_columns(read: Read) -> None:
    found = read("Changes_by_HCPCSCode.prn", REPORT, HCPCS)
    assert rows(found, "kind", "code", "change") == CHANGED
    assert found.notes
    plain = read("HCPC26_Trans_Report.prn", PLAIN, HCPCS)
    assert rows(plain, "code", "change") == [("A0001", "none"), ("E1", "added")]


def test_a_transaction_workbook_is_read_from_its_first_sheet_with_the_columns(
    read: Read, as_file: AsFile
) -> None:
    lines = [line.split(maxsplit=1) for line in REPORT.splitlines()[1:]]
    words = ["ADD", "N", "C", "D", "R", "P", "A"]
    grid = [
        ["HCPC", "ACTION CD"],
        *([code, word] for (code, _), word in zip(lines, words, strict=True)),
    ]
    found = read("HCPC2026_OCT_TRANS_ALL.xlsx", as_file("book.xlsx", grid), HCPCS)
    assert rows(found, "kind", "code", "change") == CHANGED


HEADER = (
    "Date\tChange Type\tConcept Id\tCPT Code\tLevel\tPrior Value\tCurrent Value\tInstruction\r\n"
)
HISTORY = (
    "20260101\tADDED\t1\t00990\tI\t\tPolish\r\n"  # ragged
    "Pre-1982\tADDED\t2\t00991\r\n"
    "20260701\tDELETED\t2\t00991\tI\tGrind\t\tTo report, use 00990\r\n"
    "20260701\tREWORDED\t3\t00992\tI\tBend\tBend it\t\r\n"
    "20260701\tCOUNTED\t3\t00993\tI\t\t\t\r\n"
)
TOLD = [
    ("00990", "added", "2026-01-01", ""),
    ("00991", "added", "None", ""),
    ("00991", "deleted", "2026-07-01", "To report, use 00990"),
    ("00992", "revised", "2026-07-01", ""),
    ("00993", "COUNTED", "2026-07-01", ""),
]


@pytest.mark.parametrize("twin", ["tab", "pipe"])
def test_a_history_keeps_every_row_its_words_and_its_instruction(read: Read, twin: str) -> None:
    mark = {"tab": "\t", "pipe": "|"}[twin]
    text = (HEADER + HISTORY).replace("\t", mark)
    found = read(f"History_DTK_{twin}.txt", text, CPT)
    told = [(c, w, str(d), n) for c, w, d, n in rows(found, "code", "change", "date", "note")]
    assert told == TOLD
    assert (found.kinds, "revised" in found.tells) == (("code",), True)


def test_a_deletion_list_tells_deletions_alone_and_modifiers_have_headings(read: Read) -> None:
    head = "Concept Id\tCode\tDate Deleted\tLevel\tDescriptor\tInstruction\n"
    deleted = read("Deleted_DTK_tab.txt", head + "1\t00990\t20260101\tI\tPolish\tUse 00991\n", CPT)
    assert rows(deleted, "kind", "code", "change", "note") == [
        ("code", "00990", "deleted", "Use 00991")
    ]
    assert deleted.tells == ("deleted",)
    head = "Date\tChange Type\tConcept Id\tModifier Code\tPrior Value\tCurrentValue\n"
    body = "\t\t1\t\tA heading\n20260101\tADDED\t2\t22\t\tMore polish\n"
    modifiers = read("HistoryModifiers_DTK_tab.txt", head + body, CPT)
    assert rows(modifiers, "kind", "code", "change") == [("modifier", "22", "added")]
    assert "revised" not in modifiers.tells
