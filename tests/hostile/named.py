"""cptdiff whose hidden files have names that a test can know before."""

from typing import Final

from cptdiff.__main__ import main
from cptdiff.output import targets

WHOSE: Final = "run"

if __name__ == "__main__":
    targets._WHOSE = WHOSE  # type: ignore[misc] # noqa: SLF001 - else it is another in each run
    main()
