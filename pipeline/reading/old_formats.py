"""Old office formats as far as we look into them ourselves: which one it is, and whether its text bears a mark.

Word 97 and Excel 97 files (OLE2), RTF and OpenDocument are made new by LibreOffice (`tools.soffice.Converter`) before
they are read. Here the door is kept in front of it: passwords, macros and files that are not what their name says are
refused. `loose_lines` serves the secrecy gate where LibreOffice is not there: text as it lies in the bytes.
"""

import io
import re
import struct
import zipfile
from collections.abc import Iterator
from typing import Final

from lxml import etree

from pipeline.reading import refusals
from pipeline.reading.package import check_directory
from pipeline.reading.refusals import Unfit

OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

#: Old formats, and what they are made: see `tools.soffice.converter.FILTERS`.
NEW_FORMATS: Final = {"doc": "docx", "rtf": "docx", "odt": "docx", "xls": "xlsx", "ods": "xlsx"}
#: Extensions under which a format may travel.
EXTENSIONS: Final = {
    "doc": frozenset({"doc", "dot", ""}),
    "xls": frozenset({"xls", "xlt", ""}),
    "rtf": frozenset({"rtf", ""}),
    "odt": frozenset({"odt", "ott", ""}),
    "ods": frozenset({"ods", "ots", ""}),
}
_ODF: Final = re.compile(
    rb"PK\x03\x04.{26}mimetypeapplication/vnd\.oasis\.opendocument\.(text|spreadsheet)(-template)?(?=PK)", re.DOTALL
)
_RTF_BRACES: Final = re.compile(rb"(?<!\\)[{}]")
_MOST_GROUPS: Final = 500
_FIB: Final = b"\xec\xa5"  # begins a Word document stream
_ENCRYPTED_FIB: Final = 0x0100
_BOF: Final = (b"\x09\x08\x10\x00\x00\x06\x05\x00", b"\x09\x08\x08\x00\x00\x05\x05\x00")  # Excel 97, Excel 95
_FILEPASS: Final = 0x002F
_SECTOR: Final = 512


def ole_format(content: bytes) -> str:
    """What an OLE2 file holds: "doc", "xls", or "" for anything else. Raises Unfit for passwords, macros, damage."""
    if not _has_entry(content, "Root Entry"):
        raise Unfit(refusals.damaged())
    if _has_entry(content, "EncryptedPackage"):
        raise Unfit(refusals.password())
    if _has_entry(content, "WordDocument"):
        found, is_locked = "doc", _is_locked_word(content)
    elif _has_entry(content, "Workbook") or _has_entry(content, "Book"):
        found, is_locked = "xls", _is_locked_excel(content)
    else:
        return ""
    if is_locked:
        raise Unfit(refusals.password())
    if _has_entry(content, "_VBA_PROJECT"):
        raise Unfit(refusals.macros())
    return found


def odf_format(content: bytes) -> str:
    """ "odt" or "ods" for an OpenDocument file, "" for any other zip. Raises Unfit as `ole_format`, or for a bomb."""
    match = _ODF.match(content[:256])
    if match is None:
        return ""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            infos = archive.infolist()
            check_directory(infos)
            names = [info.filename for info in infos]
            manifest = archive.read("META-INF/manifest.xml") if "META-INF/manifest.xml" in names else b""
    except (zipfile.BadZipFile, EOFError, NotImplementedError, ValueError, OSError) as error:
        raise Unfit(refusals.damaged()) from error
    if b"encryption-data" in manifest:
        raise Unfit(refusals.password())
    if any(name.startswith(("Basic/", "Scripts/")) and not name.endswith("/") for name in names):
        raise Unfit(refusals.macros())
    return "odt" if match[1] == b"text" else "ods"


def check_rtf(content: bytes) -> None:
    """Raises Unfit for groups nested as no office program nests them: LibreOffice follows them until memory ends."""
    depth = 0
    for brace in _RTF_BRACES.finditer(content):
        depth += 1 if brace[0] == b"{" else -1
        if depth > _MOST_GROUPS:
            raise Unfit(refusals.too_heavy())


def _has_entry(content: bytes, name: str) -> bool:
    """Whether the directory of an OLE2 file names a stream or storage: 64 bytes of name, then its length in bytes."""
    return name.encode("utf-16-le").ljust(64, b"\0") + struct.pack("<H", 2 * len(name) + 2) in content


