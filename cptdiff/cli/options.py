"""The options of the commands, and click's parameters as one typed `Options`."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final, TypeVar

import click

from cptdiff.cli.commands import Misuse, Words, WrongValue
from cptdiff.cli.lists import expand_lists, read_list_options
from cptdiff.codesets import PROFILES
from cptdiff.conditions import SINCE, SUBJECTS, Condition, read_condition
from cptdiff.limits import LIMITS, read_limit, use_limits
from cptdiff.options import (
    MOVABLE,
    Options,
    Presentation,
    Shown,
    Spelling,
    is_percent,
    read_totals,
)
from cptdiff.vocabulary import (
    CHANGES,
    COLUMN_TYPES,
    GUARD_LIMITS,
    KINDS,
    NO_PRESET,
    PRESET_NAMES,
    QUOTES,
    SEVERITIES,
    Descriptors,
    Repair,
)

Command = TypeVar("Command", bound=Callable[..., Any])
Parameters = Mapping[str, Any]
_FILE: Final = click.Path(path_type=Path)
# As people in the United States and programs write days.
_OTHER_DAYS: Final = ("%m/%d/%Y", "%m-%d-%Y", "%m/%d/%y", "%Y/%m/%d", "%Y%m%d")
SIDES: Final = ("previous", "current")
# What can only be meant as a file: a path's beginning; one word with a suffix or a slash that is no
# address of the web; words that end as a document's name does. "Acme Inc." and "... at acme.org"
# are texts.
_NAME_OF_FILE: Final = re.compile(
    r"""(?ix)
    (?: / | \.{1,2}[/\\] | ~[\w.-]*/ | [a-z]:[/\\] | \\\\ ) .*
    | (?! .*(?: :// | www\. ) ) (?: \S*\w\.\w{1,5} | \S+/\S+
        | .*\w\.(?: txt | text | md | rst | pdf | docx? | odt | rtf | html? | xml | csv ) )
    """
)


def read_day(text: str) -> date:
    """Return the date that `text` gives. Raise click's usage error for anything else."""
    # Not every text that Python takes for a date: 20270101, 2027-W01-1.
    day = _parse_day(text, "%Y-%m-%d")
    if day is None:
        near = next(filter(None, (_parse_day(text, form) for form in _OTHER_DAYS)), None)
        fix = f"write {near or '2027-01-01'}"
        raise WrongValue(f"{text} is not a date; write YYYY-MM-DD.", fix)
    return day


def _parse_day(text: str, form: str) -> date | None:
    try:
        return datetime.strptime(text, form).date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        return None


_PRESET: Final = click.option(
    "--preset", type=Words([*PRESET_NAMES, NO_PRESET]), metavar="NAME",
    help="Which publisher's table to read, if a folder or zip has several; none reads a"
    " publisher's table as any other. `cptdiff formats` lists them.",
)  # fmt: skip


_ACCEPT: Final = click.option(
    "--accept", "accepted_files", type=_FILE, multiple=True, metavar="FILE",
    help="Excluded rows that somebody has accepted: lines of quarantine.csv with the columns date,"
    " who and why. They no longer set exit code 3. Repeatable.",
)  # fmt: skip


def add_accept_option(command: Command) -> Command:
    """Add --accept."""
    return _add(command, _ACCEPT)


def add_reading_options(*sides: str) -> Callable[[Command], Command]:
    """Add --code-set, --key, --field, --encoding, --quotes, --member, --sheet, --repair, --debug.

    Encoding, quotes, member and sheet may be named for each of `sides`; without any there is one
    release.
    """
    listed = " The run folder lists each code; the exit code is 3." if sides else ""
    return lambda command: _add(
        command,
        click.option(
            "--code-set", type=Words(list(PROFILES)),
            help="The code set, if cptdiff does not detect it. For a table of your own: table.",
        ),
        click.option(
            "--key", "keys", multiple=True, metavar="COLUMN",
            help="The column that identifies a row of a table; OLD=NEW if it has another name in"
            " CURRENT. Repeat it if several columns together do. Default: code.",
        ),
        click.option(
            "--field", "fields", multiple=True, metavar="COLUMN",
            help="A column of a table to compare, or OLD=NEW. Repeatable. Default: all but the"
            " key.",
        ),
        click.option(
            "--no-header", is_flag=True,
            help="The table has no header; its columns are called 1, 2, 3 and so on.",
        ),
        click.option(
            "--columns", "column_names", metavar="NAME,NAME", callback=_read_names,
            help="The table has no header; its columns have these names, separated by commas.",
        ),
        _PRESET,
        *_list_sided(sides),
        click.option(
            "--repair", "repairs", multiple=True, metavar="NAME",
            type=Words([each.value for each in Repair]),
            help="leading-zeros: restore leading zeros that a spreadsheet dropped from CPT codes"
            f" (00100 saved as 100).{listed}",
        ),
        click.option(
            "--debug", is_flag=True,
            help="After an error, also show where in cptdiff it happened (a Python traceback), for"
            " a bug report.",
        ),
    )  # fmt: skip


def _list_sided(sides: Sequence[str]) -> tuple[Callable[[Command], Command], ...]:
    """The options whose value may be that of one side alone."""
    side = f"[{'|'.join(f'{one}=' for one in sides)}]" if sides else ""
    which = "both tables or of one" if sides else "the table"
    return (
        click.option(
            "--encoding", "encodings", multiple=True, metavar=f"{side}NAME",
            help=f"The encoding of {which}, if it is not UTF-8, such as cp1252.",
        ),
        click.option(
            "--quotes", multiple=True, metavar=f"{side}{'|'.join(QUOTES)}",
            help=f'Whether the quotes (") in {which} enclose cells: double, or none if they are'
            " letters such as inch marks. Default: by the file.",
        ),
        click.option(
            "--member", "members", multiple=True, metavar=f"{side}PATTERN",
            help="The file to read in a folder or zip, by its path or name; * and ? stand for any"
            " letters.",
        ),
        click.option(
            "--sheet", "sheets", multiple=True, metavar=f"{side}NAME",
            help="The sheet to read in a workbook; * and ? stand for any letters.",
        ),
    )  # fmt: skip


def add_column_options(command: Command) -> Command:
    """Add --column, --tolerance, --descriptor: what a user knows of the columns of a table."""
    types = ", ".join(COLUMN_TYPES)
    return _add(
        command,
        click.option(
            "--column", "column_types", multiple=True, metavar="COLUMN=TYPE",
            callback=_read_column_types,
            help=f"Say what a column of a table holds, if cptdiff judges it wrong: {types}."
            " Repeatable.",
        ),
        click.option(
            "--tolerance", "tolerances", multiple=True, metavar="COLUMN=PERCENT",
            callback=_read_tolerances,
            help="Leave out changes of an amount by no more than this, such as Price=0.5%."
            " Repeatable.",
        ),
        click.option(
            "--descriptor", metavar="COLUMN",
            help="The column of a table that says what an entry is called, if cptdiff shows another"
            " one.",
        ),
    )  # fmt: skip


_LIMITS_HELP: Final = (
    "What is read: size (of a file, such as 8GB), rows, columns, files (of a folder or zip), cell"
    " (size of one), ratio (how many times its size a file unpacks to), seconds and memory (for a"
    " workbook or Parquet file)."
)


def add_limit_option(command: Command) -> Command:
    """Add --limit for a command without guards; it holds while the command runs."""
    return _add(
        command,
        click.option(
            "--limit", "reading_limits", multiple=True, metavar="NAME=NUMBER", expose_value=False,
            callback=_set_limits,
            help=f"Set another limit for how much is read. Repeatable. {_LIMITS_HELP}",
        ),
    )  # fmt: skip


def add_guard_options(command: Command) -> Command:
    """Add --allow and --limit: what a user knows better than a guard."""
    limits = ", ".join(f"{name} {limit:g}" for name, limit in MOVABLE.items())
    return _add(
        command,
        click.option(
            "--allow", "allowed", multiple=True, metavar="GUARD",
            type=Words(list(GUARD_LIMITS)),
            help="Compare although this guard stops the run; the exit code is 3. Repeatable."
            f" Guards: {', '.join(GUARD_LIMITS)}.",
        ),
        click.option(
            "--limit", "limits", multiple=True, metavar="NAME=NUMBER", callback=_read_limits,
            help="Set another limit for a guard, in percent, or for how much is read. Repeatable."
            f" Defaults for guards: {limits}. {_LIMITS_HELP}",
        ),
    )  # fmt: skip


def add_presenting_options(command: Command) -> Command:
    """Add --descriptors, --notice, --template and --excel."""
    return _add(
        add_looks_options(command),
        click.option(
            "--descriptors", type=Words([each.value for each in Descriptors]),
            default=Descriptors.FULL.value, show_default=True,
            help="How much of the publisher's wording the outputs show, if your license limits it:"
            " all of it, only the short descriptors, or none (codes, dates and counts). The keys of"
            " a table are always shown.",
        ),
    )  # fmt: skip


def add_looks_options(command: Command) -> Command:
    """Add --notice, --template and --excel."""
    return _add(
        add_page_options(command),
        click.option(
            "--excel", is_flag=True,
            help="Start each CSV file with a byte order mark, so that Excel shows accents and"
            " symbols correctly. Leading zeros need changes.xlsx.",
        ),
    )  # fmt: skip


def add_page_options(command: Command) -> Command:
    """Add --notice and --template."""
    return _add(
        command,
        click.option(
            "--notice", metavar="TEXT|FILE", callback=_find_notice,
            help="The license notice that your agreement asks for, or a text file with it. Every"
            " report that people read ends with it.",
        ),
        click.option(
            "--template", "template_folder", metavar="DIR",
            type=click.Path(exists=True, file_okay=False, path_type=Path),
            help="A folder with page templates of your own, used instead of the built-in ones of"
            " the same name; see templates/README.md.",
        ),
    )  # fmt: skip


def add_judging_options(command: Command) -> Command:
    """Add --crosswalk, --published, --severity, --since, --acknowledge, --decisions and --accept.

    --expect, the filters and --fail-on are among them.
    """
    return _add(
        command,
        click.option(
            "--crosswalk", "crosswalk_files", type=_FILE, multiple=True, metavar="FILE",
            help="Replacements of deleted codes: the publisher's conversion table, or your own"
            " list. Repeatable.",
        ),
        click.option(
            "--published", "published_files", type=_FILE, multiple=True, metavar="FILE",
            help="The publisher's own list of changes or corrections, to check against."
            " Repeatable.",
        ),
        click.option(
            "--severity", "severity_file", type=_FILE, metavar="FILE",
            help="Your own severities: a class and its severity on each line.",
        ),
        *_list_past(),
        click.option(
            "--expect", "expected", metavar="TOTALS", callback=_read_totals,
            help="The totals that the publisher announced, such as"
            " added=288,deleted=84,revised=46.",
        ),
        click.option(
            "--only", "only", multiple=True, metavar="KINDS", callback=_read_only,
            help=f"Show only these, separated by commas: {', '.join((*CHANGES, *KINDS))}.",
        ),
        click.option(
            "--min-severity", type=Words(SEVERITIES),
            help="Show only changes of this severity or higher: revised codes by their wording, and"
            " deleted codes, which are high. Added codes have no severity and are left out.",
        ),
        click.option(
            "--fail-on", "conditions", multiple=True, metavar="CONDITION",
            callback=_read_conditions, shell_complete=_complete_condition,
            help="Exit with 1 if this condition is met, such as high (a change of this severity or"
            ' higher), deleted, "deleted>50", unexplained or not-announced. Repeatable: any one is'
            " enough. All conditions: docs/scheduling.md.",
        ),
    )  # fmt: skip


def _list_past() -> tuple[Callable[[Command], Command], ...]:
    """The options about what people know already."""
    return (
        click.option(
            "--since", "since_folder", type=_FILE, metavar="RUN_FOLDER",
            help="Also list what is new, withdrawn or changed since this earlier run, and keep its"
            " acknowledgements and decisions.",
        ),
        click.option(
            "--acknowledge", "acknowledged_files", type=_FILE, multiple=True, metavar="FILE",
            help="Changes that somebody has acknowledged, as `cptdiff acknowledge` writes them:"
            " they do not count for --fail-on. Repeatable.",
        ),
        click.option(
            "--decisions", "decision_files", type=_FILE, multiple=True, metavar="FILE",
            help="A changes.xlsx of an earlier run in which reviewers filled in their decisions:"
            " the new workbook has them too. With --list, also a worksheet. Repeatable.",
        ),
        _ACCEPT,
    )  # fmt: skip


def read_options(parameters: Parameters) -> Options:
    """Return the choices that click read. Raise its usage error where they clash."""
    encodings, quotes, members, sheets = (
        _read_both(option, parameters[name])
        for option, name in (
            ("--encoding", "encodings"), ("--quotes", "quotes"), ("--member", "members"),
            ("--sheet", "sheets"),
        )
    )  # fmt: skip
    options = Options(
        code_set=parameters["code_set"],
        previous_date=parameters["previous_date"],
        current_date=parameters["current_date"],
        keys=parameters["keys"],
        fields=parameters["fields"],
        column_types=parameters["column_types"],
        tolerances=parameters["tolerances"],
        descriptor=parameters["descriptor"] or "",
        no_header=parameters["no_header"],
        column_names=parameters["column_names"],
        preset=parameters["preset"] or "",
        encodings=encodings,
        quotes=quotes,
        members=members,
        sheets=sheets,
        repairs=tuple(map(Repair, parameters["repairs"])),
        sections_file=parameters["sections_file"],
        published_files=parameters["published_files"],
        crosswalk_files=parameters["crosswalk_files"],
        severity_file=parameters["severity_file"],
        acknowledged_files=parameters["acknowledged_files"],
        decision_files=parameters["decision_files"],
        accepted_files=parameters["accepted_files"],
        history_paths=parameters["history_paths"],
        since_folder=parameters["since_folder"],
        expected=parameters["expected"],
        shown=Shown.choose(parameters["only"], parameters["min_severity"] or ""),
        allowed=parameters["allowed"],
        limits=parameters["limits"],
        descriptors=Descriptors(parameters["descriptors"]),
        list_files=expand_lists(parameters["list_files"]),
        lists=read_list_options(parameters),
    )
    for condition in parameters["conditions"]:
        if condition.subject in SINCE and options.since_folder is None:
            raise Misuse(f"--fail-on {condition.text} needs an earlier run.", "add --since FOLDER")
    return _agreed(options)


def read_inspection(parameters: Parameters) -> Options:
    """Return the choices for one release, as those for current."""
    (encoding,) = read_sided("--encoding", parameters["encodings"])
    (quotes,) = read_sided("--quotes", parameters["quotes"])
    (member,) = read_sided("--member", parameters["members"])
    (sheet,) = read_sided("--sheet", parameters["sheets"])
    options = Options(
        code_set=parameters["code_set"],
        current_date=parameters["effective"],
        keys=parameters["keys"],
        fields=parameters["fields"],
        no_header=parameters["no_header"],
        column_names=parameters["column_names"],
        preset=parameters["preset"] or "",
        encodings=("", encoding),
        quotes=("", quotes),
        members=("", member),
        sheets=("", sheet),
        repairs=tuple(map(Repair, parameters["repairs"])),
        accepted_files=parameters["accepted_files"],
    )
    return _agreed(options)


def read_presentation(parameters: Parameters) -> Presentation:
    """Return how the reports are presented.

    Raise `Refused` for a notice that cannot be read or printed, and for templates that fail.
    """
    notice, own = parameters["notice"], parameters["template_folder"]
    file = notice.name if isinstance(notice, Path) else ""
    if notice:
        from cptdiff.lists import read_notice  # noqa: PLC0415 - imports polars

        notice = read_notice(notice)
    if own:
        from cptdiff.reports.templates import check_own  # noqa: PLC0415 - imports jinja2

        check_own(own)
    return Presentation(notice or "", file, own, parameters["excel"], parameters["stamp"])


def _read_both(option: str, said: Sequence[str]) -> tuple[str, str]:
    previous, current = read_sided(option, said, *SIDES)
    return previous, current


def read_sided(option: str, said: Sequence[str], *sides: str) -> Sequence[str]:
    """Return what `option` names for each of `sides`, or for all; empty where nothing is named.

    Raise click's usage error where one side is named twice, or is none. A member or sheet may have
    an = in its own name.
    """
    named: dict[str, str] = {}
    is_free = option in {"--member", "--sheet"}
    for word in said:
        side, _, name = word.partition("=") if is_free else word.rpartition("=")
        if is_free and side not in sides:
            side, name = "", word
        if (side and side not in sides) or not name:
            ways = " or ".join(["NAME", *(f"{one}=NAME" for one in sides)])
            raise click.UsageError(f"{option} {word} is not {ways}.")
        for one in [side] if side else sides or [""]:
            if one in named:
                raise click.UsageError(f"{option} is given twice for the same file.")
            named[one] = name
    return [named.get(side, "") for side in sides or [""]]


def _add(command: Command, *options: Callable[[Command], Command]) -> Command:
    """Add `options`, in the order in which --help lists them."""
    for option in reversed(options):
        command = option(command)
    return command


def _agreed(options: Options) -> Options:
    spelling = Spelling(
        "--key", "--field", "--encoding", "--code-set table", "--column", "--tolerance",
        "--descriptor", "--no-header", "--columns", "--quotes", "--preset",
    )  # fmt: skip
    for word in options.quotes:
        if word not in {"", *QUOTES}:
            raise click.UsageError(f"--quotes {word}: choose among {', '.join(QUOTES)}.")
    if clash := options.find_clash(spelling):
        raise click.UsageError(clash)
    return options


def _read_limits(
    _context: click.Context, _option: click.Parameter, words: tuple[str, ...]
) -> dict[str, float]:
    """Percent by guard, and numbers by what is read.

    Raises click's usage error for what is no limit, or is given twice.
    """
    return _read_known_limits(words, (*MOVABLE, *LIMITS))


def _set_limits(context: click.Context, _option: click.Parameter, words: tuple[str, ...]) -> None:
    """Let the limits of what is read hold until the command ends."""
    context.with_resource(use_limits(_read_known_limits(words, LIMITS)))


def _read_known_limits(words: Sequence[str], known: Sequence[str]) -> dict[str, float]:
    found: dict[str, float] = {}
    for word in words:
        name, _, text = word.partition("=")
        if name not in known:
            raise click.UsageError(f"--limit {word}: the limits are {', '.join(known)}.")
        if name in found:
            raise click.UsageError(f"--limit {name} is given twice.")
        found[name] = _read_percent(word, text) if name in MOVABLE else read_limit(name, text)
    return found


def _read_percent(word: str, text: str, option: str = "--limit") -> float:
    try:
        percent = float(text.removesuffix("%"))
    except ValueError:
        percent = -1
    if not is_percent(percent):
        raise click.UsageError(f"{option} {word}: give a percentage from 0 to 100.")
    return percent


def _read_column_types(
    _context: click.Context, _option: click.Parameter, words: tuple[str, ...]
) -> dict[str, str]:
    """Types by column. Raises click's usage error for what is no type, or is given twice."""
    found = _pair_words("--column", words)
    for name, kind in found.items():
        if kind not in COLUMN_TYPES:
            types = ", ".join(COLUMN_TYPES)
            raise click.UsageError(f"--column {name}={kind}: the types are {types}.")
    return found


def _read_tolerances(
    _context: click.Context, _option: click.Parameter, words: tuple[str, ...]
) -> dict[str, float]:
    """Percent by column. Raises click's usage error for what is no percent, or is given twice."""
    return {
        name: _read_percent(f"{name}={text}", text, "--tolerance")
        for name, text in _pair_words("--tolerance", words).items()
    }


def _read_names(
    _context: click.Context, _option: click.Parameter, text: str | None
) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",")) if text else ()


