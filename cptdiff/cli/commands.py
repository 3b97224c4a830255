"""Commands with better words than click's: help under headings, mistakes with their remedy."""

import shlex
from collections.abc import Iterable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import click

from cptdiff.errors import find_nearest

# Under which heading --help lists an option, by the name of its parameter; all others come last.
_HEADINGS: Final = {
    "Jobs": ("config", "names", "is_dry", "is_printing", "output"),
    "Lists": (
        "list_files", "list_sheets", "code_columns", "code_set_column", "modifier_columns", "keep",
        "group_by", "volume_column", "price_column", "id_column",
        "suggest",
    ),
    "Outputs": (
        "outputs", "format_name", "open_page", "descriptors", "notice", "excel", "template_folder",
        "stamp",
    ),
    "Reading": (
        "code_set", "previous_date", "current_date", "effective", "keys", "fields", "column_types",
        "tolerances", "descriptor", "no_header", "column_names", "preset", "encodings", "quotes",
        "members", "sheets", "repairs", "reading_limits",
    ),
    "What is stated": ("crosswalk_files", "published_files", "expected"),
    "Sections, severities and filters": (
        "sections_file", "severity_file", "only", "min_severity",
    ),
    "What is known already": (
        "history_paths", "since_folder", "acknowledged_files", "decision_files", "accepted_files",
        "decisions",
        "former", "runs",
    ),
    "Guards": ("allowed", "limits"),
    "Scheduled jobs": (
        "exit_code", "conditions", "require_complete", "quiet", "verbose", "log_format",
    ),
}  # fmt: skip
_OTHERS: Final = "Others"
# What people type for a command.
_SYNONYMS: Final = {
    "compare": "diff", "comparison": "diff", "delta": "diff", "check": "inspect", "read": "inspect",
    "validate": "verify", "list": "formats",
}  # fmt: skip
_USAGE: Final = "cptdiff diff PREVIOUS CURRENT"
# Where wrapping breaks a line, and where it does not; they look alike.
_HYPHEN, _FIRM_HYPHEN = "-", "\N{NON-BREAKING HYPHEN}"
# So wide is the column of options in every heading; a longer option has a line of its own.
_COLUMN: Final = 24
_LONGEST: Final = 100


class Misuse(click.UsageError):
    """A command line that cannot be run, with what to write instead (`fix`)."""

    def __init__(self, wrong: str, fix: str, context: click.Context | None = None) -> None:
        super().__init__(wrong, context)
        self.fix = fix


class WrongValue(click.BadParameter):
    """A value that an option does not take, with what to write instead (`fix`)."""

    def __init__(self, wrong: str, fix: str) -> None:
        super().__init__(wrong)
        self.fix = fix


