"""What is seen of one page after the other, and of a PDF as a whole; the pages are drawn here as each test wants."""

import io
import zlib
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import pypdf
import pytest
from PIL import Image, ImageDraw
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    NumberObject,
    StreamObject,
    TextStringObject,
)
from pypdfium2 import PdfiumError
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from pipeline import pdf
from pipeline.files.refusals import Unfit
from pipeline.model import Colour, Finding, Place, Recognition, Severity
from pipeline.papers import ScanStandard, codes
from pipeline.papers.recognition import recognise_pdf
from pipeline.papers.scans import Scan
from pipeline.papers.sheets import Sheet, sheets_of
from pipeline.papers.structure import Structure, structure_of
from scripts.pretend_signature import as_pdf, scan
from tests.said import en
from tests.sample_papers import paper

OURS, OTHER, THIRD = (codes.new_code(seed) for seed in ("ours", "other", "third"))
A4, A6 = (210 * mm, 297 * mm), (105 * mm, 148 * mm)
Drawn = Callable[[Canvas], object]


def drawn(*pages: Drawn, size: tuple[float, float] = A6, keywords: str = "") -> bytes:
    """A PDF whose pages are drawn so: small ones, so that looking at them twice costs little."""
    content = io.BytesIO()
    canvas = Canvas(content, size, pdfVersion=(1, 6), invariant=1)
    canvas.setKeywords(keywords)
    for draw in pages:
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return content.getvalue()


def text(*lines: str) -> Drawn:
    def draw(canvas: Canvas) -> None:
        for number, line in enumerate(lines):
            canvas.drawString(5 * mm, (140 - 8 * number) * mm, line)

    return draw


def picture(image: Image.Image, width: float, height: float, x: float = 0.0, y: float = 0.0) -> Drawn:
    """A picture so many millimetres wide and high."""
    return lambda canvas: canvas.drawImage(ImageReader(image), x * mm, y * mm, width * mm, height * mm)


def both(*parts: Drawn) -> Drawn:
    return lambda canvas: [part(canvas) for part in parts]


def qr(code: str, side: float = 15.0) -> Drawn:
    return picture(Image.open(io.BytesIO(codes.picture(code))).convert("L"), side, side, 30, 30)


def seen(content: bytes, pages: int = 99) -> list[Sheet]:
    return list(sheets_of(content, pages))


def only(content: bytes) -> Sheet:
    (sheet,) = seen(content)
    return sheet


PAPER = Image.new("RGB", (420, 594), (240, 240, 235))
WORDS = text("Cac don vi thanh vien thuc hien nghiem tuc.")


# One page ----------------------------------------------------------------------------------------------------------


def test_a_page_with_text_shows_its_codes_in_their_order_and_its_size() -> None:
    sheet = only(drawn(text(f"So {OURS}", f"va {OTHER}-P02", "noi dung van ban")))
    assert sheet.codes == (OURS, OTHER)
    assert (sheet.number, sheet.has_text, sheet.is_blank, sheet.turn, sheet.scan) == (1, True, False, 0, None)
    assert sheet.sides_mm == pytest.approx((105, 148), abs=0.01)


def test_the_picture_of_a_code_is_believed_before_a_text_that_says_another() -> None:
    sheet = only(drawn(both(text(f"So {OTHER}", "noi dung van ban"), qr(OURS))))
    assert (sheet.codes, sheet.contradicted) == ((OURS,), (OTHER,))
    agreed = only(drawn(both(text(f"So {OTHER}", OURS), qr(OURS))))
    assert (agreed.codes, agreed.contradicted) == ((OURS,), ())


def test_over_a_scan_a_text_is_not_believed_before_the_picture_was_looked_at_patiently() -> None:
    small = qr(OURS, 3)  # read at 300 dpi, not at 200
    sheet = only(drawn(both(picture(PAPER, 105, 148), small, text(OTHER))))
    assert (sheet.codes, sheet.contradicted) == ((OURS,), (OTHER,))


@pytest.mark.parametrize(("letters", "has_text"), [("x" * 19, False), ("x" * 20, True)])
def test_a_stamp_of_the_scanner_is_no_text_layer(letters: str, has_text: bool) -> None:
    assert only(drawn(text(letters))).has_text is has_text


