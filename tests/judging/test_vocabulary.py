"""A word that is mended everywhere was misspelled; one that stays elsewhere is another word."""

from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

Make = Callable[..., Path]
Run = Callable[..., CompletedProcess[str]]
Rows = Callable[[Path], list[dict[str, str]]]

OLD, NEW = "Orthogonel hinge fitting", "Orthogonal hinge fitting"
# Other entries of previous and current, and what becomes of OLD to NEW.
CASES = {
    "nowhere else": ("Oiling", "Oiling", ("low", "spelling")),
    "mended elsewhere too": ("Orthogonel rim", "Orthogonal rim", ("low", "spelling")),
    "still used elsewhere": ("Orthogonel rim", "Orthogonel rim", ("high", "scope")),
    "used elsewhere in capitals": ("ORTHOGONEL rim", "ORTHOGONEL rim", ("high", "scope")),
    "used by a new entry": ("", "Orthogonel rim", ("high", "scope")),
    "used by one that went": ("Orthogonel rim", "", ("low", "spelling")),
    "within a longer word": ("Unorthogonely rim", "Unorthogonely rim", ("low", "spelling")),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_what_else_current_says_tells_a_slip_from_another_word(
    cptdiff: Run, make: Make, rows: Rows, tmp_path: Path, case: tuple[str, str, tuple[str, str]]
) -> None:  # fmt: skip
    before, after, verdict = case
    sides = [
        make(
            tmp_path / f"CPT {year}" / "LONGULT.txt",
            f"10004\tAnchor\r\n00990\t{text}\r\n" + (f"00992\t{other}\r\n" if other else ""),
        )
        for year, text, other in ((2026, OLD, before), (2027, NEW, after))
    ]
    cptdiff("diff", *sides, "-o", tmp_path / "changes.csv")
    row = {row["code"]: row for row in rows(tmp_path / "changes.csv")}["00990"]
    assert (row["severity"], row["classes"]) == verdict


def test_a_shorter_text_that_was_not_mended_with_the_long_one_makes_no_other_word(
    cptdiff: Run, make: Make, rows: Rows, tmp_path: Path
) -> None:
    sides = [
        make(
            tmp_path / f"CPT {year}",
            {
                "LONGULT.txt": f"10004\tAnchor\r\n00990\t{text}\r\n",
                "MEDU.txt": "10004 ANCHOR\r\n00990 ORTHOGONEL HINGE FITTING\r\n",
            },
        )
        for year, text in ((2026, OLD), (2027, NEW))
    ]
    cptdiff("diff", *sides, "-o", tmp_path / "changes.csv")
    row = {row["code"]: row for row in rows(tmp_path / "changes.csv")}["00990"]
    assert (row["severity"], row["classes"]) == ("low", "spelling")
