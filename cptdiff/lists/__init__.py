"""Lists that publishers and users keep beside releases, one file for each kind of list."""

import re
from pathlib import Path

from cptdiff.errors import Refused
from cptdiff.lists.crosswalks import CROSSWALK_NAMES, links, read_crosswalk
from cptdiff.lists.find import lists_beside, published, with_addenda
from cptdiff.lists.own import own_notice, own_sections, own_severities
from cptdiff.model import Stated
from cptdiff.reading.sources import Bundle
from cptdiff.vocabulary import CodeSet

__all__ = [
    "find_stated",
    "own_notice",
    "own_sections",
    "own_severities",
    "published",
    "read_crosswalk",
]


def find_stated(path: Path, bundle: Bundle, code_set: CodeSet) -> Stated:
    """Return all that is stated in a release's own bundle, or beside the one file at `path`.

    What cannot be read becomes a note.
    """
    whole = with_addenda(path, bundle)
    return lists_beside(whole, code_set) + _crosswalks(whole, code_set)


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
