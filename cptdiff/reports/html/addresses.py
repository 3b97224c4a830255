"""Addresses on the page: of an entry (#cpt-99213), and of the list under a filter (#change=...)."""

from collections.abc import Sequence
from urllib.parse import quote, urlencode

from cptdiff.vocabulary import CodeSet


def entry_address(code_set: CodeSet, kind: str, code: str) -> str:
    """The id of an entry, without blanks whatever the code holds."""
    kinds = () if kind == "code" else (kind,)
    return "-".join((code_set.value, *kinds, quote(code, safe="")))


def filter_address(**chosen: str | Sequence[str]) -> str:
    """The fragment of the list under these filters, as the page's script writes it itself."""
    return f"#{urlencode(chosen, doseq=True)}"
