"""Two releases in, what differs out: one join for the pairs, one comparison for each field."""

from collections.abc import Mapping
from dataclasses import replace

import polars as pl

from cptdiff.coverage import name_pair, not_compared, shared_fields
from cptdiff.errors import Refused
from cptdiff.model import OWN, REVISED, Changes, Release
from cptdiff.pairs import Pairs, paired
from cptdiff.spellings import spelling_notes
from cptdiff.vocabulary import CodeSet

_KEY = ("kind", "code")


def compare(previous: Release, current: Release) -> Changes:
    """The changes by (kind, code) of what is valid on each release's effective date.

    A part or a field that only one side's files carry is not compared; `Changes.notes` say so.
    Raises `Refused` for two code sets (E303), and where nothing is in common (E307).
    """
    _of_one_code_set(previous, current)
    previous, spelled = _respelled(previous, current)
    shared = _shared(previous, current)
    withheld = pl.concat([previous.withheld, current.withheld]).select("code").unique()
    before, after = (_of_parts(release, shared, withheld) for release in (previous, current))
    pairs = _without_gaps(paired(before, after, shared), previous.gaps, current.gaps)
    differs = pl.any_horizontal(False, *pairs.differs.columns)  # noqa: FBT003 - where no field is shared
    rows = pairs.differs.select(differs).to_series().arg_true()
    changes = Changes(
        previous=previous,
        current=current,
        added=_added(pairs, previous),
        deleted=_deleted(pairs, current),
        revised=_revised(pairs),
        revised_previous=before[pairs.at.gather(rows)],
        revised_current=after[rows],
        transient=_transient(previous, current).join(withheld, on="code", how="anti"),
        compared=after.height,
        notes=(*spelled, *not_compared(previous, current)),
    )
    # What makes all else doubtful comes first.
    return replace(changes, notes=(*spelling_notes(changes), *changes.notes))


def _of_one_code_set(previous: Release, current: Release) -> None:
    if previous.code_set is not current.code_set:
        titles = f"previous is {previous.code_set.label}, current is {current.code_set.label}"
        fix = "give two releases of one code set"
        raise Refused("E303", name_pair(previous, current), titles, fix)


def _shared(previous: Release, current: Release) -> dict[str, tuple[str, ...]]:
    shared = shared_fields(previous, current)
    # A table of keys alone has no fields to share.
    both = all(any(release.carries.values()) for release in (previous, current))
    if not any(shared.values()) and (both or current.code_set is not CodeSet.TABLE):
        wrong = "the two releases have no part and no field in common"
        fix = "give files of the same content"
        raise Refused("E307", name_pair(previous, current), wrong, fix)
    return shared


def _respelled(previous: Release, current: Release) -> tuple[Release, tuple[str, ...]]:
    """A user's columns match in any case: previous takes current's spelling, aloud."""
    if current.code_set is not CodeSet.TABLE:
        return previous, ()
    now = {name.casefold(): name for name in current.carries["code"]}
    names = {name: now.get(name.casefold(), name) for name in previous.carries["code"]}
    other = {name: spelled for name, spelled in names.items() if name != spelled}
    if not other:
        return previous, ()
    notes = tuple(
        f"column {name.removeprefix(OWN)} of {previous.name} was taken for"
        f" {spelled.removeprefix(OWN)} of {current.name}"
        for name, spelled in other.items()
    )
    respelled = replace(
        previous,
        entries=previous.entries.rename(other),
        ended=previous.ended.rename(other),
        carries={"code": tuple(names.values())},
    )
    return respelled, notes


def _of_parts(
    release: Release, shared: Mapping[str, tuple[str, ...]], withheld: pl.DataFrame
) -> pl.DataFrame:
    """The entries to compare: a code that either side could not read is neither new nor gone."""
    entries = release.entries
    if not set(release.carries) <= set(shared):
        entries = entries.filter(pl.col("part").is_in(list(shared)))
    if withheld.height:
        entries = entries.join(withheld, on="code", how="anti", maintain_order="left")
    return entries


