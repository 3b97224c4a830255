"""What stops a wrong comparison, and what does not."""

from collections.abc import Callable

import pytest

from cptdiff.judgement.guards import GUARDS
from cptdiff.vocabulary import GUARD_LIMITS
from tests.guards.made import (
    GOUT,
    HUNDRED,
    TEXT,
    TWENTY,
    WHOLE,
    Files,
    cpt,
    current_format,
    gap,
    hcpcs,
    icd,
    numbers,
    own,
    rows,
    table,
    undated,
)  # fmt: skip

OLD_300 = icd(rows(0, 300), rows(0, 120, letter="N"))
CASES: dict[str, tuple[Files, Files, str]] = {
    "nothing changed": (icd(HUNDRED), icd(HUNDRED), ""),
    # Shares of all: more than the limit, from 100 entries on.
    "11% deleted": (icd(HUNDRED), icd(rows(11, 100)), "deleted-share"),
    "10% deleted": (icd(HUNDRED), icd(rows(10, 100)), ""),
    "48% deleted of 99": (icd(rows(0, 99)), icd(rows(48, 99)), ""),
    "31% revised": (icd(HUNDRED), icd(rows(0, 31, GOUT), rows(31, 100)), "revised-share"),
    "30% revised": (icd(HUNDRED), icd(rows(0, 30, GOUT), rows(30, 100)), ""),
    "all of 99 revised": (icd(rows(0, 99)), icd(rows(0, 99, GOUT)), ""),
    "attributes are no wording": (hcpcs(0, 200), hcpcs(0, 200, price="11"), ""),
    # Shares of a section: from 10 entries on, where it does not gain as many; 40% in any case.
    "13 of 120 deleted": (OLD_300, icd(rows(0, 300), rows(13, 120, letter="N")), "deleted-share"),
    "12 of 120 deleted": (OLD_300, icd(rows(0, 300), rows(12, 120, letter="N")), ""),
    "48 of 120 deleted, 48 added": (
        icd(rows(0, 900), rows(0, 120, letter="N"), rows(0, 1, letter="Z")),
        icd(rows(0, 900), rows(48, 168, letter="N"), rows(0, 1, letter="Z")), "",
    ),
    "20 of 120 deleted, 19 added": (
        OLD_300, icd(rows(0, 300), rows(20, 139, letter="N")), "deleted-share",
    ),
    "49 of 120 deleted, 50 added": (
        icd(rows(0, 900), rows(0, 120, letter="N"), rows(0, 1, letter="Z")),
        icd(rows(0, 900), rows(49, 170, letter="N"), rows(0, 1, letter="Z")), "deleted-share",
    ),
    "all 10 of a section deleted": (
        icd(rows(0, 10, letter="E"), rows(0, 300)), icd(rows(0, 300)), "deleted-share",
    ),
    "all 9 of a section deleted": (
        icd(rows(0, 9, letter="E"), rows(0, 300)), icd(rows(0, 300)), "",
    ),
    "codes that became headers are there": (
        icd(rows(0, 300), rows(0, 120, letter="N"), rows(120, 121, flag=0, letter="N")),
        icd(rows(0, 300), rows(0, 100, letter="N"), rows(100, 121, flag=0, letter="N")), "",
    ),
    "37 of 120 revised": (
        OLD_300,
        icd(rows(0, 300), rows(0, 37, GOUT, "N"), rows(37, 120, letter="N")), "revised-share",
    ),
    # A kind of codes wholly missing, on either side, is no share.
    "no headers": (icd(HUNDRED, rows(100, 150, flag=0)), icd(HUNDRED), "missing-kind"),
    "no headers before": (icd(HUNDRED), icd(HUNDRED, rows(100, 110, flag=0)), "missing-kind"),
    "9 headers": (icd(HUNDRED), icd(HUNDRED, rows(100, 109, flag=0)), ""),
    "no headers and 11% deleted": (
        icd(HUNDRED, rows(100, 150, flag=0)), icd(rows(11, 100)), "missing-kind deleted-share",
    ),
    "no Category III": (
        cpt(numbers(10000, 10100), numbers(1, 41, "T")), cpt(numbers(10000, 10100)),
        "missing-kind",
    ),
    "no PLA codes": (cpt(numbers(10000, 10100), pla=40), cpt(numbers(10000, 10100)),
                     "missing-kind"),
    "no PLA codes before the current format": (
        cpt(numbers(10000, 10100)),
        current_format(numbers(10000, 10100), numbers(1, 11, "U")), "missing-kind",
    ),
    "a few PLA codes on one side": (cpt(numbers(10000, 10100), pla=9),
                                    cpt(numbers(10000, 10100)), ""),
    "PLA codes on neither side": (cpt(numbers(10000, 10100)), cpt(numbers(10000, 10100)), ""),
    "headers that one layout cannot carry": (
        {"icd10cm_codes_{year}.txt": "".join(f"{row[:8]}{row[71:]}\r\n" for row in HUNDRED)},
        icd(HUNDRED, rows(100, 150, flag=0)), "",
    ),
    # Other codes.
    "9 of 20 in common": (icd(TWENTY), icd(rows(11, 31)), "code-set"),
    "half in common": (icd(TWENTY), icd(rows(10, 30)), ""),
    "9 of 19 in common": (icd(rows(0, 19)), icd(rows(10, 29)), ""),
    "grown tenfold": (icd(TWENTY), icd(rows(0, 200)), ""),
    # Swapped: by dates; else by counts.
    "later before earlier": (cpt(numbers(1, 9), home="CPT 2028"), cpt(numbers(1, 9)), "swapped"),
    "50 deleted, 9 added": (undated(numbers(0, 1000)), undated(numbers(50, 1009)), "swapped"),
    "50 deleted, 10 added": (undated(numbers(0, 1000)), undated(numbers(50, 1010)), ""),
    "49 deleted": (undated(numbers(0, 1000)), undated(numbers(49, 1000)), ""),
    "an update within the year": (
        cpt(numbers(0, 1000)), cpt(numbers(60, 1015), home="CPT 2026 update 2"), "",
    ),
    "50 deleted, with dates": (cpt(numbers(0, 1000)), cpt(numbers(50, 1000)), ""),
    # Wording of another source.
    "capitals": (icd(rows(0, 30, TEXT.upper())), icd(rows(0, 30)), "case"),
    "capitals after": (icd(rows(0, 30)), icd(rows(0, 30, TEXT.upper())), "case"),
    "capitals in 10 of 33": (
        icd(rows(0, 10, TEXT.upper()), rows(10, 33)), icd(rows(0, 33)), "case",
    ),
    "capitals in 10 of 34": (icd(rows(0, 10, TEXT.upper()), rows(10, 34)), icd(rows(0, 34)), ""),
    "capitals in 9": (icd(rows(0, 9, TEXT.upper())), icd(rows(0, 9)), ""),
    "capitals on both sides": (icd(rows(0, 30, "PAIN #")), icd(rows(0, 30, "GOUT #")), ""),
    "short for long": (icd(rows(0, 30, "Pain #")), icd(rows(0, 30, WHOLE)), "descriptor-length"),
    "long, then short in capitals": (
        icd(HUNDRED), icd(rows(0, 100, "PAIN #")), "descriptor-length case revised-share",
    ),
    "somewhat longer": (
        icd(rows(0, 15, "Pain #"), rows(15, 30, WHOLE)),
        icd(rows(0, 15, "Pain # left"), rows(15, 30, f"{WHOLE}, left")), "",
    ),
    "short for long in 9": (icd(rows(0, 9, "Pain #")), icd(rows(0, 9, WHOLE)), ""),
    # Not whole: test_wholeness.py has more.
    "a gap": (icd(HUNDRED), gap(icd(HUNDRED), 50), "not-whole"),
    # A user's table has the guards that tell of a cut one.
    "a table that lost 11%": (table(range(100)), table(range(11, 100)), "deleted-share"),
    "a table that lost 10%": (table(range(100)), table(range(10, 100)), ""),
    # A user's keys that are the same numbers, written otherwise.
    "keys with decimals": (own("99200", "99201"), own("99200.0", "99201.0"), "code-set"),
    "keys without decimals": (own("1.00", "2.00"), own("1", "2"), "code-set"),
    "keys without zeros": (own("00100", "00102"), own("100", "102"), "code-set"),
    "one key alike in ten": (
        own("A", *numbers(0, 9)), own("A", *(f"{key}.0" for key in numbers(0, 9))), "",
    ),
    "one key alike in eleven": (
        own("A", *numbers(0, 10)), own("A", *(f"{key}.0" for key in numbers(0, 10))), "code-set",
    ),
    "keys that are other numbers": (own("1", "2"), own("1.5", "2.5"), ""),
    "versions": (own("v1", "v2"), own("v1.0", "v2.0"), ""),
    # Nothing to compare.
    "all ended": (hcpcs(0, 9), hcpcs(0, 9, end="20251231"), "empty"),
    "all ended before": (hcpcs(0, 9, end="20241231"), hcpcs(0, 9), "empty"),
}  # fmt: skip


