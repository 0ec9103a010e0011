"""Both books of the register: searched without accents, page by page, printed, and given as files."""

import datetime as dt
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urlencode

from starlette.responses import Response

from pipeline.app import book_search, wording
from pipeline.app.book_search import BookAsked, Found
from pipeline.errors import UnknownThing
from pipeline.messages import tr
from pipeline.model import Direction
from pipeline.register.books import COLUMNS, TITLES, Line, line_of
from pipeline.register.rows import Row
from pipeline.status.books import Extract, books_of, written
from pipeline.web.visit import Visit

_PER_PAGE: Final = 50
#: Lines of one print view, some ten sheets: the whole book at once is the PDF.
_PER_PRINT: Final = 200
_BOOKS: Final = {"di": Direction.OUTGOING, "den": Direction.INCOMING}
_TYPES: Final = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}


@dataclass(frozen=True)
class Asked:
    """Which part of the register somebody wants to see."""

    book: str
    year: int
    words: str

    @property
    def direction(self) -> Direction:
        """The book as the register knows it."""
        return _BOOKS[self.book]

    def address(self, path: str = "/so", **others: str | int) -> str:
        """The address at which this part is."""
        said = {"quyen": self.book, "nam": self.year, "tim": self.words} | others
        return f"{path}?{urlencode({name: value for name, value in said.items() if value})}"


def register(visit: Visit) -> Response:
    """Show one page of one book."""
    asked, found = _found(visit)
    folders = visit.workspace.folders
    page, last = _turned(visit, found, _PER_PAGE)
    # the newest are looked at most often
    shown = found.newest((page - 1) * _PER_PAGE, _PER_PAGE)
    return visit.page(
        "register.html.j2",
        asked=asked,
        heads=_heads(asked),
        rows=[(row, _line(visit, row), wording.number_status(row)) for row in shown],
        total=found.total,
        page=page,
        last=last,
        years=_years(visit),
        title=TITLES[asked.direction],
        others_folder=folders.incoming if asked.direction is Direction.INCOMING else folders.outgoing,
    )


def printed(visit: Visit) -> Response:
    """Show a book, or what was found in it, as it is printed on A4 lying across; a long one part by part."""
    asked, found = _found(visit)
    page, last = _turned(visit, found, _PER_PRINT)
    before = (page - 1) * _PER_PRINT
    cluster = visit.workspace.year(visit.workspace.practice.year).cluster
    return visit.page(
        "register_print.html.j2",
        asked=asked,
        heads=_heads(asked),
        lines=[_line(visit, row) for row in found.in_order(before, _PER_PRINT)],
        title=TITLES[asked.direction],
        cluster=cluster,
        first=before + 1,
        total=found.total,
        page=page,
        last=last,
    )


def file(visit: Visit) -> Response:
    """Give a book as a file. Raises UnknownThing for a format that is none of these."""
    extension = visit.request.path_params["extension"]
    if extension not in _TYPES:
        raise UnknownThing(tr("There is no such page."))
    asked = _asked(visit)
    first, last = (dt.date(asked.year, 1, 1), dt.date(asked.year, 12, 31)) if asked.year else (None, None)
    books = books_of(visit.workspace, Extract(asked.direction, first=first, last=last))
    if not books:
        raise UnknownThing(tr("There is no number in this book yet."))
    name = f"so-van-ban-{asked.book}{f'-{asked.year}' if asked.year else ''}.{extension}"
    headers = {"content-disposition": f"attachment; filename*=UTF-8''{quote(name)}"}
    return Response(written(visit.workspace, extension, books), media_type=_TYPES[extension], headers=headers)


def _asked(visit: Visit) -> Asked:
    book, said = visit.asked("quyen"), visit.asked("nam")
    is_year = said.isascii() and said.isdigit() and len(said) == len("2022")
    year = int(said) if is_year else 0 if said == "0" else visit.workspace.practice.year
    return Asked(book if book in _BOOKS else "di", year, visit.asked("tim")[:200])


def _found(visit: Visit) -> tuple[Asked, Found]:
    """What is wanted, and the numbers that are."""
    asked = _asked(visit)
    return asked, book_search.found(
        visit.workspace, BookAsked(asked.direction, asked.year, asked.words), visit.office.shelf
    )


def _turned(visit: Visit, found: Found, lines: int) -> tuple[int, int]:
    """The page of so many lines that is asked for, and the last there is."""
    last, said = max(1, -(-found.total // lines)), visit.asked("trang")
    return min(max(int(said[:6]), 1), last) if said.isascii() and said.isdigit() else 1, last


def _line(visit: Visit, row: Row) -> Line:
    return line_of(row, visit.workspace.practice.language)


def _heads(asked: Asked) -> list[str]:
    return [column.head for column in COLUMNS[asked.direction]]


def _years(visit: Visit) -> list[int]:
    return sorted({*visit.workspace.years, visit.workspace.practice.year}, reverse=True)
