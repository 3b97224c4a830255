"""Two tables compared by the lines in which they differ, and whole: the same bytes either way.

600 random pairs in the suite; `make fuzz` compares 50,000. The same ones each time. Of each the
changes are compared, which is all that the reports are made of; of one in ten the reports too.
"""

import os
import random
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import polars as pl
import pytest

from cptdiff import CptdiffError, diff, load
from cptdiff.comparison import compare
from cptdiff.model import Changes, Release
from cptdiff.reading import Columns, common, load_remainders
from cptdiff.reading.sources import read_pieces
from tests.conftest import Content
from tests.hostile import encodings, files, own_tables, texts
from tests.hostile.case import OWN, Case, Run
from tests.hostile.table_pairs import LIST, PAIRS, SLIP
from tests.hostile.test_differential import cell

CASES: Final = int(os.environ.get("CASES", "600"))
CHUNK: Final = 200
ODD_BYTES: Final = (
    b"\xe4",
    b"\xc3\xa2\xe4",
    b"\0",
    b"\x1a",
    b"\r",
    b'"',
    b"\xff\xfe",
    b"\xc2\xa0",
    b"\xef\xbb\xbf",
)
Make = Callable[[Path, Content], Path]
Found = tuple[int, str, str, dict[str, bytes]]


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Tell of each comparison whether the lines that differ were enough."""
    told: list[bool] = []

    def spy(*given: Any) -> Any:  # noqa: ANN401
        found = load_remainders(*given)
        told.append(found is not None)
        return found

    monkeypatch.setattr("cptdiff.pipeline.load_remainders", spy)
    return told


@pytest.fixture
def outcomes(
    cptdiff: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., tuple[Found, Found]]:
    """Say what a run tells and writes: by the lines that differ, and whole."""

    def run(*words: str | Path) -> tuple[Found, Found]:
        by_lines = outcome(cptdiff, tmp_path / "run", *words)
        with monkeypatch.context() as patch:
            read_whole(patch)
            return by_lines, outcome(cptdiff, tmp_path / "run", *words)

    return run


def read_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let both tables be read whole from here on."""
    monkeypatch.setattr("cptdiff.pipeline.load_remainders", lambda *_: None)


def outcome(run: Run, folder: Path, *words: str | Path) -> Found:
    """Say what a run tells and writes."""
    done = run("diff", *words, "-o", folder)
    written = {path.name: path.read_bytes() for path in folder.iterdir()} if folder.exists() else {}
    shutil.rmtree(folder, ignore_errors=True)
    return done.returncode, done.stdout, done.stderr, written


HOSTILE: Final = [
    case
    for case in (*files.CASES, *texts.CASES, *encodings.CASES, *own_tables.CASES)
    if case.options[:2] == OWN and case.row != 47
]


@pytest.mark.parametrize("case", HOSTILE, ids=map(str, HOSTILE))
def test_a_hostile_table_has_the_same_outcome_by_its_lines_and_whole(
    outcomes: Callable[..., tuple[Found, Found]], make: Make, tmp_path: Path, case: Case
) -> None:
    path = tmp_path / "in" / case.file
    path.parent.mkdir()
    if callable(case.content):
        case.content(path)
    else:
        make(path, case.content)
    sound = make(tmp_path / "other" / case.other[0], case.other[1])
    for pair in ((path, sound), (sound, path)):
        by_lines, whole = outcomes(*pair, *case.options)
        assert by_lines == whole


@pytest.mark.parametrize("name", PAIRS)
def test_two_tables_have_the_same_outcome_by_their_lines_and_whole(
    outcomes: Callable[..., tuple[Found, Found]], make: Make, tmp_path: Path, taken: list[bool],
    name: str,
) -> None:  # fmt: skip
    two = PAIRS[name]
    pair = make(tmp_path / "a" / "t.csv", two.previous), make(tmp_path / "b" / "t.csv", two.current)
    by_lines, whole = outcomes(*pair, *OWN, *two.words)
    assert by_lines == whole
    assert taken == [two.is_enough], by_lines[:3]


def table_pair(dice: random.Random) -> tuple[bytes, bytes, str]:
    """Give two tables of three columns, mostly sound, and which one is the key."""
    separator, at = dice.choice(",,;\t|"), dice.randrange(3)
    is_quiet, size = dice.random() < 0.5, dice.randrange(1, 12)
    lines = [random_line(dice, f"K{n}", separator, at, is_quiet) for n in range(size)]
    after = [
        random_line(dice, f"K{n}", separator, at, is_quiet) if dice.random() < 0.2 else line
        for n, line in enumerate(lines)
        if dice.random() < 0.9
    ]
    after += [random_line(dice, f"N{n}", separator, at, is_quiet) for n in range(dice.randrange(3))]
    if dice.random() < 0.3:
        dice.shuffle(after)
    odd = ("", " ", "TOTAL", f"{separator}{separator}", dice.choice(lines), "x", 'a"b')
    for side in (lines, after):
        if dice.random() < 0.1:
            side.insert(dice.randrange(len(side) + 1), dice.choice(odd))
    return text_of(dice, lines, separator), text_of(dice, after, separator), "abc"[at]


