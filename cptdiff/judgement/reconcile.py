"""Our changes against the publisher's own lists, every disagreement with its likely cause."""

from dataclasses import dataclass, replace
from typing import Final, NamedTuple

import polars as pl

from cptdiff.judgement.causes import UNEXPLAINED
from cptdiff.judgement.statements import (
    KEY,
    Footer,
    Statements,
    check_footer,
    collect_statements,
    ends_at,
    find_other_titles,
    is_spoken_of,
    join_statements,
    list_action_codes,
    list_changes,
)
from cptdiff.model import RECONCILIATION, Changes, Note, PublishedList, Stated, make_notes

# A history tells its years by itself, and what a user lists is meant of this pair.
_FORMS: Final = ("addenda", "transactions", "action codes")


def precedes_pair(published: PublishedList, changes: Changes) -> bool:
    """Whether `published` speaks of the time before previous.

    Its footer ends at previous; or the releases are equal and of one date, as when a publisher
    posts one release under two names, beside the addenda of the year before.
    """
    if published.form not in _FORMS:
        return False
    return ends_at(published, changes.previous) or _is_repost(changes)


def drop_earlier(heard: Statements, published: PublishedList, changes: Changes) -> Statements:
    """`heard` without the entries of which all that is said stands in previous already."""
    found = pl.concat(
        [_find_in_data(heard, published, changes), _find_in_lists(heard, published, changes)]
    )
    return replace(
        heard,
        entries=heard.entries.join(found, on=KEY, how="anti", maintain_order="left"),
        fields=heard.fields.join(found, on=KEY, how="anti", maintain_order="left"),
    )


def _is_repost(changes: Changes) -> bool:
    differing = (changes.added, changes.deleted, changes.revised, changes.transient)
    dates = {changes.previous.effective_date, changes.current.effective_date} - {None}
    return len(dates) < 2 and not any(frame.height for frame in differing)  # noqa: PLR2004


def _find_in_data(heard: Statements, published: PublishedList, changes: Changes) -> pl.DataFrame:
    """The entries that previous has as the list leaves them, its new titles among them."""
    before = changes.previous
    known = pl.concat(
        frame.select(
            pl.col("kind").cast(pl.String), "code", pl.lit(valid).alias("valid"),
            pl.col("end_date").is_not_null().alias("ends"),
        )
        for frame, valid in ((before.entries, True), (before.ended, False))
    )  # fmt: skip
    rows = heard.entries.join(known, on=KEY, how="left", maintain_order="left")
    valid = pl.col("valid").fill_null(value=False)
    stands = (
        ((pl.col("theirs") == "added") & valid)
        | ((pl.col("theirs") == "deleted") & (~valid | pl.col("ends")))
        | ((pl.col("theirs") == "transient") & ~valid)
        | (pl.col("theirs").is_in(["revised", "attributes-only"]) & pl.col("valid").is_not_null())
    )
    return (
        rows.filter(stands)
        .select(KEY)
        .join(_find_new_titles(published, changes), on=KEY, how="anti")
    )


def _find_new_titles(published: PublishedList, changes: Changes) -> pl.DataFrame:
    """The entries of which the list tells a new title that previous does not have."""
    revised = published.changes.filter(pl.col("change") == "revised", pl.col("current") != "")
    before = changes.previous.entries.with_columns(pl.col("kind").cast(pl.String))
    fields = [name for name in changes.previous.descriptors if name in before.columns]
    titles = (
        before.join(revised, on=KEY, how="semi")
        .select(*KEY, *fields)
        .unpivot(fields, index=KEY, variable_name="field", value_name="title")
    )
    theirs, has = (pl.col(name).str.replace_all(r"\s+", "") for name in ("current", "title"))
    return revised.join(titles, on=(*KEY, "field")).filter(theirs != has).select(KEY).unique()


def _find_in_lists(heard: Statements, published: PublishedList, changes: Changes) -> pl.DataFrame:
    """The entries of which a list of this form beside previous says the same."""
    letters = list_action_codes(changes.previous)
    beside = (*changes.previous.stated.lists, *([letters] if letters else ()))
    same = [
        collect_statements(one, changes).entries for one in beside if one.form == published.form
    ]
    words = (*KEY, "theirs", "words")
    return pl.concat([heard.entries.clear(), *same]).select(words).join(
        heard.entries.filter(pl.col("theirs") != "none").select(words), on=words, how="semi"
    ).select(KEY)  # fmt: skip


