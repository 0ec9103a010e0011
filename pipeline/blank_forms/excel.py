"""The form as an Excel workbook: a guide, the sheets of the kind, hidden lists of choices, a name for every place.

Everything typed is kept as text (number format "@"): Excel on an English machine would turn 5/6/2022 into the sixth
of May and 13,5 into 135. Only whole numbers are numbers. Sheets are protected without a password, against slips only;
what comes back is judged anew.

A drop-down takes its list from a defined name: a list that points straight at another sheet is lost by some programs.
"""

import datetime as dt
import io
import re
import zipfile
from typing import Final

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter

from pipeline.blank_forms import excel_styles as styles
from pipeline.blank_forms import guides
from pipeline.blank_forms.excel_styles import AnyCell
from pipeline.blank_forms.excel_validation import Checks
from pipeline.blank_forms.plan import Entry, FormPlan, Section, Table, shown
from pipeline.model import Address, Json
from pipeline.ooxml import packed, parts_of_ours
from pipeline.ooxml.cell_text import put_text
from pipeline.ooxml.own_marks import GUIDE_SHEET, LIST_SHEET, META_SHEET

# fixed: the same plan gives the same bytes
_EPOCH: Final = dt.datetime(2020, 1, 1)
_NUMBER, _LABEL, _VALUE = 1, 2, 3  # the columns of single places; a table begins at the column of labels
_BELOW: Final = 20  # rows below a table that stay open
_SHEET: Final = re.compile(r"xl/worksheets/sheet[0-9]+\.xml")
_WHOLE: Final = frozenset({"integer", "year"})


def write_xlsx(plan: FormPlan) -> bytes:
    """The workbook of a form; the same plan gives the same bytes."""
    return _bytes_of(_Book(plan).made())


def _bytes_of(book: Workbook) -> bytes:
    """The workbook with fixed times: openpyxl's own `save` would note the hour."""
    book.properties.created = book.properties.modified = _EPOCH
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        ExcelWriter(book, archive).write_data()
    parts = parts_of_ours(written.getvalue())
    # openpyxl marks every height as set by hand; without the mark a row grows with what is typed into it
    grown = {name: part.replace(b' customHeight="1"', b"") for name, part in parts.items() if _SHEET.fullmatch(name)}
    return packed(parts | grown)


class _Book:
    """A workbook while it is written."""

    def __init__(self, plan: FormPlan) -> None:
        self.plan = plan
        self.book = Workbook()
        self.looks = styles.Looks()
        self.lists: dict[tuple[str, ...], str] = {}
        self.list_sheet: Worksheet | None = None

    def made(self) -> Workbook:
        """The finished workbook; it opens at the first sheet to be filled in."""
        about = self.book.properties
        # the category is where reading looks for the form's name and version
        about.title, about.creator, about.category = self.plan.title, self.plan.cluster, self.plan.marker
        guide = self.book.worksheets[0]
        guide.title = GUIDE_SHEET
        self._write_guide(guide)
        for name in self.plan.sheets:
            sections = [section for section in self.plan.sections if section.sheet == name]
            _Sheet(self, self.book.create_sheet(_sheet_name(name, self.book.sheetnames))).write(sections)
        self._write_meta()
        self.book.active = 1
        return self.book

    def name(self, name: str, sheet: Worksheet, area: str) -> None:
        """Give an area ("$B$3") a name that holds in the whole workbook."""
        self.book.defined_names[name] = DefinedName(name, attr_text=f"'{sheet.title}'!{area}")

    def list_of(self, choices: tuple[str, ...]) -> str:
        """The name under which a list of choices stands on the hidden sheet."""
        if choices not in self.lists:
            if self.list_sheet is None:
                self.list_sheet = self.book.create_sheet(LIST_SHEET)
                self.list_sheet.sheet_state = "hidden"
            column = len(self.lists) + 1
            for row, choice in enumerate(choices, start=1):
                put_text(self.list_sheet.cell(row, column), choice)
            letter = get_column_letter(column)
            self.lists[choices] = f"ds_{column}"
            self.name(f"ds_{column}", self.list_sheet, f"${letter}$1:${letter}${len(choices)}")
        return self.lists[choices]

    def _write_guide(self, sheet: Worksheet) -> None:
        styles.head(sheet, self.plan.title, guides.line_below_title(self.plan), last_column=2)
        usual = guides.how_in_a_workbook(", ".join(self.plan.sheets), str(self.plan.year))
        for row, text in enumerate(self.plan.guide or usual, start=4):
            styles.guide_line(sheet.cell(row, _LABEL), text)
        styles.widths(sheet, {_NUMBER: 3, _LABEL: 92})
        styles.heights(sheet, first=4, last=sheet.max_row)
        styles.page(sheet, self.plan.marker)
        styles.protect(sheet)

    def _write_meta(self) -> None:
        """What a program reads: the kind, its version, for whom and what year the form was made."""
        sheet = self.book.create_sheet(META_SHEET)
        plan = self.plan
        facts = {"kind": plan.kind, "version": plan.version, "year": str(plan.year), "unit": plan.unit_code}
        for row, (key, value) in enumerate(facts.items(), start=1):
            put_text(sheet.cell(row, 1), key)
            put_text(sheet.cell(row, 2), value)
        # not offered by Excel's "Unhide": the form must keep its version
        sheet.sheet_state = "veryHidden"


def _sheet_name(name: str, taken: list[str]) -> str:
    # Excel allows 31 characters
    return name if name not in taken else f"{name[:28]}_2"


