"""One edit made alike in several codes: the families of changes.csv."""

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

Make = Callable[..., Path]
Run = Callable[..., CompletedProcess[str]]
Rows = Callable[[Path], list[dict[str, str]]]
Families = Callable[[str, str, list[str]], dict[str, str]]

NAMES = {
    "cpt": "CPT {}/LONGULT.txt",
    "icd": "icd10cm_order_{}.txt",
    "hcpcs": "HCPC{}_JAN_ANWEB.txt",
    "table": "list-{}.csv",
}
ANCHOR = {
    "cpt": "10004|Anchor",
    "icd": "1 B999|Anchor",
    "hcpcs": "A9999|Anchor",
    "table": "code|text",
}
# Rows `code|previous|current`; the family that each code belongs to.
CASES: dict[str, tuple[str, list[str], dict[str, str]]] = {
    "a common portion": (
        "cpt",
        ["00992|Polish, dry; hot|Polish, wet; hot", "00991|Polish, dry; cold|Polish, wet; cold",
         "00993|Polish, dry; warm|Polish, wet; warm"],
        {"00991": "00991", "00992": "00991", "00993": "00991"},
    ),
    "a code whose own part changed too": (
        "cpt",
        ["00991|Polish, dry; cold|Polish, wet; cold", "00992|Polish, dry; hot|Polish, wet; warm"],
        {"00991": "00991", "00992": "00991"},
    ),
    "a common portion of one code": (
        "cpt",
        ["00991|Polish, dry; cold|Polish, wet; cold", "00992|Oil, dry; hot|Oil, dry; warm"],
        {"00991": "", "00992": ""},
    ),
    "two edits": (
        "cpt",
        ["00991|Polish, dry; cold|Polish, wet; cold", "00992|Polish, dry; hot|Polish, wet; hot",
         "00993|Oil, dry; cold|Oil, wet; cold", "00994|Oil, dry; hot|Oil, wet; hot"],
        {"00991": "00991", "00992": "00991", "00993": "00993", "00994": "00993"},
    ),
    "the same words without a semicolon": (
        "cpt", ["00991|Polish, dry|Polish, wet", "00992|Polish, dry|Polish, wet"],
        {"00991": "", "00992": ""},
    ),
    "the own parts alike": (
        "cpt", ["00991|Polish; dry|Polish; wet", "00992|Polish; dry|Polish; wet"],
        {"00991": "", "00992": ""},
    ),
    "one category": (
        "icd",
        ["0 A00|Rust of rim|Decay of rim", "1 A000|Rust of rim, hot|Decay of rim, hot",
         "1 A001|Rust of rim, cold|Decay of rim, cold"],
        {"A00": "A00", "A000": "A00", "A001": "A00"},
    ),
    "two categories": (
        "icd", ["1 A000|Rust of rim|Decay of rim", "1 A010|Rust of rim|Decay of rim"],
        {"A000": "", "A010": ""},
    ),
    "another edit in the category": (
        "icd",
        ["1 A000|Rust of rim, hot|Decay of rim, hot", "1 A001|Rust of rim|Rust of brass rim",
         "1 A002|Rust of rim, cold|Decay of rim, cold"],
        {"A000": "A000", "A001": "", "A002": "A000"},
    ),
    "HCPCS codes that begin alike": (
        "hcpcs",
        ["A0010|Polish, dry, hot|Polish, wet, hot", "A0011|Polish, dry|Polish, wet",
         "A0100|Polish, dry|Polish, wet"],
        {"A0010": "A0010", "A0011": "A0010", "A0100": ""},
    ),
    "a table": (
        "table", ["00991|Polish, dry; cold|Polish, wet; cold",
                  "00992|Polish, dry; hot|Polish, wet; hot"],
        {"00991": "", "00992": ""},
    ),
}  # fmt: skip


def line(form: str, number: int, entry: str, text: str) -> str:
    flag, _, code = entry.rpartition(" ")
    if form == "icd":
        return f"{number:05} {code:<7} {flag} {text:<60} {text}"
    if form == "hcpcs":
        return f"{entry}001003{text:<80}{'Short':<186}N"
    return f"{entry}\t{text}" if form == "cpt" else f'{entry},"{text}"'


@pytest.fixture
def pair(make: Make, tmp_path: Path) -> Callable[[str, list[str]], tuple[Path, Path]]:
    def write(form: str, entries: list[str]) -> tuple[Path, Path]:
        sides = []
        for at, year in enumerate((2026, 2027)):
            told = [ANCHOR[form].split("|")]
            told += [[entry.split("|")[0], entry.split("|")[1 + at]] for entry in entries]
            text = "".join(f"{line(form, n, *one)}\r\n" for n, one in enumerate(told, 1))
            sides.append(make(tmp_path / "in" / NAMES[form].format(year), text))
        return sides[0], sides[1]

    return write


Pair = Callable[[str, list[str]], tuple[Path, Path]]
ALIKE = CASES["a common portion"][1]


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_codes_with_one_edit_are_tied_to_the_lowest(
    cptdiff: Run, rows: Rows, pair: Pair, tmp_path: Path,
    case: tuple[str, list[str], dict[str, str]],
) -> None:  # fmt: skip
    form, entries, families = case
    own = ("--code-set", "table") if form == "table" else ()
    done = cptdiff("diff", *pair(form, entries), *own, "-o", tmp_path / "run")
    assert done.returncode == 0, done.stderr
    found = {row["code"]: row["family"] for row in rows(tmp_path / "run" / "changes.csv")}
    assert found == families
    told = json.loads((tmp_path / "run" / "summary.json").read_bytes())["families"]
    tied = [family for family in families.values() if family]
    assert told == {"edits": len(set(tied)), "codes": len(tied)}


def test_both_counts_are_on_the_terminal_and_on_the_page(
    cptdiff: Run, pair: Pair, tmp_path: Path
) -> None:
    more = [*ALIKE, *(row.replace("009", "119").replace("Polish", "Oil") for row in ALIKE[:2])]
    done = cptdiff("diff", *pair("cpt", more), "-o", tmp_path / "x.html")
    page = (tmp_path / "x.html").read_text("utf-8")
    assert "2 edits repeated in 5 codes with wording in common\n" in done.stdout
    assert '00991 (3 codes): "dry" -> "wet"; high; defining words replaced' in done.stdout
    assert "2 edits repeated in 5 codes with wording in common" in page
    assert page.count("Same edit in 3 codes") == 3
    assert page.count("Same edit in 2 codes") == 2


def test_an_entry_stands_once_though_two_of_its_descriptors_changed_alike(
    cptdiff: Run, rows: Rows, make: Make, tmp_path: Path
) -> None:
    # The long descriptors are new, so that the short ones have their say beside them.
    sides = [
        make(
            tmp_path / f"HCPC{year}_JAN_ANWEB.txt",
            "".join(
                f"{code}001003{long if code < 'A9' else 'Anchor':<80}{short:<186}N\r\n"
                for code in ("A0010", "A0011", "A9999")
            ),
        )
        for year, long, short in ((2026, "", "Oil"), (2027, "Polish with wax", "Wax"))
    ]
    cptdiff("diff", *sides, "-o", tmp_path / "changes.csv")
    found = [(row["code"], row["family"]) for row in rows(tmp_path / "changes.csv")]
    assert found == [("A0010", "A0010"), ("A0011", "A0010"), ("A9999", "")]
