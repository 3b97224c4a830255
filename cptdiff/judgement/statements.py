"""What a list and its footer say of entries, beside what the releases show."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import polars as pl

from cptdiff.codesets.lists import LETTERS
from cptdiff.comparison import find_shared_fields
from cptdiff.model import (
    LIST_CHANGES,
    STATED_CHANGES,
    Changes,
    PublishedList,
    Release,
    Total,
    name_part,
)

_KINDS = ("code", "modifier", "header")
# The letters F, P and T tell of attributes.
_LETTERS_TELL = (*LIST_CHANGES, "attributes-only")


@dataclass(frozen=True, eq=False, repr=False)
class Statements:
    """What a list says, and of what it speaks.

    `entries`: kind, code, theirs, words, date, remark, and elsewhere, elsewhere_on: what it says
    of another time; `fields`: kind, code, field, blank of its revisions, field empty where no title
    differs or none is named; `silent` are descriptors that it does not know.
    """

    entries: pl.DataFrame
    fields: pl.DataFrame
    kinds: tuple[str, ...]
    silent: tuple[str, ...]


def collect_statements(published: PublishedList, changes: Changes) -> Statements:
    """`published` as far as it concerns what was compared."""
    rows = _keep_compared(_add_kind(published, changes), changes)
    kinds = published.kinds or tuple(
        kind for kind in _KINDS if kind == "code" or (rows["kind"] == kind).any()
    )
    descriptors = set(changes.current.descriptors)
    silent = tuple(sorted(descriptors - set(published.fields))) if published.fields else ()
    within = _is_within(changes) if published.form == "history" else pl.lit(value=True)
    dated = rows.with_columns(within.fill_null(value=False).alias("within"))
    inside, outside = dated.filter("within"), dated.filter(~pl.col("within"))
    # A list without texts tells neither titles nor blanks.
    worded = (pl.col("field") != "") | (pl.col("previous") != "") | (pl.col("current") != "")
    revised = inside.filter(pl.col("change") == "revised", worded)
    return Statements(
        entries=_net_changes(inside).join(
            _find_elsewhere(outside), on=KEY, how="full", coalesce=True
        ),
        fields=revised.select(*KEY, "field", is_blank().alias("blank")),
        kinds=kinds,
        silent=silent,
    )


def list_action_codes(release: Release) -> PublishedList | None:
    """HCPCS's own list: the action code of every record; None without them."""
    frames = (release.entries, release.ended)
    if any("action" not in frame.columns for frame in frames):
        return None
    rows = pl.concat(
        frame.select(
            pl.col("kind").cast(pl.String), "code",
            pl.col("action").replace_strict(LETTERS, default=pl.col("action")).alias("change"),
            "action", _read_action_date(frame).alias("date"),
        )
        for frame in frames
    )  # fmt: skip
    rows = rows.with_columns(pl.when(pl.col("change") == "").then(pl.lit("none"))
                             .otherwise("change").alias("change"))  # fmt: skip
    missing = [pl.lit("").alias(name) for name in STATED_CHANGES if name not in rows.columns]
    source = release.sources[0]
    return PublishedList(
        name=source.member.rpartition("/")[2],
        form="action codes",
        sha256=source.sha256 or "",
        changes=rows.with_columns(missing).select(STATED_CHANGES.names()),
        kinds=("code", "modifier"),
        tells=_LETTERS_TELL,
    )


def parse_action_day() -> pl.Expr:
    """HCPCS's action date, YYYYMMDD or as a workbook shows it."""
    return pl.col("action_date").str.replace_all("-", "").str.head(8).str.to_date(
        "%Y%m%d", strict=False
    )  # fmt: skip


def _read_action_date(frame: pl.DataFrame) -> pl.Expr:
    return parse_action_day() if "action_date" in frame.columns else pl.lit(None, pl.Date)


