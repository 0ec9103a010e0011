"""Which pictures of a page are looked at for its code: the scan's own first, then the page as it is drawn."""

import io
from collections.abc import Iterator
from contextlib import contextmanager

import pypdf
import pypdfium2
import pytest
from PIL import Image
from pypdfium2 import PdfImage, PdfPage
from pypdfium2.raw import FPDF_PAGEOBJ_IMAGE

from pipeline.papers import codes, decoding
from pipeline.papers.decoding import DecodedPage, PageCodes, decode_page
from scripts.pretend_signature import as_pdf
from tests.papers import print_and_scan

OURS, OTHER = codes.new_code("decoding"), codes.new_code("decoding too")
INCH = 72.0
DOTS = 200 / 25.4  # pixels a millimetre


@contextmanager
def opened(pdf: bytes) -> Iterator[tuple[PdfPage, PdfImage | None]]:
    """The first page of a PDF, and the first picture on it."""
    document = pypdfium2.PdfDocument(pdf)
    page = document[0]
    try:
        yield page, next(iter(page.get_objects(filter=[FPDF_PAGEOBJ_IMAGE])), None)
    finally:
        page.close()
        document.close()


def decoded(pdf: bytes, *, is_thorough: bool = True, is_scan: bool = True) -> DecodedPage:
    with opened(pdf) as (page, picture):
        return decode_page(page, picture if is_scan else None, is_thorough=is_thorough)


def size_of(found: DecodedPage) -> tuple[int, int]:
    assert found.picture is not None
    assert found.picture.mode == "L"
    return found.picture.size


def with_code(*shown: str, side: int = 200, mode: str = "RGB", size: tuple[int, int] = (800, 800)) -> Image.Image:
    """A white sheet with codes beside each other."""
    sheet = Image.new("RGB", size, "white")
    for count, code in enumerate(shown):
        sheet.paste(
            Image.open(io.BytesIO(codes.picture(code))).convert("RGB").resize((side, side)), (20 + 300 * count, 20)
        )
    return sheet.convert(mode)


@pytest.mark.parametrize(
    ("dpi", "size"), [(140, (800, 800)), (279, (800, 800)), (281, (400, 400)), (600, (400, 400))]
)
def test_a_scan_s_own_picture_is_read_first_and_at_half_its_size_where_that_is_fine_enough(
    dpi: int, size: tuple[int, int]
) -> None:
    found = decoded(as_pdf([with_code(OURS)], dpi))
    assert (found.seen, size_of(found)) == (PageCodes((OURS,), 0, (OURS,)), size)


def test_without_a_scan_the_page_is_drawn_at_two_hundred_dpi() -> None:
    found = decoded(as_pdf([with_code(OURS)], 400), is_scan=False)
    assert (found.seen.codes, size_of(found)) == ((OURS,), (400, 400))


@pytest.mark.parametrize("mode", ["1", "P"])
def test_a_scan_that_is_no_jpeg_is_drawn(mode: str) -> None:
    found = decoded(as_pdf([with_code(OURS, mode=mode)], 400))
    assert (found.seen.codes, size_of(found)) == ((OURS,), (400, 400))


def placed(*, mirrored: bool = False, angle: float = 0.0) -> bytes:
    """A page of four inches filled by a scan of 600 dpi that does not lie upright on it."""
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(as_pdf([with_code(OURS, size=(2400, 2400), side=700)], 600)))
    middle = 2 * INCH
    turned = pypdf.Transformation().translate(-middle, -middle).scale(-1 if mirrored else 1, 1).rotate(angle)
    writer.pages[0].add_transformation(turned.translate(middle, middle))
    content = io.BytesIO()
    writer.write(content)
    return content.getvalue()


