"""cptdiff: exact change reports between two releases of a medical code set.

`load` reads a release, `diff` compares two. Nothing heavy is imported before it is used.
"""

from typing import TYPE_CHECKING

from cptdiff.errors import CptdiffError
from cptdiff.options import Options, Shown
from cptdiff.vocabulary import CodeSet, Descriptors

if TYPE_CHECKING:
    from cptdiff.api import diff, load
    from cptdiff.model import Changes, Release
    from cptdiff.results import Results
else:
    _HOMES = {
        "Changes": "cptdiff.model",
        "Release": "cptdiff.model",
        "Results": "cptdiff.results",
        "diff": "cptdiff.api",
        "load": "cptdiff.api",
    }

    def __getattr__(name: str) -> object:
        if name not in _HOMES:
            raise AttributeError(f"module 'cptdiff' has no attribute {name!r}")
        from importlib import import_module  # noqa: PLC0415 - the command line needs none of it

        return getattr(import_module(_HOMES[name]), name)


__all__ = [
    "Changes",
    "CodeSet",
    "CptdiffError",
    "Descriptors",
    "Options",
    "Release",
    "Results",
    "Shown",
    "diff",
    "load",
]
