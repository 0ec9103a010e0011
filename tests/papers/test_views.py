"""Sheets of any size are looked at, whatever a file says of them, and laid as the pages they may be."""

from pathlib import Path

import pypdf
import pytest

from pipeline.model import PlacedPage
from pipeline.papers import codes
from pipeline.papers.arranging import arrange
from pipeline.papers.comparison import compare_pdf
from scripts.pretend_signature import as_pdf
from tests.papers.test_hostile_papers import CATALOGUE, ONE_PAGE, _objects
from tests.sample_papers import paper
from tests.sample_pictures import pictures_of

OURS = codes.new_code("views")


@pytest.mark.parametrize(
    "box", ["0 0 1 14400", "0 0 14400 1", "0 0 1 1", "0 0 14400 14400", "0 0 1190 842", "0 0 2480 3508", "-5 -5 2 3"]
)
def test_an_empty_sheet_of_any_size_is_no_page_of_ours(tmp_path: Path, box: str) -> None:
    issued, came = tmp_path / "issued.pdf", tmp_path / "came.pdf"
    issued.write_bytes(paper(OURS))
    came.write_bytes(_objects(CATALOGUE, ONE_PAGE, b"<</Type/Page/Parent 2 0 R/MediaBox[%b]>>" % box.encode()))
    found = compare_pdf(str(came), str(issued), (), ())
    assert [(one.sheet, one.page) for one in found.seen] == [(1, 0)]


@pytest.mark.parametrize("dpi", [36, 72, 110, 300])
def test_a_sheet_is_known_whatever_size_its_file_says(tmp_path: Path, dpi: int) -> None:
    issued, came = tmp_path / "issued.pdf", tmp_path / "came.pdf"
    issued.write_bytes(paper(OURS))
    came.write_bytes(as_pdf(pictures_of(paper(OURS), 150), dpi))
    (seen,) = compare_pdf(str(came), str(issued), (), ()).seen
    assert (seen.page, round(seen.scale, 2)) == (1, round(dpi / 150, 2))

    # the copy is as large as the page that was sent out
    placed = PlacedPage(1, "came", 1, seen.turn, seen.half, seen.scale)
    (tmp_path / "copy.pdf").write_bytes(arrange({"came": str(came)}, (placed,)))
    copy, printed = (pypdf.PdfReader(tmp_path / name).pages[0].mediabox for name in ("copy.pdf", "issued.pdf"))
    assert abs(copy.width - printed.width) < 2
    assert abs(copy.height - printed.height) < 2