class _Sheet:
    """One sheet while it is written, row by row from the top."""

    def __init__(self, book: _Book, sheet: Worksheet) -> None:
        self.book = book
        self.sheet = sheet
        self.checks = Checks(sheet, book.list_of)
        self.row = 5
        self.widths: dict[int, float] = {_NUMBER: 5}
        self.headers: list[int] = []
        self.blocks: list[int] = []  # the rows with which something begins that is to stand on one page
        self.last_column = _VALUE

    def write(self, sections: list[Section]) -> None:
        """Write all sections, then what holds for the sheet as a whole."""
        parts = [part for section in sections for part in section.parts]
        tables = [part for part in parts if isinstance(part, Table)]
        self.last_column = max([_VALUE, *(_NUMBER + len(table.columns) for table in tables)])
        styles.head(self.sheet, self.book.plan.title, guides.line_below_title(self.book.plan), self.last_column)
        styles.note(self.sheet.cell(3, 1), guides.how_on_a_sheet())
        for section in sections:
            self._section(section, is_last=section is sections[-1])
        if len(tables) < len(parts):
            self._widen(_LABEL, 38)
            self._widen(_VALUE, 72 if not tables else 36)
        styles.widths(self.sheet, self.widths)
        styles.heights(self.sheet, first=5, last=self.row)
        styles.page(self.sheet, self.book.plan.marker)
        if len(self.headers) == len(parts) == 1:
            # a long table stays readable on screen and on every page
            self.sheet.freeze_panes = f"A{self.headers[0] + 1}"
            self.sheet.print_title_rows = f"{self.headers[0]}:{self.headers[0]}"
        if not tables:
            styles.keep_whole(self.sheet, self.blocks)
        styles.protect(self.sheet)

    def _section(self, section: Section, *, is_last: bool) -> None:
        self.blocks.append(self.row)
        if section.heading:
            is_required = any(isinstance(part, Table) and part.is_required for part in section.parts)
            styles.heading(self.sheet, self.row, section.heading, self.last_column, is_required=is_required)
            self.row += 1
        for at, part in enumerate(section.parts):
            # a heading stands with what it is of
            if at:
                self.blocks.append(self.row)
            if isinstance(part, Table):
                self._table(part, is_last=is_last)
            elif part.is_list:
                self._list(part)
            else:
                self._entry(part)
        self.row += 1

    def _entry(self, entry: Entry) -> None:
        self._label(entry)
        self._input(self.row, _VALUE, entry, entry.value, entry.address)
        self.checks.add(entry, f"{get_column_letter(_VALUE)}{self.row}")
        self.row += 1

    def _list(self, entry: Entry) -> None:
        """A list: its items below each other, each in a cell of its own."""
        self._label(entry)
        items = entry.value if isinstance(entry.value, list) else []
        first = self.row
        for item in range(entry.row_count):
            value = items[item] if item < len(items) else None
            self._input(self.row, _VALUE, entry, value, entry.address.child(item))
            self.row += 1
        letter = get_column_letter(_VALUE)
        self.checks.add(entry, f"{letter}{first}:{letter}{self.row - 1}")
        styles.gap(self.sheet, self.row)
        self.row += 1

    def _label(self, entry: Entry) -> None:
        cell = self.sheet.cell(self.row, _LABEL)
        styles.label(cell, entry.label, is_required=entry.is_required)
        styles.comment(cell, entry)

    def _table(self, table: Table, *, is_last: bool) -> None:
        header = self.row
        self.headers.append(header)
        styles.header(self.sheet.cell(header, _NUMBER), "TT")
        for column, entry in enumerate(table.columns, start=_LABEL):
            cell = self.sheet.cell(header, column)
            styles.header(cell, entry.label, is_required=entry.is_required)
            styles.comment(cell, entry)
            self._widen(column, styles.width_of(entry))
        for at in range(table.row_count):
            self._table_row(table, at, header + 1 + at)
        self.row = header + 1 + table.row_count
        # people go on below a table: what they write there is kept as text and checked like the rest
        below = _BELOW if is_last and not table.is_fixed else 0
        for column, entry in enumerate(table.columns, start=_LABEL):
            letter = get_column_letter(column)
            self.checks.add(entry, f"{letter}{header + 1}:{letter}{self.row - 1 + below}", is_cell=True)
            for row in range(self.row, self.row + below):
                self.book.looks.open_cell(self.sheet.cell(row, column), is_number=entry.x_type in _WHOLE)

    def _table_row(self, table: Table, at: int, row: int) -> None:
        self.book.looks.counter(self.sheet.cell(row, _NUMBER), at + 1)
        values = table.rows[at] if at < len(table.rows) else {}
        for column, entry in enumerate(table.columns, start=_LABEL):
            self._input(row, column, entry, values.get(entry.name), entry.address.at_row(at))

    def _input(self, row: int, column: int, entry: Entry, value: Json, address: Address) -> None:
        cell = self.sheet.cell(row, column)
        self.book.looks.input_cell(cell, is_number=entry.x_type in _WHOLE and not entry.is_list)
        _put(cell, entry, value)
        # in Excel a name moves with its cell when rows are inserted above
        self.book.name(address.excel_name, self.sheet, f"${get_column_letter(column)}${row}")

    def _widen(self, column: int, width: float) -> None:
        self.widths[column] = max(width, self.widths.get(column, 0))


def _put(cell: AnyCell, entry: Entry, value: Json) -> None:
    if value is None:
        return
    if entry.x_type in _WHOLE and isinstance(value, int):
        cell.value = value
    else:
        # "=…" in a text is text
        put_text(cell, re.sub(r"\r\n?", "\n", shown(entry, value)))
