"""A photo taken askew, from afar, on a table is laid flat by the codes on the sheet."""

from pathlib import Path

import pytest
from PIL import Image

from pipeline.papers import codes
from pipeline.papers.comparison import compare_pdf
from pipeline.papers.straightening import codes_on, flat_by_codes
from pipeline.papers.wrapping import wrap
from tests.sample_papers import paper, signed_paper
from tests.sample_pictures import as_jpg, photo_of, pictures_of

OURS = codes.new_code("askew")


def compared(folder: Path, photo: Image.Image) -> list[tuple[int, int, int]]:
    """The page that a photo shows, its turn, and the places where print lacks; the document has one page."""
    issued, came, seen = (folder / name for name in ("issued.pdf", "came.jpg", "came.pdf"))
    issued.write_bytes(paper(OURS))
    came.write_bytes(as_jpg(photo, dpi=72))
    seen.write_bytes(wrap(str(came)))
    found = compare_pdf(str(seen), str(issued), (), ())
    return [(one.page, one.turn, len(one.lost)) for one in found.seen]


@pytest.mark.parametrize(
    ("fill", "narrower", "degrees"),
    [
        (0.95, 0.0, 0.0),
        (0.85, 0.08, 4.0),
        pytest.param(0.75, 0.0, 0.0, marks=pytest.mark.slow),
        pytest.param(0.9, 0.05, -8.0, marks=pytest.mark.slow),
    ],
)
def test_a_photo_from_afar_and_askew_is_its_page(
    tmp_path: Path, fill: float, narrower: float, degrees: float
) -> None:
    (sheet,) = pictures_of(signed_paper(OURS), 200)
    photo = photo_of(sheet, fill=fill, narrower=narrower, degrees=degrees)
    assert compared(tmp_path, photo) == [(1, 0, 0)]


@pytest.mark.parametrize("turn", [90, *(pytest.param(turn, marks=pytest.mark.slow) for turn in (180, 270))])
def test_a_photo_that_lies_turned_is_known_with_its_turn(tmp_path: Path, turn: int) -> None:
    (sheet,) = pictures_of(signed_paper(OURS), 200)
    # by so much it must be turned clockwise to stand upright
    photo = photo_of(sheet, narrower=0.04).rotate(turn, expand=True)
    assert compared(tmp_path, photo) == [(1, turn, 0)]


@pytest.mark.slow
def test_a_photo_of_other_words_with_our_codes_is_no_page_of_ours(tmp_path: Path) -> None:
    (sheet,) = pictures_of(paper(OURS), 200)
    across, down = sheet.size
    words = sheet.crop((0, down // 8, across, 7 * down // 8)).transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    sheet.paste(words, (0, down // 8))
    assert compared(tmp_path, photo_of(sheet, narrower=0.05)) == [(0, 0, 0)]


def test_one_code_tells_nothing() -> None:
    (sheet,) = pictures_of(paper(OURS), 200)
    seen = codes_on(sheet)
    assert len(seen) == 2
    assert flat_by_codes(seen[:1], seen) is None
