"""Our own forms as they come back: what people typed stands in the form's places, and every place is noted."""

import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from typing import Any

import docx
import openpyxl
from docx.oxml.ns import qn
from pypdf import PdfWriter
from pypdf.generic import NameObject, TextStringObject

from benchmarks.answers.papers import Blank, Habit, Paper, Speller, Typed
from pipeline.blank_forms import Entry, FormPlan, Table
from pipeline.blank_forms.excel import write_xlsx
from pipeline.blank_forms.page_layout import has_checkboxes
from pipeline.blank_forms.pdf import write_pdf
from pipeline.blank_forms.plan import rows_of
from pipeline.blank_forms.word import write_word
from pipeline.model import Address, Field, Json, JsonObject, Place, value_at
from pipeline.reading import KindForm
from tests.blank_forms import filling_word
from tests.blank_forms.conftest import blank
from tests.blank_forms.filling import cell_named, places
from tests.reading import writers


class UnwritableError(Exception):
    """The form has no room for that: a box can only be ticked, a table has so many rows."""


@cache
def _blank(write: Callable[[FormPlan], bytes], kind: str) -> bytes:
    return write(blank(kind))


def xlsx(form: KindForm, values: JsonObject, spell: Speller, habit: Habit) -> Paper:
    """Our workbook, typed into cell by cell."""
    plan, paper, nodes = blank(form.kind), Paper("xlsx"), _nodes(form)
    book = openpyxl.load_workbook(io.BytesIO(_blank(write_xlsx, form.kind)), rich_text=True)
    for name, entry, value in places(plan, values):
        cell = cell_named(book, name)
        if cell is None:
            raise UnwritableError(name)
        cell.value = _text(nodes, entry, value, spell) or None
        if cell.value is not None:
            cell.data_type = "s"
        _note(paper, name, value, Place(sheet=cell.parent.title, cell=cell.coordinate))
    for table, at, column in _heads(plan):
        first = cell_named(book, table.cell_name(0, column))
        head = first.offset(row=-1) if first is not None else None
        if head is not None and str(head.value).startswith(column.label):
            paper.spots[f"{table.address}/#{at}"] = Place(sheet=head.parent.title, cell=head.coordinate)
    paper.content = writers.saved(book)
    return paper


def docx_(form: KindForm, values: JsonObject, spell: Speller, habit: Habit) -> Paper:
    """Our Word file, typed into its content controls."""
    plan, paper, nodes = blank(form.kind), Paper("docx"), _nodes(form)
    document: Any = docx.Document(io.BytesIO(_blank(write_word, form.kind)))
    controls = filling_word.controls_of(document.element.body)
    where: dict[str, Any] = {}
    for part in plan.parts():
        value = value_at(values, part.address)
        if isinstance(part, Table):
            where |= _typed_rows(controls, part, _rows(part, value), nodes, spell)
        elif has_checkboxes(part):
            for code, _ in part.choices:
                filling_word._tick(controls[f"{part.name}={code}"][0], is_on=code in _ticked(value))
            where[part.name] = controls[f"{part.name}={part.choices[0][0]}"][0]
        else:
            _type_in(controls[part.name][0], _text(nodes, part, value, spell))
            where[part.name] = controls[part.name][0]
    address = _Addresses(document.element.body)
    for name, control in where.items():
        _note(paper, name, value_at(values, Address.of_dotted(name)), address.of(control))
    for table, at, column in _heads(plan):
        first = address.of(where[table.cell_name(0, column)])
        if first.row > 1 and table.row_count > 1:  # a table of one row is a card of labels and values
            paper.spots[f"{table.address}/#{at}"] = replace(first, row=1)
    paper.content = writers.saved(document)
    return paper


def _heads(plan: FormPlan) -> Iterator[tuple[Table, int, Entry]]:
    """Every column of every table, numbered: its head is where a fault of the whole table may be told."""
    for part in plan.parts():
        if isinstance(part, Table):
            for at, column in enumerate(part.columns):
                yield part, at, column


def _typed_rows(
    controls: dict[str, list[Any]], table: Table, rows: list[Any], nodes: dict[Address, Field], spell: Speller
) -> dict[str, Any]:
    where: dict[str, Any] = {}
    for column in table.columns:
        there = controls[f"{table.name}.{column.name}"]
        if len(rows) > len(there):
            raise UnwritableError(table.name)
        for at, control in enumerate(there):
            _type_in(control, _text(nodes, column, rows[at].get(column.name) if at < len(rows) else None, spell))
            where[table.cell_name(at, column)] = control
    return where


def _type_in(control: Any, text: str) -> None:
    """What is typed into a control; without text it shows what it showed."""
    properties, content = control.find(qn("w:sdtPr")), control.find(qn("w:sdtContent"))
    if not text:
        return
    if "\n" in text and not list(content.iter(qn("w:p"))):
        raise UnwritableError("a line break")
    placeholder = properties.find(qn("w:showingPlcHdr"))
    if placeholder is not None:
        properties.remove(placeholder)
    filling_word._type_in(content, text)


