"""What error lines and notes quote of an input is withheld with the wording."""

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
Sides = tuple[Path, Path]

DELETED = "Tempering of copper bushing by candle"
GONE = "Etching of marble ratchet, twice nightly"
BROKEN = "waxing of granite spindle with feather"
TRAILER = "stencilling of porcelain axle remains"
SECRET = runs([DELETED, GONE, BROKEN, TRAILER])

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
    cptdiff: Run, make: Make, longult: Sides, tmp_path: Path, case: tuple[str, tuple[str]]
) -> None:
    path = make(tmp_path / "odd.csv", case[0])
    done = cptdiff("diff", *longult, *case[1], path)
    assert done.returncode == 2
    assert leaks(SECRET, {"stderr": done.stderr})


@unreadable
def test_an_error_line_quotes_nothing_that_is_withheld(
    cptdiff: Run, make: Make, longult: Sides, tmp_path: Path, case: tuple[str, tuple[str]]
) -> None:
    path = make(tmp_path / "odd.csv", case[0])
    done = cptdiff("diff", *longult, *case[1], path, "--descriptors", "short")
    assert done.returncode == 2
    assert done.stderr.startswith("cptdiff: error[E")
    assert leaks(SECRET, {"stderr": done.stderr}) == {}


# A row that stands where a header should, and the options by which it is read or refused.
HEADLESS: Mapping[str, tuple[str, tuple[str, ...], str]] = {
    "no key": (f"word,{DELETED}\n", (), "E163"),
    "a code for a key": (f"00200,{DELETED}\n", ("--key", "00200"), "E161"),
    "no such field": (f"word,{DELETED}\n", ("--key", "word", "--field", "nosuch"), "E163"),
    "a doubled column": (f"word,word,{DELETED}\n", ("--key", "word"), "E162"),
    "a column without a name": (
        f"word,{DELETED},\n", ("--key", "word", "--field", "nosuch"), "E163"
    ),
}  # fmt: skip


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
    cptdiff: Run, make: Make, longult: Sides, tmp_path: Path, case: tuple[str, tuple[str]]
) -> None:
    path = make(tmp_path / "odd.csv", case[0])
    told = [
        cptdiff("diff", *longult, *case[1], path, "--descriptors", each).stderr
        for each in ("full", "none")
    ]
    sentence = told[1].partition(". Fix: ")[0]
    assert told[0].startswith(sentence)
    assert sentence.endswith(
        ("replacements", "a code of CPT", "not a date", "the change", "unknown change")
    )
