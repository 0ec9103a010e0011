"""The board as a workbook: units by kinds on one sheet, the lists on the next, ready to print on A4 landscape."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from pipeline.layout.row_heights import Written, row_height
from pipeline.messages import shown_in
from pipeline.model import Message
from pipeline.ooxml.cell_look import CellLook, CellLooks
from pipeline.ooxml.cell_text import put_text
from pipeline.status.views import words
from pipeline.status.views.facts import Board, Cell, Status

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

HEAD_FILL: Final = "EEF1F5"
LATE_FILL: Final = "FBD9D5"
BOX: Final = "C3CAD4"
FILLS: Final = {
    Status.NOT_OWED: "",
    Status.MISSING: "F3F4F6",
    Status.CHECKING: "FDF0CC",
    Status.RETURNED: LATE_FILL,
    Status.HELD: "ECD9F3",
    Status.VALID: "DCEFD8",
    Status.AWAITED: "D5E5F8",
    Status.PARTLY_SIGNED: "F9E0C2",
    Status.SIGNED: "C6E3E1",
    Status.ARCHIVED: "B9DFB5",
}
#: Widths of the unit's column and of the others; the lists below the matrix use the same columns.
UNIT_WIDTH, WIDTH, LEAST_COLUMNS = 46, 30, 4
MATRIX_ROW: Final = 4
#: What a page lying across holds: so many points of rows, and characters of columns before it is made smaller.
_PAGE_POINTS: Final = 440.0
_PAGE_COLUMNS: Final = 138.0


@dataclass(frozen=True)
class _Text:
    """One cell: its text, its fill ("" for none), and whether it is printed bold."""

    text: str
    fill: str = ""
    is_bold: bool = False
    #: How many columns it goes over.
    columns: int = 1


def workbook(board: Board, language: str) -> bytes:
    """Write the board as a workbook; text stays text, never a formula."""
    from openpyxl import Workbook

    book = Workbook()
    matrix = book.active
    if matrix is None:
        raise TypeError("a new workbook has a sheet")
    matrix.title = str(board.year)
    looks = CellLooks(book)
    columns = max(LEAST_COLUMNS, 1 + len(board.columns))
    _fill(matrix, _matrix(board, language), columns, looks)
    # the unit's name stays in view, and the heads of the kinds, which every page of print has as well
    matrix.freeze_panes = f"B{MATRIX_ROW + 1}"
    matrix.print_title_rows = f"{MATRIX_ROW}:{MATRIX_ROW}"
    # on a sheet of their own: no page of them is headed by the kinds
    lists = book.create_sheet(shown_in(words.labels()["deadlines"], language))
    _keep_whole(lists, _fill(lists, _lists(board, language, columns), columns, looks), columns)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _fill(sheet: "Worksheet", lines: Iterator[Sequence[_Text]], columns: int, looks: CellLooks) -> list[int]:
    """Write the rows; gives those that are headings of a list."""
    headings = []
    for row, line in enumerate(lines, start=1):
        _write(sheet, row, line, columns, looks)
        if len(line) == 1 and line[0].is_bold:
            headings.append(row)
    _set_up_page(sheet, columns)
    return headings


def _keep_whole(sheet: "Worksheet", headings: Sequence[int], columns: int) -> None:
    """Begin a page with a list that would go on on the next, where it stood without its heads."""
    from openpyxl.worksheet.pagebreak import Break

    # a sheet is made smaller until its columns fit the page; then more rows do
    room = _PAGE_POINTS * max(1.0, (UNIT_WIDTH + WIDTH * (columns - 1)) / _PAGE_COLUMNS)
    used = 0.0
    for first, after in pairwise([*headings, sheet.max_row + 1]):
        height = sum(sheet.row_dimensions[row].height or 15.0 for row in range(first, after))
        if used and used + height > room:
            sheet.row_breaks.append(Break(id=first - 1))
            used = 0.0
        used = (used + height) % room


def _matrix(board: Board, language: str) -> Iterator[Sequence[_Text]]:
    """Give the rows of the units; a row of one text is written across the whole sheet."""

    def put(message: Message) -> str:
        return shown_in(message, language)

    yield (_Text(board.cluster),)
    yield (_Text(put(words.heading_text(board)), is_bold=True),)
    yield (_Text(put(words.as_of_text(board))),)
    yield _head(put(words.labels()["unit"]), *(put(words.column_text(column)) for column in board.columns))
    for row in board.rows:
        yield (_Text(f"{row.name} ({row.unit})"), *(_cell(cell, put(words.cell_text(cell))) for cell in row.cells))


def _lists(board: Board, language: str, columns: int) -> Iterator[Sequence[_Text]]:
    """Give the rows of the deadlines, of what waits for whom, and of what the program says of itself."""

    def put(message: Message) -> str:
        return shown_in(message, language)

    label = {name: put(message) for name, message in words.labels().items()}
    yield (_Text(label["deadlines"], is_bold=True),)
    yield _head(label["task"], label["due"], label["when"], label["sent"])
    for deadline in board.deadlines:
        sent = put(words.sent_text(deadline))
        is_late = deadline.days_left < 0 and deadline.sent < deadline.expected
        when = _Text(put(words.days_text(deadline.days_left)))
        due = _Text(words.day_text(deadline.due))
        yield _Text(deadline.task), due, when, _Text(sent, LATE_FILL if is_late else "", is_late)
    yield from _waiting(board, label, language, columns)
    if board.register_check:
        yield from ((), (_Text(label["register"], is_bold=True),))
        yield from ((_Text(put(one)),) for one in board.register_check)
    if board.workers:
        yield from ((), (_Text(label["workers"], is_bold=True),))
        yield from ((_Text(put(one)),) for one in board.workers)


def _waiting(board: Board, label: dict[str, str], language: str, columns: int) -> Iterator[Sequence[_Text]]:
    """Give what is waited for, open warnings, what is stopped, the cluster's documents."""

    def put(message: Message) -> str:
        return shown_in(message, language)

    yield from _awaited(board, label, language)
    if board.warnings:
        yield from ((), (_Text(label["warnings"], is_bold=True),))
        what, *others = _head(label["what"], label["job"], label["unit"], label["rule"])
        yield replace(what, columns=columns - 3), *others
        for warning in board.warnings:
            unit, rule = _Text(warning.unit or warning.title), _Text(warning.rule)
            what = _Text(put(words.warning_text(warning)), columns=columns - 3)
            yield what, _Text(f"#{warning.job_id}"), unit, rule
    if board.stopped:
        yield from ((), (_Text(label["stopped"], is_bold=True),))
        yield _head(label["file"], label["job"], label["unit"], label["why"])
        for stopped in board.stopped:
            why = _Text(put(stopped.reason) or put(stopped.state))
            yield _Text(stopped.name), _Text(f"#{stopped.job_id}"), _Text(stopped.unit), why
    if board.documents:
        yield from ((), (_Text(label["documents"], is_bold=True),))
        yield _head(label["document"], label["job"], label["state"], label["number"])
        for document in board.documents:
            state = _Text(put(document.state), FILLS[document.status])
            title = "\n".join((document.title, *map(put, document.remarks)))
            yield _Text(title), _Text(f"#{document.job_id}"), state, _Text(document.number)


