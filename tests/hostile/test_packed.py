"""A table that is packed as one file: read as it would be unpacked, under limits."""

import bz2
import gzip
import json
import lzma
import subprocess
import sys
import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from cptdiff.errors import Refused
from cptdiff.reading.sources import hold_bytes
from tests.hostile.archives import Entry, zipped
from tests.hostile.case import OWN, TABLE, Make, Run

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

# So that the same bytes are packed the same at any time.
PACK: dict[str, Callable[[bytes], bytes]] = {
    ".gz": partial(gzip.compress, mtime=0),
    ".bz2": bz2.compress,
    ".xz": lzma.compress,
    ".zst": zstd.compress,
}
REVISED = TABLE.replace("Second thing", "Another thing")
SOME = [pytest.param(suffix, id=suffix[1:]) for suffix in PACK]


def list_changes(cptdiff: Run, *pair: Path) -> str:
    done = cptdiff("diff", *pair, *OWN, "-o", "-")
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("suffix", SOME)
def test_a_packed_table_compares_as_it_does_unpacked(
    cptdiff: Run, make: Make, tmp_path: Path, suffix: str
) -> None:
    plain = make(tmp_path / "old.csv", TABLE), make(tmp_path / "new.csv", REVISED)
    packed = [
        make(tmp_path / f"{path.name}{suffix}", PACK[suffix](path.read_bytes())) for path in plain
    ]
    wanted = list_changes(cptdiff, *plain)
    assert "revised" in wanted
    assert list_changes(cptdiff, *packed) == wanted
    # One side may be packed, and the name may be in capitals.
    shouted = make(tmp_path / f"NEW.CSV{suffix.upper()}", packed[1].read_bytes())
    assert list_changes(cptdiff, plain[0], shouted) == wanted


@pytest.mark.parametrize("suffix", SOME)
def test_several_packed_streams_in_one_file_are_read_to_the_last(
    cptdiff: Run, make: Make, tmp_path: Path, suffix: str
) -> None:
    half = len(REVISED) // 2
    data = PACK[suffix](REVISED[:half].encode()) + PACK[suffix](REVISED[half:].encode())
    plain = make(tmp_path / "old.csv", TABLE), make(tmp_path / "new.csv", REVISED)
    joined = make(tmp_path / f"joined.csv{suffix}", data)
    assert list_changes(cptdiff, plain[0], joined) == list_changes(cptdiff, *plain)


def test_a_packed_workbook_and_a_packed_parquet_are_read(
    cptdiff: Run, make: Make, tmp_path: Path, as_file: Callable[[str, list[list[str]]], bytes]
) -> None:
    rows = [line.split(",") for line in REVISED.splitlines()]
    old = make(tmp_path / "old.csv", TABLE)
    wanted = list_changes(cptdiff, old, make(tmp_path / "new.csv", REVISED))
    for name in ("new.xlsx", "new.parquet"):
        packed = make(tmp_path / f"{name}.gz", PACK[".gz"](as_file(name, rows)))
        assert list_changes(cptdiff, old, packed) == wanted


def test_the_summary_names_the_packed_file_as_it_lies_on_disk(
    cptdiff: Run, make: Make, tmp_path: Path
) -> None:
    data = PACK[".gz"](TABLE.encode())
    old, new = make(tmp_path / "old.csv.gz", data), make(tmp_path / "new.csv", REVISED)
    done = cptdiff("diff", old, new, *OWN, "-o", tmp_path / "summary.json")
    assert done.returncode == 0, done.stderr
    (file,) = json.loads((tmp_path / "summary.json").read_text())["previous"]["sources"]
    assert (file["member"], file["size"]) == ("old.csv.gz", len(data))


def test_standard_input_may_be_packed(make: Make, tmp_path: Path) -> None:
    old = make(tmp_path / "old.csv", TABLE)
    done = subprocess.run(
        [sys.executable, "-m", "cptdiff", "diff", "-", old, *OWN, "-o", "-"],
        input=zstd.compress(REVISED.encode()), capture_output=True, check=False,
    )  # fmt: skip
    assert (done.returncode, b"revised" in done.stdout) == (0, True), done.stderr


def test_packed_files_in_a_zip_and_in_a_folder_are_read(
    cptdiff: Run, make: Make, tmp_path: Path
) -> None:
    old = make(tmp_path / "old.csv", TABLE)
    wanted = list_changes(cptdiff, old, make(tmp_path / "new.csv", REVISED))
    data = PACK[".gz"](REVISED.encode())
    folder = make(tmp_path / "folder", {"new.csv.gz": data})
    archive = make(tmp_path / "new.zip", zipped(Entry("new.csv.gz", data, zipfile.ZIP_STORED)))
    assert list_changes(cptdiff, old, folder) == wanted
    assert list_changes(cptdiff, old, archive) == wanted


def bomb(suffix: str) -> bytes:
    """Pack 50 MB of zeros, far below a hundredth of them."""
    return PACK[suffix](bytes(50 * 1024**2))


@pytest.mark.parametrize("suffix", SOME)
def test_a_packed_bomb_is_refused(cptdiff: Run, make: Make, tmp_path: Path, suffix: str) -> None:
    bad = make(tmp_path / f"bad.csv{suffix}", bomb(suffix))
    done = cptdiff("diff", make(tmp_path / "good.csv", TABLE), bad, *OWN)
    assert done.returncode == 2
    assert f"error[E180]: bad.csv{suffix}: unpacks to more than 200 times its size" in done.stderr


@pytest.mark.parametrize("suffix", SOME)
def test_a_packed_file_cut_anywhere_is_refused(suffix: str) -> None:
    whole = PACK[suffix](TABLE.encode())
    for end in range(len(whole)):
        with pytest.raises(Refused, match=r"E110|E130|E187"):
            hold_bytes(f"t.csv{suffix}", whole[:end])


ZIPPED = PACK[".gz"](zipped(Entry("t.csv")))
TAR = PACK[".gz"](b"x" * 257 + b"ustar\x0000")
WRONG = {
    "no packing": ("t.csv.gz", TABLE.encode(), "E130", "is not packed, but its name says gz"),
    "another packing": ("t.csv.bz2", PACK[".gz"](TABLE.encode()), "E130", "its name says bz2"),
    "nothing in it": ("t.csv.gz", PACK[".gz"](b""), "E110", "no data"),
    "a tar archive": ("t.tar.gz", TAR, "E130", "is a tar archive"),
    "a zip in it": ("t.csv.gz", ZIPPED, "E130", "is a packed zip"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_not_one_packed_table_is_refused_with_the_repair(
    cptdiff: Run, make: Make, tmp_path: Path, case: str
) -> None:
    name, data, slug, says = WRONG[case]
    done = cptdiff("diff", make(tmp_path / "good.csv", TABLE), make(tmp_path / name, data), *OWN)
    assert done.returncode == 2
    assert f"error[{slug}]: {name}: " in done.stderr
    assert says in done.stderr
    assert "Fix: " in done.stderr
