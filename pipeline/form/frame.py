"""The common frame of an official template: what every kind has, written with python-docx.

A `Sheet` is a Word file with the named styles and nothing else; its methods add the head, the title, texts, tables,
the signature and the recipients, with the tags of docxtpl in them. `scripts/draw_templates.py` draws our templates
with it, and a new kind is scaffolded with it. What a sheet looks like is said by a profile (`dress`), never here.
"""

import copy
import datetime as dt
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import docx
from docx.document import Document
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.section import Section
from docx.shared import Mm
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph
from docx.text.run import Run
from PIL import Image, ImageDraw

from pipeline.form.dress import dress, twips
from pipeline.form.package import packed, parts_of
from pipeline.form.profile import Profile, all_profiles
from pipeline.form.styles import FOOT_TABLE, GRID_TABLE, HEAD_TABLE, LINED_TABLE, TAG_STYLE

CODE_PICTURE = "vanthu-code"
CODE_TAG = "{{ document.code }}"
_CODE_MM = 15.0
_EMU_PER_MM = 36000

_NUMBERING = f"""<w:numbering {nsdecls("w")}>
  <w:abstractNum w:abstractNumId="1"><w:multiLevelType w:val="multilevel"/>
    <w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="upperRoman"/><w:pStyle w:val="VTMuc"/>
      <w:suff w:val="space"/><w:lvlText w:val="%1-"/><w:lvlJc w:val="left"/></w:lvl>
    <w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:pStyle w:val="VTMucNho"/>
      <w:suff w:val="space"/><w:lvlText w:val="%2."/><w:lvlJc w:val="left"/></w:lvl>
  </w:abstractNum>
  <w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num>
</w:numbering>"""

_STYLES = f"""<w:styles {nsdecls("w")}>
  <w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>
  <w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">
    <w:name w:val="Default Paragraph Font"/><w:uiPriority w:val="1"/><w:semiHidden/></w:style>
  <w:style w:type="table" w:default="1" w:styleId="TableNormal">
    <w:name w:val="Normal Table"/><w:uiPriority w:val="99"/><w:semiHidden/>
    <w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar><w:top w:w="0" w:type="dxa"/><w:left w:w="0" w:type="dxa"/>
      <w:bottom w:w="0" w:type="dxa"/><w:right w:w="0" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>
  <w:style w:type="numbering" w:default="1" w:styleId="NoList"><w:name w:val="No List"/><w:semiHidden/></w:style>
</w:styles>"""

