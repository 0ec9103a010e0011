"""The door for PDF files.

It walks the object graph without decoding streams: refused are files that ask for a password, programs (JavaScript,
Launch and their like), XFA forms, attached files, page trees that loop, pages of absurd size, nesting without end.
Pages are counted by walking, never by /Count.
"""

import io
import logging
import re
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import pypdfium2
import pypdfium2.raw as pdfium
from pypdf import PdfReader
from pypdf.errors import DependencyError, LimitReachedError, PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NullObject, PdfObject, read_object

from pipeline.files import refusals
from pipeline.files.kept import Kept
from pipeline.files.refusals import Unfit, refusal
from pipeline.messages import say
from pipeline.model import Finding, Place
from pipeline.pdf.limits import LIMITS
from pipeline.pdf.objects import Reader
from pipeline.pdf.pdfium import pdfium_document

# actions that run, send or open something; turning to a page is none of them
_PROGRAMS: Final = frozenset(
    {"/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/Rendition", "/Movie", "/Sound", "/GoToE"}
    | {"/RichMediaExecute"}
)
_KEYS: Final = {"/JS": "JavaScript", "/JavaScript": "JavaScript", "/XFA": "XFA", "/RichMediaContent": "RichMedia"}
_ATTACHED: Final = frozenset({"/EmbeddedFiles", "/EF", "/AF"})
_TELLING: Final = _ATTACHED | _KEYS.keys()
_LONGEST_DICTIONARY: Final = 65_536
_STREAM: Final = re.compile(rb">>\s*stream")
#: What pypdf raises for files that are not what they should be (found by damaging some thousands).
BROKEN: Final = (
    *(PyPdfError, ArithmeticError, AssertionError, AttributeError, LookupError, NotImplementedError, OSError),
    *(TypeError, ValueError, struct.error, zlib.error),
)


@dataclass(frozen=True)
class Pdf:
    """A PDF that passed the door: its bytes without encryption, its pages in order, and its number of objects.

    A value: nobody changes its objects; who writes into a copy clones the reader.
    """

    reader: PdfReader
    content: bytes
    pages: tuple[DictionaryObject, ...]
    objects: int

    @property
    def weight_bytes(self) -> int:
        """About what it takes of memory: a kilobyte an object, beside the bytes."""
        return len(self.content) + 1024 * self.objects


_KEPT: Final = Kept[Pdf]("pdf", 64 << 20, lambda pdf: pdf.weight_bytes)


def opened(content: bytes) -> Pdf:
    """Open and look through a PDF. Raises Unfit; running out of memory is left to the guard."""
    # gate, reading and marking ask for the same bytes one after the other in one child (decision 0012)
    return _KEPT.of(content, lambda: _opened(content))


def _opened(content: bytes) -> Pdf:
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it tells at length what it mends in a broken file
    try:
        return _looked_through(content)
    except RecursionError as error:
        raise Unfit(_nested()) from error
    except LimitReachedError as error:
        raise Unfit(refusals.too_heavy()) from error
    except BROKEN as error:
        raise Unfit(refusals.damaged()) from error


def _looked_through(content: bytes) -> Pdf:
    reader = _reader_of(content)
    if reader is None:
        plain = _unlocked(content)
        reader = Reader(plain)
    else:
        plain = content
    _check_revisions(reader, content)
    root = reader.trailer["/Root"].get_object()
    pages = tuple(_pages(root)) if isinstance(root, DictionaryObject) else ()
    # pypdf looks before any other reader does: pikepdf and pdfium inflate a bomb of 900 bytes to 420 MB
    objects = _check_objects(reader.trailer)
    if not pages:
        raise Unfit(refusals.damaged())
    return Pdf(reader, plain, pages, objects)


def _reader_of(content: bytes) -> PdfReader | None:
    """The reader of a PDF, None of one that is encrypted."""
    # not strictly: a wrong offset, which viewers mend without a word, is no reason to send a scan back
    try:
        reader = Reader(content)
    except (DependencyError, NotImplementedError):  # an encryption that pypdf has no code for
        return None
    return None if reader.is_encrypted else reader


def _unlocked(content: bytes) -> bytes:
    """A PDF that anybody may open, but whose owner forbade copying or changing, without its encryption.

    PDFium does it, because pypdf would need a further library for AES. Raises Unfit for a file that asks for a
    password.
    """
    out = io.BytesIO()
    try:
        with pdfium_document(content) as document:
            document.save(out, flags=pdfium.FPDF_REMOVE_SECURITY)
    except pypdfium2.PdfiumError as error:
        # whatever of an encrypted file cannot be opened may need a password, a card, or a program we have not
        raise Unfit(refusals.password()) from error
    return out.getvalue()


def _check_revisions(reader: PdfReader, content: bytes) -> None:
    """A chain of /Prev tables that comes back to itself: readers take different turns there."""
    seen: set[int] = set()
    at = _last_table(content)
    if at is None:
        found = reader.trailer.get("/Prev")
        at = int(found) if isinstance(found, int) else None
    while at is not None:
        if at in seen or len(seen) > LIMITS.tables:
            message = say("The PDF's list of objects leads back to itself; programs read it differently.")
            mend = say(
                "Print the document to a new PDF and drop that file, or ask the clerk of the cluster to look at it."
            )
            raise Unfit(refusal("file.doubtful", message, mend))
        seen.add(at)
        at = _previous(reader, content, at)


