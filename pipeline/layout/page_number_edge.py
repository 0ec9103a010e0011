"""The page number of a template at the edge a form wants it: templates are drawn with it at the top."""

from collections.abc import Mapping
from typing import Final

from lxml import etree

from pipeline.layout.profile import Profile

_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_R_ID: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_RELATION: Final = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_RELATIONS: Final = "word/_rels/document.xml.rels"
_STYLE: Final = "VTSoTrang"


def place_numbers(parts: dict[str, bytes], document: etree._Element, profile: Profile) -> None:
    """Take the lines of page numbers from the headers into the footers of the same pages, where the form wants them.

    `parts` are those of a template that passed the door; a header without a footer beside it keeps its number, which
    the check of the official form then tells.
    """
    if profile.page.numbers_at == "top-center" or _RELATIONS not in parts:
        return
    relations = etree.fromstring(parts[_RELATIONS])
    names = {one.get("Id", ""): f"word/{one.get('Target', '')}" for one in relations.iter(_RELATION)}
    for section in document.iter(f"{_W}sectPr"):
        headers, footers = _edges(section, "header", names), _edges(section, "footer", names)
        for kind in sorted(headers.keys() & footers.keys()):
            _move(parts, headers[kind], footers[kind])


def _edges(section: etree._Element, edge: str, names: Mapping[str, str]) -> dict[str, str]:
    """The parts that are the headers, or the footers, of a section, by the pages they are for."""
    found = section.iterchildren(f"{_W}{edge}Reference")
    return {one.get(f"{_W}type", "default"): names.get(one.get(_R_ID, ""), "") for one in found}


def _move(parts: dict[str, bytes], header: str, footer: str) -> None:
    if header not in parts or footer not in parts:
        return
    above, below = etree.fromstring(parts[header]), etree.fromstring(parts[footer])
    lines = [line for line in above.iterchildren(f"{_W}p") if _is_number(line)]
    below.extend(lines)
    # a header without a paragraph is none that Word opens
    if lines and above.find(f"{_W}p") is None:
        etree.SubElement(above, f"{_W}p")
    for name, root in ((header, above), (footer, below)) if lines else ():
        parts[name] = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _is_number(line: etree._Element) -> bool:
    style = line.find(f"{_W}pPr/{_W}pStyle")
    return style is not None and style.get(f"{_W}val") == _STYLE