def _pair_words(option: str, words: Sequence[str]) -> dict[str, str]:
    """The text behind the last = of each word, by the column before it."""
    found: dict[str, str] = {}
    for word in words:
        name, sign, text = word.rpartition("=")
        if not (sign and name.strip()):
            raise click.UsageError(f"{option} {word}: write COLUMN={text or 'VALUE'}.")
        if name.strip().casefold() in {one.casefold() for one in found}:
            raise click.UsageError(f"{option} {name} is given twice.")
        found[name.strip()] = text.strip()
    return found


def _read_only(
    _context: click.Context, _option: click.Parameter, words: tuple[str, ...]
) -> tuple[str, ...]:
    names = [name.strip().lower() for word in words for name in word.split(",")]
    known = (*CHANGES, *KINDS)
    if unknown := [name for name in names if name not in known]:
        raise click.UsageError(f"--only {unknown[0]}: choose among {', '.join(known)}.")
    return tuple(dict.fromkeys(names))


def _read_totals(
    _context: click.Context, _option: click.Parameter, text: str | None
) -> dict[str, int]:
    return {} if text is None else read_totals(text)


def _read_conditions(
    _context: click.Context, _option: click.Parameter, words: tuple[str, ...]
) -> tuple[Condition, ...]:
    return tuple(map(read_condition, words))


def _complete_condition(
    _context: click.Context, _option: click.Parameter, beginning: str
) -> list[str]:
    return [name for name in SUBJECTS if name.startswith(beginning)]


def _find_notice(
    _context: click.Context, _option: click.Parameter, given: str | None
) -> Path | str | None:
    """A path where there is such a file, or where it can only be meant as one; else the text."""
    if not given:
        return given
    try:
        is_there = Path(given).exists()
    except OSError:  # longer than any name
        is_there = False
    return Path(given) if is_there or is_file_name(given) else given


def is_file_name(text: str) -> bool:
    """Return whether a text, such as that of a license notice, can only be meant as a file."""
    return bool(_NAME_OF_FILE.fullmatch(text))
