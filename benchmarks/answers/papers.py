"""Writes a form as units do, in every format, and notes where each value was put: the oracle of addresses.

Nothing here asks the readers. A workbook's writer knows the cell it wrote to, a document's the paragraph or the row
of the table, a fillable PDF's the page of the field; `texts` knows the line.
"""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import docx
import openpyxl
from openpyxl.utils import get_column_letter
from reportlab.pdfgen import canvas

from pipeline.model import GROUP, Address, Field, Json, JsonObject, Place
from pipeline.reading import KindForm
from tests.reading import writers


class Typed(str):
    """Text that stands in the file as it is, whatever the field."""

    __slots__ = ()


class Blank(str):
    """A value left out: nothing typed, or one of the usual placeholders."""

    __slots__ = ()


@dataclass
class Paper:
    """A file, and the places of everything in it by JSON pointer."""

    format: str
    content: bytes = b""
    spots: dict[str, Place] = field(default_factory=dict)

    def region(self, pointer: str) -> list[Place]:
        """The places of a value and of everything in it."""
        inside = f"{pointer}/"
        return [place for known, place in self.spots.items() if known == pointer or known.startswith(inside)]


#: How a value is typed: of the field and the value, the text.
Speller = Callable[[Field, Json], Any]
Write = Callable[[KindForm, JsonObject, Speller], Paper]


def spelled(spell: Speller) -> Speller:
    """The speller, but what was typed by a fault stays as it is."""
    return lambda node, value: str(value) if isinstance(value, Typed | Blank) else spell(node, value)


def _fields(node: Field, values: JsonObject, spell: Speller) -> Iterator[tuple[Field, str, Json]]:
    """Every field outside tables with its value, in the form's order."""
    for child in node.children:
        value = values.get(child.name)
        if child.shape == GROUP:
            yield from _fields(child, value if isinstance(value, dict) else {}, spell)
        elif not child.is_table:
            yield child, writers.written(child, value, spell), value


def _items(pointer: str, value: Json) -> list[str]:
    """The pointers of a field, and of its items when it is a list."""
    return [pointer, *(f"{pointer}/{at}" for at in range(len(value)))] if isinstance(value, list) else [pointer]


@dataclass(frozen=True)
class Habit:
    """How somebody lays a form out."""

    one_sheet: bool = False
    in_table: bool = False
    blank_rows: bool = False


