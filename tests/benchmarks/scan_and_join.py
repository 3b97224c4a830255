"""The bar: a bare Polars scan of a list, joined with the changes by the code.

python scan_and_join.py LIST RUN_FOLDER touched.csv

Cells are taken as they stand but for their first five characters: no row law, no modifiers, no
counts, no causes, no checks.
"""

import sys
from pathlib import Path

import polars as pl


def main(listed: str, run: str, output: str) -> None:
    """Write each line whose code changed, with what changes.csv says of it."""
    changes = pl.read_csv(Path(run) / "changes.csv", infer_schema=False)
    lines = pl.scan_csv(listed, infer_schema=False).with_row_index("line", 2)
    code = pl.col("CPT/HCPCS").str.slice(0, 5).alias("code")
    changed = changes.filter(pl.col("kind") == "code").lazy()
    touched = lines.with_columns(code).join(changed, on="code", how="inner")
    touched.sort("line").collect(engine="streaming").write_csv(output)


if __name__ == "__main__":
    main(*sys.argv[1:])
