"""What can go wrong, as one line for a person: the place, what is wrong, what to do."""

from typing import Final, Self

LIMIT: Final = 300
# What is left at the least of a long place, and at the most of a fix that names a file.
_PLACE: Final = 60
_FIX: Final = 150
# How Python holds bytes 0x80 to 0xff of a file's name that is no UTF-8 (PEP 383).
_NO_TEXT: Final = range(0xDC80, 0xDD00)


class CptdiffError(Exception):
    """An error that a user can act on; `exit_code` is the contract's ("Exit codes").

    `quoted` goes on where `wrong` ends with what stands in the input (": the words"), which may be
    wording that the licence keeps.
    """

    exit_code = 70

    def __init__(self, slug: str, place: str, wrong: str, fix: str, quoted: str = "") -> None:
        super().__init__(slug, place, wrong, fix, quoted)
        self.slug, self.place, self.wrong, self.fix = slug, place, wrong, fix
        self.quoted = quoted

    def __str__(self) -> str:
        """One line of at most 300 characters, control characters escaped.

        What to do is not cut for what was found, nor what is wrong for the way to its place.
        """
        start, tail = (
            f"cptdiff: error[{self.slug}]: ",
            f". Fix: {_cut(escape_controls(self.fix), _FIX)}",
        )
        wrong = escape_controls(self.wrong)
        room = LIMIT - len(start) - len(": ") - len(tail)
        place = _end(escape_controls(self.place), max(room - len(wrong), _PLACE))
        found = _cut(wrong, room - len(place))
        quoted = _cut(escape_controls(self.quoted), room - len(place) - len(found))
        return f"{start}{place}: {found}{quoted}{tail}"

    @property
    def said(self) -> str:
        """What is wrong, with what stands in the input."""
        return self.wrong + self.quoted

    def unquoted(self) -> Self:
        """The same error without what stands in the input."""
        return type(self)(self.slug, self.place, self.wrong, self.fix)


class Refused(CptdiffError):  # noqa: N818 - it says what happened, as the contract does
    """Nothing was compared: wrong usage, or an input was refused."""

    exit_code = 2


class EnvironmentFailed(CptdiffError):  # noqa: N818 - as above
    """The machine failed: disk, permission, a folder that stands in the way."""

    exit_code = 4


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else (text[: max(most - 3, 0)] + "...")[: max(most, 0)]


def _end(text: str, most: int) -> str:
    """The end of a path tells more than its beginning."""
    return text if len(text) <= most else "..." + text[3 - most :]


def escape_controls(text: str) -> str:
    r"""`text` with every control or unprintable character written as `\x1b`, `\u202e`, ...

    A byte of a file's name that is no UTF-8 stands as itself: `\xff`.
    """
    return "".join(c if c.isprintable() else _escaped(c) for c in text)


def _escaped(character: str) -> str:
    number = ord(character)
    if number in _NO_TEXT:
        return f"\\x{number - 0xDC00:02x}"
    return ascii(character)[1:-1]
