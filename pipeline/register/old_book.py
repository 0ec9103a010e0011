"""An old register as lines: what each row of somebody's workbook would become in the register, and what is wrong.

Everything is told by line before anything is recorded; nothing is guessed: a row that cannot be read is refused.
"""

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Protocol

from pipeline.ledger import Columns
from pipeline.messages import say
from pipeline.model import Direction, Finding, Message, Place, Severity, Table, TableRow
from pipeline.register import headings
from pipeline.register.old_numbers import OldNumber, numbers_in
from pipeline.vietnamese import compare_key
from pipeline.vietnamese.dates import read_date
from pipeline.vietnamese.typed import Note

_DAYS: Final[tuple[str, ...]] = ("document_on", "arrived_on", "sent_on", "due")
_TEXTS: Final[tuple[str, ...]] = (
    "title",
    "signer",
    "recipients",
    "kept_by",
    "receipt",
    "author",
    "sender_number",
    "handled_by",
)
#: More than any trích yếu: a letter that was pasted into a cell.
_LONGEST: Final = 2000
#: How rows of one text begin that are none of documents, though figures stand in them.
_BAND: Final = re.compile(r"thứ |chủ nhật|ngày |tháng |năm |quý |tuần |cộng|tổng|trang |từ ")
_PASSED_SHOWN: Final = 100
#: So many letters of a text that is crossed out are read.
_STRUCK_SHOWN: Final = 60
_YEAR: Final = re.compile(r"năm:? ?([12][0-9]{3})(?![0-9–-])")
#: A remark that begins so says that the number was given up; a title must say nothing else.
_VOID_REMARK: Final = re.compile(r"(?:(?:số|văn bản) (?:này )?)?(?:đã |bị |được )?(?:hủy|thu hồi số)\b.*", re.DOTALL)
_VOID_TITLE: Final = re.compile(r"(?:(?:số|văn bản) (?:này )?)?(?:đã |bị )?hủy(?: bỏ| số)?\.?")


class Runs(Protocol):
    """Names the series that numbers of an old book are of, or says why it cannot."""

    def of(self, symbol: str, type_name: str, on: dt.date | None) -> str | Message:
        """Name that of an outgoing number by its symbol, the name of its type and its day."""

    def named(self, said: str) -> str | Message:
        """Give the one that a person, or a column of the book, names."""


@dataclass(frozen=True)
class Asked:
    """What the person says of a workbook: which book it is (None: as its headings say), series, year of its days."""

    direction: Direction | None = None
    series: str = ""
    year: int | None = None


@dataclass(frozen=True)
class BookLine:
    """One row: where it stands, the numbers it has, what the register would say of them, and what is wrong."""

    place: Place
    said: str  #: its number as it stands there
    numbers: tuple[OldNumber, ...] = ()
    series: str = ""
    direction: Direction = Direction.OUTGOING
    columns: Columns = field(default_factory=Columns)
    void_why: str = ""  #: what the book says of a number that was given up
    findings: tuple[Finding, ...] = ()

    @property
    def is_refused(self) -> bool:
        """Whether it keeps the book from being imported."""
        return any(one.severity is Severity.BLOCK for one in self.findings)

    def refused(self, code: str, message: Message) -> "BookLine":
        """Give the line with one more reason why it is not taken."""
        finding = Finding(code, Severity.BLOCK, message, self.place, found=self.said)
        return replace(self, findings=(*self.findings, finding))


@dataclass(frozen=True)
class PassedOver:
    """A row that is none of documents, and what stands there: told, so that nothing is left out unseen."""

    place: Place
    text: str


@dataclass(frozen=True)
class OldBook:
    """A workbook as it was understood: its lines, the rows that are none, what is told of it as a whole."""

    lines: tuple[BookLine, ...] = ()
    passed_over: tuple[PassedOver, ...] = ()  #: rows of titles, headings, sums and days
    findings: tuple[Finding, ...] = ()