NOTHING: Final = "no list of changes from the publisher: nothing to check against"


# What changed in the files though the list does not say so.
_UNLISTED: Final = (pl.col("ours") != "") & (pl.col("theirs") == "")


class ListFacts(NamedTuple):
    """One list: how many entries it states as changed, how many agree with ours, how many not.

    Among those that do not are `unlisted` ones: changed in the files, and not stated as changed.
    `checked` figures of its footer were checked; `checks` are the sentences about those that are
    off.
    """

    name: str
    form: str
    states: int
    agree: int
    disagree: int
    checked: int
    checks: tuple[str, ...]

    @property
    def differ(self) -> int:
        """How many of the stated ones do not agree."""
        return self.states - self.agree

    @property
    def unlisted(self) -> int:
        """How many changed in the files alone."""
        return self.disagree - self.differ


@dataclass(frozen=True, eq=False, repr=False)
class Reconciliation:
    """`table` has `RECONCILIATION`, sorted by its full key; `notes` tell what was not compared."""

    table: pl.DataFrame
    lists: tuple[ListFacts, ...]
    notes: tuple[Note, ...]

    @property
    def doubts(self) -> tuple[Note, ...]:
        """The notes that a reader must know before trusting the lists."""
        return tuple(note for note in self.notes if note.kind != "remark")

    @property
    def unexplained(self) -> int:
        """How many disagreements have no cause."""
        return self.table.filter(pl.col("cause") == UNEXPLAINED.name).height

    @property
    def unlisted(self) -> pl.DataFrame:
        """kind, code and `explained` of entries that changed in the files and are on no list."""
        explained = (pl.col("cause") != UNEXPLAINED.name).all().alias("explained")
        return self.table.filter(_UNLISTED).group_by(KEY).agg(explained).sort(KEY)

    @property
    def not_announced(self) -> int:
        """How many these are, whatever the cause."""
        return self.unlisted.height

    @property
    def contradicted(self) -> int:
        """How many disagreements have no cause, where a list says something else than the files."""
        return self.table.filter(pl.col("cause") == UNEXPLAINED.name, ~_UNLISTED).height


class _Set(NamedTuple):
    """A list, with what checking its footer against the releases showed."""

    published: PublishedList
    checked: Footer


@dataclass(frozen=True, eq=False, repr=False)
class _Compared:
    """`earlier` counts the entries that were left out: previous has them as the list says."""

    facts: ListFacts
    rows: pl.DataFrame
    beyond: tuple[Note, ...]
    earlier: int

    @property
    def is_earlier(self) -> bool:
        """Whether the list has nothing to say of the pair, and nothing to miss."""
        return bool(self.earlier) and not (self.facts.states or self.rows.height)


def reconcile(changes: Changes, given: Stated) -> Reconciliation:
    """`changes` against the lists of `given`, and HCPCS's own action codes.

    Corrections, of `given` and beside previous, are evidence and are not compared themselves.
    """
    letters = list_action_codes(changes.current)
    every = [*([letters] if letters else []), *given.lists]
    notes = [*given.notes, *(note for one in given.lists for note in one.notes)]
    sets = [_Set(one, check_footer(one, changes)) for one in every if one.form != "corrections"]
    sets, set_aside = _choose_lists(sets, changes)
    compared = [_compare_list(one, changes, given) for one in sets]
    earlier = [one.facts.name for one in compared if one.is_earlier]
    compared = [one for one in compared if not one.is_earlier]
    facts = tuple(one.facts for one in compared)
    notes += [*set_aside, *(n for one in facts for n in make_notes("list", one.checks, one.name))]
    notes += _name_earlier(earlier, changes)
    notes += [note for one in compared for note in one.beyond]
    notes += [] if compared or earlier else [Note("remark", NOTHING)]
    rows = [one.rows for one in compared]
    table = _merge_rows(pl.concat(rows)) if rows else pl.DataFrame(schema=RECONCILIATION)
    return Reconciliation(table, facts, tuple(dict.fromkeys(notes)))


