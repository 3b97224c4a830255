"""Releases by their names in a library, such as hcpcs@2026, in the place of a path."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeVar

import click
from click.core import ParameterSource

from cptdiff.errors import escape_controls
from cptdiff.process.lines import say

Command = TypeVar("Command", bound=Callable[..., Any])
VARIABLE: Final = "CPTDIFF_LIBRARY"


def add_library_option(command: Command) -> Command:
    """Add --library: the folder of releases that are known by name."""
    return click.option(
        "--library",
        envvar=VARIABLE,
        default=_find_default,
        type=click.Path(path_type=Path),
        metavar="DIR",
        help=f"The library of releases, such as hcpcs@2026. Default: {VARIABLE} if it is set,"
        " else a folder of yours, which `cptdiff library list` names.",
    )(command)


def is_library_named() -> bool:
    """Whether the command line has --library."""
    source = click.get_current_context().get_parameter_source("library")
    return source is ParameterSource.COMMANDLINE


def find_library() -> Path:
    """Return the library where no --library names it."""
    named = os.environ.get(VARIABLE, "").strip()
    return Path(named) if named else _find_default()


def _find_default() -> Path:
    return Path(click.get_app_dir("cptdiff")) / "library"


class ReleasePath(click.Path):
    """A path, or the name of a release in the library, which stands for the path of its file."""

    def __init__(self) -> None:
        super().__init__(path_type=Path)

    def convert(
        self,
        value: Any,  # noqa: ANN401 - as click has it
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> Any:  # noqa: ANN401
        """Return the path. Raise `Refused` for a name that no release, or several, have."""
        is_completing = ctx is not None and ctx.resilient_parsing
        return super().convert(value if is_completing else find_path(value), param, ctx)


def read_runs(
    ctx: click.Context, _option: click.Parameter, words: tuple[str, ...]
) -> tuple[str, ...]:
    """Return each RUN with paths in the place of names: both sides of a pair may be one."""
    if ctx.resilient_parsing:
        return words
    return tuple(":".join(str(find_path(part)) for part in word.split(":")) for word in words)


def find_path(word: str | os.PathLike[str], library: Path | None = None) -> str | os.PathLike[str]:
    """Return the path that `word` stands for: `word` itself where it is no name of a release.

    `library` is the one of the environment, else of the user, where none is given.
    What has to be known of it is told. Raise `Refused` for a name that no release, or several,
    have.
    """
    text = os.fspath(word)
    if "@" not in text:
        return word
    from cptdiff.history import find_original, find_reference  # noqa: PLC0415 - imports polars

    if find_reference(text) is None:
        return word
    path, notes = find_original(library or find_library(), text)
    for note in notes:
        say(escape_controls(f"cptdiff: note: {note}"), level="warning")
    return str(path)
