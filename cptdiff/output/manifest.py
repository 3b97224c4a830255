"""manifest.json: what a run read, with what, and what it wrote, as an in-toto Statement v1.

summary.txt tells the same in a paragraph, and the SHA-256 of manifest.json.
"""

import hashlib
import json
import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from cptdiff.errors import escape_controls
from cptdiff.options import Options, Presentation
from cptdiff.output.choices import describe_choices, describe_files
from cptdiff.versions import list_versions
from cptdiff.vocabulary import CLAIMS_PREDICATE, IMPACT_PREDICATE, MANIFEST, PREDICATE

if TYPE_CHECKING:
    from cptdiff.model import Release, Source, Stated
    from cptdiff.results import Results

# Written after the manifest, whose digest it holds; so it is none of the manifest's subjects.
PARAGRAPH: Final = "summary.txt"
STATEMENT: Final = "https://in-toto.io/Statement/v1"
_WIDTH: Final = 78


class Choice(NamedTuple):
    """What the user chose for a run, and where each choice comes from.

    `origins` are flag, environment or config by the names of the command line; all others are
    defaults. `templates` are the SHA-256 of the user's own templates by name; `lists` is what the
    manifest says of the user's own lists.
    """

    options: Options
    presentation: Presentation
    origins: Mapping[str, str]
    templates: Mapping[str, str]
    lists: Mapping[str, Any] | None = None


def write_manifest(results: "Results", files: Mapping[str, bytes], choice: Choice) -> bytes:
    """Return the manifest over `files` (name, bytes) as UTF-8 JSON.

    It has no clock but the stamp that the user gave, and no path but base names.
    """
    return write_statement(files, PREDICATE, _describe_run(results, choice))


def write_statement(files: Mapping[str, bytes], form: str, predicate: Mapping[str, Any]) -> bytes:
    """Return the statement over `files` with the `predicate` of this form, as UTF-8 JSON."""
    statement = {
        "_type": STATEMENT,
        "subject": [
            {
                "name": name,
                "digest": {"sha256": hashlib.sha256(data).hexdigest()},
                "annotations": {"size": len(data)},
            }
            for name, data in sorted(files.items())
        ],
        "predicateType": form,
        "predicate": predicate,
    }
    return (json.dumps(statement, ensure_ascii=False, indent=2) + "\n").encode()


def _describe_run(results: "Results", choice: Choice) -> dict[str, Any]:
    changes, summary = results.changes, results.summary
    options = describe_choices(choice.options, choice.presentation)
    return {
        "schema_version": 1,
        "stamp": choice.presentation.stamp or None,
        "tool": list_versions(),
        "verdict": results.verdict,
        "review": results.review,
        "filter": results.filter_notice,
        "options": options,
        "origins": {name: choice.origins.get(name, "default") for name in options},
        "files": describe_files(choice.options),
        "inputs": {
            "previous": _describe_input(changes.previous),
            "current": _describe_input(changes.current),
        },
        "templates": dict(choice.templates),
        "stated": _list_stated(results.judgement.stated),
        "rows": summary["rows"],
        "counts": summary["counts"],
        "notes": list(results.doubts),
        "overridden": list(results.overridden),
        **({"impact": choice.lists} if choice.lists else {}),
    }


def _list_stated(stated: "Stated") -> list[dict[str, str]]:
    """The lists and crosswalks that were used, found beside the releases or given."""
    lists = [{"file": one.name, "form": one.form, "sha256": one.sha256} for one in stated.lists]
    tables = [
        {"file": one.name, "form": "crosswalk", "sha256": one.sha256} for one in stated.crosswalks
    ]
    return lists + tables


def _describe_input(release: "Release") -> dict[str, Any]:
    normalizations = release.normalizations
    return {
        "name": release.name,
        "file": release.archive.name,
        "size": release.archive.size,
        "sha256": release.archive.sha256,
        "read": [_describe_source(source) for source in release.sources],
        "normalised": normalizations.sort(normalizations.columns).to_dicts(),
        "passed_over": [passed.member for passed in release.passed_over],
    }


def _describe_source(source: "Source") -> dict[str, Any]:
    return {
        "member": source.member,
        "sheet": source.sheet or None,
        "size": source.size,
        "sha256": source.sha256,
        "rows": {
            "read": source.rows.read,
            "kept": source.rows.kept,
            "collapsed": source.rows.collapsed,
            "quarantined": source.rows.quarantined,
        },
    }


def write_paragraph(manifest: bytes) -> bytes:
    """Return summary.txt: what was compared, the verdict, what was written, the digest.

    All of it comes from `manifest`. Raise what Python raises where that is no manifest.
    """
    statement = json.loads(manifest)
    run = statement["predicate"]
    describe = {IMPACT_PREDICATE: _describe_impact, CLAIMS_PREDICATE: _describe_claims}.get(
        statement["predicateType"], _describe_comparison
    )
    names = ", ".join(_name_files(one["name"] for one in statement["subject"]))
    sentences = [
        *describe(run),
        f"Run folder: {names}, {MANIFEST}, {PARAGRAPH}.",
        f"Stamp: {run['stamp']}." if run["stamp"] else "",
        f"SHA-256 of {MANIFEST}: {hashlib.sha256(manifest).hexdigest()}",
    ]
    text = escape_controls(" ".join(filter(None, sentences)))
    lines = textwrap.wrap(text, _WIDTH, break_long_words=False, break_on_hyphens=False)
    return ("\n".join(lines) + "\n").encode("utf-8", "replace")


def _name_files(names: Iterable[str]) -> Iterator[str]:
    """The files; of a folder inside, such as that of owners, how many it has."""
    folders = Counter[str]()
    for name in names:
        folder, slash, _ = name.rpartition("/")
        if slash:
            folders[folder] += 1
        else:
            yield name
    for folder, files in sorted(folders.items()):
        yield f"{folder}/ ({files:,} {'file' if files == 1 else 'files'})"


def _describe_comparison(run: Mapping[str, Any]) -> list[str]:
    both = [run["inputs"][side]["name"] for side in ("previous", "current")]
    excluded = sum(run["rows"][side]["quarantined"] for side in ("previous", "current"))
    # The manifests of earlier versions have neither a review nor a filter.
    told = (run["verdict"], run.get("review"), run.get("filter"))
    return [
        f"{both[0]} to {both[1]}: {'. '.join(filter(None, told))}.",
        f"Rows excluded: {excluded:,}; quarantine.csv lists them." if excluded else "",
        *(f"Overridden: {text}." for text in run["overridden"]),
        *(_describe_lists(run["impact"]) if "impact" in run else ()),
    ]


def _describe_impact(run: Mapping[str, Any]) -> list[str]:
    runs = "; ".join(f"{one['previous']} to {one['current']}" for one in run["runs"])
    return _describe_lists(run, runs)


def _describe_claims(run: Mapping[str, Any]) -> list[str]:
    strange = run["rows"]["not-understood.csv"]
    return [
        f"Claims: {run['verdict']}.",
        f"Cells not understood: {strange:,}; not-understood.csv lists them." if strange else "",
    ]


def _describe_lists(run: Mapping[str, Any], title: str = "Lists") -> list[str]:
    aside = run["rows"]["quarantine.csv"]
    return [
        f"{title}: {run['verdict']}.",
        f"Set aside: {aside:,}; quarantine.csv lists them." if aside else "",
    ]
