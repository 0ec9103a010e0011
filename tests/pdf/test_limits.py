"""Each limit of the door for PDFs: what just keeps it passes, what is one beyond is refused."""

import io

import pypdf
import pytest

from pipeline.files.refusals import Unfit
from pipeline.pdf import LIMITS, Pdf, opened
from tests.papers.test_hostile_papers import CATALOGUE, ONE_PAGE, _objects

BOX = b"[0 0 595 842]"


def one_page(box: bytes = BOX, more: bytes = b"") -> bytes:
    return _objects(CATALOGUE, ONE_PAGE, b"<</Type/Page/Parent 2 0 R/MediaBox%b%b>>" % (box, more))


def pages(count: int) -> bytes:
    writer = pypdf.PdfWriter()
    for _ in range(count):
        writer.add_blank_page(595, 842)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def things(count: int) -> bytes:
    """A PDF of so many objects more than one with an empty list: lists of 99 figures, each list counted too."""
    lists, left = divmod(count, 100)
    return one_page(more=b"/X[%b%b]" % (b"[%b]" % (b"0 " * 99) * lists, b"0 " * left))


def verdict(content: bytes) -> str:
    try:
        opened(content)
    except Unfit as unfit:
        return unfit.finding.code
    return ""


def test_a_file_of_the_most_pages_passes_and_of_one_more_does_not() -> None:
    assert len(opened(pages(LIMITS.pages)).pages) == LIMITS.pages
    assert verdict(pages(LIMITS.pages + 1)) == "file.too-heavy"


@pytest.mark.slow
def test_the_objects_of_a_file_are_counted() -> None:
    empty = opened(one_page(more=b"/X[]")).objects
    made: Pdf = opened(things(1001))
    assert made.objects == empty + 1001
    assert verdict(things(LIMITS.objects - empty)) == ""
    assert verdict(things(LIMITS.objects - empty + 1)) == "file.too-heavy"


@pytest.mark.parametrize(
    ("box", "more", "code"),
    [
        (b"[0 0 14400 14400]", b"", ""),
        (b"[0 0 14401 842]", b"", "file.too-heavy"),
        (b"[0 0 595 14401]", b"", "file.too-heavy"),
        (b"[0 0 0.5 842]", b"", "file.too-heavy"),
        (b"[0 0 1000 1000]", b"/UserUnit 14.4", ""),
        (b"[0 0 1000 1000]", b"/UserUnit 15", "file.too-heavy"),
    ],
)
def test_a_page_has_a_size_that_paper_can_have(box: bytes, more: bytes, code: str) -> None:
    assert verdict(one_page(box, more)) == code