_SETTINGS = f"""<w:settings {nsdecls("w")}>
  <w:zoom w:percent="100"/><w:defaultTabStop w:val="567"/><w:autoHyphenation w:val="false"/>
  <w:characterSpacingControl w:val="doNotCompress"/>
  <w:compat>
    <w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/>
  </w:compat>
  <w:themeFontLang w:val="vi-VN" w:eastAsia="vi-VN"/><w:decimalSymbol w:val=","/><w:listSeparator w:val=";"/>
</w:settings>"""


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
        self._strip()
        facts = self.document.core_properties
        facts.title, facts.keywords = title_tag, code_tag
        self._set_section(landscape=landscape)
        self._furnish(with_code=with_code)

    # --- texts ---------------------------------------------------------------------------------------------------

    def text(self, style: str, text: str) -> Paragraph:
        """A paragraph in a named style."""
        return _fill(self.document.add_paragraph(), style, text)

    def tag(self, tag: str) -> None:
        """A line that is not printed: `{%p for … %}`, `{%p if … %}`, `{%p endfor %}`."""
        _fill(self.document.add_paragraph(), TAG_STYLE[0], tag)

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
        left = _CellWriter(names)
        left.each("line in document.parent_lines", "VTCapTren", "{{ line }}")
        left.each("line in document.issuer_lines", "VTCoQuan", "{{ line }}")
        left.text("VTDauCoQuan", "{{ document.issuer_mark }}")
        right = _CellWriter(title)
        right.text("VTTieuDe", "{{ form.head_title }}")
        right.when("form.head_motto", "VTTieuNgu", "{{ form.head_motto }}")
        right.text("VTKeTieuDe", "")
        _CellWriter(number).text("VTSo", "{{ document.number_line }}")
        _CellWriter(date).text("VTNgay", "{{ document.place_date }}")

    def addressee(self, label: str, name: str) -> None:
        """Kính gửi: the label in the form's own style, the name upright."""
        paragraph = self.text("VTKinhGui", label)
        _add_text(paragraph, name).italic = False

    def sides(self, left: str, right: str) -> None:
        """One line with a text at either margin (the top of an answer)."""
        table = self._bare_table(FOOT_TABLE[0], rows=1, widths_mm=(75, 90))
        _CellWriter(table.cell(0, 0)).text("VTBangDam", left)
        _CellWriter(table.cell(0, 1)).text("VTBangSo", right)

    def facts(self, lines: Sequence[tuple[str, str]]) -> None:
        """A small table without lines: label, and the value of a name; a line whose value is empty is left out."""
        table = self._bare_table(GRID_TABLE[0], rows=3 * len(lines), widths_mm=(30, 135))
        for index, (label, name) in enumerate(lines):
            _tag_row(table, 3 * index, "{%tr if " + name + " %}")
            _CellWriter(table.cell(3 * index + 1, 0)).text("VTBangChu", label + ":")
            _CellWriter(table.cell(3 * index + 1, 1)).text("VTBangDam", "{{ " + name + " }}")
            _tag_row(table, 3 * index + 2, "{%tr endif %}")

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
        left = _CellWriter(table.cell(0, 0))
        write_recipients(left)
        write_signature(_CellWriter(table.cell(0, 1)), "signers.main")
        self._end()

    def paired_foot(self) -> None:
        """Two signatures side by side (minutes), and the recipients under the left one."""
        table = self._bare_table(FOOT_TABLE[0], rows=2, widths_mm=(75, 90))
        write_signature(_CellWriter(table.cell(0, 0)), "signers.left")
        write_signature(_CellWriter(table.cell(0, 1)), "signers.right")
        write_recipients(_CellWriter(table.cell(1, 0)))
        _CellWriter(table.cell(1, 1)).text("VTNoiNhanMuc", "")
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
        writer = _CellWriter(table.cell(0, 0))
        writer.each("line in signers.witness.organisation", "VTDonViKy", "{{ line }}")
        write_signature(writer, "signers.witness")
        self.tag("{%p endif %}")

    def recipients(self) -> None:
        """Nơi nhận by itself, under a signature grid."""
        write_recipients(_CellWriter(self._bare_table(FOOT_TABLE[0], rows=1, widths_mm=(75, 90)).cell(0, 0)))
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
        _tag_row(table, 0, "{%tr for row in signers.rows %}")
        for place in range(columns):
            writer = _CellWriter(table.cell(1, place))
            block = f"row[{place}]"
            writer.each(f"line in {block}.organisation", "VTDonViKy", "{{ line }}")
            write_signature(writer, block)
        _tag_row(table, 2, "{%tr endfor %}")

    def table(self, loop: str, columns: Sequence[Column], *, total: Sequence[str] = ()) -> None:
        """A lined table: repeated heading row, one row for each turn of `loop`, an optional last row of totals."""
        table = self._lined_table(columns, rows=5 if total else 4)
        for cell, column in zip(table.rows[0].cells, columns, strict=True):
            _CellWriter(cell).text("VTBangDau", column.heading)
            cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
        _mark_row(table, 0, "cantSplit", "tblHeader")
        _tag_row(table, 1, "{%tr for " + loop + " %}")
        for cell, column in zip(table.rows[2].cells, columns, strict=True):
            _CellWriter(cell).text(column.style, column.text)
        _mark_row(table, 2, "cantSplit")
        _tag_row(table, 3, "{%tr endfor %}")
        if total:
            for cell, column, text in zip(table.rows[4].cells, columns, total, strict=True):
                _fill_bold(_CellWriter(cell).text(column.style, text))
            _mark_row(table, 4, "cantSplit")

    # --- file ----------------------------------------------------------------------------------------------------

    def save(self, profile: Profile | None = None) -> bytes:
        """The finished .docx, dressed in `profile` (default: the Party form in force)."""
        target = io.BytesIO()
        self.document.save(target)
        shown = profile or [each for each in all_profiles().values() if each.family == "party"][-1]
        parts = parts_of(target.getvalue())
        parts = {
            name: content
            for name, content in parts.items()
            if not name.startswith(("docProps/thumbnail", "customXml"))
        }
        return dress(packed(parts), shown)

    def _strip(self) -> None:
        """Leave of python-docx's default file only what an official template needs."""
        package = self.document.part.package
        for relation in [each for each in package.rels.values() if each.reltype.endswith("/thumbnail")]:
            package.rels.pop(relation.rId)
        part = self.document.part
        for relation in list(part.rels.values()):
            if relation.reltype.endswith(
                ("/customXml", "/theme", "/webSettings", "/fontTable", "/stylesWithEffects")
            ):
                part.rels.pop(relation.rId)
        _replace_children(part.numbering_part.element, _NUMBERING)
        _replace_children(self.document.styles.element, _STYLES)
        _replace_children(self.document.settings.element, _SETTINGS)
        facts = self.document.core_properties
        facts.author = facts.last_modified_by = facts.comments = facts.subject = ""
        facts.language = "vi-VN"
        facts.created = facts.modified = dt.datetime(2022, 1, 1, tzinfo=dt.UTC)
        facts.revision = 1

    def _set_section(self, *, landscape: bool) -> None:
        section = self.document.sections[0]
        size = section._sectPr.get_or_add_pgSz()
        if landscape:
            size.set(qn("w:orient"), "landscape")
        section.page_width, section.page_height = (Mm(297), Mm(210)) if landscape else (Mm(210), Mm(297))
        section.different_first_page_header_footer = True

    def _furnish(self, *, with_code: bool) -> None:
        """Page numbers, and the document's code on every page: text and picture at the top right and bottom left."""
        section = self.document.sections[0]
        foot_mm = (210 if section._sectPr.get_or_add_pgSz().get(qn("w:orient")) == "landscape" else 297) - 19
        number = 1
        for first in (True, False):
            header = section.first_page_header if first else section.header
            header.is_linked_to_previous = False
            line = _fill(header.paragraphs[0], "VTSoTrang", "")
            if not first:
                _page_number(line)
            if not with_code:
                continue
            code = _fill(header.add_paragraph(), "VTMaTren", CODE_TAG)
            _anchor_code(code, number, "right", 4)
            footer = section.first_page_footer if first else section.footer
            footer.is_linked_to_previous = False
            _anchor_code(_fill(footer.paragraphs[0], "VTChanTrang", CODE_TAG), number + 1, "left", foot_mm)
            number += 2

    def _bare_table(self, style: str, *, rows: int, widths_mm: Sequence[float]) -> Table:
        table = _styled_table(self.document, rows, style, widths_mm)
        for index in range(rows):
            _mark_row(table, index, "cantSplit")
        return table

    def _lined_table(self, columns: Sequence[Column], *, rows: int) -> Table:
        return _styled_table(self.document, rows, LINED_TABLE[0], [column.width_mm for column in columns])

    def _end(self) -> None:
        """Word wants a paragraph after the last table: one that takes no room."""
        self.text("VTHetBang", "")


