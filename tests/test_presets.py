"""Tables of publishers are known by their header: key, columns, encoding."""

import csv
import json
import re
import zipfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

from cptdiff import CptdiffError, Results, diff, load
from cptdiff.codesets.presets import PRESETS, fits
from cptdiff.columns import fold_name
from cptdiff.vocabulary import PRESET_NAMES
from tests.preset_samples import SAMPLES, Sample

Run = Callable[..., CompletedProcess[str]]
EVERY = [pytest.param(name, sample, id=name) for name, sample in SAMPLES.items()]
ASP = SAMPLES["asp-pricing"]
# Published quarters, which are no part of the project.
QUARTERS = Path(__file__).parents[2] / "shared" / "lists" / "asp"


def write(folder: Path, sample: Sample, suffix: str = "csv") -> tuple[Path, Path]:
    """The tables of a sample in Windows-1252, as publishers ship them."""
    both = folder / f"old.{suffix}", folder / f"new.{suffix}"
    for path, text in zip(both, (sample.previous, sample.current), strict=True):
        path.write_bytes(text.encode("latin-1"))
    return both


def list_changes(found: Results) -> list[tuple[str, ...]]:
    assert not found.entries.filter(found.entries["change"] != "revised").height
    names = ("code", "field", "previous", "current", "class")
    return [tuple(row[name] for name in names) for row in found.fields.iter_rows(named=True)]


@pytest.mark.parametrize(("name", "sample"), EVERY)
def test_a_publishers_table_is_compared_without_any_option(
    tmp_path: Path, name: str, sample: Sample
) -> None:
    found = diff(*write(tmp_path, sample))
    assert list_changes(found) == [(sample.code, *sample.change)]
    assert found.changes.current.keys == sample.keys
    assert [found.summary[side]["preset"] for side in ("previous", "current")] == [name, name]
    rows = found.summary["rows"]["current"]
    assert rows["read"] == rows["kept"] > 0


def test_where_a_publisher_puts_the_header_is_no_doubt(tmp_path: Path) -> None:
    both = write(tmp_path, ASP)
    assert not any("header on line" in note for note in diff(*both).summary["notes"])
    how: dict[str, Any] = {"preset": "none", "key": "HCPCS Code", "encodings": ("cp1252", "cp1252")}
    found = diff(*both, code_set="table", **how)
    assert sum("header on line" in note for note in found.summary["notes"]) == 2


@pytest.mark.parametrize(("name", "sample"), EVERY)
def test_a_column_that_a_preset_leaves_out_is_reported(
    tmp_path: Path, name: str, sample: Sample
) -> None:
    notes = " ".join(diff(*write(tmp_path, sample)).summary["notes"])
    for column in sample.left_out:
        assert f"Column {column} was not compared (preset {name};" in notes
    assert notes.count("was not compared") == len(sample.left_out)


def test_every_preset_has_a_sample_and_a_name_that_the_command_line_knows() -> None:
    assert (*PRESETS,) == PRESET_NAMES == (*SAMPLES,)
    assert all(name == preset.name for name, preset in PRESETS.items())


@pytest.mark.parametrize(("name", "sample"), EVERY)
def test_no_other_preset_fits_the_table(tmp_path: Path, name: str, sample: Sample) -> None:
    _, path = write(tmp_path, sample)
    for other in PRESET_NAMES:
        if other == name:
            assert load(path, preset=other).preset == PRESETS[name]
        else:
            with pytest.raises(CptdiffError, match=f"E163.*no header of the preset {other} "):
                load(path, preset=other)


def test_what_the_user_says_of_a_column_wins_over_the_preset(tmp_path: Path) -> None:
    both = write(tmp_path, ASP)
    found = diff(*both, code_set="table", columns={"notes": "text", "Payment Limit": "ignore"})
    assert [change[:2] for change in list_changes(found)] == [("J0990", "Notes")]
    named = diff(*both, code_set="table", fields=["Notes"])
    assert [change[:2] for change in list_changes(named)] == [("J0990", "Notes")]
    called = diff(*both, code_set="table", descriptor="HCPCS Code Dosage")
    assert called.entries["current_descriptor"].to_list() == ["5 MG"]


def test_a_key_that_the_user_names_wins_over_the_presets(tmp_path: Path) -> None:
    both = write(tmp_path, ASP)
    found = diff(*both, code_set="table", key=["HCPCS Code", "HCPCS Code Dosage"])
    assert [change[:2] for change in list_changes(found)] == [("J0991|5 MG", "Payment Limit")]
    assert found.changes.current.preset == PRESETS["asp-pricing"]


def test_without_a_preset_the_table_is_read_as_any_other(tmp_path: Path) -> None:
    both = write(tmp_path, ASP)
    with pytest.raises(CptdiffError, match=r"E163.*not in a format"):
        diff(*both, preset="none")
    with pytest.raises(CptdiffError, match=r"E140.*Windows-1252"):
        diff(*both, code_set="table", key="HCPCS Code", preset="none")
    options = {"key": "HCPCS Code", "encodings": ("cp1252", "cp1252"), "preset": "none"}
    found = diff(*both, code_set="table", **options)  # type: ignore[arg-type]
    assert {change[1] for change in list_changes(found)} == {"Payment Limit", "Notes"}
    assert found.summary["current"]["preset"] is None