SLUGS = {
    "swapped": "E301",
    "not-whole": "E316",
    "code-set": "E304",
    "empty": "E310",
    "missing-kind": "E311",
    "deleted-share": "E312",
    "descriptor-length": "E313",
    "case": "E314",
    "revised-share": "E315",
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_guard_trips_beyond_its_limit_only(
    doubts: Callable[..., str], case: tuple[Files, Files, str]
) -> None:
    previous, current, names = case
    assert doubts(previous, current) == names


@pytest.mark.parametrize(("years", "names"), [(1, "deleted-share"), (2, ""), (0, "deleted-share")])
def test_a_limit_grows_with_the_years_between_the_releases(
    doubts: Callable[..., str], years: int, names: str
) -> None:
    previous = cpt(numbers(10000, 10100), home=f"CPT {2027 - years}")
    assert doubts(previous, cpt(numbers(10018, 10100))) == names


def test_every_guard_is_tried() -> None:
    assert {name for *_, names in CASES.values() for name in names.split()} == set(GUARD_LIMITS)


def test_every_guard_has_a_slug_of_its_own_and_comes_after_its_causes() -> None:
    assert {guard.name: guard.slug for guard in GUARDS} == SLUGS
    assert set(SLUGS) == set(GUARD_LIMITS)
    checks = [guard.check for guard in GUARDS]
    for at, guard in enumerate(GUARDS):
        assert set(guard.explained_by) <= set(checks[:at])
