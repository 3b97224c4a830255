"""Two paths in, results out: what `cptdiff diff` does before it writes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cptdiff.cli.guarding import guarded
from cptdiff.cli.judging import given, shown
from cptdiff.cli.options import encoding_of, reading
from cptdiff.errors import Refused
from cptdiff.licence import Descriptors

if TYPE_CHECKING:
    from cptdiff.results import Results


def compared(previous: Path, current: Path, options: Mapping[str, Any]) -> "Results":
    """The results for the two releases. Raises `Refused` for what must not be compared."""
    from cptdiff.compare import compare  # noqa: PLC0415 - imports polars
    from cptdiff.judgement.judge import judge  # noqa: PLC0415
    from cptdiff.releases import load  # noqa: PLC0415
    from cptdiff.releases.published import own_sections  # noqa: PLC0415
    from cptdiff.results import Asked, results  # noqa: PLC0415

    _distinct(previous, current)
    _spared([previous, current, *_named(options)], map(Path, options["outputs"]))
    sections = own_sections(options["sections_file"]) if options["sections_file"] else ()
    encodings = encoding_of(options["encodings"], "previous", "current")
    dates = options["previous_date"], options["current_date"]
    how = [reading(options, *of_side) for of_side in zip(dates, encodings, strict=True)]
    both = ThreadPoolExecutor(2)
    try:
        releases = list(both.map(load, (previous, current), how))
    finally:
        # Who stops the run does not wait for what it reads.
        both.shutdown(wait=False, cancel_futures=True)
    facts = given(options, releases[1].code_set, sections)
    changes, overridden = guarded(compare(*releases), sections, options)
    wording = Descriptors(options["descriptors"])
    asked = Asked(shown(options), sections, options["expected"], overridden, wording)
    return results(changes, judge(changes, facts), asked)


def _distinct(previous: Path, current: Path) -> None:
    """Refuse one input given twice."""
    if str(previous) == str(current) == "-":
        raise click.UsageError("standard input (-) holds one release, not two.")
    if _there(previous) and _there(current) and previous.samefile(current):
        wrong = f"is the same file or folder as previous, {previous}"
        raise Refused("E305", str(current), wrong, "name two releases")


def _named(options: Mapping[str, Any]) -> Iterator[Path]:
    """The files and folders that options name; outputs are texts still."""
    for value in options.values():
        several = value if isinstance(value, tuple) else (value,)
        yield from (path for path in several if isinstance(path, Path))


def _spared(inputs: Sequence[Path], outputs: Iterable[Path]) -> None:
    """Refuse an output that would replace an input, or a file in a folder that is one."""
    given = [path for path in inputs if _there(path)]
    for path in (output for output in outputs if _there(output)):
        folders = [*path.resolve().parents]
        if any(path.samefile(one) or one.resolve() in folders for one in given):
            raise Refused("E306", str(path), "is an input, not an output", "name another file")


def _there(path: Path) -> bool:
    """Whether `path` exists; one that may not be looked at is told when it is opened."""
    try:
        return path.exists()
    except OSError:
        return False
