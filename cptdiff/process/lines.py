"""What a run says on stderr: lines for people, or one JSON object a line for programs."""

import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from cptdiff.errors import CptdiffError

FORMS: Final = ("text", "json")
_OPTION: Final = "--log-format"
_PREFIX: Final = "cptdiff: "


class _Voice:
    """How this process speaks; a worker has it from the process that watches it."""

    is_json = False
    is_verbose = False
    job = ""
    prepare: Callable[[], None] | None = None


_voice: Final = _Voice()


def choose_form(arguments: Sequence[str], environment: Mapping[str, str]) -> None:
    """Speak as these arguments ask, else as before any: before click reads or refuses them.

    `cptdiff run` also obeys CPTDIFF_LOG_FORMAT.
    """
    form = environment.get("CPTDIFF_LOG_FORMAT", "") if arguments[:1] == ["run"] else ""
    for word, following in zip(arguments, [*arguments, ""][1:], strict=True):
        if word == "--":
            break
        name, sign, value = word.partition("=")
        if name == _OPTION:
            form = value if sign else following
    _voice.is_json, _voice.is_verbose, _voice.job = form == "json", False, ""
    if _voice.is_json:
        import json  # noqa: F401, PLC0415 - for this form only, and before a signal may need it


def is_json() -> bool:
    """Whether each line is a JSON object."""
    return _voice.is_json


def name_job(name: str) -> None:
    """Let the lines from now on belong to the job `name`; to none where it is empty."""
    _voice.job = name


def choose_stages(*, is_verbose: bool) -> None:
    """Tell the stages from now on, or do not."""
    _voice.is_verbose = is_verbose


def call_before(prepare: Callable[[], None] | None) -> None:
    """Do `prepare` before each line: a bar makes room. None ends that."""
    _voice.prepare = prepare


def say(line: str, event: str = "note", level: str = "info", **fields: object) -> None:
    """Tell `line` on stderr, if anybody hears it; programs also get the fields."""
    if _voice.prepare:
        _voice.prepare()
    with suppress(OSError, AttributeError, ValueError):
        sys.stderr.write(write_line(line, event, level, **fields))
        sys.stderr.flush()


def write_line(line: str, event: str, level: str, **fields: object) -> str:
    """Return `line` as it is told, with its end."""
    if not _voice.is_json:
        return f"{line}\n"
    import json  # noqa: PLC0415 - as above

    start = f"{_PREFIX}job {_voice.job}: " if _voice.job else _PREFIX
    message = line.removeprefix(start).removeprefix(_PREFIX)
    whole = {"level": level, "event": event, "job": _voice.job or None, "message": message}
    return f"{json.dumps(_clean(whole | fields))}\n"


def say_error(error: "CptdiffError", line: str = "") -> int:
    """Tell what ended a run, to people as `line` where one is given; return the exit code."""
    fields = {name: getattr(error, name) for name in ("exit_code", "slug", "place")}
    wrong = f"{error.wrong}{error.quoted}".removesuffix(".")
    say(line or str(error), "error", "error", **fields, wrong=wrong, fix=error.fix)
    return error.exit_code


def tell_stage(stage: str, told: str, **fields: object) -> None:
    """Tell what a stage found, where stages are asked for."""
    if _voice.is_verbose:
        job = f"job {_voice.job}: " if _voice.job else ""
        say(f"{_PREFIX}{job}{stage}: {told}", "stage", "debug", stage=stage, **fields)


def _clean(value: object) -> object:
    r"""`value` without halves of characters, which JSON may not have: a byte is `\udcff` in words.

    Python holds the bytes of a file's name that are no UTF-8 as such halves.
    """
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    if isinstance(value, dict):
        return {name: _clean(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(part) for part in value]
    return value
