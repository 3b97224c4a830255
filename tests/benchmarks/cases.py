"""What is measured: the commands, how often, beside what, and what is aimed at."""

import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

BENCHMARKS = Path(__file__).resolve().parent
ROOT = BENCHMARKS.parents[1]
SAMPLES = ROOT / "sample_releases"
ICD = ROOT.parent / "shared" / "releases" / "icd10cm"
CPTDIFF = str(Path(sys.executable).with_name("cptdiff"))
IMPORT = "import polars"
HANDWRITTEN = "hand-written script"
SCAN = "bare scan and join"
# The list of the impact case, how many lines it has, and the run folder that it is judged by.
LIST, LINES, RUN = "chargemaster.csv", 2_000_000, "run-hcpcs"
# The claims, the table of codes, and how many lines.
COUNTING = "bare count"
CLAIMS, CODES, CLAIM_LINES = "claims.parquet", "codes.csv", 50_000_000
# The claims of Spark, which are fewer, and what judges them beside it.
FEWER_CLAIMS, FEWER_LINES = "fewer-claims.parquet", 10_000_000
DUCKDB, POLARS = "cptdiff --engine duckdb", "cptdiff without Spark"
JAVA = Path(shutil.which("java") or "java, which Spark needs,")
COMPARA = "compara"
PEER = ROOT / ".venv-peer" / "bin" / "compara"
# Rows of the tables with quotes.
QUOTED = (11_000, 100_000, 1_000_000, 5_000_000)
OURS = "cptdiff"


@dataclass(frozen=True)
class Case:
    """Commands that are run in turn, and how ours (OURS) is to stand to the one named `bar`.

    `target` is a ratio of wall time, or of processor time (`by_cpu`); `memory` one of peak memory.
    Nothing is aimed at where they are 0.
    """

    name: str
    commands: Mapping[str, Sequence[str]]
    rounds: int
    bar: str
    target: float
    memory: float = 0
    by_cpu: bool = False
    inputs: tuple[Path, ...] = ()


def importing() -> list[str]:
    """The least that any program on Polars takes."""
    return [sys.executable, "-c", "import polars"]


def diff(*arguments: str | Path) -> list[str]:
    """Our command."""
    return [CPTDIFF, "diff", *map(str, arguments)]


def releases(name: str, previous: Path, current: Path, target: float) -> Case:
    """Two releases to a page and a table."""
    ours = diff(previous, current, "-o", "report.html", "-o", "changes.csv")
    commands = {IMPORT: importing(), OURS: ours}
    return Case(name, commands, 11, IMPORT, target, by_cpu=True, inputs=(previous, current))


def table(rows: int, folder: Path) -> Case:
    """The generated pair, also beside the hand-written script."""
    pair = (folder / "prev.csv", folder / "cur.csv")
    options = ("--code-set", "table", "--key", "key", "-o", "changes.csv", "-o", "summary.json")
    by_hand = [str(BENCHMARKS / "handwritten.py"), *map(str, pair), "by-hand.csv", "by-hand.json"]
    commands = {
        IMPORT: importing(),
        HANDWRITTEN: [sys.executable, *by_hand],
        OURS: diff(*pair, *options),
    }
    name = f"table of {rows:,} rows to CSV and JSON"
    return Case(name, commands, 5, HANDWRITTEN, 1.2, memory=1.2)


def quoted(rows: int, folder: Path) -> Case:
    """A pair with quotes in every row, beside a tool in Rust that writes the same three forms."""
    pair = [str(folder / f"quoted-{rows}" / name) for name in ("prev.csv", "cur.csv")]
    peer = ["-k", "key", "-o", "peer.html", "--json", "peer.json", "--export-dir", "peer"]
    options = ("--code-set", "table", "--key", "key")
    outputs = ("-o", "report.html", "-o", "changes.csv", "-o", "summary.json")
    commands = {
        COMPARA: [str(PEER), "compare", *pair, *peer, "--exit-zero"],
        OURS: diff(*pair, *options, *outputs),
    }
    target, memory = {1_000_000: (2, 1.3), 5_000_000: (2.2, 1)}.get(rows, (0, 0))
    name = f"table of {rows:,} rows with quotes to HTML, CSV and JSON"
    rounds = 5 if rows <= 1_000_000 else 3
    return Case(name, commands, rounds, COMPARA, target, memory, by_cpu=True, inputs=(PEER,))


def impact(folder: Path) -> Case:
    """A list of millions of lines, beside the least that finds its touched lines with Polars."""
    listed, run = folder / LIST, folder / RUN
    by_hand = [str(BENCHMARKS / "scan_and_join.py"), str(listed), str(run), "touched.csv"]
    ours = [CPTDIFF, "impact", str(run), "--list", str(listed), "-o", "impact.csv", "--quiet"]
    commands = {SCAN: [sys.executable, *by_hand], OURS: ours}
    name = f"impact on a list of {LINES:,} lines to CSV"
    return Case(name, commands, 5, SCAN, 3, by_cpu=True, inputs=(listed,))


def judging(lines: Path, *words: str) -> list[str]:
    """Our command on claims, by the samples."""
    releases = [str(SAMPLES / f"hcpcs-{year}-january.zip") for year in (2026, 2027)]
    given = [word for path in releases for word in ("--release", path)]
    return [CPTDIFF, "claims", str(lines), *given, "-o", "by-code.csv", "--quiet", *words]


def claims(folder: Path) -> Case:
    """Claims of two years in Parquet, beside the least that counts the invalid ones with Polars."""
    lines, codes = folder / CLAIMS, folder / CODES
    by_hand = [sys.executable, str(BENCHMARKS / "claims.py"), "count", str(lines), str(codes)]
    commands = {
        COUNTING: by_hand,
        DUCKDB: judging(lines, "--engine", "duckdb"),
        OURS: judging(lines),
    }
    name = f"claims of {CLAIM_LINES:,} lines by code"
    return Case(name, commands, 5, COUNTING, 1.3, by_cpu=True, inputs=(lines,))


def claims_in_spark(folder: Path) -> Case:
    """Claims in Spark on one machine, which pays for its start, beside our command."""
    lines = folder / FEWER_CLAIMS
    ours = [sys.executable, str(BENCHMARKS / "claims.py"), "spark", str(lines), "result"]
    name = f"claims of {FEWER_LINES:,} lines in Spark on this machine"
    commands = {POLARS: judging(lines), OURS: ours}
    return Case(name, commands, 1, POLARS, 0, inputs=(lines, JAVA))


def cases(rows: int, folder: Path) -> Iterator[Case]:
    """All of them, the quick ones first."""
    yield releases(
        "CPT samples 2026 to 2027 to HTML and CSV",
        SAMPLES / "cpt-2026-legacy.zip",
        SAMPLES / "cpt-2027-legacy.zip",
        2,
    )
    yield releases(
        "ICD-10-CM FY2024 to FY2025 to HTML and CSV",
        ICD / "icd10cm-CodesDescriptions-2024.zip",
        ICD / "2025-code-descriptions-tabular-order.zip",
        3,
    )
    yield table(rows, folder)
    yield impact(folder)
    yield claims(folder)
    yield claims_in_spark(folder)
    yield from (quoted(count, folder) for count in QUOTED)
