"""Columns of a table are judged by what they hold: amounts, dates, flags, identifiers, text."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from cptdiff import CptdiffError, diff
from cptdiff.__main__ import run
from cptdiff.columns import find_type, measure

Make = Callable[[Path, str], Path]
Rows = list[dict[str, str]]

TYPES = {
    "a price with a sign": ("Payment Limit", ["$1,001.50", "7"], "number"),
    "decimals": ("anything", ["1.5", "22.75"], "number"),
    "whole amounts": ("Units", ["5", "10"], "number"),
    "categories of several widths": ("anything", ["17", "115"], "identifier"),
    "counts of one digit": ("MUE Values", ["1", "2"], "number"),
    "accounting parentheses": ("balance", ["(1,234.50)", "5"], "number"),
    "amounts, some not available": ("rate", ["NA", "5.1", ""], "number"),
    "a few words among prices": ("Price", ["=1+1", "varies", "5.25"], "number"),
    "many words among prices": ("Price", ["a bit", "some", "more", "much", "5.25"], "text"),
    "a word among numbers without a name": ("anything", ["varies", "5.25"], "text"),
    "revenue codes": ("Rev Code", ["250", "360"], "identifier"),
    "revenue codes without a name": ("anything", ["0250", "36"], "identifier"),
    "digits of one width": ("anything", ["250", "360"], "identifier"),
    "drug codes": ("NDC2", ["00000-0001-01", "00000-0001-02"], "identifier"),
    "diagnosis codes with a point": ("ICD9", ["250.0", "401.1"], "identifier"),
    "zip codes": ("ZIP", ["10001", "2134"], "identifier"),
    "modifiers": ("Modifier", ["26", "50"], "identifier"),
    "modifiers with letters": ("MOD", ["26", "TC"], "text"),
    "a status": ("SI", ["G", "K"], "flag"),
    "yes and no": ("Covered", ["Y", "N", ""], "flag"),
    "grades of one digit": ("anything", ["0", "1"], "flag"),
    "words": ("anything", ["Polishing", "Oiling"], "text"),
    "short words in a descriptor": ("Short Description", ["Oil", "Wax"], "text"),
    "a place in the book": ("Chapter", ["5", "12"], "text"),
    "dates by the calendar": ("anything", ["20260101", "20260401"], "date"),
    "dates written in two ways": ("anything", ["1/2/2026", "2026-01-02"], "date"),
    "no dates at all": ("anything", ["20261301", "20260401"], "identifier"),
    "nothing": ("anything", ["", " "], "text"),
}  # fmt: skip


@pytest.mark.parametrize(("name", "values", "kind"), TYPES.values(), ids=TYPES)
def test_a_column_is_what_its_values_and_its_name_say(
    name: str, values: list[str], kind: str
) -> None:
    assert find_type(name, measure(pl.Series(values))) == kind


def test_the_parts_of_a_column_make_the_same_type_as_the_whole() -> None:
    for name, values, kind in TYPES.values():
        for order in (values, values[::-1]):
            whole = None
            for value in order:
                whole = measure(pl.Series([value]), whole)
            assert whole
            assert find_type(name, whole) == kind, name


@pytest.fixture
def fields(tmp_path: Path, make: Make) -> Callable[..., Rows]:
    """Compare two tables, and give the rows of fields.csv."""

    def compare(before: str, after: str, *options: str) -> Rows:
        sides = [make(tmp_path / f"{n}.csv", text) for n, text in (("a", before), ("b", after))]
        out = tmp_path / "fields.csv"
        words = [*map(str, sides), "--code-set", "table", *options, "-o", str(out), "--quiet"]
        assert run(["diff", *words]) == 0
        return list(csv.DictReader(io.StringIO(out.read_text("utf-8"))))

    return compare


EQUAL = {
    "decimals": ("Price", "12.5", "12.500"), "a currency sign": ("Price", "$12.50", "12.5"),
    "thousands": ("Price", "$3,179.53", "3179.530"), "zero": ("Price", "0", "0.00"),
    "accounting parentheses": ("Price", "(5.00)", "-5"), "blanks behind": ("Price", "5.5", "5.5 "),
    "a point without digits": ("Price", ".5", "0.50"),
    "a date": ("Since", "1/2/2026", "2026-01-02"),
    "a short year": ("Since", "3-Feb-26", "20260203"),
    "empty and blank": ("Status", "", " "), "blank text": ("Description", "  ", ""),
}  # fmt: skip


@pytest.mark.parametrize(("name", "old", "new"), EQUAL.values(), ids=EQUAL)
def test_equal_values_in_another_spelling_are_no_revision(
    name: str, old: str, new: str, fields: Callable[..., Rows]
) -> None:
    head = f"code,{name},mark\n"
    for one, other in ((old, new), (new, old)):
        assert not fields(f'{head}A,"{one}",\n', f'{head}A,"{other}",\n')


def test_another_spelling_is_told_once_for_a_column(tmp_path: Path, make: Make) -> None:
    before = make(tmp_path / "a.csv", "code,Price\nA,1.50\nB,2.50\nC,3.00\n")
    after = make(tmp_path / "b.csv", "code,Price\nA,1.500\nB,2.500\nC,4.000\n")
    found = diff(before, after, code_set="table")
    told = [note for note in found.doubts if "Price" in note]
    assert told == [
        "Column Price: 2 values are equal in another spelling, which is no change (1.50 and 1.500)."
    ]
    assert found.summary["columns"]["types"] == {
        "Price": {"type": "number", "respelled": 2, "within_tolerance": 0, "one_value": False}
    }
    assert found.revised["code"].to_list() == ["C"]


UNEQUAL = {
    "a revenue code": ("Rev Code", "0250", "250"), "a drug code": ("NDC", "00000123", "123"),
    "a modifier": ("Modifier", "05", "5"), "a code of digits": ("Replaced by", "00100", "100"),
    "a diagnosis": ("ICD9", "250.0", "250.00"), "a zip code": ("zip", "02134", "2134"),
    "a text": ("Description", "5", "5.0"),
}  # fmt: skip


@pytest.mark.parametrize(("name", "old", "new"), UNEQUAL.values(), ids=UNEQUAL)
def test_digits_that_name_something_are_compared_as_text(
    name: str, old: str, new: str, fields: Callable[..., Rows]
) -> None:
    (row,) = fields(f"code,{name}\nA,{old}\n", f"code,{name}\nA,{new}\n")
    assert (row["previous"], row["current"], row["difference"]) == (old, new, "")
    assert row["class"] not in {"amount", "value"}


def test_one_value_that_is_no_number_makes_a_column_text(fields: Callable[..., Rows]) -> None:
    # The row that tells it did not change; the lines that differ alone would be numbers.
    rest = "".join(f"X{n},A{n}\n" for n in range(50))
    (row,) = fields(f"code,thing\nA,5.1\n{rest}", f"code,thing\nA,9.1\n{rest}")
    assert row["class"] == "threshold"
    (row,) = fields("code,thing\nA,5.1\nB,7\n", "code,thing\nA,9.1\nB,7\n")
    assert row["class"] == "amount"


def test_an_amount_has_its_difference_and_percent(fields: Callable[..., Rows]) -> None:
    head = "code,Price,Weight\n"
    found = fields(
        head + 'A,"$1,000.00",2.5\nB,0,1.25\nC,3.00,(4.0)\nD,,1\nE,3.00,1\n',
        head + "A,$1105.50,2.5\nB,5.25,1.5\nC,2.00,4\nD,7.5,1\nE,n/a,1\n",
    )
    told = {
        (row["code"], row["field"]): (row["difference"], row["percent"], row["class"])
        for row in found
    }
    assert told == {
        ("A", "Price"): ("105.5", "10.55", "amount"),
        ("B", "Price"): ("5.25", "", "amount"),
        ("B", "Weight"): ("0.25", "20", "amount"),
        ("C", "Price"): ("-1", "-33.3333", "amount"),
        ("C", "Weight"): ("8", "200", "amount"),
        ("D", "Price"): ("", "", "amount"),
        ("E", "Price"): ("", "", "amount"),
    }
    assert {row["severity"] for row in found} == {"info"}


def test_a_flag_or_a_date_that_changed_is_a_value_and_medium(fields: Callable[..., Rows]) -> None:
    head = "code,Status Indicator,Since\n"
    found = fields(f"{head}A,G,2026-01-01\n", f"{head}A,K,2026-04-01\n")
    assert [(row["field"], row["class"], row["severity"], row["why"]) for row in found] == [
        ("Since", "value", "medium",
         'a flag, a status or a date changed: ["2026-01-01"] -> ["2026-04-01"]'),
        ("Status Indicator", "value", "medium",
         'a flag, a status or a date changed: ["G"] -> ["K"]'),
    ]  # fmt: skip


def test_blanks_behind_a_flag_are_spacing(fields: Callable[..., Rows]) -> None:
    (row,) = fields("code,Status\nA,x \n", "code,Status\nA,x\n")
    assert (row["class"], row["severity"]) == ("whitespace", "info")


def test_the_user_says_what_a_column_holds(fields: Callable[..., Rows]) -> None:
    before, after = "code,x,y\nA,250,Oil\n", "code,x,y\nA,250.0,Wax\n"
    assert [row["class"] for row in fields(before, after)] == ["amount", "value"][1:]
    text = fields(before, after, "--column", "x=text", "--column", "Y=text")
    assert [row["field"] for row in text] == ["x", "y"]
    assert text[1]["class"] != "value"
    assert not fields(before, after, "--column", "x=number", "--column", "y=ignore")


def test_a_tolerance_leaves_out_small_changes_and_says_so(
    fields: Callable[..., Rows], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before, after = "code,Price\nA,100.00\nB,100.00\n", "code,Price\nA,100.50\nB,100.51\n"
    (row,) = fields(before, after, "--tolerance", "price=0.5%")
    assert row["code"] == "B"
    files = [str(tmp_path / name) for name in ("a.csv", "b.csv")]
    assert run(["diff", *files, "--code-set", "table", "--tolerance", "Price=0.5"]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "Column Price: 1 change is within --tolerance and left out." in told


REFUSED = {
    "an unknown type": (("--column", "x=money"), "the types are text, number, date, flag, ignore"),
    "no type": (("--column", "x"), "write COLUMN=x"),
    "a column twice": (("--column", "x=text", "--column", "X=date"), "--column X is given twice"),
    "no percent": (("--tolerance", "x=much"), "give a percentage from 0 to 100"),
    "no such column": (("--column", "z=text"), "has no column z to compare"),
}  # fmt: skip


@pytest.mark.parametrize(("options", "words"), REFUSED.values(), ids=REFUSED)
def test_what_is_said_of_no_column_is_refused(
    options: tuple[str, ...], words: str, tmp_path: Path, make: Make,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    sides = [str(make(tmp_path / f"{name}.csv", f"code,x\nA,{name}\n")) for name in "ab"]
    assert run(["diff", *sides, "--code-set", "table", *options]) == 2
    assert words in capsys.readouterr().err


def test_types_and_tolerances_are_for_tables_only() -> None:
    with pytest.raises(CptdiffError, match="no_header and column_names work only"):
        diff("a.txt", "b.txt", code_set="cpt", columns={"x": "text"})


def test_the_severity_of_amounts_is_the_users_choice(
    fields: Callable[..., Rows], tmp_path: Path
) -> None:
    own = tmp_path / "own.txt"
    own.write_text("amount medium\nvalue low\n", "utf-8")
    found = fields("code,Price,SI\nA,1.5,G\n", "code,Price,SI\nA,2.5,K\n", "--severity", str(own))
    assert [row["severity"] for row in found] == ["medium", "low"]


def test_inspect_tells_what_each_column_holds(
    tmp_path: Path, make: Make, capsys: pytest.CaptureFixture[str]
) -> None:
    path = make(tmp_path / "a.csv", "code,Name,Price,SI\nA,Polish,1.50,G\n")
    assert run(["inspect", str(path), "--code-set", "table"]) == 0
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert [line for line in lines if line[-1] in {"Name", "Price", "SI"}] == [
        ["text", "Name"],
        ["number", "Price"],
        ["flag", "SI"],
    ]


def test_changes_json_has_differences_as_numbers(tmp_path: Path, make: Make) -> None:
    before = make(tmp_path / "a.csv", "code,Price\nA,1.50\nB,1\n")
    after = make(tmp_path / "b.csv", "code,Price\nA,2.25\nB,x\n")
    out = tmp_path / "changes.json"
    options = ("--code-set", "table", "--column", "Price=number")
    assert run(["diff", str(before), str(after), *options, "-o", str(out)]) == 0
    found = [change["fields"][0] for change in json.loads(out.read_text("utf-8"))["changes"]]
    assert [(row["difference"], row["percent"]) for row in found] == [(0.75, 50), (None, None)]


WHOLE = "code,name,Year,Factor,Rate\n"


def test_a_column_with_one_value_for_the_whole_release_revises_no_code(
    tmp_path: Path, make: Make, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [(f"W{n},Widget {n}", n) for n in range(5)]
    before = make(
        tmp_path / "a.csv", WHOLE + "".join(f"{row},2025,32.3,{n}.00\n" for row, n in rows)
    )
    after = make(
        tmp_path / "b.csv", WHOLE + "".join(f"{row},2026,33.4,{n}.00\n" for row, n in rows)
    )
    found = diff(before, after, code_set="table")
    assert not found.whole.height
    assert (
        found.verdict == "Only columns with one value in all rows changed (2): 5 entries compared"
    )
    first = [note for note in found.doubts if "all rows" in note]
    assert len(first) == 2
    assert "Year" in first[0]
    assert first[0].endswith("(2025 -> 2026).")
    again = diff(before, after, code_set="table", fields=["Factor"])
    assert again.revised.height == 5
    sides = [str(before), str(after), "--code-set", "table", "--exit-code"]
    assert run(["diff", *sides]) == 1
    assert "in all rows changed (2)" in capsys.readouterr().out


def test_a_value_that_only_some_rows_have_revises_them(fields: Callable[..., Rows]) -> None:
    before = "code,x\nA,old\nB,old\nC,old\nD,old\n"
    assert len(fields(before, "code,x\nA,new\nB,new\nC,new\nD,old\n")) == 3
    assert len(fields("code,x\nA,old\nB,old\n", "code,x\nA,new\nB,new\n")) == 2


EDITIONS = {
    "a year": ("2025 PW GPCI", "2026 PW GPCI"), "a month": ("January Rate", "April Rate"),
    "a month and a year": ("January CY 2020 Rate ", "April CY 2020 Rate"),
    "a fiscal year": ("FY25 Weight", "FY26 Weight"), "a date": ("1/1/25 Fee", "1/1/26 Fee"),
    "a quarter": ("Q1 Price", "Q2 Price"), "an amount": ("CF of 20.3178", "CF of 20.4976"),
    "blanks and capitals": ("unit  price", "Unit Price"),
    "a bar": ("charge | gross", "charge|gross"),
    "a line break": ('"unit\nprice"', "unit price"),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new"), EDITIONS.values(), ids=EDITIONS)
def test_columns_whose_names_differ_in_the_edition_are_one_column(
    old: str, new: str, fields: Callable[..., Rows]
) -> None:
    (row,) = fields(f"code,name,{old}\nA,x,1.5\nB,y,2\n", f"code,name,{new}\nA,x,2.5\nB,y,2\n")
    assert (row["field"], row["percent"]) == (" ".join(new.split()), "66.6667")


def test_columns_of_several_years_in_one_table_are_not_mixed_up(tmp_path: Path, make: Make) -> None:
    before = make(tmp_path / "a.csv", "code,2024 Rate,2025 Rate\nA,1.5,2.5\n")
    after = make(tmp_path / "b.csv", "code,2025 Rate,2026 Rate\nA,2.5,3.5\n")
    found = diff(before, after, code_set="table")
    assert not found.whole.height
    assert found.summary["columns"]["added"] == ["2026 Rate"]


def test_a_key_that_tells_the_year_is_found_in_either_table(tmp_path: Path, make: Make) -> None:
    before = make(tmp_path / "a.csv", "_2025_CODE,Price\nA,1.5\nB,2.5\n")
    after = make(tmp_path / "b.csv", "_2026_CODE,Price\nA,1.5\nB,3.5\n")
    for key in ("_2025_CODE", "_2026_CODE", "_2025_CODE=_2026_CODE"):
        found = diff(before, after, code_set="table", key=key)
        assert found.revised["code"].to_list() == ["B"], key


def test_columns_with_two_names_are_paired_by_hand(tmp_path: Path, make: Make) -> None:
    before = make(tmp_path / "a.csv", "Item,Old price,x\nA,1.5,1\n")
    after = make(tmp_path / "b.csv", "Product,New price,x\nA,3.0,1\n")
    options = ("--code-set", "table", "--key", "Item=Product", "--field", "Old price=New price")
    out = tmp_path / "fields.csv"
    assert run(["diff", str(before), str(after), *options, "-o", str(out), "--quiet"]) == 0
    (row,) = csv.DictReader(io.StringIO(out.read_text("utf-8")))
    assert (row["field"], row["difference"]) == ("New price", "1.5")


PARTIAL = {
    "less than half": (
        "code,name,a,b,c\nA,x,1,2,3\n", "code,name,d,e,f\nA,y,1,2,3\n",
        "Only 1 of 4 columns beside the key were compared",
    ),
    "a column of each side without a partner": (
        "code,name,old\nA,x,1\n", "code,name,new\nA,x,2\n",
        "No changes found, but columns that may have changed were not compared",
    ),
    "only one side has values": ("code\nA\n", "code,new\nA,2\n", "no column beside the key"),
}  # fmt: skip


@pytest.mark.parametrize("case", PARTIAL.values(), ids=PARTIAL)
def test_no_changes_is_never_said_where_too_little_was_compared(
    case: tuple[str, str, str], tmp_path: Path, make: Make, capsys: pytest.CaptureFixture[str]
) -> None:
    *texts, words = case
    sides = [
        str(make(tmp_path / f"{name}.csv", text)) for name, text in zip("ab", texts, strict=True)
    ]
    assert run(["diff", *sides, "--code-set", "table"]) == 3
    told = " ".join(capsys.readouterr().out.split())
    assert words in told
    assert "No changes:" not in told


def test_a_new_column_alone_is_no_doubt(tmp_path: Path, make: Make) -> None:
    before = make(tmp_path / "a.csv", "code,name\nA,x\n")
    after = make(tmp_path / "b.csv", "code,name,a,b,c\nA,x,1,2,3\n")
    assert diff(before, after, code_set="table").verdict == "No changes: 1 entry compared"


NAMED = {
    "a long descriptor": ("YEAR,RATE,SHORTDESC,LONGDESC", "LONGDESC"),
    "a title": ("level,type,MS-DRG Title", "MS-DRG Title"),
    "a name": ("concept_id,concept_name", "concept_name"),
    "a German title": ("ebene,titel", "titel"),
    "a label": ("n,display label", "display label"),
    "the longest text": ("n,what", "what"),
}  # fmt: skip


@pytest.mark.parametrize(("head", "name"), NAMED.values(), ids=NAMED)
def test_an_entry_is_called_by_the_column_that_holds_names(
    head: str, name: str, tmp_path: Path, make: Make
) -> None:
    columns = head.split(",")
    rows = [",".join("Polishing" if one == name else str(n) for one in columns) for n in (1, 2)]
    sides = [make(tmp_path / f"{n}.csv", f"code,{head}\nA,{row}\n") for n, row in enumerate(rows)]
    (row,) = diff(*sides, code_set="table").entries.to_dicts()
    assert row["current_descriptor"] == "Polishing"


def test_the_user_says_which_column_names_an_entry(
    tmp_path: Path, make: Make, capsys: pytest.CaptureFixture[str]
) -> None:
    before = make(tmp_path / "a.csv", "code,description,brand\nA,Widget,Acme\n")
    after = make(tmp_path / "b.csv", "code,description,brand\nA,Gadget,Acme\n")
    (row,) = diff(before, after, code_set="table", descriptor="Brand").entries.to_dicts()
    assert row["current_descriptor"] == "Acme"
    words = [str(before), str(after), "--code-set", "table", "--descriptor", "z"]
    assert run(["diff", *words]) == 2
    assert "Fix: name one of them with --descriptor" in capsys.readouterr().err


NUMBERED = "code,Order26,name\nA,00101,x\nB,00102,y\nC,00103,z\n"


@pytest.mark.parametrize("column", ["Order27", "Line No.", "Sort order", "#"])
def test_a_column_that_numbers_the_rows_revises_no_code(
    tmp_path: Path, make: Make, column: str
) -> None:
    old = NUMBERED if column == "Order27" else NUMBERED.replace("Order26", column)
    before = make(tmp_path / "a.csv", old)
    after = make(tmp_path / "b.csv", f"code,{column},name\nB,00101,y\nC,00102,zz\nD,00103,w\n")
    found = diff(before, after, code_set="table")
    assert found.fields["field"].to_list() == ["name"]
    told = f"Column {column} numbers the rows and was not compared (--field compares it)."
    assert told in found.summary["notes"]
    named = diff(before, after, code_set="table", fields=[f"Order26={column}", "name"]
                 if column == "Order27" else [column, "name"])  # fmt: skip
    assert sorted(set(named.fields["field"])) == sorted({column, "name"})


def test_an_order_that_two_rows_share_is_compared(tmp_path: Path, make: Make) -> None:
    before = make(tmp_path / "a.csv", NUMBERED)
    after = make(tmp_path / "b.csv", NUMBERED.replace("00103", "00102"))
    assert diff(before, after, code_set="table").fields["code"].to_list() == ["C"]


def test_what_numbers_the_rows_is_found_in_rows_that_both_tables_have_too(
    tmp_path: Path, make: Make
) -> None:
    rows = "".join(f"A{at:04},{at},x\n" for at in range(500))
    before = make(tmp_path / "a.csv", f"code,order,name\n{rows}B,500,y\nC,501,z\n")
    after = make(tmp_path / "b.csv", f"code,order,name\n{rows}B,501,y\nC,502,z\n")
    shared = make(tmp_path / "c.csv", f"code,order,name\n{rows}B,499,y\nC,502,z\n")
    assert not diff(before, after, code_set="table").fields.height
    assert diff(before, shared, code_set="table").fields["code"].to_list() == ["B", "C"]