class Words(click.Choice[str]):
    """A choice among words; of a wrong one the nearest is told."""

    def get_invalid_choice_message(self, value: Any, ctx: click.Context | None) -> str:  # noqa: ANN401
        """Return what is wrong."""
        del ctx
        return f"'{value}' is not one of {', '.join(self.choices)}."

    def convert(
        self,
        value: Any,  # noqa: ANN401
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> str:
        """Return the word. Raise click's usage error for any other."""
        if value in self.choices:
            return str(value)
        wrong = self.get_invalid_choice_message(value, ctx)
        near = find_nearest(str(value), self.choices)
        if near:
            raise WrongValue(wrong, f"did you mean {near}?")
        return super().convert(value, param, ctx)


class _Formatter(click.HelpFormatter):
    """Help in which no name is torn apart at a hyphen."""

    def write_text(self, text: str) -> None:
        super().write_text(_bind(text))

    def write_dl(
        self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2
    ) -> None:
        super().write_dl([(name, _bind(text)) for name, text in rows], col_max, col_spacing)

    def getvalue(self) -> str:
        return super().getvalue().replace(_FIRM_HYPHEN, _HYPHEN)


def _bind(text: str) -> str:
    return text.replace(_HYPHEN, _FIRM_HYPHEN)


def _write_help(command: click.Command, ctx: click.Context) -> str:
    formatter = _Formatter(width=ctx.terminal_width, max_width=ctx.max_content_width)
    command.format_help(ctx, formatter)
    return formatter.getvalue().rstrip("\n")


class Command(click.Command):
    """A command: its help has examples, and its options under headings."""

    def __init__(self, *words: Any, examples: Sequence[str] = (), **settings: Any) -> None:  # noqa: ANN401
        super().__init__(*words, **settings)
        self.examples = examples

    def get_help(self, ctx: click.Context) -> str:
        """Return the help text."""
        return _write_help(self, ctx)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options, each under its heading, then the examples."""
        records = {
            param.name: record
            for param in self.get_params(ctx)
            if not isinstance(param, click.Argument) and (record := param.get_help_record(ctx))
        }
        by_heading = {
            heading: [records.pop(name) for name in names if name in records]
            for heading, names in _HEADINGS.items()
        }
        by_heading[_OTHERS if any(by_heading.values()) else "Options"] = [*records.values()]
        for heading, rows in by_heading.items():
            if rows:
                with formatter.section(heading):
                    names = [(f"{name:<{_COLUMN}}", text) for name, text in rows]
                    formatter.write_dl(names, _COLUMN)
        if self.examples:
            with formatter.section("Examples"):
                for example in self.examples:
                    formatter.write(f"  {example}\n")

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the arguments; of one that is missing the whole command is told."""
        try:
            return super().parse_args(ctx, args)
        except click.MissingParameter as error:
            raise Misuse(error.format_message(), f"write `{_describe(self, ctx)}`", ctx) from error


# Each is a file of its name in this folder.
NAMES: Final = (
    "diff",
    "impact",
    "claims",
    "history",
    "show",
    "inspect",
    "formats",
    "classes",
    "verify",
    "since",
    "acknowledge",
    "init",
    "run",
    "worksheet",
    "library",
)


class Group(click.Group):
    """A command with commands of its own. Alone it prints the help."""

    def get_help(self, ctx: click.Context) -> str:
        """Return the help text."""
        return _write_help(self, ctx)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read what stands before the command."""
        if not args and not ctx.resilient_parsing:
            click.echo(self.get_help(ctx))
            first = self.list_commands(ctx)[0]
            raise Misuse("no command given.", f"write `{ctx.command_path} {first} ...`", ctx)
        return super().parse_args(ctx, args)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command. Raise click's usage error where there is none of that name."""
        if self.get_command(ctx, args[0]) is None and not ctx.resilient_parsing:
            known = self.list_commands(ctx)
            meant = find_nearest(args[0], known) or known[0]
            raise Misuse(f"{args[0]} is not a command.", f"run `{ctx.command_path} {meant}`", ctx)
        return super().resolve_command(ctx, args)


class Commands(click.Group):
    """All commands. Alone it prints the help; what is no command gets the one that was meant."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands."""
        del ctx
        return sorted(NAMES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command, if there is one of that name; the others are not imported."""
        del ctx
        if cmd_name not in NAMES:
            return None
        command: click.Command = getattr(import_module(f"cptdiff.cli.{cmd_name}"), cmd_name)
        return command

    def get_help(self, ctx: click.Context) -> str:
        """Return the help text."""
        return _write_help(self, ctx)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read what stands before the command."""
        if not args and not ctx.resilient_parsing:
            click.echo(self.get_help(ctx))
            raise Misuse("no command given.", f"write `{_USAGE}`", ctx)
        try:
            return super().parse_args(ctx, args)
        except click.NoSuchOption as error:
            fix = f"write options after the command: `{_USAGE} {error.option_name} ...`"
            raise Misuse(error.format_message(), fix, ctx) from error

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command. Raise click's usage error where there is none of that name."""
        if args and self.get_command(ctx, args[0]) is None and not ctx.resilient_parsing:
            fix = f"run `{_find_meant(args, NAMES)}`"
            raise Misuse(f"{args[0]} is not a command.", fix, ctx)
        return super().resolve_command(ctx, args)


def _describe(command: click.Command, ctx: click.Context) -> str:
    """The command with its arguments, and the options that it cannot do without."""
    names = [one.human_readable_name for one in command.params if isinstance(one, click.Argument)]
    options = [
        f"{one.opts[0]} {one.make_metavar(ctx)}"
        for one in command.params
        if isinstance(one, click.Option) and one.required
    ]
    return " ".join((ctx.command_path, *names, *options))


def _find_meant(args: Sequence[str], known: Iterable[str]) -> str:
    """The command line that `args` most likely mean."""
    first, *rest = args
    if first == "help":
        return f"cptdiff {rest[0]} --help" if rest and rest[0] in known else "cptdiff --help"
    if first == "version":
        return "cptdiff --version"
    if _is_file(first):
        whole = shlex.join(("cptdiff", "diff" if rest else "inspect", *args))
        return whole if len(whole) <= _LONGEST else _USAGE
    meant = _SYNONYMS.get(first.lower()) or find_nearest(first, known)
    if not meant:
        return "cptdiff --help"
    whole = shlex.join(("cptdiff", meant, *rest))
    return whole if rest and len(whole) <= _LONGEST else f"cptdiff {meant} --help"


def _is_file(word: str) -> bool:
    """Whether a word is, or looks like, the path of a file or folder."""
    try:
        return Path(word).exists() or bool(Path(word).suffix) or "/" in word or "\\" in word
    except (OSError, ValueError):
        return False
