"""cptdiff.toml: what it may say, which value wins, and one line for every mistake."""

import tomllib
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from cptdiff.cli.diff import diff
from tests.jobs.conftest import Write

Run = Callable[..., CompletedProcess[str]]
JOB = "[jobs.a]\nprevious = 'p.csv'\ncurrent = 'c.csv'\ncode_set = 'table'\n"
# What the file says, and what is told of it: the part, what is wrong, the fix.
MISTAKES = {
    "no toml": ("[jobs.a\n", "cptdiff.toml: is not TOML: ", "(at line 1, column 8)"),
    "a Windows path": (
        '[jobs.a]\nreleases = "C:\\new"\ncode_set = "C:\\quarters"\n',
        "is not TOML", r"Fix: write paths with / or in single quotes, such as 'C:\releases'",
    ),
    "empty": ("", "cptdiff.toml: has no jobs", "`cptdiff init` writes a file with"),
    "a job by itself": ("[cpt]\ncode_set = 'cpt'\n", "cpt is not a part", "as [jobs.cpt]"),
    "job for jobs": ("[job.cpt]\n", "job is not a part", "Fix: did you mean jobs?"),
    "a list of jobs": ("[[jobs]]\nname = 'cpt'\n", "cptdiff.toml: has no jobs", "[jobs.cpt]"),
    "a name with blanks": (JOB.replace("jobs.a", "jobs.'a b'"), "the name of a job", "rename it"),
    "no inputs": ("[jobs.a]\ncode_set = 'cpt'\n", "does not say what to", "add releases = FOLDER"),
    "half a pair": (JOB.replace("current = 'c.csv'\n", ""), "no current", "Fix: add current"),
    "both": (f"{JOB}releases = 'x'\n", "has both releases and previous", "keep releases, or"),
    "a pair for all": (
        f"[defaults]\ncurrent = 'c.csv'\n{JOB}", "[defaults]: current belongs", "in the job",
    ),
    "an unknown key": (f"{JOB}fail-on = 'high'\n", "fail-on is not known", "did you mean fail_on?"),
    "a near key": (f"{JOB}outputs = 'x'\n", "outputs is not known", "did you mean output?"),
    "a strange key": (f"{JOB}zzz = 'x'\n", "zzz is not known", "see `cptdiff run --help`"),
    "a key of the command": (f"{JOB}dry_run = true\n", "dry_run is not known", "Fix: "),
    "a flag in words": (f"{JOB}excel = 'yes'\n", '[jobs.a] excel: is "yes"', "write true or false"),
    "a flag for a text": (f"{JOB}code_set = true\n".replace("code_set = 'table'\n", ""),
                          "[jobs.a] code_set: is true", "give a text in quotes"),
    "a list for one": (f"{JOB}min_severity = ['low']\n", "min_severity: is a list", "one value"),
    "an empty text": (f"{JOB}severity = ''\n", '[jobs.a] severity: is ""', "give a text in quotes"),
    "a wrong severity": (f"{JOB}min_severity = 'hgh'\n", "'hgh' is not one of", "mean high?"),
    "a wrong limit": (f"{JOB}limit = {{ empty = 3 }}\n", "the limits are", "correct it"),
    "a wrong condition": (f"{JOB}fail_on = ['hihg']\n", "[jobs.a]: --fail-on", "mean high?"),
    "a wrong total": (f"{JOB}expect = {{ changed = 3 }}\n", "E331", "added=288"),
    "a clash": (f"{JOB.replace('table', 'cpt')}key = 'x'\n", "[jobs.a]: --key", "correct it"),
    "no code set": ("[jobs.a]\nreleases = 'x'\n", "releases needs a code_set", "icd10pcs"),
    "tables by date": (
        "[jobs.a]\nreleases = 'x'\ncode_set = 'table'\n", "of your own has none", "give previous",
    ),
    "a date for the latest": (
        "[jobs.a]\nreleases = 'x'\ncode_set = 'cpt'\ncurrent_date = 2027-01-01\n",
        "previous_date and current_date work only with", "name the two releases",
    ),
    "a file that is not there": (
        f"{JOB}crosswalk = ['mine.csv']\n", "no such file: mine.csv", "put the file there",
    ),
    "a notice that is not there": (
        f"{JOB}notice = 'notice.txt'\n", "notice: no such file: notice.txt", "put the file there",
    ),
    "a brace": (f"{JOB}output = 'x/{{current'\n", "has a single { or }", "write a name in braces"),
    "a placeholder": (f"{JOB}output = 'x/{{year}}'\n", "{year} is not known", "{current}"),
    "a report": (f"{JOB}output = 'x/{{job}}.html'\n", "is the name of a file", "leave out .html"),
    "one place for two": (
        f"{JOB}output = './x/{{job}}'\n{JOB.replace('jobs.a', 'jobs.b')}output = 'x/a'\n",
        "[jobs.b]: writes to the same folders as job a", "put {job} into output",
    ),
    "a numbered folder of another job": (
        f"[defaults]\noutput = 'x/{{job}}'\n{JOB}{JOB.replace('jobs.a', 'jobs.a-2')}",
        "[jobs.a-2]: x/{job} may be the name of a later run folder of job a", "{job}/{current}",
    ),
    "a numbered folder of a later job": (
        f"[defaults]\noutput = 'x/{{job}}'\n{JOB.replace('jobs.a', 'jobs.a-12')}{JOB}",
        "[jobs.a-12]: x/{job} may be the name of a later run folder of job a", "{job}/{current}",
    ),
    "below a run folder of another job": (
        f"{JOB}output = 'x/y'\n{JOB.replace('jobs.a', 'jobs.b')}output = 'x/y/{{current}}'\n",
        "[jobs.b]: x/y/{current} is inside the run folders of job a", "{job}/{current}",
    ),
    "below a numbered folder": (
        f"{JOB}output = 'x/y'\n{JOB.replace('jobs.a', 'jobs.b')}output = 'x/y-3/{{job}}/z'\n",
        "[jobs.b]: x/y-3/{job}/z is inside the run folders of job a", "{job}/{current}",
    ),
}  # fmt: skip


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_in_the_file_is_told_in_one_line_before_any_job_starts(
    cptdiff: Run, desk: Path, write: Write, mistake: str
) -> None:
    text, wrong, fix = MISTAKES[mistake]
    # A job that could run stands before it.
    good = JOB.replace("jobs.a", "jobs.good")
    (desk / "p.csv").write_text("code,text\nA1,One\n", "utf-8")
    (desk / "c.csv").write_text("code,text\nA1,Once\n", "utf-8")
    write(f"{text}\n{good}" if text.startswith("[jobs.") and mistake != "no toml" else text)
    done = cptdiff("run")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1), done.stderr
    slug = {"a wrong total": "E331", "a wrong condition": "E001"}.get(mistake, "E361")
    assert done.stderr.startswith(f"cptdiff: error[{slug}]: cptdiff.toml")
    assert wrong in done.stderr
    assert " Fix: " in done.stderr
    assert fix in done.stderr, done.stderr
    assert not (desk / "reports").exists()


