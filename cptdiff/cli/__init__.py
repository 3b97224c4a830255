"""The commands, one file each. Nothing here imports polars before a command runs."""

import os

import click

from cptdiff.cli.commands import Commands


def _version(context: click.Context, _option: click.Parameter, asked: bool) -> None:  # noqa: FBT001
    if not asked or context.resilient_parsing:
        return
    from cptdiff.versions import list_versions  # noqa: PLC0415 - 15 ms, for --version only

    own, *libraries = (f"{name} {version}" for name, version in list_versions().items())
    click.echo(f"{own} ({', '.join(libraries)})")
    context.exit()


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.option(
    "--version", is_flag=True, expose_value=False, is_eager=True, callback=_version,
    help="Show the versions of cptdiff and of its libraries.",
)  # fmt: skip
def cli() -> None:
    """Compare two releases of a medical code set and report every change.

    Exit codes: 0 compared; 1 only with --exit-code (there are changes) or --fail-on (its condition
    is met); 2 nothing compared; 3 compared, but rows were excluded, leading zeros were restored or
    a guard was overridden; 4 the machine failed, the folder of an output is missing, or a run
    folder exists; 70 a bug.
    """
    if os.environ.get("NO_COLOR"):
        click.get_current_context().color = False
