"""No decision and no byte comes from a clock."""

import ast
from collections.abc import Callable, Iterator
from pathlib import Path
from subprocess import CompletedProcess
from typing import Final

Run = Callable[..., CompletedProcess[str]]
ROOT: Final = Path(__file__).parents[2]
# Modules and methods that tell the time; datetime itself is for dates that stand in files.
CLOCKS: Final = frozenset(
    {"now", "today", "utcnow", "time_ns", "monotonic", "perf_counter", "localtime",
     "gmtime", "ctime", "strftime", "fromtimestamp", "st_mtime", "st_ctime", "st_mtime_ns",
     "getmtime", "getctime"}
)  # fmt: skip
FAKED: Final = """
import datetime, sys, time
class Faked(datetime.datetime):
    @classmethod
    def now(cls, tz=None): return cls({year}, 3, 31, 2, 30, tzinfo=tz)
    @classmethod
    def utcnow(cls): return cls({year}, 3, 31, 2, 30)
class Day(datetime.date):
    @classmethod
    def today(cls): return cls({year}, 3, 31)
datetime.datetime, datetime.date = Faked, Day
seconds = ({year} - 1970) * 31556952.0
time.time = lambda: seconds
time.time_ns = lambda: int(seconds * 1e9)
real = time.gmtime, time.localtime
time.gmtime = lambda s=None: real[0](seconds if s is None else s)
time.localtime = lambda s=None: real[1](seconds if s is None else s)
from cptdiff.__main__ import main
main()
"""


def told_times(source: Path) -> Iterator[str]:
    """Where a module looks at a clock, or at a file's dates."""
    for node in ast.walk(ast.parse(source.read_text("utf-8"))):
        match node:
            case ast.Attribute(attr=name) if name in CLOCKS:
                yield f"{source.name}:{node.lineno}"
            case ast.Import(names=[ast.alias(name="time")]) | ast.ImportFrom(module="time"):
                yield f"{source.name}:{node.lineno}"
            case _:
                pass


def test_machine_07_nothing_looks_at_a_clock() -> None:
    sources = sorted((ROOT / "cptdiff").rglob("*.py"))
    assert len(sources) > 80
    found = [place for source in sources for place in told_times(source)]
    # A file's state before and after reading is compared, and never told (row 65 of the inputs).
    assert [place.partition(":")[0] for place in found] == ["sources.py"]


def test_machine_07_a_look_at_a_clock_would_be_found(tmp_path: Path) -> None:
    naive = tmp_path / "naive.py"
    naive.write_text(
        "import time\nfrom time import time\nx = date.today()\ny = path.stat().st_mtime\n", "utf-8"
    )
    assert sorted(told_times(naive)) == [f"naive.py:{n}" for n in (1, 2, 3, 4)]


def test_machine_07_another_time_gives_the_same_bytes(
    process: Run, tmp_path: Path, samples: Path
) -> None:
    pair = [samples / f"icd10cm-{year}.zip" for year in (2026, 2027)]
    found = []
    for year in (1970, 2026, 2100):
        at = tmp_path / str(year)
        done = process("-c", FAKED.format(year=year), "diff", *pair, "-o", at, "--quiet")
        assert (done.returncode, done.stderr) == (0, "")
        found.append({path.name: path.read_bytes() for path in at.iterdir()})
    assert found[0] == found[1] == found[2]
    assert len(found[0]) > 6
