"""Hostile Parquet: refused in one line, whatever becomes of the process that reads it."""

import base64
import io
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from subprocess import CompletedProcess
from typing import Literal

import polars as pl
import pytest

from cptdiff import CodeSet
from cptdiff.errors import Refused
from cptdiff.isolated.parquet import answer
from cptdiff.pipeline import load_release as load
from cptdiff.reading import Reading
from tests.hostile.case import OWN, TABLE, Run, assert_plain
from tests.hostile.runs import MEASURED

Make = Callable[..., Path]
Process = Callable[..., CompletedProcess[str]]
# 500 mutants are read in one process; what it survives and says of each is counted.
SCRIPT = """
import random, sys
from cptdiff.isolated.parquet import answer
from cptdiff.errors import Refused
sound, chosen = open(sys.argv[1], "rb").read(), random.Random(5)
refused = read = 0
for _ in range(500):
    mutant = bytearray(sound)
    for _ in range(chosen.randint(1, 3)):
        mutant[chosen.randrange(len(mutant))] = chosen.randrange(256)
    mutant = mutant[: chosen.choice((None, None, chosen.randrange(len(mutant))))]
    try:
        list(answer(bytes(mutant)))
        read += 1
    except Refused:
        refused += 1
print(refused, read)
"""

# Five moments in INT96, as Spark writes them and Polars does not: codes A to E end on 2299-12-31,
# 2026-12-31, 0001-01-01, never, and on 2026-01-01 at 01:02:03.000456.
ENDS = base64.b64decode(
    "UEFSMRUAFT4VPiwVChUAFQYVBhwAAAACAAAACgEBAAAAQQEAAABCAQAAAEMBAAAARAEAAABFFQAVbBVsLBUKFQAVBhUG"
    "HAAAAAIAAAADFwAAAAAAAAAAXRQnAAAAAAAAAAAA3o4lAAAAAAAAAAAAUkQaAECjHtRiAwAAco0lABUEGTw1ABgGc2No"
    "ZW1hFQQAFQwlAhgEY29kZSUATBwAAAAVBiUCGARlbmRzABYKGRwZLCYAHBUMGSUGABkYBGNvZGUVABYKFmQWZCYISRwV"
    "ABUAFQIAPBYKGQYZJgAKAAAAJgAcFQYZJQYAGRgEZW5kcxUAFgoWkgEWkgEmbEkcFQAVABUCADwpBhkmAggAAAAW9gEW"
    "CiYIFvYBACggcGFycXVldC1jcHAtYXJyb3cgdmVyc2lvbiAyNi4wLjEZLBwAABwAAADHAAAAUEFSMQ=="
)  # fmt: skip


def parquet() -> bytes:
    buffer = io.BytesIO()
    rows = {"code": [f"A{n}" for n in range(50)], "price": [n / 4 for n in range(50)]}
    pl.DataFrame(rows).write_parquet(buffer)
    return buffer.getvalue()


def test_input_61_mutated_parquet_is_refused_or_read(
    process: Process, make: Make, tmp_path: Path
) -> None:
    done = process("-c", SCRIPT, make(tmp_path / "t.parquet", parquet()))
    assert done.returncode == 0, done.stderr[-500:]
    refused, read = map(int, done.stdout.split())
    assert refused + read == 500
    assert refused > 100


@pytest.mark.parametrize("cut", [0, 4, 300, -1, -9])
def test_input_61_cut_parquet_is_refused_without_a_panic(
    cptdiff: Run, make: Make, tmp_path: Path, cut: int
) -> None:
    data = b"PAR1" + parquet()[4:cut] if cut else b"PAR1"
    bad, sound = make(tmp_path / "t.parquet", data), make(tmp_path / "sound.csv", TABLE)
    done = cptdiff("diff", bad, sound, *OWN)
    assert_plain(done)
    assert done.returncode == 2
    assert done.stderr.startswith("cptdiff: error[E215]: t.parquet: is not a complete Parquet file")
    assert done.stderr.count("\n") == 1


