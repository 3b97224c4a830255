"""quarantine.csv says where a row stands in the file as it is on disk."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cptdiff import CodeSet
from cptdiff.pipeline import load_release as load
from cptdiff.reading import Reading
from tests.conftest import Content

Make = Callable[[Path, Content], Path]
OWN = Reading(CodeSet.TABLE)
PLA = '<plaCode cdCode="{}" cdId="1">\n<cdDesc>{}</cdDesc></plaCode>\n'
CODECS = {
    "": ("utf-8", "utf-8-sig", "utf-16-le", "utf-16-be", "utf-32-le"),
    "named": ("cp1252", "utf-16-le", "cp037"),
}
# File and text, the text of each row that is set aside, and its line.
SHIPPED: dict[str, tuple[str, str, list[tuple[int, str]]]] = {
    "LONGULT.txt": (
        "LONGULT.txt",
        "Prose\n\n00100\tx\n0010X\t\u00e9 y\n00102\tz\n",
        [(4, "0010X\t\u00e9 y")],
    ),
    "LONGULF.txt": ("LONGULF.txt", "0010001 a\n0010003 c\n0010101 d\n", [(1, "0010001 a")]),
    "order file": (
        "icd10cm_order_2026.txt",
        f"00001 A000    1 {'a':<60} \u00e9\n00002 A#00    1 {'b':<60} c\n",
        [(2, f"00002 A#00    1 {'b':<60} c")],
    ),
    "quoted list": (
        "ConsolidatedCodeList.csv",
        'Concept Id,CPT Code,Long\n1,00100,"a\nb"\n2,0010X,"\u00e9 ""x""\ny"\n3,00102,c,d\n',
        [(4, '2,0010X,"\u00e9 ""x""\ny"'), (6, "3,00102,c,d")],
    ),
    "list": (
        "ConsolidatedCodeList.txt",
        "Concept Id\tCPT Code\tLong\n1\t0010X\t\u00e9\n2\t00100\tx\ty\n3\t00102\tz\n",
        [(2, "1\t0010X\t\u00e9"), (3, "2\t00100\tx\ty")],
    ),
    "modifiers": (
        "MODUL.txt",
        "Appendix A\n\n22 Bent: x\n\n25 Two: y\n\n25 Two: z\n",
        [(5, "25 Two: y"), (7, "25 Two: z")],
    ),
    "CPTPLA": (
        "CPTPLA",
        (
            f"<plaCodes>\n<!-- <plaCode x> -->{PLA.format('0001U', 'a')}"
            f"{PLA.format('0001X', 'b')}</plaCodes>"
        ),
        [(4, PLA.format("0001X", "b").rstrip())],
    ),
}


def places(path: Path, reading: Reading | None = None) -> list[tuple[int, int, str]]:
    return load(path, reading).set_aside.select("line", "byte", "raw").rows()


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("shipped", SHIPPED)
def test_a_row_of_a_publishers_file_is_where_it_is_said_to_be(
    shipped: str, codec: str, end: str, make: Make, tmp_path: Path
) -> None:
    name, text, rows = SHIPPED[shipped]
    data = text.replace("\n", end).encode(codec)
    found = places(make(tmp_path / name, data))
    assert [(line, raw.replace(end, "\n")) for line, _, raw in found] == rows
    for _, byte, raw in found:
        bare = raw.encode(codec).removeprefix("".encode(codec))
        assert data[byte:].startswith(bare)
        assert data.count(bare) == 1


@settings(deadline=None, max_examples=100)
@given(
    texts=st.lists(st.text('x\u00e9",\r\n ', max_size=6), min_size=1, max_size=6),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
    named=st.sampled_from(["", "named"]),
    draw=st.data(),
)
def test_any_row_of_a_table_is_where_it_is_said_to_be(
    texts: list[str], end: str, named: str, draw: st.DataObject,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:  # fmt: skip
    codec = draw.draw(st.sampled_from(CODECS[named]))
    rows = [f'A,"{text.replace(chr(34), chr(34) * 2)}",{n}' for n, text in enumerate(texts)]
    text = end.join(["code,name", *rows, "B,last", ""])
    mark = "" if named or codec == "utf-8-sig" else "\ufeff"
    data = (mark + text).encode(codec)
    path = tmp_path_factory.getbasetemp() / "t.csv"
    path.write_bytes(data)
    found = places(path, Reading(CodeSet.TABLE, encoding=codec if named else ""))
    assert [raw for _, _, raw in found] == rows
    assert all(data[byte:].decode(codec).startswith(raw) for _, byte, raw in found)


def test_a_row_of_a_workbook_has_no_byte(
    make: Make, as_file: Callable[[str, list[list[str]]], bytes], tmp_path: Path
) -> None:
    path = make(tmp_path / "t.xlsx", as_file("t.xlsx", [["code", "name"], ["", "x"], ["A", "y"]]))
    assert load(path, OWN).set_aside["byte"].to_list() == [None]
