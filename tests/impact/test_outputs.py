"""What an impact run writes, says and exits with."""

import json
import os
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from cptdiff.impact.facts import read_facts
from cptdiff.impact.suggestions import find_relatives
from tests.impact.conftest import pack
from tests.impact.suggested import measure_suggestions

Run = Callable[..., CompletedProcess[str]]
Rows = list[dict[str, str]]
Runs = Callable[[str], Path]
Judge = Callable[..., Rows]
Pick = Callable[[str, str], list[str]]
Read = Callable[[Path], Rows]
COLUMNS = (
    "list,sheet,line,line_id,cell,code_set,code,modifiers,part,status,change,severity,reason,"
    "classes,previous_descriptor,current_descriptor,replacements,replacement_descriptors,"
    "replacement_on_list,cause,effective_date,last_valid_date,group,exposure,exposure_formula"
)


@pytest.fixture
def cdm(pick: Pick, tmp_path: Path) -> Path:
    """Write a list with three deleted codes, two revised ones, and one that is fine."""
    codes = [*pick("hcpcs", "deleted")[:3], *pick("hcpcs", "revised")[:2],
             pick("hcpcs", "unchanged")[0]]  # fmt: skip
    lines = [[f"{n}0001", code, "=made up"] for n, code in enumerate(codes)]
    (tmp_path / "cdm.csv").write_bytes(pack("cdm.csv", [["Charge", "HCPCS", "Text"], *lines]))
    return tmp_path / "cdm.csv"


def test_the_columns_are_those_of_the_contract(
    runs: Runs, cdm: Path, impact: Judge, tmp_path: Path
) -> None:
    impact(runs("hcpcs"), "--list", cdm, "--keep", "Text,HCPCS", "--suggest")
    first = (tmp_path / "out" / "impact.csv").read_text("utf-8").splitlines()[0]
    assert first == f"{COLUMNS},Text,HCPCS"
    causes = (tmp_path / "out" / "causes.csv").read_text("utf-8").splitlines()[0]
    assert causes == "cause,codes,lines,lists,groups,exposure,replacements"


def test_a_kept_column_runs_no_formula_and_hides_no_column_of_ours(
    runs: Runs, cdm: Path, impact: Judge
) -> None:
    found = impact(runs("hcpcs"), "--list", cdm, "--keep", "Text")
    assert {row["Text"] for row in found} == {"'=made up"}
    renamed = cdm.with_name("code.csv")
    renamed.write_text(cdm.read_text("utf-8").replace("Text", "code"), "utf-8")
    other = impact(runs("hcpcs"), "--list", renamed, "--keep", "code", name="other")
    assert {row["code (list)"] for row in other} == {"'=made up"}
    assert [row["code"] for row in other] == [row["code"] for row in found]


def test_a_folder_has_everything_and_verify_finds_what_was_changed(
    runs: Runs, cdm: Path, impact: Judge, cptdiff: Run, tmp_path: Path
) -> None:
    cdm.write_text(cdm.read_text("utf-8") + "9,odd,x\n", "utf-8")
    impact(runs("hcpcs"), "--list", cdm, "--suggest", code=3)
    out = tmp_path / "out"
    assert {path.name for path in out.iterdir()} == {
        "impact.csv", "impact.json", "causes.csv", "suggestions.csv", "lists.csv",
        "quarantine.csv", "manifest.json", "summary.txt", "worksheet.csv", "worksheet.xlsx",
        "impact.html", "impact.xlsx",
    }  # fmt: skip
    assert cptdiff("verify", out).returncode == 0
    manifest = json.loads((out / "manifest.json").read_bytes())
    assert manifest["predicateType"] == "urn:cptdiff:impact:1"
    assert str(tmp_path) not in (out / "manifest.json").read_text("utf-8")
    whole = (out / "impact.csv").read_text("utf-8")
    (out / "impact.csv").write_text(whole.rpartition("\n4")[0] + "\n", "utf-8")
    (out / "more.csv").touch()
    done = cptdiff("verify", out)
    assert done.returncode == 1
    assert "impact.csv: was changed" in done.stdout
    assert "more.csv: was added" in done.stdout