def _choose_lists(sets: list[_Set], changes: Changes) -> tuple[list[_Set], list[Note]]:
    """The lists to compare with.

    A history needs both dates. A list between other files steps back for its like between these.
    """
    dated = None not in (changes.previous.effective_date, changes.current.effective_date)
    fitting = {
        (one.published.form, one.published.fields)
        for one in sets
        if one.checked.checked and not one.checked.sentences
    }
    used, notes = [], []
    for one in sets:
        name, form = one.published.name, one.published.form
        if form == "history" and not dated:
            notes.append(Note("list", "a release has no effective date, not compared", name))
        elif one.checked.baselines and (form, one.published.fields) in fitting:
            (why, *_) = one.checked.baselines.values()
            text = f"{why}; another list is of these two releases, not compared"
            notes.append(Note("list", text, name))
        else:
            used.append(one)
    return used, notes


def _compare_list(one: _Set, changes: Changes, given: Stated) -> _Compared:
    published, checked = one.published, one.checked
    every = heard = collect_statements(published, changes)
    if precedes_pair(published, changes):
        heard = drop_earlier(every, published, changes)
    both = join_statements(list_changes(changes, heard.silent), heard)
    spoken = pl.col("theirs") != ""
    beyond = ~spoken & ~is_spoken_of(published, heard)
    differ = both.filter(pl.col("ours") != pl.col("theirs"))
    titles = find_other_titles(published, changes, heard, both)
    rows = _explain(pl.concat([differ.filter(~beyond), titles]), one, changes, given)
    states = both.filter(spoken)
    agree = states.filter(pl.col("ours") == pl.col("theirs")).height - titles.height
    facts = ListFacts(
        published.name, published.form, states.height, agree, rows.height,
        checked.checked, checked.sentences,
    )  # fmt: skip
    left_out = every.entries.height - heard.entries.height
    beside = _describe_beyond(published, differ.filter(beyond))
    if left_out:
        text = f"listed changes already in the previous release, not compared: {left_out:,}"
        beside += (Note("remark", text, published.name),)
    return _Compared(facts, rows, beside, left_out)


def _explain(differ: pl.DataFrame, one: _Set, changes: Changes, given: Stated) -> pl.DataFrame:
    """`RECONCILIATION` and `list` of the entries that differ."""
    if not differ.height:
        return pl.DataFrame(schema={**RECONCILIATION, "list": pl.String()})
    from cptdiff.judgement.grounds import find_causes  # noqa: PLC0415 - many expressions

    return find_causes(differ, one.published, one.checked, changes, given)


def _name_earlier(names: list[str], changes: Changes) -> list[Note]:
    """One sentence for all lists that speak of the time before previous."""
    if not names:
        return []
    why = f"every change listed is already in previous ({changes.previous.name}); not compared"
    return [Note("list", why, ", ".join(names))]


def _merge_rows(rows: pl.DataFrame) -> pl.DataFrame:
    """What several lists say alike is one row that names them.

    A list of fewer titles (a codes addenda) adds nothing to one that says the same of more.
    """
    key = [name for name in RECONCILIATION.names() if name not in {"note", "quoted"}]
    lists = pl.col("list").unique(maintain_order=True).str.join(", ")
    width = pl.col("field").str.len_chars()
    widest = width == width.max().over("kind", "code", "ours", "theirs")
    return (
        rows.filter(widest)
        .group_by(key, maintain_order=True)
        .agg(
            pl.format("{}: {}", lists, pl.col("note").first()).alias("note"),
            pl.col("quoted").first(),
        )
        .select(RECONCILIATION.names())
        .sort(RECONCILIATION.names())
    )


def _describe_beyond(published: PublishedList, beyond: pl.DataFrame) -> tuple[Note, ...]:
    """Changes of ours of which the list, by its kind, says nothing."""
    if not beyond.height:
        return ()
    counts = beyond.group_by("kind", "ours").len().sort("kind", "ours")
    counts_in_words = ", ".join(f"{kind}s {change} {n:,}" for kind, change, n in counts.iter_rows())
    text = f"changes that this list does not cover, not compared: {counts_in_words}"
    return (Note("remark", text, published.name),)
