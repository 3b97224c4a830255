"""Tables of the user's own: what is read, what is compared."""

import io
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from cptdiff import Changes, CodeSet, CptdiffError, Release
from cptdiff.comparison import compare as diff
from cptdiff.pipeline import load_release as load
from cptdiff.reading import Columns, Reading
from cptdiff.results import make_results

Content = str | bytes
Compare = Callable[..., Changes]
HEAD = "code,text\n"
AB = f"{HEAD}A,x\nB,y\n"
CELLS = [["code", "text"], ["A", "x"], ["B", "y"]]


def sheet(rows: Iterable[Iterable[Any]], *, hidden: bool = False, number: str = "") -> bytes:
    """A workbook; `hidden` puts a hidden sheet first, `number` is the format of numbers."""
    data = io.BytesIO()
    with xlsxwriter.Workbook(data, {"default_date_format": "yyyy-mm-dd hh:mm"}) as book:
        style = book.add_format({"num_format": number}) if number else None
        pages = [book.add_worksheet() for _ in range(1 + hidden)]
        pages[-1].activate()
        if hidden:
            pages[0].write_column(0, 0, ["code", "HIDDEN"])
            pages[0].hide()
        for at, row in enumerate(rows):
            for column, value in enumerate(row):
                parts = value if isinstance(value, tuple) else (value,)
                pages[-1].write(at, column, parts[0], style, *parts[1:])
    return data.getvalue()


def parquet(columns: dict[str, list[Any]]) -> bytes:
    data = io.BytesIO()
    pl.DataFrame(columns).write_parquet(data)
    return data.getvalue()


def read(folder: Path, content: Content, *keys: str, fields: Sequence[str] = ()) -> Release:
    data = content.encode() if isinstance(content, str) else content
    path = folder / {b"PK": "a.xlsx", b"PA": "a.parquet"}.get(data[:2], "a.csv")
    path.write_bytes(data)
    return load(path, Reading(CodeSet.TABLE, columns=Columns(keys or ("code",), tuple(fields))))


@pytest.fixture
def compare(tmp_path: Path) -> Compare:
    def run(*sides: Content, keys: Sequence[str] = ("code",), **fields: Sequence[str]) -> Changes:
        return diff(*(read(tmp_path, side, *keys, **fields) for side in sides))

    return run


def told(changes: Changes) -> str:
    """The changes, like `+A -B C.text:x>y`."""
    frames = {"+": changes.added, "-": changes.deleted}
    listed = [f"{sign}{code}" for sign, frame in frames.items() for code in sorted(frame["code"])]
    rows = make_results(changes).fields.to_dicts()
    return " ".join(listed + ["{code}.{field}:{previous}>{current}".format(**row) for row in rows])


SAME = {  # as AB
    "semicolons": AB.replace(",", ";"), "tabs": AB.replace(",", "\t"), "bars": AB.replace(",", "|"),
    "quotes": '"code","text"\n"A","x"\n"B","y"\n', "one quoted": f'{HEAD}A,x\nB,"y"\n',
    "other columns first": "text,code\nx,A\ny,B\n", "other rows first": f"{HEAD}B,y\nA,x\n",
    "blank lines": f"{HEAD}\nA,x\n\n\nB,y\n\n", "and quotes": f'{HEAD}\nA,"x"\n\n\nB,y\n\n',
    "lines above": f"My list\n\n{AB}", "no last line end": AB.rstrip(), "Ctrl-Z": AB + "\x1a",
    "CRLF": AB.replace("\n", "\r\n"), "CR": AB.replace("\n", "\r"), "mixed": f"{HEAD}A,x\r\nB,y\n",
    "BOM": AB.encode("utf-8-sig"), "UTF-16": AB.encode("utf-16"), "twice": f"{AB}B,y\n",
    "key in blanks": f"{HEAD} A ,x\nB,y\n", "names in blanks": " code , text\nA,x\nB,y\n",
    "names in capitals": "CODE,Text\nA,x\nB,y\n", "workbook": sheet(CELLS),
    "hidden first": sheet(CELLS, hidden=True), "rows above": sheet([["My list"], [], *CELLS]),
    "formulas": sheet([*CELLS[:2], ["B", ('="y"', "y")]]),
    "Parquet": parquet({"text": ["x", "y"], "code": ["A", "B"]}),
}  # fmt: skip
CHANGED = (
    ("2.5", "2.50"), ("", "NULL"), ("x", "x "), ("y", " y"), ("\u00e9", "e\u0301"), ("a", "A"),
    ("1", "01"), ("null", "NaN"), ("1e5", "100000"), ("true", "TRUTH"), ("a b", "a\u00a0b"),
)  # fmt: skip
EQUAL = (
    ('6" tube', '"6"" tube"'), ("", '""'), ('"a,b;c|d"', '"a,b;c|d"'), ("=1+1", '"=1+1"'),
    ('"two\nlines"', '"two\nlines"'), ("a\u2028b\x0bc\x85d", '"a\u2028b\x0bc\x85d"'),
)  # fmt: skip
REFUSED = (
    ("id,text\nA,x\n", "E163.*id, text"), ("code,text,Code\nA,x,y\n", "E162.*code, text, Code"),
    (f"{HEAD}A,caf\u00e9".encode("cp1252"), "E140.*0xE9"), (f'{HEAD}A,"6" tube"\n', "E153"),
    (HEAD, "E111"), (sheet(CELLS[:1]), "E111"), (parquet({"id": ["A"]}), "E163.*id"),
)  # fmt: skip
AS_TEXT = (
    (100, "00000", "00100"), (100, "", "100"), ("00100", "", "00100"), (2.5, "0.00", "2.5"),
    (2.0, "", "2"), (True, "", "TRUE"), (" x ", "", " x "),
)  # fmt: skip


