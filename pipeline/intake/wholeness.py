"""Whether a file ends as its format should: a copy that was cut off, or made at full size before its bytes came, does
not.

Only ends are looked at, with a few reads: whether what lies between is sound is for the reader, in its guarded child.
"""

import codecs
import enum
import os
import re
import struct
from pathlib import PurePosixPath
from typing import Final

from pipeline.files import Opened
from pipeline.files.pictures import picture_format

# A zip ends with its central directory's end record, after which a comment of at most 65,535 bytes may stand; a PDF
# ends with %%EOF, after which writers leave line ends and some scanners a few hundred bytes of their own.
ZIP_MAGIC, ZIP_END, ZIP_TAIL_BYTES = b"PK\x03\x04", b"PK\x05\x06", 65_557
PDF_MAGIC, PDF_END, PDF_TAIL_BYTES = b"%PDF-", b"%%EOF", 4_096
PNG_END: Final = b"IEND\xaeB`\x82"
JPG_END: Final = b"\xff\xd9"
_OLE_MAGIC: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_RTF_MAGIC: Final = b"{\\rtf"
_RTF_BRACE: Final = re.compile(rb"(?<!\\)[{}]")
_ZIP_END_BYTES: Final = 22
_PICTURE_TAIL_BYTES: Final = 4_096
_ZEROS_BYTES: Final = 512  # of a file of no kind we know: so many zeros at its end are bytes still to come
_ZIP_ENTRY: Final = b"PK\x01\x02"
_ZIP_ENTRY_BYTES: Final = 46
_MOST_ENTRIES: Final = 2_000  # as many parts as a Word or Excel file may have (`ooxml.LIMITS`)
_START: Final = re.compile(rb"startxref\s+([0-9]{1,12})\s+%%EOF")
#: No text has these in a row, not even in UTF-16: bytes that have not come yet.
_HOLE: Final = bytes(4)
_TEXT_BYTES: Final = 8 << 20  # more text than any form
_JSON_STRING: Final = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL)
_BRACKETS: Final = ((b"{", b"}"), (b"[", b"]"))
_BOMS: Final = (b"\xff\xfe", b"\xfe\xff")
_TEXT: Final = frozenset({".yaml", ".yml", ".json", ".csv"})


class End(enum.Enum):
    """What the end of a file looks like."""

    WHOLE = "whole"
    OPEN = "open"  #: a text whose last line has no end: whole, or cut anywhere
    CUT = "cut"  #: certainly not all of it


def end_of(opened: Opened, name: PurePosixPath) -> End:
    """Look at the end of an open file of the inbox; its name only tells one kind of text from another."""
    head = os.pread(opened.fd, 16, 0)
    if not head.strip(b"\0"):
        # nothing, or nothing yet; a file of no kind we read may begin with zeros, and is refused for that
        return End.CUT
    if head.startswith(ZIP_MAGIC):
        return _cut_unless(_is_whole_zip(opened))
    if head.startswith(PDF_MAGIC):
        return _cut_unless(_is_whole_pdf(opened))
    if head.startswith(_OLE_MAGIC):
        return _cut_unless(_is_whole_ole(opened))
    if (picture := picture_format(head)) in {"png", "jpg"}:
        return _end_of_picture(opened, picture)
    if head.startswith(_RTF_MAGIC):
        braces = _RTF_BRACE.findall(os.pread(opened.fd, opened.size_bytes, 0))
        return _cut_unless(2 * braces.count(b"{") == len(braces))
    if name.suffix.lower() in _TEXT:
        return _end_of_text(os.pread(opened.fd, _TEXT_BYTES, 0), name.suffix.lower())
    return _cut_unless(bool(_tail(opened, _ZEROS_BYTES).strip(b"\0")))


def _cut_unless(is_whole: bool) -> End:
    return End.WHOLE if is_whole else End.CUT


