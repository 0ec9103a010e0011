"""The common frame of an official template: what every kind has, written with python-docx.

A `Sheet` is a Word file with the named styles and nothing else; its methods add the head, the title, texts, tables,
the signature and the recipients, with the tags of docxtpl in them. `scripts/draw_templates.py` draws our templates
with it, and a new kind is scaffolded with it. What a sheet looks like is said by a profile (`dress`), never here.
"""

import copy
import io
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

import docx
from docx.document import Document
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.table import Table
from docx.text.paragraph import Paragraph

from pipeline.layout import blank
from pipeline.layout.applying import apply
from pipeline.layout.cells import (
    CellWriter,
    add_text,
    fill,
    fill_bold,
    mark_row,
    styled_table,
    tag_row,
    write_recipients,
    write_signature,
)
from pipeline.layout.profile import Profile, all_profiles
from pipeline.layout.styles import FOOT_TABLE, GRID_TABLE, HEAD_TABLE, LINED_TABLE, TAG_STYLE
from pipeline.ooxml import packed, parts_of_ours

CODE_TAG = "{{ document.code }}"


@dataclass(frozen=True)
class Column:
    """A column of a lined table: heading, width, the text (with tags) of its cells, and the style of the cells."""

    heading: str
    width_mm: float
    text: str
    style: Literal["VTBangGiua", "VTBangChu", "VTBangSo"] = "VTBangChu"


