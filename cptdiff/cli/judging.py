"""What a user gives to judge by, and which changes are shown: the options and what becomes of them.

--crosswalk, --published, --severity, --expect, --only, --min-severity, --fail-on.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from cptdiff.grades import CHANGES, KINDS, SEVERITIES

if TYPE_CHECKING:
    from cptdiff.codesets import CodeSet
    from cptdiff.formats.ranges import Range
    from cptdiff.judgement.judge import Given
    from cptdiff.results import Results
    from cptdiff.shown import Shown

Command = TypeVar("Command", bound=Callable[..., Any])

UNEXPLAINED: Final = "unexplained"
_FILE = click.Path(path_type=Path)


def judging_options(command: Command) -> Command:
    """The options of this file."""
    for option in (
        click.option(
            "--fail-on", "conditions", multiple=True, metavar="CONDITION",
            type=click.Choice([*SEVERITIES, UNEXPLAINED]),
            help=f"Exit 1 when a change is at least so severe ({', '.join(SEVERITIES)}), or when"
            f" a list or total is not met and nothing explains it ({UNEXPLAINED}). Repeatable.",
        ),
        click.option(
            "--min-severity", type=click.Choice(SEVERITIES),
            help="Show only changes that are at least so severe; additions have no severity.",
        ),
        click.option(
            "--only", "only", multiple=True, metavar="KINDS", callback=_only,
            help=f"Show only these: {', '.join((*CHANGES, *KINDS))}; joined by commas.",
        ),
        click.option(
            "--expect", "expected", metavar="TOTALS", callback=_expected,
            help="Announced totals, such as added=288,deleted=84,revised=46.",
        ),
        click.option(
            "--severity", "severity_file", type=_FILE, metavar="FILE",
            help="Your own severities: lines of a class and its severity.",
        ),
        click.option(
            "--published", "published_files", type=_FILE, multiple=True, metavar="FILE",
            help="The publisher's own list of changes or corrections. Repeatable.",
        ),
        click.option(
            "--crosswalk", "crosswalk_files", type=_FILE, multiple=True, metavar="FILE",
            help="Replacements: the publisher's conversion table, or your own. Repeatable.",
        ),
    ):  # fmt: skip
        command = option(command)
    return command


def given(
    options: Mapping[str, Any], code_set: "CodeSet", sections: "tuple[Range, ...]"
) -> "Given":
    """What the options' files hold. Raises `Refused` for one that cannot be read."""
    from cptdiff.judgement.judge import Given  # noqa: PLC0415
    from cptdiff.judgement.revision.classes import CLASSES  # noqa: PLC0415 - imports polars
    from cptdiff.releases.published import own_severities, published, read_crosswalk  # noqa: PLC0415
    from cptdiff.stated import Stated  # noqa: PLC0415

    stated = Stated()
    for path in options["published_files"]:
        stated += published(path, code_set)
    tables = tuple(read_crosswalk(path, code_set, "user") for path in options["crosswalk_files"])
    own = options["severity_file"]
    names = tuple(row.name for row in CLASSES)
    severities = own_severities(own, names, SEVERITIES) if own else {}
    return Given(stated + Stated(crosswalks=tables), sections, severities)


def shown(options: Mapping[str, Any]) -> "Shown":
    """Which changes the reports show."""
    from cptdiff.shown import Shown  # noqa: PLC0415 - imports polars

    only: tuple[str, ...] = options["only"]
    changes = tuple(name for name in CHANGES if name in only)
    kinds = tuple(name for name in KINDS if name in only)
    return Shown(changes, kinds, options["min_severity"] or "")


def fails(found: "Results", conditions: tuple[str, ...]) -> bool:
    """Whether a condition of --fail-on holds, whatever is shown."""
    severities = set(found.whole["severity"]) - {""}
    gravest = max((SEVERITIES.index(severity) for severity in severities), default=-1)
    return any(
        found.unexplained if name == UNEXPLAINED else gravest >= SEVERITIES.index(name)
        for name in conditions
    )


def _only(
    _context: click.Context, _option: click.Parameter, words: tuple[str, ...]
) -> tuple[str, ...]:
    names = [name.strip().lower() for word in words for name in word.split(",")]
    unknown = [name for name in names if name not in (*CHANGES, *KINDS)]
    if unknown:
        known = ", ".join((*CHANGES, *KINDS))
        raise click.UsageError(f"--only {unknown[0]}: choose among {known}.")
    return tuple(dict.fromkeys(names))


def _expected(
    _context: click.Context, _option: click.Parameter, text: str | None
) -> dict[str, int]:
    if text is None:
        return {}
    from cptdiff.judgement.announced import parsed_expectation  # noqa: PLC0415 - imports polars

    return parsed_expectation(text)
