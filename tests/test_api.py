"""The Python API: plain words in, the command line's counts and guards out."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from subprocess import CompletedProcess

import polars as pl
import pytest

import cptdiff as library
from cptdiff import CodeSet, CptdiffError

Run = Callable[..., CompletedProcess[str]]

BEFORE = pl.DataFrame({"id": ["1", "2", "3"], "rate": [1.5, 2.0, 3.0], "text": ["a", "b", "c"]})
AFTER = pl.DataFrame({"id": ["1", "2", "4"], "rate": [1.5, 2.5, 3.0], "text": ["a", "b", "c"]})


@pytest.fixture(scope="module")
def pair() -> tuple[Path, Path]:
    home = Path(__file__).parents[1] / "sample_releases"
    return home / "cpt-2026-legacy.zip", home / "cpt-2027-legacy.zip"


def test_counts_are_those_of_the_command_line(cptdiff: Run, pair: tuple[Path, Path]) -> None:
    results = library.diff(*pair)
    told = json.loads(cptdiff("diff", *pair, "-o", "-", "--format", "json").stdout)
    for change, entries in (
        ("added", results.added), ("deleted", results.deleted), ("revised", results.revised),
        ("revised_attributes_only", results.attributes_only), ("transient", results.transient),
    ):  # fmt: skip
        assert entries.height == sum(counts[change] for counts in told["counts"].values())
    assert results.summary | {"notice": ""} == told


def test_a_release_that_was_loaded_is_compared_as_it_is(pair: tuple[Path, Path]) -> None:
    previous, current = map(library.load, pair)
    results = library.diff(previous, current)
    assert previous.code_set is CodeSet.CPT
    assert results.changes.current is current
    assert results.added.height == 206 + 2


def test_results_are_judged_again_as_if_they_were_compared_so(
    pair: tuple[Path, Path], tmp_path: Path
) -> None:
    own = tmp_path / "severities.csv"
    own.write_text("class,severity\nspelling,critical\n", "utf-8")
    options = library.Options(severity_file=own, shown=library.Shown.choose(["revised"]))
    results = library.diff(*pair)
    judged, compared = library.judge(results, options), library.compare(*pair, options)
    assert judged.entries.equals(compared.entries)
    assert judged.fields.equals(compared.fields)
    assert judged.summary == compared.summary
    assert not judged.entries.equals(results.entries)
    again = library.judge(judged, library.Options())
    assert again.entries.equals(results.entries)
    assert again.summary == results.summary
    assert judged.write(tmp_path / "report.html").read_bytes().startswith(b"<!doctype html>")


def test_what_was_withheld_or_never_read_is_not_judged_again(
    pair: tuple[Path, Path], tmp_path: Path
) -> None:
    short = library.diff(*pair, descriptors="short")
    with pytest.raises(CptdiffError, match='compare with descriptors="full"'):
        library.judge(short, library.Options())
    with pytest.raises(CptdiffError, match="is a DataFrame, not"):
        library.judge(BEFORE, library.Options())  # type: ignore[arg-type]
    both = [tmp_path / "a.csv", tmp_path / "b.csv"]
    rows = "".join(f"A{n:03},thing\n" for n in range(90))
    for path, last in zip(both, ("one", "two"), strict=True):
        path.write_text(f"code,name\n{rows}B1,{last}\nB2,x\n", "utf-8")
    lines = library.diff(*both, code_set="table")
    with pytest.raises(CptdiffError, match="holds only the rows that differed"):
        library.judge(lines, library.Options())


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("previous_date", "2026-01-01"),
        ("encodings", ("", "cp1252")),
        ("key", "id"),
        ("fields", ["rate"]),
        ("repair", "leading-zeros"),
    ],
)
def test_an_option_without_effect_on_a_loaded_release_is_refused(
    option: str, value: object
) -> None:
    both = [library.load(frame, key="id") for frame in (BEFORE, AFTER)]
    options = {"code_set": "table", option: value}
    with pytest.raises(CptdiffError, match=f"{option}: has no effect on a release that is loaded"):
        library.diff(*both, **options)  # type: ignore[arg-type] # any of them


def test_plain_words_stand_for_enums_dates_and_single_names(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("id,rate\n1,2\n")
    release = library.load(path, code_set="table", key="id", effective_date="2026-01-01")
    assert (release.code_set, release.effective_date) == (CodeSet.TABLE, date(2026, 1, 1))
    assert release.entries["code"].to_list() == ["1"]


WRONG: dict[str, tuple[dict[str, object], str]] = {
    "a code set": ({"code_set": "ICD"}, "code_set: ICD is not a code set. Fix: use one of cpt, "),
    "a date": ({"current_date": "1/1/2026"}, "current_date: 1/1/2026 is not a date. Fix: write YY"),
    "a date without hyphens": ({"previous_date": "20260101"}, "previous_date: 20260101 is not a "),
    "a number for a date": ({"current_date": 2026}, "current_date: 2026 is not a date"),
    "kinds as they are typed": (
        {"only": "revised,deleted"},
        (
            "only: revised,deleted is not a kind of change or of entry. Fix: use one or more of"
            " added, deleted, revised, transient, code, header, modifier"
        ),
    ),
    "a number for a kind": ({"only": 3}, "only: 3 is not a name or a list of names"),
    "a severity": (
        {"min_severity": "hi"},
        "min_severity: hi is not a severity. Fix: use one of info, low, medium, high, critical",
    ),
    "nothing for a severity": ({"min_severity": None}, "min_severity: None is not a word"),
    "a key without a table": (
        {"key": "id"},
        (
            'options: key, fields and encodings work only with code_set="table". Fix: give'
            ' code_set="table", or leave them out'
        ),
    ),
    "a column twice": (
        {"code_set": "table", "fields": ["id", "ID "]},
        "options: fields is given the same column twice. Fix: name each column once",
    ),
    "an encoding for both": ({"encodings": "cp1252"}, "encodings: 'cp1252' is not a pair of enc"),
    "a guard": ({"allow": "swap"}, "allow: swap is not a guard. Fix: use one of deleted-share, "),
    "a limit": (
        {"limit": {"deleted-shares": 0.01}},
        (
            "limit: deleted-shares is not a limit. Fix: use one of deleted-share, revised-share,"
            " code-set, size"
        ),
    ),
    "a limit in words": (
        {"limit": {"deleted-share": "x"}},
        "limit: 'x' is not a limit of deleted-share. Fix: give a percentage from 0 to 100",
    ),
    "a limit that is too large": ({"limit": {"deleted-share": 101}}, "limit: 101 is not a limit "),
    "no limit": ({"limit": {"deleted-share": float("nan")}}, "limit: nan is not a limit of "),
    "limits in a list": ({"limit": ["deleted-share"]}, "limit: ['deleted-share'] is not a dict"),
    "a total": (
        {"expect": {"add": 1}},
        "expect: add is not a change with a total. Fix: use one of added, deleted, revised",
    ),
    "totals as they are typed": (
        {"expect": "added=1"},
        "expect: 'added=1' is not a dictionary. Fix: give one, such as dict(added=288,",
    ),
    "a total in words": (
        {"expect": {"added": "x"}},
        "expect: 'x' is not a total of added codes. Fix: give a whole number, 0 or more",
    ),
    "a total below 0": ({"expect": {"added": -1}}, "expect: -1 is not a total of added codes"),
    "descriptors": (
        {"descriptors": "long"},
        "descriptors: long is not a choice of descriptors. Fix: use one of full, short, none",
    ),
    "a repair": ({"repair": "zeros"}, "repair: zeros is not a repair. Fix: use one of leading-z"),
    "a number for a path": ({"published": 1}, "published: 1 is not a path or a list of paths"),
    "a list for a path": ({"severity": [1]}, "severity: [1] is not a path or a list of paths"),
    "no source": ({"current": None}, "current: is a NoneType, which cptdiff does not read. Fix: "),
}


@pytest.mark.parametrize(("choices", "told"), WRONG.values(), ids=WRONG)
def test_a_wrong_option_is_one_line(
    pair: tuple[Path, Path], choices: dict[str, object], told: str
) -> None:
    both = dict(zip(("previous", "current"), pair, strict=True))
    with pytest.raises(CptdiffError) as caught:
        library.diff(**(both | choices))  # type: ignore[arg-type] # wrong on purpose
    assert str(caught.value).startswith(f"cptdiff: error[E001]: {told}")
    assert caught.value.exit_code == 2
    assert all((caught.value.place, caught.value.wrong, caught.value.fix))
    assert "--" not in str(caught.value)


# What is read, its options, and what the error says of the options that mend it.
ADVICE: dict[str, tuple[str, dict[str, object], str]] = {
    "a table without its name": ("code,fee\n1,2\n", {}, 'code_set="table" and key="COLUMN"'),
    "another key": ("id,fee\n1,2\n", {"code_set": "table"}, 'with key="COLUMN"'),
    "a table of blank keys": (
        "code,fee\n,2\n",
        {"code_set": "table"},
        'list the rows with `cptdiff inspect`, or override: allow="empty"',
    ),
    "letters": ("code,fee\n1,caf\xe9\n", {"code_set": "table"}, "encodings: cp1252"),
}


@pytest.mark.parametrize("case", ADVICE.values(), ids=ADVICE)
def test_an_error_names_options_as_python_has_them(
    tmp_path: Path, case: tuple[str, dict[str, object], str]
) -> None:
    text, options, fix = case
    paths = tmp_path / "2026.csv", tmp_path / "2027.csv"
    for path in paths:
        path.write_bytes(text.encode("latin-1"))
    with pytest.raises(CptdiffError) as caught:
        library.diff(*paths, **options)  # type: ignore[arg-type] # any of them
    assert fix in caught.value.fix
    assert "--" not in str(caught.value)


def test_a_codes_only_frame_is_no_code_set_of_a_publisher() -> None:
    with pytest.raises(CptdiffError, match="code_set: is cpt, but a data frame is a table"):
        library.diff(BEFORE, AFTER, code_set="cpt")


def test_a_repair_is_an_option_of_both_functions(tmp_path: Path) -> None:
    path = tmp_path / "LONGULT.txt"
    path.write_text("100\tA\n00102\tB\n")
    assert library.load(path, repair="leading-zeros").repaired == 1


def test_a_frame_is_a_table() -> None:
    results = library.diff(BEFORE, AFTER, key="id", allow="deleted-share")
    assert [frame["code"].to_list() for frame in (results.added, results.deleted)] == [["4"], ["3"]]
    rows = results.fields.select("code", "field", "previous", "current").rows()
    assert rows == [("2", "rate", "2", "2.5")]


def test_a_guard_holds_for_the_library_too(pair: tuple[Path, Path]) -> None:
    with pytest.raises(CptdiffError, match=r'E301.*allow="swapped"'):
        library.diff(*reversed(pair))
    assert library.diff(*reversed(pair), allow="swapped").overridden


def test_withheld_wording_is_in_no_table(pair: tuple[Path, Path]) -> None:
    results = library.diff(*pair, descriptors="none")
    assert set(results.entries["current_descriptor"]) == {""}


def test_what_a_notebook_shows_is_short(pair: tuple[Path, Path]) -> None:
    results = library.diff(*pair)
    assert repr(results).startswith("<CPT 2026 to CPT 2027: 206 added, 54 deleted, 69 revised, ")
    assert repr(results).endswith("; modifiers: 2 added, 1 deleted, 1 revised>")
    assert len(repr(results)) < 140
    assert "<td>206</td>" in results._repr_html_()
    assert repr(results.changes.current) == "<CPT 2027, 2027-01-01: 11,387 codes, 67 modifiers>"


def test_a_filter_changes_the_tables_and_not_the_counts(pair: tuple[Path, Path]) -> None:
    results = library.diff(*pair, only="deleted")
    assert (results.added.height, results.summary["counts"]["code"]["added"]) == (0, 206)
    assert results.summary["shown"]["counts"]["code"] | {"deleted": 0} == dict.fromkeys(
        ("added", "deleted", "revised", "revised_attributes_only", "transient"), 0
    )
    told = "<CPT 2026 to CPT 2027: 0 added, 54 deleted, 0 revised; modifiers: 1 deleted"
    assert repr(results) == f"{told} (showing 55 of 345 changes)>"
    none = repr(library.diff(*pair, only="transient"))
    assert none.endswith("None of the 345 changes match the filter>")


def test_one_entry_is_told_in_the_singular() -> None:
    release = library.load(BEFORE.head(1), key="id")
    assert repr(release).endswith(": 1 code>")


def test_nothing_changed_is_said_with_what_was_compared() -> None:
    assert repr(library.diff(BEFORE, BEFORE, key="id")).endswith("No changes: 3 entries compared>")
