"""Limits of size and time: each refusal names the option that moves it, everywhere alike."""

import gzip
import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import polars as pl
import pytest
import xlsxwriter

import cptdiff as library
from cptdiff import isolated
from cptdiff.errors import CptdiffError, Refused
from cptdiff.limits import find_limits, propose_limit, read_limit, use_limits

Run = Callable[..., CompletedProcess[str]]
Make = Callable[..., Path]
TABLE = ("--code-set", "table")
ROWS = [("code", "price"), *((f"A{n:03}", n / 4) for n in range(300))]
TEXT = "".join(f"{code},{price}\n" for code, price in ROWS)


def write_csv(path: Path) -> Path:
    path.write_text(TEXT, "utf-8")
    return path


def write_book(path: Path) -> Path:
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet()
        for number, row in enumerate(ROWS):
            page.write_row(number, 0, row)
    return path


def write_parquet(path: Path) -> Path:
    pl.DataFrame(ROWS[1:], [*map(str, ROWS[0])], orient="row").write_parquet(path)
    return path


def write_gz(path: Path) -> Path:
    path.write_bytes(gzip.compress(TEXT.encode()))
    return path


def write_zip(path: Path) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("t.csv", TEXT)
        made.writestr("readme.md", "Made up")
    return path


def write_parts(path: Path) -> Path:
    path.mkdir()
    for number in (0, 1):
        write_csv(path / f"part-0000{number}.csv")
    return path


# A file that any machine reads, the limit below it, and the slug of the refusal.
REFUSALS = {
    "bytes of a file": (write_csv, "t.csv", "size=100", "E170"),
    "bytes of a packed file": (write_gz, "t.csv.gz", "size=2000", "E180"),
    "bytes of a zip's member": (write_zip, "t.zip", "size=2000", "E180"),
    "bytes of parts": (write_parts, "t", "size=5000", "E170"),
    "bytes of a workbook's parts": (write_book, "t.xlsx", "size=17000", "E213"),
    "rows of text": (write_csv, "t.csv", "rows=299", "E170"),
    "rows of a workbook": (write_book, "t.xlsx", "rows=299", "E170"),
    "rows of Parquet": (write_parquet, "t.parquet", "rows=299", "E170"),
    "columns": (write_csv, "t.csv", "columns=1", "E166"),
    "columns of a workbook": (write_book, "t.xlsx", "columns=1", "E213"),
    "files of a zip": (write_zip, "t.zip", "files=1", "E180"),
    "files of a folder": (write_parts, "t", "files=1", "E102"),
}


@pytest.mark.parametrize("case", REFUSALS)
def test_a_refusal_for_a_limit_names_the_option_with_a_number_that_will_do(
    cptdiff: Run, tmp_path: Path, case: str
) -> None:
    write, name, limit, slug = REFUSALS[case]
    path = write(tmp_path / name)
    words = ("inspect", path, *TABLE)
    assert cptdiff(*words).returncode == 0
    done = cptdiff(*words, "--limit", limit)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert f"error[{slug}]: t" in done.stderr
    (proposed,) = re.findall(r"--limit ([a-z]+=[0-9A-Z]+)", done.stderr)
    assert proposed.split("=")[0] == limit.split("=")[0]
    again = cptdiff(*words, "--limit", proposed)
    assert (again.returncode, again.stderr) == (0, "")


