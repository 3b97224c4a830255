"""Lists as people have them: files, sheets, folders, patterns; what has no codes is named."""

import gzip
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import polars as pl
import pytest
import xlsxwriter

from tests.impact.conftest import pack

Run = Callable[..., CompletedProcess[str]]
Rows = list[dict[str, str]]
Runs = Callable[[str], Path]
Judge = Callable[..., Rows]
Pick = Callable[[str, str], list[str]]
Read = Callable[[Path], Rows]


@pytest.fixture
def gone(pick: Pick) -> list[str]:
    return pick("hcpcs", "deleted")[:4]


def table(codes: list[str]) -> list[list[str]]:
    return [["No.", "HCPCS", "Text"], *([str(n), code, "x"] for n, code in enumerate(codes, 1))]


def pages(**sheets: list[list[str]]) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        for name, lines in sheets.items():
            page = book.add_worksheet(name)
            for number, row in enumerate(lines):
                for column, cell in enumerate(row):
                    page.write_string(number, column, cell)
            if name == "Hidden":
                page.hide()
    return buffer.getvalue()


@pytest.mark.parametrize("name", ["x.csv", "x.tsv", "x.psv", "x.txt", "x.xlsx"])
def test_every_kind_of_table_is_read(
    name: str, gone: list[str], runs: Runs, impact: Judge, tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(pack(name, table(gone)))
    found = impact(runs("hcpcs"), "--list", tmp_path / name)
    assert [row["code"] for row in found] == gone
    assert {row["list"] for row in found} == {name}


def test_a_packed_table_is_read(gone: list[str], runs: Runs, impact: Judge, tmp_path: Path) -> None:
    for name in ("x.csv", "x.xlsx"):
        (tmp_path / f"{name}.gz").write_bytes(gzip.compress(pack(name, table(gone))))
        words = ("--list", tmp_path / f"{name}.gz")
        found = impact(runs("hcpcs"), *words, name=name.replace(".", "-"))
        assert [row["code"] for row in found] == gone


def test_parquet_and_json_are_read(
    gone: list[str], runs: Runs, impact: Judge, tmp_path: Path
) -> None:
    records = [{"No.": n, "HCPCS": code, "Text": None} for n, code in enumerate(gone, 1)]
    pl.DataFrame(records).write_parquet(tmp_path / "x.parquet")
    (tmp_path / "x.json").write_text(json.dumps(records), "utf-8")
    (tmp_path / "y.json").write_text(json.dumps({"made": "up", "items": records}), "utf-8")
    for name in ("x.parquet", "x.json", "y.json"):
        found = impact(runs("hcpcs"), "--list", tmp_path / name, name=name.replace(".", "-"))
        assert [(row["line"], row["code"]) for row in found] == [
            (str(n), code) for n, code in enumerate(gone, 1)
        ]


@pytest.mark.parametrize(
    ("content", "wrong"),
    [("{", "is not valid JSON"), ("[1, 2]", "does not contain one list of objects"),
     ('{"a": [{}], "b": [{}]}', "does not contain one list of objects")],
)  # fmt: skip
def test_json_that_is_no_table_is_refused(
    content: str, wrong: str, runs: Runs, cptdiff: Run, tmp_path: Path
) -> None:
    (tmp_path / "x.json").write_text(content, "utf-8")
    done = cptdiff("impact", runs("hcpcs"), "--list", tmp_path / "x.json")
    assert done.returncode == 2
    assert f"error[E130]: x.json: {wrong}" in done.stderr


def test_windows_1252_and_a_byte_order_mark_are_read(
    gone: list[str], runs: Runs, impact: Judge, tmp_path: Path
) -> None:
    text = pack("x.csv", table(gone)).decode().replace(",x\r\n", ",Dépôt 5½\r\n", 1)
    (tmp_path / "ansi.csv").write_bytes(text.encode("cp1252"))
    (tmp_path / "bom.csv").write_bytes(text.encode("utf-8-sig"))
    for name in ("ansi.csv", "bom.csv"):
        words = ("--list", tmp_path / name, "--keep", "Text")
        found = impact(runs("hcpcs"), *words, name=name.replace(".", "-"))
        assert [row["code"] for row in found] == gone
        assert [row["Text"] for row in found] == ["Dépôt 5½", "x", "x", "x"]


def test_all_visible_sheets_with_codes_are_read_and_the_others_are_named(
    gone: list[str], runs: Runs, impact: Judge, cptdiff: Run, tmp_path: Path
) -> None:
    other = [["No.", "Price"], ["1", "99999"]]
    book = pages(First=table(gone[:1]), Prices=other, Second=table(gone[1:]), Hidden=table(gone))
    (tmp_path / "cdm.xlsx").write_bytes(book)
    found = impact(runs("hcpcs"), "--list", tmp_path / "cdm.xlsx")
    assert [row["sheet"] for row in found] == ["First", "Second", "Second", "Second"]
    done = cptdiff("impact", runs("hcpcs"), "--list", tmp_path / "cdm.xlsx")
    assert "cdm.xlsx[Prices]: passed over (no column with codes)" in " ".join(done.stdout.split())
    only = impact(runs("hcpcs"), "--list", tmp_path / "cdm.xlsx", "--sheet", "Second", name="one")
    assert {row["sheet"] for row in only} == {"Second"}
    none = cptdiff("impact", runs("hcpcs"), "--list", tmp_path / "cdm.xlsx", "--sheet", "Third")
    assert none.returncode == 2
    assert "--sheet: no list has a sheet Third" in none.stderr


def test_folders_zips_and_patterns_stand_for_their_files(
    gone: list[str], runs: Runs, impact: Judge, tmp_path: Path
) -> None:
    home = tmp_path / "lists"
    home.mkdir()
    for n, code in enumerate(gone):
        (home / f"list{n}.csv").write_bytes(pack("x.csv", table([code])))
    (home / "readme.pdf").write_bytes(b"%PDF-1.4 made up")
    with zipfile.ZipFile(tmp_path / "lists.zip", "w") as archive:
        for path in home.iterdir():
            archive.write(path, path.name)
    names = {"folder": home, "zip": tmp_path / "lists.zip", "pattern": home / "list*.csv"}
    for kind, given in names.items():
        found = impact(runs("hcpcs"), "--list", given, name=kind)
        assert [row["code"] for row in found] == gone
        start = {"folder": "lists/", "zip": "lists.zip/", "pattern": ""}[kind]
        assert [row["list"] for row in found] == [f"{start}list{n}.csv" for n in range(len(gone))]


def test_of_many_lists_the_terminal_shows_the_first_ones(
    gone: list[str], runs: Runs, cptdiff: Run, tmp_path: Path
) -> None:
    home = tmp_path / "lists"
    home.mkdir()
    for n in range(25):
        (home / f"list{n:02}.csv").write_bytes(pack("x.csv", table(gone[:1])))
    told = cptdiff("impact", runs("hcpcs"), "--list", home).stdout
    assert told.count("header in row 1") == 20
    assert "... and 5 more (lists.csv)" in told
    assert told.startswith("25 lines in 25 lists: 25 use 1 deleted code.")


def test_a_pattern_without_a_file_is_refused(runs: Runs, cptdiff: Run, tmp_path: Path) -> None:
    done = cptdiff("impact", runs("hcpcs"), "--list", tmp_path / "*.csv")
    assert done.returncode == 2
    assert "no file matches this pattern. Fix: check the pattern" in done.stderr


def test_files_of_one_name_stay_apart(
    gone: list[str], runs: Runs, impact: Judge, tmp_path: Path
) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "cdm.csv").write_bytes(pack("x.csv", table(gone[:1])))
    words = ("--list", tmp_path / "a" / "cdm.csv", "--list", tmp_path / "b" / "cdm.csv")
    assert [row["list"] for row in impact(runs("hcpcs"), *words)] == ["cdm.csv (1)", "cdm.csv (2)"]


