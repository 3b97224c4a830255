"""Lists beside a comparison: `cptdiff diff --list`, jobs, verify, and the call from Python."""

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from cptdiff import CptdiffError, diff, find_impact
from tests.impact.conftest import pack, read_rows

Run = Callable[..., CompletedProcess[str]]
Rows = list[dict[str, str]]
Runs = Callable[[str], Path]
Read = Callable[[Path], Rows]
Pick = Callable[[str, str], list[str]]


@pytest.fixture
def pair(samples: Path) -> tuple[str, str]:
    """Name both HCPCS samples."""
    first, second = (samples / f"hcpcs-{year}-january.zip" for year in (2026, 2027))
    return str(first), str(second)


@pytest.fixture
def charges(pick: Pick, tmp_path: Path) -> Path:
    """Write a list with two deleted codes, one that is fine, and two owners."""
    codes = [*pick("hcpcs", "deleted")[:2], pick("hcpcs", "unchanged")[0]]
    lines = [[f"{n}0001", code, "ABA"[n]] for n, code in enumerate(codes)]
    path = tmp_path / "charges.csv"
    path.write_bytes(pack("charges.csv", [["Charge", "HCPCS", "Dept"], *lines]))
    return path


def list_files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_a_run_folder_has_the_lists_beside_the_report(
    pair: tuple[str, str], charges: Path, runs: Runs, cptdiff: Run, tmp_path: Path
) -> None:
    words = ["--list", charges, "--group-by", "Dept", "--suggest"]
    done = cptdiff("diff", *pair, *words, "-o", tmp_path / "run")
    assert done.returncode == 0, done.stderr
    assert "Your lists\n3 lines in 1 list: 2 use 2 deleted codes." in done.stdout
    assert "; 3 lines in 1 list: 2 use 2 deleted codes; wrote " in done.stderr
    assert cptdiff("impact", runs("hcpcs"), *words, "-o", tmp_path / "own").returncode == 0
    own, run = list_files(tmp_path / "own"), list_files(tmp_path / "run")
    assert run == own | list_files(runs("hcpcs"))
    for name in own - {"manifest.json", "summary.txt", "impact.json", "impact.html"}:
        assert (tmp_path / "run" / name).read_bytes() == (tmp_path / "own" / name).read_bytes()
    assert 'href="report.html"' in (tmp_path / "run" / "impact.html").read_text("utf-8")
    assert 'href="report.html"' not in (tmp_path / "own" / "impact.html").read_text("utf-8")
    page, text = (
        (tmp_path / "run" / name).read_text("utf-8") for name in ("report.html", "summary.md")
    )
    said = "3 lines in 1 list: 2 use 2 deleted codes."
    assert f'<a href="impact.html">Your lists</a>:</strong> {said}' in page
    assert f"**[Your lists](impact.html):** {said}" in text
    assert "impact.html" not in (runs("hcpcs") / "report.html").read_text("utf-8")
    assert len((tmp_path / "run" / "impact.csv").read_text("utf-8").splitlines()) == 3


def test_verify_covers_the_lists_and_makes_them_again(
    pair: tuple[str, str], charges: Path, cptdiff: Run, tmp_path: Path
) -> None:
    (tmp_path / "owners.csv").write_text("Charge:1,Owner\n0,Lab\n1,Imaging\n", "utf-8")
    with charges.open("a", encoding="utf-8") as lines:
        lines.write("90001,what?,A\n")
    folder = tmp_path / "run"
    words = ("--list", charges, "--group-by", tmp_path / "owners.csv", "-o", folder)
    assert cptdiff("diff", *pair, *words).returncode == 3
    for file in (charges, tmp_path / "owners.csv"):
        (folder.parent / "beside").mkdir(exist_ok=True)
        (folder.parent / "beside" / file.name).write_bytes(file.read_bytes())
    places = [Path(one) for one in pair]
    for place in places:
        (tmp_path / "beside" / place.name).write_bytes(place.read_bytes())
    again = [tmp_path / "beside" / place.name for place in places]
    assert cptdiff("verify", folder).returncode == 0
    done = cptdiff("verify", folder, "--against", *again)
    assert (done.returncode, done.stderr) == (0, "")
    impact = folder / "impact.csv"
    impact.write_bytes(impact.read_bytes() + impact.read_bytes().splitlines(keepends=True)[-1])
    told = cptdiff("verify", folder)
    assert told.returncode != 0
    assert "impact.csv: has 3 rows; manifest.json states 2" in told.stdout + told.stderr


