"""Writes forms the way people fill them in: the same values as Excel, Word, fillable PDF, YAML and JSON."""

import io
import json
import random
from collections.abc import Callable, Iterator
from typing import Any

import docx
import openpyxl
import yaml
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from openpyxl.workbook.defined_name import DefinedName
from pypdf import PdfWriter
from pypdf.generic import NameObject, TextStringObject
from reportlab.pdfgen import canvas

from pipeline.model import GROUP, Field, Json, JsonObject
from pipeline.reading import KindForm, ReadingContext
from pipeline.vietnamese import date_long, date_short, money_vn, number_vn

Speller = Callable[[Field, Json], Any]


def plain(context: ReadingContext) -> Speller:
    """The way a careful clerk writes a canonical value."""
    units = {unit.code: next(name for name in unit.names if name != unit.code) for unit in context.units}
    contents = {content.code: content.title for content in context.contents}

    def spell(node: Field, value: Json) -> str:  # noqa: PLR0911 - one for each type
        match node.value_type, value:
            case "date", str():
                return date_short(value)
            case "unit_code", str():
                return units[value]
            case "content_code", str():
                return contents[value]
            case "choice", str():
                return next((names[0] for code, names in node.choices.items() if code == value and names), value)
            case "money", int():
                return money_vn(value)
            case (("number" | "percent" | "integer"), (int() | float())):
                return number_vn(value)
            case "date_fuzzy", dict():
                return str(value["text"])
            case "flag", bool():
                return "x" if value else "không"
        return str(value)

    return spell


def careless(context: ReadingContext, chance: random.Random) -> Speller:
    """Each value in one of the spellings that noi-dung §2 accepts; blanks and accents as they come."""
    careful = plain(context)

    def spell(node: Field, value: Json) -> str:
        text = str(careful(node, value))
        match node.value_type, value:
            case "date", str():
                year, month, day = value.split("-")
                text = chance.choice(
                    [
                        value,
                        f"{int(day)}/{int(month)}/{year}",
                        f"{day}/{month}/{year}",
                        f"{day}-{month}-{year}",
                        f"{int(day)}.{int(month)}.{year}",
                        date_long(value),
                        f"ngày {int(day)}/{int(month)}/{year}",
                    ]
                )
            case "unit_code", str():
                names = next(unit.names for unit in context.units if unit.code == value)
                text = chance.choice([value, value.lower(), *names, f"{value} - {names[0]}", names[0].upper()])
            case "content_code", str():
                number = value.removeprefix("ND")
                text = chance.choice([value, number, f"Nội dung {number}", text, f"{number}. {text}", text.upper()])
            case "money", int():
                text = chance.choice([str(value), number_vn(value), money_vn(value), f"{number_vn(value)}đ"])
            case "time", str():
                hour, minute = value.split(":")
                text = chance.choice(
                    [value, f"{int(hour)}g{minute}", f"{int(hour)}h{minute}", f"{hour} giờ {minute} phút"]
                )
            case "person", str():
                kept = [] if node.keeps_title else [f"Ông {value}", f"Bà {value}"]
                text = chance.choice([value, f"Đ/c {value}", f"đồng chí {value}", *kept])
            case "year", int():
                text = chance.choice([str(value), f"năm {value}", f"Năm {value}"])
            case "phone", str():
                text = chance.choice(
                    [value, f"{value[:4]} {value[4:7]} {value[7:]}", f"{value[:4]}.{value[4:7]}.{value[7:]}"]
                )
        return (
            text if node.value_type == "text" else chance.choice([text, f" {text} ", f"{text}\u00a0", f"……{text}……"])
        )

    return spell


def pairs(node: Field, values: JsonObject, spell: Speller) -> Iterator[tuple[str, str, str]]:
    """(name, label, written value) of the fields outside tables, in the form's order."""
    for child in node.children:
        value = values.get(child.name)
        if child.shape == GROUP:
            yield from pairs(child, value if isinstance(value, dict) else {}, spell)
        elif not child.is_table:
            yield child.address.field_name, child.label, written(child, value, spell)


def written(node: Field, value: Json, spell: Speller) -> str:
    """One cell's text; a list has a line for each item (units and choices side by side)."""
    if isinstance(value, list):
        glue = "; " if node.value_type in {"unit_code", "choice"} else "\n"
        return glue.join(spell(node, item) for item in value)
    return "" if value is None else spell(node, value)