def test_two_columns_of_codes_count_a_code_of_a_line_once(
    gone: list[str], runs: Runs, impact: Judge, rows: Read, tmp_path: Path
) -> None:
    lines = [["No.", "CPT", "HCPCS"], ["1", gone[0], gone[0]], ["2", "12345", gone[1]]]
    (tmp_path / "cdm.csv").write_bytes(pack("cdm.csv", lines))
    found = impact(runs("hcpcs"), "--list", tmp_path / "cdm.csv")
    assert [(row["line"], row["code"]) for row in found] == [("2", gone[0]), ("3", gone[1])]
    (listed,) = rows(tmp_path / "out" / "lists.csv")
    assert (listed["columns"], listed["cells"], listed["understood"]) == ("CPT;HCPCS", "4", "4")


def test_modifiers_in_a_column_of_their_own_are_told_and_judged(
    gone: list[str], runs: Runs, impact: Judge, rows: Read, tmp_path: Path
) -> None:
    changes = rows(runs("hcpcs") / "changes.csv")
    dead = next(r["code"] for r in changes if (r["kind"], r["change"]) == ("modifier", "deleted"))
    lines = [["HCPCS", "Mod"], [f"{gone[0]}LT", dead], ["12345", f"{dead}|59"], ["12345", ""]]
    (tmp_path / "cdm.csv").write_bytes(pack("cdm.csv", lines))
    found = impact(runs("hcpcs"), "--list", tmp_path / "cdm.csv")
    told = [(row["line"], row["part"], row["code"], row["modifiers"]) for row in found]
    assert told == [
        ("2", "code", gone[0], f"LT;{dead}"),
        ("2", "modifier", dead, ""),
        ("3", "modifier", dead, ""),
    ]  # fmt: skip


