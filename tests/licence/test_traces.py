"""Where wording hides: rows set aside, published lists, crosswalks, notes, error lines."""

import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from tests.licence.wording import leaks, runs

Make = Callable[..., Path]
Outputs = Callable[..., dict[str, str]]
Run = Callable[..., CompletedProcess[str]]

either = pytest.mark.parametrize("descriptors", ["none", "short"])
DELETED = "Tempering of copper bushing by candle"
GONE = "Etching of marble ratchet, twice nightly"
BROKEN = "waxing of granite spindle with feather"
REMARK = "formerly gilding of velvet pulley indoors"
SAID = "the wording now reads plating of walnut crank"
TRAILER = "stencilling of porcelain axle remains"
SECRET = runs([DELETED, GONE, BROKEN, REMARK, SAID, TRAILER])

LONGULT = {
    "previous": f"00100\tPolishing of brass gudgeon\n00200\t{DELETED}\n00300\t{GONE}\n"
    "00400\tOiling of tin flange\n00500\tSealing of oak hatch\n00800\tLacing of pine drum\n",
    "current": "00100\tPolishing of brass gudgeon\n00400\tOiling of tin flange, daily\n"
    f"{BROKEN}\n00600\tBuffing of zinc lever\n00700\tDusting of lead louvre\n"
    f"00500\tSealing of oak hatch\n00500\t{BROKEN}\n",
}
# A link that says more than codes, and one whose chain goes on through a deleted code.
CROSSWALK = (
    f"code,replacement,note\n00200,00300,{REMARK}\n00300,00600,{SAID}\n00800,none,{REMARK}\n"
)
PUBLISHED = (
    f"code,change,note\n00200,deleted,{DELETED}\n00700,revised,{SAID}\n"
    f"00100,revised text: {SAID},{REMARK}\n00400,no change,\n"
)


def bundle(make: Make, folder: Path, side: str, year: int) -> str:
    text = LONGULT[side].replace("\n", "\r\n")
    return str(make(folder / f"CPT {year}", {"LONGULT.txt": text}))


@pytest.fixture
def words(make: Make, tmp_path: Path) -> tuple[str, ...]:
    """Give the words of a comparison in which wording stands wherever it can."""
    folder = tmp_path / "in"
    return (
        bundle(make, folder, "previous", 2026),
        bundle(make, folder, "current", 2027),
        *("--crosswalk", str(make(folder / "own.csv", CROSSWALK))),
        *("--published", str(make(folder / "list.csv", PUBLISHED))),
        *("--allow", "deleted-share", "--allow", "revised-share"),
    )


def test_wording_hides_in_notes_and_in_rows_that_were_set_aside(
    outputs: Outputs, words: tuple[str, ...]
) -> None:
    places = {"crosswalk.csv", "quarantine.csv", "reconciliation.csv", "report.html", "stdout"}
    assert places <= leaks(SECRET, outputs(*words)).keys()


@either
def test_it_is_withheld_there_too(
    outputs: Outputs, words: tuple[str, ...], descriptors: str
) -> None:
    found = outputs(*words, "--descriptors", descriptors)
    assert leaks(SECRET, found) == {}
    assert "quarantine.csv" in found


def test_a_row_that_was_set_aside_is_known_by_its_code_alone(
    cptdiff: Run, words: tuple[str, ...], tmp_path: Path, rows: Callable[..., list[dict[str, str]]]
) -> None:
    cptdiff("diff", *words, "--descriptors", "none", "-o", tmp_path / "run")
    aside = rows(tmp_path / "run" / "quarantine.csv")
    assert sorted(row["raw"] for row in aside) == ["", "00500", "00500"]
    assert all(row["line"] and row["fault"] for row in aside)


def test_a_crosswalk_is_named_where_its_words_are_withheld(
    cptdiff: Run, words: tuple[str, ...], tmp_path: Path, rows: Callable[..., list[dict[str, str]]]
) -> None:
    cptdiff("diff", *words, "--descriptors", "none", "-o", tmp_path / "run")
    notes = {row["code"]: row["note"] for row in rows(tmp_path / "run" / "crosswalk.csv")}
    assert notes["00200"] == "own.csv by way of 00300"
    assert notes["00300"] == "own.csv"
    assert notes["00800"] == "states no replacement; own.csv"


ADDENDA = f"""Add:         A99 {"":60} Widget
Codes
  1 additions
  {TRAILER}
"""


@either
def test_a_list_that_is_not_understood_is_not_quoted(
    outputs: Outputs, make: Make, samples: Path, tmp_path: Path, descriptors: str
) -> None:
    listed = str(make(tmp_path / "in" / "icd10cm_codes_addenda_2027.txt", ADDENDA))
    pair = (str(samples / "icd10cm-2026.zip"), str(samples / "icd10cm-2027.zip"))
    found = outputs(*pair, "--published", listed, "--descriptors", descriptors)
    assert "line 4 of its trailer was not understood" in found["summary.json"]
    assert leaks(SECRET, found) == {}


@either
def test_what_a_list_calls_a_change_is_not_quoted(
    outputs: Outputs, make: Make, samples: Path, tmp_path: Path, descriptors: str
) -> None:
    report = f"HCPCS/MOD TYPE OF CHANGE\nA0137     {TRAILER}\n"
    listed = str(make(tmp_path / "in" / "HCPC2027_Trans_Alpha.txt", report))
    pair = (str(samples / "hcpcs-2026-january.zip"), str(samples / "hcpcs-2027-january.zip"))
    assert "reconciliation.csv" in leaks(SECRET, outputs(*pair, "--published", listed))
    less = outputs(*pair, "--published", listed, "--descriptors", descriptors)
    assert leaks(SECRET, less) == {}


