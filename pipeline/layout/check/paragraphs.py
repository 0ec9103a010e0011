"""Walks through a Word file: gives its paragraphs as a flat list, and its sections (`word_document`).

Body, tables, headers, footers, notes and text boxes are all walked. Deleted text does not count as text; of two
renderings of one thing (`mc:AlternateContent`) only the first does.
"""

import copy
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Final, TypeVar

from pipeline.files import refusals
from pipeline.files.refusals import Unfit, refusal
from pipeline.layout.applying import w
from pipeline.layout.check.cascade import CellPosition, cascade_of
from pipeline.layout.check.word_document import Paragraph, Run, Section, WordDocument
from pipeline.messages import say
from pipeline.model import Finding, Place
from pipeline.ooxml import Package, opened
from pipeline.ooxml.ole import OLE
from pipeline.ooxml.package import Element
from pipeline.ooxml.word_fields import NO_FIELDS, Fields
from pipeline.ooxml.word_text import DRAWINGS, content, inline, members, shown, text_of
from pipeline.vietnamese.symbol_fonts import is_symbol_font, sign_at

T = TypeVar("T")
_R: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_NOTES: Final = (("/footnotes", "footnote"), ("/endnotes", "endnote"))
_PRIVATE: Final = 0xF000
#: A paragraph, and what makes one depend on others: fields reach over them, boxes with paragraphs stand in them.
_PARAGRAPH: Final = re.compile(rb"<w:p(?: [^>]*)?/>|<w:p(?: [^>]*)?>.*?</w:p>", re.DOTALL)
_ENTANGLED: Final = re.compile(rb"<w:(?:fld|instrText|txbx|sdt)|<mc:")
#: What each paragraph of documents of ours was read as, by its letters and its place: most stand in the template.
_MOST_OF_OURS: Final = 8192
_OF_OURS: "Final[dict[tuple[object, ...], Paragraph]]" = {}
_ASIDE: "Final[dict[tuple[object, ...], tuple[Paragraph, ...]]]" = {}
# a hostile file nests tables without end
_MOST_DEPTH: Final = 12


def read_document(content: bytes | Package | WordDocument, *, is_ours: bool = False) -> WordDocument:
    """Walk through a Word file; what was walked through is given back.

    Paragraphs of documents of ours (`is_ours`) are remembered: each is read once. Raises Unfit.
    """
    return content if isinstance(content, WordDocument) else read_package(word_file(content), is_ours=is_ours)


def read_package(package: Package, *, is_ours: bool = False) -> WordDocument:
    """Walk through a Word file that was opened. Raises Unfit."""
    whole = WordDocument(package, cascade_of(package), is_ours=is_ours)
    root = package.tree(package.main)
    if root is None or not str(root.tag).endswith("}document"):
        raise Unfit(_no_word_file())
    body = root.find(w("body"))
    if body is not None:
        letters = _letters(package.parts[package.main], body) if is_ours else {}
        _Reader(whole, "", NO_FIELDS if letters else Fields(body), letters).through(body)
    for part in dict.fromkeys(
        name for section in whole.sections for name in (*section.headers.values(), *section.footers.values())
    ):
        _read_part(whole, part)
    for kind, _ in _NOTES:
        for part in package.related(package.main, kind):
            _read_part(whole, part)
    return whole


def _keep(memory: dict[tuple[object, ...], T], key: tuple[object, ...], made: T) -> None:
    if len(memory) >= _MOST_OF_OURS:
        memory.pop(next(iter(memory)), None)
    memory[key] = made


def _letters(xml: bytes, body: Element) -> dict[Element, tuple[bytes, bytes]]:
    """What each paragraph of a body is, letter for letter, with the names it may use; {} where that is not all."""
    if _ENTANGLED.search(xml):
        return {}
    head, found, paragraphs = xml[: xml.find(b"<w:body")], _PARAGRAPH.findall(xml), list(body.iter(w("p")))
    return (
        {one: (letters, head) for one, letters in zip(paragraphs, found, strict=False)}
        if len(found) == len(paragraphs)
        else {}
    )


def _read_part(whole: WordDocument, part: str) -> None:
    tree = whole.package.tree(part)
    if tree is None:
        return
    xml, first, boxes = whole.package.parts[part], len(whole.aside), whole.boxes
    # a header as the template has it is read once
    key = (part, xml, whole.cascade, len(whole.body) + first, len(whole.sections), boxes)
    known = _ASIDE.get(key) if whole.is_ours else None
    if known is not None:
        whole.aside += known
        return
    _Reader(whole, part, Fields(tree)).through(tree)
    if whole.is_ours and whole.boxes == boxes:
        _keep(_ASIDE, key, tuple(whole.aside[first:]))


