"""Files that are cut, lack rows or are two in one; and ordinary ones that look a little like it."""

from collections.abc import Callable, Iterable

import pytest

from cptdiff.judgement.guards import find_alarms
from cptdiff.sections import list_ranges
from tests.guards.conftest import Compare
from tests.guards.made import (
    HUNDRED,
    Files,
    addenda,
    codes_file,
    cpt,
    gap,
    hcpcs,
    hcpcs_of,
    icd,
    numbers,
    record,
    report,
    rows,
    sisters,
    table,
)  # fmt: skip

ORDER = icd(HUNDRED)
((_, ORDER_TEXT),) = ORDER.items()
CPT = [*numbers(10000, 10200)]
OLD = [record(n, add="20200101", action="20200101") for n in range(400)]
NEW = [record(n, add="20200101", action="20261001" if n % 4 else "20200101") for n in range(400)]


def order(text: str) -> Files:
    return {"icd10cm_order_{year}.txt": text}


def pcs(tables: Iterable[str]) -> Files:
    """Write an order file with a code of each of these tables."""
    text = "".join(
        f"{at:05} {code[:3]}00{code[3:]:Z<2} 1 {'Short':<60} Made-up polish of widget {at}\r\n"
        for at, code in enumerate(tables, 1)
    )
    return {"icd10pcs_order_{year}.txt": text}


def unended(files: Files, cut: int = 2) -> Files:
    """Cut bytes off the end of the first file."""
    (name, text), *rest = files.items()
    return {name: text[:-cut], **dict(rest)}


def spoil(files: Files, number: int) -> Files:
    """Let that many lines look like no entry."""
    ((name, text),) = files.items()
    lines = text.splitlines(keepends=True)
    return {
        name: "".join(["x" * 9 + "\r\n" if n < number else line for n, line in enumerate(lines)])
    }


