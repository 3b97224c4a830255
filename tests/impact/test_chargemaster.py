"""A chargemaster of thousands of lines, of which each touched one is known by construction."""

from collections import Counter
from collections.abc import Callable
from itertools import cycle
from pathlib import Path
from subprocess import CompletedProcess
from typing import NamedTuple

import pytest

from tests.impact.conftest import pack, read_rows

Run = Callable[..., CompletedProcess[str]]
Rows = list[dict[str, str]]
LINES = 4000
# By status how many lines have such a code; every other line is unchanged, foreign or blank.
PLAN = {
    "deleted": 30, "revised": 40, "attributes-only": 15, "transient": 5, "not-yet-valid": 12,
    "ended-before": 9, "unknown": 7,
}  # fmt: skip
CHANGES = {"not-yet-valid": "added"}
FILLERS = ("", "NA", "------", "(blank)", " ")
FORMS = ("{}", " {} ", "{}LT", "{} 59", "{}-RT", "{}.0", "{}LT59")
OTHERS = ("12345", "1234590", "Z1234", "12345678901")
ODD = ("XYZ", "A12", "1234567890123")
HEAD = ["Charge #", "Dept", "Description", "CPT/HCPCS\nCode", "Price", "Volume"]


class Line(NamedTuple):
    """A line, and what has to be found of it: nothing where the status is empty."""

    cells: list[str]
    status: str
    code: str


def write(code: str, form: str) -> str:
    return (form if form != "{}.0" or code.isdecimal() else "{}").format(code)


def build(pick: Callable[[str, str], list[str]]) -> list[Line]:
    """Lines in an order that mixes them; every dirty form of a cell is there."""
    forms, fillers, others, odd = map(cycle, (FORMS, FILLERS, OTHERS, ODD))
    same = cycle(pick("hcpcs", "unchanged"))
    found: list[tuple[str, str, str]] = []
    for status, number in PLAN.items():
        unknown = ["Q9999", "V9998"]
        codes = unknown if status == "unknown" else pick("hcpcs", CHANGES.get(status, status))
        every = cycle(codes)
        for _ in range(number):
            code = next(every)
            found.append((status, code, write(code, next(forms))))
    while len(found) < LINES:
        n = len(found)
        if n % 50 == 0:
            found.append(("", "", next(odd)))
        elif n % 3 == 0:
            found.append(("", "", next(fillers)))
        elif n % 7 == 0:
            found.append(("", "", next(others)))
        else:
            code = next(same)
            found.append(("", code, write(code, next(forms))))
    found.sort(key=lambda one: hash_text("".join(one)))
    return [
        Line(
            [f"{n:07}", f"Dept {n % 12}", "made up", cell, f"${n % 900 + 1}.50", str(n % 5)],
            status, code,
        )
        for n, (status, code, cell) in enumerate(found)
    ]  # fmt: skip


def hash_text(text: str) -> int:
    """An order that is always the same, and no one's own."""
    value = 7
    for letter in text:
        value = (value * 31 + ord(letter)) % 1_000_003
    return value


@pytest.fixture(scope="module")
def lines(pick: Callable[[str, str], list[str]]) -> list[Line]:
    return build(pick)


@pytest.mark.parametrize("name", ["cdm.csv", "cdm.tsv", "cdm.psv", "cdm.xlsx"])
def test_exactly_the_lines_are_touched_that_were_made_so(
    name: str, lines: list[Line], runs: Callable[[str], Path], impact: Callable[..., Rows],
    tmp_path: Path,
) -> None:  # fmt: skip
    above = [["Made-up Hospital"], ["Charges of the year"]]
    table = [*above, HEAD, *(line.cells for line in lines)]
    (tmp_path / name).write_bytes(pack(name, table))
    found = impact(runs("hcpcs"), "--list", tmp_path / name, code=3)
    made = {
        (line.cells[0], line.status, line.code) for line in lines if line.status
    }  # fmt: skip
    assert {(row["line_id"], row["status"], row["code"]) for row in found} == made
    assert Counter(row["status"] for row in found) == PLAN
    # A header with a line end in a cell takes two lines of a text.
    first = 4 if name == "cdm.xlsx" else 5
    assert all(int(row["line"]) == int(row["line_id"]) + first for row in found)
    by_cell = {line.cells[0]: line.cells[3] for line in lines}
    assert all(row["cell"].strip() == by_cell[row["line_id"]].strip() for row in found)
    (listed,) = read_rows(tmp_path / "out" / "lists.csv")
    check_law(listed, lines)
    aside = read_rows(tmp_path / "out" / "quarantine.csv")
    assert {row["raw"] for row in aside} == {*ODD}
    assert len(aside) == int(listed["set_aside"])


