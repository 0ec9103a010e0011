"""A page number in the header of every page but the first, put into a file that has none."""

from typing import Final

from lxml import etree

from pipeline.layout.applying import W, w
from pipeline.layout.check.changes import PageNumbers
from pipeline.layout.check.paragraphs import WordDocument
from pipeline.layout.mending.ink import Ink
from pipeline.ooxml.package import Element

_R: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATIONS: Final = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES: Final = "http://schemas.openxmlformats.org/package/2006/content-types"
_HEADER_TYPE: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.header+xml"
_HEADER: Final = (
    '<w:hdr xmlns:w="{w}"><w:p><w:pPr><w:spacing w:before="0" w:after="0"/><w:jc w:val="center"/></w:pPr>'
    '<w:fldSimple w:instr=" PAGE "><w:r><w:rPr><w:rFonts w:ascii="{font}" w:hAnsi="{font}" w:eastAsia="{font}" '
    'w:cs="{font}"/><w:sz w:val="{size}"/><w:szCs w:val="{size}"/></w:rPr><w:t>2</w:t></w:r></w:fldSimple></w:p>'
    "</w:hdr>"
)
_NO_RELATIONS: Final = f'<Relationships xmlns="{_RELATIONS}"/>'.encode()
_EMPTY: Final = '<w:hdr xmlns:w="{w}"><w:p/></w:hdr>'


def write_page_numbers(ink: Ink, whole: WordDocument, parts: dict[str, bytes], change: PageNumbers) -> None:
    """Give the first section a header with the number; later sections have it unless they have one of their own."""
    first = whole.sections[0].mark
    kinds = {each.get(w("type"), "default") for each in first.iterchildren(w("headerReference"))}
    if not change.is_only_first:
        number = _HEADER.format(w=W, font=change.font, size=f"{change.size * 2:g}")
        header = whole.package.tree(whole.sections[0].headers.get("default", ""))
        if header is None:
            _add(whole, parts, "default", number)
        else:
            # what else stands in it stays, below the number
            header.insert(0, etree.fromstring(number)[0])
    if not whole.sections[0].has_own_first:
        if "first" not in kinds:
            _add(whole, parts, "first", _EMPTY.format(w=W))
        ink.set(first, "titlePg", {"val": ""})


def _add(whole: WordDocument, parts: dict[str, bytes], kind: str, header: str) -> None:
    package = whole.package
    folder = package.main.rpartition("/")[0]
    name = next(f"header{count}.xml" for count in range(90, 999) if f"{folder}/header{count}.xml" not in parts)
    parts[f"{folder}/{name}"] = header.encode()
    relations_name = f"{folder}/_rels/{package.main.rpartition('/')[2]}.rels"
    relations = _tree(parts.get(relations_name) or _NO_RELATIONS)
    relation = f"rIdVanthu{name.removesuffix('.xml')}"
    etree.SubElement(
        relations, f"{{{_RELATIONS}}}Relationship", {"Id": relation, "Type": f"{_R}/header", "Target": name}
    )
    parts[relations_name] = etree.tostring(relations, xml_declaration=True, encoding="UTF-8", standalone=True)
    types = _tree(parts["[Content_Types].xml"])
    etree.SubElement(types, f"{{{_TYPES}}}Override", {"PartName": f"/{folder}/{name}", "ContentType": _HEADER_TYPE})
    parts["[Content_Types].xml"] = etree.tostring(types, xml_declaration=True, encoding="UTF-8", standalone=True)
    reference = etree.Element(w("headerReference"), {w("type"): kind, f"{{{_R}}}id": relation})
    whole.sections[0].mark.insert(0, reference)


def _tree(part: bytes) -> Element:
    return etree.fromstring(part, etree.XMLParser(resolve_entities=False, no_network=True))
