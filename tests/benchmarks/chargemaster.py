"""Writes a chargemaster of made-up lines, and the run folder that it is judged by.

python chargemaster.py LIST RUN --rows N

Of every hundred lines about two have a code that the release touches, as in real lists; the rest
have other codes, some with modifiers, or none. The same bytes every time.
"""

import argparse
import subprocess
import sys
from pathlib import Path

import polars as pl

SAMPLES = Path(__file__).resolve().parents[2] / "sample_releases"
_PERIOD = 101
_FORMS = ("{}", "{}LT", "{} 59", "{}-RT")


def list_cells(folder: Path) -> tuple[pl.Series, pl.Series]:
    """Different cells: those with codes that are the same, or of others; those that are touched."""
    codes, changes = (
        pl.read_csv(folder / name, infer_schema=False).filter(pl.col("kind") == "code")
        for name in ("codes.csv", "changes.csv")
    )
    touched = changes["code"]
    is_same = (pl.col("current") == "valid") & ~pl.col("code").is_in(touched.implode())
    same = [form.format(code) for code in codes.filter(is_same)["code"] for form in _FORMS]
    others = [str(10_000 + 7 * number) for number in range(9_000)]
    return pl.Series([*same, *others, *["", "NA", "------"] * 300]), touched


def write(path: Path, folder: Path, rows: int) -> None:
    """Write the list and the run folder."""
    pair = [str(SAMPLES / f"hcpcs-{year}-january.zip") for year in (2026, 2027)]
    command = [sys.executable, "-m", "cptdiff", "diff", *pair, "-o", str(folder), "--quiet"]
    subprocess.run(command, check=True)
    others, touched = list_cells(folder)
    number = pl.int_range(rows, eager=True)
    mixed = number * 2_654_435_761 // 65_536
    cell = (
        pl.when(number % _PERIOD < 2)
        .then(pl.lit(touched).gather(mixed % len(touched)))
        .otherwise(pl.lit(others).gather(mixed % len(others)))
    )
    pl.select(
        (number + 1_000_000).cast(pl.String).alias("Charge Code"),
        pl.format("Dept {}", number % 40).alias("Dept"),
        pl.format("made-up service {}", number % 5_000).alias("Description"),
        cell.alias("CPT/HCPCS"),
        (number % 90_000 / 100).cast(pl.String).alias("Price"),
        (number % 500).cast(pl.String).alias("Volume"),
    ).write_csv(path, quote_style="never")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("list", type=Path)
    parser.add_argument("run", type=Path)
    parser.add_argument("--rows", type=int, default=2_000_000)
    options = parser.parse_args()
    write(options.list, options.run, options.rows)
