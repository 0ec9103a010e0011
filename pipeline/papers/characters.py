"""The proof of every printed character: each stands on the returned page as it was printed, none is another.

The issued page is laid over the scan closely, and what it does not explain (`print_model`) is looked at within the
cell of each character, accents included. A look-alike (3 and 8, đ and d; at 300 dpi ố and ổ) leaves strokes of
0.39 of full ink or more unexplained, what printers and scanners do 0.27 at most (simulated prints and scans:
`tests/papers/print_and_scan.py`). Ink that people add is no change: what stands where they sign or write number and
date, and strokes longer than a character, as of a seal. Characters under it are not proved, and are counted; short
strokes on a character, of whatever colour, and print that is gone are changes.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageChops
from pypdfium2 import PdfDocument

from pipeline.papers.added_words import added_words
from pipeline.papers.alignment import DPI, Affine, Pixels
from pipeline.papers.codes import find_all
from pipeline.papers.creases import creases_in
from pipeline.papers.mask import Mask, grown, reduced
from pipeline.papers.print_model import explained, summed
from pipeline.papers.scans import dpi_of, scan_on
from pipeline.papers.seen import AddedWords, Box, ChangedCharacter, Proof
from pipeline.papers.strokes import connected, reach
from pipeline.papers.views import View, drawn
from pipeline.pdf.pdfium import pdfium_document

_Value = TypeVar("_Value", bound=np.generic)

#: The resolutions at which pages are proved; a scan between them is looked at as the coarser one.
_FINE_DPI: Final = 300
_COARSE_DPI: Final = 200
#: Below so many dots per inch an accent is a point or two.
_LEAST_DPI: Final = 150
#: Single points mean nothing; strokes are wider. By resolution, as `summed` takes it: 0.06 mm, and 0.13 mm as coarse
#: scans that nothing blurred are jagged.
_SMOOTH: Final = {_FINE_DPI: (1, 1), _COARSE_DPI: (1, 1, 1, 1)}
#: Unexplained ink, in shares of full ink, by which a character is another one; and as a multiple of what is usual on
#: the page, for a scanner that blurs.
_OTHER: Final = 0.32
_TIMES_USUAL: Final = 2.7
#: Where that many shares are needed, accents are no longer told: the scan proves nothing.
_UNCLEAR: Final = 0.55
#: The same where the middle one of the characters is no blacker, at its blackest point.
_LEAST_BLACK: Final = 0.6
_CELL_RIM_MM: Final = 0.1
#: New ink that reaches as far in one stroke was written by hand; strokes are followed in cells of half a millimetre.
_HIGH_MM: Final = 6.5
_WIDE_MM: Final = 8.0
_STROKE_MM: Final = 0.5
#: A stroke goes on where it is this much paler than what is looked for.
_STROKE_GOES_ON: Final = 0.6
#: A crease is pale, and its ink goes through a fifth of a cell, as print does.
_CREASE: Final = 0.1
_CELL_SHARE: Final = 0.2
_PRINTED: Final = 128
#: Black ink and grey paper have no colour; JPEG smears what has over the points beside it.
_COLOUR: Final = 60
_COLOUR_SPREADS: Final = 2
#: Opaque ink shines over the print beside it: there print is hidden, not gone.
_HIDES_MM: Final = 0.35
_ROUND_MM: Final = 4.0
#: Below the last line, up to where a page ends in the official forms (HD05 II, NĐ30 Phụ lục I: 20 to 25 mm).
_LOWER_MARGIN_MM: Final = 18.0
_POINTS_PER_INCH: Final = 72
_MM_PER_POINT: Final = 25.4 / _POINTS_PER_INCH
#: Most printers' points, and a multiple of both resolutions.
_PRINTER_DPI: Final = 600


@dataclass(frozen=True)
class _Character:
    """A printed character, its word (and which of the page that is), and its cell: as high as the font is."""

    text: str
    word: str
    word_number: int
    box: Box


def prove_page(
    paper: str, issued: str, sheet: int, page: int, to_scan: Affine, scale: float, rooms: tuple[Box, ...]
) -> Proof:
    """Prove the characters of `page` of the issued PDF on `sheet` of the paper, both from 1; in the guarded child.

    `to_scan` is the map found by `alignment.align`, at its DPI, with the sheet drawn larger by `scale`; in `rooms`
    people sign.

    Raises PdfiumError when a page cannot be drawn.
    """
    with pdfium_document(Path(issued).read_bytes()) as ours, pdfium_document(Path(paper).read_bytes()) as theirs:
        dpi = _dpi_of(theirs, sheet) / scale
        characters = _characters(ours, page)
        if dpi < _LEAST_DPI or not characters:
            return Proof(sheet, page, len(characters), is_clear=not characters)
        dpi = _FINE_DPI if dpi >= (_FINE_DPI + _COARSE_DPI) / 2 else _COARSE_DPI
        scan = drawn(theirs, View(sheet, scale=scale), dpi, in_colour=True)
        return _Proving(characters, dpi, rooms).proof(sheet, page, scan, _printed(ours, page, dpi), to_scan)


#: By how much a character is off, in shares of full ink.
_Other: TypeAlias = tuple[float, _Character]


class _Proving:
    """One page while it is proved: only the part of it that bears characters is looked at."""

    def __init__(self, characters: Sequence[_Character], dpi: int, rooms: Sequence[Box]) -> None:
        self.characters = characters
        self.rooms = rooms
        self.dpi = dpi
        self.per_mm = dpi / 25.4
        self.left = max(0, round((min(one.box.left for one in characters) - _ROUND_MM) * self.per_mm))
        self.top = max(0, round((min(one.box.top for one in characters) - _ROUND_MM) * self.per_mm))
        self.right = round((max(one.box.right for one in characters) + _ROUND_MM) * self.per_mm)
        self.bottom = round((max(one.box.bottom for one in characters) + _ROUND_MM) * self.per_mm)
        #: which characters stand in the same rows, and from which column to which, one after the other
        self.lines = defaultdict[tuple[int, int], tuple[list[int], list[int]]](lambda: ([], []))
        for at, one in enumerate(characters):
            rows, columns = self._cell(one.box)
            numbers, sides = self.lines[rows.start, rows.stop]
            numbers.append(at)
            sides += (columns.start, columns.stop)

    def proof(self, sheet: int, page: int, scan: Image.Image, issued: Image.Image, to_scan: Affine) -> Proof:
        a, b, c, d, e, f = to_scan
        finer, x, y = self.dpi / DPI, self.left, self.top
        there = (a, b, c * finer + a * x + b * y, d, e, f * finer + d * x + e * y)
        lowest = max(self.bottom, issued.height - round(_LOWER_MARGIN_MM * self.per_mm))
        part = issued.crop((x, y, min(self.right, issued.width), min(lowest, issued.height)))
        proof = Proof(sheet, page, len(self.characters))
        # the brightest of its colours: a pen's and a seal's ink is pale so, printer's ink is black
        held = explained(_brightest(scan), part, there, self.dpi)
        # how black the page's strokes are on this scan: pale and blurred ones change less, too
        black = float(np.median(self._most(held.seen)))
        if black < _LEAST_BLACK:
            return replace(proof, is_clear=False)
        smooth = _SMOOTH[self.dpi]
        rest = summed(held.rest * np.float32(4 ** -len(smooth) / black), smooth)
        off = self._most(np.abs(rest))
        needed = max(_OTHER, _TIMES_USUAL * float(np.median(off)))
        if needed > _UNCLEAR:
            return replace(proof, is_clear=False)
        others = [(by, one) for by, one in zip(off.tolist(), self.characters, strict=True) if by > needed]
        coloured, new = _coloured(scan, part.size, there), rest > needed * _STROKE_GOES_ON
        proof = replace(proof, added=tuple(self._words(new, np.asarray(part) < _PRINTED, coloured)))
        if not others:
            return proof
        added = new | coloured
        written, hides, gone = self._written(added), round(_HIDES_MM * self.per_mm), rest < -needed
        # under opaque ink print is hidden; where else paper shows through print is gone
        changed, covered = self._judged(others, written, gone & ~grown(coloured, hides))
        if changed:
            # asked only now, for it takes as long as all the rest; in a crease toner flakes
            creased = self._creased(rest, part)
            changed, covered = self._judged(others, written | creased, gone & ~grown(coloured | creased, hides))
        return replace(proof, changed=tuple(_worst_of_words(changed)), covered=covered)

    def _words(self, new: Mask, printed: Mask, coloured: Mask) -> Iterator[AddedWords]:
        """The words that stand where nothing was printed."""
        left, top = self.left / self.per_mm, self.top / self.per_mm
        rooms = [_moved(room, -left, -top) for room in self.rooms]
        for one in added_words(new, printed, coloured, rooms, self.per_mm):
            yield replace(one, box=_moved(one.box, left, top))

    def _judged(self, others: Sequence[_Other], by_hand: Mask, gone: Mask) -> tuple[Sequence[_Other], int]:
        """Those of the `others` that were changed, and how many of them people have only written over."""
        changed, covered = [], 0
        for off, character in others:
            is_over = self._signs(character) or self._cut(by_hand, character.box).any()
            if is_over and not self._cut(gone, character.box).any():
                covered += not self._signs(character)
            else:
                changed.append((off, character))
        return changed, covered

    def _most(self, pixels: Pixels) -> NDArray[np.float64]:
        """The most there is in the cell of each character."""
        found = np.zeros(len(self.characters))
        for rows, (numbers, sides) in self.lines.items():
            # a column more, for a cell may end at the last one
            highest = np.append(pixels[slice(*rows)].max(axis=0), 0)
            # of every second pair: between one cell's end and the next one's beginning nothing is asked
            found[numbers] = np.maximum.reduceat(highest, np.minimum(sides, len(highest) - 1))[::2]
        return found

    def _written(self, new: Mask) -> Mask:
        """Which of the new ink was written by hand: strokes that are longer than a character is high or wide."""
        side = round(_STROKE_MM * self.per_mm)
        height, width = new.shape
        padded = np.pad(new, ((0, -height % side), (0, -width % side)))
        cells: Mask = padded.reshape(padded.shape[0] // side, side, -1, side).max(axis=(1, 3))
        strokes = connected(cells)
        down, across = np.nonzero(cells)
        of = strokes[cells]
        is_long = np.maximum(reach(down, of) / _HIGH_MM, reach(across, of) / _WIDE_MM) * _STROKE_MM >= 1
        cells[cells] = is_long
        return new & cells.repeat(side, axis=0).repeat(side, axis=1)[:height, :width]

    def _creased(self, rest: Pixels, issued: Image.Image) -> Mask:
        """Where the sheet was folded."""
        side = round(_STROKE_MM * self.per_mm)
        printed = reduced(np.asarray(issued) < _PRINTED, side) >= _CELL_SHARE
        cells = creases_in(reduced(rest > _CREASE, side) >= _CELL_SHARE, printed)
        down, across = ((0, whole - part * side) for whole, part in zip(rest.shape, cells.shape, strict=True))
        return np.pad(grown(cells, 1).repeat(side, axis=0).repeat(side, axis=1), (down, across))

    def _signs(self, character: _Character) -> bool:
        """Whether a character stands where somebody signs."""
        box = character.box
        return any(
            box.left < room.right and box.right > room.left and box.top < room.bottom and box.bottom > room.top
            for room in self.rooms
        )

    def _cut(self, pixels: NDArray[_Value], box: Box) -> NDArray[_Value]:
        return pixels[self._cell(box)]

    def _cell(self, box: Box) -> tuple[slice, slice]:
        """The rows and the columns of a character."""
        rim = _CELL_RIM_MM
        left, right = ((side * self.per_mm) - self.left for side in (box.left - rim, box.right + rim))
        top, bottom = ((side * self.per_mm) - self.top for side in (box.top - rim, box.bottom + rim))
        return slice(max(0, round(top)), round(bottom) + 1), slice(max(0, round(left)), round(right) + 1)


def _moved(box: Box, across: float, down: float) -> Box:
    return Box(box.left + across, box.top + down, box.right + across, box.bottom + down)


def _brightest(scan: Image.Image) -> Image.Image:
    red, green, blue = scan.split()
    return ImageChops.lighter(ImageChops.lighter(red, green), blue)


def _coloured(scan: Image.Image, size: tuple[int, int], to_scan: Affine) -> Mask:
    """Where a scan, as it lies over the issued page, has colour."""
    red, green, blue = scan.split()
    colour = ImageChops.subtract(_brightest(scan), ImageChops.darker(ImageChops.darker(red, green), blue))
    over = colour.transform(size, Image.Transform.AFFINE, to_scan, Image.Resampling.NEAREST, fillcolor=0)
    return grown(np.asarray(over) > _COLOUR, _COLOUR_SPREADS)


def _worst_of_words(found: Sequence[_Other]) -> Iterator[ChangedCharacter]:
    """One character of each word that has others: a changed one reaches into the cells of its neighbours."""
    worst: dict[int, _Other] = {}
    for off, character in found:
        if off > worst.get(character.word_number, (0.0, character))[0]:
            worst[character.word_number] = (off, character)
    for _, character in worst.values():
        yield ChangedCharacter(character.text, character.word, character.box)


def _printed(issued: PdfDocument, number: int, dpi: int) -> Image.Image:
    """Draw a page as a printer does, whose points are finer than a scan's: PDFium puts characters on whole points."""
    page = issued[number - 1]
    try:
        finer = _PRINTER_DPI // dpi
        whole: Image.Image = page.render(scale=dpi * finer / _POINTS_PER_INCH, grayscale=True).to_pil()
        return whole.reduce(finer)
    finally:
        page.close()


