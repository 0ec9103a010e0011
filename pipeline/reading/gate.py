"""The secrecy gate as a guarded child asks it: marked, not marked, or could not look (the-thuc.md §9, decision 0019).

A file is looked at whether or not the door would let it in: what can be unpacked of it is. “Could not look” is said
of everything that was not seen to its end, however harmless it may be, with the code of what was in the way.
"""

import html
import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from lxml import etree
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from pipeline import ooxml, pdf, pictures
from pipeline.files import refusals, sha256_of
from pipeline.files.pictures import HEAD_BYTES, picture_format
from pipeline.files.refusals import Unfit
from pipeline.ooxml.ole import OLE, ole_format
from pipeline.pdf.document import BROKEN
from pipeline.reading.contents import raw_form
from pipeline.reading.csv_form import decoded
from pipeline.reading.dropped import MOST_BYTES, in_inbox
from pipeline.reading.formats import format_of
from pipeline.reading.look import Look, Mark
from pipeline.reading.old_formats import check_rtf, loose_lines, odf_format
from pipeline.reading.painted import painted_in
from pipeline.reading.pdf import TEXT_PAGES
from pipeline.reading.shown_texts import shown_texts
from pipeline.vietnamese.secrecy import has_mark, is_marked_name

_ZIP: Final = b"PK\x03\x04"
#: Refusals of a reader that say what a file is, and not that it could not be opened: its letters were seen.
_ABOUT_KIND: Final = frozenset({"I01", "I02", "file.empty"})
#: Refusals of a PDF whose pages are sound.
_PAGES_SOUND: Final = frozenset({"file.program", "file.embedded-object"})
#: Mail packs what it carries as letters.
_PACKED_TEXT: Final = frozenset({"eml", "mht", "mhtml"})
_ESCAPED: Final = re.compile(r"\\u([0-9a-fA-F]{4})|\\x([0-9a-fA-F]{2})")
_BETWEEN_VALUES: Final = re.compile(r"[{}\[\],;\"\t]+")
_WHOLE_LINE: Final = re.compile("\n")
_MARKUP: Final = re.compile(r"<[^<>]*>")
_CONTROL: Final = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def look(path_hex: str, name: str) -> Look:
    """Look at a file still lying in the inbox, before it is copied anywhere.

    `path_hex` are the bytes of its path, two hexadecimal digits each.
    """
    try:
        content = in_inbox(path_hex)
    except OSError:
        return Look(Mark.UNSEEN, "file.unreadable")
    found = look_at(content[:MOST_BYTES], name)
    if len(content) > MOST_BYTES:
        return found if found.mark is not Mark.NONE else Look(Mark.UNSEEN, "file.too-heavy")
    painted = painted_in(content)
    return replace(found, sha256=sha256_of(content), sheets=painted.sheets, unseen=painted.unseen)


def look_at(content: bytes, name: str, read: Iterable[str] | None = None) -> Look:
    """Look at bytes that were dropped under a name; `read` are their lines, where a reader has them already."""
    if is_marked_name(name):
        return Look(Mark.MARKED)
    as_form: list[str] = []
    trouble: list[str] = []
    # as far as it goes: what makes it end is told, but a mark that was seen before counts
    lines = _read(content, name) if read is None else iter(read)
    if has_mark(_told(lines, as_form)) or has_mark(_told(_contained(content, name), trouble)):
        return Look(Mark.MARKED)
    # of an office file every part was seen, whether or not a reader can make a form of them
    if not content.startswith(_ZIP):
        trouble += as_form
    return Look(Mark.UNSEEN, trouble[0]) if trouble else Look(Mark.NONE)


def _told(lines: Iterator[str], trouble: list[str]) -> Iterator[str]:
    """The lines up to where no more can be seen; why is put into `trouble`."""
    try:
        yield from lines
    except Unfit as unfit:
        trouble.append(unfit.finding.code)
    except (*BROKEN, etree.XMLSyntaxError, zipfile.BadZipFile, zlib.error, EOFError):
        trouble.append("file.damaged")


def _read(content: bytes, name: str) -> Iterator[str]:
    """What reading finds. Raises Unfit when it could not go to the end of what is there."""
    try:
        yield from raw_form(content, name).lines
    except Unfit as unfit:
        is_text = unfit.finding.code.startswith(("file.yaml", "file.json"))
        if not is_text and unfit.finding.code not in _ABOUT_KIND:
            raise


def _contained(content: bytes, name: str) -> Iterator[str]:
    """All letters in the file by what it is, whatever it is called. Raises Unfit for what has no end to be seen."""
    if not content.strip(b"\0 \t\r\n"):
        return
    if content.startswith(_ZIP):
        yield from _in_zip(content)
    elif content.startswith(OLE):
        for format_ in ("doc", "xls"):
            yield from loose_lines(content, format_)
        if not ole_format(content):
            format_of(content, name)
    elif content.startswith(b"{\\rtf"):
        yield from loose_lines(content, "rtf")
        check_rtf(content)
    elif picture_format(content[:HEAD_BYTES]):
        yield from pictures.letters(content)
    elif b"%PDF-" in content[:1024]:
        yield from _in_pdf(content)
    else:
        yield from _in_text(content, name)


def _in_zip(content: bytes) -> Iterator[str]:
    try:
        if format_ := odf_format(content):
            yield from loose_lines(content, format_)
            return
        package = ooxml.opened(content)
    except Unfit:
        yield from shown_texts(ooxml.loose_parts(content))
        raise
    yield from shown_texts(package.parts.items())


def _in_pdf(content: bytes) -> Iterator[str]:
    """Notes on the pages, and the pages that reading leaves out."""
    try:
        found = pdf.opened(content)
    except Unfit as unfit:
        if unfit.finding.code in _PAGES_SOUND:
            for page in PdfReader(io.BytesIO(content)).pages[:TEXT_PAGES]:
                yield from page.extract_text().splitlines()
        raise
    for page in found.reader.pages[TEXT_PAGES:]:
        yield from page.extract_text().splitlines()
    for leaf in found.pages:
        notes = leaf.get("/Annots")
        for one in notes.get_object() or () if notes is not None else ():
            note = one.get_object()
            if isinstance(note, DictionaryObject):
                yield from str(note.get("/Contents", "")).splitlines()


def _in_text(content: bytes, name: str) -> Iterator[str]:
    """The lines of a text, and what stands in them behind a name, in quotes, in mark-up and as escapes."""
    extension = name.rpartition(".")[2].lower()
    text = decoded(content)[0]
    if _CONTROL.search(text) or extension in _PACKED_TEXT:
        # bytes of something else; what it is says whoever knows formats
        format_of(content, name)
        raise Unfit(refusals.damaged())
    # what a reader made single values of is not cut up: a sentence may name the levels of secrecy
    cut = _WHOLE_LINE if _is_read(content, name) else _BETWEEN_VALUES
    for line in _MARKUP.sub("\n", html.unescape(_ESCAPED.sub(_letter, text))).splitlines():
        yield line
        for piece in cut.split(line):
            yield piece
            yield piece.partition(":")[2]


def _is_read(content: bytes, name: str) -> bool:
    try:
        return bool(raw_form(content, name).lines)
    except Unfit:
        return False


def _letter(match: re.Match[str]) -> str:
    return chr(int(match[1] or match[2], 16))
