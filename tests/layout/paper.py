"""A PDF as a reader sees it: words with their places, in millimetres from the top left corner of each page."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pypdfium2
import pytest

from pipeline.tools.soffice import Office

_MM = 25.4 / 72


@dataclass(frozen=True)
class Word:
    """One line of one run of text on a page."""

    page: int
    text: str
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True)
class Paper:
    """All words of a PDF, and the sizes of its pages (width, height)."""

    words: tuple[Word, ...]
    sizes: tuple[tuple[float, float], ...]

    def on(self, page: int) -> tuple[Word, ...]:
        """The words of a page, from 1."""
        return tuple(word for word in self.words if word.page == page)

    def find(self, text: str) -> tuple[Word, ...]:
        """The words that hold `text`."""
        return tuple(word for word in self.words if text in word.text)

    def the(self, text: str) -> Word:
        """The one word that holds `text`."""
        found = self.find(text)
        assert len(found) == 1, (text, found)
        return found[0]


def is_furniture(word: Word, height: float) -> bool:
    """Whether a word stands above or below the text: page number, code."""
    return word.bottom < 19 or word.top > height - 19.5


@contextmanager
def office_in(folder: Path) -> Iterator[Office]:
    """LibreOffice at work; the test is skipped where there is none."""
    office = Office(folder)
    if not office.available():
        pytest.skip("LibreOffice is not installed")
    with office:
        yield office


def paper_of(pdf: bytes) -> Paper:
    """Read a PDF made by LibreOffice."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        words: list[Word] = []
        sizes: list[tuple[float, float]] = []
        for number, page in enumerate(document, start=1):
            width, height = page.get_size()
            sizes.append((width * _MM, height * _MM))
            words += _words(page, number, height)
        return Paper(tuple(words), tuple(sizes))
    finally:
        document.close()


def _words(page: pypdfium2.PdfPage, number: int, height: float) -> Iterator[Word]:
    textpage = page.get_textpage()
    for index in range(textpage.count_rects()):
        left, bottom, right, top = textpage.get_rect(index)
        text = textpage.get_text_bounded(left, bottom, right, top).strip()
        if text:
            yield Word(number, text, left * _MM, (height - top) * _MM, right * _MM, (height - bottom) * _MM)
    textpage.close()
