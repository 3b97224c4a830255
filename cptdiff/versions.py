"""The versions that make up a run: cptdiff's and its libraries'."""

from importlib.metadata import PackageNotFoundError, version
from typing import Final

LIBRARIES: Final = ("polars", "click", "jinja2", "rapidfuzz", "xlsxwriter")


def list_versions() -> dict[str, str]:
    """By distribution name, cptdiff first; "unknown" where nothing was installed (a checkout)."""
    return {name: find_version(name) for name in ("cptdiff", *LIBRARIES)}


def find_version(name: str = "cptdiff") -> str:
    """The version of a distribution; "unknown" where it is not installed."""
    try:
        return version(name)
    except PackageNotFoundError:
        return "unknown"
