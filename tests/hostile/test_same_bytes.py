"""The same inputs give the same bytes, whatever is round about."""

import hashlib
import itertools
import os
import shlex
import subprocess
from collections import Counter
from pathlib import Path
from typing import Final, NamedTuple

import pytest

from tests.hostile.runs import COMMAND, LONG
from tests.streams import list_warnings

SAMPLES: Final = Path(__file__).parents[2] / "sample_releases"


class Surroundings(NamedTuple):
    """What may differ between two runs."""

    zone: str
    locale: str
    seed: str
    threads: str
    mask: str = "022"
    elsewhere: str = ""


WHOLE: Final = [
    Surroundings(*each)
    for each in itertools.product(
        ("Pacific/Auckland", "America/St_Johns"), ("C", "C.UTF-8"), ("1", "2"), ("1", "4")
    )
    for _ in range(3)
] + [
    Surroundings("UTC", "C", "0", "2", mask, folder)
    for mask in ("077", "000") for folder in ("/", "")
]  # fmt: skip
# Each value of each thing meets each value of each other (an orthogonal array).
PAIRWISE: Final = (
    Surroundings("Pacific/Auckland", "C", "1", "1", "077", "/"),
    Surroundings("Pacific/Auckland", "C.UTF-8", "2", "4", "022", "/"),
    Surroundings("America/St_Johns", "C", "2", "4", "077", ""),
    Surroundings("America/St_Johns", "C.UTF-8", "1", "4", "000", ""),
    Surroundings("America/St_Johns", "C.UTF-8", "2", "1", "022", "/"),
    Surroundings("Pacific/Auckland", "C", "1", "4", "022", ""),
)
PAIRS: Final = {
    "table": (),
    "cpt": ("cpt-2026-legacy.zip", "cpt-2027-current-format.zip"),
    "hcpcs": ("hcpcs-2026-january.zip", "hcpcs-2027-january.zip"),
    "icd": ("icd10pcs-2026.zip", "icd10pcs-2027.zip"),
}


def digests(words: tuple[str, ...], run: Path, at: Surroundings) -> dict[str, str]:
    """The SHA-256 of every file of a run folder, and of what the terminal shows."""
    command = f"umask {at.mask}; cd {at.elsewhere or '.'}; {shlex.join([*COMMAND, *words])}"
    done = subprocess.run(
        ["/bin/sh", "-c", f"{command} -o {shlex.quote(str(run))}"],
        env=os.environ
        | {"TZ": at.zone, "LC_ALL": at.locale, "PYTHONHASHSEED": at.seed}
        | {"POLARS_MAX_THREADS": at.threads},
        cwd=run.parent,
        capture_output=True,
        check=False,
    )
    assert (done.returncode, list_warnings(done.stderr.decode())) == (0, "")
    shown = {path.name: path.read_bytes() for path in run.iterdir()} | {"stdout": done.stdout}
    return {name: hashlib.sha256(data).hexdigest() for name, data in shown.items()}


def test_every_value_meets_every_other_value() -> None:
    columns = list(zip(*((s[0], s[1], s[2], s[3]) for s in PAIRWISE), strict=True))
    for one, other in itertools.combinations(columns, 2):
        assert len(set(zip(one, other, strict=True))) == 4


@pytest.mark.parametrize("pair", PAIRS)
def test_machine_07_one_digest_per_output_whatever_is_round_about(
    tmp_path: Path, pair: str, large: tuple[str, ...]
) -> None:
    files = tuple(str(SAMPLES / name) for name in PAIRS[pair])
    words = ("diff", *(files or large))
    found: dict[str, Counter[str]] = {}
    rounds = WHOLE if LONG else PAIRWISE
    for number, at in enumerate(rounds):
        for name, digest in digests(words, tmp_path / str(number), at).items():
            found.setdefault(name, Counter())[digest] += 1
    assert len(found) > 7
    assert {name: len(counted) for name, counted in found.items() if len(counted) > 1} == {}
    assert {counted.total() for counted in found.values()} == {len(rounds)}


@pytest.fixture(scope="session")
def large(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, ...]:
    """Write two tables, large enough for several threads, in another order each."""
    folder = tmp_path_factory.mktemp("large")
    for side, step in (("previous", 7919), ("current", 6007)):
        numbers = [number * step % 20_011 for number in range(20_011)]
        rows = (
            f"K{n:05},thing {n // 3},{n % 17 if side == 'current' and n % 50 == 0 else 'same'}"
            for n in numbers
            if n % (101 if side == "previous" else 103)
        )
        text = "\n".join(["code,name,note", *rows, ""])
        (folder / f"{side}.csv").write_text(text, "utf-8")
    return (str(folder / "previous.csv"), str(folder / "current.csv"), "--code-set", "table")
