"""RUN is a run folder or PREVIOUS:CURRENT; both say the same of every code."""

from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from cptdiff.impact.facts import split_pair
from tests.impact.conftest import pack

Run = Callable[..., CompletedProcess[str]]
Rows = list[dict[str, str]]
Pick = Callable[[str, str], list[str]]
Runs = Callable[[str], Path]


@pytest.fixture
def cdm(pick: Pick, tmp_path: Path) -> Path:
    """Write a list with codes of every status of two code sets, and of others."""
    codes = [
        code
        for code_set in ("hcpcs", "cpt")
        for status in ("deleted", "revised", "attributes-only", "added", "unchanged")
        for code in pick(code_set, status)[:12]
    ]
    table = [["No.", "CPT"], *([str(n), code] for n, code in enumerate([*codes, "Z1234"]))]
    (tmp_path / "cdm.csv").write_bytes(pack("cdm.csv", table))
    return tmp_path / "cdm.csv"


def test_a_run_folder_and_a_pair_give_the_same_tables(
    runs: Runs, samples: Path, cdm: Path, impact: Callable[..., Rows], tmp_path: Path
) -> None:
    pair = ":".join(str(samples / f"hcpcs-{year}-january.zip") for year in (2026, 2027))
    words = ("--list", cdm, "--suggest")
    assert impact(runs("hcpcs"), *words, name="folder") == impact(pair, *words, name="pair")
    for name in ("impact.csv", "causes.csv", "suggestions.csv", "lists.csv"):
        assert (tmp_path / "folder" / name).read_bytes() == (tmp_path / "pair" / name).read_bytes()


def test_a_set_that_was_not_given_is_another_one_never_unknown(
    runs: Runs, cdm: Path, impact: Callable[..., Rows], rows: Callable[[Path], Rows], tmp_path: Path
) -> None:
    alone = impact(runs("hcpcs"), "--list", cdm, name="alone")
    both = impact(runs("hcpcs"), runs("cpt"), "--list", cdm, name="both")
    assert {row["code_set"] for row in alone} == {"hcpcs"}
    assert {row["code_set"] for row in both} == {"hcpcs", "cpt"}
    assert "unknown" not in {row["status"] for row in both}
    assert [row for row in both if row["code_set"] == "hcpcs"] == alone
    (listed,) = rows(tmp_path / "both" / "lists.csv")
    assert listed["other-code-set"] == "1"


def test_kinds_that_publishers_ship_apart_are_not_unknown_where_no_release_has_them(
    longult: tuple[Path, Path], impact: Callable[..., Rows], tmp_path: Path
) -> None:
    """A file of descriptors alone has neither modifiers nor PLA codes."""
    pair = f"{longult[0]}:{longult[1]}"
    cells = ["33333-59", "0001U", "D1234", "44444"]
    (tmp_path / "cdm.csv").write_bytes(pack("cdm.csv", [["CPT"], *([cell] for cell in cells)]))
    found = impact(pair, "--list", tmp_path / "cdm.csv")
    assert [(row["code"], row["status"]) for row in found] == [
        ("33333", "revised"),
        ("44444", "unknown"),
    ]


def test_what_is_known_of_a_code_is_what_the_comparison_says(
    runs: Runs, cdm: Path, impact: Callable[..., Rows], rows: Callable[[Path], Rows]
) -> None:
    changes = {row["code"]: row for row in rows(runs("hcpcs") / "changes.csv")}
    named = {row["code"]: row for row in rows(runs("hcpcs") / "crosswalk.csv")}
    found = impact(runs("hcpcs"), "--list", cdm)
    assert len(found) > 30
    same = ("change", "reason", "severity", "classes", "previous_descriptor", "current_descriptor",
            "effective_date", "last_valid_date", "replacements")  # fmt: skip
    for row in found:
        told = changes[row["code"]]
        if row["reason"].startswith("short descriptor: "):
            assert told["previous_descriptor"] == told["current_descriptor"]
            told = {**told, "reason": row["reason"]}
        assert [row[name] for name in same] == [told[name] for name in same]
        if ";" not in row["replacements"] and row["replacements"]:
            assert row["replacement_descriptors"] == named[row["code"]]["replacement_descriptor"]


