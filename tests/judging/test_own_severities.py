"""--severity: a user's own severities, in whatever plain form they are written."""

from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from tests.streams import list_warnings

Make = Callable[..., Path]
Run = Callable[..., CompletedProcess[str]]
Rows = Callable[[Path], list[dict[str, str]]]
Pair = tuple[str, ...]

FORMS = {
    "CSV with a header": "class,severity\nwhitespace,critical\nthreshold,info\n",
    "CSV without a header": "whitespace,critical\nthreshold,info\n",
    "quoted CSV": '"class","severity"\n"whitespace","critical"\n"threshold","info"\n',
    "a header of another name": "name;severity\nwhitespace;critical\nthreshold;info\n",
    "tabs": "whitespace\tcritical\nthreshold\tinfo\n",
    "TOML": '[severity]\nwhitespace = "critical"\nthreshold = "info" # ours\n',
    "YAML": "whitespace: critical\nthreshold: info\n",
    "plain words": "whitespace critical\nthreshold   info\n",
    "comments and blank lines": "# ours\n\n  whitespace critical # why not\n\nthreshold info\n",
    "capitals": "Whitespace CRITICAL\nTHRESHOLD Info\n",
    "a BOM and CRLF": "\ufeffclass,severity\r\nwhitespace,critical\r\nthreshold,info\r\n",
    "no end of line": "whitespace critical\nthreshold info",
}
# The file, the line that is refused, and what is said of it.
REFUSED = {
    "an unknown class": ("whitespace low\nblanks low\n", "own.csv:2", "blanks is not a class"),
    "an unknown severity": ("whitespace grave\n", "own.csv:1", "grave is not a severity"),
    "a class twice": (
        "whitespace low\n# and\nwhitespace high\n", "own.csv:3", "whitespace is given twice",
    ),
    "a class alone": ("whitespace\n", "own.csv:1", "is not of the form CLASS SEVERITY"),
    "three words": ("whitespace low high\n", "own.csv:1", "is not of the form CLASS SEVERITY"),
    "a sentence": ("spelling low\nNot ours.\n", "own.csv:2", "is not of the form CLASS SEVERITY"),
    "nothing at all": ("\n", "own.csv", "no data"),
    "turned": ("low whitespace\n", "own.csv:1", "low is not a class"),
}  # fmt: skip
TOLD = "Your own severities apply to: threshold info, whitespace critical."


@pytest.mark.parametrize("text", FORMS.values(), ids=FORMS)
def test_severities_of_ones_own_are_used_and_told(
    cptdiff: Run, rows: Rows, pair: Pair, tmp_path: Path, text: str
) -> None:
    (tmp_path / "own.csv").write_bytes(text.encode())
    done = cptdiff("diff", *pair, "--severity", tmp_path / "own.csv", "-o", tmp_path / "run")
    assert (done.returncode, list_warnings(done.stderr)) == (0, "")
    found = {row["code"]: row["severity"] for row in rows(tmp_path / "run" / "changes.csv")}
    assert (found["00992"], found["00994"], found["00993"]) == ("critical", "info", "low")
    fields = {row["code"]: row["severity"] for row in rows(tmp_path / "run" / "fields.csv")}
    assert (fields["00992"], fields["00994"]) == ("critical", "info")
    page = (tmp_path / "run" / "report.html").read_text("utf-8").replace("&#39;", "'")
    banner = page[page.index('class="banner"') : page.index("</header>")]
    for told in (" ".join(done.stdout.split()), banner):
        assert TOLD in told
    assert "00992: critical; spacing" in done.stdout


def test_ones_own_severities_decide_what_is_shown_and_what_fails(
    cptdiff: Run, make: Make, rows: Rows, pair: Pair, tmp_path: Path
) -> None:
    own = make(tmp_path / "own.csv", "reworded low\nscope low\nwhitespace critical\n")
    words = (*pair, "--severity", own, "--min-severity", "critical", "--fail-on", "critical")
    done = cptdiff("diff", *words, "-o", tmp_path / "changes.csv")
    assert done.returncode == 1
    assert [row["code"] for row in rows(tmp_path / "changes.csv")] == ["00992"]


@pytest.mark.parametrize("text", ["# nothing yet\n", "class,severity\n"])
def test_a_file_without_a_severity_changes_nothing(
    cptdiff: Run, make: Make, pair: Pair, tmp_path: Path, text: str
) -> None:
    own = make(tmp_path / "own.csv", text)
    with_own, without = (cptdiff("diff", *pair, *words) for words in ((), ("--severity", str(own))))
    assert (with_own.returncode, with_own.stdout) == (0, without.stdout)


@pytest.mark.parametrize("case", REFUSED.values(), ids=REFUSED)
def test_a_line_that_says_nothing_is_refused_with_its_number(
    cptdiff: Run, make: Make, pair: Pair, tmp_path: Path, case: tuple[str, str, str]
) -> None:
    text, place, wrong = case
    own = make(tmp_path / "own.csv", text)
    done = cptdiff("diff", *pair, "--severity", own, "-o", tmp_path / "x.csv")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert f"]: {place}: " in done.stderr
    assert wrong in done.stderr
    assert not (tmp_path / "x.csv").exists()


def test_a_file_that_is_none_is_refused(cptdiff: Run, pair: Pair, tmp_path: Path) -> None:
    for path, slug in ((tmp_path / "missing", "E101"), (tmp_path, "E102")):
        done = cptdiff("diff", *pair, "--severity", path)
        assert (done.returncode, done.stderr[:21]) == (2, f"cptdiff: error[{slug}]:")