def test_pages_are_counted_from_one_and_no_more_are_read_than_asked_for() -> None:
    content = drawn(*[text(OURS)] * 3)
    assert [sheet.number for sheet in seen(content)] == [1, 2, 3]
    assert [sheet.number for sheet in seen(content, 2)] == [1, 2]
    with pytest.raises(PdfiumError):
        seen(b"%PDF-1.7 nothing")


@pytest.mark.parametrize(
    ("width", "height", "is_scan"), [(105, 148, True), (105, 103.7, True), (105, 103.5, False), (50, 50, False)]
)
def test_a_picture_over_most_of_the_page_is_its_scan(width: float, height: float, is_scan: bool) -> None:
    sheet = only(drawn(both(picture(PAPER, width, height), WORDS)))
    assert (sheet.scan is not None) is is_scan
    assert sheet.has_drawn_picture is not is_scan


@pytest.mark.parametrize(
    ("width", "height", "is_drawn"), [(15, 15, False), (24.9, 24.9, False), (25.2, 5, True), (5, 25.2, True)]
)
def test_a_picture_larger_than_a_code_is_something_a_person_put_there(
    width: float, height: float, is_drawn: bool
) -> None:
    assert only(drawn(both(picture(PAPER, width, height, 50, 50), WORDS))).has_drawn_picture is is_drawn


@pytest.mark.parametrize(("columns", "rows", "dpi"), [(827, 1165, 200), (414, 1165, 100), (827, 874, 150)])
def test_the_resolution_of_a_scan_is_that_of_its_coarser_side(columns: int, rows: int, dpi: int) -> None:
    page = Image.new("RGB", (columns, rows), "white")
    assert only(drawn(both(picture(page, 105, 148), text(OURS)))).scan == Scan(dpi, Colour.COLOUR, "Flate")


def test_the_resolution_of_a_scan_that_was_placed_turned_is_that_of_the_page() -> None:
    def turned(canvas: Canvas) -> None:
        text(OURS)(canvas)
        canvas.translate(A6[0], 0)
        canvas.rotate(90)
        canvas.drawImage(ImageReader(Image.new("RGB", (1165, 827), "white")), 0, 0, A6[1], A6[0])

    assert only(drawn(turned)).scan == Scan(200, Colour.COLOUR, "Flate")


@pytest.mark.parametrize(
    ("mode", "colour"),
    [("RGB", Colour.COLOUR), ("L", Colour.GREY), ("1", Colour.TWO_TONE), ("P", Colour.COLOUR)],
)
def test_colour_is_told_from_grey_and_from_black_and_white(mode: str, colour: Colour) -> None:
    sheets = [PAPER.convert(mode)]
    scan = only(as_pdf(sheets, 150)).scan
    assert scan is not None
    assert scan.colour is colour


def blank_but(*marks: tuple[int, int, int, int], paper_grey: int = 240, ink: int = 30) -> Sheet:
    """A scanned sheet of 600 pixels by 848, with rectangles of ink on it."""
    page = Image.new("L", (600, 848), paper_grey)
    for mark in marks:
        ImageDraw.Draw(page).rectangle(mark, fill=ink)
    content = io.BytesIO()
    page.save(content, "PDF", resolution=250)
    return only(content.getvalue())


def test_a_page_without_ink_in_its_middle_is_blank() -> None:
    assert blank_but().is_blank
    assert blank_but(paper_grey=150).is_blank, "a yellowed one, too"
    assert blank_but((0, 300, 30, 340), (0, 0, 600, 30)).is_blank, "holes and shadows at the rim"
    assert blank_but((300, 300, 310, 310)).is_blank, "a speck"
    assert not blank_but((300, 300, 330, 310)).is_blank
    assert not blank_but((60, 300, 80, 340)).is_blank
    assert blank_but((100, 300, 500, 600), ink=185).is_blank, "the other side shining through"
    assert not blank_but((100, 300, 500, 600), ink=175).is_blank


@pytest.mark.parametrize(("ink", "is_blank"), [(180, True), (179, False)])
def test_what_is_much_darker_than_the_paper_is_ink(ink: int, is_blank: bool) -> None:
    page = Image.new("L", (600, 848), 240)
    ImageDraw.Draw(page).rectangle((100, 300, 500, 600), fill=ink)
    # with a palette it is kept as it is: a JPEG would change greys by one or two
    assert only(as_pdf([page.convert("P")], 250)).is_blank is is_blank