def _dpi_of(paper: PdfDocument, sheet: int) -> float:
    """How finely a sheet was scanned; one that was not scanned at all is as fine as it is drawn."""
    page = paper[sheet - 1]
    try:
        scan = scan_on(page)
        return float(dpi_of(scan) if scan is not None else _FINE_DPI)
    finally:
        page.close()


def _characters(issued: PdfDocument, number: int) -> list[_Character]:
    """The characters that a page prints, in their order, but for the document code and the page mark."""
    page = issued[number - 1]
    text = page.get_textpage()
    try:
        height = page.get_height()
        whole = text.get_text_range()
        found = []
        for at, (character, word, count) in enumerate(_with_words(whole)):
            # codes prove themselves, and stand where scanners cut
            if character.isspace() or not character.isprintable() or find_all(word):
                continue
            left, _, right, _ = text.get_charbox(at)
            _, bottom, _, top = text.get_charbox(at, loose=True)
            if right > left and top > bottom:
                box = (left, height - top, right, height - bottom)
                found.append(_Character(character, word, count, Box(*(side * _MM_PER_POINT for side in box))))
        return found
    finally:
        text.close()
        page.close()


def _with_words(text: str) -> Iterator[tuple[str, str, int]]:
    """Each character of a text with the word it stands in, and which word that is."""
    at = 0
    for count, word in enumerate(text.split()):
        start = text.index(word, at)
        yield from ((character, "", count) for character in text[at:start])
        yield from ((character, word, count) for character in word)
        at = start + len(word)
