"""Replacements that a publisher or a user states, through chains of them."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import Final, TypeAlias

import polars as pl

from cptdiff.judgement.candidates import KEY, Candidate, Case, Key
from cptdiff.model import KIND, LINKS

_SPAN: Final = r"^([^-]+)-([^-]*)$"
_CATEGORY: Final = 3
_SEVENTH: Final = 6


# Where a link comes from (`note`: our words, or a table's name), and what the table says of it.
_LINKS: Final = pl.Schema({**LINKS, "quoted": pl.String()})
_ORDER: Final = ("code", "replacement", "basis", "date")


def expand_ranges(links: pl.DataFrame, codes: pl.DataFrame) -> pl.DataFrame:
    """`links` (`_LINKS`), each of a range once for each of `codes` (code) that the range holds.

    H02.101-H02.106 holds codes of that length, and S06.890A-S06.899A only those with an A;
    T15-T19 holds whole categories, and R11- all below it.
    """
    is_span = pl.col("code").str.contains("-", literal=True)
    spans = links.filter(is_span).with_columns(
        pl.col("code").str.extract(_SPAN, 1).alias("first"),
        pl.col("code").str.extract(_SPAN, 2).alias("last"),
    )
    open_ = pl.when(pl.col("last") == "").then("first").otherwise("last").alias("last")
    held = spans.drop("code").with_columns(open_).join(codes, how="cross").filter(_is_in_range())
    every = pl.concat([links.filter(~is_span), held.select(links.columns)]).unique()
    evidence = pl.when(pl.col("quoted") == "").then("note").otherwise("quoted")
    return every.sort(*_ORDER, evidence, "note")


def _is_in_range() -> pl.Expr:
    first, last, code = pl.col("first"), pl.col("last"), pl.col("code")
    width = last.str.len_chars()
    between = (first <= code) & (code.str.head(width) <= last)
    all_below = (width <= _CATEGORY) | (first == last)
    seventh = first.str.slice(_SEVENTH, 1)
    one_seventh = (seventh != "") & (seventh == last.str.slice(_SEVENTH, 1))
    of_it = ~one_seventh | (code.str.slice(_SEVENTH, 1) == seventh)
    return between & of_it & (all_below | (code.str.len_chars() == width))


# By code, what replaced it and when.
Onward: TypeAlias = Mapping[str, list[tuple[str, date | None]]]


def follow_chains(case: Case, heads: pl.DataFrame, links: pl.DataFrame) -> pl.DataFrame:
    """Each head at the first code of its chain that current holds, or its dead end.

    `heads` has kind, code, replacement, date, note, quoted; `links` (`_LINKS`) carry the chains on.
    """
    replacement = pl.col("replacement")
    held = replacement.is_in(case.current["code"].implode())
    elsewhere, trail = pl.lit(value=False), ""
    if neighbor := case.profile.neighbor:
        elsewhere = replacement.str.contains(neighbor.codes) & ~held
        trail = f"; {neighbor.note}"
    reached = heads.select(
        *KEY,
        replacement,
        "note",
        "quoted",
        pl.when(elsewhere).then(pl.lit(trail)).otherwise(pl.lit("")).alias("trail"),
        (~(elsewhere | held | (replacement == ""))).alias("end"),
        "date",
    )
    dead = reached.filter("end")
    if dead.height:
        reached = pl.concat([reached.filter(~pl.col("end")), _walk_on(case, dead, links)])
    return reached.unique((*KEY, "replacement"), keep="first", maintain_order=True)


def _walk_on(case: Case, dead: pl.DataFrame, links: pl.DataFrame) -> pl.DataFrame:
    """Heads that current does not hold, each at all ends of the chains that lead on from it."""
    onward: dict[str, list[tuple[str, date | None]]] = {}
    for code, replacement, on in links.select("code", "replacement", "date").iter_rows():
        if replacement:
            onward.setdefault(code, []).append((replacement, on))
    valid = frozenset(case.current["code"])
    rows = [
        (kind, code, end, note, quoted, trail + "".join(passed), end not in valid, on)
        for kind, code, first, note, quoted, trail, _, on in dead.iter_rows()
        for end, passed in _find_ends(first, on, onward, valid, (code,))
    ]
    return pl.DataFrame(rows, dead.schema, orient="row")


def _find_ends(
    code: str, since: date | None, onward: Onward, valid: frozenset[str], behind: tuple[str, ...]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The ends of the chains from `code`, each with the way to it; never twice through one.

    A link leads on only where it is not older than the one before it.
    """
    further = [
        (to, on)
        for to, on in onward.get(code, ())
        if to not in (*behind, code) and (since is None or on is None or on >= since)
    ]
    if code in valid or not further:
        yield code, ()
        return
    for to, on in further:
        for end, passed in _find_ends(to, on or since, onward, valid, (*behind, code)):
            yield end, (f" by way of {code}", *passed)


# What the instruction says of other codes than the successors.
_BESIDE: Final = (
    r"(?i)\b(?:do not|in conjunction with|with modifier|in addition to|other than|except)\b"
)
_POINTER: Final = r"\b(?:see|use|report|reported with|replaced by|now)\b"
_CODE: Final = r"\b([0-9]{4}[0-9AFMTU])\b"
_CODES: Final = rf"{_CODE}(?:\s*(?:-|\u2013|through|to)\s*{_CODE})?"
_SENTENCE: Final = r"(?<=[.;)])\s+"