class _CellWriter:
    """Writes paragraphs into a cell, beginning with the empty one every cell has."""

    def __init__(self, cell: _Cell) -> None:
        self._cell = cell
        self._is_fresh = True

    def text(self, style: str, text: str) -> Paragraph:
        paragraph = self._cell.paragraphs[0] if self._is_fresh else self._cell.add_paragraph()
        self._is_fresh = False
        return _fill(paragraph, style, text)

    def tag(self, tag: str) -> None:
        self.text(TAG_STYLE[0], tag)

    def each(self, loop: str, style: str, text: str) -> None:
        self.tag("{%p for " + loop + " %}")
        self.text(style, text)
        self.tag("{%p endfor %}")

    def when(self, condition: str, style: str, text: str) -> None:
        self.tag("{%p if " + condition + " %}")
        self.text(style, text)
        self.tag("{%p endif %}")


def write_signature(cell: _CellWriter, block: str) -> None:
    """Authority, titles, room for the signature, name."""
    cell.when(f"{block}.authority", "VTQuyenHan", "{{ " + block + ".authority }}")
    cell.each(f"line in {block}.titles", "VTChucVu", "{{ line }}")
    cell.text("VTHoTen", "{{ " + block + ".name }}")


def write_recipients(cell: _CellWriter) -> None:
    """Nơi nhận and its list, or nothing."""
    cell.when("recipients", "VTNoiNhan", "{{ form.recipients_label }}")
    cell.each(
        "line in recipients",
        "VTNoiNhanMuc",
        "{{ form.recipient_start }}{{ line }}"
        "{% if loop.last %}{{ form.recipient_last }}{% else %}{{ form.recipient_end }}{% endif %}",
    )
    cell.text("VTHetBang", "")


def _fill(paragraph: Paragraph, style_id: str, text: str) -> Paragraph:
    properties = paragraph._p.get_or_add_pPr()
    for old in properties.findall(qn("w:pStyle")):
        properties.remove(old)
    properties.insert(0, parse_xml(f'<w:pStyle {nsdecls("w")} w:val="{style_id}"/>'))
    if text:
        _add_text(paragraph, text)
    return paragraph


def _add_text(paragraph: Paragraph, text: str) -> Run:
    """A run whose spaces Word keeps as they are (the blank before `-KH/…` is several)."""
    run = paragraph.add_run(text)
    for node in run._r.iter(qn("w:t")):
        node.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    return run