def test_a_header_that_lacks_one_of_the_columns_is_of_no_preset(
    tmp_path: Path, make: Callable[[Path, str], Path]
) -> None:
    text = "HCPCS Code,Short Description,HCPCS Code Dosage\nJ0990,Made-up drug,1 MG\n"
    path = make(tmp_path / "a.csv", text)
    with pytest.raises(CptdiffError, match="E163"):
        load(path)
    assert load(path, code_set="table", key="HCPCS Code").preset is None
    with pytest.raises(CptdiffError, match="columns missing: Payment Limit"):
        load(path, preset="asp-pricing")


def test_a_table_of_codes_with_five_digits_is_not_taken_for_cpt(
    cptdiff: Run, tmp_path: Path, make: Callable[[Path, str], Path]
) -> None:
    rows = "\n".join(f"012{at:02}\tB{at:02}.0\tMade-up effect {at}" for at in range(12))
    path = make(tmp_path / "list.txt", f"Number\tExempt\tWords\n{rows}\n")
    told = cptdiff("inspect", path)
    assert told.returncode == 2
    assert "E163" in told.stderr
    assert "--code-set table --key COLUMN" in told.stderr


def test_inspect_names_the_preset_and_what_it_says(cptdiff: Run, tmp_path: Path) -> None:
    told = cptdiff("inspect", write(tmp_path, ASP)[0])
    assert told.returncode == 0
    lines = told.stdout.splitlines()
    assert "  preset          asp-pricing: ASP pricing" in lines
    assert "  key             HCPCS Code" in lines
    assert "  number      Payment Limit" in lines
    assert "  ignore      Notes" in lines
    assert "Windows-1252" in told.stdout


def test_formats_lists_every_preset(cptdiff: Run) -> None:
    told = " ".join(cptdiff("formats").stdout.split())
    for preset in PRESETS.values():
        keys = ", ".join(preset.keys)
        said = f"{preset.name} {preset.example} {preset.label}: key {keys} ({preset.source})"
        assert said in told


@pytest.mark.parametrize("pack", ["folder", "zip"])
def test_a_publishers_table_is_found_in_what_it_came_in(tmp_path: Path, pack: str) -> None:
    sides = []
    for side, text in zip(("old", "new"), (ASP.previous, ASP.current), strict=True):
        folder = tmp_path / side
        (folder / "Section 508").mkdir(parents=True)
        (folder / "Section 508" / "prices.csv").write_bytes(text.encode("latin-1"))
        (folder / "readme.txt").write_text("Made-up words about prices.\n", "utf-8")
        if pack == "zip":
            with zipfile.ZipFile(tmp_path / f"{side}.zip", "w") as made:
                for path in sorted(folder.rglob("*.*")):
                    made.write(path, path.relative_to(folder))
        sides.append(tmp_path / f"{side}.zip" if pack == "zip" else folder)
    found = diff(*sides)
    assert list_changes(found) == [(ASP.code, *ASP.change)]


def test_of_two_tables_the_user_says_which(tmp_path: Path) -> None:
    sides = []
    for side in ("old", "new"):
        folder = tmp_path / side
        folder.mkdir()
        for name in ("asp-pricing", "gpci"):
            text = getattr(SAMPLES[name], "previous" if side == "old" else "current")
            (folder / f"{name}.csv").write_bytes(text.encode("latin-1"))
        sides.append(folder)
    with pytest.raises(CptdiffError, match=r'E184.*2 tables.*choose one with preset="asp-pricing"'):
        diff(*sides)
    for name in ("asp-pricing", "gpci"):
        found = diff(*sides, preset=name)
        assert list_changes(found) == [(SAMPLES[name].code, *SAMPLES[name].change)]
        assert found.changes.current.sources[0].member == f"{name}.csv"


def test_a_workbook_is_known_by_its_header_too(
    tmp_path: Path, as_file: Callable[[str, list[list[str]]], bytes]
) -> None:
    sides = []
    for name, text in (("old.xlsx", ASP.previous), ("new.xlsx", ASP.current)):
        lines = text.replace('"', "").splitlines()
        path = tmp_path / name
        path.write_bytes(as_file(name, [line.split(",") for line in lines]))
        sides.append(path)
    assert list_changes(diff(*sides)) == [(ASP.code, *ASP.change)]
    assert list_changes(diff(*sides, code_set="table")) == [(ASP.code, *ASP.change)]


def make_prices(count: int) -> str:
    rows = "".join(f"J{at:04},Made-up drug {at},1 MG,{at}.5\r\n" for at in range(count))
    return f"HCPCS Code,Short Description,HCPCS Code Dosage,Payment Limit\r\n{rows}"


def drop(text: str, start: int, stop: int) -> str:
    lines = text.splitlines(keepends=True)
    return "".join(lines[: start + 1] + lines[stop + 1 :])


