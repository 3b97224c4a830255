"""What a code set is, declared once: its files, its codes, and how both behave from year to year.

Plain data and two small functions: `cptdiff formats` and `--help` read it without any library.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Final, NamedTuple

from cptdiff.codesets.layout import Format
from cptdiff.codesets.sections import Range


class Edition(NamedTuple):
    """A release's name; its effective date where one was found."""

    name: str
    effective_date: date | None


# The code set's label, the year, and the names that tell that year, the nearest first.
NameEdition = Callable[[str, int, Sequence[str]], Edition]


class Part(NamedTuple):
    """Codes that a publisher ships apart from the others: by name, for people, and their codes.

    `absent` is what readers are told where no release has a file for them.
    """

    name: str
    title: str
    codes: str
    absent: str


class Group(NamedTuple):
    """Codes that go together, by what people call them and the expression that finds them."""

    title: str
    codes: str


class Segment(NamedTuple):
    """The characters of a code that mean the same in every code."""

    name: str
    start: int
    width: int


class Update(NamedTuple):
    """An update within a fiscal year whose file is named like the release before it.

    `code` is a code of its file that the release before it does not have.
    """

    year: int
    month: int
    code: str


class AddendaNames(NamedTuple):
    """The name of a release's file, and the names that its addenda have in the same folder."""

    release: str
    names: tuple[str, ...]


class Neighbor(NamedTuple):
    """Another code set that publishers name successors in: its codes, what is noted, its name."""

    codes: str
    note: str
    name: str


def name_by_year(label: str, year: int, _said: Sequence[str]) -> Edition:
    """Name a release by its year, from 1 January on."""
    return Edition(f"{label} {year}", date(year, 1, 1))


_NONE: Final[Mapping[str, str]] = MappingProxyType({})


