"""What Word asks of a document before it opens it: each rule with the place where it is broken.

LibreOffice opens nearly anything, so a PDF proves nothing about the Word file beside it. The rules are those of the
schema (ECMA-376 Part 1, 17 and Annex A) that a filled template can break: what must not be empty, what must be told
apart by its id, and the order of properties.
"""

import re
from collections.abc import Iterator
from typing import Final

from pipeline.messages import say
from pipeline.model import Finding, Message, Place, Severity
from pipeline.ooxml.package import Package, opened
from pipeline.ooxml.word_order import ORDER, WORD, Element, misordered

#: The parts with text, which filling writes; what stands in the others stands in the template.
TEXTS: Final = re.compile(r"word/(?:document|header\d*|footer\d*|footnotes|endnotes|comments)\.xml")
#: Elements without a size of their own, which may stand between any two others.
_THIN: Final = frozenset(
    f"{WORD}{name}"
    for name in (
        "bookmarkStart", "bookmarkEnd", "proofErr", "permStart", "permEnd", "commentRangeStart", "commentRangeEnd",
        "moveFromRangeStart", "moveFromRangeEnd", "moveToRangeStart", "moveToRangeEnd", "tcPr", "trPr", "tblPrEx",
    )
)  # fmt: skip
#: What may stand around paragraphs, tables, rows and cells without being one.
_AROUND: Final = frozenset(f"{WORD}{name}" for name in ("sdt", "sdtContent", "customXml", "ins", "del"))
_STORIES: Final = frozenset(
    f"{WORD}{name}" for name in ("hdr", "ftr", "footnote", "endnote", "comment", "txbxContent")
)
_BLOCKS: Final = (f"{WORD}p", f"{WORD}tbl")
_VML: Final = "{urn:schemas-microsoft-com:vml}"
_DRAWING: Final = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"
# v:shapetype is left out: Word itself writes the same one beside each shape
_SHAPES: Final = tuple(
    f"{_VML}{name}" for name in ("shape", "rect", "oval", "line", "roundrect", "group", "polyline")
)
_KEYED: Final = (
    *(
        (f"{WORD}{name}", f"{WORD}id")
        for name in ("comment", "commentReference", "bookmarkStart", "footnoteReference", "endnoteReference")
    ),
    (_DRAWING, "id"),
    *((shape, "id") for shape in _SHAPES),
)


def violations(content: bytes | Package) -> tuple[Finding, ...]:
    """What Word would not open, or mend by dropping, in a Word file. Raises Unfit when nothing opens it."""
    package = opened(content)
    found: dict[Finding, None] = {}
    for name in package.parts:
        if TEXTS.fullmatch(name):
            root = package.tree(name)
            if root is not None:
                found |= dict.fromkeys(
                    (*_emptied(root, name), *_misplaced(root, name), *_doubled(root, name), *_disordered(root, name))
                )
    return tuple(found)


def _broken(what: Message, element: Element, part: str, found: str = "") -> Finding:
    return Finding("word.invalid", Severity.BLOCK, what, place_of(element, part), found=found, mend=_mend())


def _mend() -> Message:
    return say("Look at the tags about this place in the template, or write the place anew in Word.")


def _emptied(root: Element, part: str) -> Iterator[Finding]:
    """What must hold something and does not."""
    for cell in root.iter(f"{WORD}tc"):
        if not _ends_in_paragraph(cell):
            yield _broken(
                say("A table cell does not end with a paragraph; Word calls such a file damaged."), cell, part
            )
    for row in root.iter(f"{WORD}tr"):
        if not any(_inside(row, f"{WORD}tc")):
            yield _broken(say("A table row has no cell; Word calls such a file damaged."), row, part)
    for table in root.iter(f"{WORD}tbl"):
        if not any(_inside(table, f"{WORD}tr")):
            yield _broken(say("A table has no row; Word calls such a file damaged."), table, part)
    for story in root.iter(*_STORIES):
        if not any(_inside(story, *_BLOCKS)):
            yield _broken(
                say("A header, footer, note or text box has no paragraph; Word calls such a file damaged."),
                story,
                part,
            )


def _misplaced(root: Element, part: str) -> Iterator[Finding]:
    """Paragraphs and tables where only text may stand."""
    for paragraph in root.iter(*_BLOCKS):
        parent = paragraph.getparent()
        if parent is not None and parent.tag in (f"{WORD}p", f"{WORD}r", f"{WORD}t", f"{WORD}tr", f"{WORD}tbl"):
            yield _broken(
                say("A paragraph or table stands where only text may stand; Word calls such a file damaged."),
                paragraph,
                part,
            )


def _ends_in_paragraph(holder: Element) -> bool:
    for child in holder.iterchildren(reversed=True):
        if child.tag in _AROUND:
            return _ends_in_paragraph(child)
        if child.tag not in _THIN:
            return bool(child.tag == f"{WORD}p")
    return False


def _inside(holder: Element, *names: str) -> Iterator[bool]:
    """Whether the children of an element are of a name; those of what stands around them count as its own."""
    for child in holder.iterchildren():
        if child.tag in _AROUND:
            yield from _inside(child, *names)
        else:
            yield child.tag in names


def _doubled(root: Element, part: str) -> Iterator[Finding]:
    """Ids that come twice."""
    seen: set[tuple[str, str]] = set()
    for name, attribute in _KEYED:
        for one in root.iter(name):
            yield from _once(seen, "shape" if name in _SHAPES else name, one.get(attribute, ""), one, part)
    for control in root.iter(f"{WORD}sdtPr"):
        for one in control.iterchildren(f"{WORD}id"):
            yield from _once(seen, one.tag, one.get(f"{WORD}val", ""), one, part)


def _once(seen: set[tuple[str, str]], name: str, identifier: str, element: Element, part: str) -> Iterator[Finding]:
    again = (f"{name} again", identifier)
    # said once, however often a loop has written it
    if identifier and (name, identifier) in seen and again not in seen:
        seen.add(again)
        what = say("Two of the same kind bear one id ({kind} {id}).", kind=name.rpartition("}")[2], id=identifier)
        yield _broken(what, element, part)
    seen.add((name, identifier))


def _disordered(root: Element, part: str) -> Iterator[Finding]:
    """Properties that stand in another order than the schema's, or twice."""
    for holder in root.iter(*ORDER):
        if wrong := misordered(holder):
            what = say(
                "“{name}” stands in the wrong order, or twice, among the properties ({holder}).",
                name=wrong.rpartition("}")[2],
                holder=holder.tag.rpartition("}")[2],
            )
            yield _broken(what, holder, part)


def place_of(element: Element, part: str) -> Place:
    """Where an element of a part stands, counted as people see it."""
    cell = _nearest(element, f"{WORD}tc")
    row = _nearest(element, f"{WORD}tr")
    table = _nearest(element, f"{WORD}tbl")
    paragraph = _nearest(element, f"{WORD}p")
    numbers = {one: number for number, one in enumerate(element.getroottree().iter(f"{WORD}tbl"), start=1)}
    return Place(
        part=part,
        table=numbers.get(table, 0),
        row=_index(row),
        column=_index(cell),
        paragraph=_index(paragraph),
    )


def _nearest(element: Element, name: str) -> Element:
    return element if element.tag == name else next(element.iterancestors(name), None)


def _index(element: Element) -> int:
    return 0 if element is None else sum(1 for _ in element.itersiblings(element.tag, preceding=True)) + 1
