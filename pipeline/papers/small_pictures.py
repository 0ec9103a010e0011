"""Which of the documents that are out for signature may a paper be, when no code can be read on it?

Told from small pictures of the pages: each sheet is laid straight, shifted over each issued page by phase
correlation, and compared with it in windows, as `alignment` does. That is cheap, and proves nothing: over what may be
the paper it is laid closely, and its characters are proved, by whoever asks.

Straight is where lines of text and the paper between them differ most: Postl, "Detection of linear oblique structures
and skew scan in digitized documents" (1986).
"""

import contextlib
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self, TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from pypdfium2 import PdfDocument, PdfiumError, PdfPage

from pipeline.papers.alignment import Pixels, ink_of
from pipeline.papers.seen import Likely
from pipeline.papers.views import Size, View, drawn, views_of
from pipeline.pdf.pdfium import pdfium_document
from pipeline.tools.guarded import time_for

_Spectrum: TypeAlias = NDArray[np.complexfloating[Any, Any]]

#: From this likeness on a sheet may be the page. Simulated scans of a page were at 0.70 and above, other pages of the
#: example year at 0.20 and below; one form, filled in by two units, is alike.
_LIKE: Final = 0.35
#: After this share of what may be used the other documents are not looked at, and that is told.
_ENOUGH: Final = 0.8
#: A paper of more sheets is no document of ours; its first ones tell what it may be of.
_MOST_SHEETS: Final = 60

_DPI: Final = 25
#: At twice that, lines of text are told apart.
_FINER: Final = 2
_WINDOW: Final = 32
_IS_INK: Final = 0.25
_LEAST_INK: Final = 0.02
#: By how many degrees a sheet may lie crooked, and how finely that is looked for.
_CROOKED: Final = 8
_FINE_TURN: Final = 0.5
#: How large pages may be on the sheet, as what prints and copies makes them fit; another one only where none is like.
_SIZES: Final = (1.0, 0.97, 0.94, 1.03)


def find_likely(paper: str, issued: tuple[str, ...], blank: tuple[int, ...]) -> tuple[Likely, ...]:
    """Say of each issued PDF how like its pages are to the sheets of a paper, without the `blank` ones (from 1).

    Raises PdfiumError when the paper cannot be opened.
    """
    with pdfium_document(Path(paper).read_bytes()) as theirs:
        end = time_for(_ENOUGH)
        numbers = [at for at in range(1, len(theirs) + 1) if at not in blank]
        sheets = _Sheets(theirs, numbers[:_MOST_SHEETS])
        found = [Likely(0, was_seen=True)] * len(issued)
        for size in _SIZES:
            found = [_better(one, _likely(sheets, path, size, end)) for one, path in zip(found, issued, strict=True)]
            if any(one.is_whole for one in found):
                break
        return tuple(found)


def _better(before: Likely, now: Likely) -> Likely:
    """What is known of a document: nothing, once it could not be looked at."""
    if not before.was_seen or not now.was_seen:
        return Likely(now.pages)
    return max(before, now, key=lambda one: (one.alike, one.likeness))


def _likely(sheets: "_Sheets", issued: str, size: float, end: float) -> Likely:
    """How like an issued PDF is; `was_seen` is False where time is over, or where nobody can draw it."""
    found: list[tuple[float, float]] = []
    try:
        with pdfium_document(Path(issued).read_bytes()) as ours:
            for number in range(1, len(ours) + 1):
                best = sheets.most_like(_Page.of(ours, number), size, end)
                if best is None:
                    return Likely(len(ours))
                found.append(best)
                # of another size only the whole document is looked for
                if size != _SIZES[0] and best[0] < _LIKE:
                    break
            pages = len(ours)
    except PdfiumError:
        return Likely(0)
    middles, means = zip(*found, strict=True)
    alike = sum(middle >= _LIKE for middle in middles)
    return Likely(pages, alike, min(middles), float(np.mean(means)), was_seen=True)


@dataclass(frozen=True)
class _Page:
    """An issued page, its size in points, its ink, and what is asked of its windows."""

    size: Size
    shape: tuple[int, int]
    spectrum: _Spectrum
    windows: Pixels
    counts: NDArray[np.bool_]

    @classmethod
    def of(cls, issued: PdfDocument, number: int) -> Self:
        page: PdfPage = issued[number - 1]
        try:
            size = page.get_size()
            ink = ink_of(page.render(scale=_DPI / 72, grayscale=True).to_pil().convert("L"))
        finally:
            page.close()
        height, width = ink.shape
        counts = (_windows(ink) > _IS_INK).mean(axis=(1, 2)) >= _LEAST_INK
        ink = _blurred(ink)
        return cls(size, (height, width), np.conj(np.fft.rfft2(ink)), _lines_evened(_windows(ink)), counts)

    def likeness(self, over: Pixels) -> tuple[float, float]:
        """The middle and the mean of the correlations of the windows of two pages of one size."""
        theirs = _lines_evened(_windows(over))
        product = (self.windows * theirs).sum(axis=(1, 2))
        size = np.sqrt((self.windows**2).sum(axis=(1, 2)) * (theirs**2).sum(axis=(1, 2)))
        alike = (product / np.maximum(size, 1e-6))[self.counts]
        return (float(np.median(alike)), float(np.mean(alike))) if len(alike) else (0.0, 0.0)


