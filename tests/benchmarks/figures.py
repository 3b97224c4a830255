"""Where docs/contributing.md keeps what was measured."""

import re
import sys

from tests.benchmarks.cases import ROOT


def keep(mark: str, text: str) -> None:
    """Put `text` between the marks of this name."""
    page = ROOT / "docs" / "contributing.md"
    block = re.compile(rf"(?<=<!-- {mark} -->\n).*?(?=<!-- /{mark} -->)", re.DOTALL)
    new, found = block.subn(lambda _: text, page.read_text(encoding="utf-8"))
    if found != 1:
        sys.exit(f"{page.name} needs one block between <!-- {mark} --> and <!-- /{mark} -->")
    page.write_text(new, encoding="utf-8")
