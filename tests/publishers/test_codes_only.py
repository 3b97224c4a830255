from collections.abc import Callable
from pathlib import Path

import pytest
from oracles import CODES, Addenda, Entries, Sets, compare, read_addenda, read_codes
from publisher_pairs import CM_2018, CM_2019, Bundle
from publisher_runs import Run, diff

BUNDLES = (CM_2018, CM_2019)


def codes_file(bundle: Bundle) -> str:
    return bundle.member.replace("order", "codes")


@pytest.fixture(scope="module")
def entries() -> list[Entries]:
    return [read_codes(bundle.text(codes_file(bundle))) for bundle in BUNDLES]


@pytest.fixture(scope="module")
def addenda() -> Addenda:
    return read_addenda(CM_2019.text("icd10cm_codes_addenda_2019.txt"), CODES)


@pytest.fixture(scope="module")
def compared_codes(
    extract: Callable[[Bundle, str], Path], tmp_path_factory: pytest.TempPathFactory
) -> Run:
    previous, current = (extract(bundle, codes_file(bundle)) for bundle in BUNDLES)
    return diff(previous, current, tmp_path_factory.mktemp("codes") / "run")


@pytest.fixture(scope="module", params=["by the rule", "by cptdiff"])
def changed_codes(request: pytest.FixtureRequest, entries: list[Entries]) -> Sets:
    if request.param == "by the rule":
        return compare(*entries)
    run: Run = request.getfixturevalue("compared_codes")
    return run.sets()


def test_codes_files_give_the_changes_of_the_billable_codes(changed_codes: Sets) -> None:
    sizes = [len(changed_codes[change]) for change in ("added", "deleted", "revised")]
    assert sizes == [279, 51, 143]


def test_codes_files_name_the_codes_that_the_order_files_name(
    changed_codes: Sets, by_the_rule: Callable[[str], Sets]
) -> None:
    for change, keys in by_the_rule("ICD-10-CM 2018 to 2019").items():
        assert changed_codes[change] == {key for key in keys if key[0] == "code"}, change


def test_codes_files_differ_as_their_addenda_say(changed_codes: Sets, addenda: Addenda) -> None:
    for change, keys in addenda.sets().items():
        assert {code for _, code in changed_codes[change]} == {code for _, code in keys}, change


def test_a_code_that_left_a_codes_file_is_plainly_absent(compared_codes: Run) -> None:
    deleted = compared_codes.of("deleted").values()
    assert {row["reason"] for row in deleted} == {"absent"}


def test_codes_files_have_a_long_title_only(compared_codes: Run) -> None:
    names = {name for rows in compared_codes.fields().values() for name in rows}
    assert names == {"long"}


def test_the_summary_of_codes_files_counts_no_headers(compared_codes: Run) -> None:
    summary = compared_codes.summary()
    assert summary["counts"]["code"]["revised"] == 143
    assert not any(summary["counts"].get("header", {}).values())
