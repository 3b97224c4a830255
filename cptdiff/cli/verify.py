"""`cptdiff verify`: whether a run folder is as it was written."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cptdiff.cli.commands import Command, Words
from cptdiff.cli.delivering import write_stdout
from cptdiff.cli.references import ReleasePath
from cptdiff.errors import escape_controls

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cptdiff.output.verify import Finding, Folder


@click.command(
    cls=Command,
    short_help="Check that a run folder is unchanged.",
    examples=("cptdiff verify run-2027", "cptdiff verify run-2027 --against old.zip new.zip"),
)
@click.argument("run_folder", type=click.Path(path_type=Path))
@click.option(
    "--against",
    nargs=2,
    type=ReleasePath(),
    metavar="PREVIOUS CURRENT",
    help="Also compare these releases again, with the options in the manifest, and say what"
    " differs.",
)
@click.option(
    "--format",
    "format_name",
    type=Words(["text", "json"]),
    default="text",
    help="What goes to standard output. Default: text.",
)
@click.option("--debug", is_flag=True, help="After an error, also show a Python traceback.")
def verify(
    run_folder: Path, against: tuple[Path, Path] | None, format_name: str, *, debug: bool
) -> int:
    """Check that RUN_FOLDER is as it was written: digests, rows and counts.

    The inputs are not needed, and nothing is written. Exit codes: 0 all is as it was; 1 something
    differs, and each file is named; 2 not a run folder, or the releases cannot be compared.
    """
    del debug  # looked for by whoever shows the traceback
    from cptdiff.output.verify import check_run, open_run  # noqa: PLC0415 - --help stays light

    folder = open_run(run_folder)
    findings = check_run(folder)
    if against:
        from cptdiff.output.rerun import compare_again  # noqa: PLC0415 - imports polars

        findings += compare_again(folder, *against)
    if format_name == "json":
        text = _write_json(run_folder, folder, findings, is_again=bool(against))
    else:
        lines = _write_lines(run_folder, folder, findings, is_again=bool(against))
        text = "".join(f"{escape_controls(line)}\n" for line in lines)
    write_stdout(text.encode("utf-8", "backslashreplace"))
    return int(bool(findings))


def _write_lines(
    path: Path, folder: "Folder", findings: "Sequence[Finding]", *, is_again: bool
) -> list[str]:
    digest = f"manifest.json: SHA-256 {folder.manifest_digest or 'unknown'}"
    if findings:
        count = "1 difference" if len(findings) == 1 else f"{len(findings):,} differences"
        return [f"{path}: {count}", *(f"- {finding}" for finding in findings), digest]
    files = f"{len(folder.subjects):,} files match the manifest; rows and counts add up"
    again = ["the comparison made again is the same"] if is_again else []
    return [f"{path}: unchanged", *(f"- {line}" for line in (files, *again)), digest]


def _write_json(
    path: Path, folder: "Folder", findings: "Sequence[Finding]", *, is_again: bool
) -> str:
    content = {
        "schema_version": 1,
        "folder": path.name or path.resolve().name,
        "unchanged": not findings,
        "compared_again": is_again,
        "manifest_sha256": folder.manifest_digest or None,
        "files": len(folder.subjects),
        "findings": [
            {**finding._asdict(), "column": finding.column or None} for finding in findings
        ],
    }
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"
