"""What a page shows, as PDFium draws it: its words, its pictures, and what stands where its fields are.

pypdf reads values; only a renderer knows what is seen. A form that goes out notes its words by the same look with
which it is read when it comes back (`words`), so that what somebody wrote onto the page is told from what we printed.
"""

import ctypes
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import pypdfium2.raw as pdfium
from pypdfium2 import PdfDocument, PdfPage, PdfTextPage

from pipeline.pdf.document import Pdf
from pipeline.pdf.pdfium import pdfium_document

_Object: TypeAlias = "ctypes._Pointer[Any]"
#: Left, bottom, right, top in points.
Box = tuple[float, float, float, float]

#: The hidden field in which a form of ours notes the words it printed, its pages parted by form feeds.
PRINTED: Final = "printed"
_RIM_PT: Final = 1.0  # letters of the label beside a field may touch its edge
_SCALE: Final = 2.0  # points of a drawn page for one of paper
_FAINTEST: Final = 64  # of 255: specks and near-white letters differ less from their ground
_DEEPEST: Final = 8  # pictures in forms in forms


@dataclass(frozen=True)
class Shown:
    """One page: its words without any annotation, and how many pictures it bears.

    `under` is what the page itself has where each of its fields is. `looks` are the texts its fields show, without
    places: PDFium misplaces what a look says twice (/ActualText, as pypdf writes it).
    """

    words: tuple[str, ...]
    pictures: int
    under: tuple[str, ...]
    looks: tuple[str, ...]
    blank: tuple[bool, ...] = ()  #: for each field, whether nothing but one colour is drawn where it is


def words(content: bytes) -> list[tuple[str, ...]]:
    """The words of each page, without what its annotations and fields show."""
    with pdfium_document(content) as document:
        return [_words(page) for page in document]


def shown(pdf: Pdf, boxes: Sequence[Sequence[Box]]) -> list[Shown]:
    """What the first pages show, where `boxes` are the fields of each. Raises what pypdf raises for a broken one."""
    for page, _ in zip(pdf.reader.pages, boxes, strict=False):
        contents = page.get_contents()
        if contents is not None:
            contents.get_data()  # inflated within pypdf's limits, before the renderer does it without
    with pdfium_document(pdf.content) as document:
        return [_shown(document, number, own) for number, own in enumerate(boxes[: len(document)])]


def _shown(document: PdfDocument, number: int, boxes: Sequence[Box]) -> Shown:
    page = document[number]
    pictures = sum(1 for _ in page.get_objects(filter=(pdfium.FPDF_PAGEOBJ_IMAGE,), max_depth=_DEEPEST))
    text = page.get_textpage()
    own = tuple(text.get_text_range().split())
    under = tuple(_in_box(text, box) for box in boxes)
    text.close()
    _keep_fields(page)
    count = pdfium.FPDFPage_CountObjects(page)
    pdfium.FPDFPage_Flatten(page, pdfium.FLAT_NORMALDISPLAY)
    # what was made part of the page is seen by who loads it anew
    page.close()
    page = document[number]
    looks = tuple(filter(None, _looks(page, count)))
    return Shown(own, pictures, under, looks, _blank(page, boxes) if boxes and looks else ())


def _blank(page: PdfPage, boxes: Sequence[Box]) -> tuple[bool, ...]:
    """Which boxes of a page with its fields are of one colour when it is drawn, upright and as large as it is."""
    page.set_rotation(0)
    left, _, _, top = page.get_cropbox()
    drawn = page.render(scale=_SCALE, grayscale=True).to_numpy()
    drawn = drawn.reshape(drawn.shape[:2])
    found = []
    for box in boxes:
        # a border, and letters of a label that touch it, are not what the field shows
        rim = min(2 * _RIM_PT, (box[2] - box[0]) / 4, (box[3] - box[1]) / 4)
        x, right = (round((edge - left) * _SCALE) for edge in (box[0] + rim, box[2] - rim))
        y, bottom = (round((top - edge) * _SCALE) for edge in (box[3] - rim, box[1] + rim))
        seen = drawn[max(y, 0) : max(bottom, 0), max(x, 0) : max(right, 0)]
        found.append(seen.size > 0 and int(seen.max()) - int(seen.min()) < _FAINTEST)
    return tuple(found)


def _looks(page: PdfPage, before: int) -> Iterator[str]:
    """The text of each look that was made part of a page of `before` objects."""
    text = page.get_textpage()
    # PDFium puts all looks into one object, in which each is one again
    for at in range(before, pdfium.FPDFPage_CountObjects(page)):
        yield from (_text_of(look, text).strip() for look in _inside(pdfium.FPDFPage_GetObject(page, at)))
    text.close()


def _inside(form: _Object) -> list[_Object]:
    return [pdfium.FPDFFormObj_GetObject(form, at) for at in range(max(pdfium.FPDFFormObj_CountObjects(form), 0))]


def _text_of(thing: _Object, text: PdfTextPage) -> str:
    kind = pdfium.FPDFPageObj_GetType(thing)
    if kind == pdfium.FPDF_PAGEOBJ_FORM:
        return " ".join(_text_of(one, text) for one in _inside(thing))
    if kind != pdfium.FPDF_PAGEOBJ_TEXT:
        return ""
    size_bytes = pdfium.FPDFTextObj_GetText(thing, text, None, 0)
    letters = (ctypes.c_ushort * (size_bytes // 2 + 1))()
    pdfium.FPDFTextObj_GetText(thing, text, letters, size_bytes)
    # a zero ends it
    return bytes(letters)[: max(size_bytes - 2, 0)].decode("utf-16-le", errors="replace")


def _words(page: PdfPage) -> tuple[str, ...]:
    text = page.get_textpage()
    found = tuple(text.get_text_range().split())
    text.close()
    return found


def _in_box(text: PdfTextPage, box: Box) -> str:
    left, bottom, right, top = box
    rim = min(_RIM_PT, (right - left) / 4, (top - bottom) / 4)
    return str(text.get_text_bounded(left + rim, bottom + rim, right - rim, top - rim))


def _keep_fields(page: PdfPage) -> None:
    """Take every annotation off a page that is no field: what lies over a field is not what the field shows."""
    for index in reversed(range(pdfium.FPDFPage_GetAnnotCount(page))):
        annotation = pdfium.FPDFPage_GetAnnot(page, index)
        is_field = pdfium.FPDFAnnot_GetSubtype(annotation) == pdfium.FPDF_ANNOT_WIDGET
        pdfium.FPDFPage_CloseAnnot(annotation)
        if not is_field:
            pdfium.FPDFPage_RemoveAnnot(page, index)
