"""The door for Word and Excel files: a zip of XML parts, looked through before any library opens it.

Refused here: what is packed so that it unpacks without end, parts twice or outside the package, encrypted parts,
any DOCTYPE (so no entities), macros, embedded objects, links by which an office program would fetch or run something,
sheets and merged areas of absurd size. `inspection` looks through the XML, in one pass, with limits on all counts.
"""

import functools
import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from lxml import etree

from pipeline.files import refusals
from pipeline.files.kept import Kept
from pipeline.files.refusals import Unfit, refusal
from pipeline.messages import say
from pipeline.model import Finding
from pipeline.ooxml.bare_workbook import bare_workbook
from pipeline.ooxml.inspection import Budget, Watcher, is_plain, parsed
from pipeline.ooxml.limits import LIMITS
from pipeline.ooxml.ole import OLE, ole_format
from pipeline.ooxml.repairs import repaired

Element = etree._Element

_MAIN: Final = {
    "wordprocessingml.document.main+xml": "docx",
    "wordprocessingml.template.main+xml": "docx",
    "spreadsheetml.sheet.main+xml": "xlsx",
    "spreadsheetml.template.main+xml": "xlsx",
}
_TEMPLATES: Final = {b"word.template.macroenabledtemplate.main": "dotm", b"wordprocessingml.template.main": "dotx"}
_NEW: Final = {"doc": "docx", "xls": "xlsx"}
_MACRO: Final = re.compile(r"vbaproject|vbadata|/macrosheets/|/activex/|attachedtoolbars", re.IGNORECASE)
_EMBEDDED: Final = re.compile(r"/embeddings/|/oleobject", re.IGNORECASE)
_REMOTE_PARTS: Final = re.compile(r"xl/(?:connections\.xml|querytables/|dialogsheets/)", re.IGNORECASE)
_RELATION: Final = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
#: What a damaged zip makes the standard library raise; RuntimeError for encryption it cannot undo.
_BROKEN: Final = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError, RuntimeError)
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
_BODY: Final = "word/document.xml"
_FIRST: Final = ("[Content_Types].xml", "_rels/.rels", _BODY)


@dataclass(frozen=True)
class Relation:
    """What one part is tied to: the type as written, and the name of the other part."""

    kind: str
    target: str


@dataclass(frozen=True)
class Package:
    """A Word or Excel file that passed the door: its format, its XML parts by name, and warnings about it.

    `formulas` gives, for each sheet part, the cells that hold a formula. A value: nobody changes its trees; who
    writes into a copy parses the part's bytes anew.
    """

    content: bytes = field(repr=False)
    format: str
    parts: Mapping[str, bytes] = field(repr=False)
    formulas: Mapping[str, frozenset[str]] = field(repr=False)
    findings: tuple[Finding, ...] = ()
    is_ours: bool = False  #: made of a template here: most of its parts come with every document of it
    _trees: dict[str, Element] = field(default_factory=dict, repr=False, compare=False)
    _relations: dict[str, Mapping[str, Relation]] = field(default_factory=dict, repr=False, compare=False)

    @property
    def weight_bytes(self) -> int:
        """About what it takes of memory: lxml's trees are ten times as large as what they are parsed from."""
        return len(self.content) + 11 * sum(map(len, self.parts.values()))

    @functools.cached_property
    def main(self) -> str:
        """The part that is the document or workbook itself, "" when no relationship names it."""
        return next(iter(self.related("", "/officeDocument")), "")

    def tree(self, part: str) -> Element | None:
        """A part as a tree without comments, parsed once; None when there is no such part. Raises Unfit."""
        if part not in self._trees:
            if part not in self.parts:
                return None
            # what a template gives to each document is parsed once
            parse = _tree_of_many if self.is_ours and part != _BODY else _tree
            self._trees[part] = parse(part, self.parts[part])
        return self._trees[part]

    def relations(self, part: str) -> Mapping[str, Relation]:
        """The parts that a part ("" is the package) is tied to, by the ids of the ties; outside ones left out."""
        if part not in self._relations:
            folder, _, name = part.rpartition("/")
            root = self.tree(posixpath.join(folder, "_rels", f"{name}.rels"))
            self._relations[part] = {
                relation.get("Id", ""): Relation(
                    relation.get("Type", ""), target_of(part, relation.get("Target", ""))
                )
                for relation in (root.iter(_RELATION) if root is not None else ())
                if relation.get("TargetMode") != "External"
            }
        return self._relations[part]

    def related(self, part: str, kind: str) -> tuple[str, ...]:
        """The parts that a part is tied to by relationships whose type ends in `kind` ("/styles")."""
        found = self.relations(part).values()
        return tuple(one.target for one in found if one.kind.endswith(kind) and one.target in self.parts)

    def all_parts(self) -> dict[str, bytes]:
        """Every part, pictures and fonts too. Raises Unfit when one is damaged."""
        try:
            with zipfile.ZipFile(io.BytesIO(self.content)) as archive:
                names = [name for name in archive.namelist() if not name.endswith("/")]
                return {name: self.parts.get(name) or archive.read(name) for name in names}
        except _BROKEN as error:
            raise Unfit(refusals.damaged()) from error


