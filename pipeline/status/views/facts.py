"""What the board shows, as frozen values; what people read is in both languages until it is laid out."""

import datetime as dt
import enum
from dataclasses import dataclass

from pipeline.model import Message


class Status(enum.StrEnum):
    """The status of one unit with one kind (noi-dung 6.3, in the words of the board)."""

    NOT_OWED = "not-owed"  #: the unit is no member at that time
    MISSING = "missing"  #: chưa nộp
    CHECKING = "checking"  #: đang kiểm tra
    RETURNED = "returned"  #: trả lại
    HELD = "held"  #: tạm giữ
    VALID = "valid"  #: hợp lệ
    AWAITED = "awaited"  #: chờ ký
    PARTLY_SIGNED = "partly-signed"  #: thiếu chữ ký
    SIGNED = "signed"  #: đã ký, chờ vào sổ
    ARCHIVED = "archived"  #: đã lưu


@dataclass(frozen=True)
class Column:
    """A kind that units hand in, and the day it is due (None: the year sets none)."""

    kind: str
    title: Message
    abbreviation: str
    due: dt.date | None


@dataclass(frozen=True)
class Cell:
    """One unit and one kind; `late_days` counts calendar days after the deadline, 0 when in time."""

    status: Status
    late_days: int = 0
    job_id: int = 0


@dataclass(frozen=True)
class Row:
    """One unit: its code, its name, and a cell for each column."""

    unit: str
    name: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Document:
    """One of the cluster's own documents; `remarks` say whose signatures lack, or what was decided later."""

    job_id: int
    title: str
    state: Message
    status: Status
    number: str
    remarks: tuple[Message, ...] = ()


@dataclass(frozen=True)
class Deadline:
    """A milestone of the year: days left (negative: days ago), how many papers are due by it, how many were received.

    `expected` is 0 when no paper is due by that day.
    """

    code: str
    task: str
    owner: str
    due: dt.date
    days_left: int
    sent: int = 0
    expected: int = 0


@dataclass(frozen=True)
class WaitingDocument:
    """A document that waits for others, and the units it waits for: their codes and their names."""

    job_id: int
    title: str
    codes: tuple[str, ...]
    units: tuple[str, ...]


@dataclass(frozen=True)
class OpenWarning:
    """The warnings of one rule nobody has accepted yet: how many, and the first of them."""

    job_id: int
    unit: str
    title: str
    rule: str
    message: Message
    count: int = 1


@dataclass(frozen=True)
class Stopped:
    """A file that waits for a person: held for the operator, or of no kind that is known."""

    job_id: int
    unit: str
    name: str
    state: Message
    reason: Message


@dataclass(frozen=True)
class Board:
    """The year as of a day; `changed_at` is when anything was last recorded.

    `register_check` is what a check of the books says: each thing that is wrong, else that all is in order; nothing
    before the first number. `workers` says who works and what waits, where many machines do.
    """

    year: int
    cluster: str
    as_of: dt.date
    changed_at: dt.datetime | None
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    documents: tuple[Document, ...]
    deadlines: tuple[Deadline, ...]
    waiting: tuple[WaitingDocument, ...]
    warnings: tuple[OpenWarning, ...]
    stopped: tuple[Stopped, ...]
    register_check: tuple[Message, ...] = ()
    workers: tuple[Message, ...] = ()
    is_example: bool = False
    asked: tuple[Message, ...] = ()
