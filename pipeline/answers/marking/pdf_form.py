"""Fillable PDF: a frame around the field of every fault and a note beside it, as annotations.

Frames lie under the fields, so that a click still reaches the field; the fields and their values are not touched. The
file is written anew, not added to: viewers stumble over files whose lists of objects are of two kinds. A signed PDF
is never marked: any change would spoil its signature.
"""

import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from pypdf import PageObject, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    NumberObject,
    PdfObject,
    TextStringObject,
)

from pipeline.answers.marking.marks import Mark, Unmarkable, by_target, text_of, worst
from pipeline.model import Severity
from pipeline.ooxml.own_marks import AUTHOR
from pipeline.pdf import Pdf

#: Frames and icons are thin: their colours are stronger than the backgrounds in other formats.
_INK: Final = {Severity.BLOCK: (0.80, 0.0, 0.10), Severity.WARN: (0.90, 0.55, 0.0), Severity.INFO: (0.20, 0.40, 0.80)}
_GAP_PT: Final = 3.0
_LINE_PT: Final = 2.0
_ICON_PT: Final = 18.0
_PRINTED: Final = 4  # annotation flag
_DEEPEST: Final = 50  # levels of a field's name

Box = tuple[float, float, float, float]
Spot = tuple[int, str]  #: a page (from 1) and the field there, "" for the page itself


def mark_pdf(original: Pdf, marks: Sequence[Mark]) -> bytes:
    """A copy of a fillable PDF with the faults marked. Raises Unmarkable for a signed one."""
    writer = PdfWriter(clone_from=original.reader)
    if _is_signed(writer):
        raise Unmarkable
    pages = list(writer.pages)
    boxes = {(number, name): box for number, page in enumerate(pages, start=1) for name, box in _widgets(page)}
    grouped = by_target(marks, [_spot(mark, boxes, len(pages)) for mark in marks])
    for number, page in enumerate(pages, start=1):
        here = {name: some for (at, name), some in grouped.items() if at == number}
        own = [one for one in _annotations(page) if not _is_ours(one)]
        # nothing to mark and no old marks: the page stays as it is
        if not here and len(own) == len(_annotations(page)):
            continue
        own_boxes = {name: box for (at, name), box in boxes.items() if at == number}
        framed = {name: some for name, some in here.items() if any(name == mark.place.field for mark in some)}
        under = [_frame(writer, own_boxes[name], some) for name, some in framed.items() if name]
        notes = [_note(page, name, own_boxes, some) for name, some in here.items()]
        added = [[writer._add_object(one) for one in some] for some in (under, notes)]
        page[NameObject("/Annots")] = ArrayObject([*added[0], *own, *added[1]])
    out = io.BytesIO()
    # old marks that were taken away go; equal objects stay apart, since two equal fields are two fields
    writer.compress_identical_objects(remove_duplicates=False, remove_unreferenced=True)
    writer.write(out)
    return out.getvalue()


def _spot(mark: Mark, boxes: Mapping[Spot, Box], pages: int) -> Spot:
    """The field of a finding; of a group, its first field; else the page, and the first page for the whole form."""
    place = mark.place
    page = place.page if 1 <= place.page <= pages else 1
    if (page, place.field) in boxes:
        return page, place.field
    group = f"{place.pointer.field_name}."
    return next((spot for spot in boxes if place.pointer and spot[1].startswith(group)), (page, ""))


def _is_signed(writer: PdfWriter) -> bool:
    # permissions belong to a certified document, whose signature any change would spoil
    if "/Perms" in writer.root_object:
        return True
    fields = (one.get_object() for one in writer._objects if one is not None)
    return any(isinstance(one, DictionaryObject) and one.get("/FT") == "/Sig" and "/V" in one for one in fields)


def _annotations(page: PageObject) -> list[PdfObject]:
    """The annotations of a page, references unresolved."""
    found = page.get("/Annots")
    found = found.get_object() if found is not None else None
    return list(list.__iter__(found)) if isinstance(found, ArrayObject) else []


def _is_ours(annotation: PdfObject) -> bool:
    found = annotation.get_object()
    return isinstance(found, DictionaryObject) and found.get("/T") == AUTHOR and found.get("/Subtype") != "/Widget"


