"""What can go wrong, as one line for a person: the place, what is wrong, what to do."""

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final, NamedTuple, Self

LIMIT: Final = 300
# What is left at the least of a long place, and at the most of a fix that names a file.
_PLACE: Final = 60
_FIX: Final = 150
# How Python holds bytes 0x80 to 0xff of a file's name that is no UTF-8 (PEP 383).
_NO_TEXT: Final = range(0xDC80, 0xDD00)


class CptdiffError(Exception):
    """An error that a user can act on; docs/outputs.md lists each `exit_code` ("Exit codes").

    `quoted` continues `wrong` with words of the input (": the words"). Where descriptors are
    withheld, it is left out.
    """

    exit_code = 70

    def __init__(self, slug: str, place: str, wrong: str, fix: str, quoted: str = "") -> None:
        super().__init__(slug, place, wrong, fix, quoted)
        self.slug, self.place, self.wrong, self.fix = slug, place, wrong, fix
        self.quoted = quoted

    def __str__(self) -> str:
        """One line of at most 300 characters, control characters escaped.

        A long place is cut before what is wrong, and what is wrong before the fix.
        """
        start, tail = (
            f"cptdiff: error[{self.slug}]: ",
            f". Fix: {_cut(escape_controls(self.fix), _FIX)}",
        )
        wrong = escape_controls(self.wrong)
        room = LIMIT - len(start) - len(": ") - len(tail)
        place = _cut_start(escape_controls(self.place), max(room - len(wrong), _PLACE))
        found = _cut(wrong, room - len(place))
        quoted = _cut_list(escape_controls(self.quoted), room - len(place) - len(found))
        return f"{start}{place}: {found}{quoted}{tail}"

    def drop_quotation(self) -> Self:
        """The same error without what stands in the input."""
        return type(self)(self.slug, self.place, self.wrong, self.fix)


class Refused(CptdiffError):  # noqa: N818 - it says what happened
    """Nothing was compared: wrong usage, or an input was refused."""

    exit_code = 2


class EnvironmentFailed(CptdiffError):  # noqa: N818 - as above
    """The machine failed: disk, permission, a folder that stands in the way."""

    exit_code = 4


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else (text[: max(most - 3, 0)] + "...")[: max(most, 0)]


def _cut_list(text: str, most: int) -> str:
    """What fits of a list such as "; columns: A, B, C": no name is cut in two."""
    names, comma, _ = text[: max(most - len(", ..."), 0)].rpartition(", ")
    return text if len(text) <= most else f"{names}, ..." if comma else _cut(text, most)


def _cut_start(text: str, most: int) -> str:
    """The end of a path tells more than its beginning."""
    return text if len(text) <= most else "..." + text[3 - most :]


def escape_controls(text: str) -> str:
    r"""`text` with every control or unprintable character written as `\x1b`, `\u202e`, ...

    A byte of a file's name that is no UTF-8 stands as itself: `\xff`.
    """
    return "".join(c if c.isprintable() else _escape(c) for c in text)


def _escape(character: str) -> str:
    number = ord(character)
    if number in _NO_TEXT:
        return f"\\x{number - 0xDC00:02x}"
    return ascii(character)[1:-1]


def find_nearest(word: str, known: Iterable[str]) -> str:
    """Return the known word that `word` may mean; empty where none is near."""
    from difflib import get_close_matches  # noqa: PLC0415 - for wrong words only

    plain = {re.sub(r"[^a-z0-9]", "", name.lower()): name for name in known}
    near = get_close_matches(re.sub(r"[^a-z0-9]", "", word.lower()), plain, n=1)
    return plain[near[0]] if near else ""


class Slug(NamedTuple):
    """What a slug stands for in general: what is wrong, and what to do about it."""

    text: str
    fix: str