def _awaited(board: Board, label: dict[str, str], language: str) -> Iterator[Sequence[_Text]]:
    """Give what is waited for: of the units, and of the clerk."""
    if board.waiting:
        yield from ((), (_Text(label["waiting"], is_bold=True),))
        for waited in board.waiting:
            yield (_Text(f"{waited.title} (#{waited.job_id}) – {label['waits_for']}: {'; '.join(waited.units)}"),)
    if board.asked:
        yield from ((), (_Text(label["asked"], is_bold=True),))
        yield from ((_Text(shown_in(one, language)),) for one in board.asked)


def _head(*texts: str) -> tuple[_Text, ...]:
    return tuple(_Text(text, HEAD_FILL, is_bold=True) for text in texts)


def _cell(cell: Cell, text: str) -> _Text:
    # what is not due yet is not red: else the board would be red from January on
    is_missing = cell.status is Status.MISSING and cell.late_days
    return _Text(text, LATE_FILL if is_missing else FILLS[cell.status], is_bold=bool(cell.late_days))


def _write(sheet: "Worksheet", row: int, line: Sequence[_Text], columns: int, looks: CellLooks) -> None:
    is_banner = len(line) == 1
    size, box = (14 if is_banner and line[0].is_bold and row <= MATRIX_ROW else 12), ("" if is_banner else BOX)
    widths = [UNIT_WIDTH, *[WIDTH] * (columns - 1)]
    written, first = [], 1
    for one in line:
        after = first + (columns if is_banner else one.columns)
        written.append(Written(one.text, sum(widths[first - 1 : after - 1]), size, one.is_bold))
        look = CellLook(size, one.is_bold, fill=one.fill, box=box, vertical="top", is_wrapped=True)
        for column in range(first, after):
            looks.give(sheet.cell(row, column), look)
        # names of files and reasons are other people's words, and one may begin with “=”
        put_text(sheet.cell(row, first), one.text)
        if after - first > 1:
            sheet.merge_cells(start_row=row, end_row=row, start_column=first, end_column=after - 1)
        first = after
    # a spreadsheet does not make a row higher by itself for text that is wrapped
    sheet.row_dimensions[row].height = row_height(written)


def _set_up_page(sheet: "Worksheet", columns: int) -> None:
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.properties import PageSetupProperties

    for column in range(1, columns + 1):
        sheet.column_dimensions[get_column_letter(column)].width = UNIT_WIDTH if column == 1 else WIDTH
    if sheet.oddFooter is not None:
        sheet.oddFooter.right.text = "&P/&N"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0  # 0: as many pages below each other as needed
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
