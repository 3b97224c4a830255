"""The text of each CPT file, line by line, in the publisher's layouts."""

import textwrap
from collections.abc import Iterable
from xml.sax.saxutils import escape

from archive import crlf
from cpt_plan import Entry
from cpt_ranges import PLA
from words import MEDIUM_WIDTH, SHORT_WIDTH, upper

PIECE = 72
RECORD = 80
CLINICIAN_EVERY = 31

CONSOLIDATED_HEADER = (
    "Concept Id\tCPT Code\tLong\tMedium\tShort\tConsumer\tSpanish Consumer\t"
    "Current Descriptor Effective Date\tTest Name\tLab Name\tManufacturer Name"
)
CONSUMER_HEADER = "Concept Id\tCPT Code\tConsumer Friendly Descriptor"
CLINICIAN_HEADER = "Concept Id\tCPT Code\tClinician Descriptor Id\tClinician Descriptor"


def preamble(year: int, length: int) -> list[str]:
    """Return the invented notice that stands before the data; its last line is blank."""
    lines = [
        f"Sample Procedure Codes, Invented Edition® {year}. Invented text: no license is needed.",
        "",
        "Copyright 1966, 1970, 1973,",
        f"1977, 1981, 1983-{year - 1} Society of Invented Codes. Fee schedules, relative values,",
        "and payment rules are not part of this file, and nobody recommends their use.",
        "",
        "Questions about the file go by post to the Keeper of the List, Sample House,",
        "60600 Invented Street, Office 7, Nowhere.",
        "",
    ]
    rules = [
        f"{number}. Guideline {number} of the invented codes is left out here."
        for number in range(1, 60)
    ]
    return [*lines, *rules[: length - len(lines) - 1], ""]


def tab_text(notice: list[str], entries: Iterable[Entry], *, capitals: bool) -> str:
    """Return LONGULT, or LONGUT with capitals."""
    return crlf([*notice, *(f"{e.code}\t{_long(e, capitals=capitals)}" for e in entries)])


def fixed_text(notice: list[str], entries: Iterable[Entry], *, capitals: bool) -> str:
    """Return LONGULF, or LONGUF with capitals: 80 columns, continuation records."""
    lines = list(notice)
    for entry in entries:
        pieces = textwrap.wrap(
            _long(entry, capitals=capitals), PIECE, break_on_hyphens=False, break_long_words=False
        )
        lines += [
            f"{entry.code}{number:02} {piece}".ljust(RECORD)
            for number, piece in enumerate(pieces, 1)
        ]
    return crlf(lines)


def medium_text(notice: list[str], entries: Iterable[Entry], *, padded: bool) -> str:
    """Return MEDU."""
    width = MEDIUM_WIDTH if padded else 0
    return crlf([*notice, *(f"{e.code} {e.words.medium:{width}}" for e in entries)])


def short_text(notice: list[str], entries: Iterable[Entry], *, padded: bool) -> str:
    """Return SHORTU."""
    width = SHORT_WIDTH if padded else 0
    return crlf([*notice, *(f"{e.code} {e.words.short:{width}}" for e in entries)])


def _long(entry: Entry, *, capitals: bool) -> str:
    return upper(entry.words.long) if capitals else entry.words.long


def consumer_text(entries: Iterable[Entry]) -> str:
    """Return ConsumerDescriptor: one row for each code that has such a text."""
    rows = [f"{e.slot.concept}\t{e.code}\t{e.consumer}" for e in entries if e.consumer]
    return crlf([CONSUMER_HEADER, *rows])


def clinician_text(prose: list[str], entries: Iterable[Entry]) -> str:
    """Return ClinicianDescriptor: several rows for each of a few hundred codes."""
    lines = [*prose, CLINICIAN_HEADER]
    for entry in entries:
        slot = entry.slot
        if slot.family % CLINICIAN_EVERY == 0 and slot.own:
            told = (slot.common.long, f"{slot.own.long} \N{EN DASH} {slot.common.long}")
            lines += [
                f"{slot.concept}\t{slot.code}\t{slot.concept * 10 + number}\t{text}"
                for number, text in enumerate(told, 1)
            ]
    return crlf(lines)


def _laboratory(entry: Entry) -> tuple[str, str, str]:
    """Return test, laboratory and maker."""
    number = entry.slot.family % 89
    return (
        f"SampleCheck® {entry.code} / MockPanel™",
        f"Lab & Mock {number}",
        f"Invented Makers {number}",
    )


def _pla_cells(entry: Entry) -> list[tuple[str, str]]:
    date = f"{entry.effective[:4]}-{entry.effective[4:6]}-{entry.effective[6:]}T00:00:00-06:00"
    test, lab, maker = _laboratory(entry)
    return [
        ("cdDesc", entry.words.long),
        ("cdMDesc", entry.words.medium),
        ("cdSDesc", entry.words.short),
        ("cdStatus", "EXISTING"),
        ("clinicalDesc", ""),
        ("consumerDesc", entry.consumer),
        ("effectiveDate", date),
        ("labName", lab),
        ("manufacturerName", maker),
        ("publishDate", f"{int(date[:4]) - 1}-12-02T00:00:00-06:00"),
        ("testName", test),
    ]


def pla_xml(entries: Iterable[Entry]) -> str:
    """Return CPTPLA; the two optional elements are absent where they are empty."""
    lines = ['<?xml version="1.0" encoding="UTF-8" standalone="yes"?>', "<plaCodes>"]
    for entry in entries:
        lines.append(f'<plaCode cdCode="{entry.code}" cdId="{int(entry.code[:4])}">')
        cells = [(tag, text) for tag, text in _pla_cells(entry) if text]
        lines += [f"  <{tag}>{escape(text)}</{tag}>" for tag, text in cells]
        lines.append("</plaCode>")
    return crlf([*lines, "</plaCodes>"])


def pla_tab(entries: Iterable[Entry]) -> str:
    """Return CPTPLATab: the cells of the XML in its order, without a header."""
    return crlf(
        [
            "\t".join((e.code, str(int(e.code[:4])), *(text for _, text in _pla_cells(e))))
            for e in entries
        ]
    )


def consolidated_text(prose: list[str], entries: Iterable[Entry]) -> str:
    """Return ConsolidatedCodeList; empty cells at the end of a row are not written."""
    rows = []
    for entry in entries:
        cells = (
            str(entry.slot.concept),
            entry.code,
            *entry.words,
            entry.consumer,
            "",
            entry.effective,
            *(_laboratory(entry) if entry.slot.section == PLA else ()),
        )
        rows.append("\t".join(cells).rstrip("\t"))
    return crlf([*prose, CONSOLIDATED_HEADER, *rows])