def read_instruction(text: str, deleted: str, valid: Sequence[str]) -> tuple[str, ...]:
    """The successors that `text` names for the code `deleted`, in its own order.

    "(0099X has been deleted. To report, see 00990, 00991)" names two. A range names those of its
    codes that are among `valid`, which is sorted; a code by itself is named whether valid or not.
    """
    named = (
        code for sentence in re.split(_SENTENCE, text) for code in _find_successors(sentence, valid)
    )
    return tuple(dict.fromkeys(code for code in named if code != deleted))


def _find_successors(sentence: str, valid: Sequence[str]) -> Iterator[str]:
    pointer = re.search(_POINTER, sentence.lower())
    if not pointer:
        return
    clause = re.split(_BESIDE, sentence, maxsplit=1)[0][pointer.start() :]
    for first, last in re.findall(_CODES, clause):
        yield from _list_between(first, last, valid) if last else (first,)


def _list_between(first: str, last: str, valid: Sequence[str]) -> Iterator[str]:
    """The valid codes from `first` to `last` of their category: no 00990 in 0098T-0099T."""
    found = valid[bisect_left(valid, first) : bisect_right(valid, last)]
    return (code for code in found if _find_category(code) == _find_category(first))


def _find_category(code: str) -> str:
    return code[4:].lstrip("0123456789")


_XREF: Final = r"^xref[1-5]$"


def find_publisher_links(case: Case, open_: Collection[Key]) -> list[Candidate]:
    """Return HCPCS's cross-references, CPT Link's instructions, conversion tables."""
    return _find_links(case, open_, "publisher")


def find_user_links(case: Case, open_: Collection[Key]) -> list[Candidate]:
    """Return the user's own crosswalk."""
    return _find_links(case, open_, "user")


def _find_links(case: Case, open_: Collection[Key], basis: str) -> list[Candidate]:
    """Links of one basis that came into force between the two releases, each followed to its end.

    A link that is older or younger than the pair only carries a chain on.
    """
    links = _collect_links(case)
    if not links.height:
        return []
    since = pl.lit(case.changes.previous.effective_date, pl.Date)
    until = pl.lit(case.changes.current.effective_date, pl.Date)
    late = (pl.col("date") <= since).fill_null(value=False)
    early = (pl.col("date") > until).fill_null(value=False)
    direct = links.filter(
        pl.col("basis") == basis, pl.col("replacement") != pl.col("code"), ~late, ~early
    )
    keys = {"kind": KIND, "code": pl.String()}
    open_rows = pl.DataFrame(sorted(open_), keys, orient="row")
    ends = follow_chains(case, open_rows.join(direct, on="code"), links)
    rows = ends.select(*KEY, "replacement", "note", "quoted", "trail", "end").iter_rows()
    return [
        Candidate(kind, code, replacement, note=note, quoted=quoted, trail=trail, end=end)
        for kind, code, replacement, note, quoted, trail, end in rows
    ]


def _collect_links(case: Case) -> pl.DataFrame:
    """All `_LINKS`, of ranges those of codes that are no longer valid."""
    tables = [
        table.links.with_columns(pl.lit(table.name).alias("note"), pl.col("note").alias("quoted"))
        for table in case.stated.crosswalks
    ]
    links = pl.concat([_list_cross_references(case), _list_instructions(case), *tables])
    if not links.height:
        return links
    named = pl.concat([case.changes.deleted.select("code"), links.select(code="replacement")])
    return expand_ranges(links, named.unique().join(case.current, on="code", how="anti"))


def _list_cross_references(case: Case) -> pl.DataFrame:
    """HCPCS's XREF columns of the terminated entry: current's, else previous's."""
    frames = [
        release.select(*KEY, pl.selectors.matches(_XREF))
        for release in (case.changes.current.ended, case.changes.deleted)
        if "xref1" in release.columns
    ]
    if not frames:
        return pl.DataFrame(schema=_LINKS)
    rows = pl.concat(frames, how="diagonal").unique(KEY, keep="first", maintain_order=True)
    named = rows.unpivot(on=pl.selectors.matches(_XREF), index=KEY, value_name="replacement")
    return _make_links(
        named.filter(pl.col("replacement").str.strip_chars(" ") != ""), "CMS cross-reference"
    )


def _list_instructions(case: Case) -> pl.DataFrame:
    """The codes that CPT Link's deletions name in their Instruction."""
    lists = [one.changes for one in case.stated.lists if one.form == "history"]
    if not lists:
        return pl.DataFrame(schema=_LINKS)
    deletions = pl.concat(lists).filter(pl.col("change") == "deleted", pl.col("note") != "")
    valid = case.current["code"].sort().to_list()
    pairs = [
        (code, replacement)
        for code, note in deletions.select("code", "note").unique().sort("code", "note").iter_rows()
        for replacement in read_instruction(note, code, valid)
    ]
    schema = {"code": pl.String, "replacement": pl.String}
    return _make_links(pl.DataFrame(pairs, schema, orient="row"), "CPT Link instruction")


def _make_links(rows: pl.DataFrame, note: str) -> pl.DataFrame:
    """Undated: what a publisher says of a code that this pair deletes holds for this pair."""
    return rows.select(
        "code",
        pl.col("replacement").str.strip_chars(" "),
        pl.lit("publisher").alias("basis"),
        pl.lit(None, pl.Date).alias("date"),
        pl.lit(note).alias("note"),
        pl.lit("").alias("quoted"),
    )