def test_a_replacement_is_marked_that_the_list_has_already(
    runs: Runs, rows: Callable[[Path], Rows], impact: Callable[..., Rows], tmp_path: Path
) -> None:
    changes = rows(runs("hcpcs") / "changes.csv")
    gone = next(row for row in changes if row["kind"] == "code" and row["replacements"])
    first, *others = gone["replacements"].split(";")
    table = [["No.", "CPT"], ["1", gone["code"]], ["2", first]]
    (tmp_path / "cdm.csv").write_bytes(pack("cdm.csv", table))
    (row,) = [
        one for one in impact(runs("hcpcs"), "--list", tmp_path / "cdm.csv")
        if one["code"] == gone["code"]
    ]  # fmt: skip
    assert row["replacement_on_list"] == ";".join(["yes", *["no" for _ in others]])


NO_RUN = (
    "error[E340]: old.zip: no such run folder. Fix: give a run folder, or both releases as"
    " PREVIOUS:CURRENT, such as old.zip:new.zip"
)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("old.zip", "--list", "x.csv"), NO_RUN),
        (("old.zip:new.zip", "--list", "x.csv"), "error[E101]: old.zip: no such file"),
    ],
)
def test_what_is_no_run_is_refused(cptdiff: Run, words: tuple[str, ...], message: str) -> None:
    done = cptdiff("impact", *words)
    assert done.returncode == 2
    assert message in done.stderr


def test_a_release_alone_is_answered_with_the_pair_to_write(cptdiff: Run, samples: Path) -> None:
    one = samples / "hcpcs-2026-january.zip"
    done = cptdiff("impact", one, "--list", one)
    assert done.returncode == 2
    assert "is not a run folder. Fix: give a run folder, or both releases" in done.stderr


def test_two_runs_of_one_code_set_are_refused(
    cptdiff: Run, runs: Runs, cdm: Path, samples: Path
) -> None:
    pair = ":".join(str(samples / f"hcpcs-{year}-january.zip") for year in (2026, 2027))
    done = cptdiff("impact", runs("hcpcs"), pair, "--list", cdm)
    assert done.returncode == 2
    assert "error[E371]" in done.stderr


def test_a_run_of_plain_tables_is_refused(
    cptdiff: Run, tables: tuple[str, ...], cdm: Path, tmp_path: Path
) -> None:
    cptdiff("diff", *tables, "-o", tmp_path / "run")
    done = cptdiff("impact", tmp_path / "run", "--list", cdm)
    assert (done.returncode, done.stdout) == (2, "")
    assert "error[E371]" in done.stderr
    assert "is a comparison of plain tables" in done.stderr


def test_a_filtered_or_changed_run_folder_is_refused(
    cptdiff: Run, samples: Path, cdm: Path, tmp_path: Path
) -> None:
    pair = [samples / f"hcpcs-{year}-january.zip" for year in (2026, 2027)]
    cptdiff("diff", *pair, "--only", "deleted", "-o", tmp_path / "part", "--quiet")
    done = cptdiff("impact", tmp_path / "part", "--list", cdm)
    assert done.returncode == 2
    assert "error[E342]: part: lists only a part of its changes" in done.stderr
    cptdiff("diff", *pair, "-o", tmp_path / "run", "--quiet")
    with (tmp_path / "run" / "codes.csv").open("a") as lines:
        lines.write("hcpcs,code,A9999,valid,valid,\n")
    done = cptdiff("impact", tmp_path / "run", "--list", cdm)
    assert done.returncode == 2
    assert "run/codes.csv: was changed after the run wrote it" in done.stderr


def test_a_pair_is_parted_where_both_sides_exist(tmp_path: Path) -> None:
    drive = tmp_path / "C:"
    drive.mkdir()
    for name in ("old", "new"):
        (drive / name).touch()
    pair = split_pair(f"{drive}/old:{drive}/new")
    assert pair == (drive / "old", drive / "new")
