"""Applying a profile to a template: one body serves every official form.

A template names its paragraphs (`VT Tên loại`, `VT Căn cứ`, …) and takes its texts from `{{ form.… }}`; what the
names look like, the page and the widths of the head are put in here. Nothing else of the template is touched, and the
same template and profile always give the same bytes.
"""

import functools
import itertools
from collections.abc import Iterator

from lxml import etree

from pipeline.files.refusals import Unfit
from pipeline.layout.page_number_edge import place_numbers
from pipeline.layout.profile import FormError, Look, Page, Profile
from pipeline.layout.styles import (
    FOOT_TABLE,
    GRID_TABLE,
    GUTTER_MM,
    HEAD_TABLE,
    LINED_TABLE,
    PARAGRAPHS,
    TAG_STYLE,
    StyleName,
)
from pipeline.messages import shown
from pipeline.ooxml import opened, packed

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_NS = {"w": W}
_TWIPS_PER_MM = 1440 / 25.4


@functools.cache
def w(tag: str) -> str:
    """`w:tag` in the long form lxml wants."""
    return f"{{{W}}}{tag}"


def twips(millimetres: float) -> int:
    """Millimetres in twentieths of a point."""
    return round(millimetres * _TWIPS_PER_MM)


def millimetres(length: float) -> float:
    """Twentieths of a point in millimetres."""
    return length / _TWIPS_PER_MM


def apply(template: bytes, profile: Profile) -> bytes:
    """`template` (a .docx) with the styles, page and head widths of `profile`.

    Raises FormError when the bytes are no Word file or one of its parts is damaged.
    """
    parts = parts_of(template)
    styles = _tree(parts, "word/styles.xml")
    _define_styles(styles, profile)
    parts["word/styles.xml"] = _bytes(styles)
    if "word/numbering.xml" in parts:
        numbering = _tree(parts, "word/numbering.xml")
        _define_numbering(numbering, profile)
        parts["word/numbering.xml"] = _bytes(numbering)
    document = _tree(parts, "word/document.xml")
    place_numbers(parts, document, profile)
    for section in document.iter(w("sectPr")):
        _set_page(section, profile.page)
    for table in document.iter(w("tbl")):
        _set_widths(table, profile, _room_mm(table, profile.page))
    parts["word/document.xml"] = _bytes(document)
    return packed(parts)


def parts_of(template: bytes) -> dict[str, bytes]:
    """The parts of a Word file by name. Raises FormError when it is no Word file."""
    try:
        parts = opened(template).all_parts()
    except Unfit as unfit:
        place = f" ({unfit.finding.place.part})" if unfit.finding.place.part else ""
        raise FormError(
            f"The template is no readable Word file (.docx): {shown(unfit.finding.message)}{place} "
            "Save it again from Word."
        ) from unfit
    if "word/document.xml" not in parts or "word/styles.xml" not in parts:
        raise FormError("The template is no Word file (.docx): it has no text or no styles.")
    return parts


def _tree(parts: dict[str, bytes], name: str) -> etree._Element:
    # a template comes from a person's Word: nothing in it may reach other files or the network
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        return etree.fromstring(parts[name], parser)
    except etree.XMLSyntaxError as error:
        raise FormError(
            f"The part {name} of the template is damaged: {error}. Save the file again from Word."
        ) from error


def _bytes(tree: etree._Element) -> bytes:
    return etree.tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=True)


def _new(parent: etree._Element, tag: str, **attributes: str | int) -> etree._Element:
    return etree.SubElement(parent, w(tag), {w(name): str(value) for name, value in attributes.items()})


# --- styles ------------------------------------------------------------------------------------------------------


def _define_styles(styles: etree._Element, profile: Profile) -> None:
    _set_defaults(styles, profile)
    _fresh_style(styles, "Normal", "Normal", "paragraph").set(w("default"), "1")
    for name in PARAGRAPHS.values():
        style = _fresh_style(styles, name.id, name.name, "paragraph")
        _new(style, "basedOn", val="Normal")
        _new(style, "next", val=name.following or name.id)
        # in Word's gallery of styles, where clerks look for them
        _new(style, "qFormat")
        look = profile.styles[name.id]
        _paragraph_look(_new(style, "pPr"), look, name, profile.head.names_mm[1])
        _run_look(_new(style, "rPr"), look)
    tag = _fresh_style(styles, *TAG_STYLE, "paragraph")
    _new(tag, "basedOn", val="Normal")
    _new(tag, "qFormat")
    _new(_new(tag, "pPr"), "spacing", before=0, after=0, line=200, lineRule="exact")
    properties = _new(tag, "rPr")
    # grey and small: who edits the template sees at once what will not be printed
    _new(properties, "color", val="7F7F7F")
    _new(properties, "sz", val=18)
    _table_styles(styles)


