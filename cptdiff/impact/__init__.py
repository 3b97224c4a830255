"""What a comparison does to the user's own lists: chargemasters, fee schedules, value sets."""

from cptdiff.impact.report import SUBJECTS, describe_run, list_reasons, render
from cptdiff.impact.run import Impact, find_impact
from cptdiff.impact.sentences import list_text, write_sentence

__all__ = [
    "SUBJECTS",
    "Impact",
    "describe_run",
    "find_impact",
    "list_reasons",
    "list_text",
    "render",
    "write_sentence",
]