def _add_kind(published: PublishedList, changes: Changes) -> pl.DataFrame:
    """The list's rows; a kind that it does not tell is that under which a release has the code."""
    rows = published.changes
    if not (rows["kind"] == "").any():
        return rows
    held = pl.concat(
        frame.select(pl.col("kind").cast(pl.String).alias("held"), "code")
        for release in (changes.current, changes.previous)
        for frame in (release.entries, release.ended)
    )
    order = pl.col("held").replace_strict(list(_KINDS), list(range(len(_KINDS))))
    known = held.sort(order, "code").unique("code", keep="first")
    kind = pl.when(pl.col("kind") != "").then("kind").otherwise(pl.col("held").fill_null("code"))
    joined_rows = rows.join(known, on="code", how="left", maintain_order="left")
    return joined_rows.with_columns(kind.alias("kind")).drop("held")


def _keep_compared(rows: pl.DataFrame, changes: Changes) -> pl.DataFrame:
    """Without the kinds, parts and fields that were not compared, and without codes set aside."""
    shared = find_shared_fields(changes.previous, changes.current)
    part = name_part(changes.current.profile)
    fields = {name for names in shared.values() for name in names}
    set_aside = pl.concat(
        [changes.previous.set_aside_codes, changes.current.set_aside_codes]
    ).select("code")
    return rows.filter(
        part.is_in(list(shared)), (pl.col("field") == "") | pl.col("field").is_in(sorted(fields))
        | (pl.col("change") != "revised"),
    ).join(set_aside.unique(), on="code", how="anti", maintain_order="left")  # fmt: skip


def _is_within(changes: Changes) -> pl.Expr:
    """A history names every year: after previous's date, not after current's."""
    since, until = changes.previous.effective_date, changes.current.effective_date
    date = pl.col("date")
    return (date > pl.lit(since, pl.Date)) & (date <= pl.lit(until, pl.Date))


def _net_changes(rows: pl.DataFrame) -> pl.DataFrame:
    """Several statements of one entry as one: added, then deleted is transient."""
    came_or_went = pl.col("change").filter(pl.col("change").is_in(["added", "deleted"]))
    both = came_or_went.n_unique() > 1
    first_first = pl.when(came_or_went.first() == "added").then(pl.lit("transient"))
    other = pl.col("change").filter(pl.col("change") != "none")
    # The weightiest counts.
    weighed = [
        pl.when((pl.col("change") == name).any()).then(pl.lit(name))
        for name in ("added", "deleted", "transient", "revised")
    ]
    came_and_went = pl.when(both).then(first_first.otherwise(pl.lit("revised")))
    return (
        rows.sort("date", nulls_last=True, maintain_order=True)
        .group_by(KEY, maintain_order=True)
        .agg(
            pl.coalesce(came_and_went, *weighed, other.first(), pl.lit("none")).alias("theirs"),
            join_names(pl.col("action")).alias("words"),
            pl.col("date").max(),
            join_names(pl.col("note")).alias("remark"),
        )
    )


def _find_elsewhere(rows: pl.DataFrame) -> pl.DataFrame:
    return (
        rows.filter(pl.col("date").is_not_null())
        .sort("date", maintain_order=True)
        .group_by(KEY, maintain_order=True)
        .agg(
            pl.col("change").last().alias("elsewhere"), pl.col("date").last().alias("elsewhere_on")
        )
    )


def join_statements(mine: pl.DataFrame, heard: Statements) -> pl.DataFrame:
    """One row an entry that either names, empty where the other is silent."""
    blanks = heard.fields.group_by(KEY).agg(
        join_names(pl.col("field")).alias("their_fields"),
        pl.col("blank").all().alias("their_blank"),
    )
    theirs = heard.entries.join(blanks, on=KEY, how="left", coalesce=True)
    both = mine.join(theirs, on=KEY, how="full", coalesce=True)
    silent = (pl.col("theirs") == "none").fill_null(value=True)
    # Where ours has no revision, the blanks are those of the list's.
    by_them = (pl.col("ours").is_null()) & pl.col("their_blank").fill_null(value=False)
    return both.with_columns(
        pl.when(silent).then(pl.lit("")).otherwise("theirs").alias("theirs"),
        pl.when(pl.col("ours").is_null()).then("their_fields").otherwise("fields").alias("fields"),
        (pl.col("blank").fill_null(value=False) | by_them).alias("blank"),
        # What has a word of its own in the list, "no change" among them, is spoken of.
        pl.col("theirs").is_not_null().alias("named"),
        # Of entries that both call revised: whether a title differs in the list alone.
        pl.lit(value=False).alias("by_list"),
    ).with_columns(
        pl.col("ours", "reason", "fields", "words", "remark", "elsewhere").fill_null("")
    ).drop("their_fields", "their_blank")  # fmt: skip