def test_a_process_that_dies_is_one_refusal(
    cptdiff: Run, make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sound = make(tmp_path / "t.parquet", parquet())
    for death, slug in (
        ("import os; os.abort()", "E215"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "E171"),
        ("import sys; sys.exit('memory allocation of 99 bytes failed')", "E171"),
        ("import time; time.sleep(60)", "E171"),
        ("raise ValueError('a secret')", "E215"),
    ):
        monkeypatch.setattr("cptdiff.isolated._START", death)
        monkeypatch.setattr("cptdiff.isolated.SECONDS", 2)
        done = cptdiff("inspect", sound, *OWN)
        assert_plain(done)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.startswith(f"cptdiff: error[{slug}]: t.parquet: ")


def test_rows_that_the_decoder_loses_are_told(
    cptdiff: Run, make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, table = answer(parquet())
    monkeypatch.setattr("cptdiff.reading.parquet.run_isolated", lambda *_: b"51\n" + table)
    done = cptdiff("inspect", make(tmp_path / "t.parquet", parquet()), *OWN)
    assert (done.returncode, done.stdout) == (2, "")
    assert "error[E199]: t.parquet: 51 rows were read, but 50 used" in done.stderr


@pytest.mark.parametrize("rows", [0, 1, 63, 64, 100_000])
def test_the_rows_are_counted_from_the_metadata(rows: int) -> None:
    buffer = io.BytesIO()
    frame = pl.DataFrame({f"column {n}": [True] * rows for n in range(20)})
    frame.write_parquet(buffer, row_group_size=1000)
    assert next(answer(buffer.getvalue())) == b"%d\n" % rows


# As zigzag in two bytes; the file has 1000 (d0 0f).
LIES = {
    "none": (b"\x80\x00", "E111"),
    "fewer": (b"\x94\x0a", "E215"),
    "more": (b"\xb8\x17", "E215"),
}


@pytest.mark.parametrize("lie", LIES)
def test_metadata_that_states_other_rows_than_the_groups_have_is_refused(
    lie: str, make: Make, tmp_path: Path
) -> None:
    buffer = io.BytesIO()
    pl.DataFrame({"code": [f"A{n}" for n in range(1000)]}).write_parquet(buffer)
    data, (stated, slug) = buffer.getvalue(), LIES[lie]
    # The number of rows stands before that of the groups.
    footer = data.rindex(b"PAR1") - 4 - int.from_bytes(data[-8:-4], "little")
    at = data.index(b"\xd0\x0f", footer)
    lying = data[:at] + stated + data[at + 2 :]
    assert next(answer(data)) == b"1000\n"
    with pytest.raises(Refused, match=slug):
        load(make(tmp_path / "t.parquet", lying), Reading(CodeSet.TABLE))


def test_a_footer_of_nothing_is_refused() -> None:
    for data in (b"", b"PAR1", b"PAR1" + bytes(8) + b"PAR1", b"PAR1\xff" * 5 + b"PAR1"):
        with pytest.raises(Refused, match="E215"):
            next(answer(data))


def test_the_process_is_found_from_any_folder(make: Make, tmp_path: Path, process: Process) -> None:
    file = make(tmp_path / "t.parquet", parquet())
    script = (
        f"import os, sys; os.chdir({str(tmp_path)!r}); from cptdiff import load; "
        f"print(load({str(file)!r}, code_set='table').rows.kept)"
    )
    done = process("-c", script)
    assert (done.stdout, done.stderr) == ("50\n", "")


def test_input_47_more_rows_than_any_code_set_has_are_refused_before_they_are_read(
    cptdiff: Run, make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bomb = made(pl.select(pl.repeat("A" * 50, 5_000_001).alias("code")))
    assert len(bomb) < 60_000
    with monkeypatch.context() as patch:
        patch.delattr(pl, "read_parquet")
        with pytest.raises(Refused, match="E170"):
            next(answer(bomb))
    done = cptdiff("inspect", make(tmp_path / "t.parquet", bomb), *OWN)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "error[E170]: t.parquet: has 5,000,001 rows" in done.stderr


def made(frame: pl.DataFrame) -> bytes:
    buffer = io.BytesIO()
    frame.write_parquet(buffer)
    return buffer.getvalue()


BOMBS = {
    "long": lambda: [pl.repeat("A" * 5_000, 300_000).alias("code")],
    "wide": lambda: [pl.repeat(1, 450_000, dtype=pl.Int8).alias(f"{n}") for n in range(160)],
}


@pytest.mark.skipif(sys.platform == "win32", reason="no rusage")
@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS)
def test_input_59_a_small_parquet_that_unpacks_to_gigabytes_is_refused_under_two(
    make: Make, process: Process, tmp_path: Path, bomb: Callable[[], list[pl.Expr]]
) -> None:
    bad, sound = make(tmp_path / "t.parquet", made(pl.select(bomb()))), tmp_path / "sound.csv"
    sound.write_text(TABLE, "utf-8")
    assert bad.stat().st_size < 500_000
    done = process("-c", MEASURED, "diff", bad, sound, *OWN)
    line, figures = done.stdout.strip().split("\n")
    assert line.startswith("cptdiff: error[E170]: t.parquet: unpacks to more than"), line
    code, memory = map(int, figures.split())
    assert (code, memory < 2 * 1024**3) == (2, True), memory


def julian(day: date) -> bytes:
    """A day as INT96 holds it."""
    return (day.toordinal() + 1_721_425).to_bytes(4, "little")


def ends(make: Make, path: Path, data: bytes) -> list[str]:
    release = load(make(path, data), Reading(CodeSet.TABLE))
    return release.entries.sort("code")["=ends"].to_list()


def test_moments_beyond_nanoseconds_are_read_as_they_are(make: Make, tmp_path: Path) -> None:
    later = ENDS.replace(julian(date(2299, 12, 31)), julian(date(9999, 12, 31)))
    rest = ["2026-12-31", "0001-01-01", "", "2026-01-01 01:02:03.000456"]
    assert ends(make, tmp_path / "a.parquet", ENDS) == ["2299-12-31", *rest]
    assert ends(make, tmp_path / "b.parquet", later) == ["9999-12-31", *rest]


def test_nanoseconds_are_kept_where_a_file_has_them(make: Make, tmp_path: Path) -> None:
    buffer = io.BytesIO()
    latest = pl.Series("ends", [1, 2**63 - 1]).cast(pl.Datetime("ns"))
    pl.DataFrame({"code": ["A", "B"], "ends": latest}).write_parquet(buffer)
    found = ends(make, tmp_path / "a.parquet", buffer.getvalue())
    assert found == ["1970-01-01 00:00:00.000000001", "2262-04-11 23:47:16.854775807"]


@pytest.mark.parametrize(
    "kind", [pl.Date(), pl.Datetime("ms"), pl.Datetime("us"), pl.Datetime("ns")], ids=str
)
def test_one_day_is_one_text_in_every_unit(make: Make, tmp_path: Path, kind: pl.DataType) -> None:
    buffer = io.BytesIO()
    day = pl.Series("ends", [date(2026, 1, 1)]).cast(kind)
    pl.DataFrame({"code": ["A"], "ends": day}).write_parquet(buffer)
    assert ends(make, tmp_path / "a.parquet", buffer.getvalue()) == ["2026-01-01"]


@pytest.mark.parametrize("unit", ["ms", "us", "ns"])
def test_a_time_of_day_is_kept(make: Make, tmp_path: Path, unit: Literal["ms", "us", "ns"]) -> None:
    buffer = io.BytesIO()
    texts = pl.Series(["2026-01-01 08:00:00.000", "2026-01-01 08:00:00.120", "2026-01-01 00:00:00"])
    moments = texts.str.to_datetime("%Y-%m-%d %H:%M:%S%.f", time_unit=unit)
    zoned = moments.dt.replace_time_zone("UTC")
    pl.DataFrame({"code": ["A", "B", "C"], "ends": moments, "zoned": zoned}).write_parquet(buffer)
    release = load(make(tmp_path / "a.parquet", buffer.getvalue()), Reading(CodeSet.TABLE))
    assert release.entries.sort("code").select("=ends", "=zoned").rows() == [
        ("2026-01-01 08:00:00", "2026-01-01 08:00:00+00:00"),
        ("2026-01-01 08:00:00.12", "2026-01-01 08:00:00.12+00:00"),
        ("2026-01-01", "2026-01-01 00:00:00+00:00"),
    ]
