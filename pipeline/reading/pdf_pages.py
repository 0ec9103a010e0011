"""What lies on the pages of a PDF form beside its fields: comments, stamps, texts written onto the page.

None of it is a value. What people see is told; of a form of ours what it printed itself is known (`PRINTED`).
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from lxml import etree
from pypdf.generic import DictionaryObject

from pipeline.files.refusals import refusal, warning
from pipeline.messages import say
from pipeline.model import Finding, Place
from pipeline.ooxml.own_marks import AUTHOR
from pipeline.pdf import Pdf
from pipeline.pdf.shown import Box, Shown
from pipeline.reading.pdf_fields import (
    array_at,
    box_of,
    dictionary_at,
    is_hidden,
    is_off,
    is_outside,
    layers_off,
    room_of,
    shows_letters,
    text_of,
)

#: Comments are read beside the page; the marks they hang on change none of its words.
_COMMENTS: Final = frozenset({"/Text", "/Highlight", "/Underline", "/Squiggly", "/Caret"})
#: Nothing by themselves, but for letters that somebody drew for them.
_NOTHING: Final = frozenset({"None", "/Widget", "/Link", "/PrinterMark", "/TrapNet"})
_DEEPEST: Final = 50  # levels of a field's name
_FOUND_LENGTH: Final = 200


@dataclass(frozen=True)
class Note:
    """An annotation of somebody that is no field."""

    page: int
    kind: str
    text: str
    box: Box
    is_hidden: bool
    has_letters: bool = False  #: drawn for it, whatever it says of itself


def notes_of(pdf: Pdf) -> list[Note]:
    """The annotations of the pages, but fields, links and the marks that we made ourselves in a form we sent back."""
    made: list[Note] = []
    off = layers_off(dictionary_at(pdf.reader.trailer, "/Root"))
    for number, page in enumerate(pdf.pages, start=1):
        for annotation in array_at(page, "/Annots"):
            found = annotation.get_object()
            if not isinstance(found, DictionaryObject) or found.get("/Subtype") == "/Popup" or _is_named(found):
                continue
            text = text_of(found.get("/Contents")) or _plain_of(text_of(found.get("/RC")))
            box, kind = box_of(found), str(found.get("/Subtype"))
            is_unseen = is_hidden(found) or is_off(found, off) or is_outside(box, room_of(page))
            note = Note(number, kind, text.strip(), box, is_unseen, shows_letters(found))
            if kind not in _NOTHING or note.has_letters:
                made.append(note)
    return made


def _is_named(annotation: DictionaryObject) -> bool:
    """Whether it is a field of the form, which is read by its name, or a mark of our own."""
    if annotation.get("/Subtype") != "/Widget":
        return text_of(annotation.get("/T")) == AUTHOR
    holder = annotation
    for _ in range(_DEEPEST):
        if text_of(holder.get("/T")):
            return True
        above = holder.get("/Parent")
        above = above.get_object() if above is not None else None
        if not isinstance(above, DictionaryObject):
            return False
        holder = above
    return False


def _plain_of(rich: str) -> str:
    """The letters of a text with styles, which is XHTML."""
    if not rich:
        return ""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True)
    root = etree.fromstring(rich.encode(), parser)
    return "".join(str(text) for text in root.itertext()) if root is not None else ""


def typed_over(notes: Iterable[Note]) -> list[Note]:
    """Texts that people wrote onto the page ("typewriter" of PDF programs)."""
    return [note for note in notes if note.kind == "/FreeText" and note.text and not note.is_hidden]


def place_under(note: Note, boxes: Mapping[int, Sequence[Box]]) -> Box | None:
    """The field of its page that a note lies on with more than a third of the smaller of both, if there is one."""
    best: tuple[float, Box] | None = None
    for box in boxes.get(note.page, ()):
        share = _shared(note.box, box)
        if share > 1 / 3 and (best is None or share > best[0]):
            best = (share, box)
    return best[1] if best else None


def _shared(one: Box, other: Box) -> float:
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    smaller = min((box[2] - box[0]) * (box[3] - box[1]) for box in (one, other))
    return width * height / smaller if width > 0 and height > 0 and smaller > 0 else 0.0


def about_notes(notes: Iterable[Note]) -> Iterator[Finding]:
    """What there is to say of annotations that stand on no field: one finding for a page and a sort."""
    told: dict[tuple[int, str], list[str]] = {}
    for note in notes:
        if sort := _sort(note):
            told.setdefault((note.page, sort), []).append(note.text)
    for (page, sort), texts in told.items():
        yield _told(sort, "; ".join(filter(None, texts))[:_FOUND_LENGTH], Place(page=page))


def _sort(note: Note) -> str:
    if note.is_hidden:
        return "pdf.hidden-text" if note.text else ""
    if note.kind in _COMMENTS and note.text:
        return "I06"
    if note.kind in {*_COMMENTS, *_NOTHING, "/FreeText"}:
        return "pdf.text-over-form" if note.has_letters or (note.text and note.kind == "/FreeText") else ""
    return "pdf.drawn-over"


def _told(sort: str, found: str, place: Place) -> Finding:
    match sort:
        case "pdf.hidden-text":
            mend = say("Show the hidden text and delete it or make it visible.")
            return warning(
                "pdf.hidden-text", say("There is hidden text; it was not read."), mend, found=found, place=place
            )
        case "I06":
            mend = say("Delete the comments before the form is sent; what is to be read stands in the fields.")
            return warning("I06", say("There are comments in the document."), mend, found=found, place=place)
        case "pdf.text-over-form":
            return text_over(found, place)
    return drawn_over(place, found)


def text_over(found: str, place: Place) -> Finding:
    """Words on a page that the form has not."""
    return refusal(
        "pdf.text-over-form",
        say("There is text on the page that stands in no field of the form; it was not read."),
        say("Type it into the fields of the form, and delete what is written onto the page."),
        found=found[:_FOUND_LENGTH],
        place=place,
    )


def drawn_over(place: Place, found: str = "") -> Finding:
    """A picture, a stamp or lines that the form has not."""
    return warning(
        "pdf.drawn-over",
        say("There is a drawing, a stamp or a picture on the page; what it says was not read."),
        say("If it says something the form asks for, type that into the form's fields, and save."),
        found=found,
        place=place,
    )


def about_pages(pages: Sequence[Shown], printed: Sequence[Sequence[str]]) -> Iterator[Finding]:
    """Words and pictures on the pages of a form of ours that it did not print. Without `printed` only pictures."""
    for number, page in enumerate(pages, start=1):
        if page.pictures:
            yield drawn_over(Place(page=number))
    if not printed:
        return
    # pages may have been added or taken out: then it is enough that a word stands anywhere in the form
    is_paired = len(printed) == len(pages)
    everywhere = Counter(word for words in printed for word in words)
    for number, page in enumerate(pages, start=1):
        known = Counter(printed[number - 1]) if is_paired else everywhere
        # what stands over a field is told with the field
        known += Counter(word for text in page.under for word in text.split())
        more = []
        for word in page.words:
            if known[word] > 0:
                known[word] -= 1
            else:
                more.append(word)
        if more:
            yield text_over(" ".join(more), Place(page=number))
