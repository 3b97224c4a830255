"""What one case cannot say of opening: rights, changes while reading, standard input."""

import os
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from cptdiff.reading.sources import recognize_content
from tests.hostile.archives import LONGULT, WHOLE
from tests.hostile.case import OWN, TABLE, Run, assert_plain
from tests.hostile.files import with_a_pipe_beside

Make = Callable[..., Path]


@pytest.fixture
def fed(root: Path) -> Callable[..., CompletedProcess[str]]:
    """Run the command with bytes in its standard input."""

    def run(data: bytes, *words: str | Path) -> CompletedProcess[str]:
        done = subprocess.run(
            [sys.executable, "-m", "cptdiff", *map(str, words)],
            input=data, cwd=root, capture_output=True, timeout=600, check=False,
        )  # fmt: skip
        return CompletedProcess(
            done.args, done.returncode, done.stdout.decode(), done.stderr.decode()
        )

    return run


def test_input_03_a_file_that_may_not_be_read_is_refused(
    cptdiff: Run, make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed, sound = make(tmp_path / "t.csv", TABLE), make(tmp_path / "sound.csv", TABLE)
    closed.chmod(0o200)
    really = os.open

    def forbidden(path: Path, *rest: int) -> int:
        if path == closed:
            raise PermissionError(13, "Permission denied")
        return really(path, *rest)

    # Root may read everything.
    monkeypatch.setattr("cptdiff.reading.sources.os.open", forbidden)
    for pair in ((closed, sound), (sound, closed)):
        done = cptdiff("diff", *pair, *OWN)
        assert done.returncode == 2
        assert "error[E103]" in done.stderr
        assert "mode 0200" in done.stderr


def test_input_63_a_device_is_refused(cptdiff: Run, make: Make, tmp_path: Path) -> None:
    sound = make(tmp_path / "sound.csv", TABLE)
    for device in ("/dev/zero", "/dev/null"):
        done = cptdiff("diff", sound, device, *OWN)
        assert done.returncode == 2
        assert f"error[E105]: {device}: is a device" in done.stderr


def test_input_63_what_is_no_file_in_a_folder_is_told(cptdiff: Run, tmp_path: Path) -> None:
    with_a_pipe_beside(tmp_path / "r")
    done = cptdiff("inspect", tmp_path / "r")
    assert done.returncode == 0
    assert "MEDU.txt: a pipe or device, not a file" in done.stdout
    assert "SHORTU.txt: cannot be read" in done.stdout


@pytest.mark.parametrize("kind", ["grown", "replaced", "cut"])
def test_input_65_a_file_that_changes_while_it_is_read_is_refused(
    cptdiff: Run, make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    file, sound = make(tmp_path / "t.csv", TABLE), make(tmp_path / "sound.csv", TABLE)
    really = os.read

    def meddled(descriptor: int, size: int) -> bytes:
        data = really(descriptor, size)
        if os.path.samestat(os.fstat(descriptor), file.stat()):
            state = file.stat()
            file.write_text({"grown": TABLE * 2, "replaced": TABLE.upper(), "cut": ""}[kind])
            os.utime(file, ns=(state.st_atime_ns, state.st_mtime_ns + 1))
        return data

    monkeypatch.setattr("cptdiff.reading.sources.os.read", meddled)
    done = cptdiff("diff", file, sound, *OWN)
    assert done.returncode == 2
    assert "error[E106]: t.csv: was changed while it was read" in done.stderr


def test_input_64_standard_input_is_one_of_the_two(
    fed: Callable[..., CompletedProcess[str]], make: Make, tmp_path: Path
) -> None:
    sound = make(tmp_path / "sound.csv", TABLE)
    for pair in (("-", sound), (sound, "-")):
        done = fed(TABLE.encode(), "diff", *pair, *OWN)
        assert (done.returncode, done.stderr) == (0, "")
        assert "No changes: 3 entries compared" in done.stdout
        assert "stdin" in done.stdout


def test_input_64_standard_input_is_known_by_its_content(
    fed: Callable[..., CompletedProcess[str]], samples: Path, as_file: Callable[..., bytes]
) -> None:
    rows = [["code", "name"], ["A1", "First"], ["A2", "Second"]]
    zipped = (samples / "cpt-2026-legacy.zip").read_bytes()
    for data, options, said in (
        (WHOLE, (), "LONGULT.txt"),
        (zipped, (), "LONGULT.txt"),
        (LONGULT.encode(), (), "cpt-longult"),
        (TABLE.encode(), OWN, "table-text"),
        (as_file("t.xlsx", rows), OWN, "table-xlsx"),
        (as_file("t.parquet", rows), OWN, "table-parquet"),
    ):
        done = fed(data, "inspect", "-", *options)
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.startswith("stdin\n")
        assert said in done.stdout


def test_input_64_standard_input_cannot_be_both(
    fed: Callable[..., CompletedProcess[str]],
) -> None:
    done = fed(TABLE.encode(), "diff", "-", "-", *OWN)
    assert done.returncode == 2
    assert done.stderr.startswith("cptdiff: error[E001]")
    assert "holds one release" in done.stderr


@pytest.mark.parametrize(
    ("data", "slug"), [(b"", "E110"), (b"\x89PNG\r\n\x1a\n", "E130"), (WHOLE[:-30], "E187")]
)
def test_input_64_hostile_standard_input_is_refused_in_one_line(
    fed: Callable[..., CompletedProcess[str]], data: bytes, slug: str
) -> None:
    done = fed(data, "inspect", "-", *OWN)
    assert_plain(done)
    assert done.returncode == 2
    assert done.stderr.startswith(f"cptdiff: error[{slug}]: stdin")


def test_input_64_a_pipe_named_by_its_device_is_refused_with_a_word(
    fed: Callable[..., CompletedProcess[str]],
) -> None:
    done = fed(TABLE.encode(), "inspect", "/dev/stdin", *OWN)
    assert done.returncode == 2
    assert "error[E105]: /dev/stdin: is a pipe" in done.stderr
    assert "use -" in done.stderr


def test_input_49_nothing_is_ever_extracted(
    cptdiff: Run, make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object) -> None:
        raise AssertionError

    for name in ("extract", "extractall"):
        monkeypatch.setattr(zipfile.ZipFile, name, never)
    done = cptdiff("inspect", make(tmp_path / "r.zip", WHOLE))
    assert done.returncode == 0


def test_input_47_a_tree_of_too_many_files_is_not_walked_to_its_end(
    cptdiff: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []

    def endless(*_: object, **__: object) -> Iterator[tuple[str, list[str], list[str]]]:
        for number in range(100):
            seen.append(number)
            yield str(tmp_path / "r"), [], [f"{number}.{at}.txt" for at in range(1000)]

    (tmp_path / "r").mkdir()
    monkeypatch.setattr("cptdiff.reading.sources.os.walk", endless)
    monkeypatch.chdir(tmp_path / "r")
    done = cptdiff("inspect", ".")
    assert done.stderr.startswith("cptdiff: error[E102]: r: contains more than 10,000 files. Fix: ")
    assert len(seen) == 11


def test_input_09_only_a_page_is_known_in_any_case() -> None:
    assert recognize_content(b"par1,name\nA1,x\n") == recognize_content(b"%pdf,name\n") == ""
    assert recognize_content(b"PAR1\x15\x04") == "a Parquet file"
    assert (
        recognize_content(b"<!DocType HTML>")
        == recognize_content(b"\xef\xbb\xbf <HTML>")
        == "a web page"
    )
