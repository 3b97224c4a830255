"""Each system call of the writing fails in turn."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from tests.hostile.runs import (
    FORMER,
    LONG,
    NAIVELY,
    NAMED,
    Home,
    finished,
    home,
    is_whole,
    litter,
    replaced,
    untouched,
)  # fmt: skip
from tests.run_folder import ALWAYS

Pair = tuple[str, ...]
CAUSES: Final = {
    "ENOSPC": "No space left on device",
    "EIO": "Input/output error",
    "EACCES": "Permission denied",
}
# Each as the nth call alone, and as every call from the nth on. (A folder that cannot even be
# looked into any more is not removed before the next run.)
FAULTS: Final = [
    f"{call}:error={error}:when=%d{from_then_on}"
    for call, errors in (
        dict.fromkeys(("openat", "pwrite64", "write", "fsync", "close", "mkdir", "rename"), CAUSES)
        if LONG
        else {"write": ["ENOSPC"], "fsync": ["EIO"], "rename": ["EACCES"]}
    ).items()
    for error in errors
    for from_then_on in ("", "+")
    if not (from_then_on and call in {"openat", "close"})
]
ENOUGH: Final = 40


def our_paths(at: Home) -> Iterator[Path]:
    """Everything that is written, and the folder that it is written into."""
    yield at.path
    for name in ("run", *FORMER):
        yield at.path / name
        yield from (at.path / f".cptdiff-{name}.{w}" for w in ("lock", "run.new", "run.old"))
    for folder in (at.path / ".cptdiff-run.run.new", at.run):
        yield from (folder / name for name in sorted(ALWAYS))


def hindered(strace: str, command: tuple[str, ...], at: Home, fault: str) -> tuple[int, str, bool]:
    """A run with a fault: its exit code, its stderr, whether the fault came to pass."""
    trace = at.path.with_suffix(".trace")
    ours = [word for path in our_paths(at) for word in ("-P", str(path))]
    words = ("-f", "--seccomp-bpf", "-qq", "-o", str(trace), *ours)
    which = ("-e", f"trace={fault.partition(':')[0]}", "-e", f"inject={fault}")
    done = finished((strace, *words, *which, *command), at.words)
    return done.returncode, done.stderr.decode(), "INJECTED" in trace.read_text("utf-8")


@pytest.mark.parametrize("failing", FAULTS)
def test_machine_01_whatever_call_fails_the_former_outputs_stand(
    strace: str, tmp_path: Path, pair: Pair, failing: str
) -> None:
    cause = next(words for name, words in CAUSES.items() if name in failing)
    for number in range(1, ENOUGH):
        at = home(tmp_path / str(number), pair)
        if not LONG:  # without the run folder
            at = at._replace(words=(*at.words[:-6], *at.words[-4:]))
        fault = failing % number
        code, told, came = hindered(strace, NAMED, at, fault)
        assert litter(at.path) == [], fault
        if not came:
            assert number > 1
            assert (code, told) == (0, "")
            return
        if code == 0 and "close" in fault and replaced(at):
            continue  # a lock, when all was done
        assert (code, told.count("\n")) == (4, 1), (fault, told)
        assert cause in told
        assert untouched(at), fault
    pytest.fail(f"fails after {ENOUGH} calls too")


def test_machine_01_a_full_disk_is_told_with_what_is_needed(
    strace: str, tmp_path: Path, pair: Pair
) -> None:
    at = home(tmp_path / "out", pair)
    code, told, _ = hindered(strace, NAMED, at, "write:error=ENOSPC:when=3")
    assert code == 4
    assert told.startswith("cptdiff: error[E401]: ")
    assert "needs about 1 MB; what stood there is untouched. Fix: free some space" in told


def test_machine_01_a_disk_without_links_is_no_hindrance(
    strace: str, tmp_path: Path, pair: Pair
) -> None:
    at = home(tmp_path / "out", pair)
    assert hindered(strace, NAMED, at, "linkat:error=EPERM") == (0, "", True)
    assert (replaced(at), litter(at.path)) == (True, [])


@pytest.mark.parametrize("calls", ["9+", "1+"])
def test_machine_01_a_disk_that_cannot_sync_is_no_hindrance_and_is_told_once(
    strace: str, tmp_path: Path, pair: Pair, calls: str
) -> None:
    at = home(tmp_path / "out", pair)
    at = at._replace(words=at.words[:-4])
    code, told, came = hindered(strace, NAMED, at, f"fsync:error=EINVAL:when={calls}")
    assert (code, came, told.count("\n")) == (0, True, 1)
    assert told.startswith("cptdiff: note: ")
    assert "this disk does not confirm that it has stored the files" in told
    assert is_whole(at.run)


@pytest.mark.parametrize("number", [1, 3])
def test_machine_01_a_naive_writer_would_be_found_out(
    strace: str, tmp_path: Path, pair: Pair, number: int
) -> None:
    at = home(tmp_path / "out", pair)
    code, _, came = hindered(strace, NAIVELY, at, f"write:error=ENOSPC:when={number}+")
    assert (code, came) == (4, True)
    assert not untouched(at)
