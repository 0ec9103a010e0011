"""The door for Word and Excel files: a zip of XML parts, looked through before any library opens it.

Refused here: what is packed so that it unpacks without end, parts twice or outside the package, encrypted parts,
any DOCTYPE (so no entities), macros, embedded objects, links by which an office program would fetch or run something,
sheets and merged areas of absurd size. Everything is read by expat once, in one pass, with limits on all counts.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final, NoReturn
from xml.parsers import expat

from pipeline.messages import say
from pipeline.model import Finding, Place, Said
from pipeline.reading import refusals
from pipeline.reading.refusals import refusal, warning

MOST_PARTS: Final = 2000
MOST_BYTES: Final = 96 * 1024 * 1024  # of all parts, inflated
MOST_XML_BYTES: Final = 24 * 1024 * 1024  # of one XML part, inflated
MOST_RATIO: Final = 200  # inflated to packed, for parts above a megabyte; a page of spaces reaches about 100
MOST_ELEMENTS: Final = 700_000
MOST_DEPTH: Final = 200
MOST_ROWS: Final = 20_000
MOST_COLUMNS: Final = 400
MOST_AREA: Final = 20_000  # cells in all merged areas, links and array formulas together

_OLE_PREFIX: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MAIN: Final = {
    "wordprocessingml.document.main+xml": "docx",
    "wordprocessingml.template.main+xml": "docx",
    "spreadsheetml.sheet.main+xml": "xlsx",
    "spreadsheetml.template.main+xml": "xlsx",
}
_MACRO: Final = re.compile(r"vbaproject|vbadata|/macrosheets/|/activex/|attachedtoolbars", re.IGNORECASE)
_EMBEDDED: Final = re.compile(r"/embeddings/|/oleobject|/ctrlprops/", re.IGNORECASE)
_REMOTE_PARTS: Final = re.compile(r"xl/(?:connections\.xml|querytables/|dialogsheets/)", re.IGNORECASE)
_FETCHING_FIELD: Final = re.compile(
    r"^\s*(?:DDE|DDEAUTO|INCLUDETEXT|INCLUDEPICTURE|INCLUDE|IMPORT|LINK|DATABASE|RD|EMBED|MACROBUTTON|AUTOTEXT)\b",
    re.IGNORECASE,
)
_CELL: Final = re.compile(r"\$?([A-Z]{1,4})\$?([0-9]{1,9})")


class Unfit(Exception):  # noqa: N818 - names a state of the file
    """The file is refused; `finding` says why."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.code)
        self.finding = finding


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
            _check_directory(infos)
            _check_names([info.filename for info in infos], is_macro=False)
            parts = dict(_xml_parts(archive, infos))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError) as error:
        raise Unfit(refusals.damaged(str(error))) from error
    return _examined(parts)


def _examined(parts: dict[str, bytes]) -> Package:
    format_, is_macro = _main_format(parts)
    _check_names([], is_macro)
    findings: list[Finding] = []
    formulas: dict[str, frozenset[str]] = {}
    budget = _Budget()
    for name, xml in parts.items():
        watcher = _Watcher(name, budget)
        if _is_plain(name, xml):
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


def _check_directory(infos: list[zipfile.ZipInfo]) -> None:
    """The zip's own list of parts: names, sizes, encryption."""
    if len(infos) > MOST_PARTS or sum(info.file_size for info in infos) > MOST_BYTES:
        raise Unfit(refusals.too_heavy())
    seen: set[str] = set()
    for info in infos:
        name = info.filename.replace("\\", "/")
        if name.startswith("/") or ":" in name or ".." in name.split("/") or "\0" in info.orig_filename:
            raise Unfit(_tampered(say("The file holds a part whose name points outside of it.")))
        if name.casefold() in seen:
            raise Unfit(_tampered(say("The file holds the part “{part}” twice.", part=name)))
        seen.add(name.casefold())
        if info.flag_bits & 0x1:
            raise Unfit(refusals.password())
        if info.file_size > 1 << 20 and info.file_size > MOST_RATIO * max(info.compress_size, 1):
            raise Unfit(refusals.too_heavy())


