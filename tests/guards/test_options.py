"""--allow and --limit on the command line: one error line, the banner, the exit code."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from cptdiff.vocabulary import GUARD_LIMITS
from tests.guards.made import HUNDRED, icd, rows

Run = Callable[..., CompletedProcess[str]]
PLAIN = "--code-set", "table"
WRONG = {
    "an unknown guard": ("--allow", "everything"),
    "a limit of an unknown guard": ("--limit", "everything=9"),
    "a limit of a guard that has none": ("--limit", "swapped=9"),
    "no limit": ("--limit", "deleted-share"),
    "no number": ("--limit", "deleted-share=many"),
    "no number at all": ("--limit", "deleted-share=nan"),
    "below naught": ("--limit", "deleted-share=-1"),
    "above all": ("--limit", "deleted-share=101"),
    "twice": ("--limit", "deleted-share=9", "--limit", "deleted-share=10"),
}
SAMPLES: Mapping[str, tuple[str, str]] = {
    "CPT": ("cpt-2026-legacy.zip", "cpt-2027-legacy.zip"),
    "CPT in the current format": ("cpt-2026-legacy.zip", "cpt-2027-current-format.zip"),
    "HCPCS": ("hcpcs-2026-january.zip", "hcpcs-2027-january.zip"),
    "ICD-10-CM": ("icd10cm-2026.zip", "icd10cm-2027.zip"),
    "ICD-10-PCS": ("icd10pcs-2026.zip", "icd10pcs-2027.zip"),
}


@pytest.fixture
def fifth_gone(tmp_path: Path) -> tuple[Path, Path]:
    """Write two releases, 20 of 100 codes gone in the second."""
    sides = {"previous": (2026, icd(HUNDRED)), "current": (2027, icd(rows(20, 100)))}
    for side, (year, files) in sides.items():
        (tmp_path / side).mkdir()
        for name, text in files.items():
            (tmp_path / side / name.format(year=year)).write_bytes(text.encode())
    return tmp_path / "previous", tmp_path / "current"


def test_a_guard_refuses_in_one_line_and_nothing_is_written(
    cptdiff: Run, fifth_gone: tuple[Path, Path], tmp_path: Path
) -> None:
    done = cptdiff("diff", *fifth_gone, "-o", tmp_path / "run", "-o", tmp_path / "x.csv")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "cptdiff: error[E312]: current: 20 of 100 (20.0%) entries are deleted, more than 10%."
        " Fix: give the complete releases, or override: --allow deleted-share or"
        " --limit deleted-share=20\n"
    )
    assert {path.name for path in tmp_path.iterdir()} == {"previous", "current"}


def test_an_overridden_guard_is_told_first_and_gives_exit_code_3(
    cptdiff: Run, fifth_gone: tuple[Path, Path], tmp_path: Path
) -> None:
    run = tmp_path / "run"
    done = cptdiff("diff", *fifth_gone, "--allow", "deleted-share", "--exit-code", "-o", run)
    told = "Guard deleted-share was overridden: 20 of 100 (20.0%) entries are deleted"
    assert (done.returncode, done.stderr.count("\n")) == (3, 1)
    assert f"exit code 3: ICD-10-CM FY2026 to ICD-10-CM FY2027: g{told[1:]}" in done.stderr
    assert told in done.stdout
    page = (run / "report.html").read_text("utf-8")
    assert told in page[page.index('class="banner"') : page.index('id="counts"')]
    assert json.loads((run / "summary.json").read_bytes())["notes"][0].startswith(told)
    options = json.loads((run / "manifest.json").read_bytes())["predicate"]["options"]
    assert options["allowed"] == ["deleted-share"]


@pytest.mark.parametrize("limit", ["deleted-share=20", "deleted-share=20.0%"])
def test_within_its_moved_limit_a_guard_is_silent(
    cptdiff: Run, fifth_gone: tuple[Path, Path], limit: str
) -> None:
    done = cptdiff("diff", *fifth_gone, "--limit", limit)
    assert (done.returncode, done.stderr) == (0, "")
    assert "overridden" not in done.stdout


def test_to_allow_what_does_not_trip_changes_nothing(
    cptdiff: Run, same: tuple[str, ...], tables: tuple[str, ...]
) -> None:
    every = [word for name in GUARD_LIMITS for word in ("--allow", name)]
    for words in (same, tables):
        plain, allowed = cptdiff("diff", *words), cptdiff("diff", *words, *every)
        assert (allowed.returncode, allowed.stdout) == (0, plain.stdout)


def test_a_table_has_the_guards_that_were_asked_for(cptdiff: Run, tables: tuple[str, ...]) -> None:
    done = cptdiff("diff", *tables, "--limit", "deleted-share=10")
    assert done.returncode == 2
    assert "1 of 3 (33.3%) entries are deleted, more than 10%" in done.stderr
    done = cptdiff("diff", *tables, "--limit", "deleted-share=10", "--allow", "deleted-share")
    assert done.returncode == 3


@pytest.mark.parametrize("words", WRONG.values(), ids=WRONG)
def test_nonsense_is_wrong_usage(
    cptdiff: Run, tables: tuple[str, ...], words: tuple[str, ...]
) -> None:
    done = cptdiff("diff", *tables, *words)
    assert (done.returncode, done.stdout) == (2, "")
    assert words[0] in done.stderr


def test_the_help_names_every_guard_and_needs_no_polars(process: Run) -> None:
    program = "import sys; from cptdiff.cli import cli; cli(['diff', '-h'], standalone_mode=False)"
    done = process("-c", f"{program}; assert 'polars' not in sys.modules")
    assert done.returncode == 0, done.stderr
    # A line may end at a hyphen of a name.
    words = "".join(done.stdout.split())
    for name, limit in GUARD_LIMITS.items():
        assert (name if limit is None else f"{name}{limit:g}") in words


@pytest.mark.parametrize("pair", SAMPLES.values(), ids=SAMPLES)
def test_a_swapped_pair_is_refused_and_one_word_insists(
    cptdiff: Run, samples: Path, pair: tuple[str, str]
) -> None:
    turned = [samples / name for name in reversed(pair)]
    done = cptdiff("diff", *turned)
    assert (done.returncode, done.stdout) == (2, "")
    assert f"error[E301]: {pair[1]} and {pair[0]}: PREVIOUS (" in done.stderr
    assert done.stderr.endswith("or override: --allow swapped\n")
    assert cptdiff("diff", *turned, "--allow", "swapped").returncode == 3
