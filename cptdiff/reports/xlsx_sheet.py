"""A sheet of the workbook: its rows as they come, and how it is printed."""

from typing import Final

from xlsxwriter.worksheet import Worksheet

from cptdiff.errors import printable

_ALL_CELLS: Final = "A1:XFD1048576"
# Excel bears 255 characters in a page's head or foot; the rest is for the codes.
_PAGE_TEXT: Final = 225
_SIDE_MARGIN: Final = 0.4


class Sheet(Worksheet):  # type: ignore[misc]  # xlsxwriter has no types
    """A worksheet whose rows are XML that was made elsewhere (`xlsx_cells.row`).

    It takes the place of one method of xlsxwriter's own, `_write_rows`; `whole` tells whether it
    was called, so that another xlsxwriter cannot leave the sheet empty unnoticed.
    """

    whole = False

    def fill(self, rows: list[str], width: int) -> None:
        """Set the rows, of which the widest has `width` cells."""
        self.rows = rows
        # The sheet's range, which some readers trust.
        self._check_dimensions(0, 0)
        self._check_dimensions(len(rows) - 1, width - 1)

    def _write_rows(self) -> None:
        self.fh.writelines(self.rows)
        self.whole = True


def set_up(sheet: Worksheet, compared: str, notice: str) -> None:
    """For print: across, as wide as a page, with grid lines, names, notice and page numbers."""
    sheet.ignore_errors({"number_stored_as_text": _ALL_CELLS})
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=_SIDE_MARGIN, right=_SIDE_MARGIN)
    sheet.hide_gridlines(0)
    sheet.set_header(f"&L{_page_text(compared)}&R&A")
    sheet.set_footer(f"&L{_page_text(notice)}&RPage &P of &N")


def _page_text(text: str) -> str:
    """`text` on one line, cut to what a page's head bears, its ampersands no codes."""
    # xlsxwriter takes each &G for a picture, even behind another ampersand.
    plain = printable(" ".join(text.split())).replace("&G", "& G").replace("&[", "& [")
    while len(plain.replace("&", "&&").encode("utf-16-le")) > 2 * _PAGE_TEXT:
        plain = f"{plain[:-4].rstrip()}..."
    return plain.replace("&", "&&")
