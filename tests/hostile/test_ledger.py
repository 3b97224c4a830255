"""The ledger of lines misses what a reader loses or doubles (E199)."""

import csv
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import polars as pl
import pytest

from cptdiff import CodeSet, CptdiffError
from cptdiff.pipeline import load_release as load
from cptdiff.reading import Reading, delimited, ledger, lines, prose, tables, workbooks
from cptdiff.reading.ledger import Ledger
from cptdiff.reading.rows import Rows, make_no_faults
from cptdiff.reading.tables import add_keys
from cptdiff.reading.text import Text
from tests.conftest import Content

Make = Callable[[Path, Content], Path]
TABLE = "code,name\nA1,x\nA2,y\nA3,z\n"
PLA = "".join(f'<plaCode cdCode="000{n}U"><cdDesc>x</cdDesc></plaCode>' for n in (1, 2, 3))
LIST = "Concept Id\tCPT Code\tLong\n1\t00100\ta\n2\t00102\tb\n3\t00104\tc\n"
ORDER = "".join(f"0000{n} A00{n}    1 {'a':<60} b\n" for n in (1, 2, 3))
# By the reader that is made to fail: file, text of three rows, and where its rows come from.
READERS: dict[str, tuple[str, str, Any, str]] = {
    "delimited": ("LONGULT.txt", "00100\ta\n00102\tb\n00104\tc\n", lines, "split_lines"),
    "header": ("ConsolidatedCodeList.txt", LIST, delimited, "split_lines"),
    "fixed": ("icd10cm_order_2026.txt", ORDER, lines, "split_lines"),
    "continued": ("LONGULF.txt", "0010001 a\n0010201 b\n0010401 c\n", lines, "split_lines"),
    "prose": ("MODUL.txt", "Appendix A\n\n22 B: x\n\n25 T: y\n\n27 U: z\n", prose, "_find_records"),
    "quoted list": ("ConsolidatedCodeList.csv", LIST.replace("\t", ","), delimited, "read_quoted"),
    "quoted table": ("t.csv", TABLE.replace("z", '"z\nz"'), tables, "read_quoted"),
    "table with plain quotes": ("t.csv", TABLE.replace("z", '"z"'), tables, "_read_fast"),
    "plain table": ("t.csv", TABLE, tables, "_read_fast"),
    "CPTPLA": ("CPTPLA", f"<plaCodes>{PLA}</plaCodes>", ET, "fromstring"),
}


def without(at: int, found: Any) -> Any:  # noqa: ANN401 - whatever the reader gives
    """Lose the row at a place, counted from the end."""
    if isinstance(found, pl.DataFrame):
        return pl.concat([found.head(at), found.tail(-1 - at)])
    if isinstance(found, Rows):
        return found._replace(rows=without(at, found.rows))
    if isinstance(found, Iterator):
        return iter(without(at, list(found)))
    if isinstance(found, list):
        return [*found[:at], *found[at + 1 :]]
    found.remove(found[at])
    return found


# The row before the last, and of three rows the first, below a header.
lossy, beheaded = partial(without, -2), partial(without, -3)


def doubling(found: Any) -> Any:  # noqa: ANN401 - as above
    """Give the last row twice."""
    if isinstance(found, pl.DataFrame):
        return pl.concat([found, found.tail(1)])
    if isinstance(found, Rows):
        return found._replace(rows=doubling(found.rows))
    if isinstance(found, Iterator):
        return iter(doubling(list(found)))
    if isinstance(found, list):
        return [*found, found[-1]]
    found.append(found[-1])
    return found


