"""Writes prev.csv and cur.csv: two releases of an invented price list, the same bytes every time.

python generate.py FOLDER [--rows N] [--quoted]

Of every 100 rows of prev.csv, one is deleted and three are revised in cur.csv; two new ones join.
With --quoted it is so of every 1,000, and cells hold commas and quotes, as a program writes them.
Each file is shuffled in its own way. Every value comes from the row's number by integer
arithmetic, so that no other release of Polars or of a random generator can change the data.
"""

import argparse
from pathlib import Path

import polars as pl

DELETED = 7
REVISED_DESCRIPTION, REVISED_PRICE_AND_STATUS, REVISED_TO_EMPTY = 11, 42, 77
WORDS = (
    *("removal", "repair", "imaging", "panel", "supply", "infusion", "visit", "therapy"),
    *("left knee", "right hip", "chest wall", "lower limb", "each unit", "initial hour"),
    *("with contrast", "without contrast", "per session", "adult", "child", "complete"),
)
DEPARTMENTS = ("RADIOLOGY", "LABORATORY", "PHARMACY", "SURGERY", "EMERGENCY", "THERAPY")
STATUSES = ("ACTIVE", "HELD", "REVIEW", "RETIRED")
UNITS = ("EACH", "15 MINUTES", "MILLIGRAM", "DAY", "")
MODIFIERS = ("", "", "LT", "RT", "26", "TC")


def noise(salt: int) -> pl.Expr:
    """The row's number, stirred (the finalizer of splitmix64; the arithmetic wraps)."""
    number = pl.col("row") + pl.lit(salt * 0x9E3779B97F4A7C15 % 2**64, dtype=pl.UInt64)
    number = (number ^ (number // 2**30)) * pl.lit(0xBF58476D1CE4E5B9, dtype=pl.UInt64)
    number = (number ^ (number // 2**27)) * pl.lit(0x94D049BB133111EB, dtype=pl.UInt64)
    return number ^ (number // 2**31)


def pick(choices: tuple[str, ...], salt: int) -> pl.Expr:
    """One of the choices for each row."""
    index = noise(salt) % len(choices)
    return pl.lit(pl.Series(choices)).gather(index.cast(pl.UInt32))


def digits(number: pl.Expr, width: int) -> pl.Expr:
    """The number's last digits as text, with its leading zeros."""
    limit: int = 10**width
    return (number % limit).cast(pl.String).str.zfill(width)


def price(salt: int) -> pl.Expr:
    """An amount with two decimals, as text."""
    return pl.concat_str(noise(salt) % 5000 + 1, pl.lit("."), digits(noise(salt + 1), 2))


def rows(first: int, end: int) -> pl.DataFrame:
    """The price list's rows from number `first` up to `end`: a key and eight columns."""
    words = [pick(WORDS, salt) for salt in range(1, 6)]
    return pl.select(row=pl.int_range(first, end, dtype=pl.UInt64)).with_columns(
        key=pl.concat_str(digits(noise(10), 12), digits(pl.col("row"), 8)),
        description=pl.concat_str(*words, separator=" "),
        department=pick(DEPARTMENTS, 11),
        price=price(20),
        status=pick(STATUSES, 6),
        unit=pick(UNITS, 7),
        modifier=pick(MODIFIERS, 8),
        account=pl.concat_str(pl.lit("GL-"), digits(noise(9), 10)),
        note=pl.concat_str(pl.lit("reviewed and approved by desk "), digits(noise(12), 3)),
    )


def quote(frame: pl.DataFrame) -> pl.DataFrame:
    """The same rows with quoted cells: a location in each, and every fourth description."""
    listed = pl.concat_str(pl.lit('"'), "description", pl.lit(', see the ""desk"" list"'))
    place = [pl.lit('"Building '), digits(noise(41), 2), pl.lit(", floor "), digits(noise(42), 1)]
    return frame.with_columns(
        description=pl.when(noise(40) % 4 == 0).then(listed).otherwise("description"),
        location=pl.concat_str(*place, pl.lit(', western wing"')),
    )


def revise(frame: pl.DataFrame, period: int) -> pl.DataFrame:
    """The same rows a year later: revised where their turn in the period says so."""
    turn = pl.col("row") % period
    worded = pl.when(turn == REVISED_DESCRIPTION)
    priced = pl.when(turn == REVISED_PRICE_AND_STATUS)
    emptied = pl.when(turn == REVISED_TO_EMPTY)
    return frame.filter(turn != DELETED).with_columns(
        description=worded.then(pl.col("description") + " revised").otherwise("description"),
        price=priced.then(pl.lit("9") + pl.col("price")).otherwise("price"),
        status=priced.then(pl.lit("CHANGED")).otherwise("status"),
        note=emptied.then(pl.lit("")).otherwise("note"),
    )


def write(folder: Path, count: int, *, is_quoted: bool) -> None:
    """Write both files."""
    folder.mkdir(parents=True, exist_ok=True)
    period = 1000 if is_quoted else 100
    previous, new = rows(0, count), rows(count, count + 2 * count // period)
    current = pl.concat([revise(previous, period), new])
    if is_quoted:
        previous, current = quote(previous), quote(current)
    for name, frame, salt in (("prev.csv", previous, 30), ("cur.csv", current, 31)):
        shuffled = frame.sort(noise(salt)).drop("row")
        shuffled.write_csv(folder / name, quote_style="never")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--quoted", action="store_true")
    options = parser.parse_args()
    write(options.folder, options.rows, is_quoted=options.quoted)
