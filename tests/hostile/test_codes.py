"""What a case cannot say of rows 35 to 46: values kept, repairs listed, pairs refused."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from cptdiff import CodeSet
from cptdiff.codesets import profile_of
from cptdiff.comparison import compare as diff
from cptdiff.pipeline import load_release as load
from cptdiff.reading import Reading
from cptdiff.reading.codes import find_fault
from tests.conftest import Content
from tests.hostile.case import OWN, TABLE, Run
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
    manifest = json.loads((tmp_path / "run" / "manifest.json").read_text("utf-8"))["predicate"]
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
    assert release.entries["code"].to_list() == sorted(keys)


@pytest.mark.parametrize("key", ["A1\u200b", "\u0410\u0031B", "A\u00adB", "\uff11A"])
def test_input_38_a_users_key_that_looks_like_another_is_told(
    make: Make, tmp_path: Path, key: str
) -> None:
    release = load(make(tmp_path / "t.csv", f"{TABLE}{key},x\n"), Reading(CodeSet.TABLE))
    assert any("U+" in str(note) for note in release.notes), release.notes
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
    assert done.returncode == 3
    assert "2 keys differ between the two files only in leading zeros (00100 and 100, ...)" in told


@pytest.mark.parametrize("turned", [1, -1])
def test_input_39_keys_that_are_the_same_only_as_numbers_are_refused(
    cptdiff: Run, make: Make, tmp_path: Path, turned: int
) -> None:
    forms = ("{0},,{0}\n", "{0}.0,,{0}\n")[::turned]
    pair = [
        make(tmp_path / f"{n}.csv", "Id,Mod,name\n" + "".join(map(form.format, range(200, 230))))
        for n, form in enumerate(forms)
    ]
    options = ("--code-set", "table", "--key", "Id", "--key", "Mod")
    done = cptdiff("diff", *pair, *options)
    assert (done.returncode, done.stdout) == (2, "")
    shown = ("200|", "200.0|")[::turned]
    assert done.stderr == (
        "cptdiff: error[E304]: 1.csv: 30 of 30 keys match only with columns Id and Mod read as"
        f" numbers ({shown[0]} in PREVIOUS, {shown[1]} in CURRENT), and none matches as text."
        " Fix: export the column as Text on both sides, or override: --allow code-set\n"
    )
    done = cptdiff("diff", *pair, *options, "--allow", "code-set")
    told = " ".join(done.stdout.split())
    assert done.returncode == 3
    assert (
        f"30 keys differ between the two files only in zeros ({' and '.join(shown)}, ...)" in told
    )


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
    assert find_fault(code, "code", profile_of(CodeSet.CPT)).slug == slug


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
