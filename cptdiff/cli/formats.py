"""`cptdiff formats`: what can be read."""

from contextlib import suppress

import click

from cptdiff.cli.commands import Command
from cptdiff.codesets import PROFILES
from cptdiff.codesets.layout import Continued, Delimited, FixedWidth, Format, Workbook, Xml


@click.command(cls=Command, short_help="List the files that cptdiff reads.")
def formats() -> None:
    """List the files that cptdiff reads: an example of each name, the fields, the source.

    File names match in upper or lower case, and for any release.
    """
    with suppress(OSError):
        _listed()


def _listed() -> None:
    for at, profile in enumerate(PROFILES.values()):
        click.secho(f"\n{profile.label}" if at else profile.label, bold=True)
        for form in profile.formats:
            click.echo(f"  {form.name:<24}{form.example}")
            _tell(f"{', '.join(_columns(form))} ({form.source})")
    from cptdiff.codesets.presets import PRESETS  # noqa: PLC0415 - here only

    click.secho("\nTables of publishers, known by their header", bold=True)
    for preset in PRESETS.values():
        click.echo(f"  {preset.name:<24}{preset.example}")
        _tell(f"{preset.label}: key {', '.join(preset.keys)} ({preset.source})")


def _tell(text: str) -> None:
    import textwrap  # noqa: PLC0415 - here only

    for line in textwrap.wrap(text, 54):
        click.echo(f"{'':<26}{line}")


def _columns(form: Format) -> list[str]:
    layout = form.layout
    match layout:
        case FixedWidth():
            return [column.name for column in layout.columns]
        case Continued():
            return [column.name for column in layout.fixed.columns if column.name != "sequence"]
        case Delimited():
            return list(layout.fields or layout.header.values())
        case Workbook() if layout.header:
            return list(layout.header.values())
        case Xml():
            return [*layout.attributes.values(), *layout.elements.values()]
        case _:
            own = "columns as found; the key by --key COLUMN"
            modifiers = form.carries.get("modifier")
            return ["code", "list", *modifiers] if modifiers else [own]
