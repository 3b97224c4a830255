"""A table in several files, as Spark, Hive and others write it, is one table."""

import csv
import io
from collections.abc import Callable, Mapping
from pathlib import Path
from subprocess import CompletedProcess

import polars as pl
import pytest

import cptdiff as library

Run = Callable[..., CompletedProcess[str]]
Make = Callable[..., Path]
Rows = Callable[[Path], list[dict[str, str]]]
TABLE = ("--code-set", "table")
HEAD = "code,name\n"
ROWS = ["A1,First\n", "A2,Second\n", 'A3,"Third, in\nquotes"\n']
WHOLE = HEAD + "".join(ROWS)


def parquet(columns: Mapping[str, list[str]]) -> bytes:
    buffer = io.BytesIO()
    pl.DataFrame(columns).write_parquet(buffer)
    return buffer.getvalue()


FINISHED: dict[str, str | bytes] = {"_SUCCESS": b"", ".part-0.crc": b"crc"}
FOLDERS: dict[str, Mapping[str, str | bytes]] = {
    "Spark": {**{f"part-{n:05}-3f2a-c000.csv": HEAD + ROWS[n] for n in range(3)}, **FINISHED},
    "an empty part": {"part-0.csv": HEAD + ROWS[0] + ROWS[1], "part-1.csv": HEAD + ROWS[2],
                      "part-2.csv": "", "part-3.csv": HEAD},
    "no line end": {"part-0.csv": HEAD + ROWS[0] + ROWS[1].rstrip(), "part-1.csv": HEAD + ROWS[2]},
    "a byte order mark": {f"part-{n}.csv": "\ufeff" + HEAD + row for n, row in enumerate(ROWS)},
    "any names, finished": {
        "x.csv": HEAD + ROWS[0] + ROWS[1], "y.csv": HEAD + ROWS[2], "_SUCCESS": "",
    },
    "Parquet": {
        "part-0.parquet": parquet({"code": ["A1", "A2"], "name": ["First", "Second"]}),
        "part-1.parquet": parquet({"code": ["A3"], "name": ["Third, in\nquotes"]}),
    },
    "work in progress": {
        "part-0.csv": WHOLE, "_temporary/0/part-1.csv": HEAD + "B1,Lost\n", "_SUCCESS": "",
    },
}  # fmt: skip


@pytest.mark.parametrize("name", FOLDERS)
def test_parts_are_one_table(cptdiff: Run, make: Make, tmp_path: Path, name: str) -> None:
    whole = make(tmp_path / "whole.csv", WHOLE)
    folder = make(tmp_path / "table", FOLDERS[name])
    done = cptdiff("diff", whole, folder, *TABLE)
    assert (done.returncode, "No changes: 3 entries" in done.stdout) == (0, True), done


HIVE = {
    "state=CA/year=2026/part-0.csv": "code,fee\nA1,1\n",
    "state=NY/year=2026/part-0.csv": 'code,fee\nA1,2\n"A2",3\n',
    "state=a%2Fb/year=__HIVE_DEFAULT_PARTITION__/x.csv": "code,fee\nA9,4\n",
}
FLAT = "state,year,code,fee\nCA,2026,A1,1\nNY,2026,A1,2\nNY,2026,A2,3\na/b,,A9,4\n"


def test_the_folders_of_hive_are_columns_and_may_be_keys(
    cptdiff: Run, make: Make, tmp_path: Path
) -> None:
    flat, text = make(tmp_path / "flat.csv", FLAT), make(tmp_path / "text", HIVE)
    typed = {
        name.replace(".csv", ".parquet"): parquet({
            column: list(values)
            for column, *values in zip(*csv.reader(io.StringIO(rows)), strict=True)
        })
        for name, rows in HIVE.items()
    }  # fmt: skip
    for folder in (text, make(tmp_path / "typed", typed)):
        done = cptdiff("diff", flat, folder, *TABLE, "--key", "code", "--key", "state")
        assert (done.returncode, "No changes: 4 entries" in done.stdout) == (0, True), done
        assert "was not compared" not in done.stdout


