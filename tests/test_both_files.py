"""What is wrong with a pair is told with the names of both files."""

from collections.abc import Callable, Mapping
from pathlib import Path
from subprocess import CompletedProcess

import pytest

Make = Callable[..., Path]
CPT = "".join(f"{code:05}\tPolish {code}\r\n" for code in range(100, 130))
OTHER = "".join(f"{code:05}\tGrind {code}\r\n" for code in range(70100, 70130))
HCPCS = f"A0001001003{'Polish':<281}N\r\n"
MODUL = "Appendix A\r\n\r\n22 Polish: more\r\n"
PAIRS: dict[str, tuple[Mapping[str, str], Mapping[str, str]]] = {
    "E303": ({"LONGULT.txt": CPT}, {"HCPC2026_JAN_ANWEB.txt": HCPCS}),
    "E304": ({"LONGULT.txt": CPT}, {"LONGULT.txt": OTHER}),
    "E307": ({"SHORTU.txt": "00100 POLISH\r\n"}, {"MODUL.txt": MODUL}),
}


@pytest.mark.parametrize("slug", PAIRS)
def test_a_pair_that_does_not_fit_is_refused_by_both_names(
    cptdiff: Callable[..., CompletedProcess[str]], make: Make, tmp_path: Path, slug: str
) -> None:
    names = ("CPT 2026 files", "CPT 2027 files")
    pair = [make(tmp_path / name, files) for name, files in zip(names, PAIRS[slug], strict=True)]
    done = cptdiff("diff", *pair, "--current-date", "2027-01-01")
    assert done.returncode == 2
    assert f"error[{slug}]: CPT 2026 files and CPT 2027 files: " in done.stderr


def test_one_file_given_twice_is_refused_by_both_paths(
    cptdiff: Callable[..., CompletedProcess[str]], make: Make, tmp_path: Path
) -> None:
    path = make(tmp_path / "one.txt", CPT)
    (tmp_path / "two.txt").symlink_to(path)
    done = cptdiff("diff", path, tmp_path / "two.txt")
    assert done.returncode == 2
    assert f"error[E305]: {tmp_path / 'two.txt'}: " in done.stderr
    assert f"same file or folder as PREVIOUS, {path}. Fix: " in done.stderr
    done = cptdiff("diff", path, path)
    assert f"error[E305]: {path}: is given as PREVIOUS and as CURRENT. Fix: " in done.stderr


# Of PREVIOUS and CURRENT only the files cpt-2026.txt and other.txt are there.
MISSING = {
    "the only near name is the other input": ("cpt-2026.txt", "cpt-2028.txt", "check the path"),
    "the other input in other words": ("./cpt-2026.txt", "cpt-2028.txt", "check the path"),
    "PREVIOUS is missing": ("cpt-2025.txt", "cpt-2026.txt", "check the path"),
    "the near name is no input": ("other.txt", "cpt-2028.txt", "did you mean cpt-2026.txt?"),
}


@pytest.mark.parametrize("case", MISSING.values(), ids=MISSING)
def test_the_other_input_is_not_proposed_for_a_missing_one(
    cptdiff: Callable[..., CompletedProcess[str]], make: Make, tmp_path: Path, case: tuple[str, ...]
) -> None:
    for name in ("cpt-2026.txt", "other.txt"):
        make(tmp_path / name, CPT)
    *names, fix = case
    done = cptdiff("diff", *(f"{tmp_path}/{name}" for name in names))
    assert done.returncode == 2
    assert f"no such file or folder. Fix: {fix}\n" in done.stderr
