"""cptdiff: exact change reports between two releases of a medical code set.

`load` reads a release, `diff` compares two. Nothing heavy is imported before it is used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from cptdiff.codesets import CodeSet
from cptdiff.errors import CptdiffError

if TYPE_CHECKING:
    from cptdiff.compare import compare as diff
    from cptdiff.model import Changes, Release
    from cptdiff.releases import Columns, Reading, load

__all__ = [
    "Changes",
    "CodeSet",
    "Columns",
    "CptdiffError",
    "Reading",
    "Release",
    "diff",
    "load",
]

_HOMES = {
    "Changes": ("cptdiff.model", "Changes"),
    "Columns": ("cptdiff.releases", "Columns"),
    "Reading": ("cptdiff.releases", "Reading"),
    "Release": ("cptdiff.model", "Release"),
    "diff": ("cptdiff.compare", "compare"),
    "load": ("cptdiff.releases", "load"),
}


def __getattr__(name: str) -> Any:  # noqa: ANN401 - module attributes are of any type
    if name not in _HOMES:
        raise AttributeError(f"module 'cptdiff' has no attribute {name!r}")
    module, attribute = _HOMES[name]
    return getattr(import_module(module), attribute)
