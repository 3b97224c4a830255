"""The reports. Each is one file with `render(results, presentation)`; `REPORTS` is the list.

The modules are imported when they are used: only the page needs jinja2.
"""

from importlib import import_module
from operator import attrgetter
from typing import TYPE_CHECKING, Final, NamedTuple, cast

if TYPE_CHECKING:
    from cptdiff.options import Presentation
    from cptdiff.results import Results


class Report(NamedTuple):
    """One report: its file in a run folder, and the module and function that render it.

    `where` names the attribute of `Results` that tells whether a run folder holds it.
    """

    file: str
    module: str
    function: str = "render"
    where: str = ""

    def belongs(self, results: "Results") -> bool:
        """Whether a run folder with these results holds it."""
        return not self.where or bool(attrgetter(self.where)(results))

    def render(self, results: "Results", presentation: "Presentation") -> bytes:
        """The file's bytes, the same from the same results."""
        function = getattr(import_module(f"cptdiff.reports.{self.module}"), self.function)
        return cast("bytes", function(results, presentation))


REPORTS: Final = (
    Report("report.html", "html"),
    Report("changes.csv", "csv", "render_changes"),
    Report("fields.csv", "csv", "render_fields"),
    # Of a user's own table, which has no grammar, the equal rows may not be held.
    Report("codes.csv", "csv", "render_codes", where="changes.current.profile.grammar"),
    Report("changes.xlsx", "xlsx"),
    Report("changes.json", "json", "render_changes"),
    Report("crosswalk.csv", "csv", "render_crosswalk", where="has_crosswalk"),
    Report("reconciliation.csv", "csv", "render_reconciliation", where="was_reconciled"),
    Report("since.csv", "csv", "render_since", where="has_former"),
    Report("acknowledged.csv", "csv", "render_acknowledged", where="has_acknowledgements"),
    Report("accepted.csv", "csv", "render_accepted", where="has_acceptances"),
    Report("summary.json", "json"),
    Report("summary.md", "markdown"),
    Report("quarantine.csv", "csv", "render_quarantine", where="set_aside"),
)

# What no run folder holds: written where it is asked for.
ON_REQUEST: Final = (
    Report("changes.parquet", "parquet", "render_changes"),
    Report("fields.parquet", "parquet", "render_fields"),
)


def render_all(results: "Results", presentation: "Presentation") -> dict[str, bytes]:
    """Return the reports of a run folder by their names."""
    belonging = [report for report in REPORTS if report.belongs(results)]
    return {report.file: report.render(results, presentation) for report in belonging}