def is_spoken_of(published: PublishedList, heard: Statements) -> pl.Expr:
    """What a list would name: its kinds, its changes; all of it only where it is whole."""
    of_kind = pl.col("kind").is_in(heard.kinds) & pl.col("ours").is_in(published.tells)
    return of_kind & (pl.lit(published.whole) | pl.col("named"))


def find_other_titles(
    published: PublishedList, changes: Changes, heard: Statements, both: pl.DataFrame
) -> pl.DataFrame:
    """Entries that both call revised, in other titles; only where a list tells its titles."""
    agreed = both.filter(
        pl.col("ours") == "revised", pl.col("theirs") == "revised", pl.lit(bool(published.fields))
    )
    on = (*KEY, "field")
    mine = list_fields(changes, heard.silent).join(agreed, on=KEY, how="semi")
    theirs = heard.fields.filter(pl.col("field") != "").join(agreed, on=KEY, how="semi")
    named = theirs.select(KEY).unique()
    differ = pl.concat([
        mine.join(named, on=KEY, how="semi").join(theirs, on=on, how="anti")
        .with_columns(pl.lit(value=False).alias("by_list")),
        theirs.join(mine, on=on, how="anti").with_columns(pl.lit(value=True).alias("by_list")),
    ])  # fmt: skip
    only = differ.group_by(KEY).agg(
        join_names(pl.col("field")).alias("fields"), pl.col("blank").all(), pl.col("by_list").any()
    )
    return (
        agreed.drop("fields", "blank", "by_list")
        .join(only, on=KEY, how="inner")
        .select(agreed.columns)
    )


KEY = ("kind", "code")
_TITLES_SEPARATOR = ";"


def list_changes(changes: Changes, silent: tuple[str, ...]) -> pl.DataFrame:
    """One row a changed entry: kind, code, ours, reason, fields, blank; all String but blank.

    Descriptors in `silent`, of which the list does not speak, are left out. `fields` are those
    that differ, joined by `;`; `blank` tells that they differ in white space alone.
    """
    frames = [
        frame.select(_name_kind(), "code", pl.lit(change).alias("ours"), "reason",
                     pl.lit("").alias("fields"), pl.lit(value=False).alias("blank"))
        for frame, change in (
            (changes.added, "added"), (changes.deleted, "deleted"),
            (changes.transient, "transient"),
        )
    ]  # fmt: skip
    return pl.concat([*frames, _list_revised(changes, silent)])


def list_fields(changes: Changes, silent: tuple[str, ...]) -> pl.DataFrame:
    """One row a descriptor that differs: kind, code, field, blank."""
    worded = list(changes.current.descriptors)
    return changes.revised.filter(
        pl.col("field").is_in(worded), ~pl.col("field").is_in(list(silent))
    ).select(_name_kind(), "code", "field", is_blank().alias("blank"))


def is_blank() -> pl.Expr:
    """Whether `previous` and `current` are the same but for white space."""
    before, after = (pl.col(c).str.replace_all(r"\s+", "") for c in ("previous", "current"))
    return before == after


def join_names(names: pl.Expr) -> pl.Expr:
    """A group's field names, each once, in alphabetical order."""
    return names.filter(names != "").unique().sort().str.join(_TITLES_SEPARATOR)


def _name_kind() -> pl.Expr:
    return pl.col("kind").cast(pl.String)