def test_a_header_that_is_repeated_is_no_code(
    gone: list[str], runs: Runs, impact: Judge, rows: Read, tmp_path: Path
) -> None:
    lines = [*table(gone[:2]), ["Other tests", "HCPCS", "Text"], *table(gone[2:])[1:]]
    (tmp_path / "cdm.xlsx").write_bytes(pack("cdm.xlsx", lines))
    found = impact(runs("hcpcs"), "--list", tmp_path / "cdm.xlsx")
    assert [row["code"] for row in found] == gone
    (listed,) = rows(tmp_path / "out" / "lists.csv")
    assert (listed["cells"], listed["set_aside"]) == ("4", "0")


def test_cells_with_an_error_and_merged_cells_are_set_aside(
    gone: list[str], runs: Runs, impact: Judge, rows: Read, tmp_path: Path
) -> None:
    with xlsxwriter.Workbook(tmp_path / "cdm.xlsx") as book:
        page = book.add_worksheet()
        page.write_row(0, 0, ["No.", "HCPCS"])
        for row in range(1, 7):
            page.write_number(row, 0, row)
        page.write_string(1, 1, gone[0])
        page.write_formula(2, 1, "=B9", None, "#REF!")
        page.merge_range(3, 1, 4, 1, gone[1])
        page.write_formula(5, 1, f'="{gone[2]}"', None, gone[2])
        page.write_number(6, 1, 12345)
    found = impact(runs("hcpcs"), "--list", tmp_path / "cdm.xlsx", code=3)
    assert [(row["line"], row["code"]) for row in found] == [
        ("2", gone[0]), ("4", gone[1]), ("6", gone[2]),
    ]  # fmt: skip
    aside = rows(tmp_path / "out" / "quarantine.csv")
    assert [(row["line"], row["fault"]) for row in aside] == [
        ("3", "E372: contains an error instead of a value"),
        ("5", "E372: is merged with the cell in row 4"),
    ]
    (listed,) = rows(tmp_path / "out" / "lists.csv")
    assert [listed[name] for name in ("cells", "understood", "set_aside")] == ["6", "4", "2"]


def test_a_row_of_another_width_is_set_aside_with_its_place(
    gone: list[str], runs: Runs, impact: Judge, rows: Read, tmp_path: Path
) -> None:
    text = f"No.,HCPCS,Text\n1,{gone[0]},x\n2,{gone[1]},x,y\n3,{gone[2]},x\nTotal,,\n"
    (tmp_path / "cdm.csv").write_text(text, "utf-8")
    found = impact(runs("hcpcs"), "--list", tmp_path / "cdm.csv", code=3)
    assert [(row["line"], row["code"]) for row in found] == [("2", gone[0]), ("4", gone[2])]
    (aside,) = rows(tmp_path / "out" / "quarantine.csv")
    assert (aside["source"], aside["line"], aside["fault"][:5]) == ("cdm.csv", "3", "E152:")


def test_without_any_column_of_codes_nothing_is_judged(
    runs: Runs, cptdiff: Run, tmp_path: Path
) -> None:
    lines = [["No.", "Key", "Text"], *([str(n), str(n + 10000), "x"] for n in range(50))]
    (tmp_path / "cdm.csv").write_bytes(pack("cdm.csv", lines))
    words = ("impact", runs("hcpcs"), "--list", tmp_path / "cdm.csv")
    done = cptdiff(*words)
    assert (done.returncode, done.stdout) == (2, "")
    assert "error[E370]: cdm.csv: has no column with codes; columns: No., Key, Text" in done.stderr
    assert "Fix: name the column with --code-column NAME" in done.stderr
    done = cptdiff(*words, "--code-column", "key")
    assert done.returncode == 2
    assert "0 of 50 lines could be judged: CPT codes were not given" in done.stderr
    wrong = cptdiff(*words, "--code-column", "Kee")
    assert wrong.returncode == 2
    assert "has no column Kee" in wrong.stderr
    assert 'Fix: use --code-column "Key"' in wrong.stderr


def test_codes_come_from_standard_input(
    gone: list[str], runs: Runs, tmp_path: Path, process: Callable[..., CompletedProcess[str]]
) -> None:
    (tmp_path / "codes.txt").write_text("\n".join(gone) + "\n", "utf-8")
    script = (
        "import os, sys; os.dup2(os.open(sys.argv[1], os.O_RDONLY), 0);"
        "from cptdiff.__main__ import run; sys.exit(run(sys.argv[2:]))"
    )
    words = ("impact", runs("hcpcs"), "--list", "-", "-o", "-", "--quiet")
    done = process("-c", script, tmp_path / "codes.txt", *words)
    assert done.returncode == 0, done.stderr
    assert [line.split(",")[6] for line in done.stdout.splitlines()[1:]] == gone