@pytest.mark.parametrize("fault", [lossy, beheaded, doubling])
@pytest.mark.parametrize("reader", READERS)
def test_a_reader_that_loses_or_doubles_a_row_is_found_out(
    reader: str, fault: Callable[[Any], Any], make: Make, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    name, text, module, function = READERS[reader]
    path = make(tmp_path / name, text)
    reading = Reading(CodeSet.TABLE if name == "t.csv" else None)
    assert load(path, reading).rows.kept == 3
    sound = getattr(module, function)
    monkeypatch.setattr(module, function, lambda *given, **more: fault(sound(*given, **more)))
    with pytest.raises(CptdiffError, match="E199"):
        load(path, reading)


HCPCS = ["HCPC", "SEQNUM", "RECID", "LONG DESCRIPTION", "SHORT DESCRIPTION", "TERM DT"]
RECORDS = [
    HCPCS,
    *(["A0001", "100", "3", "Polish", "POLISH", ""], ["A0001", "200", "4", "and rinse", "", ""]),
    *(["A0002", "100", "3", "Grind", "GRIND", ""], ["A0003", "100", "3", "Trim", "TRIM", ""]),
]


@pytest.mark.parametrize("fault", [lossy, beheaded, doubling])
def test_records_that_a_workbooks_reader_loses_are_found_out(
    fault: Callable[[Any], Any], as_file: Callable[..., bytes], make: Make, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    path = make(tmp_path / "HCPC2026_JAN_ANWEB.xlsx", as_file("t.xlsx", RECORDS))
    assert load(path).rows.kept == 3
    sound = workbooks._join_records  # noqa: SLF001 - what is made to fail

    def faulty(*given: Any) -> Any:  # noqa: ANN401
        whole, stray = sound(*given)
        return fault(whole), stray

    monkeypatch.setattr(workbooks, "_join_records", faulty)
    with pytest.raises(CptdiffError, match="E199"):
        load(path)


BROKEN = [
    (name, fault) for name in ("t.xlsx", "t.parquet") for fault in (lossy, beheaded, doubling)
]


@pytest.mark.parametrize("broken", BROKEN)
def test_rows_that_are_lost_of_a_users_own_file_are_found_out(
    broken: tuple[str, Callable[[Any], Any]], as_file: Callable[..., bytes], make: Make,
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    name, fault = broken
    rows = [line.split(",") for line in TABLE.splitlines()]
    path = make(tmp_path / name, as_file(name, rows))
    assert load(path, Reading(CodeSet.TABLE)).rows.kept == 3

    def faulty(frame: pl.DataFrame, *given: Any) -> Any:  # noqa: ANN401
        return add_keys(fault(frame), *given)

    home = "workbooks" if name == "t.xlsx" else "parquet"
    monkeypatch.setattr(f"cptdiff.reading.{home}.add_keys", faulty)
    with pytest.raises(CptdiffError, match="E199"):
        load(path, Reading(CodeSet.TABLE))


def test_the_standard_library_is_not_trusted_either(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = make(tmp_path / "t.csv", TABLE.replace("z", '"z\nz"'))
    sound = csv.reader

    class Lossy:
        def __init__(self, *given: Any, **more: Any) -> None:  # noqa: ANN401
            self.inner = sound(*given, **more)

        @property
        def line_num(self) -> int:
            return self.inner.line_num

        def __iter__(self) -> Iterator[list[str]]:
            return iter(lossy(list(self.inner)))

        def __next__(self) -> list[str]:
            return next(self.inner)

    monkeypatch.setattr(csv, "reader", Lossy)
    with pytest.raises(CptdiffError, match="E199"):
        load(path, Reading(CodeSet.TABLE))


@pytest.mark.parametrize(
    ("data", "lines"),
    [
        ("a", 1), ("a\n", 1), ("\n", 1), ("\n\n", 2), ("a\n\nb", 3), ("a\r\nb\r\n", 2), ("a\rb", 2),
        ("a\rb\r", 2), ("\r\r\n\n", 3), ("\n\r", 2), ("a\r\n\r\rb\nc", 5),
    ],
)  # fmt: skip
def test_lines_are_counted_as_a_person_does(data: str, lines: int) -> None:
    assert ledger.count_lines(data.encode()) == lines


ENDS = [
    "a\nb\n",
    "a\r\nb\r\n",
    "a\r\nb\n",
    "a\nb",
    "a\r\nb",
    "a\rb\r",
    "a\r\r\nb\r",
    "\r\n\n\u00e9",
]


@pytest.mark.parametrize("data", ENDS)
def test_line_ends_are_counted_alike_before_and_after_the_lines_are_split(data: str) -> None:
    pairs = data.count("\r\n")
    for is_split in (False, True):
        text = Text("a.txt", data.encode(), "UTF-8")
        if is_split:
            assert text.lines.height
        assert text.line_ends == (data.count("\r"), data.count("\n"), pairs)
        assert text.has_lone_returns == (data.count("\r") > pairs)


def test_a_line_that_no_fate_is_stated_for_is_told_with_the_numbers() -> None:
    frame = pl.DataFrame({"code": ["A1", "A2"]})
    text = Text("t.txt", b"title\n\nA1\nA2\nA3", "ASCII")
    assert ledger.make_table(text, frame, make_no_faults(), Ledger(1, 1, 2, 1)).read == 2
    wrong = "t.txt: has 5 lines, but 1 were read as blank, 1 as preamble, 2 as entries and 0 were"
    with pytest.raises(CptdiffError, match=wrong):
        ledger.make_table(text, frame, make_no_faults(), Ledger(1, 1, 2, 0))


# Lines of every fate, in each layout; what is kept and what is set aside.
EVERY_FATE: dict[str, tuple[str, str, tuple[int, int]]] = {
    "delimited": ("LONGULT.txt", "00100\ta\n\n00102\tb\r\nodd\n00104\tc\n\n", (3, 1)),
    "header": ("ConsolidatedCodeList.txt", f"title\n\n{LIST}\n4\t5\t6\t7\n\n", (3, 1)),
    "fixed": ("icd10cm_order_2026.txt", f"{ORDER}\n  \n00004\tA004\n", (3, 1)),
    "continued": ("LONGULF.txt", "0010001 a\n0010002 b\n\n0010202 torn\n0010401 c\n", (2, 1)),
    "prose": ("MODUL.txt", "Appendix A\n\n22 B: x\ny\n\n25 T: y\n\nof\nnone\n", (1, 2)),
    "quoted list": (
        "ConsolidatedCodeList.csv",
        f'"a\nb"\n\n{LIST.replace(chr(9), ",")}\n4,00106,"d\r\ne"\n5,00108,"f\rg",h\n',
        (4, 1),
    ),
    "quoted table": (
        "t.csv",
        f'"a\nb"\r{TABLE}\r\rA4,"v\r\nw"\nA5,"v\r",w\nTOTAL,"a\nb"\n',
        (4, 1),
    ),
    "plain table": ("t.csv", f"title\n\n{TABLE}", (3, 0)),
}  # fmt: skip


@pytest.mark.parametrize("layout", EVERY_FATE)
def test_each_line_has_one_fate(layout: str, make: Make, tmp_path: Path) -> None:
    name, text, expected = EVERY_FATE[layout]
    path = make(tmp_path / name, text)
    rows = load(path, Reading(CodeSet.TABLE if name == "t.csv" else None)).rows
    assert (rows.kept, rows.quarantined) == expected
