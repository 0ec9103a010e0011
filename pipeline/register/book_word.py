"""The register as a Word file: each volume with its cover, then its pages, A4 lying across.

Same volumes, same bytes.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final
from xml.sax.saxutils import escape

from pipeline.ooxml import packed
from pipeline.register import pages as layout
from pipeline.register.books import Cover, Volume
from pipeline.register.pages import Band, Mark, Page, Paged, Printed, paged

_XML: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_W: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_WORD: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_DRAWING: Final = "http://schemas.openxmlformats.org/drawingml/2006"
_NAMES: Final = f'xmlns:w="{_W}" xmlns:r="{_R}"'
_EMU_PER_MM: Final = 36_000
_BORDERS: Final = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
    for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)
_COVER_BORDERS: Final = '<w:pgBorders w:offsetFrom="page">{}</w:pgBorders>'.format(
    "".join(
        f'<w:{side} w:val="single" w:sz="12" w:space="24" w:color="000000"/>'
        for side in ("top", "left", "bottom", "right")
    )
)
_STYLES: Final = (
    f"{_XML}<w:styles {_NAMES}><w:docDefaults><w:rPrDefault><w:rPr>"
    '<w:rFonts w:ascii="Times New Roman" w:eastAsia="Times New Roman" w:hAnsi="Times New Roman" '
    f'w:cs="Times New Roman"/><w:sz w:val="{round(layout.SIZE * 2)}"/><w:lang w:val="vi-VN"/></w:rPr></w:rPrDefault>'
    '<w:pPrDefault><w:pPr><w:spacing w:before="0" w:after="0"/></w:pPr></w:pPrDefault></w:docDefaults>'
    '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style></w:styles>'
)
_SETTINGS: Final = (
    f'{_XML}<w:settings {_NAMES}><w:zoom w:percent="100"/><w:compat><w:compatSetting w:name="compatibilityMode" '
    'w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat></w:settings>'
)
#: What no XML file may hold (XML 1.0, 2.2), line breaks of our texts aside.
_NOT_XML: Final = re.compile("[^\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
#: A paragraph that only ends something takes no room.
_THIN: Final = '<w:spacing w:line="20" w:lineRule="exact"/>'
_NO_FOOT: Final = f"{_XML}<w:ftr {_NAMES}><w:p/></w:ftr>"


def register_word(volumes: Sequence[Volume], mark: Mark) -> bytes:
    """Write the volumes one after the other; an empty register is one page that says so."""
    books = [paged(volume) for volume in volumes]
    body = "".join(part for at, book in enumerate(books, start=1) for part in _volume(book, at, len(books)))
    if not books:
        body = _paragraph(_run("Sổ đăng ký chưa có số nào."), "center") + _section(0)
    feet = {f"word/footer{at}.xml": _foot(book, mark) for at, book in enumerate(books, start=1)}
    feet["word/footer0.xml"] = _NO_FOOT
    parts = {
        "[Content_Types].xml": _content_types(feet),
        "_rels/.rels": _relations([("rId1", "officeDocument", "word/document.xml")]),
        "word/document.xml": f"{_XML}<w:document {_NAMES}><w:body>{body}</w:body></w:document>",
        "word/styles.xml": _STYLES,
        "word/settings.xml": _SETTINGS,
        "word/_rels/document.xml.rels": _relations(
            [("rId1", "styles", "styles.xml"), ("rId2", "settings", "settings.xml")]
            + [(f"rIdF{at}", "footer", f"footer{at}.xml") for at in range(len(feet))]
        ),
        **feet,
    }
    files = {name: text.encode() for name, text in parts.items()}
    if mark.picture:
        files["word/media/mark.png"] = mark.picture
        picture = _relations([("rId1", "image", "media/mark.png")]).encode()
        files |= {f"word/_rels/footer{at}.xml.rels": picture for at in range(1, len(feet))}
    return packed(files)


def _content_types(feet: Iterable[str]) -> str:
    parts = {
        "word/document.xml": "document.main",
        "word/styles.xml": "styles",
        "word/settings.xml": "settings",
        **dict.fromkeys(feet, "footer"),
    }
    overrides = "".join(
        f'<Override PartName="/{name}" ContentType="{_WORD}.{part}+xml"/>' for name, part in parts.items()
    )
    return (
        f'{_XML}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" '
        f'ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/>{overrides}</Types>'
    )


def _relations(of: Iterable[tuple[str, str, str]]) -> str:
    lines = "".join(f'<Relationship Id="{name}" Type="{_R}/{part}" Target="{target}"/>' for name, part, target in of)
    return f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">{lines}</Relationships>'


def _volume(book: Paged, at: int, volumes: int) -> Iterator[str]:
    yield from _cover(book.volume.cover)
    for page in book.pages:
        yield _table(book, page)
        if page is not book.pages[-1]:
            # Word wants a paragraph between two tables: the one that breaks the page
            yield f'<w:p><w:pPr>{_THIN}</w:pPr><w:r><w:br w:type="page"/></w:r></w:p>'
    # the last section of a Word file stands at its end, those before in their last paragraphs
    ended = _section(at, starts_counting=True)
    # either way after a paragraph: none may begin right after a table
    yield f"<w:p><w:pPr>{_THIN}</w:pPr></w:p>{ended}" if at == volumes else _ending(ended)


def _ending(section: str) -> str:
    return f"<w:p><w:pPr>{_THIN}{section}</w:pPr></w:p>"


def _cover(cover: Cover) -> Iterator[str]:
    yield _paragraph("", before=600)
    for text in cover.parent_lines:
        yield _paragraph(_run(text.upper(), 14), "center")
    yield _paragraph(_run(cover.issuer.upper(), 14, is_bold=True), "center")
    yield _paragraph(_run(cover.title, 24, is_bold=True), "center", before=2000, after=400)
    for text in cover.lines:
        yield _paragraph(_run(text, 15), "center", before=220)
    yield _ending(_section(0, is_cover=True))


def _section(foot: int, *, is_cover: bool = False, starts_counting: bool = False) -> str:
    """The end of a stretch of pages: size and margins, the foot, on a cover a frame."""
    margins = {
        "top": layout.TOP_MM,
        "right": layout.RIGHT_MM,
        "bottom": layout.FOOT_MM + layout.BOTTOM_MM,
        "left": layout.LEFT_MM,
        "header": layout.BOTTOM_MM,
        "footer": layout.BOTTOM_MM,
        "gutter": 0.0,
    }
    attributes = " ".join(f'w:{side}="{_twips(size)}"' for side, size in margins.items())
    return (
        f'<w:sectPr><w:footerReference w:type="default" r:id="rIdF{foot}"/><w:type w:val="nextPage"/>'
        f'<w:pgSz w:w="{_twips(layout.WIDTH_MM)}" w:h="{_twips(layout.HEIGHT_MM)}" w:orient="landscape"/>'
        f"<w:pgMar {attributes}/>"
        + (_COVER_BORDERS if is_cover else "")
        + ('<w:pgNumType w:start="1"/>' if starts_counting else "")
        + "</w:sectPr>"
    )


def _twips(mm: float) -> int:
    return round(mm * 1440 / 25.4)


def _paragraph(runs: str, align: str = "", *, before: int = 0, after: int = 0) -> str:
    spacing = f'<w:spacing w:before="{before}" w:after="{after}"/>' if before or after else ""
    jc = f'<w:jc w:val="{align}"/>' if align else ""
    return f"<w:p><w:pPr>{spacing}{jc}</w:pPr>{runs}</w:p>"


def _run(
    text: str, size: float = layout.SIZE, *, is_bold: bool = False, is_italic: bool = False, is_struck: bool = False
) -> str:
    looks = (
        ("<w:b/>" if is_bold else "")
        + ("<w:i/>" if is_italic else "")
        + ("<w:strike/>" if is_struck else "")
        + f'<w:sz w:val="{round(size * 2)}"/>'
    )
    whole = _NOT_XML.sub("", text).split("\n")
    lines = f"</w:t><w:br/><w:t{_KEEP}>".join(escape(line) for line in whole)
    return f"<w:r><w:rPr>{looks}</w:rPr><w:t{_KEEP}>{lines}</w:t></w:r>"


_KEEP: Final = ' xml:space="preserve"'


def _table(book: Paged, page: Page) -> str:
    columns = book.volume.columns
    widths = [column.width_mm for column in columns]
    grid = "".join(f'<w:gridCol w:w="{_twips(width)}"/>' for width in widths)
    size = layout.HEAD_SIZE
    heads = [_cell(_run(column.head, size, is_bold=True), column.width_mm, "center", "center") for column in columns]
    counts = [
        _cell(_run(f"({at})", size, is_italic=True), width, "center", "center") for at, width in enumerate(widths, 1)
    ]
    rows = [_row(heads, book.head_mm), _row(counts, layout.COUNT_MM)]
    for row in page.rows:
        cells = [_band(row, sum(widths), len(widths))] if isinstance(row, Band) else list(_number(book, row))
        rows.append(_row(cells, row.height_mm))
    pad = _twips(layout.PAD_MM)
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{_twips(sum(widths))}" w:type="dxa"/><w:tblInd w:w="0" w:type="dxa"/>'
        f'<w:tblBorders>{_BORDERS}</w:tblBorders><w:tblLayout w:type="fixed"/><w:tblCellMar>'
        f'<w:left w:w="{pad}" w:type="dxa"/><w:right w:w="{pad}" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )


def _number(book: Paged, row: Printed) -> Iterator[str]:
    for text, column in zip(row.texts, book.volume.columns, strict=True):
        # struck out as on paper, still legible; why it is void stays plain
        is_struck = row.line.is_void and column.name != "remark"
        align = "center" if column.is_centred else ""
        yield _cell(_run(text, is_struck=is_struck), column.width_mm, align)


def _band(band: Band, width_mm: float, columns: int) -> str:
    text = _run(band.text, is_bold=band.is_bold, is_italic=not band.is_bold)
    return _cell(text, width_mm, vertical="center", span=columns, fill="EDEDED")


def _row(cells: Iterable[str], height_mm: float) -> str:
    return (
        f'<w:tr><w:trPr><w:cantSplit/><w:trHeight w:val="{_twips(height_mm)}" w:hRule="atLeast"/></w:trPr>'
        f"{''.join(cells)}</w:tr>"
    )


def _cell(
    runs: str, width_mm: float, align: str = "", vertical: str = "top", *, span: int = 1, fill: str = ""
) -> str:
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{_twips(width_mm)}" w:type="dxa"/>'
        + (f'<w:gridSpan w:val="{span}"/>' if span > 1 else "")
        + (f'<w:shd w:val="clear" w:color="auto" w:fill="{fill}"/>' if fill else "")
        + f'<w:vAlign w:val="{vertical}"/></w:tcPr>{_paragraph(runs, align)}</w:tc>'
    )


_PAGE: Final = f'<w:fldSimple w:instr=" PAGE ">{_run("1", 9)}</w:fldSimple>'


def _foot(book: Paged, mark: Mark) -> str:
    """The foot of every page: room for the head of the book's log and its picture, and the number of the page."""
    side = layout.FOOT_MM if mark.picture else 1.0
    room = layout.WIDTH_MM - layout.LEFT_MM - layout.RIGHT_MM - side - layout.PAGE_NUMBER_MM
    told = _run(f"Mốc sổ: {mark.text}" if mark.text else "", layout.MARK_SIZE)
    # how many pages there are is known; LibreOffice does not count those of a section
    page = _run(f"{book.volume.series} · trang ", 9) + _PAGE + _run(f"/{len(book.pages)}", 9)
    cells = (
        _cell(_picture() if mark.picture else "", side, vertical="bottom"),
        _cell(told, room, vertical="bottom"),
        _cell(page, layout.PAGE_NUMBER_MM, "right", "bottom"),
    )
    grid = "".join(f'<w:gridCol w:w="{_twips(width)}"/>' for width in (side, room, layout.PAGE_NUMBER_MM))
    table = (
        f'<w:tbl><w:tblPr><w:tblW w:w="{_twips(side + room + layout.PAGE_NUMBER_MM)}" w:type="dxa"/>'
        f'<w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>'
        f"{_row(cells, layout.MARK_LINE_MM)}</w:tbl>"
    )
    # a foot, like every cell, must end with a paragraph
    return f"{_XML}<w:ftr {_NAMES}>{table}<w:p><w:pPr>{_THIN}</w:pPr></w:p></w:ftr>"


def _picture() -> str:
    side = round((layout.FOOT_MM - 3) * _EMU_PER_MM)
    return (
        f'<w:r><w:drawing><wp:inline xmlns:wp="{_DRAWING}/wordprocessingDrawing">'
        f'<wp:extent cx="{side}" cy="{side}"/><wp:docPr id="1" name="Mốc sổ"/>'
        f'<a:graphic xmlns:a="{_DRAWING}/main"><a:graphicData uri="{_DRAWING}/picture">'
        f'<pic:pic xmlns:pic="{_DRAWING}/picture"><pic:nvPicPr><pic:cNvPr id="1" name="mark.png"/><pic:cNvPicPr/>'
        '</pic:nvPicPr><pic:blipFill><a:blip r:embed="rId1"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
        f'<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{side}" cy="{side}"/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic>'
        "</wp:inline></w:drawing></w:r>"
    )
