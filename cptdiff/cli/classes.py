"""`cptdiff classes`: what a revision may be, and how much it matters."""

import json
import textwrap
from typing import Final

import click

from cptdiff.cli.commands import Command, Words
from cptdiff.cli.delivering import write_stdout
from cptdiff.vocabulary import SEVERITIES

_NAME: Final = 20
_WIDTH: Final = 78


@click.command(
    cls=Command,
    short_help="List the classes of revision.",
    examples=("cptdiff classes", "cptdiff classes --format json"),
)
@click.option(
    "--format",
    "format_name",
    type=Words(["text", "json"]),
    default="text",
    help="What goes to standard output. Default: text.",
)
def classes(format_name: str) -> None:
    """List the classes of revision with their severity and meaning, the most severe first.

    Change a severity with `cptdiff diff --severity FILE`: a class and its severity on each line.
    docs/meaning.md explains more.
    """
    from cptdiff.judgement import CLASSES  # noqa: PLC0415 - imports polars

    rows = [(one.name, one.severity, one.reason) for one in CLASSES]
    rows.sort(key=lambda row: -SEVERITIES.index(row[1]))
    text = _write_json(rows) if format_name == "json" else _write_lines(rows)
    write_stdout(text.encode())


def _write_json(rows: list[tuple[str, str, str]]) -> str:
    keys = ("class", "severity", "meaning")
    listed = [dict(zip(keys, row, strict=True)) for row in rows]
    return json.dumps({"schema_version": 1, "classes": listed}, indent=2) + "\n"


def _write_lines(rows: list[tuple[str, str, str]]) -> str:
    lines = []
    for severity in reversed(SEVERITIES):
        lines.append(severity)
        for name, _, meaning in (row for row in rows if row[1] == severity):
            lines += textwrap.wrap(
                f"  {name:<{_NAME}}{meaning}", _WIDTH, subsequent_indent=" " * (_NAME + 2),
                break_on_hyphens=False,
            )  # fmt: skip
    return "\n".join(lines) + "\n"
