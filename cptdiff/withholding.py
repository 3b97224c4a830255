"""Wording that may not be passed on is taken from all that reports see.

Judgement reads the full texts; what it says of them in words of the publisher's goes with them.
What is not known to be free of wording is withheld.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

import polars as pl

from cptdiff.codesets import Profile
from cptdiff.judgement import NO_CLASS, Judgement
from cptdiff.model import LIST_CHANGES, Changes, Common, Note, Release, Stated, is_short
from cptdiff.vocabulary import Descriptors

_BLANK: Final = pl.lit("")
# What a list says of an entry, in our words; its own word for anything else may be a sentence.
_CHANGES: Final = ("", *LIST_CHANGES, "attributes-only", "none")
_OTHER: Final = "other"
_FIELD: Final = ("kind", "code", "field")

IsKept = Callable[[str], bool]


def withhold(
    changes: Changes, judgement: Judgement, descriptors: Descriptors
) -> tuple[Changes, Judgement]:
    """Both without the wording that `descriptors` does not let out; empty text stands for it."""
    if descriptors is Descriptors.FULL:
        return changes, judgement
    wordless = changes.current.profile.wordless

    def is_kept(field: str) -> bool:
        return field in wordless or (descriptors is Descriptors.SHORT and is_short(field))

    numbers = _number_labels(changes.revised)
    changes = replace(changes, revised=_replace_labels(changes.revised, numbers))
    judgement = replace(judgement, fields=_replace_labels(judgement.fields, numbers))
    return _withhold_changes(changes, is_kept), _withhold_judgement(judgement, is_kept)


def _withhold_changes(changes: Changes, is_kept: IsKept) -> Changes:
    return replace(
        changes,
        previous=_withhold_release(changes.previous, is_kept),
        current=_withhold_release(changes.current, is_kept),
        added=_empty_texts(changes.added, is_kept),
        deleted=_empty_texts(changes.deleted, is_kept),
        revised=changes.revised.with_columns(
            pl.when(_is_of_kept_field(changes.revised, is_kept))
            .then(name)
            .otherwise(_BLANK)
            .alias(name)
            for name in ("previous", "current")
        ).with_columns(row_name=_BLANK),
        revised_previous=_empty_texts(changes.revised_previous, is_kept),
        revised_current=_empty_texts(changes.revised_current, is_kept),
        transient=_empty_texts(changes.transient, is_kept),
        notes=_drop_quotations(changes.notes),
    )


def _number_labels(revised: pl.DataFrame) -> pl.DataFrame:
    """The labels of fields, which are values of the input, each with a number of its own."""
    number = pl.int_range(1, pl.len() + 1).over(_FIELD).cast(pl.String)
    return revised.filter(pl.col("label") != "").select(*_FIELD, "label", number=number)


def _replace_labels(rows: pl.DataFrame, numbers: pl.DataFrame) -> pl.DataFrame:
    if not numbers.height:
        return rows
    numbered = rows.join(numbers, on=[*_FIELD, "label"], how="left", maintain_order="left")
    return numbered.with_columns(label=pl.col("number").fill_null("")).drop("number")


def _withhold_release(release: Release, is_kept: IsKept) -> Release:
    code = _find_sound_code(release.profile)
    return replace(
        release,
        entries=_empty_texts(release.entries, is_kept),
        ended=_empty_texts(release.ended, is_kept),
        sets=_empty_texts(release.sets, is_kept),
        set_aside=release.set_aside.with_columns(code=code, raw=code),
        set_aside_codes=release.set_aside_codes.filter(code != ""),
        stated=_withhold_stated(release.stated),
        notes=_drop_quotations(release.notes),
        common=Common(release.common.count),
    )


def _empty_texts(entries: pl.DataFrame, is_kept: IsKept) -> pl.DataFrame:
    """`entries` (`ENTRIES`, reason and fields) with every text empty that is not kept."""
    texts = [name for name, dtype in entries.schema.items() if dtype == pl.String]
    gone = [name for name in texts if name not in {"code", "reason"} and not is_kept(name)]
    return entries.with_columns(_BLANK.alias(name) for name in gone)


def _is_of_kept_field(fields: pl.DataFrame, is_kept: IsKept) -> pl.Expr:
    """Whether a row of `fields` (field, ...) is of a field that is kept."""
    return pl.col("field").is_in([name for name in fields["field"].unique() if is_kept(name)])


def _withhold_words(entries: pl.DataFrame, is_kept: IsKept) -> pl.DataFrame:
    """`entries` (decides, gone, new) with the words only of fields that are kept."""
    kept = [name for name in entries["decides"].drop_nulls().unique() if is_kept(name)]
    return entries.with_columns(
        pl.when(pl.col("decides").is_in(kept)).then(name).otherwise(_BLANK).alias(name)
        for name in ("gone", "new")
    )


def _find_sound_code(profile: Profile) -> pl.Expr:
    """The code of a row that was set aside, if it is one: a broken row may have words there."""
    grammar = profile.any_code or r"\S+"
    is_code = pl.col("code").str.contains(rf"\A(?:{grammar})\z")
    return pl.when(is_code).then("code").otherwise(_BLANK)


def _withhold_stated(stated: Stated) -> Stated:
    lists = (
        replace(one, changes=one.changes.with_columns(
            _BLANK.alias(name) for name in ("previous", "current", "action", "note")
        ).with_columns(_name_change("change")))
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


def _name_change(change: str) -> pl.Expr:
    """A change in our words; a list may call it anything."""
    known = pl.col(change).is_in(_CHANGES)
    return pl.when(known).then(change).otherwise(pl.lit(_OTHER)).alias(change)


def _withhold_judgement(judgement: Judgement, is_kept: IsKept) -> Judgement:
    reasons = {row.name: row.reason for row in judgement.classes}
    gravest = pl.col("class").str.split(";").list.first()
    reason = gravest.replace_strict(reasons, default=NO_CLASS, return_dtype=pl.String)
    why = pl.when(_is_of_kept_field(judgement.fields, is_kept)).then("why").otherwise(reason)
    agreement = judgement.reconciliation
    return replace(
        judgement,
        fields=judgement.fields.with_columns(why.alias("why")),
        entries=_withhold_words(judgement.entries, is_kept),
        crosswalk=judgement.crosswalk.with_columns(_BLANK.alias("quoted")),
        reconciliation=replace(
            agreement,
            table=agreement.table.with_columns(_BLANK.alias("quoted"), _name_change("theirs")),
            notes=_drop_quotations(agreement.notes),
        ),
        stated=_withhold_stated(judgement.stated),
        notes=_drop_quotations(judgement.notes),
    )


_OMISSION: Final = {
    Descriptors.SHORT: "All descriptors except the short ones",
    Descriptors.NONE: "Descriptors",
}
# Any column of a user's own may hold the publisher's wording.
_TABLE_OMISSION: Final = {
    Descriptors.SHORT: "All values except the keys and the short descriptors",
    Descriptors.NONE: "All values except the keys",
}


def describe_withheld(descriptors: Descriptors, profile: Profile) -> str:
    """The sentence for readers who would miss the wording; empty where nothing is withheld."""
    if descriptors is Descriptors.FULL:
        return ""
    asked = f"left out of all outputs (--descriptors {descriptors})"
    if not profile.is_own:
        return f"{_OMISSION[descriptors]} are {asked}"
    which = _TABLE_OMISSION[descriptors]
    return f"{which} are {asked}; keys are shown as they are, even if they contain words"