def test_verify_counts_the_cells_and_rows_that_a_manifest_states(
    runs: Runs, cdm: Path, impact: Judge, cptdiff: Run, tmp_path: Path
) -> None:
    impact(runs("hcpcs"), "--list", cdm)
    path = tmp_path / "out" / "manifest.json"
    path.write_text(path.read_text("utf-8").replace('"blank": 0', '"blank": 1')
                    .replace('"impact.csv": 5', '"impact.csv": 6'), "utf-8")  # fmt: skip
    told = cptdiff("verify", tmp_path / "out").stdout
    assert "cells of cdm.csv: not blank + understood + set aside" in told
    assert "impact.csv: has 5 rows; manifest.json states 6" in told


def test_verify_against_releases_is_for_comparisons(
    runs: Runs, cdm: Path, impact: Judge, cptdiff: Run, samples: Path
) -> None:
    impact(runs("hcpcs"), "--list", cdm)
    pair = [samples / f"hcpcs-{year}-january.zip" for year in (2026, 2027)]
    done = cptdiff("verify", cdm.parent / "out", "--against", *pair)
    assert done.returncode == 2
    assert "error[E341]: manifest.json: is of lists, not of two releases" in done.stderr


def test_the_same_lists_give_the_same_bytes(
    runs: Runs, cdm: Path, impact: Judge, tmp_path: Path
) -> None:
    for name in ("one", "two"):
        impact(runs("hcpcs"), "--list", cdm, "--suggest", name=name)
    files = [{path.name: path.read_bytes() for path in (tmp_path / name).iterdir()}
             for name in ("one", "two")]  # fmt: skip
    assert files[0] == files[1]


@pytest.mark.parametrize(
    ("name", "start"),
    [("any.csv", "list,sheet,"), ("impact.csv", "list,sheet,"), ("causes.csv", "cause,"),
     ("lists.csv", "list,sheet,header_line"), ("any.json", "{"), ("suggestions.csv", "list,code")],
)  # fmt: skip
def test_one_file_is_written_by_its_name(
    name: str, start: str, runs: Runs, cdm: Path, cptdiff: Run
) -> None:
    path = cdm.parent / name
    done = cptdiff("impact", runs("hcpcs"), "--list", cdm, "--suggest", "-o", path, "--quiet")
    assert done.returncode == 0, done.stderr
    assert path.read_text("utf-8").startswith(start)


@pytest.mark.parametrize(
    ("name", "wrong"),
    [("x.pdf", "no report has the suffix .pdf. Fix: write impact.html"),
     ("cdm.csv", "is an input of this run"),
     ("suggestions.csv", "there is no suggestions.csv in this run. Fix: add --suggest")],
)  # fmt: skip
def test_what_cannot_be_written_is_refused(
    name: str, wrong: str, runs: Runs, cdm: Path, cptdiff: Run
) -> None:
    before = cdm.read_bytes()
    done = cptdiff("impact", runs("hcpcs"), "--list", cdm, "-o", cdm.parent / name)
    assert done.returncode == 2
    assert wrong in done.stderr
    assert cdm.read_bytes() == before


def test_an_impact_folder_is_no_input(runs: Runs, cdm: Path, impact: Judge, tmp_path: Path) -> None:
    impact(runs("hcpcs"), "--list", cdm)
    home = tmp_path / "home"
    home.mkdir()
    (tmp_path / "out").rename(home / "former")
    (home / "impact.csv").write_bytes((home / "former" / "impact.csv").read_bytes())
    cdm.rename(home / "cdm.csv")
    found = impact(runs("hcpcs"), "--list", home, name="again")
    assert {row["list"] for row in found} == {"home/cdm.csv"}


@pytest.mark.parametrize(
    ("condition", "code"),
    [("deleted", 1), ("deleted>3", 0), ("deleted>=3", 1), ("touched=5", 1), ("unknown", 0),
     ("high", 1), ("severity>=high", 1), ("set-aside", 0), ("ended-before", 0), ("revised", 1)],
)  # fmt: skip
def test_a_condition_on_the_lines_ends_the_run_with_1(
    condition: str, code: int, runs: Runs, cdm: Path, cptdiff: Run
) -> None:
    words = ("impact", runs("hcpcs"), "--list", cdm, "--quiet", "--fail-on", condition)
    done = cptdiff(*words)
    assert done.returncode == code, done.stderr
    assert (f"(--fail-on {condition})" in done.stderr) == bool(code)