def understood(tables: Sequence[Table], asked: Asked, runs: Runs) -> OldBook:
    """Understand the tables of a file as a register."""
    books = [_Sheet(table, asked, runs).read() for table in tables]
    lines = tuple(line for book in books for line in book.lines)
    findings = [finding for book in books for finding in book.findings]
    if not any(book.lines for book in books) and not any(one.severity is Severity.BLOCK for one in findings):
        findings.append(_no_rows())
    return OldBook(_once(lines), tuple(one for book in books for one in book.passed_over), tuple(findings))


def _once(lines: Sequence[BookLine]) -> tuple[BookLine, ...]:
    """Refuse a number that stood in an earlier line."""
    seen: dict[tuple[str, int, str], BookLine] = {}
    told = []
    for line in lines:
        made = line
        for one in line.numbers:
            first = seen.setdefault((line.series, one.no, one.suffix), line)
            if line.series and first is not line:
                said = say("Number {number} stands in {place} already.", number=one.text, place=where(first.place))
                made = line.refused("import.twice", said)
                break
        told.append(made)
    return tuple(told)


def where(place: Place) -> str:
    """Name a row as the report does: the sheet and its row, or the row alone."""
    row = str(place.row or place.line)
    return f"{place.sheet}!{row}" if place.sheet else f"{place.table}:{row}" if place.table > 1 else row


def _no_rows() -> Finding:
    return Finding(
        "import.no-rows",
        Severity.BLOCK,
        say(
            "The file holds no row of a register: no headings such as “Số, ký hiệu” or “Số đến” were found, or no "
            "row below them."
        ),
        mend=say("Write the headings of the official book above the columns (NĐ30 Phụ lục IV); their order is free."),
    )


