"""A printed paper measured: every letter with its place and what it is of, as the tags of the PDF say it.

Lengths are millimetres from the top left corner of a page. LibreOffice tags what it prints: a paragraph bears the
name of its style, a cell of a table is one. So what is held against its cell, its column or its page here is what the
template says, not what a picture looks like.
"""

import ctypes
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pypdfium2
import pypdfium2.raw as pdfium

_MM = 25.4 / 72
_CELLS = ("TD", "TH")


@dataclass(frozen=True)
class Box:
    """A rectangle on a page."""

    left: float
    top: float
    right: float
    bottom: float

    def around(self, other: "Box") -> "Box":
        """The smallest that holds both."""
        return Box(
            min(self.left, other.left),
            min(self.top, other.top),
            max(self.right, other.right),
            max(self.bottom, other.bottom),
        )


@dataclass
class Block:
    """One paragraph, as far as it is on one page: its style, the table, row and cell it stands in (0: none)."""

    page: int
    style: str
    cell: int = 0
    row: int = 0
    table: int = 0
    text: str = ""
    letters: list[Box] = field(default_factory=list)
    #: Which of them stand behind a blank.
    begins: set[int] = field(default_factory=set)

    @property
    def box(self) -> Box:
        """Where its letters are."""
        first, *others = self.letters
        for other in others:
            first = first.around(other)
        return first

    @property
    def lines(self) -> list[Box]:
        """Its lines: letters that overlap by half their height stand on one."""
        return [line for line, _ in self._lines()]

    @property
    def line_texts(self) -> list[str]:
        """What its lines say, without blanks."""
        return [said for _, said in self._lines()]

    @property
    def widest_blank(self) -> float:
        """The widest between two words of a line, 0 where there is none."""
        gaps = (self.letters[at].left - self.letters[at - 1].right for at in self.begins if at)
        return max(gaps, default=0.0)

    def _lines(self) -> list[tuple[Box, str]]:
        found: list[tuple[Box, str]] = []
        for letter, box in zip(self.text, self.letters, strict=True):
            middle = (box.top + box.bottom) / 2
            if found and found[-1][0].top - 0.5 <= middle <= found[-1][0].bottom + 0.5:
                line, said = found[-1]
                found[-1] = line.around(box), said + letter
            else:
                found.append((box, letter))
        return found


@dataclass(frozen=True)
class Sheet:
    """One page: its blocks in the order of reading, the letters outside of any (head and foot), its drawn lines.

    What is not tagged, as Calc's pages are, has letters outside of blocks alone; `text` is all of it, without spaces.
    """

    number: int
    width: float
    height: float
    blocks: tuple[Block, ...]
    furniture: tuple[Box, ...]
    rules: tuple[Box, ...]
    text: str


def sheets_of(pdf: bytes) -> list[Sheet]:
    """Measure every page of a tagged PDF."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [_sheet(page, number) for number, page in enumerate(document, start=1)]
    finally:
        document.close()


def _sheet(page: pypdfium2.PdfPage, number: int) -> Sheet:
    width, height = page.get_size()
    blocks = _blocks(page, number)
    furniture: list[Box] = []
    said: list[str] = []
    is_after_blank = False
    text = page.get_textpage()
    for at in range(text.count_chars()):
        letter = chr(pdfium.FPDFText_GetUnicode(text.raw, at))
        if letter.isspace() or pdfium.FPDFText_IsGenerated(text.raw, at) == 1:
            is_after_blank = True
            continue
        said.append(letter)
        left, bottom, right, top = text.get_charbox(at)
        box = Box(left * _MM, (height - top) * _MM, right * _MM, (height - bottom) * _MM)
        mark = pdfium.FPDFPageObj_GetMarkedContentID(pdfium.FPDFText_GetTextObject(text.raw, at))
        if mark in blocks:
            if is_after_blank:
                blocks[mark].begins.add(len(blocks[mark].letters))
            blocks[mark].text += letter
            blocks[mark].letters.append(box)
        else:
            furniture.append(box)
        is_after_blank = False
    text.close()
    rules = tuple(_rules(page, height))
    page.close()
    shown = {id(block): block for block in blocks.values() if block.letters}
    return Sheet(number, width * _MM, height * _MM, tuple(shown.values()), tuple(furniture), rules, "".join(said))


def _rules(page: pypdfium2.PdfPage, height: float) -> Iterator[Box]:
    for each in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_PATH]):
        left, bottom, right, top = each.get_bounds()
        yield Box(left * _MM, (height - top) * _MM, right * _MM, (height - bottom) * _MM)


def _blocks(page: pypdfium2.PdfPage, number: int) -> dict[int, Block]:
    """The paragraphs of a page by the marks of their content."""
    found: dict[int, Block] = {}
    seen: dict[str, dict[int, int]] = defaultdict(dict)

    def count(sort: str, element: pdfium.FPDF_STRUCTELEMENT) -> int:
        address = ctypes.cast(element, ctypes.c_void_p).value or 0
        return seen[sort].setdefault(address, len(seen[sort]) + 1)

    def walk(element: pdfium.FPDF_STRUCTELEMENT, block: Block | None, places: dict[str, int]) -> None:
        sort = _text(pdfium.FPDF_StructElement_GetType, element)
        if sort in ("Table", "TR", *_CELLS):
            places = {**places, "cell" if sort in _CELLS else sort: count(sort, element)}
        elif sort not in ("Document", "L", "LI", "LBody", "Lbl", "Span", "Link", "Sect", "Part") or block is None:
            style = _text(pdfium.FPDF_StructElement_GetRawType, element)
            block = Block(number, style, places.get("cell", 0), places.get("TR", 0), places.get("Table", 0))
        for at in range(max(0, pdfium.FPDF_StructElement_CountChildren(element))):
            mark = pdfium.FPDF_StructElement_GetChildMarkedContentID(element, at)
            if mark >= 0 and block is not None:
                found[mark] = block
            child = pdfium.FPDF_StructElement_GetChildAtIndex(element, at)
            if child:
                walk(child, block, places)

    tree = pdfium.FPDF_StructTree_GetForPage(page.raw)
    if not tree:
        return found
    for at in range(pdfium.FPDF_StructTree_CountChildren(tree)):
        walk(pdfium.FPDF_StructTree_GetChildAtIndex(tree, at), None, {})
    pdfium.FPDF_StructTree_Close(tree)
    return found


def _text(read: Callable[..., int], element: pdfium.FPDF_STRUCTELEMENT) -> str:
    """A text of pdfium's, which asks for room and says how many bytes it wants, the closing zero among them."""
    length = read(element, None, 0)
    room = (ctypes.c_ushort * max(1, length // 2))()
    read(element, room, length)
    return bytes(room).decode("utf-16-le").rstrip("\0")
