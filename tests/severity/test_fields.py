"""fields.csv: each changed field with its own class, severity, and why."""

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

Make = Callable[..., Path]
Run = Callable[..., CompletedProcess[str]]
Rows = Callable[[Path], list[dict[str, str]]]


def test_each_field_has_its_own_class_and_what_went_and_came(
    cptdiff: Run, make: Make, rows: Rows, tmp_path: Path
) -> None:
    before = 'code,text,Section,Price\nA1,"Polish, ""dry"" \\ 5 cm",Oil,10.00\n'
    after = 'code,text,Section,Price\nA1,"Polish, wet \\ 6 cm",,12.50\n'
    sides = [make(tmp_path / f"{n}.csv", text) for n, text in (("a", before), ("b", after))]
    cptdiff("diff", *sides, "--code-set", "table", "-o", tmp_path / "fields.csv")
    found = {row.pop("field"): row for row in rows(tmp_path / "fields.csv")}
    told = {name: (row["class"], row["severity"]) for name, row in found.items()}
    assert told == {
        "Price": ("amount", "info"),
        "Section": ("moved", "low"),
        "text": ("threshold;scope", "high"),
    }
    lists = {}
    for name, row in found.items():
        reason, _, both_lists = row["why"].rpartition(": ")
        assert reason
        gone, _, new = both_lists.partition(" -> ")
        lists[name] = (json.loads(gone), json.loads(new))
    assert lists == {
        "Price": (["10.00"], ["12.50"]),
        "Section": (["Oil"], []),
        "text": (['"dry"', "5 cm"], ["wet", "6 cm"]),
    }
