"""Paragraphs, cells and rows of a template, and the tags of docxtpl in them, as python-docx writes them."""

from collections.abc import Callable, Sequence

from docx.document import Document
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from pipeline.layout.applying import twips
from pipeline.layout.styles import TAG_STYLE

_XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


class ParagraphWriter:
    """Writes paragraphs below each other; `add` gives the next empty one."""

    def __init__(self, add: Callable[[], Paragraph]) -> None:
        self._add = add

    def text(self, style: str, text: str) -> Paragraph:
        """A paragraph in a named style."""
        return fill(self._add(), style, text)

    def tag(self, tag: str) -> None:
        """A line that is not printed: `{%p for … %}`, `{%p if … %}`, `{%p endfor %}`."""
        self.text(TAG_STYLE[0], tag)

    def each(self, loop: str, *texts: tuple[str, str]) -> None:
        """Paragraphs (style, text) repeated: `loop` is what stands after `for`."""
        self._between("for", loop, texts)

    def when(self, condition: str, *texts: tuple[str, str]) -> None:
        """Paragraphs (style, text) printed only when the condition holds."""
        self._between("if", condition, texts)

    def _between(self, word: str, what: str, texts: Sequence[tuple[str, str]]) -> None:
        self.tag("{%p " + f"{word} {what}" + " %}")
        for style, text in texts:
            self.text(style, text)
        self.tag("{%p end" + word + " %}")


class CellWriter(ParagraphWriter):
    """Writes paragraphs into a cell, beginning with the empty one every cell has."""

    def __init__(self, cell: _Cell) -> None:
        waiting = list(cell.paragraphs[:1])
        super().__init__(lambda: waiting.pop() if waiting else cell.add_paragraph())


def write_signature(cell: CellWriter, block: str) -> None:
    """Authority, titles, room for the signature, name."""
    cell.when(f"{block}.authority", ("VTQuyenHan", "{{ " + block + ".authority }}"))
    cell.each(f"line in {block}.titles", ("VTChucVu", "{{ line }}"))
    cell.text("VTHoTen", "{{ " + block + ".name }}")


def write_recipients(cell: CellWriter) -> None:
    """Nơi nhận and its list beside the signature, or nothing."""
    cell.tag("{%p if recipients and not recipients_below %}")
    _write_list(cell)
    cell.tag("{%p endif %}")
    cell.text("VTHetBang", "")


def write_long_recipients(below: ParagraphWriter) -> None:
    """Nơi nhận and its list below the signature, where they are too many to stand beside it."""
    below.tag("{%p if recipients_below %}")
    _write_list(below, is_kept=True)
    below.tag("{%p endif %}")


def _write_list(writer: ParagraphWriter, *, is_kept: bool = False) -> None:
    """The list; one that `is_kept` goes to the next page as a whole: no page is to hold its last lines alone."""
    text = (
        "{{ form.recipient_start }}{{ line }}"
        "{% if loop.last %}{{ form.recipient_last }}{% else %}{{ form.recipient_end }}{% endif %}"
    )
    label = writer.text("VTNoiNhan", "{{ form.recipients_label }}")
    writer.tag("{%p for line in recipients %}")
    item = writer.text("VTNoiNhanMuc", text)
    writer.tag("{%p endfor %}")
    for paragraph in (label, item) if is_kept else ():
        paragraph.paragraph_format.keep_with_next = True


def fill(paragraph: Paragraph, style_id: str, text: str) -> Paragraph:
    """Give an empty paragraph its style and text."""
    properties = paragraph._p.get_or_add_pPr()
    for old in properties.findall(qn("w:pStyle")):
        properties.remove(old)
    # first in w:pPr: the schema wants an order
    properties.insert(0, parse_xml(f'<w:pStyle {nsdecls("w")} w:val="{style_id}"/>'))
    if text:
        add_text(paragraph, text)
    return paragraph


def add_text(paragraph: Paragraph, text: str) -> Run:
    """A run whose spaces Word keeps as they are (the blank before `-KH/…` is several)."""
    run = paragraph.add_run(text)
    for node in run._r.iter(qn("w:t")):
        node.set(_XML_SPACE, "preserve")
    return run


def styled_table(document: Document, rows: int, style_id: str, widths_mm: Sequence[float]) -> Table:
    """A table of fixed widths in one of our table styles."""
    table: Table = document.add_table(rows=rows, cols=len(widths_mm))
    # the widths are the profile's: an automatic layout follows the text
    table.autofit = False
    properties = table._tbl.tblPr
    for old in properties.findall(qn("w:tblStyle")):
        properties.remove(old)
    properties.insert(0, parse_xml(f'<w:tblStyle {nsdecls("w")} w:val="{style_id}"/>'))
    # w:tblLook asks for the look of first rows and columns, which our table styles do not have
    for old in properties.findall(qn("w:tblLook")):
        properties.remove(old)
    width = properties.find(qn("w:tblW"))
    if width is not None:
        width.set(qn("w:type"), "dxa")
        width.set(qn("w:w"), str(twips(sum(widths_mm))))
    for column, width_mm in zip(table.columns, widths_mm, strict=True):
        column.width = Mm(width_mm)
        for cell in column.cells:
            cell.width = Mm(width_mm)
    return table


def mark_row(table: Table, index: int, *marks: str) -> None:
    """Mark a row: `cantSplit`, `tblHeader`."""
    properties = table.rows[index]._tr.get_or_add_trPr()
    for mark in marks:
        properties.append(OxmlElement(f"w:{mark}"))


def tag_row(table: Table, index: int, tag: str) -> None:
    """A row that is not printed, as wide as the table."""
    cells = table.rows[index].cells
    merged = cells[0].merge(cells[-1]) if len(cells) > 1 else cells[0]
    for extra in merged.paragraphs[1:]:
        extra._p.getparent().remove(extra._p)
    fill(merged.paragraphs[0], TAG_STYLE[0], tag)
