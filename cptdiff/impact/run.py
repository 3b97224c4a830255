"""A whole impact run: facts of the releases, the user's lists, the judgement, the tables."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from cptdiff.impact.causes import list_causes
from cptdiff.impact.facts import Run, read_facts
from cptdiff.impact.grids import Look
from cptdiff.impact.groups import read_grouping, unify_groups
from cptdiff.impact.headers import Wanted
from cptdiff.impact.judge import judge_lists
from cptdiff.impact.lists import Input, read_lists
from cptdiff.impact.merge import Merged, review_lines
from cptdiff.impact.replies import read_replies
from cptdiff.impact.suggestions import suggest_codes
from cptdiff.impact.tables import (
    Asked,
    count_judged,
    count_unpriced,
    list_aside,
    list_codes_on,
    list_lists,
    list_others,
    list_touched,
    list_unjudged,
)
from cptdiff.impact.worksheet import list_own, make_worksheet, mark_touched
from cptdiff.options import ListOptions
from cptdiff.process.progress import enter_stage
from cptdiff.results import Results

_DEFAULTS = ListOptions()


@dataclass(frozen=True, eq=False, repr=False)
class Impact:
    """What releases do to lists: the tables, as tables.py explains them.

    `judged` is how many lines have a code that could be judged, `unjudged` names each list without
    such a line and how many it has, `others` names the code sets that were not given, that of
    most cells first; `unpriced` is how many touched lines have no readable price or volume.

    `suggestions` is None where none were asked for, and `more` how many are left out. `lines` is
    how many the lists have, `passed` what was not judged, and why. `review` is what reviewers
    decided on the touched lines; None where no worksheet was given. `spellings` are owners that
    were written in several ways.
    """

    runs: tuple[Run, ...]
    inputs: tuple[Input, ...]
    touched: pl.DataFrame
    causes: pl.DataFrame
    listing: pl.DataFrame
    aside: pl.DataFrame
    suggestions: pl.DataFrame | None
    more: int
    lines: int
    passed: tuple[tuple[str, str], ...]
    review: Merged | None = None
    judged: int = 0
    unjudged: tuple[tuple[str, int], ...] = ()
    others: tuple[str, ...] = ()
    unpriced: int = 0
    spellings: tuple[str, ...] = ()

    @cached_property
    def worksheet(self) -> pl.DataFrame:
        """The touched lines with room for decisions, or with those that were made."""
        if self.review:
            return self.review.lines
        return make_worksheet(self.touched, list_own(self.touched))


def find_impact(
    runs: Sequence[str | Results], lists: Sequence[str], options: ListOptions = _DEFAULTS
) -> Impact:
    """Return what `runs` (run folders, PREVIOUS:CURRENT pairs, results) do to `lists`.

    Raise `CptdiffError` for what cannot be read, and where no list has a column of codes.
    """
    enter_stage("reading")
    grouping = read_grouping(options.group_by) if options.group_by else None
    asked = Asked(
        options.keep, grouping, options.volume_column, options.price_column, options.id_column
    )  # fmt: skip
    facts = read_facts(runs)
    replies = read_replies(options.decisions)
    wanted = Wanted(options.code_columns, options.modifier_columns)
    named = (*asked.list_columns(), options.code_set_column)
    look = Look(wanted, options.sheets, facts.known, facts.day, named)
    found = read_lists(lists, look, options.code_set_column)
    enter_stage("comparing")
    judgement = judge_lists(found.found, facts)
    touched, spellings = unify_groups(list_touched(found.found, judgement, asked))
    listing = list_lists(found.found, judgement)
    suggestions, more = None, 0
    if options.suggest:
        suggestions, more = suggest_codes(facts, list_codes_on(found.found, judgement))
    review = None
    if options.decisions:
        lines = make_worksheet(touched, list_own(touched))
        review = review_lines(lines, replies, facts)
        touched = mark_touched(touched, review.lines)
    return Impact(
        facts.runs, found.inputs, touched, list_causes(touched), listing,
        list_aside(found.found, judgement), suggestions, more, int(listing["lines"].sum()),
        found.passed, review, count_judged(judgement), list_unjudged(listing, judgement),
        list_others(judgement, facts.runs), count_unpriced(touched) if asked.price else 0,
        spellings,
    )  # fmt: skip