class _Sheets:
    """The sheets of a paper, in each way in which they may hold pages; drawn and laid straight once."""

    def __init__(self, paper: PdfDocument, sheets: Sequence[int]) -> None:
        self.paper = paper
        self.sheets = sheets
        self.straight: dict[View, Image.Image] = {}
        self.lying: dict[tuple[View, tuple[int, int], float], list[tuple[Pixels, _Spectrum]]] = {}

    def most_like(self, page: _Page, size: float, end: float) -> tuple[float, float] | None:
        """How like a page the most like sheet is, were it `size` times as large. None when time is over."""
        best = (0.0, 0.0)
        for sheet in self.sheets:
            if time.process_time() > end:
                return None
            # a sheet that nobody can draw is like no page
            with contextlib.suppress(PdfiumError):
                for view in (one for views in views_of(self.paper, sheet, page.size) for one in views):
                    best = max(best, self._likeness(view, page, size))
        return best

    def _likeness(self, view: View, page: _Page, size: float) -> tuple[float, float]:
        best, found = 0.0, (0.0, 0.0)
        for ink, spectrum in self._lying(view, page.shape, size):
            crossed = spectrum * page.spectrum
            crossed /= np.sqrt(np.abs(crossed)) + 1e-9
            peaks = np.fft.irfft2(crossed, page.shape)
            top = int(peaks.argmax())
            # upright or with its head down: the surer one
            if (sure := float(peaks.flat[top]) / (float(peaks.std()) or 1.0)) > best:
                down, right = np.unravel_index(top, peaks.shape)
                best, found = sure, page.likeness(np.roll(ink, (-int(down), -int(right)), axis=(0, 1)))
        return found

    def _lying(self, view: View, shape: tuple[int, int], size: float) -> list[tuple[Pixels, _Spectrum]]:
        """The ink of a view laid straight, upright and with its head down, in the middle of a page."""
        if (view, shape, size) not in self.lying:
            if view not in self.straight:
                self.straight[view] = _straight(drawn(self.paper, view, _DPI * _FINER))
            ink = _blurred(ink_of(_in_the_middle(self.straight[view], shape, size)))
            self.lying[view, shape, size] = [(one, np.fft.rfft2(one)) for one in (ink, ink[::-1, ::-1])]
        return self.lying[view, shape, size]


def _straight(picture: Image.Image) -> Image.Image:
    """A sheet of text laid straight, at _DPI."""
    best = max(range(-_CROOKED, _CROOKED + 1), key=lambda turn: _lined(picture, turn))
    turn = max((best - _FINE_TURN, float(best), best + _FINE_TURN), key=lambda turn: _lined(picture, turn))
    return picture.rotate(turn, resample=Image.Resampling.BILINEAR, fillcolor=255).reduce(_FINER)


def _lined(picture: Image.Image, turn: float) -> float:
    """How much lines and the paper between them differ when a picture is turned by so many degrees."""
    profile = np.asarray(picture.rotate(turn, fillcolor=255), dtype=np.float32).mean(axis=1)
    return float((np.diff(profile) ** 2).sum())


def _in_the_middle(picture: Image.Image, shape: tuple[int, int], size: float) -> Image.Image:
    """A picture in the middle of one of a shape (rows, columns), of which it is `size` times as large."""
    left, top = (picture.width - shape[1] * size) / 2, (picture.height - shape[0] * size) / 2
    here = (size, 0, left, 0, size, top)
    return picture.transform(
        (shape[1], shape[0]), Image.Transform.AFFINE, here, Image.Resampling.BILINEAR, fillcolor=255
    )


def _blurred(ink: Pixels) -> Pixels:
    # half a point off must not make two words unlike
    for axis in (0, 1):
        ink = (np.roll(ink, 1, axis) + 2 * ink + np.roll(ink, -1, axis)) / 4
    return ink


def _windows(ink: Pixels) -> Pixels:
    """The windows of a page, one after the other; what is left over at the right and below is left out."""
    down, across = ink.shape[0] // _WINDOW, ink.shape[1] // _WINDOW
    cut = ink[: down * _WINDOW, : across * _WINDOW].reshape(down, _WINDOW, across, _WINDOW)
    return cut.transpose(0, 2, 1, 3).reshape(down * across, _WINDOW, _WINDOW)


def _lines_evened(windows: Pixels) -> Pixels:
    """Windows without the mean of each row: lines that stand equally far apart are no likeness."""
    evened: Pixels = windows - windows.mean(axis=2, keepdims=True)
    return evened