# Previous, current, and what is told of it, nothing of whole ones.
CASES: dict[str, tuple[Files, Files, str]] = {
    # ICD-10 numbers the lines of its order files.
    "a gap": (
        ORDER,
        gap(ORDER, 50),
        ":51: order numbers go from 00050 to 00052: 1 line is missing",
    ),
    "a gap before": (gap(ORDER, 50), ORDER, "order numbers go from 00050 to 00052"),
    "no first line": (ORDER, gap(ORDER, 0), ":1: order numbers begin with 00002"),
    "last year's second half": (
        ORDER,
        order(ORDER_TEXT[: len(ORDER_TEXT) // 2] + ORDER_TEXT[len(ORDER_TEXT) // 2 - 500 :]),
        "order numbers go back from",
    ),
    "a file twice": (
        ORDER,
        order(ORDER_TEXT + ORDER_TEXT),
        ":101: order numbers go back from 00100 to 00001",
    ),
    "an odd line between": (ORDER, order(ORDER_TEXT.replace("00050 M059 ", "00050 ? 059")), ""),
    "no last line end": (ORDER, unended(ORDER), ":100: the last line has no line end"),
    "cut inside the last line": (ORDER, unended(ORDER, 9), ":100: the last line has no line end"),
    "line ends of another system": (ORDER, order(ORDER_TEXT.replace("\r", "")), ""),
    "the last 20 lost": (
        ORDER,
        icd(rows(0, 80)),
        "the last 20 entries of ICD-10-CM FY2026, from M080",
    ),
    "the last 19 lost": (ORDER, icd(rows(0, 81)), ""),
    "the last 20 replaced": (ORDER, icd(rows(0, 80), rows(100, 101)), ""),
    "previous without the last 20": (
        ORDER,
        icd(rows(0, 120)),
        "the last 20 entries of ICD-10-CM FY2027",
    ),
    "new technology at the end": (
        pcs([*numbers(1000, 1200), *(f"XW{n}" for n in range(10, 40))]),
        pcs([*numbers(1000, 1200), *(f"XW{n}" for n in range(10, 70))]),
        "",
    ),
    "more than half of new technology": (
        pcs([*numbers(1000, 1200), *(f"XW{n}" for n in range(10, 39))]),
        pcs([*numbers(1000, 1200), *(f"XW{n}" for n in range(10, 70))]),
        "the last 31 entries of ICD-10-PCS FY2027, from XW3009Z on",
    ),
    "more than new technology at the end": (
        pcs(numbers(1000, 1200)),
        pcs([*numbers(1000, 1200), "GZB", *(f"XW{n}" for n in range(10, 40))]),
        "the last 31 entries of ICD-10-PCS FY2027, from GZB00ZZ on",
    ),
    "previous without 55 of 155": (
        cpt(numbers(10055, 10155)),
        cpt(numbers(10000, 10155)),
        "55 of 155 entries (35.5%) of CPT 2027 are missing, more than a code set grows",
    ),
    "53 of 153 new": (cpt(numbers(10053, 10153)), cpt(numbers(10000, 10153)), ""),
    # The footer of its own addenda counts the entries; so does the codes file beside it.
    "a footer of 74 more": (
        ORDER,
        {**ORDER, **addenda(2027, 174)},
        "icd10cm_order_2027.txt: has 100 codes, but icd10cm_order_addenda_2027.txt counts 174",
    ),
    "a footer of more headers": (
        {**ORDER, **addenda(2026, 100, 1)},
        ORDER,
        "has 0 headers, but icd10cm_order_addenda_2026.txt counts 1",
    ),
    "a footer of the year before": (ORDER, {**ORDER, **addenda(2026, 174)}, ""),
    "a footer that agrees": (ORDER, {**icd(rows(30, 100)), **addenda(2027, 70)}, ""),
    "a codes file that agrees": (ORDER, {**icd(rows(30, 100)), **codes_file(rows(30, 100))}, ""),
    "a codes file of more": (
        ORDER,
        {**icd(rows(0, 99)), **codes_file(HUNDRED)},
        "has 99 codes, but icd10cm_codes_2027.txt counts 100",
    ),
    "the codes file alone, without its line end": (
        codes_file(HUNDRED),
        unended(codes_file(HUNDRED)),
        ":100: the last line",
    ),
    "the codes file of two editions": (
        codes_file(HUNDRED),
        codes_file([*rows(0, 60), *rows(55, 100)]),
        ":61: 5 codes are listed twice, the first is M055",
    ),
    "four codes twice": (codes_file(HUNDRED), codes_file([*rows(0, 60), *rows(56, 100)]), ""),
    # HCPCS keeps what has ended, with its date; the others do not vanish.
    "5 in a row without an end": (
        hcpcs(0, 400),
        hcpcs_of([*OLD[:9], *OLD[14:]]),
        "5 entries of HCPCS 2026 January are missing without an end date, the first is G0009",
    ),
    "4 in a row without an end": (hcpcs(0, 400), hcpcs_of([*OLD[:9], *OLD[13:]]), ""),
    "5 in a row that had ended": (
        hcpcs_of([*OLD[:9], *(record(n, end="20221231") for n in range(9, 14)), *OLD[14:]]),
        hcpcs_of([*OLD[:9], *OLD[14:]]),
        "",
    ),
    "every 11th without an end": (
        hcpcs(0, 400),
        hcpcs_of(r for n, r in enumerate(OLD) if n % 11),
        "37 entries of",
    ),
    "every 21st without an end": (
        hcpcs(0, 400),
        hcpcs_of(r for n, r in enumerate(OLD) if n % 21 != 5),
        "",
    ),
    "the last 2 lost": (
        hcpcs(0, 400),
        hcpcs(0, 398),
        "2 entries of HCPCS 2026 January are missing without an end date, the first is G0398",
    ),
    "the last one lost": (hcpcs(0, 400), hcpcs(0, 399), ""),
    "previous without 5 that were there": (
        hcpcs_of([*OLD[:9], *OLD[14:]]),
        hcpcs_of(OLD),
        "5 entries of HCPCS 2027 January are missing without an end date, the first is G0009",
    ),
    "5 new ones": (
        hcpcs_of([*OLD[:9], *OLD[14:]]),
        hcpcs_of([*OLD[:9], *(record(n, add="20260101") for n in range(9, 14)), *OLD[14:]]),
        "",
    ),
    "an older second half": (
        hcpcs_of(OLD),
        hcpcs_of([*NEW[:200], *OLD[200:]]),
        "no entry from G0200 to G0399 was changed within a year, 150 others were",
    ),
    "changed all over": (hcpcs_of(OLD), hcpcs_of(NEW), ""),
    "hardly changed": (hcpcs_of(OLD), hcpcs_of([*NEW[:20], *OLD[20:]]), ""),
    "a later second half": (
        hcpcs_of([*OLD[:200], *NEW[200:]]),
        hcpcs_of(NEW),
        "150 entries were changed after 2026-01-01",
    ),
    "a report that lists 5 more": (
        hcpcs(0, 395),
        {**hcpcs(0, 395), **report(range(400))},
        "HCPC2027_JAN_ANWEB.txt: 5 codes of HCPC2027_Trans.prn are not in it, the first is G0395",
    ),
    "a report that lists 4 more": (hcpcs(0, 396), {**hcpcs(0, 396), **report(range(400))}, ""),
    "a report of the changes alone": (
        hcpcs(0, 395),
        {**hcpcs(0, 395), **report(range(380, 400))},
        "",
    ),
    "no last line end in HCPCS": (
        hcpcs(0, 400),
        unended(hcpcs(0, 400)),
        ":400: the last line has no line end",
    ),
    # CPT's descriptor files hold the same codes.
    "5 codes in a row without a medium descriptor": (
        cpt(CPT),
        sisters(CPT, [*CPT[:9], *CPT[14:]]),
        "5 codes have no medium descriptor, the first is 10009",
    ),
    "2 codes without one": (cpt(CPT), sisters(CPT, [*CPT[:9], *CPT[11:]]), ""),
    "every 50th code without a long one": (
        cpt(CPT),
        sisters((c for n, c in enumerate(CPT) if n % 50), CPT),
        "4 codes have no long descriptor",
    ),
    "no line end after the text": (cpt(CPT), unended(cpt(CPT)), ""),
    "a cut text": (
        cpt(CPT),
        unended(cpt(CPT), 5),
        "the last line (10199) has no line end and only the start of its text",
    ),
    "a cut text before": (unended(cpt(CPT), 5), cpt(CPT), "the last line (10199)"),
    # Rows that are set aside.
    "11 of 100 rows set aside": (
        ORDER,
        spoil(ORDER, 11),
        "11 of 100 rows (11.0%) are excluded, most often (11 rows) for this: E150",
    ),
    "10 of 100 rows set aside": (ORDER, spoil(ORDER, 10), ""),
    "11 of 99 rows set aside": (ORDER, spoil(icd(rows(0, 99)), 11), ""),
    "a table of which 11% are set aside": (
        table(range(100)),
        {"list.csv": table(range(89))["list.csv"] + "1,2,3\r\n" * 11},
        "11 of 100 rows (11.0%) are excluded, most often (11 rows) for this: E152",
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_what_is_not_whole_is_doubted_with_its_place(
    compare: Compare, case: tuple[Files, Files, str]
) -> None:
    previous, current, told = case
    changes = compare(previous, current)
    found = find_alarms(changes, {}, list_ranges(changes.current.code_set))
    said = [f"{one.place}: {one.sentence}" for one in found if one.name == "not-whole"]
    assert len(said) == (1 if told else 0), said
    assert told in "".join(said)


@pytest.mark.parametrize(("year", "names"), [(2022, ""), (2024, "not-whole")])
def test_what_ended_more_than_four_years_ago_may_be_gone(
    doubts: Callable[..., str], year: int, names: str
) -> None:
    previous = {name.format(year=year): text for name, text in hcpcs(0, 400).items()}
    assert doubts(previous, hcpcs_of([*OLD[:9], *OLD[14:]])) == names


@pytest.mark.parametrize(
    ("current", "names"),
    [
        (icd(rows(30, 100)), "deleted-share"),
        ({**icd(rows(30, 100)), **addenda(2027, 70)}, ""),
        ({**icd(rows(30, 100)), **codes_file(rows(30, 100))}, ""),
    ],
    ids=["by itself", "counted by its addenda", "counted by its codes file"],
)
def test_a_release_that_proves_itself_whole_may_lose_any_share(
    doubts: Callable[..., str], current: Files, names: str
) -> None:
    assert doubts(ORDER, current) == names
