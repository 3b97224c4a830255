"""What a file is by its content, where its name does not say it; its year, where that tells one."""

import re
from collections.abc import Iterable
from typing import Final

from cptdiff.formats.layout import Columnar, Format, Own, Workbook
from cptdiff.releases.sources import PARQUET, ZIP

_HEAD: Final = 64 * 1024
_MAGIC: Final = ((ZIP[0], Workbook), (PARQUET, Columnar))

# Only layouts that no other format shares (a SHORTU cannot be told from a MEDU by its bytes).
_SIGNATURES: Final = {
    "cpt-consolidated": rb"(?im)^concept ?id\tcpt code\tlong\t",
    "cpt-clinician": rb"(?im)^concept ?id\tcpt code\tclinician descriptor id\t",
    "cpt-consumer": rb"(?im)^concept ?id\tcpt code\tconsumer friendly descriptor",
    "cpt-modifiers": rb"(?im)^concept ?id\tmodifier code\t",
    "cpt-pla": rb"<plaCodes",
    "cpt-longulf": rb"(?m)^[0-9]{4}[0-9AFMTU]01 .*[a-z]",
    "cpt-longuf": rb"(?m)^[0-9]{4}[0-9AFMTU]01 [^a-z]+$",
    # Two columns: many a list of more begins with five digits.
    "cpt-longult": rb"(?m)^[0-9]{4}[0-9AFMTU]\t[^\t\r\n]*[a-z][^\t\r\n]*(?=\r|$)",
    "cpt-longut": rb"(?m)^[0-9]{4}[0-9AFMTU]\t[^a-z\t\r\n]+(?=\r|$)",
    "hcpcs-anweb": rb"(?m)^(?:   [0-9A-Z]{2}|[A-V][0-9]{4})00100[37]",
    "icd10cm-order": rb"\A(?:\xef\xbb\xbf)?[0-9]{5} [A-Z][0-9A-Z]{2,6} +[01] ",
    "icd10pcs-order": rb"\A(?:\xef\xbb\xbf)?[0-9]{5} 0[0-9A-Z]{2,6} +[01] ",
}


def by_content(data: bytes, formats: Iterable[Format]) -> Format | None:
    """The one of `formats` whose mark stands in the first 64 KiB.

    A workbook, a Parquet file or a user's own table has none: it is read as the one format of its
    kind, where there is but one to choose.
    """
    head = data[:_HEAD]
    known = {form.name: form for form in formats}
    layout = next((layout for magic, layout in _MAGIC if head.startswith(magic)), Own)
    alike = [form for form in known.values() if isinstance(form.layout, layout)]
    if len(alike) == 1:
        return alike[0]
    for name, mark in _SIGNATURES.items():
        if name in known and re.search(mark, head):
            return known[name]
    return None
