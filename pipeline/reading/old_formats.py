"""Old office formats as far as we look into them ourselves: which one it is, and whether its text bears a mark.

Word 97 and Excel 97 files (OLE2), RTF and OpenDocument are made new by LibreOffice (`tools.soffice.Converter`) before
they are read. Here the door is kept in front of it: passwords, macros and files that are not what their name says are
refused. `loose_lines` serves the secrecy gate where LibreOffice is not there: text as it lies in the bytes.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Final

from lxml import etree

from pipeline.files import refusals
from pipeline.files.refusals import Unfit
from pipeline.ooxml.package import check_directory
from pipeline.reading.fields import COMPUTED, FROZEN

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
# OpenDocument has its type first in the archive, stored as it is: it can be told without opening it.
_ODF: Final = re.compile(
    rb"PK\x03\x04.{26}mimetypeapplication/vnd\.oasis\.opendocument\.(text|spreadsheet)(-template)?(?=PK)", re.DOTALL
)
_RTF_BRACES: Final = re.compile(rb"(?<!\\)[{}]")
# nested further, a file took 20 s and 1.1 GiB (docs/decisions/0010)
_MOST_GROUPS: Final = 500


def odf_format(content: bytes) -> str:
    """ "odt" or "ods" for an OpenDocument file, "" for any other zip. Raises Unfit for passwords, macros,
    damage, or a bomb."""
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
    # the archive itself opens: only its manifest says that the parts in it are encrypted
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


# A field that computes itself, by the first word of its instruction; LibreOffice would put today in its place.
_RTF_COMPUTED: Final = re.compile(
    rb"(\\fldinst\b[^\\{}]*\{?[^\\{}]*?)\b(" + "|".join(sorted(COMPUTED)).encode() + rb")\b"
)


def frozen(content: bytes, format_: str) -> bytes:
    """The file with fields that compute themselves named so that LibreOffice leaves their stored text alone."""
    if format_ != "rtf":
        return content
    return _RTF_COMPUTED.sub(lambda match: match[1] + FROZEN.encode() + match[2], content)


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
        # 16-bit letters may begin at an even or an odd byte
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
            # RTF writes letters as signed numbers of 16 bits
            code = int(match["code"]) & 0xFFFF
            pieces.append("" if 0xD800 <= code < 0xE000 else chr(code))
        elif match["word"] in _RTF_BREAKS:
            pieces.append("\n")
        elif match["text"]:
            pieces.append(match["text"].decode("cp1252", errors="replace"))
    return "".join(pieces)
