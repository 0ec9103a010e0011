"""The one walk through the body of a Word document: its paragraphs, tables and controls, in the order of the page."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from lxml import etree

from pipeline.files.refusals import warning
from pipeline.messages import say
from pipeline.model import Finding, Place
from pipeline.ooxml.numerals import whole_number
from pipeline.ooxml.word_looks import Look, Looks, first_below
from pipeline.ooxml.word_text import CHANGES, EQUATIONS, blocks, content, inline, members
from pipeline.reading.controls import control_value
from pipeline.reading.fonts import OLD_FONT, unicode_text
from pipeline.reading.raw import Block, Cell, Grid, Line
from pipeline.reading.word_lists import Label, Lists
from pipeline.reading.word_runs import Piece, Runs

_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MOST_SPAN: Final = 200  # columns
_LEAST_HEIGHT: Final = 60  # twentieths of a point: three points, in which no letter can be read
_CELL_PROPERTIES, _SPAN, _MERGE, _CONTROL, _CONTENT, _RUN, _PARAGRAPH, _TABLE = (
    f"{_W}{name}" for name in ("tcPr", "gridSpan", "vMerge", "sdt", "sdtContent", "r", "p", "tbl")
)
_CELL_CHANGES: Final = frozenset(f"{_W}{name}" for name in ("cellDel", "cellIns", "cellMerge"))

Element = etree._Element


@dataclass
class Walker:
    """Goes through the body once, in the order of the page."""

    looks: Looks
    runs: Runs
    lists: Lists
    blocks: list[Block] = field(default_factory=list)
    named: dict[str, Cell] = field(default_factory=dict)
    seen: Counter[str] = field(default_factory=Counter)
    tables: int = 0
    paragraphs: int = 0
    changed: Place | None = None
    elements: dict[Place, list[Element]] = field(default_factory=dict)
    met: list[tuple[str, Cell]] = field(default_factory=list)  #: text and value of the controls of one table cell
    apart: list[Element] = field(default_factory=list)  #: inner tables met, to be read after, as text boxes are

    def document_findings(self) -> Iterator[Finding]:
        """What holds for the document as a whole."""
        if self.changed is not None:
            yield warning(
                "I06",
                say("There are tracked changes; insertions were read, deletions were not."),
                say("Accept or reject all changes before the form is sent."),
                place=self.changed,
            )
        if self.runs.hidden is not None:
            yield warning(
                "docx.hidden-text",
                say("There is hidden text; it was not read."),
                say("Show the hidden text and delete it or make it visible."),
                place=self.runs.hidden,
            )

    def blocks_of(self, holder: Element) -> None:
        """The paragraphs and tables of a body or a text box."""
        for child in blocks(holder):
            if child.tag == f"{_W}p":
                self._paragraph(child)
            elif child.tag == f"{_W}tbl":
                self._table(child)
            elif child.tag == f"{_W}sdt":
                start = len(self.blocks)
                self.blocks_of(content(child))
                text = "\n".join(line for block in self.blocks[start:] for line in block_texts(block))
                place = Place(paragraph=self.paragraphs)
                self.runs.note_control(child, text, place)
                self._control(child, Cell(text, place))
            else:
                self._note_change(child, Place(paragraph=self.paragraphs))

    def _paragraph(self, paragraph: Element) -> None:
        self.paragraphs += 1
        cell = self._cell([paragraph], Place(paragraph=self.paragraphs))
        if not cell.is_blank:
            self.blocks.append(Line(cell))
        self._read_apart()

    def _read_apart(self) -> None:
        waiting, self.apart, self.runs.drawn = [*self.apart, *self.runs.drawn], [], []
        for holder in waiting:
            if holder.tag == f"{_W}tbl":
                self._table(holder)
            else:
                self.blocks_of(holder)

    def _table(self, table: Element) -> None:
        self.tables += 1
        number = self.tables
        rows: list[dict[int, Cell]] = []
        for at, row in enumerate(_members(table, f"{_W}tr"), start=1):
            above = rows[-1] if rows else {}
            rows.append({} if self._is_gone(row, Place(table=number, row=at)) else self._row(row, number, at, above))
        width = max((column for row in rows for column in row), default=0)
        if width:
            self.blocks.append(
                Grid(
                    tuple(
                        tuple(
                            row.get(column) or Cell(None, Place(table=number, row=at, column=column))
                            for column in range(1, width + 1)
                        )
                        for at, row in enumerate(rows, start=1)
                    )
                )
            )
        self._read_apart()

    def _is_gone(self, row: Element, place: Place) -> bool:
        """Whether a row is not seen: deleted while changes were tracked, or without height (17.4.81); it is told."""
        properties = row.find(f"{_W}trPr")
        if properties is None:
            return False
        if any(properties.find(f"{_W}{change}") is not None for change in ("del", "ins")):
            self.changed = self.changed or place
        if properties.find(f"{_W}del") is not None:
            return True
        height = properties.find(f"{_W}trHeight")
        is_flat = height is not None and height.get(f"{_W}hRule") == "exact" and _number(height, 0) < _LEAST_HEIGHT
        texts = [text for one in row.iter(f"{_W}t") if (text := one.text or "").strip()] if is_flat else []
        if texts:
            self.runs.hidden = self.runs.hidden or place
            self.runs.unread_texts.append(" ".join(texts))
        return bool(texts)

    def _row(self, row: Element, table: int, at: int, above: dict[int, Cell]) -> dict[int, Cell]:
        """The cells of a row by grid column; covered parts of merged cells repeat their anchor."""
        # a row may begin further right than the table
        column = 1 + _number(row.find(f"{_W}trPr/{_W}gridBefore"), 0)
        cells: dict[int, Cell] = {}
        for tc in _members(row, f"{_W}tc"):
            span = max(1, _number(first_below(tc, _CELL_PROPERTIES, _SPAN), 1))
            merge = first_below(tc, _CELL_PROPERTIES, _MERGE)
            # Word leaves the value out for “continue”
            continues = merge is not None and merge.get(f"{_W}val", "continue") == "continue"
            place = Place(table=table, row=at, column=column)
            self.met.clear()
            inside = [] if self._is_deleted(tc, place) else list(members(tc))
            cell = self._cell([one for one in inside if one.tag == _PARAGRAPH], place)
            self.apart.extend(one for one in inside if one.tag == _TABLE)
            self._controls_around(tc, cell)
            cell = self._as_control(cell)
            # what somebody typed into a covered cell counts as typed
            if continues and cell.is_blank and column in above:
                anchor = above[column]
                cell = anchor.covered(sideways=anchor.sideways)
            for covered in range(column, column + span):
                cells[covered] = cell if covered == column else cell.covered(sideways=True)
            column += span
        return cells

    def _is_deleted(self, tc: Element, place: Place) -> bool:
        """Whether a cell was deleted while changes were tracked (17.13.5.1); one put in or merged is told as well."""
        properties = first_below(tc, _CELL_PROPERTIES)
        changes = [one.tag for one in properties if one.tag in _CELL_CHANGES] if properties is not None else []
        if changes:
            self.changed = self.changed or place
        return f"{_W}cellDel" in changes

    def _controls_around(self, tc: Element, cell: Cell) -> None:
        """Controls that hold a whole cell, or the paragraphs of one."""
        wrapper = tc.getparent()
        control = wrapper.getparent() if wrapper is not None and wrapper.tag == _CONTENT else None
        if control is not None:
            self.runs.note_control(control, cell.text, cell.place)
            self._control(control, cell)
        # a control around paragraphs; one within a paragraph was met with its text
        for inner in list(tc.iterchildren(_CONTROL)):
            within = self._cell(list(_members(inner, f"{_W}p")), cell.place)
            self.runs.note_control(inner, within.text, cell.place)
            self._control(inner, within)

    def _as_control(self, cell: Cell) -> Cell:
        """What the one control says that fills a cell: its value, and the place under its name."""
        if len(self.met) != 1:
            return cell
        text, control = self.met[0]
        return control if cell.text in {text, control.text} else cell

    def _cell(self, paragraphs: list[Element], place: Place) -> Cell:
        """The text of some paragraphs as one cell."""
        findings: list[Finding] = []
        texts = []
        if paragraphs:
            self.elements.setdefault(place, paragraphs)
        before, pictured = len(self.runs.told), len(self.runs.pictured)
        labels = []
        for paragraph in paragraphs:
            labels.append(self.lists.label(paragraph))
            self._note_mark(paragraph, place)
            pieces = list(self._pieces(paragraph, self.looks.of_paragraph(paragraph), place))
            text, converted = unicode_text(pieces, place)
            findings.extend(converted)
            texts.append(text)
        texts = self._labelled(texts, labels, place)
        # one old font is reason enough to look at a cell
        self.runs.told += [one for one in findings if one.code != OLD_FONT]
        old = [one for one in findings if one.code == OLD_FONT][:1]
        seen = (*self.runs.told[before:], *self.runs.pictured[pictured:])
        return Cell("\n".join(_with_initials(paragraphs, texts)).strip("\n"), place, findings=(*old, *seen))

    def _labelled(self, texts: list[str], labels: list[Label | None], place: Place) -> list[str]:
        """The lines with what a list prints before them, where it parts several; what it says itself is told."""
        for label in labels:
            if label is not None and label.says_something:
                self.runs.note_label(label.text, place)
        of_list = [bool(label) and bool(text.strip()) for text, label in zip(texts, labels, strict=True)]
        if sum(of_list) < 2:
            return texts
        pairs = zip(texts, labels, of_list, strict=True)
        return [f"{label.text} {text}" if label is not None and is_one else text for text, label, is_one in pairs]

    def _note_mark(self, paragraph: Element, place: Place) -> None:
        """The mark at a paragraph's end may be deleted by itself: two paragraphs become one (17.13.5.15)."""
        mark = first_below(paragraph, f"{_W}pPr", f"{_W}rPr")
        for child in mark if mark is not None else ():
            self._note_change(child, place)

    def _pieces(self, holder: Element, look: Look, place: Place) -> Iterator[Piece]:
        """Text with its font, through links, insertions, content controls and equations."""
        for child in inline(holder):
            tag = child.tag
            if tag == _RUN:
                yield from self.runs.pieces(child, look, place)
            elif tag == _CONTROL:
                before, pictured = len(self.runs.told), len(self.runs.pictured)
                pieces = list(self._pieces(content(child), look, place))
                # a placeholder is the form's text and not the unit's
                if child.find(f"{_W}sdtPr/{_W}showingPlcHdr") is None:
                    yield from pieces
                text, _ = unicode_text(pieces, place)
                self.runs.note_control(child, text, place)
                seen = (*self.runs.told[before:], *self.runs.pictured[pictured:])
                self._control(child, Cell(text.strip("\n"), place, findings=seen))
            elif tag in EQUATIONS:
                yield from self.runs.equation(child, look, place)
            else:
                self._note_change(child, place)
                self.runs.note_field(child, place)
                self.runs.note_turn(child, place)
                yield from self.runs.sign_of(child)

    def _note_change(self, element: Element, place: Place) -> None:
        if element.tag in CHANGES:
            self.changed = self.changed or place

    def _control(self, control: Element, cell: Cell) -> None:
        """A content control with a tag names its value; a tag met again is the next row of its table."""
        tag = control.find(f"{_W}sdtPr/{_W}tag")
        name = tag.get(f"{_W}val", "") if tag is not None else ""
        # LibreOffice 7.4 saves controls without their tags: such a form is read by its labels
        if not name:
            return
        value = control_value(control, cell.text)
        at = self.seen[name]
        self.seen[name] += 1
        name = name if at == 0 else f"{name}#{at}"
        place = replace(cell.place, field=name)
        self.elements[place] = [control]
        self.named[name] = Cell(value, place, findings=cell.findings)
        self.met.append((cell.text, self.named[name]))


