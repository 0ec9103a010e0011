"""Words that a program has read are laid over a copy of a scan: it shows the same, and they lie where they stand."""

import io
from collections.abc import Callable
from pathlib import Path

import pypdf
import pypdfium2
import pytest
from PIL import Image, ImageChops
from pypdf.generic import RectangleObject
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from pipeline import papers
from pipeline.papers.seen import WordLayer, WordlessSheet
from pipeline.papers.text_layer import draw_sheet, lay_words, wordless_sheets
from pipeline.tools.guard import Guard
from scripts.pretend_signature import as_pdf
from tests.pretend_reader import PretendReader, words_pdf
from tests.sample_papers import paper
from tests.sample_pictures import pictures_of

A4 = (595.2, 841.92)


def scan(pages: int = 1, dpi: int = 200) -> bytes:
    return as_pdf(pictures_of(paper(*["VTK7FXQ1ZNH4K5W5"] * pages), dpi), dpi)


def kept(folder: Path, name: str, content: bytes) -> str:
    path = folder / name
    path.write_bytes(content)
    return str(path)


def changed(pdf: bytes, how: Callable[[pypdf.PageObject], object]) -> bytes:
    writer, content = pypdf.PdfWriter(clone_from=io.BytesIO(pdf)), io.BytesIO()
    how(writer.pages[0])
    writer.write(content)
    return content.getvalue()


def cut(page: pypdf.PageObject, turn: int = 0) -> None:
    page.cropbox = RectangleObject((40, 30, 560, 800))
    page.rotate(turn)


def shown(pdf: bytes) -> Image.Image:
    document = pypdfium2.PdfDocument(pdf)
    try:
        picture: Image.Image = document[0].render(scale=0.5).to_pil()
        return picture
    finally:
        document.close()


def place_of(pdf: bytes, word: str) -> tuple[float, float]:
    """Where a word begins on its page as that is shown, in shares of its width and height from the upper left."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        page = document[0]
        text = page.get_textpage()
        found = text.search(word).get_next()
        assert found is not None
        left, bottom, right, top = text.get_charbox(found[0])
        width, height = page.get_size()
        x, y = page.get_cropbox()[:2]
        left, right, bottom, top = left - x, right - x, bottom - y, top - y
        return {
            0: (left / width, 1 - top / height),
            90: (bottom / width, left / height),
            180: (1 - right / width, bottom / height),
            270: (1 - top / width, 1 - right / height),
        }[page.get_rotation()]
    finally:
        document.close()


@pytest.mark.parametrize(
    "how",
    [
        lambda _: None,
        lambda page: page.rotate(90),
        lambda page: page.rotate(180),
        lambda page: page.rotate(270),
        cut,
        lambda page: cut(page, 90),
        lambda page: cut(page, 270),
    ],
    ids=["upright", "90", "180", "270", "cut", "cut 90", "cut 270"],
)
def test_words_lie_where_they_were_read_however_the_sheet_is_shown(
    tmp_path: Path, how: Callable[[pypdf.PageObject], object]
) -> None:
    came = changed(scan(), how)
    picture = shown(came)
    # what was read was drawn as the sheet is shown: the words are of a page as large
    size = (picture.width * 2.0, picture.height * 2.0)
    layer = kept(tmp_path, "1.pdf", words_pdf("Thanh uy", size=size))
    made = lay_words(kept(tmp_path, "came.pdf", came), (WordLayer(1, layer),))
    assert ImageChops.difference(shown(made), picture).getbbox() is None
    across, down = place_of(made, "Thanh")
    assert (across * size[0], down * size[1]) == pytest.approx((50, 41), abs=4)


def test_the_same_words_and_paper_make_the_same_copy(tmp_path: Path) -> None:
    came = kept(tmp_path, "came.pdf", scan(3))
    layers = tuple(WordLayer(at, kept(tmp_path, f"{at}.pdf", words_pdf(f"trang {at}"))) for at in (1, 3))
    made = lay_words(came, layers)
    assert made == lay_words(came, layers)
    texts = [page.extract_text().strip() for page in pypdf.PdfReader(io.BytesIO(made)).pages]
    assert texts == ["trang 1", "", "trang 3"]


def mixed() -> bytes:
    """A scanned sheet, one that a program has drawn, a scanned one with words, and one of a small picture."""
    picture = ImageReader(Image.new("RGB", (400, 566), "white"))
    content = io.BytesIO()
    canvas = Canvas(content, A4, invariant=1)
    for pictured, words in ((A4, ""), ((0, 0), "van ban do chuong trinh tao"), (A4, "chu da co san tren trang nay")):
        if pictured[0]:
            canvas.drawImage(picture, 0, 0, *pictured)
        canvas.drawString(60, 400, words)
        canvas.showPage()
    canvas.drawImage(picture, 0, 0, 100, 100)
    canvas.showPage()
    canvas.save()
    return content.getvalue()


def test_only_scanned_sheets_without_words_are_read(tmp_path: Path) -> None:
    assert wordless_sheets(kept(tmp_path, "mixed.pdf", mixed())) == (WordlessSheet(1, 300),)


@pytest.mark.parametrize(("size", "drawn"), [(1, 300), (4, 114)], ids=["A4", "A0"])
def test_a_sheet_is_drawn_as_finely_as_letters_need_and_memory_allows(tmp_path: Path, size: int, drawn: int) -> None:
    def enlarged(page: pypdf.PageObject) -> None:
        page.scale_by(size)

    path = kept(tmp_path, "scan.pdf", changed(scan(dpi=100), enlarged))
    (sheet,) = wordless_sheets(path)
    picture = Image.open(io.BytesIO(draw_sheet(path, sheet)))
    assert (sheet.dpi, picture.format, picture.mode) == (drawn, "PNG", "L")
    assert picture.width * picture.height <= 20_500_000


def test_a_sheet_that_cannot_be_read_does_not_keep_the_others(tmp_path: Path) -> None:
    reader = PretendReader(tmp_path / "bin")
    reader.does('[ $(wc -l <"{folder}/calls") = 2 ] && exit 1; cp "{folder}/words.pdf" "$2.pdf"; echo chu >"$2.txt"')
    came = tmp_path / "came.pdf"
    came.write_bytes(scan(3))
    with Guard(papers.GUARDED) as guard:
        sheets = papers.wordless_sheets(guard, came)
        assert sheets is not None
        words = papers.read_words(guard, reader.tool(tmp_path), came, sheets, is_copied=True)
    assert (words.read, words.unread, words.why) == ((1, 3), (2,), "could not be read")
    assert words.as_text() == "[1]\nchu\n\n[3]\nchu\n\n"
    assert [bool(page.extract_text()) for page in pypdf.PdfReader(io.BytesIO(words.copy)).pages] == [
        True,
        False,
        True,
    ]
