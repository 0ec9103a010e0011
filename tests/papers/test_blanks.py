"""Number and date are written where a paper left them blank, and nowhere else."""

import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
from PIL import Image, ImageChops, ImageDraw
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from pipeline import papers
from pipeline.papers import Blanks
from pipeline.tools.guard import Guard
from scripts.pretend_signature import as_pdf, scan
from tests.folders import ROOT, shared_guard
from tests.sample_papers import SENTENCE

DPI = 150
FIGURES = {"number": "07", "day": "05", "month": "9", "year": "2022"}


def issued(number: str = "Số      -GM/CTĐ4", date: str = "TP Hồ Chí Minh, ngày      tháng      năm 2022") -> bytes:
    """A page as it is printed: head, number, date, words."""
    pdfmetrics.registerFont(TTFont("Serif", ROOT / "pipeline/pdf/fonts/LiberationSerif-Regular.ttf"))
    out = io.BytesIO()
    page = Canvas(out, (210 * mm, 297 * mm), invariant=1)
    page.setFont("Serif", 14)
    page.drawString(40 * mm, 270 * mm, "CỤM THI ĐUA SỐ 4")
    page.drawString(45 * mm, 255 * mm, number)
    page.drawString(100 * mm, 255 * mm, date)
    for at in range(24):
        page.drawString(30 * mm, (230 - 8 * at) * mm, SENTENCE[at : at + 76])
    page.save()
    return out.getvalue()


@pytest.fixture
def guard() -> Guard:
    return shared_guard()


def seen(guard: Guard, folder: Path, paper: bytes, as_issued: bytes) -> Blanks:
    (folder / "paper.pdf").write_bytes(paper)
    (folder / "issued.pdf").write_bytes(as_issued)
    return papers.blanks_of(guard, folder / "paper.pdf", folder / "issued.pdf")


def written(guard: Guard, folder: Path, found: Blanks) -> bytes:
    texts = [(blank, FIGURES[blank.name]) for blank in found.blanks]
    made, again = (papers.written_over(guard, folder / "paper.pdf", texts) for _ in range(2))
    assert made is not None
    assert made == again
    return made


def shown(content: bytes) -> Image.Image:
    document = pypdfium2.PdfDocument(content)
    try:
        picture: Image.Image = document[0].render(scale=DPI / 72, grayscale=True).to_pil().convert("L")
        return picture
    finally:
        document.close()


def changed(before: bytes, after: bytes, turn: int = 0) -> Iterator[tuple[float, float, float, float]]:
    """Where two papers differ (millimetres from the left and upper edge of the upright sheet), from the left."""
    apart = ImageChops.difference(shown(before), shown(after)).rotate(-turn, expand=True)
    mask = np.asarray(apart) > 60
    columns = np.flatnonzero(mask.any(axis=0))
    # figures stand closer to each other than number, day and month do
    for run in np.split(columns, np.flatnonzero(np.diff(columns) > 3 * DPI / 25.4) + 1):
        rows = np.flatnonzero(mask[:, run[0] : run[-1] + 1].any(axis=1))
        yield tuple(float(side) * 25.4 / DPI for side in (run[0], rows[0], run[-1], rows[-1]))  # type: ignore[misc]


