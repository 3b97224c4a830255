"""The page explains its own words: severities, words on entries, names of fields."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from cptdiff.codesets import PROFILES, profile_of
from cptdiff.codesets.hcpcs import ATTRIBUTES
from cptdiff.options import PLAIN
from cptdiff.reports import html
from cptdiff.results import Results

Sample = Callable[[str], Results]


def explained(page: str) -> set[str]:
    legend = page[page.index('id="legend"') : page.index('id="releases"')]
    return set(re.findall(r'<th scope="row"><bdi>([^<]*)</bdi>', legend))


@pytest.mark.parametrize("code_set", ["cpt", "hcpcs", "icd10cm", "icd10pcs", "table"])
def test_every_word_on_an_entry_is_explained_and_no_other(code_set: str, sample: Sample) -> None:
    found = sample(code_set)
    page = html.render(found, PLAIN).decode()
    tags = re.findall(r'<p class="tags">(.*?)</p>', page)
    words = {word for tag in tags for word in re.findall(r">([^<]+)<", tag)}
    fields = set(found.fields["field"])
    lone = {"header", "modifier"}  # what kind of entry it is
    assert words - lone <= explained(page)
    leads = {"replaced by, split into", "possible replacement"}
    assert explained(page) <= words | fields | leads


def test_every_attribute_of_hcpcs_has_words_and_the_docs_name_it(root: Path) -> None:
    titles = profile_of("hcpcs").titles
    names = {column.name.rstrip("0123456789") for column in ATTRIBUTES}
    assert set(titles) == names
    fields = (root / "docs" / "outputs.md").read_text("utf-8").split("## Fields of HCPCS")[1]
    assert set(re.findall(r"`([a-z_]+)`", fields)) >= names


def test_only_a_publishers_fields_have_words() -> None:
    for profile in PROFILES.values():
        carried = {
            name.rstrip("0123456789")
            for one in profile.formats
            for fields in one.carries.values()
            for name in fields
        }
        assert set(profile.titles) <= carried


def test_a_page_explains_the_changed_fields_only(sample: Sample) -> None:
    found = sample("hcpcs")
    told = explained(html.render(found, PLAIN).decode())
    titles = profile_of("hcpcs").titles
    changed = {name for name in found.fields["field"] if name.rstrip("0123456789") in titles}
    assert changed
    assert {name for name in told if name.rstrip("0123456789") in titles} == changed


def test_the_name_of_a_field_stands_beside_its_value(sample: Sample) -> None:
    page = html.render(sample("hcpcs"), PLAIN).decode()
    heads = set(re.findall(r"<dt>([^<]*)</dt>", page))
    titles = profile_of("hcpcs").titles
    named = {head for head in heads if head not in {"long", "short"}}
    assert named
    assert all(
        head.endswith(f" ({titles[head.split()[0].rstrip('0123456789')]})") for head in named
    )


def test_a_code_that_became_a_header_says_that_it_is_listed_twice(sample: Sample) -> None:
    found = sample("icd10cm")
    page = html.render(found, PLAIN).decode()
    became = found.entries.filter(found.entries["reason"] == "became-header")["kind"].to_list()
    assert became.count("code") == page.count("(also listed as an added header)") > 0
    assert became.count("header") == page.count("(also listed as a deleted code)")
