"""The two books of a register as values: volumes with cover, official columns, and a line for every number.

Sources: NĐ30 Phụ lục IV (sổ đăng ký văn bản đi, sổ đăng ký văn bản đến: at least these ten columns; the cover names
superior body, body, year, days, numbers and volume). The Party's own books (693-QĐ/VPTW) are not known to us: a Party
volume has the same columns, one volume for each type and term, and the term on its cover.
"""

import datetime as dt
import enum
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pipeline.ledger.rows import Entry
from pipeline.messages import say, shown_in
from pipeline.model import Direction
from pipeline.register.rows import Row
from pipeline.register.series import ALL_TYPES, Run


class Source(enum.StrEnum):
    """Where a column of the register has what it says from; none is guessed."""

    REGISTER = "register"  #: the program gave it, or did it: the number, a void number
    DOCUMENT = "document"  #: the document as it was made, or its paper as it came
    COUNTED = "counted"  #: from the recipients, by the members of the year
    PERSON = "person"  #: entered with `vanthu register note`
    OLD_BOOK = "old-book"  #: the workbook it was imported from
    NOBODY = "nobody"  #: nobody has said it yet: the column is open


@dataclass(frozen=True)
class Column:
    """One column of a book: its head, its width on an A4 sheet lying across (all together 267 mm)."""

    name: str
    head: str
    width_mm: float
    source: Source = Source.DOCUMENT
    is_centred: bool = False


_WHO, _HOW = Source.PERSON, Source.REGISTER
#: "Sổ đăng ký văn bản đi" (NĐ30 Phụ lục IV, mẫu 1).
OUTGOING: Final = (
    Column("number", "Số, ký hiệu văn bản", 25, _HOW),
    Column("document_on", "Ngày tháng văn bản", 19, is_centred=True),
    Column("title", "Tên loại và trích yếu nội dung văn bản", 61),
    Column("signer", "Người ký", 25),
    Column("recipients", "Nơi nhận văn bản", 40),
    Column("kept_by", "Đơn vị, người nhận bản lưu", 25),
    Column("copies", "Số lượng bản", 12, Source.COUNTED, is_centred=True),
    Column("sent_on", "Ngày chuyển", 19, _WHO, is_centred=True),
    Column("receipt", "Ký nhận", 17, _WHO),
    Column("remark", "Ghi chú", 24, _HOW),
)
#: "Sổ đăng ký văn bản đến" (NĐ30 Phụ lục IV, mẫu 2); after its ten columns the day by which a paper is dealt with.
INCOMING: Final = (
    Column("arrived_on", "Ngày đến", 19, is_centred=True),
    Column("no", "Số đến", 11, _HOW, is_centred=True),
    Column("author", "Tác giả", 32),
    Column("sender_number", "Số, ký hiệu", 24),
    Column("document_on", "Ngày tháng văn bản", 19, is_centred=True),
    Column("title", "Tên loại và trích yếu nội dung văn bản", 54),
    Column("handled_by", "Đơn vị hoặc người nhận", 28, _WHO),
    Column("sent_on", "Ngày chuyển", 19, _WHO, is_centred=True),
    Column("receipt", "Ký nhận", 17, _WHO),
    Column("remark", "Ghi chú", 24, _HOW),
    Column("due", "Thời hạn", 20, _WHO, is_centred=True),
)
COLUMNS: Final[Mapping[Direction, tuple[Column, ...]]] = {Direction.OUTGOING: OUTGOING, Direction.INCOMING: INCOMING}
TITLES: Final = {Direction.OUTGOING: "SỔ ĐĂNG KÝ VĂN BẢN ĐI", Direction.INCOMING: "SỔ ĐĂNG KÝ VĂN BẢN ĐẾN"}


@dataclass(frozen=True)
class Fact:
    """What stands in one column of one line, and where it is from; `by` is the person who entered it."""

    text: str
    source: Source
    by: str = ""


@dataclass(frozen=True)
class Line:
    """One number of a volume: the day on which it was entered, and a fact for each column."""

    no: int
    number: str
    day: dt.date
    facts: tuple[Fact, ...]
    is_void: bool = False


@dataclass(frozen=True)
class PassedBy:
    """Numbers that this book does not hold, and why: they stand in a book on paper, say."""

    first: int
    last: int
    why: str


@dataclass(frozen=True)
class Cover:
    """The cover of a volume, as the official form has it.

    `of` says of which documents it is ("Kế hoạch"; "" for all), `term` the term of the Party committee ("" where none
    is), `years` the calendar years it holds; days and numbers are those of its first and last line.
    """

    parent_lines: tuple[str, ...]
    issuer: str
    title: str
    of: str
    term: str
    years: str
    days: tuple[dt.date, dt.date]
    numbers: tuple[int, int]
    volume: int

    @property
    def lines(self) -> tuple[str, ...]:
        """Everything under the title, line by line."""
        first, last = self.days
        return tuple(
            line
            for line in (
                f"Loại văn bản: {self.of}" if self.of else "",
                self.term,
                f"Năm: {self.years}",
                f"Từ ngày {first:%d/%m/%Y} đến ngày {last:%d/%m/%Y}",
                f"Từ số {self.numbers[0]:02d} đến số {self.numbers[1]:02d}",
                f"Quyển số: {self.volume:02d}",
            )
            if line
        )