def blanks_in(content: bytes) -> list[tuple[float, float]]:
    """From where to where the blanks of an issued page go, in millimetres; the base line is 42 mm from the top."""
    text = pypdfium2.PdfDocument(content)[0].get_textpage()
    said = text.get_text_range()
    after = [("ố", said.index("Số") + 1), ("y", said.index("ngày") + 3), ("g", said.index("tháng") + 4)]
    before = [said.index("-GM"), said.index("tháng"), said.index("năm")]
    return [
        (text.get_charbox(start)[2] / mm, text.get_charbox(end)[0] / mm)
        for (_, start), end in zip(after, before, strict=True)
    ]


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_on_a_scan_the_figures_stand_in_their_blanks(guard: Guard, tmp_path: Path, turn: int) -> None:
    page = issued()
    paper = scan(page, DPI, noise=4, turn=turn)
    found = seen(guard, tmp_path, paper, page)
    assert [blank.name for blank in found.blanks] == ["number", "day", "month"]

    copy = written(guard, tmp_path, found)

    places = list(changed(paper, copy, turn))
    for (left, top, right, bottom), (start, end) in zip(places, blanks_in(page), strict=True):
        assert start - 0.5 <= left < right <= end + 0.5
        # a figure of 14 points is 3.3 mm high and stands on the line, 42 mm from the upper edge
        assert bottom == pytest.approx(42, abs=0.6)
        assert bottom - top == pytest.approx(3.3, abs=0.5)


def test_on_a_crooked_scan_what_was_written_is_seen_in_the_blanks(guard: Guard, tmp_path: Path) -> None:
    page = issued()
    paper = scan(page, DPI, skew=3, noise=4, seed=5)

    copy = written(guard, tmp_path, seen(guard, tmp_path, paper, page))

    assert seen(guard, tmp_path, copy, page) == Blanks(by_hand=("date", "number"))
    assert len(list(changed(paper, copy))) == 3


def test_of_two_pages_on_one_sheet_the_first_bears_the_number(guard: Guard, tmp_path: Path) -> None:
    page = issued()
    one = shown(scan(page, DPI))
    sheet = Image.new("L", (2 * one.width, one.height), 255)
    sheet.paste(one, (0, 0))
    paper = as_pdf([sheet.convert("RGB")], DPI)

    copy = written(guard, tmp_path, seen(guard, tmp_path, paper, page))

    assert seen(guard, tmp_path, copy, page).by_hand == ("date", "number")


@pytest.mark.parametrize("figure", ["1", "17"])
def test_where_somebody_has_written_nothing_is_written(guard: Guard, tmp_path: Path, figure: str) -> None:
    page = issued()
    picture = shown(page).convert("RGB")
    (start, end), *_ = blanks_in(page)
    pen = ImageDraw.Draw(picture)
    for at, one in enumerate(figure):
        x, y = ((start + end) / 2 - 1.5 + 3 * at) * DPI / 25.4, 42 * DPI / 25.4
        up = 4.5 * DPI / 25.4
        stroke = [(x, y), (x + 4, y - up)] if one == "1" else [(x, y - up), (x + 14, y - up), (x + 4, y)]
        pen.line(stroke, fill=(40, 50, 150), width=3)
    paper = scan(as_pdf([picture], DPI), DPI, skew=1.5, noise=4)

    found = seen(guard, tmp_path, paper, page)

    assert found.by_hand == ("number",)
    assert [blank.name for blank in found.blanks] == ["day", "month"]


def test_what_was_printed_is_no_blank(guard: Guard, tmp_path: Path) -> None:
    page = issued("Số 07-GM/CTĐ4", "TP Hồ Chí Minh, ngày 05 tháng 9 năm 2022")
    assert seen(guard, tmp_path, scan(page, DPI), page) == Blanks()


def test_the_number_of_the_state_stands_before_its_slash(guard: Guard, tmp_path: Path) -> None:
    page = issued("Số:      /GM-CTĐ4", "TP Hồ Chí Minh, ngày 05 tháng 9 năm 2022")
    assert [blank.name for blank in seen(guard, tmp_path, scan(page, DPI), page).blanks] == ["number"]


def test_on_a_paper_that_is_another_one_no_place_is_found(guard: Guard, tmp_path: Path) -> None:
    page = issued()
    out = io.BytesIO()
    other = Canvas(out, (210 * mm, 297 * mm))
    other.rect(40 * mm, 40 * mm, 90 * mm, 150 * mm, fill=1)
    other.save()
    assert seen(guard, tmp_path, scan(out.getvalue(), DPI), page) == Blanks(is_lost=True)
