"""A list against its own footer, and the footer against the two releases (formats.md 8.3)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import polars as pl

from cptdiff.model import Changes, Release
from cptdiff.stated import PublishedList, Total

_SIDES = ("previous", "current")
_COUNTED = ("added", "deleted", "revised")
# Which titles a revision touches, by the words of the footer.
_TITLES = {"both": ["long", "short"], "long": ["long"], "short": ["short"]}


@dataclass(frozen=True)
class Footer:
    """What the check found: how many figures were checked, a sentence for each that is off.

    `baselines` has a sentence for each kind whose files are not the two that were compared: the
    list is sound in itself, and was made between other files.
    """

    checked: int
    sentences: tuple[str, ...]
    baselines: Mapping[str, str]


def footer(published: PublishedList, changes: Changes) -> Footer:
    """The footer of `published`; nothing is checked where it has none."""
    own = tuple(_against_itself(published))
    releases = (changes.previous, changes.current)
    kinds = dict.fromkeys(t.kind for t in published.totals)
    sides = [found for kind in kinds for found in _against(kind, published.totals, releases)]
    wrong = [sentence for _, sentence in (*own, *sides) if sentence]
    # A list that does not add up proves nothing.
    sound = (
        {k for k in kinds if _adds_up(k, published.totals)} if not any(s for _, s in own) else ()
    )
    baselines: dict[str, str] = {}
    for kind, sentence in sides:
        if sentence and kind in sound:
            baselines[kind] = f"{baselines[kind]}, {sentence}" if kind in baselines else sentence
    return Footer(len(own) + len(sides), tuple(wrong), baselines)


def ends_at(published: PublishedList, release: Release) -> bool:
    """Whether the later file that the footer names is `release`, and the earlier one is not."""
    sizes = [
        ([t.count for t in published.totals if (t.kind, t.what) == (kind, "entries")], kind)
        for kind in dict.fromkeys(total.kind for total in published.totals)
    ]
    held = [(counts, _size(release, kind)) for counts, kind in sizes if kind in release.carries]
    ends = all(counts[len(_SIDES) - 1 :] == [size] for counts, size in held)
    return ends and any(counts[0] != size for counts, size in held)


def _against_itself(published: PublishedList) -> Iterator[tuple[str, str]]:
    """Each figure's kind, and a sentence where the list holds another number."""
    one = published.changes.group_by("kind", "code").agg(
        pl.col("change").first(), pl.col("field").filter(pl.col("field") != "").sort()
    )
    for total in published.totals:
        of_kind = one.filter(pl.col("kind") == total.kind)
        if total.what in _COUNTED:
            found = of_kind.filter(pl.col("change") == total.what).height
        elif total.what in _TITLES:
            revised = of_kind.filter(pl.col("change") == "revised")["field"].to_list()
            found = revised.count(_TITLES[total.what])
        else:
            continue
        off = f"its footer counts {total.count:,} {total.kind}s {_word(total)}, it lists {found:,}"
        yield total.kind, off if found != total.count else ""


def _word(total: Total) -> str:
    return f"revised ({total.what})" if total.what in _TITLES else total.what


def _against(
    kind: str, totals: tuple[Total, ...], releases: tuple[Release, Release]
) -> Iterator[tuple[str, str]]:
    """The two files that a footer names against the two releases, by their entries of `kind`."""
    files = [total for total in totals if (total.kind, total.what) == (kind, "entries")]
    for side, total, release in zip(_SIDES, files, releases, strict=False):
        if kind in release.carries:
            found = _size(release, kind)
            off = (
                f"its footer counts {total.count:,} {kind}s in {total.file},"
                f" {side} ({release.name}) has {found:,}"
            )
            yield kind, off if found != total.count else ""


def _size(release: Release, kind: str) -> int:
    """Entries of `kind`, those that were set aside among them."""
    return sum(
        frame.filter(pl.col("kind") == kind).height for frame in (release.entries, release.withheld)
    )


def _adds_up(kind: str, totals: tuple[Total, ...]) -> bool:
    """Whether the earlier file's entries with the additions and deletions make the later's."""
    of_kind = [total for total in totals if total.kind == kind]
    sizes = [total.count for total in of_kind if total.what == "entries"]
    moved = {total.what: total.count for total in of_kind}
    if len(sizes) != len(_SIDES) or not {"added", "deleted"} <= moved.keys():
        return False
    return sizes[0] + moved["added"] - moved["deleted"] == sizes[1]
