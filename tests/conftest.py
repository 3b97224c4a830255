"""What tests share: the command in this process or in its own, the samples, small inputs."""

import csv
import io
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import polars as pl
import pytest
import xlsxwriter

from cptdiff.__main__ import run as run_command

ROOT = Path(__file__).parents[1]
Content = bytes | str | Mapping[str, bytes | str] | None
PREVIOUS = "code,description\nA1,First thing\nA2,Second thing\nA3,Third thing\n"
LONGULT = "00100\tMade-up numbing\r\n33333\tMade-up surgery\r\n"
CURRENT = "code,description\nA1,First thing\nA3,Third thing altered\nA4,Fourth thing\n"


@pytest.fixture(scope="session")
def root() -> Path:
    """Name the checkout."""
    return ROOT


@pytest.fixture(scope="session")
def samples() -> Path:
    """Name the folder of sample releases."""
    return ROOT / "sample_releases"


@pytest.fixture(scope="session")
def expected(samples: Path) -> dict[str, Any]:
    """Load the truth about the samples."""
    truth: dict[str, Any] = json.loads((samples / "expected.json").read_text("utf-8"))
    return truth


@pytest.fixture
def cptdiff(capsysbinary: pytest.CaptureFixture[bytes]) -> Callable[..., CompletedProcess[str]]:
    """Run the command in this process."""

    def run(*arguments: str | Path) -> CompletedProcess[str]:
        words = [*map(str, arguments)]
        capsysbinary.readouterr()
        code = run_command(words)
        out, err = capsysbinary.readouterr()
        return CompletedProcess(words, code, out.decode(), err.decode())

    return run


@pytest.fixture(scope="session")
def process() -> Callable[..., CompletedProcess[str]]:
    """Run python in a process of its own, with more environment if need be."""

    def run(*arguments: str | Path, **environment: str) -> CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *map(str, arguments)],
            cwd=ROOT,
            env=os.environ | environment,
            capture_output=True,
            encoding="utf-8",
            timeout=600,
            check=False,
        )

    return run


@pytest.fixture
def tables(tmp_path: Path) -> tuple[str, str, str, str]:
    """Give the words that compare two small tables: one row each added, deleted and revised."""
    folder = tmp_path / "tables"
    folder.mkdir()
    (folder / "previous.csv").write_text(PREVIOUS, "utf-8")
    (folder / "current.csv").write_text(CURRENT, "utf-8")
    return (str(folder / "previous.csv"), str(folder / "current.csv"), "--code-set", "table")


@pytest.fixture
def same(tmp_path: Path, tables: tuple[str, ...]) -> tuple[str, ...]:
    """Give the words that compare a table with itself in another order."""
    head, *rows = PREVIOUS.splitlines(keepends=True)
    turned = tmp_path / "tables" / "turned.csv"
    turned.write_text("".join([head, *reversed(rows)]), "utf-8")
    return (tables[0], str(turned), *tables[2:])


@pytest.fixture
def longult(tmp_path: Path) -> tuple[Path, Path]:
    """Write two tiny CPT releases without a date: 33333 is revised, 99990 is new."""
    for side, text in (("previous", LONGULT), ("current", LONGULT.replace("surgery", "operation"))):
        (tmp_path / side).mkdir()
        new = "99990\tMade-up\r\n" if side == "current" else ""
        (tmp_path / side / "LONGULT.txt").write_bytes(f"{text}{new}".encode())
    return tmp_path / "previous", tmp_path / "current"


@pytest.fixture(scope="session")
def rows() -> Callable[[Path], list[dict[str, str]]]:
    """Read a table that was written."""

    def read(path: Path) -> list[dict[str, str]]:
        with path.open(encoding="utf-8", newline="") as lines:
            return list(csv.DictReader(lines))

    return read


@pytest.fixture(scope="session")
def changed() -> Callable[[Path], dict[str, dict[str, set[str]]]]:
    """Read changes.csv as codes by kind and change, attribute-only revisions apart."""

    def read(path: Path) -> dict[str, dict[str, set[str]]]:
        found: dict[str, dict[str, set[str]]] = {}
        with path.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                apart = "_attributes_only" if row["reason"] == "attributes-only" else ""
                of_kind = found.setdefault(row["kind"], {})
                of_kind.setdefault(row["change"] + apart, set()).add(row["code"])
        return found

    return read


@pytest.fixture(scope="session")
def unzipped(samples: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Unpack a sample into a folder with the zip's name."""

    def unpack(name: str) -> Path:
        folder = tmp_path_factory.mktemp("unzipped") / Path(name).stem
        with zipfile.ZipFile(samples / name) as archive:
            archive.extractall(folder)
        return folder

    return cache(unpack)


@pytest.fixture(scope="session")
def member(samples: Path) -> Callable[[str, str], bytes]:
    """Read the one member of a sample with this base name, in any case."""

    def read(name: str, base: str) -> bytes:
        with zipfile.ZipFile(samples / name) as archive:
            (found,) = [
                path for path in archive.namelist() if Path(path).name.lower() == base.lower()
            ]
            return archive.read(found)

    return cache(read)


@pytest.fixture(scope="session")
def make() -> Callable[[Path, Content], Path]:
    """Write a file, text as UTF-8 just as it is, or a folder of files; None makes neither."""

    def write(path: Path, content: Content) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, Mapping):
            path.mkdir(exist_ok=True)
            for name, inner in content.items():
                write(path / name, inner)
        elif content is not None:
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


@pytest.fixture(scope="session")
def as_file() -> Callable[[str, list[list[str]]], bytes]:
    """Pack rows as the name's ending says: .csv, .tsv, .xlsx or .parquet."""

    def pack(name: str, rows: list[list[str]]) -> bytes:
        buffer, text = io.BytesIO(), io.StringIO()
        if name.endswith(".parquet"):
            pl.DataFrame(rows[1:], rows[0], orient="row").write_parquet(buffer)
        elif name.endswith(".xlsx"):
            with xlsxwriter.Workbook(buffer, {"strings_to_formulas": False}) as book:
                page = book.add_worksheet()
                for number, row in enumerate(rows):
                    page.write_row(number, 0, row)
        else:
            mark = "\t" if name.endswith(".tsv") else ","
            csv.writer(text, delimiter=mark, quoting=csv.QUOTE_ALL).writerows(rows)
        return buffer.getvalue() or text.getvalue().encode()

    return pack
