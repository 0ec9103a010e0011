"""What a PDF is made of, seen without drawing it: may it be opened, what does it carry, is it signed digitally.

pypdf comes first because it has limits where a renderer only has memory.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from pypdf import PageObject
from pypdf.errors import LimitReachedError
from pypdf.generic import ArrayObject, DictionaryObject, PdfObject

from pipeline.files import refusals
from pipeline.files.refusals import Unfit
from pipeline.papers import codes
from pipeline.papers.scans import PACKED_BEFORE
from pipeline.pdf.document import BROKEN, Pdf

#: Annotations by which people sign on a screen.
_DRAWN_BY_HAND: Final = frozenset({"/Stamp", "/Ink", "/FreeText"})
#: Annotations that every program draws in its own way, or not at all, where they bring no appearance (ISO 32000-2
#: 12.5.5); what a sticky note says stands beside the page.
_SELF_DRAWN: Final = frozenset(
    {*_DRAWN_BY_HAND, "/Line", "/Square", "/Circle", "/Polygon", "/PolyLine", "/Caret", "/Redact"}
    | {"/Highlight", "/Underline", "/Squiggly", "/StrikeOut"}
)
#: Flags of annotations (ISO 32000-2 table 167).
_HIDDEN: Final = 2
_PRINTED: Final = 4
_NOT_ON_SCREEN: Final = 32
_MOST_FIELDS: Final = 5_000
_LONGEST_NAME: Final = 20


@dataclass(frozen=True)
class Structure:
    """A PDF that may be looked at further. `code` stands in its keywords, where our renditions carry it.

    `packed` says of its pages, by number, how their pictures were packed before they were wrapped;
    `shown_differently` are the pages on which not every program shows the same, or paper not what a screen does.
    """

    pages: int
    version: str
    code: str = ""
    signatures: int = 0
    stray_signatures: int = 0
    has_drawn_annotation: bool = False
    shown_differently: tuple[int, ...] = ()
    packed: Mapping[int, str] = field(default_factory=dict)


def structure_of(pdf: Pdf) -> Structure:
    """Look through a PDF that passed the door. Raises Unfit when its pages cannot be looked at."""
    try:
        return _looked_through(pdf)
    except LimitReachedError as error:
        raise Unfit(refusals.too_heavy()) from error
    except BROKEN as error:
        raise Unfit(refusals.damaged()) from error


def _looked_through(pdf: Pdf) -> Structure:
    reader = pdf.reader
    for page in reader.pages:
        contents = page.get_contents()
        if contents is not None:
            contents.get_data()  # inflated within pypdf's limits, before the renderer does it without
    signed = set(_signatures(reader.root_object))
    metadata = reader.metadata
    keywords = codes.find_all(str(metadata.keywords or "")) if metadata is not None else ()
    return Structure(
        pages=len(pdf.pages),
        version=reader.pdf_header.removeprefix("%PDF-"),
        code=keywords[0] if len(keywords) == 1 else "",
        signatures=len(signed),
        stray_signatures=sum(1 for value in _shown_signatures(reader.pages) if value not in signed),
        has_drawn_annotation=any(map(_has_drawing, reader.pages)),
        shown_differently=tuple(
            number for number, page in enumerate(reader.pages, 1) if any(map(_is_shown_differently, _notes(page)))
        ),
        packed={
            number: str(page[PACKED_BEFORE])[:_LONGEST_NAME]
            for number, page in enumerate(reader.pages, 1)
            if PACKED_BEFORE in page
        },
    )


def _signatures(root: DictionaryObject) -> Iterator[int]:
    """The values of the filled signature fields, each by its identity (A06: presence only, nothing is verified)."""
    # whatever /SigFlags says: a signature is looked at by what it is
    form = _dictionary(root.get("/AcroForm"))
    waiting = [(field, "") for field in _array(form.get("/Fields"))]
    for _ in range(_MOST_FIELDS):
        if not waiting:
            return
        reference, inherited = waiting.pop()
        field = _dictionary(reference)
        kind = str(field.get("/FT", inherited))
        if kind == "/Sig" and _dictionary(field.get("/V")):
            yield id(_dictionary(field.get("/V")))
        waiting.extend((kid, kind) for kid in _array(field.get("/Kids")))


def _shown_signatures(pages: Iterable[PageObject]) -> Iterator[int]:
    """The values of the signatures whose boxes lie on pages, as `_signatures` names them."""
    for page in pages:
        for box in _array(page.get("/Annots")):
            field = _dictionary(box)
            parent = _dictionary(field.get("/Parent"))
            value = _dictionary(field.get("/V", parent.get("/V")))
            if field.get("/FT", parent.get("/FT")) == "/Sig" and value:
                yield id(value)


def _has_drawing(page: DictionaryObject) -> bool:
    return any(note.get("/Subtype") in _DRAWN_BY_HAND for note in _notes(page))


def _is_shown_differently(note: DictionaryObject) -> bool:
    """Whether an annotation is drawn by some programs only, or not both on paper and on a screen."""
    flags = note.get("/F", 0)
    flags = int(flags) if isinstance(flags, int) else 0
    if note.get("/Subtype") not in _SELF_DRAWN or flags & _HIDDEN:
        return False
    on_screen, on_paper = not flags & _NOT_ON_SCREEN, bool(flags & _PRINTED)
    return on_screen != on_paper or not _dictionary(_dictionary(note.get("/AP")).get("/N"))


def _notes(page: DictionaryObject) -> Iterator[DictionaryObject]:
    """The annotations of a page."""
    return map(_dictionary, _array(page.get("/Annots")))


def _dictionary(thing: object) -> DictionaryObject:
    found = thing.get_object() if isinstance(thing, PdfObject) else None
    return found if isinstance(found, DictionaryObject) else DictionaryObject()


def _array(thing: object) -> list[PdfObject]:
    found = thing.get_object() if isinstance(thing, PdfObject) else None
    return list(found) if isinstance(found, ArrayObject) else []