def as_xlsx(form: KindForm, values: JsonObject, spell: Speller, habit: Habit) -> Paper:
    """A workbook: labels in B, values in C, tables below or on sheets of their own."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "ThongTin"
    paper = Paper("xlsx")
    sheet.append([form.titles[0]])
    sheet.merge_cells("A1:F1")
    sheet.append([None])
    at = 2
    for child, text, value in _fields(form.root, values, spell):
        at += 1
        sheet.cell(at, 2, child.label)
        sheet.cell(at, 3, text or None)
        for pointer in _items(str(child.address), value):
            paper.spots[pointer] = Place(sheet=sheet.title, cell=f"C{at}")
    for node, rows in writers.tables(form, values):
        if habit.one_sheet:
            at += 2
            sheet.cell(at, 1, f"II. {node.label}")
            sheet.merge_cells(start_row=at, end_row=at, start_column=1, end_column=6)
        else:
            sheet = book.create_sheet(f"{node.sheet or 'Bang'}{len(book.worksheets)}")
            at = 1
            sheet.cell(at, 1, node.label)
        at = _xlsx_table(paper, sheet, at + 1, node, rows, spell, habit)
    paper.content = writers.saved(book)
    return paper


def _xlsx_table(
    paper: Paper, sheet: Any, at: int, node: Field, rows: list[JsonObject], spell: Speller, habit: Habit
) -> int:
    for column, label in enumerate(("TT", *(child.label for child in node.children)), start=1):
        sheet.cell(at, column, label)
        paper.spots[f"{node.address}/#{column}"] = Place(sheet=sheet.title, cell=f"{get_column_letter(column)}{at}")
    for number, row in enumerate(rows):
        at += 2 if habit.blank_rows and number == 1 else 1
        sheet.cell(at, 1, number + 1)
        for column, child in enumerate(node.children, start=2):
            value = row.get(child.name)
            sheet.cell(at, column, writers.written(child, value, spell) or None)
            for pointer in _items(f"{node.address}/{number}/{child.name}", value):
                paper.spots[pointer] = Place(sheet=sheet.title, cell=f"{get_column_letter(column)}{at}")
    return at


def as_docx(form: KindForm, values: JsonObject, spell: Speller, habit: Habit) -> Paper:
    """A document: "label: value" lines or a table of two columns, then a table for every table."""
    document: Any = docx.Document()
    document.add_paragraph(form.titles[0])
    paper = Paper("docx")
    if habit.in_table:
        table = document.add_table(rows=0, cols=2)
        for row, (child, text, value) in enumerate(_fields(form.root, values, spell), start=1):
            cells = table.add_row().cells
            cells[0].text, cells[1].text = child.label, text
            for pointer in _items(str(child.address), value):
                paper.spots[pointer] = Place(table=1, row=row, column=2)
    else:
        for child, text, value in _fields(form.root, values, spell):
            _docx_lines(paper, document, child, text, value)
    for node, rows in writers.tables(form, values):
        document.add_paragraph(f"II. {node.label}")
        _docx_table(paper, document, node, rows, spell)
    paper.content = writers.saved(document)
    return paper


def _docx_lines(paper: Paper, document: Any, child: Field, text: str, value: Json) -> None:
    lines = text.split("\n")
    document.add_paragraph(f"{child.label}: {text}" if len(lines) == 1 else f"{child.label}:")
    here = len(document.paragraphs)
    for pointer in _items(str(child.address), value):
        paper.spots[pointer] = Place(paragraph=here)
    if len(lines) > 1:
        for at, line in enumerate(lines):
            document.add_paragraph(f"- {line}")
            paper.spots[f"{child.address}/{at}"] = Place(paragraph=here + 1 + at)


def _docx_table(paper: Paper, document: Any, node: Field, rows: list[JsonObject], spell: Speller) -> None:
    labels = ("TT", *(child.label for child in node.children))
    table = document.add_table(rows=1, cols=len(labels))
    number = len(document.tables)
    for column, (cell, label) in enumerate(zip(table.rows[0].cells, labels, strict=True), start=1):
        cell.text = label
        paper.spots[f"{node.address}/#{column}"] = Place(table=number, row=1, column=column)
    for at, row in enumerate(rows):
        cells = table.add_row().cells
        cells[0].text = str(at + 1)
        for column, child in enumerate(node.children, start=2):
            value = row.get(child.name)
            cells[column - 1].text = writers.written(child, value, spell)
            for pointer in _items(f"{node.address}/{at}/{child.name}", value):
                paper.spots[pointer] = Place(table=number, row=at + 2, column=column)


_PER_PAGE = 25


def as_pdf(form: KindForm, values: JsonObject, spell: Speller, habit: Habit) -> Paper:
    """A fillable PDF with a field for every value, so many to a page."""
    fields: list[tuple[str, str, str]] = [("", "kind", form.kind)]
    paper = Paper("pdf")
    for child, text, value in _fields(form.root, values, spell):
        for pointer in _items(str(child.address), value):
            paper.spots[pointer] = Place(page=1 + len(fields) // _PER_PAGE)
        fields.append((str(child.address), child.address.field_name, text))
    for node, rows in writers.tables(form, values):
        for at, row in enumerate(rows):
            for child in node.children:
                pointer, value = f"{node.address}/{at}/{child.name}", row.get(child.name)
                for one in _items(pointer, value):
                    paper.spots[one] = Place(page=1 + len(fields) // _PER_PAGE)
                fields.append((pointer, Address.of(pointer).field_name, writers.written(child, value, spell)))
    typed = {name: text for _, name, text in fields}
    paper.content = writers.filled(_blank_pdf(tuple(typed)), typed)
    return paper


@cache
def _blank_pdf(names: tuple[str, ...]) -> bytes:
    """A PDF with fields of these names, nothing in them."""
    out = io.BytesIO()
    page = canvas.Canvas(out, pagesize=(595, 842))
    for at, name in enumerate(names):
        if at and at % _PER_PAGE == 0:
            page.showPage()
        y = 800 - 30 * (at % _PER_PAGE)
        page.drawString(20, y, ">")
        page.acroForm.textfield(name=name, x=40, y=y, width=500, height=16, fieldFlags="multiline")
    page.showPage()
    page.save()
    return out.getvalue()