def _with_initials(paragraphs: list[Element], texts: list[str]) -> list[str]:
    """The lines, a large first letter that is a paragraph of its own put before its word (17.3.1.11)."""
    lines: list[str] = []
    is_initial = False
    for paragraph, text in zip(paragraphs, texts, strict=True):
        lines.append(f"{lines.pop()}{text}" if is_initial else text)
        frame = first_below(paragraph, f"{_W}pPr", f"{_W}framePr")
        is_initial = frame is not None and frame.get(f"{_W}dropCap", "none") != "none"
    return lines


def _members(holder: Element, tag: str) -> Iterator[Element]:
    """Children of a kind, also inside content controls, custom XML and tracked insertions."""
    return (child for child in members(holder) if child.tag == tag)


def _number(element: Element | None, default: int) -> int:
    text = element.get(f"{_W}val", "") if element is not None else ""
    # a span is a number in the file: it may be any
    number = whole_number(text)
    return default if number is None else min(number, _MOST_SPAN)


def block_texts(block: Block) -> Iterator[str]:
    """The lines of a paragraph, or of every cell of a table."""
    if isinstance(block, Line):
        yield from block.cell.text.splitlines()
    else:
        for row in block.rows:
            for cell in row:
                if cell.anchor:
                    yield from cell.text.splitlines()
