"""What can go wrong, as one line for a person: the place, what is wrong, what to do."""

from typing import Final, Self

LIMIT: Final = 300


class CptdiffError(Exception):
    """An error that a user can act on; `exit_code` is the contract's ("Exit codes").

    `quoted` is what stands in the input, which may be wording that the licence keeps.
    """

    exit_code = 70

    def __init__(self, slug: str, place: str, wrong: str, fix: str, quoted: str = "") -> None:
        super().__init__(slug, place, wrong, fix, quoted)
        self.slug, self.place, self.wrong, self.fix = slug, place, wrong, fix
        self.quoted = quoted

    def __str__(self) -> str:
        """One line of at most 300 characters, control characters escaped."""
        wrong = f"{self.wrong}: {self.quoted}" if self.quoted else self.wrong
        line = f"cptdiff: error[{self.slug}]: {self.place}: {wrong}. Fix: {self.fix}"
        return printable(line)[:LIMIT]

    def unquoted(self) -> Self:
        """The same error without what stands in the input."""
        return type(self)(self.slug, self.place, self.wrong, self.fix)


class Refused(CptdiffError):  # noqa: N818 - it says what happened, as the contract does
    """Nothing was compared: wrong usage, or an input was refused."""

    exit_code = 2


class EnvironmentFailed(CptdiffError):  # noqa: N818 - as above
    """The machine failed: disk, permission, a folder that stands in the way."""

    exit_code = 4


def printable(text: str) -> str:
    r"""`text` with every control or unprintable character written as `\x1b`, `\u202e`, ..."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)
