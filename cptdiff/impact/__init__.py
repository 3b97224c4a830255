"""What a comparison does to the user's own lists: chargemasters, fee schedules, value sets."""

from cptdiff.impact.claim_files import Named
from cptdiff.impact.claim_report import (
    describe_claims,
    list_claim_reasons,
    render_claims,
    render_seed,
    state_verdict,
    summarize_claims,
)
from cptdiff.impact.lists import expand_patterns
from cptdiff.impact.merge import Merged
from cptdiff.impact.replies import has_decisions
from cptdiff.impact.report import (
    SUBJECTS,
    describe_run,
    list_doubts,
    list_reasons,
    refuse_unjudged,
    render,
    summarize,
)
from cptdiff.impact.review import (
    explain_merge,
    list_merge_text,
    merge_files,
    render_merge,
    write_merge_sentence,
)
from cptdiff.impact.run import Impact, find_impact
from cptdiff.impact.sentences import list_text, write_sentence
from cptdiff.impact.service_codes import make_seed
from cptdiff.impact.service_dates import Claims, Count, judge_claims
from cptdiff.impact.service_queries import write_claims_sql
from cptdiff.impact.spark import judge_on_spark
from cptdiff.impact.tables import drop_inner

__all__ = [
    "SUBJECTS",
    "Claims",
    "Count",
    "Impact",
    "Merged",
    "Named",
    "describe_claims",
    "describe_run",
    "drop_inner",
    "expand_patterns",
    "explain_merge",
    "find_impact",
    "has_decisions",
    "judge_claims",
    "judge_on_spark",
    "list_claim_reasons",
    "list_doubts",
    "list_merge_text",
    "list_reasons",
    "list_text",
    "make_seed",
    "merge_files",
    "refuse_unjudged",
    "render",
    "render_claims",
    "render_merge",
    "render_seed",
    "state_verdict",
    "summarize",
    "summarize_claims",
    "write_claims_sql",
    "write_merge_sentence",
    "write_sentence",
]
