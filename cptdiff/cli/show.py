"""`cptdiff show`: the life of one code."""

from contextlib import suppress
from typing import Any, Final

import click

from cptdiff.cli.commands import Command
from cptdiff.cli.delivering import echo_lines
from cptdiff.cli.history import add_release_options
from cptdiff.cli.options import add_limit_option, read_day
from cptdiff.errors import Refused, find_nearest

# A code that was meant begins like the one that was typed.
_LEAD: Final = 2


@click.command(
    cls=Command,
    short_help="Show the life of one code.",
    examples=(
        "cptdiff show 99202 releases/",
        "cptdiff show 0071T cpt-2026.zip cpt-2027.zip --as-of 2026-12-31",
    ),
)
@click.argument("code", metavar="CODE")
@click.argument("releases", nargs=-1, required=True, metavar="RELEASE...")
@click.option(
    "--as-of",
    type=read_day,
    metavar="YYYY-MM-DD",
    help="First say whether the code was valid on this day.",
)
@add_release_options
@add_limit_option
@click.option("--debug", is_flag=True, help="After an error, also show a Python traceback.")
def show(code: str, releases: tuple[str, ...], **options: Any) -> int:  # noqa: ANN401 - click's options
    """Show when CODE was valid, how its wording changed, and what replaced it.

    RELEASE is a release as for `cptdiff diff`, or a folder with several zips.
    """
    from cptdiff.history import describe_life, find_life, make_timeline, read_editions  # noqa: PLC0415

    editions = read_editions(releases, options["days"], options["code_set"])
    timeline = make_timeline(editions)
    life = find_life(timeline, code)
    if not life.spells:
        alike = timeline.filter(timeline["code"].str.starts_with(life.code[:_LEAD]))["code"]
        near = find_nearest(life.code, alike.unique().sort().to_list())
        fix = f"did you mean {near}?" if near else "check the code, or add older releases"
        raise Refused("E381", life.code, f"is in none of the releases of {editions.label}", fix)
    with suppress(OSError):
        echo_lines(describe_life(life, options["as_of"], editions.days[0]))
        echo_lines(f"- {note}" for note in editions.notes)
    return 3 if any(note.kind == "excluded" for note in editions.notes) else 0
