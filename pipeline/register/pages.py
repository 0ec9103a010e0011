"""How a volume lies on its pages: lines day by day, and on every page what is carried over from the one before.

The same pages in Word, in Excel and as PDF: texts are measured with the widths of Times New Roman, and whoever writes
them breaks the pages where they break here. Lengths in millimetres, sizes in points.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from pipeline.layout.typesetting import Face, wrapped
from pipeline.register.books import Fact, Line, PassedBy, Volume

WIDTH_MM: Final = 297.0  # A4 lying across
HEIGHT_MM: Final = 210.0
LEFT_MM: Final = 20.0  # room for binding
RIGHT_MM: Final = 10.0
TOP_MM: Final = 12.0
#: At the foot: number of the page, and the place of a mark with its picture.
FOOT_MM: Final = 20.0
BOTTOM_MM: Final = 6.0
#: At the right of the foot: the series and the number of the page.
PAGE_NUMBER_MM: Final = 55.0
MARK_SIZE: Final = 7.0
MARK_LINE_MM: Final = 3.0
SIZE: Final = 10.0
HEAD_SIZE: Final = 9.0
LINE_MM: Final = 4.3
PAD_MM: Final = 1.0
#: Word and Excel set a little wider than the table of widths: no page is filled to its edge.
SLACK_MM: Final = 6.0

_WEEKDAYS: Final = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ Nhật")


@dataclass(frozen=True)
class Mark:
    """What stands at the foot of every page to prove the book: the head of its log, and its PNG picture."""

    text: str = ""
    picture: bytes = b""


def mark_lines(mark: Mark, beside_mm: float) -> list[str]:
    """Give the lines of a mark beside its picture, as wide as it is; the number of the page has its room."""
    room = WIDTH_MM - LEFT_MM - RIGHT_MM - PAGE_NUMBER_MM - beside_mm - 3
    return wrapped(f"Mốc sổ: {mark.text}", room, MARK_SIZE) if mark.text else []


@dataclass(frozen=True)
class Band:
    """A row over the whole width: a day, numbers that stand elsewhere, what is carried over, the sum."""

    text: str
    is_bold: bool = False

    @property
    def height_mm(self) -> float:
        """The height of its row."""
        return LINE_MM + 2 * PAD_MM


@dataclass(frozen=True)
class Printed:
    """One number as it is printed: for every column the lines of its text.

    One that is taller than a page goes on, on the next ones: then `is_part`, and all but the first `goes_on`.
    """

    cells: tuple[tuple[str, ...], ...]
    line: Line
    is_part: bool = False
    goes_on: bool = False

    @property
    def height_mm(self) -> float:
        """The height of its row."""
        return self.most_lines * LINE_MM + 2 * PAD_MM

    @property
    def most_lines(self) -> int:
        """How many lines its longest column has."""
        return max(1, *(len(cell) for cell in self.cells))

    @property
    def texts(self) -> tuple[str, ...]:
        """The texts of its columns, for programs that break lines themselves."""
        if self.is_part:
            return tuple("\n".join(cell) for cell in self.cells)
        return tuple(fact.text for fact in self.line.facts)

    def in_parts(self, most_lines: int) -> Iterator["Printed"]:
        """Give it in rows of so many lines at most."""
        if self.most_lines <= most_lines:
            yield self
            return
        for first in range(0, self.most_lines, most_lines):
            cells = tuple(cell[first : first + most_lines] for cell in self.cells)
            yield Printed(cells, self.line, is_part=True, goes_on=first > 0)


@dataclass(frozen=True)
class Page:
    """One page of a volume, from 1; its rows from top to bottom."""

    number: int
    rows: tuple[Band | Printed, ...]


@dataclass(frozen=True)
class Paged:
    """A volume on its pages; `heads` are the heads of its columns in lines."""

    volume: Volume
    heads: tuple[tuple[str, ...], ...]
    pages: tuple[Page, ...]

    @property
    def head_mm(self) -> float:
        """The height of the row of heads."""
        return head_mm(self.heads)


#: Below the heads the official form counts the columns: (1), (2) …
COUNT_MM: Final = LINE_MM + 1


def head_mm(heads: Sequence[Sequence[str]]) -> float:
    """The height of the row of heads, in millimetres."""
    return max(len(head) for head in heads) * LINE_MM + 2 * PAD_MM


def paged(volume: Volume) -> Paged:
    """Lay a volume out on pages."""
    heads = tuple(_cell(column.head, column.width_mm, HEAD_SIZE, "bold") for column in volume.columns)
    room = HEIGHT_MM - TOP_MM - FOOT_MM - BOTTOM_MM - head_mm(heads) - COUNT_MM - SLACK_MM
    filling = _Filling(room)
    for rows in _together(volume):
        filling.put(rows)
    filling.finish()
    return Paged(volume, heads, tuple(filling.pages))


def _cell(text: str, width_mm: float, size: float = SIZE, face: Face = "regular") -> tuple[str, ...]:
    return tuple(wrapped(text, width_mm - 2 * PAD_MM, size, face))


def _together(volume: Volume) -> Iterator[list[Band | Printed]]:
    """Give rows that stay on one page: a number with the day or the gap above it."""
    passed = {one.last + 1: one for one in volume.passed_by}
    day: dt.date | None = None
    for line in volume.lines:
        rows: list[Band | Printed] = []
        if line.no in passed:
            rows.append(_passed(passed[line.no]))
        # never back: a day that comes again after another is told again
        if line.day != day:
            day = line.day
            rows.append(Band(f"{_WEEKDAYS[day.weekday()]}, ngày {day:%d/%m/%Y}", is_bold=True))
        yield [*rows, Printed(tuple(_texts(line.facts, volume)), line)]


def _texts(facts: Iterable[Fact], volume: Volume) -> Iterator[tuple[str, ...]]:
    for fact, column in zip(facts, volume.columns, strict=True):
        yield _cell(fact.text, column.width_mm)


def _passed(numbers: PassedBy) -> Band:
    to = f" đến {numbers.last:02d}" if numbers.last > numbers.first else ""
    return Band(f"Số {numbers.first:02d}{to} không ghi ở sổ này: {numbers.why}")


@dataclass
class _Filling:
    """Fills page after page."""

    room_mm: float
    pages: list[Page] = field(default_factory=list)
    _rows: list[Band | Printed] = field(default_factory=list)
    _numbers: int = 0
    _void: int = 0

    def put(self, rows: Sequence[Band | Printed]) -> None:
        """Put rows that stay together; what no page holds goes on, on the next ones."""
        band = Band("").height_mm
        # besides a day, numbers passed by, and what is carried from and to other pages
        most_lines = int((self.room_mm - 4 * band - 2 * PAD_MM) / LINE_MM)
        *above, number = rows
        first, *rest = number.in_parts(most_lines) if isinstance(number, Printed) else (number,)
        self._put([*above, first])
        for part in rest:
            self._put([part])

    def _put(self, rows: Sequence[Band | Printed]) -> None:
        used = sum(row.height_mm for row in self._rows)
        is_begun = any(isinstance(row, Printed) for row in self._rows)
        # room is kept for what is carried to the next page
        if is_begun and used + sum(row.height_mm for row in rows) + Band("").height_mm > self.room_mm:
            self._turn()
        self._rows += rows
        for row in rows:
            if isinstance(row, Printed) and not row.goes_on:
                self._numbers += 1
                self._void += row.line.is_void

    def finish(self) -> None:
        self._rows.append(Band(f"Cộng: {self._sum()}", is_bold=True))
        self.pages.append(Page(len(self.pages) + 1, tuple(self._rows)))

    def _turn(self) -> None:
        self._rows.append(Band(f"Cộng chuyển trang sau: {self._sum()}"))
        self.pages.append(Page(len(self.pages) + 1, tuple(self._rows)))
        self._rows = [Band(f"Trang trước chuyển sang: {self._sum()}")]

    def _sum(self) -> str:
        void = f", trong đó {self._void} số hủy" if self._void else ""
        return f"{self._numbers} số{void}"
