"""Every printed character of a paper is proved: one that was changed is named, what people add is none.

All scans are simulated (`print_and_scan`).
"""

import functools
import io
import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont
from reportlab.pdfgen.canvas import Canvas

from pipeline.model import Severity
from pipeline.papers.characters import prove_page
from pipeline.papers.compared import compared_characters
from pipeline.papers.comparison import compare_pdf
from pipeline.papers.seen import Box, Comparison, Proof
from tests.papers import print_and_scan as paper
from tests.papers.print_and_scan import Scanner
from tests.said import vi

FONT, POINTS = "Times-Roman", 14
TEXT = (
    "Ke hoach so 15-KH/CTD4 ngay 27 thang 5 nam 2022, cac don vi to chuc dang ky 08 noi dung thi dua; kinh phi "
    "1.350.680.000 dong, trong do 365.900.000 dong do ngan sach cap. Ty le van ban dung han dat 98,5%, giam 3 ngay. "
)
VIETNAMESE = (
    "Thực hiện Kế hoạch số 15-KH/CTĐ4 ngày 27 tháng 5 năm 2022, các đơn vị thành viên tổ chức đăng ký 08 nội dung "
    "thi đua; kinh phí 1.350.680.000 đồng. Tỷ lệ văn bản ban hành đúng hạn đạt 98,5%, giảm 3 ngày so với năm trước. "
)
#: Characters that are taken for each other, and what may be put in for them.
ALIKE = {"3": "8", "8": "3", "5": "6", "6": "5", "1": "7", "0": "8", "c": "e", "n": "h", ".": ",", ",": "."}
ACCENTS = {"ế": "ề", "ạ": "a", "đ": "d", "ă": "â", "ơ": "o", "á": "à", "ố": "ổ", "ả": "ã", "ư": "u", "ị": "i"}

Placed = tuple[float, float, str]


def placed(text: str, font: str = FONT) -> list[Placed]:
    """A page full of the text: each character where it stands, in millimetres from the lower left corner."""
    found: list[Placed] = []
    words, x, y = (text * 12).split(), 30.0, 270.0
    for word in words:
        wide = pdfmetrics.stringWidth(word + " ", font, POINTS) / mm
        if x + wide > 190:
            x, y = 30.0, y - 7
        if y < 40:
            break
        for character in word:
            found.append((x, y, character))
            x += pdfmetrics.stringWidth(character, font, POINTS) / mm
        x += pdfmetrics.stringWidth(" ", font, POINTS) / mm
    return found


def printed(characters: Sequence[Placed], font: str = FONT) -> bytes:
    content = io.BytesIO()
    canvas = Canvas(content, (210 * mm, 297 * mm), invariant=1)
    canvas.setFont(font, POINTS)
    for x, y, character in characters:
        canvas.drawString(x * mm, y * mm, character)
    canvas.save()
    return content.getvalue()


def changed(
    characters: Sequence[Placed], alike: dict[str, str], count: int, font: str, seed: int = 3
) -> tuple[list[Placed], list[str]]:
    """The page with `count` characters put in for others, far from each other; and those they were put in for."""
    chance = random.Random(seed)
    new, was, free = list(characters), [], [at for at, one in enumerate(characters) if one[2] in alike]
    chance.shuffle(free)
    taken: list[Placed] = []
    for at in free:
        x, y, character = characters[at]
        if any(abs(x - other[0]) < 30 and abs(y - other[1]) < 8 for other in taken) or len(taken) == count:
            continue
        wide, other_wide = (pdfmetrics.stringWidth(one, font, POINTS) / mm for one in (character, alike[character]))
        new[at] = (x + (wide - other_wide) / 2, y, alike[character])
        taken.append(characters[at])
        was.append(character)
    return new, was


