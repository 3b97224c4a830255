"""Lists that publishers and users keep beside releases, one file for each kind of list."""

import re
from pathlib import Path

from cptdiff.codesets import profile_of
from cptdiff.errors import Refused
from cptdiff.lists.accepted import Acceptance, fingerprint_row, read_acceptances
from cptdiff.lists.crosswalks import CROSSWALK_NAMES, read_crosswalk, read_links
from cptdiff.lists.decisions import Decision, Grid, part_decisions, read_decisions, read_grids
from cptdiff.lists.find import add_addenda, read_lists_beside, read_published
from cptdiff.lists.known import (
    FORMER,
    WORKBOOK,
    WORKSHEET,
    Acknowledgement,
    Former,
    find_worksheet,
    is_edited,
    open_run_files,
    read_acknowledgements,
    read_former,
)
from cptdiff.lists.own import read_notice, read_sections, read_severities
from cptdiff.model import Note, Stated
from cptdiff.reading import Bundle

__all__ = [
    "FORMER",
    "WORKBOOK",
    "WORKSHEET",
    "Acceptance",
    "Acknowledgement",
    "Decision",
    "Former",
    "Grid",
    "add_addenda",
    "find_stated",
    "find_worksheet",
    "fingerprint_row",
    "is_edited",
    "open_run_files",
    "part_decisions",
    "read_acceptances",
    "read_acknowledgements",
    "read_crosswalk",
    "read_decisions",
    "read_former",
    "read_grids",
    "read_notice",
    "read_published",
    "read_sections",
    "read_severities",
]


def find_stated(path: Path | None, bundle: Bundle, code_set: str) -> Stated:
    """Return all that is stated in a release's own bundle, or beside the one file at `path`.

    What cannot be read becomes a note.
    """
    profile = profile_of(code_set)
    whole = add_addenda(path, bundle, profile)
    return read_lists_beside(whole, profile) + _find_crosswalks(whole, code_set)


def _find_crosswalks(bundle: Bundle, code_set: str) -> Stated:
    tables, notes = [], []
    for member in bundle.members:
        if bundle.single or not re.fullmatch(CROSSWALK_NAMES, member.base_name, re.IGNORECASE):
            continue
        try:
            tables.append(read_links(member.base_name, member.read(), code_set, "publisher"))
        except Refused as error:
            text = f"{member.base_name} was not used: {error.place}: {error.wrong}"
            notes.append(Note("list", text, quoted=error.quoted))
    return Stated((), tuple(tables), tuple(notes))
