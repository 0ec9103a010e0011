"""The door for PDF files.

It walks the object graph without decoding streams: refused are encryption, programs (JavaScript, Launch and
their like), XFA forms, attached files, page trees that loop, pages of absurd size, nesting without end. Pages are
counted by walking, never by /Count.
"""

import io
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from pypdf import PdfReader
from pypdf.errors import DependencyError, LimitReachedError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NullObject, PdfObject

from pipeline.messages import say
from pipeline.model import Finding, Place
from pipeline.reading import refusals
from pipeline.reading.refusals import Unfit, refusal

MOST_PAGES: Final = 2000
MOST_OBJECTS: Final = 300_000
LONGEST_SIDE_PT: Final = 14_400  # 200 inches, the largest page Acrobat makes

_PROGRAMS: Final = frozenset(
    {"/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/Rendition", "/Movie", "/Sound", "/GoToE"}
    | {"/RichMediaExecute"}
)
_KEYS: Final = {"/JS": "JavaScript", "/JavaScript": "JavaScript", "/XFA": "XFA", "/RichMediaContent": "RichMedia"}
_ATTACHED: Final = frozenset({"/EmbeddedFiles", "/EF", "/AF"})


@dataclass(frozen=True)
class Pdf:
    """A PDF that passed the door; `pages` are its page dictionaries in order."""

    reader: PdfReader
    pages: tuple[DictionaryObject, ...]


def open_pdf(content: bytes) -> Pdf:
    """Open and look through a PDF. Raises Unfit, or what pypdf raises for a broken one."""
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it tells at length what it mends in a broken file
    try:
        reader = PdfReader(io.BytesIO(content), strict=False)
        if reader.is_encrypted:
            raise Unfit(refusals.password())
        _check_revisions(reader, content)
        root = reader.trailer["/Root"].get_object()
        pages = tuple(_pages(root)) if isinstance(root, DictionaryObject) else ()
        _check_objects(reader.trailer)
    except RecursionError as error:
        raise Unfit(_nested()) from error
    except LimitReachedError as error:
        raise Unfit(refusals.too_heavy()) from error
    except DependencyError as error:  # an encryption that pypdf has no code for
        raise Unfit(refusals.password()) from error
    if not pages:
        raise Unfit(refusals.damaged())
    return Pdf(reader, pages)


def _check_revisions(reader: PdfReader, content: bytes) -> None:
    """A chain of /Prev tables that comes back to itself: readers take different turns there."""
    seen: set[int] = set()
    at: object = reader.trailer.get("/Prev")
    start = _last_table(content)
    if start is not None:
        seen.add(start)
    while isinstance(at, int):
        if int(at) in seen or len(seen) > 1000:
            message = say("The PDF's list of objects leads back to itself; programs read it differently.")
            mend = say(
                "Print the document to a new PDF and drop that file, or ask the clerk of the cluster to look at it."
            )
            raise Unfit(refusal("file.doubtful", message, mend))
        seen.add(int(at))
        at = _previous(content, int(at))


def _last_table(content: bytes) -> int | None:
    tail = content[-2048:]
    at = tail.rfind(b"startxref")
    words = tail[at + 9 :].split(maxsplit=1)[:1] if at >= 0 else []
    return int(words[0]) if words and words[0].isdigit() else None


def _previous(content: bytes, at: int) -> int | None:
    """The /Prev of the table at an offset."""
    section = content[at : at + 65_536]
    end = section.find(b"startxref")
    section = section[:end] if end >= 0 else section
    key = section.rfind(b"/Prev")
    words = section[key + 5 :].split(maxsplit=1)[:1] if key >= 0 else []
    digits = words[0].split(b"/")[0].split(b">")[0] if words else b""
    return int(digits) if digits.isdigit() else None


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
        if count > MOST_PAGES or len(waiting) > 100 * MOST_PAGES:
            raise Unfit(refusals.too_heavy())


def _check_size(page: DictionaryObject, box: DictionaryObject | None, number: int) -> None:
    corners = box.get("/MediaBox") if box is not None else None
    if corners is None:
        return
    left, bottom, right, top = (float(edge.get_object()) for edge in corners.get_object())
    unit = float(page.get("/UserUnit", 1))
    sides = (abs(right - left) * unit, abs(top - bottom) * unit)
    if not all(1 <= side <= LONGEST_SIDE_PT for side in sides):
        raise Unfit(
            refusal(
                "file.too-heavy",
                say("Page {page} is of an impossible size.", page=number),
                say("Print the document to a new PDF on A4 and drop that file."),
                place=Place(page=number),
            )
        )


def _check_objects(trailer: DictionaryObject) -> None:
    """Walk everything reachable once, looking for what runs or is carried along. Raises Unfit."""
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
        if count > MOST_OBJECTS:
            raise Unfit(refusals.too_heavy())
        if isinstance(thing, ArrayObject):
            waiting.extend(list.__iter__(thing))
        elif isinstance(thing, DictionaryObject):
            _check_dictionary(thing)
            waiting.extend(dict.values(thing))


def _check_dictionary(found: DictionaryObject) -> None:
    for key in found:
        if key in _KEYS:
            raise Unfit(_program(_KEYS[key]))
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


def _program(what: str) -> Finding:
    return refusal(
        "file.program",
        say("The PDF contains a program or an action ({what}).", what=what),
        say("Print the document to a new PDF and drop that file."),
        found=what,
    )
