"""Hostile things to open: what is no file, may not be read, or lies under a wrong name."""

import os
from pathlib import Path
from typing import Final

from tests.hostile.case import TABLE, Case

LONGULT: Final = "00100\tMade-up numbing\r\n33333\tMade-up surgery\r\n"
PAGE: Final = "<!DOCTYPE html><html><body>Sign in</body></html>"


def misspelt(path: Path) -> None:
    path.with_name("new_2026.csv").write_text(TABLE, "utf-8")


def looped(path: Path) -> None:
    path.symlink_to(path)


def piped(path: Path) -> None:
    os.mkfifo(path)


def with_a_pipe_beside(path: Path) -> None:
    path.mkdir()
    (path / "LONGULT.txt").write_bytes(LONGULT.encode())
    os.mkfifo(path / "MEDU.txt")
    (path / "SHORTU.txt").symlink_to(path / "nowhere")


def large(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(512 * 1024**2 + 1)


SOUND: Final = ("LONGULT.txt", LONGULT)


def long(path: Path) -> None:
    path.write_bytes(b"code\n" + b"A\n" * 5_000_001)


CASES: Final = (
    Case(1, "a missing file", "none.csv", None, 2, ("E101", "no such file")),
    Case(1, "a misspelt name", "new.csv", misspelt, 2, ("E101", "did you mean new_2026.csv?")),
    Case(2, "a folder for a table", "t", {"notes.md": "x"}, 2, ("E185", "t: ")),
    Case(2, "an empty folder", "t", {}, 2, ("E102", "contains no files")),
    Case(2, "a glob that would fit", "*.csv", misspelt, 2, ("E101", "*.csv")),
    Case(2, "a name like a glob", "a[1].csv", TABLE, 0, (), (3, 3, 0, 0)),
    Case(9, "a zip named .csv", "t.csv", b"PK\x05\x06" + bytes(18), 2, ("E130", "says csv")),
    Case(47, "more than 512 MB", "t.csv", large, 2, ("E170", "512 MB")),
    Case(47, "more than 5 million rows", "t.csv", long, 2, ("E170", "5,000,001 rows")),
    Case(62, "a loop of links", "t.csv", looped, 2, ("E104", "leads back to itself")),
    Case(63, "a pipe", "t.csv", piped, 2, ("E105", "is a pipe", "save its data to a file first")),
    Case(63, "a pipe and a dead link in a folder", "r", with_a_pipe_beside, 0, (),
         (2, 2, 0, 0), (), SOUND),
    Case(51, "a web page named .zip", "r.zip", PAGE, 2, ("E130", "a web page", "says zip")),
    Case(51, "an empty file named .zip", "r.zip", b"", 2, ("E110", "no data")),
)  # fmt: skip