def _tampered(message: Said) -> Finding:
    return refusal("file.tampered", message, say("Copy the content into an empty form and drop that file."))


def _xml_parts(archive: zipfile.ZipFile, infos: list[zipfile.ZipInfo]) -> Iterator[tuple[str, bytes]]:
    """The parts that are XML, whatever their names say; other parts may be pictures and fonts, not programs."""
    left = MOST_BYTES
    for info in infos:
        if info.is_dir():
            continue
        with archive.open(info) as part:
            content = part.read(64)
            if content.startswith((_OLE_PREFIX, b"MZ", b"\x7fELF", b"PK\x03\x04")):
                raise Unfit(_embedded(info.filename))
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


def _is_plain(name: str, xml: bytes) -> bool:
    """Whether a part in an encoding like ASCII holds none of the elements that are looked at one by one."""
    watched = (b"instr", b"sheetData", b"Relationship")
    return (
        not name.startswith("xl/externalLinks/")
        and b"\0" not in xml[:64]
        and not any(word in xml for word in watched)
    )


def _main_format(parts: dict[str, bytes]) -> tuple[str, bool]:
    """The format by the list of content types ("" when none of ours), and whether it admits to macros."""
    types = parts.get("[Content_Types].xml")
    if types is None:
        return "", False
    declared: list[str] = []

    def start(_: str, attributes: dict[str, str]) -> None:
        declared.append(attributes.get("ContentType", ""))

    _expat(types, start)
    is_macro = any("macroenabled" in kind.lower() for kind in declared)
    return next((format_ for kind in declared for end, format_ in _MAIN.items() if kind.endswith(end)), ""), is_macro


def _check_names(names: list[str], is_macro: bool) -> None:
    for name in names:
        if _MACRO.search(name):
            is_macro = True
        elif _EMBEDDED.search(name):
            raise Unfit(_embedded(name))
        elif _REMOTE_PARTS.match(name):
            raise Unfit(_fetches(name))
    if is_macro:
        raise Unfit(
            refusal(
                "I05",
                say("The file contains a macro program."),
                say("Save it as an ordinary .docx or .xlsx without macros and drop that file."),
            )
        )


def _embedded(part: str) -> Finding:
    return refusal(
        "file.embedded-object",
        say("Another file or program is embedded in the document (“{part}”).", part=part),
        say("Delete the embedded object, write its content as text, and drop the file again."),
    )


def _fetches(target: str) -> Finding:
    return refusal(
        "file.external-link",
        say("The document would fetch or start something from outside: “{target}”.", target=target[:150]),
        say("Remove the link (or copy the content into an empty form) and drop the file again."),
    )


@dataclass
class _Budget:
    elements: int = MOST_ELEMENTS
    area: int = MOST_AREA

    def spend(self, elements: int) -> None:
        """Count elements. Raises Unfit when there were too many."""
        self.elements -= elements
        if self.elements < 0:
            raise Unfit(refusals.too_heavy())