@dataclass(frozen=True)
class Volume:
    """One volume of a book: a series, its cover, and its lines in the order of the numbers."""

    series: str
    direction: Direction
    cover: Cover
    lines: tuple[Line, ...]
    passed_by: tuple[PassedBy, ...] = ()

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns of the book it is of."""
        return COLUMNS[self.direction]


@dataclass(frozen=True)
class Office:
    """What covers say of the office: superior body, name, names of terms by their ids and of types by their marks."""

    parent_lines: tuple[str, ...]
    issuer: str
    terms: Mapping[str, str]
    types: Mapping[str, str]


def volumes(
    rows: Iterable[Row], begun: Sequence[Entry], office: Office, language: str, *, of: Sequence[Run] = ()
) -> list[Volume]:
    """Lay the register out as volumes, one for each series, those of incoming papers after the others.

    `begun` are the acts that began a run; `of` all series in the order in which they were begun, also those of which
    nothing is wanted here: a volume keeps its count.
    """
    by_series: dict[str, list[Row]] = {}
    for row in rows:
        by_series.setdefault(row.series, []).append(row)
    known = list(of) or [Run(series, numbers[0].direction) for series, numbers in by_series.items()]
    # within a year or a term of a book: quyển 01, 02 …
    counts: dict[tuple[Direction, str], int] = {}
    made = []
    for run in known:
        counts[run.direction, run.period] = count = counts.get((run.direction, run.period), 0) + 1
        if numbers := by_series.get(run.key):
            lines = tuple(line_of(row, language) for row in numbers)
            cover = _cover(run, lines, office, count)
            passed = _passed_by(numbers, [entry for entry in begun if entry.series == run.key])
            made.append(Volume(run.key, run.direction, cover, lines, passed))
    return sorted(made, key=lambda volume: volume.direction is Direction.INCOMING)


def _cover(run: Run, lines: Sequence[Line], office: Office, volume: int) -> Cover:
    years = sorted({line.day.year for line in lines})
    days = [line.day for line in lines]
    own = run.code.partition("-")[0]
    return Cover(
        parent_lines=office.parent_lines,
        issuer=office.issuer,
        title=TITLES[run.direction],
        of="" if own in ALL_TYPES.values() else office.types.get(run.code, office.types.get(own, run.code)),
        term=office.terms.get(run.period, ""),
        years=f"{years[0]}" if len(years) == 1 else f"{years[0]} - {years[-1]}",
        days=(min(days), max(days)),
        numbers=(lines[0].no, lines[-1].no),
        volume=volume,
    )


def _passed_by(rows: Sequence[Row], begun: Sequence[Entry]) -> tuple[PassedBy, ...]:
    given = [row.no for row in rows]
    found = []
    for entry in begun:
        before = max((no for no in given if no < entry.no), default=0)
        if before + 1 < entry.no:
            found.append(PassedBy(before + 1, entry.no - 1, entry.why))
    return tuple(found)


def line_of(row: Row, language: str) -> Line:
    """Give the line of one number, each column with its source."""
    said = row.columns
    # entries of before it was a column were entered when the paper came
    entered = (row.is_imported and said.document_on) or row.booked.at.astimezone().date()
    arrived = said.arrived_on or entered
    is_incoming = row.direction is Direction.INCOMING
    texts = {
        "number": row.number,
        "no": f"{row.no}{row.suffix}",
        "arrived_on": _day(arrived),
        "document_on": _day(said.document_on),
        "title": said.title,
        "signer": said.signer,
        "author": said.author,
        "sender_number": said.sender_number,
        "recipients": said.recipients,
        "handled_by": said.handled_by,
        "kept_by": said.kept_by,
        "copies": str(said.copies or ""),
        "sent_on": _day(said.sent_on),
        "receipt": said.receipt,
        "due": _day(said.due),
        "remark": _remark(row, language),
    }
    by = row.entered_by
    facts = tuple(
        _fact(column, texts[column.name], by.get(column.name, ""), is_old=row.is_imported)
        for column in COLUMNS[row.direction]
    )
    day = arrived if is_incoming else entered
    return Line(row.no, row.number, day, facts, is_void=row.void is not None)


def _fact(column: Column, text: str, by: str, *, is_old: bool) -> Fact:
    if not text:
        return Fact("", Source.NOBODY)
    return Fact(text, Source.PERSON if by else Source.OLD_BOOK if is_old else column.source, by)


def _remark(row: Row, language: str) -> str:
    said = row.columns.remark
    # a number given up keeps its row, with the reason there: the run has no gap (A03)
    void = shown_in(say("Void: {why}", why=row.void.why), language) if row.void else ""
    old = shown_in(say("From an old book: {place}", place=row.imported_from), language) if row.is_imported else ""
    return "\n".join(part for part in (void, said, old, *(shown_in(one, language) for one in row.remarks)) if part)


def _day(on: dt.date | None) -> str:
    """Write a day as the register does; "" for none."""
    return f"{on:%d/%m/%Y}" if on else ""
