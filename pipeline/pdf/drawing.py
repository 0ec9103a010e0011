"""Drawing before, after and over what a page draws by itself, whatever state that leaves behind."""

from pypdf import PageObject, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    NameObject,
    RectangleObject,
    StreamObject,
)

from pipeline.pdf.document import dictionary_in


def draw_around(writer: PdfWriter, page: PageObject, before: bytes, after: bytes) -> None:
    """Put operators before and after those of a page; its own streams stay, for other pages may share them."""
    own = page.raw_get("/Contents") if "/Contents" in page else ArrayObject()
    inside = own.get_object()
    # the references, not what they lead to: a stream must not stand in a list
    parts = list.__iter__(inside) if isinstance(inside, ArrayObject) else iter([own])
    drawn = [writer._add_object(_stream(before)), *parts, writer._add_object(_stream(after))]
    page[NameObject("/Contents")] = ArrayObject(drawn)


def draw_over(writer: PdfWriter, page: PageObject, drawn: PageObject, name: str, operators: str) -> None:
    """Draw one page over another: as a form of this `name`, which the `operators` use.

    The page's own contents and resources stay, for other pages may share them.
    """
    contents = drawn.get_contents()
    form = _stream(contents.get_data() if contents is not None else b"")
    form.update(
        {
            NameObject("/Type"): NameObject("/XObject"),
            NameObject("/Subtype"): NameObject("/Form"),
            NameObject("/BBox"): RectangleObject([float(side) for side in drawn.mediabox]),
            NameObject("/Resources"): DictionaryObject(dictionary_in(drawn, "/Resources")).clone(writer),
        }
    )
    forms = own_dictionary(own_dictionary(page, "/Resources"), "/XObject")
    forms[NameObject(name)] = writer._add_object(form.flate_encode())
    draw_around(writer, page, b"q\n", f"\nQ\n{operators}\n".encode("ascii"))


def own_dictionary(holder: DictionaryObject, name: str) -> DictionaryObject:
    """Give a holder a dictionary of its own in place of one that others may share, and give that."""
    own = DictionaryObject(dictionary_in(holder, name))
    holder[NameObject(name)] = own
    return own


def _stream(operators: bytes) -> StreamObject:
    stream = DecodedStreamObject()
    stream.set_data(operators)
    return stream
