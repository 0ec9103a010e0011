"""A paper is laid over the pages that were sent out: which pages came back, and who has signed.

All scans are simulated (`print_and_scan`).
"""

import io
import itertools
import random
from collections.abc import Callable, Sequence
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from pipeline import papers
from pipeline.model import Finding, Recognition, Severity
from pipeline.papers import comparison
from pipeline.papers.compared import compared_pages, compared_print, compared_signatures
from pipeline.papers.comparison import compare_pdf
from pipeline.papers.seen import Comparison
from pipeline.papers.signature_places import SignaturePlace, places_of
from tests.papers import print_and_scan as paper
from tests.papers.print_and_scan import Scanner
from tests.said import vi

DPI = 150
NAMES = ("Tran Van An", "Le Thi Binh", "Ho Quoc Cuong", "Vo Minh Duc")
PAGES = 3
WORDS = ("thi dua", "cum", "don vi", "ke hoach", "noi dung", "hoat dong", "bao cao", "nam", "cong tac", "giao uoc")
Change = Callable[[list[Image.Image]], Sequence[Image.Image]]


def issued_pdf(seed: int = 1) -> bytes:
    """Three pages of words; on the last one, four people sign in two columns."""
    chance = random.Random(seed)
    content = io.BytesIO()
    canvas = Canvas(content, (210 * mm, 297 * mm), invariant=1)
    for number in range(1, PAGES + 1):
        canvas.setFont("Times-Roman", 14)
        for line in range(12 if number == PAGES else 34):
            words = " ".join(chance.choice(WORDS) for _ in range(chance.randrange(3, 8)))
            canvas.drawString(30 * mm, (270 - 7 * line) * mm, words)
        if number == PAGES:
            canvas.setFont("Times-Bold", 14)
            for at, name in enumerate(NAMES):
                x, y = (70 if at % 2 == 0 else 150) * mm, (145 - 55 * (at // 2)) * mm
                canvas.drawCentredString(x, y + 30 * mm, "CHANH VAN PHONG")
                canvas.drawCentredString(x, y, name)
        canvas.showPage()
    canvas.save()
    return content.getvalue()


ISSUED = issued_pdf()


def places() -> list[SignaturePlace]:
    document = pypdfium2.PdfDocument(ISSUED)
    try:
        return [one for one in places_of(document, NAMES) if isinstance(one, SignaturePlace)]
    finally:
        document.close()


PLACES = places()


def compared(folder: Path, content: bytes, blank: tuple[int, ...] = ()) -> Comparison:
    issued, returned = folder / "issued.pdf", folder / "paper.pdf"
    issued.write_bytes(ISSUED)
    returned.write_bytes(content)
    return compare_pdf(str(returned), str(issued), NAMES, blank)


def signed_sheets(dpi: int = DPI, by: Sequence[int] = range(4)) -> list[Image.Image]:
    sheets = paper.printed(ISSUED, dpi)
    for at in by:
        paper.sign(sheets[PLACES[at].page - 1], PLACES[at], dpi, seed=at)
    return sheets


def pages_of(found: Comparison) -> list[int]:
    return [one.page for one in found.seen]


def who_signed(found: Comparison) -> list[bool]:
    return [one.has_signature for one in found.signatures]


def told(findings: Sequence[Finding]) -> list[tuple[str, Severity]]:
    return [(one.code, one.severity) for one in findings]


# Where people sign -------------------------------------------------------------------------------------------------


def test_each_name_has_its_room_above_it_and_none_reaches_into_the_next() -> None:
    assert [(one.name, one.page) for one in PLACES] == [(name, PAGES) for name in NAMES]
    for one in PLACES:
        assert one.room.right - one.room.left > 40
        assert 20 < one.room.bottom - one.room.top < 50
    for one, other in itertools.combinations(PLACES, 2):
        apart = one.room.right <= other.room.left or other.room.right <= one.room.left
        assert apart or one.room.bottom <= other.room.top or other.room.bottom <= one.room.top


@pytest.mark.slow
def test_a_name_that_stands_nowhere_is_told(tmp_path: Path) -> None:
    issued = tmp_path / "issued.pdf"
    issued.write_bytes(ISSUED)
    found = compare_pdf(str(issued), str(issued), (*NAMES, "Nguyen Van Khong"), ())
    assert found.unplaced == ("Nguyen Van Khong",)
    codes = [one.code for one in compared_signatures(found)]
    assert codes == ["paper.not-all-signed", "paper.signers-not-found"]


def test_where_nobody_is_known_to_sign_a_person_looks(tmp_path: Path) -> None:
    issued = tmp_path / "issued.pdf"
    issued.write_bytes(ISSUED)
    found = compare_pdf(str(issued), str(issued), (), ())
    assert told(tuple(compared_signatures(found))) == [("paper.signers-unknown", Severity.BLOCK)]


# Whole -------------------------------------------------------------------------------------------------------------

OTHER = issued_pdf(seed=2)


def noise(size: tuple[int, int]) -> Image.Image:
    return Image.effect_noise(size, 90).convert("RGB")


CAME: dict[str, tuple[Change, list[int], list[tuple[str, Severity]]]] = {
    "whole": (lambda sheets: sheets, [1, 2, 3], []),
    "one missing": (lambda sheets: [sheets[0], sheets[2]], [1, 3], [("A04", Severity.BLOCK)]),
    "one twice in place of another": (
        lambda sheets: [sheets[0], sheets[0], sheets[2]],
        [1, 1, 3],
        [("A04", Severity.BLOCK), ("paper.page-twice", Severity.BLOCK)],
    ),
    "in reverse": (lambda sheets: sheets[::-1], [3, 2, 1], [("paper.page-order", Severity.WARN)]),
    "another document's page": (
        lambda sheets: [sheets[0], paper.printed(OTHER, DPI)[1], sheets[2]],
        [1, 0, 3],
        [("A04", Severity.BLOCK), ("paper.strange-page", Severity.BLOCK)],
    ),
    "noise": (
        lambda sheets: [noise(sheets[0].size) for _ in sheets],
        [0, 0, 0],
        [("A04", Severity.BLOCK), ("paper.strange-page", Severity.BLOCK)],
    ),
}


@pytest.mark.sweep
@pytest.mark.parametrize("how", CAME)
def test_each_page_comes_back_once_and_nothing_else_does(how: str, tmp_path: Path) -> None:
    change, pages, findings = CAME[how]
    found = compared(tmp_path, paper.paper_of(change(signed_sheets()), Scanner(DPI, skew=1.5)))
    assert pages_of(found) == pages
    assert told(tuple(compared_pages(found))) == findings


@pytest.mark.slow
def test_a_blank_back_is_no_page(tmp_path: Path) -> None:
    front = signed_sheets()
    back = Image.new("RGB", front[0].size, (255, 255, 255))
    sheets = [sheet for one in front for sheet in (one, back)]
    found = compared(tmp_path, paper.paper_of(sheets, Scanner(DPI)), blank=(2, 4, 6))
    assert (pages_of(found), [one.sheet for one in found.seen]) == ([1, 2, 3], [1, 3, 5])


@pytest.mark.slow
def test_what_is_missing_is_named_by_its_page(tmp_path: Path) -> None:
    found = compared(tmp_path, paper.paper_of(signed_sheets()[1:], Scanner(DPI)))
    (missing,) = compared_pages(found)
    assert vi(missing.message) == "Văn bản có 3 trang, còn thiếu: trang 1."


def test_what_there_was_no_time_to_look_at_is_for_a_person(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comparison, "time_for", lambda _share: 0.0)
    found = compared(tmp_path, paper.paper_of(signed_sheets(), Scanner(DPI)))
    assert (found.seen, found.unseen) == ((), (1, 2, 3))
    seen_by_nobody = Recognition("x", PAGES)
    assert told(papers.verify(seen_by_nobody, PAGES, found, has_issued=True)) == [
        ("paper.not-compared", Severity.BLOCK)
    ]
    # without a PDF that was sent out there is nothing to compare with, and that is told
    assert told(papers.verify(seen_by_nobody, PAGES)) == [("paper.not-compared", Severity.WARN)]


SCANNERS = {
    "straight": Scanner(),
    "askew by 5": Scanner(skew=5),
    "askew by -5": Scanner(skew=-5),
    "upside down": Scanner(turn=180, skew=1),
    "cut by 8 mm": Scanner(cut_mm=8, skew=2),
    "150 dpi": Scanner(dpi=150),
    "300 dpi": Scanner(dpi=300, skew=-1),
    "grain": Scanner(grain=14),
    "blurred": Scanner(blur=1.4),
    "faded": Scanner(fade=0.35),
    "grey": Scanner(is_grey=True),
    "pressed hard": Scanner(quality=35),
}


# As it was printed -------------------------------------------------------------------------------------------------


def moved_line(sheet: Image.Image) -> None:
    """A line of the text set anew: its words stand 7 mm further right."""
    per = DPI / 25.4
    box = (round(25 * per), round(57 * per), round(150 * per), round(64 * per))
    sheet.paste(sheet.crop(box), (box[0] + round(7 * per), box[1]))


def painted_over(sheet: Image.Image) -> None:
    per = DPI / 25.4
    sheet.paste((250, 250, 250), (round(30 * per), round(85 * per), round(60 * per), round(91 * per)))


@pytest.mark.parametrize("change", [pytest.param(moved_line, marks=pytest.mark.slow), painted_over])
def test_other_words_on_a_page_are_told_with_their_place(
    change: Callable[[Image.Image], None], tmp_path: Path
) -> None:
    sheets = signed_sheets()
    change(sheets[1])
    found = compared(tmp_path, paper.paper_of(sheets, Scanner(DPI, skew=2)))
    assert pages_of(found) == [1, 2, 3]
    (finding,) = compared_print(found)
    assert (finding.code, finding.severity, finding.place.page) == ("paper.print-differs", Severity.BLOCK, 2)
    (lost, *_) = found.seen[1].lost
    down = 57 if change is moved_line else 85
    assert down - 9 < lost.top < down + 7


@pytest.mark.sweep
@pytest.mark.parametrize("scanner", SCANNERS)
def test_an_honest_page_is_not_doubted(scanner: str, tmp_path: Path) -> None:
    how = SCANNERS[scanner]
    sheets = signed_sheets(how.dpi)
    for place in PLACES:
        paper.seal(sheets[-1], place, how.dpi)
    found = compared(tmp_path, paper.paper_of(sheets, how))
    assert tuple(compared_print(found)) == ()


# Signed ------------------------------------------------------------------------------------------------------------


@pytest.mark.sweep
@pytest.mark.parametrize("by", [(), (1, 2)], ids=str)
def test_who_has_signed_is_seen(by: tuple[int, ...], tmp_path: Path) -> None:
    found = compared(tmp_path, paper.paper_of(signed_sheets(by=by), Scanner(DPI, skew=-2)))
    assert who_signed(found) == [at in by for at in range(4)]
    lacking = "; ".join(name for at, name in enumerate(NAMES) if at not in by)
    said = [vi(one.message) for one in compared_signatures(found)]
    assert said == ([f"Chưa thấy chữ ký phía trên tên: {lacking}."] if lacking else [])


def test_a_seal_or_a_line_is_no_signature(tmp_path: Path) -> None:
    sheets = signed_sheets(by=(0,))
    last = sheets[-1]
    paper.seal(last, PLACES[0], DPI)
    paper.seal(last, PLACES[1], DPI, aside_mm=0)
    paper.rule(last, PLACES[2], DPI)
    found = compared(tmp_path, paper.paper_of(sheets, Scanner(DPI)))
    assert who_signed(found) == [True, False, False, False]
    assert [one.has_seal for one in found.signatures] == [True, True, False, False]


@pytest.mark.parametrize(
    "how",
    [
        pytest.param(Scanner(DPI, is_grey=True), id="200"),
        pytest.param(Scanner(300, skew=2, is_grey=True), id="300", marks=pytest.mark.slow),
    ],
)
def test_without_colour_a_seal_is_told_by_its_ring(how: Scanner, tmp_path: Path) -> None:
    sheets = paper.printed(ISSUED, how.dpi)
    last = sheets[-1]
    paper.sign(last, PLACES[0], how.dpi, seed=4)
    for at, aside in ((0, -16), (1, -3), (2, -16)):
        paper.seal(last, PLACES[at], how.dpi, aside_mm=aside)
    found = compared(tmp_path, paper.paper_of(sheets, how))
    assert who_signed(found) == [True, False, False, False]
    assert [one.has_seal for one in found.signatures] == [True, True, True, False]


def test_a_page_that_did_not_come_back_has_no_signatures_to_look_for(tmp_path: Path) -> None:
    found = compared(tmp_path, paper.paper_of(signed_sheets()[:2], Scanner(DPI)))
    assert [one.sheet for one in found.signatures] == [0] * 4
    assert tuple(compared_signatures(found)) == ()


HANDS = {
    "pen": (paper.PEN, 0.5),
    "fine pen": (paper.PEN, 0.3),
    "pencil": (paper.PENCIL, 0.6),
    "broad": ((20, 20, 20), 1.0),
}


#: Each scanner with two of the hands, each hand with six of the scanners.
MET = [(scanner, hand) for at, scanner in enumerate(SCANNERS) for no, hand in enumerate(HANDS) if (at + no) % 4 < 2]


@pytest.mark.sweep
@pytest.mark.parametrize(("scanner", "hand"), MET)
def test_signatures_are_seen_whatever_the_pen_and_the_scanner(scanner: str, hand: str, tmp_path: Path) -> None:
    how, (ink, wide) = SCANNERS[scanner], HANDS[hand]
    chance = random.Random(f"{scanner}/{hand}")
    signers = [at for at in range(4) if chance.random() < 0.5]
    # the sheet alone on which people sign: what the others are is asked elsewhere
    last = paper.printed(ISSUED, how.dpi)[-1]
    for at in signers:
        paper.sign(last, PLACES[at], how.dpi, chance.randrange(1000), ink, wide)
        if chance.random() < 0.3 and not how.is_grey:
            paper.seal(last, PLACES[at], how.dpi)
    found = compared(tmp_path, paper.paper_of([last], how))
    assert pages_of(found) == [PAGES]
    assert who_signed(found) == [at in signers for at in range(4)]
