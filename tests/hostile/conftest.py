"""What the hostile tests share."""

import signal
from collections.abc import Iterator
from types import FrameType

import pytest

_SECONDS = 60


@pytest.fixture(autouse=True)
def no_hang() -> Iterator[None]:
    """Fail a test that takes longer than a user would wait (reliability.md, G1)."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        pytest.fail(f"hung for {_SECONDS} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(_SECONDS)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)
