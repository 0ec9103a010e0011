"""What Word, Excel and LibreOffice put right in silence when they open a file, put right in memory before we read it.

Strict files are read as the usual ones (ISO/IEC 29500-1 differs from 29500-4 in its namespaces), ties to parts that
are not there are left out, and names are compared without regard to capitals (29500-2, 6.2.2.3).
The file itself stays as it was dropped; only what is given to the readers is another.
"""

import posixpath
import re
from collections.abc import Iterator, Mapping
from typing import Final

from lxml import etree

_STRICT: Final = b"http://purl.oclc.org/ooxml/"
_STRICT_NAME: Final = re.compile(rb"http://purl\.oclc\.org/ooxml/([A-Za-z]+)/([A-Za-z/]+)")
_HYPHENATED: Final = {b"extendedProperties": b"extended-properties", b"customProperties": b"custom-properties"}
_TYPES: Final = "[Content_Types].xml"
_RELATIONSHIP: Final = re.compile(rb"<(?:\w+:)?Relationship\s[^>]*?(?:/>|>\s*</(?:\w+:)?Relationship>)")
_TARGET: Final = re.compile(rb"""\sTarget\s*=\s*["']([^"']*)["']""")
_EXTERNAL: Final = re.compile(rb"""\sTargetMode\s*=\s*["']External["']""", re.IGNORECASE)
_REFUSED: Final = re.compile(
    rb"/(?:oleObject|package|control|aFChunk|activeXControlBinary|vbaProject)[\"']", re.IGNORECASE
)
_DECLARED: Final = re.compile(rb"""\sPartName\s*=\s*["']/([^"']*)["']""")
_COLOUR: Final = re.compile(rb"""\srgb\s*=\s*["']([^"']*)["']""")
_SOUND_COLOUR: Final = re.compile(rb"[0-9A-Fa-f]{6}(?:[0-9A-Fa-f]{2})?")
_EMPTY_FILL: Final = re.compile(rb"<((?:\w+:)?)fill\s*(?:/>|>\s*</(?:\w+:)?fill>)")
_TEMPLATES: Final = {
    b"wordprocessingml.template.main+xml": b"wordprocessingml.document.main+xml",
    b"spreadsheetml.template.main+xml": b"spreadsheetml.sheet.main+xml",
}
_STYLED: Final = ("{*}c", "{*}row", "{*}col")


def repaired(parts: Mapping[str, bytes], others: frozenset[str]) -> dict[str, bytes] | None:
    """The XML parts of a package put right, or None when nothing is to be mended.

    `others` are the names of the parts that are no XML: pictures and fonts may be tied to, too.
    """
    made = dict(parts)
    if any(_STRICT in xml for xml in parts.values()):
        made = {name: _transitional(xml) for name, xml in made.items()}
    made = _by_declared_names(made)
    for template, usual in _TEMPLATES.items():  # .dotx and .xltx saved under another ending: libraries refuse them
        if _TYPES in made:
            made[_TYPES] = made[_TYPES].replace(template, usual)
    names = {name.casefold() for name in (*made, *others)}
    for name in [name for name in made if name.endswith(".rels")]:
        made[name] = _without_dangling(name, made[name], names)
    return made if made != parts else None


def styled_soundly(parts: Mapping[str, bytes], styles: str) -> dict[str, bytes]:
    """The parts of a workbook with styles that openpyxl can follow: sound colours, fills, and numbers of formats."""
    made = dict(parts)
    if styles in made:
        made[styles] = _EMPTY_FILL.sub(rb'<\1fill><\1patternFill patternType="none"/></\1fill>', made[styles])
        made[styles] = _COLOUR.sub(_sound_colour, made[styles])
    formats = _count_of_formats(made.get(styles, b""))
    for name, xml in parts.items():
        if b"sheetData" in xml:
            made[name] = _with_known_formats(xml, formats)
    return made


def _transitional(xml: bytes) -> bytes:
    return _STRICT_NAME.sub(_usual_name, xml) if _STRICT in xml else xml


def _usual_name(match: re.Match[bytes]) -> bytes:
    """purl.oclc.org/ooxml/FAMILY/REST is schemas.openxmlformats.org/FAMILY/2006/REST, two of them with hyphens."""
    rest = b"/".join(_HYPHENATED.get(word, word) for word in match[2].split(b"/"))
    return b"http://schemas.openxmlformats.org/" + match[1] + b"/2006/" + rest


def _by_declared_names(parts: dict[str, bytes]) -> dict[str, bytes]:
    """The parts under the names by which they are declared, when they lie in the zip in other capitals."""
    declared = {name.decode("utf-8", "replace") for name in _DECLARED.findall(parts.get(_TYPES, b""))}
    known = {name.casefold(): name for name in declared}
    return {known.get(name.casefold(), name): xml for name, xml in parts.items()}


def _without_dangling(name: str, xml: bytes, names: set[str]) -> bytes:
    """A part of relationships without those that lead to no part: python-docx and openpyxl follow every one."""
    folder = posixpath.dirname(posixpath.dirname(name))

    def kept(match: re.Match[bytes]) -> bytes:
        target = _TARGET.search(match[0])
        # what the door refuses it must still see, though there be nothing behind it
        if target is None or _EXTERNAL.search(match[0]) or _REFUSED.search(match[0]):
            return match[0]
        text = target[1].decode("utf-8", "replace").partition("#")[0]
        path = text.lstrip("/") if text.startswith("/") else posixpath.normpath(posixpath.join(folder, text))
        return match[0] if path.casefold() in names else b""

    return _RELATIONSHIP.sub(kept, xml)


def _sound_colour(match: re.Match[bytes]) -> bytes:
    colour = match[1].removeprefix(b"#")
    if _SOUND_COLOUR.fullmatch(colour):
        return match[0].replace(match[1], colour)
    if re.fullmatch(rb"[0-9A-Fa-f]{3}", colour):
        return match[0].replace(match[1], b"".join(bytes([sign]) * 2 for sign in colour))
    return b""


def _count_of_formats(styles: bytes) -> int:
    try:
        root = etree.fromstring(styles, etree.XMLParser(resolve_entities=False, no_network=True))
    except (etree.XMLSyntaxError, ValueError):
        return 0
    return sum(1 for _ in root.iterfind("{*}cellXfs/{*}xf"))


def _with_known_formats(xml: bytes, formats: int) -> bytes:
    """A sheet whose cells name no format that is not there; they lose a look, and no value."""
    root = etree.fromstring(xml, etree.XMLParser(resolve_entities=False, no_network=True))
    for element, name in _format_numbers(root):
        text = element.get(name, "")
        if not (text.isascii() and text.isdigit() and int(text) < formats):
            del element.attrib[name]
    return etree.tostring(root, encoding="UTF-8", standalone=True)


def _format_numbers(root: etree._Element) -> Iterator[tuple[etree._Element, str]]:
    for element in root.iter(*_STYLED):
        yield from ((element, name) for name in ("s", "style") if name in element.attrib)
