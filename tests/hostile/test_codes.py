"""What a case cannot say of rows 35 to 46: values kept, repairs listed, pairs refused."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from cptdiff import CodeSet, Reading, diff, load
from cptdiff.releases.code_faults import fault_of
from tests.conftest import Content
from tests.hostile.case import OWN, TABLE, Run, quarantined
from tests.hostile.codes import CONSOLIDATED, HEAD, ICD, SOUND

Make = Callable[[Path, Content], Path]


def test_input_35_twins_on_both_sides_are_compared_once(
    cptdiff: Run, make: Make, tmp_path: Path
) -> None:
    twice = "code,name\nA1,x\nA1,x\n"
    pair = [make(tmp_path / name, twice + end) for name, end in (("a.csv", ""), ("b.csv", "B1,z"))]
    assert cptdiff("diff", *pair, *OWN, "-o", tmp_path / "run").returncode == 0
    changes = (tmp_path / "run" / "changes.csv").read_text("utf-8")
    assert [line.split(",")[2] for line in changes.splitlines()] == ["code", "B1"]


def test_input_37_every_code_in_another_form_stands_in_the_manifest(
    cptdiff: Run, make: Make, tmp_path: Path
) -> None:
    found = make(tmp_path / CONSOLIDATED, HEAD + SOUND + "4\t0043t\tx\n5\t='00104\tx\n6\t104\tx\n")
    sound = make(tmp_path / "sound", {CONSOLIDATED: HEAD + SOUND})
    cptdiff("diff", sound, found, "--repair", "leading-zeros", "-o", tmp_path / "run")
    manifest = json.loads((tmp_path / "run" / "manifest.json").read_text("utf-8"))
    changed = manifest["inputs"]["current"]["normalised"]
    assert [(row["line"], row["found"], row["code"]) for row in changed] == [
        (5, "0043t", "0043T"),
        (7, "104", "00104"),
    ]
    assert manifest["inputs"]["previous"]["normalised"] == []


def test_input_38_a_users_keys_are_kept_as_they_are(make: Make, tmp_path: Path) -> None:
    keys = ("a1", "\u0410\u0031", "A1\u200b", "A 1", "1.00E+05", "00100", "100", "1-Mar")
    text = "code,name\n" + "".join(f"{key},x\n" for key in keys)
    release = load(make(tmp_path / "t.csv", text), Reading(CodeSet.TABLE))
    assert release.entries["code"].to_list() == list(keys)


@pytest.mark.parametrize("key", ["A1\u200b", "\u0410\u0031B", "A\u00adB", "\uff11A"])
def test_input_38_a_users_key_that_looks_like_another_is_told(
    make: Make, tmp_path: Path, key: str
) -> None:
    release = load(make(tmp_path / "t.csv", f"{TABLE}{key},x\n"), Reading(CodeSet.TABLE))
    assert any("U+" in note for note in release.notes), release.notes
    assert not load(make(tmp_path / "s.csv", TABLE), Reading(CodeSet.TABLE)).notes


def test_input_39_keys_that_differ_in_leading_zeros_only_are_told(
    cptdiff: Run, make: Make, tmp_path: Path
) -> None:
    whole, lost = ("code,name\n" + "".join(f"{key},x\n" for key in keys) for keys in (
        ("00100", "00102", "99213"), ("100", "102", "99213"),
    ))  # fmt: skip
    pair = make(tmp_path / "a.csv", whole), make(tmp_path / "b.csv", lost)
    done = cptdiff("diff", *pair, *OWN)
    told = " ".join(done.stdout.split())
    assert "2 keys of either side differ in leading zeros only (00100 and 100, ...)" in told


def test_input_39_only_codes_of_cpt_are_repaired(cptdiff: Run, make: Make, tmp_path: Path) -> None:
    pair = [make(tmp_path / side, {"icd10cm_codes_2026.txt": ICD}) for side in ("a", "b")]
    done = cptdiff("diff", *pair, "--repair", "leading-zeros")
    assert (done.returncode, "E219" in done.stderr) == (2, True)


@pytest.mark.parametrize(
    ("code", "slug"),
    [("", "E212"), (" ", "E212"), ("1", "E203"), ("12345", "E201"), ("1E5", "E204"),
     ("99,213", "E206"), ("3/1/2026", "E207"), ("Mar-01", "E207"), ("01-Mar-26", "E207"),
     ("@SUM(1)", "E208"), ("x\n", "E201")],
)  # fmt: skip
def test_input_41_a_spoiled_code_is_named_by_what_spoiled_it(code: str, slug: str) -> None:
    assert fault_of(code, "code", CodeSet.CPT).slug == slug


def test_input_42_a_text_that_looks_like_nothing_is_kept(make: Make, tmp_path: Path) -> None:
    text = 'code,name\nA1,NA\nA2,null\nA3,true\nA4,""\nA5,\nA6,1.50\nA7,1e5\n'
    release = load(make(tmp_path / "t.csv", text), Reading(CodeSet.TABLE))
    assert release.entries["=name"].to_list() == ["NA", "null", "true", "", "", "1.50", "1e5"]
    other = load(make(tmp_path / "o.csv", text.replace('""', "")), Reading(CodeSet.TABLE))
    assert not diff(release, other).revised.height


def test_input_44_releases_that_are_swapped_are_refused(
    cptdiff: Run, make: Make, tmp_path: Path
) -> None:
    pair = [make(tmp_path / f"icd10cm_codes_{year}.txt", ICD) for year in (2027, 2026)]
    done = cptdiff("diff", *pair)
    assert (done.returncode, "E301" in done.stderr) == (2, True)
    assert cptdiff("diff", *pair, "--allow", "swapped").returncode == 3


def test_input_45_equal_bytes_are_told_and_one_file_twice_is_refused(
    cptdiff: Run, make: Make, tmp_path: Path
) -> None:
    pair = [make(tmp_path / name, TABLE) for name in ("a.csv", "b.csv")]
    done = cptdiff("diff", *pair, *OWN)
    assert (done.returncode, "byte-identical" in done.stdout) == (0, True)
    again = cptdiff("diff", pair[0], pair[0], *OWN)
    assert (again.returncode, "E305" in again.stderr) == (2, True)


def test_input_46_two_code_sets_are_refused(cptdiff: Run, make: Make, tmp_path: Path) -> None:
    pair = (
        make(tmp_path / "icd10cm_codes_2026.txt", ICD),
        make(tmp_path / CONSOLIDATED, HEAD + SOUND),
    )
    done = cptdiff("diff", *pair)
    assert (done.returncode, "E303" in done.stderr) == (2, True)


MEDU = "00100 MADE-UP A\r\n00102 MADE-UP B\r\n00104 MADE-UP C\r\n"
LONG = "00100\tMade-up a\r\n00102\tMade-up b\r\n00104\tMade-up c\r\n"


@pytest.mark.parametrize("side", ["previous", "current"])
@pytest.mark.parametrize("line", ["0010X\tMade-up b\r\n", ""])
def test_a_row_that_one_of_two_files_lacks_makes_no_revision(
    cptdiff: Run, make: Make, tmp_path: Path, line: str, side: str
) -> None:
    whole = make(tmp_path / "whole", {"LONGULT.txt": LONG, "MEDU.txt": MEDU})
    torn = LONG.replace("00102\tMade-up b\r\n", line)
    found = make(tmp_path / "torn", {"LONGULT.txt": torn, "MEDU.txt": MEDU})
    pair = (found, whole) if side == "previous" else (whole, found)
    done = cptdiff("diff", *pair, "-o", tmp_path / "run")
    assert "No changes" in done.stdout
    assert "no long descriptor, which is not compared: 1" in " ".join(done.stdout.split())
    assert len(quarantined(tmp_path / "run", side)) == bool(line)


@pytest.mark.parametrize("turned", [1, -1])
def test_a_table_of_keys_alone_against_one_with_fields_is_compared(
    cptdiff: Run, make: Make, tmp_path: Path, turned: int
) -> None:
    pair = [make(tmp_path / "a.csv", "code\nA1\nA2\n"), make(tmp_path / "b.csv", TABLE)][::turned]
    done = cptdiff("diff", *pair, *OWN, "-o", tmp_path / "run")
    assert (done.returncode, done.stderr) == (0, "")
    assert "column name is in b.csv only" in done.stdout.lower()


def test_a_paragraph_of_modifiers_may_begin_with_prose(make: Make, tmp_path: Path) -> None:
    text = "Appendix A\r\n\r\nA note\r\n22 More: made-up\r\n\r\n23 Less: made-up\r\n23 again\r\n"
    release = load(make(tmp_path / "r", {"MODUL.txt": text}))
    assert release.entries["code"].to_list() == ["22", "23"]


SPOILED = {
    "zeros lost": (CONSOLIDATED, "\t00100\t", "\t100\t"),
    "a decimal": (CONSOLIDATED, "\t99213\t", "\t99213.0\t"),
    "thousands": (CONSOLIDATED, "\t99213\t", "\t99,213\t"),
    "a look-alike": (CONSOLIDATED, "\t0042T\t", "\t0042\u0422\t"),
    "full-width digits": (CONSOLIDATED, "\t0042T\t", "\t\uff10\uff10\uff14\uff12T\t"),
    "a character that cannot be seen": (CONSOLIDATED, "\t0042T\t", "\t0042T\u200b\t"),
    "a blank, and a cell too many": (CONSOLIDATED, "\t99213\tMade-up 3", "\t99213 \ta\tb"),
    "a NUL": (CONSOLIDATED, "\t99213\tMade-up 3", "\t99213\tMade\0up 3"),
    "a dot, and a NUL": ("icd10cm_codes_2026.txt", "A001    Made", "A00.1   M\0de"),
}


@pytest.mark.parametrize("side", ["previous", "current"])
@pytest.mark.parametrize("case", SPOILED.values(), ids=SPOILED)
def test_a_code_that_is_spoiled_on_one_side_is_no_change(
    cptdiff: Run, make: Make, tmp_path: Path, case: tuple[str, str, str], side: str
) -> None:
    name, whole, spoiled = case
    text = ICD if name.startswith("icd") else HEAD + SOUND
    assert whole in text
    sound = make(tmp_path / "sound", {name: text})
    found = make(tmp_path / "found", {name: text.replace(whole, spoiled)})
    pair = (found, sound) if side == "previous" else (sound, found)
    done = cptdiff("diff", *pair, "-o", tmp_path / "run")
    assert done.returncode == 3
    assert "No changes: 2 entries compared" in done.stdout
    assert len(quarantined(tmp_path / "run", side)) == 1


def test_inspect_of_a_repaired_file_ends_with_3(cptdiff: Run, make: Make, tmp_path: Path) -> None:
    found = make(tmp_path / CONSOLIDATED, HEAD + SOUND + "4\t104\tx\n")
    assert cptdiff("inspect", found, "--repair", "leading-zeros").returncode == 3


KEYED = [(name, keys) for name in ("t.csv", "t.xlsx") for keys in ("ba", "ab")]


@pytest.mark.parametrize("case", KEYED)
def test_a_row_of_several_keys_that_is_set_aside_is_no_change(
    cptdiff: Run, make: Make, as_file: Callable[..., bytes], tmp_path: Path, case: tuple[str, str]
) -> None:
    name, keys = case
    rows = [["a", "b", "name"], ["1", "p", "x"], ["x|y", "2", "y"], ["z\\", "3", "z"]]
    # Too many cells: the row of x|y is set aside.
    spoiled = [*rows[:2], [*rows[2], "more"], rows[3]]
    pair = [make(tmp_path / f"{n}{name}", as_file(name, r)) for n, r in enumerate((rows, spoiled))]
    words = [word for key in keys for word in ("--key", key)]
    done = cptdiff("diff", *pair, *OWN, *words, "-o", tmp_path / "run")
    assert done.returncode == 3
    assert "No changes: 2 entries compared" in done.stdout
