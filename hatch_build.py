"""Compiles the page's templates into the wheel, so that no run has to."""

import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class TemplatesHook(BuildHookInterface[Any]):
    """Puts the Python modules of templates/ beside them; an editable install compiles in memory."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile with the environment that the product itself renders with."""
        if self.target_name != "wheel" or version == "editable":
            return
        sys.path.insert(0, self.root)
        from cptdiff.reports.templates import compile_shipped  # noqa: PLC0415 - not on the path yet

        self.compiled = tempfile.TemporaryDirectory()
        compile_shipped(Path(self.compiled.name))
        build_data["force_include"][self.compiled.name] = "cptdiff/templates/compiled"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove what went into the wheel."""
        del version, build_data, artifact_path
        if hasattr(self, "compiled"):
            self.compiled.cleanup()
