"""Measures cptdiff as it is installed beside this Python: time and peak memory of whole processes.

python -m tests.benchmarks.bench [--docs] [--rows N] [--folder FOLDER]

`make bench` runs this in an environment of its own, where the product is installed as users get
it. It prints a Markdown table; --docs also puts it between the bench marks of docs/contributing.md.
"""

import argparse
import os
import platform
import re
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

from tests.benchmarks.cases import (
    BENCHMARKS,
    CLAIM_LINES,
    CLAIMS,
    CODES,
    FEWER_CLAIMS,
    FEWER_LINES,
    LINES,
    LIST,
    OURS,
    PEER,
    QUOTED,
    RUN,
    Case,
    cases,
)
from tests.benchmarks.figures import keep
from tests.benchmarks.measure import CommandFailedError, Cost, alternate, run

HEAD = """\
| job | time s | CPU s | memory MB | ratio time | ratio CPU | ratio memory | target | met? |
|---|--:|--:|--:|--:|--:|--:|---|---|
"""


def machine() -> str:
    """The machine and the versions, in a line."""
    cpu = re.search(r"^model name\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{cpu[1] if cpu else platform.machine()}, {os.cpu_count()} cores, {memory:.0f} GB, "
        f"Python {platform.python_version()}, Polars {version('polars')}"
    )


def line(case: Case, label: str, cost: Cost, bar: Cost) -> str:
    """One row of the table: a command's cost, and its ratio to the bar's."""
    time_ratio, cpu_ratio = cost.seconds / bar.seconds, cost.cpu / bar.cpu
    memory_ratio = cost.megabytes / bar.megabytes
    cells = [
        f"{label}: {case.name}" if label == OURS else f"{label}, beside it",
        f"{cost.seconds:.2f}",
        f"{cost.cpu:.2f}",
        f"{cost.megabytes:.0f}",
        f"{time_ratio:.2f}",
        f"{cpu_ratio:.2f}",
        f"{memory_ratio:.2f}",
    ]
    if label != OURS or not case.target:
        return "| " + " | ".join([*cells, "", ""]) + " |\n"
    is_quick = (cpu_ratio if case.by_cpu else time_ratio) <= case.target
    met = is_quick and (not case.memory or memory_ratio <= case.memory)
    aims = [f"{'CPU' if case.by_cpu else 'time'} at most {case.target:g}"]
    aims += [f"memory {case.memory:g}"] if case.memory else []
    aim = f"{', '.join(aims)} x {case.bar}"
    return "| " + " | ".join([*cells, aim, "yes" if met else "no"]) + " |\n"


def measured(case: Case, folder: Path) -> str:
    """The case's rows of the table, ours first; none where its inputs are absent."""
    absent = [path for path in case.inputs if not path.exists()]
    if absent:
        sys.stderr.write(f"skipped: {case.name}: {absent[0]} is absent\n")
        return ""
    sys.stderr.write(f"measuring: {case.name}\n")
    costs = alternate(case.commands, case.rounds, folder)
    ours_first = sorted(costs, key=lambda label: label != OURS)
    return "".join(line(case, label, costs[label], costs[case.bar]) for label in ours_first)


def report(rows: int, folder: Path) -> str:
    """Everything measured, as Markdown."""
    sys.stderr.write(f"generating: two tables of {rows:,} rows\n")
    generate = [sys.executable, str(BENCHMARKS / "generate.py")]
    run([*generate, ".", "--rows", str(rows)], folder)
    sys.stderr.write(f"generating: a list of {LINES:,} lines\n")
    lists = [sys.executable, str(BENCHMARKS / "chargemaster.py")]
    run([*lists, LIST, RUN, "--rows", str(LINES)], folder)
    made = [sys.executable, str(BENCHMARKS / "claims.py"), "make"]
    for name, count in ((FEWER_CLAIMS, FEWER_LINES), (CLAIMS, CLAIM_LINES)):
        sys.stderr.write(f"generating: claims of {count:,} lines\n")
        run([*made, name, CODES, "--rows", str(count)], folder)
    for count in QUOTED if PEER.exists() else ():
        run([*generate, f"quoted-{count}", "--rows", str(count), "--quoted"], folder)
    body = "".join(measured(case, folder) for case in cases(rows, folder))
    return f"{HEAD}{body}\n{machine()}\n"


def main() -> None:
    """Measure, print, and on request keep."""
    parser = argparse.ArgumentParser(description="Measure cptdiff.")
    parser.add_argument("--docs", action="store_true", help="put the table in docs/contributing.md")
    parser.add_argument("--rows", type=int, default=1_000_000, help="of the generated tables")
    parser.add_argument("--folder", type=Path, help="where to work and leave the files")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder: Path = (options.folder or Path(temporary)).resolve()
        folder.mkdir(parents=True, exist_ok=True)
        try:
            text = report(options.rows, folder)
        except CommandFailedError as error:
            sys.exit(str(error))
    sys.stdout.write(text)
    if options.docs:
        keep("bench", text)


if __name__ == "__main__":
    main()
