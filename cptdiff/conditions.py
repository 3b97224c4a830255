"""What ends a run with exit code 1 when asked (`--fail-on`, `fail_on`): a text, read and tried.

A condition is SUBJECT, SUBJECT<op>NUMBER or severity<op>LEVEL; docs/scheduling.md lists them
("Conditions"). It is read before any input, so that a typing error is known at once.
"""

import operator
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from cptdiff.errors import Refused, find_nearest
from cptdiff.vocabulary import KINDS, SEVERITIES

if TYPE_CHECKING:
    from cptdiff.results import Results

UNEXPLAINED: Final = "unexplained"
NOT_ANNOUNCED: Final = "not-announced"
SEVERITY: Final = "severity"
# How summary.json counts what a condition names, and what people call that.
_CHANGES: Final = MappingProxyType({
    "added": ("added", "added"),
    "deleted": ("deleted", "deleted"),
    "revised": ("revised", "revised"),
    "attributes-only": ("revised_attributes_only", "with only other data changed"),
    "transient": ("transient", "added and discontinued between releases"),
})  # fmt: skip
_ANY: Final = "changes"
# What is new since an earlier run, by its status in since.csv.
SINCE: Final = ("new", "withdrawn", "changed")
SUBJECTS: Final = (*_CHANGES, _ANY, *SEVERITIES, UNEXPLAINED, NOT_ANNOUNCED, *SINCE)
_OPERATORS: Final[Mapping[str, Callable[[int, int], bool]]] = MappingProxyType({
    ">=": operator.ge, "<=": operator.le, ">": operator.gt, "<": operator.lt, "=": operator.eq,
})  # fmt: skip
_FORM: Final = re.compile(r"([^<>=]*?) *(>=|<=|>|<|=) *([^<>=]*)")
_KEY: Final = ("kind", "code", "change")
_DIGITS: Final = 9


class Condition(NamedTuple):
    """A condition as it was typed (`text`), and what it asks.

    It holds where the count of `subject` stands in the relation `sign` to `number`. Of severities
    the subject is `SEVERITY`: changes with one of `levels` are counted.
    """

    text: str
    subject: str
    levels: tuple[str, ...] = ()
    sign: str = ">="
    number: int = 1

    def holds_for(self, count: int) -> bool:
        """Return whether so many are enough."""
        return _OPERATORS[self.sign](count, self.number)


def read_condition(
    text: str, option: str = "--fail-on", subjects: Sequence[str] = SUBJECTS
) -> Condition:
    """Return the condition that `text` states. Raise `Refused` for anything else.

    `option` is where it stands, in the words of the user, and `subjects` what it may count.
    """
    if text in subjects:
        return _make_condition(text, text)
    found = _FORM.fullmatch(text)
    if found is None:
        raise _refuse_subject(option, text, text, subjects)
    subject, sign, value = found.groups()
    if subject == SEVERITY:
        return Condition(text, SEVERITY, _choose_levels(option, text, sign, value))
    if subject not in subjects:
        raise _refuse_subject(option, text, subject, subjects)
    if not (value.isascii() and value.isdecimal() and len(value) <= _DIGITS):
        wrong = f"{text} does not compare with a whole number"
        raise Refused("E001", option, wrong, f'write a number, such as "{subject}>50"')
    return _make_condition(text, subject)._replace(sign=sign, number=int(value))


def list_met(
    results: "Results", conditions: Sequence[Condition], option: str = "--fail-on"
) -> Iterator[str]:
    """Yield each of `conditions` that holds, in words.

    All changes count, whatever a filter shows.
    """
    for condition in dict.fromkeys(conditions):
        count = _count(results, condition)
        if condition.holds_for(count):
            yield f"{_describe(results, condition, count)} ({option} {condition.text})"


def _make_condition(text: str, subject: str) -> Condition:
    """The condition that there is any; a severity stands for itself and all above it."""
    if subject in SEVERITIES:
        return Condition(text, SEVERITY, SEVERITIES[SEVERITIES.index(subject) :])
    return Condition(text, subject)


