"""The one walk over the text of a Word document, in the order of the page: reading, the comparison with the PDF and
the check of the official form take it, and each says of the same file what it asks about.

Walked through are what only groups (links, custom XML, directions), insertions, and of two renderings of one thing
the first, which is what Word shows; what is deleted or moved away is given as a mark and not walked through.
Sources: ECMA-376 Part 1, 17.3.3 (children of a run), 17.5.2 (content controls), 17.13.5 (changes), Part 3, 10.
"""

import io
import zipfile
from collections.abc import Iterator
from typing import Final

from lxml import etree

from pipeline.ooxml.word_fields import FIELD_MARKS, NO_FIELDS, Fields, W

MC: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
MATH: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
EQUATIONS: Final = frozenset({f"{MATH}oMath", f"{MATH}oMathPara"})
CHANGES: Final = frozenset(f"{W}{name}" for name in ("ins", "del", "moveFrom", "moveTo"))
#: Letters that run from the right, whatever they are (17.3.2.3, 17.3.2.8).
TURNS: Final = frozenset({f"{W}bdo", f"{W}dir"})
#: What of a run stands for one sign.
BREAKS: Final = {f"{W}tab": "\t", f"{W}ptab": "\t", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-"}
DRAWINGS: Final = frozenset(f"{W}{name}" for name in ("drawing", "pict", "object", "contentPart"))
_CONTROL, _ALTERNATES, _RUN = f"{W}sdt", f"{MC}AlternateContent", f"{W}r"
_RUN_PROPERTIES, _TEXT, _FIELD_MARK = f"{W}rPr", f"{W}t", f"{W}fldChar"
_THROUGH: Final = frozenset(
    f"{W}{name}" for name in ("hyperlink", "smartTag", "ins", "moveTo", "fldSimple", "customXml", "dir", "bdo")
)
_GIVEN: Final = frozenset({_RUN, _CONTROL, *EQUATIONS})
_OFFICE: Final = (
    "http://schemas.microsoft.com/",
    "http://schemas.openxmlformats.org/",
    "http://purl.oclc.org/ooxml/",
)
_NONE: Final = etree.Element(f"{MC}Fallback")

Element = etree._Element


def inline(holder: Element) -> Iterator[Element]:
    """The runs, content controls and equations of a paragraph; before what it holds, a change, a simple field, and
    what turns the direction of its letters.

    A content control is not walked through: ask again with its `content`.
    """
    for child in holder:
        tag = child.tag
        if tag in _GIVEN:
            yield child
        elif tag == _ALTERNATES:
            yield from inline(chosen(child))
        elif tag in _THROUGH or tag in CHANGES:
            if tag in CHANGES or tag in TURNS or tag == f"{W}fldSimple":
                yield child
            if tag in _THROUGH:
                yield from inline(child)


def blocks(holder: Element) -> Iterator[Element]:
    """The paragraphs, tables and content controls of a body, cell or text box; a change before what it holds."""
    for child in holder:
        tag = child.tag
        if tag == _ALTERNATES:
            yield from blocks(chosen(child))
        elif tag in _THROUGH:
            if tag in CHANGES:
                yield child
            yield from blocks(child)
        else:
            yield child


def members(holder: Element) -> Iterator[Element]:
    """The same, content controls walked through: rows of a table, cells of a row, paragraphs of a cell."""
    for child in blocks(holder):
        if child.tag == _CONTROL:
            yield from members(content(child))
        else:
            yield child


def shown(run: Element, fields: Fields) -> Iterator[Element]:
    """The children of a run that are on the page, and the marks that begin a field.

    Of two renderings of a drawing the first is given. Left out are properties, the instructions of fields, and the
    spare text of a form field, whose mark says what was chosen.
    """
    for child in run:
        tag = child.tag
        if tag == _RUN_PROPERTIES or not fields.is_shown(child):
            continue
        if tag == _ALTERNATES:
            yield from chosen(child)
        elif tag != _FIELD_MARK or fields.begun_by(child) is not None:
            yield child


def text_of(child: Element, fields: Fields) -> str:
    """The letters that one child of a run shows; "" for a drawing, a note, and a sign whose font must be asked."""
    tag = child.tag
    if tag == _TEXT:
        return child.text or ""
    if tag == _FIELD_MARK:
        begun = fields.begun_by(child)
        return (begun.chosen or "") if begun is not None else ""
    return BREAKS.get(str(tag), "")


def letters(holder: Element, fields: Fields) -> str:
    """All letters of a paragraph, without what the pages decide."""
    found = []
    for child in inline(holder):
        if child.tag == _CONTROL:
            found.append(letters(content(child), fields))
        elif child.tag == _RUN:
            found += [text_of(one, fields) for one in shown(child, fields) if not fields.is_of_pages(one)]
    return "".join(found)


def paragraphs(root: Element) -> Iterator[str]:
    """The letters of every paragraph of a part, those of tables and text boxes too; each text once."""
    fields = Fields(root) if next(root.iter(*FIELD_MARKS), None) is not None else NO_FIELDS
    has_second = next(root.iter(f"{MC}Fallback"), None) is not None
    for paragraph in root.iter(f"{W}p"):
        # the second rendering of a text box says the same again
        if not has_second or not any(above.tag == f"{MC}Fallback" for above in paragraph.iterancestors()):
            yield letters(paragraph, fields)


def text_of_ours(document: bytes) -> str:
    """The letters of a Word file that this program has written, a line for each paragraph of its body."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    with zipfile.ZipFile(io.BytesIO(document)) as archive:
        return "\n".join(paragraphs(etree.fromstring(archive.read("word/document.xml"), parser)))


def content(control: Element) -> Element:
    """What a content control holds."""
    return next(control.iterchildren(f"{W}sdtContent"), control)


def chosen(alternates: Element) -> Element:
    """The rendering that Word shows: the first choice whose names it knows, or what is there for other programs.

    Known are the names of Office itself; a choice that requires any other is passed over (ECMA-376 Part 3, 10.2.1).
    """
    known = (one for one in alternates.iterchildren(f"{MC}Choice") if _is_known(one))
    return next(known, next(alternates.iterchildren(f"{MC}Fallback"), _NONE))


def _is_known(choice: Element) -> bool:
    names = (choice.nsmap.get(prefix) or "" for prefix in choice.get("Requires", "").split())
    return all(name.startswith(_OFFICE) for name in names)