def test_a_page_with_words_or_a_code_is_not_blank() -> None:
    assert only(drawn(lambda _: None)).is_blank
    assert not only(drawn(text("x"))).is_blank
    assert not only(drawn(qr(OURS))).is_blank


def test_a_page_that_is_too_large_to_be_drawn_is_read_by_its_text_only() -> None:
    huge = (14_401.0, 800.0)
    assert only(drawn(text(OURS), size=huge)).codes == (OURS,)
    sheet = only(drawn(qr(OURS), size=huge))
    assert (sheet.codes, sheet.is_blank) == ((), False)
    assert only(drawn(qr(OURS), size=huge[::-1])).codes == ()


def test_a_large_page_is_drawn_coarser_and_still_read() -> None:
    assert only(drawn(qr(OURS, 60), size=(2_500.0, 2_500.0))).codes == (OURS,)


# Patience ----------------------------------------------------------------------------------------------------------


def test_only_the_first_pages_of_a_paper_that_may_not_be_ours_get_a_second_look() -> None:
    small = qr(OURS, 3)  # read at 300 dpi, not at 200
    nothing = text("x")
    assert [sheet.codes for sheet in seen(drawn(small))] == [(OURS,)]
    assert [sheet.codes for sheet in seen(drawn(nothing, nothing, small))][2] == (OURS,)
    assert [sheet.codes for sheet in seen(drawn(nothing, nothing, nothing, small))][3] == ()
    assert [sheet.codes for sheet in seen(drawn(text(OURS), nothing, nothing, small))][3] == (OURS,)


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_turned_scan_says_by_how_much(turn: int) -> None:
    sheet = only(scan(paper(OURS), 200, turn=-turn))
    assert (sheet.codes, sheet.turn) == ((OURS,), turn)


@pytest.mark.parametrize(("turn", "rotate"), [(90, 270), (180, 180), (270, 90)])
def test_what_the_viewer_turns_back_lies_straight(turn: int, rotate: int) -> None:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(scan(paper(OURS), 200, turn=-turn)))
    writer.pages[0][NameObject("/Rotate")] = NumberObject(rotate)
    content = io.BytesIO()
    writer.write(content)
    sheet = only(content.getvalue())
    assert (sheet.codes, sheet.turn) == ((OURS,), 0)


@pytest.mark.parametrize("dpi", [140, 279, 281, 560])
def test_a_scan_is_read_at_any_usual_resolution(dpi: int) -> None:
    assert only(scan(paper(OURS), dpi)).codes == (OURS,)


def test_a_scan_that_is_no_jpeg_is_read_as_it_is_drawn() -> None:
    (page,) = [Image.open(io.BytesIO(codes.picture(OURS))).convert("1").resize((600, 600))]
    sheet = Image.new("1", (1654, 2339), 1)
    sheet.paste(page, (500, 900))
    assert only(as_pdf([sheet], 200)).codes == (OURS,)


# A file as a whole -------------------------------------------------------------------------------------------------


def whole(content: bytes) -> Structure:
    return structure_of(pdf.opened(content))


