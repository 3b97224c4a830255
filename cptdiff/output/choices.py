"""The options of a run as its manifest has them, and back."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

from cptdiff.codesets import PROFILES
from cptdiff.errors import Refused
from cptdiff.options import ListOptions, Options, Presentation, Shown, name_path
from cptdiff.vocabulary import MANIFEST, NO_PRESET, Descriptors, Repair

# Gives the path of the file with this name that the option named.
Finder = Callable[[str, str], Path]
_FILES: Final = (
    "sections_file",
    "published_files",
    "crosswalk_files",
    "severity_file",
    "acknowledged_files",
    "decision_files",
    "accepted_files",
    "history_paths",
    "since_folder",
    "list_files",
)


def describe_choices(options: Options, presentation: Presentation) -> dict[str, Any]:
    """Return what was chosen, by the names of the command line; files by their base names."""
    shown = options.shown
    chosen = {
        **options._asdict(),
        "only": (*shown.changes, *shown.kinds),
        "min_severity": shown.min_severity or None,
        "notice": presentation.notice_file or presentation.notice or None,
        "template_folder": presentation.templates,
        "excel": presentation.bom,
    }
    left_out = {"shown", "lists"}
    if options.list_files:
        chosen |= _describe_lists(options.lists)
    else:
        left_out.add("list_files")
    return {
        name: _simplify(value) for name, value in sorted(chosen.items()) if name not in left_out
    }


def _describe_lists(lists: ListOptions) -> dict[str, Any]:
    """The choices for lists, by the names of the command line."""
    chosen = lists._asdict()
    chosen["list_sheets"] = chosen.pop("sheets")
    # A comparison has decisions of its own.
    del chosen["decisions"]
    owners = Path(lists.group_by)
    # A file says who owns a line, or a column of the list.
    return chosen | {"group_file": owners, "group_by": ""} if owners.is_file() else chosen


def find_origins(options: Options, presentation: Presentation) -> dict[str, str]:
    """Return where the choices come from that a caller made in Python: as those of flags."""
    chosen, defaults = (
        describe_choices(*both) for both in ((options, presentation), (Options(), Presentation()))
    )
    return {name: "flag" for name, value in chosen.items() if value != defaults.get(name)}


def find_files(options: Options) -> list[Path]:
    """Return the files that options named."""
    return [path for _, path in _list_given(options)]


def _list_given(options: Options) -> Iterator[tuple[str, Path]]:
    """Each file with its option; a file that says who owns the lines of lists comes last."""
    for name in _FILES:
        value = getattr(options, name)
        for path in value if isinstance(value, tuple) else (value,):
            if path:
                yield name, path
    if options.list_files and Path(options.lists.group_by).is_file():
        yield "group_file", Path(options.lists.group_by)


def describe_files(options: Options) -> list[dict[str, Any]]:
    """Return the files that options named, with their digests; a folder has none.

    An earlier run stands with the digest of its manifest.
    """
    found = []
    for name, path in _list_given(options):
        file = path / MANIFEST if name == "since_folder" else path
        data = file.read_bytes() if file.is_file() else None
        digest = hashlib.sha256(data).hexdigest() if data is not None else None
        size = len(data) if data is not None else None
        found.append({"option": name, "file": name_path(path), "size": size, "sha256": digest})
    return found


def read_choices(
    told: Mapping[str, Any], find: Finder, notice: str
) -> tuple[Options, Presentation]:
    """Return the choices that a manifest tells; `notice` is the text of the license notice.

    Raise `Refused` for choices that this version does not know.
    """
    try:
        return _read_options(told, find), _read_presentation(told, find, notice)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        wrong = "has options that this version of cptdiff does not know"
        fix = "use the version that wrote it; the manifest names it"
        raise Refused("E341", "manifest.json", wrong, fix) from error


# What the manifests of earlier versions lack.
_DEFAULTS: Final = {
    "acknowledged_files": (),
    "decision_files": (),
    "accepted_files": (),
    "history_paths": (),
    "since_folder": None,
}


def _read_options(known: Mapping[str, Any], find: Finder) -> Options:
    told = {**_DEFAULTS, **known}
    code_set = told["code_set"]
    if code_set is not None and code_set not in PROFILES:
        raise ValueError(code_set)
    return Options(
        code_set=code_set,
        previous_date=_read_day(told["previous_date"]),
        current_date=_read_day(told["current_date"]),
        keys=tuple(told["keys"]),
        fields=tuple(told["fields"]),
        column_types=dict(told.get("column_types", {})),
        tolerances=dict(told.get("tolerances", {})),
        descriptor=told.get("descriptor", ""),
        no_header=told.get("no_header", False),
        column_names=tuple(told.get("column_names", ())),
        preset=told.get("preset", NO_PRESET),
        encodings=_read_pair(told["encodings"]),
        quotes=_read_pair(told.get("quotes", ("", ""))),
        members=_read_pair(told.get("members", ("", ""))),
        sheets=_read_pair(told.get("sheets", ("", ""))),
        repairs=tuple(Repair(name) for name in told["repairs"]),
        sections_file=_find_one("sections_file", told, find),
        published_files=_find_all("published_files", told, find),
        crosswalk_files=_find_all("crosswalk_files", told, find),
        severity_file=_find_one("severity_file", told, find),
        acknowledged_files=_find_all("acknowledged_files", told, find),
        decision_files=_find_all("decision_files", told, find),
        accepted_files=_find_all("accepted_files", told, find),
        history_paths=_find_all("history_paths", told, find),
        since_folder=_find_one("since_folder", told, find),
        expected=dict(told["expected"]),
        shown=Shown.choose(told["only"], told["min_severity"] or ""),
        allowed=tuple(told["allowed"]),
        limits=dict(told["limits"]),
        descriptors=Descriptors(told["descriptors"]),
        list_files=_find_all("list_files", told, find) if told.get("list_files") else (),
        lists=_read_lists(told, find),
    )


def _read_lists(told: Mapping[str, Any], find: Finder) -> ListOptions:
    if not told.get("list_files"):
        return ListOptions()
    owners = _find_one("group_file", told, find) if "group_file" in told else told["group_by"]
    return ListOptions(
        sheets=tuple(told["list_sheets"]),
        code_columns=tuple(told["code_columns"]),
        modifier_columns=tuple(told["modifier_columns"]),
        keep=tuple(told["keep"]),
        group_by=str(owners),
        suggest=bool(told["suggest"]),
        code_set_column=told["code_set_column"],
        volume_column=told["volume_column"],
        price_column=told["price_column"],
        id_column=told.get("id_column", ""),
    )


def _read_pair(told: Sequence[str]) -> tuple[str, str]:
    previous, current = told
    return previous, current


def _read_presentation(told: Mapping[str, Any], find: Finder, notice: str) -> Presentation:
    return Presentation(
        notice=notice,
        templates=_find_one("template_folder", told, find),
        bom=bool(told["excel"]),
    )


def _find_one(option: str, told: Mapping[str, Any], find: Finder) -> Path | None:
    name = told[option]
    return None if name is None else find(option, Path(name).name)


def _find_all(option: str, told: Mapping[str, Any], find: Finder) -> tuple[Path, ...]:
    return tuple(find(option, Path(name).name) for name in told[option])


def _read_day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _simplify(value: object) -> Any:  # noqa: ANN401 - what JSON can hold
    match value:
        case tuple():
            return [_simplify(one) for one in value]
        case Path():
            return name_path(value)
        case date():
            return value.isoformat()
        case Mapping():
            return dict(value)
        case _:
            return value
