"""`cptdiff library`: releases that are kept, and known by names such as hcpcs@2026."""

import json
from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from cptdiff.cli.commands import Command, Group
from cptdiff.cli.delivering import echo_lines
from cptdiff.cli.history import add_release_options
from cptdiff.cli.options import add_limit_option
from cptdiff.cli.references import add_library_option, find_path
from cptdiff.errors import escape_controls
from cptdiff.process.lines import say
from cptdiff.process.signals import release

if TYPE_CHECKING:
    from cptdiff.history import Added, Kept
    from cptdiff.model import Note

_DEBUG: Final = click.option(
    "--debug", is_flag=True, help="After an error, also show a Python traceback."
)
_NAME_WIDTH: Final = 36


@click.group(cls=Group, short_help="Keep releases, to name them hcpcs@2026.")
def library() -> None:
    """Keep releases in a folder, so that every command knows them by name: hcpcs@2026.

    A name is a code set and a date: hcpcs@2026, hcpcs@2026-04, hcpcs@2026-04-01; a year of ICD-10
    is the fiscal year.
    """


@library.command(
    cls=Command,
    short_help="Keep releases.",
    examples=(
        "cptdiff library add hcpcs-2026.zip hcpcs-2027.zip",
        "cptdiff library add releases/ --library /srv/codes",
    ),
)
@click.argument("releases", nargs=-1, required=True, metavar="RELEASE...")
@add_release_options
@add_library_option
@add_limit_option
@_DEBUG
def add(
    releases: Sequence[str], library: Path, days: dict[str, date], code_set: str | None,
    *, debug: bool,
) -> int:  # fmt: skip
    """Keep a copy of each RELEASE, with what a history needs of it.

    RELEASE is a release as for `cptdiff diff`, or a folder with several zips. The same bytes again
    change nothing; other bytes with the same date are kept beside the first, and hcpcs@2026 then
    means those that were added last.
    """
    del debug  # looked for by whoever shows the traceback
    from cptdiff.history import add_release, find_day, list_paths  # noqa: PLC0415 - imports polars

    notes: list[Note] = []
    places = [str(find_path(one, library)) for one in releases]
    is_whole = True
    for path in list_paths(places, days, code_set, notes):
        added = add_release(library, path, code_set, find_day(days, path))
        release()  # it is in place: a signal may stop the rest
        is_whole &= all(note.kind != "excluded" for note in added.kept.notes)
        with suppress(OSError):
            echo_lines(_describe_added(added))
    with suppress(OSError):
        echo_lines(f"- {note}" for note in notes)
    say(escape_controls(f"cptdiff: the library is {library}"))
    return 0 if is_whole else 3


@library.command(
    "list",
    cls=Command,
    short_help="List the releases that are kept.",
    examples=("cptdiff library list", "cptdiff library list --json"),
)
@click.option("--json", "is_json", is_flag=True, help="As JSON, with the path and date of each.")
@add_library_option
@_DEBUG
def show(library: Path, *, is_json: bool, debug: bool) -> None:
    """List the releases that are kept, by code set and date."""
    del debug  # as above
    from cptdiff.history import list_releases  # noqa: PLC0415 - imports polars

    kept = list_releases(library)
    with suppress(OSError):
        if is_json:
            click.echo(json.dumps([_describe_as_json(one) for one in kept], indent=2))
            return
        references = [one.reference for one in kept]
        for one in kept:
            is_twin = references.count(one.reference) > 1
            name = one.full_reference if is_twin else one.reference
            line = f"{name:<{_NAME_WIDTH}}{one.name:<26}{_count(one):>16}"
            click.echo(escape_controls(line))
        many = "1 release" if len(kept) == 1 else f"{len(kept):,} releases"
        click.echo(escape_controls(f"{many} in {library}"))


@library.command(
    cls=Command,
    short_help="Remove a release.",
    examples=("cptdiff library remove hcpcs@2026-01-01",),
)
@click.argument("names", nargs=-1, required=True, metavar="NAME...")
@add_library_option
@_DEBUG
def remove(names: Sequence[str], library: Path, *, debug: bool) -> None:
    """Remove each NAME, such as hcpcs@2026-01-01, and its copy from the library."""
    del debug  # as above
    from cptdiff.history import remove_release  # noqa: PLC0415 - imports polars

    for name in names:
        kept = remove_release(library, name)
        release()
        with suppress(OSError):
            click.echo(escape_controls(f"{kept.full_reference}: {kept.name}: removed"))


def _describe_added(added: "Added") -> list[str]:
    kept = added.kept
    lines = [f"{kept.reference}: {kept.name}, {_count(kept)}, from {kept.original}"]
    if not added.is_new:
        what = ", and was read again" if added.is_refreshed else "; nothing was changed"
        lines = [f"{kept.full_reference}: {kept.name} is kept already{what}"]
    elif added.others:
        names = ", ".join(one.full_reference for one in added.others)
        lines.append(
            f"- another release has this date and other bytes: {kept.reference} now means"
            f" #{kept.full_reference.partition('#')[2]}; still kept: {names}"
        )
    if added.dated:
        names = ", ".join(one.reference for one in added.dated)
        lines.append(f"- the same bytes are kept as {names} too: remove the one with a wrong date")
    return [*lines, *(f"- {note}" for note in kept.notes)]


def _count(kept: "Kept") -> str:
    many = kept.counts.get("code", 0)
    return f"{many:,} code{'' if many == 1 else 's'}"


def _describe_as_json(kept: "Kept") -> dict[str, Any]:
    return {
        "reference": kept.reference,
        "code_set": kept.code_set,
        "name": kept.name,
        "effective_date": kept.day.isoformat(),
        "posting": kept.posting,
        "file": kept.original,
        "sha256": kept.sha256,
        "entries": {**kept.counts},
        "path": str(kept.path.absolute()),
    }
