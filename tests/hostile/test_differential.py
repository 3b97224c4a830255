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


def expected(text: str, separator: str) -> tuple[Found, Found, int]:
    """Say which rows there are, which are set aside, and how many are none of the table.

    Raises BrokenError.
    """
    body = list_body(text, separator)
    aparts = find_aparts(body)
    rows = [row for row in body if row not in aparts]
    trailers = find_trailers(rows)
    odd = [row for row in rows if is_stray(row) or row.is_broken or row in trailers]
    is_cut = bool(rows) and rows[-1] is body[-1] and rows[-1] not in odd
    if is_cut and len(rows[-1].cells) < len(NAMES) and not text.endswith(("\r", "\n")):
        raise BrokenError(rows[-1].line)
    filled = find_filled(rows, odd)
    good: Found = []
    aside: Found = []
    for row in rows:
        is_wide = any(cell.strip(" \t") for cell in row.cells[len(NAMES) :])
        is_short = len(row.cells) < len(NAMES) and row not in filled
        (aside if row in odd or is_wide or is_short else good).append(row)
    return good, aside, len(aparts)


def list_body(text: str, separator: str) -> Found:
    """Give the rows that are not blank; quotes among tabs and bars may be letters."""
    blank = f" \t\v\f{separator}"
    found: Found = []
    try:
        found = [r for r in records(text, separator, rescues=True)[1:] if r.raw.strip(blank)]
        is_broken = any(row.is_broken for row in found)
    except BrokenError:
        is_broken = True
    if not is_broken:
        return found
    lines = re.split(r"\r\n|\r|\n", text)
    letters = [
        Record(at, line, line.split(separator))
        for at, line in enumerate(lines, 1)
        if at > 1 and line.strip(blank)
    ]
    if separator in "\t|" and all(len(row.cells) == len(NAMES) for row in letters):
        return letters
    if all(row.is_broken for row in found):
        raise BrokenError(0)
    return found


def is_stray(row: Record) -> bool:
    """Tell whether a row is the header once more, or of another file."""
    return row.cells[0].startswith("\ufeff") or is_header(row)


def is_header(row: Record) -> bool:
    """Tell whether a row is the header once more."""
    return [cell.strip() for cell in row.cells] == [*NAMES]


def key_of(row: Record) -> str:
    """Give the key of a row, if it has one."""
    return row.cells[1].strip() if len(row.cells) > 1 else ""


def filled_of(row: Record) -> list[str]:
    """Give what stands in a row, its key first."""
    others = [cell.strip() for at, cell in enumerate(row.cells) if at != 1 and cell.strip()]
    return [*filter(None, [key_of(row)]), *others]


def is_total(row: Record) -> bool:
    """Tell whether the key, or the first cell where there is none, says TOTAL."""
    return re.fullmatch(r"\W*TOTAL\W*[0,. ]*\W*", [*filled_of(row), ""][0]) is not None


def is_note(row: Record) -> bool:
    """Tell whether only the first cell holds anything: the key is the second."""
    first, *others = (cell.strip() for cell in row.cells)
    return first != "" and not any(others)


def is_wording(text: str) -> bool:
    """Tell whether a text is words."""
    longest = max(map(len, re.findall(r"[a-zA-Z\u00e9]+", text)), default=0)
    if len(text.split()) > 1:
        return longest >= (4 if "0" in text else 3)
    return longest >= (4 if re.search("[a-z]", text) else 6) and "0" not in text


def find_aparts(body: Found) -> Found:
    """Give the rows that can be no entries: totals, and words under or between the entries."""
    keys = [key_of(row) for row in body if key_of(row) and len(filled_of(row)) > 1]
    odd = [key for key in keys if "0" not in key or len(key.split()) > 1]
    has_codes = len(keys) > len(odd) and all(is_total(Record(0, "", ["", key])) for key in odd)
    found, is_under = [], True
    for at in range(len(body) - 1, -1, -1):
        row, filled = body[at], filled_of(body[at])
        if row.is_broken or row.cells[0].startswith("\ufeff"):
            is_under = False
            continue
        if is_header(row):
            continue
        is_lone = has_codes and len(filled) == 1 and is_wording(filled[0])
        is_title = is_lone and key_of(row) != "" and len(row.cells) >= len(NAMES)
        is_below = is_lone and is_under and follows_blank(body, at)
        if ((has_codes or not key_of(row)) and is_total(row)) or is_title or is_below:
            found.append(row)
        else:
            is_under = False
    return found


def follows_blank(body: Found, at: int) -> bool:
    """Tell whether a blank line stands above a row."""
    above = body[at - 1]
    inner = len(re.findall(r"\r\n|\r|\n", above.raw))
    return at > 0 and body[at].line > above.line + inner + 1


def find_trailers(rows: Found) -> Found:
    """Give the last rows that may be totals or notes."""
    rest = rows[:-1] if rows and is_header(rows[-1]) else rows
    return [*takewhile(lambda row: is_total(row) or is_note(row), reversed(rest))]


def find_filled(rows: Found, odd: Found) -> Found:
    """Give the short rows whose missing cells are empty."""
    whole = [row for row in rows if row not in odd and len(row.cells) >= len(NAMES)]
    forms = {form(key_of(row)) for row in whole}
    short = [row not in odd and len(row.cells) < len(NAMES) for row in rows]
    fits = [
        is_short and key_of(row) != "" and form(key_of(row)) in forms
        for row, is_short in zip(rows, short, strict=True)
    ]
    torn = [*(s and not f for s, f in zip(short, fits, strict=True)), False][1:]
    sound = [row for row, fit, rest in zip(rows, fits, torn, strict=True) if fit and not rest]
    ends = [[bool(cell.strip()) for cell in row.cells[: len(NAMES)]] for row in whole]
    enough = [row for row in sound if any(not any(end[len(row.cells) :]) for end in ends)]
    is_usual = len(sound) - len(enough) > 1 and all(end[-1] for end in ends)
    return sound if is_usual else enough


def form(key: str) -> str:
    """Give the kinds of a key's letters, a run of one kind or letter as one."""
    kinds = re.sub("[A-Z]", "A", re.sub("[a-z]", "a", re.sub("[0-9]", "0", key)))
    return re.sub(r"(.)\1+", r"\1", kinds)


def cells_of(rows: Found) -> list[tuple[int, str, str, str]]:
    """Give rows of the header's width as our reader gives them: keys are trimmed."""
    whole = [(row.line, [*row.cells, "", ""]) for row in rows]
    return [(line, cells[0], cells[1].strip(), cells[2]) for line, cells in whole]


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
        good, aside, _ = expected(text, separator)
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
    assert (fast.rows(), exact.faults.height, exact.apart) == (exact.frame.rows(), 0, 0)
    assert exact.notes == ()
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
