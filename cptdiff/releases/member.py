"""A file inside what the user named."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath


@dataclass(frozen=True)
class Member:
    """A file inside what the user named; `read` gives its bytes."""

    path: str
    size: int
    read: Callable[[], bytes]

    @property
    def base_name(self) -> str:
        """The last part of its path."""
        return PurePosixPath(self.path).name

    @property
    def folders(self) -> tuple[str, ...]:
        """The folders above it, outermost first."""
        return PurePosixPath(self.path).parts[:-1]