def word_file(content: bytes | Package) -> Package:
    """The file as the inbox would open it, if it is a Word file. Raises Unfit."""
    if isinstance(content, bytes):
        # what the inbox says of such a file: one file, one sentence (decision 0012)
        if not content.strip(b"\0 \t\r\n"):
            raise Unfit(refusals.empty())
        if not content.startswith((b"PK", OLE)):
            raise Unfit(_no_word_file())
    package = opened(content)
    if package.format != "docx":
        raise Unfit(_no_word_file())
    return package


def _no_word_file() -> Finding:
    return refusal(
        "file.unreadable",
        say("This is no Word document (.docx)."),
        say("Check the Word file (.docx), not the PDF or another file."),
    )


class _Reader:
    """One way through one part."""

    def __init__(
        self,
        whole: WordDocument,
        part: str,
        fields: Fields,
        letters: Mapping[Element, tuple[bytes, bytes]] = MappingProxyType({}),
    ) -> None:
        self._whole = whole
        self._letters = letters
        self._fields = fields
        self._part = part
        self._shown_part = part.rpartition("/")[2].removesuffix(".xml")
        self._paragraphs = 0
        self._tables = 0

    def through(self, container: Element) -> None:
        """All paragraphs and tables of a part or of the body."""
        for child in members(container):
            if child.tag == w("p"):
                self._paragraphs += 1
                place = Place(part=self._shown_part, paragraph=self._paragraphs)
                self._paragraph(child, place, None, CellPosition())
                mark = child.find(f"{w('pPr')}/{w('sectPr')}")
                if mark is not None:
                    self._section(mark)
            elif child.tag == w("tbl"):
                self._table(child, 0)
            elif child.tag == w("sectPr"):
                self._section(child)
            elif child.tag in (w("footnote"), w("endnote")):
                self.through(child)

    def _table(self, table: Element, depth: int) -> None:
        if depth > _MOST_DEPTH:
            return
        self._tables += 1
        number = self._tables
        rows = [row for row in members(table) if row.tag == w("tr")]
        position_at = self._whole.cascade.positions(table)
        for row_number, row in enumerate(rows, start=1):
            cells = [cell for cell in members(row) if cell.tag == w("tc")]
            for column, cell in enumerate(cells, start=1):
                edges = (column == 1, column == len(cells), row_number == 1, row_number == len(rows))
                self._cell(cell, (number, row_number, column), position_at(edges), depth)

    def _cell(self, cell: Element, at: tuple[int, int, int], position: CellPosition, depth: int) -> None:
        count = 0
        for child in members(cell):
            if child.tag == w("p"):
                count += 1
                place = Place(part=self._shown_part, table=at[0], row=at[1], column=at[2], paragraph=count)
                self._paragraph(child, place, at, position)
            elif child.tag == w("tbl"):
                self._table(child, depth + 1)

    def _paragraph(
        self, paragraph: Element, place: Place, cell: tuple[int, int, int] | None, position: CellPosition
    ) -> None:
        whole = self._whole
        order, section = len(whole.body) + len(whole.aside), len(whole.sections)
        target = whole.aside if self._part else whole.body
        if paragraph in self._letters:
            # where it stands is a part of it, and so are the styles it is set in
            key = (*self._letters[paragraph], whole.cascade, position, order, section, cell, place.paragraph)
            made = _OF_OURS.get(key)
            if made is None:
                # a copy, by which the whole document is not kept
                made, _ = self._read(copy.deepcopy(paragraph), place, cell, position, order, section)
                _keep(_OF_OURS, key, made)
            target.append(made)
            return
        made, boxes = self._read(paragraph, place, cell, position, order, section)
        target.append(made)
        for box in boxes:
            self._box(box, replace(place, part=self._shown_part))

    def _read(
        self,
        paragraph: Element,
        place: Place,
        cell: tuple[int, int, int] | None,
        position: CellPosition,
        order: int,
        section: int,
    ) -> tuple[Paragraph, list[Element]]:
        """A paragraph, and the text boxes in it."""
        cascade = self._whole.cascade
        properties = paragraph.find(w("pPr"))
        format_, style, number = cascade.paragraph(properties, position)
        pieces = _Pieces(self._fields)
        pieces.gather(paragraph)
        runs = tuple(
            Run(text, cascade.run(run.find(w("rPr")), style, position), run) for text, run in pieces.runs if text
        )
        made = Paragraph(
            "".join(run.text for run in runs),
            runs,
            format_,
            style,
            place,
            order=order,
            cell=cell,
            section=section,
            is_ruled=format_.has_line or pieces.draws_line or _leads(properties, runs),
            number=number,
            fields=tuple(pieces.fields),
            element=paragraph,
        )
        return made, pieces.boxes

    def _box(self, box: Element, place: Place) -> None:
        """The paragraphs of a text box, placed where the box is anchored."""
        before = len(self._whole.aside), len(self._whole.body)
        self._whole.boxes += 1
        inner = _Reader(self._whole, self._part or "document", self._fields)
        inner.through(box)
        for index in range(before[0], len(self._whole.aside)):
            boxed = self._whole.aside[index]
            # a box within a box has been counted before
            self._whole.aside[index] = replace(boxed, place=place, box=boxed.box or self._whole.boxes)

    def _section(self, mark: Element) -> None:
        sections = self._whole.sections
        # a section without a header of its own has that of the section before
        kept = sections[-1] if sections else None
        headers = dict(kept.headers) if kept else {}
        footers = dict(kept.footers) if kept else {}
        package = self._whole.package
        relations = package.relations(package.main)
        for tag, held in (("headerReference", headers), ("footerReference", footers)):
            for reference in mark.iterchildren(w(tag)):
                found = relations.get(reference.get(f"{_R}id", ""))
                if found is not None and found.target in package.parts:
                    held[reference.get(w("type"), "default")] = found.target
        sections.append(Section(mark, headers, footers))


