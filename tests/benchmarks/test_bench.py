"""The hand-written script is a fair bar only while it finds the same changes as cptdiff."""

import csv
import subprocess
import sys
from pathlib import Path

BENCHMARKS = Path(__file__).parent
SAMPLES = BENCHMARKS.parents[1] / "sample_releases"
RELEASES = [SAMPLES / f"hcpcs-{year}-january.zip" for year in (2026, 2027)]
ROWS = 2_000


def python(folder: Path, *arguments: str | Path) -> None:
    done = subprocess.run(
        [sys.executable, *map(str, arguments)],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def changes(path: Path) -> set[tuple[str, str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        rows = [(row["code"], row["change"], row["fields"]) for row in csv.DictReader(lines)]
    assert len(rows) == len(set(rows))
    return set(rows)


def test_the_handwritten_script_and_cptdiff_find_the_same_changes(tmp_path: Path) -> None:
    python(tmp_path, BENCHMARKS / "generate.py", ".", "--rows", str(ROWS))
    by_hand = ("prev.csv", "cur.csv", "by-hand.csv", "by-hand.json")
    python(tmp_path, BENCHMARKS / "handwritten.py", *by_hand)
    options = ("--code-set", "table", "--key", "key", "-o", "changes.csv", "-o", "summary.json")
    python(tmp_path, "-m", "cptdiff", "diff", "prev.csv", "cur.csv", *options)

    expected = changes(tmp_path / "by-hand.csv")
    assert len(expected) == ROWS * (2 + 1 + 3) // 100
    assert changes(tmp_path / "changes.csv") == expected


def test_the_bare_scan_and_cptdiff_find_the_same_lines(tmp_path: Path) -> None:
    python(tmp_path, BENCHMARKS / "chargemaster.py", "list.csv", "run", "--rows", str(ROWS))
    python(tmp_path, BENCHMARKS / "scan_and_join.py", "list.csv", "run", "touched.csv")
    words = ("impact", "run", "--list", "list.csv", "-o", "impact.csv")
    python(tmp_path, "-m", "cptdiff", *words)
    found = []
    for name in ("touched.csv", "impact.csv"):
        with (tmp_path / name).open(encoding="utf-8", newline="") as lines:
            found.append([(row["line"], row["code"]) for row in csv.DictReader(lines)])
    assert found[0] == found[1]
    assert len(found[0]) > ROWS // 100


def test_the_bare_count_and_cptdiff_find_as_many_invalid_claims(tmp_path: Path) -> None:
    script, rows = BENCHMARKS / "claims.py", 20_000
    python(tmp_path, script, "make", "claims.parquet", "codes.csv", "--rows", str(rows))
    counted = subprocess.run(
        [sys.executable, str(script), "count", "claims.parquet", "codes.csv"],
        cwd=tmp_path, capture_output=True, text=True, check=True,
    )  # fmt: skip
    given = [word for path in RELEASES for word in ("--release", path)]
    python(tmp_path, "-m", "cptdiff", "claims", "claims.parquet", *given, "-o", "by-code.csv")
    with (tmp_path / "by-code.csv").open(encoding="utf-8", newline="") as lines:
        found = sum(int(row["lines"]) for row in csv.DictReader(lines))
    assert found == int(counted.stdout)
    assert 0 < found < rows // 50
