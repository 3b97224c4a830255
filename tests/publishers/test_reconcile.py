"""Our changes between real releases against the publisher's own lists, found by themselves."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from publisher_pairs import CORRECTIONS_2018, HCPCS_2018, HCPCS_2019, PAIRS, Bundle

from cptdiff import Changes, CodeSet
from cptdiff.comparison import compare as diff
from cptdiff.judgement.reconcile import ListFacts, Reconciliation, reconcile
from cptdiff.lists import read_published
from cptdiff.model import Stated
from cptdiff.pipeline import load_release as load

HCPCS = "HCPCS 2018 to 2019"

# By list: entries that it states, all of which agree; figures of its footer that were checked.
AGREE = {
    "ICD-10-CM 2018 to 2019": {"icd10cm_codes_addenda_2019.txt": (473, 5),
                               "icd10cm_order_addenda_2019.txt": (591, 16)},
    "ICD-10-CM 2024 to 2025": {"icd10cm_codes_addenda_2025.txt": (301, 5),
                               "icd10cm_order_addenda_2025.txt": (374, 16)},
    "ICD-10-PCS 2018 to 2019": {"order_addenda_2019.txt": (621, 16)},
}  # fmt: skip

PASSED = "C9030 C9031 C9032 C9033 C9463 C9464 C9465 C9466 C9467 C9468 C9469 C9750 K0903"
CAUSES = {
    "added-and-discontinued": f"{PASSED} Q9993 Q9994 Q9995",
    "corrected": "C9488 C9745 C9746 C9747 G0279 G9367 G9368 G9481 G9482 G9483 G9484 G9485 G9486"
    " G9487 G9488 G9489 G9490 G9637 G9638 G9868 G9869 G9870 G9890 G9891",
    "mid-year": "Q2041 QQ VM",
    "unexplained": "DA G9801 G9898 G9976 G9977",
}


@pytest.fixture(scope="session")
def changes() -> Callable[[str], Changes]:
    """Compare a pair, the zips as they were shipped."""
    return cache(lambda name: diff(*(load(bundle.path()) for bundle in PAIRS[name])))


def by_cause(found: Reconciliation) -> dict[str, list[str]]:
    rows = found.table.sort("code").select("cause", "code").rows()
    return {cause: [code for why, code in rows if why == cause] for cause, _ in rows}


@pytest.mark.parametrize("pair", AGREE)
def test_the_addenda_of_icd_agree_in_every_entry_and_every_figure(
    changes: Callable[[str], Changes], pair: str
) -> None:
    pairs = changes(pair)
    found = reconcile(pairs, pairs.current.stated)
    assert found.table.height == 0
    assert found.lists == tuple(
        ListFacts(name, "addenda", states, states, 0, checked, ())
        for name, (states, checked) in AGREE[pair].items()
    )


def test_with_the_corrections_hcpcs_leaves_five_unexplained(
    changes: Callable[[str], Changes],
) -> None:
    pair = changes(HCPCS)
    found = reconcile(pair, pair.current.stated + read_published(CORRECTIONS_2018, CodeSet.HCPCS))
    assert by_cause(found) == {cause: codes.split() for cause, codes in CAUSES.items()}
    facts = [(one.form, one.states, one.agree, one.disagree) for one in found.lists]
    assert facts == [("action codes", 428, 407, 48), ("transactions", 428, 407, 48)]


def test_without_the_corrections_only_dates_explain(changes: Callable[[str], Changes]) -> None:
    pair = changes(HCPCS)
    found = by_cause(reconcile(pair, Stated()))
    assert found["mid-year"] == ["G9868", "G9869", "G9870", *CAUSES["mid-year"].split()]
    assert len(found["unexplained"]) == 26
    assert set(found) == {"added-and-discontinued", "mid-year", "unexplained"}


def test_texts_and_workbooks_of_the_corrections_say_the_same() -> None:
    lists = read_published(CORRECTIONS_2018, CodeSet.HCPCS).lists
    assert [one.name[:2] for one in lists] == ["V1", "V1", "V2", "V2", "V3", "V3", "V4", "V4"]
    for text, book in zip(lists[::2], lists[1::2], strict=True):
        frames = [one.changes.select("kind", "code", "change").unique() for one in (text, book)]
        assert frames[0].sort("code").equals(frames[1].sort("code")), text.name


@pytest.mark.parametrize("bundle", [HCPCS_2018, HCPCS_2019], ids=lambda one: one.name)
def test_the_transaction_reports_say_the_same_as_text_and_as_workbook(bundle: Bundle) -> None:
    frames = [
        one.changes.select("kind", "code", "change").sort("kind", "code")
        for one in read_published(bundle.path(), CodeSet.HCPCS).lists
    ]
    assert len(frames) == 3
    assert all(frame.equals(frames[0]) for frame in frames)


@pytest.mark.parametrize("pair", [name for name in AGREE if "CM" in name])
def test_the_addenda_are_found_beside_the_one_file_that_is_named(
    extract: Callable[[Bundle, str], Path], pair: str
) -> None:
    bundle = PAIRS[pair].current
    order, addenda = (extract(bundle, name) for name in (bundle.member, bundle.addenda))
    (order.parent / addenda.name).write_bytes(addenda.read_bytes())
    assert [one.name for one in load(order).stated.lists] == [bundle.addenda]
