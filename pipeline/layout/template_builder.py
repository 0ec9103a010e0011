"""The common frame of an official template: what every kind has, written with python-docx.

A `TemplateBuilder` holds a Word file with the named styles and nothing else; its methods add the head, the title,
texts, tables, the signature and the recipients, with the tags of docxtpl in them. A new kind is scaffolded with it;
from then on its template is edited in Word. What a template looks like is said by a profile (`layout.apply`), never
here.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import docx
from docx.document import Document
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT
from docx.table import Table

from pipeline.layout import empty_document
from pipeline.layout.applying import apply
from pipeline.layout.cells import (
    CellWriter,
    ParagraphWriter,
    mark_row,
    styled_table,
    tag_row,
    write_long_recipients,
    write_recipients,
    write_signature,
)
from pipeline.layout.profile import Profile, all_profiles
from pipeline.layout.styles import FOOT_TABLE, HEAD_TABLE, LINED_TABLE
from pipeline.ooxml import packed, parts_of_ours

CODE_TAG = "{{ document.code }}"


@dataclass(frozen=True)
class Column:
    """A column of a lined table: heading, width, the text (with tags) of its cells, and the style of the cells."""

    heading: str
    width_mm: float
    text: str
    style: Literal["VTBangGiua", "VTBangChu", "VTBangSo"] = "VTBangChu"


class TemplateBuilder(ParagraphWriter):
    """A template under construction; title and code of the document go into the file's properties, too."""

    def __init__(self) -> None:
        self.document: Document = docx.Document()
        super().__init__(self.document.add_paragraph)
        empty_document.strip(self.document)
        facts = self.document.core_properties
        facts.title, facts.keywords = "{{ document.title }}", CODE_TAG
        empty_document.set_page(self.document)
        empty_document.add_headers_and_footers(self.document, CODE_TAG)

    def grounds(self) -> None:
        """The căn cứ, with the form's dash and punctuation."""
        text = (
            "{{ form.ground_start }}{{ ground }}"
            "{% if loop.last %}{{ form.ground_last }}{% else %}{{ form.ground_end }}{% endif %}"
        )
        self.each("ground in document.grounds", ("VTCanCu", text))

    # --- blocks --------------------------------------------------------------------------------------------------

    def head(self) -> None:
        """Names and title, number and date: a table without lines; the widths come from the profile."""
        # only to begin with: `apply` puts the profile's widths in their place
        table = self._bare_table(HEAD_TABLE[0], rows=2, widths_mm=(68, 97))
        names, title, number, date = table.cell(0, 0), table.cell(0, 1), table.cell(1, 0), table.cell(1, 1)
        left = CellWriter(names)
        left.each("line in document.parent_lines", ("VTCapTren", "{{ line }}"))
        left.each("line in document.issuer_lines", ("VTCoQuan", "{{ line }}"))
        left.text("VTDauCoQuan", "{{ document.issuer_mark }}")
        right = CellWriter(title)
        right.text("VTTieuDe", "{{ form.head_title }}")
        right.when("form.head_motto", ("VTTieuNgu", "{{ form.head_motto }}"))
        right.text("VTKeTieuDe", "")
        CellWriter(number).text("VTSo", "{{ document.number_line }}")
        CellWriter(date).text("VTNgay", "{{ document.place_date }}")

    def title(self) -> None:
        """Name of the type, trích yếu, and the mark under it."""
        self.text("VTTenLoai", "{{ document.type_name }}")
        self.text("VTTrichYeu", "{{ document.subject_printed }}")
        self.text("VTDauTrichYeu", "{{ document.subject_mark }}")

    def foot(self) -> None:
        """Nơi nhận at the left, the signature at the right, in one row that is never split; a long list below it."""
        table = self._bare_table(FOOT_TABLE[0], rows=1, widths_mm=(75, 90))
        left = CellWriter(table.cell(0, 0))
        write_recipients(left)
        write_signature(CellWriter(table.cell(0, 1)), "signers.main")
        write_long_recipients(self)
        self._end()

    def table(self, loop: str, columns: Sequence[Column]) -> None:
        """A lined table: repeated heading row, one row for each turn of `loop`."""
        table = styled_table(self.document, 4, LINED_TABLE[0], [column.width_mm for column in columns])
        for cell, column in zip(table.rows[0].cells, columns, strict=True):
            CellWriter(cell).text("VTBangDau", column.heading)
            cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
        mark_row(table, 0, "cantSplit", "tblHeader")
        tag_row(table, 1, "{%tr for " + loop + " %}")
        for cell, column in zip(table.rows[2].cells, columns, strict=True):
            CellWriter(cell).text(column.style, column.text)
        mark_row(table, 2, "cantSplit")
        tag_row(table, 3, "{%tr endfor %}")

    # --- file ----------------------------------------------------------------------------------------------------

    def save(self, profile: Profile | None = None) -> bytes:
        """The finished .docx, laid out in `profile` (default: the newest of the family that is presumed)."""
        target = io.BytesIO()
        self.document.save(target)
        # profiles stand oldest first: the last of a family is in force
        shown = profile or [each for each in all_profiles().values() if each.is_presumed][-1]
        parts = parts_of_ours(target.getvalue())
        parts = {
            name: content
            for name, content in parts.items()
            if not name.startswith(("docProps/thumbnail", "customXml"))
        }
        parts["docProps/app.xml"] = empty_document.APPLICATION
        return apply(packed(parts), shown)

    def _bare_table(self, style: str, *, rows: int, widths_mm: Sequence[float]) -> Table:
        table = styled_table(self.document, rows, style, widths_mm)
        # "keep with next" in the cells made LibreOffice carry a whole grid to a new page; whole rows do not (decision
        # 0008)
        for index in range(rows):
            mark_row(table, index, "cantSplit")
        return table

    def _end(self) -> None:
        """Word wants a paragraph after the last table: one that takes no room."""
        self.text("VTHetBang", "")