def _is_whole_zip(opened: Opened) -> bool:
    """The end record is there, with its whole comment, and the parts it lists begin where it says."""
    tail = _tail(opened, ZIP_TAIL_BYTES)
    at = tail.rfind(ZIP_END)
    if at < 0 or len(tail) - at < _ZIP_END_BYTES:
        return False
    parts, size, start, comment = struct.unpack_from("<10xHIIH", tail, at)
    behind = tail[at + _ZIP_END_BYTES :]
    # zeros at the end are bytes still to come
    if len(behind) < comment or behind.endswith(_HOLE):
        return False
    if start == 0xFFFFFFFF:  # zip64: larger than any file that is taken
        return True
    return _parts_begin(opened, os.pread(opened.fd, min(size, opened.size_bytes), start), parts)


def _parts_begin(opened: Opened, listed: bytes, parts: int) -> bool:
    """Tell whether a zip's list of its parts is there, and each part's beginning where it says."""
    at = 0
    for _ in range(min(parts, _MOST_ENTRIES)):
        if len(listed) < at + _ZIP_ENTRY_BYTES or not listed.startswith(_ZIP_ENTRY, at):
            return False
        if os.pread(opened.fd, 4, struct.unpack_from("<I", listed, at + 42)[0]) != ZIP_MAGIC:
            return False
        at += _ZIP_ENTRY_BYTES + sum(struct.unpack_from("<HHH", listed, at + 28))
    return True


def _is_whole_pdf(opened: Opened) -> bool:
    """It ends with %%EOF, and where the line before points to there is something."""
    tail = _tail(opened, PDF_TAIL_BYTES)
    if PDF_END not in tail:
        return False
    starts = _START.findall(tail)
    # some writers leave the line out, and readers look for the table themselves; 0 is what stands after the first
    # page of a file made for the web, of which the rest has not come
    if not starts:
        return True
    start = int(starts[-1])
    return 0 < start < opened.size_bytes and bool(os.pread(opened.fd, 16, start).strip(b"\0"))


def _is_whole_ole(opened: Opened) -> bool:
    """The sector of the list of streams, mostly one of the last, is there ([MS-CFB] 2.2)."""
    head = os.pread(opened.fd, 76, 0)
    if len(head) < 76:
        return False
    shift, sector = struct.unpack_from("<H", head, 30)[0], struct.unpack_from("<I", head, 48)[0]
    if not 7 <= shift <= 16:
        return True  # damaged rather than cut: the reader says so
    listed = os.pread(opened.fd, 128, (sector + 1) << shift)
    return len(listed) == 128 and bool(listed.strip(b"\0"))


def _end_of_picture(opened: Opened, format_: str) -> End:
    tail = _tail(opened, _PICTURE_TAIL_BYTES)
    if not tail[-_ZEROS_BYTES:].strip(b"\0"):
        return End.CUT
    if (PNG_END if format_ == "png" else JPG_END) in tail:
        return End.WHOLE
    # a telephone hangs a film of some seconds behind a photo, whose end may lie far before that of the file
    return End.OPEN if format_ == "jpg" else End.CUT


def _end_of_text(content: bytes, suffix: str) -> End:
    is_wide = content.startswith(_BOMS)
    bare = content.rstrip(b" \t\r\n\0" if is_wide else b" \t\r\n")
    if _HOLE in content or not bare:
        return End.CUT
    if is_wide:
        return End.WHOLE if len(content) % 2 == 0 and len(bare) < len(content) else End.OPEN
    # a letter of two to four bytes of which the last are missing; text in an old encoding may end so, with a line end
    if len(bare) == len(content) and _ends_within_a_letter(content):
        return End.CUT
    if suffix == ".json" and bare.removeprefix(codecs.BOM_UTF8)[:1] in {b"{", b"["}:
        bones = _JSON_STRING.sub(b"", bare)
        is_closed = b'"' not in bones and all(bones.count(begin) == bones.count(end) for begin, end in _BRACKETS)
        return _cut_unless(is_closed)
    if suffix == ".csv" and content.count(b'"') % 2:
        return End.CUT
    return End.WHOLE if len(bare) < len(content) else End.OPEN


def _ends_within_a_letter(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError as trouble:
        return trouble.reason == "unexpected end of data"
    return False


def _tail(opened: Opened, length: int) -> bytes:
    return os.pread(opened.fd, length, max(0, opened.size_bytes - length))