class Sheet:
    """A template under construction.

    `landscape` is for papers which are one wide table; `with_code` is False for a paper that never comes back signed:
    it has page numbers only. The tags go into the file's properties.
    """

    def __init__(
        self,
        *,
        landscape: bool = False,
        with_code: bool = True,
        code_tag: str = CODE_TAG,
        title_tag: str = "{{ document.title }}",
    ) -> None:
        self.document: Document = docx.Document()
        blank.strip(self.document)
        facts = self.document.core_properties
        facts.title, facts.keywords = title_tag, code_tag
        blank.set_page(self.document, landscape=landscape)
        blank.prepare(self.document, code_tag if with_code else "")

    # --- texts ---------------------------------------------------------------------------------------------------

    def text(self, style: str, text: str) -> Paragraph:
        """A paragraph in a named style."""
        return fill(self.document.add_paragraph(), style, text)

    def tag(self, tag: str) -> None:
        """A line that is not printed: `{%p for … %}`, `{%p if … %}`, `{%p endfor %}`."""
        fill(self.document.add_paragraph(), TAG_STYLE[0], tag)

    def each(self, loop: str, *texts: tuple[str, str]) -> None:
        """Paragraphs (style, text) repeated: `loop` is what stands after `for`."""
        self.tag("{%p for " + loop + " %}")
        for style, text in texts:
            self.text(style, text)
        self.tag("{%p endfor %}")

    def when(self, condition: str, *texts: tuple[str, str]) -> None:
        """Paragraphs (style, text) printed only when the condition holds."""
        self.tag("{%p if " + condition + " %}")
        for style, text in texts:
            self.text(style, text)
        self.tag("{%p endif %}")

    def grounds(self) -> None:
        """The căn cứ, with the form's dash and punctuation."""
        self.tag("{%p for ground in document.grounds %}")
        self.text(
            "VTCanCu",
            "{{ form.ground_start }}{{ ground }}"
            "{% if loop.last %}{{ form.ground_last }}{% else %}{{ form.ground_end }}{% endif %}",
        )
        self.tag("{%p endfor %}")

    # --- blocks --------------------------------------------------------------------------------------------------

    def head(self) -> None:
        """Names and title, number and date: a table without lines; the widths come from the profile."""
        table = self._bare_table(HEAD_TABLE[0], rows=2, widths_mm=(68, 97))
        names, title, number, date = table.cell(0, 0), table.cell(0, 1), table.cell(1, 0), table.cell(1, 1)
        left = CellWriter(names)
        left.each("line in document.parent_lines", "VTCapTren", "{{ line }}")
        left.each("line in document.issuer_lines", "VTCoQuan", "{{ line }}")
        left.text("VTDauCoQuan", "{{ document.issuer_mark }}")
        right = CellWriter(title)
        right.text("VTTieuDe", "{{ form.head_title }}")
        right.when("form.head_motto", "VTTieuNgu", "{{ form.head_motto }}")
        right.text("VTKeTieuDe", "")
        CellWriter(number).text("VTSo", "{{ document.number_line }}")
        CellWriter(date).text("VTNgay", "{{ document.place_date }}")

    def addressee(self, label: str, name: str) -> None:
        """Kính gửi: the label in the form's own style, the name upright."""
        paragraph = self.text("VTKinhGui", label)
        add_text(paragraph, name).italic = False

    def sides(self, left: str, right: str) -> None:
        """One line with a text at either margin (the top of an answer)."""
        table = self._bare_table(FOOT_TABLE[0], rows=1, widths_mm=(75, 90))
        CellWriter(table.cell(0, 0)).text("VTBangDam", left)
        CellWriter(table.cell(0, 1)).text("VTBangSo", right)

    def facts(self, lines: Sequence[tuple[str, str]], optional: Collection[str] = ()) -> None:
        """A small table without lines: label, and the value of a name; an optional one is left out while empty."""
        rows = sum(3 if name in optional else 1 for _, name in lines)
        table = self._bare_table(GRID_TABLE[0], rows=rows, widths_mm=(30, 135))
        row = 0
        for label, name in lines:
            if name in optional:
                tag_row(table, row, "{%tr if " + name + " %}")
                tag_row(table, row + 2, "{%tr endif %}")
                row += 1
            CellWriter(table.cell(row, 0)).text("VTBangChu", label + ":")
            CellWriter(table.cell(row, 1)).text("VTBangDam", "{{ " + name + " }}")
            row += 2 if name in optional else 1

    def title(self) -> None:
        """Name of the type, trích yếu, and the mark under it."""
        self.text("VTTenLoai", "{{ document.type_name }}")
        self.text("VTTrichYeu", "{{ document.subject }}")
        self.text("VTDauTrichYeu", "{{ document.subject_mark }}")

    def appendix_title(self) -> None:
        """Heading of an appendix, its own title, what it belongs to."""
        self.text("VTPhuLuc", "{{ document.appendix }}")
        self.text("VTPhuLucTen", "{{ document.subject | upper }}")
        self.when("document.guide_line", ("VTPhuLucKem", "{{ document.guide_line }}"))
        self.text("VTDauTrichYeu", "{{ document.subject_mark }}")

    def foot(self) -> None:
        """Nơi nhận at the left, the signature at the right; one row that is never split."""
        table = self._bare_table(FOOT_TABLE[0], rows=1, widths_mm=(75, 90))
        left = CellWriter(table.cell(0, 0))
        write_recipients(left)
        write_signature(CellWriter(table.cell(0, 1)), "signers.main")
        self._end()

    def paired_foot(self) -> None:
        """Two signatures side by side (minutes), and the recipients under the left one."""
        table = self._bare_table(FOOT_TABLE[0], rows=2, widths_mm=(75, 90))
        write_signature(CellWriter(table.cell(0, 0)), "signers.left")
        write_signature(CellWriter(table.cell(0, 1)), "signers.right")
        write_recipients(CellWriter(table.cell(1, 0)))
        CellWriter(table.cell(1, 1)).text("VTNoiNhanMuc", "")
        self._end()

    def grid(self) -> None:
        """The signature grid of a joint paper: two columns, three when many sign; rows are never split."""
        for columns in (2, 3):
            self.tag("{%p if signers.columns == " + str(columns) + " %}")
            self._grid(columns)
            self.tag("{%p endif %}")

    def witness(self) -> None:
        """The block of the body that witnesses a joint paper, centred under the grid; nothing when there is none."""
        self.tag("{%p if signers.witness %}")
        table = self._bare_table(GRID_TABLE[0], rows=1, widths_mm=(165,))
        writer = CellWriter(table.cell(0, 0))
        writer.each("line in signers.witness.organisation", "VTDonViKy", "{{ line }}")
        write_signature(writer, "signers.witness")
        self.tag("{%p endif %}")

    def recipients(self) -> None:
        """Nơi nhận by itself, under a signature grid."""
        table = self._bare_table(FOOT_TABLE[0], rows=1, widths_mm=(75, 90))
        write_recipients(CellWriter(table.cell(0, 0)))
        CellWriter(table.cell(0, 1)).text("VTHetBang", "")
        self._end()

    def new_section(self) -> None:
        """What follows begins a new page with its own page numbers (an appendix in the same file).

        Both sections have the same page and furniture, so the break may stand between `{%p if %}` and `{%p endif %}`.
        """
        own = self.document.sections[0]._sectPr
        paragraph = self.text("VTHetBang", "")
        paragraph._p.get_or_add_pPr().append(copy.deepcopy(own))
        start = OxmlElement("w:pgNumType")
        start.set(qn("w:start"), "1")
        margins = own.find(qn("w:pgMar"))
        if margins is not None:
            margins.addnext(start)

    def _grid(self, columns: int) -> None:
        table = self._bare_table(GRID_TABLE[0], rows=3, widths_mm=(165 / columns,) * columns)
        tag_row(table, 0, "{%tr for row in signers.rows %}")
        for place in range(columns):
            writer = CellWriter(table.cell(1, place))
            block = f"row[{place}]"
            writer.each(f"line in {block}.organisation", "VTDonViKy", "{{ line }}")
            write_signature(writer, block)
        tag_row(table, 2, "{%tr endfor %}")

    def table(self, loop: str, columns: Sequence[Column], *, total: Sequence[str] = ()) -> None:
        """A lined table: repeated heading row, one row for each turn of `loop`, an optional last row of totals."""
        table = self._lined_table(columns, rows=5 if total else 4)
        for cell, column in zip(table.rows[0].cells, columns, strict=True):
            CellWriter(cell).text("VTBangDau", column.heading)
            cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
        mark_row(table, 0, "cantSplit", "tblHeader")
        tag_row(table, 1, "{%tr for " + loop + " %}")
        for cell, column in zip(table.rows[2].cells, columns, strict=True):
            CellWriter(cell).text(column.style, column.text)
        mark_row(table, 2, "cantSplit")
        tag_row(table, 3, "{%tr endfor %}")
        if total:
            for cell, column, text in zip(table.rows[4].cells, columns, total, strict=True):
                fill_bold(CellWriter(cell).text(column.style, text))
            mark_row(table, 4, "cantSplit")

    # --- file ----------------------------------------------------------------------------------------------------

    def save(self, profile: Profile | None = None) -> bytes:
        """The finished .docx, dressed in `profile` (default: the Party form in force)."""
        target = io.BytesIO()
        self.document.save(target)
        shown = profile or [each for each in all_profiles().values() if each.family == "party"][-1]
        parts = parts_of_ours(target.getvalue())
        parts = {
            name: content
            for name, content in parts.items()
            if not name.startswith(("docProps/thumbnail", "customXml"))
        }
        parts["docProps/app.xml"] = blank.APPLICATION
        return apply(packed(parts), shown)

    def _bare_table(self, style: str, *, rows: int, widths_mm: Sequence[float]) -> Table:
        table = styled_table(self.document, rows, style, widths_mm)
        for index in range(rows):
            mark_row(table, index, "cantSplit")
        return table

    def _lined_table(self, columns: Sequence[Column], *, rows: int) -> Table:
        return styled_table(self.document, rows, LINED_TABLE[0], [column.width_mm for column in columns])

    def _end(self) -> None:
        """Word wants a paragraph after the last table: one that takes no room."""
        self.text("VTHetBang", "")