def only_cells(package: Package) -> bytes:
    """The workbook without what no cell needs; see `bare_workbook`."""
    styles = next(iter(package.related(package.main, "/styles")), "")
    return packed(bare_workbook(package.all_parts(), package.main, styles))


_KEPT: Final = Kept[Package]("ooxml", 64 << 20, lambda package: package.weight_bytes)


def opened(content: bytes | Package) -> Package:
    """Look through a Word or Excel file; one that was looked through is given back.

    Raises Unfit; running out of memory is left to the guard.
    """
    return content if isinstance(content, Package) else _KEPT.of(content, lambda: _opened(content))


def opened_ours(content: bytes) -> Package:
    """The same of a file that was made of a template here. Raises Unfit."""
    return replace(opened(content), is_ours=True)


def _opened(content: bytes) -> Package:
    if content.startswith(OLE):  # an office program wraps a file with a password in one of the old kind
        found = ole_format(content)
        raise Unfit(refusals.old(found, _NEW[found]) if found else _is_neither())
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            infos = archive.infolist()
            check_directory(infos)
            _check_names([info.filename for info in infos], is_macro=False)
            parts = dict(_xml_parts(archive, infos))
            others = frozenset(info.filename for info in infos) - parts.keys()
            mended = repaired(parts, others)
            if mended is not None:
                parts = mended
                content = packed({**{name: archive.read(name) for name in others if name[-1:] != "/"}, **mended})
    except _BROKEN as error:
        raise Unfit(refusals.damaged()) from error
    return _examined(content, parts)


def _examined(content: bytes, parts: dict[str, bytes]) -> Package:
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
        raise Unfit(_is_neither())
    return Package(content, format_, parts, formulas, tuple(dict.fromkeys(findings)))


def _is_neither() -> Finding:
    return refusal(
        "I01",
        say("This is neither a Word document (.docx) nor an Excel workbook (.xlsx)."),
        say("Save the form as .docx or .xlsx and drop that file; send archives unpacked."),
    )


def check_directory(infos: list[zipfile.ZipInfo]) -> None:
    """Look at a zip's own list of parts: names, sizes, encryption. Raises Unfit."""
    if len(infos) > LIMITS.parts or sum(info.file_size for info in infos) > LIMITS.bytes:
        raise Unfit(refusals.too_heavy())
    seen: set[str] = set()
    for info in infos:
        name = info.filename.replace("\\", "/")
        if name.startswith("/") or ":" in name or ".." in name.split("/") or "\0" in info.orig_filename:
            message = say("The file holds a part whose name points outside of it.")
            raise Unfit(refusal("file.tampered", message, refusals.copy_over()))
        if name.casefold() in seen:  # programs disagree about which of two they show
            message = say("The file holds the part “{part}” twice.", part=name)
            raise Unfit(refusal("file.tampered", message, refusals.copy_over()))
        seen.add(name.casefold())
        if info.flag_bits & 0x1:
            raise Unfit(refusals.password())
        if info.file_size > 1 << 20 and info.file_size > LIMITS.ratio * max(info.compress_size, 1):
            raise Unfit(refusals.too_heavy())


def _xml_parts(archive: zipfile.ZipFile, infos: list[zipfile.ZipInfo]) -> Iterator[tuple[str, bytes]]:
    """The parts that are XML, whatever their names say; other parts may be pictures and fonts, not programs."""
    left = LIMITS.bytes
    for info in infos:
        if info.is_dir():
            continue
        with archive.open(info) as part:
            content = part.read(64)
            if content.startswith((OLE, b"MZ", b"\x7fELF", b"PK\x03\x04")):
                raise Unfit(refusals.embedded(info.filename))
            if not _is_xml(info.filename, content):
                continue
            content += part.read(LIMITS.xml_bytes + 1)
        left -= len(content)
        if len(content) > LIMITS.xml_bytes or left < 0:
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

    parsed("[Content_Types].xml", types, start)
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


def _tree(part: str, xml: bytes) -> Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
    try:
        return etree.fromstring(xml, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Unfit(refusals.damaged(part)) from error


_tree_of_many = functools.lru_cache(maxsize=256)(_tree)


def target_of(part: str, target: str) -> str:
    """The name of the part that a relationship's target names, as seen from `part`."""
    if target.startswith("/"):
        return target.lstrip("/")
    return posixpath.normpath(posixpath.join(posixpath.dirname(part), target))


def template_type(content: bytes) -> str:
    """Give "dotx" or "dotm" where a file is one of Word's own kinds of template, whatever its name; else ""."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive, archive.open("[Content_Types].xml") as part:
            types = part.read(LIMITS.xml_bytes).lower()
    except (*_BROKEN, KeyError):  # told by whoever opens it
        return ""
    return next((name for said, name in _TEMPLATES.items() if said in types), "")


def parts_of_ours(content: bytes) -> dict[str, bytes]:
    """The parts of a file that a library has just written for us: no door, it is not foreign."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts: Mapping[str, bytes]) -> bytes:
    """The office file of these parts: fixed order, fixed times, one compression."""
    order = [name for name in _FIRST if name in parts] + sorted(parts.keys() - set(_FIRST))
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name in order:
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            entry.create_system = 3
            archive.writestr(entry, parts[name], compresslevel=6)
    return target.getvalue()
