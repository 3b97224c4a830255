"""Pairs of releases, the reports that cptdiff writes of them, and what stands in these."""

import csv
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "sample_releases"
CPT = "cpt-2026-legacy.zip", "cpt-2027-legacy.zip"
PAIRS = {
    "CPT": CPT,
    "CPT in two formats": ("cpt-2026-legacy.zip", "cpt-2027-current-format.zip"),
    "HCPCS": ("hcpcs-2026-january.zip", "hcpcs-2027-january.zip"),
    "ICD-10-CM": ("icd10cm-2026.zip", "icd10cm-2027.zip"),
    "ICD-10-PCS": ("icd10pcs-2026.zip", "icd10pcs-2027.zip"),
    "a table": ("table-2026.csv", "table-2027.csv"),
}
OPTIONS = {"a table": ("--code-set", "table")}
UNCHANGED = "no changes"

Row = dict[str, str]


class Report(NamedTuple):
    """One comparison, written into a run folder."""

    previous: Path
    current: Path
    folder: Path

    @property
    def page(self) -> Path:
        """The page for people."""
        return self.folder / "report.html"

    def changes(self) -> list[Row]:
        """Read changes.csv."""
        return _rows(self.folder / "changes.csv")

    def fields(self) -> dict[tuple[str, str], list[tuple[str, str]]]:
        """Give every changed entry its pairs of old and new wording, sorted."""
        found: dict[tuple[str, str], list[tuple[str, str]]] = {}
        for row in _rows(self.folder / "fields.csv"):
            pair = row["previous"], row["current"]
            found.setdefault((row["kind"], row["code"]), []).append(pair)
        return {entry: sorted(pairs) for entry, pairs in found.items()}

    def summary(self) -> dict[str, Any]:
        """Read summary.json."""
        loaded: dict[str, Any] = json.loads((self.folder / "summary.json").read_text("utf-8"))
        return loaded


def compare(
    previous: Path, current: Path, folder: Path, *options: str | Path, exit_code: int = 0
) -> Report:
    """Call the command as its users do."""
    words = ["diff", previous, current, "-o", folder, "--quiet", *options]
    done = subprocess.run(
        [sys.executable, "-m", "cptdiff", *map(str, words)],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        timeout=600,
        check=False,
    )
    assert done.returncode == exit_code, done.stderr
    return Report(previous, current, folder)


def compare_samples(name: str, scratch: Path, *options: str) -> Report:
    """Compare a pair of `PAIRS`, or, for `UNCHANGED`, a release with a copy of itself."""
    if name == UNCHANGED:
        previous, current = SAMPLES / CPT[0], scratch / "cpt-2026-copy.zip"
        shutil.copy(previous, current)
    else:
        previous, current = (SAMPLES / file for file in PAIRS[name])
    return compare(previous, current, scratch / "run", *OPTIONS.get(name, ()), *options)


def _rows(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))
