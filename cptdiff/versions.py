"""The versions that make up a run: cptdiff's and its libraries'."""

from importlib.metadata import version
from typing import Final

LIBRARIES: Final = ("polars", "click", "jinja2", "rapidfuzz", "openpyxl", "xlsxwriter")


def versions() -> dict[str, str]:
    """By distribution name, cptdiff first."""
    return {name: version(name) for name in ("cptdiff", *LIBRARIES)}
