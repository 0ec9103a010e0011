"""Word: comments at the wrong places, and a light background where the place has none of its own.

Places are found again by the walk that gave them (`pipeline.reading.word.elements_by_place`).
"""

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

import docx
from docx.comments import Comment
from docx.document import Document
from docx.oxml.ns import qn
from lxml import etree

from pipeline.answers.marking.marks import Mark, by_target, text_of, worst
from pipeline.answers.marking.office_package import Element, remove
from pipeline.model import WHOLE, Place, Severity
from pipeline.ooxml import Package, packed, parts_of_ours
from pipeline.ooxml.own_marks import AUTHOR, COLOURS
from pipeline.reading.word import elements_by_place

_INITIALS: Final = "VT"
#: What stands after a background, in the order that Word insists on (ECMA-376 part 1, 17.3.1.26, 17.3.2.28, 17.4.69).
_AFTER_SHADING: Final = {
    qn("w:tcPr"): (
        *("noWrap", "tcMar", "textDirection", "tcFitText", "vAlign", "hideMark", "headers"),
        *("cellIns", "cellDel", "cellMerge", "tcPrChange"),
    ),
    qn("w:pPr"): (
        *("tabs", "suppressAutoHyphens", "kinsoku", "wordWrap", "overflowPunct", "topLinePunct", "autoSpaceDE"),
        *("autoSpaceDN", "bidi", "adjustRightInd", "snapToGrid", "spacing", "ind", "contextualSpacing"),
        *("mirrorIndents", "suppressOverlap", "jc", "textDirection", "textAlignment", "textboxTightWrap"),
        *("outlineLvl", "divId", "cnfStyle", "rPr", "sectPr", "pPrChange"),
    ),
    qn("w:rPr"): (
        *("fitText", "vertAlign", "rtl", "cs", "em", "lang", "eastAsianLayout", "specVanish", "oMath", "rPrChange"),
    ),
}


def mark_docx(package: Package, marks: Sequence[Mark]) -> bytes:
    """A copy of a document with the faults marked."""
    document = docx.Document(io.BytesIO(package.content))
    _take_away(document)
    elements = elements_by_place(document.element, document.styles.element)
    # what concerns the whole document, or has a place the walk does not know, is said at its beginning
    first = next((found for found in elements.values() if found), [])
    places = [_place(mark.place, elements) for mark in marks]
    for place, some in by_target(marks, places).items():
        holders = elements.get(place, first)
        if not holders:
            continue
        comment(document, holders, text_of(some))
        if any(_is_there(mark, place) for mark in some):
            _shade(holders[0], worst(some))
    return saved(document)


def saved(document: Document) -> bytes:
    """The document as a file; the same marks are the same bytes, though python-docx writes the time of day."""
    target = io.BytesIO()
    document.save(target)
    return packed(parts_of_ours(target.getvalue()))


def _place(place: Place, elements: Mapping[Place, Sequence[Element]]) -> Place:
    """The nearest place the walk knows: the control, the cell, the row, the table; Place() when there is none."""
    plain = replace(place, pointer=WHOLE, label="", line=0)
    cell = replace(plain, field="", paragraph=0)
    row = replace(cell, column=1)
    for known in (plain, replace(plain, field=""), cell, row, replace(row, row=1)):
        if known in elements:
            return known
    return Place()


def _is_there(mark: Mark, known: Place) -> bool:
    """Whether a finding is about the value in this very cell or paragraph, not about a row, a look or the whole."""
    where = (known.table, known.row, known.column, known.paragraph)
    said = mark.place
    is_value = mark.is_exact and bool(said.pointer) and any(where)
    return is_value and (said.table, said.row, said.column, said.paragraph) == where