def test_a_scan_that_lies_upright_is_taken_as_it_is_and_one_that_does_not_is_drawn() -> None:
    assert size_of(decoded(placed())) == (1200, 1200), "600 dpi, halved"
    for angle in (90.0, 180.0, 270.0):
        found = decoded(placed(angle=angle))
        assert (found.seen.codes, size_of(found)) == ((OURS,), (800, 800))
        assert found.seen.turn == (360 - angle) % 360
    assert size_of(decoded(placed(mirrored=True))) == (800, 800)


def test_a_turned_page_is_told_by_what_people_see() -> None:
    with opened(as_pdf([with_code(OURS)], 200)) as (page, picture):
        for rotation in (0, 90, 180, 270):
            page.set_rotation(rotation)
            assert decode_page(page, picture, is_thorough=True).seen == PageCodes((OURS,), rotation, (OURS,))
            assert decode_page(page, None, is_thorough=True).seen == PageCodes((OURS,), rotation, (OURS,))


def test_all_codes_of_a_page_are_read() -> None:
    found = decoded(as_pdf([with_code(OURS, OTHER)], 200))
    assert sorted(found.seen.codes) == sorted((OURS, OTHER))


@pytest.mark.parametrize("is_thorough", [True, False])
def test_a_page_without_a_code_says_so_after_every_look(is_thorough: bool) -> None:
    found = decoded(as_pdf([Image.new("RGB", (400, 400), "white")], 200), is_thorough=is_thorough)
    assert (found.seen, size_of(found)) == (PageCodes(), (400, 400))


@pytest.mark.parametrize(("inked", "is_drawn"), [((0, 500, 8, 520), False), ((1300, 40, 1420, 160), True)])
def test_a_blank_back_is_looked_at_once_and_where_a_code_may_stand_again_and_again(
    inked: tuple[int, int, int, int], is_drawn: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw, drawn = decoding._drawn, []

    def noted(page: PdfPage, dpi: int) -> Image.Image | None:
        drawn.append(dpi)
        return draw(page, dpi)

    monkeypatch.setattr(decoding, "_drawn", noted)
    sheet = Image.new("RGB", (1654, 2339), "white")
    sheet.paste((60, 60, 60), inked)  # the shadow of an edge, or what was a code
    found = decoded(as_pdf([sheet], 200))
    assert (found.seen, bool(drawn)) == (PageCodes(), is_drawn)


def test_a_page_that_is_too_large_to_be_drawn_has_no_picture() -> None:
    with opened(as_pdf([with_code(OURS)], 200)) as (page, _):
        for width, height, is_drawn in (
            (14_401, 200, False),
            (200, 14_401, False),
            (14_400, 200, True),
            (200, 14_400, True),
        ):
            page.set_mediabox(0, 0, width, height)
            page.set_cropbox(0, 0, width, height)
            assert (decode_page(page, None, is_thorough=False).picture is not None) is is_drawn


def test_a_large_page_is_drawn_with_no_more_pixels_than_a_sheet_of_a2() -> None:
    with opened(as_pdf([with_code(OURS)], 200)) as (page, _):
        page.set_mediabox(0, 0, 5_000, 5_000)
        page.set_cropbox(0, 0, 5_000, 5_000)
        width, height = size_of(decode_page(page, None, is_thorough=False))
        assert width == height == pytest.approx(35_000_000**0.5, abs=2)


@pytest.mark.parametrize("turn", [0, 180])
@pytest.mark.parametrize("is_grey", [True, False])
def test_a_code_under_a_seal_is_read_where_the_print_is_darker_than_the_ink_of_the_seal(
    turn: int, is_grey: bool
) -> None:
    sheet = Image.new("RGB", (1654, 2339), "white")
    sheet.paste(with_code(OURS, side=150, size=(190, 190)), (1300, 1000))
    print_and_scan.press(sheet, ((1395 - 30) / DOTS, (1095 + 30) / DOTS), 200)
    how = print_and_scan.Scanner(dpi=200, skew=5.0, is_grey=is_grey)
    seen = print_and_scan.scanned(sheet.rotate(turn), how, 0)
    assert decoded(as_pdf([seen], 200)).seen.codes == (OURS,)
