"""The readers of ICD-10 addenda."""

from collections.abc import Callable
from pathlib import Path

from cptdiff import CodeSet
from cptdiff.model import PublishedList, Total

CM, PCS = CodeSet.ICD10CM, CodeSet.ICD10PCS
Make = Callable[..., Path]
Read = Callable[[str, bytes | str, CodeSet], PublishedList]

TRAILER = """
Headers
      3 headers in icd10cm_order_2026.txt
      4 headers in icd10cm_order_2027.txt
      1 additions
      0 deletions
      0 revisions
of which
      0 revisions to both long and short titles
      0 revisions to long title only
      0 revisions to short title only

Codes
  1,200 codes in icd10cm_order_2026.txt
  1,201 codes in icd10cm_order_2027.txt
      2 additions
      1 deletions
      1 revisions
"""


def tagged(tag: str, body: str) -> str:
    return f"{tag}:".ljust(13) + body + "\r\n"


def cm(tag: str, flag: str, code: str, short: str, long: str) -> str:
    return tagged(tag, f"{flag} {code:<7} {short:<60} {long}")


def pcs(tag: str, code: str, short: str, long: str) -> str:
    return tagged(tag, f"{code:<7} {short:<60} {long}")


def rows(found: PublishedList, *columns: str) -> list[tuple[object, ...]]:
    return found.changes.select(columns).rows()


def test_cm_addenda_have_a_flag_two_titles_and_a_trailer(read: Read) -> None:
    text = (
        cm("Delete", "1", "A01", "Polish", "Polish of widget")
        + cm("Add", "0", "A01", "Polish", "Polish of widget")
        + cm("Add", "1", "A011", "Polish, wet", "Wet polish of widget")
        + cm("Revise from", "1", "A02", "Grind", "Grind widget")
        + cm("Revise to", "1", "A02", "Grinding", "Grinding of widget")
    )
    found = read("icd10cm_order_addenda_2027.txt", text + TRAILER.replace("\n", "\r\n"), CM)
    assert rows(found, "kind", "code", "change", "field", "previous", "current", "action") == [
        ("code", "A01", "deleted", "long", "Polish of widget", "", "Delete"),
        ("header", "A01", "added", "long", "", "Polish of widget", "Add"),
        ("code", "A011", "added", "long", "", "Wet polish of widget", "Add"),
        ("code", "A02", "revised", "long", "Grind widget", "Grinding of widget", "Revise"),
        ("code", "A02", "revised", "short", "Grind", "Grinding", "Revise"),
    ]
    assert (found.form, found.whole, found.kinds) == ("addenda", True, ("code", "header"))
    assert found.fields == ("short", "long")
    assert Total("header", "entries", 3, "icd10cm_order_2026.txt") in found.totals
    assert Total("code", "entries", 1201, "icd10cm_order_2027.txt") in found.totals
    assert [t.count for t in found.totals if t.what == "long"] == [0]


def test_pcs_addenda_have_no_flag_and_tables_of_three_characters(read: Read) -> None:
    text = pcs("Revise from", "0X1", "Widget", "Widget, made ") + pcs(
        "Revise to", "0X1", "Widget", "Widget, made"
    )
    text += pcs("Add", "0X10ZZ1", "Polish widget", "Polishing of widget, open")
    found = read("order_addenda_2027.txt", text, PCS)
    assert rows(found, "kind", "code", "change", "field", "previous") == [
        ("header", "0X1", "revised", "long", "Widget, made "),
        ("code", "0X10ZZ1", "added", "long", ""),
    ]
    assert not found.whole
    assert "has no counts at its end" in str(found.notes[0])


def test_codes_addenda_hold_billable_codes_and_long_titles_alone(read: Read) -> None:
    text = tagged("Add", "A01     Polish") + tagged("Revise from", "A02     Grind")
    text += tagged("Revise to", "A02     Grind")
    found = read("icd10cm-codes-addenda-2027.txt", text, CM)
    assert rows(found, "kind", "code", "change", "field") == [
        ("code", "A01", "added", "long"),
        ("code", "A02", "revised", ""),
    ]
    assert (found.kinds, found.fields) == (("code",), ("long",))


def test_an_addenda_of_a_trailer_alone_states_nothing(read: Read) -> None:
    found = read("icd10cm_order_addenda_2027.txt", TRAILER, CM)
    assert (found.changes.height, found.whole, len(found.totals)) == (0, True, 13)


def test_addenda_with_mixed_line_ends_and_an_unknown_name_are_read(read: Read) -> None:
    text = cm("Add", "1", "A01", "Polish", "Polish") + cm("Add", "1", "A02", "G", "Grind")
    found = read("changes of 2027.txt", text.replace("\r\n", "\n", 1), CM)
    assert rows(found, "code", "change") == [("A01", "added"), ("A02", "added")]


def test_a_revision_from_one_flag_to_the_other_is_a_deletion_and_an_addition(read: Read) -> None:
    text = cm("Revise from", "1", "A01", "Polish", "Polish") + cm("Revise to", "0", "A01", "P", "P")
    found = read("icd10cm_order_addenda_2027.txt", text + TRAILER, CM)
    assert rows(found, "kind", "code", "change") == [
        ("code", "A01", "deleted"),
        ("header", "A01", "added"),
    ]


def test_a_line_of_the_trailer_that_is_no_count_is_told(read: Read) -> None:
    found = read("icd10cm_order_addenda_2027.txt", TRAILER + "      3 flags turned\n", CM)
    assert len(found.totals) == 13
    assert tuple(map(str, found.notes)) == (
        "icd10cm_order_addenda_2027.txt: line 19 of its trailer was not understood",
    )