def _fill_bold(paragraph: Paragraph) -> None:
    for run in paragraph.runs:
        run.bold = True


def _replace_children(element: object, xml: str) -> None:
    """Put the children of `xml` in the place of the element's own."""
    own = element
    for child in list(own):  # type: ignore[call-overload]
        own.remove(child)  # type: ignore[attr-defined]
    for child in list(parse_xml(xml)):
        own.append(child)  # type: ignore[attr-defined]


def _styled_table(document: Document, rows: int, style_id: str, widths_mm: Sequence[float]) -> Table:
    table: Table = document.add_table(rows=rows, cols=len(widths_mm))
    table.autofit = False
    properties = table._tbl.tblPr
    for old in properties.findall(qn("w:tblStyle")):
        properties.remove(old)
    properties.insert(0, parse_xml(f'<w:tblStyle {nsdecls("w")} w:val="{style_id}"/>'))
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


def _mark_row(table: Table, index: int, *marks: str) -> None:
    properties = table.rows[index]._tr.get_or_add_trPr()
    for mark in marks:
        properties.append(OxmlElement(f"w:{mark}"))


def _tag_row(table: Table, index: int, tag: str) -> None:
    """A row that is not printed, as wide as the table."""
    cells = table.rows[index].cells
    merged = cells[0].merge(cells[-1]) if len(cells) > 1 else cells[0]
    for extra in merged.paragraphs[1:]:
        extra._p.getparent().remove(extra._p)
    _fill(merged.paragraphs[0], TAG_STYLE[0], tag)


def _page_number(paragraph: Paragraph) -> None:
    for kind, text in (("begin", ""), ("", " PAGE "), ("separate", ""), ("text", "2"), ("end", "")):
        run = paragraph.add_run()
        if kind == "text":
            run.text = text
        elif kind:
            run._r.append(parse_xml(f'<w:fldChar {nsdecls("w")} w:fldCharType="{kind}"/>'))
        else:
            run._r.append(parse_xml(f'<w:instrText {nsdecls("w")} xml:space="preserve">{text}</w:instrText>'))


def _placeholder() -> io.BytesIO:
    """What a clerk sees in Word where the code's picture will be."""
    picture = Image.new("1", (150, 150), 1)
    drawing = ImageDraw.Draw(picture)
    drawing.rectangle((4, 4, 145, 145), outline=0, width=4)
    drawing.line((4, 4, 145, 145), fill=0, width=2)
    drawing.line((4, 145, 145, 4), fill=0, width=2)
    target = io.BytesIO()
    picture.save(target, "PNG")
    target.seek(0)
    return target


def _anchor_code(paragraph: Paragraph, number: int, side: Literal["left", "right"], top_mm: float) -> None:
    """Float the placeholder picture at a fixed place of the page; it moves no text."""
    run = paragraph.add_run()
    relation, _ = paragraph.part.get_or_add_image(_placeholder())
    extent = round(_CODE_MM * _EMU_PER_MM)
    run._r.append(
        parse_xml(
            f"""<w:drawing {nsdecls("w", "wp", "a", "pic", "r")}>
<wp:anchor distT="0" distB="0" distL="0" distR="0" simplePos="0" relativeHeight="{number}" behindDoc="1" locked="1"
 layoutInCell="0" allowOverlap="1"><wp:simplePos x="0" y="0"/>
<wp:positionH relativeFrom="margin"><wp:align>{side}</wp:align></wp:positionH>
<wp:positionV relativeFrom="page"><wp:posOffset>{round(top_mm * _EMU_PER_MM)}</wp:posOffset></wp:positionV>
<wp:extent cx="{extent}" cy="{extent}"/><wp:effectExtent l="0" t="0" r="0" b="0"/><wp:wrapNone/>
<wp:docPr id="{number}" name="{CODE_PICTURE}" descr="{CODE_PICTURE}" title="{CODE_PICTURE}"/><wp:cNvGraphicFramePr/>
<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic>
<pic:nvPicPr><pic:cNvPr id="{number}" name="{CODE_PICTURE}" descr="{CODE_PICTURE}"/><pic:cNvPicPr/></pic:nvPicPr>
<pic:blipFill><a:blip r:embed="{relation}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>
<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{extent}" cy="{extent}"/></a:xfrm>
<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic>
</wp:anchor></w:drawing>"""
        )
    )


def text_width_mm(section: Section) -> float:
    """Room between the margins of a section."""
    room = (section.page_width or 0) - (section.left_margin or 0) - (section.right_margin or 0)
    return room / _EMU_PER_MM
