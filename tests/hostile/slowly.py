"""cptdiff with a slow disk: each step of the writing takes long enough to be interrupted."""

import os
import time
from collections.abc import Callable
from typing import Any, Final

from cptdiff.__main__ import main

_SECONDS: Final = 0.005
_STEPS: Final = ("write", "fsync", "rename", "replace", "link", "mkdir")


def slowed(step: Callable[..., Any]) -> Callable[..., Any]:
    """Take a pause before and after the step."""

    def slow(*arguments: Any, **named: Any) -> Any:  # noqa: ANN401 - whatever the step takes
        time.sleep(_SECONDS)
        done = step(*arguments, **named)
        time.sleep(_SECONDS)
        return done

    return slow


if __name__ == "__main__":
    for name in _STEPS:
        setattr(os, name, slowed(getattr(os, name)))
    main()
