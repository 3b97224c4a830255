"""One value is one text, whether a text file, a workbook or Parquet holds it, and however."""

import io
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import polars as pl
import pytest
import xlsxwriter

import cptdiff as library
from cptdiff.errors import CptdiffError
from cptdiff.isolated.masks import show_digits
from cptdiff.isolated.package import Styles
from cptdiff.isolated.values import is_unreadable, write_text

Run = Callable[..., CompletedProcess[str]]
Make = Callable[..., Path]
TABLE = ("--code-set", "table")
NOON = datetime(2026, 1, 31, 12, 0, 0, 500)  # noqa: DTZ001 - a workbook knows no zone
DAY = date(2026, 1, 31)


def parquet(columns: Mapping[str, Any]) -> bytes:
    buffer = io.BytesIO()
    pl.DataFrame(columns).write_parquet(buffer)
    return buffer.getvalue()


def book(rows: Sequence[Sequence[Any]], formats: Mapping[int, str]) -> bytes:
    """Write a sheet; `formats` are number formats by column."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as made:
        page = made.add_worksheet()
        styles = {at: made.add_format({"num_format": code}) for at, code in formats.items()}
        for number, row in enumerate(rows):
            for at, value in enumerate(row):
                page.write(number, at, value, styles.get(at) if number else None)
    return buffer.getvalue()


ZONED = pl.Series([NOON.replace(microsecond=0)]).dt.replace_time_zone("America/Chicago")
TEXTS = {
    "a day": (pl.Series([DAY]), "2026-01-31"),
    "a day as a moment": (pl.Series([DAY]).cast(pl.Datetime("ns")), "2026-01-31"),
    "a moment": (pl.Series([NOON]), "2026-01-31 12:00:00.0005"),
    "a moment of a zone": (ZONED, "2026-01-31 18:00:00+00:00"),
    "a midnight of a zone": (
        pl.Series([datetime(2026, 1, 31, tzinfo=UTC)]),
        "2026-01-31 00:00:00+00:00",
    ),
    "a time of day": (pl.Series([time(8, 30)]), "08:30:00"),
    "a duration": (pl.Series([timedelta(days=3)]), "P3D"),
    "true": (pl.Series([True]), "TRUE"),
    "false": (pl.Series([False]), "FALSE"),
    "a whole float": (pl.Series([250.0]), "250"),
    "a float": (pl.Series([1.5]), "1.5"),
    "half a float": (pl.Series([0.1], dtype=pl.Float32), "0.1"),
    "a large float": (pl.Series([1e22]), "10000000000000000000000"),
    "a small float": (pl.Series([2.5e-7]), "0.00000025"),
    "a negative zero": (pl.Series([-0.0]), "0"),
    "no number": (pl.Series([float("nan")]), "NaN"),
    "a decimal": (pl.Series([Decimal("1.50")]), "1.50"),
    "the largest integer": (pl.Series([2**64 - 1], dtype=pl.UInt64), str(2**64 - 1)),
    "a category": (pl.Series(["b"], dtype=pl.Categorical), "b"),
    "an enumeration": (pl.Series(["b"], dtype=pl.Enum(["a", "b"])), "b"),
    "a list": (pl.Series([["a", "b"]]), '["a","b"]'),
    "a structure": (pl.Series([{"x": 1, "d": DAY}]), '{"x":1,"d":"2026-01-31"}'),
    "letters in bytes": (pl.Series([b"00100"]), "00100"),
    "bytes": (pl.Series([b"\xff\x00"]), "ff00"),
    "a UUID": (
        pl.Series([bytes.fromhex("27da532273bc44b984e8cfa2323262b8")]),
        "27da5322-73bc-44b9-84e8-cfa2323262b8",
    ),
}


@pytest.mark.parametrize("case", TEXTS)
def test_a_value_has_one_text_by_its_type(case: str) -> None:
    column, text = TEXTS[case]
    # What holds nothing stays so, and has no say in the others.
    assert write_text(pl.concat([column, pl.Series([None], dtype=column.dtype)])).to_list() == [
        text,
        None,
    ]


def test_one_float_is_one_text_whatever_stands_beside_it() -> None:
    assert write_text(pl.Series([1.0, 2.5, 3.0])).to_list() == ["1", "2.5", "3"]


CELLS: list[list[Any]] = [
    ["code", "fee", "since", "open"],
    ["A1", 1.5, DAY, True],
    ["A2", 20, DAY + timedelta(days=1), False],
]
CSV = "code,fee,since,open\nA1,1.50,2026-01-31,TRUE\nA2,$20.00,2/1/2026,false\n"


def test_a_text_a_workbook_and_parquet_of_one_table_agree(
    cptdiff: Run, make: Make, tmp_path: Path
) -> None:
    columns = {str(name): values for name, *values in zip(*CELLS, strict=True)}
    typed = columns | {"since": pl.Series(columns["since"], dtype=pl.Date)}
    moments = columns | {"since": pl.Series(columns["since"], dtype=pl.Date).cast(pl.Datetime)}
    files = [
        make(tmp_path / "t.csv", CSV),
        make(tmp_path / "t.xlsx", book(CELLS, {1: "#,##0.00", 2: "m/d/yyyy"})),
        make(tmp_path / "date.parquet", parquet(typed)),
        make(tmp_path / "moment.parquet", parquet(moments)),
    ]
    for one in files:
        for other in files:
            if one != other:
                done = cptdiff("diff", one, other, *TABLE, "-o", "-")
                assert (done.returncode, done.stdout.count("\n")) == (0, 1), (one, other, done)


def test_a_moment_in_a_workbook_is_written_as_in_parquet(make: Make, tmp_path: Path) -> None:
    moment = NOON.replace(microsecond=0)
    rows: list[list[Any]] = [["code", "at"], ["A1", moment]]
    files = (
        make(tmp_path / "t.xlsx", book(rows, {1: "yyyy-mm-dd hh:mm"})),
        make(tmp_path / "t.parquet", parquet({"code": ["A1"], "at": [moment]})),
    )
    for file in files:
        release = library.load(file, code_set="table")
        assert release.entries["=at"].to_list() == ["2026-01-31 12:00:00"]


def test_columns_that_are_not_asked_for_never_block_a_file(
    cptdiff: Run, make: Make, tmp_path: Path
) -> None:
    plain = {"code": ["A1"], "name": ["First"]}
    # Bytes in a list have no text.
    hard = {"tags": [["a"]], "keys": [[b"\xff"]], "when": [{"d": DAY}]}
    old, new = (
        make(tmp_path / f"{name}.parquet", parquet(columns))
        for name, columns in (("old", plain), ("new", plain | hard))
    )
    done = cptdiff("diff", old, new, *TABLE, "--field", "name")
    assert (done.returncode, "No changes: 1 entry" in done.stdout) == (0, True), done
    done = cptdiff("diff", old, new, *TABLE)
    assert (done.returncode, "No changes: 1 entry" in done.stdout) == (0, True), done
    told = "values cannot be read are not compared: keys (list or structure)"
    assert told in " ".join(done.stdout.split())
    done = cptdiff("diff", new, old, *TABLE, "--field", "keys")
    assert (done.returncode, "E215]: new.parquet: the column keys holds" in done.stderr) == (
        2,
        True,
    )


def test_lists_are_compared_where_both_have_them(cptdiff: Run, make: Make, tmp_path: Path) -> None:
    old = make(tmp_path / "old.parquet", parquet({"code": ["A1"], "tags": [["a", "b"]]}))
    new = make(tmp_path / "new.parquet", parquet({"code": ["A1"], "tags": [["a", "c"]]}))
    done = cptdiff("diff", old, new, *TABLE, "-o", tmp_path / "fields.csv")
    assert done.returncode == 0, done.stderr
    assert '"[""a"",""b""]","[""a"",""c""]"' in (tmp_path / "fields.csv").read_text()


def test_intervals_and_long_decimals_are_known_by_their_type() -> None:
    interval = pl.Struct({"months": pl.Int32, "days": pl.Int32, "nanoseconds": pl.Duration("ns")})
    assert is_unreadable(interval)
    assert not is_unreadable(pl.Struct({"months": pl.Int32}))
    assert not is_unreadable(pl.Decimal(38, 2))


def test_a_column_of_another_type_is_told_once_and_compared(
    cptdiff: Run, make: Make, tmp_path: Path
) -> None:
    old = make(tmp_path / "old.parquet", parquet({"code": ["A1", "A2"], "fee": [1.5, 2.0]}))
    new = make(tmp_path / "new.parquet", parquet({"code": ["A1", "A2"], "Fee": ["1.50", "2"]}))
    rows = [["code", "FEE"], ["A1", "1.5"], ["A2", "2"]]
    other = make(tmp_path / "new.xlsx", book(rows, {}))
    for current in (new, other):
        done = cptdiff("diff", old, current, *TABLE)
        told = f"is stored as number in old.parquet, as text in {current.name}."
        assert done.returncode == 0, done.stderr
        assert " ".join(done.stdout.split()).count(told) == 1
        assert "No changes: 2 entries" in done.stdout


def test_keys_stored_as_decimals_are_told_and_found(
    cptdiff: Run, make: Make, tmp_path: Path
) -> None:
    old = make(tmp_path / "old.parquet", parquet({"code": [99200, 99201], "name": ["a", "b"]}))
    new = make(tmp_path / "new.parquet", parquet({"code": [99200.0, 99201.0], "name": ["a", "b"]}))
    done = cptdiff("diff", old, new, *TABLE)
    assert (done.returncode, "No changes: 2 entries" in done.stdout) == (0, True), done
    assert "only whole numbers, read as those (1.0 as 1): code" in " ".join(done.stdout.split())


SHOWN = {
    "00000": "00102",
    "00000_)": "00102",
    "00000;-00000": "00102",
    "[Red]00000": "00102",
    "00000;[Red]-00000;@": "00102",
    "00000-0000": "00000-0102",
    "000-00-0000": "000-00-0102",
    "00000-0000-00": "00000-0001-02",
    '0000"U"': "0102U",
    "0000\\U": "0102U",
    '"T"0000': "T0102",
    "* 00000": "00102",
    "00": "102",
    "[$-409]00000": "00102",
}


@pytest.mark.parametrize("code", SHOWN)
def test_a_format_with_zeros_gives_the_code_as_shown(code: str) -> None:
    assert show_digits(code, "102") == SHOWN[code]


@pytest.mark.parametrize(
    "code",
    ["0.00", "#,##0", "0%", "$00", "00.0E+00", "General", "", "@", "0", "[<=99]00;000", "??00"],
)
def test_a_format_of_an_amount_shows_no_code(code: str) -> None:
    assert show_digits(code, "102") == ""


def test_zero_has_a_section_of_its_own() -> None:
    assert show_digits('00000;-00000;"none"00', "0") == "none00"
    assert show_digits("00000;-00000", "0") == "00000"


def test_codes_and_values_that_a_format_shows_are_told(
    cptdiff: Run, make: Make, tmp_path: Path
) -> None:
    rows: list[list[Any]] = [["code", "rev", "fee"], [100, 250, 5], [101, 300, 6]]
    new = make(tmp_path / "t.xlsx", book(rows, {0: '0000"U"', 1: "0000_)", 2: "0.00"}))
    old = make(tmp_path / "t.csv", "code,rev,fee\n0100U,0250,5.00\n0101U,0300,6.00\n")
    done = cptdiff("diff", old, new, *TABLE)
    told = " ".join(done.stdout.split())
    assert (done.returncode, "No changes: 2 entries" in told) == (0, True), done
    for what in ("codes", "values"):
        assert f"{what} that are numbers, read as their format shows them (00000): 2" in told


def test_a_type_that_polars_cannot_read_is_refused_as_a_key(make: Make, tmp_path: Path) -> None:
    path = make(tmp_path / "t.parquet", parquet({"code": [[b"\xff"]], "name": ["a"]}))
    with pytest.raises(CptdiffError, match=r"E215.*the column code holds values"):
        library.load(path, code_set="table")


# A column's format in the workbook, and how a CSV of it shows a number.
AMOUNTS: dict[str, tuple[str, Callable[[float], str]]] = {
    "Blue Cross": ('"$"#,##0', lambda n: f"${n:,.0f}"),
    "Euros": ("[$€-407] #,##0", lambda n: f"€{n:,.0f}"),
    "Share": ("0%", lambda n: f"{n:.0f}%"),
    "Rest": ("0.00%", lambda n: f"{n:.2f}%"),
    "Units": ("#,##0", lambda n: f"{n:,.0f}"),
    "Balance": ("$#,##0.00_);($#,##0.00)", lambda n: f"(${n:,.2f})"),
}


@pytest.fixture
def priced() -> tuple[bytes, bytes, bytes, bytes]:
    """Write a price list as workbook and as CSV, both before and after a change of each column."""
    found = []
    for raised in (0, 1):
        rows: list[list[Any]] = [["code", *AMOUNTS]]
        texts = [",".join(map(str, rows[0]))]
        for number in range(30):
            amounts = [1000 + number + raised * (number == at) for at in range(len(AMOUNTS))]
            cells = [
                n / 100 if "%" in form else -n if "(" in form else n
                for n, (form, _) in zip(amounts, AMOUNTS.values(), strict=True)
            ]
            rows.append([f"W{number:03}", *cells])
            shown = [show(n) for n, (_, show) in zip(amounts, AMOUNTS.values(), strict=True)]
            texts.append(",".join([f"W{number:03}", *(f'"{one}"' for one in shown)]))
        formats = {at: form for at, (form, _) in enumerate(AMOUNTS.values(), 1)}
        found += [book(rows, formats), "\n".join(texts).encode()]
    return found[0], found[1], found[2], found[3]


def test_amounts_of_a_workbook_and_of_its_csv_are_equal_and_judged_alike(
    priced: tuple[bytes, bytes, bytes, bytes],
) -> None:
    old_book, old_text, new_book, new_text = (
        library.load(data, name=name, code_set="table")
        for data, name in zip(priced, ("o.xlsx", "o.csv", "n.xlsx", "n.csv"), strict=True)
    )
    assert library.diff(old_text, old_book).entries.height == 0
    assert library.diff(new_book, new_text).entries.height == 0
    names = ("code", "field", "difference", "percent", "class")
    expected = library.diff(old_text, new_text).fields.select(names).rows()
    assert [row[1] for row in expected] == [*AMOUNTS]
    assert {row[4] for row in expected} == {"amount"}
    for pair in ((old_book, new_book), (old_book, new_text), (old_text, new_book)):
        found = library.diff(*pair)
        assert found.fields.select("code", "field", "class").rows() == [
            (code, field, kind) for code, field, _, _, kind in expected
        ]
        assert found.fields.select(names).rows() == expected
        assert not any("is stored as" in note for note in found.summary["notes"])


def test_a_percentage_and_its_fraction_are_one_value_and_differ_from_the_bare_number() -> None:
    rows = "".join(f"A{n},{n}%,{n}.50\n" for n in range(10, 40))
    old = f"code,Share,Price\n{rows}".encode()
    fractions = "".join(f"A{n},0.{n},{n}.5\n" for n in range(10, 40))
    bare = "".join(f"A{n},{n},{n}.5\n" for n in range(10, 40))
    same, other = (
        library.diff(
            library.load(old, name="o.csv", code_set="table"),
            library.load(f"code,Share,Price\n{new}".encode(), name="n.csv", code_set="table"),
        )
        for new in (fractions, bare)
    )
    assert same.entries.height == 0
    assert "Column Share: 30 values are equal in another spelling" in " ".join(
        same.summary["notes"]
    )
    assert other.entries.height == 30


SHOWN_NUMBERS = {
    ("0.25", "0%"): "25%",
    ("0.255", "0%"): "25.5%",
    ("0.28999999999999998", "0.00%"): "29%",
    ("-0.05", "0%;[Red]-0%"): "-5%",
    ("1.2E-2", "0%"): "1.2%",
    ("1", "0%"): "100%",
    ("0.25", '0"%"'): "0.25",
    ("0.25", "0\\%"): "0.25",
    # The sum of 0.1 and 0.2 to the last bit, which no spreadsheet shows.
    ("0.30000000000000004", "General"): "0.3",
    ("80.099999999999994", "0.00"): "80.1",
    ("12345678901234567890", "0"): "12345678901234567890",
}


@pytest.mark.parametrize("case", SHOWN_NUMBERS)
def test_a_number_has_the_digits_that_its_user_sees(case: tuple[str, str]) -> None:
    text, form = case
    assert Styles([form]).write_number(text, "0") == (SHOWN_NUMBERS[case], "n")


@pytest.mark.parametrize(
    ("form", "is_amount"),
    [
        ("$#,##0", True), ('"$"0', True), ("[$€-407]0", True), ("0.00", True), ("0%", True),
        ("#,##0", True), ("General", False), ("0", False), ("@", False), ("[$-409]0", False),
        ('0" lb."', False), ("", False),
    ],
)  # fmt: skip
def test_formats_of_amounts_are_known(form: str, *, is_amount: bool) -> None:
    assert Styles([form]).shows_amount("0") is is_amount
