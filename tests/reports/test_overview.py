"""The tables that several reports show add up."""

import re
from collections.abc import Callable

import polars as pl
import pytest

from cptdiff.reports.overview import (
    choose_columns,
    choose_first,
    count_by_class,
    count_by_kind,
    count_by_section,
    count_by_severity,
    explain_deletions,
    merge_groups,
)
from cptdiff.reports.terminal import describe_run
from cptdiff.results import Results

Sample = Callable[[str], Results]

every_code_set = pytest.mark.parametrize("code_set", ["cpt", "hcpcs", "icd10cm", "icd10pcs"])


@every_code_set
def test_the_revisions_by_severity_add_up_to_the_revised(code_set: str, sample: Sample) -> None:
    found = sample(code_set)
    counts = found.summary["counts"]
    sums = {row.kind: sum(row.counts) for row in count_by_severity(found)}
    for kind, row in counts.items():
        assert sums.pop(kind, 0) == row["revised"]
    assert sums.pop("", 0) == sum(row["revised_attributes_only"] for row in counts.values())
    assert not sums


@every_code_set
def test_the_rows_to_look_at_first_and_the_rest_make_up_the_number(
    code_set: str, sample: Sample
) -> None:
    found = sample(code_set)
    head, listed, rest = choose_first(found)
    number = int(re.search(r"\d+", head)[0])  # type: ignore[index]
    shown = [entry for row in listed for entry in row.entries]
    assert number == found.grave.height == len(shown) + rest
    assert len(set(shown)) == len(shown)
    for row in listed:
        assert sum(map(int, re.findall(r"\d+", row.codes))) == len(row.entries)


@every_code_set
def test_the_classes_are_those_of_the_summary(code_set: str, sample: Sample) -> None:
    found = sample(code_set)
    counted = {row.label: sum(row.counts) for row in count_by_class(found)}
    assert counted == found.summary["by_class"]


@every_code_set
def test_kinds_and_sections_have_the_same_sums(code_set: str, sample: Sample) -> None:
    found = sample(code_set)
    sections = count_by_section(found)
    assert {len(row.counts) for row in sections} == {len(choose_columns(found))}
    for kind in count_by_kind(found):
        for rows in (sections, merge_groups(sections)):
            of_kind = [row.counts for row in rows if row.kind == kind.kind]
            assert [sum(column) for column in zip(*of_kind, strict=True)] == list(kind.counts)


def test_only_what_an_entry_states_is_its_last_valid_date(sample: Sample) -> None:
    found = sample("hcpcs")
    dated = found.deleted.filter(pl.col("last_valid_date") != "")
    absent = found.deleted.height - dated.height
    days = dated["last_valid_date"].sort()
    assert absent
    assert set(found.deleted.join(dated, on=("kind", "code"), how="anti")["reason"]) == {"absent"}
    assert explain_deletions(found) == (
        f"{dated.height} last valid date of service {days[0]} to {days[-1]}; {absent} not in the"
        " current release (effective 2027-01-01)"
    )
    assert explain_deletions(sample("cpt")) == "not in the current release (effective 2027-01-01)"


@every_code_set
def test_the_result_line_counts_codes_as_publishers_do(code_set: str, sample: Sample) -> None:
    found = sample(code_set)
    counts = found.summary["counts"]
    codes, *others = describe_run(found).partition(": ")[2].split("; ")
    main = [counts["code"][name] for name in ("added", "deleted", "revised")]
    assert [int(number.replace(",", "")) for number in re.findall(r"[\d,]+\d|\d", codes)][
        :3
    ] == main
    kinds = {f"{kind}s" for kind in ("header", "modifier") if any(counts[kind].values())}
    assert {other.partition(": ")[0] for other in others} == kinds