def tables(form: KindForm, values: JsonObject) -> Iterator[tuple[Field, list[JsonObject]]]:
    """The tables of a form with their rows; tables within tables are left out."""
    for node in form.root.children:
        rows = values.get(node.name)
        if node.is_table and not any(child.is_table for child in node.children):
            yield node, [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def as_yaml(form: KindForm, values: JsonObject) -> bytes:
    return yaml.safe_dump({"kind": form.kind, **values}, allow_unicode=True, sort_keys=False).encode()


def as_json(form: KindForm, values: JsonObject) -> bytes:
    return json.dumps({"kind": form.kind, **values}, ensure_ascii=False, indent=1).encode()


def as_xlsx(
    form: KindForm, values: JsonObject, spell: Speller, *, one_sheet: bool = False, named: bool = False
) -> bytes:
    """A workbook with labels and values on one sheet and the tables on others, or all on one."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "ThongTin"
    sheet.append([form.titles[0]])
    sheet.merge_cells("A1:F1")
    sheet.append([])
    for name, label, text in pairs(form.root, values, spell):
        sheet.append([None, label, text])
        if named:
            own = f"f_{name}"
            book.defined_names[own] = DefinedName(own, attr_text=f"'{sheet.title}'!$C${sheet.max_row}")
    for node, rows in tables(form, values):
        if one_sheet:
            sheet.append([])
            sheet.append([f"II. {node.label}"])
            sheet.merge_cells(start_row=sheet.max_row, end_row=sheet.max_row, start_column=1, end_column=6)
        else:
            sheet = book.create_sheet(node.sheet or node.name)
            sheet.append([node.label])
        sheet.append(["TT", *(child.label for child in node.children)])
        for at, row in enumerate(rows, start=1):
            sheet.append([at, *(written(child, row.get(child.name), spell) for child in node.children)])
    return saved(book)


def saved(book: Any) -> bytes:
    """The bytes of a workbook or a document."""
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def as_docx(form: KindForm, values: JsonObject, spell: Speller, *, in_table: bool = False) -> bytes:
    """A document with "label: value" lines (or a table of them) and a table for every table."""
    document = docx.Document()
    document.add_paragraph(form.titles[0])
    fields = list(pairs(form.root, values, spell))
    if in_table:
        table = document.add_table(rows=0, cols=2)
        for _, label, text in fields:
            cells = table.add_row().cells
            cells[0].text, cells[1].text = label, text
    else:
        for _, label, text in fields:
            document.add_paragraph(f"{label}: {text}" if "\n" not in text else f"{label}:")
            if "\n" in text:
                for line in text.split("\n"):
                    document.add_paragraph(f"- {line}")
    for node, rows in tables(form, values):
        document.add_paragraph(f"II. {node.label}")
        table = document.add_table(rows=1, cols=len(node.children) + 1)
        for cell, label in zip(table.rows[0].cells, ("TT", *(child.label for child in node.children)), strict=True):
            cell.text = label
        for at, row in enumerate(rows, start=1):
            texts = (str(at), *(written(child, row.get(child.name), spell) for child in node.children))
            for cell, text in zip(table.add_row().cells, texts, strict=True):
                cell.text = text
    return saved(document)


def as_controls(form: KindForm, values: JsonObject, spell: Speller) -> bytes:
    """A document whose values stand in tagged content controls, under labels nobody knows."""
    document = docx.Document()
    document.add_paragraph("Phiếu")
    control(document.add_paragraph(), "kind", form.kind)
    for name, _, text in pairs(form.root, values, spell):
        control(document.add_paragraph("> "), name, text)
    for node, rows in tables(form, values):
        for at, row in enumerate(rows):
            for child in node.children:
                text = written(child, row.get(child.name), spell)
                control(document.add_paragraph("> "), f"{node.name}.{at}.{child.name}", text)
    return saved(document)


def control(paragraph: Any, tag: str, text: str) -> None:
    """A content control at the end of a paragraph; without text it shows its placeholder."""
    sdt, properties, content = OxmlElement("w:sdt"), OxmlElement("w:sdtPr"), OxmlElement("w:sdtContent")
    named = OxmlElement("w:tag")
    named.set(qn("w:val"), tag)
    properties.append(named)
    if not text:
        properties.append(OxmlElement("w:showingPlcHdr"))
    run = paragraph.add_run(text or "Nhấn vào đây để nhập văn bản.")
    content.append(run._r)
    sdt.append(properties)
    sdt.append(content)
    paragraph._p.append(sdt)


def as_pdf(form: KindForm, values: JsonObject, spell: Speller) -> bytes:
    """A fillable PDF with a field for every value."""
    out = io.BytesIO()
    page = canvas.Canvas(out, pagesize=(595, 842))
    fields = [("kind", form.kind)]
    fields += [(name, text) for name, _, text in pairs(form.root, values, spell)]
    for node, rows in tables(form, values):
        for at, row in enumerate(rows):
            for child in node.children:
                fields.append((f"{node.name}.{at}.{child.name}", written(child, row.get(child.name), spell)))
    for at, (name, _) in enumerate(fields):
        if at and at % 40 == 0:
            page.showPage()
        page.drawString(20, 800 - 19 * (at % 40), ">")
        page.acroForm.textfield(name=name, x=40, y=800 - 19 * (at % 40), width=500, height=16, fieldFlags="multiline")
    page.showPage()
    page.save()
    return filled(out.getvalue(), dict(fields))


def filled(blank: bytes, values: dict[str, str]) -> bytes:
    """A fillable PDF with values in its fields."""
    pdf = PdfWriter(io.BytesIO(blank))
    for page in pdf.pages:
        for annotation in page.annotations or ():
            field = annotation.get_object()
            if values.get(field["/T"]):
                field[NameObject("/V")] = TextStringObject(values[field["/T"]])
    out = io.BytesIO()
    pdf.write(out)
    return out.getvalue()
