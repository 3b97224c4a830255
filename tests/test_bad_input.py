"""What is refused, in one line, and what is set aside."""

import csv
import io
import json
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from subprocess import CompletedProcess

import pytest

Run = Callable[..., CompletedProcess[str]]
Content = bytes | str | Mapping[str, bytes | str] | None
Make = Callable[[Path, Content], Path]
Aside = tuple[str, str, str, str, tuple[str, ...], Mapping[str, str]]
Words = tuple[str, ...]

SAMPLES = Path(__file__).parents[1] / "sample_releases"
CPT = "cpt-2026-legacy.zip"
TABLE = ("--code-set", "table")
SOUND = "00100\tMade-up numbing\r\n00102\tMade-up a\r\n00104\tMade-up c\r\n"
CONSOLIDATED = "Concept Id\tCPT Code\tLong\tMedium\tShort\r\n"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512)


def packed(members: Mapping[str, str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return buffer.getvalue()


def locked(data: bytes) -> bytes:
    """Set the flag of a password in the local header and in the directory."""
    at = data.index(b"PK\x01\x02") + 8
    return data[:6] + b"\x01" + data[7:at] + b"\x01" + data[at + 1 :]


PACKED = packed({"LONGULT.txt": SOUND})
ALTERED = PACKED.replace(b"numbing", b"humming")
LISTED = "Order\tCode\tText\r\n01200\tB00\tMade-up a\r\n01201\tB01\tMADE-UP B\r\n"
CM = "00001 A000    1 " + "Made-up short".ljust(61) + "Made-up long\r\n"
SETS = {"icd10cm_order_2026.txt": CM, "icd10pcs_order_2026.txt": CM.replace("A000   ", "0016070")}
TWO = {"a/LONGULT.txt": SOUND, "b/LONGULT.txt": SOUND}
BAD: dict[str, tuple[str, Content, str, Words]] = {
    "missing file": ("none.zip", None, "E101", ("none.zip", "no such file")),
    "empty folder": ("f", {}, "E102", ("f: contains no files",)),
    "no known file": (
        "f",
        {"notes.md": "hello"},
        "E185",
        ("f: contains no file that cptdiff reads",),
    ),
    "a folder of zips": (
        "f",
        {"2026.zip": "x", "2027.zip": "x"},
        "E185",
        ("the folder contains 2 zips and no release", "2026.zip. Fix: give one of its zips"),
    ),
    "a zip in a folder": ("f", {"2026.zip": "x"}, "E185", ("Fix: give 2026.zip",)),
    "a list of changes": (
        "f",
        {"HCPC2027_Corrections.txt": "x", "HCPC2027_Corrections_README.txt": "x"},
        "E185",
        ("contains a list of changes (HCPC2027_Corrections.txt), but no release", "--published"),
    ),
    "the file of a list": ("HCPC2027_Corrections.txt", "x\n", "E163", ("--published",)),
    "unknown format": ("notes.txt", "hello\n", "E163", ("notes.txt", "cptdiff formats")),
    "tabbed list": ("LIST26.txt", LISTED, "E163", ("not in a format", "--code-set table --key")),
    "old workbook": ("HCPC2026_ANWEB.xls", OLE, "E1", (".xlsx",)),
    "empty file": ("LONGULT.txt", b"", "E110", ("LONGULT.txt", "no data")),
    "empty table": ("t.csv", b"", "E110", ("t.csv", "no data")),
    "byte order mark": ("LONGULT.txt", b"\xef\xbb\xbf", "E110", ("no data",)),
    "header only": ("t.csv", "code,name\n", "E111", ("t.csv", "no rows")),
    "list's header only": ("ConsolidatedCodeList.txt", CONSOLIDATED, "E111", ("no rows",)),
    "preamble only": ("LONGULT.txt", "Prose.\n", "E163", ("LONGULT.txt",)),
    "wrong key": ("t.csv", "id,name\n1,a\n", "E163", ("code", "id", "name")),
    "doubled column": (
        "t.csv",
        "code,name,Code\n1,a,b\n",
        "E162",
        ("Code", "two columns have the same name"),
    ),
    "broken quote": ("t.csv", 'code,name\n1,a\n2,"6" tube\n', "E153", ("t.csv:3",)),
    "PDF as text": ("LONGULT.txt", b"%PDF-1.4\n", "E130", ("PDF",)),
    "picture as text": ("MEDU.txt", b"\x89PNG\r\n\x1a\n", "E130", ("picture",)),
    "page as table": ("t.csv", "<!DOCTYPE html><p>", "E130", ("web page",)),
    "zip of nothing": ("LONGULT.txt", packed({}), "E1", ("zip",)),
    "empty zip": ("r.zip", packed({}), "E102", ("r.zip", "no files")),
    "cut zip": ("r.zip", PACKED[:-30], "E187", ("r.zip", "damaged")),
    "altered zip": ("r.zip", ALTERED, "E187", ("LONGULT.txt", "damaged")),
    "locked zip": ("r.zip", locked(PACKED), "E182", ("password",)),
    "two candidates": ("f", TWO, "E184", ("a/LONGULT.txt", "b/LONGULT.txt")),
    "two code sets": ("f", SETS, "E183", ("ICD-10-CM", "ICD-10-PCS", "--code-set")),
}


def assert_refused(done: CompletedProcess[str], slug: str, words: Words = ()) -> None:
    assert done.returncode == 2, done.stderr
    assert done.stdout == ""
    assert done.stderr.startswith(f"cptdiff: error[{slug}"), done.stderr
    assert done.stderr.count("\n") == done.stderr.endswith("\n") == 1
    assert " Fix: " in done.stderr
    assert len(done.stderr) <= 301
    for word in words:
        assert word in done.stderr


@pytest.fixture
def into(cptdiff: Run, tmp_path: Path) -> Run:
    """Compare two paths, the first as the side that is asked for, into a run folder."""

    def run(path: Path, other: Path, side: str, *options: str) -> CompletedProcess[str]:
        pair = (path, other) if side == "previous" else (other, path)
        return cptdiff("diff", *pair, *options, "-o", tmp_path / "run", "-o", tmp_path / "x.csv")

    return run


@pytest.mark.parametrize("side", ["previous", "current"])
@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
def test_bad_input_is_refused_in_one_line_and_nothing_is_written(
    into: Run, make: Make, tmp_path: Path, *, bad: tuple[str, Content, str, Words], side: str
) -> None:
    name, content, slug, words = bad
    path = make(tmp_path / "in" / name, content)
    own = name.endswith(".csv")
    good = SAMPLES / ("table-2026.csv" if own else CPT)
    assert_refused(into(path, good, side, *TABLE[: 2 * own]), slug, words)
    assert [path.name for path in tmp_path.iterdir()] == ["in"]


def test_a_list_of_three_columns_is_inspected_as_no_known_format(
    cptdiff: Run, make: Make, tmp_path: Path
) -> None:
    for text in (LISTED, LISTED.upper(), LISTED.replace("\r\n", "\r"), LISTED.replace("\r", "")):
        done = cptdiff("inspect", make(tmp_path / "LIST26.txt", text))
        assert_refused(done, "E163", ("not in a format cptdiff reads", "--code-set table --key"))


@pytest.mark.parametrize("text", [SOUND, SOUND.upper(), SOUND.replace("\r", ""), f"\r\n{SOUND}"])
def test_a_list_of_two_columns_is_known_by_its_content(
    cptdiff: Run, make: Make, tmp_path: Path, text: str
) -> None:
    done = cptdiff("inspect", make(tmp_path / "list.txt", text))
    assert (done.returncode, "3 codes" in done.stdout) == (0, True)


@pytest.mark.parametrize("turned", [1, -1])
def test_two_code_sets_are_not_compared(cptdiff: Run, turned: int) -> None:
    pair = [SAMPLES / CPT, SAMPLES / "hcpcs-2026-january.zip"][::turned]
    assert_refused(cptdiff("diff", *pair), "E303", ("CPT", "HCPCS Level II"))


def test_a_word_too_few_is_told_in_one_line(cptdiff: Run) -> None:
    for words in (("diff",), ("diff", "one.zip"), ("inspect",)):
        assert_refused(cptdiff(*words), "E001")


def test_a_path_is_not_compared_with_itself(cptdiff: Run, make: Make, tmp_path: Path) -> None:
    file = make(tmp_path / "r" / "LONGULT.txt", SOUND)
    (tmp_path / "link.txt").symlink_to(file)
    (tmp_path / "other").symlink_to(tmp_path / "r")
    (tmp_path / "hard.txt").hardlink_to(file)
    dotted = f"{tmp_path}/r/./LONGULT.txt"
    for again in (file, dotted, tmp_path / "link.txt", tmp_path / "hard.txt"):
        assert_refused(cptdiff("diff", file, again), "E305")
    assert_refused(cptdiff("diff", tmp_path / "r", tmp_path / "other"), "E305")


@pytest.mark.parametrize(
    ("options", "word"),
    [
        (("--key", "code"), "--code-set table"),
        (("--field", "name"), "--code-set table"),
        (("--previous-date", "01/02/2026"), "--previous-date"),
        (("--current-date", "2026-02-30"), "--current-date"),
        (("--code-set", "cdt"), "cpt"),
        (("--format", "html"), "-o -"),
        (("-o", "-", "--format", "yaml"), "yaml"),
        (("--" + "long" * 100,), "longlong"),
    ],
)
def test_wrong_usage_is_refused(cptdiff: Run, options: tuple[str, ...], word: str) -> None:
    pair = [SAMPLES / CPT, SAMPLES / "cpt-2027-legacy.zip"]
    assert_refused(cptdiff("diff", *pair, *options), "E001", (word,))


TWICE = SOUND.replace("00104", "00102\tMade-up b\r\n00104")
MEDU = {"MEDU.txt": "00100 MADE-UP NUMBING\r\n00102 MADE-UP A\r\n00104 MADE-UP C\r\n"}
NO_CODE = SOUND + "0010X\tMade-up\r\n00106\tMade-up last\r\n"
NAMES = "code,name\nA1,a\nA2,b\nA3,c\n"

# By name: a file, its sound text, one of which lines are set aside, their code, what lies beside.
ASIDE: dict[str, Aside] = {
    "no code": ("LONGULT.txt", SOUND, NO_CODE, "0010X", ("4",), {}),
    "twice": ("LONGULT.txt", SOUND, TWICE, "00102", ("2", "3"), {}),
    "twice in one of two files": ("LONGULT.txt", SOUND, TWICE, "00102", ("2", "3"), MEDU),
    "a cell too many in a table": ("t.csv", NAMES, NAMES + "A4,d,e\n", "A4", ("5",), {}),
}


@pytest.mark.parametrize("side", ["previous", "current"])
@pytest.mark.parametrize("aside", ASIDE.values(), ids=ASIDE)
def test_a_row_that_is_set_aside_is_told_and_makes_no_change(
    into: Run, make: Make, tmp_path: Path, aside: Aside, side: str
) -> None:
    name, sound, faulty, code, _, beside = aside
    texts = {"f": faulty, "s": sound}
    pair = [make(tmp_path / at, {name: text, **beside}) for at, text in texts.items()]
    own = name == "t.csv"
    done = into(*[path / name if own else path for path in pair], side, *TABLE[: 2 * own])
    assert done.returncode == 3
    assert "excluded and not compared" in " ".join(done.stdout.split())
    page = (tmp_path / "run" / "report.html").read_text("utf-8")
    assert "excluded and not compared" in page[page.index("<header>") : page.index("</header>")]
    assert f",{code}," not in (tmp_path / "run" / "changes.csv").read_text("utf-8")
    assert_listed((tmp_path / "run" / "quarantine.csv").read_text("utf-8"), aside, side)


def assert_listed(text: str, aside: Aside, side: str) -> None:
    name, _, _, code, lines, _ = aside
    found = list(csv.DictReader(io.StringIO(text)))
    assert text.startswith("side,source,member,line,byte,column,fault,raw,fix\n")
    source = name if name == "t.csv" else "f"
    assert [(row["side"], row["source"], row["member"], row["line"]) for row in found] == [
        (side, source, name, line) for line in lines
    ]
    assert all(row["fault"] and code in row["raw"] for row in found)


ALL_ASIDE = {
    "two causes": ("t.csv", NAMES, "code,name\nA1\nA1,a,b\nA2,b,c\n", (
        "all 3 rows were excluded, 2 of them for one reason (E152: has 3 cells",
    )),
    "one cause": ("LONGULT.txt", SOUND, "00100\ta\tb\r\n00102\ta\tb\r\n", (
        "all 2 rows were excluded (E152: has more cells than the header)",
    )),
}  # fmt: skip


def test_a_key_that_is_on_every_row_is_compared_and_told_with_the_way_to_a_better_one(
    into: Run, make: Make, tmp_path: Path
) -> None:
    path = make(tmp_path / "t.csv", "code,name\nA1,a\nA1,b\n")
    done = into(path, make(tmp_path / "u.csv", NAMES), "current", *TABLE)
    assert done.returncode == 0
    told = "--key code --key name gives each row a key of its own"
    assert told in " ".join(done.stdout.split())


@pytest.mark.parametrize("side", ["previous", "current"])
@pytest.mark.parametrize("aside", ALL_ASIDE.values(), ids=ALL_ASIDE)
def test_where_every_row_is_set_aside_the_most_frequent_cause_is_told(
    into: Run, make: Make, tmp_path: Path, aside: tuple[str, str, str, Words], side: str
) -> None:
    name, sound, faulty, words = aside
    pair = [make(tmp_path / at / name, text) for at, text in (("f", faulty), ("s", sound))]
    done = into(*pair, side, *TABLE[: 2 * name.endswith(".csv")])
    assert_refused(done, "E310", (*words, "cptdiff inspect", "--allow empty"))


def test_equal_rows_collapse_and_are_told(into: Run, make: Make, tmp_path: Path) -> None:
    sound = make(tmp_path / "sound.csv", NAMES)
    done = into(make(tmp_path / "t.csv", NAMES + "A2,b\nA2,b\n"), sound, "previous", *TABLE)
    assert done.returncode == 0
    assert "No changes: 3 entries compared" in done.stdout
    assert "exact duplicates of another row, counted once: 2" in done.stdout
    counts = json.loads((tmp_path / "run" / "summary.json").read_text("utf-8"))["rows"]
    assert counts["previous"] == {"read": 5, "kept": 3, "collapsed": 2, "quarantined": 0}


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        (("cod",), "has no column cod, which is the key; columns found: code, name."),
        (("code", "site"), "has no header with the key columns code and site; columns found: "),
    ],
)
def test_a_key_that_no_column_has_is_refused_with_the_columns(
    cptdiff: Run, make: Callable[..., Path], tmp_path: Path, keys: tuple[str, ...], told: str
) -> None:
    pair = [make(tmp_path / name, "code,name\nA,wax\n") for name in ("a.csv", "b.csv")]
    words = [word for key in keys for word in ("--key", key)]
    done = cptdiff("diff", *pair, "--code-set", "table", *words)
    assert done.returncode == 2
    assert f"error[E163]: a.csv: {told}" in done.stderr
    general = "name the column that identifies a row with --key COLUMN\n"
    assert done.stderr.endswith('Fix: use --key "code"\n' if keys == ("cod",) else general)


def test_a_symbolic_link_to_nothing_is_refused_as_such(cptdiff: Run, tmp_path: Path) -> None:
    link = tmp_path / "cpt-2027.zip"
    link.symlink_to("nowhere.zip")
    done = cptdiff("inspect", link)
    told = (
        f"{link}: is a symbolic link to nowhere.zip, which does not exist. Fix: restore that file"
    )
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert told in done.stderr
