"""How a user insists: limits that move, guards that are allowed."""

from collections.abc import Callable

import pytest

from cptdiff import CodeSet, CptdiffError
from cptdiff.judgement.guards import check_guards
from cptdiff.sections import list_ranges
from cptdiff.vocabulary import GUARD_LIMITS
from tests.guards.conftest import Compare
from tests.guards.made import (
    GOUT,
    HUNDRED,
    TEXT,
    TWENTY,
    Files,
    cpt,
    gap,
    hcpcs,
    icd,
    numbers,
    rows,
    undated,
)  # fmt: skip

TABLE = {"list.csv": "code,text\n" + "".join(f"{n},Pain {n}\n" for n in range(200))}
OTHER = {"list.csv": "code,text\n" + "".join(f"{n},Gout {n}\n" for n in range(150, 350))}
FEW_OTHER = icd(rows(0, 9), rows(9, 10, GOUT))
# The limits that were asked for, and what trips.
MOVED: dict[str, tuple[Files, Files, dict[str, float], str]] = {
    "11% allowed": (icd(HUNDRED), icd(rows(11, 100)), {"deleted-share": 11}, ""),
    "10.9% allowed": (icd(HUNDRED), icd(rows(11, 100)), {"deleted-share": 10.9}, "deleted-share"),
    "none allowed": (icd(rows(0, 10)), icd(rows(1, 10)), {"deleted-share": 0}, "deleted-share"),
    "of a section": (
        icd(rows(0, 300), rows(0, 120, letter="N")),
        icd(rows(0, 300), rows(20, 120, letter="N")), {"deleted-share": 17}, "",
    ),
    "10% revised": (icd(rows(0, 10)), FEW_OTHER, {"revised-share": 9}, "revised-share"),
    "in common": (icd(TWENTY), icd(rows(11, 31)), {"code-set": 45}, ""),
    "a table": (TABLE, OTHER, {}, "deleted-share"),
    "a table's deletions": (TABLE, OTHER, {"deleted-share": 25}, "deleted-share"),
    "a table's revisions": (
        TABLE, OTHER, {"deleted-share": 75, "revised-share": 20}, "revised-share",
    ),
    "a table's codes": (TABLE, OTHER, {"deleted-share": 75, "code-set": 50}, "code-set"),
    "a table within its limits": (
        TABLE, OTHER, {"deleted-share": 75, "revised-share": 25, "code-set": 25}, "",
    ),
}  # fmt: skip
# What is allowed, and what is then told.
INSISTED: dict[str, tuple[Files, Files, str, str]] = {
    "nothing left": (
        hcpcs(0, 200), hcpcs(0, 200, end="20251231"), "empty", "empty missing-kind",
    ),
    "other codes": (
        icd(HUNDRED), icd(rows(60, 160)), "code-set", "code-set not-whole deleted-share",
    ),
    "years turned": (
        cpt(numbers(0, 200), home="CPT 2028"), cpt(numbers(30, 200)), "swapped",
        "swapped deleted-share",
    ),
    "cut file": (
        undated(numbers(0, 1000)), undated(numbers(0, 590)), "deleted-share",
        "deleted-share swapped",
    ),
    "short in capitals": (
        icd(HUNDRED), icd(rows(0, 100, "PAIN #")), "descriptor-length",
        "descriptor-length case revised-share",
    ),
    "capitals": (icd(HUNDRED), icd(rows(0, 100, TEXT.upper())), "case", "case revised-share"),
    "a kind gone": (icd(HUNDRED, rows(100, 150, flag=0)), icd(HUNDRED), "missing-kind",
                    "missing-kind"),
    "other wording": (icd(HUNDRED), icd(rows(0, 100, GOUT)), "revised-share", "revised-share"),
    "lines lost": (icd(HUNDRED), gap(icd(HUNDRED), 50), "not-whole", "not-whole"),
    "turned without dates": (
        undated(numbers(0, 1000)), undated(numbers(50, 1009)), "swapped", "swapped",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", MOVED.values(), ids=MOVED)
def test_a_limit_that_was_asked_for_counts_in_any_release(
    doubts: Callable[..., str], case: tuple[Files, Files, dict[str, float], str]
) -> None:
    previous, current, limits, names = case
    assert doubts(previous, current, limits) == names


@pytest.mark.parametrize("case", INSISTED.values(), ids=INSISTED)
def test_who_allows_the_cause_allows_what_follows_from_it(
    compare: Compare, case: tuple[Files, Files, str, str]
) -> None:
    previous, current, allowed, told = case
    changes = compare(previous, current)
    known = list_ranges(changes.current.code_set)
    with pytest.raises(CptdiffError, match=f"--allow {allowed}"):
        check_guards(changes, {}, set(GUARD_LIMITS) - {allowed}, known)
    sentences = check_guards(changes, {}, [allowed], known)
    assert " ".join(sentence.split()[1] for sentence in sentences) == told
    # The guard that was allowed comes first; nobody overrode the others.
    first, *others = sentences
    assert first.startswith(f"guard {allowed} was overridden: ")
    for name, sentence in zip(told.split()[1:], others, strict=True):
        assert sentence.startswith(f"guard {name} also tripped: ")


def test_the_override_of_every_guard_is_tried() -> None:
    assert {allowed for _, _, allowed, _ in INSISTED.values()} == set(GUARD_LIMITS)


def test_a_doubt_beside_another_has_to_be_allowed_too(compare: Compare) -> None:
    changes = compare(icd(HUNDRED, rows(100, 150, flag=0)), icd(rows(11, 100)))
    known = list_ranges(CodeSet.ICD10CM)
    with pytest.raises(CptdiffError, match=r"E311.*--allow missing-kind.*also.*deleted-share"):
        check_guards(changes, {}, [], known)
    with pytest.raises(CptdiffError, match=r"E312.*--allow deleted-share"):
        check_guards(changes, {}, ["missing-kind"], known)
    assert len(check_guards(changes, {}, ["missing-kind", "deleted-share"], known)) == 2
