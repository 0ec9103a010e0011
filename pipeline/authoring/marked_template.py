"""A copy of a kind's template in which the faults of its check stand as comments, as a unit's do in its form."""

import io

import docx
from docx.document import Document

from pipeline.answers.marking.document import comment, saved
from pipeline.answers.marking.marks import SIGNS, Mark, marks_of, text_of
from pipeline.answers.marking.office_package import Element
from pipeline.authoring.check import KindCheck
from pipeline.files.refusals import Unfit
from pipeline.filling.package import BODY
from pipeline.filling.tag_places import paragraph_at
from pipeline.messages import located
from pipeline.model import Place, Severity
from pipeline.ooxml import opened


def marked_template(template: bytes, checked: KindCheck, language: str) -> bytes | None:
    """The template with a comment at every fault, in the words of `language`; None when it is no Word file.

    What has no place in the text is said at its first paragraph: a fault of a header (Word allows no comment there),
    of a document that was made for trial, of the kind's other files.
    """
    try:
        document = docx.Document(io.BytesIO(opened(template).content))
    except Unfit:
        return None
    first = next(iter(document.element.body.iter("{*}p")), None)
    if first is None:
        first = document.add_paragraph()._p
    told: dict[Element, list[Mark]] = {}
    for mark in marks_of(checked.findings, frozenset(), language):
        told.setdefault(_paragraph(document, mark.place, first), []).append(mark)
    for paragraph, marks in told.items():
        comment(document, [paragraph], text_of(marks))
    known = tuple(map(located, checked.findings))
    for line in checked.problems:
        if not line.endswith(known):
            comment(document, [first], f"{SIGNS[Severity.BLOCK]} {line}")
    return saved(document)


def _paragraph(document: Document, place: Place, first: Element) -> Element:
    found = paragraph_at(document.element, place) if place.part == BODY else None
    return first if found is None else found