def test_a_cell_that_is_no_code_is_in_the_quarantine_of_the_run(
    pair: tuple[str, str], charges: Path, cptdiff: Run, rows: Read, tmp_path: Path
) -> None:
    with charges.open("a", encoding="utf-8") as lines:
        lines.write("90001,what?,A\n")
    outputs = ("-o", tmp_path / "run", "-o", tmp_path / "quarantine.csv")
    done = cptdiff("diff", *pair, "--list", charges, *outputs)
    assert done.returncode == 3
    assert "1 cell of the lists set aside (quarantine.csv lists them)" in done.stderr
    for path in (tmp_path / "run" / "quarantine.csv", tmp_path / "quarantine.csv"):
        (row,) = rows(path)
        assert (row["side"], row["source"], row["raw"]) == ("list", "charges.csv", "what?")


def test_one_file_of_lists_is_written_by_its_name(
    pair: tuple[str, str], charges: Path, cptdiff: Run, tmp_path: Path
) -> None:
    words = ("diff", *pair, "--list", charges, "--quiet")
    outputs = ("-o", tmp_path / "impact.html", "-o", tmp_path / "my.html")
    assert cptdiff(*words, *outputs).returncode == 0
    assert "Your lists under" in (tmp_path / "impact.html").read_text("utf-8")
    assert "Changes from" in (tmp_path / "my.html").read_text("utf-8")
    done = cptdiff(*words, "-o", tmp_path / "suggestions.csv")
    assert (done.returncode, "Fix: add --suggest" in done.stderr) == (2, True)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--group-by", "Dept"), "work only with --list. Fix: add --list FILE"),
        (("--list", "none/*.csv"), "error[E101]: none/*.csv: no file matches this pattern"),
        (("--list", "{list}", "-o", "{list}"), "error[E306]"),
        (("--list", "{list}", "-o", "x.csv", "-o", "x.csv"), "the same -o PATH is given twice"),
    ],
)
def test_what_cannot_be_meant_is_refused(
    words: tuple[str, ...], told: str, pair: tuple[str, str], charges: Path, cptdiff: Run
) -> None:
    done = cptdiff("diff", *pair, *(word.format(list=charges) for word in words))
    assert done.returncode == 2
    assert told in done.stderr


def test_a_list_that_changed_makes_a_job_due_again(
    pair: tuple[str, str], charges: Path, cptdiff: Run, rows: Read, tmp_path: Path
) -> None:
    config = tmp_path / "cptdiff.toml"
    config.write_text(
        f"[jobs.hcpcs]\nprevious = '{pair[0]}'\ncurrent = '{pair[1]}'\noutput = 'out/{{job}}'\n"
        "list = ['charges.csv']\ngroup_by = 'Dept'\nsuggest = true\n",
        "utf-8",
    )
    first = cptdiff("run", "--config", config)
    assert first.returncode == 0, first.stderr
    assert "2 use 2 deleted codes" in first.stderr
    assert "up to date" in cptdiff("run", "--config", config).stderr
    with charges.open("a", encoding="utf-8") as lines:
        lines.write(f"90001,{rows(tmp_path / 'out/hcpcs/impact.csv')[0]['code']},B\n")
    again = cptdiff("run", "--config", config)
    assert "made from other inputs" in again.stderr
    assert len(rows(tmp_path / "out" / "hcpcs-2" / "impact.csv")) == 3
    assert (tmp_path / "out" / "hcpcs-2" / "by-owner" / "B.html").is_file()
    assert cptdiff("verify", tmp_path / "out" / "hcpcs-2").returncode == 0
    assert "list = [" in cptdiff("run", "--config", config, "--print-config").stdout


def test_a_run_without_lists_says_nothing_of_them(runs: Runs) -> None:
    manifest = json.loads((runs("hcpcs") / "manifest.json").read_text("utf-8"))["predicate"]
    assert "impact" not in manifest
    assert not {"list_files", "group_by", "suggest"} & {*manifest["options"]}


def test_python_finds_and_writes_what_the_command_does(
    pair: tuple[str, str], charges: Path, runs: Runs, cptdiff: Run, tmp_path: Path
) -> None:
    words = ["--list", charges, "--group-by", "Dept", "--suggest"]
    assert cptdiff("impact", runs("hcpcs"), *words, "-o", tmp_path / "own").returncode == 0
    found = find_impact(runs("hcpcs"), charges, group_by="Dept", suggest=True)
    assert found.lines["status"].to_list() == ["deleted", "deleted"]
    assert "cents" not in found.lines.columns
    assert repr(found) == "<3 lines in 1 list: 2 use 2 deleted codes>"
    folder = found.write(tmp_path / "written")
    for name in list_files(tmp_path / "own"):
        assert (folder / name).read_bytes() == (tmp_path / "own" / name).read_bytes(), name
    results = diff(*pair)
    for run in (pair, [pair], results, [results]):
        assert find_impact(run, str(charges)).lines["code"].to_list() == [
            *found.lines["code"].to_list()
        ]
    page = found.write(tmp_path / "my.html", notice="Our notice")
    assert "Our notice" in page.read_text("utf-8")


