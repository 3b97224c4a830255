"""The addenda that lie in the same folder as the one file that a user named."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Final

from cptdiff.errors import Refused
from cptdiff.releases.sources import Bundle, opened

# icd10cm_order_2019.txt and its addenda icd10cm_order_addenda_2019.txt; PCS leaves out the prefix.
_RELEASE: Final = r"(icd10(?:cm|pcs))_(order|codes)_(.+\.txt)"


def with_addenda(path: Path, bundle: Bundle) -> Bundle:
    """`bundle` and, where it is an ICD-10 file by itself, the addenda beside it (formats.md 8.1).

    One that cannot be opened is left out: the comparison does not need it.
    """
    name = re.fullmatch(_RELEASE, _evened(bundle.archive.name))
    if not (bundle.single and name):
        return bundle
    prefix, content, edition = name.groups()
    wanted = {f"{prefix}_{content}_addenda_{edition}"}
    if prefix == "icd10pcs":
        wanted.add(f"{content}_addenda_{edition}")
    try:
        files = sorted(file for file in path.parent.iterdir() if _evened(file.name) in wanted)
        found = [member for file in files for member in opened(file).members]
    except (OSError, Refused):
        return bundle
    return replace(bundle, members=(*bundle.members, *found), single=not found)


def _evened(name: str) -> str:
    return re.sub(r"[-_ ]+", "_", name.lower())
