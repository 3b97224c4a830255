"""What Python users call for their own lists: `find_impact`, and the way to write it down."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from cptdiff.api import Names, Paths, list_names, list_paths, read_path, read_text, refuse
from cptdiff.errors import CptdiffError, Refused
from cptdiff.impact import Impact as _Impact
from cptdiff.impact import drop_inner, summarize
from cptdiff.impact import find_impact as _find_impact
from cptdiff.options import ListOptions, Presentation
from cptdiff.output.delivery import (
    check_templates,
    choose_name,
    hold_paths,
    put_in_place,
    spare_inputs,
)
from cptdiff.output.impact import (
    BY_SUFFIX,
    FILES,
    ListFile,
    render_list_file,
    render_own_folder,
)
from cptdiff.results import Results

# A run folder, the paths of two releases, or what `diff` returned.
Run = str | Path | tuple[str | Path, str | Path] | Results
# Options as they are typed, and as Python has them.
_SPELLINGS = {
    "--code-set-column": "code_set_column", "--code-column": "code_columns", "--list": "lists",
    "--volume-column": "volume_column", "--price-column": "price_column", "--sheet": "sheets",
    "--keep": "keep", "--group-by": "group_by", "add --suggest": "give suggest=True",
}  # fmt: skip


@dataclass(frozen=True, eq=False, repr=False)
class Impact:
    """What releases do to your lists; the tables are those of `cptdiff impact -o FOLDER`.

    `lines` is impact.csv: one row for each touched line and code. `suggestions` is None unless
    they were asked for.
    """

    lines: pl.DataFrame
    causes: pl.DataFrame
    suggestions: pl.DataFrame | None
    lists: pl.DataFrame
    quarantine: pl.DataFrame
    summary: dict[str, Any]
    options: ListOptions
    inputs: tuple[Path, ...]
    found: _Impact

    def __repr__(self) -> str:
        """Return the first sentence of the page."""
        return f"<{self.summary['verdict']}>"

    def write(
        self,
        path: str | Path,
        *,
        notice: str = "",
        template: str | Path | None = None,
        excel: bool = False,
    ) -> Path:
        """Write what `cptdiff impact -o PATH` writes, byte by byte, and return the path.

        A path with a suffix is one file, any other is a new folder with everything, the pages of
        the owners too. `notice`, `template` and `excel` are those of `Results.write`. Raise
        `CptdiffError` where nothing can be written; then nothing was.
        """
        with _respell():
            given = read_text("path", str(path))
            if not given:
                raise refuse("path", "is empty", "give the name of a file or of a new folder")
            looks = Presentation(
                notice=read_text("notice", notice),
                templates=read_path("template", template),
                bom=bool(excel),
            )
            self._write(Path(given), choose_name(given, FILES, BY_SUFFIX), looks)
        return Path(given)

    def _write(self, target: Path, name: str, looks: Presentation) -> None:
        with hold_paths([(target, name)]):
            check_templates([ListFile(name) if name else None])
            spare_inputs(self.inputs, [target])
            if not name:
                put_in_place({target: render_own_folder(self.found, self.options, looks)})
                return
            content = render_list_file(self.found, name, looks)
            if content is None:
                fix = "add --suggest" if name == "suggestions.csv" else "leave it out"
                raise Refused("E001", str(target), f"there is no {name} in this run", fix)
            put_in_place({target: content})


def find_impact(  # noqa: PLR0913 - each an option of the command line, by keyword
    runs: Run | Sequence[Run],
    lists: Paths,
    *,
    sheets: Names = (),
    code_columns: Names = (),
    code_set_column: str = "",
    modifier_columns: Names = (),
    keep: Names = (),
    group_by: str | Path = "",
    volume_column: str = "",
    price_column: str = "",
    id_column: str = "",
    suggest: bool = False,
    decisions: Paths = (),
) -> Impact:
    """Return what releases do to your lists: chargemasters, fee schedules, value sets.

    `runs` is a run folder, a pair (PREVIOUS, CURRENT) of paths, or what `diff` returned; or a list
    of these, one for each code set. `lists` are files, folders or patterns. The options are those
    of `cptdiff impact`. Raise `CptdiffError` for what cannot be read or has no codes.
    """
    with _respell():
        if bool(volume_column) != bool(price_column):
            fix = "give both: exposure is volume times price"
            raise refuse("volume_column", "works only with price_column", fix)
        options = ListOptions(
            sheets=list_names("sheets", sheets),
            code_columns=list_names("code_columns", code_columns),
            code_set_column=read_text("code_set_column", code_set_column),
            modifier_columns=list_names("modifier_columns", modifier_columns),
            keep=list_names("keep", keep),
            group_by=read_text("group_by", str(group_by)),
            volume_column=read_text("volume_column", volume_column),
            price_column=read_text("price_column", price_column),
            id_column=read_text("id_column", id_column),
            suggest=bool(suggest),
            decisions=tuple(map(str, list_paths("decisions", decisions))),
        )
        paths, given = list_paths("lists", lists), [*_list_runs(runs)]
        found = _find_impact(given, [*map(str, paths)], options)
    texts = [run for run in given if isinstance(run, str)]
    read = [Path(part) for run in texts for part in (run, *run.split(":")) if part]
    return Impact(
        drop_inner(found.touched), found.causes, found.suggestions, found.listing, found.aside,
        summarize(found), options, (*paths, *read, *map(Path, options.decisions)), found,
    )  # fmt: skip


def _list_runs(runs: Run | Sequence[Run]) -> Iterator[str | Results]:
    """The runs as the command has them. Raise `Refused` for what is none."""
    one_run = isinstance(runs, str | Path | Results) or _is_pair(runs)
    several: Sequence[Any] = (runs,) if one_run or not isinstance(runs, Sequence) else runs
    for one in several:
        if isinstance(one, Results):
            yield one
        elif isinstance(one, str | Path):
            yield str(one)
        elif isinstance(one, tuple) and _is_pair(one):
            yield ":".join(map(str, one))
        else:
            wrong = f"{one!r} is not a run"
            fix = "give a run folder, a pair (PREVIOUS, CURRENT), or what diff returned"
            raise refuse("runs", wrong, fix)


def _is_pair(runs: object) -> bool:
    return (
        isinstance(runs, tuple)
        and len(runs) == len(("previous", "current"))
        and all(isinstance(one, str | Path) for one in runs)
    )


@contextmanager
def _respell() -> Iterator[None]:
    """Raise an error in which options are written as in Python."""
    try:
        yield
    except CptdiffError as error:
        place, wrong, fix = (_spell(text) for text in (error.place, error.wrong, error.fix))
        raise type(error)(error.slug, place, wrong, fix, error.quoted) from error.__cause__


def _spell(text: str) -> str:
    for typed, called in _SPELLINGS.items():
        text = text.replace(typed, called)
    return text
