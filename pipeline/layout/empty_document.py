"""The empty official paper: a Word file with nothing in it but our styles' names, page furniture and settings."""

import datetime as dt
import io
from typing import Literal

from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Mm
from docx.text.paragraph import Paragraph
from PIL import Image, ImageDraw

from pipeline.layout.cells import fill

CODE_PICTURE = "vanthu-code"
# text and picture twice on each page: where a pen crossed one copy, the other was still read (decision 0006)
_CODE_MM = 15.0
_EMU_PER_MM = 36000

# sections are numbered by Word, since optional ones come and go (decision 0008)
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

# compatibility mode 15: without it Word opens the file as one of Word 2007 and lays it out otherwise
_SETTINGS = f"""<w:settings {nsdecls("w")}>
  <w:zoom w:percent="100"/><w:defaultTabStop w:val="567"/><w:autoHyphenation w:val="false"/>
  <w:characterSpacingControl w:val="doNotCompress"/>
  <w:compat>
    <w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/>
  </w:compat>
  <w:themeFontLang w:val="vi-VN" w:eastAsia="vi-VN"/><w:decimalSymbol w:val=","/><w:listSeparator w:val=";"/>
</w:settings>"""


#: In the place of python-docx's, which says that Word for Macintosh made the file.
APPLICATION = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Properties xmlns='
    b'"http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"><Application>vanthu</Application>'
    b"</Properties>"
)


def strip(document: Document) -> None:
    """Leave of python-docx's default file only what an official template needs."""
    package = document.part.package
    for relation in [each for each in package.rels.values() if each.reltype.endswith("/thumbnail")]:
        package.rels.pop(relation.rId)
    part = document.part
    for relation in list(part.rels.values()):
        # a theme would bring fonts of its own, which no profile names
        if relation.reltype.endswith(("/customXml", "/theme", "/webSettings", "/fontTable", "/stylesWithEffects")):
            part.rels.pop(relation.rId)
    _replace_children(part.numbering_part.element, _NUMBERING)
    _replace_children(document.styles.element, _STYLES)
    _replace_children(document.settings.element, _SETTINGS)
    facts = document.core_properties
    facts.author = facts.last_modified_by = facts.comments = facts.subject = ""
    facts.language = "vi-VN"
    # fixed: the same template gives the same bytes
    facts.created = facts.modified = dt.datetime(2022, 1, 1, tzinfo=dt.UTC)
    facts.revision = 1


def set_page(document: Document) -> None:
    """A4 upright, the first page with header and footer of its own."""
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    # no page number on the first page (HD05, NĐ30 Phụ lục I)
    section.different_first_page_header_footer = True


def add_headers_and_footers(document: Document, code_tag: str) -> None:
    """Page numbers, and the document's code on every page: text and picture at the top right and bottom left."""
    section = document.sections[0]
    # 15 mm of picture and 4 mm to the edge, as at the top
    foot_mm = round((section.page_height or Mm(297)).mm) - 19
    number = 1
    for first in (True, False):
        header = section.first_page_header if first else section.header
        header.is_linked_to_previous = False
        line = fill(header.paragraphs[0], "VTSoTrang", "")
        if not first:
            _page_number(line)
        _anchor_code(fill(header.add_paragraph(), "VTMaTren", code_tag), number, "right", 4)
        footer = section.first_page_footer if first else section.footer
        footer.is_linked_to_previous = False
        _anchor_code(fill(footer.paragraphs[0], "VTChanTrang", code_tag), number + 1, "left", foot_mm)
        number += 2


def _replace_children(element: object, xml: str) -> None:
    """Put the children of `xml` in the place of the element's own."""
    own = element
    for child in list(own):  # type: ignore[call-overload]
        own.remove(child)  # type: ignore[attr-defined]
    for child in list(parse_xml(xml)):
        own.append(child)  # type: ignore[attr-defined]


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
