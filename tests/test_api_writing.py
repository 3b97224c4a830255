"""Python writes and checks what the command line does, and takes tables from memory."""

import re
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import polars as pl
import pytest

import cptdiff as library
from cptdiff import CptdiffError, Options, Results

Run = Callable[..., CompletedProcess[str]]

SAMPLES = Path(__file__).parents[1] / "sample_releases"
PAIR = SAMPLES / "icd10cm-2026.zip", SAMPLES / "icd10cm-2027.zip"
BEFORE = pl.DataFrame({"id": ["1", "2", "3"], "rate": [1.5, 2.0, 3.0]})
AFTER = pl.DataFrame({"id": ["1", "2", "4"], "rate": [1.5, 2.5, 3.0]})


@pytest.fixture(scope="module")
def results() -> Results:
    return library.diff(*PAIR, min_severity="high", descriptors="short")


@pytest.fixture(scope="module")
def run(results: Results, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a run folder, for tests that leave it as it is."""
    return results.write(tmp_path_factory.mktemp("api") / "run")


class Capsule:
    """A table of a library that Polars does not know, but for its Arrow stream."""

    def __init__(self, frame: pl.DataFrame) -> None:
        self._frame = frame

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        return self._frame.__arrow_c_stream__(requested_schema)


@pytest.mark.parametrize(
    "name",
    ["run", "2027.01", "report.html", "changes.csv", "x.xlsx", "x.json", "x.md", "x.parquet",
     "fields.csv", "changes.json"],
)  # fmt: skip
def test_python_writes_the_bytes_of_the_command_line(
    cptdiff: Run, results: Results, tmp_path: Path, name: str
) -> None:
    (tmp_path / "cli").mkdir()
    options = ("--min-severity", "high", "--descriptors", "short")
    assert cptdiff("diff", *PAIR, *options, "-o", tmp_path / "cli" / name).returncode == 0
    assert results.write(tmp_path / name) == tmp_path / name
    assert contents(tmp_path / name) == contents(tmp_path / "cli" / name)


def contents(path: Path) -> dict[str, bytes]:
    files = path.iterdir() if path.is_dir() else [path]
    return {file.name: file.read_bytes() for file in files}


def test_a_notice_and_the_mark_for_excel_are_written_too(results: Results, tmp_path: Path) -> None:
    page = results.write(tmp_path / "x.html", notice="License 12 of the hospital")
    assert "License 12 of the hospital" in page.read_text("utf-8")
    assert results.write(str(tmp_path / "x.csv"), excel=True).read_bytes()[:3] == b"\xef\xbb\xbf"


UNWRITABLE = {
    "a folder that exists": ("run/", "E404"),
    "a suffix without a report": ("x.pdf", "E001"),
    "a folder that is missing": ("no/x.csv", "E402"),
    "nothing": ("", "E001"),
}


@pytest.mark.parametrize("case", UNWRITABLE.values(), ids=UNWRITABLE)
def test_what_cannot_be_written_is_an_error_and_leaves_nothing(
    results: Results, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, case: tuple[str, str]
) -> None:
    name, slug = case
    monkeypatch.chdir(tmp_path)
    (tmp_path / "run").mkdir()
    with pytest.raises(CptdiffError) as caught:
        results.write(name)
    assert caught.value.slug == slug
    assert "--" not in str(caught.value)
    assert [path.name for path in tmp_path.rglob("*")] == ["run"]


def test_an_input_is_not_written_over(tmp_path: Path) -> None:
    old, new = tmp_path / "old.csv", tmp_path / "new.csv"
    old.write_text("code,fee\n1,2\n")
    new.write_text("code,fee\n1,3\n")
    with pytest.raises(CptdiffError, match="E306"):
        library.diff(old, new, code_set="table", allow="revised-share").write(new)
    assert new.read_text() == "code,fee\n1,3\n"


def test_compare_takes_the_options_as_one_record() -> None:
    options = Options(code_set="table", keys=("id",), allowed=("deleted-share",))
    results = library.compare(BEFORE, AFTER, options)
    assert (results.added["code"].to_list(), results.options) == (["4"], options)


def test_the_guards_look_at_what_compare_compares() -> None:
    with pytest.raises(CptdiffError, match=r'E301.*allow="swapped"'):
        library.compare(PAIR[1], PAIR[0])


def test_options_of_another_kind_are_refused() -> None:
    with pytest.raises(CptdiffError, match=r"options: is a dict, not cptdiff\.Options"):
        library.compare(*PAIR, {"key": "id"})  # type: ignore[arg-type] # wrong on purpose


def test_a_run_folder_is_verified(run: Path) -> None:
    assert library.verify(run) == ()
    assert library.verify(str(run), against=PAIR) == ()


def test_a_changed_file_is_found(results: Results, tmp_path: Path) -> None:
    folder = results.write(tmp_path / "run")
    with (folder / "changes.csv").open("a") as stream:
        stream.write("x")
    found = library.verify(folder)
    assert {(finding.file, finding.check) for finding in found} >= {("changes.csv", "digest")}


def test_a_wrong_run_folder_is_an_error_in_words_of_python(run: Path, tmp_path: Path) -> None:
    with pytest.raises(CptdiffError, match=r"E340.*Fix: give a folder that `Results.write` wrote"):
        library.verify(tmp_path)
    with pytest.raises(CptdiffError, match=r"against: .* is not a pair of paths"):
        library.verify(run, against=PAIR[:1])  # type: ignore[arg-type] # wrong on purpose


def test_a_zip_in_bytes_is_read_as_its_file_is() -> None:
    found, filed = library.load(PAIR[0].read_bytes()), library.load(PAIR[0])
    assert found.entries.equals(filed.entries)
    assert (found.name, found.archive.sha256) == (filed.name, filed.archive.sha256)
    assert library.diff(PAIR[0].read_bytes(), PAIR[1]).added.height > 0


def test_the_name_of_bytes_tells_format_and_date() -> None:
    data = b"00001 A00     0 Cholera" + b" " * 54 + b"Cholera\r\n"
    data += (
        b"00002 A000    1 Cholera, biovar cholerae" + b" " * 37 + b"Cholera, biovar cholerae\r\n"
    )
    release = library.load(data, name="icd10cm_order_2027.txt")
    assert (release.name, release.counts) == ("ICD-10-CM FY2027", {"code": 1, "header": 1})


def test_a_name_for_what_has_one_is_refused() -> None:
    with pytest.raises(CptdiffError, match="name: is only for a source in bytes"):
        library.load(PAIR[0], name="a.zip")


def test_a_table_with_an_arrow_stream_is_a_table() -> None:
    results = library.diff(Capsule(BEFORE), Capsule(AFTER), key="id", allow="deleted-share")
    assert results.fields.select("code", "field", "previous", "current").rows() == [
        ("2", "rate", "2", "2.5")
    ]
    assert library.load(Capsule(BEFORE), key="id").entries.height == 3


def test_what_is_no_table_is_refused() -> None:
    for source in ([1, 2], {"a": [1]}, BEFORE.lazy()):
        with pytest.raises(
            CptdiffError, match=r"which cptdiff does not read\. Fix: give a path, by"
        ):
            library.load(source)  # type: ignore[arg-type] # wrong on purpose


def test_the_package_names_what_it_has() -> None:
    assert {"load", "diff", "compare", "verify", "Results", "__version__"} <= set(dir(library))
    assert all(hasattr(library, name) for name in library.__all__)
    assert library.__version__[:1].isdigit()


def test_every_column_of_the_tables_is_documented(results: Results) -> None:
    docs = SAMPLES.with_name("docs")
    told = {
        word
        for page in ("api.md", "outputs.md")
        for cell in re.findall(r"`([^`\n]+)`", (docs / page).read_text("utf-8"))
        for word in re.findall(r"\w+", cell)
    }
    frames = (results.entries, results.fields, results.crosswalk, results.reconciliation)
    for frame in (*frames, results.quarantine):
        assert set(frame.columns) <= told
    others = {
        column for frame in frames for column, dtype in frame.schema.items() if dtype != pl.String
    }
    assert others == {"kind", "family_codes", "rank", "priority", "strong"}
