"""Write the invented sample releases, a chargemaster, and the truth about them.

`expected.json` says what differs between the releases, `expected-impact.json` which lines of the
chargemaster are touched.

python sample_releases/make.py [FOLDER]     write, next to this file or into FOLDER
python sample_releases/make.py --check      tell whether what stands there is what would be written
"""

import argparse
import json
import sys
import tempfile
import zipfile
from pathlib import Path

from chargemaster import NAME as CHARGEMASTER
from chargemaster import write_chargemaster
from cpt_files import write_cpt
from hcpcs import write_hcpcs
from icd10cm import write_icd10cm
from icd10pcs import write_icd10pcs
from tables import write_tables
from truth import Truth

IMPACT = "expected-impact.json"
HERE = Path(__file__).resolve().parent
WRITERS = {
    "cpt": write_cpt,
    "hcpcs": write_hcpcs,
    "icd10cm": write_icd10cm,
    "icd10pcs": write_icd10pcs,
    "table": write_tables,
}


def make(folder: Path) -> list[Path]:
    """Write every sample into folder and return the files, sorted by name."""
    folder.mkdir(parents=True, exist_ok=True)
    expected = {code_set: write(folder) for code_set, write in WRITERS.items()}
    _write_truth(folder / "expected.json", expected)
    _write_truth(folder / IMPACT, write_chargemaster(folder))
    names = {truth["previous"] for truth in expected.values()}
    names |= {name for truth in expected.values() for name in truth["current"]}
    return sorted(folder / name for name in {*names, "expected.json", CHARGEMASTER, IMPACT})


def _write_truth(path: Path, truth: Truth) -> None:
    path.write_bytes(f"{json.dumps(truth, indent=1, ensure_ascii=False)}\n".encode())


def differing(folder: Path) -> list[str]:
    """Return the names of samples in folder that this script would write otherwise."""
    with tempfile.TemporaryDirectory() as scratch:
        return [
            path.name
            for path in make(Path(scratch))
            if not (folder / path.name).exists() or _content(path) != _content(folder / path.name)
        ]


def _content(path: Path) -> dict[str, bytes]:
    """Return what path holds: another zlib may pack the same members in other bytes."""
    if path.suffix != ".zip":
        return {"": path.read_bytes()}
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description="Write the invented sample releases.")
    parser.add_argument("folder", nargs="?", type=Path, default=HERE)
    parser.add_argument("--check", action="store_true", help="write nothing, compare")
    arguments = parser.parse_args()
    if arguments.check:
        stale = differing(arguments.folder)
        print("\n".join(f"differs: {name}" for name in stale) or "All samples are as made.")
        return 1 if stale else 0
    for path in make(arguments.folder):
        print(f"{path.stat().st_size:>9,}  {path.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
