"""What a comparison does to the user's own lists: chargemasters, fee schedules, value sets."""

from cptdiff.impact.claim_files import Named
from cptdiff.impact.claim_report import describe_claims, list_claim_reasons, render_claims
from cptdiff.impact.report import SUBJECTS, describe_run, list_reasons, render
from cptdiff.impact.run import Impact, find_impact
from cptdiff.impact.sentences import list_text, write_sentence
from cptdiff.impact.service_dates import Claims, judge_claims

__all__ = [
    "SUBJECTS",
    "Claims",
    "Impact",
    "Named",
    "describe_claims",
    "describe_run",
    "find_impact",
    "judge_claims",
    "list_claim_reasons",
    "list_reasons",
    "list_text",
    "render",
    "render_claims",
    "write_sentence",
]
