"""The door for Word and Excel files: a zip of XML parts, looked through before any library opens it.

Refused here: what is packed so that it unpacks without end, parts twice or outside the package, encrypted parts,
any DOCTYPE (so no entities), macros, embedded objects, links by which an office program would fetch or run something,
sheets and merged areas of absurd size. `parts` looks through the XML, in one pass, with limits on all counts.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from pipeline.messages import say
from pipeline.model import Finding
from pipeline.reading import refusals
from pipeline.reading.parts import Budget, Watcher, is_plain, parsed
from pipeline.reading.refusals import Unfit, refusal

MOST_PARTS: Final = 2000
MOST_BYTES: Final = 96 * 1024 * 1024  # of all parts, inflated
MOST_XML_BYTES: Final = 24 * 1024 * 1024  # of one XML part, inflated
MOST_RATIO: Final = 200  # inflated to packed, for parts above a megabyte; a page of spaces reaches about 100
_OLE_PREFIX: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MAIN: Final = {
    "wordprocessingml.document.main+xml": "docx",
    "wordprocessingml.template.main+xml": "docx",
    "spreadsheetml.sheet.main+xml": "xlsx",
    "spreadsheetml.template.main+xml": "xlsx",
}
_MACRO: Final = re.compile(r"vbaproject|vbadata|/macrosheets/|/activex/|attachedtoolbars", re.IGNORECASE)
_EMBEDDED: Final = re.compile(r"/embeddings/|/oleobject", re.IGNORECASE)
_REMOTE_PARTS: Final = re.compile(r"xl/(?:connections\.xml|querytables/|dialogsheets/)", re.IGNORECASE)


@dataclass(frozen=True)
class Package:
    """A Word or Excel file that passed the door: its format, its XML parts by name, and warnings about it.

    `formulas` gives, for each sheet part, the cells that hold a formula.
    """

    format: str
    parts: dict[str, bytes]
    formulas: dict[str, frozenset[str]]
    findings: tuple[Finding, ...] = ()


def unpack(content: bytes) -> Package:
    """Look through a zip file. Raises Unfit."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            infos = archive.infolist()
            check_directory(infos)
            _check_names([info.filename for info in infos], is_macro=False)
            parts = dict(_xml_parts(archive, infos))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError) as error:
        raise Unfit(refusals.damaged()) from error
    return _examined(parts)


def _examined(parts: dict[str, bytes]) -> Package:
    format_, is_macro = _main_format(parts)
    _check_names([], is_macro)
    findings: list[Finding] = []
    formulas: dict[str, frozenset[str]] = {}
    budget = Budget()
    for name, xml in parts.items():
        watcher = Watcher(name, budget)
        if is_plain(name, xml):
            watcher.pass_over(xml)
            continue
        watcher.read(xml)
        findings += watcher.findings
        if watcher.is_sheet:
            formulas[name] = frozenset(watcher.formulas)
    if not format_:
        raise Unfit(
            refusal(
                "I01",
                say("This is neither a Word document (.docx) nor an Excel workbook (.xlsx)."),
                say("Save the form as .docx or .xlsx and drop that file; send archives unpacked."),
            )
        )
    return Package(format_, parts, formulas, tuple(dict.fromkeys(findings)))


def check_directory(infos: list[zipfile.ZipInfo]) -> None:
    """Look at a zip's own list of parts: names, sizes, encryption. Raises Unfit."""
    if len(infos) > MOST_PARTS or sum(info.file_size for info in infos) > MOST_BYTES:
        raise Unfit(refusals.too_heavy())
    seen: set[str] = set()
    for info in infos:
        name = info.filename.replace("\\", "/")
        if name.startswith("/") or ":" in name or ".." in name.split("/") or "\0" in info.orig_filename:
            message = say("The file holds a part whose name points outside of it.")
            raise Unfit(refusal("file.tampered", message, refusals.copy_over()))
        if name.casefold() in seen:
            message = say("The file holds the part “{part}” twice.", part=name)
            raise Unfit(refusal("file.tampered", message, refusals.copy_over()))
        seen.add(name.casefold())
        if info.flag_bits & 0x1:
            raise Unfit(refusals.password())
        if info.file_size > 1 << 20 and info.file_size > MOST_RATIO * max(info.compress_size, 1):
            raise Unfit(refusals.too_heavy())


def _xml_parts(archive: zipfile.ZipFile, infos: list[zipfile.ZipInfo]) -> Iterator[tuple[str, bytes]]:
    """The parts that are XML, whatever their names say; other parts may be pictures and fonts, not programs."""
    left = MOST_BYTES
    for info in infos:
        if info.is_dir():
            continue
        with archive.open(info) as part:
            content = part.read(64)
            if content.startswith((_OLE_PREFIX, b"MZ", b"\x7fELF", b"PK\x03\x04")):
                raise Unfit(refusals.embedded(info.filename))
            if not _is_xml(info.filename, content):
                continue
            content += part.read(MOST_XML_BYTES + 1)
        left -= len(content)
        if len(content) > MOST_XML_BYTES or left < 0:
            raise Unfit(refusals.too_heavy())
        yield info.filename, content


def _is_xml(name: str, head: bytes) -> bool:
    if name.lower().endswith((".xml", ".rels", ".vml", ".svg")):
        return True
    return head.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0").startswith(b"<")


def _main_format(parts: dict[str, bytes]) -> tuple[str, bool]:
    """The format by the list of content types ("" when none of ours), and whether it admits to macros."""
    types = parts.get("[Content_Types].xml")
    if types is None:
        return "", False
    declared: list[str] = []

    def start(_: str, attributes: dict[str, str]) -> None:
        declared.append(attributes.get("ContentType", ""))

    parsed(types, start)
    is_macro = any("macroenabled" in kind.lower() for kind in declared)
    return next((format_ for kind in declared for end, format_ in _MAIN.items() if kind.endswith(end)), ""), is_macro


def _check_names(names: list[str], is_macro: bool) -> None:
    for name in names:
        if _MACRO.search(name):
            is_macro = True
        elif _EMBEDDED.search(name):
            raise Unfit(refusals.embedded(name))
        elif _REMOTE_PARTS.match(name):
            raise Unfit(refusals.fetches(name))
    if is_macro:
        raise Unfit(refusals.macros())
