"""A code set is one declaration: an invented one is compared, judged, guarded and rendered."""

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from cptdiff import CodeSet, CptdiffError, Results, diff, load
from cptdiff.codesets import PROFILES, list_formats, profile_of
from cptdiff.codesets.lists import MARKS
from cptdiff.codesets.profile import Profile
from tests.invented_code_set import GARDEN
from tests.streams import list_warnings

Run = Callable[..., CompletedProcess[str]]
Rows = Callable[[Path], list[dict[str, str]]]

SPRING = {
    "G100": "bed Water the roses",
    "G110": "bed Prune the tall hedge of roses",
    "G499": "bed Any other care of flowers",
    "G600": "row Sow carrots in a row",
    "G850": "orc Pick ripe apples",
    "T001": "bed Feed the orchids with rain",
    "T002": "bed Talk to the tulips",
}
AUTUMN = {
    "G100": "bed Water the roses",
    "G115": "bed Feed the orchids with rain",
    "G499": "bed Any other care of flowers",
    "G600": "row Sow carrots without a row",
    "G850": "orh Pick ripe apples",
    "T002": "bed Talk to the tulips",
}


@pytest.fixture(autouse=True)
def _registered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(PROFILES, GARDEN.name, GARDEN)


def write(path: Path, entries: dict[str, str]) -> Path:
    path.write_text("".join(f"{code} {text}\n" for code, text in entries.items()), "utf-8")
    return path


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Path, Path]:
    return (
        write(tmp_path / "garden_spring_2026.txt", SPRING),
        write(tmp_path / "garden_autumn_2026.txt", AUTUMN),
    )


@pytest.fixture
def results(pair: tuple[Path, Path]) -> Results:
    return diff(*pair)


def test_a_registered_code_set_is_declared_in_one_file_of_less_than_sixty_lines() -> None:
    path = Path(__file__).with_name("invented_code_set.py")
    assert len(path.read_text("utf-8").splitlines()) < 60


def test_its_releases_are_named_and_dated_by_its_own_rule(pair: tuple[Path, Path]) -> None:
    previous, current = map(load, pair)
    assert (previous.code_set, previous.name) == ("garden", "Garden Care spring 2026")
    assert (current.name, current.effective_date) == ("Garden Care autumn 2026", date(2026, 9, 1))


def test_its_files_are_known_by_their_content_too(tmp_path: Path) -> None:
    release = load(write(tmp_path / "letter.txt", SPRING))
    assert (release.profile, release.name) == (GARDEN, "Garden Care (edition not named)")


def test_its_codes_are_brought_to_their_form_and_other_ones_set_aside(tmp_path: Path) -> None:
    release = load(write(tmp_path / "garden_2026.txt", SPRING | {"g700": "row Dig", "X100": "a b"}))
    assert "G700" in release.entries["code"].to_list()
    assert release.set_aside["fault"].to_list() == ["E201: is not a code of Garden Care"]


def test_its_changes_are_found_in_its_sections(results: Results) -> None:
    found = results.entries.select("code", "change", "section").rows()
    assert found == [
        ("G110", "deleted", "Beds"),
        ("G115", "added", "Beds"),
        ("G600", "revised", "Beds"),
        ("G850", "revised", "Trees"),
        ("T001", "deleted", "Trials"),
    ]


def test_its_changes_are_judged_and_its_attributes_are_no_wording(results: Results) -> None:
    found = results.fields.select("code", "field", "severity").rows()
    assert [row[:2] for row in found] == [("G600", "long"), ("G850", "plot")]
    assert [row[2] for row in found] != ["info", "info"]


def test_its_temporary_codes_are_followed_and_its_unlisted_code_is_offered(
    results: Results,
) -> None:
    found = results.crosswalk.select("code", "replacement", "basis").rows()
    assert ("T001", "G115", "identical-text") in found
    assert ("G110", "G499", "unlisted") in found


def test_a_code_of_its_neighbor_is_named_as_one(pair: tuple[Path, Path], tmp_path: Path) -> None:
    links = tmp_path / "links.csv"
    links.write_text("code,replacement\nG110,P123\n", "utf-8")
    found = diff(*pair, crosswalk=links).crosswalk.filter(code="G110")
    assert found.select("replacement", "basis", "note").rows() == [
        ("P123", "user", "links.csv; a pond code: look in the pond list"),
    ]


def test_what_its_files_cannot_show_is_told(results: Results) -> None:
    assert "Drawings are in the almanac only." in results.doubts