def test_what_takes_too_much_time_or_memory_is_refused_with_the_option(
    cptdiff: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cptdiff.isolated._START", "import time; time.sleep(60)")
    done = cptdiff("inspect", write_book(tmp_path / "t.xlsx"), *TABLE, "--limit", "seconds=1")
    assert done.returncode == 2
    assert "error[E171]: t.xlsx: was not read within 1 seconds. Fix: " in done.stderr
    assert "save it as text, or add --limit seconds=4\n" in done.stderr
    lacking = "import sys; sys.exit('memory allocation of 99 bytes failed')"
    monkeypatch.setattr("cptdiff.isolated._START", lacking)
    done = cptdiff("inspect", tmp_path / "t.xlsx", *TABLE, "--limit", "memory=1GB")
    assert "error[E171]: t.xlsx: needs more memory than a file of its size should" in done.stderr
    assert "save it as text, or add --limit memory=4GB\n" in done.stderr


def test_a_row_with_a_large_cell_is_excluded_with_the_option(cptdiff: Run, tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(f"code,name\nA1,short\nA2,{'long ' * 300_000}\n", "utf-8")
    words = ("diff", path, path.with_name("u.csv"), *TABLE, "-o", tmp_path / "run", "--quiet")
    path.with_name("u.csv").write_bytes(path.read_bytes())
    done = cptdiff(*words)
    assert done.returncode == 3, done.stderr
    assert "--limit cell=2MB" in (tmp_path / "run" / "quarantine.csv").read_text("utf-8")
    done = cptdiff(*words[:-2], tmp_path / "other", "--quiet", "--limit", "cell=2MB")
    assert (done.returncode, done.stderr) == (0, "")


def test_a_large_file_may_take_more_time_and_memory() -> None:
    small, large = 100_000, 80 * 1024**2
    assert isolated.find_seconds(small) == isolated.SECONDS
    assert isolated.find_seconds(large) >= 5 * isolated.SECONDS
    assert isolated.find_memory(small, 1000) == 1000
    assert isolated.find_memory(large, 900 * 1024**2) > 2 * 1024**3
    with use_limits({"seconds": 7, "memory": 5}):
        assert (isolated.find_seconds(large), isolated.find_memory(large, 1000)) == (7, 5)


NUMBERS = {
    ("size", "8GB"): 8 * 1024**3,
    ("size", "1.5 gb"): 3 * 1024**3 // 2,
    ("size", "500MiB"): 500 * 1024**2,
    ("memory", "4G"): 4 * 1024**3,
    ("size", "1000"): 1000,
    ("rows", "40,000,000"): 40_000_000,
    ("rows", "40_000_000"): 40_000_000,
}
WRONG = [
    ("size", ""), ("size", "-1"), ("size", "8XB"), ("size", "0"), ("rows", "8GB"), ("rows", "1.5"),
    ("seconds", "ten"), ("size", "9" * 18 + "TB"), ("size", "\u0661"),
]  # fmt: skip


def test_numbers_are_read_as_people_write_them() -> None:
    assert {each: read_limit(*each) for each in NUMBERS} == NUMBERS
    for name, text in WRONG:
        with pytest.raises(Refused, match=r"E001.*--limit: .* is not a limit\. Fix: give "):
            read_limit(name, text)


@pytest.mark.parametrize("needed", [1, 99, 100, 101, 5_000_001, 123_456_789, 2**31 + 1])
def test_what_is_proposed_is_enough_and_short(needed: int) -> None:
    for name in ("size", "rows"):
        option = propose_limit(name, needed)
        text = option.removeprefix(f"--limit {name}=")
        assert needed <= read_limit(name, text) < needed * 2 + 1024**3
        assert len(text) < 12


def test_jobs_python_and_manifests_know_limits(
    cptdiff: Run, make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    old, new = write_csv(tmp_path / "old.csv"), write_csv(tmp_path / "new.csv")
    new.write_text(TEXT.replace("A100,25.0", "A100,26.0"), "utf-8")
    job = (
        '[jobs.t]\ncode_set = "table"\nprevious = "old.csv"\ncurrent = "new.csv"\noutput = "run"\n'
    )
    make(tmp_path / "cptdiff.toml", job + "limit = { rows = 200, deleted-share = 15 }\n")
    done = cptdiff("run")
    assert done.returncode == 2
    assert "--limit rows=300" in done.stderr
    assert cptdiff("run", "--limit", "rows=300").returncode == 0
    manifest = json.loads((tmp_path / "run" / "manifest.json").read_text("utf-8"))
    told = json.dumps(manifest)
    assert '"rows": 300' in told
    assert cptdiff("verify", "run", "--against", old, new).returncode == 0
    with pytest.raises(CptdiffError, match=r'limit=\{"size": "1MB"\}'):
        library.diff(old, new, code_set="table", repair="leading-zeros", limit={"size": 100})
    with pytest.raises(CptdiffError, match=r'limit=\{"rows": 300\}'):
        library.load(old, code_set="table", limit={"rows": 5})
    assert library.load(old, code_set="table", limit={"rows": "300"}).entries.height == 300
    assert find_limits() == type(find_limits())()


def test_lists_of_codes_obey_limits(cptdiff: Run, samples: Path, tmp_path: Path) -> None:
    pair = f"{samples / 'cpt-2026-legacy.zip'}:{samples / 'cpt-2027-legacy.zip'}"
    listed = tmp_path / "list.csv"
    listed.write_text("code\n" + "".join(f"{n:05}\n" for n in range(200)), "utf-8")
    for words in (("impact", pair, "--list", listed), ("show", "00100", *pair.split(":"))):
        done = cptdiff(*words, "--limit", "size=200")
        assert done.returncode == 2
        assert "--limit size=" in done.stderr
