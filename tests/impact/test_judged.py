"""What could not be judged is told as such, and codes that ended are as grave as deleted ones."""

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from tests.impact.conftest import pack

Run = Callable[..., CompletedProcess[str]]
Rows = list[dict[str, str]]
Runs = Callable[[str], Path]
Pick = Callable[[str, str], list[str]]


@pytest.fixture
def cpt_only(tmp_path: Path) -> Path:
    """Write a list that has CPT codes only."""
    path = tmp_path / "office.csv"
    path.write_bytes(pack("office.csv", [["No.", "CPT"], ["1", "33333"], ["2", "44444"]]))
    return path


def test_lists_of_which_nothing_could_be_judged_are_refused(
    runs: Runs, cpt_only: Path, cptdiff: Run
) -> None:
    done = cptdiff("impact", runs("hcpcs"), "--list", cpt_only)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "cptdiff: error[E370]: office.csv: 0 of 2 lines could be judged: CPT codes were not given."
        " Fix: give a comparison of each code set, as a run folder or PREVIOUS:CURRENT\n"
    )


def test_a_list_of_which_nothing_could_be_judged_is_named_beside_others(
    runs: Runs, cpt_only: Path, cptdiff: Run, pick: Pick, tmp_path: Path
) -> None:
    fine, drug = pick("hcpcs", "unchanged")[0], "00002-3227-30"
    other = tmp_path / "supplies.csv"
    other.write_bytes(pack(other.name, [["HCPCS"], [fine], [drug]]))
    words = ("impact", runs("hcpcs"), "--list", cpt_only, "--list", other)
    told = " ".join(cptdiff(*words).stdout.split())
    assert told.startswith(
        "4 lines in 2 lists: no line uses a code that changed (1 of 4 lines could be judged)."
    )
    assert "3 lines have codes of code sets that were not given (CPT, NDC)" in told
    assert "0 of 2 lines of office.csv could be judged." in told
    assert cptdiff(*words, "-o", tmp_path / "impact.json").returncode == 0
    counts = json.loads((tmp_path / "impact.json").read_text("utf-8"))
    assert counts["judged_lines"] == 1
    assert counts["code_sets_not_given"] == ["CPT", "NDC"]


def test_beside_a_comparison_the_headline_says_that_nothing_could_be_judged(
    samples: Path, cpt_only: Path, cptdiff: Run
) -> None:
    pair = [samples / f"hcpcs-{year}-january.zip" for year in (2026, 2027)]
    done = cptdiff("diff", *pair, "--list", cpt_only)
    assert done.returncode == 0
    assert "0 of 2 lines in 1 list could be judged: CPT codes were not given." in done.stdout


def test_codes_that_ended_between_or_before_are_as_grave_as_deleted_ones(
    runs: Runs, cptdiff: Run, pick: Pick, impact: Callable[..., Rows], tmp_path: Path
) -> None:
    ways = ("revised", "ended-before", "transient", "deleted")
    codes = [pick("hcpcs", way)[0] for way in ways]
    cdm = tmp_path / "cdm.csv"
    cdm.write_bytes(
        pack("cdm.csv", [["No.", "HCPCS"], *([str(n), one] for n, one in enumerate(codes))])
    )
    found = {row["status"]: row for row in impact(runs("hcpcs"), "--list", cdm)}
    assert {found[way]["severity"] for way in ways[1:]} == {"high"}
    done = cptdiff("impact", runs("hcpcs"), "--list", cdm, "--fail-on", "not-valid>2", "--quiet")
    assert done.returncode == 1
    assert "3 lines with a code that is not valid any more (--fail-on not-valid>2)" in done.stderr
    told = cptdiff("impact", runs("hcpcs"), "--list", cdm).stdout
    words = ("II deleted", "II added and ended between the releases", "II ended", "II revised")
    order = [told.index(word) for word in words]
    assert order == sorted(order)


def test_touched_lines_without_a_readable_price_are_counted(
    runs: Runs, cptdiff: Run, pick: Pick, tmp_path: Path
) -> None:
    codes = pick("hcpcs", "deleted")[:3]
    cells = zip(codes, ("10", "call us", "10"), ("2", "3", ""), strict=True)
    cdm = tmp_path / "cdm.csv"
    cdm.write_bytes(pack("cdm.csv", [["HCPCS", "Price", "Volume"], *map(list, cells)]))
    words = ("--volume-column", "Volume", "--price-column", "Price")
    told = cptdiff("impact", runs("hcpcs"), "--list", cdm, *words).stdout
    assert "(exposure $20)" in told
    assert "2 touched lines have no exposure: no readable price or volume." in told


def test_where_only_the_short_descriptor_changed_it_is_shown_with_both_texts(
    cptdiff: Run, impact: Callable[..., Rows], tmp_path: Path
) -> None:
    for side, word in (("a", "SURG"), ("b", "OPERATION")):
        (tmp_path / side).mkdir()
        (tmp_path / side / "LONGULT.txt").write_text("33333\tSurgery of a made-up arm\r\n", "utf-8")
        (tmp_path / side / "SHORTU.txt").write_text(f"33333 MADE-UP ARM {word}\r\n", "utf-8")
    (tmp_path / "cdm.csv").write_bytes(pack("cdm.csv", [["CPT"], ["33333"]]))
    pair = f"{tmp_path / 'a'}:{tmp_path / 'b'}"
    (row,) = impact(pair, "--list", tmp_path / "cdm.csv")
    assert row["reason"] == "short descriptor: MADE-UP ARM SURG -> MADE-UP ARM OPERATION"
    assert row["previous_descriptor"] == row["current_descriptor"] == "Surgery of a made-up arm"
    page = (tmp_path / "out" / "impact.html").read_text("utf-8")
    assert "MADE-UP ARM <del>SURG</del>" in page
    assert "changed: short descriptor" in page
    cptdiff("diff", tmp_path / "a", tmp_path / "b", "-o", tmp_path / "run")
    assert impact(tmp_path / "run", "--list", tmp_path / "cdm.csv", name="folder") == [row]


def test_causes_name_listed_codes_and_say_who_states_a_replacement(
    runs: Runs, cptdiff: Run, tmp_path: Path
) -> None:
    (tmp_path / "cdm.csv").write_bytes(pack("cdm.csv", [["HCPCS"], ["A0248"], ["C0248"]]))
    told = " ".join(cptdiff("impact", runs("hcpcs"), "--list", tmp_path / "cdm.csv").stdout.split())
    assert ": A0248; replaced by A0137 (CMS cross-reference)" in told
    assert ": C0248 (1 of 2 codes C0211 and C0248)" in told
    assert "possible replacements" not in told


def test_a_bug_of_the_child_process_does_not_blame_the_file(
    runs: Runs, tmp_path: Path, process: Callable[..., CompletedProcess[str]]
) -> None:
    """A module that is not there, as after an upgrade without its dependencies."""
    (tmp_path / "xlrd.py").write_text("import not_there_at_all\n", "utf-8")
    (tmp_path / "cdm.xls").write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + bytes(2000))
    words = ("-m", "cptdiff", "impact", runs("hcpcs"), "--list", tmp_path / "cdm.xls")
    done = process(*words, PYTHONPATH=str(tmp_path))
    assert done.stderr.startswith(
        "cptdiff: error[E700]: cptdiff: a bug (ModuleNotFoundError: No module named"
        " 'not_there_at_all') while "
    )
    told = process(*words, "--debug", PYTHONPATH=str(tmp_path)).stderr
    assert "import not_there_at_all" in told