def test_without_a_file_the_message_names_the_command_that_writes_one(
    cptdiff: Run, desk: Path
) -> None:
    done = cptdiff("run")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "error[E360]: cptdiff.toml: no such file. Fix: run `cptdiff init FOLDER`" in done.stderr
    (desk / "cptdiff.toml").mkdir()
    done = cptdiff("run")
    assert "error[E360]: cptdiff.toml: cannot be read (Is a directory)" in done.stderr


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_a_file_as_windows_saves_it_is_read_or_refused_by_its_encoding(
    cptdiff: Run, desk: Path, encoding: str
) -> None:
    text = f"# Gebühren\n{JOB}"
    (desk / "cptdiff.toml").write_bytes(text.encode(encoding))
    done = cptdiff("run", "--print-config")
    if encoding == "utf-8-sig":
        assert (done.returncode, done.stderr) == (0, "")
    else:
        assert "is not UTF-8. Fix: save it as UTF-8" in done.stderr


def test_an_unknown_job_is_told_with_the_nearest_one(cptdiff: Run, write: Write) -> None:
    write(JOB.replace("jobs.a", "jobs.hcpcs"))
    done = cptdiff("run", "--job", "hcpc")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "cptdiff.toml has no job hcpc. Fix: did you mean hcpcs?" in done.stderr


