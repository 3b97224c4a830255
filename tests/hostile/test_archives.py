"""Any bytes named .zip: refused, or read exactly."""

import random

import pytest

from cptdiff.errors import Refused
from cptdiff.isolated import package
from cptdiff.limits import use_limits
from cptdiff.reading.archives import open_zip
from tests.hostile.archives import LONGULT, Entry, zipped
from tests.hostile.books import table

WORDS = "Made-up prose. "


def test_input_52_a_mutated_zip_is_refused_or_read_exactly() -> None:
    contents = {"a/LONGULT.txt": LONGULT.encode(), "MEDU.txt": (WORDS * 20).encode()}
    sound = zipped(*(Entry(name, data) for name, data in contents.items()))
    chosen = random.Random(52)  # noqa: S311 - seeded on purpose
    refused = exact = 0
    for _ in range(3000):
        data = bytearray(sound)
        for _ in range(chosen.randint(1, 3)):
            data[chosen.randrange(len(data))] = chosen.randrange(256)
        found = read(bytes(data))
        refused += found is None
        if found is not None:
            exact += 1
            # A name may be another one; what stands under a name is never another content.
            assert set(found.values()) <= set(contents.values())
    assert refused > 500
    assert exact > 300


def test_input_52_a_zip_cut_anywhere_is_refused() -> None:
    sound = zipped(Entry("LONGULT.txt"))
    assert [read(sound[:end]) for end in range(len(sound))] == [None] * len(sound)


def read(data: bytes) -> dict[str, bytes] | None:
    try:
        return {member.path: member.read() for member in open_zip("r.zip", data)}
    except Refused:
        return None


def test_input_48_members_together_are_capped() -> None:
    members = open_zip("r.zip", zipped(Entry("a.txt", b"a" * 60), Entry("b.txt", b"b" * 60)))
    told = r"E180.*r\.zip!b\.txt: unpacks to more than 100 bytes\. Fix: .* --limit size=1MB"
    with use_limits({"size": 100}):
        assert members[0].read() == members[0].read() == b"a" * 60
        with pytest.raises(Refused, match=told):
            members[1].read()


def lacking(*_: object) -> None:
    raise MemoryError


@pytest.mark.parametrize("step", ["ZipFile.__init__", "ZipExtFile.read"])
def test_input_52_a_lack_of_memory_is_no_damage(monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    archive, book = zipped(Entry("LONGULT.txt")), table()
    monkeypatch.setattr(f"zipfile.{step}", lacking)
    with pytest.raises(MemoryError):
        read(archive)
    with pytest.raises(MemoryError):
        package.open_package(book)


def test_input_61_a_lack_of_memory_is_no_damaged_part(monkeypatch: pytest.MonkeyPatch) -> None:
    book = package.open_package(table())
    monkeypatch.setattr(package, "_check_prolog", lambda *_: None)
    monkeypatch.setattr("zipfile.ZipExtFile.read", lacking)
    with pytest.raises(MemoryError):
        book.read("xl/workbook.xml")
