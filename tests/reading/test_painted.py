"""The secrecy gate looks at what is painted: on scans and photos, and in the pictures of Word and Excel files."""

import io
import random
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import docx
import openpyxl
import pytest
from openpyxl.drawing.image import Image as BookImage
from PIL import Image

from pipeline.papers import codes
from pipeline.reading import Look, Mark, Sight, Unseen, look_guarded, painted
from pipeline.tools.patience import OutOfPatience, Patience, having
from pipeline.tools.tesseract import Tesseract
from tests.folders import shared_guard
from tests.pretend_reader import PretendReader
from tests.sample_papers import word_document
from tests.sample_pictures import as_jpg, as_tiff, saved
from tests.stamped_sheets import BELOW_NUMBER, BLACK, INNOCENT_HEADS, MARKS, RED, letter, scanned, stamp, stamped

ENOUGH = ("Thực hiện Kế hoạch", "của Ban Thường vụ")


@pytest.fixture
def reader(tmp_path: Path) -> PretendReader:
    made = PretendReader(tmp_path / "bin")
    made.glances(*ENOUGH)
    return made


def looked(folder: Path, content: bytes, name: str, sight: Sight) -> Look:
    path = folder / "dropped"
    path.write_bytes(content)
    return look_guarded(shared_guard(), path, name, sight=sight)


def pdf_of(pictures: Sequence[Image.Image]) -> bytes:
    first, *rest = pictures
    return saved(first, "PDF", save_all=True, append_images=rest, resolution=100)


def word_with(picture: Image.Image) -> bytes:
    document = docx.Document()
    document.sections[0].header.paragraphs[0].add_run().add_picture(io.BytesIO(saved(picture, "PNG")))
    document.add_paragraph("Kính gửi các đơn vị")
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def with_part(content: bytes, name: str, part: bytes) -> bytes:
    """An office file with one part more."""
    made = io.BytesIO(content)
    with zipfile.ZipFile(made, "a") as archive:
        archive.writestr(name, part)
    types = '<Default Extension="emf" ContentType="image/x-emf"/>'
    renewed = io.BytesIO()
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(renewed, "w") as new:
        for one in old.namelist():
            packed = old.read(one)
            is_types = one == "[Content_Types].xml"
            new.writestr(one, packed.replace(b"<Default ", types.encode() + b"<Default ", 1) if is_types else packed)
    return renewed.getvalue()


def book_with(picture: Image.Image) -> bytes:
    book = openpyxl.Workbook()
    book.worksheets[0].add_image(BookImage(io.BytesIO(saved(picture, "PNG"))), "A1")
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.jpg", as_jpg),
        ("a.png", lambda page: saved(page, "PNG")),
        ("a.tif", lambda page: as_tiff([page, page])),
        ("a.pdf", lambda page: pdf_of([page])),
        ("a.docx", word_with),
        ("a.xlsx", book_with),
    ],
)
def test_a_mark_that_is_read_on_a_picture_makes_the_file_marked(
    tmp_path: Path, reader: PretendReader, name: str, content: object
) -> None:
    assert callable(content)
    file, sight = content(letter(50)), Sight(reader.tool(tmp_path))
    assert looked(tmp_path, file, name, sight).mark is Mark.NONE
    reader.glances("ỦY BAN NHÂN DÂN", "TÔI MAT")
    assert looked(tmp_path, file, name, sight).mark is Mark.MARKED


def test_what_is_all_text_is_not_shown_to_the_reader(tmp_path: Path, reader: PretendReader) -> None:
    reader.glances("MẬT")
    sight = Sight(reader.tool(tmp_path))
    assert looked(tmp_path, word_document(codes.new_code("1"), pages=1), "a.docx", sight).mark is Mark.NONE
    assert reader.glances_taken == []


def test_a_page_on_which_no_words_are_read_is_turned_three_times(tmp_path: Path, reader: PretendReader) -> None:
    reader.glances("|", "~")
    assert looked(tmp_path, as_jpg(letter(50)), "a.jpg", Sight(reader.tool(tmp_path))).mark is Mark.NONE
    assert len(reader.glances_taken) == 4


def test_the_picture_goes_by_a_pipe_and_nothing_of_it_is_left(tmp_path: Path, reader: PretendReader) -> None:
    looked(tmp_path, as_jpg(letter(50)), "a.jpg", Sight(reader.tool(tmp_path / "root")))
    (call,) = reader.glances_taken
    assert call == "stdin stdout -l vie --dpi 200 --psm 11 tsv"
    # a reader that writes all the same is ended, and what it was to read is unread
    reader.does('cat >"{folder}/left" && cat "{folder}/table"')
    found = looked(tmp_path, as_jpg(letter(50)), "a.jpg", Sight(reader.tool(tmp_path / "root")))
    assert found.unseen is Unseen.UNREADABLE
    assert (reader.folder / "left").stat().st_size == 0


def test_later_pages_are_looked_at_where_a_document_seems_to_begin(tmp_path: Path, reader: PretendReader) -> None:
    goes_on = [letter(50, begin=number, has_head=False) for number in range(7)]
    sight = Sight(reader.tool(tmp_path))
    looked(tmp_path, pdf_of(goes_on), "a.pdf", sight)
    assert len(reader.glances_taken) == 5
    looked(tmp_path, pdf_of([*goes_on, letter(50)]), "a.pdf", sight)
    assert len(reader.glances_taken) == 5 + 6


