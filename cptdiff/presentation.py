"""How the reports are presented: what a user chooses that changes no result."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Presentation:
    """The choice.

    `notice` is the licence notice that stands at the foot of every report for people (empty:
    none), `notice_file` the name of the file that holds it; `templates` a folder that is searched
    before the shipped templates; `bom` puts the UTF-8 byte order mark, by which Excel knows UTF-8,
    before each CSV.
    """

    notice: str = ""
    notice_file: str = ""
    templates: Path | None = None
    bom: bool = False


PLAIN = Presentation()