def check_law(listed: dict[str, str], lines: list[Line]) -> None:
    cells = [line.cells[3] for line in lines]
    assert int(listed["lines"]) == int(listed["cells"]) == LINES
    assert int(listed["blank"]) == sum(cell in FILLERS for cell in cells)
    assert int(listed["set_aside"]) == sum(cell in ODD for cell in cells) > 0
    parts = ("blank", "understood", "set_aside")
    assert sum(int(listed[name]) for name in parts) == LINES
    assert int(listed["other-code-set"]) == sum(cell in OTHERS for cell in cells)
    same = sum(line.status == "" and line.code != "" for line in lines)
    assert int(listed["unchanged"]) == same
    assert int(listed["read_as_code_and_modifier"]) == cells.count("1234590")


def test_exposure_is_volume_times_price_and_sums_count_a_line_once(
    lines: list[Line], runs: Callable[[str], Path], impact: Callable[..., Rows],
    tmp_path: Path,
) -> None:  # fmt: skip
    (tmp_path / "cdm.csv").write_bytes(pack("cdm.csv", [HEAD, *(line.cells for line in lines)]))
    found = impact(
        runs("hcpcs"), "--list", tmp_path / "cdm.csv", "--volume-column", "volume",
        "--price-column", "Price", "--group-by", "Dept", "--keep", "Description, Price", code=3,
    )  # fmt: skip
    amounts = {
        line.cells[0]: round(int(line.cells[5]) * float(line.cells[4][1:]), 2) for line in lines
    }
    for row in found:
        assert float(row["exposure"]) == amounts[row["line_id"]]
        volume, price = row["exposure_formula"].split(" * ")
        assert round(int(volume) * float(price), 2) == amounts[row["line_id"]]
        assert row["group"] == f"Dept {int(row['line_id']) % 12}"
        assert (row["Description"], row["Price"]) == ("made up", f"${price}")
    causes = read_rows(tmp_path / "out" / "causes.csv")
    touched = {line.cells[0] for line in lines if line.status}
    assert sum(float(row["exposure"]) for row in causes) == pytest.approx(
        sum(amounts[one] for one in touched)
    )
    assert sum(int(row["lines"]) for row in causes) == len(touched)
    sizes = [int(row["lines"]) for row in causes]
    assert sizes == sorted(sizes, reverse=True)


def test_the_sentence_comes_first_and_counts_lines_and_codes(
    lines: list[Line], runs: Callable[[str], Path], cptdiff: Run, tmp_path: Path
) -> None:
    (tmp_path / "cdm.csv").write_bytes(pack("cdm.csv", [HEAD, *(line.cells for line in lines)]))
    done = cptdiff("impact", runs("hcpcs"), "--list", tmp_path / "cdm.csv")
    flat = " ".join(done.stdout.partition("\nCompared: ")[0].split())
    codes = {status: len({line.code for line in lines if line.status == status}) for status in PLAN}
    assert flat.startswith(
        f"4,000 lines in 1 list: 30 use {codes['deleted']} deleted codes, 5 use "
    )
    assert (
        "added and ended between the releases, 9 use "
        f"{codes['ended-before']} code{'s' if codes['ended-before'] > 1 else ''} that had ended"
    ) in flat
    assert f"40 use {codes['revised']} revised codes" in flat
    assert f"7 use {codes['unknown']} codes that neither release has" in flat