class Profile(NamedTuple):
    """All that distinguishes a code set.

    Every code set needs the first three fields; a publisher's also needs `grammar`, `sections` and
    `code_in_crosswalks`.

    `publisher` is what its readers call who publishes it, empty where lists come from others.

    Codes. `grammar` has by kind (code, header, modifier) the expression of a whole code. `digits`
    is how many a code has whose leading zeros a spreadsheet drops, 0 where codes lose none.
    `dotted` finds a code with the dot that data files leave out, before and behind it; in lists
    `drops_dots` takes out any. `is_of_one_kind` tells that a code is a code or a header, never
    both. `code_in_crosswalks` is how crosswalks write codes and ranges of them.

    Files. `name_edition` names a release by its year, after `years` (expression, replacement) wrote
    years out; `updates` are told by a code where no name tells them; `notice` finds the year in the
    text before the entries. `parts` are shipped apart, `optional` fields carried only where an
    entry has one, `wordless` ones hold no wording, `payment` ones decide whether and how much a
    payer pays. `titles` say what a field holds whose name does not, without the number that a
    repeated one has. `lists` has by form the names of the publisher's own lists
    (`codesets/lists.py`), `addenda` those of the addenda beside a release. `year_start` is the
    month and day on which a fiscal year begins.

    Where codes belong. `sections`, then `otherwise`; `letter_leads` tells that a last letter
    orders codes before their digits.

    Wholeness. `sister_files` should hold the same codes; `keeps_ended` tells that ended codes keep
    a row; `has_stable_end`, that the last codes of a release hardly change but for those that begin
    with `growth_prefix`. `kinds` are groups of codes of which every release should have some.

    Meaning. `shares_portions`: what stands before a semicolon is common to several codes.
    `outside_totals` are groups that announced totals leave out. `blind_spot` tells what the files
    cannot show.

    Replacements. `tree`: a code's beginnings are its parents (with a segment named extension);
    `axes` are the characters of which one may change; `segments` must be alike. `unlisted` finds
    the words of a code for all else, among codes with the same `unlisted_start` first characters.
    `conversion` has the expressions of temporary codes and of what they become. `neighbor` is
    another code set in which successors are named.

    Claims. `billed_as` is what a claim states with its codes: procedure, diagnosis or inpatient
    procedure; code sets that share it share columns. `billed` is the form of the codes that are
    billed, where others of the set's codes have another one (`billed_form`). `denial` is the reason
    code (CARC) of a remittance for a code that was not valid on the date of service. `months` is
    how soon after a release new codes may come: later none is known to be invalid.
    """

    name: str
    label: str
    formats: tuple[Format, ...]
    is_own: bool = False
    publisher: str = ""

    grammar: Mapping[str, str] = _NONE
    digits: int = 0
    dotted: str = ""
    drops_dots: bool = False
    is_of_one_kind: bool = False
    code_in_crosswalks: str = ""

    name_edition: NameEdition = name_by_year
    updates: tuple[Update, ...] = ()
    years: tuple[tuple[str, str], ...] = ()
    notice: str = ""
    parts: tuple[Part, ...] = ()
    optional: tuple[str, ...] = ()
    wordless: tuple[str, ...] = ()
    titles: Mapping[str, str] = _NONE
    payment: tuple[str, ...] = ()
    lists: Mapping[str, str] = _NONE
    addenda: AddendaNames | None = None
    year_start: tuple[int, int] = (1, 1)

    sections: tuple[Range, ...] = ()
    otherwise: tuple[Range, ...] = ()
    letter_leads: bool = False

    sister_files: bool = False
    keeps_ended: bool = False
    has_stable_end: bool = False
    growth_prefix: str = ""
    kinds: tuple[Group, ...] = ()

    shares_portions: bool = False
    outside_totals: tuple[Group, ...] = ()
    blind_spot: str = ""

    tree: bool = False
    axes: tuple[int, ...] = ()
    segments: tuple[Segment, ...] = ()
    unlisted: str = ""
    unlisted_start: int = 0
    conversion: tuple[str, str] | None = None
    neighbor: Neighbor | None = None
    billed_as: str = ""
    billed: str = ""
    denial: str = ""
    months: int = 12

    def name_field(self, name: str) -> str:
        """Return the name of a field with its title, where it needs one: cov (coverage code)."""
        title = self.titles.get(name.rstrip("0123456789"), "")
        return f"{name} ({title})" if title else name

    def name_release(
        self, year: int, said: Sequence[str], has_code: Callable[[str], bool]
    ) -> Edition:
        """Return the edition of `year`, by the names that tell it, else by what its file holds."""
        for update in self.updates:
            if update.year == year and not find_month(said) and has_code(update.code):
                said = [*said, MONTH_NAMES[update.month]]
        return self.name_edition(self.label, year, said)

    @property
    def billed_form(self) -> str:
        """The expression of a code that is billed."""
        return self.billed or self.grammar["code"]

    @property
    def any_code(self) -> str:
        """The expression of a code of any kind; empty where any text may be one."""
        return "|".join(dict.fromkeys(self.grammar.values()))

    @property
    def short_code(self) -> str:
        """The expression of a code without its leading zeros, which matches nothing without any.

        Not 0100: a spreadsheet would have dropped that zero too.
        """
        return rf"[1-9][0-9]{{0,{self.digits - 2}}}" if self.digits else r"[^\s\S]"


# The months in which publishers issue releases, as their file names write them.
_MONTH: Final = r"(?<![a-z])(jan(?:uary)?|apr(?:il)?|july?|oct(?:ober)?)(?![a-z])"
_MONTHS: Final = {"jan": 1, "apr": 4, "jul": 7, "oct": 10}
MONTH_NAMES: Final = {1: "January", 4: "April", 7: "July", 10: "October"}


def find_month(said: Sequence[str]) -> int:
    """Return the month of issue that the first of `said` names that names any, else 0."""
    for name in said:
        if named := re.search(_MONTH, name.lower()):
            return _MONTHS[named[1][:3]]
    return 0
