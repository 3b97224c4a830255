"""What the tests of published lists share."""

from collections.abc import Callable
from pathlib import Path

import pytest

from cptdiff.lists import read_published
from cptdiff.model import PublishedList
from cptdiff.vocabulary import CodeSet

Make = Callable[..., Path]
Read = Callable[[str, bytes | str, CodeSet], PublishedList]


@pytest.fixture
def read(make: Make, tmp_path: Path) -> Read:
    """Read one list as `--published` does."""

    def one(name: str, data: bytes | str, code_set: CodeSet) -> PublishedList:
        (found,) = read_published(make(tmp_path / name, data), code_set).lists
        return found

    return one
