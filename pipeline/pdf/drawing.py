"""Drawing before and after what a page draws by itself, whatever state that leaves behind."""

from pypdf import PageObject, PdfWriter
from pypdf.generic import ArrayObject, DecodedStreamObject, DictionaryObject, NameObject, StreamObject

from pipeline.pdf.document import dictionary_in


def draw_around(writer: PdfWriter, page: PageObject, before: bytes, after: bytes) -> None:
    """Put operators before and after those of a page; its own streams stay, for other pages may share them."""
    own = page.raw_get("/Contents") if "/Contents" in page else ArrayObject()
    inside = own.get_object()
    # the references, not what they lead to: a stream must not stand in a list
    parts = list.__iter__(inside) if isinstance(inside, ArrayObject) else iter([own])
    drawn = [writer._add_object(_stream(before)), *parts, writer._add_object(_stream(after))]
    page[NameObject("/Contents")] = ArrayObject(drawn)


def own_dictionary(holder: DictionaryObject, name: str) -> DictionaryObject:
    """Give a holder a dictionary of its own in place of one that others may share, and give that."""
    own = DictionaryObject(dictionary_in(holder, name))
    holder[NameObject(name)] = own
    return own


def _stream(operators: bytes) -> StreamObject:
    stream = DecodedStreamObject()
    stream.set_data(operators)
    return stream