def proved(folder: Path, issued: bytes, sheet: Image.Image, how: Scanner, signed: tuple[Box, ...] = ()) -> Proof:
    ours, theirs = folder / "issued.pdf", folder / "paper.pdf"
    ours.write_bytes(issued)
    theirs.write_bytes(paper.paper_of([sheet], how))
    compared = compare_pdf(str(theirs), str(ours), (), ())
    (page,) = compared.seen
    rooms = (*signed, *(room for at, room in compared.rooms if at == 1))
    assert page.page == 1
    assert page.to_scan is not None
    return prove_page(str(theirs), str(ours), 1, 1, page.to_scan, page.scale, rooms)


@functools.cache
def vietnamese_font() -> str:
    """A font with all letters, as LibreOffice prints them."""
    for name in ("LiberationSerif-Regular.ttf", "/usr/share/fonts/truetype/liberation2/LiberationSerif-Regular.ttf"):
        try:
            pdfmetrics.registerFont(TTFont("Vietnamese", name))
        except TTFError:
            continue
        return "Vietnamese"
    pytest.skip("the fonts of LibreOffice are not installed")


SCANNERS = {
    "fine": Scanner(300, skew=1.3, blur=0.9),
    "fine grey": Scanner(300, skew=-2.4, blur=0.8, is_grey=True, fade=0.2),
    "coarse": Scanner(200, skew=0.8, blur=0.6),
    "upside down": Scanner(200, skew=1.1, turn=180),
    "grainy": Scanner(300, blur=1.2, grain=14, quality=60),
}


@pytest.mark.parametrize("scanner", [pytest.param("fine", marks=pytest.mark.slow), "coarse"])
def test_a_character_put_in_for_its_look_alike_is_named_and_no_other(scanner: str, tmp_path: Path) -> None:
    characters, how = placed(TEXT), SCANNERS[scanner]
    other, was = changed(characters, ALIKE, 12, FONT)
    found = proved(tmp_path, printed(characters), paper.printed(printed(other), how.dpi)[0], how)
    assert sorted(one.text for one in found.changed) == sorted(was)
    assert all(one.text in one.word for one in found.changed)
    assert found.is_clear


@pytest.mark.sweep
@pytest.mark.parametrize("scanner", SCANNERS)
def test_an_accent_that_is_another_is_named(scanner: str, tmp_path: Path) -> None:
    font, how = vietnamese_font(), SCANNERS[scanner]
    characters = placed(VIETNAMESE, font)
    # at 200 dpi the accents above a circumflex are two points wide: half of them are missed
    alike = {was: new for was, new in ACCENTS.items() if how.dpi >= 300 or was not in "ốế"}
    other, was = changed(characters, alike, 15, font)
    found = proved(tmp_path, printed(characters, font), paper.printed(printed(other, font), how.dpi)[0], how)
    assert sorted(one.text for one in found.changed) == sorted(was)


@pytest.mark.sweep
@pytest.mark.parametrize("scanner", SCANNERS)
def test_an_honest_page_is_proved_whole(scanner: str, tmp_path: Path) -> None:
    characters, how = placed(TEXT), SCANNERS[scanner]
    found = proved(tmp_path, printed(characters), paper.printed(printed(characters), how.dpi)[0], how)
    assert found == Proof(1, 1, len(characters))


def at_mm(sheet: Image.Image, how: Scanner, *points: tuple[float, float]) -> list[tuple[float, float]]:
    """Points given from the lower left corner, on the picture of a sheet."""
    per = how.dpi / 25.4
    return [(x * per, sheet.height - y * per) for x, y in points]


@pytest.mark.slow
def test_what_people_write_and_stamp_over_words_is_no_change_and_is_counted(tmp_path: Path) -> None:
    how = SCANNERS["fine"]
    characters = placed(TEXT)
    (sheet,) = paper.printed(printed(characters), how.dpi)
    pen = ImageDraw.Draw(sheet)
    # a seal in red, a remark in blue, and a stroke in black that goes over three lines
    (left, top), (right, bottom) = at_mm(sheet, how, (120, 240), (156, 204))
    pen.ellipse((left, top, right, bottom), outline=paper.SEAL, width=10)
    pen.line(at_mm(sheet, how, (40, 160), (52, 166), (60, 158), (75, 165)), fill=paper.PEN, width=6)
    pen.line(at_mm(sheet, how, (60, 132), (90, 114)), fill=(10, 10, 10), width=6)
    found = proved(tmp_path, printed(characters), sheet, how)
    assert found.changed == ()
    assert 10 < found.covered < 80
    (told,) = compared_characters(Comparison(1, proofs=(found,)))
    assert (told.code, told.severity) == ("paper.characters-covered", Severity.WARN)