def _widgets(page: PageObject) -> Iterator[tuple[str, Box]]:
    """The full name of every field that shows on a page, and its box."""
    for annotation in _annotations(page):
        found = annotation.get_object()
        if isinstance(found, DictionaryObject) and found.get("/Subtype") == "/Widget" and "/Rect" in found:
            box = found["/Rect"].get_object()
            corners = list.__iter__(box) if isinstance(box, ArrayObject) else iter(())
            left, bottom, right, top = (float(str(edge.get_object())) for edge in corners)
            yield _full_name(found), (min(left, right), min(bottom, top), max(left, right), max(bottom, top))


def _full_name(field: DictionaryObject) -> str:
    parts: list[str] = []
    at: PdfObject | None = field
    # a field that is its own ancestor would be climbed for ever
    for _ in range(_DEEPEST):
        if not isinstance(at, DictionaryObject):
            break
        parts.append(str(at.get("/T", "")))
        parent = at.get("/Parent")
        at = parent.get_object() if parent is not None else None
    return ".".join(part for part in reversed(parts) if part)


def _frame(writer: PdfWriter, box: Box, marks: Sequence[Mark]) -> DictionaryObject:
    """A frame a little larger than a field, drawn by us: not every viewer draws one by itself."""
    left, bottom, right, top = box
    outer = (left - _GAP_PT, bottom - _GAP_PT, right + _GAP_PT, top + _GAP_PT)
    ink = _INK[worst(marks)]
    width, height = outer[2] - outer[0], outer[3] - outer[1]
    drawing = DecodedStreamObject()
    inner = f"{_LINE_PT / 2} {_LINE_PT / 2} {width - _LINE_PT:.2f} {height - _LINE_PT:.2f}"
    drawing.set_data(f"{' '.join(map(str, ink))} RG {_LINE_PT} w {inner} re S".encode())
    drawing.update({_name("Type"): _name("XObject"), _name("Subtype"): _name("Form")})
    drawing[_name("BBox")] = _numbers((0, 0, width, height))
    frame = _annotation("Square", outer, ink)
    frame[_name("AP")] = DictionaryObject({_name("N"): writer._add_object(drawing)})
    # for viewers that draw frames themselves from the annotation's own words
    frame[_name("BS")] = DictionaryObject({_name("W"): FloatObject(_LINE_PT)})
    return frame


def _note(page: PageObject, name: str, boxes: Mapping[str, Box], marks: Sequence[Mark]) -> DictionaryObject:
    """A note with the words: beside its field, or in its corner where another field is beside it.

    For a whole page it stands in the upper left corner.
    """
    sheet = page.mediabox
    if name:
        _, bottom, right, top = boxes[name]
        middle = (bottom + top) / 2
        spot = _icon(right + 2 * _GAP_PT, middle + _ICON_PT / 2)
        if spot[2] > float(sheet.right) or any(_overlap(spot, box) for box in boxes.values()):
            spot = _icon(right - _ICON_PT + _GAP_PT, top + _GAP_PT)
    else:
        spot = _icon(float(sheet.left) + _GAP_PT, float(sheet.top) - _GAP_PT)
    note = _annotation("Text", spot, _INK[worst(marks)])
    note[_name("Name")] = _name("Comment")
    note[_name("Contents")] = TextStringObject(text_of(marks))
    return note


def _icon(left: float, top: float) -> Box:
    return left, top - _ICON_PT, left + _ICON_PT, top


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _annotation(kind: str, box: Box, ink: tuple[float, float, float]) -> DictionaryObject:
    return DictionaryObject(
        {
            _name("Type"): _name("Annot"),
            _name("Subtype"): _name(kind),
            _name("Rect"): _numbers(box),
            _name("C"): _numbers(ink),
            _name("T"): TextStringObject(AUTHOR),
            _name("F"): NumberObject(_PRINTED),
        }
    )


def _name(text: str) -> NameObject:
    return NameObject(f"/{text}")


def _numbers(values: Sequence[float]) -> ArrayObject:
    return ArrayObject(FloatObject(round(value, 2)) for value in values)