def _choose_levels(option: str, text: str, sign: str, level: str) -> tuple[str, ...]:
    if level not in SEVERITIES:
        wrong = f"{text}: {level or 'nothing'} is not a severity"
        raise Refused("E001", option, wrong, _propose(level, SEVERITIES))
    at = SEVERITIES.index(level)
    holds = _OPERATORS[sign]
    levels = tuple(name for rank, name in enumerate(SEVERITIES) if holds(rank, at))
    if not levels:
        raise Refused("E001", option, f"{text} can never be met", f'write "severity>={level}"')
    return levels


def _refuse_subject(option: str, text: str, subject: str, subjects: Sequence[str]) -> Refused:
    if subject == SEVERITY:
        fix = 'write it in quotes, such as "severity>=high": a shell takes > for itself'
        return Refused("E001", option, "severity is not compared with a level", fix)
    if "," in text:
        wrong = f"{text} is more than one condition"
        return Refused("E001", option, wrong, f"give each condition its own {option}")
    wrong = f"{subject or 'nothing'} is not a condition"
    return Refused("E001", option, wrong, _propose(subject, (*subjects, "severity>=high")))


def _propose(word: str, known: Sequence[str]) -> str:
    """The known word that is nearest; all of them where none is near."""
    near = find_nearest(word, known)
    return f"did you mean {near}?" if near else f"use one of {', '.join(known)}"


def _count(results: "Results", condition: Condition) -> int:
    """How many there are of what a condition names, among codes, headers and modifiers.

    What somebody has acknowledged does not count.
    """
    if condition.subject in (UNEXPLAINED, NOT_ANNOUNCED, *SINCE):
        return _count_rows(results, condition.subject)
    counts = _count_changes(results)
    match condition.subject:
        case "severity":
            return sum(counts["by_severity"][level] for level in condition.levels)
        case "changes":
            return sum(sum(kind.values()) for kind in counts["counts"].values())
        case subject:
            return sum(counts["counts"][kind][_CHANGES[subject][0]] for kind in KINDS)


def _count_changes(results: "Results") -> Mapping[str, Any]:
    """The counts by kind and by severity of what nobody has acknowledged."""
    if not results.has_acknowledgements:
        return results.summary
    from cptdiff.summary import count_changes  # noqa: PLC0415 - imports polars

    return count_changes(results.known.drop_acknowledged(results.whole, _KEY))


def _count_rows(results: "Results", subject: str) -> int:
    if subject in SINCE:
        since = results.known.drop_acknowledged(results.known.since, _KEY)
        return int((since["status"] == subject).sum())
    agreement = results.judgement.reconciliation
    agreement = replace(agreement, table=results.known.drop_acknowledged(agreement.table, _KEY[:2]))
    if subject == NOT_ANNOUNCED:
        return agreement.not_announced
    gaps = results.announced.unexplained if results.announced else ()
    return agreement.unexplained + len(gaps)


def _describe(results: "Results", condition: Condition, count: int) -> str:
    match condition.subject:
        case "severity":
            return _describe_severity(results, condition, count)
        case "unexplained":
            gaps = " and ".join(_list_gaps(results, count)) or "no difference"
            return f"{gaps}, without an explanation"
        case "not-announced":
            return f"{_name_changes(count)} not on the publisher's list"
        case "changes":
            return _name_changes(count)
        case subject if subject in SINCE:
            return f"{count:,} {subject} since the earlier run"
        case subject:
            return f"{count:,} {_CHANGES[subject][1]}"


def _describe_severity(results: "Results", condition: Condition, count: int) -> str:
    levels = condition.levels
    if (condition.sign, condition.number) == (">=", 1) and levels[-1] == SEVERITIES[-1]:
        by_severity = _count_changes(results)["by_severity"]
        highest = [level for level in levels if by_severity[level]][-1]
        return f"the highest severity is {highest}"
    return f"{_name_changes(count)} of severity {' or '.join(levels)}"


def _name_changes(count: int) -> str:
    return "1 change" if count == 1 else f"{count:,} changes"


def _list_gaps(results: "Results", count: int) -> Iterator[str]:
    """Yield how the list and each announced total differ where nothing explains it, by `count`."""
    totals = results.announced.unexplained if results.announced else ()
    many = count - len(totals)
    if many:
        yield f"{many:,} {'difference' if many == 1 else 'differences'} from the publisher's list"
    if results.announced is None:
        return
    for row in results.announced.totals.iter_rows(named=True):
        if row["change"] in totals:
            yield f"{row['ours']:,} {row['change']} where {row['theirs']:,} were announced"
