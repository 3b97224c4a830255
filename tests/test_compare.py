"""What counts as a change: the comparer's specification, one line for each rule."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from cptdiff import Changes, CodeSet, CptdiffError
from cptdiff.comparison import compare as diff
from cptdiff.pipeline import load_release as load
from cptdiff.reading import Reading
from cptdiff.results import make_results

Files = Mapping[str, str]
Compare = Callable[[Files, Files], Changes]


def item(long: str = "Polish", code: str = "A0001", *, price: str = "", dates: str = "-") -> str:
    """A HCPCS record; `dates` are the add date and the last valid day, `-` for none."""
    added, ended = f"{dates} ".replace("-", "").split(" ")[:2]
    record = "7" if len(code) == 2 else "3"
    return f"{code:>5}00100{record}{long:<108}{price:<149}{added:<8}{'':<8}{ended:<8}N"


def hcpcs(*records: str, modifier: str = "E1") -> Files:
    """Records after a code and a modifier that never change."""
    lines = [item(code="A9999"), item(code=modifier) if modifier else "", *records]
    return {"HCPC{year}_JAN_ANWEB.txt": "".join(f"{line}\r\n" for line in lines)}


def on(dates: str) -> Files:
    return hcpcs(item(dates=dates))


def icd(*rows: str) -> Files:
    """Rows like `1 A000 Short|Long` (0 for a header) after a header and a code."""
    lines = []
    for number, row in enumerate(("0 B99 Header", "1 B999 Code", *rows), 1):
        flag, code, texts = row.split(" ", 2)
        short, _, long = texts.partition("|")
        lines.append(f"{number:05} {code:<7} {flag} {short:<60} {long or short}")
    return {"icd10cm_order_{year}.txt": "".join(f"{line}\r\n" for line in lines)}


def table(*rows: str) -> Files:
    return {"list.csv": "\n".join(["code,text,price", *rows, ""])}


def cpt(**files: str) -> Files:
    """Legacy files, a `/` after each line; LONGULT is never empty."""
    lines = files | {"LONGULT": "10004\tAnchor/" + files.get("LONGULT", "")}
    return {f"CPT {{year}}/{n}.txt": text.replace("/", "\r\n") for n, text in lines.items()}


NONE, LIVE = hcpcs(), on("20200101")
CONSUMER = "Concept Id\tCPT Code\tConsumer Friendly Descriptor/2\t00990\tFor you/"
# Effective: HCPCS and CPT on 2026-01-01 and 2027-01-01, ICD-10 on 2025-10-01 and 2026-10-01.
RULES = (
    # A code comes and goes.
    ("added", NONE, on("20260701"), "added code A0001 2026-07-01"),
    ("added, without an add date", NONE, on("-"), "added code A0001 2027-01-01"),
    ("added, to become valid later", NONE, on("20270401"), "added code A0001 2027-04-01"),
    ("absent", LIVE, NONE, "deleted code A0001 absent 2027-01-01"),
    ("absent, no dates", icd("1 A000 X"), icd(), "deleted code A000 absent 2026-10-01"),
    ("a modifier", hcpcs(item(code="LT")), NONE, "deleted modifier LT absent 2027-01-01"),
    ("the last modifier", NONE, hcpcs(modifier=""), "deleted modifier E1 absent 2027-01-01"),
    # The termination date is the last valid day.
    ("ended", LIVE, on("20200101 20260630"), "deleted code A0001 terminated 2026-07-01"),
    ("ended the day before", LIVE, on("- 20261231"), "deleted code A0001 terminated 2027-01-01"),
    ("ends on the very day", LIVE, on("20200101 20270101"), ""),
    ("ended on previous's day", on("- 20260101"), on("- 20260101"),
     "deleted code A0001 terminated 2026-01-02"),
    ("ended, then rolled off", on("- 20251231"), NONE, ""),
    ("end in the future", on("- 20270630"), LIVE, ""),
    ("reinstated", on("- 20251231"), on("20260401"), "added code A0001 reinstated 2026-04-01"),
    # Transient: three conditions, then each of them missing.
    ("transient", NONE, on("20260102 20261231"), "transient code A0001 2026-01-02"),
    ("passing again", on("- 20251231"), on("20260401 20260930"), "transient code A0001 2026-04-01"),
    ("was valid", LIVE, on("20260102 20261231"), "deleted code A0001 terminated 2027-01-01"),
    ("not yet ended", NONE, on("20260102 20270101"), "added code A0001 2026-01-02"),
    ("not added after previous", NONE, on("20260101 20261231"), ""),
    ("ended, add date not known", NONE, on("- 20261231"), ""),
    # A code changes its kind.
    ("became a header, reworded", icd("1 A000 X"), icd("0 A000 Y"),
     "added header A000 became-header 2026-10-01; deleted code A000 became-header 2026-10-01"),
    ("became a code", icd("0 A000 X"), icd("1 A000 X"),
     "added code A000 became-code 2026-10-01; deleted header A000 became-code 2026-10-01"),
    ("a header's words", icd("0 A00 X|Y"), icd("0 A00 X|Z"), "revised header A00 2026-10-01 long"),
    # Words and attributes.
    ("one of two", icd("1 A000 X|Y"), icd("1 A000 X|Z"), "revised code A000 2026-10-01 long"),
    ("case only", icd("1 A000 X|Y"), icd("1 A000 X|y"), "revised code A000 2026-10-01 long"),
    ("blank only", icd("1 A000 X|Y Z"), icd("1 A000 X|Y  Z"), "revised code A000 2026-10-01 long"),
    ("X2A of 2019", icd("1 A000 X|Y "), icd("1 A000 X|Y"), "revised code A000 2026-10-01 long"),
    ("no-break blank", cpt(LONGULT="00990\tPolish it"), cpt(LONGULT="00990\tPolish\xa0it"),
     "revised code 00990 2027-01-01 long"),
    ("comma only", icd("1 A000 X|Y"), icd("1 A000 X|Y,"), "revised code A000 2026-10-01 long"),
    ("attributes only", LIVE, hcpcs(item(price="11")),
     "revised code A0001 attributes-only 2027-01-01 price1"),
    ("attribute and descriptor", LIVE, hcpcs(item("Polish!", price="11")),
     "revised code A0001 2027-01-01 long;price1"),
    # Padding is no text; empty and absent are the same.
    ("padded or trimmed", cpt(MEDU="10004 POLISH", SHORTU="10004 POLISH"),
     cpt(MEDU="10004 " + "POLISH".ljust(100), SHORTU="10004 " + "POLISH".ljust(74)), ""),
    ("record without its tail", on("-"), hcpcs(item(dates="-").rstrip("N ")), ""),
    ("no line or an empty cell", cpt(LONGULT="00990\tX", ConsumerDescriptor=CONSUMER),
     cpt(LONGULT="00990\tX", ConsumerDescriptor=CONSUMER + "1\t10004\t/"), ""),
    ("a cell filled at last", table("A,X,"), table("A,X,9"), "revised code A price"),
)  # fmt: skip
PLA = '<plaCodes><plaCode cdCode="0991U" cdId="9"><cdDesc>Polish</cdDesc></plaCode></plaCodes>'
HEAD = "Concept Id\tCPT Code\tLong\tConsumer\r\n1\t00990\tPolish\t"
CODES: Files = {"icd10cm_codes_{year}.txt": "A000    X\r\nB999    Code\r\n"}
ONE_SIDED = (
    ("short of Codes", cpt(SHORTU="10004 POLISH"), cpt()),
    ("PLA codes", cpt(), {**cpt(), "CPT {year}/CPTPLA": PLA}),
    ("Modifiers", cpt(MODUL="Appendix A//22 Bent: Polish/"), cpt()),
    ("Headers", icd("1 A000 X"), CODES),
    ("price", table("A,Polish,9"), {"list.csv": "code,text\nA,Polish\n"}),
    ("consumer of Codes", {"{year}/ConsolidatedCodeList.txt": f"{HEAD}For you"},
     {"{year}/ConsolidatedCodeList.txt": HEAD}),
)  # fmt: skip


@pytest.fixture
def compare(tmp_path: Path) -> Compare:
    def run(previous: Files, current: Files) -> Changes:
        how = Reading(CodeSet.TABLE) if "list.csv" in previous else None
        releases = []
        for year, files in ((2026, previous), (2027, current)):
            for name, text in files.items():
                path = tmp_path / str(year) / name.format(year=year)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(text.encode())
            releases.append(load(tmp_path / str(year), how))
        return diff(*releases)

    return run


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule[0])
def test_it_is_a_change_by_the_rule(rule: tuple[str, Files, Files, str], compare: Compare) -> None:
    _, previous, current, expected = rule
    columns = ("change", "kind", "code", "reason", "effective_date", "fields")
    rows = make_results(compare(previous, current)).entries.select(columns).rows()
    sorted_fields = [(*row[:-1], ";".join(sorted(row[-1].split(";")))) for row in rows]
    assert "; ".join(sorted(" ".join(filter(None, row)) for row in sorted_fields)) == expected


@pytest.mark.parametrize("turned", [False, True], ids=["one way", "other way"])
@pytest.mark.parametrize(("what", "previous", "current"), ONE_SIDED)
def test_what_only_one_side_has_is_told_and_not_compared(
    what: str, previous: Files, current: Files, compare: Compare, *, turned: bool
) -> None:
    found = make_results(compare(*((current, previous) if turned else (previous, current))))
    assert not found.entries.height
    assert any(
        f"{what} ".lower() in f" {doubt}".lower() and "not compared" in doubt
        for doubt in found.doubts
    )


def test_a_demotion_is_plainly_absent_where_one_side_has_codes_only(compare: Compare) -> None:
    found = make_results(compare(CODES, icd("0 A000 X"))).entries
    assert found.select("kind", "code", "reason").rows() == [("code", "A000", "absent")]


def test_every_attribute_column_is_compared_and_no_date_nor_action(compare: Compare) -> None:
    """Columns 120 to 268 but the filler 260, not those behind."""

    def record(column: int, mark: str) -> str:
        line = item(code=f"A{column:04}", dates="20200101").ljust(320)
        return line[: column - 1] + mark + line[column:]

    columns = [*range(120, 269), *range(277, 285), *range(293, 321)]
    previous, current = (hcpcs(*(record(n, mark) for n in columns)) for mark in "12")
    found = make_results(compare(previous, current)).entries
    assert set(found["reason"]) == {"attributes-only"}
    assert found["code"].to_list() == [f"A{n:04}" for n in range(120, 269) if n != 260]


def test_a_code_whose_rows_were_set_aside_is_neither_added_nor_deleted(compare: Compare) -> None:
    once, doubled = (cpt(LONGULT=f"10002\tPolish/{more}") for more in ("", "10002\tGrind/"))
    for found in (make_results(compare(once, doubled)), make_results(compare(doubled, once))):
        assert "2 rows were excluded" in found.doubts[0]
        assert not found.entries.height


def test_changes_stand_in_the_order_of_kind_and_code(compare: Compare) -> None:
    codes = ("0 C01 H", "1 A09 X", "1 C7A X", "0 A00 H", "1 A10 X", "1 B00 X")
    found = make_results(compare(icd(*codes), icd("1 C7A Y", "1 A09 Y")))
    assert found.entries["code"].to_list() == ["A09", "A10", "B00", "C7A", "A00", "C01"]
    both = [(code, field) for code in ("A09", "C7A") for field in ("long", "short")]
    assert found.fields.select("code", "field").rows() == both


def test_severities_of_what_came_and_went_are_fixed(compare: Compare) -> None:
    before = hcpcs(item(), item(code="A0002", dates="- 20251231"), item(code="A0003"))
    passing = item(code="A0005", dates="20260401 20260501")
    after = hcpcs(*(item(code=f"A000{n}", price="11") for n in (2, 3, 4)), passing)
    found = make_results(compare(before, after)).entries
    assert found["severity"].to_list() == ["high", "high", "info", "", ""]


def test_two_code_sets_are_refused(compare: Compare) -> None:
    with pytest.raises(CptdiffError, match=r"E303.*CPT.*HCPCS"):
        compare(cpt(), NONE)