@pytest.mark.parametrize("how", SAME)
def test_two_tables_that_say_the_same_have_no_changes(how: str, compare: Compare) -> None:
    assert (told(compare(AB, SAME[how])), told(compare(SAME[how], AB))) == ("", "")


@pytest.mark.parametrize(("old", "new"), CHANGED)
def test_values_are_compared_exactly_as_text(old: str, new: str, compare: Compare) -> None:
    assert told(compare(f"{HEAD}A,{old}\n", f"{HEAD}A,{new}\n")) == f"A.text:{old}>{new}"


def test_a_truth_value_in_another_spelling_is_told_and_revises_nothing(compare: Compare) -> None:
    found = compare(f"{HEAD}A,true\nB,false\n", f"{HEAD}A,TRUE\nB,TRUE\n")
    assert told(found) == "B.text:false>TRUE"
    assert any("equal in another spelling" in str(note) for note in found.notes)


@pytest.mark.parametrize(("bare", "quoted"), EQUAL)
def test_quoting_is_no_part_of_a_value(bare: str, quoted: str, compare: Compare) -> None:
    assert told(compare(f"{HEAD}A,{bare}\n", f"{HEAD}A,{quoted}\n")) == ""


def test_line_breaks_inside_quotes_are_as_they_were_written(compare: Compare) -> None:
    found = compare(f'{HEAD}A,"x\r\ny"\nB,"p\rq"\n', f'{HEAD}A,"x\r\ny"\nB,"p\nq"\n')
    assert told(found) == "B.text:p\rq>p\nq"


def test_keys_are_trimmed_aloud_and_matter_in_case(compare: Compare) -> None:
    found = compare(f"{HEAD}Key7,x\nB,y\n", f"{HEAD} Key7,x\nb,y\n")
    assert told(found) == "+b -B"
    words = "spaces around them, which were removed: 1 (Key7)"
    assert any(words in note for note in map(str, found.current.notes))


def test_several_keys_make_one_code(compare: Compare) -> None:
    current = "b;a;text\nz;x|y;2\nw;v\\;1\nn;m;3\n"
    found = compare("a,b,text\nx|y,z,1\nx,y|z,1\nv\\,w,1\n", current, keys=("a", "b"))
    assert told(found) == r"+m|n -x|y\|z x\|y|z.text:1>2"
    assert found.previous.entries["code"].sort().to_list() == ["v\\\\|w", "x\\|y|z", "x|y\\|z"]


def test_names_of_columns_match_in_any_case_aloud(compare: Compare) -> None:
    found = compare("CODE,Text\nA,x\n", "code,text\nA,z\n")
    assert told(found) == "A.text:x>z"
    assert any("Text" in str(note) for note in (*found.notes, *found.previous.notes))


