from collections.abc import Callable

import pytest
from oracles import (
    CHANGES,
    CM_ADDENDA,
    PCS_ADDENDA,
    Addenda,
    Entries,
    Key,
    Sets,
    Wording,
    read_addenda,
)
from publisher_pairs import ICD_PAIRS, Bundle
from publisher_runs import Row, Run

ReadOrder = Callable[[Bundle], Entries]

# Entries that only one of the two names, with the cause: none, for the baselines are the same
# and blanks count for both.
ONLY_ONE_NAMES: dict[str, dict[tuple[str, str, str], str]] = {pair: {} for pair in ICD_PAIRS}

# Revisions of white space alone, which the publisher lists like any other.
FAMILIES = [("M8662", "129"), ("S99101", "ABDGKPS"), ("S99132", "ABDGKPS")]
SINGLE = "J84848 K435 M26621 M5021 M5031 M5081 M5091 N630 Q6689 T8111XA T8111XD T8111XS Y92000"
HEADERS = "H54414 J8484 M8662 P044 S99101 S99132 T8111"
WHITE_SPACE: dict[str, dict[Key, str]] = {
    "ICD-10-CM 2018 to 2019": {
        **{("code", code): "blanks set right" for code in SINGLE.split()},
        **{("code", stem + end): "as its header" for stem, ends in FAMILIES for end in ends},
        **{("header", code): "blanks set right" for code in HEADERS.split()},
    },
    "ICD-10-CM 2024 to 2025": {},
    "ICD-10-PCS 2018 to 2019": {("header", "X2A"): "a trailing blank went"},
}

pairs = pytest.mark.parametrize("pair", ICD_PAIRS)


@pytest.fixture
def addenda(pair: str) -> Addenda:
    bundle = ICD_PAIRS[pair].current
    layout = PCS_ADDENDA if "PCS" in bundle.name else CM_ADDENDA
    return read_addenda(bundle.text(bundle.addenda), layout)


def trimmed(entries: Entries) -> Entries:
    return {key: wording.trimmed() for key, wording in entries.items()}


@pairs
def test_the_trailer_of_the_addenda_counts_its_own_blocks(addenda: Addenda) -> None:
    for kind, totals in addenda.totals.items():
        assert addenda.counted(kind) == totals[2:]
    assert set(addenda.totals) == {"header", "code"}


@pairs
def test_the_trailer_of_the_addenda_names_both_releases_and_their_sizes(
    addenda: Addenda, read_order: ReadOrder, pair: str
) -> None:
    releases = ICD_PAIRS[pair]
    assert addenda.files == {bundle.member.replace("-", "_") for bundle in releases}
    for kind, totals in addenda.totals.items():
        sizes = [sum(1 for found, _ in read_order(bundle) if found == kind) for bundle in releases]
        assert sizes == [totals.previous, totals.current], kind


@pairs
def test_the_addenda_and_the_releases_have_the_same_text(
    addenda: Addenda, read_order: ReadOrder, pair: str
) -> None:
    previous, current = (trimmed(read_order(bundle)) for bundle in ICD_PAIRS[pair])
    for block, release in (("deleted", previous), ("from", previous), ("added", current)):
        assert trimmed(addenda.blocks[block]).items() <= release.items(), block
    assert trimmed(addenda.blocks["to"]).items() <= current.items()


@pairs
def test_the_publisher_lists_the_same_entries(
    changed: Callable[[str], Sets], addenda: Addenda, pair: str
) -> None:
    ours, theirs = changed(pair), addenda.sets()
    differ = {(change, *key) for change in CHANGES for key in ours[change] ^ theirs[change]}
    assert differ == ONLY_ONE_NAMES[pair].keys()


@pairs
def test_the_revisions_of_white_space_alone_are_known(
    read_order: ReadOrder, by_the_rule: Callable[[str], Sets], pair: str
) -> None:
    previous, current = map(read_order, ICD_PAIRS[pair])
    blank = {
        key
        for key in by_the_rule(pair)["revised"]
        if previous[key].one_spaced() == current[key].one_spaced()
    }
    assert blank == WHITE_SPACE[pair].keys()


@pairs
def test_a_revision_of_white_space_alone_is_listed_with_both_wordings(
    compared: Callable[[str], Run], pair: str
) -> None:
    revised = compared(pair).of("revised")
    for key in WHITE_SPACE[pair]:
        previous, current = (revised[key][f"{side}_descriptor"] for side in ("previous", "current"))
        assert previous != current
        assert previous.split() == current.split()


@pairs
@pytest.mark.parametrize(
    "case",
    [
        ("added", "added", "current_descriptor"),
        ("deleted", "deleted", "previous_descriptor"),
        ("revised", "from", "previous_descriptor"),
        ("revised", "to", "current_descriptor"),
    ],
)
def test_the_descriptors_are_those_of_the_addenda(
    compared: Callable[[str], Run], addenda: Addenda, pair: str, case: tuple[str, str, str]
) -> None:
    change, block, column = case
    ours = {key: row[column].rstrip() for key, row in compared(pair).of(change).items()}
    assert ours == {key: text.long for key, text in trimmed(addenda.blocks[block]).items()}


@pairs
def test_the_changed_fields_are_those_of_the_addenda(
    compared: Callable[[str], Run], addenda: Addenda, pair: str
) -> None:
    fields = compared(pair).fields()
    for key, new in addenda.blocks["to"].items():
        old = addenda.blocks["from"][key]
        assert texts(fields[key]) == changed_titles(old, new), key


def texts(rows: dict[str, Row]) -> dict[str, tuple[str, str]]:
    return {name: (row["previous"].rstrip(), row["current"].rstrip()) for name, row in rows.items()}


def changed_titles(old: Wording, new: Wording) -> dict[str, tuple[str, str]]:
    titles = {"short": (old.short, new.short), "long": (old.long, new.long)}
    return {
        name: (before.rstrip(), after.rstrip())
        for name, (before, after) in titles.items()
        if before != after
    }


@pairs
def test_a_code_that_became_a_header_is_told_apart_from_one_that_is_gone(
    compared: Callable[[str], Run], read_order: ReadOrder, pair: str
) -> None:
    current = read_order(ICD_PAIRS[pair].current)
    for (_, code), row in compared(pair).of("deleted").items():
        demoted = ("header", code) in current
        assert row["reason"] == ("became-header" if demoted else "absent"), code