@pytest.mark.parametrize(
    ("word", "fix"), [("jobs.toml", "--config jobs.toml"), ("cpt", "--job cpt")]
)
def test_a_word_that_stands_alone_is_told_with_the_option_that_was_meant(
    cptdiff: Run, write: Write, word: str, fix: str
) -> None:
    write(JOB)
    done = cptdiff("run", word)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert f"{word} stands alone. Fix: write `cptdiff run {fix}`" in done.stderr


def test_an_unknown_variable_is_told_with_the_nearest_one(
    cptdiff: Run, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(JOB)
    monkeypatch.setenv("CPTDIFF_MIN_SEVERTY", "low")
    done = cptdiff("run")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "CPTDIFF_MIN_SEVERTY: is an environment variable that" in done.stderr
    assert "did you mean CPTDIFF_MIN_SEVERITY?" in done.stderr


def test_a_variable_is_read_without_the_blanks_around_it_and_a_blank_one_is_not_set(
    cptdiff: Run, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(JOB)
    monkeypatch.setenv("CPTDIFF_DESCRIPTORS", " short ")
    monkeypatch.setenv("CPTDIFF_OUTPUT", "  ")
    monkeypatch.setenv("CPTDIFF_EXPECT", "\t")
    found = read_printed(cptdiff("run", "--print-config"))
    assert found["descriptors"] == ('"short"', "environment CPTDIFF_DESCRIPTORS")
    assert found["output"] == ('"reports/{job}/{current}"', "default")
    assert "expect" not in found


def read_printed(done: CompletedProcess[str]) -> dict[str, tuple[str, str]]:
    """Give each printed key's value and where it comes from."""
    assert (done.returncode, done.stderr) == (0, "")
    lines = (line.partition("  # ") for line in done.stdout.splitlines() if " = " in line)
    return {line.partition(" = ")[0]: (line.partition(" = ")[2], where) for line, _, where in lines}


def test_a_flag_wins_over_the_environment_over_the_job_over_the_defaults(
    cptdiff: Run, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(
        "[defaults]\nmin_severity = 'info'\ndescriptors = 'none'\nexcel = true\nkey = 'x'\n"
        f"{JOB}min_severity = 'low'\ndescriptors = 'short'\nexcel = false\n"
    )
    monkeypatch.setenv("CPTDIFF_MIN_SEVERITY", "medium")
    monkeypatch.setenv("CPTDIFF_DESCRIPTORS", "full")
    monkeypatch.setenv("CPTDIFF_ALLOW", "case empty")
    found = read_printed(cptdiff("run", "--print-config", "--min-severity", "high"))
    assert found["min_severity"] == ('"high"', "option --min-severity")
    assert found["descriptors"] == ('"full"', "environment CPTDIFF_DESCRIPTORS")
    assert found["allow"] == ('["case", "empty"]', "environment CPTDIFF_ALLOW")
    assert found["excel"] == ("false", "cptdiff.toml [jobs.a]")
    assert found["key"] == ('["x"]', "cptdiff.toml [defaults]")
    assert found["exit_code"] == ("false", "default")


def test_the_printed_file_is_a_file_of_jobs_that_says_the_same(
    cptdiff: Run, desk: Path, write: Write
) -> None:
    write(
        f"{JOB}limit = {{ deleted-share = 12.5, revised-share = 40 }}\n"
        "expect = 'added=1,deleted=2'\n"
        "current_date = 2027-01-01\nonly = ['added', 'deleted']\nnotice = 'Made-up \"notice\"'\n"
        "encoding = 'current=cp1252'\nallow = 'case'\nfail_on = ['severity>=high', 'deleted>5']\n"
    )
    printed = cptdiff("run", "--print-config").stdout
    job = tomllib.loads(printed)["jobs"]["a"]
    assert job["limit"] == {"deleted-share": 12.5, "revised-share": 40}
    assert job["notice"] == 'Made-up "notice"'
    (desk / "cptdiff.toml").write_text(printed, "utf-8")
    again = cptdiff("run", "--print-config").stdout
    assert tomllib.loads(again) == tomllib.loads(printed)


def test_what_a_job_says_of_columns_is_printed_as_the_file_takes_it(
    cptdiff: Run, desk: Path, write: Write
) -> None:
    write(
        f"{JOB}column = ['fee=number', 'Zip Code=text']\n"
        "tolerance = { fee = 12.3456789, 'Unit Fee' = 5 }\nexpect = { added = 1234567 }\n"
    )
    done = cptdiff("run", "--print-config")
    assert (done.returncode, done.stderr) == (0, "")
    job = tomllib.loads(done.stdout)["jobs"]["a"]
    assert job["column"] == {"fee": "number", "Zip Code": "text"}
    assert job["tolerance"] == {"fee": 12.3456789, "Unit Fee": 5}
    assert job["expect"] == {"added": 1234567}
    (desk / "cptdiff.toml").write_text(done.stdout, "utf-8")
    again = cptdiff("run", "--print-config").stdout
    assert tomllib.loads(again) == tomllib.loads(done.stdout)


def test_every_option_of_diff_may_stand_in_the_file_and_in_the_environment(
    cptdiff: Run, write: Write
) -> None:
    write(JOB)
    printed = cptdiff("run", "--print-config").stdout
    names = {max(option.opts, key=len) for option in diff.params if option.opts[0][:1] == "-"}
    # Of the command, not of a job: a mistake in the file is told in this form too.
    names -= {"--output", "--format", "--open", "--debug", "--log-format"}
    assert len(names) > 20
    for name in names:
        key = name.removeprefix("--").replace("-", "_")
        assert f"{key} = " in printed or f"# {key}: not set" in printed


def test_paths_are_seen_from_the_folder_of_the_file(
    cptdiff: Run, desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = desk / "home"
    home.mkdir()
    (home / "p.csv").write_text("code,text\nA1,One\nA2,Two\nA3,Three\nA4,Four\n", "utf-8")
    (home / "c.csv").write_text("code,text\nA1,One\nA2,Two\nA3,Three\nA5,Four\n", "utf-8")
    (home / "x.csv").write_text("old code,new code\nA4,A5\n", "utf-8")
    (home / "notice.txt").write_text("A made-up notice.\n", "utf-8")
    more = "crosswalk = 'x.csv'\nnotice = 'notice.txt'\nlimit = { deleted-share = 50 }\n"
    (home / "cptdiff.toml").write_text(f"{JOB}{more}", "utf-8")
    told = []
    for folder, config in ((desk, "home/cptdiff.toml"), (home, "cptdiff.toml")):
        monkeypatch.chdir(folder)
        done = cptdiff("run", "--config", config)
        assert done.returncode == 0, done.stderr
        told.append(done.stderr)
    assert ": up to date: reports/a/c (" in told[1]
    assert ",A4,Four,A5,Four," in (home / "reports/a/c/crosswalk.csv").read_text("utf-8")
    assert "A made-up notice." in (home / "reports/a/c/summary.md").read_text("utf-8")
    # A path on the command line is one of the current folder.
    done = cptdiff("run", "--output", str(desk / "elsewhere/{job}"))
    assert (desk / "elsewhere" / "a" / "manifest.json").exists(), done.stderr


@pytest.mark.parametrize(
    ("pattern", "words"),
    [("p*.csv", "matches no file or folder"), ("*.csv", "matches 2 paths (c.csv, d.csv)")],
)
def test_a_pattern_that_fits_not_exactly_one_path_fails_the_job(
    cptdiff: Run, desk: Path, write: Write, pattern: str, words: str
) -> None:
    for name in ("c.csv", "d.csv"):
        (desk / name).write_text("code,text\nA1,One\n", "utf-8")
    write(JOB.replace("p.csv", pattern))
    done = cptdiff("run")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert f"error[E362]: job a: {pattern}: {words}" in done.stderr


def test_folders_whose_names_only_look_like_those_of_another_job_are_fine(
    cptdiff: Run, write: Write
) -> None:
    names = ("a", "a-1", "a-02", "a2", "b-2", "b-3")
    jobs = "".join(JOB.replace("jobs.a", f"jobs.{name}") for name in names)
    write(f"[defaults]\noutput = 'x/{{job}}'\n{jobs}")
    assert cptdiff("run", "--print-config").returncode == 0
    more = JOB.replace("jobs.a", "jobs.a-2")
    write(f"[defaults]\noutput = 'x/{{job}}/{{current}}'\n{jobs}{more}")
    assert cptdiff("run", "--print-config").returncode == 0