def _fresh_style(styles: etree._Element, style_id: str, name: str, kind: str) -> etree._Element:
    """The style of that id, emptied (or made), with its name; a clerk's own styles are left alone."""
    style = next((each for each in styles.iter(w("style")) if each.get(w("styleId")) == style_id), None)
    if style is None:
        style = _new(styles, "style", type=kind, styleId=style_id)
        if style_id != "Normal":
            style.set(w("customStyle"), "1")
    for child in list(style):
        style.remove(child)
    _new(style, "name", val=name)
    return style


def _set_defaults(styles: etree._Element, profile: Profile) -> None:
    if (old := styles.find("w:docDefaults", _NS)) is not None:
        styles.remove(old)
    defaults = etree.Element(w("docDefaults"))
    run = _new(_new(defaults, "rPrDefault"), "rPr")
    # all four slots: letters with marks are drawn in hAnsi, others may be (TT02 looks at each)
    _new(run, "rFonts", ascii=profile.font, hAnsi=profile.font, eastAsia=profile.font, cs=profile.font)
    _new(run, "color", val="000000")
    # 14 pt, the size of most components (HD05 Phụ lục 2)
    _new(run, "sz", val=28)
    _new(run, "szCs", val=28)
    _new(run, "lang", val=profile.language, eastAsia=profile.language, bidi="ar-SA")
    _new(_new(_new(defaults, "pPrDefault"), "pPr"), "spacing", before=0, after=0, line=240, lineRule="auto")
    styles.insert(0, defaults)


def _paragraph_look(properties: etree._Element, look: Look, name: StyleName, column_mm: float) -> None:
    """The paragraph properties, in the order the schema wants; `column_mm` is the column a rule is centred in."""
    if look.keep_next:
        _new(properties, "keepNext")
    if look.keep_lines:
        _new(properties, "keepLines")
    _new(properties, "widowControl")
    if name.list_id:
        number = _new(properties, "numPr")
        _new(number, "ilvl", val=name.level)
        _new(number, "numId", val=name.list_id)
    # a border, not a drawn shape: a shape stays behind when the text moves (decision 0008)
    if look.rule_mm:
        _new(_new(properties, "pBdr"), "top", val="single", sz=6, space=0, color="000000")
    figure, rule = look.spacing
    line, line_rule = (round(figure * 20), "exact") if rule == "exact" else (round(figure * 240), "auto")
    _new(
        properties,
        "spacing",
        before=round(look.before * 20),
        after=round(look.after * 20),
        line=line,
        lineRule=line_rule,
    )
    aside = (column_mm - look.left_mm - look.right_mm - look.rule_mm) / 2 if look.rule_mm else 0.0
    indents: dict[str, str | int] = {
        "left": twips(look.left_mm + look.hanging_mm + aside),
        "right": twips(look.right_mm + aside),
    }
    if look.hanging_mm:
        indents["hanging"] = twips(look.hanging_mm)
    else:
        indents["firstLine"] = twips(look.first_mm)
    _new(properties, "ind", **indents)
    _new(properties, "jc", val=look.align)
    if name.outline:
        _new(properties, "outlineLvl", val=name.outline - 1)


def _run_look(properties: etree._Element, look: Look) -> None:
    if look.bold:
        _new(properties, "b")
        _new(properties, "bCs")
    if look.italic:
        _new(properties, "i")
        _new(properties, "iCs")
    half_points = round(look.size * 2)
    _new(properties, "sz", val=half_points)
    _new(properties, "szCs", val=half_points)
    if look.underline:
        _new(properties, "u", val="single")