def _without_gaps(pairs: Pairs, *gaps: pl.DataFrame) -> Pairs:
    """`pairs` without the differences that are a file's missing row, no publisher's wording."""
    missing = pl.concat(gaps)
    if not missing.height:
        return pairs
    codes = pl.concat_str(pl.col("kind").cast(pl.String), "code", separator=" ")
    known = pairs.after.select(codes).to_series()
    of_field = {str(name): rows for (name,), rows in missing.group_by("field")}
    held = {
        name: ~known.is_in(of_field[name].select(codes).to_series().implode())
        for name in pairs.differs.columns
        if name in of_field
    }
    return replace(pairs, differs=pairs.differs.with_columns(
        pl.col(name) & mask for name, mask in held.items()
    ))  # fmt: skip


def _added(pairs: Pairs, previous: Release) -> pl.DataFrame:
    """New entries with their reason: became-header, became-code, reinstated or none.

    An ICD-10 code that is a header in the other release changed its kind (formats.md 8.4). HCPCS
    says of a code that had rolled off its file that it is back: action R (7.4).
    """
    new = pairs.after.with_columns(pairs.at).filter(~pairs.same_kind)
    became = pl.format("became-{}", pl.col("kind").cast(pl.String))
    reason = pl.when(pl.col("at").is_not_null()).then(became).otherwise(pl.lit(""))
    added = new.with_columns(reason.alias("reason")).drop("at")
    if "action" in added.columns:
        back = pl.when(pl.col("action") == "R").then(pl.lit("reinstated")).otherwise("reason")
        added = added.with_columns(back.alias("reason"))
    if not previous.ended.height:
        return added
    ended = added.join(previous.ended, on=_KEY, how="semi").select(*_KEY, back=True)
    known = added.join(ended, on=_KEY, how="left", maintain_order="left")
    again = pl.when("back").then(pl.lit("reinstated")).otherwise("reason")
    return known.with_columns(again.alias("reason")).drop("back")


def _deleted(pairs: Pairs, current: Release) -> pl.DataFrame:
    """Entries no longer valid, with their reason: absent, terminated, became-header, became-code.

    `end_date` is current's where current tells it.
    """
    kept = pairs.at.filter(pairs.same_kind)
    gone = pl.repeat(value=True, n=pairs.before.height, eager=True).scatter(kept, values=False)
    other = pairs.after.select("code", pl.col("kind").alias("there")).filter(
        ~pairs.same_kind & pairs.at.is_not_null()
    )
    became = pl.format("became-{}", pl.col("there").cast(pl.String)).fill_null("absent")
    absent = pairs.before.filter(gone).join(other, on="code", how="left", maintain_order="left")
    deleted = absent.with_columns(became.alias("reason")).drop("there")
    if not current.ended.height:
        return deleted
    ended = current.ended.select(*_KEY, pl.col("end_date").alias("ended_on"))
    told = pl.when(pl.col("ended_on").is_not_null()).then(pl.lit("terminated")).otherwise("reason")
    return (
        deleted.join(ended, on=_KEY, how="left", maintain_order="left")
        .with_columns(told.alias("reason"), pl.coalesce("ended_on", "end_date").alias("end_date"))
        .drop("ended_on")
    )


def _revised(pairs: Pairs) -> pl.DataFrame:
    """`REVISED`: one row for each entry and shared field that differs."""
    found = []
    for name in pairs.differs.columns:
        rows = pairs.differs[name].arg_true()
        now = pairs.after[rows].select(
            *_KEY,
            pl.lit(name).alias("field"),
            pairs.before[name].gather(pairs.at.gather(rows)).alias("previous"),
            pl.col(name).alias("current"),
        )
        found.append(now)
    return pl.concat(found) if found else pl.DataFrame(schema=REVISED)


def _transient(previous: Release, current: Release) -> pl.DataFrame:
    """Entries of neither date: added after previous's, ended before current's (rulings.md)."""
    frame = current.ended.with_columns(pl.lit("").alias("reason"))
    if not frame.height or previous.effective_date is None:
        return frame.clear()
    new = frame.filter(pl.col("add_date") > previous.effective_date)
    return new.join(previous.entries, on=_KEY, how="anti")
