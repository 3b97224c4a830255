"""LibreOffice, and what cptdiff writes of formulas, each once."""

import os
from pathlib import Path

import pytest

from tests.spreadsheets.calc import SOFFICE
from tests.spreadsheets.hostile import raw, written


@pytest.fixture(scope="session")
def calc_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Name the folder of LibreOffice's own profile; a machine without it skips, save in CI."""
    if not SOFFICE.exists():
        without = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        without(f"{SOFFICE} is not here: apt-get install libreoffice-calc")
    return tmp_path_factory.mktemp("calc")


@pytest.fixture(scope="session")
def reports(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Write the CSV files and workbooks of comparisons that are full of formulas."""
    return written(tmp_path_factory.mktemp("formulas"))


@pytest.fixture(scope="session")
def unguarded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the formulas as they are."""
    return raw(tmp_path_factory.mktemp("raw"))
