"""The bar: what an able Polars user writes by hand to compare two tables.

python handwritten.py prev.csv cur.csv changes.csv summary.json

Both files are read as text and full-joined on the key, every column is compared, and the same
changes.csv and the same counts are written, sorted. No row law, no checks, no evidence.

The best of the plain forms of this query, tried on a million rows and two cores: eager 1.6 s and
1160 MB, lazy in memory 1.6 s and 1130 MB, streaming 1.3 s and 1120 MB, streaming with the build
side named 1.25 s and 1000 MB.
"""

import json
import sys
from pathlib import Path

import polars as pl

KEY = "key"
IN_PREVIOUS = pl.col(KEY).is_not_null()
IN_CURRENT = pl.col(f"{KEY}_current").is_not_null()


CHANGE = (
    pl.when(~IN_CURRENT)
    .then(pl.lit("deleted"))
    .when(~IN_PREVIOUS)
    .then(pl.lit("added"))
    .otherwise(pl.lit("revised"))
)
NOTHING = pl.lit(None, pl.String)


def differs(column: str) -> pl.Expr:
    return pl.col(column).ne_missing(pl.col(f"{column}_current"))


def changed_fields(fields: list[str]) -> pl.Expr:
    names = [pl.when(differs(field)).then(pl.lit(field)) for field in fields]
    return pl.concat_str(names, separator=";", ignore_nulls=True)


def changes(joined: pl.LazyFrame, fields: list[str]) -> pl.LazyFrame:
    changed = joined.filter(pl.any_horizontal(differs(column) for column in [KEY, *fields]))
    return changed.select(
        code_set=pl.lit("table"),
        kind=pl.lit("code"),
        code=pl.coalesce(KEY, f"{KEY}_current"),
        change=CHANGE,
        reason=pl.when(~IN_CURRENT).then(pl.lit("absent")),
        section=NOTHING,
        severity=pl.when(~IN_CURRENT).then(pl.lit("high")),
        classes=NOTHING,
        fields=pl.when(IN_PREVIOUS & IN_CURRENT).then(changed_fields(fields)),
        previous_descriptor=pl.col(fields[0]),
        current_descriptor=pl.col(f"{fields[0]}_current"),
        effective_date=NOTHING,
        replacements=NOTHING,
        family=NOTHING,
        last_valid_date=NOTHING,
        review_status=NOTHING,
    ).sort("code_set", "kind", "code", "change")


def main(previous_path: str, current_path: str, csv_path: str, json_path: str) -> None:
    previous = pl.scan_csv(previous_path, infer_schema=False)
    current = pl.scan_csv(current_path, infer_schema=False)
    fields = [name for name in previous.collect_schema().names() if name != KEY]
    joined = previous.join(
        current, on=KEY, how="full", suffix="_current", coalesce=False, build_side="force_left"
    )
    changed, *entries = pl.collect_all(
        [changes(joined, fields), previous.select(pl.len()), current.select(pl.len())],
        engine="streaming",
    )
    changed.write_csv(csv_path)
    summary = {
        "code_set": "table",
        "previous": {"entries": {"code": entries[0].item()}},
        "current": {"entries": {"code": entries[1].item()}},
        "counts": {"code": dict(changed.group_by("change").len().sort("change").iter_rows())},
    }
    Path(json_path).write_text(json.dumps(summary, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
