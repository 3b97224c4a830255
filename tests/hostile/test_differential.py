"""Random tables, read by us, by the standard library and by a reader written from the RFC (G8).

2,000 of them in the suite; `make fuzz` reads 50,000. The same ones each time.
"""

import csv
import io
import os
import random
import re
from collections import Counter
from itertools import takewhile
from typing import Final

import polars as pl
import pytest

from cptdiff.codesets.layout import Own
from cptdiff.errors import CptdiffError
from cptdiff.reading.checks import locate_faults
from cptdiff.reading.headers import Columns, find_header
from cptdiff.reading.tables import _read_exactly, _read_fast, read_own_text
from cptdiff.reading.text import decode
from tests.hostile.rfc4180 import BrokenError, Record, records

CASES: Final = int(os.environ.get("CASES", "2000"))
CHUNK: Final = 1000
KEY: Final = Columns(("k",))
NAMES: Final = ("a", "k", "b")
ENDS: Final = ("\n", "\r\n", "\r", "\n", "\r\n")
LETTERS: Final = ('"', '"', '""', " ", "\t", ",", ";", "\n", "\r", "\r\n", "x", "y", "0", "\u00e9",
                  "\x85", "\u2028", "\ufeff", "TOTAL", "")  # fmt: skip

Found = list[Record]


def table(number: int) -> tuple[str, str]:
    """Give random table `number` and its separator: mostly rows of cells, else any letters.

    Two in five are quiet: no quotes, one kind of line end, few rows of another width.
    """
    dice = random.Random(number)  # noqa: S311 - the same tables each time
    separator = dice.choice(",,;\t|")
    end = dice.choice(ENDS)
    is_quiet = dice.random() < 0.4
    body = "".join(row(dice, separator, end, is_quiet) for _ in range(dice.randrange(1, 6)))
    if dice.random() < 0.3:
        body = body.rstrip("\r\n")
    return separator.join(NAMES) + end + body, separator


def row(dice: random.Random, separator: str, end: str, is_quiet: bool) -> str:  # noqa: FBT001
    """Give a row with its line end."""
    if dice.random() < (0.02 if is_quiet else 0.2):
        cells = "".join(dice.choices((*LETTERS, separator, end), k=dice.randrange(8)))
    else:
        width = dice.choice((3,) * (40 if is_quiet else 6) + (2, 4, 1))
        cells = separator.join(cell(dice, separator, is_quiet) for _ in range(width))
    return cells + (end if is_quiet or dice.random() < 0.9 else dice.choice(ENDS))


def cell(dice: random.Random, separator: str, is_quiet: bool) -> str:  # noqa: FBT001
    """Give a cell, quoted as it needs, or now and then as it comes."""
    text = "".join(dice.choices((*LETTERS, separator), k=dice.randrange(4)))
    kind = dice.random()
    if is_quiet or kind < 0.55:
        return "".join(letter for letter in text if letter not in f'"\r\n\ufeff{separator}')
    return text if kind < 0.6 else '"' + text.replace('"', '""') + '"'


def expected(text: str, separator: str) -> tuple[Found, Found]:
    """Say which rows there are and which are set aside. Raises BrokenError."""
    blank = f" \t\v\f{separator}"
    body = [row for row in records(text, separator)[1:] if row.raw.strip(blank)]
    good, aside = [], []
    trailers = [*takewhile(lambda row: is_total(row) or is_note(row), reversed(body))]
    for row in body:
        is_last = row is body[-1]
        if is_stray(row) or row in trailers:
            aside.append(row)
        elif len(row.cells) == len(NAMES):
            good.append(row)
        elif is_last and len(row.cells) < len(NAMES) and not text.endswith(("\r", "\n")):
            raise BrokenError(row.line)
        else:
            aside.append(row)
    return good, aside


def is_stray(row: Record) -> bool:
    """Tell whether a row is the header once more, or of another file."""
    return row.cells[0].startswith("\ufeff") or [c.strip() for c in row.cells] == [*NAMES]