def random_line(dice: random.Random, key: str, separator: str, at: int, is_quiet: bool) -> str:  # noqa: FBT001
    cells = [cell(dice, separator, is_quiet) for _ in range(3)]
    if dice.random() < 0.98:
        cells[at] = f'"{key}"' if not is_quiet and dice.random() < 0.2 else key
    return separator.join(cells)


def text_of(dice: random.Random, lines: list[str], separator: str) -> bytes:
    end = dice.choice(("\n", "\n", "\r\n"))
    text = end.join([separator.join("abc"), *lines]) + (end if dice.random() < 0.8 else "")
    data = (b"\xef\xbb\xbf" if dice.random() < 0.1 else b"") + text.encode()
    if dice.random() < 0.9:
        return data
    at = dice.randrange(len(data) + 1)
    return data[:at] + dice.choice(ODD_BYTES) + data[at:]


class FoundError(Exception):
    """Carries the changes that were found, in place of what follows."""


def stop_there(changes: Changes, _given: object) -> None:
    raise FoundError(changes)


def rows(changes: Changes) -> dict[str, list[Any]]:
    """Give the rows of each frame."""
    held = vars(changes).items()
    return {name: frame.rows() for name, frame in held if isinstance(frame, pl.DataFrame)}


def compared(pair: tuple[Path, Path], key: str) -> object:
    """Say all that the reports are made of, or what was found where the comparison stops there."""
    try:
        found = diff(*pair, code_set="table", key=key, allow=("deleted-share", "code-set", "empty"))
    except CptdiffError as error:
        return str(error)
    except FoundError as stopped:
        [changes] = stopped.args
        told = [(side.sources, repr(side)) for side in (changes.previous, changes.current)]
        return rows(changes), changes.compared, changes.notes, changes.columns, told
    frames = (found.entries, found.fields, found.quarantine)
    sides = (found.changes.previous, found.changes.current)
    return (
        found.summary, found.doubts, found.limits, repr(found), found.changes.compared,
        [frame.rows() for frame in frames], [(side.sources, repr(side)) for side in sides],
    )  # fmt: skip


@pytest.mark.parametrize("chunk", range(0, CASES, CHUNK))
def test_random_pairs_are_compared_the_same_by_their_lines_and_whole(
    chunk: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, taken: list[bool],
    figures: Counter[str],
) -> None:  # fmt: skip
    pair = (tmp_path / "previous.csv", tmp_path / "current.csv")
    for number in range(chunk, min(chunk + CHUNK, CASES)):
        dice = random.Random(number)  # noqa: S311 - the same pairs each time
        *both, key = table_pair(dice)
        for path, data in zip(pair, both, strict=True):
            path.write_bytes(data)
        with monkeypatch.context() as patch:
            if number % 10:
                patch.setattr("cptdiff.pipeline.judge", stop_there)
            if number % 2:
                patch.setattr(common, "_PIECE", 8)
            by_lines = compared(pair, key)
        with monkeypatch.context() as patch:
            if number % 10:
                patch.setattr("cptdiff.pipeline.judge", stop_there)
            read_whole(patch)
            assert compared(pair, key) == by_lines, (number, both)
        how = "by their lines" if taken.pop() else "whole"
        figures["refused" if isinstance(by_lines, str) else f"compared {how}"] += 1
    assert figures["compared by their lines"] > sum(figures.values()) / 4


