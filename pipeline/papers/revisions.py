"""What the pages of a PDF show at two moments of its life, or beside the PDF that was issued.

A program adds to a signed PDF at its end, so each earlier revision is the file up to the end of that revision.
"""

import enum
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray
from pypdfium2 import PdfDocument, PdfiumError

from pipeline.papers.seen import Box, SeenRevision
from pipeline.papers.signature_places import SignaturePlace, places_of
from pipeline.pdf.pdfium import pdfium_document
from pipeline.tools.guarded import time_for

Picture: TypeAlias = NDArray[np.int16]

_DPI: Final = 72
_MM: Final = 25.4 / 72
_MAX_PIXELS: Final = 4_000_000
#: Edges of letters may differ by rounding; a stroke that came or went differs by more.
_DIFFERS: Final = 60
_LEAST_POINTS: Final = 3
#: After this share of what may be used the other pages are not looked at, and that is told.
_ENOUGH: Final = 0.7


class Change(enum.Enum):
    """What is different between two revisions, the worst first."""

    TEXT = enum.auto()
    PICTURE = enum.auto()
    NOTHING_SEEN = enum.auto()
    NOT_SEEN = enum.auto()  #: it could not be looked at


@dataclass(frozen=True)
class _Shown:
    """What a page shows: its words, and its picture without the boxes of forms."""

    words: tuple[str, ...]
    picture: Picture


def change_between(signed: bytes, now: bytes) -> Change:
    """Say what is different between the revision that was signed and the file as it is now."""
    end = time_for(_ENOUGH / 2)
    try:
        with pdfium_document(signed) as before, pdfium_document(now) as after:
            return _changed(before, after, end)
    except PdfiumError:
        return Change.NOT_SEEN


def _changed(before: PdfDocument, after: PdfDocument, end: float) -> Change:
    if len(before) != len(after):
        return Change.TEXT
    worst = Change.NOTHING_SEEN
    for number in range(1, len(before) + 1):
        if time.process_time() > end:
            return Change.NOT_SEEN
        one, other = _shown(before, number), _shown(after, number)
        if one.words != other.words:
            return Change.TEXT
        if _differing(one.picture, other.picture).any():
            worst = Change.PICTURE
    return worst


def compare_revisions(
    paper: str, issued: str, ends: tuple[int, ...], names: tuple[str, ...]
) -> tuple[SeenRevision, ...]:
    """Hold revisions of a paper, each given by where it ends, against the PDF that was issued.

    Above the `names` that stand under signatures a picture of a signature may have been added; anything else that
    was added, or is gone, is told page by page. Raises PdfiumError when the issued PDF cannot be opened.
    """
    content, end = Path(paper).read_bytes(), time_for(_ENOUGH)
    with pdfium_document(Path(issued).read_bytes()) as ours:
        rooms = [place for place in places_of(ours, names) if isinstance(place, SignaturePlace)]
        return tuple(_held_against(ours, content[:at], at, rooms, end) for at in sorted(set(ends)))


def _held_against(
    ours: PdfDocument, content: bytes, at: int, rooms: list[SignaturePlace], end: float
) -> SeenRevision:
    try:
        with pdfium_document(content) as theirs:
            return _compared(ours, theirs, at, rooms, end)
    except PdfiumError:
        return SeenRevision(at, was_seen=False)


def _compared(
    ours: PdfDocument, theirs: PdfDocument, at: int, rooms: list[SignaturePlace], end: float
) -> SeenRevision:
    # without it pdfium leaves out what a signature's box shows, and what it hides
    theirs.init_forms()
    if len(theirs) != len(ours):
        fewer, more = sorted((len(theirs), len(ours)))
        return SeenRevision(at, len(theirs), tuple(range(fewer + 1, more + 1)))
    words, looks, hidden = [], [], []
    for number in range(1, len(ours) + 1):
        if time.process_time() > end:
            return SeenRevision(at, was_seen=False)
        issued, shown = _shown(ours, number), _shown(theirs, number)
        allowed = [place.room for place in rooms if place.page == number]
        if issued.words != shown.words:
            words.append(number)
        if _outside(_differing(issued.picture, shown.picture), allowed):
            looks.append(number)
        if _outside(_lighter(shown.picture, _drawn(theirs, number, with_forms=True)), []):
            hidden.append(number)
    return SeenRevision(at, len(theirs), tuple(words), tuple(looks), tuple(hidden))


def _outside(differing: NDArray[np.bool_], allowed: list[Box]) -> bool:
    """Whether anything but dust differs outside of the rooms where people sign."""
    for room in allowed:
        left, top, right, bottom = (
            max(0, round(side / _MM)) for side in (room.left, room.top, room.right, room.bottom)
        )
        differing[top:bottom, left:right] = False
    return int(differing.sum()) >= _LEAST_POINTS


def _differing(one: Picture, other: Picture) -> NDArray[np.bool_]:
    if one.shape != other.shape:
        return np.ones((_LEAST_POINTS, _LEAST_POINTS), dtype=np.bool_)
    found: NDArray[np.bool_] = np.abs(one - other) > _DIFFERS
    return found


def _lighter(bare: Picture, boxed: Picture) -> NDArray[np.bool_]:
    """Where print of a page is hidden under the boxes of its form."""
    found: NDArray[np.bool_] = boxed - bare > _DIFFERS
    return found


def _shown(document: PdfDocument, number: int) -> _Shown:
    return _Shown(tuple(_words(document, number)), _drawn(document, number))


def _words(document: PdfDocument, number: int) -> Iterator[str]:
    page = document[number - 1]
    try:
        text = page.get_textpage()
        yield from str(text.get_text_range()).split()
        text.close()
    finally:
        page.close()


def _drawn(document: PdfDocument, number: int, *, with_forms: bool = False) -> Picture:
    page = document[number - 1]
    try:
        width, height = page.get_size()
        scale = min(_DPI / 72, (_MAX_PIXELS / (width * height)) ** 0.5)
        picture: Picture = (
            page.render(scale=scale, grayscale=True, may_draw_forms=with_forms).to_numpy().astype(np.int16)
        )
        return picture[..., 0] if picture.ndim == 3 else picture
    finally:
        page.close()
