"""Files of the old container (OLE2): Word 97, Excel 97, and what Office makes of a file with a password.

Only looked at, by `olefile`: which of them it is, whether it is locked or holds macros. LibreOffice makes new files
of those that may be read (`reading.old_formats`).
"""

import io
import struct
from typing import Final

import olefile

from pipeline.files import refusals
from pipeline.files.refusals import Unfit

OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_FIB: Final = b"\xec\xa5"  # begins the stream of a Word 97 document ([MS-DOC] 2.5.1)
_ENCRYPTED: Final = 0x0100  # the bit fEncrypted of the FIB's flags, at offset 10
#: The record BOF of Excel 97 and of Excel 95 ([MS-XLS] 2.4.21), which begins the stream of a workbook.
_BOF: Final = (b"\x09\x08\x10\x00\x00\x06\x05\x00", b"\x09\x08\x08\x00\x00\x05\x05\x00")
_FILEPASS: Final = 0x002F  # the record that says how a workbook is encrypted ([MS-XLS] 2.4.117)
_FIRST_RECORDS: Final = 8  # FILEPASS stands among these


def ole_format(content: bytes) -> str:
    """What an OLE2 file holds: "doc", "xls", or "" for anything else. Raises Unfit for passwords, macros, damage."""
    try:
        with olefile.OleFileIO(io.BytesIO(content)) as file:
            found, is_locked = _looked_at(file)
            names = {name.casefold() for path in file.listdir(streams=True, storages=True) for name in path}
    except (OSError, ValueError, LookupError, AttributeError, TypeError, struct.error) as error:
        raise Unfit(refusals.damaged()) from error
    if is_locked:
        raise Unfit(refusals.password())
    if found and "_vba_project" in names:
        raise Unfit(refusals.macros())
    return found


def _looked_at(file: olefile.OleFileIO) -> tuple[str, bool]:
    """The format, and whether the file is protected by a password."""
    if file.exists("EncryptedPackage"):
        return "", True
    if file.exists("WordDocument"):
        head = file.openstream("WordDocument").read(12)
        is_word = head.startswith(_FIB) and len(head) == 12
        return "doc", is_word and bool(struct.unpack_from("<H", head, 10)[0] & _ENCRYPTED)
    for stream in ("Workbook", "Book"):
        if file.exists(stream):
            return "xls", _FILEPASS in _first_records(file.openstream(stream).read())
    return "", False


def _first_records(stream: bytes) -> list[int]:
    """The kinds of the first records of a workbook's stream."""
    kinds: list[int] = []
    at = 0
    while stream.startswith(_BOF) and len(kinds) < _FIRST_RECORDS and at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        kinds.append(kind)
        at += 4 + length
    return kinds
