"""What a paper without a code may be is told by small pictures of its pages; scans are simulated."""

from pathlib import Path

import pytest
from PIL import Image

from pipeline.papers.seen import Likely
from pipeline.papers.small_pictures import find_likely
from scripts.pretend_signature import as_pdf, scan
from tests.papers.test_comparison import PAGES, issued_pdf
from tests.sample_pictures import pictures_of

DPI = 100


@pytest.fixture
def issued(tmp_path: Path) -> tuple[str, ...]:
    """Three documents of three pages of words."""
    paths = []
    for seed in (1, 2, 3):
        path = tmp_path / f"{seed}.pdf"
        path.write_bytes(issued_pdf(seed))
        paths.append(str(path))
    return tuple(paths)


def likely(folder: Path, paper: bytes, issued: tuple[str, ...], blank: tuple[int, ...] = ()) -> tuple[Likely, ...]:
    path = folder / "paper.pdf"
    path.write_bytes(paper)
    found = find_likely(str(path), issued, blank)
    assert all(one.was_seen for one in found)
    return found


def test_a_crooked_noisy_scan_may_be_the_document_that_it_is_and_no_other(
    tmp_path: Path, issued: tuple[str, ...]
) -> None:
    paper = scan(Path(issued[1]).read_bytes(), DPI, skew=6, noise=10)
    first, second, third = likely(tmp_path, paper, issued)
    # their last pages bear the same names, and little else
    assert (first.is_whole, second.is_whole, third.is_whole) == (False, True, False)
    assert second.likeness > 0.2 + max(first.likeness, third.likeness)


@pytest.mark.parametrize("by", [0.94, 1.03])
def test_a_copy_of_another_size_is_told(tmp_path: Path, issued: tuple[str, ...], by: float) -> None:
    sheets = []
    for page in pictures_of(Path(issued[0]).read_bytes(), DPI):
        sheet = Image.new("RGB", page.size, "white")
        small = page.resize((round(by * page.width), round(by * page.height)))
        sheet.paste(small, ((page.width - small.width) // 2, (page.height - small.height) // 2))
        sheets.append(sheet)
    first, second, third = likely(tmp_path, as_pdf(sheets, DPI), issued)
    assert (first.is_whole, second.is_whole, third.is_whole) == (True, False, False)


def test_sheets_in_any_order_and_on_their_side_are_told_and_one_that_lacks_is_counted(
    tmp_path: Path, issued: tuple[str, ...]
) -> None:
    pages = pictures_of(Path(issued[2]).read_bytes(), DPI)
    turned = [pages[2], pages[0].rotate(90, expand=True), pages[1].rotate(180)]
    *_, third = likely(tmp_path, as_pdf(turned, DPI), issued)
    assert third.is_whole
    *_, third = likely(tmp_path, as_pdf(turned[:2], DPI), issued)
    assert (third.pages, third.alike) == (PAGES, 2)


def test_a_picture_of_something_else_is_like_nothing(tmp_path: Path, issued: tuple[str, ...]) -> None:
    photo = Image.effect_mandelbrot((827, 1169), (-2.0, -1.5, 1.0, 1.5), 60).convert("RGB")
    assert {one.alike for one in likely(tmp_path, as_pdf([photo], DPI), issued)} == {0}


def test_what_nobody_can_draw_is_not_taken_for_another(tmp_path: Path, issued: tuple[str, ...]) -> None:
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(b"%PDF-1.7\nno more")
    paper = tmp_path / "paper.pdf"
    paper.write_bytes(scan(Path(issued[0]).read_bytes(), DPI))
    unseen, seen = find_likely(str(paper), (str(broken), issued[0]), ())
    assert (unseen.was_seen, seen.is_whole) == (False, True)
