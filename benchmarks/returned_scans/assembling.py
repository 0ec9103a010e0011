"""Makes returned papers: sheets of issued documents, signed, distorted and put together as a fault says."""

import functools
import io
import random
from collections.abc import Sequence

import pypdf
import pypdfium2
from PIL import Image

from benchmarks.issued import Issued
from benchmarks.returned_scans.distortions import Codes, Distortion
from benchmarks.returned_scans.faults import Returned, Sheet
from pipeline.papers.signature_places import SignaturePlace, places_of
from pipeline.papers.straightening import codes_on
from scripts.pretend_signature import as_pdf
from tests.papers import print_and_scan as paper
from tests.sample_papers import paper as sample_paper

_CODES_DPI = 200


class Desk:
    """One document on its way back, at one resolution and distorted in one way: each sheet is scanned once.

    So the papers with different faults share sheets, as scans of one paper do; a sheet that lies otherwise is
    scanned anew.
    """

    def __init__(
        self, document: Issued, foreign: Issued, distortion: Distortion, dpi: int, seed: str, *, is_grey: bool
    ) -> None:
        self.document = document
        self.foreign = foreign
        self.distortion = distortion
        self.dpi = dpi
        self.seed = seed
        self.is_grey = is_grey
        self._scanned: dict[tuple[Sheet, int], bytes] = {}

    def paper(self, returned: Returned) -> bytes:
        """The scanned PDF of a paper."""
        writer = pypdf.PdfWriter()
        for at, sheet in enumerate(returned.sheets):
            known = (sheet, at if sheet.other in {"foreign", "older"} else 0)
            if known not in self._scanned:
                chance = random.Random(f"{self.seed}/{known}")  # noqa: S311 - a draw, no secret
                self._scanned[known] = self._scan(sheet, at, chance)
            writer.append(io.BytesIO(self._scanned[known]))
        content = io.BytesIO()
        writer.write(content)
        return content.getvalue()

    def _scan(self, sheet: Sheet, at: int, chance: random.Random) -> bytes:
        printed, codes = self._printed(sheet, at, chance)
        if sheet.is_upside_down:
            printed = printed.rotate(180)
            size = [side / self.dpi * 25.4 for side in printed.size]
            codes = [(size[0] - x, size[1] - y) for x, y in codes]
        seen = self.distortion.apply(printed, self.dpi, codes, chance, is_grey=self.is_grey)
        return as_pdf([seen], self.dpi)

    def _printed(self, sheet: Sheet, at: int, chance: random.Random) -> tuple[Image.Image, Codes]:
        if sheet.other == "blank":
            return Image.new("RGB", _pages(self.document.content, self.dpi)[0].size, "white"), []
        if sheet.other:
            others = {"foreign": self.foreign.content, "older": self.document.older, "letter": _letter()}
            content = others[sheet.other]
            page = min(at, len(_codes(content)) - 1)
            return _pages(content, self.dpi)[page].copy(), _codes(content)[page]
        pages = [self._signed(page, chance, is_unsigned=sheet.is_unsigned) for page in sheet.pages]
        codes = [place for page in sheet.pages for place in _codes(self.document.content)[page - 1]]
        if len(pages) == 1:
            return pages[0], codes
        both = Image.new("RGB", (pages[0].width + pages[1].width, max(page.height for page in pages)), "white")
        both.paste(pages[0], (0, 0))
        both.paste(pages[1], (pages[0].width, 0))
        return both, _codes(self.document.content)[sheet.pages[0] - 1]

    def _signed(self, page: int, chance: random.Random, *, is_unsigned: bool) -> Image.Image:
        places = [place for place in _places(self.document) if place.page == page]
        sheet = _pages(self.document.content, self.dpi)[page - 1]
        if not places or is_unsigned:
            return sheet
        signed = sheet.copy()
        for place in places:
            paper.sign(signed, place, self.dpi, chance.randrange(1000))
        # a document bears one seal, over the last signature
        last = places[-1].room
        paper.press(signed, (last.middle - 15, last.bottom - 16), self.dpi)
        return signed


def _pages(content: bytes, dpi: int) -> Sequence[Image.Image]:
    return paper.printed_once(content, dpi)


@functools.cache
def _codes(content: bytes) -> list[Codes]:
    """The middles of the codes on each page, in millimetres."""
    document = pypdfium2.PdfDocument(content)
    try:
        pictures = [page.render(scale=_CODES_DPI / 72, grayscale=True).to_pil() for page in document]
    finally:
        document.close()
    return [
        [
            (sum(x for x, _ in corners) / 4 / _CODES_DPI * 25.4, sum(y for _, y in corners) / 4 / _CODES_DPI * 25.4)
            for corners in codes_on(picture)
        ]
        for picture in pictures
    ]


@functools.cache
def _places(document: Issued) -> list[SignaturePlace]:
    opened = pypdfium2.PdfDocument(document.content)
    try:
        return [one for one in places_of(opened, document.names) if isinstance(one, SignaturePlace)]
    finally:
        opened.close()


@functools.cache
def _letter() -> bytes:
    """A page that is none of ours."""
    return sample_paper("")