@pytest.mark.parametrize("name", ["kind", "code", "line", "part", "reason", "add_date", "end_date"])
def test_a_column_may_bear_any_name(name: str, compare: Compare) -> None:
    found = compare(f"key,{name}\nA,x\nB,\n", f"key,{name}\nA,y\nC,z\n", keys=["key"])
    assert told(found) == f"+C -B A.{name}:x>y"


def test_only_the_named_fields_are_compared(compare: Compare) -> None:
    sides = ("code,text,price\nA,x,1\n", "code,text,price\nA,y,2\n")
    assert told(compare(*sides)) == "A.price:1>2 A.text:x>y"
    assert told(compare(*sides, fields=["PRICE"])) == "A.price:1>2"


def test_a_column_of_one_side_is_told_and_revises_nothing(compare: Compare) -> None:
    found = compare("code,text,old\nA,x,1\n", "code,text,new\nA,x,2\n")
    assert told(found) == ""
    columns = make_results(found).summary["columns"]
    assert columns == {"added": ["new"], "removed": ["old"], "types": {}}


@pytest.mark.parametrize(("content", "words"), REFUSED)
def test_what_is_no_table_is_refused(content: Content, words: str, tmp_path: Path) -> None:
    with pytest.raises(CptdiffError, match=words):
        read(tmp_path, content)


@pytest.mark.parametrize("last", ["D,x", 'D,"x"'])
def test_rows_of_another_width_are_set_aside(last: str, tmp_path: Path) -> None:
    release = read(tmp_path, f"{HEAD}A\nB,y,z\nC,y,\n\n{last}\n")
    # An empty cell too many, as of C, is none.
    assert (release.rows.read, release.rows.kept, release.rows.quarantined) == (4, 2, 2)
    assert release.set_aside["line"].to_list() == [2, 3]


@pytest.mark.parametrize(("value", "number", "text"), AS_TEXT)
def test_cells_are_text(value: object, number: str, text: str, tmp_path: Path) -> None:
    release = read(tmp_path, sheet([["code", "text"], ["A", value], [value, "z"]], number=number))
    assert release.entries.select("code", "=text").rows() == sorted(
        [("A", text), (text.strip(), "z")]
    )


@pytest.mark.parametrize("later", [datetime(2026, 3, 2), datetime(2026, 3, 1, 8)])  # noqa: DTZ001
def test_dates_in_a_workbook_differ_by_day_and_by_time(later: datetime, compare: Compare) -> None:
    early = later.replace(day=1, hour=0)
    sides = [sheet([*CELLS, ["C", day]]) for day in (early, early, later)]
    assert told(compare(*sides[:2])) == ""
    assert told(compare(*sides[1:])).startswith("C.text:")


@settings(deadline=None, max_examples=200)
@given(body=st.text("aé,,\n\n\r ", max_size=30), separator=st.sampled_from(",;\t|"))
def test_a_file_without_quotes_is_read_as_one_with_quotes(
    body: str, separator: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    found = []
    for last in ("last", '"last"'):
        text = f"{HEAD}{body}\nZ,{last}\r\n".replace(",", separator)
        release = read(tmp_path_factory.getbasetemp(), text)
        aside = release.set_aside.select("line", "fault").rows()
        found.append((release.rows, release.entries.rows(), aside))
    assert found[0] == found[1]


ONE, TWO = "1 value is equal in another spelling", "2 values are equal in another spelling"
RESPELLED = (
    (("5", "6"), ("5.0", "6.0"), TWO), (("5.00", "2.50"), ("5", "2.5"), TWO),
    (("5", "x"), ("5.0", "x"), ONE), (("-5", "100"), ("-5.0", "100.0"), TWO),
    (("5", "6"), ("5.0", "7.0"), ONE), (("5", "6"), ("05", "06"), ""),
    (("5", "6"), ("5.1", "6.1"), ""), (("x1", "x2"), ("x1.0", "x2.0"), ""),
    (("100", "200"), ("1", "2"), ""),
)  # fmt: skip


@pytest.mark.parametrize(("old", "new", "words"), RESPELLED)
def test_a_column_whose_values_are_only_written_otherwise_is_told_first(
    old: tuple[str, str], new: tuple[str, str], words: str, compare: Compare
) -> None:
    sides = [f"code,units\nA,{one}\nB,{two}\n" for one, two in (old, new)]
    first = [*map(str, compare(*sides).notes), ""][0]
    assert first.startswith(f"column units: {words}" if words else ""), first
    assert bool(first) == bool(words)
