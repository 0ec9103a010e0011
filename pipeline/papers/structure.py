"""What a PDF is made of, seen without drawing it: may it be opened, what does it carry, is it signed digitally.

pypdf comes first because it has limits where a renderer only has memory.
"""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pypdf import PdfReader
from pypdf.errors import DependencyError, LimitReachedError, PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, PdfObject

from pipeline.messages import say
from pipeline.model import Finding, Severity
from pipeline.papers import codes

#: A year's thickest file has some dozens; more pages than this are not one signed document.
MOST_PAGES: Final = 400

#: What pypdf raises for files that are not what they should be (found by damaging some thousands).
_BROKEN: Final = (
    *(PyPdfError, ArithmeticError, AssertionError, AttributeError, LookupError, NotImplementedError, OSError),
    *(TypeError, ValueError, struct.error, zlib.error),
)
_PROGRAMS: Final = frozenset({"/JavaScript", "/Launch", "/SubmitForm", "/ImportData"})
#: Annotations by which people sign on a screen.
_DRAWN_BY_HAND: Final = frozenset({"/Stamp", "/Ink", "/FreeText"})
_MOST_FIELDS: Final = 5_000


@dataclass(frozen=True)
class Structure:
    """A PDF that may be looked at further. `code` stands in its keywords, where our renditions carry it."""

    pages: int
    version: str
    code: str = ""
    signatures: int = 0
    has_drawn_annotation: bool = False


def structure_of(path: Path) -> Structure | Finding:
    """Look through a PDF file; a blocking finding when it must not or cannot be looked at further."""
    try:
        reader = PdfReader(path, strict=False)
        if reader.is_encrypted:
            return _password()
        return _looked_through(reader)
    except DependencyError:  # an encryption that pypdf has no code for
        return _password()
    except (LimitReachedError, RecursionError):
        return too_heavy()
    except _BROKEN as error:
        return damaged(f"{type(error).__name__}: {error}")


def _looked_through(reader: PdfReader) -> Structure | Finding:
    root = reader.root_object
    if program := _program(root):
        return _carries_program(program)
    pages = len(reader.pages)
    if pages > MOST_PAGES:
        return too_heavy()
    if pages == 0:
        return damaged("no pages")
    for page in reader.pages:
        contents = page.get_contents()
        if contents is not None:
            contents.get_data()  # inflated within pypdf's limits, before the renderer does it without
    metadata = reader.metadata
    keywords = codes.find_all(str(metadata.keywords or "")) if metadata is not None else ()
    return Structure(
        pages=pages,
        version=reader.pdf_header.removeprefix("%PDF-"),
        code=keywords[0] if len(keywords) == 1 else "",
        signatures=sum(1 for _ in _signatures(root)),
        has_drawn_annotation=any(map(_has_drawing, reader.pages)),
    )


def _program(root: DictionaryObject) -> str:
    """The kind of program or attachment the catalogue starts or carries, "" for none."""
    names = _dictionary(root.get("/Names"))
    for key in ("/JavaScript", "/EmbeddedFiles"):
        if _dictionary(names.get(key)):
            return key.lstrip("/")
    if "/XFA" in _dictionary(root.get("/AcroForm")):
        return "XFA"
    action = _dictionary(root.get("/OpenAction")).get("/S")
    return str(action).lstrip("/") if action in _PROGRAMS else ""


def _signatures(root: DictionaryObject) -> Iterator[DictionaryObject]:
    """The filled signature fields (A06: presence only, nothing is verified)."""
    form = _dictionary(root.get("/AcroForm"))
    flags = form.get("/SigFlags")
    if not isinstance(flags, int) or not flags & 1:
        return
    waiting = [(field, "") for field in _array(form.get("/Fields"))]
    for _ in range(_MOST_FIELDS):
        if not waiting:
            return
        reference, inherited = waiting.pop()
        field = _dictionary(reference)
        kind = str(field.get("/FT", inherited))
        if kind == "/Sig" and _dictionary(field.get("/V")):
            yield field
        waiting.extend((kid, kind) for kid in _array(field.get("/Kids")))


def _has_drawing(page: DictionaryObject) -> bool:
    return any(_dictionary(note).get("/Subtype") in _DRAWN_BY_HAND for note in _array(page.get("/Annots")))


def _dictionary(thing: object) -> DictionaryObject:
    found = thing.get_object() if isinstance(thing, PdfObject) else None
    return found if isinstance(found, DictionaryObject) else DictionaryObject()


def _array(thing: object) -> list[PdfObject]:
    found = thing.get_object() if isinstance(thing, PdfObject) else None
    return list(found) if isinstance(found, ArrayObject) else []


def damaged(what: str) -> Finding:
    """The finding of a file that cannot be opened; `what` is the reader's own word for it."""
    return Finding(
        "file.damaged",
        Severity.BLOCK,
        say("The PDF is damaged and cannot be opened."),
        found=what[:200],
        mend=say("Scan the signed paper again and drop the new file."),
    )


def too_heavy() -> Finding:
    """The finding of a file that takes more than a signed paper can need."""
    return Finding(
        "file.too-heavy",
        Severity.BLOCK,
        say("The PDF is far larger inside than a signed paper can be, or is built so that reading it never ends."),
        mend=say("Scan the signed paper again, at 300 dpi and by itself, and drop the new file."),
    )


def _password() -> Finding:
    return Finding(
        "I04",
        Severity.BLOCK,
        say("The PDF is protected by a password, so it cannot be archived."),
        mend=say("Save it without password and drop it again."),
    )


def _carries_program(what: str) -> Finding:
    return Finding(
        "file.program",
        Severity.BLOCK,
        say("The PDF carries a program or an attached file ({what}).", what=what),
        found=what,
        mend=say("Scan the signed paper, or save the PDF without it, and drop the new file."),
    )