def _sign(symbol: Element) -> str:
    """The sign that was put in with Insert, Symbol; "" where no other font has it."""
    font, said = symbol.get(w("font"), ""), symbol.get(w("char"), "")
    code = int(said, 16) if re.fullmatch("[0-9A-Fa-f]{1,5}", said) else 0
    if is_symbol_font(font):
        return sign_at(code, font).replace("\u2217", "*")
    # letters of ordinary fonts may be moved into the private area, as those of symbol fonts are
    code = code - _PRIVATE if _PRIVATE <= code <= _PRIVATE + 0xFF else code
    return chr(code) if code else ""


def _leads(properties: Element | None, runs: Sequence[Run]) -> bool:
    """Whether a paragraph without letters shows the leader of a tab, which prints as a line."""
    if properties is None or not any("\t" in run.text for run in runs) or any(run.text.strip() for run in runs):
        return False
    return any(
        tab.get(w("leader")) in ("underscore", "heavy") for tab in properties.iterfind(f"{w('tabs')}/{w('tab')}")
    )


class _Pieces:
    """What one paragraph is made of."""

    def __init__(self, fields: Fields) -> None:
        self._fields = fields
        self.runs: list[tuple[str, Element]] = []
        self.fields: list[str] = []
        self.boxes: list[Element] = []
        self.draws_line = False

    def gather(self, container: Element, depth: int = 0) -> None:
        """The runs of a paragraph, of links and of insertions in it."""
        if depth > _MOST_DEPTH:
            return
        for child in inline(container):
            if child.tag == w("r"):
                self._run(child)
            elif child.tag == w("sdt"):
                self.gather(content(child), depth + 1)
            else:
                self._field(child)

    def _run(self, run: Element) -> None:
        text = ""
        for child in shown(run, self._fields):
            self._field(child)
            text += _sign(child) if child.tag == w("sym") else text_of(child, self._fields)
            if child.tag in DRAWINGS:
                self._drawn(child)
        if text:
            self.runs.append((text, run))

    def _field(self, mark: Element) -> None:
        begun = self._fields.begun_by(mark)
        if begun is not None:
            self.fields.append(begun.instruction.strip())

    def _drawn(self, drawing: Element) -> None:
        boxes = list(drawing.iter(w("txbxContent")))
        self.boxes += boxes[:1] if boxes else []
        pictured = any(str(each.tag).endswith(("}pic", "}imagedata")) for each in drawing.iter())
        # what is drawn and holds neither text nor picture is the line under a title
        if not boxes and not pictured:
            self.draws_line = True