def test_a_part_is_chosen_and_a_single_partition_too(
    cptdiff: Run, make: Make, tmp_path: Path
) -> None:
    folder = make(tmp_path / "table", HIVE)
    flat = make(tmp_path / "flat.csv", "state,year,code,fee\nNY,2026,A1,2\nNY,2026,A2,3\n")
    done = cptdiff("diff", flat, folder, *TABLE, "--member", "current=state=NY/*")
    assert (done.returncode, "No changes: 2 entries" in done.stdout) == (0, True), done


def test_a_row_of_a_part_is_named_by_its_part_and_line(
    cptdiff: Run, make: Make, rows: Rows, tmp_path: Path
) -> None:
    files = {"part-0.csv": HEAD + ROWS[2] + ROWS[0], "part-1.csv": HEAD + ROWS[1] + "B1,b,c\n"}
    folder = make(tmp_path / "table", files | {"part-2.csv": HEAD + "B2,x\nB3,x,y\n"})
    done = cptdiff("diff", make(tmp_path / "w.csv", WHOLE), folder, *TABLE, "-o", tmp_path / "run")
    assert done.returncode == 3, done.stderr
    found = [
        (row["member"], row["line"], row["byte"]) for row in rows(tmp_path / "run/quarantine.csv")
    ]
    assert found == [("part-1.csv", "3", ""), ("part-2.csv", "3", "")]


def test_rows_of_one_key_are_found_across_parts(make: Make, tmp_path: Path) -> None:
    twice = {"part-0.csv": HEAD + ROWS[0], "part-1.csv": HEAD + ROWS[0] + ROWS[1]}
    release = library.load(make(tmp_path / "table", twice), code_set="table")
    (source,) = release.sources
    assert (source.rows.read, source.rows.kept, source.rows.collapsed) == (3, 2, 1)
    assert source.member == "part-0.csv and 1 more part"


def test_parts_without_a_header_are_one_table(make: Make, tmp_path: Path) -> None:
    parts = {f"part-{n}.csv": row for n, row in enumerate(ROWS)}
    folder = make(tmp_path / "table", parts)
    release = library.load(folder, code_set="table", column_names=["code", "name"])
    assert release.entries["code"].to_list() == ["A1", "A2", "A3"]


def test_a_column_that_a_part_lacks_is_empty_there(make: Make, tmp_path: Path) -> None:
    parts = {
        "part-0.parquet": parquet({"code": ["A1"], "name": ["First"]}),
        "part-1.parquet": parquet({"code": ["A2"], "name": ["Second"], "new": ["x"]}),
    }
    release = library.load(make(tmp_path / "table", parts), code_set="table")
    assert release.entries.select("code", "=new").rows() == [("A1", ""), ("A2", "x")]


REFUSED: dict[str, tuple[Mapping[str, str | bytes], str, str]] = {
    "tables of two years": ({"2025.csv": WHOLE, "2026.csv": WHOLE}, "E184", "contains 2 tables"),
    "data of two years": ({"data_2025.csv": WHOLE, "data_2026.csv": WHOLE}, "E184", "2 tables"),
    "other headers": (
        {"part-0.csv": WHOLE, "part-1.csv": "code,fee\nA4,1\n"},
        "E184",
        "part-1.csv has another header than part-0.csv",
    ),
    "two tables": ({"a/part-0.csv": WHOLE, "b/part-0.csv": WHOLE}, "E184", "a/part-0.csv"),
    "a Delta table": (
        {"part-0.parquet": parquet({"code": ["A"]}), "_delta_log/0.json": "{}"},
        "E185",
        "is a Delta table",
    ),
    "an Iceberg table": (
        {"data/0.parquet": parquet({"code": ["A"]}), "metadata/v1.metadata.json": "{}"},
        "E185",
        "is an Iceberg table",
    ),
    "a table that is not finished": (
        {"part-0.csv": WHOLE, "_temporary/0/part-1.csv": WHOLE},
        "E185",
        "is not finished",
    ),
    "broken quotes": ({"k=1/a.csv": 'code,name\nA1,"x"y\n'}, "E153", "k=1/a.csv"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_are_no_parts_is_refused(cptdiff: Run, make: Make, tmp_path: Path, case: str) -> None:
    files, slug, told = REFUSED[case]
    done = cptdiff("diff", make(tmp_path / "w.csv", WHOLE), make(tmp_path / "t", files), *TABLE)
    assert done.returncode == 2, done.stdout
    assert f"error[{slug}]" in done.stderr
    assert told in done.stderr
