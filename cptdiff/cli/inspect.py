"""`cptdiff inspect`: what a file is, what would be read from it, what is wrong with it."""

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cptdiff.cli.commands import Command
from cptdiff.cli.options import (
    add_accept_option,
    add_limit_option,
    add_reading_options,
    read_day,
    read_inspection,
)
from cptdiff.cli.references import ReleasePath
from cptdiff.errors import escape_controls

if TYPE_CHECKING:
    from cptdiff.accepted import Accepted
    from cptdiff.model import Release


@click.command(
    cls=Command,
    short_help="Show how a file would be read.",
    examples=("cptdiff inspect new.zip", "cptdiff inspect new.csv --code-set table"),
)
@click.argument("path", type=ReleasePath())
@click.option(
    "--date",
    "effective",
    type=read_day,
    metavar="YYYY-MM-DD",
    help="The effective date of the release, if cptdiff does not find it.",
)
@add_accept_option
@add_limit_option
@add_reading_options()
def inspect(path: Path, **options: Any) -> int:  # noqa: ANN401 - click's options
    """Show how PATH would be read, and which rows would be excluded and why; compare nothing.

    PATH is a file, a folder or a zip, just as the publisher ships it, or the name of a release in
    your library (`cptdiff library`), such as hcpcs@2026.
    """
    chosen = read_inspection(options)
    from cptdiff.accepted import settle_acceptances  # noqa: PLC0415 - imports polars
    from cptdiff.lists import read_acceptances  # noqa: PLC0415 - as above
    from cptdiff.pipeline import load_release, plan_readings  # noqa: PLC0415 - as above

    release = load_release(path, plan_readings(chosen)[1])
    given = [row for file in chosen.accepted_files for row in read_acceptances(file)]
    accepted = settle_acceptances({"current": release}, given)
    with suppress(OSError):
        _release(release)
        for note in release.notes:
            click.secho(f"- {escape_controls(str(note))}", fg="yellow")
        for sign in release.breaks:
            click.secho(
                f"incomplete: {escape_controls(sign.place)}: {escape_controls(sign.wrong)}",
                fg="red",
            )
        _faults(release, accepted)
    return 3 if accepted.excluded or release.repaired or release.breaks else 0


def _release(release: "Release") -> None:
    from cptdiff.summary import count_entries, list_column_types  # noqa: PLC0415 - imports polars

    date = release.effective_date.isoformat() if release.effective_date else "not found"
    counts = [_count(n, kind) for kind, n in count_entries(release).items() if n]
    ended = f"; {release.ended.height:,} ended" if release.ended.height else ""
    click.secho(escape_controls(release.archive.name), bold=True)
    click.echo(f"  code set        {release.profile.label}")
    if release.preset:
        click.echo(f"  preset          {release.preset.name}: {release.preset.label}")
        click.echo(f"  key             {escape_controls(', '.join(release.keys))}")
    click.echo(f"  release         {release.name}")
    click.echo(f"  effective date  {date}")
    click.echo(f"  entries         {', '.join(counts)}{ended}")
    if release.archive.sha256:
        click.echo(f"  sha256          {release.archive.sha256}")
    if release.proof:
        click.echo("  complete        yes: the publisher's count in the same release agrees")
    click.secho("read", bold=True)
    for source in release.sources:
        rows = source.rows
        click.echo(f"  {escape_controls(source.member)}")
        click.echo(
            f"    {source.format}, {source.encoding}, {_count(source.size, 'byte')}:"
            f" {_count(rows.read, 'row')} = {rows.kept:,} used"
            f" + {_count(rows.collapsed, 'exact duplicate')} + {rows.quarantined:,} excluded"
        )
    types = list_column_types(release)
    if types:
        click.secho("columns compared", bold=True)
    for name, kind in types:
        click.echo(f"  {kind:<10}  {escape_controls(name)}")
    _sets(release)
    if release.passed_over:
        click.secho("passed over", bold=True)
    for passed in release.passed_over:
        click.echo(f"  {escape_controls(passed.member)}: {passed.why}")


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _sets(release: "Release") -> None:
    from cptdiff.rowsets import list_unique  # noqa: PLC0415 - imports polars

    for told in list_unique(release):
        click.echo(f"  {escape_controls(told)}")


def _faults(release: "Release", accepted: "Accepted") -> None:
    from cptdiff.sentences import name_place  # noqa: PLC0415 - imports polars

    faults = release.set_aside
    if not faults.height:
        return
    held = accepted.rows.filter(accepted.rows["status"] == "accepted")
    by_place = {(row["member"], row["line"]): row for row in held.iter_rows(named=True)}
    click.secho(f"excluded rows: {faults.height:,}", bold=True)
    for told in accepted.doubts:
        click.echo(f"  {escape_controls(told)}")
    for row in faults.iter_rows(named=True):
        code = escape_controls(row["raw"][:12])
        place = escape_controls(name_place(row["member"], row["line"]))
        one = by_place.get((row["member"], str(row["line"] or "")))
        by = escape_controls(f" (accepted by {one['who']}, {one['date']})") if one else ""
        click.echo(f"  {place}: {code}...: {row['fault']}{by}")