def test_python_is_refused_in_its_own_words(charges: Path, runs: Runs, tmp_path: Path) -> None:
    for options, wrong, fix in (
        ({"group_by": "Dep"}, "group_by: no list has a column Dep", 'use group_by "Dept"'),
        ({"volume_column": "Dept"}, "volume_column: works only with price_column", "give both"),
        ({"code_columns": "No"}, "has no column No", "code_columns"),
    ):
        with pytest.raises(CptdiffError) as error:
            find_impact(runs("hcpcs"), charges, **options)  # type: ignore[arg-type]
        assert wrong in str(error.value)
        assert fix in error.value.fix
    found = find_impact(runs("hcpcs"), charges)
    with pytest.raises(CptdiffError, match="give suggest=True"):
        found.write(tmp_path / "suggestions.csv")
    with pytest.raises(CptdiffError, match="is an input of this run"):
        found.write(charges)


def test_diff_takes_worksheets_too_and_carries_those_of_an_earlier_run(
    pair: tuple[str, str], charges: Path, cptdiff: Run, rows: Read, tmp_path: Path
) -> None:
    words = ("diff", *pair, "--list", charges, "--quiet", "-o")
    first, second, third = (tmp_path / name for name in ("first", "second", "third"))
    assert cptdiff(*words, first).returncode == 0
    lines = rows(first / "worksheet.csv")
    lines[0] |= {"decision": "retire", "reviewer": "Bo"}
    lines[1] |= {"decision": "deleted it"}
    filled = tmp_path / "back.csv"
    filled.write_bytes(pack("back.csv", [[*lines[0]], *([*line.values()] for line in lines)]))
    done = cptdiff("diff", *pair, "--decisions", filled)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "back.csv: is a worksheet: its decisions are on lines of a list. Fix: add" in done.stderr
    assert cptdiff(*words, second, "--decisions", filled).returncode == 3
    assert cptdiff(*words, third, "--since", second).returncode == 3
    for folder in (second, third):
        found = rows(folder / "worksheet.csv")
        assert [line["decision"] for line in found] == ["retire", "deleted it"]
        assert [line["review_status"] for line in found] == ["decided", "open"]
        assert cptdiff("verify", folder).returncode == 0
    (third / "worksheet.csv").write_bytes(filled.read_bytes())
    done = cptdiff(*words, tmp_path / "fourth", "--since", third)
    assert f"{third / 'worksheet.csv'} was edited after the run; to keep its" in done.stderr
    assert "review_status" not in rows(tmp_path / "fourth" / "impact.csv")[0]


@pytest.mark.parametrize(
    "case",
    [
        ("SIM", "123", (), "123"), ("Item", "124", (), "124"), ("Charge", "144", (), ""),
        ("Charge", ("9.50", "8", "7"), (), ""), ("Ref", "124", (), ""),
        ("Ref", "124", ("--id-column", "ref"), "124"),
    ],
)  # fmt: skip
def test_a_line_is_known_by_a_column_called_so_or_the_one_that_the_user_names(
    case: tuple[str, str, tuple[str, ...], str], pick: Pick, runs: Runs, cptdiff: Run,
    tmp_path: Path,
) -> None:  # fmt: skip
    head, numbers, words, known = case
    owners = ("Radiology", "RADIOLOGY", "Radiology ")
    lines = [[*one] for one in zip(numbers, pick("hcpcs", "deleted")[:3], owners, strict=True)]
    (tmp_path / "own.csv").write_bytes(pack("own.csv", [[head, "HCPCS", "Dept"], *lines]))
    words = ("--list", str(tmp_path / "own.csv"), "--group-by", "Dept", *words)
    done = cptdiff("impact", runs("hcpcs"), *words, "-o", tmp_path / "out")
    found = read_rows(tmp_path / "out" / "impact.csv")
    assert "".join(row["line_id"] for row in found) == known
    assert {row["group"] for row in found} == {"Radiology"}
    assert "1 owner is written in several ways (capitals, blanks)" in done.stdout
