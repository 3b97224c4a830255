"""Where wording hides: rows set aside, published lists, crosswalks, their notes."""

from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from tests.licence.wording import leaks, runs

Make = Callable[..., Path]
Outputs = Callable[..., dict[str, str]]
Run = Callable[..., CompletedProcess[str]]

either = pytest.mark.parametrize("descriptors", ["none", "short"])
DELETED = "Tempering of copper bushing by candle"
GONE = "Etching of marble ratchet, twice nightly"
BROKEN = "waxing of granite spindle with feather"
REMARK = "formerly gilding of velvet pulley indoors"
SAID = "the wording now reads plating of walnut crank"
TRAILER = "stencilling of porcelain axle remains"
SECRET = runs([DELETED, GONE, BROKEN, REMARK, SAID, TRAILER])

LONGULT = {
    "previous": f"00100\tPolishing of brass gudgeon\n00200\t{DELETED}\n00300\t{GONE}\n"
    "00400\tOiling of tin flange\n00500\tSealing of oak hatch\n00800\tLacing of pine drum\n",
    "current": "00100\tPolishing of brass gudgeon\n00400\tOiling of tin flange, daily\n"
    f"{BROKEN}\n00600\tBuffing of zinc lever\n00700\tDusting of lead louvre\n"
    f"00500\tSealing of oak hatch\n00500\t{BROKEN}\n",
}
# A link that says more than codes, and one whose chain goes on through a deleted code.
CROSSWALK = (
    f"code,replacement,note\n00200,00300,{REMARK}\n00300,00600,{SAID}\n00800,none,{REMARK}\n"
)
PUBLISHED = (
    f"code,change,note\n00200,deleted,{DELETED}\n00700,revised,{SAID}\n"
    f"00100,revised text: {SAID},{REMARK}\n00400,no change,\n"
)


def bundle(make: Make, folder: Path, side: str, year: int) -> str:
    text = LONGULT[side].replace("\n", "\r\n")
    return str(make(folder / f"CPT {year}", {"LONGULT.txt": text}))


@pytest.fixture
def words(make: Make, tmp_path: Path) -> tuple[str, ...]:
    """Give the words of a comparison in which wording stands wherever it can."""
    folder = tmp_path / "in"
    return (
        bundle(make, folder, "previous", 2026),
        bundle(make, folder, "current", 2027),
        *("--crosswalk", str(make(folder / "own.csv", CROSSWALK))),
        *("--published", str(make(folder / "list.csv", PUBLISHED))),
        *("--allow", "deleted-share", "--allow", "revised-share"),
    )


def test_wording_hides_in_notes_and_in_rows_that_were_set_aside(
    outputs: Outputs, words: tuple[str, ...]
) -> None:
    places = {"crosswalk.csv", "quarantine.csv", "reconciliation.csv", "report.html"}
    assert places <= leaks(SECRET, outputs(*words)).keys()


@either
def test_it_is_withheld_there_too(
    outputs: Outputs, words: tuple[str, ...], descriptors: str
) -> None:
    found = outputs(*words, "--descriptors", descriptors)
    assert leaks(SECRET, found) == {}
    assert "quarantine.csv" in found


def test_a_row_that_was_set_aside_is_known_by_its_code_alone(
    cptdiff: Run, words: tuple[str, ...], tmp_path: Path, rows: Callable[..., list[dict[str, str]]]
) -> None:
    cptdiff("diff", *words, "--descriptors", "none", "-o", tmp_path / "run")
    aside = rows(tmp_path / "run" / "quarantine.csv")
    assert sorted(row["raw"] for row in aside) == ["", "00500", "00500"]
    assert all(row["line"] and row["fault"] for row in aside)


def test_a_crosswalk_is_named_where_its_words_are_withheld(
    cptdiff: Run, words: tuple[str, ...], tmp_path: Path, rows: Callable[..., list[dict[str, str]]]
) -> None:
    cptdiff("diff", *words, "--descriptors", "none", "-o", tmp_path / "run")
    notes = {row["code"]: row["note"] for row in rows(tmp_path / "run" / "crosswalk.csv")}
    assert notes["00200"] == "own.csv by way of 00300"
    assert notes["00300"] == "own.csv"
    assert notes["00800"] == "states no replacement; own.csv"


ADDENDA = f"""Add:         A99 {"":60} Widget
Codes
  1 additions
  {TRAILER}
"""


@either
def test_a_list_that_is_not_understood_is_not_quoted(
    outputs: Outputs, make: Make, samples: Path, tmp_path: Path, descriptors: str
) -> None:
    listed = str(make(tmp_path / "in" / "icd10cm_codes_addenda_2027.txt", ADDENDA))
    pair = (str(samples / "icd10cm-2026.zip"), str(samples / "icd10cm-2027.zip"))
    found = outputs(*pair, "--published", listed, "--descriptors", descriptors)
    assert "line 4 of its trailer was not understood" in found["summary.json"]
    assert leaks(SECRET, found) == {}


@either
def test_what_a_list_calls_a_change_is_not_quoted(
    outputs: Outputs, make: Make, samples: Path, tmp_path: Path, descriptors: str
) -> None:
    report = f"HCPCS/MOD TYPE OF CHANGE\nA0137     {TRAILER}\n"
    listed = str(make(tmp_path / "in" / "HCPC2027_Trans_Alpha.txt", report))
    pair = (str(samples / "hcpcs-2026-january.zip"), str(samples / "hcpcs-2027-january.zip"))
    assert "reconciliation.csv" in leaks(SECRET, outputs(*pair, "--published", listed))
    less = outputs(*pair, "--published", listed, "--descriptors", descriptors)
    assert leaks(SECRET, less) == {}
