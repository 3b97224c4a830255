"""Running cptdiff as its users do, and reading what it wrote."""

import csv
import json
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

from oracles import CHANGES, Key, Sets
from publisher_pairs import ROOT

Row = dict[str, str]


class Run(NamedTuple):
    """One call of the command."""

    exit_code: int
    out: str
    err: str
    folder: Path

    def changes(self) -> dict[tuple[str, Key], Row]:
        """Read changes.csv: each entry may stand once under each change."""
        rows = _rows(self.folder / "changes.csv")
        keyed = {(row["change"], (row["kind"], row["code"])): row for row in rows}
        assert len(keyed) == len(rows), "an entry stands twice"
        return keyed

    def of(self, change: str) -> dict[Key, Row]:
        """Pick the rows of one change, reason or no reason."""
        return {key: row for (found, key), row in self.changes().items() if found == change}

    def sets(self) -> Sets:
        """Give the rows of changes.csv the shape of the oracles."""
        found: dict[str, set[Key]] = {change: set() for change in CHANGES}
        for (change, key), row in self.changes().items():
            apart = "_attributes_only" if row["reason"] == "attributes-only" else ""
            found[change + apart].add(key)
        return {change: frozenset(keys) for change, keys in found.items()}

    def fields(self) -> dict[Key, dict[str, Row]]:
        """Read fields.csv, by entry and field."""
        found: dict[Key, dict[str, Row]] = {}
        for row in _rows(self.folder / "fields.csv"):
            found.setdefault((row["kind"], row["code"]), {})[row["field"]] = row
        return found

    def summary(self) -> dict[str, Any]:
        """Read summary.json."""
        loaded: dict[str, Any] = json.loads((self.folder / "summary.json").read_text("utf-8"))
        return loaded


def cptdiff(*arguments: str | Path, folder: Path = ROOT) -> Run:
    """Call the command with these words."""
    command = [sys.executable, "-m", "cptdiff", *map(str, arguments)]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, encoding="utf-8", timeout=600, check=False
    )
    return Run(done.returncode, done.stdout, done.stderr, folder)


def diff(previous: Path, current: Path, folder: Path, *options: str, exit_code: int = 0) -> Run:
    """Compare two releases into a run folder that does not exist yet."""
    run = cptdiff("diff", previous, current, *options, "-o", folder, folder=folder)
    assert run.exit_code == exit_code, run.err
    return run


def _rows(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))
