"""A workbook with nothing but its cells and how they look, for openpyxl to read when it cannot follow the whole.

Excel and LibreOffice leave out of a workbook what leads nowhere: a colour that is none, a page turned "sideways", a
date of saving that is no date. openpyxl ends with an error instead. What a form's values need stays as it is: cells,
merged ones, formats of numbers, names; the looks that reading asks about are put right. Hidden rows and columns,
drawings and comments are read from the package itself.
"""

import re
from collections.abc import Mapping
from typing import Final

from lxml import etree

from pipeline.ooxml.numerals import whole_number

_COLOUR: Final = re.compile(rb"""\srgb\s*=\s*["']([^"']*)["']""")
_SOUND_COLOUR: Final = re.compile(rb"[0-9A-Fa-f]{6}(?:[0-9A-Fa-f]{2})?")
_EMPTY_FILL: Final = re.compile(rb"<((?:\w+:)?)fill\s*(?:/>|>\s*</(?:\w+:)?fill>)")
#: What is kept of each part, in the order of its schema (ECMA-376 Part 1, 18.2.27, 18.3.1.99, 18.8.39, 18.8.22).
_OF_BOOK: Final = frozenset({"sheets", "definedNames"})
_OF_SHEET: Final = frozenset({"sheetData", "mergeCells"})
_OF_STYLES: Final = frozenset({"numFmts", "fonts", "fills", "cellStyleXfs", "cellXfs"})
_OF_FONT: Final = frozenset({"strike", "color", "name", "b", "i"})
_OF_NAME: Final = frozenset({"name", "localSheetId", "hidden"})
_OF_FORMAT: Final = frozenset({"numFmtId", "fontId", "fillId", "xfId"})
_OF_ROW: Final = frozenset({"r"})
_PROPERTIES: Final = "docProps/"

Element = etree._Element


def bare_workbook(parts: Mapping[str, bytes], main: str, styles: str) -> dict[str, bytes]:
    """The parts of a workbook of which `main` and `styles` (or "") are the names, without what no cell needs."""
    made = {name: xml for name, xml in parts.items() if not name.startswith(_PROPERTIES)}
    formats = 0
    if styles in made:
        made[styles], formats = _styles(made[styles])
    made[main] = _book(made[main])
    for name in [name for name in made if b"sheetData" in made[name]]:
        made[name] = _sheet(made[name], formats)
        folder, _, file = name.rpartition("/")
        # drawings, comments and tables; reading takes these from the package itself
        made.pop(f"{folder}/_rels/{file}.rels", None)
    return made


def _styles(xml: bytes) -> tuple[bytes, int]:
    """The styles put right, and how many formats of cells there are."""
    xml = _EMPTY_FILL.sub(rb'<\1fill><\1patternFill patternType="none"/></\1fill>', xml)
    root = _root(_COLOUR.sub(_sound_colour, xml))
    _keep(root, _OF_STYLES)
    for font in root.iterfind("{*}fonts/{*}font"):
        _keep(font, _OF_FONT)
    formats = list(root.iterfind("{*}cellXfs/{*}xf"))
    for one in (*root.iterfind("{*}cellStyleXfs/{*}xf"), *formats):
        _keep(one, frozenset())
        _keep_attributes(one, _OF_FORMAT)
    return _written(root), len(formats)


def _book(xml: bytes) -> bytes:
    root = _root(xml)
    _keep(root, _OF_BOOK)
    sheets = len(root.findall("{*}sheets/{*}sheet"))
    for names in root.iterfind("{*}definedNames"):
        for name in list(names):
            _keep_attributes(name, _OF_NAME)
            if not _is_below(name.get("localSheetId", "0"), sheets):
                names.remove(name)
    return _written(root)


def _sheet(xml: bytes, formats: int) -> bytes:
    """A sheet whose cells name no format that is not there; they lose a look, and no value."""
    root = _root(xml)
    _keep(root, _OF_SHEET)
    for row in root.iter("{*}row"):
        _keep_attributes(row, _OF_ROW)  # whether it is hidden, and how high, is read from the sheet itself
    for cell in root.iter("{*}c"):
        if not _is_below(cell.get("s", "0"), formats):
            del cell.attrib["s"]
    return _written(root)


def _is_below(text: str, count: int) -> bool:
    number = whole_number(text)
    return number is not None and number < max(count, 1)


def _sound_colour(match: re.Match[bytes]) -> bytes:
    colour = match[1].removeprefix(b"#")
    if _SOUND_COLOUR.fullmatch(colour):
        return match[0].replace(match[1], colour)
    if re.fullmatch(rb"[0-9A-Fa-f]{3}", colour):
        return match[0].replace(match[1], b"".join(bytes([sign]) * 2 for sign in colour))
    return b""


def _keep(holder: Element, names: frozenset[str]) -> None:
    for child in list(holder):
        if str(child.tag).rpartition("}")[2] not in names:
            holder.remove(child)


def _keep_attributes(element: Element, names: frozenset[str]) -> None:
    for name in [name for name in element.attrib if name not in names]:
        del element.attrib[name]


def _root(xml: bytes) -> Element:
    return etree.fromstring(xml, etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True))


def _written(root: Element) -> bytes:
    return etree.tostring(root, encoding="UTF-8", standalone=True)