@pytest.mark.parametrize(
    ("ink", "frame", "how", "severity"),
    [
        pytest.param((10, 10, 10), False, SCANNERS["coarse"], Severity.BLOCK, id="black"),
        pytest.param(paper.PEN, False, SCANNERS["fine"], Severity.WARN, id="blue", marks=pytest.mark.slow),
        pytest.param((10, 10, 10), True, SCANNERS["fine grey"], Severity.WARN, id="stamp", marks=pytest.mark.slow),
    ],
)
def test_words_where_nothing_was_printed_are_told_and_those_like_print_are_for_a_person(
    ink: tuple[int, int, int], frame: bool, how: Scanner, severity: Severity, tmp_path: Path
) -> None:
    characters = [one for one in placed(TEXT) if one[1] > 100]
    (sheet,) = paper.printed(printed(characters), how.dpi)
    pen = ImageDraw.Draw(sheet)
    # initials beside it, and specks, are no words
    pen.line(at_mm(sheet, how, (165, 60), (168, 66), (171, 60), (174, 66), (177, 60)), fill=ink, width=5)
    for at in range(12):
        (speck,) = at_mm(sheet, how, (40 + 9 * at, 30 + 5 * (at % 4)))
        pen.ellipse((*speck, speck[0] + 4, speck[1] + 4), fill=ink)
    assert proved(tmp_path, printed(characters), sheet, how).added == ()

    (place,) = at_mm(sheet, how, (40, 60))
    pen.text(place, "them 500.000.000 dong", ink, ImageFont.load_default(round(4.5 * how.dpi / 25.4)))
    if frame:
        (left, top), (right, bottom) = at_mm(sheet, how, (35, 75), (100, 45))
        pen.rectangle((left, top, right, bottom), outline=ink, width=4)
    found = proved(tmp_path, printed(characters), sheet, how)
    assert found.changed == ()
    (told,) = compared_characters(Comparison(1, proofs=(found,)))
    assert (told.code, told.severity) == ("paper.words-added", severity)
    (one,) = found.added
    assert one.box.left == pytest.approx(38, abs=4)
    assert one.box.top == pytest.approx(297 - 62, abs=4)


@pytest.mark.slow
def test_a_crease_through_the_text_changes_no_character_and_hides_none_beside_it(tmp_path: Path) -> None:
    how = SCANNERS["fine grey"]
    characters = placed(TEXT)
    x, _, _ = next(one for one in characters if one[2] == "3" and 80 < one[0] < 120)
    other = [(*one[:2], "3") if one[2] == "8" and 15 < one[0] - x < 60 else one for one in characters]
    (sheet,) = paper.printed(printed(other), how.dpi)
    middle = x / 25.4 * how.dpi
    ImageDraw.Draw(sheet).line((middle, 0, middle + 20, sheet.height), fill=(120, 120, 120), width=6)
    found = proved(tmp_path, printed(characters), sheet, how)
    assert {one.text for one in found.changed} == {"8"}
    assert found.covered > 10


@pytest.mark.parametrize(
    "pen", [pytest.param((15, 15, 15), id="black", marks=pytest.mark.slow), pytest.param(paper.PEN, id="blue")]
)
def test_a_digit_made_another_one_with_a_pen_is_seen(pen: tuple[int, int, int], tmp_path: Path) -> None:
    how = SCANNERS["fine"]
    characters = placed(TEXT)
    (sheet,) = paper.printed(printed(characters), how.dpi)
    x, y, _ = next(one for one in characters if one[2] == "3" and one[1] < 200)
    (start, end) = at_mm(sheet, how, (x + 0.35, y + 2.9), (x + 0.35, y + 0.5))
    ImageDraw.Draw(sheet).line((start, end), fill=pen, width=5)
    found = proved(tmp_path, printed(characters), sheet, how)
    assert [one.text for one in found.changed] == ["3"]