class _Addresses:
    """Where an element of a document stands, as a person counts: tables, rows, columns; paragraphs outside them."""

    def __init__(self, body: Any) -> None:
        self.tables = [table for table in body.iter(qn("w:tbl")) if self._around(table, "w:tbl") is None]
        self.paragraphs = [one for one in body.iter(qn("w:p")) if self._around(one, "w:tbl") is None]

    def of(self, element: Any) -> Place:
        table = self._around(element, "w:tbl")
        if table is None:
            inside = next(element.iter(qn("w:p")), None)
            paragraph = inside if inside is not None else self._around(element, "w:p")
            return Place(paragraph=1 + self.paragraphs.index(paragraph))
        row = self._around(element, "w:tr")
        if row is None:
            row = next(element.iter(qn("w:tr")))
        rows = [one for one in table.iter(qn("w:tr")) if self._around(one, "w:tbl") is table]
        cells = [one for one in row.iter(qn("w:tc")) if self._around(one, "w:tr") is row]
        own = self._around(element, "w:tc")
        cell = own if own is not None and own in cells else next(element.iter(qn("w:tc")))
        before = cells[: cells.index(cell)]
        return Place(
            table=1 + self.tables.index(table), row=1 + rows.index(row), column=1 + sum(map(self._span, before))
        )

    @staticmethod
    def _around(element: Any, tag: str) -> Any:
        return next(element.iterancestors(qn(tag)), None)

    @staticmethod
    def _span(cell: Any) -> int:
        span = cell.find(f"{qn('w:tcPr')}/{qn('w:gridSpan')}")
        return int(span.get(qn("w:val"))) if span is not None else 1


def pdf(form: KindForm, values: JsonObject, spell: Speller, habit: Habit) -> Paper:
    """Our fillable PDF, a value in every field."""
    plan, paper, nodes = blank(form.kind), Paper("pdf"), _nodes(form)
    typed = dict(_pdf_fields(plan, values, nodes, spell))
    writer = PdfWriter(io.BytesIO(_blank(write_pdf, form.kind)))
    for number, page in enumerate(writer.pages, start=1):
        for one in page.get("/Annots", ()):
            field = one.get_object()
            name = writer._get_qualified_field_name(parent=field) or ""
            plain = name.partition("=")[0]
            _note(paper, plain, value_at(values, Address.of_dotted(plain)), Place(page=number))
            text = typed.pop(name, None)
            if text is not None and field["/FT"] == "/Btn":
                field[NameObject("/V")] = field[NameObject("/AS")] = NameObject(text)
            elif text is not None:
                field[NameObject("/V")] = TextStringObject(text.replace("\n", "\r"))
    if any(text not in {"", "/Off"} for text in typed.values()):
        raise UnwritableError(", ".join(typed))
    out = io.BytesIO()
    writer.write(out)
    paper.content = out.getvalue()
    return paper


def _pdf_fields(
    plan: FormPlan, values: JsonObject, nodes: dict[Address, Field], spell: Speller
) -> Iterator[tuple[str, str]]:
    for part in plan.parts():
        value = value_at(values, part.address)
        if isinstance(part, Table):
            rows = _rows(part, value)
            if len(rows) > part.row_count:
                raise UnwritableError(part.name)
            for at in range(part.row_count):
                for column in part.columns:
                    of_cell = rows[at].get(column.name) if at < len(rows) else None
                    yield part.cell_name(at, column), _in_field(nodes, column, of_cell, spell)
        elif has_checkboxes(part):
            for code, _ in part.choices:
                yield f"{part.name}={code}", "/Yes" if code in _ticked(value) else "/Off"
        else:
            yield part.name, _in_field(nodes, part, value, spell)


def _in_field(nodes: dict[Address, Field], entry: Entry, value: Json, spell: Speller) -> str:
    """What stands in a field: of a list to choose from its code, of all else what was typed."""
    is_chosen = bool(entry.choices) and not entry.is_list and not isinstance(value, Typed | Blank)
    if is_chosen and value is not None:
        return str(value).lower() if isinstance(value, bool) else str(value)
    return _text(nodes, entry, value, spell)


def _ticked(value: Json) -> list[str]:
    chosen = value if isinstance(value, list) else []
    if any(isinstance(one, Typed | Blank) for one in chosen):
        raise UnwritableError("a box is ticked or not")
    return [str(one) for one in chosen]


def _rows(table: Table, value: Json) -> list[Any]:
    objects = [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []
    return list(rows_of(table.columns, table.address, objects))


def _nodes(form: KindForm) -> dict[Address, Field]:
    return {node.address: node for node in form.root.walk()}


def _text(nodes: dict[Address, Field], entry: Entry, value: Json, spell: Speller) -> str:
    return writers.written(nodes[entry.address], value, spell)


def _note(paper: Paper, name: str, value: Json, place: Place) -> None:
    pointer = str(Address.of_dotted(name))
    paper.spots.setdefault(pointer, place)
    for at in range(len(value) if isinstance(value, list) else 0):
        paper.spots.setdefault(f"{pointer}/{at}", place)
