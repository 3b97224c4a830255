"""Lists that publishers and users keep beside releases, one file for each kind of list."""

import re

from cptdiff.errors import Refused
from cptdiff.releases.published.crosswalks import CROSSWALK_NAMES, links, read_crosswalk
from cptdiff.releases.published.lists import lists_beside, published
from cptdiff.releases.published.neighbours import with_addenda
from cptdiff.releases.published.own_notice import own_notice
from cptdiff.releases.published.own_sections import own_sections
from cptdiff.releases.published.own_severities import own_severities
from cptdiff.releases.sources import Bundle
from cptdiff.stated import Stated
from cptdiff.vocabulary import CodeSet

__all__ = [
    "beside",
    "own_notice",
    "own_sections",
    "own_severities",
    "published",
    "read_crosswalk",
    "with_addenda",
]


def beside(bundle: Bundle, code_set: CodeSet) -> Stated:
    """All that is stated in a release's own bundle; what cannot be read becomes a note."""
    return lists_beside(bundle, code_set) + _crosswalks(bundle, code_set)


def _crosswalks(bundle: Bundle, code_set: CodeSet) -> Stated:
    tables, notes, quotes = [], [], []
    for member in bundle.members:
        if bundle.single or not re.fullmatch(CROSSWALK_NAMES, member.base_name, re.IGNORECASE):
            continue
        try:
            tables.append(links(member.base_name, member.read(), code_set, "publisher"))
        except Refused as error:
            notes.append(f"{member.base_name} was not used: {error.place}: {error.said}")
            quotes.append(error.quoted)
    return Stated((), tuple(tables), tuple(notes), tuple(quotes))