def test_without_a_reader_the_file_comes_in_and_it_is_said_unless_the_office_asks_for_one(tmp_path: Path) -> None:
    missing = Tesseract(tmp_path, program=str(tmp_path / "none"))
    scan = as_jpg(letter(50))
    found = looked(tmp_path, scan, "a.jpg", Sight(missing))
    assert (found.mark, found.unseen) == (Mark.NONE, Unseen.NO_READER)
    found = looked(tmp_path, scan, "a.jpg", Sight(missing, is_required=True))
    assert (found.mark, found.why) == (Mark.UNSEEN, "gate.no-reader")
    text = looked(tmp_path, word_document(codes.new_code("1"), pages=1), "a.docx", Sight(missing, is_required=True))
    assert (text.mark, text.unseen) == (Mark.NONE, Unseen.NOTHING)


def test_a_page_that_could_not_be_read_or_that_there_was_no_time_for_is_said(
    tmp_path: Path, reader: PretendReader
) -> None:
    scan = pdf_of([letter(50), letter(50, begin=3)])
    found = looked(tmp_path, scan, "a.pdf", Sight(reader.tool(tmp_path), most_seconds=-1))
    assert (found.mark, found.unseen) == (Mark.NONE, Unseen.TOO_MANY)
    reader.does("exit 1")
    found = looked(tmp_path, scan, "a.pdf", Sight(reader.tool(tmp_path)))
    assert (found.mark, found.unseen) == (Mark.NONE, Unseen.UNREADABLE)


def test_a_drawing_of_lines_that_nobody_here_can_draw_is_said(tmp_path: Path, reader: PretendReader) -> None:
    content = with_part(word_with(letter(50)), "word/media/dau.emf", b"\x01\0\0\0 a stamp, perhaps")
    sight = Sight(reader.tool(tmp_path))
    found = looked(tmp_path, content, "a.docx", sight)
    assert (found.mark, found.unseen) == (Mark.NONE, Unseen.UNREADABLE)
    assert len(reader.glances_taken) == 1
    closed = looked(tmp_path, content, "a.docx", replace(sight, is_required=True))
    assert (closed.mark, closed.why) == (Mark.UNSEEN, "gate.unreadable")


def test_of_more_pictures_than_are_looked_at_it_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(painted, "MOST_SHEETS", 2)
    found = painted.painted_in(as_tiff([letter(50)] * 3))
    assert (found.sheets, found.unseen) == ((1, 2), Unseen.TOO_MANY)


def test_what_cannot_be_opened_may_have_pictures() -> None:
    assert painted.painted_in(b"PK\x03\x04 broken").unseen is Unseen.UNREADABLE
    assert painted.painted_in(b"%PDF-1.7 broken").unseen is Unseen.UNREADABLE
    assert painted.painted_in(b"kind: dang-ky\n").unseen is Unseen.NOTHING


def test_where_no_picture_is_looked_at_nothing_is_said_of_each(tmp_path: Path) -> None:
    found = looked(tmp_path, as_jpg(letter(50)), "a.jpg", Sight())
    assert (found.mark, found.unseen) == (Mark.NONE, Unseen.NOTHING)


def test_where_others_wait_reading_is_not_begun(tmp_path: Path, reader: PretendReader) -> None:
    with having(Patience(60)), pytest.raises(OutOfPatience):
        looked(tmp_path, as_jpg(letter(50)), "a.jpg", Sight(reader.tool(tmp_path)))
    assert reader.glances_taken == []


@pytest.mark.slow
@pytest.mark.parametrize(("words", "ink"), [("MẬT", RED), ("TỐI MẬT", BLACK), ("TUYỆT MẬT", RED)])
@pytest.mark.parametrize("turn", [0, 90])
def test_a_stamp_in_its_double_border_is_read(
    tmp_path: Path, words: str, ink: tuple[int, int, int], turn: int
) -> None:
    sight = real_sight(tmp_path)
    page = stamped(letter(200), stamp(words, MARKS[words], 200, ink), 200, BELOW_NUMBER, 2)
    scan = scanned(page, random.Random(1), skew=-1, grain=5, is_grey=ink == BLACK)
    assert looked(tmp_path, as_jpg(scan.rotate(turn, expand=True), 200), "a.jpg", sight).mark is Mark.MARKED


@pytest.mark.slow
@pytest.mark.parametrize("dpi", [25, 75])
@pytest.mark.parametrize(("words", "ink"), [("MẬT", RED), ("TỐI MẬT", BLACK), ("TUYỆT MẬT", RED)])
def test_a_picture_of_the_stamp_in_the_header_of_a_word_file_is_read(
    tmp_path: Path, words: str, ink: tuple[int, int, int], dpi: int
) -> None:
    sight = real_sight(tmp_path)
    # four times as many points as `dpi` says
    assert looked(tmp_path, word_with(stamp(words, MARKS[words], dpi, ink)), "a.docx", sight).mark is Mark.MARKED


@pytest.mark.slow
@pytest.mark.parametrize("head", INNOCENT_HEADS[1:4])
def test_a_letter_of_the_front_or_about_secrets_is_let_in(tmp_path: Path, head: object) -> None:
    scan = scanned(letter(200, head), random.Random(2), skew=1, grain=5, is_grey=True)  # type: ignore[arg-type]
    found = looked(tmp_path, as_jpg(scan, 200), "a.jpg", real_sight(tmp_path))
    assert (found.mark, found.unseen) == (Mark.NONE, Unseen.NOTHING)


def real_sight(root: Path) -> Sight:
    tesseract = Tesseract(root)
    if not tesseract.available():
        pytest.skip("tesseract with Vietnamese is not installed")
    return Sight(tesseract)
