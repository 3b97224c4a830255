"""Writes two ICD-10-PCS releases that differ in 40,000 codes; codes and wording are invented.

python large.py FOLDER

The same bytes every time. Of 68,000 codes 8,000 are deleted and 16,000 revised; 16,000 new ones
join.
"""

import argparse
import zipfile
from collections.abc import Iterator
from pathlib import Path

CODES, ADDED = 68_000, 16_000
NAMES = ("icd10pcs_order_2026.txt", "icd10pcs_order_2027.txt")
# Of every 17 codes the first two are deleted, the next four revised.
_PERIOD, _DELETED, _REVISED = 17, 2, 6
_SECTIONS = "0123456789BCDFGHX"
_DIGITS = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # neither I nor O
_VERBS = ("Polishing", "Oiling", "Bending", "Waxing", "Sorting", "Gauging", "Milling", "Filing")
_PARTS = ("Left Hinge", "Right Hinge", "Upper Bobbin", "Lower Bobbin", "Ferrule", "Cotter", "Lever")
_WAYS = ("Open", "Percutaneous", "External", "Via Natural Slot", "Endoscopic")
_DEVICES = ("Steel Clip", "Brass Clip", "Felt Pad", "Wooden Wedge", "Paper Shim")


def code(number: int) -> str:
    """The number's code: a section, and six digits of its own."""
    rest, digits = number * 3571, ""
    for _ in range(6):
        rest, digit = divmod(rest, len(_DIGITS))
        digits = _DIGITS[digit] + digits
    return _SECTIONS[number // _PERIOD % len(_SECTIONS)] + digits


def words(number: int, device: int) -> str:
    """The long descriptor."""
    verb, part = _VERBS[number % len(_VERBS)], _PARTS[number // 7 % len(_PARTS)]
    way = _WAYS[number // 3 % len(_WAYS)]
    return f"{verb} of {part} with {_DEVICES[device % len(_DEVICES)]}, Felt Lined, {way} Approach"


def previous() -> dict[str, str]:
    """Long descriptors by code."""
    return {code(number): words(number, number) for number in range(CODES)}


def current() -> dict[str, str]:
    """A year later."""
    turns = ((number, number % _PERIOD) for number in range(CODES))
    kept = {
        code(number): words(number, number + (turn < _REVISED))
        for number, turn in turns
        if turn >= _DELETED
    }
    return kept | {code(number): words(number, number) for number in range(CODES, CODES + ADDED)}


def lines(release: dict[str, str]) -> Iterator[str]:
    """The order file: number, code, 1 for a code, short and long descriptor."""
    for order, (name, long) in enumerate(sorted(release.items()), 1):
        yield f"{order:05d} {name} 1 {long[:60]:<60} {long}\r\n"


def write(folder: Path) -> tuple[Path, Path]:
    """Write both zips and give their paths."""
    paths = folder / "icd10pcs-2026.zip", folder / "icd10pcs-2027.zip"
    for path, name, release in zip(paths, NAMES, (previous(), current()), strict=True):
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as bundle:
            bundle.writestr(zipfile.ZipInfo(name), "".join(lines(release)))
    return paths


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    write(parser.parse_args().folder)