@pytest.mark.parametrize(
    "odd",
    [b"\xe4", b"\xc3\xa2 \xe4", b"\xc3", b"\0", b"\xc3\x83\xc2\xa9", b"\xef\xbb\xbf", b"\r",
     b"\r\n", b'"', b'"\n"', b"\n\n", b"\x1a\n", b"A0007,x,y\n"],
)  # fmt: skip
def test_what_is_odd_far_down_is_seen_as_at_the_top(
    outcomes: Callable[..., tuple[Found, Found]], make: Make, tmp_path: Path, odd: bytes,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(common, "_PIECE", 64)
    damaged = LIST.encode().replace(b"A0290", odd + b"A0290")
    pair = [make(tmp_path / "a" / "t.csv", LIST), make(tmp_path / "b" / "t.csv", damaged)]
    for both in (pair, pair[::-1], [pair[1], make(tmp_path / "c" / "t.csv", damaged)]):
        by_lines, whole = outcomes(*both, *OWN)
        assert by_lines == whole


@pytest.mark.parametrize("size", [1, 7, 64, 5000])
@pytest.mark.parametrize("data", ["a,b\nc,d\n", "a,b\r\n" * 99 + "c", f"{'x' * 9000}\n\ny\n", "\n"])
def test_a_file_is_read_to_its_last_byte_in_pieces_that_end_with_a_line(
    data: str, size: int, make: Make, tmp_path: Path
) -> None:
    pieces = list(read_pieces(make(tmp_path / "a.csv", data), size))
    assert b"".join(pieces) == data.encode()
    assert all(len(piece) <= size for piece in pieces)
    # A piece without a line's end is part of a longer line.
    assert all(piece.endswith(b"\n") or b"\n" not in piece for piece in pieces[:-1])


def test_rows_that_both_have_are_counted_and_not_held(make: Make, tmp_path: Path) -> None:
    pair = (
        make(tmp_path / "a.csv", LIST),
        make(tmp_path / "b.csv", LIST.replace("thing 7,", "other,")),
    )
    found = diff(*pair, code_set="table").changes
    # The row that differs and the last one, which tells how a file ends.
    assert [side.entries["code"].to_list() for side in (found.previous, found.current)] == [
        ["A0007", "A0299"]
    ] * 2
    assert (found.current.common.count, found.compared) == (298, 300)
    assert repr(found.current) == "<b.csv: 300 codes>"
    assert found.current.rows.read == found.current.rows.kept == 300
    assert load(pair[1], code_set="table").entries.height == 300
    # Beside a third table its other rows would be missing.
    with pytest.raises(CptdiffError, match=r"E001.*not all 300"):
        diff(found.current, pair[0], code_set="table")


def test_withheld_wording_is_not_kept_to_be_searched(make: Make, tmp_path: Path) -> None:
    pair = (make(tmp_path / "a.csv", LIST), make(tmp_path / "b.csv", LIST.replace("7,k", "8,k")))
    for level, kept in (("full", True), ("none", False)):
        found = diff(*pair, code_set="table", descriptors=level).changes.current.common
        assert bool([*found.search(["thing"])]) == kept


def test_a_file_that_changes_between_the_two_looks_is_read_whole(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pair = (make(tmp_path / "a.csv", LIST), make(tmp_path / "b.csv", LIST.replace("thing 7", "z")))
    sound = common._pair_lines  # noqa: SLF001 - what happens in between

    def late(*given: Any) -> Any:  # noqa: ANN401
        pair[1].write_text(LIST.replace("thing 8", "y"), "utf-8")
        return sound(*given)

    monkeypatch.setattr(common, "_pair_lines", late)
    assert common.separate_common(*pair, Columns()) is None


def test_a_file_that_changes_before_words_are_looked_up_is_refused(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pair = (make(tmp_path / "a.csv", SLIP), make(tmp_path / "b.csv", LIST))

    def late(*sides: Release, **rules: Any) -> Changes:  # noqa: ANN401
        pair[1].unlink()
        return compare(*sides, **rules)

    monkeypatch.setattr("cptdiff.pipeline.compare", late)
    with pytest.raises(CptdiffError, match=r"E106.*was changed while it was read"):
        diff(*pair, code_set="table")


@pytest.mark.parametrize("fault", [pl.Series.head, pl.Series.tail])
def test_lines_that_get_lost_are_missed(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: Callable[..., pl.Series]
) -> None:
    pair = (make(tmp_path / "a.csv", LIST), make(tmp_path / "b.csv", LIST.replace("thing 7", "z")))
    assert common.separate_common(*pair, Columns()) is not None
    sound = common._split  # noqa: SLF001 - what is made to fail
    monkeypatch.setattr(common, "_split", lambda body: fault(sound(body), -1))
    assert common.separate_common(*pair, Columns()) is None


def test_lines_of_one_hash_are_not_taken_for_one(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pair = (make(tmp_path / "a.csv", LIST), make(tmp_path / "b.csv", LIST.replace("kept", "left")))
    sound = pl.Expr.hash
    first = common._SEEDS[0]  # noqa: SLF001 - whose hashes are made alike

    def alike(text: pl.Expr, seed: int = 0) -> pl.Expr:
        return sound(text.str.head(5) if seed == first else text, seed)

    monkeypatch.setattr(pl.Expr, "hash", alike)
    assert common.separate_common(*pair, Columns()) is None