def _list_revised(changes: Changes, silent: tuple[str, ...]) -> pl.DataFrame:
    worded = pl.col("field").is_in(list(changes.current.descriptors))
    rows = changes.revised.filter(~pl.col("field").is_in(list(silent)))
    told = rows.with_columns(worded.alias("worded"), is_blank().alias("blank"))
    of_words = pl.col("worded").any()
    return (
        told.group_by(_name_kind(), "code")
        .agg(
            pl.when(of_words).then(pl.lit("revised")).otherwise(pl.lit("attributes-only"))
            .alias("ours"),
            pl.when(of_words).then(join_names(pl.col("field").filter("worded")))
            .otherwise(join_names(pl.col("field"))).alias("fields"),
            (of_words & pl.col("blank").filter("worded").all()).alias("blank"),
        )
        .select(*KEY, "ours", pl.lit("").alias("reason"), "fields", "blank")
    )  # fmt: skip


_SIDES = ("previous", "current")
_CHANGES = ("added", "deleted", "revised")
# Which titles a revision touches, by the words of the footer.
_TITLES = {"both": ["long", "short"], "long": ["long"], "short": ["short"]}


class Footer(NamedTuple):
    """What the check found: how many figures were checked, a sentence for each that is off.

    `baselines` has a sentence for each kind whose files are not the two that were compared: the
    list is sound in itself, and was made between other files.
    """

    checked: int
    sentences: tuple[str, ...]
    baselines: Mapping[str, str]


def check_footer(published: PublishedList, changes: Changes) -> Footer:
    """The footer of `published`; nothing is checked where it has none."""
    own = tuple(_check_own_figures(published))
    releases = (changes.previous, changes.current)
    kinds = dict.fromkeys(t.kind for t in published.totals)
    sides = [found for kind in kinds for found in _check_against(kind, published.totals, releases)]
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
    held = [
        (counts, _count_entries(release, kind)) for counts, kind in sizes if kind in release.carries
    ]
    ends = all(counts[len(_SIDES) - 1 :] == [size] for counts, size in held)
    return ends and any(counts[0] != size for counts, size in held)


def _check_own_figures(published: PublishedList) -> Iterator[tuple[str, str]]:
    """Each figure's kind, and a sentence where the list holds another number."""
    one = published.changes.group_by("kind", "code").agg(
        pl.col("change").first(), pl.col("field").filter(pl.col("field") != "").sort()
    )
    for total in published.totals:
        of_kind = one.filter(pl.col("kind") == total.kind)
        if total.what in _CHANGES:
            found = of_kind.filter(pl.col("change") == total.what).height
        elif total.what in _TITLES:
            revised = of_kind.filter(pl.col("change") == "revised")["field"].to_list()
            found = revised.count(_TITLES[total.what])
        else:
            continue
        figure = f"{total.count:,} {total.kind}s {_name_figure(total)}"
        off = f"its footer counts {figure}, it lists {found:,}"
        yield total.kind, off if found != total.count else ""


def _name_figure(total: Total) -> str:
    return f"revised ({total.what})" if total.what in _TITLES else total.what


def _check_against(
    kind: str, totals: tuple[Total, ...], releases: tuple[Release, Release]
) -> Iterator[tuple[str, str]]:
    """The two files that a footer names against the two releases, by their entries of `kind`."""
    files = [total for total in totals if (total.kind, total.what) == (kind, "entries")]
    for side, total, release in zip(_SIDES, files, releases, strict=False):
        if kind in release.carries:
            found = _count_entries(release, kind)
            off = (
                f"its footer counts {total.count:,} {kind}s in {total.file},"
                f" {side} ({release.name}) has {found:,}"
            )
            yield kind, off if found != total.count else ""


def _count_entries(release: Release, kind: str) -> int:
    """Entries of `kind`, those that were set aside among them."""
    return sum(
        frame.filter(pl.col("kind") == kind).height
        for frame in (release.entries, release.set_aside_codes)
    )


def _adds_up(kind: str, totals: tuple[Total, ...]) -> bool:
    """Whether the earlier file's entries with the additions and deletions make the later's."""
    of_kind = [total for total in totals if total.kind == kind]
    sizes = [total.count for total in of_kind if total.what == "entries"]
    moved = {total.what: total.count for total in of_kind}
    if len(sizes) != len(_SIDES) or not {"added", "deleted"} <= moved.keys():
        return False
    return sizes[0] + moved["added"] - moved["deleted"] == sizes[1]
