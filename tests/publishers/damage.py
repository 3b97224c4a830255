"""Damage real releases as copies and disks do, compare them, and print what cptdiff says.

`python tests/publishers/damage.py` (make damage) ends with 1 if any damage passes with exit code 0,
or an ordinary pair does not.
"""

import sys
import tempfile
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final, NamedTuple

sys.path.append(str(Path(__file__).parent))

from publisher_pairs import PAIRS, Bundle, Pair
from publisher_runs import cptdiff

Lines = list[bytes]
# Where the code begins, by the part of RELEASES in which a release lies.
CODE_AT: Final = {"hcpcs": 0, "icd10cm": 6, "icd10pcs": 6}


class Damage(NamedTuple):
    """One damaged input: what was done, and the bytes that are left."""

    name: str
    data: bytes


class Case(NamedTuple):
    """Two inputs, the earlier one first; whether either is damaged."""

    name: str
    inputs: Sequence[Path]
    is_damaged: bool


def damages(whole: bytes, other: bytes) -> Iterator[Damage]:
    """Damage `whole`; `other` is the other edition."""
    lines, others = whole.splitlines(keepends=True), other.splitlines(keepends=True)
    for percent in (60, 95, 99.9):
        yield Damage(f"cut at {percent:g}%", b"".join(lines[: int(len(lines) * percent / 100)]))
    yield Damage("cut inside a line at 60%", cut_inside(lines, len(lines) * 6 // 10))
    yield Damage("cut inside the last line", cut_inside(lines, len(lines) - 1))
    yield Damage("without every 11th row", without(lines, {*range(10, len(lines), 11)}))
    half, other_half = len(lines) // 2, len(others) // 2
    yield Damage("other edition from the middle", b"".join(lines[:half] + others[other_half:]))
    yield Damage("other edition up to the middle", b"".join(others[:other_half] + lines[half:]))
    middle = len(whole) // 2
    yield Damage("copied over the other edition up to the middle", whole[:middle] + other[middle:])
    yield Damage("both editions in one file", whole + other)


def lost_sections(whole: bytes, at: int) -> Iterator[Damage]:
    """Lose each section of `whole`, and half of it; `at` is where a line has its code."""
    lines = whole.splitlines(keepends=True)
    for letter, rows in sections(lines, at).items():
        yield Damage(f"without section {letter}", without(lines, {*rows}))
        yield Damage(f"without half of section {letter}", without(lines, {*rows[len(rows) // 2 :]}))


def joined(whole: bytes, pair: Pair) -> Iterator[Damage]:
    """Join a release of each other code set to `whole`."""
    found = {_code_set(other): other.current for other in PAIRS.values()}
    for code_set, bundle in sorted(found.items()):
        if code_set != _code_set(pair):
            yield Damage(f"with {code_set} joined to it", whole + read(bundle))


def cut_inside(lines: Lines, at: int) -> bytes:
    """Return the lines up to `at` and a third of that line."""
    return b"".join(lines[:at]) + lines[at][: len(lines[at].rstrip()) // 3]


def sections(lines: Lines, at: int) -> Mapping[str, list[int]]:
    """Return the lines of each section of 10 codes or more, by the first letter of its codes."""
    found: dict[str, dict[bytes, list[int]]] = {}
    for n, line in enumerate(lines):
        code = line[at : at + 7 if at else 5].strip()
        if len(code) > 2 and line[:5].strip():
            found.setdefault(chr(code[0]), {}).setdefault(code, []).append(n)
    return {
        letter: [n for rows in codes.values() for n in rows]
        for letter, codes in sorted(found.items())
        if len(codes) >= 10 and letter.isalnum()
    }


def without(lines: Lines, gone: set[int]) -> bytes:
    """Return the lines that are not `gone`."""
    return b"".join(line for n, line in enumerate(lines) if n not in gone)


def read(bundle: Bundle) -> bytes:
    """Return the member that holds the release."""
    with zipfile.ZipFile(bundle.path()) as archive:
        return archive.read(bundle.member)


def write(bundle: Bundle, data: bytes, folder: Path, *, alone: bool) -> Path:
    """Write the release with `data` for its member: the bare file, or the zip as it was shipped."""
    folder.mkdir(parents=True)
    if alone:
        path = folder / Path(bundle.member).name
        path.write_bytes(data)
        return path
    path = folder / Path(bundle.archive).name
    with zipfile.ZipFile(bundle.path()) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            if not name.endswith((".pdf", ".xlsx", "/")):
                new.writestr(name, data if name == bundle.member else old.read(name))
    return path


def cases(name: str, pair: Pair, folder: Path) -> Iterator[Case]:
    """Name the pair as it is, swapped, and with each damage of either side, in either form."""
    texts = [read(bundle) for bundle in pair]
    shipped = [bundle.path() for bundle in pair]
    yield Case(name, shipped, is_damaged=False)
    yield Case(f"{name}, swapped", shipped[::-1], is_damaged=True)
    for form in ("zip", "file alone"):
        alone = form == "file alone"
        home = folder / form
        both = enumerate(zip(pair, texts, strict=True))
        sound = [write(b, text, home / f"sound {n}", alone=alone) for n, (b, text) in both]
        yield Case(f"{name}, {form}", sound, is_damaged=False)
        for side, word in enumerate(("previous", "current")):
            every = [*damages(texts[side], texts[1 - side]), *joined(texts[side], pair)]
            # By themselves, where no list beside them tells how many entries there should be.
            every += lost_sections(texts[side], CODE_AT[_code_set(pair)]) if alone else ()
            for n, damage in enumerate(every):
                inputs = list(sound)
                inputs[side] = write(pair[side], damage.data, home / f"{side} {n}", alone=alone)
                yield Case(f"{name}, {form}, {word} {damage.name}", inputs, is_damaged=True)


def judge(case: Case) -> str:
    """Compare the two inputs of `case`; return its line, which begins with WRONG if it is."""
    run = cptdiff("diff", *case.inputs)
    is_right = run.exit_code in {2, 3} if case.is_damaged else run.exit_code == 0
    said = run.err.strip().partition(". Fix:")[0] or run.out.partition("\n")[0]
    return f"{'     ' if is_right else 'WRONG'} {run.exit_code}  {case.name}: {said}"


def main(words: list[str]) -> int:
    """Judge all cases whose name holds one of `words`, all without any."""
    wrong = total = 0
    for name, pair in PAIRS.items():
        with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(2) as pool:
            asked = (
                case
                for case in cases(name, pair, Path(folder))
                if not words or any(word in case.name for word in words)
            )
            for line in pool.map(judge, asked):
                print(line, flush=True)  # noqa: T201 - a script for people
                total, wrong = total + 1, wrong + line.startswith("WRONG")
    print(f"{total:,} inputs, {wrong:,} wrong")  # noqa: T201
    return int(wrong > 0)


def _code_set(pair: Pair) -> str:
    return pair.current.archive.partition("/")[0]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