def _is_locked_word(content: bytes) -> bool:
    """The bit fEncrypted of the block that begins the document's stream, which begins a sector."""
    for at in range(_SECTOR, len(content) - 12, _SECTOR):
        if content.startswith(_FIB, at):
            return bool(struct.unpack_from("<H", content, at + 10)[0] & _ENCRYPTED_FIB)
    return False


def _is_locked_excel(content: bytes) -> bool:
    """The record FILEPASS near the beginning of the workbook's stream."""
    for at in range(_SECTOR, len(content) - 8, 64):
        if content.startswith(_BOF, at):
            return _FILEPASS in _first_records(content, at)
    return False


def _first_records(content: bytes, at: int) -> Iterator[int]:
    """The kinds of the first records of a workbook's stream that begins at an offset."""
    for _ in range(8):
        if at + 4 > len(content):
            return
        kind, length = struct.unpack_from("<HH", content, at)
        yield kind
        at += 4 + length


# The secrecy gate without LibreOffice -------------------------------------------------------------------------

_BREAKS_8: Final = re.compile(rb"[\x00\r\n\x07\x0b\x0c\x13-\x15]+")
_BREAKS_16: Final = re.compile("[\x00-\x1f\ufffd]+")
_LONGEST: Final = 240  # no longer line is a mark
_XLS_STRING: Final = re.compile(rb"(?=([\x03-\xf0]\x00?[\x00\x01]))[^\x00]")
_RTF_TOKEN: Final = re.compile(
    rb"\\'(?P<hex>[0-9a-fA-F]{2})|\\u(?P<code>-?[0-9]{1,5}) ?(?:\\'[0-9a-fA-F]{2}|[?_ ])?"
    rb"|\\(?P<word>[a-zA-Z]{1,32})(?:-?[0-9]{1,10})? ?|\\(?P<sign>[^a-zA-Z])|[{}\r\n]|(?P<text>[^\\{}\r\n]+)"
)
_RTF_BREAKS: Final = frozenset({b"par", b"pard", b"cell", b"row", b"line", b"sect", b"page", b"tab"})


def loose_lines(content: bytes, format_: str) -> Iterator[str]:
    """The text of an old file, roughly line by line, as 8-bit and as 16-bit letters; other things come along."""
    if format_ in {"odt", "ods"}:
        yield from _odf_lines(content)
    elif format_ == "rtf":
        yield from _rtf_text(content).splitlines()
    elif format_ == "xls":
        yield from _xls_strings(content)
    else:
        for piece in _BREAKS_8.split(content):
            if 3 <= len(piece) <= _LONGEST:
                yield piece.decode("cp1252", errors="replace")
        for start in (0, 1):
            text = content[start:].decode("utf-16-le", errors="replace")
            yield from (piece for piece in _BREAKS_16.split(text) if 3 <= len(piece) <= _LONGEST)


def _xls_strings(content: bytes) -> Iterator[str]:
    """What may be strings of a workbook: the length in one or two bytes, 0 or 1 for narrow or wide letters, these."""
    for match in _XLS_STRING.finditer(content):
        begin, length, is_wide = match.end(1), match[1][0], match[1][-1]
        letters = content[begin : begin + length * (1 + is_wide)]
        text = letters.decode("utf-16-le" if is_wide else "cp1252", errors="replace")
        if not _BREAKS_16.search(text):
            yield text


def _odf_lines(content: bytes) -> Iterator[str]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in ("content.xml", "styles.xml", "meta.xml"):
            if name in archive.namelist():
                root = etree.fromstring(archive.read(name), parser)
                for element in root.iter():
                    if str(element.tag).endswith(("}p", "}h", "}title", "}subject", "}keyword", "}description")):
                        yield "".join(str(text) for text in element.itertext("*"))
                    yield from (str(value) for key, value in element.attrib.items() if str(key).endswith("}name"))


def _rtf_text(content: bytes) -> str:
    """The letters of an RTF file, a line for each paragraph and cell."""
    pieces: list[str] = []
    for match in _RTF_TOKEN.finditer(content):
        if match["hex"]:
            pieces.append(bytes.fromhex(match["hex"].decode()).decode("cp1252", errors="replace"))
        elif match["code"]:
            code = int(match["code"]) & 0xFFFF
            pieces.append("" if 0xD800 <= code < 0xE000 else chr(code))
        elif match["word"] in _RTF_BREAKS:
            pieces.append("\n")
        elif match["text"]:
            pieces.append(match["text"].decode("cp1252", errors="replace"))
    return "".join(pieces)