# Every slug of an error or of a row that was set aside; docs/messages.md is made from it.
SLUGS: Final[Mapping[str, Slug]] = MappingProxyType({
    "E001": Slug("The command or one of its options is used incorrectly.",
                 "Run the command with `--help`."),
    "E101": Slug("There is no such file or folder.",
                 "Check the path. The message suggests a similar name if there is one."),
    "E102": Slug("The path is a folder where a file is needed, or a folder without files.",
                 "Give the file itself, or the folder of the release."),
    "E103": Slug("You do not have permission to read the file.", "Ask its owner for access."),
    "E104": Slug("The path cannot be followed, or the disk cannot be read.",
                 "Check the path and the disk."),
    "E105": Slug("The input is a pipe, a device or a closed standard input.",
                 "Save the data to a file first, or give `-` to read standard input."),
    "E106": Slug("The file changed while cptdiff read it.",
                 "Wait until the file is complete, then run again."),
    "E110": Slug("The file is empty or blank.", "Download or export the file again."),
    "E111": Slug("The file has a header but no rows.", "Download or export the file again."),
    "E120": Slug("A quoted cell never ends, or ends only after more rows of the table.",
                 'Double each `"` inside a quoted cell, delete a `"` that starts no quoted cell,'
                 " or export the file again."),
    "E121": Slug("The file is cut off in its last line.", "Download or export the file again."),
    "E122": Slug("The file is cut off in the middle of a character.",
                 "Download or export the file again."),
    "E123": Slug("The file ends in NUL bytes, so the copy is incomplete.",
                 "Copy the file again."),
    "E124": Slug("More than 10 percent of the codes have no descriptor, so a file is cut off.",
                 "Get the release again, or give only its complete file."),
    "E130": Slug("The content does not match the file's name, or the workbook is not .xlsx.",
                 "Give the publisher's own file, or save the workbook as .xlsx."),
    "E140": Slug("A byte is not valid in the encoding of the file.",
                 "Name the encoding with `--encoding`, or save the file as UTF-8."),
    "E141": Slug("The file is UTF-16 or UTF-32 without a byte order mark.",
                 "Name the encoding that the message suggests, such as `--encoding utf-16-le`."),
    "E143": Slug("A byte order mark is inside the file: two files may be joined. The row is"
                 " excluded.",
                 "Give only one of the joined files."),
    "E150": Slug("A line does not look like an entry and is excluded.",
                 "Compare it with the lines around it."),
    "E151": Slug("A row has fewer cells than the header and is excluded.",
                 "Add the missing cells."),
    "E152": Slug("A row has more cells than the header and is excluded.",
                 "Put quotes around the cell that contains the separator."),
    "E153": Slug("Text follows a closing quote, or quotes are broken in another way.",
                 'Double each `"` inside a quoted cell, or export the file again.'),
    "E154": Slug("A cell is larger than 1 MiB. The row is excluded.",
                 "Download or export the file again."),
    "E155": Slug("A row contains a NUL byte and is excluded.",
                 "Download or export the file again."),
    "E156": Slug("Continuation records are missing or out of order. The entry is excluded.",
                 "Download the file again."),
    "E157": Slug("A continuation record follows no entry and is excluded.",
                 "Compare it with the lines around it."),
    "E160": Slug("The file has no header with the columns of its format.",
                 "Check that the file is the publisher's own."),
    "E161": Slug("The first line looks like data, not like a header.",
                 "Add a first line with the names of the columns."),
    "E162": Slug("Two columns that are needed have the same name.",
                 "Give each column its own name."),
    "E163": Slug("A required column is missing, or the file is not in a format cptdiff reads.",
                 "Name the key column with `--key`, or see `cptdiff formats`."),
    "E164": Slug("The code column does not contain a single code of this code set.",
                 "Check the order of the columns, and that this is the right file."),
    "E165": Slug("A header or a total is among the rows, which excludes that row; or a license"
                 " notice contains a control character.",
                 "Delete the row or the character."),
    "E166": Slug("The table has more than 5,000 columns.",
                 "Check that it is the right file, then raise the limit with `--limit columns`."),
    "E170": Slug("The file is over 512 MB, 5,000,000 rows or 1 GB of unpacked Parquet; or a"
                 " license notice is over 10,000 characters.",
                 "Check that it is the right file, then raise the limit with `--limit` as the"
                 " message says."),
    "E171": Slug("A workbook, Parquet file or zip took too much memory or time to read.",
                 "Save the table as CSV, or raise the limit with `--limit` as the message says."),
    "E180": Slug("The zip has too many, too large or overlapping members, or a packed file is too"
                 " large.",
                 "Get the publisher's own zip, or unpack it and give the folder."),
    "E181": Slug("The name of a member points outside the zip.",
                 "Get the publisher's own zip."),
    "E182": Slug("The zip or workbook is protected by a password.",
                 "Unpack the zip, or save the workbook without a password."),
    "E183": Slug("The folder or zip contains two code sets.", "Choose one with `--code-set`."),
    "E184": Slug("The release contains the same list twice, or in two editions.",
                 "Name the one to compare with `--member`."),
    "E185": Slug("The folder or zip contains no file that cptdiff reads.",
                 "See `cptdiff formats`. Give the zip of the release, not what contains it;"
                 " give a list of changes with `--published`."),
    "E186": Slug("Two members of the zip have the same name.", "Get the publisher's own zip."),
    "E187": Slug("The zip or packed file is damaged.", "Download it again."),
    "E188": Slug("The zip uses a compression method that cptdiff cannot read.",
                 "Unpack it and give the folder."),
    "E189": Slug("The folder or zip has no member, or the workbook no sheet, of the name that you"
                 " gave.",
                 "Use one of the names that the message lists."),
    "E199": Slug("The lines or rows of a file do not add up to what became of them.",
                 "This is a bug: send the first lines of the file to the authors of cptdiff."),
    "E201": Slug("The row has no valid code of this code set and is excluded.",
                 "Correct the code."),
    "E202": Slug("Two rows have the same code and different content. Both are excluded.",
                 "Keep one of them."),
    "E203": Slug("The code lost its leading zeros. The row is excluded.",
                 "Export the column as Text, or use `--repair leading-zeros`."),
    "E204": Slug("The code is in scientific notation. The row is excluded.",
                 "Export the column as Text. The code in this file cannot be recovered."),
    "E205": Slug("The code is a decimal number. The row is excluded.",
                 "Export the column as Text."),
    "E206": Slug("The code has thousands separators. The row is excluded.",
                 "Export the column as Text."),
    "E207": Slug("The code was turned into a date. The row is excluded.",
                 "Export the column as Text. The code in this file cannot be recovered."),
    "E208": Slug("The code is a formula. The row is excluded.",
                 "Export the value of the formula as Text."),
    "E209": Slug("Two rows have the same code after leading zeros are restored.",
                 "Correct one of them, or leave out `--repair`."),
    "E210": Slug("A workbook cell is an error, or a code is the result of a formula. The row is"
                 " excluded.",
                 "Type the value itself into the cell."),
    "E211": Slug("No visible sheet has the header, or two sheets have it.",
                 "Name the sheet with `--sheet`, or leave one visible sheet with the table."),
    "E212": Slug("The row has no code and is excluded.", "Enter the code, or delete the row."),
    "E213": Slug("The workbook is too large, or has a cell far from its table.",
                 "Delete cells outside the table, or save the sheet as CSV."),
    "E214": Slug("The XML declares a document type.", "Get the publisher's own file."),
    "E215": Slug("The workbook, Parquet or XML file is damaged.",
                 "Save it again or download it again."),
    "E216": Slug("The row has a date that is not a valid date and is excluded.",
                 "Correct the date."),
    "E219": Slug("`--repair` is used for a code set whose codes have no leading zeros to lose, or"
                 " for tables that do not say how many were lost.",
                 "Leave out `--repair`, or export the column as Text."),
    "E301": Slug("PREVIOUS is later than CURRENT, or looks later.",
                 "Give the earlier release first, or override: `--allow swapped`."),
    "E302": Slug("Entries have end dates, but the release has no effective date.",
                 "Give `--previous-date` or `--current-date` (`inspect`: `--date`)."),
    "E303": Slug("The two releases are of different code sets.",
                 "Give two releases of one code set."),
    "E304": Slug("The releases have few codes in common, or the same keys are written in two"
                 " ways (99200 and 99200.0).",
                 "Give two releases of one code set, write the keys the same way, or override:"
                 " `--allow code-set`."),
    "E305": Slug("PREVIOUS and CURRENT are the same file or folder.", "Give two releases."),
    "E306": Slug("An output would replace an input.", "Choose another name for the output."),
    "E307": Slug("The two releases have no kind of entry and no field in common.",
                 "Give files with the same content."),
    "E310": Slug("A release has no entries to compare.",
                 "Get the file again, or override: `--allow empty`."),
    "E311": Slug("One release has no codes of a kind that the other has.",
                 "Give the complete release, or override: `--allow missing-kind`."),
    "E312": Slug("Too many entries are deleted.",
                 "Check both releases, or override: `--allow deleted-share`."),
    "E313": Slug("One release has short descriptors where the other has long ones.",
                 "Give the same file of both releases, or override:"
                 " `--allow descriptor-length`."),
    "E314": Slug("One release is in capital letters and the other is not.",
                 "Give the same file of both releases, or override: `--allow case`."),
    "E315": Slug("Too many entries are revised.",
                 "Check both releases, or override: `--allow revised-share`."),
    "E316": Slug("A release is not complete: lines are missing, a file is cut off, or two files"
                 " are joined.",
                 "Get the file again, or override: `--allow not-whole`."),
    "E320": Slug("One of your own templates fails.", "Correct it; see `templates/README.md`."),
    "E321": Slug("The folder of `--template` contains no template.",
                 "Give a folder with at least one template."),
    "E330": Slug("The publisher's list of changes cannot be used.",
                 "Check that it is the publisher's own file."),
    "E331": Slug("The totals of `--expect` cannot be read.",
                 "Write them as `added=288,deleted=84,revised=46`."),
    "E332": Slug("A line of your own crosswalk, section, severity or acknowledgement file cannot be"
                 " used.",
                 "Write the line as the message shows."),
    "E333": Slug("A line of accepted rows cannot be used.",
                 "Use lines of `quarantine.csv`, with a date and who accepts them."),
    "E340": Slug("The folder is not a run folder.",
                 "Give a folder that `cptdiff diff -o FOLDER` wrote."),
    "E341": Slug("The comparison of a run folder cannot be made again: its manifest cannot be"
                 " used, or a file that it used is not here.",
                 "Put the file into the current folder or beside the releases, or use the version"
                 " of cptdiff that the manifest names."),
    "E342": Slug("The changes of an earlier run cannot be compared with: it lists only a part of"
                 " them, is of another code set or version, or was changed.",
                 "Give another run folder, or make that run again."),
    "E360": Slug("There is no file of jobs.",
                 "Let `cptdiff init FOLDER` write one, or name it with `--config`."),
    "E361": Slug("The file of jobs, or an environment variable, says something that cptdiff cannot"
                 " use.",
                 "Correct it as the message says; `cptdiff run --help` explains each option."),
    "E362": Slug("The releases that a job should compare cannot be found or put in order.",
                 "Name the two releases with `previous` and `current`, or narrow `releases` to one"
                 " file for each date."),
    "E363": Slug("A first file of jobs cannot be written: it exists, or there is no release.",
                 "Give the folder of your releases, or move the file away."),
    "E370": Slug("No list has a column of codes, or none has the column that you named, or all"
                 " codes are of code sets that you did not give.",
                 "Name the column with `--code-column`, give a list that has codes, or give a"
                 " comparison of each code set."),
    "E371": Slug("Two runs or timelines are of the same code set, or a run compares plain tables.",
                 "Give one for each code set."),
    "E372": Slug("A cell of a code column is not understood as a code, and is not judged.",
                 "Correct the cell, or leave it empty."),
    "E373": Slug("The file of groups does not have two columns, or has a value twice.",
                 "Write two columns: the list's column and the group."),
    "E374": Slug("An entry of a list is a rule, or has no codes where they should be, and is not"
                 " judged.",
                 "Correct the entry, or give the expansion of the value set."),
    "E380": Slug("A release of a history has no effective date, or the date of another release.",
                 "State the date with `--date FILE=YYYY-MM-DD`, or leave the release out."),
    "E381": Slug("The code is in none of the releases.", "Check it, or give more releases."),
    "E382": Slug("The folder is not a library of releases, another version of cptdiff wrote it, or"
                 " a file in it is damaged.",
                 "Do what the message says, or name another folder with `--library`."),
    "E383": Slug("The name of a release in a library fits none of its releases, or several.",
                 "Use a name that `cptdiff library list` shows."),
    "E385": Slug("The engine that is to judge claims is not installed, or does not work.",
                 "Install what the message names, or judge with `--engine polars`."),
    "E390": Slug("The file is not a worksheet: columns that cptdiff wrote are missing.",
                 "Give a worksheet that `cptdiff impact` wrote, with all of its columns."),
    "E391": Slug("A decision in a worksheet cannot be used: it is none of the list, lacks its new"
                 " code, has one that is not valid, or a date that may be two days. The line stays"
                 " open.",
                 "Correct the row, or ask its reviewer."),
    "E392": Slug("A row of a worksheet is not as cptdiff wrote it, and its decision is not used.",
                 "Restore the cells, or give the original worksheet too."),
    "E401": Slug("An output cannot be written, or too few files may be open at once.",
                 "Check the disk space and your permissions, or raise `ulimit -n`."),
    "E402": Slug("The folder for an output does not exist.", "Create the folder first."),
    "E403": Slug("You are not allowed to write this output.", "Choose another file or folder."),
    "E404": Slug("The run folder already exists. Nothing was changed.",
                 "Choose the name of a new folder."),
    "E405": Slug("Another run is writing to the same place.",
                 "Wait until it ends, or choose another place."),
    "E406": Slug("Memory ran out, no thread or process could be started, or something killed the"
                 " run.",
                 "Free some memory, or compare smaller files."),
    "E700": Slug("There is a bug in cptdiff.", "Run again with `--debug`, and report it."),
    "E701": Slug("The templates that come with cptdiff are missing or damaged.",
                 "Install cptdiff again."),
})  # fmt: skip
