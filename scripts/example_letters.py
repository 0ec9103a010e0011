"""Word documents as units fill them in."""

import io

import docx
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Pt

from pipeline.model import GROUP, LIST, TABLE, Field, FormTree
from pipeline.years import Year
from scripts.example_values import Style, Typed, Values, label, there, typed

_HEADS = {
    "party": ("ĐẢNG CỘNG SẢN VIỆT NAM", ""),
    "state": ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"),
}


class Letter:
    """One Word document of a form: head, title, headings, labels with values, tables."""

    def __init__(self, tree: FormTree, year: Year, style: Style) -> None:
        self.tree, self.year, self.style = tree, year, style
        self.document: Document = docx.Document()
        normal = self.document.styles["Normal"].font
        normal.name, normal.size = style.font, Pt(14)
        self.part = 0

    def drawn(self, title: str, values: Values, head: tuple[str, str] = ("", ""), to: str = "") -> bytes:
        """The document; `head` are the two lines of the sender, `to` the addressee."""
        if any(head):
            self._head(head)
        self._line(title, bold=True, centred=True)
        if to:
            self._line(f"Kính gửi: {to}", centred=True)
        plain = [one for one in self.tree.root.children if one.name in values and one.shape != TABLE]
        tables = [one for one in self.tree.root.children if one.name in values and one.shape == TABLE]
        self._heading("Thông tin chung")
        for field in plain:
            self._field(field, values[field.name])
        for field in tables:
            self._heading(label(field, self.style))
            self._table(field, values[field.name])
        stream = io.BytesIO()
        self.document.save(stream)
        return stream.getvalue()

    def _head(self, head: tuple[str, str]) -> None:
        table = self.document.add_table(rows=1, cols=2)
        left, right = table.rows[0].cells
        left.text = "\n".join(head)
        right.text = "\n".join(line for line in _HEADS[self.style.head] if line)

    def _line(self, text: str, *, bold: bool = False, centred: bool = False) -> None:
        paragraph = self.document.add_paragraph()
        run = paragraph.add_run(text)
        run.bold = bold
        if centred:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER

    def _heading(self, text: str) -> None:
        self.part += 1
        self._line(f"{('I', 'II', 'III', 'IV', 'V', 'VI', 'VII')[self.part - 1]}. {text}", bold=True)

    def _field(self, field: Field, value: Typed) -> None:
        if field.shape == GROUP:
            for inner in field.children:
                if inner.name in value:
                    self._field(inner, value[inner.name])
        elif field.shape == LIST:
            item = there(field.item)
            self._line(f"{label(field, self.style)}:", bold=True)
            for one in value:
                self._line(f"- {typed(item, one, self.style, self.year)}")
        else:
            self._line(f"{label(field, self.style)}: {typed(field, value, self.style, self.year)}")

    def _table(self, field: Field, rows: list[Values]) -> None:
        columns = [one for one in field.children if any(one.name in row for row in rows)]
        table = self.document.add_table(rows=1, cols=len(columns) + 1)
        table.style = "Table Grid"
        for cell, text in zip(table.rows[0].cells, ["TT", *(label(one, self.style) for one in columns)], strict=True):
            cell.text = text
        for number, row in enumerate(rows, 1):
            cells = table.add_row().cells
            cells[0].text = str(number)
            for cell, one in zip(cells[1:], columns, strict=True):
                if one.name in row:
                    cell.text = str(self._cell(one, row[one.name]))

    def _cell(self, one: Field, value: Typed) -> Typed:
        item = one.item
        if one.shape == LIST and item is not None and item.x_type == "lines":
            return "\n".join(f"- {text}" for text in value)
        return typed(item if one.shape == LIST and item is not None else one, value, self.style, self.year)
