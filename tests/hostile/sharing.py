"""cptdiff on a network share: the first argument says what its disk cannot do."""

import errno
import fcntl
import os
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from cptdiff.__main__ import main
from cptdiff.output import staging

NO_LOCKS: Final = ("ENOLCK", "EOPNOTSUPP", "ENOSYS")
SLOWLY: Final = 0.2


def refuse(name: str) -> None:
    """Let every lock fail in this way, or succeed and lock nothing."""

    def flock(_descriptor: int, _how: int) -> None:
        if name in NO_LOCKS:
            number = getattr(errno, name)
            raise OSError(number, os.strerror(number))

    setattr(fcntl, "flock", flock)  # noqa: B010 - mypy knows the real one


def write_slowly(outputs: Mapping[Path, staging.Content]) -> None:
    """Leave time for another run to meet this one."""
    time.sleep(SLOWLY)
    WRITE(outputs)


WRITE: Final = staging.write_targets

if __name__ == "__main__":
    refuse(sys.argv.pop(1))
    staging.write_targets = write_slowly
    main()
