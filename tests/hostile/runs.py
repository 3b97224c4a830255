"""Whole runs that are killed or hindered, and what may be found of them afterwards."""

import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

HERE: Final = Path(__file__).parent
COMMAND: Final = (sys.executable, "-m", "cptdiff")
SLOWLY: Final = (sys.executable, str(HERE / "slowly.py"))
NAMED: Final = (sys.executable, str(HERE / "named.py"))
NAIVELY: Final = (sys.executable, str(HERE / "naive.py"))
# How often each signal; `make ordeal` asks for all of them, and for what else takes long.
POINTS: Final = int(os.environ.get("POINTS", "12"))
LONG: Final = POINTS >= 200
FORMER: Final = {"x.csv": b"a former table\n" * 500, "x.html": b"<p>a former page</p>\n" * 500}
# What it says, and the most memory that it, or a child of it, has held.
MEASURED: Final = """
import resource, subprocess, sys
done = subprocess.run([sys.executable, "-m", "cptdiff", *sys.argv[1:]], capture_output=True)
sys.stdout.buffer.write(done.stderr)
print(done.returncode, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024)
"""
# Until a run that waits for ever is given up, on a busy machine too.
_PATIENCE: Final = 600


class Home(NamedTuple):
    """A folder of outputs: two files that stood there before, and a run folder to be."""

    path: Path
    words: tuple[str, ...]

    @property
    def run(self) -> Path:
        """Where the run folder is to be."""
        return self.path / "run"


def home(path: Path, pair: Sequence[str]) -> Home:
    """Make a home at `path`, and the words that write into it."""
    path.mkdir()
    for name, data in FORMER.items():
        (path / name).write_bytes(data)
    outputs = [word for name in ("run", *FORMER) for word in ("-o", str(path / name))]
    return Home(path, ("diff", *pair, "--quiet", *outputs))


def started(command: Sequence[str], words: Sequence[str]) -> "subprocess.Popen[bytes]":
    """Start a run in a group of its own."""
    return subprocess.Popen(
        [*command, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
    )


def finished(command: Sequence[str], words: Sequence[str]) -> "subprocess.CompletedProcess[bytes]":
    """Run to the end; one that hangs fails the test and does not hold up those after it."""
    return subprocess.run([*command, *words], capture_output=True, check=False, timeout=_PATIENCE)


def ended(run: "subprocess.Popen[bytes]") -> tuple[int, str]:
    """Wait until nothing of the run is left that could write: its exit code, its stderr."""
    _, told = run.communicate(timeout=_PATIENCE)
    return run.returncode, told.decode()


def workers(run: "subprocess.Popen[bytes]") -> list[int]:
    """The processes that a run has started."""
    try:
        found = Path(f"/proc/{run.pid}/task/{run.pid}/children").read_text("ascii")
    except OSError:
        return []
    return [int(each) for each in found.split()]


def wait_for_writing(run: "subprocess.Popen[bytes]", folder: Path) -> None:
    """Wait until the first output is being staged, or all is over."""
    until = time.monotonic() + _PATIENCE
    while run.poll() is None and not staged(folder) and time.monotonic() < until:
        time.sleep(0.002)


def litter(folder: Path) -> list[str]:
    """What a run should have removed."""
    return sorted(path.name for path in folder.glob(".cptdiff-*"))


def staged(folder: Path) -> list[str]:
    """What is being built beside its target."""
    return [name for name in litter(folder) if not name.endswith(".lock")]


def is_whole(folder: Path) -> bool:
    """Whether a run folder is what its manifest says, no more and no less."""
    files = {path.name: path.read_bytes() for path in folder.iterdir()}
    if "manifest.json" not in files:
        return False
    proof, paragraph = files.pop("manifest.json"), files.pop("summary.txt", b"")
    if not paragraph.decode().endswith(f"{hashlib.sha256(proof).hexdigest()}\n"):
        return False
    told = json.loads(proof)["subject"]
    found = {
        name: (len(data), hashlib.sha256(data).hexdigest()) for name, data in sorted(files.items())
    }
    return found == {
        each["name"]: (each["annotations"]["size"], each["digest"]["sha256"]) for each in told
    }


def torn(home: Home, sound: Home) -> list[str]:
    """The outputs that are neither the former one nor, whole, the one of a sound run."""
    files = [
        name
        for name, former in FORMER.items()
        if (home.path / name).read_bytes() not in {former, (sound.path / name).read_bytes()}
    ]
    if not home.run.exists():
        return files
    same = all(
        (home.run / path.name).exists() and (home.run / path.name).read_bytes() == path.read_bytes()
        for path in sound.run.iterdir()
    )
    return files if same and is_whole(home.run) else [*files, "run"]


def untouched(home: Home) -> bool:
    """Whether all is as it was before."""
    names = sorted(path.name for path in home.path.iterdir() if path.name[0] != ".")
    return names == sorted(FORMER) and all(
        (home.path / name).read_bytes() == former for name, former in FORMER.items()
    )


def replaced(home: Home) -> bool:
    """Whether every output is new."""
    return home.run.exists() and all(
        (home.path / name).read_bytes() != former for name, former in FORMER.items()
    )