def changed(change: Callable[[pypdf.PdfWriter], object], content: bytes | None = None) -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(content or paper(OURS, OURS)))
    change(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def field(kind: str = "/Sig", kids: Iterable[DictionaryObject] = (), *, is_filled: bool = True) -> DictionaryObject:
    made = DictionaryObject({NameObject("/T"): TextStringObject("x")})
    if kind:
        made[NameObject("/FT")] = NameObject(kind)
    if is_filled:
        made[NameObject("/V")] = DictionaryObject({NameObject("/Type"): NameObject("/Sig")})
    if kids:
        made[NameObject("/Kids")] = ArrayObject(kids)
    return made


def with_fields(*fields: DictionaryObject, flags: int | None = 3) -> bytes:
    def change(writer: pypdf.PdfWriter) -> None:
        form = DictionaryObject({NameObject("/Fields"): ArrayObject(fields)})
        if flags is not None:
            form[NameObject("/SigFlags")] = NumberObject(flags)
        writer.root_object[NameObject("/AcroForm")] = form

    return changed(change)


def test_pages_version_and_the_one_code_of_the_keywords_are_seen() -> None:
    assert whole(paper(OURS, "", version="1.5")) == Structure(2, "1.5")
    assert whole(drawn(text("x"), keywords=f"van thu, {OTHER}")).code == OTHER
    assert whole(drawn(text("x"), keywords=f"{OTHER} {OURS}")).code == "", "two codes name no paper"
    assert whole(changed(lambda writer: setattr(writer, "metadata", None))).code == ""


def test_filled_signature_fields_are_counted_wherever_they_hang() -> None:
    assert whole(with_fields(field(), field())).signatures == 2
    assert whole(with_fields(field("/Tx"), field(is_filled=False))).signatures == 0
    assert whole(with_fields(field("/Sig", [field(""), field("")], is_filled=False))).signatures == 2, (
        "kind inherited"
    )
    assert whole(with_fields(field("/Tx", [field("")], is_filled=False))).signatures == 0
    assert whole(with_fields(field("/Tx", [field("/Sig")], is_filled=False))).signatures == 1


@pytest.mark.parametrize(("others", "count"), [(4_999, 1), (5_000, 0)])
def test_of_a_form_no_more_than_five_thousand_fields_are_looked_at(others: int, count: int) -> None:
    bare = DictionaryObject({NameObject("/FT"): NameObject("/Tx")})
    assert whole(with_fields(field(), *[bare] * others)).signatures == count


@pytest.mark.parametrize("flags", [None, 0, 1, 2, 3])
def test_signatures_are_counted_whatever_the_form_says_of_them(flags: int | None) -> None:
    assert whole(with_fields(field(), flags=flags)).signatures == 1


@pytest.mark.parametrize(
    ("subtype", "is_drawn"),
    [("/Stamp", True), ("/Ink", True), ("/FreeText", True), ("/Link", False), ("/Text", False)],
)
def test_what_was_drawn_on_a_screen_is_told_from_other_annotations(subtype: str, is_drawn: bool) -> None:
    def change(writer: pypdf.PdfWriter) -> None:
        rectangle = ArrayObject([FloatObject(10), FloatObject(10), FloatObject(90), FloatObject(90)])
        note = {NameObject("/Subtype"): NameObject(subtype), NameObject("/Rect"): rectangle}
        writer.pages[1][NameObject("/Annots")] = ArrayObject([DictionaryObject(note)])

    assert whole(changed(change)).has_drawn_annotation is is_drawn


def test_a_page_without_any_content_is_a_page() -> None:
    assert whole(changed(lambda writer: writer.add_blank_page(595, 842))).pages == 3


def test_a_page_that_inflates_beyond_all_measure_is_too_heavy() -> None:
    def change(writer: pypdf.PdfWriter) -> None:
        stream = StreamObject()
        stream._data = zlib.compress(bytes(100_000_000), 1)
        stream[NameObject("/Filter")] = NameObject("/FlateDecode")
        writer.pages[1][NameObject("/Contents")] = stream

    with pytest.raises(Unfit) as caught:
        whole(changed(change))
    assert caught.value.finding.code == "file.too-heavy"


# What is made of it ------------------------------------------------------------------------------------------------


@pytest.fixture
def recognised(tmp_path: Path) -> Callable[[bytes], Recognition]:
    def recognise(content: bytes) -> Recognition:
        path = tmp_path / "paper.pdf"
        path.write_bytes(content)
        return recognise_pdf(str(path))

    return recognise


Recognised = Callable[[bytes], Recognition]


def found_in(recognition: Recognition, code: str) -> list[Finding]:
    return [one for one in recognition.findings if one.code == code]


def test_the_paper_is_the_one_most_pages_name(recognised: Recognised) -> None:
    found = recognised(drawn(text(OTHER), text(OURS), text(OURS), text(THIRD), text(OTHER, OURS)))
    assert (found.code, found.foreign_codes, found.unread_pages) == (OURS, (OTHER, THIRD), ())


def test_each_foreign_page_is_refused_by_name_and_each_code_is_told_once(recognised: Recognised) -> None:
    found = recognised(drawn(text(OURS), text(OTHER), text(OURS), text(OTHER), text(OURS)))
    assert found.foreign_codes == (OTHER,)
    assert [one.place for one in found_in(found, "paper.foreign-page")] == [Place(page=2), Place(page=4)]
    foreign = found_in(found, "paper.foreign-page")[0]
    assert (foreign.severity, foreign.found) == (Severity.BLOCK, OTHER)
    assert en(foreign.message) == f"Page 2 belongs to another document (code {OTHER})."
    assert en(foreign.mend) == ("Take the page out, or put the right one in its place, and drop the file again.")


def test_the_keywords_count_only_where_no_page_has_a_code(recognised: Recognised) -> None:
    assert recognised(drawn(text(OURS), text("y"), text(OURS), keywords=OTHER)).code == OURS
    found = recognised(drawn(text("x"), text("y"), keywords=OTHER))
    assert (found.code, found.unread_pages, found.foreign_codes) == (OTHER, (1, 2), ())


def test_a_paper_of_others_is_counted_and_only_how_it_was_scanned_is_said(
    recognised: Recognised,
) -> None:
    found = recognised(drawn(WORDS, text("x")))
    assert [one.has_text for one in found.measured] == [True, False]
    assert {one.code for one in found.findings} == {"A05"}
    assert replace(found, measured=(), findings=()) == Recognition(
        pages=2, unread_pages=(1, 2), codes=("", ""), has_text=True
    )
    bare = replace(recognised(drawn(text("x"))), measured=(), findings=())
    assert bare == Recognition(pages=1, unread_pages=(1,), codes=("",))


def test_blank_pages_are_told_by_number(recognised: Recognised) -> None:
    found = recognised(drawn(text(OURS), lambda _: None, text(OURS), lambda _: None))
    assert [one.place.page for one in found_in(found, "paper.blank-page")] == [2, 4]


def test_what_is_signed_digitally_is_not_called_unsigned(recognised: Recognised) -> None:
    for count in (1, 2):
        found = recognised(with_fields(*[field()] * count))
        assert (found.digital_signatures, found_in(found, "paper.no-signature-seen")) == (count, [])


SIGNED_BY_HAND: dict[str, Callable[[], bytes]] = {
    "a picture on any page": lambda: drawn(
        text(OURS, "x" * 30), both(text(OURS, "x" * 30), picture(PAPER, 30, 30, 50, 50))
    ),
    "a scan": lambda: drawn(both(picture(PAPER, 105, 148), text(OURS, "x" * 30))),
    "a page whose words are drawn": lambda: drawn(both(qr(OURS), text("x"))),
}


@pytest.mark.parametrize("what", SIGNED_BY_HAND)
def test_what_a_person_may_have_signed_is_not_doubted(recognised: Recognised, what: str) -> None:
    found = recognised(SIGNED_BY_HAND[what]())
    assert found.code == OURS
    assert not found_in(found, "paper.no-signature-seen")


def test_a_paper_on_which_nobody_put_anything_is_doubted(recognised: Recognised) -> None:
    for content in (
        drawn(text(OURS, "x" * 30)),
        drawn(text(OURS, "x" * 30), lambda _: None),
        drawn(both(text(OURS, "x" * 30), picture(PAPER, 15, 15, 50, 50))),
    ):
        (doubt,) = found_in(recognised(content), "paper.no-signature-seen")
        assert doubt.severity is Severity.BLOCK
        assert en(doubt.message) == (
            "No signature or seal is seen in the file: no picture, no stamp, no digital signature."
        )
        assert en(doubt.mend) == "If the paper is not signed yet, have it signed and drop the signed copy."


def test_a_stamp_drawn_on_the_screen_counts_as_something_a_person_put_there(recognised: Recognised) -> None:
    def stamp(writer: pypdf.PdfWriter) -> None:
        look = DecodedStreamObject()
        look.update({NameObject("/Subtype"): NameObject("/Stamp")})
        writer.pages[0][NameObject("/Annots")] = ArrayObject([DictionaryObject(look)])

    found = recognised(changed(stamp, drawn(text(OURS, "x" * 30))))
    assert not found_in(found, "paper.no-signature-seen")


def test_how_finely_to_scan_is_the_office_s_own_wish(tmp_path: Path) -> None:
    path = tmp_path / "paper.pdf"
    path.write_bytes(scan(paper(OURS), 200))
    (doubt,) = found_in(recognise_pdf(str(path), ScanStandard(250, 400)), "A05")
    assert en(doubt.needed) == "at least 250 dpi, better 400"
    assert not found_in(recognise_pdf(str(path)), "A05")


def test_a_file_that_cannot_be_opened_is_refused_and_no_page_is_counted(recognised: Recognised) -> None:
    found = recognised(b"%PDF-1.7 nothing")
    assert (found.code, found.pages, [one.code for one in found.findings]) == ("", 0, ["file.damaged"])