def _table_styles(styles: etree._Element) -> None:
    # the head needs the whole width of 165 mm: place and date alone take up to 107 (decision 0008)
    for (style_id, name), side_mm in ((HEAD_TABLE, 0.0), (FOOT_TABLE, 0.0), (GRID_TABLE, GUTTER_MM)):
        properties = _new(_fresh_style(styles, style_id, name, "table"), "tblPr")
        _cell_margins(properties, twips(side_mm))
    properties = _new(_fresh_style(styles, *LINED_TABLE, "table"), "tblPr")
    borders = _new(properties, "tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        _new(borders, side, val="single", sz=4, space=0, color="000000")
    _cell_margins(properties, 85)


def _cell_margins(properties: etree._Element, side_twips: int) -> None:
    margins = _new(properties, "tblCellMar")
    for side, width in (("top", 0), ("left", side_twips), ("bottom", 0), ("right", side_twips)):
        _new(margins, side, w=width, type="dxa")


def _define_numbering(numbering: etree._Element, profile: Profile) -> None:
    """The sections' number as the form writes it: `I-` or `I.`."""
    for level in numbering.iter(w("lvl")):
        style, text = level.find("w:pStyle", _NS), level.find("w:lvlText", _NS)
        # the small headings below are "1." in every form
        if style is not None and text is not None and style.get(w("val")) == "VTMuc":
            text.set(w("val"), profile.shapes.section)


# --- page and widths ---------------------------------------------------------------------------------------------


def _set_page(section: etree._Element, page: Page) -> None:
    size = section.find("w:pgSz", _NS)
    margins = section.find("w:pgMar", _NS)
    if size is None or margins is None:
        raise FormError(
            "A section of the template has no page size or no margins. Set A4 under Layout, Size in Word."
        )
    width, height = twips(page.width_mm), twips(page.height_mm)
    # HD05, NĐ30: on its side only where there are tables; which sections those are, the template says
    if size.get(w("orient")) == "landscape":
        width, height = height, width
    size.set(w("w"), str(width))
    size.set(w("h"), str(height))
    for side in ("top", "bottom", "left", "right", "header", "footer"):
        margins.set(w(side), str(twips(getattr(page, f"{side}_mm"))))
    margins.set(w("gutter"), "0")


def _room_mm(table: etree._Element, page: Page) -> float:
    """Room between the margins of the section the table stands in (the next section mark ends it)."""
    sections = (each for each in table.getroottree().iter(w("sectPr"), w("tbl")))
    after = itertools.dropwhile(lambda each: each is not table, sections)
    section = next(each for each in after if each.tag == w("sectPr"))
    size = section.find("w:pgSz", _NS)
    is_wide = size is not None and size.get(w("orient")) == "landscape"
    return (page.height_mm if is_wide else page.width_mm) - page.left_mm - page.right_mm


def _set_widths(table: etree._Element, profile: Profile, room_mm: float) -> None:
    style = table.find("w:tblPr/w:tblStyle", _NS)
    named = "" if style is None else style.get(w("val"))
    rows = list(table.iterchildren(w("tr")))
    # names and title share the width otherwise than number and date do (decision 0008)
    if named == HEAD_TABLE[0] and len(rows) == 2:
        _lay_columns(table, [profile.head.names_mm, profile.head.dates_mm])
    elif named == FOOT_TABLE[0] and all(len(list(row.iterchildren(w("tc")))) == 2 for row in rows):
        signature_mm = profile.head.foot_mm[1]
        _lay_columns(table, [(room_mm - signature_mm, signature_mm)] * len(rows))


def _lay_columns(table: etree._Element, widths_mm: list[tuple[float, float]]) -> None:
    """Give each row its own two widths: a common grid of all edges, and cells spanning what they cover."""
    edges = sorted({edge for widths in widths_mm for edge in _edges(widths)})
    grid = table.find("w:tblGrid", _NS)
    if grid is None:
        raise FormError("A table of the template has no column grid. Save the file again from Word.")
    for column in list(grid):
        grid.remove(column)
    for start, end in zip([0, *edges], edges, strict=False):
        _new(grid, "gridCol", w=end - start)
    whole = table.find("w:tblPr/w:tblW", _NS)
    if whole is not None:
        whole.set(w("w"), str(edges[-1]))
        whole.set(w("type"), "dxa")
    for row, widths in zip(table.iterchildren(w("tr")), widths_mm, strict=True):
        start = 0
        for cell, end in zip(row.iterchildren(w("tc")), _edges(widths), strict=True):
            _set_cell(cell, end - start, sum(1 for edge in edges if start < edge <= end))
            start = end


def _edges(widths_mm: tuple[float, float]) -> Iterator[int]:
    total = 0.0
    for width in widths_mm:
        total += width
        yield twips(total)


def _set_cell(cell: etree._Element, width: int, span: int) -> None:
    properties = cell.find("w:tcPr", _NS)
    if properties is None:
        properties = etree.Element(w("tcPr"))
        cell.insert(0, properties)
    for tag in ("tcW", "gridSpan"):
        for old in properties.findall(f"w:{tag}", _NS):
            properties.remove(old)
    measure = etree.Element(w("tcW"), {w("w"): str(width), w("type"): "dxa"})
    properties.insert(0, measure)
    if span > 1:
        measure.addnext(etree.Element(w("gridSpan"), {w("val"): str(span)}))