def comment(document: Document, holders: Sequence[Element], said: str) -> None:
    """One comment around some paragraphs, or around a control within one."""
    made = document.comments.add_comment(text=said, author=AUTHOR, initials=_INITIALS)
    etree.strip_attributes(made._comment_elm, qn("w:date"))  # the same marks are the same bytes
    first, last = _edges(holders)
    # around the paragraph's text, but after its properties, which come first
    if first.tag == qn("w:p"):
        properties = first.find(qn("w:pPr"))
        first.insert(0 if properties is None else 1, _edge("w:commentRangeStart", made))
        last.extend((_edge("w:commentRangeEnd", made), _reference(made)))
    else:
        first.addprevious(_edge("w:commentRangeStart", made))
        last.addnext(_reference(made))
        last.addnext(_edge("w:commentRangeEnd", made))


def _edges(holders: Sequence[Element]) -> tuple[Element, Element]:
    """Where a comment begins and ends: a control in a line of text, else the first and the last paragraph."""
    if _is_within_line(holders[0]):
        return holders[0], holders[-1]
    paragraphs = [one for holder in holders for one in holder.iter(qn("w:p"))]
    return paragraphs[0], paragraphs[-1]


def _edge(name: str, comment: Comment) -> Element:
    edge = etree.Element(qn(name))
    edge.set(qn("w:id"), str(comment.comment_id))
    return edge


def _reference(comment: Comment) -> Element:
    run = etree.Element(qn("w:r"))
    run.append(_edge("w:commentReference", comment))
    return run


def _shade(holder: Element, severity: Severity) -> None:
    """A light background for the cell, or the paragraph outside any table; for one control of several, its text."""
    around = next(holder.iterancestors(qn("w:tc")), None)
    # a cell of several controls is not coloured as a whole: only one of its values is wrong
    is_alone = around is not None and len(list(around.iter(qn("w:sdt")))) == 1
    if _is_within_line(holder) and not is_alone:
        for run in holder.iter(qn("w:r")):
            _fill(run, qn("w:rPr"), severity)
        return
    cells = [around] if around is not None else list(holder.iter(qn("w:tc")))
    for cell in cells:
        _fill(cell, qn("w:tcPr"), severity)
    for paragraph in () if cells else holder.iter(qn("w:p")):
        _fill(paragraph, qn("w:pPr"), severity)


def _fill(target: Element, name: str, severity: Severity) -> None:
    properties = target.find(name)
    if properties is None:
        properties = etree.Element(name)
        target.insert(0, properties)
    if properties.find(qn("w:shd")) is not None:
        return  # the unit's own background stays
    shading = etree.Element(qn("w:shd"))
    for key, value in (("val", "clear"), ("color", "auto"), ("fill", COLOURS[severity])):
        shading.set(qn(f"w:{key}"), value)
    after = {qn(f"w:{one}") for one in _AFTER_SHADING[name]}
    at = next((at for at, one in enumerate(properties) if one.tag in after), len(properties))
    properties.insert(at, shading)


def _is_within_line(holder: Element) -> bool:
    """Whether it is a content control in the middle of a paragraph."""
    around = holder.getparent()
    return holder.tag == qn("w:sdt") and around is not None and around.tag == qn("w:p")


def _take_away(document: Document) -> None:
    """The comments and backgrounds of an earlier marking."""
    ours = [one for one in document.comments if one.author == AUTHOR]
    ids = {str(one.comment_id) for one in ours}
    for comment in ours:
        _remove([comment._comment_elm])
    body = document.element
    # the run of a reference goes too, where it holds nothing else: empty runs would add up from marking to marking
    edges = [*body.iter(qn("w:commentRangeStart"), qn("w:commentRangeEnd"), qn("w:commentReference"))]
    for edge in [one for one in edges if one.get(qn("w:id")) in ids]:
        run = edge.getparent()
        is_alone = (
            run is not None and run.tag == qn("w:r") and all(one.tag == qn("w:rPr") for one in run if one is not edge)
        )
        _remove([run if run is not None and is_alone else edge])
    # backgrounds bear no name: our colours are chosen so that hardly anybody else uses them
    fills = set(COLOURS.values())
    _remove([one for one in body.iter(qn("w:shd")) if one.get(qn("w:fill")) in fills])


def _remove(elements: Iterable[Element]) -> None:
    for one in elements:
        remove(one)