# What cannot be read, with the options that name it.
UNREADABLE: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "a crosswalk without a header": (f"00200,{DELETED}\n", ("--crosswalk",)),
    "a crosswalk without codes": (f"code,replacement\n00200,{DELETED}\n", ("--crosswalk",)),
    "a day that is none": (
        f"code,replacement,date\n00200,00300,{DELETED}\n", ("--crosswalk",)
    ),
    "a list without a header": (f"00200,{DELETED}\n", ("--published",)),
    "a change that is none": (f"code,change\n00200,{BROKEN}\n", ("--published",)),
}  # fmt: skip
unreadable = pytest.mark.parametrize("case", UNREADABLE.values(), ids=UNREADABLE)


@unreadable
def test_an_error_line_quotes_the_input(
    cptdiff: Run, make: Make, words: tuple[str, ...], tmp_path: Path, case: tuple[str, tuple[str]]
) -> None:
    path = make(tmp_path / "odd.csv", case[0])
    done = cptdiff("diff", *words[:2], *case[1], path)
    assert done.returncode == 2
    assert leaks(SECRET, {"stderr": done.stderr})


@unreadable
def test_an_error_line_quotes_nothing_that_is_withheld(
    cptdiff: Run, make: Make, words: tuple[str, ...], tmp_path: Path, case: tuple[str, tuple[str]]
) -> None:
    path = make(tmp_path / "odd.csv", case[0])
    done = cptdiff("diff", *words[:2], *case[1], path, "--descriptors", "short")
    assert done.returncode == 2
    assert done.stderr.startswith("cptdiff: error[E")
    assert leaks(SECRET, {"stderr": done.stderr}) == {}


# A row that stands where a header should, and the options by which it is read or refused.
HEADLESS: Mapping[str, tuple[str, tuple[str, ...], str]] = {
    "no key": (f"00200,{DELETED}\n", (), "E163"),
    "no such field": (f"00200,{DELETED}\n", ("--key", "00200", "--field", "nosuch"), "E163"),
    "a doubled column": (f"00200,{DELETED},{DELETED}\n", ("--key", "00200"), "E162"),
    "a column without a name": (f"00200,{DELETED},\n", ("--key", "00200"), "E162"),
}


@pytest.mark.parametrize("case", HEADLESS.values(), ids=HEADLESS)
def test_a_table_without_a_header_is_refused_without_its_first_row(
    cptdiff: Run, make: Make, tmp_path: Path, case: tuple[str, tuple[str, ...], str]
) -> None:
    sides = [make(tmp_path / name, case[0]) for name in ("a.csv", "b.csv")]
    words = ("diff", *sides, "--code-set", "table", *case[1], "--descriptors")
    full, none = (cptdiff(*words, each).stderr for each in ("full", "none"))
    assert leaks(SECRET, {"full": full, "none": none}).keys() == {"full"}
    assert all(line.startswith(f"cptdiff: error[{case[2]}]: ") for line in (full, none))


@pytest.mark.parametrize("case", HEADLESS.values(), ids=HEADLESS)
def test_no_traceback_shows_what_is_withheld(
    process: Run, make: Make, tmp_path: Path, case: tuple[str, tuple[str, ...], str]
) -> None:
    sides = [make(tmp_path / name, case[0]) for name in ("a.csv", "b.csv")]
    words = ("diff", *sides, "--code-set", "table", *case[1], "--debug", "--descriptors")
    full, none = (process("-m", "cptdiff", *words, each).stderr for each in ("full", "none"))
    assert "Traceback" in none
    assert leaks(SECRET, {"full": full, "none": none}).keys() == {"full"}


# Lists beside a release that cannot be used, and how what is told of them goes on.
UNUSED: Mapping[str, tuple[str, str, str]] = {
    "a conversion table": (
        "icd10cm_conversion_table_FY2027.csv", f"{DELETED},{GONE}\n",
        f" and one of replacements; it begins {DELETED}, {GONE}.",
    ),
    "addenda": (
        "icd10cm_order_addenda_2027.txt", f"{TRAILER}\n",
        f"is neither a change nor a count: {TRAILER}.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", UNUSED.values(), ids=UNUSED)
def test_a_note_on_a_list_that_is_not_used_quotes_it_only_where_it_may(
    outputs: Outputs,
    make: Make,
    unzipped: Callable[[str], Path],
    tmp_path: Path,
    case: tuple[str, str, str],
) -> None:
    sides = [unzipped("icd10cm-2026.zip"), tmp_path / "icd10cm-2027"]
    shutil.copytree(unzipped("icd10cm-2027.zip"), sides[1])
    make(sides[1] / case[0], case[1])
    full = outputs(*map(str, sides))
    less = outputs(*map(str, sides), "--descriptors", "none")
    assert case[2] in json.loads(full["summary.json"])["notes"][-1]
    assert leaks(SECRET, less) == {}
    bare = case[2].partition(";")[0].partition(":")[0].removesuffix(".") + "."
    assert bare in json.loads(less["summary.json"])["notes"][-1]


@unreadable
def test_an_error_line_without_its_quotation_is_a_sentence(
    cptdiff: Run, make: Make, words: tuple[str, ...], tmp_path: Path, case: tuple[str, tuple[str]]
) -> None:
    path = make(tmp_path / "odd.csv", case[0])
    told = [
        cptdiff("diff", *words[:2], *case[1], path, "--descriptors", each).stderr
        for each in ("full", "none")
    ]
    sentence = told[1].partition(". Fix: ")[0]
    assert told[0].startswith(sentence)
    assert sentence.endswith(("replacements", "a code of CPT", "no date", "the change", "known"))
