"""Real revisions, each read by hand: which are trifles, which are new codes.

Only the codes are named here, not their words.
"""

from collections.abc import Callable

import pytest
from publisher_runs import Run

HCPCS = "HCPCS 2018 to 2019"
CM_2019 = "ICD-10-CM 2018 to 2019"
CM_2025 = "ICD-10-CM 2024 to 2025"
PCS_2019 = "ICD-10-PCS 2018 to 2019"
# By pair and severity the codes that a coder would grade so; all others change what is covered.
BY_HAND = {
    HCPCS: {
        "critical": "G9637 G9638 G9890 G9891",
        "low": "G8671 G8672 G8807 G9772 G9787 G9898 G9974 G9975 P9073",
        "info": "A5513 G9454 G9801",
    },
    CM_2025: {"low": "A7741 G9342", "info": "Q1381"},
    PCS_2019: {"info": "X2A"},
}
# White space, and a word written as two: by the beginning of the codes.
BLANKS = (
    "H5441 I976 J848 K435 M2662 M50 M866 M968 N630 P044 Q668 S991 T37 T464X T50A2 T811 V008 Y920"
    " Y932 Z400 Z684 Z77"
)


def graded(run: Run) -> dict[str, set[str]]:
    """Codes by severity, of revisions of wording."""
    found: dict[str, set[str]] = {}
    for (_, code), row in run.of("revised").items():
        if row["reason"] != "attributes-only":
            found.setdefault(row["severity"], set()).add(code)
    return found


@pytest.mark.parametrize("pair", BY_HAND)
def test_a_revision_is_as_grave_as_a_coder_finds_it(
    compared: Callable[[str], Run], pair: str
) -> None:
    expected = {severity: set(codes.split()) for severity, codes in BY_HAND[pair].items()}
    found = graded(compared(pair))
    assert found.pop("high")
    assert found == expected


def test_blanks_and_slips_of_the_pen_are_no_change_of_meaning(
    compared: Callable[[str], Run],
) -> None:
    found = graded(compared(CM_2019))
    assert found["low"] == set("E671 I63219 I63239 I63333 I63343 Z77123".split())  # noqa: SIM905
    assert len(found["info"]) == 62
    assert {code for code in found["info"] if not code.startswith(tuple(BLANKS.split()))} == set()
    assert len(found["high"]) + len(found.get("critical", ())) == 104


def test_one_edit_in_many_codes_is_one_family(compared: Callable[[str], Run]) -> None:
    rows = compared(CM_2019).of("revised").values()
    families = [row["family"] for row in rows if row["family"]]
    assert families.count("S62626") == 80
    assert compared(CM_2019).summary()["families"]["codes"] == len(families)


@pytest.mark.parametrize("pair", [HCPCS, CM_2019, CM_2025, PCS_2019])
def test_every_revision_has_its_class_and_every_deletion_its_replacement_or_none(
    compared: Callable[[str], Run], pair: str
) -> None:
    run = compared(pair)
    assert all(row["severity"] and row["classes"] for row in run.of("revised").values())
    assert {row["severity"] for row in run.of("deleted").values()} <= {"high"}
    assert {row["severity"] for row in run.of("added").values()} <= {""}
