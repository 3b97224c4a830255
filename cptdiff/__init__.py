"""cptdiff: exact change reports between two releases of a medical code set.

`load` reads a release, `diff` and `compare` compare two, `judge` asks what that means with other
options, `find_impact` what it does to lists of your own, `judge_claims_on_spark` which claims used
codes that were not valid, `verify` checks a run folder. Nothing heavy is imported before it is
used.
"""

from typing import TYPE_CHECKING

from cptdiff.errors import CptdiffError
from cptdiff.options import Options, Shown
from cptdiff.vocabulary import CodeSet, Descriptors, Repair

if TYPE_CHECKING:
    from cptdiff.api import Results, compare, diff, judge, load, verify
    from cptdiff.api_claims import judge_claims_on_spark
    from cptdiff.api_lists import Impact, find_impact
    from cptdiff.model import Changes, Release
    from cptdiff.output.verify import Finding

    __version__: str
else:
    _HOMES = {
        "Changes": "cptdiff.model",
        "Finding": "cptdiff.output.verify",
        "Impact": "cptdiff.api_lists",
        "Release": "cptdiff.model",
        "Results": "cptdiff.api",
        "compare": "cptdiff.api",
        "diff": "cptdiff.api",
        "find_impact": "cptdiff.api_lists",
        "judge": "cptdiff.api",
        "judge_claims_on_spark": "cptdiff.api_claims",
        "load": "cptdiff.api",
        "verify": "cptdiff.api",
    }

    def __getattr__(name: str) -> object:
        if name == "__version__":
            from cptdiff.versions import list_versions  # noqa: PLC0415 - as below

            return list_versions()["cptdiff"]
        if name not in _HOMES:
            raise AttributeError(f"module 'cptdiff' has no attribute {name!r}")
        from importlib import import_module  # noqa: PLC0415 - the command line needs none of it

        return getattr(import_module(_HOMES[name]), name)


__all__ = [
    "Changes",
    "CodeSet",
    "CptdiffError",
    "Descriptors",
    "Finding",
    "Impact",
    "Options",
    "Release",
    "Repair",
    "Results",
    "Shown",
    "__version__",
    "compare",
    "diff",
    "find_impact",
    "judge",
    "judge_claims_on_spark",
    "load",
    "verify",
]


def __dir__() -> list[str]:
    return sorted([*__all__, "__all__", "__doc__", "__file__", "__name__", "__path__"])