def test_a_condition_that_holds_is_told_with_what_it_counts(
    runs: Runs, cdm: Path, cptdiff: Run
) -> None:
    conditions = ("deleted", "touched", "severity>=high", "set-aside=0")
    words = [word for one in conditions for word in ("--fail-on", one)]
    told = cptdiff("impact", runs("hcpcs"), "--list", cdm, "--quiet", *words).stderr
    for reason in (
        "3 lines deleted (--fail-on deleted)", "5 lines touched (--fail-on touched)",
        "5 lines of severity high or critical (", "0 cells set aside (",
    ):  # fmt: skip
        assert reason in told


def test_the_options_of_lists_have_a_heading_of_their_own(cptdiff: Run) -> None:
    told = cptdiff("impact", "--help").stdout
    listed = told.partition("Lists:\n")[2].partition("\nOutputs:")[0]
    for name in ("--list", "--sheet", "--code-column", "--keep", "--suggest"):
        assert f"  {name} " in listed
    beside = cptdiff("diff", "--help").stdout.partition("Lists:\n")[2].partition("\nOutputs:")[0]
    assert "  --list " in beside
    assert "  --list-sheet " in beside


def test_a_misspelled_condition_is_answered_with_the_nearest(
    runs: Runs, cdm: Path, cptdiff: Run
) -> None:
    done = cptdiff("impact", runs("hcpcs"), "--list", cdm, "--fail-on", "ended")
    assert done.returncode == 2
    assert "ended is not a condition. Fix: " in done.stderr


def test_groups_come_from_a_column_its_first_letters_or_a_file(
    runs: Runs, cdm: Path, impact: Judge, cptdiff: Run
) -> None:
    run = runs("hcpcs")
    (cdm.parent / "owners.csv").write_text("Charge:1,Owner\n0,Lab\n1,Imaging\n3,Lab\n", "utf-8")
    by = {"Charge": [f"{n}0001" for n in range(5)], "charge:1": [*"01234"],
          str(cdm.parent / "owners.csv"): ["Lab", "Imaging", "", "Lab", ""]}  # fmt: skip
    for number, (given, groups) in enumerate(by.items()):
        found = impact(run, "--list", cdm, "--group-by", given, name=f"out{number}")
        assert [row["group"] for row in found] == groups
    for text, wrong in (("a\n", "does not have two columns"), ("a,b\n1,x\n1,y\n", "a twice")):
        (cdm.parent / "owners.csv").write_text(text, "utf-8")
        done = cptdiff("impact", run, "--list", cdm, "--group-by", cdm.parent / "owners.csv")
        assert (done.returncode, "error[E373]" in done.stderr) == (2, True)
        assert wrong in done.stderr


@pytest.mark.parametrize("option", ["--keep", "--group-by"])
def test_a_column_that_no_list_has_is_refused_with_the_nearest(
    option: str, runs: Runs, cdm: Path, cptdiff: Run
) -> None:
    done = cptdiff("impact", runs("hcpcs"), "--list", cdm, option, "Chargee")
    assert done.returncode == 2
    assert f"error[E163]: {option}: no list has a column Chargee" in done.stderr
    assert f'Fix: use {option} "Charge"' in done.stderr


def test_volume_and_price_are_asked_for_together(runs: Runs, cdm: Path, cptdiff: Run) -> None:
    done = cptdiff("impact", runs("hcpcs"), "--list", cdm, "--price-column", "Charge")
    assert done.returncode == 2
    assert "--volume-column and --price-column work only together" in done.stderr


def test_codes_that_were_deleted_side_by_side_are_one_cause(
    runs: Runs, rows: Read, impact: Judge, pick: Pick, tmp_path: Path
) -> None:
    gone = pick("hcpcs", "deleted")
    (tmp_path / "all.csv").write_bytes(pack("all.csv", [["HCPCS"], *([one] for one in gone)]))
    found = impact(runs("hcpcs"), "--list", tmp_path / "all.csv")
    register = [row["code"] for row in rows(runs("hcpcs") / "codes.csv")
                if row["kind"] == "code" and row["previous"] == "valid"]  # fmt: skip
    days = {row["code"]: row["effective_date"] for row in found}
    causes = {row["code"]: row["cause"] for row in found}
    for one, other in pairwise(gone):
        is_next = register.index(other) == register.index(one) + 1
        is_same = is_next and days[one] == days[other]
        if is_next:
            assert (causes[one] == causes[other]) == is_same
    listed = {row["cause"]: row for row in rows(tmp_path / "out" / "causes.csv")}
    assert sum(int(row["codes"]) for row in listed.values()) == len(gone)
    assert {*listed} == {*causes.values()}


