"""Where a document is to be signed: above the names printed under it (HD05 II.5.1, NĐ30 Phụ lục I mục II.7)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from pypdfium2 import PdfDocument, PdfPage, PdfTextPage

from pipeline.papers.seen import Box

#: People sign over the whole room above their name, and often across title and name.
_ROOM_MM: Final = 38.0
_HALF_WIDTH_MM: Final = 36.0
_OVER_NAME_MM: Final = 4.0
_OVER_TITLE_MM: Final = 3.0
_LEAST_MM: Final = 8.0
_MM: Final = 25.4 / 72


@dataclass(frozen=True)
class SignaturePlace:
    """Where one person signs: the page (from 1), and the room on it."""

    name: str
    page: int
    room: Box


def places_of(issued: PdfDocument, names: Sequence[str]) -> Iterator[SignaturePlace | str]:
    """For each of `names`, the place where it stands last; the name itself where it stands nowhere."""
    found: dict[str, tuple[int, Box]] = {}
    lines: dict[int, list[Box]] = {}
    for number in range(1, len(issued) + 1):
        page = issued[number - 1]
        text = page.get_textpage()
        lines[number] = list(_rectangles(page, text, 0, -1))
        for name in names:
            for box in _named(page, text, name):
                found[name] = (number, box)
        text.close()
        page.close()
    for name in names:
        if name not in found:
            yield name
            continue
        number, box = found[name]
        beside = [other for at, other in found.values() if at == number and _is_beside(other, box)]
        yield SignaturePlace(name, number, _room(box, lines[number], beside))


def _named(page: PdfPage, text: PdfTextPage, name: str) -> Iterator[Box]:
    """Where a name stands on a page, from the top downwards."""
    found = []
    search = text.search(name, match_case=True)
    while (at := search.get_next()) is not None:
        parts = list(_rectangles(page, text, *at))
        # a name on two lines is none that stands under a signature
        if len(parts) == 1:
            found.append(parts[0])
    search.close()
    yield from sorted(found, key=lambda box: box.top)


def _rectangles(page: PdfPage, text: PdfTextPage, index: int, count: int) -> Iterator[Box]:
    height = page.get_height()
    for at in range(text.count_rects(index, count)):
        left, bottom, right, top = text.get_rect(at)
        yield Box(left * _MM, (height - top) * _MM, right * _MM, (height - bottom) * _MM)


def _is_beside(other: Box, name: Box) -> bool:
    return other != name and abs(other.top - name.top) < _ROOM_MM / 2


def _room(name: Box, lines: Sequence[Box], beside: Sequence[Box]) -> Box:
    """The room above a name: up to the line above it, and half way to the names beside it."""
    left, right = name.middle - _HALF_WIDTH_MM, name.middle + _HALF_WIDTH_MM
    for other in beside:
        between = (other.middle + name.middle) / 2
        left, right = (max(left, between), right) if other.middle < name.middle else (left, min(right, between))
    above = [line.bottom for line in lines if line.bottom <= name.top - 1 and line.left < right and line.right > left]
    top = max([name.top - _ROOM_MM, *above])
    top = min(top, name.top - _LEAST_MM) - _OVER_TITLE_MM
    return Box(max(0.0, left), max(0.0, top), right, name.bottom + _OVER_NAME_MM)
