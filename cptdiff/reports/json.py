"""summary.json."""

import json

from cptdiff.presentation import Presentation
from cptdiff.results import Results


def render(results: Results, presentation: Presentation) -> bytes:
    """The summary, with the licence notice, as UTF-8 JSON."""
    content = results.summary | {"notice": presentation.notice}
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()