@dataclass
class _Watcher:
    """One pass of expat over one part."""

    name: str
    budget: _Budget
    findings: list[Finding] = field(default_factory=list)
    formulas: list[str] = field(default_factory=list)
    is_sheet: bool = False
    depth: int = 0
    cell: str = ""
    instruction: str = ""
    in_instruction: bool = False

    def read(self, xml: bytes) -> None:
        """Look at every element. Raises Unfit."""
        _expat(xml, self.start, self.end, self.text)

    def pass_over(self, xml: bytes) -> None:
        """Only see that it is well-formed, without DOCTYPE, and not too much. Raises Unfit."""
        self.budget.spend(xml.count(b"<") // 2)
        _expat(xml)

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        local = tag.rpartition(":")[2]
        self.depth += 1
        self.budget.spend(1)
        if self.depth > MOST_DEPTH:
            raise Unfit(refusals.too_heavy())
        if self.depth == 1:
            self.is_sheet = local == "worksheet"
        if local == "Relationship":
            self._relationship(attributes)
        elif self.is_sheet:
            self._in_sheet(local, attributes)
        else:
            self._in_text(local, attributes)

    def end(self, tag: str) -> None:
        self.depth -= 1
        if tag.endswith("instrText"):
            self.in_instruction = False

    def text(self, text: str) -> None:
        if self.in_instruction:
            self.instruction = (self.instruction + text)[:200]
            self._check_instruction(self.instruction)

    def _relationship(self, attributes: dict[str, str]) -> None:
        kind = attributes.get("Type", "").rpartition("/")[2].lower()
        target = attributes.get("Target", "")
        if kind in {"oleobject", "package", "control", "afchunk", "activexcontrolbinary"}:
            raise Unfit(_embedded(target))
        if kind == "vbaproject":
            _check_names([], is_macro=True)
        if attributes.get("TargetMode", "").lower() != "external" or kind == "hyperlink":
            return
        is_local = re.match(r"(?:file:/*)?[A-Za-z]:[\\/]|(?!file:)[^:/\\]+(?:/[^:/\\]+)*$", target) is not None
        if not is_local:
            raise Unfit(_fetches(target))
        if kind != "attachedtemplate":  # Word notes the path of its own template on the writer's disk: harmless
            self.findings.append(
                warning(
                    "I05",
                    say("The file refers to another file: “{target}”. Its content is not read.", target=target[:150]),
                    say("Copy what is needed into the form itself."),
                )
            )

    def _in_sheet(self, local: str, attributes: dict[str, str]) -> None:
        if local == "c":
            self.cell = attributes.get("r", "")
        elif local in {"v", "is", "f"}:
            self._check_bounds(self.cell)
            if local == "f":
                self.formulas.append(self.cell.replace("$", ""))
        if local in {"mergeCell", "hyperlink", "f", "protectedRange"} and "ref" in attributes:
            self.budget.area -= _area(attributes["ref"])
            if self.budget.area < 0:
                raise Unfit(refusals.too_heavy())

    def _check_bounds(self, cell: str) -> None:
        match = _CELL.fullmatch(cell)
        if match and (int(match[2]) > MOST_ROWS or _column(match[1]) > MOST_COLUMNS):
            raise Unfit(
                refusal(
                    "file.too-heavy",
                    say("There is something in cell {cell}, far outside any form.", cell=cell),
                    say("Copy the form alone into a new workbook and drop that file."),
                    place=Place(cell=cell),
                )
            )

    def _in_text(self, local: str, attributes: dict[str, str]) -> None:
        if local == "instrText":
            self.in_instruction = True
        elif local == "fldChar":
            self.instruction = ""
        elif local == "fldSimple":
            for name, value in attributes.items():
                if name.endswith("instr"):
                    self._check_instruction(value)
        elif local in {"ddeLink", "oleLink"}:
            raise Unfit(_fetches(attributes.get("ddeService", local)))

    def _check_instruction(self, instruction: str) -> None:
        if _FETCHING_FIELD.match(instruction):
            raise Unfit(_fetches(instruction.strip()))


def _expat(
    xml: bytes,
    start: Callable[[str, dict[str, str]], None] | None = None,
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> None:
    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = _refuse_doctype
    try:
        parser.Parse(xml, True)
    except expat.ExpatError as error:
        raise Unfit(refusals.damaged(str(error))) from error


def _refuse_doctype(*_: object) -> NoReturn:
    raise Unfit(_tampered(say("The file contains definitions (DOCTYPE) that no office program writes.")))


def _area(ref: str) -> int:
    """The number of cells in a range such as "A1:C3"."""
    corners = [_CELL.fullmatch(corner) for corner in ref.split(":")]
    if len(corners) != 2 or corners[0] is None or corners[1] is None:
        return 1
    rows = abs(int(corners[1][2]) - int(corners[0][2])) + 1
    return rows * (abs(_column(corners[1][1]) - _column(corners[0][1])) + 1)


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number
