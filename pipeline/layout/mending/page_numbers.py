"""A page number in the header or footer of every page but the first, put into a file that has none."""

from typing import Final

from lxml import etree

from pipeline.layout.applying import W, w
from pipeline.layout.check.changes import PageNumbers
from pipeline.layout.check.word_document import WordDocument
from pipeline.layout.mending.ink import Ink
from pipeline.ooxml.package import Element

_R: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATIONS: Final = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES: Final = "http://schemas.openxmlformats.org/package/2006/content-types"
_TYPE: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.{edge}+xml"
_TAGS: Final = {"header": "hdr", "footer": "ftr"}
_NUMBER: Final = (
    '<w:{tag} xmlns:w="{w}"><w:p><w:pPr><w:spacing w:before="0" w:after="0"/><w:jc w:val="{align}"/></w:pPr>'
    '<w:fldSimple w:instr=" PAGE "><w:r><w:rPr><w:rFonts w:ascii="{font}" w:hAnsi="{font}" w:eastAsia="{font}" '
    'w:cs="{font}"/><w:sz w:val="{size}"/><w:szCs w:val="{size}"/></w:rPr><w:t>2</w:t></w:r></w:fldSimple></w:p>'
    "</w:{tag}>"
)
_NO_RELATIONS: Final = f'<Relationships xmlns="{_RELATIONS}"/>'.encode()
_EMPTY: Final = '<w:{tag} xmlns:w="{w}"><w:p/></w:{tag}>'


def write_page_numbers(ink: Ink, whole: WordDocument, parts: dict[str, bytes], change: PageNumbers) -> None:
    """Give the first section a number at its edge; later sections have it unless they have an edge of their own."""
    section, tag = whole.sections[0], _TAGS[change.edge]
    first = section.mark
    kinds = {each.get(w("type"), "default") for each in first.iterchildren(w(f"{change.edge}Reference"))}
    if not change.is_only_first:
        size = f"{change.size * 2:g}"
        number = _NUMBER.format(w=W, tag=tag, align=change.align, font=change.font, size=size)
        known = section.headers if change.edge == "header" else section.footers
        there = whole.package.tree(known.get("default", ""))
        if there is None:
            _add(whole, parts, change.edge, "default", number)
        else:
            # what else stands in it stays, below the number
            there.insert(0, etree.fromstring(number)[0])
    if not section.has_own_first:
        if "first" not in kinds:
            _add(whole, parts, change.edge, "first", _EMPTY.format(w=W, tag=tag))
        ink.set(first, "titlePg", {"val": ""})


def _add(whole: WordDocument, parts: dict[str, bytes], edge: str, kind: str, content: str) -> None:
    package = whole.package
    folder = package.main.rpartition("/")[0]
    name = next(f"{edge}{count}.xml" for count in range(90, 999) if f"{folder}/{edge}{count}.xml" not in parts)
    parts[f"{folder}/{name}"] = content.encode()
    relations_name = f"{folder}/_rels/{package.main.rpartition('/')[2]}.rels"
    relations = _tree(parts.get(relations_name) or _NO_RELATIONS)
    relation = f"rIdVanthu{name.removesuffix('.xml')}"
    etree.SubElement(
        relations, f"{{{_RELATIONS}}}Relationship", {"Id": relation, "Type": f"{_R}/{edge}", "Target": name}
    )
    parts[relations_name] = etree.tostring(relations, xml_declaration=True, encoding="UTF-8", standalone=True)
    types = _tree(parts["[Content_Types].xml"])
    etree.SubElement(
        types, f"{{{_TYPES}}}Override", {"PartName": f"/{folder}/{name}", "ContentType": _TYPE.format(edge=edge)}
    )
    parts["[Content_Types].xml"] = etree.tostring(types, xml_declaration=True, encoding="UTF-8", standalone=True)
    reference = etree.Element(w(f"{edge}Reference"), {w("type"): kind, f"{{{_R}}}id": relation})
    whole.sections[0].mark.insert(0, reference)


def _tree(part: bytes) -> Element:
    return etree.fromstring(part, etree.XMLParser(resolve_entities=False, no_network=True))