@pytest.mark.parametrize("options", [{}, {"code_set": "table"}], ids=["found", "table"])
def test_a_group_of_codes_may_leave_a_list_of_prices(
    tmp_path: Path, make: Callable[[Path, str], Path], options: dict[str, str]
) -> None:
    whole = make_prices(200)
    before = make(tmp_path / "a.csv", whole)
    few = make(tmp_path / "b.csv", drop(whole, 100, 130))
    found = diff(before, few, **options)  # type: ignore[arg-type]
    assert found.summary["counts"]["code"]["deleted"] == 30
    with pytest.raises(CptdiffError, match=r"E312.*more than 25%"):
        diff(before, make(tmp_path / "c.csv", drop(whole, 100, 160)), **options)  # type: ignore[arg-type]
    with pytest.raises(CptdiffError, match=r"E312.*more than 10%"):
        diff(before, few, code_set="table", key="HCPCS Code", preset="none")


@pytest.mark.parametrize("options", [{}, {"code_set": "table"}], ids=["found", "table"])
def test_a_list_of_prices_without_its_last_codes_is_cut_off(
    tmp_path: Path, make: Callable[[Path, str], Path], options: dict[str, str]
) -> None:
    whole = make_prices(200)
    before, cut = make(tmp_path / "a.csv", whole), make(tmp_path / "b.csv", drop(whole, 170, 200))
    with pytest.raises(CptdiffError, match=r"E316.*last 30 entries.*from J0170 on"):
        diff(before, cut, **options)  # type: ignore[arg-type]


def test_the_option_works_only_with_a_table(cptdiff: Run, tmp_path: Path) -> None:
    both = write(tmp_path, ASP)
    told = cptdiff("diff", *both, "--code-set", "cpt", "--preset", "gpci")
    assert told.returncode == 2
    assert "--preset works only with --code-set table" in told.stderr
    named = cptdiff("diff", *both, "--preset", "asp-pricing", "--column", "Notes=text", "-o", "-",
                    "--format", "json")  # fmt: skip
    assert named.returncode == 0
    assert json.loads(named.stdout)["counts"]["code"]["revised"] == 2


def test_the_page_on_reading_lists_every_preset_with_its_key(root: Path) -> None:
    page = (root / "docs" / "reading.md").read_text("utf-8")
    cells = [[one.strip() for one in line.split("|")[1:-1]] for line in page.splitlines()]
    told = {row[0]: row[1:] for row in cells if row and row[0] in PRESETS}
    assert [*told] == [*PRESETS]
    for name, (example, keys) in told.items():
        assert example == PRESETS[name].example
        named = [fold_name(key) for key in keys.split(", ")]
        assert all(map(fits, named, PRESETS[name].keys))
        assert len(named) == len(PRESETS[name].keys)


def read_prices(path: Path) -> dict[str, Decimal | str]:
    """By code what a published file says is paid, read without cptdiff."""
    rows = list(csv.reader(path.read_text("cp1252").splitlines()))
    start = next(at for at, row in enumerate(rows) if row[0] == "HCPCS Code")
    column = rows[start].index("Payment Limit")
    texts = {row[0].strip(): row[column].strip() for row in rows[start + 1 :] if row[0].strip()}
    bare = {code: text.replace(",", "") for code, text in texts.items()}
    numbers = {code: text for code, text in bare.items() if re.fullmatch(r"[0-9.]+", text)}
    return {**bare, **{code: Decimal(text) for code, text in numbers.items()}}


@pytest.mark.parametrize(
    ("previous", "current", "others"),
    [("JUL_2025_ASP*", "Oct_2025_ASP*", {"Short Description"}),
     ("Oct_2025_ASP*", "January_2026*", set[str]())],
)  # fmt: skip
@pytest.mark.parametrize("options", [{}, {"code_set": "table"}], ids=["found", "table"])
def test_of_published_quarters_the_amounts_that_changed_are_shown(
    previous: str, current: str, others: set[str], options: dict[str, str]
) -> None:
    if not QUARTERS.is_dir():
        pytest.skip(f"the published quarters are not here: {QUARTERS}")
    both = [next(QUARTERS.glob(name)) for name in (previous, current)]
    before, now = map(read_prices, both)
    changed = {code for code in {*before} & {*now} if before[code] != now[code]}
    fields = diff(*both, **options).fields  # type: ignore[arg-type]
    prices = fields.filter(fields["field"] == "Payment Limit")
    assert {*prices["code"]} == changed
    assert {*prices["class"]} == {"amount"}
    assert "" not in prices["percent"].to_list()
    amounts = fields.filter(fields["class"] == "amount")
    assert {*fields["field"]} - {*amounts["field"]} == others


def test_of_published_crosswalks_units_and_doses_are_shown() -> None:
    if not QUARTERS.is_dir():
        pytest.skip(f"the published quarters are not here: {QUARTERS}")
    found = diff(*(next(QUARTERS.glob(name)) for name in ("October_2024*", "April_2025*")))
    assert found.summary["counts"]["code"]["revised"] == 53
    assert found.changes.current.keys == ("_2025_CODE", "NDC2")
    assert found.changes.previous.keys == ("_2024_CODE", "NDC2")
