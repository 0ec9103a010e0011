"""What Word, Excel and LibreOffice put right in silence when they open a file, put right in memory before we read it.

Strict files are read as the usual ones (ISO/IEC 29500-1 differs from 29500-4 in its namespaces), ties to parts that
are not there are left out, and names are compared without regard to capitals (29500-2, 6.2.2.3).
The file itself stays as it was dropped; only what is given to the readers is another.
"""

import posixpath
import re
from collections.abc import Mapping
from typing import Final

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
_OPEN_BREAK: Final = re.compile(rb"<br\s*>", re.IGNORECASE)
_DECLARED: Final = re.compile(rb"""\sPartName\s*=\s*["']/([^"']*)["']""")
_TEMPLATES: Final = {
    b"wordprocessingml.template.main+xml": b"wordprocessingml.document.main+xml",
    b"spreadsheetml.template.main+xml": b"spreadsheetml.sheet.main+xml",
}


def repaired(parts: Mapping[str, bytes], others: frozenset[str]) -> dict[str, bytes] | None:
    """The XML parts of a package put right, or None when nothing is to be mended.

    `others` are the names of the parts that are no XML: pictures and fonts may be tied to, too.
    """
    made = dict(parts)
    if any(_STRICT in xml for xml in parts.values()):
        made = {name: _transitional(xml) for name, xml in made.items()}
    made = _by_declared_names(made)
    # Excel writes the text of boxes and comments there as a browser does, with breaks that never end
    made |= {name: _OPEN_BREAK.sub(b"<br/>", xml) for name, xml in made.items() if name.casefold().endswith(".vml")}
    for template, usual in _TEMPLATES.items():  # .dotx and .xltx saved under another ending: libraries refuse them
        if _TYPES in made:
            made[_TYPES] = made[_TYPES].replace(template, usual)
    names = {name.casefold() for name in (*made, *others)}
    for name in [name for name in made if name.endswith(".rels")]:
        made[name] = _without_dangling(name, made[name], names)
    return made if made != parts else None


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