def test_a_missing_kind_of_its_codes_stops_the_comparison(tmp_path: Path) -> None:
    trials = {f"T{n:03}": f"bed Trial {n}" for n in range(100, 120)}
    previous = write(tmp_path / "garden_spring_2026.txt", SPRING | trials)
    current = write(
        tmp_path / "garden_autumn_2026.txt", {c: t for c, t in AUTUMN.items() if c < "T"}
    )
    told = r"no trial codes in Garden Care autumn 2026, 22 in Garden Care spring 2026"
    with pytest.raises(CptdiffError, match=told):
        diff(previous, current, allow=["deleted-share"])


def test_a_release_of_another_code_set_is_refused(pair: tuple[Path, Path], samples: Path) -> None:
    with pytest.raises(CptdiffError, match="PREVIOUS is Garden Care, CURRENT is ICD-10-CM"):
        diff(pair[0], samples / "icd10cm-2027.zip")


def test_announced_totals_may_leave_out_what_it_says(pair: tuple[Path, Path]) -> None:
    announced = diff(*pair, expect={"deleted": 1}).announced
    assert announced is not None
    assert announced.groups.select("explanation", "codes").rows() == [("trials", "T001")]


def test_its_wording_is_withheld_and_its_other_fields_are_not(pair: tuple[Path, Path]) -> None:
    fields = diff(*pair, descriptors="none").fields
    assert fields.select("field", "previous", "current").rows() == [
        ("long", "", ""), ("plot", "orc", "orh"),
    ]  # fmt: skip


def test_its_page_and_table_are_rendered(
    cptdiff: Run, rows: Rows, pair: tuple[Path, Path], tmp_path: Path
) -> None:
    done = cptdiff("diff", *pair, "-o", tmp_path / "run")
    assert (done.returncode, list_warnings(done.stderr)) == (0, "")
    page = (tmp_path / "run" / "report.html").read_text("utf-8")
    assert "<title>Garden Care: changes from Garden Care spring 2026 to" in page
    assert 'id="garden-G110"' in page
    assert {row["code_set"] for row in rows(tmp_path / "run" / "changes.csv")} == {"garden"}


def test_its_formats_are_listed(cptdiff: Run) -> None:
    assert "\nGarden Care\n  garden-list" in cptdiff("formats").stdout


def test_an_unknown_code_set_is_refused_with_the_known_ones(pair: tuple[Path, Path]) -> None:
    with pytest.raises(CptdiffError, match="forest is not a code set") as refused:
        load(pair[0], code_set="forest")
    assert str(refused.value).endswith("garden")


def test_every_shipped_code_set_has_a_profile_by_its_own_name() -> None:
    assert list(PROFILES) == [*CodeSet, "garden"]
    assert all(profile_of(name).name == name for name in PROFILES)


def test_a_file_is_of_a_format_if_its_whole_name_fits_in_capital_or_small_letters() -> None:
    examples = [form.example for form in list_formats()]
    more = (lambda n: n.upper(), lambda n: n.lower(), lambda n: f"x{n}", lambda n: f"{n}x",
            lambda n: n.replace("s", "\u017f").replace("i", "\u0131"))  # fmt: skip
    names = [*examples, *(change(name) for change in more for name in examples), "", "garden_a.txt"]
    for form in (*list_formats(), *GARDEN.formats):
        fits = [name for name in names if re.fullmatch(form.names, name, re.IGNORECASE)]
        assert [name for name in names if form.has_name(name)] == fits


@pytest.mark.parametrize(
    ("names", "found"),
    [("ab?c.*", ["ac.txt", "abc"]), ("AB.*", ["abc"]), ("ab|cd", ["CD"]), ("a*b", ["b"])],
)
def test_a_format_may_be_named_by_any_expression(names: str, found: list[str]) -> None:
    form = list_formats()[0]._replace(names=names)
    assert all(form.has_name(name) for name in found)


@pytest.mark.parametrize("profile", [*PROFILES.values(), GARDEN], ids=lambda one: one.name)
def test_every_profile_declares_what_it_must(profile: Profile) -> None:
    assert profile.label
    assert profile.formats
    assert {form.code_set for form in profile.formats} == {profile.name}
    assert {form.twin for form in profile.formats} <= {"", *(form.name for form in profile.formats)}
    assert set(profile.lists) <= set(MARKS)
    if profile.is_own:
        return
    parts = {*profile.grammar, *(part.name for part in profile.parts)}
    assert all(set(form.carries) <= parts for form in profile.formats)
    assert all(re.fullmatch(form.names, form.example, re.IGNORECASE) for form in profile.formats)
    assert profile.sections
    assert profile.code_in_crosswalks
    assert all(found.section for found in profile.sections)
    assert not profile.tree or "extension" in {one.name for one in profile.segments}


def test_no_two_formats_have_one_name() -> None:
    names = [form.name for form in list_formats()]
    assert len(names) == len(set(names))
