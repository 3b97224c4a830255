"""summary.json."""

import json

from cptdiff.presentation import Presentation
from cptdiff.results import Results


def render(results: Results, _presentation: Presentation) -> bytes:
    """The summary as UTF-8 JSON."""
    return (json.dumps(results.summary, ensure_ascii=False, indent=2) + "\n").encode()