def test_a_replacement_of_a_listed_code_is_suggested(
    runs: Runs, rows: Read, impact: Judge, tmp_path: Path
) -> None:
    changes = [row for row in rows(runs("hcpcs") / "changes.csv") if row["kind"] == "code"]
    new = {row["code"] for row in changes if row["change"] == "added"}
    gone = next(row for row in changes if {*row["replacements"].split(";")} & new)
    (tmp_path / "cdm.csv").write_bytes(pack("cdm.csv", [["HCPCS"], [gone["code"]]]))
    impact(runs("hcpcs"), "--list", tmp_path / "cdm.csv", "--suggest")
    found = rows(tmp_path / "out" / "suggestions.csv")
    assert {row["code"] for row in found} == {*gone["replacements"].split(";")} & new
    assert {(row["why"], row["because"]) for row in found} == {
        ("replaces a listed code", gone["code"])
    }


def test_a_new_code_among_listed_neighbors_is_suggested_unless_it_is_listed(
    runs: Runs, rows: Read, impact: Judge, pick: Pick, tmp_path: Path
) -> None:
    valid = sorted(code for status in ("unchanged", "revised", "attributes-only")
                   for code in pick("icd10cm", status))  # fmt: skip
    new = pick("icd10cm", "added")
    near = next(code for code in new if len(find_relatives(code, valid, is_numbered=False)) > 1)
    relatives = find_relatives(near, valid, is_numbered=False)
    for name, codes in (("without", relatives), ("with", [*relatives, near])):
        (tmp_path / "dx.csv").write_bytes(pack("dx.csv", [["Dx"], *([one] for one in codes)]))
        impact(runs("icd10cm"), "--list", tmp_path / "dx.csv", "--suggest", name=name)
    found = {row["code"]: row for row in rows(tmp_path / "without" / "suggestions.csv")}
    assert found[near]["why"] == "most of its nearest relatives are listed"
    named = found[near]["because"].split(";")
    assert len(named) == min(6, len(relatives))
    assert {*named} <= {*relatives}
    listed = {row["code"] for row in rows(tmp_path / "with" / "suggestions.csv")}
    assert listed == {*found} - {near}


@pytest.mark.parametrize(
    ("code", "relatives"),
    [
        ("A1013", "A1010 A1011 A1012"),
        ("A1060", "A1000 A1010 A1011 A1012 A1050"),
        ("A1500", "A1000 A1010 A1011 A1012 A1050"),
        ("E1122", "E119 E1121"),
        ("B1500", ""),
    ],
)
def test_relatives_are_the_smallest_family_with_the_same_beginning(
    code: str, relatives: str
) -> None:
    valid = ["A1000", "A1010", "A1011", "A1012", "A1050", "A2000", "E119", "E1121"]
    assert find_relatives(code, valid, is_numbered=True) == relatives.split()
    assert find_relatives("A1500", valid, is_numbered=False) == []


@pytest.mark.skipif(os.name == "nt", reason="a folder that cannot be read")
def test_nothing_is_written_where_a_list_is_refused(
    runs: Runs, cdm: Path, cptdiff: Run, tmp_path: Path
) -> None:
    words = ("--list", cdm, "--list", tmp_path / "none.csv", "-o", tmp_path / "out")
    done = cptdiff("impact", runs("hcpcs"), *words)
    assert done.returncode == 2
    assert "error[E101]" in done.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("code_set", ["hcpcs", "icd10cm"])
def test_suggestions_are_what_was_added_to_the_families_of_a_list(
    code_set: str, runs: Runs
) -> None:
    found = measure_suggestions(read_facts([str(runs(code_set))]), 3)
    assert found.added >= 30
    assert found.precision >= 0.9
    assert found.recall >= 0.9
