"""Is this the paper that was issued? Each page is laid over its issued page, and ink is looked for where it belongs.

All of it runs in the guarded child (`pipeline.papers.guarding`): the paper is foreign bytes.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from PIL import Image
from pypdfium2 import PdfDocument, PdfiumError

from pipeline.model import SeenSignature
from pipeline.papers.alignment import DPI, Affine, Aligned, align, ink_of
from pipeline.papers.blank_rooms import blank_rooms
from pipeline.papers.decoding import shows_paper_only
from pipeline.papers.ink import INK_DPI, ink_in
from pipeline.papers.lost_print import lost_print, marks_on
from pipeline.papers.seen import Box, Comparison, SeenPage
from pipeline.papers.signature_places import SignaturePlace, places_of
from pipeline.papers.straightening import Corners, codes_on, finer, flat_by_codes, flattened, refined, turn_of
from pipeline.papers.views import View, drawn, views_of
from pipeline.pdf.pdfium import pdfium_document
from pipeline.tools.guarded import time_for

#: From this likeness on a sheet is an issued page. Simulated scans of it were at 0.80 and above, other pages of the
#: example year at 0.10 and below; the page with the same words in another unit's paper is told apart by its code.
SAME: Final = 0.55
#: After this share of what may be used the other sheets are not looked at, and that is told.
_ENOUGH: Final = 0.7
_CODES_DPI: Final = 200
#: People write larger than the blank that a form leaves them.
_BESIDE_MM: Final = 3.0


def compare_pdf(
    paper: str,
    issued: str,
    names: tuple[str, ...],
    left_out: tuple[int, ...],
    marked: tuple[tuple[int, int], ...] = (),
) -> Comparison:
    """Compare a paper with the PDF that was issued; `names` are those of its signers.

    `left_out` are sheets (from 1) that are known to be none of its pages (`pages.left_out`).
    `marked` are sheets with the page that the mark on each names, both from 1: there is looked first.

    Raises PdfiumError when the paper cannot be opened.
    """
    with pdfium_document(Path(issued).read_bytes()) as ours, pdfium_document(Path(paper).read_bytes()) as theirs:
        return _Comparing(ours, theirs, dict(marked)).compared(
            names, [at for at in range(1, len(theirs) + 1) if at not in left_out]
        )


def is_another_pdf(paper: str, issued: str, blank: tuple[int, ...]) -> bool:
    """Tell whether a paper is surely not the PDF that was issued: a page is not there, or print of it is not.

    Where that could not be looked at it may be. `blank` are blank sheets of the paper, from 1.

    Raises PdfiumError when the paper cannot be opened.
    """
    with pdfium_document(Path(issued).read_bytes()) as ours, pdfium_document(Path(paper).read_bytes()) as theirs:
        return _Comparing(ours, theirs, {}).is_another([at for at in range(1, len(theirs) + 1) if at not in blank])


def laid_page(issued: PdfDocument, paper: PdfDocument, page: int) -> tuple[View, Affine] | None:
    """The view of a paper that is a page of what was issued, and how it lies there; None where none is seen."""
    comparing = _Comparing(issued, paper, {})
    for sheet in range(1, len(paper) + 1):
        comparing._seen(sheet, page)
        if page in comparing.aligned:
            view, laid = comparing.aligned[page][0]
            return view, laid.to_scan
    return None


class _Comparing:
    """Two documents while they are compared; the issued pages are drawn once."""

    def __init__(self, issued: PdfDocument, paper: PdfDocument, marked: Mapping[int, int]) -> None:
        self.issued = issued
        self.paper = paper
        self.marked = marked
        whole = [View(number) for number in range(1, len(issued) + 1)]
        self.pages = [drawn(issued, view, DPI) for view in whole]
        self.size = issued[0].get_size()
        self.aligned: dict[int, list[tuple[View, Aligned]]] = {}  #: by issued page: the sheets that are it
        self.coloured: dict[View, Image.Image] = {}  #: at INK_DPI
        self.marks = [self._marks(number) for number in range(len(issued))]
        self.codes: list[Corners] | None = None  #: on the first page, at _CODES_DPI
        self.end = time_for(_ENOUGH)

    def compared(self, names: tuple[str, ...], sheets: Sequence[int]) -> Comparison:
        placed = list(places_of(self.issued, names))
        seen: list[SeenPage] = []
        unseen: list[int] = []
        for sheet in sheets:
            pages = self._seen(sheet, self.marked.get(sheet) or (seen[-1].page + 1 if seen else 1))
            if pages is None:
                unseen.append(sheet)
            else:
                seen += _with_mark(pages, self.marked.get(sheet, 0))
        places = [one for one in placed if isinstance(one, SignaturePlace)]
        # a page that each signs on a print of his own comes back on several sheets
        on_sheets = [tuple(self._on_sheets(place)) for place in places]
        return Comparison(
            pages=len(self.pages),
            seen=tuple(replace(one, signed=_signed_on(one, on_sheets)) for one in seen),
            signatures=tuple(max(each, key=lambda one: (one.has_signature, one.has_seal)) for each in on_sheets),
            unplaced=tuple(one for one in placed if isinstance(one, str)),
            unseen=tuple(unseen),
            rooms=(*((one.page, one.room) for one in places), *self._blanks()),
        )

    def is_another(self, sheets: Sequence[int]) -> bool:
        """Whether print of an issued page is not on its sheet, or no sheet is the page; False when time is over."""
        came: set[int] = set()
        for sheet in sheets:
            pages = self._seen(sheet, max(came, default=0) + 1)
            if pages is None:
                return False
            # enough for papers of one form: they differ on the first page already
            if any(one.lost for one in pages):
                return True
            came |= {one.page for one in pages}
        return not came >= set(range(1, len(self.pages) + 1))

    def _marks(self, number: int) -> list[Box]:
        page = self.issued[number]
        try:
            return list(marks_on(page))
        finally:
            page.close()

    def _blanks(self) -> Iterator[tuple[int, Box]]:
        """Where people write number and date, and over what stands beside it."""
        first = self.issued[0]
        try:
            for blank in blank_rooms(first):
                box = blank.box(first.get_height())
                yield 1, Box(box.left - _BESIDE_MM, box.top, box.right + _BESIDE_MM, box.bottom)
        finally:
            first.close()

    def _seen(self, sheet: int, expected: int) -> list[SeenPage] | None:
        """The issued pages that a sheet is: one, or one on each half. None when time is over."""
        try:
            strange = SeenPage(sheet, 0, 0.0)
            for views in self._views(sheet):
                found = self._pages(views, expected)
                if found is None or any(one.page for one in found):
                    return found
                strange = max([strange, *found], key=lambda one: one.likeness)
        except PdfiumError:
            # a page that nobody can draw is like no page that was sent out
            return [SeenPage(sheet, 0, 0.0)]
        return [SeenPage(sheet, 0, strange.likeness)]

    def _views(self, sheet: int) -> Iterator[tuple[View, ...]]:
        yield from views_of(self.paper, sheet, self.size)
        # only now: it costs as much as all of these
        yield self._flat(sheet)

    def _pages(self, views: Sequence[View], expected: int) -> list[SeenPage] | None:
        """The issued pages that views of one sheet are, without empty halves. None when time is over."""
        found = []
        for view in views:
            page = self._page(view, drawn(self.paper, view, DPI), expected)
            if page is None:
                return None
            found.append(page)
            expected = page.page + 1 if page.page else expected
        is_any = any(one.page for one in found)
        return [one for one in found if one.page or not (is_any and self._is_blank(one))]

    def _page(self, view: View, scan: Image.Image, expected: int) -> SeenPage | None:
        """The issued page that a view is: the expected one, else the first it is like. None when time is over."""
        if time.process_time() > self.end:
            return None
        best, found = 0, Aligned((1, 0, 0, 0, 1, 0), 0.0)
        others = [number for number in range(1, len(self.pages) + 1) if number != expected]
        for number in ([expected] if expected <= len(self.pages) else []) + others:
            laid = align(scan, self.pages[number - 1])
            if laid.likeness > found.likeness:
                best, found = number, laid
            # what is surely this page is no other one
            if found.likeness >= SAME:
                break
            if time.process_time() > self.end:
                return None
        if found.likeness < SAME:
            return SeenPage(view.sheet, 0, found.likeness, half=view.half)
        self.aligned.setdefault(best, []).append((view, found))
        lost = lost_print(scan, self.pages[best - 1], found.to_scan, self.marks[best - 1])
        turn = turn_of(view.flat) if view.flat is not None else view.turn
        turn = (turn + (180 if found.is_upside_down else 0)) % 360
        is_plain = view.flat is None and not view.half and not view.turn
        page = SeenPage(view.sheet, best, found.likeness, lost, turn=turn, half=view.half, scale=view.scale)
        return replace(page, to_scan=found.to_scan if is_plain else None)

    def _flat(self, sheet: int) -> tuple[View, ...]:
        """A photo of a page as it lies flat, told by the codes on it; nothing where these do not tell."""
        if self.codes is None:
            self.codes = codes_on(drawn(self.issued, View(1), _CODES_DPI))
        flat = flat_by_codes(codes_on(drawn(self.paper, View(sheet), _CODES_DPI)), self.codes)
        if flat is None:
            return ()
        flat, size, photo = finer(flat, DPI / _CODES_DPI), self.pages[0].size, drawn(self.paper, View(sheet), DPI)
        likely = max(self.pages, key=lambda page: align(flattened(photo, size, flat), page).likeness)
        return (View(sheet, flat=refined(flat, photo, ink_of(likely)), size=size),)

    def _is_blank(self, half: SeenPage) -> bool:
        """Whether one half of a sheet is empty, as the last one of an odd number of pages is."""
        return bool(half.half) and shows_paper_only(drawn(self.paper, View(half.sheet, half=half.half), DPI))

    def _on_sheets(self, place: SignaturePlace) -> Iterator[SeenSignature]:
        """What is seen at a place where somebody signs, on each sheet that is its page; once where none came back."""
        if place.page not in self.aligned:
            yield SeenSignature(place.name, place.page)
        for view, laid in self.aligned.get(place.page, ()):
            if view not in self.coloured:
                self.coloured[view] = drawn(self.paper, view, INK_DPI, in_colour=True)
            print_ = drawn(self.issued, View(place.page), INK_DPI)
            ink = ink_in(place.room, self.coloured[view], print_, laid.to_scan)
            yield SeenSignature(place.name, place.page, view.sheet, ink.has_signature, ink.has_seal)


def _signed_on(page: SeenPage, on_sheets: Sequence[Sequence[SeenSignature]]) -> tuple[int, ...]:
    """The places of a page, by their number in the document, that somebody has signed on this sheet."""
    return tuple(
        number
        for number, each in enumerate(on_sheets, 1)
        if any(one.has_signature and (one.page, one.sheet) == (page.page, page.sheet) for one in each)
    )


def _with_mark(pages: list[SeenPage], marked: int) -> list[SeenPage]:
    """The pages of a sheet with what its mark names: one of them, or none that is there."""
    bearer = next((one for one in pages if one.page == marked), pages[0])
    return [replace(one, marked=marked) if one is bearer else one for one in pages]
