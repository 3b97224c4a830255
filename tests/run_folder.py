"""The files of every run folder; the others depend on what was compared."""

from typing import Final

ALWAYS: Final = frozenset({
    "report.html", "changes.csv", "fields.csv", "changes.xlsx", "changes.json", "summary.json",
    "summary.md", "manifest.json", "summary.txt",
})  # fmt: skip
