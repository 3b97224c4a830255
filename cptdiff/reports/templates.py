"""Where templates/ lies, and the jinja2 environment."""

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

_PACKAGE = Path(__file__).parents[1]


def directory() -> Path:
    """The shipped folder, else the one beside the package in a checkout."""
    shipped = _PACKAGE / "templates"
    return shipped if shipped.is_dir() else _PACKAGE.parent / "templates"


@cache
def environment(own: Path | None) -> Environment:
    """Every variable escaped, whatever the file's suffix; an unknown name is an error.

    Templates of the user's `own` folder stand before the shipped ones.
    """
    return Environment(
        loader=FileSystemLoader([own, directory()] if own else [directory()]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
