"""Wording that may not be passed on is taken from all that reports see.

Judgement reads the full texts; what it says of them in words of the publisher's goes with them.
What is not known to be free of wording is withheld.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

import polars as pl

from cptdiff.codesets.profile import Profile
from cptdiff.judgement.judge import Judgement
from cptdiff.judgement.severity import NO_CLASS
from cptdiff.model import TOLD, Changes, Note, Release, Stated, is_short
from cptdiff.vocabulary import Descriptors

_BLANK: Final = pl.lit("")
# What a list says of an entry, in our words; its own word for anything else may be a sentence.
_CHANGES: Final = ("", *TOLD, "attributes-only", "none")
_OTHER: Final = "other"

Kept = Callable[[str], bool]


def withhold(
    changes: Changes, judgement: Judgement, descriptors: Descriptors
) -> tuple[Changes, Judgement]:
    """Both without the wording that `descriptors` does not let out; empty text stands for it."""
    if descriptors is Descriptors.FULL:
        return changes, judgement
    wordless = changes.current.profile.wordless

    def kept(field: str) -> bool:
        return field in wordless or (descriptors is Descriptors.SHORT and is_short(field))

    return _changes(changes, kept), _judgement(judgement, kept)


def _changes(changes: Changes, kept: Kept) -> Changes:
    return replace(
        changes,
        previous=_release(changes.previous, kept),
        current=_release(changes.current, kept),
        added=_bare(changes.added, kept),
        deleted=_bare(changes.deleted, kept),
        revised=changes.revised.with_columns(
            pl.when(_of_kept(changes.revised, kept)).then(name).otherwise(_BLANK).alias(name)
            for name in ("previous", "current")
        ),
        revised_previous=_bare(changes.revised_previous, kept),
        revised_current=_bare(changes.revised_current, kept),
        transient=_bare(changes.transient, kept),
        notes=_drop_quotations(changes.notes),
    )


def _release(release: Release, kept: Kept) -> Release:
    code = _sound_code(release.profile)
    return replace(
        release,
        entries=_bare(release.entries, kept),
        ended=_bare(release.ended, kept),
        set_aside=release.set_aside.with_columns(code=code, raw=code),
        withheld=release.withheld.filter(code != ""),
        stated=_stated(release.stated),
        notes=_drop_quotations(release.notes),
    )


def _bare(entries: pl.DataFrame, kept: Kept) -> pl.DataFrame:
    """`entries` (`ENTRIES`, reason and fields) with every text empty that is not kept."""
    texts = [name for name, dtype in entries.schema.items() if dtype == pl.String]
    gone = [name for name in texts if name not in {"code", "reason"} and not kept(name)]
    return entries.with_columns(_BLANK.alias(name) for name in gone)


def _of_kept(fields: pl.DataFrame, kept: Kept) -> pl.Expr:
    """Whether a row of `fields` (field, ...) is of a field that is kept."""
    return pl.col("field").is_in([name for name in fields["field"].unique() if kept(name)])


def _sound_code(profile: Profile) -> pl.Expr:
    """The code of a row that was set aside, if it is one: a broken row may have words there."""
    grammar = profile.any_code or r"\S+"
    is_code = pl.col("code").str.contains(rf"\A(?:{grammar})\z")
    return pl.when(is_code).then("code").otherwise(_BLANK)


def _stated(stated: Stated) -> Stated:
    lists = (
        replace(one, changes=one.changes.with_columns(
            _BLANK.alias(name) for name in ("previous", "current", "action", "note")
        ).with_columns(_known("change")))
        for one in stated.lists
    )  # fmt: skip
    tables = (
        replace(one, links=one.links.with_columns(_BLANK.alias("note")))
        for one in stated.crosswalks
    )
    return Stated(tuple(lists), tuple(tables), _drop_quotations(stated.notes))


def _drop_quotations(notes: tuple[Note, ...]) -> tuple[Note, ...]:
    """`notes` without words of the input."""
    return tuple(note.drop_quotation() for note in notes)


def _known(change: str) -> pl.Expr:
    """A change in our words; a list may call it anything."""
    known = pl.col(change).is_in(_CHANGES)
    return pl.when(known).then(change).otherwise(pl.lit(_OTHER)).alias(change)


def _judgement(judgement: Judgement, kept: Kept) -> Judgement:
    reasons = {row.name: row.reason for row in judgement.classes}
    gravest = pl.col("class").str.split(";").list.first()
    reason = gravest.replace_strict(reasons, default=NO_CLASS, return_dtype=pl.String)
    why = pl.when(_of_kept(judgement.fields, kept)).then("why").otherwise(reason)
    agreement = judgement.reconciliation
    return replace(
        judgement,
        fields=judgement.fields.with_columns(why.alias("why")),
        crosswalk=judgement.crosswalk.with_columns(_BLANK.alias("quoted")),
        reconciliation=replace(
            agreement,
            table=agreement.table.with_columns(_BLANK.alias("quoted"), _known("theirs")),
            notes=_drop_quotations(agreement.notes),
        ),
        stated=_stated(judgement.stated),
        notes=_drop_quotations(judgement.notes),
    )