class _Sheet:
    """Reads one table from top to bottom; the headings in force change where headings stand again."""

    def __init__(self, table: Table, asked: Asked, runs: Runs) -> None:
        self.table = table
        self.direction = asked.direction or headings.direction_of(table.rows)
        self.series = asked.series
        self.year = asked.year or _year_of(table)
        self.runs = runs
        self.columns: dict[int, str] = {}
        self.findings: list[Finding] = []
        self.passed_over: list[PassedOver] = []

    def read(self) -> OldBook:
        lines: list[BookLine] = []
        was_heading = False
        for row in self.table.rows:
            found = headings.columns_of(row, self.direction)
            if found:
                # a heading in two rows: "Văn bản" above, "Số" and "Ngày" below
                self.columns = headings.joined(self.columns, found) if was_heading else found
                if was_heading or not lines:
                    self._tell_unknown(row)
            is_row = not found and "number" in self.columns.values() and self._is_row(row)
            was_heading = bool(found)
            if is_row:
                lines.append(self._line(row))
            elif row.own:
                self.passed_over.append(PassedOver(self._place(row), " · ".join(row.own)[:_PASSED_SHOWN]))
        if "number" not in self.columns.values() and any(len(row.own) > 1 for row in self.table.rows):
            message = say("There are rows here, but no headings with the number: nothing of it was read.")
            place = Place(sheet=self.table.name, table=0 if self.table.name else self.table.at)
            self.findings.append(Finding("import.no-headings", Severity.WARN, message, place))
        if lines and self.direction is Direction.OUTGOING and "title" not in self.columns.values():
            message = say("No heading names the title (trích yếu); it stays empty.")
            place = Place(sheet=self.table.name)
            self.findings.append(Finding("import.no-title", Severity.WARN, message, place))
        return OldBook(tuple(lines), tuple(self.passed_over), tuple(dict.fromkeys(self.findings)))

    def _is_row(self, row: TableRow) -> bool:
        """Whether a row is one of documents: no title, no day of the week, no sum, no count of columns."""
        if not any(cell.text or cell.trouble for cell in row.cells) or headings.is_count(row):
            return False
        if len(row.own) > 1:
            return True
        # one text over the whole row; a number alone is a row that lacks the rest
        said = self._texts(row).get("number", "")
        is_band = _BAND.match(compare_key(said)) or any(cell.is_covered for cell in row.cells)
        has_figures = any(char.isdigit() for char in said) and not is_band
        return has_figures or any(cell.trouble or cell.is_struck for cell in row.cells)

    def _texts(self, row: TableRow) -> dict[str, str]:
        texts: dict[str, str] = {}
        for at, name in self.columns.items():
            if at < len(row.cells) and row.cells[at].text:
                # "Tên loại" and "Trích yếu" may be headings twice, of two parts of one book
                texts.setdefault(name, row.cells[at].text)
        return texts

    def _line(self, row: TableRow) -> BookLine:
        place = self._place(row)
        texts = self._texts(row)
        said = texts.get("number", "")
        read = numbers_in(said, texts.get("symbol", ""))
        line = BookLine(place, said, read.numbers, direction=self.direction)
        problems = [*self._troubles(row, place), *self._number_troubles(row, texts, place, read.trouble)]
        days = {name: self._day(texts[name], place, problems) for name in _DAYS if name in texts}
        columns = self._columns(texts, days, place, problems)
        on = (
            (columns.arrived_on or columns.document_on)
            if self.direction is Direction.INCOMING
            else columns.document_on
        )
        # of a number that nobody can read there is nothing more to say
        series = self._series(texts, read.symbol, on) if read.numbers else ""
        if isinstance(series, Message):
            problems.append(Finding("import.series", Severity.BLOCK, series, place, found=said))
            series = ""
        void_why = self._void(texts, is_void=read.is_void)
        problems += self._struck(row, place, is_void=bool(void_why))
        return replace(line, series=series, columns=columns, void_why=void_why, findings=tuple(problems))

    def _troubles(self, row: TableRow, place: Place) -> Iterator[Finding]:
        """What the reader says of cells that are used, and cells that hold a whole letter."""
        for at, name in self.columns.items():
            cell = row.cells[at] if at < len(row.cells) else None
            if cell is not None and cell.trouble is not None:
                yield Finding("import.unseen", Severity.BLOCK, cell.trouble, place, found=cell.text[:80])
            if cell is not None and len(cell.text) > _LONGEST:
                message = say(
                    "A text of more than {most} letters stands here ({column}).", most=_LONGEST, column=name
                )
                yield Finding("import.too-long", Severity.BLOCK, message, place, found=cell.text[:80])

    def _struck(self, row: TableRow, place: Place, *, is_void: bool) -> Iterator[Finding]:
        """A line through what is used: of a number that was given up it is as it should be."""
        for at, name in self.columns.items():
            cell = row.cells[at] if at < len(row.cells) else None
            if cell is None or not cell.is_struck:
                continue
            if not is_void:
                message = say(
                    "“{text}” is crossed out. If the number was given up, write “đã hủy” in the remark; else take "
                    "the line away.",
                    text=cell.text,
                )
                yield Finding("import.struck", Severity.BLOCK, message, place, found=cell.text)
                return
            if name == "title" and len(cell.text) >= _STRUCK_SHOWN:
                message = say("Of the crossed-out title only the beginning is kept: “{text}”.", text=cell.text)
                yield Finding("import.struck-title", Severity.WARN, message, place, found=cell.text)

    def _number_troubles(
        self, row: TableRow, texts: Mapping[str, str], place: Place, trouble: Message | None
    ) -> Iterator[Finding]:
        at = next((at for at, name in self.columns.items() if name == "number"), None)
        cell = row.cells[at] if at is not None and at < len(row.cells) else None
        if cell is not None and cell.is_day:
            message = say(
                "The office program has made a day of this number ({day}). Format the column as text and type the "
                "number again.",
                day=cell.text,
            )
            yield Finding("import.number", Severity.BLOCK, message, place, found=cell.text)
        elif "number" not in texts:
            yield Finding(
                "import.number", Severity.BLOCK, say("This row has no number."), place, found=" · ".join(row.own)[:80]
            )
        elif trouble is not None:
            yield Finding("import.number", Severity.BLOCK, trouble, place, found=texts["number"])

    def _day(self, text: str, place: Place, problems: list[Finding]) -> dt.date | None:
        read = read_date(text, year=self.year)
        if read.value is None:
            message = say("“{said}” is no day.", said=text[:40])
            problems.append(Finding("import.day", Severity.BLOCK, message, place, found=text[:40]))
        elif set(read.notes) & {Note.MONTH_FIRST, Note.TWO_DIGIT_YEAR}:
            message = say("“{said}” was read as {day}.", said=text, day=f"{read.value:%d/%m/%Y}")
            problems.append(Finding("import.day-read", Severity.WARN, message, place, found=text))
        return read.value

    def _columns(
        self, texts: Mapping[str, str], days: Mapping[str, dt.date | None], place: Place, problems: list[Finding]
    ) -> Columns:
        said = {name: texts.get(name, "").replace("\n", " ") for name in _TEXTS}
        # the type before the subject, as in the official column "Tên loại và trích yếu"
        said["title"] = " ".join(part for part in (texts.get("type", "").replace("\n", " "), said["title"]) if part)
        remarks = [texts["remark"]] if "remark" in texts else []
        copies = texts.get("copies", "")
        if copies and not copies.isdecimal():
            remarks.append(f"Số lượng bản: {copies}")
            message = say("“{said}” is no count of copies; it is kept in the remark.", said=copies[:40])
            problems.append(Finding("import.copies", Severity.WARN, message, place, found=copies[:40]))
        if not said["title"]:
            problems.append(Finding("import.title", Severity.WARN, say("The row has no title (trích yếu)."), place))
        facts = said | {name: day.isoformat() if day else "" for name, day in days.items()}
        return Columns(
            copies=int(copies) if copies.isdecimal() and len(copies) < 7 else 0,
            remark="\n".join(remarks),
            direction=self.direction,
        ).with_facts(facts)

    def _series(self, texts: Mapping[str, str], symbol: str, on: dt.date | None) -> str | Message:
        if self.series or "series" in texts:
            return self.runs.named(self.series or texts["series"])
        if self.direction is Direction.INCOMING:
            if on is None:
                return say("Neither the day it came nor the day of the paper is known, so its year is not.")
            return f"ĐẾN/{on.year}"
        return self.runs.of(symbol, texts.get("type", ""), on)

    def _void(self, texts: Mapping[str, str], *, is_void: bool) -> str:
        """What the book says of a number that was given up; "" for one that was not."""
        for name in ("state", "remark"):
            if _VOID_REMARK.fullmatch(compare_key(texts.get(name, ""))):
                return texts[name].replace("\n", " ")
        if _VOID_TITLE.fullmatch(compare_key(texts.get("title", ""))):
            return texts["title"]
        return "đã hủy" if is_void else ""

    def _place(self, row: TableRow) -> Place:
        return Place(sheet=self.table.name, table=0 if self.table.name else self.table.at, row=row.number)

    def _tell_unknown(self, row: TableRow) -> None:
        for text in headings.unknown(row, self.columns):
            message = say("The column “{heading}” is none of a register; it is not imported.", heading=text[:60])
            self.findings.append(Finding("import.heading", Severity.WARN, message, self._place(row)))


def _year_of(table: Table) -> int | None:
    """The year that the titles above the rows name; two different years are none."""
    texts = [*table.texts_above, *(text for row in table.rows[:10] for text in row.own if len(text) < 200)]
    years = {int(match[1]) for text in texts for match in _YEAR.finditer(compare_key(text))}
    return next(iter(years)) if len(years) == 1 else None
