"""What the tests of jobs share."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

Write = Callable[[str], Path]


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in an empty folder, without variables that may be set here."""
    for name in os.environ:
        if name.startswith(("CPTDIFF_", "SOURCE_DATE_EPOCH")):
            monkeypatch.delenv(name)
    folder = tmp_path / "desk"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def write(desk: Path) -> Write:
    """Write the file of jobs."""

    def config(text: str) -> Path:
        path = desk / "cptdiff.toml"
        path.write_text(text, "utf-8")
        return path

    return config


@pytest.fixture
def job(write: Write, tables: tuple[str, ...]) -> Path:
    """Write a file with one job, which compares two small tables."""
    previous, current, *_ = tables
    return write(
        f"[jobs.fees]\ncode_set = 'table'\nprevious = '{previous}'\ncurrent = '{current}'\n"
    )
