"""The list of the documents in a dossier (mục lục văn bản, tài liệu): a Word page to print and lay in front of it.

Columns as archives bind them: order, number and symbol, day, author, type and subject, sheets, pages, remarks.
"""

import io
from typing import TYPE_CHECKING, Final

import docx
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from pipeline.archive.hand_over.dossier import Filled, Leaves, kept_for
from pipeline.ooxml import packed, parts_of_ours

if TYPE_CHECKING:
    from docx.document import Document
    from docx.table import Table, _Cell

HEADS: Final = (
    "Số TT",
    "Số, ký hiệu văn bản",
    "Ngày, tháng, năm văn bản",
    "Cơ quan ban hành",
    "Tên loại và trích yếu nội dung văn bản",
    "Tờ số",
    "Trang số",
    "Ghi chú",
)
_WIDTHS_MM: Final = (11, 32, 25, 45, 88, 16, 18, 22)
_FONT: Final = "Times New Roman"


def contents_list(dossier: Filled) -> bytes:
    """Write the list as a Word document: A4 across, the heads on every page."""
    document = docx.Document()
    _set_page(document)
    _line(document, dossier.organisation_name.upper(), is_bold=True)
    _line(document, f"{dossier.fonds.fonds_name} – {dossier.fonds.inventory_name or dossier.fonds.inventory}")
    _line(document, "MỤC LỤC VĂN BẢN, TÀI LIỆU", is_bold=True, points=14)
    kept = kept_for(dossier.retention_years)
    _line(document, f"Hồ sơ số {dossier.entry.number:04d} ({dossier.entry.code}): {dossier.entry.title}")
    _line(document, f"Thời hạn bảo quản: {kept}")
    table = document.add_table(rows=1, cols=len(HEADS))
    _set_table(table)
    _add_row(table.rows[0].cells, HEADS, is_head=True)
    for row in _rows(dossier):
        _add_row(table.add_row().cells, row)
    pages = f", {dossier.pages} trang" if dossier.pages else ""
    _line(document, f"Hồ sơ này có {len(dossier.papers)} văn bản{pages}.", is_left=True)
    made = io.BytesIO()
    document.save(made)
    return packed(parts_of_ours(made.getvalue()))


def _rows(dossier: Filled) -> list[tuple[str, ...]]:
    return [
        (
            str(order),
            paper.number or "–",
            f"{paper.on:%d/%m/%Y}" if paper.on else "–",
            paper.author,
            paper.title,
            _span(leaves, "sheets"),
            _span(leaves, "pages"),
            "\n".join((*([f"Số đến {paper.entered}"] if paper.entered else []), *paper.remarks)),
        )
        for order, (paper, leaves) in enumerate(zip(dossier.papers, dossier.leaves(), strict=True), start=1)
    ]


def _span(leaves: Leaves, of: str) -> str:
    begins, ends = leaves.sheets if of == "sheets" else leaves.pages
    if not ends:
        return "–"
    return str(begins) if begins == ends else f"{begins}–{ends}"


def _set_page(document: "Document") -> None:
    style = document.styles["Normal"]
    style.font.name, style.font.size = _FONT, Pt(13)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), _FONT)
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.left_margin, section.right_margin = Mm(25), Mm(15)
    section.top_margin = section.bottom_margin = Mm(20)


def _line(document: "Document", text: str, *, is_bold: bool = False, points: int = 13, is_left: bool = False) -> None:
    paragraph = document.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.LEFT if is_left else WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.space_after = Pt(4)
    if is_left:
        paragraph.paragraph_format.space_before = Pt(8)
    run = paragraph.add_run(text)
    run.bold, run.font.size = is_bold, Pt(points)


def _set_table(table: "Table") -> None:
    table.style = "Table Grid"
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    for column, width in zip(table.columns, _WIDTHS_MM, strict=True):
        column.width = Mm(width)
    # a list of several sheets of paper says on each what its columns are
    header = OxmlElement("w:tblHeader")
    table.rows[0]._tr.get_or_add_trPr().append(header)


def _add_row(cells: "tuple[_Cell, ...]", texts: tuple[str, ...], *, is_head: bool = False) -> None:
    for at, (cell, text, width) in enumerate(zip(cells, texts, _WIDTHS_MM, strict=True)):
        cell.width = Mm(width)
        paragraph = cell.paragraphs[0]
        # titles and remarks are read, the rest is looked up
        is_centred = is_head or at not in {3, 4, 7}
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER if is_centred else WD_ALIGN_PARAGRAPH.LEFT
        paragraph.paragraph_format.space_after = Pt(0)
        run = paragraph.add_run(text)
        run.bold, run.font.size = is_head, Pt(11)