@pytest.mark.slow
def test_a_coloured_dot_beside_it_does_not_hide_a_digit_that_was_put_in(tmp_path: Path) -> None:
    how = SCANNERS["fine"]
    characters = placed(TEXT)
    x, y, _ = next(one for one in characters if one[2] == "8" and one[1] < 200)
    other = [(*one[:2], "3") if one == (x, y, "8") else one for one in characters]
    (sheet,) = paper.printed(printed(other), how.dpi)
    corners = at_mm(sheet, how, (x + 1.6, y + 3.2), (x + 2.1, y + 2.7))
    ImageDraw.Draw(sheet).ellipse([side for corner in corners for side in corner], fill=paper.SEAL)
    found = proved(tmp_path, printed(characters), sheet, how)
    assert [one.text for one in found.changed] == ["8"]


@pytest.mark.slow
def test_a_number_written_large_into_its_blank_is_no_change(tmp_path: Path) -> None:
    font, how = vietnamese_font(), replace(SCANNERS["fine"], is_grey=True)
    head = "Số           -KH/CTĐ4"
    characters = [(30.0, 280.0, head), *placed(VIETNAMESE, font)]
    (sheet,) = paper.printed(printed(characters, font), how.dpi)
    pen = ImageDraw.Draw(sheet)
    # into the end of "Số", and over the hyphen
    for left in (34.3, 49.2):
        pen.line(at_mm(sheet, how, (left, 284), (left + 0.3, 280)), fill=(30, 30, 60), width=6)
    found = proved(tmp_path, printed(characters, font), sheet, how)
    assert found.changed == ()


@pytest.mark.slow
def test_where_people_sign_new_ink_is_expected_and_lost_print_is_not(tmp_path: Path) -> None:
    how = replace(SCANNERS["fine"], is_grey=True)
    characters = placed(TEXT)
    x, y, _ = next(one for one in characters if one[2] == "8" and one[1] < 150)
    other = [(*one[:2], "3") if one == (x, y, "8") else one for one in characters]
    (sheet,) = paper.printed(printed(other), how.dpi)
    # a flourish over the line below
    strokes = at_mm(sheet, how, (60, y - 9), (70, y - 5), (75, y - 8), (88, y - 6))
    ImageDraw.Draw(sheet).line(strokes, fill=(20, 20, 40), width=6)
    found = proved(tmp_path, printed(characters), sheet, how, (Box(20, 297 - y - 10, 200, 297 - y + 25),))
    assert [one.text for one in found.changed] == ["8"]
    assert found.covered == 0


@pytest.mark.sweep
@pytest.mark.parametrize("how", [Scanner(100), Scanner(200, blur=6)], ids=["coarse", "blurred"])
def test_a_scan_that_proves_nothing_says_so(how: Scanner, tmp_path: Path) -> None:
    characters = placed(TEXT)
    found = proved(tmp_path, printed(characters), paper.printed(printed(characters), how.dpi)[0], how)
    assert (found.changed, found.is_clear) == ((), False)
    (told,) = compared_characters(Comparison(1, proofs=(found,)))
    assert vi(told.message) == "Bản quét không đủ rõ để đối chiếu từng chữ trên trang 1."


@pytest.mark.slow
def test_the_clerk_reads_which_word_it_is_and_where(tmp_path: Path) -> None:
    how = SCANNERS["fine"]
    characters = placed(TEXT)
    x, y, _ = next(one for one in characters if one[2] == "9")
    other = [(*one[:2], "0") if one == (x, y, "9") else one for one in characters]
    found = proved(tmp_path, printed(characters), paper.printed(printed(other), how.dpi)[0], how)
    (told,) = compared_characters(Comparison(1, proofs=(found,)))
    assert told.severity is Severity.BLOCK
    assert vi(told.message).startswith(
        "Trang 1 có 1 chỗ chữ khác bản trình ký: “365.900.000” (chỗ đầu cách mép trên "
    )