def is_total(row: Record) -> bool:
    """Tell whether the key, or the first cell where there is none, says TOTAL."""
    key = row.cells[1].strip() if len(row.cells) > 1 else ""
    return re.fullmatch(r"\W*TOTAL\W*[0,. ]*\W*", key or row.cells[0].strip()) is not None


def is_note(row: Record) -> bool:
    """Tell whether only the first cell holds anything: the key is the second."""
    first, *others = (cell.strip() for cell in row.cells)
    return first != "" and not any(others)


def cells_of(rows: Found) -> list[tuple[int, str, str, str]]:
    """Give rows of the header's width as our reader gives them: keys are trimmed."""
    return [(row.line, row.cells[0], row.cells[1].strip(), row.cells[2]) for row in rows]


def stdlib(text: str, separator: str) -> list[list[str]] | None:
    """Read with the standard library; None where it refuses."""
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error:
        return None


def rfc(text: str, separator: str) -> list[list[str]] | None:
    """Read as the RFC says; None where the quotes are broken."""
    try:
        return [row.cells if row.raw else [] for row in records(text, separator)]
    except BrokenError:
        return None


def naive(text: str, separator: str) -> list[list[str]] | None:
    """Read with Polars as anybody would; None where it refuses."""
    try:
        frame = pl.read_csv(text.encode(), separator=separator, infer_schema=False)
    except (pl.exceptions.PolarsError, UnicodeError):
        return None
    return [[cell or "" for cell in row] for row in frame.iter_rows()]


def truth(text: str, separator: str) -> list[list[str]] | None:
    """Give the cells of the rows; None where the quotes are broken or a row has another width."""
    blank = f" \t\v\f{separator}"
    try:
        rows = [row for row in records(text, separator)[1:] if row.raw.strip(blank)]
    except BrokenError:
        return None
    return None if any(len(row.cells) != len(NAMES) for row in rows) else [r.cells for r in rows]


def assert_same(text: str, separator: str) -> str:
    """Compare our reading with the RFC's, and say what became of the table."""
    data = text.encode()
    try:
        good, aside = expected(text, separator)
    except BrokenError:
        with pytest.raises(CptdiffError, match=r"E12[01]|E153"):
            read_own_text(decode("t.csv", data, ansi=False, encoding=""), KEY)
        return "refused"
    table = read_own_text(decode("t.csv", data, ansi=False, encoding=""), KEY)
    assert table.frame.select("line", "=a", "code", "=b").rows() == cells_of(good)
    assert table.read == len(good) + len(aside)
    places = locate_faults(data, Own(), table, table.faults)
    assert places.select("line", "raw").rows() == [(row.line, row.raw) for row in aside]
    for byte, raw in places.select("byte", "raw").iter_rows():
        assert data[byte:].startswith(raw.encode())
    return "accepted, with rows set aside" if aside else "accepted"


def assert_fast_path_same(text: str) -> bool:
    """Compare the fast path with the exact one, where it takes the table at all."""
    given = decode("t.csv", text.encode(), ansi=False, encoding="")
    header, _ = find_header(given, KEY)
    fast = _read_fast(given, header, KEY)
    if fast is None:
        return False
    exact = _read_exactly(given, header, KEY)
    assert (fast.rows(), exact.faults.height, exact.notes) == (exact.frame.rows(), 0, ())
    return True


@pytest.mark.parametrize("chunk", range(0, CASES, CHUNK))
def test_random_tables_are_read_to_the_letter(chunk: int, figures: Counter[str]) -> None:
    for number in range(chunk, min(chunk + CHUNK, CASES)):
        text, separator = table(number)
        assert stdlib(text, separator) == rfc(text, separator), (number, text)
        said = assert_same(text, separator)
        figures[said] += 1
        if said == "accepted":
            figures["by the fast path"] += assert_fast_path_same(text)
        found = naive(text, separator)
        figures["wrong by polars.read_csv, with no error"] += found not in (
            None,
            truth(text, separator),
        )


def test_the_tables_would_show_a_reader_that_is_wrong() -> None:
    texts = [table(number) for number in range(CHUNK)]
    wrong = sum(naive(*one) not in (None, truth(*one)) for one in texts)
    assert wrong > CHUNK / 20
