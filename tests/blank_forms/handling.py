"""What happens to a workbook between its making and its dropping: rows inserted, sheets renamed, names lost."""

import re
from collections.abc import Callable

from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.workbook.defined_name import DefinedName

_PLACE = re.compile(r"'(.+)'!\$([A-Z]+)\$([0-9]+)(.*)")


def insert_rows(book: Workbook, sheet: str, before: int, count: int = 1, *, names_follow: bool = True) -> None:
    """Insert rows; Excel and LibreOffice move the names below along, other programs may not."""
    book[sheet].insert_rows(before, count)
    if names_follow:
        _moved(book, lambda at, row: row + count if at == sheet and row >= before else row)


def insert_column(book: Workbook, sheet: str, before: int) -> None:
    """Insert a column, the names moving along."""
    book[sheet].insert_cols(before)
    for name, defined in list(book.defined_names.items()):
        match = _PLACE.fullmatch(defined.attr_text)
        if match and match[1] == sheet and name.startswith("f_"):
            column = book[sheet][f"{match[2]}1"].column
            letter = get_column_letter(column + 1 if column >= before else column)
            book.defined_names[name] = DefinedName(name, attr_text=f"'{sheet}'!${letter}${match[3]}")


def rename_sheet(book: Workbook, sheet: str, title: str, *, names_follow: bool = True) -> None:
    """Give a sheet another name."""
    book[sheet].title = title
    if names_follow:
        for name, defined in list(book.defined_names.items()):
            text = defined.attr_text.replace(f"'{sheet}'!", f"'{title}'!")
            book.defined_names[name] = DefinedName(name, attr_text=text)


def delete_row(book: Workbook, sheet: str, row: int) -> None:
    """Delete a row as Excel does: its names point nowhere, those below move up."""
    book[sheet].delete_rows(row)
    for name, defined in list(book.defined_names.items()):
        match = _PLACE.fullmatch(defined.attr_text)
        if match and match[1] == sheet and int(match[3]) == row:
            book.defined_names[name] = DefinedName(name, attr_text="#REF!")
    _moved(book, lambda at, below: below - 1 if at == sheet and below > row else below)


def without_names(book: Workbook) -> None:
    """All names lost, as when a sheet is copied into a new workbook; the hidden sheets with them."""
    for name in list(book.defined_names):
        del book.defined_names[name]
    for sheet in list(book.worksheets):
        if sheet.sheet_state != "visible":
            book.remove(sheet)


def _moved(book: Workbook, to: Callable[[str, int], int]) -> None:
    for name, defined in list(book.defined_names.items()):
        match = _PLACE.fullmatch(defined.attr_text)
        if match and not match[4]:
            place = f"'{match[1]}'!${match[2]}${to(match[1], int(match[3]))}"
            book.defined_names[name] = DefinedName(name, attr_text=place)
