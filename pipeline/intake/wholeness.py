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
#: What a file system or a copy program allocates at least at once.
_EMPTY_BLOCK: Final = bytes(4_096)
_CHUNK_BYTES: Final = 1 << 20
_YAML_END: Final = re.compile(rb"(?:^|[\r\n])\.\.\.$")
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
    OPEN = "open"  #: whole, or cut at a line's end, or with a block still to come: nothing in the file tells
    UNENDED = "unended"  #: a text that could say where it ends, and does not
    CUT = "cut"  #: certainly not all of it


def end_of(opened: Opened, name: PurePosixPath) -> End:
    """Look at the end of an open file of the inbox; its name only tells one kind of text from another."""
    head = _read(opened, 16, 0)
    if not head.strip(b"\0"):
        # nothing, or nothing yet; a file of no kind we read may begin with zeros, and is refused for that
        return End.CUT
    if head.startswith((ZIP_MAGIC, _RTF_MAGIC)) or picture_format(head) == "png":
        return _cut_unless(_is_whole_packed(opened, head) and not _lacks_a_block(opened))
    if head.startswith(PDF_MAGIC):
        end = _cut_unless(_is_whole_pdf(opened))
    elif head.startswith(_OLE_MAGIC):
        end = _cut_unless(_is_whole_ole(opened))
    elif picture_format(head) == "jpg":
        end = _end_of_photo(opened)
    elif name.suffix.lower() in _TEXT:
        return _end_of_text(_read(opened, _TEXT_BYTES, 0), name.suffix.lower())
    else:
        end = _cut_unless(bool(_tail(opened, _ZEROS_BYTES).strip(b"\0")))
    # such files may have blocks of zeros of their own: nothing tells whether one is still to come
    return End.OPEN if end is End.WHOLE and _lacks_a_block(opened) else end


def _is_whole_packed(opened: Opened, head: bytes) -> bool:
    """Tell whether the end is there of what holds no block of zeros: it is packed, or a text."""
    if head.startswith(ZIP_MAGIC):
        return _is_whole_zip(opened)
    if head.startswith(_RTF_MAGIC):
        braces = _RTF_BRACE.findall(_read(opened, opened.size_bytes, 0))
        return 2 * braces.count(b"{") == len(braces)
    return PNG_END in _tail(opened, _PICTURE_TAIL_BYTES)


def _cut_unless(is_whole: bool) -> End:
    return End.WHOLE if is_whole else End.CUT


def _lacks_a_block(opened: Opened) -> bool:
    """Tell whether a whole block holds nothing but zeros: packed bytes never do, a block that has not come does."""
    at = 0
    while chunk := _read(opened, _CHUNK_BYTES, at):
        at += len(chunk)
        if _EMPTY_BLOCK in chunk and any(
            chunk.startswith(_EMPTY_BLOCK, block) for block in range(0, len(chunk), len(_EMPTY_BLOCK))
        ):
            return True
    return False


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
    return _parts_begin(opened, _read(opened, min(size, opened.size_bytes), start), parts)


def _parts_begin(opened: Opened, listed: bytes, parts: int) -> bool:
    """Tell whether a zip's list of its parts is there, and each part's beginning where it says."""
    at = 0
    for _ in range(min(parts, _MOST_ENTRIES)):
        if len(listed) < at + _ZIP_ENTRY_BYTES or not listed.startswith(_ZIP_ENTRY, at):
            return False
        if _read(opened, 4, struct.unpack_from("<I", listed, at + 42)[0]) != ZIP_MAGIC:
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
    return 0 < start < opened.size_bytes and bool(_read(opened, 16, start).strip(b"\0"))


def _is_whole_ole(opened: Opened) -> bool:
    """The sector of the list of streams, mostly one of the last, is there ([MS-CFB] 2.2)."""
    head = _read(opened, 76, 0)
    if len(head) < 76:
        return False
    shift, sector = struct.unpack_from("<H", head, 30)[0], struct.unpack_from("<I", head, 48)[0]
    if not 7 <= shift <= 16:
        return True  # damaged rather than cut: the reader says so
    listed = _read(opened, 128, (sector + 1) << shift)
    return len(listed) == 128 and bool(listed.strip(b"\0"))


def _end_of_photo(opened: Opened) -> End:
    tail = _tail(opened, _PICTURE_TAIL_BYTES)
    if not tail[-_ZEROS_BYTES:].strip(b"\0"):
        return End.CUT
    # a telephone hangs a film of some seconds behind a photo, whose end may lie far before that of the file
    return End.WHOLE if JPG_END in tail else End.OPEN


def _end_of_text(content: bytes, suffix: str) -> End:
    is_wide = content.startswith(_BOMS)
    bare = content.rstrip(b" \t\r\n\0" if is_wide else b" \t\r\n")
    if _HOLE in content or not bare:
        return End.CUT
    if is_wide:
        return End.OPEN
    # a letter of two to four bytes of which the last are missing; text in an old encoding may end so, with a line end
    if len(bare) == len(content) and _ends_within_a_letter(content):
        return End.CUT
    if suffix == ".json" and bare.removeprefix(codecs.BOM_UTF8)[:1] in {b"{", b"["}:
        bones = _JSON_STRING.sub(b"", bare)
        is_closed = b'"' not in bones and all(bones.count(begin) == bones.count(end) for begin, end in _BRACKETS)
        return _cut_unless(is_closed)
    if suffix == ".csv":
        return End.CUT if content.count(b'"') % 2 else End.OPEN
    if suffix == ".json":
        return End.OPEN
    # YAML has a line that says that nothing follows; our own forms end with it
    return End.WHOLE if _YAML_END.search(bare) else End.UNENDED


def _ends_within_a_letter(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError as trouble:
        return trouble.reason == "unexpected end of data"
    return False


def _tail(opened: Opened, length: int) -> bytes:
    return _read(opened, length, max(0, opened.size_bytes - length))


def _read(opened: Opened, length: int, offset: int) -> bytes:
    """Read so many bytes, fewer at the end of the file only: a share may give less at a time. Raises OSError."""
    content = b""
    while piece := os.pread(opened.fd, length - len(content), offset + len(content)):
        content += piece
        if len(content) == length:
            break
    return content