def _last_table(content: bytes) -> int | None:
    tail = content[-2048:]
    at = tail.rfind(b"startxref")
    words = tail[at + 9 :].split(maxsplit=1)[:1] if at >= 0 else []
    return int(words[0]) if words and words[0].isdigit() else None


#: Where the dictionary of a table begins: behind its lines, or at once where the table is itself a stream.
_TABLE: Final = re.compile(rb"\s*(?:xref\b[\s0-9nf]*trailer|[0-9]+\s+[0-9]+\s+obj)\s*(?=<<)")


def _previous(reader: PdfReader, content: bytes, at: int) -> int | None:
    """The /Prev of the table at an offset."""
    # its own dictionary says it, and ends it: of two tables that follow each other only the last has a startxref
    table = _TABLE.match(content, at)
    if table is None:
        return None
    written = content[table.end() : table.end() + _LONGEST_DICTIONARY]
    # what is asked is in the dictionary: of a table that is a stream, nothing is unpacked
    end = _STREAM.search(written)
    try:
        found = read_object(io.BytesIO(written[: end.start() + 2] if end else written), reader)
    except BROKEN:  # a reader would look for the objects by itself
        return None
    previous = found.get("/Prev") if isinstance(found, DictionaryObject) else None
    return int(previous) if isinstance(previous, int) else None


def _nested() -> Finding:
    return refusal(
        "file.too-heavy",
        say("The PDF is nested without end."),
        say("Print the document to a new PDF and drop that file."),
    )


def _pages(root: DictionaryObject) -> Iterator[DictionaryObject]:
    """The leaves of the page tree, without recursion. Raises Unfit for a loop, too many, or an absurd page."""
    waiting: list[tuple[PdfObject, DictionaryObject | None]] = [(root.raw_get("/Pages"), None)]
    seen: set[int] = set()
    count = 0
    while waiting:
        reference, parent_box = waiting.pop()
        if isinstance(reference, IndirectObject):
            if reference.idnum in seen:
                raise Unfit(
                    refusal(
                        "file.tampered",
                        say("The PDF's list of pages leads back to itself."),
                        say("Print the document to a new PDF and drop that file."),
                    )
                )
            seen.add(reference.idnum)
        node = reference.get_object()
        if not isinstance(node, DictionaryObject):
            continue
        box = node if "/MediaBox" in node else parent_box
        kids = node.get("/Kids")
        if kids is None:
            count += 1
            _check_size(node, box, count)
            yield node
        else:
            waiting.extend((kid, box) for kid in reversed(list(kids.get_object())))
        # the second: a tree of empty branches has no pages to count and no end either
        if count > LIMITS.pages or len(waiting) > 100 * LIMITS.pages:
            raise Unfit(refusals.too_heavy())


def _check_size(page: DictionaryObject, box: DictionaryObject | None, number: int) -> None:
    corners = box.get("/MediaBox") if box is not None else None
    if corners is None:
        return
    left, bottom, right, top = (float(edge.get_object()) for edge in corners.get_object())
    # a page of modest figures may still be huge, when its unit is
    unit = float(page.get("/UserUnit", 1))
    sides = (abs(right - left) * unit, abs(top - bottom) * unit)
    if not all(1 <= side <= LIMITS.longest_side_pt for side in sides):
        raise Unfit(
            refusal(
                "file.too-heavy",
                say("Page {page} is of an impossible size.", page=number),
                say("Print the document to a new PDF on A4 and drop that file."),
                place=Place(page=number),
            )
        )


def _check_objects(trailer: DictionaryObject) -> int:
    """Walk everything reachable once, looking for what runs or is carried along; gives the count. Raises Unfit."""
    waiting: list[PdfObject] = [trailer]
    seen: set[tuple[int, int]] = set()
    count = 0
    while waiting:
        thing = waiting.pop()
        if isinstance(thing, IndirectObject):
            if (thing.idnum, thing.generation) in seen:
                continue
            seen.add((thing.idnum, thing.generation))
            thing = thing.get_object() or NullObject()
        count += 1
        if count > LIMITS.objects:
            raise Unfit(refusals.too_heavy())
        if isinstance(thing, ArrayObject):
            waiting.extend(list.__iter__(thing))
        elif isinstance(thing, DictionaryObject):
            _check_dictionary(thing)
            waiting.extend(dict.values(thing))
    return count


def _check_dictionary(found: DictionaryObject) -> None:
    for key in found if not _TELLING.isdisjoint(found) else ():
        if key in _KEYS:
            raise Unfit(_program(_KEYS[key]))
        # an empty list attaches nothing: such a file is sound
        if key in _ATTACHED and not _is_nothing(found[key]):
            raise Unfit(
                refusal(
                    "file.embedded-object",
                    say("Another file is attached to the PDF."),
                    say("Print the document to a new PDF without attachments and drop that file."),
                )
            )
    action = found.get("/S")
    if isinstance(action, str) and action in _PROGRAMS:
        raise Unfit(_program(action.lstrip("/")))


def _is_nothing(value: object) -> bool:
    return value is None or isinstance(value, NullObject) or (isinstance(value, list | dict) and not value)


def dictionary_in(holder: DictionaryObject, name: str) -> DictionaryObject:
    """Give the dictionary that stands under a name, an empty one where none does."""
    found = holder.get(name)
    inner = found.get_object() if found is not None else None
    return inner if isinstance(inner, DictionaryObject) else DictionaryObject()


def _program(what: str) -> Finding:
    return refusal(
        "file.program",
        say("The PDF contains a program or an action ({what}).", what=what),
        say("Print the document to a new PDF and drop that file."),
        found=what,
    )
