"""Excel workbooks as units fill them in."""

import io
from collections.abc import Iterator

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.model import GROUP, LIST, TABLE, Field, FormTree
from pipeline.years import Year
from scripts.example_values import Style, Typed, Values, label, there, typed

_THIN = Side(style="thin")
_FRAME = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)


class Sheets:
    """One workbook of a form, a sheet for each `x-sheet` (or all on one sheet)."""

    def __init__(self, tree: FormTree, year: Year, style: Style) -> None:
        self.tree, self.year, self.style = tree, year, style
        self.book = Workbook()
        self.book.remove(self.book.worksheets[0])

    def drawn(self, title: str, values: Values, one_sheet: str = "") -> bytes:
        """The workbook with the title on its first sheet."""
        for field in self.tree.root.children:
            if field.name in values:
                self._field(self._sheet(one_sheet or field.sheet or "ThongTin", title), field, values[field.name])
        stream = io.BytesIO()
        self.book.save(stream)
        return stream.getvalue()

    def _sheet(self, name: str, title: str) -> Worksheet:
        if name in self.book.sheetnames:
            return self.book[name]
        sheet: Worksheet = self.book.create_sheet(name)
        sheet.column_dimensions["A"].width = 34
        for column in "BCDEFGHIJ":
            sheet.column_dimensions[column].width = 30
        sheet.merge_cells("A1:F1")
        self._write(sheet, 1, 1, title, bold=True)
        sheet["A1"].alignment = Alignment(horizontal="center")
        return sheet

    def _write(self, sheet: Worksheet, row: int, column: int, value: Typed, *, bold: bool = False) -> None:
        cell = sheet.cell(row, column, value)
        cell.font = Font(name=self.style.font, size=13, bold=bold)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        if isinstance(value, str):
            cell.number_format = "@"
        elif hasattr(value, "year"):
            cell.number_format = "dd/mm/yyyy"

    def _field(self, sheet: Worksheet, field: Field, value: Typed) -> None:
        if field.shape == TABLE:
            self._table(sheet, field, value)
        elif field.shape == GROUP:
            for inner in field.children:
                if inner.name in value:
                    self._field(sheet, inner, value[inner.name])
        else:
            row = sheet.max_row + 1
            self._write(sheet, row, 1, label(field, self.style), bold=True)
            for at, text in enumerate(self._texts(field, value)):
                self._write(sheet, row + at, 2, text)

    def _texts(self, field: Field, value: Typed) -> Iterator[Typed]:
        if field.shape == LIST:
            item = there(field.item)
            yield from (typed(item, one, self.style, self.year) for one in value)
        else:
            yield typed(field, value, self.style, self.year)

    def _table(self, sheet: Worksheet, field: Field, rows: list[Values]) -> None:
        top = sheet.max_row + 2
        self._write(sheet, top, 1, label(field, self.style), bold=True)
        columns = [one for one in field.children if any(one.name in row for row in rows)]
        for at, text in enumerate(["TT", *(label(one, self.style) for one in columns)], 1):
            self._write(sheet, top + 1, at, text, bold=True)
            sheet.cell(top + 1, at).border = _FRAME
        for number, row in enumerate(rows, 1):
            self._write(sheet, top + 1 + number, 1, number)
            for at, one in enumerate(columns, 2):
                if one.name in row:
                    self._write(sheet, top + 1 + number, at, self._cell(one, row[one.name]))
                sheet.cell(top + 1 + number, at).border = _FRAME

    def _cell(self, one: Field, value: Typed) -> Typed:
        item = one.item
        if one.shape == LIST and item is not None and item.x_type == "lines":
            return "\n".join(f"- {text}" for text in value)
        return typed(item if one.shape == LIST and item is not None else one, value, self.style, self.year)
