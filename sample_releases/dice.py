"""Repeatable choices that do not depend on the Python version."""

import random
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


class Dice:
    """A seeded source of choices, built on `random.random` alone.

    Python promises the sequence of `random()` for a seed; the other methods of
    `random` may change from one version to the next.
    """

    def __init__(self, seed: str) -> None:
        self._random = random.Random(seed)

    def below(self, limit: int) -> int:
        """Return a whole number from 0 up to, not including, limit."""
        return int(self._random.random() * limit)

    def pick(self, things: Sequence[T]) -> T:
        """Return one of things."""
        return things[self.below(len(things))]

    def draw(self, things: Sequence[T], count: int) -> list[T]:
        """Return count different members of things, in random order."""
        rest = list(things)
        return [rest.pop(self.below(len(rest))) for _ in range(count)]
